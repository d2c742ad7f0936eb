"""Who looks at the folders: one process of the installation, which lets a child check what is new.

Each worker has a thread that tries for the lock; when the holder is killed the next one goes on. No request waits for
any of it, and nothing that stands in the folders is read in a worker.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from guide.flows.finding import Finding
from guide.live import current
from guide.live.accept import Place, locked, publish
from guide.live.check import CHANGED, SECONDS, command
from guide.live.compose import fingerprint
from guide.live.current import Found

POLL = 0.25
"""Seconds between two looks; a look that takes long is followed by a longer pause."""

SHARE = 20
"""At most one part in so many of the time is spent looking."""

IMPATIENT = 15.0
"""Seconds after which a set is taken though somebody is always saving."""

RETRY = 60.0
"""Seconds until a check that could not be done is tried again: there may be room on the disk by then."""

AGAIN = 1.0
"""Seconds until another tries for the lock."""

FAILED = Finding("", 0, 0, "Indholdet kunne ikke læses til ende. Er der meget store filer, eller er disken fuld?")

log = logging.getLogger("guide")


Seen = Literal["told", "changed", "failed"]


def look(place: Place, patient: bool = True) -> Seen:
    """Let a child check the folders: `current` tells what came of it, or somebody saved meanwhile. Never raises."""
    try:
        done = subprocess.run(command(place, patient), stdin=subprocess.DEVNULL, timeout=2 * SECONDS, check=False)
        if done.returncode in (0, CHANGED):
            return "told" if done.returncode == 0 else "changed"
        log.error("the content was changed and could not be checked: the child ended with %s", done.returncode)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("the content was changed and could not be checked: %s", type(error).__name__)
    _tell(place)
    return "failed"


def _tell(place: Place) -> None:
    """Let `current` say that the check failed; what is served stays."""
    with suppress(OSError), locked(place.data, "accept"):
        if now := current.read(place.data):
            publish(place.data, replace(now, failing={**now.failing, "": Found(1, (FAILED,))}))


class Watcher(threading.Thread):
    """Looks for as long as the process lives."""

    def __init__(self, place: Place) -> None:
        super().__init__(name="guide-watch", daemon=True)
        self._place, self._over = place, threading.Event()

    def stop(self) -> None:
        """End soon."""
        self._over.set()

    def run(self) -> None:
        """Try for the lock, and look while we have it."""
        while not self._over.is_set():
            try:
                with locked(self._place.data, "watch", wait=False):
                    self._watch()
            except OSError:
                self._over.wait(AGAIN)

    def _watch(self) -> None:
        data, known = self._place.data, _told_of(self._place)
        restless = retry = 0.0
        pause = POLL
        while not self._over.wait(pause):
            began = time.monotonic()
            seen = fingerprint(self._place.folders)
            pause = max(POLL, SHARE * (time.monotonic() - began))
            if seen == known and current.stamp(data) and not 0 < retry < began:
                continue
            restless = restless or began
            # A worker that has just begun may have had it checked already.
            came = "told" if seen == _told_of(self._place) else look(self._place, began - restless < IMPATIENT)
            retry = began + RETRY if came == "failed" else 0.0
            if came != "changed":
                known, restless = _told_of(self._place) if came == "told" else seen, 0.0


def _told_of(place: Place) -> str:
    """The state of the folders that `current` tells of."""
    now = current.read(place.data)
    return now.state if now else ""
