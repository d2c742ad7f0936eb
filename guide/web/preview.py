"""The guide on an editor's own machine: it reads the folders anew when a file is saved, and has the room `/redaktion/`.

One process, for one person or a few. What is not approved yet is shown; nothing is counted; content with errors does
not stop it: the last good content stays, and the room shows what is wrong. A visitor can choose the moment that the
guide is seen as. The pages of the room are in `editing.py`.
"""

from __future__ import annotations

import gc
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from werkzeug.wrappers import Request

from guide import config
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.folder import state
from guide.library.library import Library
from guide.library.quality import quality
from guide.live.compose import Files, Refused, compose
from guide.paper.tray import Tray
from guide.usage.counting import Counting
from guide.web import ContentError, Shelf, wired
from guide.web.walk_cookie import Seal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOMENT = "redaktion-tid"
"""The cookie with the moment that a visitor sees the guide as: `2026-12-24T15:30`."""

FIRST, LAST = 2020, 2099
"""The years that the guide can be seen as in."""

LOCAL = ("127.0.0.1", "localhost", "::1")
"""Hosts that nobody else can ask for, whatever name a foreign page gives this machine."""

EXTENSION = "guide.preview"


class Uncounted(Counting):
    """The counting of a preview: there is none, and so no thread, no file and no database."""

    def record(self, facts: Any) -> None:
        """Nothing is written down."""


class DatedTray(Tray):
    """Papers by the day that they are seen as of: one of Christmas Eve is not shown today."""

    @property
    def folder(self) -> Path:
        """Where they lie."""
        found = super().folder
        return found.with_name(f"{found.name}-{force.today()}")


@dataclass(frozen=True)
class Reading:
    """What came of the folders when they were read last."""

    edition: str
    """Another one each time, also after the server was started anew."""
    findings: tuple[Finding, ...]
    failing: Mapping[str, tuple[Finding, ...]]
    """What keeps the newest files of a kommune from being shown, wherever it is told; "" is nobody's."""

    @property
    def served(self) -> bool:
        """Whether it is what is shown; otherwise it has errors, and something older is."""
        return not self.failing

    @property
    def wrong(self) -> list[Finding]:
        """What keeps it from being shown."""
        return errors(self.findings)


@dataclass
class Preview:
    """A WSGI application on content folders, the base first. Raises ContentError when the base itself has errors."""

    settings: config.Settings
    root: Path
    hosts: Sequence[str] = LOCAL
    """The names that this server may be asked for by. None: any."""
    app: Flask = field(init=False)
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        self._lock, self._run, self._count = threading.Lock(), secrets.token_hex(4), 0
        keys = config.keys(self.settings)
        self._seal = Seal(keys)
        self._counting = Uncounted(self.settings.data, keys, None, scoped=self.settings.scope is not None)
        self._state, self._files = state(self.folders), list[Files]()
        self._read()
        if not hasattr(self, "app"):
            raise ContentError("\n".join(str(found) for found in self.reading.wrong))

    @property
    def folders(self) -> tuple[Path, ...]:
        """All content folders."""
        return (self.root, *self.settings.content)

    def kommuner(self) -> set[str]:
        """The ids of all kommuner, also of those whose files have errors."""
        found: Shelf = self.app.extensions["guide"]
        return {*found.library.municipalities, *self.reading.failing} - {""}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request on what the folders say now, as of the moment that the visitor chose."""
        asked = Request(environ)
        if not asked.path.startswith("/static/"):
            self.look()
        with force.turned(moment(asked.cookies.get(MOMENT, ""))):
            return self.app(environ, start_response)

    def look(self) -> None:
        """Read the folders anew when anything in them has changed."""
        with self._lock:
            now = state(self.folders)
            if now != self._state:
                self._state = now
                self._read()
                gc.collect()  # what was shown until now hangs together in rings, and is large

    def _read(self) -> None:
        """What the folders say now; a kommune with errors, or with errors in the base everything, stays as it was."""
        self._count += 1
        edition = f"{self._run}-{self._count}"
        try:
            composed = compose(self.root, self.settings.content, self._files, self.settings.data, preview=True)
        except Refused as error:
            self.reading = _reading(edition, (), {**error.failing, "": error.found})
            return
        self._files = list(composed.library.files)
        self.app = self._wired(composed.library, composed.warnings)
        self.reading = _reading(edition, composed.warnings, composed.failing)

    def _wired(self, library: Library, found: tuple[Finding, ...]) -> Flask:
        from guide.web import editing

        on = Shelf(library, self._seal, self._counting, self.settings.scope, quality(library), found)
        app = wired(self.settings, on)
        app.config["TRUSTED_HOSTS"] = list(self.hosts) or None
        app.extensions["guide.tray"] = DatedTray(self.settings.data, library.digest)
        app.extensions[EXTENSION] = self
        editing.install(app)
        return app


def _reading(edition: str, warnings: Iterable[Finding], failing: Mapping[str, tuple[Finding, ...]]) -> Reading:
    found = sorted({*warnings, *(one for some in failing.values() for one in some)})
    return Reading(edition, tuple(found), failing)


def preview() -> Preview:
    """The preview that the running application belongs to."""
    found: Preview = current_app.extensions[EXTENSION]
    return found


def moment(written: str) -> datetime | None:
    """A moment as it is kept, or None for what is none."""
    try:
        found = datetime.strptime(written, "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    return found if FIRST <= found.year <= LAST else None
