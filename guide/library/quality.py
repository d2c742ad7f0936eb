"""What is known about the quality of the content: what is counted when it is read, and what was measured before.

`quality` counts on a library that has been checked and has not forgotten its proofs. `measured` reads the figures that
`make quality` wrote beside the code, with the hash of the content they were measured on. Not here: the page (`web`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources

from guide.flows.proof import Proof
from guide.library.library import Library
from guide.model import Level

FILE = "quality.json"


PROVEN = {
    "I1": "Hvert svar fører videre, og hver vej ender i et udfald.",
    "I2": "Det første spørgsmål er altid, om der er fare lige nu.",
    "I3": "Er der fare nu, kommer 112 med det samme.",
    "I4": "Efter vold, overgreb, alvorlig vanrøgt, stærk kontrol eller udrejse er svaret mindst »ring nu«.",
    "I5": "Efter den slags svar siger guiden aldrig »tal med forældrene først«.",
    "I6": "Kan en i hjemmet stå bag, eller ved ingen det, får forældrene ikke noget at vide. Kun en forælder, der selv "
    "er udsat og har fortalt om det, kan man tale med alene.",
    "I7": "Gælder det en uden for hjemmet, får forældrene først besked efter aftale.",
    "I8": "»Ved ikke« giver aldrig et lavere svar end »nej«.",
    "I9": "Et kryds mere ved noget farligt sænker aldrig svaret.",
    "I10": "Det niveau, et svar har løftet til, falder ikke igen.",
    "I11": "Hvert udfald har nogen at ringe til. Haster det, er der et nummer både dag og nat.",
    "I12": "Skal der underrettes, er der et nummer på hver time i ugen, også på helligdage. Det gælder hver kommune.",
    "I13": "Hvert nummer passer til den danske nummerplan, og det nummer, du ser, er det, der bliver ringet til.",
    "I15": "Skal der underrettes, står der, at pligten er din egen, at lederen ikke kan tage den, og at tvivl er nok.",
    "I16": "Vi har ledt efter ord, der lover, at du er anonym, eller at forældrene intet får at vide. Her er ingen.",
    "I17": "Intet spørgsmål beder om navn, CPR-nummer, fødselsdag eller adresse.",
    "I18": "Der er højst 15 spørgsmål. »Ring nu« kan nås efter fire.",
    "I19": "Hver lovhenvisning findes og passer til faget.",
    "I25": "Haster det, kommer nummeret inden for 150 ord, og teksten før det er let at læse.",
}
"""What is shown to hold before content is served, in the words of a reader; the numbers are those of the invariants."""


@dataclass(frozen=True)
class FlowFigures:
    """What was proven and tried of one flow. `ways`: ways through it that rules and flags can tell apart."""

    questions: int
    outcomes: dict[Level, int]
    scenarios: int
    states: int
    ways: int
    longest: int


@dataclass(frozen=True)
class Quality:
    """Figures of a library. Days are None when nothing has one.

    `local` counts kommuner with contacts of their own, `own` those with approved steps of their own; made-up ones are
    in neither. `flows` are the national ones.
    """

    flows: dict[str, FlowFigures]
    law: int
    to_check: int
    law_from: date | None
    law_to: date | None
    contacts: int
    contacts_from: date | None
    contacts_to: date | None
    unchecked: int
    local: int
    own: int
    kommuner: int
    cases: int


def quality(library: Library, known: Mapping[str, FlowFigures] | None = None) -> Quality:
    """Count. Flows without a proof are left out: they are not served.

    `known`: the figures of the same flows, where they have been counted before.
    """
    flows = dict(known or {})
    for name, playable in library.flows.items() if not flows else ():
        if playable.proof:
            outcomes = playable.flow.outcomes.values()
            flows[name] = FlowFigures(
                questions=len(playable.flow.questions),
                outcomes={level: sum(outcome.level is level for outcome in outcomes) for level in Level},
                scenarios=len(library.scenarios.get(name, {})),
                states=len(playable.proof.links),
                ways=ways(playable.proof),
                longest=playable.proof.remaining[playable.proof.start],
            )
    law = [ref.checked for ref in library.law.values()]
    dialled = [contact for contact in library.contacts.values() if contact.phone]
    seen = [contact.checked for contact in dialled if contact.checked]
    real = {name: one for name, one in library.municipalities.items() if one.code and not one.example}
    return Quality(
        flows=flows,
        law=len(law),
        to_check=sum(ref.status == "to-check" for ref in library.law.values()),
        law_from=min(law, default=None),
        law_to=max(law, default=None),
        contacts=len(dialled),
        contacts_from=min(seen, default=None),
        contacts_to=max(seen, default=None),
        unchecked=len(dialled) - len(seen),
        local=sum(bool(one.contacts) for one in real.values()),
        own=sum(bool(room.served(library.preview)) for name, room in library.rooms.items() if name in real),
        kommuner=len(real),
        cases=len(library.cases),
    )


def ways(proof: Proof) -> int:
    """How many ways there are from the first question to an outcome, by classes of answers that nothing tells apart.

    A `several` with ten boxes has a thousand answers and some dozens of classes, so that this is a lower bound.
    """
    found = dict[int, int]()
    for state, links in reversed(proof.links.items()):
        found[id(state)] = sum(found[id(after)] for _, after in links) if links else 1
    return found[id(proof.start)]


@dataclass(frozen=True)
class Measured:
    """What `make quality` measured, on the day and on the content with this hash; shares are between 0 and 1.

    `mutants` and `survivors` count faults planted in the flows and those that nothing noticed; `killers`: what was
    noticed by each kind of check alone, as (name in Danish, caught, of how many). `pages`: how often axe looked at
    a page in a browser, of any width; `violations` is what it found.
    """

    day: date
    content: str
    mutants: int
    survivors: int
    killers: tuple[tuple[str, int, int], ...]
    pages: int
    violations: int


def measured() -> Measured | None:
    """The figures of the last `make quality`, or None when there are none that can be read."""
    try:
        read = json.loads(resources.files("guide").joinpath(FILE).read_text("utf-8"))
        killers = tuple((str(name), int(caught), int(of)) for name, caught, of in read["killers"])
        numbers = {key: int(read[key]) for key in ("mutants", "survivors", "pages", "violations")}
        return Measured(date.fromisoformat(read["day"]), str(read["content"]), killers=killers, **numbers)
    except (OSError, ValueError, KeyError, TypeError):
        return None
