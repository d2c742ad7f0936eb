"""What of a closed round may be shown: votes by choice, for the whole room and for each faggruppe. Pure.

A group of fewer than FEWEST is never shown apart. A bar is «ingen» or a range, and the range is all that follows, so a
bar of 1-4 is never one number, not even for somebody who has

- every chart of the round, of levels and of parents rules, and those of the other round;
- the exact number of votes in each chart, his own vote, this file, and which level and parents rule go together.

Why. Votes are sorted by the whole answer (direct choice, level and parents rule together); each is told as one of the
ranges 1-w, w+1-2w, and so on. With n votes on m answers, such ranges give an answer away in two cases only: when their
low ends add up to n, which needs that w divides n - m, or when their high ends do, which needs that w divides n. Else a
vote can always be moved from one answer to another, so every answer, and every sum of some of them, has at least two
values left. The width is chosen by n and by m alone, so the choice tells nothing. When m is n or n - 1 hardly anything
could be hidden, so then not even which answers somebody gave is told. Every chart adds ranges of one group, and the
whole room adds those of all groups; sums tell nothing more, and groups tell nothing of each other.

Of a group whose seats walked several flows nothing is told of the parents rules: which of them goes with which level is
not the same in all flows, so they could tell the answer of somebody who is alone with her faggruppe. They are no part
of the answers there either: the low end of a level would tell how many rules were given with it.

So nothing is exact but «ingen» and a group that agrees, which cannot be hidden: a group of five or more that all answer
alike is shown. That nobody changed his mind between rounds is a guess, not knowledge, and is not guarded against; nor
are several who put their own votes together. `parting.py` shows where ways part. Not here: who may vote and when.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from guide.training.votes import OTHERS, Vote

__all__ = ["FEWEST", "Bar", "Chart", "Ranges", "Result", "answer", "apart", "ranges", "tallied", "turned"]

FEWEST = 5
"""The fewest votes that a chart is made of."""

NARROWEST = FEWEST - 1
"""The narrowest range: 1-4."""

Answer = tuple[str, str, str]
Ranges = Mapping[Answer, tuple[int, int]]


@dataclass(frozen=True)
class Bar:
    """Votes for a choice: between `low` and `high`, both included. Equal: none at all, or all agree."""

    choice: str
    low: int
    high: int


@dataclass(frozen=True)
class Chart:
    """Votes of a group by choice. `group`: a flow id, OTHERS or TABLE; empty for the whole room.

    `low` and `high`: how many votes it is made of; they are equal, for the bars hold against one who counts heads.
    """

    group: str
    low: int
    high: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Result:
    """A round as it may be shown: the whole room, then groups by id, OTHERS last; no chart under FEWEST answers.

    Where no group is shown apart there is only the chart of the whole room.
    """

    answered: int
    charts: tuple[Chart, ...]


def tallied(votes: Sequence[Vote], choices: Sequence[str], of: Callable[[Vote], str]) -> Result:
    """The charts of a closed round. `of`: what is asked about: the `choice`, the `level` or the `parents` of a vote.

    Bars come in the order of `choices`; what else was voted for comes after. Raises ValueError where `of` looks at
    anything else of a vote, for then ranges could be worked out.
    """
    every = _every(votes, choices, of)
    charts = [_chart(group, part, every, of) for group, part in apart(votes).items()]
    if not charts:
        return Result(len(votes), ())
    whole = Chart("", len(votes), len(votes), tuple(map(_sum, zip(*(chart.bars for chart in charts), strict=True))))
    return Result(len(votes), (whole, *(charts if charts[0].group != OTHERS else ())))


def turned(
    first: Sequence[Vote], second: Sequence[Vote], choices: Sequence[str], of: Callable[[Vote], str]
) -> tuple[tuple[Chart, Chart], ...]:
    """Before and after: the whole room, and groups shown apart in both rounds. Never OTHERS: others may be in it."""
    every = _every([*first, *second], choices, of)
    before, after = tallied(first, every, of), tallied(second, every, of)
    later = {chart.group: chart for chart in after.charts if chart.group != OTHERS}
    return tuple((chart, later[chart.group]) for chart in before.charts if chart.group in later)


def apart(votes: Sequence[Vote]) -> dict[str, list[Vote]]:
    """The votes by what is shown apart: groups by id, OTHERS last; nothing under FEWEST votes.

    OTHERS takes in each smaller group and, while it is itself too small, the smallest that is left.
    """
    if len(votes) < FEWEST:
        return {}
    groups = defaultdict[str, list[Vote]](list)
    for vote in votes:
        groups[vote.group].append(vote)
    others = groups.pop(OTHERS, [])
    for group in sorted(groups, key=lambda name: (len(groups[name]), name)):
        if len(groups[group]) < FEWEST or 0 < len(others) < FEWEST:
            others += groups.pop(group)
    return dict(sorted(groups.items())) | ({OTHERS: others} if others else {})


def ranges(votes: Sequence[Vote]) -> Ranges:
    """Between which numbers each whole answer of a group is told. Empty where the votes are too scattered to tell."""
    answers, n = Counter(answer(vote) for vote in votes), len(votes)
    m = len(answers)
    if m == 1:
        return dict.fromkeys(answers, (n, n))
    if m >= n - 1:
        return {}
    width = next(w for w in count(NARROWEST) if (n - m) % w and (n % w or n < m * w))
    return {given: ((x - 1) // width * width + 1, (x + width - 1) // width * width) for given, x in answers.items()}


def within(told: Ranges, inside: set[Answer], n: int) -> tuple[int, int]:
    """Between which numbers the votes for some of the answers lie, when there are `n` in all."""
    low, high = (sum(told[given][end] for given in inside) for end in (0, 1))
    lowest, highest = (sum(pair[end] for pair in told.values()) for end in (0, 1))
    return max(low, n - highest + high), min(high, n - lowest + low)


def answer(vote: Vote) -> Answer:
    """All of a vote that charts are made of."""
    return vote.choice, vote.level, vote.parents


def _chart(group: str, votes: Sequence[Vote], choices: Sequence[str], of: Callable[[Vote], str]) -> Chart:
    hidden, votes = _gives_a_flow_away(votes, of), plain(votes)
    told, n = ranges(votes), len(votes)
    if not told or hidden:
        return Chart(group, n, n, tuple(Bar(choice, 0, n) for choice in choices))
    inside = defaultdict[str, set[Answer]](set)
    for vote in votes:
        inside[of(vote)].add(answer(vote))
    return Chart(group, n, n, tuple(Bar(choice, *within(told, inside[choice], n)) for choice in choices))


def plain(votes: Sequence[Vote]) -> Sequence[Vote]:
    """The votes of a group as ranges are made of them: without the parents rules where several flows were walked."""
    return votes if len({vote.flow for vote in votes}) < 2 else [replace(vote, parents="") for vote in votes]


def _gives_a_flow_away(votes: Sequence[Vote], of: Callable[[Vote], str]) -> bool:
    """Whether the parents rules of these walks could tell a faggruppe: not each pair with a level is in every flow.

    Of a group that walked several flows the levels are told, and of the parents rules nothing.
    """
    mixed = len({vote.flow for vote in votes}) > 1
    return mixed and any(vote.parents for vote in votes) and all(of(vote) == vote.parents for vote in votes)


def _sum(bars: tuple[Bar, ...]) -> Bar:
    return Bar(bars[0].choice, sum(bar.low for bar in bars), sum(bar.high for bar in bars))


def _every(votes: Sequence[Vote], choices: Sequence[str], of: Callable[[Vote], str]) -> tuple[str, ...]:
    """The choices, and what was voted for beside them: content may have changed meanwhile, and no vote is lost."""
    said = {(answer(vote), of(vote)) for vote in votes}
    if len(said) > len({given for given, _ in said}):
        raise ValueError("`of` must look at the choice, the level or the parents rule of a vote, and nothing else")
    return (*choices, *sorted({choice for _, choice in said} - set(choices)))
