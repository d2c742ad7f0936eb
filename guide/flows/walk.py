"""A Walk: a flow and the answers given so far, replayed from the start each time it is needed.

Pure: it knows steps, not addresses; the web makes the addresses. Answers that are off the path
are kept, so that changing an answer back restores the way, but they carry no flag and count for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from transitions import Machine

from guide.flows.machine import advance
from guide.flows.rules import Answers, holds
from guide.model import Advice, FindOut, Flag, Flow, Outcome, Question


class WalkError(Exception):
    """An answer that this walk cannot take. The message is Danish and can be shown."""


class Answered(NamedTuple):
    """One answered question of a path: its position (from 1), id, question, and the options chosen."""

    position: int
    step: str
    question: Question
    chosen: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.question.options[c].label for c in self.chosen)

    @property
    def flags(self) -> frozenset[Flag]:
        return frozenset(flag for c in self.chosen for flag in self.question.options[c].flags)


@dataclass(frozen=True)
class Walk:
    """A flow with answers by step id. `machine` is the flow's own, from `flows.machine.build`."""

    flow: Flow
    machine: Machine
    answers: Answers
    head: tuple[Answered, ...] = field(default=(), repr=False, compare=False)
    """The beginning of the path, where it was replayed before; the answers to it are the same."""
    answered: tuple[Answered, ...] = field(init=False, repr=False, compare=False)
    """The questions on the path that have an answer, first to last."""
    path: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Step ids from the start to the current step; position n of the walk is `path[n - 1]`."""
    on_path: Answers = field(init=False, repr=False, compare=False)
    """The answers that count: those of the steps on the path."""

    def __post_init__(self) -> None:
        """Replay at once: everybody asks for the path, and `cached_property` takes a lock that all walks share."""
        done, current = self._replay()
        set_once = object.__setattr__
        set_once(self, "answered", done)
        set_once(self, "path", (*(a.step for a in done), current))
        set_once(self, "on_path", {a.step: a.chosen for a in done})

    @property
    def current(self) -> str:
        """The step the walk has come to: the first without a valid answer, or the outcome."""
        return self.path[-1]

    @property
    def outcome(self) -> Outcome | None:
        """The outcome, when the walk has come to one."""
        return self.flow.outcomes.get(self.current)

    @property
    def flags(self) -> frozenset[Flag]:
        """Every flag of every answer on the path."""
        return frozenset(flag for a in self.answered for flag in a.flags)

    def _replay(self) -> tuple[tuple[Answered, ...], str]:
        done = list(self.head[:-1])
        step = self.head[-1].step if self.head else self.flow.start
        so_far = {a.step: a.chosen for a in done}
        while (question := self.flow.questions.get(step)) and step not in so_far:
            chosen = valid(question, self.answers.get(step, ()))
            if not chosen:
                break
            so_far[step] = chosen
            following = advance(self.machine, step, question, so_far)
            if following is None:
                break
            done.append(Answered(len(done) + 1, step, question, chosen))
            step = following
        return tuple(done), step

    def answer(self, step: str, options: Iterable[str]) -> Walk:
        """This walk with `step` answered anew; later answers that still apply are kept.

        Raises WalkError when the step is not on the path, or the options are not answers to it.
        """
        if step not in self.path or step not in self.flow.questions:
            raise WalkError("Spørgsmålet hører ikke til dit forløb.")
        question, options = self.flow.questions[step], list(options)
        if not options:
            raise WalkError("Vælg et svar." if question.kind == "one" else "Vælg mindst ét svar.")
        chosen = valid(question, options)
        if not chosen:
            raise WalkError("Svaret findes ikke på dette spørgsmål.")
        head = self.answered[: self.path.index(step)]
        return Walk(self.flow, self.machine, {**self.answers, step: chosen}, head)

    def advice(self, pieces: Iterable[Advice]) -> list[str]:
        """The texts that fit these answers, in the order written; one that fits twice is said once."""
        return list(dict.fromkeys(piece.text for piece in pieces if holds(piece.when, self.on_path)))

    @property
    def to_find_out(self) -> tuple[FindOut, ...]:
        """The one thing to find out for each «ved ikke» on the path, in the order of the questions, each once."""
        known = (a.question.options[name].find_out for a in self.answered for name in a.chosen)
        return tuple(dict.fromkeys(one for one in known if one))

    @property
    def decisive(self) -> tuple[Answered, ...]:
        """The answers that decided the outcome: those with a flag, those a winning rule read, and the last one."""
        read = {a.step for a in self.answered if a.flags} | {a.step for a in self.answered[-1:]}
        so_far: dict[str, tuple[str, ...]] = {}
        for a, following in zip(self.answered, self.path[1:], strict=True):
            so_far[a.step] = a.chosen
            if a.question.kind == "one" and a.question.options[a.chosen[0]].goto:
                continue
            for rule in a.question.next:
                if holds(rule.when, so_far) and rule.goto == following:
                    read |= set(rule.when)
                    break
        return tuple(a for a in self.answered if a.step in read)


def valid(question: Question, options: Iterable[str]) -> tuple[str, ...]:
    """The options in the question's own order, or () when they are no answer to it."""
    chosen = set(options)
    if not chosen <= question.options.keys() or (question.kind == "one" and len(chosen) != 1):
        return ()
    return tuple(chosen) if len(chosen) == 1 else tuple(name for name in question.options if name in chosen)
