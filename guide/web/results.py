"""What the wall shows when the trainer reveals a round: charts of the room, the range of the case, and where ways part.

Not here: what may be told (`guide/training/tally.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from guide.library.library import Library
from guide.model import Case, Level, Parents, Question
from guide.training.parting import Parting, partings
from guide.training.session import Session, Stage
from guide.training.store import Store
from guide.training.tally import Chart, Result, tallied, turned
from guide.training.votes import OTHERS, TABLE, Kind, Vote
from guide.web import Shelf
from guide.web.material import Card, cards

GROUPS = {"": "Hele rummet", OTHERS: "Øvrige", TABLE: "Blandede borde"}
"""What is no faggruppe with a flow of its own, as the wall says it."""


REPORTS = (Level.underret.value, Level.straks.value, Level.akut.value)
"""The levels at which one reports."""


@dataclass(frozen=True)
class Figure:
    """One question of the wall: its title, the words of its answers, the charts now and, of a second round, before."""

    title: str
    words: Mapping[str, str]
    result: Result
    before: tuple[tuple[Chart, Chart], ...] = ()
    range: tuple[str, ...] = ()
    """The answers of the acceptable range; () where there is none."""

    @property
    def scattered(self) -> bool:
        """Whether nothing can be told of any answer without giving somebody away."""
        bars = [(bar, chart) for chart in self.result.charts for bar in chart.bars]
        return bool(bars) and all(bar.low == 0 and bar.high == chart.high for bar, chart in bars)

    @property
    def always(self) -> tuple[str, ...]:
        """Levels that are in order in every case, whatever its range is: to report is never wrong."""
        return tuple(level for level in REPORTS if level in self.words) if self.range else ()


@dataclass(frozen=True)
class Sheet:
    """One screen of the wall: a figure `tal`, `skilte`, `spaend`, `lov`, `snak`, a card `kort`, or `mandag`.

    `n`: which of several. `late`: the talk and what comes after it; from here the next step can be taken.
    """

    kind: str
    title: str
    n: int = 0

    @property
    def late(self) -> bool:
        """Whether the talk has begun."""
        return self.kind in ("snak", "kort", "mandag")


@dataclass(frozen=True)
class Revealed:
    """All that is told of a round. `again`: it is the second one, after the talk."""

    figures: list[Figure]
    partings: tuple[Parting, ...]
    case: Case | None
    groups: Mapping[str, str]
    questions: Mapping[Parting, Question]
    """Where ways part: the question, as it is in the kommune of the session."""
    laws: tuple[str, ...] = ()
    """What the law says where the case's own scenario ends."""
    again: bool = False

    @property
    def cards(self) -> list[Card]:
        """What is new in the case, to talk about."""
        return cards(self.case) if self.case else []

    def sheets(self, last: bool) -> list[Sheet]:
        """What the wall shows of it, one after the other; with Monday where nothing comes after."""
        found = [
            Sheet("tal", f"{one.title}, før og efter" if one.before else one.title, n)
            for n, one in enumerate(self.figures)
        ]
        found += [Sheet("skilte", "Her gik I hver sin vej")] if self.partings else []
        found += [Sheet("spaend", "Det, man kan forsvare")] if self.case else []
        found += [Sheet("lov", "Det siger loven")] if self.laws else []
        found.append(Sheet("snak", "Tal om det"))
        found += [Sheet("kort", f"Variationskort {n + 1}", n) for n in range(len(self.cards))]
        return [*found, Sheet("mandag", "Hvem gør hvad på mandag?")] if last else found


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
    ways = _questions(on, session, partings(votes)) if one.kind is Kind.walk else {}
    return Revealed(found, tuple(ways), case, groups(on.library), ways, _laws(on.library, case))


def _questions(on: Shelf, session: Session, found: Sequence[Parting]) -> dict[Parting, Question]:
    """Each parting with its question; without those that the content has no more."""
    ways = {}
    for one in found:
        playable = on.playable(session.kommune, one.flow)
        question = playable.flow.questions.get(one.question) if playable else None
        if question and all(bar.choice in question.options for bar in one.bars):
            ways[one] = question
    return ways


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

    What stands for «no» or «do not know» weighs nothing, nor does the age.
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
            if option and step not in ("alder", "barn") and name not in ("nej", "ved-ikke", "ingen"):
                words[f"{step}.{name}"] = option.label
    return words if len(words) > 1 else {}
