"""What the wall shows when the trainer reveals a round: charts of the room, the range of the case, and where ways part.

Not here: what may be told (`guide/training/tally.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guide.library.library import Library
from guide.model import Case, Level, Parents
from guide.training.parting import Parting, partings
from guide.training.session import Session, Stage
from guide.training.store import Store
from guide.training.tally import Chart, Result, tallied, turned
from guide.training.votes import OTHERS, TABLE, Kind, Vote
from guide.web import Shelf

GROUPS = {"": "Hele rummet", OTHERS: "Øvrige", TABLE: "Blandede borde"}
"""What is no faggruppe with a flow of its own, as the wall says it."""


@dataclass(frozen=True)
class Figure:
    """One question of the wall: its title, the words of its answers, the charts now and, of a second round, before."""

    title: str
    words: Mapping[str, str]
    result: Result
    before: tuple[tuple[Chart, Chart], ...] = ()
    range: tuple[str, ...] = ()
    """The answers of the acceptable range; () where there is none."""


@dataclass(frozen=True)
class Revealed:
    """All that is told of a round."""

    figures: list[Figure]
    partings: tuple[Parting, ...]
    case: Case | None
    groups: Mapping[str, str]
    laws: tuple[str, ...] = ()
    """What the law says where the case's own scenario ends."""


def revealed(on: Shelf, session: Session, store: Store, code: str) -> Revealed:
    """Of the round on the wall, which is shown."""
    one, number = session.round, session.on
    assert one is not None and number is not None
    votes, case = store.votes(code, number), on.library.cases.get(one.case)
    first = session.of(one.case, one.kind)[0]
    earlier = store.votes(code, first) if one.number > 1 and session.rounds[first].stage is Stage.shown else None

    def figure(title: str, words: Mapping[str, str], of: Callable[[Vote], str], range: Sequence[str] = ()) -> Figure:
        before = turned(earlier, votes, list(words), of) if earlier is not None else ()
        return Figure(title, words, tallied(votes, list(words), of), before, tuple(range))

    expected = case.expected if case else None
    levels, parents = level_words(on.library), parents_words(on.library)
    right = expected.levels if expected else (), expected.parents if expected else ()
    if one.kind is Kind.walk:
        found = [
            figure("Niveau", levels, lambda vote: vote.level, right[0]),
            figure("Forældrene", parents, lambda vote: vote.parents, right[1]),
        ]
    elif one.kind is Kind.level:
        found = [figure("Niveau", levels, lambda vote: vote.choice, right[0])]
    elif one.kind is Kind.parents:
        found = [figure("Forældrene", parents, lambda vote: vote.choice, right[1])]
    else:
        found = [figure("Det tegn, der vejer mest", signs(on.library, one.case), lambda vote: vote.choice)]
    ways = partings(votes) if one.kind is Kind.walk else ()
    return Revealed(found, ways, case, groups(on.library), _laws(on.library, case))


def _laws(library: Library, case: Case | None) -> tuple[str, ...]:
    playable = library.flows.get(case.flow) if case else None
    if case is None or playable is None:
        return ()
    return playable.flow.outcomes[library.scenarios[case.flow][case.scenario].ends].law


def groups(library: Library) -> dict[str, str]:
    """What the wall calls a group."""
    return GROUPS | {name: playable.flow.title for name, playable in library.flows.items()}


def level_words(library: Library) -> dict[str, str]:
    """The levels in their order, with their titles."""
    texts = library.texts
    return {level.value: texts.levels[level].title if texts else level.value for level in Level}


def parents_words(library: Library) -> dict[str, str]:
    """The parents rules in their order, with their titles."""
    texts = library.texts
    return {rule.value: texts.parents[rule].title if texts else rule.value for rule in Parents}


def signs(library: Library, case: str | None) -> dict[str, str]:
    """What in a case can weigh most: the answers that its scenario gives, by `question.option`; {} for fewer than two.

    What stands for «no» or «do not know» weighs nothing.
    """
    found = library.cases.get(case or "")
    playable = library.flows.get(found.flow) if found else None
    scenario = library.scenarios.get(found.flow, {}).get(found.scenario) if found else None
    if playable is None or scenario is None:
        return {}
    words = {}
    for step, chosen in scenario.answers.items():
        question = playable.flow.questions.get(step)
        for name in chosen:
            option = question.options.get(name) if question else None
            if option and name not in ("nej", "ved-ikke", "ingen"):
                words[f"{step}.{name}"] = option.label
    return words if len(words) > 1 else {}
