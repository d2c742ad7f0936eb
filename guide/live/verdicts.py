"""`GUIDE_DATA/verdicts/<key>`: what checks found of kommuner's files that had no errors, kept for the next check.

A small file each, replaced as a whole. One that is torn, spoilt or under another's name is as good as none: then it is
checked again. What a key is about: `guide/library/verdicts.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path

from guide.flows.finding import Finding, errors
from guide.live.current import replace_whole

FOLDER = "verdicts"

LARGEST = 200_000
"""Bytes of one; a kommune with hundreds of warnings is checked again each time."""

LEFT = 24 * 3600
"""Seconds after which one that the last check did not ask for is cleared away: a set from before may come again."""


class Kept:
    """Verdicts of one installation. `used`: the keys that were asked for."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self.used = set[str]()

    def get(self, key: str) -> tuple[Finding, ...] | None:
        """What was found; None when it is not known."""
        self.used.add(key)
        try:
            with open(self._folder / key, "rb") as file:
                data = file.read(LARGEST + 1)
            seal, _, said = data.partition(b"\n")
            if seal != _seal(key, said):
                return None
            found = tuple(Finding(**one) for one in json.loads(said))
        except (OSError, ValueError, TypeError):
            return None
        return None if errors(found) else found

    def put(self, key: str, found: Sequence[Finding]) -> None:
        """Remember findings without an error; where nothing can be written they are found again next time."""
        said = json.dumps([asdict(one) for one in found], ensure_ascii=False).encode()
        if errors(found) or len(said) > LARGEST // 2:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_whole(self._folder / key, _seal(key, said) + b"\n" + said)

    def clear(self) -> None:
        """Remove what has not been asked for, when it is old."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self.used and time.time() - path.stat().st_mtime > LEFT:
                    path.unlink(missing_ok=True)


def _seal(key: str, said: bytes) -> bytes:
    return blake2b(key.encode() + b"\n" + said, digest_size=16).hexdigest().encode()
