"""Every version of the content that was served, so that «hvad sagde guiden den 3. marts?» has an answer.

`GUIDE_DATA/versions/<hash>.zip` holds the files as they were read and every flow read aloud, so that they can be read
when the words of the model have changed. `flows.csv` in it tells the fingerprint of each national flow, which is what
an approval names. Under `kommuner/<id>/` lies what a kommune with a folder of its own had: `egne.md`, and of each flow
what is other than in the national text (`lines.py`). `served.csv` beside the zips tells from which day
(Europe/Copenhagen) each was served. Nothing about visitors is here, and no request reads or writes any of it. Not here:
what is served (`web`).
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import guide
from guide.library import lines
from guide.library.aloud import aloud, aloud_own
from guide.library.library import NOWHERE, Library
from guide.library.overlay import fingerprint

LOG = "served.csv"

PRINTS, OWN = "flows.csv", "egne.md"
"""In a zip: the fingerprints of the national flows; in a kommune's folder there: what it has besides its flows."""

FIRST = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the same content gives the same bytes."""

LARGEST = 200_000_000
"""So many bytes at most are read of a kept version; the shipped content is one hundredth of that."""

_CONTENT = re.compile(r"content-[0-9]+/.")

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
        if not is_kept(data, library.digest):  # a disk may have lost what was in it
            _write(folder / f"{library.digest}.zip", library)
        with _locked(folder / LOG) as path:
            rows = _rows(path)
            if not rows or rows[-1].version != library.digest or rows[-1].guide != guide.__version__:
                _append(path, f"{today.isoformat()},{library.digest},{guide.__version__}\n")
    except (OSError, ValueError) as error:  # ValueError: a name that cannot stand in a zip
        log.warning("the version of the content could not be kept: %s", getattr(error, "strerror", None) or error)


def is_kept(data: Path, version: str) -> bool:
    """Whether the files of a version lie here."""
    return zipfile.is_zipfile(data / "versions" / f"{version}.zip")


def files(data: Path, version: str) -> list[dict[str, bytes]]:
    """What a kept version was read from: file names and bytes of each content folder, the base first.

    Raises OSError and BadZipFile (zipfile).
    """
    with _opened(data, version) as made:
        found: dict[int, dict[str, bytes]] = {}
        for name in made.namelist():
            if _CONTENT.match(name):
                folder, _, file = name.partition("/")
                into = found.setdefault(int(folder.partition("-")[2]), {})
                if not file.endswith("/"):
                    into[file] = made.read(name)
    return [found.get(number, {}) for number in range(max(found, default=-1) + 1)]


def _append(path: Path, line: str) -> None:
    """A line of its own, also after one that was torn; on the disk when this returns."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        torn = file.read() not in (b"", b"\n")
        file.write(("\n" * torn + line).encode())
        file.flush()
        os.fsync(file.fileno())


def _write(path: Path, library: Library) -> None:
    """A zip made under another name and moved into place: never half a one."""
    fresh = path.with_name(f".{secrets.token_hex(8)}.new")
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as made:
            for number, files in enumerate(library.files):
                if not files:  # a folder too: the hash counts it
                    made.writestr(zipfile.ZipInfo(f"content-{number}/municipalities/", FIRST), b"")
                for name, content in sorted(files.items()):
                    made.writestr(zipfile.ZipInfo(f"content-{number}/{name}", FIRST), content, zipfile.ZIP_DEFLATED)
            for name, text in _texts(library):
                made.writestr(zipfile.ZipInfo(name, FIRST), text, zipfile.ZIP_DEFLATED)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _texts(library: Library) -> Iterator[tuple[str, str]]:
    """What is kept beside the files: everything read aloud, and the fingerprints. Name in the zip and text."""
    said = {name: aloud(library, playable, NOWHERE) for name, playable in library.flows.items()}
    yield from ((f"read/{name}.md", text) for name, text in said.items())
    prints = ((name, fingerprint(playable.source.document.value)) for name, playable in library.flows.items())
    yield PRINTS, "".join(f"{name},{text}\n" for name, text in prints)
    for kommune, room in library.rooms.items():
        texts = library.verdicts.texts(room.key) if library.verdicts else None
        if texts is None:
            texts = dict(_own(library, kommune, said))
            if library.verdicts:
                library.verdicts.put_texts(room.key, texts)
        yield from ((f"kommuner/{kommune}/{name}", text) for name, text in texts.items())


def _own(library: Library, kommune: str, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What a kommune has of its own; `said`: the national flows read aloud."""
    if text := aloud_own(library, kommune):
        yield OWN, text
    for name, playable in library.flows_in(kommune).items():
        if (text := aloud(library, playable, kommune)) != said[name]:
            yield f"{name}.lines", lines.against(text, said[name])


@contextmanager
def _locked(path: Path) -> Iterator[Path]:
    """One process at a time: several workers may start at once."""
    with path.open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path


def _rows(path: Path) -> list[Served]:
    """The lines of the log; one that is torn is left out, and takes no other with it, whatever stands in it."""
    found = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            since, version, code = line.split(",")
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
    ends = [*(row.since for row in rows[1:]), None]
    return [replace(row, until=end) for row, end in zip(rows, ends, strict=False)]


def on(data: Path, day: date) -> list[Served]:
    """What was served on a day, the oldest first: several when the content was changed that day. Raises OSError."""
    return [row for row in served(data) if row.since <= day and (row.until is None or day <= row.until)]


def kept(data: Path, version: str) -> list[str]:
    """The versions kept whose hash begins so, sorted."""
    return sorted(path.stem for path in (data / "versions").glob("*.zip") if path.stem.startswith(version))


def flows(data: Path, version: str) -> list[str]:
    """The flows of a kept version. Raises OSError and BadZipFile (zipfile)."""
    with _opened(data, version) as made:
        return sorted(Path(name).stem for name in made.namelist() if name.startswith("read/"))


def read(data: Path, version: str, flow: str, municipality: str | None = None) -> str:
    """A flow of a kept version as it was read aloud then, in a kommune or in the whole country.

    Raises OSError, BadZipFile, and KeyError for no such flow. A kommune without anything of its own there had the
    national one.
    """
    with _opened(data, version) as made:
        text = made.read(f"read/{flow}.md").decode("utf-8")
        own = f"kommuner/{municipality}/{flow}.lines"
        return lines.whole(made.read(own).decode("utf-8"), text, LARGEST) if own in made.NameToInfo else text


def read_own(data: Path, version: str, municipality: str) -> str:
    """What a kommune had besides its flows in a kept version; empty for nothing. Raises OSError and BadZipFile."""
    with _opened(data, version) as made:
        own = f"kommuner/{municipality}/{OWN}"
        return made.read(own).decode("utf-8") if own in made.NameToInfo else ""


def prints(data: Path, version: str) -> dict[str, str]:
    """The fingerprint of each national flow of a kept version; empty in one that was kept before they were written.

    Raises OSError and BadZipFile.
    """
    with _opened(data, version) as made:
        if PRINTS not in made.NameToInfo:
            return {}
        rows = made.read(PRINTS).decode("utf-8").splitlines()
        return {name: text for name, _, text in (row.partition(",") for row in rows)}


def unpack(data: Path, version: str, into: Path) -> list[Path]:
    """Write the content folders of a kept version into a folder; the base is the first.

    Raises OSError, also FileExistsError where a folder would be mixed with what lies there, and BadZipFile.
    """
    with _opened(data, version) as made:
        names = [name for name in made.namelist() if _CONTENT.match(name)]
        folders = sorted({name.partition("/")[0] for name in names}, key=lambda name: int(name.partition("-")[2]))
        if taken := next((into / name for name in folders if os.path.lexists(into / name)), None):
            raise FileExistsError(errno.EEXIST, "Her ligger noget i forvejen", str(taken))
        made.extractall(into, names)  # zipfile takes .. and absolute names out
    return [into / name for name in folders]


@contextmanager
def _opened(data: Path, version: str) -> Iterator[zipfile.ZipFile]:
    """A kept version. Whatever is wrong with the file is OSError or BadZipFile."""
    try:
        with zipfile.ZipFile(data / "versions" / f"{version}.zip") as made:
            if sum(info.file_size for info in made.infolist()) > LARGEST:
                raise zipfile.BadZipFile("filen fylder for meget, når den bliver pakket ud")
            yield made
    except (RuntimeError, ValueError, EOFError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error)) from error
