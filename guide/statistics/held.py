"""What was last read of a database, for all threads of a process: read anew when it has changed, by one at a time.

Pages of figures need it. A database that is away costs one of them some seconds now and then, and not every thread of
a process: guidance shares them. Not here: what is read (`published.py`, `official.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine

from guide import db

RECHECK = 20.0
"""Seconds that what was read is used without asking the database whether there is more."""

RETRY = 2.0
"""Seconds after which a database that could not be read is tried again, where nothing was read before."""

PATIENCE = 1.0
"""Seconds that a thread waits for another one that reads for the first time."""

PAUSES = (0.05, 0.2, None)
"""Seconds before SQLite is asked again at once: while it makes a database it answers nobody."""

T = TypeVar("T")


class Held(Generic[T]):
    """`stamp` tells whether there is something new; `read` reads all of it."""

    def __init__(
        self,
        engine: Engine,
        stamp: Callable[[Connection], object],
        read: Callable[[Connection], T],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._of, self._read, self._clock = engine, stamp, read, clock
        self._lock, self._looked = threading.Lock(), float("-inf")
        self._held: tuple[object, T] | None = None
        """The stamp and what was read under it."""
        self._failed: Exception = db.DatabaseError("not read yet")

    def now(self) -> T:
        """What was last read. Raises DatabaseError or NewerDatabase when nothing ever could be."""
        if not self._fresh() and self._lock.acquire(timeout=0 if self._held else PATIENCE):
            try:
                if not self._fresh():  # another one has just looked
                    self._look()
            finally:
                self._lock.release()
        if self._held is None:
            raise self._failed
        return self._held[1]

    def _fresh(self) -> bool:
        return self._clock() - self._looked < (RECHECK if self._held else RETRY)

    def _look(self) -> None:
        for pause in PAUSES if self._engine.dialect.name == "sqlite" else (None,):
            try:
                self._ask()
                break
            except (db.DatabaseError, db.NewerDatabase) as error:
                self._failed = error
                if pause is None or isinstance(error, db.NewerDatabase) or db.NO_DATABASE in str(error):
                    break
                time.sleep(pause)
        self._looked = self._clock()

    def _ask(self) -> None:
        with self._engine.connect() as connection:
            if (found := db.revision(connection)) is not None and found > db.HEAD:
                raise db.NewerDatabase(found)
            stamp = self._of(connection)
            if self._held is None or self._held[0] != stamp:
                self._held = stamp, self._read(connection)
