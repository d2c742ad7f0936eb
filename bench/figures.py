"""G6 and scale: ten million walks in the database: its size, a release, and what a page of figures costs.

The walks of `guide/statistics/example.py`. At one thousand their facts go through the real spool and drainer, one by
one. At ten million the counters are those of a made-up country times a factor: a counter is a sum, so the rows are the
same as ten million facts would have left; beside them stand so many hashes in `seen` as the last days leave.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from bench import load, table
from bench.report import Row, compare
from bench.serving import served
from bench.speed import P99, Round
from guide import db
from guide.library.library import Library
from guide.statistics import example, filling
from guide.statistics.example import Cells
from guide.statistics.release import publish
from guide.usage.counting import Counting
from guide.usage.facts import Fact

FEW, MANY = 1_000, 10_000_000
YEARS = (2024, 2025)
KEY = "bench-" * 8
PAGES = ("/statistik/", "/statistik/kommune/aarhus/")
DAYS = 2
"""Whole days of hashes that `seen` holds at most, and today."""


@dataclass(frozen=True)
class Filled:
    """A database with its releases: bytes of its files, seconds of each release, and what was measured beside."""

    size: int
    releases: list[float]
    beside: str = ""


def walks(cells: Cells) -> int:
    """Walks with an answer."""
    return sum(n for (_, tab, _), n in cells.items() if tab == "use")


def rows(library: Library, data: Path, rounds: int, seconds: float, quarters: int = 8) -> list[Row]:
    """Everything, in one run, with so many releases. Raises RuntimeError where a page does not answer."""
    few, many = _few(library, data / "few", 1), _many(library, data / "many", quarters)
    found = [
        Row(
            "G6",
            f"{FEW:,} walks through the drainer, and the database with one release",
            f"{few.beside}; {_mb(few)}",
        ),
        Row("G6", f"{MANY:,} walks as sums, and the database with {quarters} releases", f"{many.beside}; {_mb(many)}"),
    ]
    for filled, number in ((few, FEW), (many, MANY)):
        slowest, whole = max(filled.releases), sum(filled.releases)
        found.append(
            Row(
                "G6",
                f"a release, the slowest of {len(filled.releases)}, at {number:,} walks",
                f"{slowest:.1f} s; all {whole:.0f} s",
            )
        )
    return found + list(_pages(library, data, rounds, seconds))


def _mb(filled: Filled) -> str:
    return f"{filled.size / 1e6:.1f} MB"


def _few(library: Library, data: Path, quarters: int) -> Filled:
    """Facts one by one through spool and drainer. Raises RuntimeError when the counters are not what was put in."""
    cells = example.counters(library, YEARS, walks=FEW * 5 // 11)
    begun, counting = time.perf_counter(), Counting(data, [KEY], None, scoped=False)
    engine, facts = db.open_engine(None, data), 0
    db.prepare(engine)
    with engine.begin() as connection:
        connection.execute(insert(db.mark), [{"name": db.EXAMPLE, "value": str(filling.Made(0, YEARS))}])
    for (period, tab, cell), n in cells.items():
        made = [Fact(period, tab, cell, os.urandom(16)) for _ in range(n)]
        counting.record(lambda made=made: made)  # type: ignore[misc]
        facts += n
    totals = {(p, t, c): n for p, t, c, n in counting.totals() if t != "operations"}
    counting.close()
    took = time.perf_counter() - begun
    if totals != cells:
        raise RuntimeError("the counters are not the facts that were written")
    told = f"{walks(cells):,} walks, {facts:,} facts in {took:.1f} s, {len(cells):,} counters"
    releases = _released(engine, library, quarters)
    return Filled(_size(data), releases, told)


def _many(library: Library, data: Path, quarters: int) -> Filled:
    base = example.counters(library, YEARS)
    factor = -(-MANY // walks(base))
    cells = {key: n * factor for key, n in base.items()}
    engine = db.open_engine(None, data)
    filling.fill(engine, data / "spool", filling.Made(0, YEARS), cells)
    facts = sum(cells.values()) / walks(cells)
    hashes = round(MANY / len(YEARS) / 365 * (DAYS + 1) * facts)
    with engine.begin() as connection:
        days = [f"2025-12-{30 - n % (DAYS + 1)}" for n in range(hashes)]
        for start in range(0, hashes, 50_000):
            part = [{"hash": os.urandom(16), "day": day} for day in days[start : start + 50_000]]
            connection.execute(insert(db.seen), part)
    releases = _released(engine, library, quarters)
    db.tidy(engine)
    told = f"{walks(cells):,} walks, {len(cells):,} counters, {hashes:,} hashes of {DAYS + 1} days"
    return Filled(_size(data), releases, told)


def _released(engine: Engine, library: Library, quarters: int) -> list[float]:
    """Seconds of each release."""
    found = []
    for quarter in filling.Made(0, YEARS).quarters[:quarters]:
        begun = time.perf_counter()
        publish(engine, library, quarter, "bench", max(date.today(), quarter.end + timedelta(days=30)))
        found.append(time.perf_counter() - begun)
    return found


def _size(data: Path) -> int:
    return sum(path.stat().st_size for path in data.glob("guide.sqlite*"))


def _pages(library: Library, data: Path, rounds: int, seconds: float) -> Iterator[Row]:
    """p99 of the pages at few and many walks, and of a question page of the same servers."""
    answers = table.way(library.flows[table.FLOW].flow, table.QUESTIONS)
    start = f"/{table.KOMMUNE}/{table.FLOW}/start"
    with ExitStack() as stack:
        jobs = dict[str, dict[str, Any]]()
        for name in ("few", "many"):
            port = stack.enter_context(served("guide.web.live:application", {"GUIDE_DATA": str(data / name)}))
            common = {"port": port, "users": 4, "kind": "get"}
            jobs |= {f"{name} {page}": {**common, "pages": [(page, "")]} for page in PAGES}
            jobs[f"{name} question"] = {**common, "pages": load.pages(port, start, answers)}
        done = Round(jobs)
        done.run(rounds, seconds)
    question = done.median("many question", P99)
    for page in PAGES:
        few, many = (done.median(f"{name} {page}", P99) for name in ("few", "many"))
        yield compare("G6", f"`{page}` at {MANY:,} walks against a question page, p99", many, question, "ms", 2)
        yield compare("G6", f"the same against itself at {FEW:,} walks, p99", many, few, "ms", 1.3)
