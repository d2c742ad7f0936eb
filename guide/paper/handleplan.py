"""The handleplan: a flow as a printed, formalised plan of action: chart, outcomes, contacts, letters, law.

Everything is the same words, numbers and rules as on the pages. Not here: PDF (`press.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guide.library import force
from guide.library.letter import asked, lines
from guide.library.library import Library, Playable
from guide.library.names import of_words
from guide.library.offers import offered
from guide.model import Advice, Level, Parents
from guide.paper import lookup
from guide.paper.chart import Chart
from guide.paper.sheet import FIRST, Listed, environment, listed

DEADLINES = ("vurdering-24-timer", "kvittering", "inddragelse-af-fagfolk", "genvurdering", "ankestyrelsen")
"""Rules of the law about what happens after a report, in this order, where the content has them."""


def handleplan(library: Library, playable: Playable, kommune: str, day: date) -> str:
    """The plan as HTML, for a kommune and the day that it is issued on. Raises KeyError for an unknown kommune."""
    flow, chart = playable.flow, Chart(playable.flow)
    found = contacts(library, playable, kommune, day)
    laws, signs = cited(library, playable), _signs(library, playable)
    env = environment(library, kommune, laws)
    return env.get_template("handleplan.html").render(
        flow=flow,
        flow_id=playable.id,
        chart=chart,
        contacts=found,
        first=FIRST,
        laws=[name for act in library.acts.values() for name in act.paragraphs if name in laws],
        letters=_once(name for outcome in flow.outcomes.values() for name in outcome.letters),
        signs=signs,
        lines=lambda letter: lines(letter, playable.id),
        ruled=lambda letter: [b for b in letter.blanks.values() if b.parents and asked(b, playable.id)],
        levels=[level for level in reversed(Level) if level in _levels(playable)],
        rules=[rule for rule in Parents if any(o.parents is rule for o in flow.outcomes.values())],
        deadlines=[name for name in DEADLINES if name in laws],
        index=lookup.entries(library, chart, found, laws, library.letters_in(kommune)),
        words=lookup.words(chart, signs),
        only=lambda piece: only(chart, piece),
        in_force=lambda ref: force.in_force(ref, day),
        called=lambda word: of_words(library, kommune, word),
        offers=lambda outcome: offered(library, kommune, playable.id, outcome).values(),
        day=day,
    )


def _once(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _levels(playable: Playable) -> set[Level]:
    return {outcome.level for outcome in playable.flow.outcomes.values()}


def contacts(library: Library, playable: Playable, kommune: str, day: date) -> dict[str, Listed]:
    """Everybody whom the flow names, the first ones first, and all that the kommune has of its own."""
    outcomes = playable.flow.outcomes.values()
    names = [*FIRST, *(name for outcome in outcomes for name in outcome.contacts)]
    names += library.municipalities[kommune].contacts
    names += [offer.contact for offer in library.municipalities[kommune].offers.values() if offer.contact]
    return {name: listed(library, kommune, name, day) for name in dict.fromkeys(names)}


def cited(library: Library, playable: Playable) -> set[str]:
    """The rules that stand in the plan: those of its outcomes, those its texts refer to, those that bind."""
    words = [playable.flow, *([library.texts] if library.texts else [])]
    found = {name for word in words for _, name in force.cited(word)} | set(DEADLINES)
    found |= {name for name, ref in library.law.items() if ref.binds}
    return {name for name in found if name in library.law and force.fits(library.law[name], playable.id)}


def only(chart: Chart, piece: Advice) -> str:
    """For whom a piece of advice is, in the words of the chart; empty when it is for all."""
    return chart.words(piece.when)


def _signs(library: Library, playable: Playable) -> dict[str, list[str]]:
    """The signs that the flow refers to, at the ages that the faggruppe meets."""
    flow, met = playable.flow, library.signs_at(playable.flow.ages)
    names = [name for question in flow.questions.values() for name in question.signs]
    names += [name for outcome in flow.outcomes.values() for name in outcome.signs]
    return {name: [sign.title for sign in met[name]] for name in dict.fromkeys(names) if met[name]}
