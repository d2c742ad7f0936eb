"""Two flows side by side on the same answers: which ends go together.

A question is the same when its id is the same, and so is an option. Both flows get the same answer to a question that
both ask, whenever each asks it. A question that only one of them has, or asks, is answered in every way. What only
one of them has of options is plain (`joint.py`):

- an option with `as: x` is answered as `x` in the flow that does not have it, when that one has `x`;
- any other cannot be answered there. That side then has no end: `None`. The same goes for an answer after which no
  rule holds.

The search goes over what can be told apart on each side (`live.py`): step, flags seen, live rules, and the *pending*
answers, which one side gave to a question that the other can still come to. So it is exact, and what it gives is what
a trial of all answers would give. Where both stand at the same step with the same rules live, and all that can follow
is the same, no difference can come any more: such ends are not told.

Not here: what a difference means (`refinement.py`, `guide/library/difference.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from guide.flows.joint import Both, joint
from guide.flows.live import Choice, TooManyStates, unpack
from guide.flows.rules import Answers
from guide.flows.side import Node, Side, furniture, same_from
from guide.model import Flag, Flow

__all__ = ["Both", "Ends", "Lockstep", "Parting", "TooManyStates", "furniture", "lockstep", "told"]

LIMIT = 200_000
"""More states than this is «cannot be compared», never «no difference»."""

MOVES = 2_000_000
"""The same for moves from one state to another: they take the time."""

OLD, NEW = 0, 1


class Parting(NamedTuple):
    """A question where both stood and after which they did not stand together again, and the option chosen.

    On a question of kind `several` no option is named: there are too many sets of them.
    """

    step: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Ends:
    """Two ends that go together. `old`, `new`: outcome ids; None when a side has no end with these answers.

    `old_flags`, `new_flags`: the flags seen on the way; none for a side without an end.
    `old_answers`, `new_answers`: the shortest example, as each side is answered: a walk of that side ends there.
    `parted`: where they last parted; None when they ended together, or were apart from the start.
    `more`: the new side asked a question that the old one did not; `late`: its last question was such a one. Both are
    False unless asked for (`watched`).
    `stuck`: a side has no end because no rule holds there, not because it lacks the option.
    `count`: in how many ways the search came here; a way is a state of both before the last answer, and a class of it.
    """

    old: str | None
    new: str | None
    old_flags: frozenset[Flag]
    new_flags: frozenset[Flag]
    old_answers: Answers
    new_answers: Answers
    parted: Parting | None = None
    more: bool = False
    late: bool = False
    stuck: bool = False
    count: int = 1


def lockstep(old: Flow, new: Flow, *, flags: bool = True, watched: Collection[str] | None = None) -> list[Ends]:
    """All pairs of ends that differ, the shortest example first.

    They differ in outcome id, `furniture` of the outcome, or flags seen. With `flags=False` flags are not looked at:
    all are told as none. With `watched`, outcomes of the old side, it is also a difference when the new side asked more
    before one of these, or its last question was one that the old side did not ask.
    Raises TooManyStates, and graphlib's CycleError on a loop.
    """
    return list(Lockstep(old, new, flags, watched).ends())


def told(flow: Flow, answers: Answers) -> str:
    """Answers in Danish, in the words of the page: the questions and the labels, as in `Proof.told`."""
    return " → ".join(
        f"«{flow.questions[step].title}»: " + " + ".join(f"«{flow.questions[step].options[o].label}»" for o in options)
        for step, options in answers.items()
    )


_Pending = tuple[tuple[int, str, Choice | None], ...]
"""(side, question, the answer it gives when it comes there), by side and question."""


class _State(NamedTuple):
    """What is known of both sides.

    `more`: the new side asked something that the old one did not and will not. `last`: its last question, while the
    old side has not asked it; EXTRA when it never will.
    """

    old: Node
    new: Node
    old_seen: int
    new_seen: int
    pending: _Pending
    parted: Parting | None
    more: bool = False
    last: str | None = None


EXTRA = "+"


class Lockstep:
    """The search, the nearest states first; a state is left once for each class of answers."""

    def __init__(
        self,
        old: Flow,
        new: Flow,
        flags: bool = True,
        watched: Collection[str] | None = None,
        sides: tuple[Side, Side] | None = None,
    ) -> None:
        """`sides`: those of the two flows, where they have been made before."""
        self.sides = sides or (Side(old), Side(new))
        self._flags, self._watched = flags, watched
        self._same = same_from(*self.sides)
        ahead = self.sides[OLD].tests.ahead
        self._to_watch = {step for step, later in ahead.items() if watched and later & set(watched)}
        """Steps that some watched outcome may follow."""
        self._joint: dict[str, list[Both]] = {}
        self._twins: dict[tuple[Node, Node], bool] = {}
        self._came: dict[_State, tuple[_State, Both] | None] = {}
        self._ends: dict[tuple[object, ...], tuple[_State, int]] = {}
        self._equal: set[Node] = set()
        """Nodes of the new side after which nothing differs: the search goes no further there."""
        self._given_new: set[str] = set()
        """Questions that the new side asked when the answer to them was already pending."""
        self._todo: deque[_State] = deque()
        self._moves = 0
        start = _State(self.sides[OLD].start, self.sides[NEW].start, 0, 0, (), None)
        self._arrive(None, start)
        while self._todo:
            self._leave(self._todo.popleft())

    def ends(self) -> Iterator[Ends]:
        """The pairs of ends that differ, the shortest example first."""
        for state, count in self._ends.values():
            if self._differs(state):
                yield self._told(state, count)

    def unasked(self) -> list[str]:
        """Steps of both flows that the old side comes to with some answers, and the new side never does."""
        old, new = self.sides
        walked = {state.old.step for state in self._came} - {state.new.step for state in self._came}
        missing = walked & (new.flow.questions.keys() | new.flow.outcomes.keys()) - self._given_new
        if missing:
            missing -= new.walked(self._equal)
        return [step for step in old.tests.steps if step in missing]

    def _leave(self, state: _State) -> None:
        """All answers to the question that is next."""
        old, new = self.sides
        if state.old.step == state.new.step:
            self._together(state)
        elif state.old.ended or state.new.ended:
            self._alone(state, OLD if state.new.ended else NEW)
        elif not new.asks_later(state.new, state.old.step):
            self._alone(state, OLD)
        elif not old.asks_later(state.old, state.new.step):
            self._alone(state, NEW)
        else:  # each can still come to the other's question: the answer with fewest classes is kept for later
            classes = [len(self._classes(step)) for step in (state.old.step, state.new.step)]
            self._before(state, OLD if classes[OLD] <= classes[NEW] else NEW)

    def _classes(self, step: str) -> list[Both]:
        if step not in self._joint:
            questions = self.sides[OLD].flow.questions[step], self.sides[NEW].flow.questions[step]
            tests = self.sides[OLD].tests, self.sides[NEW].tests
            self._joint[step] = list(joint(step, questions, tests))
        return self._joint[step]

    def _together(self, state: _State) -> None:
        """A question where both stand. The search spends its time here."""
        before, after = state.old, state.new
        for both in self._classes(before.step):
            old, old_seen = self._stands(OLD, before, state.old_seen, both.old)
            new, new_seen = self._stands(NEW, after, state.new_seen, both.new)
            parted = self._parting(both) if old.step != new.step else None
            self._move(state, both, _State(old, new, old_seen, new_seen, state.pending, parted, state.more))

    def _parting(self, both: Both) -> Parting:
        if any(side.flow.questions[both.step].kind == "several" for side in self.sides):
            return Parting(both.step, None, None)
        return Parting(both.step, both.old and both.old.options[0], both.new and both.new.options[0])

    def _alone(self, state: _State, side: int) -> None:
        """A question that the other side never comes to."""
        node = state.old if side == OLD else state.new
        for choice in self.sides[side].tests.choices[node.step]:
            both = Both(node.step, choice, None) if side == OLD else Both(node.step, None, choice)
            then = self._answered(state, side, choice)
            if side == NEW and self._watched is not None:
                then = then._replace(more=True, last=EXTRA)
            self._move(state, both, then)

    def _before(self, state: _State, side: int) -> None:
        """A question that the other side may come to later: its answer there is pending."""
        other = NEW if side == OLD else OLD
        step = (state.old if side == OLD else state.new).step
        for both in self._classes(step):
            own, others = (both.old, both.new) if side == OLD else (both.new, both.old)
            if own:
                then = self._answered(state, side, own)
            else:
                then = self._without_end(state, side, self.sides[side].owing(step))
            pending = sorted((*state.pending, (other, step, self.sides[other].alike(others))), key=lambda p: p[:2])
            last = step if side == NEW and self._watched is not None else state.last
            self._move(state, both, then._replace(pending=tuple(pending), last=last))

    def _stands(self, side: int, node: Node, seen: int, choice: Choice | None) -> tuple[Node, int]:
        """Where a side stands after an answer, with the flags seen: none when it has no end."""
        if choice is None:
            return self.sides[side].dead, 0
        then = self.sides[side].after(node, choice)
        return then, seen | choice.seen if self._flags and then.step else 0

    def _answered(self, state: _State, side: int, choice: Choice | None) -> _State:
        """With an answer on one side; without one that side has no end."""
        if side == OLD:
            old, seen = self._stands(OLD, state.old, state.old_seen, choice)
            return state._replace(old=old, old_seen=seen)
        new, seen = self._stands(NEW, state.new, state.new_seen, choice)
        return state._replace(new=new, new_seen=seen)

    def _without_end(self, state: _State, side: int, node: Node) -> _State:
        return state._replace(old=node, old_seen=0) if side == OLD else state._replace(new=node, new_seen=0)

    def _move(self, before: _State, both: Both, state: _State) -> None:
        self._moves += 1
        if self._moves > MOVES:
            raise TooManyStates(f"{MOVES} veje fra trin til trin", both.step)
        settled = self._settled(state) if state.pending else state
        if settled is not None:
            together = settled.parted and settled.old.step == settled.new.step
            self._arrive((before, both), settled._replace(parted=None) if together else settled)

    def _settled(self, state: _State) -> _State | None:
        """Pending answers given where they are asked for, and dropped where they never will be; None for no walk."""
        while changed := next(filter(None, (self._ripe(state, n) for n in range(len(state.pending)))), None):
            state, is_walk = changed
            if not is_walk:
                return None
        return state

    def _ripe(self, state: _State, n: int) -> tuple[_State, bool] | None:
        """The state without one pending answer, and whether such a walk can be; None while it must wait."""
        side, step, choice = state.pending[n]
        node, other = (state.old, state.new) if side == OLD else (state.new, state.old)
        left = state._replace(pending=(*state.pending[:n], *state.pending[n + 1 :]))
        if not node.ended and node.step == step:
            if side == NEW:
                self._given_new.add(step)
            then = self._answered(left, side, choice)
            if other.owes == step:
                beside = NEW if side == OLD else OLD
                then = self._without_end(then, beside, self.sides[beside].dead)
            if side == NEW or then.last == step:
                then = then._replace(last=None)
            return then, True
        if self.sides[side].asks_later(node, step):
            return None
        if side == OLD and self._watched is not None:
            left = left._replace(more=True, last=EXTRA if left.last == step else left.last)
        return left, other.owes != step

    def _arrive(self, way: tuple[_State, Both] | None, state: _State) -> None:
        both_ended = state.old.ended and state.new.ended
        if both_ended:
            first, count = self._ends.get(state, (state, 0))
            self._ends[state] = first, count + 1
        elif self._no_difference(state):
            self._equal.add(state.new)
            return
        if state not in self._came:
            self._came[state] = way
            if len(self._came) > LIMIT:
                raise TooManyStates(f"{LIMIT} tilstande", state.old.step or state.new.step)
            if not both_ended:
                self._todo.append(state)

    def _no_difference(self, state: _State) -> bool:
        """Whether nothing that differs can follow."""
        old, new = state.old, state.new
        if old.step != new.step or old.step not in self._same or state.pending or state.old_seen != state.new_seen:
            return False
        if state.more and old.step in self._to_watch:
            return False
        if (old, new) not in self._twins:
            self._twins[old, new] = self.sides[OLD].rules(old) == self.sides[NEW].rules(new)
        return self._twins[old, new]

    def _differs(self, state: _State) -> bool:
        one = self.sides[OLD].flow.outcomes.get(state.old.step)
        other = self.sides[NEW].flow.outcomes.get(state.new.step)
        if one is None or other is None:
            return one is not other
        if state.last or (state.more and state.old.step in (self._watched or ())):
            return True
        same = state.old.step == state.new.step and state.old_seen == state.new_seen
        return not (same and furniture(one) == furniture(other))

    def _told(self, state: _State, count: int) -> Ends:
        flags = unpack(state.old_seen), unpack(state.new_seen)
        answers = self._answers(state)
        stuck = any(node is side.stuck for node, side in zip((state.old, state.new), self.sides, strict=True))
        extra = state.more, state.last is not None, stuck
        return Ends(state.old.step or None, state.new.step or None, *flags, *answers, state.parted, *extra, count)

    def _answers(self, state: _State) -> tuple[Answers, Answers]:
        """The shortest example on both sides."""
        ways: list[Both] = []
        while way := self._came[state]:
            state, both = way
            ways.append(both)
        ways.reverse()
        old = {both.step: both.old.options for both in ways if both.old}
        return old, {both.step: both.new.options for both in ways if both.new}
