"""Connections to a database that may be away: until it answers, one thread at a time tries it, and others wait little.

Phones ask every few seconds, and guidance shares their threads. Not here: what is asked (`store.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from guide import db

RETRY = 2.0
"""Seconds after which a database that could not be reached is tried again."""

PATIENCE = 1.0
"""Seconds that a thread waits for another one that tries."""


class Gate:
    """Lets threads connect as long as connecting works."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._trying = clock, threading.Lock()
        self._open, self._failed = False, float("-inf")

    @contextmanager
    def connected(self, engine: Engine) -> Iterator[Connection]:
        """A connection. Raises DatabaseError, at once where the database was away a moment ago."""
        with self._connect(engine) as connection:
            yield connection

    def _connect(self, engine: Engine) -> Connection:
        if self._open or engine.dialect.name == "sqlite":  # a file is there or it is not, and that takes no time
            return self._tried(engine)
        if self._resting() or not self._trying.acquire(timeout=PATIENCE):
            raise db.DatabaseError("away")
        try:
            if self._resting():  # another one has just tried
                raise db.DatabaseError("away")
            return self._tried(engine)
        finally:
            self._trying.release()

    def _resting(self) -> bool:
        return self._clock() - self._failed < RETRY

    def _tried(self, engine: Engine) -> Connection:
        try:
            connection = engine.connect()
        except db.DatabaseError:
            self._open, self._failed = False, self._clock()
            raise
        self._open, self._failed = True, float("-inf")
        return connection
