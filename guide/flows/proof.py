"""What holds on every way through a flow: a search over (step, flags seen, live answers).

Live answers are those that some rule further on still reads; a `several` branches only on the sets
that rules and flags can tell apart. So 26 million ways become some dozens of states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from guide.flows.graph import edges, order
from guide.flows.rules import Answers, conditions
from guide.model import Flag, Flow, Level, Question, When

LIMIT = 200_000
"""More states than this is «cannot be proven», never a pass."""

Test = tuple[str, frozenset[str]]
"""One thing a rule can ask: was this step answered with one of these options?"""

FLAGS = tuple(Flag)
RANKS = {level: level.rank for level in Level}


class TooManyStates(Exception):
    """The flow has more states than can be searched."""


class State(NamedTuple):
    """A step with what is known on arrival. `seen` and `known` are bit sets: of FLAGS, and of the flow's tests.

    `known` holds only tests that some rule at this step or further on still reads.
    """

    step: str
    seen: int
    known: int

    @property
    def flags(self) -> frozenset[Flag]:
        """Every flag of every answer on the way here."""
        return unpack(self.seen)


class Choice(NamedTuple):
    """A class of answers to one question that no rule or flag can tell apart; `options` is an example."""

    options: tuple[str, ...]
    seen: int
    known: int

    @property
    def flags(self) -> frozenset[Flag]:
        """The flags of these options."""
        return unpack(self.seen)


@lru_cache(maxsize=4096)
def unpack(seen: int) -> frozenset[Flag]:
    """The flags of a bit set."""
    return frozenset(flag for n, flag in enumerate(FLAGS) if seen >> n & 1)


class Tests:
    """The tests of a flow as bits, and which of them are still alive at each step."""

    def __init__(self, flow: Flow) -> None:
        asked = dict.fromkeys(test for _, when in conditions(flow) for test in _asks(when))
        self.bit = {test: 1 << n for n, test in enumerate(asked)}
        self.rules = {
            step: [(sum({self.bit[test] for test in _asks(rule.when)}), rule.goto) for rule in question.next]
            for step, question in flow.questions.items()
        }
        self.alive = self._alive(flow)
        self.single: dict[tuple[str, str], tuple[int, int]] = {}
        """(question, option) -> the flags and tests of that option chosen alone."""
        self.choices = {step: self._choices(step, question) for step, question in flow.questions.items()}

    def _alive(self, flow: Flow) -> dict[str, int]:
        alive = dict.fromkeys((*flow.questions, *flow.outcomes), 0)
        links = edges(flow)
        for step in reversed(order(flow)):
            for needed, _ in self.rules.get(step, ()):
                alive[step] |= needed
            for target in links.get(step, ()):
                alive[step] |= alive[target]
        return alive

    def _choices(self, step: str, question: Question) -> list[Choice]:
        singles = [
            Choice((name,), sum(1 << FLAGS.index(f) for f in set(option.flags)), self.known(step, (name,)))
            for name, option in question.options.items()
        ]
        self.single.update(((step, choice.options[0]), (choice.seen, choice.known)) for choice in singles)
        if question.kind == "one":
            return singles
        found: dict[tuple[int, int], Choice] = {}
        for single in singles:
            for other in [*found.values(), Choice((), 0, 0)]:
                both = Choice((*other.options, *single.options), other.seen | single.seen, other.known | single.known)
                key = (both.seen, both.known)
                if key not in found or len(found[key].options) > len(both.options):
                    found[key] = both
        return list(found.values())

    def known(self, step: str, chosen: Iterable[str]) -> int:
        """The tests that hold when a step is answered so."""
        picked = set(chosen)
        return sum(bit for (on, options), bit in self.bit.items() if on == step and options & picked)

    def target(self, question: Question, step: str, choice: Choice, known: int) -> str | None:
        """Where this choice leads, given the tests that hold; None when no rule does."""
        if question.kind == "one" and (own := question.options[choice.options[0]].goto):
            return own
        for needed, goto in self.rules[step]:
            if needed & known == needed:
                return goto
        return None


def _asks(when: When) -> Iterator[Test]:
    return ((step, frozenset(options)) for step, options in when.items())


@dataclass
class Proof:
    """All states of a flow. `links`: state -> (example of an answer, next state); distances count answers."""

    flow: Flow
    start: State
    tests: Tests
    links: dict[State, list[tuple[Choice, State]]] = field(default_factory=dict)
    shortest: dict[State, int] = field(default_factory=dict)
    longest: dict[State, int] = field(default_factory=dict)
    remaining: dict[State, int] = field(default_factory=dict)
    weakest: dict[State, Level] = field(default_factory=dict)
    arrived: dict[State, tuple[Choice, State]] = field(default_factory=dict)
    stuck: list[tuple[State, Choice]] = field(default_factory=list)

    def ends(self) -> Iterator[State]:
        """The states in which a walk ends."""
        return (s for s in self.links if s.step in self.flow.outcomes)

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

    Raises TooManyStates over LIMIT states, and graphlib's CycleError on a loop.
    """
    steps = order(flow)
    start = State(flow.start, 0, 0)
    proof = Proof(flow, start, Tests(flow))
    proof.shortest[start] = proof.longest[start] = 0
    layers: dict[str, list[State]] = {start.step: [start]}
    for step in steps:
        question = flow.questions.get(step)
        for state in layers.get(step, []):
            proof.links[state] = []
            for choice in proof.tests.choices[step] if question else ():
                _follow(proof, state, choice, layers)
        if len(proof.longest) > LIMIT:
            raise TooManyStates(f"{len(proof.longest)} tilstande")
    _look_back(proof, steps)
    return proof


def _follow(proof: Proof, state: State, choice: Choice, layers: dict[str, list[State]]) -> None:
    known = state.known | choice.known
    target = proof.tests.target(proof.flow.questions[state.step], state.step, choice, known)
    if target is None:
        proof.stuck.append((state, choice))
        return
    after = State(target, state.seen | choice.seen, known & proof.tests.alive[target])
    proof.links[state].append((choice, after))
    near, far = proof.shortest[state] + 1, proof.longest[state] + 1
    if after not in proof.longest:
        layers.setdefault(target, []).append(after)
        proof.shortest[after], proof.longest[after] = near, far
        proof.arrived[after] = (choice, state)
        return
    if near < proof.shortest[after]:
        proof.shortest[after] = near
        proof.arrived[after] = (choice, state)
    proof.longest[after] = max(far, proof.longest[after])


def _look_back(proof: Proof, steps: list[str]) -> None:
    position = {step: n for n, step in enumerate(steps)}
    for state in sorted(proof.links, key=lambda s: position[s.step], reverse=True):
        following = [after for _, after in proof.links[state]]
        if outcome := proof.flow.outcomes.get(state.step):
            proof.weakest[state], proof.remaining[state] = outcome.level, 0
        elif following:
            proof.weakest[state] = min((proof.weakest[a] for a in following), key=RANKS.__getitem__)
            proof.remaining[state] = 1 + max(proof.remaining[a] for a in following)
        else:
            proof.weakest[state], proof.remaining[state] = Level.undren, 0


def here(proof: Proof, step: str, answers: Answers) -> State | None:
    """The state of a real walk that stands at `step` with these answers on its path."""
    seen = known = 0
    for on, chosen in answers.items():
        known |= proof.tests.known(on, chosen)
        for option in chosen:
            seen |= sum(1 << FLAGS.index(f) for f in set(proof.flow.questions[on].options[option].flags))
    state = State(step, seen, known & proof.tests.alive[step])
    return state if state in proof.links else None
