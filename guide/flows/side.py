"""One flow as a machine of nodes, made as they are come to: one side of `lockstep.py`.

A node is a step with the rules that can still win there (`live.py`), so a walk on this side is a chain of nodes. Flags
are no part of it. Not here: the search over both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from guide.flows.joint import CHOICES
from guide.flows.live import Choice, Tests
from guide.model import Flow, Outcome, Question


@dataclass(eq=False, slots=True)
class Node:
    """A step and its live rules. `owes`: there is no end, if the other side comes to that question."""

    step: str
    live: int
    ended: bool
    owes: str | None = None
    moves: dict[tuple[int, str | None], Node] = field(default_factory=dict)


class Side:
    """A flow whose graph has no loop. The same node is the same object. Raises TooManyStates."""

    def __init__(self, flow: Flow, tests: Tests | None = None) -> None:
        """`tests`: those of the same flow, where they have been made before."""
        self.flow = flow
        self.tests = tests or Tests(flow, CHOICES)
        self.dead = Node("", 0, True)
        """Where a side is that cannot be answered."""
        self.stuck = Node("", 0, True)
        """Where a side is when no rule holds."""
        self._nodes: dict[tuple[str, int], Node] = {}
        self._came: dict[tuple[str, int], Node] = {}
        """The same by what is live before `Tests.kept` has looked: many ways come with the same."""
        self._owing: dict[str, Node] = {}
        self._alike: dict[tuple[int, int, str | None], Choice] = {}
        self.start = self._node(flow.start, self.tests.start)

    def _node(self, step: str, live: int) -> Node:
        node = self._came.get((step, live))
        if node is None:
            known = self.tests.known[step]
            if live not in known:
                known[live] = self.tests.kept(step, live)
            place = step, known[live]
            if place not in self._nodes:
                self._nodes[place] = Node(*place, step not in self.flow.questions)
            node = self._came[step, live] = self._nodes[place]
        return node

    def owing(self, step: str) -> Node:
        """No end, if the other side comes to this question."""
        return self._owing.setdefault(step, Node("", 0, True, step))

    def alike(self, choice: Choice | None) -> Choice | None:
        """One choice for all that this side cannot tell apart."""
        return choice and self._alike.setdefault(choice[1:], choice)

    def asks_later(self, node: Node, step: str) -> bool:
        """Whether this question may still come."""
        return not node.ended and step in self.flow.questions and step in self.tests.ahead[node.step]

    def after(self, node: Node, choice: Choice) -> Node:
        """The node that an answer leads to; `stuck` when no rule holds."""
        known = node.moves.get((choice.live, choice.goto))
        if known is None:
            known = node.moves[choice.live, choice.goto] = self._go(node, choice)
        return known

    def _go(self, node: Node, choice: Choice) -> Node:
        live, target, tests = node.live & choice.live, choice.goto, self.tests
        if target is None:
            own = live & tests.own[node.step]
            if not own:
                return self.stuck
            target = tests.goto[own & -own]
        return self._node(target, live & tests.onward[node.step, target])

    def rules(self, node: Node) -> set[tuple[str, int]]:
        """The live rules of a node, as (question, number in `next` from 0)."""
        return {rule for bit, rule in enumerate(self.tests.rules) if node.live >> bit & 1}

    def walked(self, nodes: set[Node]) -> set[str]:
        """The steps that can be come to from some nodes, those of the nodes among them."""
        seen, todo = set[Node](), list(nodes)
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                if not node.ended:
                    todo += [self.after(node, choice) for choice in self.tests.choices[node.step]]
        return {node.step for node in seen} - {""}


def furniture(outcome: Outcome) -> tuple[object, ...]:
    """What is compared of an outcome besides its id: level, parents rule, contacts, law."""
    return outcome.level, outcome.parents, outcome.contacts, outcome.law


def same_from(old: Side, new: Side) -> set[str]:
    """The steps from which all that can follow is the same on both sides."""
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


def _routing(question: Question) -> tuple[object, ...]:
    """All of a question that a walk can tell."""
    options = {name: (frozenset(option.flags), option.goto) for name, option in question.options.items()}
    return question.kind, options, [(rule.when, rule.goto) for rule in question.next]
