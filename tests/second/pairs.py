"""Two flows on the same answers, by trying every answer to every question that one of them comes to ask.

A question is answered once for both. What only one side has of options is no answer on the other, unless it says
`as`: then it is that option there. A side that gets what is no answer to it has no end (None); but an answer that one
side cannot give counts only when the other side asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from tests.second.plain import Data, Given, Prefix, answers, flags, following

OLD, NEW = 0, 1
Shared = dict[str, tuple[frozenset[str] | None, frozenset[str] | None]]


class Pair(NamedTuple):
    """How one set of answers ends in both, with the flags that each side saw and the answers it was given."""

    old: str | None
    new: str | None
    old_flags: frozenset[str]
    new_flags: frozenset[str]
    old_given: Prefix
    new_given: Prefix


class _Run(NamedTuple):
    given: Given
    step: str
    needs: bool = False
    dead: bool = False


def pairs(old: Data, new: Data) -> Iterator[Pair]:
    """Every pair of ends that some answers lead to; the same pair may come many times."""
    return _tried(old, new, {})


def _tried(old: Data, new: Data, shared: Shared) -> Iterator[Pair]:
    runs = [_run(flow, shared, side) for side, flow in ((OLD, old), (NEW, new))]
    needs = next((run.step for run in runs if run.needs), None)
    if needs is not None:
        for both in _joint(old["questions"].get(needs), new["questions"].get(needs)):
            yield from _tried(old, new, {**shared, needs: both})
        return
    if all(run.dead for run in runs):
        return
    for run, other in (runs, reversed(runs)):
        if run.dead and run.step not in other.given:
            return  # nobody gives that answer
    ends = [None if run.dead else run.step for run in runs]
    none = frozenset[str]()  # what is seen on the way to no end is not told
    seen = [
        none if run.dead else flags(flow, tuple(run.given.items())) for flow, run in zip((old, new), runs, strict=True)
    ]
    yield Pair(*ends, *seen, *(tuple(run.given.items()) for run in runs))


def _run(flow: Data, shared: Shared, side: int) -> _Run:
    given: Given = {}
    step = flow["start"]
    while step in flow["questions"]:
        if step not in shared:
            return _Run(given, step, needs=True)
        answer = shared[step][side]
        if answer is None:
            return _Run(given, step, dead=True)
        given[step] = answer
        step = following(flow, step, given)
    return _Run(given, step)


def _joint(old: Data | None, new: Data | None) -> Iterator[tuple[frozenset[str] | None, frozenset[str] | None]]:
    """Every answer that some side can give."""
    if old is None or new is None:
        for answer in answers(old or new or {}):
            yield (answer, None) if new is None else (None, answer)
        return
    same = _same(old, new)
    for size in range(1, len(same) + 1):
        for chosen in combinations(same, size):
            both = [_answer(question, [names[side] for names in chosen]) for side, question in ((OLD, old), (NEW, new))]
            if both != [None, None]:
                yield both[OLD], both[NEW]


def _same(old: Data, new: Data) -> list[tuple[str | None, str | None]]:
    """The options, as (old, new); None where a side has no such option."""
    found: list[tuple[str | None, str | None]] = []
    for name, option in new["options"].items():
        national = name if name in old["options"] else option["as"]
        found.append((national if national in old["options"] else None, name))
    for name, option in old["options"].items():
        if name not in new["options"]:
            found.append((name, option["as"] if option["as"] in new["options"] else None))
    return found


def _answer(question: Data, names: list[str | None]) -> frozenset[str] | None:
    if None in names or (question["kind"] == "one" and len(names) > 1):
        return None
    return frozenset(str(name) for name in names)
