"""Who looks at the folders: one process of the installation, which lets a child check what is new.

Each worker has a thread that tries for the lock; when the holder is killed the next one goes on. No request waits for
any of it, and nothing that stands in the folders is read in a worker.
"""

from __future__ import annotations

import logging
import subprocess
import threading
import time
from dataclasses import replace

from guide.flows.finding import Finding
from guide.live import current
from guide.live.accept import Place, locked, publish
from guide.live.check import SECONDS, command
from guide.live.compose import fingerprint
from guide.live.current import Found

POLL = 0.25
"""Seconds between two looks; a look that takes long is followed by a longer pause."""

SHARE = 20
"""At most one part in so many of the time is spent looking."""

QUIET = 1.0
"""Seconds without a change before a set is read: somebody may be saving more files."""

IMPATIENT = 10.0
"""Seconds after which it is read though it never rests."""

AGAIN = 1.0
"""Seconds until another tries for the lock."""

FAILED = Finding("", 0, 0, "Indholdet kunne ikke læses til ende. Er der meget store filer, eller er disken fuld?")

log = logging.getLogger("guide")


def look(place: Place) -> bool:
    """Let a child check the folders; whether `current` now tells what came of it. Never raises."""
    try:
        done = subprocess.run(command(place), stdin=subprocess.DEVNULL, timeout=2 * SECONDS, check=False)
        if done.returncode == 0:
            return True
        log.error("the content was changed and could not be checked: the child ended with %s", done.returncode)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("the content was changed and could not be checked: %s", type(error).__name__)
    return _told(place)


def _told(place: Place) -> bool:
    """Let `current` say that the check failed; what is served stays."""
    try:
        with locked(place.data, "accept"):
            now = current.read(place.data)
            if now is None:
                return False
            failing = {**now.failing, "": Found(1, (FAILED,))}
            publish(place.data, replace(now, state=fingerprint(place.folders), failing=failing))
            return True
    except OSError:
        return False


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
        data, known, pending = self._place.data, _told_of(self._place), ""
        changed = began_to = 0.0
        pause = POLL
        while not self._over.wait(pause):
            began = time.monotonic()
            seen = fingerprint(self._place.folders)
            pause = max(POLL, SHARE * (time.monotonic() - began))
            if seen == known and current.stamp(data):
                pending = ""
                continue
            if seen != pending:
                began_to, changed, pending = began_to if pending else began, began, seen
            if began - changed >= QUIET or began - began_to >= IMPATIENT:
                # A worker that has just begun may have had it checked already.
                known, pending = (_told_of(self._place) if _known(self._place, seen) or look(self._place) else seen), ""


def _told_of(place: Place) -> str:
    """The state of the folders that `current` tells of."""
    now = current.read(place.data)
    return now.state if now else ""


def _known(place: Place, state: str) -> bool:
    return bool(state) and _told_of(place) == state


def rest(place: Place) -> None:
    """Wait until nobody is saving any more, or for as long as is sensible."""
    end, seen = time.monotonic() + IMPATIENT, fingerprint(place.folders)
    while time.monotonic() < end:
        time.sleep(QUIET)
        before, seen = seen, fingerprint(place.folders)
        if before == seen:
            return
