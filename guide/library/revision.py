"""The content of a folder or a git revision, for `guide diff`: the only place that runs git.

A revision is read from the checkout that the working directory is in; its `content/da` is written to a folder that
the caller gives and clears away. Nothing in the checkout is touched.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

CONTENT = "content/da"


class NoContent(Exception):
    """There is no content to read there. The message is Danish and can be shown."""


def content_of(name: str, into: Path) -> Path:
    """The content folder that `name` means: a content folder, a checkout, or a revision, written to the folder `into`.

    Raises NoContent.
    """
    folder = Path(name)
    if name and os.path.isdir(folder):  # Path.is_dir raises on a name that is too long
        inside = folder / CONTENT
        found = inside if inside.is_dir() else folder
        if not (found / "flows").is_dir():
            raise NoContent(f"Mappen «{name}» har ingen «flows/» og ingen «{CONTENT}/».")
        return found
    top = Path(_git(Path(), "rev-parse", "--show-toplevel", wrong=_unknown(name)).decode().strip())
    wanted = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    commit = _git(top, *wanted, wrong=_unknown(name)).decode().strip()
    archive = _git(top, "archive", "--format=tar", commit, CONTENT, wrong=f"«{name}» har ingen «{CONTENT}/».")
    _unpack(archive, into)
    return into / CONTENT


def _unknown(name: str) -> str:
    return f"«{name}» er hverken en mappe eller en udgave i git."


def _git(place: Path, *arguments: str, wrong: str) -> bytes:
    try:
        return subprocess.run(["git", *arguments], cwd=place, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoContent(wrong) from error


def _unpack(archive: bytes, into: Path) -> None:
    """The plain files of an archive; links and names that lead out of the folder are left."""
    root = into.resolve()
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            path = (root / member.name).resolve()
            read = files.extractfile(member) if member.isfile() and path.is_relative_to(root) else None
            if read is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(read.read())
