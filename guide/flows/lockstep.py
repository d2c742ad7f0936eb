"""Two flows side by side on the same answers: which ends go together.

A question is the same when its id is the same, and so is an option. Both flows get the same answer to a question that
both ask, whenever each asks it. A question that only one of them has, or asks, is answered in every way. What only
one of them has of options is plain:

- an option with `as: x` is answered as `x` in the flow that does not have it, when that one has `x`;
- any other cannot be answered there. That side then has no end: `None`. The same goes for an answer after
  which no rule holds.

The search goes over what can be told apart on each side (`live.py`): step, flags seen, live rules, and the *pending*
answers, which one side gave to a question that the other can still come to. So it is exact, and what it gives is what
a trial of all answers would give. Where both stand at the same step with the same rules live, and all that can follow
is the same, no difference can come any more: such ends are not told.

Not here: what a difference means (`refinement.py`, `guide/library/difference.py`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guide.flows.live import Choice, Tests, TooManyStates, unpack
from guide.flows.rules import Answers
from guide.model import Flag, Flow, Outcome, Question

LIMIT = 200_000
"""More states than this is «cannot be compared», never «no difference»."""

MOVES = 2_000_000
"""The same for moves from one state to another: they take the time."""

CHOICES = 20_000
"""The same for the classes of answers to one question."""

OLD, NEW = 0, 1


class Both(NamedTuple):
    """An answer to a question on both sides; None where it cannot be given, or is not asked for."""

    step: str
    old: Choice | None
    new: Choice | None


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

    `old_answers`, `new_answers`: the shortest example, as each side would be answered. `parted`: where they last
    parted; None when they ended together, or were apart from the start.
    `count`: in how many ways the search came here; a way is a state of both before the last answer, and a class of it.
    """

    old: str | None
    new: str | None
    old_flags: frozenset[Flag]
    new_flags: frozenset[Flag]
    old_answers: Answers
    new_answers: Answers
    parted: Parting | None = None
    count: int = 1


@dataclass(eq=False, slots=True)
class _Node:
    """A step of one side and its live rules. `owes`: it has no end, if the other side comes to that question."""

    step: str
    live: int
    ended: bool
    owes: str | None = None
    moves: dict[tuple[int, str | None], _Node] = field(default_factory=dict)


_Pending = tuple[tuple[int, str, Choice | None], ...]


class _State(NamedTuple):
    """What is known of both sides. `pending`: (side, step, the answer it gives there), in order of arrival."""

    old: _Node
    new: _Node
    old_seen: int
    new_seen: int
    pending: _Pending
    parted: Parting | None


class _Side:
    """One flow as a machine of nodes, made as they are come to."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.tests = Tests(flow, CHOICES)
        self.dead = _Node("", 0, True)
        """Where a side is that cannot be answered."""
        self._nodes: dict[tuple[str, int], _Node] = {}
        self._owing: dict[str, _Node] = {}
        self._alike: dict[tuple[int, int, str | None], Choice] = {}
        self.start = self._node(flow.start, self.tests.start)

    def _node(self, step: str, live: int) -> _Node:
        left = self.tests.kept(step, live)
        if (step, left) not in self._nodes:
            self._nodes[step, left] = _Node(step, left, step not in self.flow.questions)
        return self._nodes[step, left]

    def owing(self, step: str) -> _Node:
        """No end, if the other side comes to this question and is answered there."""
        return self._owing.setdefault(step, _Node("", 0, True, step))

    def alike(self, choice: Choice | None) -> Choice | None:
        """One choice for all that this side cannot tell apart."""
        return choice and self._alike.setdefault(choice[1:], choice)

    def asks_later(self, node: _Node, step: str) -> bool:
        """Whether this question may still come."""
        return not node.ended and step in self.flow.questions and step in self.tests.ahead[node.step]

    def after(self, node: _Node, choice: Choice) -> _Node:
        """The node that an answer leads to; `dead` when no rule holds."""
        known = node.moves.get((choice.live, choice.goto))
        if known is None:
            known = node.moves[choice.live, choice.goto] = self._go(node, choice)
        return known

    def _go(self, node: _Node, choice: Choice) -> _Node:
        live, target, tests = node.live & choice.live, choice.goto, self.tests
        if target is None:
            own = live & tests.own[node.step]
            if not own:
                return self.dead
            target = tests.goto[own & -own]
        return self._node(target, live & tests.onward[node.step, target])


def furniture(outcome: Outcome) -> tuple[object, ...]:
    """What is compared of an outcome besides its id: level, parents rule, contacts, law."""
    return outcome.level, outcome.parents, outcome.contacts, outcome.law


def lockstep(old: Flow, new: Flow, *, flags: bool = True) -> list[Ends]:
    """All different pairs of ends with what differs, the shortest example first.

    Ends that are the same (outcome id, `furniture`, and flags seen) are left out. With `flags=False` flags are not
    looked at: all of them are told as none. Raises TooManyStates, and graphlib's CycleError on a loop.
    """
    return list(_Search(old, new, flags).run())


class _Search:
    """The search, the nearest states first; a state is left once for each class of answers."""

    def __init__(self, old: Flow, new: Flow, flags: bool) -> None:
        self.sides = _Side(old), _Side(new)
        self.flags = flags
        self.same = _same_from(self.sides[OLD], self.sides[NEW])
        self._joint: dict[str, list[Both]] = {}
        self._twins: dict[tuple[_Node, _Node], bool] = {}
        self.came: dict[_State, tuple[_State, Both] | None] = {}
        self.ends: dict[tuple[object, ...], tuple[_State, int]] = {}
        self.todo: deque[_State] = deque()
        self.moves = 0

    def run(self) -> Iterator[Ends]:
        """Search everything, then tell."""
        old, new = self.sides
        self._arrive(None, _State(old.start, new.start, 0, 0, (), None))
        while self.todo:
            self._leave(self.todo.popleft())
        for state, count in self.ends.values():
            if ends := self._told(state, count):
                yield ends

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
            classes = [len(self.joint(step)) for step in (state.old.step, state.new.step)]
            self._ahead_of(state, OLD if classes[OLD] <= classes[NEW] else NEW)

    def _together(self, state: _State) -> None:
        old, new = self.sides
        for both in self.joint(state.old.step):
            there = old.after(state.old, both.old) if both.old else old.dead
            here = new.after(state.new, both.new) if both.new else new.dead
            parted = self._parting(both) if there.step != here.step else None
            seen = (
                state.old_seen | (both.old.seen if both.old else 0),
                state.new_seen | (both.new.seen if both.new else 0),
            )
            self._move(state, both, _State(there, here, *seen, state.pending, parted))

    def _parting(self, both: Both) -> Parting:
        """Where they part, as told."""
        if any(side.flow.questions[both.step].kind == "several" for side in self.sides):
            return Parting(both.step, None, None)
        return Parting(both.step, both.old and both.old.options[0], both.new and both.new.options[0])

    def _alone(self, state: _State, side: int) -> None:
        """A question that the other side never comes to."""
        node = state[side]
        assert isinstance(node, _Node)
        for choice in self.sides[side].tests.choices[node.step]:
            both = Both(node.step, choice, None) if side == OLD else Both(node.step, None, choice)
            self._move(state, both, self._answered(state, side, choice))

    def _ahead_of(self, state: _State, side: int) -> None:
        """A question that the other side may come to: its answer there is pending."""
        node, other = state[side], NEW if side == OLD else OLD
        assert isinstance(node, _Node)
        for both in self.joint(node.step):
            own, others = (both.old, both.new) if side == OLD else (both.new, both.old)
            if own:
                then = self._answered(state, side, own)
            else:
                then = self._stand(state, side, self.sides[side].owing(node.step), 0)
            waiting = (other, node.step, self.sides[other].alike(others))
            self._move(state, both, then._replace(pending=tuple(sorted((*then.pending, waiting), key=_by_place))))

    def _answered(self, state: _State, side: int, choice: Choice) -> _State:
        node = state[side]
        assert isinstance(node, _Node)
        return self._stand(state, side, self.sides[side].after(node, choice), choice.seen)

    def _stand(self, state: _State, side: int, node: _Node, seen: int) -> _State:
        if side == OLD:
            return state._replace(old=node, old_seen=state.old_seen | seen)
        return state._replace(new=node, new_seen=state.new_seen | seen)

    def _move(self, before: _State, both: Both, state: _State) -> None:
        self.moves += 1
        if self.moves > MOVES:
            raise TooManyStates(f"{MOVES} veje fra trin til trin", both.step)
        settled: _State | None = state
        if state.pending:
            settled = self._settled(state)
        if settled is not None:
            self._arrive((before, both), settled)

    def _settled(self, state: _State) -> _State | None:
        """Pending answers given where they are asked for, and dropped where they never will be; None for no walk."""
        again = True
        while again:
            again = False
            for waiting in state.pending:
                side, step, choice = waiting
                node = state.old if side == OLD else state.new
                other = state.new if side == OLD else state.old
                if not node.ended and node.step == step:
                    state = self._given(state, side, choice, other.owes == step)
                elif not self.sides[side].asks_later(node, step):
                    if other.owes == step:
                        return None
                else:
                    continue
                state = state._replace(pending=tuple(left for left in state.pending if left != waiting))
                again = True
                break
        return state._replace(parted=None) if state.old.step == state.new.step else state

    def _given(self, state: _State, side: int, choice: Choice | None, owed: bool) -> _State:
        """A pending answer is asked for; if the other side was waiting for that, it has no end."""
        dead = self.sides[side].dead
        then = self._answered(state, side, choice) if choice else self._stand(state, side, dead, 0)
        other = NEW if side == OLD else OLD
        return self._stand(then, other, self.sides[other].dead, 0) if owed else then

    def _arrive(self, way: tuple[_State, Both] | None, state: _State) -> None:
        old, new = state.old, state.new
        if not self.flags and (state.old_seen or state.new_seen):
            state = state._replace(old_seen=0, new_seen=0)
        if old.step == new.step and state.parted:
            state = state._replace(parted=None)
        if old.ended and new.ended:
            key = (old.step, new.step, *state[2:])
            first, count = self.ends.get(key, (state, 0))
            self.ends[key] = first, count + 1
        elif self._no_difference(state):
            return
        if state in self.came:
            return
        self.came[state] = way
        if not (old.ended and new.ended):
            if len(self.came) > LIMIT:
                raise TooManyStates(f"{LIMIT} tilstande", old.step or new.step)
            self.todo.append(state)

    def _no_difference(self, state: _State) -> bool:
        """Whether nothing that differs can follow."""
        old, new = state.old, state.new
        if old.step != new.step or old.step not in self.same or state.pending or state.old_seen != state.new_seen:
            return False
        known = self._twins.get((old, new))
        if known is None:
            mine, theirs = (self._rules(side, node) for side, node in zip(self.sides, (old, new), strict=True))
            known = self._twins[old, new] = mine == theirs
        return known

    def _rules(self, side: _Side, node: _Node) -> set[tuple[str, int]]:
        return {rule for bit, rule in enumerate(side.tests.rules) if node.live >> bit & 1}

    def joint(self, step: str) -> list[Both]:
        """The classes of answers to a question of both that neither side can tell apart."""
        if step not in self._joint:
            self._joint[step] = list(_joint(step, *self.sides))
        return self._joint[step]

    def _told(self, state: _State, count: int) -> Ends | None:
        ids = [node.step or None for node in (state.old, state.new)]
        outcomes = [side.flow.outcomes[step] if step else None for side, step in zip(self.sides, ids, strict=True)]
        if ids[OLD] == ids[NEW] and state.old_seen == state.new_seen:
            one, other = outcomes
            if one is None or other is None or furniture(one) == furniture(other):
                return None
        mine, theirs = self._answers(state)
        flags = unpack(state.old_seen), unpack(state.new_seen)
        return Ends(ids[OLD], ids[NEW], *flags, mine, theirs, state.parted, count)

    def _answers(self, state: _State) -> tuple[Answers, Answers]:
        ways: list[Both] = []
        while way := self.came[state]:
            state, both = way
            ways.append(both)
        ways.reverse()
        return (
            {both.step: both.old.options for both in ways if both.old},
            {both.step: both.new.options for both in ways if both.new},
        )


def _by_place(waiting: tuple[int, str, Choice | None]) -> tuple[int, str]:
    return waiting[0], waiting[1]


def _routing(question: Question) -> tuple[object, ...]:
    """All of a question that a walk can tell."""
    options = {name: (frozenset(option.flags), option.goto) for name, option in question.options.items()}
    return question.kind, options, [(rule.when, rule.goto) for rule in question.next]


def _same_from(old: _Side, new: _Side) -> set[str]:
    """The steps from which all that can follow is the same in both."""
    found: set[str] = set()
    for step in reversed(old.tests.steps):
        if outcome := old.flow.outcomes.get(step):
            other = new.flow.outcomes.get(step)
            if other and furniture(outcome) == furniture(other):
                found.add(step)
        elif question := new.flow.questions.get(step):
            further = old.tests.ahead[step] - {step}
            if further <= found and _routing(old.flow.questions[step]) == _routing(question):
                found.add(step)
    return found


class _Part(NamedTuple):
    """Options chosen on both sides: on each the flags and the live rules; None where they are no answer."""

    options: tuple[tuple[str, ...], tuple[str, ...]]
    old: tuple[int, int, str | None] | None
    new: tuple[int, int, str | None] | None
    several: bool


def _joint(step: str, old: _Side, new: _Side) -> Iterator[Both]:
    """Each class of answers that some side can give; `options` of both are an example of the same answer."""
    kinds = [side.flow.questions[step].kind for side in (old, new)]
    found: dict[tuple[object, ...], _Part] = {}
    for single in _options(step, old, new):
        for other in [] if kinds == ["one", "one"] else list(found.values()):
            part = _with(other, single, kinds)
            known = found.get(part[1:])
            if known is None or len(known.options[NEW]) > len(part.options[NEW]):
                found[part[1:]] = part
        found.setdefault(single[1:], single)
        if len(found) > CHOICES:
            raise TooManyStates(f"{CHOICES} slags svar på «{step}»", step)
    for part in found.values():
        if part.old or part.new:
            yield Both(
                step,
                Choice(part.options[OLD], *part.old) if part.old else None,
                Choice(part.options[NEW], *part.new) if part.new else None,
            )


def _with(one: _Part, single: _Part, kinds: Sequence[str]) -> _Part:
    """One option more. More than one is no answer to a question of kind `one`."""
    sides: list[tuple[int, int, str | None] | None] = []
    for kind, many, other in zip(kinds, one[1:3], single[1:3], strict=True):
        both = kind == "several" and many and other
        sides.append((many[0] | other[0], many[1] | other[1], None) if both and many and other else None)
    options = tuple(
        tuple(dict.fromkeys((*many, *more))) for many, more in zip(one.options, single.options, strict=True)
    )
    return _Part((options[OLD], options[NEW]), sides[OLD], sides[NEW], True)


def _options(step: str, old: _Side, new: _Side) -> Iterator[_Part]:
    """The options of both sides, those that are the same together."""
    for before, after in pairs(old.flow.questions[step], new.flow.questions[step]):
        yield _Part(
            ((before,) if before else (), (after,) if after else ()),
            _single(old, step, before) if before else None,
            _single(new, step, after) if after else None,
            False,
        )


def _single(side: _Side, step: str, name: str) -> tuple[int, int, str | None]:
    choice = side.tests.alone[step, name]
    return choice.seen, choice.live, choice.goto


def pairs(old: Question, new: Question) -> Iterator[tuple[str | None, str | None]]:
    """The options that are the same on both sides, as (old, new); None where a side has no such option."""
    for name, option in new.options.items():
        yield (name if name in old.options else option.as_ if option.as_ in old.options else None), name
    for name, option in old.options.items():
        if name not in new.options:
            yield name, option.as_ if option.as_ in new.options else None
