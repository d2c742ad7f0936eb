"""The rules that content must keep, one small function each; together they are the content policy.

Each yields Findings. What is wrong with a flow as a graph (loops, dead ends, unknown targets) is in `routes.py`;
what must hold on every way through a flow in `invariants.py`; what stands in the texts in `texts.py`, and how
easy it is to read in `readability.py`; cases and themes in `stories.py`; a temadag in `training.py`; what must not
be left unsaid in `depth.py`; whom outcomes send people to in `furnished.py`; what they state in `stated.py`; the
parents rules in `fork.py`; the law in `force.py`, `paragraphs.py`; the letters in `correspondence.py`; what a kommune
wrote in `local.py` and `refined.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from functools import partial

from guide.flows.finding import Finding
from guide.flows.scenario import play, unvisited
from guide.library.colours import coloured
from guide.library.correspondence import correspondence
from guide.library.depth import depth
from guide.library.force import dated, fitting
from guide.library.fork import fork
from guide.library.furnished import furnished
from guide.library.geography import COUNTRY, OTHERS
from guide.library.invariants import invariants
from guide.library.library import Draft, Library, Playable, undisturbed
from guide.library.local import local
from guide.library.paragraphs import paragraphs
from guide.library.read import Source, suggest
from guide.library.readability import readability
from guide.library.references import ages, conditions, national, references
from guide.library.refined import refined
from guide.library.routes import unknown_answers
from guide.library.stated import stated
from guide.library.stories import stories
from guide.library.texts import wording
from guide.library.training import training
from guide.library.verdicts import judged
from guide.library.verdicts import key as key_of
from guide.model import Flow, Level, Municipality, Parents, Scenario

RESERVED = frozenset(
    [
        "lov",
        "jurist",
        "tegn",
        "om",
        "privatliv",
        "tilgaengelighed",
        "farvel",
        "over",
        "forlad",
        "kontakt",
        "vejledning",
        "start",
        "static",
        "statistik",
        "temadag",
        "materiale",
        "program",
        "oplaeg",
        "oevelse",
        "ov",
        "t",
        "vaeg",
        "stand",
        "goer",
        "slut",
        "svar",
        "begynd",
        "resultat",
        "was",
        "breve",
        "skriv",
        "kalender",
        "ics",
        "observation",
        "vaelg",
        "health",
        "live",
        "ready",
        "paa-tvaers",
        "kvalitet",
        "friskhed",
        "aendringer",
        "barnets-kommune",
        "plakat",
        "handleplan",
        "noegletal",
        "farver",
        "logo",
        "png",
        "pdf",
        "vcf",
        "redaktion",
        "kommune",
        "landsdel",
        "officielle",
        "fag",
        "spoergsmaal",
        "data",
        "datapackage",
        "csv",
        "json",
        "sager",
    ]
)
"""First parts of addresses, which no kommune and no flow may be called."""

FALLBACK = ("alarm", "politi", "modtagelse", "doegnvagt")
"""National contacts that every page relies on."""

NATIONAL = ("alarm", "politi", "ankestyrelsen", "boernetelefonen", "lev-uden-vold", "fagtelefonen", "sletdet")
"""Contacts that are the same everywhere: 112, 114, the body that complaints go to, and the national helplines."""

NEAR = 0.8
"""How like a national contact an own one may be before it looks like a slip; 1 is the same."""


@undisturbed()
def check(library: Library, day: date | None = None) -> list[Finding]:
    """Every finding on a loaded library, sorted by place; with a day also what is wrong on that day.

    Without one for serving: age and dates never stop the service.
    """
    found = [
        *wording(library),
        *readability(library),
        *stories(library),
        *training(library),
        *depth(library),
        *_names(library),
        *_texts(library),
        *_contacts(library),
        *_own_contacts(library),
    ]
    found += [*_pages(library), *_law(library), *_principle_flows(library)]
    found += correspondence(library)
    about = key_of("flows", library.national, ()) if library.verdicts else ""
    found += judged(library.verdicts, about, partial(_flows, library))
    found += [*furnished(library), *stated(library), *fork(library), *refined(library), *local(library)]
    found += [*coloured(library), *fitting(library), *paragraphs(library), *(dated(library, day) if day else ())]
    return sorted(set(found))


def _flows(library: Library) -> Iterator[Finding]:
    """What every national flow must keep."""
    for flow in (*library.flows.values(), *library.drafts.values()):
        yield from [*references(library, flow), *conditions(flow), *ages(library, flow), *national(flow)]
        yield from [*_scenarios(library, flow), *_principles(library, flow)]
    for playable in library.flows.values():
        yield from invariants(playable)


def _names(library: Library) -> Iterator[Finding]:
    flows = library.flows.keys() | library.drafts.keys()
    for room, names in (("municipalities", library.municipalities.keys()), ("flows", flows)):
        for name in names & RESERVED:
            yield Finding(f"{room}/{name}", 0, 0, f"«{name}» er optaget: det er en adresse i guiden.")
    made_up = library.municipalities.keys() - library.geography.areas.keys()
    for name in made_up & {OTHERS, COUNTRY, *library.geography.landsdele}:
        yield Finding(f"municipalities/{name}", 0, 0, f"«{name}» er optaget: det er flere kommuner tilsammen.")
    for name in library.municipalities.keys() & flows:
        yield Finding(f"flows/{name}", 0, 0, f"«{name}» er både en kommune og et flow.")


def _texts(library: Library) -> Iterator[Finding]:
    known, source = library.texts, library.source("registers/texts.yaml")
    if known is None:
        return
    for level in Level:
        if level not in known.levels:
            yield source.finding(f"Teksten til niveauet «{level}» mangler.", "levels")
    for rule in Parents:
        if rule not in known.parents:
            yield source.finding(f"Teksten til forældrereglen «{rule}» mangler.", "parents")


def _contacts(library: Library) -> Iterator[Finding]:
    known = library.ids["contacts"]
    for name in FALLBACK:
        if known is not None and name not in known:
            yield Finding("contacts/national.yaml", 0, 0, f"Kontakten «{name}» mangler. Alle sider bruger den.")


def _own_contacts(library: Library) -> Iterator[Finding]:
    """A kommune may replace its own numbers, never national ones; an id that is nearly a national one is a slip."""
    for written in library.words:
        if not isinstance(written.word, Municipality):
            continue
        for name in written.word.contacts:
            if name in NATIONAL:
                yield written.source.finding(f"«{name}» er ens i hele landet. Slet den her.", "contacts", name)
            elif name not in library.contacts and (near := suggest(name, library.contacts, NEAR)):
                said = f"«{name}» er ikke en national kontakt og erstatter derfor ingen.{near}"
                yield written.source.finding(said, "contacts", name, warning=True)


def _principle_flows(library: Library) -> Iterator[Finding]:
    """A professional rule names flows that exist; a flow that is not there would be shown by nobody."""
    flows = library.scenarios.keys()  # also of flows with errors in them
    for name, principle in library.principles.items():
        for n, flow in enumerate(principle.flows):
            if flow not in flows:
                source = library.source("registers/principles.yaml")
                said = f"Flowet «{flow}» findes ikke.{suggest(flow, flows)}"
                yield source.finding(said, "principles", name, "flows", n)


def _pages(library: Library) -> Iterator[Finding]:
    for name in ("om", "privatliv", "tilgaengelighed", "kvalitet", "farvel"):
        if name not in library.pages:
            yield Finding(f"pages/{name}.md", 0, 0, "Siden mangler.")


def _law(library: Library) -> Iterator[Finding]:
    for file, act in library.acts.items():
        for name, ref in act.paragraphs.items():
            if ref.status == "to-check" and not ref.confirm:
                yield library.source(f"law/{file}.yaml").finding(
                    f"«{name}» er «to-check», men siger ikke i «confirm», hvad en jurist skal bekræfte.",
                    *("paragraphs", name),
                )


def _principles(library: Library, draft: Draft) -> Iterator[Finding]:
    """Every professional rule that a flow can meet is shown by one of its scenarios."""
    scenarios = library.scenarios.get(draft.id, {})
    shown = {name for scenario in scenarios.values() for name in scenario.principles}
    for name, principle in library.principles.items():
        if scenarios and draft.id in principle.flows and name not in shown:
            said = f"Intet scenarie viser fagreglen «{name}»: {principle.title}."
            yield Finding(f"flows/{draft.id}/scenarios.yaml", 0, 0, said)


def _scenarios(library: Library, draft: Draft) -> Iterator[Finding]:
    """Scenarios are walked only when the flow can be; what they name must exist anyhow."""
    file, walks = f"flows/{draft.id}/scenarios.yaml", []
    source = library.source(file)
    for name, scenario in library.scenarios.get(draft.id, {}).items():
        unknown = list(_unknown(library, draft.flow, scenario, name, source))
        yield from unknown
        if isinstance(draft, Playable):
            played = play(draft.flow, draft.machine, scenario)
            walks.append(played.walk)
            wrong = () if unknown else played.wrong
            yield from (source.finding(f"Scenariet «{name}»: {said}.", name) for said in wrong)
    if isinstance(draft, Playable):
        for step, options in unvisited(draft.flow, walks).items():
            said = f"Intet scenarie vælger {', '.join(f'«{o}»' for o in options)} på «{step}»."
            yield Finding(file, 0, 0, said)


def _unknown(library: Library, flow: Flow, scenario: Scenario, name: str, source: Source) -> Iterator[Finding]:
    for on, options in scenario.answers.items():
        for wrong in unknown_answers(flow, on, options, "answers"):
            yield source.finding(wrong, name, "answers", on)
    steps = sorted(flow.questions.keys() | flow.outcomes.keys())
    named: list[tuple[str, tuple[str, ...], Collection[str] | None]] = [
        ("ends", (scenario.ends,), flow.outcomes),
        ("passes", scenario.passes, steps),
        ("never", scenario.never, steps),
        ("law", scenario.law, library.ids["law"]),
        ("principles", scenario.principles, library.principles or None),
    ]
    for key, names, known in named:
        for n, given in enumerate(names):
            if known is not None and given not in known:
                place = (name, key) if key == "ends" else (name, key, n)
                yield source.finding(f"«{given}» i «{key}» findes ikke.{suggest(given, known)}", *place)
