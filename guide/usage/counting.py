"""What the web holds: one object that takes facts, keeps the spool drained, and says how it goes.

`record` never raises and never waits for the database; the threads begin with the first fact of a process, so
that nothing is shared over a fork. With no facts at all there is no thread, no file and no database.
"""

from __future__ import annotations

import atexit
import logging
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.util import Finalize
from pathlib import Path

from guide import db
from guide.usage.counters import periods
from guide.usage.drainer import Busy, Drainer
from guide.usage.facts import Fact, Sealer
from guide.usage.spool import Spool

SHORTEST, LONGEST = 5.0, 10.0
"""Seconds between two passes of a process."""

LATE = 120
"""Seconds a closed segment may lie before it is worth telling: many passes have then failed."""

PATIENCE = 20.0
"""Seconds a command waits for the workers' open segments, and for another pass to end."""

_chance = random.SystemRandom()
"""So that workers do not drain in step; one of its own, as nobody else's seed is to be touched."""

log = logging.getLogger("guide")


class Unavailable(Exception):
    """The counters cannot be read now. The message is Danish and says what to do."""


class Counting:
    """Facts in, counters out, for one process and its threads. Raises ValueError for a database url it cannot use."""

    def __init__(
        self, data: Path, keys: Sequence[str], url: str | None, *, scoped: bool, clock: Callable[[], float] = time.time
    ) -> None:
        """`scoped`: an installation of one kommune, whose operations are told by quarter and not by day."""
        self.folder = data / "spool"
        self._clock, self._scoped = clock, scoped
        self._engine, self._sealer = db.open_engine(url, data), Sealer(keys)
        self._spool = Spool(self.folder, self._sealer, self._dropped)
        self._failed: str | None = None
        self._begin()
        os.register_at_fork(after_in_child=self._begin)
        atexit.register(self.close)
        # Children of multiprocessing, as the workers of granian, end without atexit.
        Finalize(None, self.close, exitpriority=0)

    def _begin(self) -> None:
        self._drainer: threading.Thread | None = None
        self._starting = threading.Lock()

    def _dropped(self, n: int) -> Fact:
        return Fact(self._day(), "operations", "dropped", secrets.token_bytes(16), n)

    def _day(self) -> str:
        at = periods(self._clock())
        return at.quarter if self._scoped else at.day

    def record(self, make: Callable[[], Sequence[Fact]]) -> None:
        """Write the facts that `make` gives. Never raises and never waits: a page must not suffer from counting."""
        try:
            self._spool.write(make())
            if self._drainer is None:
                self._start()
        except Exception as error:
            log.error("%s when recording", type(error).__name__)

    def _start(self) -> None:
        with self._starting:
            if self._drainer is None:
                thread = threading.Thread(target=self._drain_for_ever, name="guide-drainer", daemon=True)
                thread.start()  # where it cannot be, the next fact tries again
                self._drainer = thread

    def _drain_for_ever(self) -> None:
        drainer = self.drainer()
        while True:
            time.sleep(_chance.uniform(SHORTEST, LONGEST))
            self._pass(drainer)

    def _pass(self, drainer: Drainer) -> None:
        try:
            drainer.drain()
        except Busy:
            return
        except Exception as error:
            name = type(error).__name__
            if name != self._failed:  # once when it begins, not every few seconds of a night
                log.error("%s when draining", name)
            self._failed = name
        else:
            self._failed = None

    def drainer(self) -> Drainer:
        """A drainer of this spool and database, for one thread."""
        return Drainer(self.folder, self._sealer, self._engine, self._clock, scoped=self._scoped)

    def totals(self) -> list[tuple[str, str, str, int]]:
        """Everything recorded until now, drained first: (period, tab, cell, n), sorted. Raises Unavailable.

        For commands: waits for what lies in open segments, some tenths of a second old.
        """
        self._spool.rotate()
        deadline = time.monotonic() + PATIENCE
        waiting = {path for path in self.folder.glob("*.open") if _held(path)}
        try:
            while True:
                try:
                    closed = not any(path.exists() for path in waiting)  # asked before the pass that takes them
                    self.drainer().drain()
                    if closed or time.monotonic() > deadline:
                        return db.totals(self._engine)
                except Busy:
                    if time.monotonic() > deadline:
                        raise
                time.sleep(0.1)
        except Busy as error:
            raise Unavailable("En anden tæller op lige nu. Prøv igen om lidt.") from error
        except db.NewerDatabase as error:
            raise Unavailable("Databasen er lavet af en nyere udgave af guiden.") from error
        except (db.DatabaseError, OSError) as error:
            raise Unavailable(
                f"Databasen kan ikke bruges nu ({type(error).__name__}). Det, der venter i spool, er ikke tabt."
            ) from error

    def findings(self) -> list[str]:
        """What somebody who runs the guide should know, in Danish; empty when all is well. Reads the folder only."""
        found = list[str]()
        # Only what lies in the folder: this is asked by every health check.
        try:
            closed = [path.stat().st_mtime for path in self.folder.glob("*.closed")]
        except OSError:
            closed = []
        late = sum(time.time() - at > LATE for at in closed)
        if late:
            files, why = "fil" if late == 1 else "filer", f" Seneste fejl: {self._failed}." if self._failed else ""
            found.append(f"{late} {files} i spool er ikke talt med endnu.{why} Vejledningen virker som den skal.")
        if self._spool.lost:
            found.append(f"{self._spool.lost} tal kunne ikke skrives ned. Er disken fuld, eller er mappen låst?")
        return found

    def close(self) -> None:
        """Put what is open on disk, at the end of the process."""
        self._spool.close()


def _held(path: Path) -> bool:
    """Something stands in an open segment, so it will be closed within the second."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False
