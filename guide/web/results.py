"""What the wall shows when the trainer reveals a round: charts of the room, the range of the case, and where ways part.

Not here: what may be told (`guide/training/tally.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from guide.library.library import Library
from guide.model import Case, Level, Parents, Question
from guide.paper.results import allowed, binding, place
from guide.training.parting import Parting, partings
from guide.training.session import Session, Stage
from guide.training.store import Store
from guide.training.tally import Chart, Result, tallied, turned
from guide.training.votes import OTHERS, TABLE, Kind, Vote
from guide.web import Shelf
from guide.web.material import Card, cards

GROUPS = {"": "Hele rummet", OTHERS: "Øvrige", TABLE: "Blandede borde"}
"""What is no faggruppe with a flow of its own, as the wall says it."""


FOREMOST = 4
"""Rules of law that a room can read from the back row in twenty seconds."""


@dataclass(frozen=True)
class Figure:
    """One question of the wall: its title, the words of its answers, the charts now and, of a second round, before."""

    title: str
    words: Mapping[str, str]
    result: Result
    before: tuple[tuple[Chart, Chart], ...] = ()
    range: tuple[str, ...] = ()
    """The answers of the acceptable range; () where there is none."""
    mixed: bool = False
    """Several flows in the only chart: of the parents rules nothing is told, for they could tell a faggruppe."""
    left_out: bool = False
    """So it is of OTHERS alone, whose chart is left out, and so is the room's: it would add nothing but doubt."""

    @property
    def scattered(self) -> bool:
        """Whether nothing can be told of any answer without giving somebody away."""
        bars = [(bar, chart) for chart in self.result.charts for bar in chart.bars]
        return bool(bars) and all(bar.low == 0 and bar.high == chart.high for bar, chart in bars)

    @property
    def close(self) -> bool:
        """Whether the numbers of the room do not tell what most answered."""
        bars = [bar for bar in self.result.charts[0].bars if bar.high] if self.result.charts else []
        return len(bars) > 1 and max(bar.low for bar in bars) <= min(bar.high for bar in bars)

    @property
    def beside(self) -> dict[str, str]:
        """Answers beside the range that are in order too, each with what is said of it.

        To report is never wrong, nor is it to tell the parents later than the range does, once the kommune is asked.
        """
        if stricter := _stricter(self.range):
            apart = stricter in self.words and stricter not in self.range
            return {stricter.value: "også i orden"} if apart else {}
        inside = [level for level in Level if level in self.range]
        return {
            level.value: _beside(level, inside[0])
            for level in Level
            if inside and level in self.words and level not in inside and level.rank >= Level.underret.rank
        }


def _stricter(told: Sequence[str]) -> Parents | None:
    """The parents rule that is more careful than those of a range; None of levels, and where they must be called."""
    if Parents.tilkald in told or not {Parents.foerst, Parents.orienter, Parents.efter_aftale} & set(told):
        return None
    return Parents.ikke if Parents.efter_aftale in told else Parents.efter_aftale


def _beside(level: Level, least: Level) -> str:
    """What is said of a level at which one reports, where the range begins at `least`."""
    if level.rank < least.rank:
        return "ring 112 først" if least is Level.akut else "ring også nu"
    return "i orden ved tvivl om fare" if level is Level.akut else "altid i orden"


@dataclass(frozen=True)
class Sheet:
    """One screen of the wall: a figure `tal`, `skilte`, `spaend`, `lov`, `snak`, a card `kort`, or `mandag`.

    `n`: which of several. `late`: the talk, or what comes after it; from here the next step can be taken.
    """

    kind: str
    title: str
    n: int = 0
    late: bool = False


@dataclass(frozen=True)
class Revealed:
    """All that is told of a round. `again`: it is the second one, after the talk.

    `kept`: the range is kept back until after the talk, for the case has still to be walked. `together`: nothing is
    told but of the whole room.
    """

    figures: list[Figure]
    partings: tuple[Parting, ...]
    case: Case | None
    groups: Mapping[str, str]
    questions: Mapping[Parting, Question]
    """Where ways part: the question, as it is in the kommune of the session."""
    laws: tuple[str, ...] = ()
    """What the law says where the case's own scenario ends: what matters most, the duty first."""
    more: tuple[str, ...] = ()
    """The other rules and the guidance there."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Where each of them stands."""
    again: bool = False
    kept: bool = False
    together: bool = False
    walk: bool = False
    """It was a walk: ways can part."""

    @property
    def allowed(self) -> str:
        """What the range of the case means, in a sentence or two."""
        return allowed(self.case.expected.levels) if self.case else ""

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
        ways = self.partings or (self.walk and self.figures[0].result.charts)
        found += [Sheet("skilte", "Her gik I hver sin vej")] if ways else []
        talk = Sheet("snak", "Tal om det", late=True)
        found += [talk, *self._answer()] if self.kept else [*self._answer(), talk]
        found += [Sheet("kort", f"Variationskort {n + 1}", n, late=True) for n in range(len(self.cards))]
        return [*found, Sheet("mandag", "Hvem gør hvad på mandag?", late=True)] if last else found

    def _answer(self) -> list[Sheet]:
        """The range and the law."""
        title = "Her røber vi spændet: det, man kan forsvare" if self.kept else "Det, man kan forsvare"
        found = [Sheet("spaend", title, late=self.kept)] if self.case else []
        return [*found, Sheet("lov", "Det siger loven", late=self.kept)] if self.laws else found


def revealed(on: Shelf, session: Session, store: Store, code: str) -> Revealed:
    """Of the round on the wall, which is shown."""
    one, number = session.round, session.on
    assert one is not None and number is not None
    together = session.together
    votes, case = _pooled(store.votes(code, number), together), on.library.cases.get(one.case)
    before = session.of(one.case, one.kind)[0]
    shown = one.number > 1 and session.rounds[before].stage is Stage.shown
    earlier = _pooled(store.votes(code, before), together) if shown else None
    several = len({vote.flow for vote in (*votes, *(earlier or ()))}) > 1

    def figure(title: str, words: Mapping[str, str], of: Callable[[Vote], str], range: Sequence[str] = ()) -> Figure:
        pairs = turned(earlier, votes, list(words), of) if earlier is not None else ()
        result = tallied(votes, list(words), of)
        blank = several and words is parents
        mixed = blank and len(result.charts) == 1
        left_out = blank and not mixed and any(map(_untold, result.charts))
        told = tuple(chart for chart in result.charts if not left_out or chart.group not in ("", OTHERS))
        if left_out:
            pairs = tuple(pair for pair in pairs if pair[0].group)
        return Figure(title, words, replace(result, charts=told), pairs, tuple(range), mixed, left_out)

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
    first, more = _laws(on.library, case)
    return Revealed(
        found,
        tuple(ways),
        case,
        groups(on.library),
        ways,
        first,
        more,
        {name: place(on.library, name) for name in (*first, *more)},
        walk=one.kind is Kind.walk,
        again=one.number > 1,
        kept=not _walked(session, one.case),
        together=together,
    )


def _pooled(votes: list[Vote], together: bool) -> list[Vote]:
    """The votes as the charts see them: without their groups where only the whole room is told of."""
    return [replace(vote, group=OTHERS) for vote in votes] if together else votes


def _untold(chart: Chart) -> bool:
    """Whether a chart of OTHERS tells nothing."""
    return chart.group == OTHERS and all(bar.low == 0 and bar.high == chart.high for bar in chart.bars)


def _walked(session: Session, case: str) -> bool:
    """Whether a walk of the case was shown."""
    return any(session.rounds[number].stage is Stage.shown for number in session.of(case, Kind.walk))


def _questions(on: Shelf, session: Session, found: Sequence[Parting]) -> dict[Parting, Question]:
    """Each parting with its question; without those that the content has no more."""
    ways = {}
    for one in found:
        playable = on.playable(session.kommune, one.flow)
        question = playable.flow.questions.get(one.question) if playable else None
        if question and all(bar.choice in question.options for bar in one.bars):
            ways[one] = question
    return ways


def _laws(library: Library, case: Case | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rules where the case's own scenario ends: what matters most, and the others with the guidance last.

    What matters most: the duty to report, what makes it apply here, that it is one's own, and what the scenario names;
    nothing that a jurist has still to see.
    """
    playable = library.flows.get(case.flow) if case else None
    if case is None or playable is None:
        return (), ()
    scenario = library.scenarios[case.flow][case.scenario]
    every = playable.flow.outcomes[scenario.ends].law
    duties = [name for name in every if library.law[name].binds]
    own = [name for name in every if library.law[name].duty and name not in duties]
    named = [name for name in every if name in scenario.law and binding(library, name)]
    apt = sorted(duties[1:], key=lambda name: name not in named)[:1]
    rules = sorted(every, key=lambda name: (not binding(library, name), library.law[name].status != "verified"))
    seen = [name for name in (*duties[:1], *apt, *own, *named) if library.law[name].status == "verified"]
    foremost = tuple(dict.fromkeys(seen or rules))[:FOREMOST]
    return foremost, tuple(name for name in rules if name not in foremost)


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
    """What one can lay weight on in a case, by id, in the order of its story; {} for the trainer's own case."""
    found = library.cases.get(case or "")
    return dict(found.signs) if found else {}
