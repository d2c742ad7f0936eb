"""Connections to a database that may be away: then one thread at a time tries it again, and no other waits.

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


class Gate:
    """Lets threads connect as long as connecting works."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._trying = clock, threading.Lock()
        self._failed: float | None = None

    @contextmanager
    def connected(self, engine: Engine) -> Iterator[Connection]:
        """A connection. Raises DatabaseError, at once where another thread has just found the database away."""
        with self._connect(engine) as connection:
            yield connection

    def _connect(self, engine: Engine) -> Connection:
        if engine.dialect.name == "sqlite":  # a file is there or it is not, and that takes no time
            return engine.connect()
        if self._failed is None:
            return self._tried(engine)
        if self._clock() - self._failed < RETRY or not self._trying.acquire(blocking=False):
            raise db.DatabaseError("away")
        try:
            return self._tried(engine)
        finally:
            self._trying.release()

    def _tried(self, engine: Engine) -> Connection:
        try:
            connection = engine.connect()
        except db.DatabaseError:
            self._failed = self._clock()
            raise
        self._failed = None
        return connection
