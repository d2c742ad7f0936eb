"""A flow as a chart on paper: numbered questions, lettered outcomes, and where each answer leads, in the order asked.

Made from the same questions and rules that the machine is built from. Not here: how it looks (`templates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from guide.flows.graph import in_order
from guide.flows.rules import Answers, holds
from guide.model import Flow, Option, Question, When

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ"


@dataclass(frozen=True)
class Arrow:
    """Where to go when earlier answers are these; without any `when`: always."""

    when: When
    goto: str


@dataclass(frozen=True)
class Fork:
    """Options after which earlier answers decide: the first arrow that holds wins."""

    options: tuple[str, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Asked:
    """A question with its number, its options that lead straight on (option -> step), and its forks."""

    number: str
    step: str
    question: Question
    straight: Mapping[str, str]
    forks: tuple[Fork, ...]

    def follow(self, answers: Answers) -> str | None:
        """The step that the chart sends a reader to who gave these answers, this question's among them."""
        chosen = answers[self.step]
        if self.question.kind == "one" and chosen[0] in self.straight:
            return self.straight[chosen[0]]
        fork = next((fork for fork in self.forks if chosen[0] in fork.options), None)
        arrows = fork.arrows if fork else ()
        return next((arrow.goto for arrow in arrows if holds(arrow.when, answers)), None)


class Chart:
    """The whole flow: `asked` in the order of their numbers, `names` the number or letter of each step."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        questions = in_order(flow)
        self.names = {step: str(n) for n, step in enumerate(questions, 1)}
        self.outcomes = sorted(flow.outcomes, key=lambda step: -flow.outcomes[step].level.rank)
        self.names |= {step: letter(n) for n, step in enumerate(self.outcomes)}
        self.asked = [_asked(self.names[step], step, flow.questions[step]) for step in questions]

    def code(self, step: str, option: str) -> str:
        """An answer as the chart calls it: `7b`."""
        return self.names[step] + _code(list(self.flow.questions[step].options).index(option))

    def blocks(self, fork: Fork) -> list[tuple[list[str], str]]:
        """The arrows of a fork in words: (what must have been answered, any of these), step; the same target once."""
        groups = groupby(fork.arrows, key=lambda arrow: arrow.goto)
        return [([self.words(arrow.when) for arrow in arrows], goto) for goto, arrows in groups]

    def words(self, when: When) -> str:
        """A condition in words; empty when there is none."""
        codes = sum(len(options) for options in when.values())
        return " og ".join(self._words(step, options, codes) for step, options in when.items())

    def _words(self, step: str, options: tuple[str, ...], codes: int) -> str:
        """One step of a condition: with the answers' own words while they are few, else by their codes."""
        question, number = self.flow.questions[step], self.names[step]
        others = [name for name in question.options if name not in options]
        if not others:
            return f"et svar på spørgsmål {number}"
        if codes <= 2:
            return " eller ".join(f"{self.code(step, name)} »{question.options[name].label}«" for name in options)
        if question.kind == "one" and len(others) <= 2 < len(options):
            return f"et andet svar på spørgsmål {number} end " + _either([self.code(step, name) for name in others])
        return _either([self.code(step, name) for name in question.options if name in options])


def _either(names: list[str]) -> str:
    return " eller ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def letter(n: int) -> str:
    """0 -> A, 28 -> Å, 29 -> A2."""
    turn, place = divmod(n, len(ALPHABET))
    return ALPHABET[place] + (str(turn + 1) if turn else "")


def _code(n: int) -> str:
    return letter(n).lower()


def _asked(number: str, step: str, question: Question) -> Asked:
    if question.kind == "several":
        rules = tuple(Arrow(rule.when, rule.goto) for rule in question.next)
        return Asked(number, step, question, {}, (Fork(tuple(question.options), rules),))
    ways = {name: _ways(step, name, option, question) for name, option in question.options.items()}
    straight = {name: arrows[0].goto for name, arrows in ways.items() if len(arrows) == 1 and not arrows[0].when}
    forks = [arrows for name, arrows in ways.items() if name not in straight]
    forks = [arrows for n, arrows in enumerate(forks) if arrows not in forks[:n]]
    together = tuple(Fork(tuple(name for name in ways if ways[name] == arrows), arrows) for arrows in forks)
    return Asked(number, step, question, straight, together)


def _ways(step: str, name: str, option: Option, question: Question) -> tuple[Arrow, ...]:
    """What can come after one option: the rules that it does not rule out, without what it settles."""
    if option.goto:
        return (Arrow({}, option.goto),)
    found: list[Arrow] = []
    for rule in question.next:
        if name in rule.when.get(step, (name,)):
            found.append(Arrow({on: options for on, options in rule.when.items() if on != step}, rule.goto))
            if not found[-1].when:
                break
    while len(found) > 1 and not found[-1].when and found[-2].goto == found[-1].goto:
        del found[-2]  # it leads where all others go
    return tuple(found)
