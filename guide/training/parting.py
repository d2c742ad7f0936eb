"""Where ways part: «her gik I hver sin vej». Pure.

Told of a faggruppe that is shown apart (`tally.py`) and whose seats all walked one flow: the first question where they
answer differently, and then the one with most different answers. Ways are followed as long as most of the group, and at
least FEWEST, surely go together; those who left are not followed. Of each option only whether none, some or all chose
it; no numbers beside those of the levels.

Why so little. Who knows the flow knows which answers lead to which level, so numbers here would open the ranges there.
That somebody chose an option still means that at least one vote ended where the option leads. With k different ways of
answering what is told, at worst k votes of one level are known of. So a parting is told only while that leaves every
range of the levels open; else only the question, without options; else nothing. How many go together is taken from
those ranges too, never from the votes, so that nothing follows from what is followed.

Not here: the words of questions and options, and how often a way was walked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from guide.training.tally import FEWEST, Bar, Ranges, answer, apart, ranges
from guide.training.votes import OTHERS, Vote

__all__ = ["Parting", "partings"]


@dataclass(frozen=True)
class Parting:
    """A question that a group answered differently. `number`: its place on the way, from 1.

    `bars`: each option that somebody chose, by id, from one vote to all but one, or all that came there; empty where
    only the question may be told.
    """

    group: str
    flow: str
    number: int
    question: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class _Place:
    """A question on the common way: what each vote that came there answers, and between which numbers they are."""

    number: int
    question: str
    chosen: Mapping[Vote, tuple[str, ...]]
    least: int
    most: int

    @property
    def answers(self) -> set[tuple[str, ...]]:
        return set(self.chosen.values())

    @property
    def bars(self) -> tuple[Bar, ...]:
        ticked = [set(options) for options in self.answers]
        all_ = set.intersection(*ticked)
        return tuple(
            Bar(option, *((self.least, self.most) if option in all_ else (1, self.most - 1)))
            for option in sorted(set.union(*ticked))
        )


def partings(votes: Sequence[Vote], at_most: int = 2) -> tuple[Parting, ...]:
    """The partings of a closed round of walks, group by group; the first of each group, then the most divided one."""
    found = list[Parting]()
    for group, part in apart(votes).items():
        if group != OTHERS and len({vote.flow for vote in part}) == 1:
            found += _told(part, at_most)
    return tuple(found)


def _told(votes: Sequence[Vote], at_most: int) -> Iterator[Parting]:
    """The partings of one group that may be told."""
    group, told, n = votes[0], ranges(votes), len(votes)
    places = [place for place in _common(set(votes), told, n) if len(place.answers) > 1]
    facts = list[Mapping[Vote, object]]()
    for place in [*places[:1], *sorted(places[1:], key=lambda one: -len(one.answers))]:
        least = min(place.answers)
        only = {vote: options == least for vote, options in place.chosen.items()}
        for fact, bars in ((place.chosen, place.bars), (only, ())):
            known = {tuple(one.get(vote) for one in (*facts, fact)) for vote in votes}
            if len(facts) < at_most and _open(told, n, len(known)):
                yield Parting(group.group, group.flow, place.number, place.question, bars)
                facts.append(fact)
                break


def _common(every: set[Vote], told: Ranges, n: int) -> Iterator[_Place]:
    """The questions on the way that most of a group of `n` go together."""
    crowd = every
    for number in count(1):
        ways = defaultdict[str, set[Vote]](set)
        for vote in crowd:
            if len(vote.path) >= number:
                ways[vote.path[number - 1][0]].add(vote)
        sizes = {question: _least(way, every, told, n) for question, way in ways.items()}
        question = max(sizes, key=lambda name: sizes[name], default="")
        if not sizes or sizes[question] < max(FEWEST, n // 2 + 1):
            return
        crowd = ways[question]
        chosen = {vote: vote.path[number - 1][1] for vote in crowd}
        yield _Place(number, question, chosen, sizes[question], n - (crowd != every))


def _least(way: set[Vote], every: set[Vote], told: Ranges, n: int) -> int:
    """How many surely went a way: all, or the low ends of the answers that nobody else gave."""
    if way == every:
        return n
    left = {answer(vote) for vote in every - way}
    return sum(low for given, (low, _) in told.items() if given not in left)


def _open(told: Ranges, n: int, known: int) -> bool:
    """Whether every range stays open when so many votes in each may be known of."""
    if len(told) < 2:
        return len(told) == 1 and known < n
    free = n - sum(low for low, _ in told.values())
    least = sum(max(low, known) for low, _ in told.values())
    return least < n and all(max(low, known) < min(high, low + free) for low, high in told.values())
