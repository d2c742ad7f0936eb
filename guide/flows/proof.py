"""What holds on every way through a flow: a search over (step, flags seen, live answers).

Live answers are those read by a rule further on that can still win; a `several` branches only on the sets
that rules and flags can tell apart. So 26 million ways become some dozens of states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from guide.flows.graph import edges, order
from guide.flows.rules import Answers, conditions
from guide.model import Flag, Flow, Level, Question, When

LIMIT = 200_000
"""More states than this is «cannot be proven», never a pass."""

MOVES = 500_000
"""The same for moves from one state to another: they, not the states, fill the memory."""

CHOICES = 20_000
"""The same for the classes of answers to one question: each separate option of a `several` doubles them."""

Test = tuple[str, frozenset[str]]
"""One thing a rule can ask: was this step answered with one of these options?"""

FLAGS = tuple(Flag)
RANKS = {level: level.rank for level in Level}


class TooManyStates(Exception):
    """The flow has more than can be searched: of what (in Danish), and the step where it was found."""

    def __init__(self, what: str, step: str) -> None:
        super().__init__(what)
        self.step = step


class State(NamedTuple):
    """A step with what is known on arrival. `seen` and `known` are bit sets: of FLAGS, and of the flow's tests.

    `known` holds only tests of rules at this step or further on that can still win.
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
    """The tests of a flow as bits, and which of them still matter at each step.

    Raises TooManyStates when one question has more than CHOICES classes of answers.
    """

    def __init__(self, flow: Flow) -> None:
        asked = dict.fromkeys(test for _, when in conditions(flow) for test in _asks(when))
        self.bit = {test: 1 << n for n, test in enumerate(asked)}
        self.rules = {
            step: [(sum({self.bit[test] for test in _asks(rule.when)}), rule.goto) for rule in question.next]
            for step, question in flow.questions.items()
        }
        self.pending, self.ahead = self._ahead(flow)
        self._kept: dict[tuple[str, str, int], int] = {}
        self.single: dict[tuple[str, str], tuple[int, int]] = {}
        """(question, option) -> the flags and tests of that option chosen alone."""
        self.choices = {step: self._choices(step, question) for step, question in flow.questions.items()}

    def _ahead(self, flow: Flow) -> tuple[dict[str, tuple[tuple[str, int], ...]], dict[str, int]]:
        """For each step: the questions with rules from there on and the tests these read; the tests answered there."""
        answered = dict.fromkeys((*flow.questions, *flow.outcomes), 0)
        for (step, _), bit in self.bit.items():
            if step in answered:
                answered[step] |= bit
        pending: dict[str, dict[str, int]] = {}
        links = edges(flow)
        for step in reversed(order(flow)):
            following = links.get(step, [])
            read = reduce(or_, (needed for needed, _ in self.rules.get(step, ())), 0)
            pending[step] = {step: read} if read else {}
            for target in following:
                pending[step].update(pending[target])
                answered[step] |= answered[target]
        return {step: tuple(questions.items()) for step, questions in pending.items()}, answered

    def kept(self, step: str, known: int) -> int:
        """The tests worth knowing on arrival at a step: those of rules further on that can still win."""
        found = 0
        for question, read in self.pending[step]:
            key = (step, question, known & read)
            part = self._kept.get(key)
            if part is None:
                part = self._kept[key] = self._read(question, self.ahead[step], known)
            found |= part
        return found & known

    def _read(self, question: str, ahead: int, known: int) -> int:
        """The tests of a question's rules that can still win, when the tests in `ahead` are still to be answered.

        A rule cannot win when an earlier answer has ruled it out, or when a rule before it asks no more than it does.
        """
        found, before, failed = 0, list[int](), ~known & ~ahead
        for needed, _ in self.rules[question]:
            if needed & failed:
                continue
            left = needed & ahead
            for other in before:  # a loop, not any(): this is where a proof spends its time
                if other & left == other:
                    break
            else:
                before.append(left)
                found |= needed
                if not left:
                    break
        return found

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
            if len(found) > CHOICES:
                raise TooManyStates(f"{CHOICES} slags svar på «{step}»", step)
        return list(found.values())

    def known(self, step: str, chosen: Iterable[str]) -> int:
        """The tests that hold when a step is answered so."""
        picked = set(chosen)
        return sum(bit for (on, options), bit in self.bit.items() if on == step and options & picked)

    def target(self, question: Question, step: str, choice: Choice, known: int) -> tuple[str | None, int]:
        """Where this choice leads, given the tests that hold, and the number of the rule that says so.

        The number is -1 for the option's own `goto`; the step is None when no rule holds.
        """
        if question.kind == "one" and (own := question.options[choice.options[0]].goto):
            return own, -1
        for n, (needed, goto) in enumerate(self.rules[step]):
            if needed & known == needed:
                return goto, n
        return None, -1


def _asks(when: When) -> Iterator[Test]:
    return ((step, frozenset(options)) for step, options in when.items())


@dataclass
class Proof:
    """All states of a flow. `links`: state -> (example of an answer, next state); distances count answers.

    `won`: the rules that decided somewhere, as (step, number in `next` from 0); -1 for an option's own `goto`.
    """

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
    won: set[tuple[str, int]] = field(default_factory=set)
    moves: int = 0

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

    Raises TooManyStates over LIMIT states, MOVES moves or CHOICES choices, and graphlib's CycleError on a loop.
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
            proof.moves += len(proof.tests.choices.get(step, ()))
            if proof.moves > MOVES:
                raise TooManyStates(f"{MOVES} veje fra trin til trin", step)
            for choice in proof.tests.choices[step] if question else ():
                _follow(proof, state, choice, layers)
    _look_back(proof, steps)
    return proof


def _follow(proof: Proof, state: State, choice: Choice, layers: dict[str, list[State]]) -> None:
    known = state.known | choice.known
    target, rule = proof.tests.target(proof.flow.questions[state.step], state.step, choice, known)
    if target is None:
        proof.stuck.append((state, choice))
        return
    proof.won.add((state.step, rule))
    after = State(target, state.seen | choice.seen, proof.tests.kept(target, known))
    proof.links[state].append((choice, after))
    near, far = proof.shortest[state] + 1, proof.longest[state] + 1
    if after not in proof.longest:
        layers.setdefault(target, []).append(after)
        proof.shortest[after], proof.longest[after] = near, far
        proof.arrived[after] = (choice, state)
        if len(proof.longest) > LIMIT:
            raise TooManyStates(f"{LIMIT} tilstande", state.step)
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
    state = State(step, seen, proof.tests.kept(step, known))
    return state if state in proof.links else None
