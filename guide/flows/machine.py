"""A Flow as a `transitions` machine: the only file that imports `transitions`.

One machine per flow, built once and shared by all walks. A walk is a token with one slot,
moved by `machine.events[…].trigger(token, answers)`; nothing is registered and nothing kept.
Construction does not check targets: `guide/library/checks.py` does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from transitions import Event, Machine

from guide.flows.rules import Answers
from guide.model import Flow, Question, When

SEVERAL = "+"
"""The trigger of a question of kind `several`; no option id can be spelt so."""


class Token:
    """Where a walk stands while it is replayed."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Plain(Event):
    """An event of a machine whose conditions are all there is: no callbacks, no queue, no log.

    The library looks for those at every move, which makes it four times dearer, and a walk is replayed on each request.
    """

    def trigger(self, model: Token, answers: Answers) -> bool:  # type: ignore[override]
        """Move the token by the first transition whose conditions hold; False when there is none."""
        for transition in self.transitions.get(model.state, ()):
            for condition in transition.conditions:  # a loop, not all(): this runs some dozens of times a request
                if not condition.func(answers):  # type: ignore[operator]
                    break
            else:
                model.state = str(transition.dest)
                return True
        return False


class Steps(Machine):
    """A machine of plain events."""

    event_cls = Plain


def build(flow: Flow) -> Machine:
    """The machine of a flow: steps are states, option ids are triggers, rules are guards in written order."""
    machine = Steps(
        model=None,
        states=[*flow.questions, *flow.outcomes],
        initial=flow.start,
        auto_transitions=False,
        transitions=[t for step, question in flow.questions.items() for t in _transitions(step, question)],
    )
    return machine


def _transitions(step: str, question: Question) -> list[dict[str, Any]]:
    rules = [{"source": step, "dest": rule.goto, "conditions": _guards(rule.when)} for rule in question.next]
    if question.kind == "several":
        return [{"trigger": SEVERAL, **rule} for rule in rules]
    found: list[dict[str, Any]] = []
    for name, option in question.options.items():
        if option.goto:
            found.append({"trigger": name, "source": step, "dest": option.goto})
        else:
            found.extend({"trigger": name, **rule} for rule in rules)
    return found


def _guards(when: When) -> list[Callable[[Answers], bool]]:
    """What `rules.holds` asks, one guard for each step that the condition names."""
    return [partial(_answered, step, frozenset(options)) for step, options in when.items()]


def _answered(step: str, options: frozenset[str], answers: Answers) -> bool:
    return not options.isdisjoint(answers.get(step, ()))


def advance(machine: Machine, step: str, question: Question, answers: Answers) -> str | None:
    """The step after `step`, given the answers on the path so far; None when no rule holds."""
    trigger = SEVERAL if question.kind == "several" else answers[step][0]
    token = Token(step)
    event = machine.events.get(trigger)
    if event is None or step not in event.transitions:
        return None
    return token.state if event.trigger(token, answers) else None
