"""Who notices a fault: each killer alone, with the faulty flow and nothing but what it would know in service.

Each says what it noticed, in Danish or English, or nothing. `refinement` alone compares with the flow as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from guide.flows.machine import build
from guide.flows.scenario import play, unvisited
from guide.library.invariants import invariants
from guide.library.library import Library, Playable
from guide.library.playable import Ways
from guide.library.routes import routes, search
from guide.model import Flow, Level, Scenario
from tests.test_reviewed import FILE, trusted


@dataclass(frozen=True)
class Original:
    """A flow as it is, with the scenarios that belong to it."""

    playable: Playable
    scenarios: Mapping[str, Scenario]

    @property
    def flow(self) -> Flow:
        return self.playable.flow


def checked(original: Original, flow: Flow) -> str:
    """The graph and the invariants: also a warning counts, for `make test` takes none."""
    source = original.playable.source
    if wrong := next(routes(flow, source), None):
        return wrong.message
    proof, found = search(flow, source)
    if found:
        return found[0].message
    faulty = Playable(original.playable.id, flow, source, Ways(flow, proof))
    broken = next(iter(invariants(faulty)), None)
    return broken.message if broken else ""


def played(original: Original, flow: Flow) -> str:
    """The scenarios: one that goes wrong, or an answer that none of them gives."""
    if next(routes(flow, original.playable.source), None):
        return "kan ikke gås"
    machine, walks = build(flow), []
    for name, scenario in original.scenarios.items():
        done = play(flow, machine, scenario)
        if done.wrong:
            return f"{name}: {done.wrong[0]}"
        walks.append(done.walk)
    left = unvisited(flow, walks)
    return f"intet scenarie vælger {left}" if left else ""


def reviewed(original: Original, flow: Flow) -> str:
    """What people have reviewed and what each outcome must cite: `reviewed.json` and `test_content.py`."""
    name = original.playable.id
    faulty = replace(original.playable, flow=flow)
    if trusted(Library(flows={name: faulty}))[name] != _pins()[name]:
        return "reviewed.json"
    for step, outcome in flow.outcomes.items():
        wanted = {"skaerpet-pligt"} | ({"personlig-pligt"} if outcome.level.rank >= Level.bekymring.rank else set())
        if not wanted <= set(outcome.law):
            return f"{step} does not cite {wanted - set(outcome.law)}"
    return ""


@cache
def _pins() -> dict[str, dict[str, dict[str, str]]]:
    known: dict[str, dict[str, dict[str, str]]] = json.loads(FILE.read_text("utf-8"))
    return known
