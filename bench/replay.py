"""G4: one trigger and one replay, in one process, by the best of many batches (the rest is other people's work)."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench import table, variants
from bench.report import Row, within
from guide.flows.machine import Token
from guide.flows.walk import Walk
from guide.library.library import Playable

BATCHES, TIMES = 40, 50
ANSWERS = 15


def seconds(work: Callable[[], object]) -> float:
    """Of one call: the median of the batches."""
    found = []
    for _ in range(BATCHES):
        begun = time.perf_counter()
        for _ in range(TIMES):
            work()
        found.append((time.perf_counter() - begun) / TIMES)
    return sorted(found)[BATCHES // 2]


def rows(shipped: Playable) -> list[Row]:
    """The goals for a shipped flow and for a large one."""
    chain = ANSWERS - 1 - variants.BRANCHED
    large = variants.playable("stor", variants.made(large=True, chain=chain))
    ways = [(shipped, table.way(shipped.flow, ANSWERS)), (large, variants.random_ways(large.flow, 1)[0])]
    found = []
    for playable, way in ways:
        flow, answers = playable.flow, dict(way)
        steps = f"{len(flow.questions) + len(flow.outcomes):,} steps"
        event = playable.machine.events[way[0][1][0]]
        trigger = seconds(lambda event=event, flow=flow, answers=answers: event.trigger(Token(flow.start), answers))
        replay = seconds(lambda playable=playable, answers=answers: Walk(playable.flow, playable.machine, answers))
        found.append(within("G4", f"one trigger, flow of {steps}", trigger * 1e6, "µs", 40))
        found.append(within("G4", f"replay of {len(way)} answers, flow of {steps}", replay * 1e3, "ms", 0.6))
    return found
