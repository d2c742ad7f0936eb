"""A Flow as a `transitions` machine: the only file that imports `transitions`.

One machine per flow, built once and shared by all walks. A walk is a token with one slot,
moved by `machine.events[…].trigger(token, answers)`; nothing is registered and nothing kept.
Construction does not check targets: `guide/library/checks.py` does.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from transitions import Machine

from guide.flows.rules import Answers, holds
from guide.model import Flow, Question

SEVERAL = "+"
"""The trigger of a question of kind `several`; no option id can be spelt so."""


class Token:
    """Where a walk stands while it is replayed."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def build(flow: Flow) -> Machine:
    """The machine of a flow: steps are states, option ids are triggers, rules are guards in written order."""
    machine = Machine(
        model=None,
        states=[*flow.questions, *flow.outcomes],
        initial=flow.start,
        auto_transitions=False,
        transitions=[t for step, question in flow.questions.items() for t in _transitions(step, question)],
    )
    return machine


def _transitions(step: str, question: Question) -> list[dict[str, Any]]:
    rules = [{"source": step, "dest": rule.goto, "conditions": [partial(holds, rule.when)]} for rule in question.next]
    if question.kind == "several":
        return [{"trigger": SEVERAL, **rule} for rule in rules]
    found: list[dict[str, Any]] = []
    for name, option in question.options.items():
        if option.goto:
            found.append({"trigger": name, "source": step, "dest": option.goto})
        else:
            found.extend({"trigger": name, **rule} for rule in rules)
    return found


def advance(machine: Machine, step: str, question: Question, answers: Answers) -> str | None:
    """The step after `step`, given the answers on the path so far; None when no rule holds."""
    trigger = SEVERAL if question.kind == "several" else answers[step][0]
    token = Token(step)
    event = machine.events.get(trigger)
    if event is None or step not in event.transitions:
        return None
    return token.state if event.trigger(token, answers) else None
