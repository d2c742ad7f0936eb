"""Every version of the content that was served, so that «hvad sagde guiden den 3. marts?» has an answer.

`GUIDE_DATA/versions/<hash>.zip` holds the files as they were read and every flow read aloud, so that they can be read
when the words of the model have changed. `served.csv` beside them tells from which day (Europe/Copenhagen) each was
served. Nothing about visitors is here, and no request reads or writes any of it. Not here: what is served (`web`).
"""

from __future__ import annotations

import csv
import fcntl
import logging
import os
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import guide
from guide.library.aloud import aloud
from guide.library.library import NOWHERE, Library

LOG = "served.csv"

FIRST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same content gives the same bytes."""

log = logging.getLogger("guide")


@dataclass(frozen=True)
class Served:
    """A version was served from a day; `until` is the first day of the next one, None while it is the newest."""

    since: date
    version: str
    guide: str
    until: date | None = None


def keep(data: Path, library: Library, today: date) -> None:
    """Keep what is served from today. Never raises: a full disk must not stop the guide, so the log tells instead.

    `library` must not have forgotten its files. `today` is the day in Denmark.
    """
    folder = data / "versions"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (folder / f"{library.digest}.zip").exists():
            _write(folder / f"{library.digest}.zip", library)
        with _locked(folder / LOG) as path:
            rows = _rows(path)
            if not rows or rows[-1].version != library.digest or rows[-1].guide != guide.__version__:
                with path.open("a", encoding="utf-8", newline="") as file:
                    csv.writer(file).writerow((today.isoformat(), library.digest, guide.__version__))
                    file.flush()
                    os.fsync(file.fileno())
    except OSError as error:
        log.warning("the version of the content could not be kept: %s", error.strerror)


def _write(path: Path, library: Library) -> None:
    """A zip made under another name and moved into place: never half a one."""
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as made:
            for number, files in enumerate(library.files):
                for name, content in sorted(files.items()):
                    made.writestr(zipfile.ZipInfo(f"content-{number}/{name}", FIRST), content, zipfile.ZIP_DEFLATED)
            for name, playable in library.flows.items():
                text = aloud(library, playable, NOWHERE)
                made.writestr(zipfile.ZipInfo(f"read/{name}.md", FIRST), text, zipfile.ZIP_DEFLATED)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """One process at a time: several workers may start at once."""
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _rows(path: Path) -> list[Served]:
    """The lines of the log; one that is torn is left out."""
    found = []
    with path.open(encoding="utf-8", newline="", errors="replace") as file:
        for row in csv.reader(file):
            try:
                since, version, code = row
                found.append(Served(date.fromisoformat(since), version, code))
            except ValueError:
                continue
    return found


def served(data: Path) -> list[Served]:
    """What was served when, the oldest first; empty when nothing was kept. Raises OSError."""
    path = data / "versions" / LOG
    if not path.exists():
        return []
    rows = _rows(path)
    ends = [row.since for row in rows[1:]]
    return [Served(row.since, row.version, row.guide, end) for row, end in zip(rows, [*ends, None], strict=True)]


def on(data: Path, day: date) -> list[Served]:
    """What was served on a day, the oldest first: several when the content was changed that day. Raises OSError."""
    return [row for row in served(data) if row.since <= day and (row.until is None or day <= row.until)]


def kept(data: Path, version: str) -> list[str]:
    """The versions kept whose hash begins so, sorted."""
    return sorted(path.stem for path in (data / "versions").glob("*.zip") if path.stem.startswith(version))


def flows(data: Path, version: str) -> list[str]:
    """The flows of a kept version. Raises OSError and BadZipFile (zipfile)."""
    with zipfile.ZipFile(_path(data, version)) as made:
        return sorted(Path(name).stem for name in made.namelist() if name.startswith("read/"))


def read(data: Path, version: str, flow: str) -> str:
    """A flow of a kept version as it was read aloud then. Raises OSError, BadZipFile, and KeyError for no such flow."""
    with zipfile.ZipFile(_path(data, version)) as made:
        return made.read(f"read/{flow}.md").decode("utf-8")


def unpack(data: Path, version: str, into: Path) -> list[Path]:
    """Write the content folders of a kept version into a folder; the base is the first. Raises OSError, BadZipFile."""
    with zipfile.ZipFile(_path(data, version)) as made:
        names = [name for name in made.namelist() if name.startswith("content-")]
        made.extractall(into, names)  # zipfile takes .. and absolute names out
    return [into / name for name in sorted({name.partition("/")[0] for name in names})]


def _path(data: Path, version: str) -> Path:
    return data / "versions" / f"{version}.zip"
