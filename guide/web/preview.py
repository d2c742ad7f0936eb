"""The guide on an editor's own machine: it reads the folders anew when a file is saved, and has the room `/redaktion/`.

One process, for one person or a few. What is not approved yet is shown; nothing is counted; content with errors does
not stop it: the last good content stays, and the room shows what is wrong. A thread reads, while pages go on being
served from what was read before. A visitor can choose the moment that the guide is seen as. The pages of the room are
in `editing.py`.
"""

from __future__ import annotations

import gc
import logging
import secrets
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Request

from guide import config
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.folder import state
from guide.library.library import Library
from guide.library.quality import quality
from guide.live.compose import Files, Refused, compose
from guide.live.verdicts import Kept
from guide.paper.tray import Tray
from guide.usage.counting import Counting
from guide.web import ContentError, Shelf, shelf_of, wired
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

READING = "guide.reading"
"""Where a request keeps what its application was made from: another one may be ready before it is answered."""

log = logging.getLogger("guide")


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
        self._reader: threading.Thread | None = None
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
        return {*shelf_of(self.app).library.municipalities, *self.reading.failing} - {""}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request on what the folders say now, as of the moment that the visitor chose."""
        asked = Request(environ)
        if not asked.path.startswith("/static/"):
            self.look()
        with self._lock:
            app, environ[READING] = self.app, self.reading
        with force.turned(moment(asked.cookies.get(MOMENT, ""))):
            return app(environ, start_response)

    @property
    def busy(self) -> bool:
        """Whether the folders were changed and are being read."""
        return self._reader is not None

    def look(self) -> None:
        """Begin to read the folders anew when anything in them has changed; until then the last good content stays."""
        with self._lock:
            if self._reader is None and state(self.folders) != self._state:
                self._reader = threading.Thread(target=self._follow, name="preview", daemon=True)
                self._reader.start()

    def settle(self, seconds: float) -> None:
        """Look, and wait until what was found has been read, but not longer than this."""
        self.look()
        if reader := self._reader:
            reader.join(seconds)

    def _follow(self) -> None:
        """Read until nothing has changed since."""
        while True:
            with self._lock:
                now = state(self.folders)
                if now == self._state:
                    self._reader = None
                    return
                self._state = now
            try:
                self._read()
            except Exception as error:  # whatever it is, the last good content stays, and it is told
                log.error("%s: the folders could not be read", type(error).__name__)
                said = f"Filerne kan ikke læses ({type(error).__name__}). Det er en fejl i guiden: sig det til os."
                self._show(None, (), {"": (Finding("", 0, 0, said),)})
            gc.collect()  # what was shown until now hangs together in rings, and is large

    def _read(self) -> None:
        """What the folders say now; a kommune with errors, or with errors in the base everything, stays as it was."""
        data, added = self.settings.data, self.settings.content
        try:
            composed = compose(self.root, added, self._files, data, preview=True, verdicts=Kept(data))
        except Refused as error:
            self._show(None, (), {**error.failing, "": error.found})
            return
        self._files = list(composed.library.files)
        self._show(self._wired(composed.library, composed.warnings), composed.warnings, composed.failing)

    def _show(self, app: Flask | None, warnings: Iterable[Finding], failing: Mapping[str, tuple[Finding, ...]]) -> None:
        """From now on this is what came of the folders; without an application the one before stays."""
        self._count += 1
        found = sorted({*warnings, *(one for some in failing.values() for one in some)})
        with self._lock:
            if app is not None:
                self.app = app
            self.reading = Reading(f"{self._run}-{self._count}", tuple(found), failing)

    def _wired(self, library: Library, found: tuple[Finding, ...]) -> Flask:
        from guide.web import editing

        before = shelf_of(self.app) if hasattr(self, "app") else None
        same = before if before and before.library.national == library.national else None
        figures = quality(library, same.quality.flows if same else None)
        on = Shelf(library, self._seal, self._counting, self.settings.scope, figures, found)
        app = wired(self.settings, on)
        app.config["TRUSTED_HOSTS"] = list(self.hosts) or None
        app.extensions["guide.tray"] = DatedTray(self.settings.data, library.digest)
        app.extensions[EXTENSION] = self
        editing.install(app)
        return app


def preview() -> Preview:
    """The preview that the running application belongs to."""
    found: Preview = current_app.extensions[EXTENSION]
    return found


def reading() -> Reading:
    """What came of the folders that the page being made is from."""
    found: Reading = request.environ[READING]
    return found


def real_day() -> date:
    """The day it is in Denmark, whatever moment the visitor sees the guide as of."""
    with force.turned(None):
        return force.today()


def moment(written: str) -> datetime | None:
    """A moment as it is kept, or None for what is none."""
    try:
        found = datetime.strptime(written, "%Y-%m-%dT%H:%M")
    except ValueError:
        return None
    return found if FIRST <= found.year <= LAST else None
