"""The handleplan: a flow as a printed, formalised plan of action: chart, outcomes, contacts, letters, law.

Everything is the same words, numbers and rules as on the pages. Not here: PDF (`press.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guide.library import force
from guide.library.library import Library, Playable
from guide.model import Advice, Level, Parents
from guide.paper.chart import Chart
from guide.paper.sheet import FIRST, Listed, environment, listed

DEADLINES = ("vurdering-24-timer", "kvittering", "inddragelse-af-fagfolk", "genvurdering", "ankestyrelsen")
"""Rules of the law about what happens after a report, in this order, where the content has them."""


def handleplan(library: Library, playable: Playable, kommune: str, day: date) -> str:
    """The plan as HTML, for a kommune and the day that it is issued on. Raises KeyError for an unknown kommune."""
    flow, chart = playable.flow, Chart(playable.flow)
    found = contacts(library, playable, kommune, day)
    laws = cited(library, playable)
    env = environment(library, kommune, laws)
    return env.get_template("handleplan.html").render(
        flow=flow,
        flow_id=playable.id,
        chart=chart,
        contacts=found,
        first=FIRST,
        laws=[name for act in library.acts.values() for name in act.paragraphs if name in laws],
        letters=_once(name for outcome in flow.outcomes.values() for name in outcome.letters),
        signs=_signs(library, playable),
        levels=[level for level in reversed(Level) if level in _levels(playable)],
        rules=[rule for rule in Parents if any(o.parents is rule for o in flow.outcomes.values())],
        deadlines=[name for name in DEADLINES if name in laws],
        index=_index(library, chart, found, laws),
        only=lambda piece: only(chart, piece),
        in_force=lambda ref: force.in_force(ref, day),
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


def _index(library: Library, chart: Chart, found: dict[str, Listed], laws: set[str]) -> list[tuple[str, str]]:
    """What can be looked up, as Danish sorts it: (words, anchor)."""
    flow = chart.flow
    entries = [(asked.question.title, f"trin-{asked.step}") for asked in chart.asked]
    entries += [(outcome.title, f"trin-{step}") for step, outcome in flow.outcomes.items()]
    entries += [(each.contact.title, f"kontakt-{name}") for name, each in found.items()]
    entries += [(library.law[name].title, f"lov-{name}") for name in laws]
    entries += [(library.letters[name].title, f"brev-{name}") for o in flow.outcomes.values() for name in o.letters]
    return sorted(set(entries), key=lambda entry: (_danish(entry[0]), entry[1]))


def _danish(words: str) -> str:
    """Sorts æ, ø and å last, as Danish does."""
    return words.lower().lstrip("»").replace("å", "~c").replace("ø", "~b").replace("æ", "~a")
