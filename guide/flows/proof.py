"""What holds on every way through a flow: a search over (step, flags seen, live answers).

Live answers are those that some rule further on still reads; a `several` branches only on the sets
that rules and flags can tell apart. So 26 million ways become some dozens of states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from guide.flows.graph import edges, order
from guide.flows.rules import Answers, conditions
from guide.model import Flag, Flow, Level, Question

LIMIT = 200_000
"""More states than this is «cannot be proven», never a pass."""

Test = tuple[str, frozenset[str]]
"""One thing a rule can ask: was this step answered with one of these options?"""


class TooManyStates(Exception):
    """The flow has more states than can be searched."""


@dataclass(frozen=True)
class State:
    """A step with what is known on arrival: flags seen, and which tests of live steps hold."""

    step: str
    flags: frozenset[Flag]
    known: frozenset[Test]


@dataclass(frozen=True)
class Choice:
    """A class of answers to one question that no rule or flag can tell apart; `options` is an example."""

    options: tuple[str, ...]
    flags: frozenset[Flag]
    tests: frozenset[Test]


@dataclass
class Proof:
    """All states of a flow. `links`: state -> (example of an answer, next state); distances count answers."""

    flow: Flow
    start: State
    tests: dict[str, set[frozenset[str]]]
    alive: dict[str, frozenset[str]]
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
    start = State(flow.start, frozenset(), frozenset())
    proof = Proof(flow, start, _tests(flow), live(flow))
    proof.shortest[start] = proof.longest[start] = 0
    layers: dict[str, list[State]] = {start.step: [start]}
    for step in steps:
        for state in layers.get(step, []):
            proof.links[state] = []
            question = flow.questions.get(step)
            for choice in choices(step, question, proof.tests) if question else ():
                _follow(proof, state, choice, layers)
        if len(proof.longest) > LIMIT:
            raise TooManyStates(f"{len(proof.longest)} tilstande")
    _look_back(proof, steps)
    return proof


def _follow(proof: Proof, state: State, choice: Choice, layers: dict[str, list[State]]) -> None:
    known = state.known | choice.tests
    target = _target(proof.flow.questions[state.step], choice, known)
    if target is None:
        proof.stuck.append((state, choice))
        return
    kept = frozenset(t for t in known if t[0] in proof.alive[target])
    after = State(target, state.flags | choice.flags, kept)
    proof.links[state].append((choice, after))
    if after not in proof.longest:
        layers.setdefault(target, []).append(after)
        proof.arrived[after] = (choice, state)
    near, far = proof.shortest[state] + 1, proof.longest[state] + 1
    if near < proof.shortest.get(after, near + 1):
        proof.arrived[after] = (choice, state)
    proof.shortest[after] = min(near, proof.shortest.get(after, near))
    proof.longest[after] = max(far, proof.longest.get(after, far))


def _target(question: Question, choice: Choice, known: frozenset[Test]) -> str | None:
    if question.kind == "one" and (own := question.options[choice.options[0]].goto):
        return own
    for rule in question.next:
        if all((step, frozenset(options)) in known for step, options in rule.when.items()):
            return rule.goto
    return None


def _look_back(proof: Proof, steps: list[str]) -> None:
    position = {step: n for n, step in enumerate(steps)}
    for state in sorted(proof.links, key=lambda s: position[s.step], reverse=True):
        following = [after for _, after in proof.links[state]]
        if outcome := proof.flow.outcomes.get(state.step):
            proof.weakest[state], proof.remaining[state] = outcome.level, 0
        elif following:
            proof.weakest[state] = min((proof.weakest[a] for a in following), key=lambda level: level.rank)
            proof.remaining[state] = 1 + max(proof.remaining[a] for a in following)
        else:
            proof.weakest[state], proof.remaining[state] = Level.undren, 0


def _tests(flow: Flow) -> dict[str, set[frozenset[str]]]:
    """Question id -> the sets of options that some rule asks about."""
    found: dict[str, set[frozenset[str]]] = {}
    for _, when in conditions(flow):
        for step, options in when.items():
            found.setdefault(step, set()).add(frozenset(options))
    return found


def live(flow: Flow) -> dict[str, frozenset[str]]:
    """Step id -> the questions whose answers some rule at this step or further on reads."""
    reads: dict[str, set[str]] = {step: set() for step in (*flow.questions, *flow.outcomes)}
    for step, when in conditions(flow):
        reads[step] |= set(when)
    links = edges(flow)
    for step in reversed(order(flow)):
        for target in links.get(step, ()):
            reads[step] |= reads.get(target, set())
    return {step: frozenset(found) for step, found in reads.items()}


def choices(step: str, question: Question, tests: dict[str, set[frozenset[str]]]) -> list[Choice]:
    """The classes of answers to a question, each with its smallest example."""
    singles = [
        Choice(
            (name,),
            frozenset(option.flags),
            frozenset((step, asked) for asked in tests.get(step, ()) if name in asked),
        )
        for name, option in question.options.items()
    ]
    if question.kind == "one":
        return singles
    found: dict[tuple[frozenset[Flag], frozenset[Test]], Choice] = {}
    for single in singles:
        for other in [*found.values(), Choice((), frozenset(), frozenset())]:
            both = Choice((*other.options, *single.options), other.flags | single.flags, other.tests | single.tests)
            key = (both.flags, both.tests)
            if key not in found or len(found[key].options) > len(both.options):
                found[key] = both
    return list(found.values())


def here(proof: Proof, step: str, answers: Answers) -> State | None:
    """The state of a real walk that stands at `step` with these answers on its path."""
    tests, alive = proof.tests, proof.alive
    flags = {f for q, chosen in answers.items() for c in chosen for f in proof.flow.questions[q].options[c].flags}
    known = {(q, t) for q, chosen in answers.items() if q in alive[step] for t in tests.get(q, ()) if t & set(chosen)}
    state = State(step, frozenset(flags), frozenset(known))
    return state if state in proof.links else None
