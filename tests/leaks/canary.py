"""Words that must be found nowhere, every form in which they might be written down, and the search for them.

Only the search. Who hands the words to a server is in `visitor.py`; which of them may stand where is in the tests.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

STEM = "kanarie7q"
"""Stands in everything that a visitor sends and in the text of every forced error. Belongs in no file at all."""

STEP = "trinfugl5x"
"""Stands in the ids of steps. Counters name steps, so it may stand in the database, and nowhere else."""

ADDRESS = "127.0.0.77"
"""Where the visitor comes from."""

FORWARDED = "203.0.113.77"
"""Where a proxy says that the visitor comes from."""


class Hit(NamedTuple):
    """`form` of `word` was found in `file`; `around` is what stands there."""

    file: str
    word: str
    form: str
    around: bytes


def word(name: str) -> str:
    """A canary for one place, so that a hit tells where it came from."""
    return f"{STEM}-{name}"


@cache
def forms(text: str) -> dict[str, bytes]:
    """The bytes that give `text` away, by the name of the way it is written. Compared with lower-case data or as is."""
    raw = text.encode()
    found = {
        "raw": raw.lower(),
        "utf-16-le": text.lower().encode("utf-16-le"),
        "utf-16-be": text.lower().encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "url": "".join(f"%{byte:02x}" for byte in raw).encode(),
    }
    return found | {f"base64+{shift}": _base64(raw, shift) for shift in range(3)}


def _base64(raw: bytes, shift: int) -> bytes:
    """The characters of base64 that depend on `raw` alone, when `shift` other bytes (mod 3) stand before it."""
    whole = base64.b64encode(bytes(shift) + raw)
    return whole[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6]


def search_bytes(name: str, data: bytes, words: Iterable[str]) -> Iterator[Hit]:
    """Every word in every form, the first hit of each."""
    small = data.lower()
    for one in words:
        for form, pattern in forms(one).items():
            where = data if form.startswith("base64") else small
            at = where.find(pattern)
            if at >= 0:
                yield Hit(name, one, form, data[max(0, at - 60) : at + 100])


def search(folder: Path, words: Iterable[str], since: float = 0) -> list[Hit]:
    """Every word in every file under a folder, and in the names of the files. `since`: only what was changed later."""
    words = list(words)
    hits = list[Hit]()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        hits += search_bytes(name, name.encode(), words)
        with suppress(FileNotFoundError):  # a segment that was counted meanwhile
            if path.is_file() and path.stat().st_mtime >= since:
                hits += search_bytes(name, path.read_bytes(), words)
    return hits
