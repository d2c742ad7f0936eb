"""Accepting a set: read the folders, keep the files, and only then let `current` name them. One process at a time."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from guide import versions
from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.library import Library, load
from guide.live import current
from guide.live.compose import PLACED, Composed, Files, Known, Refused, compose, fingerprint, placed
from guide.live.current import Current, Found, counted
from guide.live.verdicts import Kept

FOLDER = "live"
"""Of GUIDE_DATA: the locks."""

QUIET = 1.0
"""Seconds that nothing must have changed since it was read: somebody may be saving more files."""

LEFT = 3600
"""Seconds after which a folder that was written for a moment is nobody's any more."""

TOLD = 5
"""So many findings of a kommune are logged; `guide check` tells the rest."""

log = logging.getLogger("guide")


@dataclass(frozen=True)
class Place:
    """Where content is read and where what was accepted lies; `scope` must be among its kommuner."""

    root: Path
    added: tuple[Path, ...]
    data: Path
    scope: str | None = None

    @property
    def folders(self) -> tuple[Path, ...]:
        """All content folders, the base first."""
        return (self.root, *self.added)


class Lost(Exception):
    """A set that was accepted cannot be read any more, or says something else than was accepted."""


@contextmanager
def locked(data: Path, name: str, wait: bool = True) -> Iterator[None]:
    """Hold a lock of the installation; it is free when the process ends, however it ends.

    Raises OSError, also BlockingIOError when another process has it and we do not wait.
    """
    (data / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(data / FOLDER / f"{name}.lock", "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield


def files(data: Path, version: str) -> list[Files]:
    """What a set was read from, the base first. Raises Lost."""
    try:
        return list(versions.files(data, version))
    except (OSError, zipfile.BadZipFile) as error:
        raise Lost(version) from error


def before(data: Path) -> list[Files]:
    """The same of the set that is served now; nothing when there is none."""
    now = current.read(data)
    try:
        return files(data, now.version) if now else []
    except Lost:
        return []


def within(data: Path) -> Path | None:
    """Where folders may be written for a moment; None where nothing can be written. Old ones are cleared away."""
    try:
        (data / FOLDER).mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in (data / FOLDER).glob(f"{PLACED}*"):
            if time.time() - left.stat().st_mtime > LEFT:
                shutil.rmtree(left, ignore_errors=True)
    except OSError:
        pass
    return data / FOLDER if os.access(data / FOLDER, os.W_OK) else None


def library_of(data: Path, version: str) -> Library:
    """A set that was accepted, as it was read then: nobody's files are looked at. Raises Lost."""
    try:
        with placed(files(data, version), within(data)) as (root, *added):
            library, found = load(root, added, verdicts=Kept(data))
    except (OSError, ValueError) as error:
        raise Lost(version) from error
    if errors(found) or library.digest != version:
        raise Lost(version)
    return library


def read(place: Place) -> tuple[Composed, str]:
    """A set that may be served, and the state of the folders it was read from. Raises Refused, OSError."""
    state = fingerprint(place.folders)
    known = Kept(place.data)
    return compose(place.root, place.added, before(place.data), within(place.data), verdicts=known), state


def _scoped(place: Place, composed: Composed) -> None:
    """Without the one kommune that is served there would be nothing to show. Raises Refused."""
    if place.scope and place.scope not in composed.library.municipalities:
        said = f"«{place.scope}» er ikke en kommune i guiden, men guiden er kun for den (GUIDE_SCOPE)."
        raise Refused([Finding("", 0, 0, said)], composed.failing)


def accept(place: Place, patient: bool = True) -> bool:
    """Read the folders and let what is good be served; whether it was, or `current` tells why not.

    `patient`: not while somebody is saving; then False, and it should be tried again. With errors in the base the set
    before stays; without one there is nothing to serve: Refused is raised. Raises OSError when nothing can be kept.
    """
    with locked(place.data, "accept"):
        began, now, state = time.monotonic(), current.read(place.data), fingerprint(place.folders)
        library, known, verdicts = None, now.version if now else None, Kept(place.data)
        try:
            old, put = before(place.data), within(place.data)
            composed = compose(place.root, place.added, old, put, known=known, verdicts=verdicts)
            _scoped(place, composed)
            library = composed.library
            found = made(library.digest, state, composed.warnings, composed.failing)
        except (Known, Refused) as error:
            if now is None:
                raise
            failing = counted(error.failing)
            if isinstance(error, Refused):
                failing = {**now.failing, **failing, **counted({"": error.found})}
            found = replace(now, state=state, failing=failing)
        time.sleep(max(0.0, QUIET - (time.monotonic() - began)))
        if patient and fingerprint(place.folders) != state:
            return False
        if library:
            _keep(place.data, library)
        publish(place.data, found)
        verdicts.clear()
        tell(found.failing, now.failing if now else {})
        return True


def _keep(data: Path, library: Library) -> None:
    """Keep what was read; what lies there under its name and is something else was spoilt by the disk."""
    versions.keep(data, library, force.today())
    with suppress(OSError):
        try:
            whole = files(data, library.digest) == library.files
        except Lost:
            whole = False
        if not whole:
            (data / "versions" / f"{library.digest}.zip").unlink(missing_ok=True)
            versions.keep(data, library, force.today())


def made(version: str, state: str, warnings: Sequence[Finding], failing: Mapping[str, Sequence[Finding]]) -> Current:
    """What `current` will say of a set that is accepted now."""
    return Current(version, datetime.now(UTC).isoformat("T", "seconds"), state, tuple(warnings), counted(failing))


def publish(data: Path, found: Current) -> None:
    """Let workers serve a set whose files are kept; the same set keeps its time. Raises OSError."""
    if not versions.is_kept(data, found.version):
        raise OSError("the files of the content could not be kept")
    now = current.read(data)
    if now and now.version == found.version:
        found = replace(found, since=now.since)
    if found != now:
        current.write(data, found)


def tell(failing: Mapping[str, Found], told: Mapping[str, Found]) -> None:
    """Log what was found, unless it was told before."""
    for name, found in failing.items():
        if told.get(name) == found:
            continue
        log.warning("%s: %d errors, the last good content stays", name or "content", found.number)
        for one in found.first[:TOLD]:
            log.warning("%s", one)
