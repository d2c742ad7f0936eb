"""The plain graph of a flow: who leads to whom, whatever was answered. The search over answers is in `proof.py`."""

from __future__ import annotations

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
