"""Whether all figures here are made up: then every page says so. Asked beside the pages, which never wait for it.

A page takes what was last seen. The first page of a process waits a moment for the answer, and no longer; the others
wait for nothing. Not here: an example kommune, which is one of the content.
"""

from __future__ import annotations

import threading
import time

from flask import Flask, current_app
from sqlalchemy import Engine

from guide import db

AGAIN = 20.0
"""Seconds after which it is asked again."""

MOMENT = 0.2
"""Seconds that the first page of a process waits at most."""


class Example:
    """What is known of the mark of a database. One for each application."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._marked = False
        self._asked = float("-inf")

    def marked(self) -> bool:
        """Whether the database was last seen with the mark; False while nobody knows."""
        first = self._asked == float("-inf")
        if time.monotonic() - self._asked >= AGAIN and self._lock.acquire(blocking=False):
            self._asked = time.monotonic()
            asking = threading.Thread(target=self._ask, name="example", daemon=True)
            asking.start()
            if first:
                asking.join(MOMENT)
        return self._marked

    def _ask(self) -> None:
        try:
            with self._engine.connect() as connection:
                self._marked = db.is_example(connection)
        except db.DatabaseError:  # away, or not there yet: as last seen
            pass
        finally:
            self._lock.release()


def install(app: Flask, engine: Engine) -> None:
    """Templates ask `example_data()`."""
    app.extensions["guide.example"] = Example(engine)
    app.jinja_env.globals["example_data"] = lambda: current_app.extensions["guide.example"].marked()
