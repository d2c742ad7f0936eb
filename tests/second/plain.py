"""Flows as plain data, and every walk through them, one by one: nothing is merged, nothing is remembered.

It is slow and short, so that one can see that it is right; it knows nothing of `guide.flows`, and of the model only
what a flow looks like as JSON. Here: walking. Not here: what must hold, two flows (`pairs.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

from guide.model import Flow

Data = dict[str, Any]
Given = dict[str, frozenset[str]]
Prefix = tuple[tuple[str, frozenset[str]], ...]
"""Answers in the order given: the beginning of a walk, or all of it."""

LEVELS = ("undren", "bekymring", "underret", "straks", "akut")
PARENTS = ("foerst", "orienter", "efter-aftale", "kun-udsat", "ikke")


class Way(NamedTuple):
    """One complete walk: the answers in the order given, and the outcome."""

    given: Prefix
    outcome: str


def plain(flow: Flow) -> Data:
    """A flow as it would stand in a JSON file."""
    return flow.model_dump(mode="json", by_alias=True)


def answers(question: Data) -> list[frozenset[str]]:
    """Every answer to a question: each option, or each set of them that is not empty."""
    names = list(question["options"])
    sizes = range(1, len(names) + 1) if question["kind"] == "several" else [1]
    return [frozenset(chosen) for size in sizes for chosen in combinations(names, size)]


def following(flow: Data, step: str, given: Given) -> str | None:
    """The step after a question that has just been answered; None when nothing says."""
    question = flow["questions"][step]
    if question["kind"] == "one":
        (only,) = given[step]
        if question["options"][only]["goto"] is not None:
            return str(question["options"][only]["goto"])
    for rule in question["next"]:
        met = True
        for on, wanted in rule["when"].items():
            if on not in given or not given[on] & set(wanted):
                met = False
        if met:
            return str(rule["goto"])
    return None


def ways(flow: Data) -> list[Way]:
    """Every complete walk of a flow."""
    return list(_on(flow, flow["start"], {}))


def _on(flow: Data, step: str, given: Given) -> Iterator[Way]:
    if step in flow["outcomes"]:
        yield Way(tuple(given.items()), step)
        return
    for answer in answers(flow["questions"][step]):
        more = {**given, step: answer}
        target = following(flow, step, more)
        assert target is not None, f"{step} ends blindly"
        yield from _on(flow, target, more)


def flags(flow: Data, given: Prefix) -> frozenset[str]:
    """Every flag of every answer."""
    found: set[str] = set()
    for step, answer in given:
        for name in answer:
            found.update(flow["questions"][step]["options"][name]["flags"])
    return frozenset(found)


def rank(flow: Data, outcome: str) -> int:
    """How serious an outcome is, from 0."""
    return LEVELS.index(flow["outcomes"][outcome]["level"])
