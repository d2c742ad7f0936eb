"""A `when` against answers: what holds, and which answers a step's rules read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guide.model import Flow, Question, When

Answers = Mapping[str, tuple[str, ...]]
"""Step id -> the option ids chosen there, in the order the question lists them."""


def holds(when: When, answers: Answers) -> bool:
    """True when every step named was answered with one of the options named.

    A step without an answer makes the condition false; an empty `when` always holds.
    """
    return all(not set(options).isdisjoint(answers.get(step, ())) for step, options in when.items())


def targets(question: Question) -> Iterable[str]:
    """Every step this question can lead to, in the order written, each once."""
    own = [option.goto for option in question.options.values() if option.goto]
    return dict.fromkeys([*own, *(rule.goto for rule in question.next)])


def conditions(flow: Flow) -> Iterable[tuple[str, When]]:
    """Every routing condition of a flow as (step id, when)."""
    for step, question in flow.questions.items():
        for rule in question.next:
            if rule.when:
                yield step, rule.when
