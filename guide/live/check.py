"""`python -m guide.live.check`: read, check and accept the content folders, in a process of its own.

Content that takes all memory, time or the process itself with it then harms nobody: `current` is written last, or not
at all. Not here: when it is started (`watch.py`).
"""

from __future__ import annotations

import logging
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

from guide.live.accept import Place, accept
from guide.live.compose import Refused

SECONDS = 600
"""Of the processor's time. The shipped content takes three, another half second for each flow that a kommune changed.

98 kommuner with four own flows each, none of which was checked before (a new guide, new national content), take four
minutes (`bench/own_flows.py`). What was found before the time was up is kept (`verdicts.py`), so the next try goes on.
"""

MEMORY = 1_000_000_000
"""Bytes of address space; the shipped content takes a quarter, and 98 kommuner with own flows little more."""

NICE = 2
"""So much does it stand back for the workers; with much more a busy machine would never come to it."""

CHANGED = os.EX_TEMPFAIL
"""How it ends when somebody saved while it read."""


def command(place: Place, patient: bool) -> list[str]:
    """What starts this module for a place."""
    words = ["patient" if patient else "", str(place.data), place.scope or "", str(place.root), *map(str, place.added)]
    return [sys.executable, "-m", "guide.live.check", *words]


def main(patient: str, data: str, scope: str, root: str, *added: str) -> int:
    """0 when the content was looked at and `current` tells what came of it, CHANGED, or 1 when it could not be."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(limit)[1]
        with suppress(ValueError, OSError):  # a lower limit of the system holds
            resource.setrlimit(limit, (most, most if hard == resource.RLIM_INFINITY else min(most, hard)))
    os.nice(NICE)
    try:
        place = Place(Path(root), tuple(map(Path, added)), Path(data), scope or None)
        return 0 if accept(place, bool(patient)) else CHANGED
    except Refused as error:
        logging.getLogger("guide").error("%s", error)
        return 1
    except (OSError, MemoryError, RecursionError) as error:
        logging.getLogger("guide").error("the content could not be read: %s", type(error).__name__)
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
