"""G1, G2 and the cost of counting (G5): the guide and the floor side by side, under a load maker."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from bench import load, table, variants
from bench.report import Row, compare, within
from bench.serving import served

Measure = Callable[[load.Result], float]

RATE: Measure = lambda result: result.rate  # noqa: E731
P50: Measure = lambda result: result.quantile(0.50)  # noqa: E731
P99: Measure = lambda result: result.quantile(0.99)  # noqa: E731

LIKE = 0.02
"""How much the floor's pages may differ from the guide's in size."""

PLACE = f"/{table.KOMMUNE}/{table.FLOW}"


@dataclass
class Round:
    """All jobs by name, and what each of them gave, round by round."""

    jobs: dict[str, dict[str, Any]]
    found: dict[str, list[load.Result]] = field(default_factory=dict)

    def run(self, rounds: int, seconds: float) -> None:
        """All jobs in turn, every second time backwards. Raises RuntimeError for a wrong answer."""
        for job in self.jobs.values():
            load.run(seconds=seconds / 4, **job)  # what is rendered once is rendered now
        for number in range(rounds):
            for name, job in list(self.jobs.items())[:: -1 if number % 2 else 1]:
                result = load.run(seconds=seconds, **job)
                if result.errors or not result.times:
                    raise RuntimeError(f"{name}: {result.errors} wrong answers of {len(result.times)}")
                self.found.setdefault(name, []).append(result)

    def median(self, name: str, measure: Measure) -> float:
        """The median over the rounds."""
        return statistics.median(measure(result) for result in self.found[name])


@contextmanager
def servers(data: Path, app: Flask, answers: table.Answers, postgres: str | None) -> Iterator[dict[str, int]]:
    """The port of each server under measurement, by name."""
    library = app.extensions["guide"].library
    playable = library.flows[table.FLOW]
    path = data / "table.json"
    path.write_text(json.dumps(table.as_table(app, library, playable, answers), ensure_ascii=False), encoding="utf-8")
    targets: dict[str, tuple[str, dict[str, str]]] = {
        "static": ("bench.floor:static", {}),
        "floor": ("bench.floor:create_app", {"BENCH_TABLE": str(path)}),
        "guide": ("guide.web.live:application", {}),
        "uncounted": ("bench.variants:uncounted", {}),
        "sizes": ("bench.variants:sizes", {}),
    }
    if postgres:
        targets["postgres"] = ("guide.web.live:application", {"GUIDE_DATABASE_URL": postgres})
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(target, {"GUIDE_DATA": str(data / name), **extra}))
            for name, (target, extra) in targets.items()
        }


def jobs(ports: dict[str, int], answers: table.Answers) -> dict[str, dict[str, Any]]:
    """Every job of a round."""
    found: dict[str, dict[str, Any]] = {}
    found["static 16"] = {"port": ports["static"], "users": 16, "kind": "get", "pages": [("/x/y/1", "")]}
    for name in ("floor", "guide"):
        pages = load.pages(ports[name], f"{PLACE}/start", answers)
        found[f"get {name}"] = {"port": ports[name], "users": 16, "kind": "get", "pages": pages}
    walk = {"kind": "walk", "start": f"{PLACE}/start", "ways": [answers]}
    for name in ("floor", "guide", "uncounted", "postgres"):
        if name in ports:
            found[f"walk {name} 1"] = {"port": ports[name], "users": 1, **walk}
    for name in ("floor", "guide"):
        found[f"walk {name} 16"] = {"port": ports[name], "users": 16, **walk}
    for name, large in (("lille", False), ("stor", True)):
        ways = variants.random_ways(variants.made(large=large), 64)
        start = f"/{table.KOMMUNE}/{name}/start"
        found[f"walk {name} 1"] = {"port": ports["sizes"], "users": 1, "kind": "walk", "start": start, "ways": ways}
    return found


def alike(done: Round) -> Row:
    """The pages of the floor and the guide are of the same size. Raises RuntimeError when they are not."""
    sizes = [done.found[f"get {name}"][0].pages for name in ("guide", "floor")]
    worst = max(abs(sizes[1][path] / size - 1) for path, size in sizes[0].items())
    if worst > LIKE:
        raise RuntimeError(f"a page of the floor differs by {worst:.1%} from the guide's: see bench/templates")
    mean = sum(sizes[0].values()) / len(sizes[0])
    return Row("", f"{len(sizes[0])} question pages, mean size", f"{mean:.0f} bytes", wanted="± 2 % of the floor's")


def rows(done: Round) -> list[Row]:
    """The table of what was measured here."""
    at = done.median
    get, one, many = ("get guide", "get floor"), ("walk guide 1", "walk floor 1"), ("walk guide 16", "walk floor 16")
    found = [
        alike(done),
        compare("G1", "question page, 16 connections", *(at(n, RATE) for n in get), "req/s", 0.85, most=False),
        compare("G1", "the same, p99", *(at(n, P99) for n in get), "ms", 1.3),
        compare("G2", "step with counting, 1 user, p50", *(at(n, P50) for n in one), "ms", 1.2),
        compare("G2", "the same, 16 users, p50", *(at(n, P50) for n in many), "ms", 1.2),
        compare("G2", "the same, 16 users", *(at(n, RATE) for n in many), "steps/s", 0.85, most=False),
    ]
    small, large = (f"walk {name} 1" for name in ("lille", "stor"))
    found.append(
        compare("G2", "flow of 5,195 steps, p50 (against 11 steps)", at(large, P50), at(small, P50), "ms", 1.1)
    )
    for name, database in (("guide", "SQLite"), ("postgres", "PostgreSQL")):
        if f"walk {name} 1" in done.found:
            more = at(f"walk {name} 1", P50) - at("walk uncounted 1", P50)
            found.append(within("G5", f"counting adds to a step, p50, {database}", more, "ms", 0.3))
    return found


def harness(done: Round) -> str:
    """What the load maker itself can do, and what it takes."""
    share = done.median("walk floor 16", lambda result: result.cpu)
    return (
        f"Ceiling: {done.median('static 16', RATE):.0f} static answers/s; it takes {share:.0%} of a core at 16 users."
    )
