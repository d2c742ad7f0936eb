"""The plain graph of a flow: who leads to whom, whatever was answered. The search over answers is in `proof.py`."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import TopologicalSorter

from guide.flows.rules import targets
from guide.model import Flow


def edges(flow: Flow) -> dict[str, list[str]]:
    """Question id -> the steps it can lead to (also steps that do not exist)."""
    return {step: list(targets(question)) for step, question in flow.questions.items()}


def reachable(flow: Flow) -> set[str]:
    """Steps that some chain of answers may lead to from the start, the start among them."""
    links, seen, todo = edges(flow), set[str](), [flow.start]
    while todo:
        step = todo.pop()
        if step not in seen:
            seen.add(step)
            todo.extend(links.get(step, ()))
    return seen


def order(flow: Flow) -> list[str]:
    """All steps so that each comes before those it leads to. Raises `CycleError` (graphlib) on a loop."""
    links = edges(flow)
    back: dict[str, set[str]] = {step: set() for step in (*flow.questions, *flow.outcomes)}
    for step, following in links.items():
        for target in following:
            back.setdefault(target, set()).add(step)
    return list(TopologicalSorter(back).static_order())


def in_order(flow: Flow) -> list[str]:
    """The questions so that each comes before those it leads to, the nearest to the start first.

    Raises `CycleError` (graphlib) on a loop, which no flow that can be walked has.
    """
    links = {step: [to for to in following if to in flow.questions] for step, following in edges(flow).items()}
    met = list(dict.fromkeys([flow.start, *_along(flow.start, links), *flow.questions]))
    sorter: TopologicalSorter[str] = TopologicalSorter({step: () for step in met})
    for step, following in links.items():
        for target in following:
            sorter.add(target, step)
    sorter.prepare()
    ready, found = set(sorter.get_ready()), list[str]()
    while ready:
        step = min(ready, key=met.index)
        ready.remove(step)
        found.append(step)
        sorter.done(step)
        ready |= set(sorter.get_ready())
    return found


def _along(start: str, links: Mapping[str, list[str]]) -> list[str]:
    """The questions as they are met, nearest first."""
    met, at = [start], 0
    while at < len(met):
        met += [step for step in links[met[at]] if step not in met]
        at += 1
    return met
