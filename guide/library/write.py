"""Writing one content file: whole or not at all, and only where content lies. Not here: what is written.

The folder may be changed by an editor at the same time, so a file that is no longer as it was read is left alone.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path, PurePosixPath

from guide.library.folder import ROOMS, printable
from guide.library.layout import NotWritten
from guide.library.strict_yaml import MAX_BYTES
from guide.library.syntax import quote


def place_of(folder: Path, file: str) -> Path:
    """The path of a content file by its name from the content folder, as findings show it.

    Raises NotWritten for anything but a YAML file in one of the content rooms, and for links on the way to it.
    """
    parts = PurePosixPath(file).parts
    outside = NotWritten(f"{quote(printable(file))} ligger ikke i mappen med indhold.")
    if len(parts) < 2 or parts[0] not in ROOMS or ".." in parts or not file.isprintable() or "\\" in file:
        raise outside
    if not file.endswith(".yaml"):
        raise NotWritten(f"{quote(file)} er ikke en .yaml-fil.")
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise NotWritten(f"{quote(printable(file))} er et link til et andet sted. Ret filen dér.")
    return path


def content_of(folder: Path, file: str) -> bytes:
    """The bytes of a content file. Raises NotWritten when it cannot be read."""
    path = place_of(folder, file)
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NotWritten(f"{quote(file)} er ikke en almindelig fil.")
        with open(path, "rb") as open_file:
            return open_file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise NotWritten(f"{quote(file)} kan ikke læses.") from error


def put(folder: Path, file: str, before: bytes | None, after: bytes) -> None:
    """Write a content file that was `before` when it was read; None for one that is not there yet.

    It gets the mode it had. Raises NotWritten when the file is another one by now, or cannot be written.
    """
    path = place_of(folder, file)
    try:
        if before is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not os.access(path, os.W_OK):
            raise NotWritten(f"{quote(file)} må ikke ændres. Ret filens rettigheder.")
        descriptor, name = tempfile.mkstemp(prefix=".", suffix=".ny", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as new:
                new.write(after)
                new.flush()
                os.fsync(new.fileno())
            os.chmod(name, 0o644 if before is None else stat.S_IMODE(path.stat().st_mode))
            if (content_of(folder, file) if os.path.lexists(path) else None) != before:
                raise NotWritten(f"{quote(file)} er ændret af andre imens. Prøv igen.")
            os.replace(name, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        raise NotWritten(f"{quote(file)} kan ikke skrives: {error.strerror}.") from error
