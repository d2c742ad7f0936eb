"""Where ways part: «her gik I hver sin vej». Pure.

Told of a faggruppe that is shown apart (`tally.py`) and whose seats all walked one flow: the first question where they
answer differently, and then the one with most different answers among those that all of them met at the same place. Of
each option only whether none, some or all chose it; no numbers beside those of the levels.

Why so little. Who knows the flow knows which answers lead to which level, so numbers here would open the ranges there.
That somebody chose an option still means that at least one vote ended where the option leads. With k different answers
at the partings that are told, at least k votes of one level could be known of at worst. So a parting is told only while
that leaves every range of the levels open; else only the question, without options; else nothing.

Not here: the words of questions and options, and how often a way was walked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guide.training.tally import Bar, apart, ranges
from guide.training.votes import OTHERS, Vote

__all__ = ["Parting", "partings"]

Ticked = frozenset[str]


@dataclass(frozen=True)
class Parting:
    """A question that a group answered differently. `number`: its place on the way, from 1.

    `bars`: each option that somebody chose, by id, from one vote to all but one, or exactly all; empty where only the
    question may be told.
    """

    group: str
    flow: str
    number: int
    question: str
    bars: tuple[Bar, ...]


def partings(votes: Sequence[Vote], at_most: int = 2) -> tuple[Parting, ...]:
    """The partings of a closed round of walks, group by group; the first of each group, then the most divided one."""
    found = list[Parting]()
    for group, part in apart(votes).items():
        flows = {vote.flow for vote in part}
        if group != OTHERS and len(flows) == 1:
            found += _told(part, at_most)
    return tuple(found)


def _told(votes: Sequence[Vote], at_most: int) -> Iterator[Parting]:
    """The partings of one group that may be told."""
    places = _divided(votes)
    answers = 1
    for number, chosen in [*places[:1], *sorted(places[1:], key=lambda place: -len(set(place[1])))]:
        if at_most <= 0:
            return
        for seen, bars in ((len(set(chosen)), _bars(chosen)), (2, ())):
            if _open(votes, answers + seen - 1):
                yield Parting(votes[0].group, votes[0].flow, number, votes[0].path[number - 1][0], bars)
                answers, at_most = answers + seen - 1, at_most - 1
                break


def _divided(votes: Sequence[Vote]) -> list[tuple[int, list[Ticked]]]:
    """Questions that all met at the same place and answered differently: the place from 1, and what each chose."""
    steps = [(number, list(met)) for number, met in enumerate(zip(*(vote.path for vote in votes), strict=False), 1)]
    alike = [(number, met) for number, met in steps if len({question for question, _ in met}) == 1]
    chosen = [(number, [frozenset(options) for _, options in met]) for number, met in alike]
    return [(number, sets) for number, sets in chosen if len(set(sets)) > 1]


def _bars(chosen: Sequence[Ticked]) -> tuple[Bar, ...]:
    n, common = len(chosen), frozenset.intersection(*chosen)
    return tuple(Bar(o, *((n, n) if o in common else (1, n - 1))) for o in sorted(frozenset.union(*chosen)))


def _open(votes: Sequence[Vote], answers: int) -> bool:
    """Whether every range stays open when so many votes of each may be known of."""
    n, told = len(votes), ranges(votes)
    if len(told) < 2:
        return len(told) == 1 and answers < n
    lows = [max(low, answers) for low, _ in told.values()]
    free = n - sum(low for low, _ in told.values())
    return sum(lows) < n and all(
        least < min(high, low + free) for least, (low, high) in zip(lows, told.values(), strict=True)
    )
