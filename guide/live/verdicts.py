"""`GUIDE_DATA/verdicts/<key>`: what checks found of kommuner's files that had no errors, kept for the next check.

Beside it, as `<key>.read`, what was read aloud of the same files, which every version keeps.

A small file each, replaced as a whole. One that is torn, spoilt or under another's name is as good as none: then it is
checked again. What a key is about: `guide/library/verdicts.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

from guide.flows.finding import Finding, errors
from guide.live.current import replace_whole

FOLDER = "verdicts"

LARGEST = 1_000_000
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
        try:
            found = tuple(Finding(**one) for one in self._read(key))
        except (OSError, ValueError, TypeError):
            return None
        return None if errors(found) else found

    def put(self, key: str, found: Sequence[Finding]) -> None:
        """Remember findings without an error; where nothing can be written they are found again next time."""
        if not errors(found):
            self._write(key, [asdict(one) for one in found])

    def texts(self, key: str) -> dict[str, str] | None:
        """What was read aloud of a kommune's flows; None when it is not known."""
        try:
            return {str(name): str(text) for name, text in self._read(f"{key}.read").items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def put_texts(self, key: str, texts: Mapping[str, str]) -> None:
        """Remember it."""
        self._write(f"{key}.read", dict(texts))

    def _read(self, name: str) -> Any:
        """What stands in a file that is whole. Raises OSError and ValueError."""
        self.used.add(name)
        with open(self._folder / name, "rb") as file:
            seal, _, said = file.read(LARGEST + 1).partition(b"\n")
        if seal != _seal(name, said):
            raise ValueError("torn, spoilt or another's")
        return json.loads(said)

    def _write(self, name: str, value: object) -> None:
        said = json.dumps(value, ensure_ascii=False).encode()
        if len(said) < LARGEST // 2:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                replace_whole(self._folder / name, _seal(name, said) + b"\n" + said)

    def clear(self) -> None:
        """Remove what has not been asked for, when it is old."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in self.used and time.time() - path.stat().st_mtime > LEFT:
                    path.unlink(missing_ok=True)


def _seal(name: str, said: bytes) -> bytes:
    return blake2b(name.encode() + b"\n" + said, digest_size=16).hexdigest().encode()
