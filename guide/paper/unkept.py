"""A paper that is made when it is asked for, handed out, and kept nowhere: no file of it is written.

A child process makes it, under the lock of the tray: an installation makes one paper at a time, whoever asks. At most
one request waits, so no thread but its own. As nothing lies ready for the next who asks, the press rests in between:
whoever asks again and again does not keep it from the other papers. Not here: papers that lie ready (`tray.py`).
"""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path
from typing import Literal

from guide.paper import tray

WAIT = 25.0
"""Seconds until the child is given up: it takes about three, more where a room of phones is busy beside it."""

PAUSE = 10.0
"""Seconds after one that no other is made."""

log = logging.getLogger("guide")


def handed(data: Path, html: str) -> bytes | Literal["busy", "failed"]:
    """The PDF of a document; or another paper is being made; or it could not be made. Never raises for the child.

    `data`: GUIDE_DATA, where the lock lies.
    """
    try:
        (data / "paper").mkdir(parents=True, exist_ok=True, mode=0o700)
        with tray.alone(data) as lock:
            return _made(data / "paper" / "handed", html, lock)
    except BlockingIOError:
        return "busy"
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("paper could not be made: %s", type(error).__name__)
        return "failed"


def _made(mark: Path, html: str, lock: int) -> bytes | Literal["busy"]:
    """Raises OSError and SubprocessError. `mark`: an empty file, as old as the last of these papers."""
    if tray.age(mark) < PAUSE:
        return "busy"
    try:
        child = subprocess.run(
            [*tray.COMMAND, "-"],
            input=html.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            timeout=WAIT,
            check=True,
        )
        return child.stdout
    finally:
        mark.touch(mode=0o600)
