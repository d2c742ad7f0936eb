"""`GUIDE_DATA/current`: which set is served, and what was found when the folders were read last.

A small file that is replaced as a whole, so that whoever looks sees the one before or the one after. Workers look at it
on each request; `stamp` costs them one call to the kernel. The files of the set lie in `GUIDE_DATA/versions`.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from guide.flows.finding import Finding

NAME = "current"

LARGEST = 2_000_000
"""Bytes; 98 kommuner with MOST findings each take less."""

MOST = 30
"""So many findings of a kommune are written down; `number` says how many there are."""


@dataclass(frozen=True)
class Found:
    """What keeps somebody's newest files back."""

    number: int
    first: tuple[Finding, ...]


@dataclass(frozen=True)
class Current:
    """The set that is served.

    `version` is its hash, `since` when it was accepted (ISO 8601), `state` the fingerprint of the folders that were
    read last, `warnings` those about the set. `failing` is by kommune; the base, and what is nobody's, is "".
    """

    version: str
    since: str
    state: str
    warnings: tuple[Finding, ...] = ()
    failing: Mapping[str, Found] = field(default_factory=dict)


def counted(failing: Mapping[str, Sequence[Finding]]) -> dict[str, Found]:
    """Findings by kommune as they are written down."""
    return {name: Found(len(some), tuple(some[:MOST])) for name, some in sorted(failing.items())}


def stamp(data: Path) -> tuple[int, int, int] | None:
    """What tells one `current` from the next; None when there is none."""
    try:
        info = os.stat(data / NAME)
    except OSError:
        return None
    return info.st_ino, info.st_mtime_ns, info.st_size


def read(data: Path) -> Current | None:
    """What is served; None when nothing was accepted yet, or what stands there cannot be read."""
    try:
        with open(data / NAME, "rb") as file:
            found = json.loads(file.read(LARGEST + 1))
        failing = {
            str(name): Found(int(one["number"]), _findings(one["first"])) for name, one in found["failing"].items()
        }
        version, since, state = (str(found[key]) for key in ("version", "since", "state"))
        return Current(version, since, state, _findings(found["warnings"]), failing)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _findings(given: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**one) for one in given)


def write(data: Path, current: Current) -> None:
    """Replace it; on the disk when this returns. Raises OSError."""
    written = replace_whole(data / NAME, json.dumps(asdict(current), ensure_ascii=False).encode())
    handle = os.open(written.parent, os.O_RDONLY)
    try:
        os.fsync(handle)  # so that a power cut does not bring the one before back
    finally:
        os.close(handle)


def replace_whole(path: Path, content: bytes) -> Path:
    """Write a file under another name and move it into place: nobody sees half of it. Raises OSError."""
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path
