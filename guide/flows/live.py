"""Which rules can still win: the rules of a flow as bits, and what each answer and each step forward does to them.

All that a walk knows on arrival at a step is which rules there and further on can still win: they are *live*.
A rule is dropped as soon as one of these holds:

1. an answer does not meet its condition, or the walk has gone past a question that it reads, or past its own;
2. an earlier live rule of the same question asks no more than it does, so that one wins whenever both hold;
3. no question that can come next leads to its own question with the answers it needs still to be had.

Why this is exact. Every condition of a live rule that has been answered holds (1), so which rules hold at a later
question depends on the later answers alone, and the same rule comes first with as without those dropped: they
cannot hold (1, 3), or are never first (2). Two walks with the same live rules at the same step can therefore not be
told apart by anything that follows. Not here: the search itself (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from guide.flows.graph import edges, order
from guide.model import Flag, Flow, Question

LOOK = 2
"""Questions looked ahead for (3). More finds a little more and costs more than it saves (measured on the content)."""

FLAGS = tuple(Flag)


_BITS = {flag: 1 << n for n, flag in enumerate(FLAGS)}


class TooManyStates(Exception):
    """The flow has more than can be searched: of what (in Danish), and the step where it was found."""

    def __init__(self, what: str, step: str) -> None:
        super().__init__(what)
        self.step = step


def pack(flags: Iterable[Flag]) -> int:
    """Flags as a bit set."""
    return reduce(or_, (_BITS[flag] for flag in flags), 0)


@lru_cache(maxsize=4096)
def unpack(seen: int) -> frozenset[Flag]:
    """The flags of a bit set."""
    return frozenset(flag for n, flag in enumerate(FLAGS) if seen >> n & 1)


class Choice(NamedTuple):
    """A class of answers to one question that no rule or flag can tell apart; `options` is an example.

    `seen`: their flags; `live`: the rules that they leave live; `goto`: the options' own way on, if they have one.
    """

    options: tuple[str, ...]
    seen: int
    live: int
    goto: str | None = None

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags of these options."""
        return unpack(self.seen)


class Tests:
    """The rules of a flow as bits, those of one question in the order written, the first lowest.

    The graph of the flow has no loop. Raises TooManyStates when a question has more classes of answers than `limit`.
    """

    def __init__(self, flow: Flow, limit: int) -> None:
        self.steps = order(flow)
        self._links = edges(flow)
        self.rules = [(step, n) for step in self.steps if step in flow.questions for n in _numbers(flow, step)]
        """(question, number in `next` from 0) by number of bit."""
        self.goto = {1 << bit: flow.questions[step].next[n].goto for bit, (step, n) in enumerate(self.rules)}
        self.own = dict.fromkeys(self.steps, 0)
        """Question -> its rules."""
        for bit, (step, _) in enumerate(self.rules):
            self.own[step] |= 1 << bit
        self._meets = self._read(flow)
        self.unread = {step: ~self._readers(step) for step in self.steps}
        """Step -> the rules that do not read it."""
        self.ahead = self._further()
        self.onward = self._onward()
        """(step, next step) -> the rules that are not lost by going this way."""
        self.start = self._possible(flow)
        """The rules that can win on some way from the start, whatever the answers (1)."""
        asked = self._asked(flow)
        self._below = {step: self._covers(step, asked) for step in self.steps}
        self._exits = {step: _exits(question) for step, question in flow.questions.items()}
        self.alone: dict[tuple[str, str], Choice] = {}
        """(question, option) -> the class of answers of that option chosen alone."""
        self.choices = {step: self._choices(step, question, limit) for step, question in flow.questions.items()}
        self.known: dict[str, dict[int, int]] = {step: {} for step in self.steps}
        """Step -> what `kept` said of some live rules: a proof asks, and a comparison asks the same again."""

    def _read(self, flow: Flow) -> dict[str, dict[frozenset[str], int]]:
        """Step -> what rules ask of it -> these rules."""
        found: dict[str, dict[frozenset[str], int]] = {step: {} for step in self.steps}
        for bit, (step, n) in enumerate(self.rules):
            for on, options in flow.questions[step].next[n].when.items():
                asked = frozenset(options)
                found[on][asked] = found[on].get(asked, 0) | 1 << bit
        return found

    def _readers(self, step: str) -> int:
        return reduce(or_, self._meets[step].values(), 0)

    def _further(self) -> dict[str, set[str]]:
        """Step -> itself and the steps that may follow at any distance."""
        found: dict[str, set[str]] = {}
        for step in reversed(self.steps):
            found[step] = {step}.union(*(found[after] for after in self._links.get(step, ())))
        return found

    def _onward(self) -> dict[tuple[str, str], int]:
        """What is lost on a way: rules of questions gone past, and rules that read one."""
        ahead, found = self.ahead, dict[tuple[str, str], int]()
        to_come = {step: reduce(or_, (self.own[later] for later in ahead[step]), 0) for step in self.steps}
        for step, following in self._links.items():
            for after in following:
                past = ahead[step] - {step} - ahead[after]
                found[step, after] = reduce(lambda kept, gone: kept & self.unread[gone], past, to_come[after])
        return found

    def _possible(self, flow: Flow) -> int:
        """All rules but those that read a step that no walk comes to, or only after their own question."""
        ever, found = self.ahead[flow.start], 0
        for bit, (step, n) in enumerate(self.rules):
            later = self.ahead[step]
            if all(on in ever and (on == step or on not in later) for on in flow.questions[step].next[n].when):
                found |= 1 << bit
        return found

    def _asked(self, flow: Flow) -> list[tuple[int, int, list[tuple[str, int]]]]:
        """Each rule, those after it, and per condition: the step and the rules that ask for no more options of it."""
        within = {
            (on, options): reduce(or_, (rules for asked, rules in meets.items() if asked <= options))
            for on, meets in self._meets.items()
            for options in meets
        }
        return [
            (
                1 << bit,
                self.own[step] & -(2 << bit),
                [(on, within[on, frozenset(options)]) for on, options in flow.questions[step].next[n].when.items()],
            )
            for bit, (step, n) in enumerate(self.rules)
        ]

    def _covers(self, at: str, asked: list[tuple[int, int, list[tuple[str, int]]]]) -> tuple[int, dict[int, int]]:
        """For walks that arrive at a step: the rules that make others needless, and for each the rest (2).

        A rule covers a later one of its question when each of its conditions still to be answered is met by all
        that meet the other's.
        """
        ahead, found = self.ahead[at], dict[int, int]()
        to_come = reduce(or_, (self.own[step] for step in ahead), 0)
        for rule, needless, conditions in asked:
            if rule & to_come:
                for on, within in conditions:
                    if on in ahead:
                        needless &= within
                if needless:
                    found[rule] = ~needless
        return sum(found), found

    def kept(self, step: str, live: int) -> int:
        """The rules that are still live on arrival at a step (2, 3)."""
        covering, rest = self._below[step]
        left = live & covering
        while left:
            first = left & -left
            live &= rest[first]
            left = (left ^ first) & live
        return self._seen_from(step, live, LOOK)

    def _seen_from(self, step: str, live: int, look: int) -> int:
        """Those of the live rules that some way from here can reach (3)."""
        found = left = live & self.own[step]
        targets = set(self._exits.get(step, ()))
        while left:
            first = left & -left
            targets.add(self.goto[first])
            left ^= first
        for target in targets:
            there = live & self.onward[step, target]
            if there & ~found:
                found |= self._seen_from(target, there, look - 1) if look > 1 else there
        return found

    def _choices(self, step: str, question: Question, limit: int) -> list[Choice]:
        """The classes of answers: what can be told apart by flags, by rules, or by the option's own way on."""
        one, nothing = question.kind == "one", Choice((), 0, self.unread[step])
        found: dict[tuple[int, int, str | None], Choice] = {}
        for name, option in question.options.items():
            single = Choice((name,), pack(option.flags), self.live(step, (name,)), option.goto if one else None)
            for other in [nothing] if one else [*found.values(), nothing]:
                both = Choice((*other.options, name), other.seen | single.seen, other.live | single.live, single.goto)
                known = found.get(both[1:])
                if known is None or len(known.options) > len(both.options):
                    found[both[1:]] = both
            if len(found) > limit:
                raise TooManyStates(f"{limit} slags svar på «{step}»", step)
            self.alone[step, name] = single
        self.alone.update({(step, name): found[self.alone[step, name][1:]] for name in question.options})
        return list(found.values())

    def live(self, step: str, chosen: Iterable[str]) -> int:
        """The rules that these options of a question leave live: those they meet, and those that do not read it."""
        picked = frozenset(chosen)
        return reduce(or_, (rules for asked, rules in self._meets[step].items() if asked & picked), self.unread[step])


def _numbers(flow: Flow, step: str) -> range:
    return range(len(flow.questions[step].next))


def _exits(question: Question) -> tuple[str, ...]:
    """The steps that options lead to by themselves."""
    return tuple({option.goto for option in question.options.values() if option.goto})
