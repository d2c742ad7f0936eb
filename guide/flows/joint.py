"""Answers to a question that two flows have: the classes that neither of them can tell apart.

An option is the same when its id is. One with `as: x`, which the other side does not have, is answered as `x` there.
Any other option that only one side has cannot be answered by the other. Not here: the walk itself (`lockstep.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from guide.flows.live import Choice, Tests, TooManyStates
from guide.model import Question

CHOICES = 20_000
"""More classes of answers to one question than this cannot be compared."""


class Both(NamedTuple):
    """An answer to a question on both sides; None where it cannot be given, or is not asked for."""

    step: str
    old: Choice | None
    new: Choice | None


def pairs(old: Question, new: Question) -> Iterator[tuple[str | None, str | None]]:
    """The options that are the same on both sides, as (old, new); None where a side has no such option."""
    for name, option in new.options.items():
        yield (name if name in old.options else option.as_ if option.as_ in old.options else None), name
    for name, option in old.options.items():
        if name not in new.options:
            yield name, option.as_ if option.as_ in new.options else None


class _Part(NamedTuple):
    """Options chosen on both sides, and what each side makes of them; None where they are no answer."""

    options: tuple[tuple[str, ...], tuple[str, ...]]
    old: tuple[int, int, str | None] | None
    new: tuple[int, int, str | None] | None


def joint(step: str, questions: tuple[Question, Question], tests: tuple[Tests, Tests]) -> Iterator[Both]:
    """Each class of answers to a question that some side can give; `options` on both sides are the same answer.

    Raises TooManyStates over CHOICES classes.
    """
    found: dict[tuple[object, ...], _Part] = {}
    both_one = all(question.kind == "one" for question in questions)
    for single in _singles(step, questions, tests):
        more = [] if both_one else [_with(other, single, questions) for other in found.values()]
        for part in (single, *more):
            known = found.get(part[1:])
            if known is None or _length(known) > _length(part):
                found[part[1:]] = part
        if len(found) > CHOICES:
            raise TooManyStates(f"{CHOICES} slags svar på «{step}»", step)
    for (before, after), old, new in found.values():
        if old or new:
            yield Both(step, Choice(before, *old) if old else None, Choice(after, *new) if new else None)


def _length(part: _Part) -> int:
    return sum(map(len, part.options))


def _with(one: _Part, single: _Part, questions: tuple[Question, Question]) -> _Part:
    """One option more. More than one is no answer to a question of kind `one`."""
    (old, new), (more_old, more_new) = one.options, single.options
    return _Part(
        (tuple(dict.fromkeys((*old, *more_old))), tuple(dict.fromkeys((*new, *more_new)))),
        _either(one.old, single.old) if questions[0].kind == "several" else None,
        _either(one.new, single.new) if questions[1].kind == "several" else None,
    )


def _either(
    one: tuple[int, int, str | None] | None, other: tuple[int, int, str | None] | None
) -> tuple[int, int, str | None] | None:
    return (one[0] | other[0], one[1] | other[1], None) if one and other else None


def _singles(step: str, questions: tuple[Question, Question], tests: tuple[Tests, Tests]) -> Iterator[_Part]:
    for before, after in pairs(*questions):
        yield _Part(
            ((before,) if before else (), (after,) if after else ()),
            tests[0].alone[step, before][1:] if before else None,
            tests[1].alone[step, after][1:] if after else None,
        )
