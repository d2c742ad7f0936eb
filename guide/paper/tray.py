"""The tray where the papers of an installation lie, and the one child process that makes them.

`GUIDE_DATA/paper/<digest>-<version>/<name>.pdf`. One paper is made at a time, whichever worker was asked: the child
holds the lock for as long as it lives, so nothing is left locked when anything is killed. A paper that lies there is
never made again while it is new; one that failed is left alone for a while. No request can make more work than that.

A name has a kommune and a faggruppe, so the file's time tells no more than the day that somebody asked, of one that
failed the hour. The file system itself still knows when it was last touched (ctime).
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import guide

DAY, HOUR = 24 * 3600, 3600
"""Seconds."""

FRESH = DAY
"""Seconds from the beginning of its day (UTC) after which a paper is made anew: the day of issue stands on it, and what
is in force goes by the day."""

AGAIN = HOUR
"""Seconds from the beginning of the hour of a failure until it is tried again: in the next hour."""

WAIT = 6.0
"""Seconds that a request waits for its own paper: less than the server gives requests under way when it stops."""

COMMAND = (sys.executable, "-m", "guide.paper.press")
"""What makes a PDF of the HTML on its standard input; the last argument is where to put it."""

LARGEST = 500_000_000
"""Bytes that all papers together may take; the oldest go first. Both papers of four flows for each kommune take about
370 MB: with less room than that, whoever fetches them all in turn keeps the press at work for ever."""

Answer = Path | Literal["busy", "failed"]
"""Where the paper lies; or it, or another one, is being made; or it could not be made."""

log = logging.getLogger("guide")


@contextmanager
def alone(data: Path) -> Iterator[int]:
    """The lock of the one who makes a paper, as a descriptor that the child holds on to. Raises BlockingIOError."""
    lock = os.open(data / "paper" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
    finally:
        os.close(lock)


@dataclass(frozen=True)
class Tray:
    """The papers of one version of the content, under the data folder."""

    data: Path
    digest: str
    wait: float = WAIT

    @property
    def folder(self) -> Path:
        """Where they lie: a new guide may draw the same content in another way."""
        return self.data / "paper" / f"{self.digest}-{guide.__version__}"

    def ask(self, name: str, html: Callable[[], str], *options: str) -> Answer:
        """A paper by its name; made when it is not there and nothing else is being made.

        `name` must be made of known ids alone. Never raises for what the disk or the child does.
        """
        path = self.folder / f"{name}.pdf"
        if age(path) < FRESH:
            return path
        try:
            for folder in (self.data / "paper", self.folder):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self._make(path, html, options)
        except OSError as error:
            log.warning("paper could not be made: %s", error.strerror or type(error).__name__)
            return "failed"

    def _make(self, path: Path, html: Callable[[], str], options: tuple[str, ...]) -> Answer:
        try:
            with alone(self.data) as lock:
                if age(path) < FRESH:  # it was made while we looked
                    return path
                if age(path.with_suffix(".failed")) < AGAIN:
                    return "failed"
                self._tidy()
                return self._wait(self._start(path, html(), options, lock), path)
        except BlockingIOError:
            return "busy"

    def _start(self, path: Path, html: str, options: tuple[str, ...], lock: int) -> subprocess.Popen[bytes]:
        """The child at work; its input is a file without a name, so that nobody waits for it to read."""
        made = os.memfd_create("paper")
        try:
            with open(os.dup(made), "wb") as file:
                file.write(html.encode())
            os.lseek(made, 0, os.SEEK_SET)
            failed = path.with_suffix(".failed")
            failed.touch()  # also when the child is killed; where the paper lies, it is not looked at
            _begin_of(HOUR, failed)
            return subprocess.Popen(
                [*COMMAND, *options, str(path)],
                stdin=made,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(lock,),
                start_new_session=True,
            )
        finally:
            os.close(made)

    def _wait(self, child: subprocess.Popen[bytes], path: Path) -> Answer:
        try:
            child.wait(self.wait)
        except subprocess.TimeoutExpired:
            return "busy"
        if child.returncode == 0 and path.exists():
            finished(path)
            return path
        log.error("paper could not be made: the child ended with %s", child.returncode)
        _begin_of(HOUR, path.with_suffix(".failed"))
        return "failed"

    def _tidy(self) -> None:
        """Remove other versions, what was left half done, and the oldest papers when there is too much."""
        for other in (self.data / "paper").iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other, ignore_errors=True)
        papers = sorted(self.folder.glob("*.pdf"), key=age)
        room = LARGEST
        for path in papers:
            room -= path.stat().st_size
            if room < 0:
                path.unlink(missing_ok=True)
        stale = (path for path in self.folder.glob("*.failed") if age(path) >= AGAIN)
        for left in (*self.folder.glob(".*.new"), *stale):
            with suppress(OSError):
                left.unlink()


def finished(path: Path) -> None:
    """A paper lies there: nothing failed, and it tells the day that it was made and no time. Raises OSError.

    The child does it, and who waited for it does it again: neither may be there at the end.
    """
    path.with_suffix(".failed").unlink(missing_ok=True)
    _begin_of(DAY, path)


def _begin_of(step: int, path: Path) -> None:
    """Give a file, and the folder that tells when a file was last put in it, the time when its day or hour began."""
    began = time.time() // step * step
    for one in (path, path.parent):
        os.utime(one, (began, began))


def age(path: Path) -> float:
    """Seconds since a file was written; forever when there is none."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except OSError:
        return float("inf")
