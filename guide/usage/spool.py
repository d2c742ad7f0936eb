"""The spool: where a process writes its facts, one `write` a request, and how a segment is opened and closed.

A segment is made under another name, locked, and renamed to `<id>.open`: whoever sees it sees it locked, and a
segment whose lock is free has lost its process. Closed, it is `<id>.closed` and never written again.
Nothing here raises to a page or waits for a disk, and nothing knows a database.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from guide.usage.facts import TORN, Fact, Sealer

FLUSH = 0.6
"""Seconds from the first fact in a segment until it is closed and on disk: well within the promised second."""

RETRY = 1.0
"""Seconds before a spool that could not be opened is tried again."""

log = logging.getLogger("guide")


@dataclass
class Segment:
    """A segment that this process holds. Its lock lives as long as the descriptor."""

    id: str
    path: Path
    descriptor: int
    written: bool = False
    torn: bool = False
    """The last write was cut short: the next one ends that line first."""
    held: int = 0
    """Facts that stand in it, with those its notes tell of."""


def open_segment(folder: Path) -> Segment:
    """A new empty segment, locked. Raises OSError."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    name = secrets.token_hex(8)
    fresh, path = folder / f"{name}.new", folder / f"{name}.open"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fresh.rename(path)
    except OSError:
        os.close(descriptor)
        with suppress(OSError):
            fresh.unlink()
        raise
    return Segment(name, path, descriptor)


def close_segment(segment: Segment) -> None:
    """Put a segment on disk, give it its closed name and let the lock go. Raises OSError; the lock is gone anyway."""
    try:
        os.fdatasync(segment.descriptor)
        segment.path.rename(segment.path.with_suffix(".closed"))
        folder = os.open(segment.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the name, too, outlives a power cut
        finally:
            os.close(folder)
    finally:
        os.close(segment.descriptor)


class Spool:
    """The writing side of one process. Threads share it; a forked child begins anew."""

    def __init__(self, folder: Path, sealer: Sealer, dropped: Callable[[int], Fact]) -> None:
        """`dropped` makes the fact that tells how many facts were lost."""
        self.folder, self._sealer, self._dropped = folder, sealer, dropped
        self.lost = 0
        """Facts that could not be written, and whose number could not be written either, so far."""
        self._begin()
        os.register_at_fork(after_in_child=self._begin_in_child)

    def _begin(self) -> None:
        self._lock = threading.Lock()  # held for a write or a swap, never for a sync
        self._rotating = threading.Lock()
        self._dirty = threading.Event()
        self._segment: Segment | None = None
        self._try_again = 0.0
        self._flusher: threading.Thread | None = None
        self._trouble: dict[str, str] = {}

    def _begin_in_child(self) -> None:
        """A forked child holds a copy of the descriptor, and with it the parent's lock: give both back."""
        if self._segment is not None:
            with suppress(OSError):
                os.close(self._segment.descriptor)
        self.lost = 0
        self._begin()

    def write(self, facts: Sequence[Fact]) -> None:
        """Write facts with one system call. What does not fit is dropped, and counted. Never raises."""
        if not facts:
            return
        with self._lock:
            segment = self._segment or self._opened()
            if segment is None:
                self.lost += len(facts)
                return
            self._write(segment, facts)
        self._dirty.set()
        if self._flusher is None:
            self._start()

    def _write(self, segment: Segment, facts: Sequence[Fact]) -> None:
        # The note of what was lost before is itself the first line.
        facts = [*([self._dropped(self.lost)] if self.lost else []), *facts]
        start = TORN + b"\n" if segment.torn else b""
        blob = start + self._sealer.lines(facts, segment.id)
        try:
            done = os.write(segment.descriptor, blob)
            self._went("writing to a segment")
        except OSError as error:
            done = 0
            self._went("writing to a segment", error)
        whole = blob[len(start) : max(done, len(start))].count(b"\n")
        segment.torn = not blob[:done].endswith(b"\n") if done else segment.torn
        segment.written = segment.written or done > 0
        segment.held += sum(fact.n for fact in facts[:whole])
        self.lost = sum(fact.n for fact in facts[whole:])

    def _went(self, doing: str, error: Exception | None = None) -> None:
        """Log how something went: one line when it begins to fail, not one a second of a night with a full disk."""
        name = type(error).__name__ if error else ""
        if name and name != self._trouble.get(doing):
            log.error("%s when %s", name, doing)
        self._trouble[doing] = name

    def _opened(self) -> Segment | None:
        if time.monotonic() < self._try_again:
            return None
        try:
            self._segment = open_segment(self.folder)
            self._went("opening a segment")
        except OSError as error:
            self._try_again = time.monotonic() + RETRY
            self._went("opening a segment", error)
        return self._segment

    def _start(self) -> None:
        with self._lock:
            if self._flusher is None:
                flusher = threading.Thread(target=self._flush_for_ever, name="guide-flusher", daemon=True)
                try:
                    flusher.start()
                    self._flusher = flusher
                    self._went("starting the flusher")
                except RuntimeError as error:  # the system has no thread to give; the next fact tries again
                    self._went("starting the flusher", error)

    def _flush_for_ever(self) -> None:
        while True:
            self._dirty.wait()
            time.sleep(FLUSH)
            self._dirty.clear()
            self.rotate()

    def rotate(self) -> None:
        """Close the open segment when it holds anything; the next one stands ready before the swap. Never raises."""
        with self._rotating:
            before = self._segment
            if before is None or not before.written:
                return
            try:
                following = open_segment(self.folder)
                self._went("opening a segment")
            except OSError as error:
                self._went("opening a segment", error)
                with suppress(OSError):
                    os.fdatasync(before.descriptor)  # goes on in the same segment, which is still its own
                self._dirty.set()
                return
            with self._lock:
                self._segment = following
            self._close(before)

    def close(self) -> None:
        """Close what is open, at the end of the process. A later fact begins a new segment. Never raises."""
        with self._rotating:
            with self._lock:
                if self.lost and (segment := self._segment or self._opened()):
                    self._write(segment, [])
                before, self._segment = self._segment, None
            if before is not None:
                self._close(before)

    def _close(self, segment: Segment) -> None:
        try:
            close_segment(segment)
            self._went("closing a segment")
        except OSError as error:  # it is adopted as it lies
            self._went("closing a segment", error)
            if isinstance(error, FileNotFoundError):  # somebody removed it with all that stood in it
                with self._lock:
                    self.lost += segment.held
