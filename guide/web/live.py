"""A worker that takes up new content while it serves: one application for each set, and a request sees one only.

Everything that hangs on a library (shelf, tray, templates, what is kept of their pieces) hangs on its application. So a
new set is a new application, and nothing of the old one can be left behind in a page. Each request first looks at
`GUIDE_DATA/current`; a worker can therefore never be behind a walk that another worker has taken further. Not here:
who looks at the folders, and what is accepted (`guide/live`).
"""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from guide import web
from guide.library.quality import quality
from guide.live import current
from guide.live.accept import Lost, library_of, locked, publish
from guide.live.compose import fingerprint
from guide.live.current import Current, Found
from guide.live.watch import Watcher

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE = 15.0
"""Seconds that a request waits for new content to be read; then it is answered by what there is."""

log = logging.getLogger("guide")


def application() -> Live | Flask:
    """What servers serve: the guide, following its content. Raises what `create_app` does."""
    return following(web.create_app())


def following(app: Flask) -> Live | Flask:
    """An application that follows the content it was read from; itself where GUIDE_DATA cannot be written."""
    try:
        return Live(app)
    except OSError as error:
        log.warning("GUIDE_DATA cannot be written (%s): content is read when the guide starts", error.strerror)
        return app


class Live:
    """A WSGI application that hands each request to the newest one. Raises OSError where nothing can be written."""

    def __init__(self, app: Flask) -> None:
        reading = web.reading(app)
        self._settings, self._place = reading.settings, reading.place
        self._lock = threading.Lock()
        self._loading: threading.Event | None = None
        self._now: tuple[object, Flask] = None, app
        self._begin(reading)
        self._load(current.stamp(self._place.data))
        self._watcher = Watcher(self._place)
        self._watcher.start()

    def stop(self) -> None:
        """Look at the folders no more. What is served stays."""
        self._watcher.stop()

    @property
    def app(self) -> Flask:
        """The application that answers now."""
        return self._now[1]

    def __call__(self, asked: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, all of it on one set."""
        return self._newest()(asked, start_response)

    def _begin(self, reading: web.Reading) -> None:
        """Let `current` name what this process has read, when nobody else has done so and it is still the newest.

        A worker never waits for a check: what is newer is taken up when it has been accepted.
        """
        with suppress(BlockingIOError), locked(self._place.data, "accept", wait=False):
            state, now = fingerprint(self._place.folders), current.read(self._place.data)
            if reading.state == state and (now is None or now.state != state):
                publish(self._place.data, web.told(reading))

    def _newest(self) -> Flask:
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            stamp = current.stamp(self._place.data)
            if stamp is None or stamp == self._now[0]:
                break
            with self._lock:
                loading = self._loading
                if loading is None and stamp != self._now[0]:
                    loading = self._loading = threading.Event()
                    threading.Thread(target=self._load, args=(stamp, loading), daemon=True).start()
            if loading:
                loading.wait(left)
        return self.app

    def _load(self, stamp: object, done: threading.Event | None = None) -> None:
        """Take up what `current` names; what cannot be taken up is told once, and the one before stays."""
        app = self.app
        try:
            now = current.read(self._place.data)
            if now is not None and now.version != web.shelf_of(app).library.digest:
                app = self._made(now)
            if now is not None:
                on = web.shelf_of(app)
                app.extensions["guide"] = replace(on, findings=now.warnings, failing=numbers(now.failing))
        except Lost as error:
            log.error("the content %s could not be read from GUIDE_DATA; what was read before stays", error)
        except Exception as error:  # whatever it is: a page of the content before is better than none
            log.error("%s when new content was taken up; what was read before stays", type(error).__name__)
        finally:
            changed = app is not self.app
            with self._lock:
                self._now, self._loading = (stamp, app), None
            del app
            if changed:
                _free()
            if done:
                done.set()

    def _made(self, now: Current) -> Flask:
        library = library_of(self._place.data, now.version)
        on = web.shelf_of(self.app)
        same = bool(library.national) and library.national == on.library.national
        figures = quality(library, on.quality.flows if same else None)
        library.forget()
        app = web.wired(self._settings, replace(on, library=library, quality=figures))
        app.extensions["guide.reading"] = web.reading(self.app)
        return app


def numbers(failing: Mapping[str, Found]) -> dict[str, int]:
    """How many errors keep whose newest files back."""
    return {name: found.number for name, found in failing.items()}


def _free() -> None:
    """Give the memory of the one before back; it may be frozen since the fork, and libraries refer to themselves."""
    web.forget_held()
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # a collection under way would go through all of it again


class Compiled(BytecodeCache):
    """Templates as they were compiled, for the next application of this process and those it forks."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is known."""
        if code := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()
