"""Pages of figures, held by each process until there is a newer release: they are the same for every reader.

Only the pages last asked for are held, so that memory does not grow with the number of kommuner and periods. Not here:
what stands on them (`statistics.py`).

A database of a newer guide is not read: its figures may mean something else. All pages of figures then say so.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from flask import Flask, Response, current_app, render_template

from guide import db
from guide.statistics.published import Published

MOST = 64
"""How many pages a process holds; one is some 60 kB."""


class Pages:
    """What was made of one state of the figures."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[Published, bool] | None = None
        self._made = OrderedDict[str, str]()

    def get(self, key: str, now: Published, example: bool, make: Callable[[], str]) -> str:
        """The page with this key, made when it is not held. Two that ask at once may both make it: it is the same."""
        with self._lock:
            if self._of is None or self._of[0] is not now or self._of[1] != example:
                self._of, self._made = (now, example), OrderedDict()
            made, held = self._made, self._made.get(key)
            if held is not None:
                made.move_to_end(key)
                return held
        page = make()
        with self._lock:
            made[key] = page
            while len(made) > MOST:
                made.popitem(last=False)
        return page


def install(app: Flask) -> None:
    """Room for the pages, one for each application: newer content has an application of its own."""
    app.extensions["guide.figure_pages"] = Pages()
    app.register_error_handler(db.NewerDatabase, newer)


def newer(error: Exception) -> Response:
    """503 and a page: the database is of a newer guide than this process."""
    return later("newer")


def later(why: str) -> Response:
    """503 and the page that says why: `away` or `newer`."""
    return Response(render_template(f"statistics/{why}.html", title="Nøgletal"), 503, {"Retry-After": "60"})


def held(key: str, now: Published, make: Callable[[], str]) -> str:
    """The page under `key`: an address and a period that were understood, never what somebody typed."""
    pages: Pages = current_app.extensions["guide.figure_pages"]
    return pages.get(key, now, current_app.extensions["guide.example"].marked(), make)
