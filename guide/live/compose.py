"""A set of content: the base, and of each kommune its newest files without errors.

A kommune whose newest files have errors keeps those of the set before, or is served as the country is. Errors in the
base, also in kommuner that come with it, refuse the whole set. What is given back was read, checked and found good as
it stands: its bytes are those that will be served. Not here: where sets lie (`current.py`, `guide/versions.py`).
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from guide.flows.finding import Finding, errors
from guide.library.checks import check
from guide.library.folder import Folder, digest, printable, state
from guide.library.library import Library, load
from guide.library.verdicts import Verdicts

MOST_NAMES = 30_000
"""Names that are looked at to see whether anything has changed: a link may lead to a whole disk."""

MOST_FILES, MOST_BYTES = 300, 5_000_000
"""What one kommune's folder may hold; a larger one would take the memory and time that all share."""

ROUNDS = 4
"""A kommune's files can be found wrong, then the ones from before, then another's beside them; more is given up."""

ROOM = "municipalities"

PLACED = "read-"
"""How folders begin that a set is read from; one that is old was left by a process that was killed."""

Files = Mapping[str, bytes]
"""What was read of one content folder, by file name from its root."""

_KOMMUNE = re.compile(rf"{ROOM}/([^/]+)(?:/|$)")


class Refused(Exception):
    """The base has errors: nothing of the set can be served."""

    def __init__(self, found: Sequence[Finding], failing: Mapping[str, tuple[Finding, ...]]) -> None:
        super().__init__("\n".join(str(one) for one in found))
        self.found, self.failing = tuple(found), failing


class Known(Exception):
    """It comes to the set that was known already; `failing` as in Composed."""

    def __init__(self, failing: Mapping[str, tuple[Finding, ...]]) -> None:
        super().__init__()
        self.failing = failing


@dataclass(frozen=True)
class Composed:
    """A library without errors, the warnings about it, and what kept newer files of some kommuner back.

    `failing` is by kommune; errors that are nobody's, as of a folder that cannot be read, are under "".
    """

    library: Library
    warnings: tuple[Finding, ...]
    failing: dict[str, tuple[Finding, ...]] = field(default_factory=dict)


def fingerprint(folders: Sequence[Path]) -> str:
    """A hash of what the disk knows of the folders: another one when anything in them has changed."""
    return blake2b(repr(sorted(state(folders, MOST_NAMES))).encode(), digest_size=16).hexdigest()


def kommune(name: str) -> str:
    """Whose folder a file lies in, by its name from the root; "" for what is no kommune's."""
    found = _KOMMUNE.match(name)
    return found[1] if found else ""


def by_kommune(found: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    """Findings by the kommune whose files they are in."""
    return {name: tuple(one for one in found if kommune(one.file) == name) for name in {kommune(f.file) for f in found}}


def compose(
    root: Path,
    added: Sequence[Path],
    before: Sequence[Files] = (),
    within: Path | None = None,
    preview: bool = False,
    known: str | None = None,
    verdicts: Verdicts | None = None,
) -> Composed:
    """Read the folders. `before`: what the set that is served now was read from, the base first.

    `within`: where a set that must be put together anew is written for a moment; the system's own place without one.
    `preview`: what kommuner wrote is taken as approved, for those who write it.
    `known`: the hash of a set that was found good already; what is put together anew and comes to it is not read again.
    `verdicts`: what was found of kommuner's files before is not found again.
    Raises Refused when the base has errors, Known, and OSError when that place cannot be written.
    """
    failing = {name: found for path in added for name, found in _too_large(path).items()}
    try:
        library, found = _tried(root, added, failing, preview, verdicts)
    except Exception as error:  # whatever it is, it must not keep the others' content back
        failing |= _crashing(root, added, failing, preview, verdicts, error)
        library, found = _tried(root, added, failing, preview, verdicts)
    gone = [number for number, path in enumerate(added, 1) if _is_gone(path, before[number : number + 1])]
    if not errors(found) and not failing and not gone:
        return Composed(library, tuple(found))
    parts = _Parts(
        library.files, before, within, known, _names(added), failing, gone, preview=preview, verdicts=verdicts
    )
    for number in gone:
        failing[""] = (*failing.get("", ()), Finding(str(added[number - 1]), 0, 0, "Mappen kan ikke læses."))
    return parts.settled(found)


def _tried(
    root: Path, added: Sequence[Path], left_out: Collection[str], preview: bool, verdicts: Verdicts | None
) -> tuple[Library, list[Finding]]:
    """What the folders say without some kommuner. Raises whatever reading raises, which is nothing that we know of."""
    library, found = load(root, [_Without(path, left_out=left_out) for path in added], preview, verdicts)
    return library, sorted({*found, *check(library)})


def _crashing(
    root: Path,
    added: Sequence[Path],
    left_out: Collection[str],
    preview: bool,
    verdicts: Verdicts | None,
    error: Exception,
) -> dict[str, tuple[Finding, ...]]:
    """The kommuner whose files cannot even be read without an error of ours. Raises `error` when it is nobody's."""
    names, found = sorted(_names(added) - set(left_out)), dict[str, tuple[Finding, ...]]()
    todo = [[], names]
    while todo:
        some = todo.pop(0)
        try:
            _tried(root, added, [*left_out, *(name for name in names if name not in some)], preview, verdicts)
        except Exception as wrong:
            if not some:
                raise error from None
            if len(some) > 1:
                todo += [some[: len(some) // 2], some[len(some) // 2 :]]
                continue
            said = f"Filerne kan ikke læses ({type(wrong).__name__}). Det er en fejl i guiden: sig det til os."
            found[some[0]] = (Finding(f"{ROOM}/{printable(some[0])}", 0, 0, said),)
    if not found:
        raise error
    return found


@dataclass
class _Without(Folder):
    """A folder as it is read without some kommuner."""

    left_out: Collection[str] = ()

    def entries(self, folder: Path) -> list[Path]:
        """What lies in a folder."""
        found = super().entries(folder)
        return [path for path in found if path.name not in self.left_out] if folder == self.root / ROOM else found


@dataclass
class _Parts:
    """Whose files are the newest, whose are from before, and whose are left out."""

    newest: Sequence[Files]
    before: Sequence[Files]
    within: Path | None
    known: str | None
    names: Collection[str]
    """The kommuner that have a folder, also when nothing in it can be read."""
    failing: dict[str, tuple[Finding, ...]]
    gone: Sequence[int] = ()
    """Added folders that cannot be read: all their kommuner are as before."""
    dropped: set[str] = field(default_factory=set)
    preview: bool = False
    verdicts: Verdicts | None = None

    def folders(self) -> list[dict[str, bytes]]:
        """The files to read, the base first."""
        found = [dict(self.newest[0])]
        for number in range(1, len(self.newest)):
            files = {} if number in self.gone else self.newest[number]
            own = {name: data for name, data in files.items() if kommune(name) not in self.failing}
            found.append(own)
        for number, files in enumerate(self.before[1:], 1):
            into = found[min(number, len(found) - 1)] if len(found) > 1 else {}
            for name, data in files.items():
                of = kommune(name)
                if of not in self.dropped and (of in self.failing or number in self.gone):
                    into[name] = data
        return found

    def settled(self, first: Sequence[Finding]) -> Composed:
        """Read again and again with those who have errors kept back, until nothing is wrong. Raises Refused."""
        found, files = first, [dict(part) for part in self.newest]
        for _ in range(ROUNDS):
            wrong = errors(found)
            own = {*self.names, *(kommune(name) for part in files[1:] for name in part)} - {""}
            blamed = {name: some for name, some in by_kommune(wrong).items() if name in own}
            self._keep_back(blamed or self._culprits(wrong, files, own))
            files = self.folders()
            if self.known and _hash(files) == self.known:
                raise Known(self.failing)
            library, found = _read(files, self.within, self.preview, self.verdicts)
            if not errors(found):
                said = (one for one in first if one.warning and kommune(one.file) not in self.failing)
                return Composed(library, tuple(sorted({*found, *said})), self.failing)
        raise Refused(errors(found), self.failing)

    def _keep_back(self, blamed: Mapping[str, tuple[Finding, ...]]) -> None:
        self.dropped |= blamed.keys() & self.failing.keys()
        for name, some in blamed.items():
            self.failing.setdefault(name, some)

    def _culprits(
        self, wrong: Sequence[Finding], files: Sequence[Files], own: Collection[str]
    ) -> dict[str, tuple[Finding, ...]]:
        """Whose files cause errors that are told of elsewhere. Raises Refused when it is nobody's."""
        if not wrong:  # only folders that are gone or too large
            return {}
        alone = errors(_read(files[:1], self.within, self.preview, self.verdicts)[1])
        if alone or not own:
            raise Refused(alone or wrong, self.failing)
        found = {}
        for name in sorted(own):
            parts = [files[0], *({n: d for n, d in part.items() if kommune(n) == name} for part in files[1:])]
            if some := errors(_read(parts, self.within, self.preview, self.verdicts)[1]):
                found[name] = tuple(some)
        if not found:
            raise Refused(wrong, self.failing)
        return found


def _hash(parts: Sequence[dict[str, bytes]]) -> str:
    """The hash of the library that these files would make."""
    return digest(Folder(Path(), content=files) for files in parts)


def _read(
    parts: Sequence[Files], within: Path | None, preview: bool, verdicts: Verdicts | None
) -> tuple[Library, list[Finding]]:
    with placed(parts, within) as (root, *added):
        library, found = load(root, added, preview, verdicts)
        return library, sorted({*found, *check(library)})


@contextmanager
def placed(parts: Sequence[Files], within: Path | None) -> Iterator[list[Path]]:
    """Content folders with these files, for as long as the block lasts.

    Raises OSError, and ValueError for a name that leads out of its folder.
    """
    with tempfile.TemporaryDirectory(prefix=PLACED, dir=within) as place:
        folders = [Path(place, str(number)) for number in range(len(parts))]
        for folder, files in zip(folders, parts, strict=True):
            (folder / ROOM).mkdir(parents=True)
            for name, data in files.items():
                if not Path(os.path.normpath(folder / name)).is_relative_to(folder):
                    raise ValueError("a file name that leads out of its folder")
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
        yield folders


def _is_gone(path: Path, before: Sequence[Files]) -> bool:
    """Whether an added folder cannot be read, or had kommuner and is empty now, as when a disk is not there."""
    try:
        os.listdir(path / ROOM)
    except FileNotFoundError:
        return not path.is_dir() or any(before)
    except OSError:
        return True
    return False


def _names(added: Sequence[Path]) -> set[str]:
    """The kommuner that have a folder."""
    found = set[str]()
    for path in added:
        with suppress(OSError):
            found.update(os.listdir(path / ROOM))
    return found


def _too_large(path: Path) -> dict[str, tuple[Finding, ...]]:
    """The kommuner of a folder that hold more than can be read for them."""
    found = dict[str, tuple[Finding, ...]]()
    for name in sorted(_names([path])):
        if not name.startswith((".", "_")) and _exceeds(path / ROOM / name):
            said = f"Mappen er for stor. Der må højst være {MOST_FILES} filer og {MOST_BYTES // 1_000_000} MB."
            found[name] = (Finding(f"{ROOM}/{printable(name)}", 0, 0, said),)
    return found


def _exceeds(folder: Path) -> bool:
    files = size = 0
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        files += len(names) + len(folders)
        for name in names[: MOST_FILES + 1]:
            try:
                size += os.lstat(os.path.join(place, name)).st_size
            except OSError:
                continue
        if files > MOST_FILES or size > MOST_BYTES:
            return True
    return False
