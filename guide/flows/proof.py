"""What holds on every way through a flow: a search over (step, flags seen, live rules).

Live rules are those that can still win there or further on (`live.py`); a `several` branches only on the sets that
rules and flags can tell apart. So 26 million ways become some dozens of states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from guide.flows.live import FLAGS, Choice, Tests, TooManyStates, pack, unpack
from guide.flows.rules import Answers
from guide.flows.side import Side
from guide.model import Flag, Flow, Level

__all__ = ["Choice", "Proof", "State", "Tests", "TooManyStates", "here", "prove"]

LIMIT = 200_000
"""More states than this is «cannot be proven», never a pass."""

MOVES = 500_000
"""The same for moves from one state to another: they, not the states, fill the memory."""

CHOICES = 20_000
"""The same for the classes of answers to one question: each separate option of a `several` doubles them."""


WALKED = 4_096
"""Arrivals remembered for the walks that come after; a flow seldom has as many."""


@dataclass(eq=False, slots=True)
class State:
    """A step with what is known on arrival. A proof has one object for each, so the same state is the same object.

    `seen` is a bit set of flags, `live` one of the flow's rules: those that can still win.
    """

    step: str
    seen: int
    live: int

    @property
    def flags(self) -> frozenset[Flag]:
        """Every flag of every answer on the way here."""
        return unpack(self.seen)


@dataclass
class Proof:
    """All states of a flow. `links`: state -> (example of an answer, next state); distances count answers.

    `won`: the rules that decided somewhere, as (step, number in `next` from 0); -1 for an option's own `goto`.
    """

    flow: Flow
    start: State
    tests: Tests
    states: dict[str, dict[int, State]] = field(default_factory=dict)
    """Step -> its states, by flags and live rules as one number."""
    links: dict[State, list[tuple[Choice, State]]] = field(default_factory=dict)
    shortest: dict[State, int] = field(default_factory=dict)
    longest: dict[State, int] = field(default_factory=dict)
    remaining: dict[State, int] = field(default_factory=dict)
    weakest: dict[State, Level] = field(default_factory=dict)
    arrived: dict[State, tuple[Choice, State]] = field(default_factory=dict)
    stuck: list[tuple[State, Choice]] = field(default_factory=list)
    won: set[tuple[str, int]] = field(default_factory=set)
    walked: dict[tuple[str, int], int] = field(default_factory=dict)
    """What `here` has worked out: the rules kept on arrival at a step. At most WALKED of them."""

    def forget(self) -> None:
        """Drop what only checks read: where states lead and come from. What `here` and `remaining` tell stays."""
        for known in (self.links, self.shortest, self.longest, self.weakest, self.arrived, self.stuck):
            known.clear()
        for kept in self.tests.known.values():
            kept.clear()
        self.__dict__.pop("side", None)

    @cached_property
    def side(self) -> Side:
        """The flow as one side of a comparison; kept, as one national flow is compared with those of many kommuner."""
        return Side(self.flow, self.tests)

    def ends(self) -> Iterator[State]:
        """The states in which a walk ends."""
        return (state for step in self.flow.outcomes for state in self.states[step].values())

    def example(self, state: State) -> dict[str, tuple[str, ...]]:
        """Answers that lead to a state, by step id."""
        answers: list[tuple[str, tuple[str, ...]]] = []
        while state in self.arrived:
            choice, before = self.arrived[state]
            answers.append((before.step, choice.options))
            state = before
        return dict(reversed(answers))

    def told(self, state: State) -> str:
        """The same in Danish: the questions and the answers that lead there."""
        steps = self.example(state)
        return " → ".join(
            f"«{self.flow.questions[step].title}»: "
            + " + ".join(f"«{self.flow.questions[step].options[o].label}»" for o in options)
            for step, options in steps.items()
        )


def prove(flow: Flow) -> Proof:
    """Search every way through a flow whose graph has no loop and no missing target.

    Raises TooManyStates over LIMIT states, MOVES moves or CHOICES choices, and graphlib's CycleError on a loop.
    """
    tests = Tests(flow, CHOICES)
    start = State(flow.start, 0, tests.kept(flow.start, tests.start))
    proof = Proof(flow, start, tests, {step: {} for step in tests.steps})
    proof.states[flow.start][_code(start.seen, start.live)] = start
    proof.shortest[start] = proof.longest[start] = moves = 0
    for step in tests.steps:
        if question := flow.questions.get(step):
            answers = len(question.options) if question.kind == "one" else len(tests.choices[step])
            moves += len(proof.states[step]) * answers
            if moves > MOVES:
                raise TooManyStates(f"{MOVES} veje fra trin til trin", step)
            _answer(proof, step)
        else:
            proof.links.update((state, []) for state in proof.states[step].values())
    _look_back(proof)
    return proof


def _code(seen: int, live: int) -> int:
    return live << len(FLAGS) | seen


def _answer(proof: Proof, step: str) -> None:
    """All moves from the states of a question.

    A proof spends its time here and in `_arrive`: hence the local names.
    """
    tests, own, choices, won = proof.tests, proof.tests.own[step], proof.tests.choices[step], set[int]()
    kept = tests.known
    for state in proof.states[step].values():
        links = proof.links[state] = []
        for choice in choices:
            live, target = state.live & choice.live, choice.goto
            if target is None:
                first = live & own & -(live & own)
                if not first:
                    proof.stuck.append((state, choice))
                    continue
                won.add(first)
                target = tests.goto[first]
            live &= tests.onward[step, target]
            left = kept[target].get(live)
            if left is None:
                left = kept[target][live] = tests.kept(target, live)
            links.append((choice, _arrive(proof, state, choice, target, left)))
    proof.won.update(tests.rules[first.bit_length() - 1] for first in won)
    if proof.states[step] and any(choice.goto for choice in choices):
        proof.won.add((step, -1))


def _arrive(proof: Proof, state: State, choice: Choice, target: str, live: int) -> State:
    """The state that a choice leads to, with its distances from the start."""
    shortest, longest, known = proof.shortest, proof.longest, proof.states[target]
    seen, near, far = state.seen | choice.seen, shortest[state] + 1, longest[state] + 1
    code = live << len(FLAGS) | seen  # as `_code`, without the call
    after = known.get(code)
    if after is None:
        after = known[code] = State(target, seen, live)
        shortest[after], longest[after], proof.arrived[after] = near, far, (choice, state)
        if len(longest) > LIMIT:
            raise TooManyStates(f"{LIMIT} tilstande", state.step)
        return after
    if near < shortest[after]:
        shortest[after], proof.arrived[after] = near, (choice, state)
    if far > longest[after]:
        longest[after] = far
    return after


def _look_back(proof: Proof) -> None:
    """What is ahead of each state, from the last step to the first."""
    levels, ranks = tuple(Level), dict[State, int]()
    remaining = proof.remaining
    for state, links in reversed(proof.links.items()):
        if links:
            ranks[state] = min([ranks[after] for _, after in links])
            remaining[state] = 1 + max([remaining[after] for _, after in links])
        else:
            outcome = proof.flow.outcomes.get(state.step)
            ranks[state], remaining[state] = outcome.level.rank if outcome else 0, 0
    proof.weakest.update((state, levels[rank]) for state, rank in ranks.items())


def here(proof: Proof, step: str, answers: Answers) -> State | None:
    """The state of a real walk that stands at `step` with these answers on its path, in the order of the path."""
    tests, path = proof.tests, [*answers, step]
    seen, live = 0, proof.start.live
    for (on, chosen), after in zip(answers.items(), path[1:], strict=True):
        options = proof.flow.questions[on].options
        for option in chosen:
            if flags := options[option].flags:
                seen |= pack(flags)
        live = _kept(proof, after, live & tests.live(on, chosen) & tests.onward.get((on, after), 0))
    return proof.states[step].get(_code(seen, live))


def _kept(proof: Proof, step: str, live: int) -> int:
    known = proof.walked.get((step, live))
    if known is None:
        if len(proof.walked) >= WALKED:
            proof.walked.clear()
        known = proof.walked[step, live] = proof.tests.kept(step, live)
    return known
