"""One content folder on disk: which files are content, their bytes, and the hash of what was read.

Here: names as ids, files that nobody reads, refusing what is no plain file and what lies outside the folder. Not here:
what the bytes say (`read.py`).
No name, no kind of file and no permission makes anything here raise or wait.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.strict_yaml import MAX_BYTES, Document
from guide.library.syntax import quote
from guide.library.wording import suggest, wrong_id

ROOMS = (
    *("cases", "contacts", "flows", "law", "letters", "municipalities", "pages", "registers", "signs", "themes"),
    "training",
)
"""The folders of a content folder; an added one has only `municipalities`."""

REGISTERS = (
    "changes.yaml",
    "figures.yaml",
    "groups.csv",
    "inhabitants.csv",
    "judgements.yaml",
    "kommuner.csv",
    "myths.yaml",
    "official.csv",
    "principles.yaml",
    "professions.yaml",
    "regions.csv",
    "terms.yaml",
    "texts.yaml",
    "tiles.csv",
)
"""The files of the room `registers`, which has one of each."""


@dataclass
class Folder:
    """A content folder, and what has been read from it so far; files are known by their name from the root."""

    root: Path
    content: dict[str, bytes] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    """What is wrong with names. What is wrong in a file comes from whoever reads it."""

    def name(self, path: Path) -> str:
        """A path as it is shown: from the root, with / and without anything that cannot be printed."""
        inside = path != self.root and path.is_relative_to(self.root)
        return printable(path.relative_to(self.root).as_posix() if inside else str(path))

    def id(self, path: Path) -> str:
        """The id that a file or folder has by its name; for a name that cannot be one, a name that can be printed."""
        return printable(path.stem)

    def outside(self, path: Path) -> bool:
        """Whether a link leads out of this folder: whoever may write here could else show any file of the machine.

        Links that stay inside are as good as what they lead to, so that content can be mounted, as Kubernetes does it.
        """
        return not Path(os.path.realpath(path)).is_relative_to(self._real)

    @cached_property
    def _real(self) -> str:
        return os.path.realpath(self.root)

    def bytes(self, path: Path) -> tuple[bytes | None, list[Finding]]:
        """The bytes of a plain file, but never more than one over the limit."""
        try:
            if self.outside(path):
                return None, [Finding(self.name(path), 0, 0, f"{_LEADS_OUT} Læg selve filen her.")]
            # Without O_NONBLOCK opening a FIFO would wait for somebody to write to it.
            with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _WITHOUT_WAITING)) as file:
                if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    data = self.content[self.name(path)] = file.read(MAX_BYTES + 1)
                    return data, []
                reason = "Her skulle være en almindelig fil, men det er noget andet. Slet det."
        except FileNotFoundError:
            reason = "Filen findes ikke."
        except IsADirectoryError:
            reason = "Her skulle være en fil, men der er en mappe."
        except PermissionError:
            reason = "Filen må ikke læses af tjenesten. Ret filens rettigheder."
        except (OSError, ValueError):
            reason = "Filen kan ikke læses."
        return None, [Finding(self.name(path), 0, 0, reason)]

    def files(self, room: str, suffix: str) -> list[Path]:
        """The content files of a room. Their names are ids; of anything else there it is said that nobody reads it."""
        found = []
        for path in self.entries(self.root / room):
            if path.suffix != suffix:
                stem = self.id(path).removesuffix(suffix)  # Windows hides that a file is called x.yaml.txt
                meant = [stem + suffix] if path.suffix.lower() in _ALIKE[suffix] or stem != self.id(path) else []
                self.unread(path, f"Her læses kun {suffix}-filer.", meant)
                continue
            self._check_id(path, path.stem)
            found.append(path)
        return found

    def folders(self, room: str, besides: Collection[str] = ()) -> list[Path]:
        """The folders in a room, but not those in `besides`. Their names are ids."""
        found = []
        for path in self.entries(self.root / room):
            if path.name in besides:
                continue
            if self.outside(path):
                self.tell(path, f"{_LEADS_OUT} Læg selve mappen her.")
            elif os.path.isdir(path):
                self._check_id(path, path.name)
                found.append(path)
            else:
                self.unread(path, "Her skal være mapper.")
        return found

    def only(self, folder: Path, names: Collection[str], besides: Collection[str] = ()) -> None:
        """Tell of everything in a folder that is neither one of these names nor one of those told of elsewhere."""
        for path in self.entries(folder):
            if path.name not in names and path.name not in besides:
                known = (*names, *besides)
                self.unread(path, f"Her læses kun: {', '.join(known)}.", known)

    def entries(self, folder: Path) -> list[Path]:
        """What lies in a folder, sorted; without hidden names, those with _ first, and files to be read by people."""
        if self.outside(folder):
            self.tell(folder, f"{_LEADS_OUT} Læg selve mappen her.")
            return []
        try:
            names = sorted(os.listdir(folder))
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            self.tell(folder, "Her skulle være en mappe, men der er en fil.")
            return []
        except OSError:
            self.tell(folder, "Mappen må ikke læses af tjenesten. Ret mappens rettigheder.")
            return []
        return [folder / name for name in names if name[0] not in "._" and not name.upper().startswith(_FOR_PEOPLE)]

    def tell(self, path: Path, message: str, warning: bool = False) -> None:
        """Add a finding on a whole file or folder."""
        self.findings.append(Finding(self.name(path), 0, 0, message, warning))

    def unread(self, path: Path, why: str, known: Iterable[str] = ()) -> None:
        """Warn that nobody reads this, with the name it may have been meant to have."""
        name = printable(path.name)
        self.tell(path, f"{quote(name)} læses ikke. {why}{suggest(name, known)}", warning=True)

    def _check_id(self, path: Path, name: str) -> None:
        if wrong := wrong_id(printable(name)):
            self.tell(path, f"{quote(printable(name))} {wrong} Navnet på filen eller mappen er id'et.")


_ALIKE = {".yaml": (".yml", ".yaml"), ".md": (".md", ".markdown", ".txt")}

_FOR_PEOPLE = ("README", "LÆSMIG", "LAESMIG")

_LEADS_OUT = "Her er et link, der fører ud af mappen, så det bliver ikke læst."

_WITHOUT_WAITING: int = getattr(os, "O_NONBLOCK", 0)


def printable(name: str) -> str:
    """A name from the disk as text for people, with ? for what cannot be printed, such as bytes that are not UTF-8."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def digest(folders: Iterable[Folder]) -> str:
    """A short hash of every file that was read: what a walk carries to notice changed content."""
    found = hashlib.blake2b(digest_size=8)
    for folder in folders:
        found.update(f"{len(folder.content)}\0".encode())
        for name, data in sorted(folder.content.items()):
            found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def state(folders: Iterable[Path], most: int | None = None) -> frozenset[tuple[str, ...]]:
    """What the disk knows of everything under some folders, links followed: another one when anything has changed.

    `most`: so many names are looked at, those nearest the folders first; a link may lead to a whole disk.
    """
    found, seen, todo = set[tuple[str, ...]](), set[tuple[int, int]](), deque(str(folder) for folder in folders)
    while todo and (most is None or len(found) < most):
        name = todo.popleft()
        try:
            info = os.stat(name)
            known = (info.st_mode, info.st_ino, info.st_dev, info.st_size, info.st_mtime_ns, info.st_ctime_ns)
            found.add((name, *map(str, known)))
            if stat.S_ISDIR(info.st_mode) and (info.st_dev, info.st_ino) not in seen:
                seen.add((info.st_dev, info.st_ino))
                todo += (os.path.join(name, inside) for inside in os.listdir(name))
        except OSError as error:
            found.add((name, type(error).__name__))
    return frozenset(found)
