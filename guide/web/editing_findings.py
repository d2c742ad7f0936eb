"""Findings as the pages of `/redaktion/` show them: whose they are, the text around them, the step they are about.

Here also: whether a name leads to a file in a content folder. Not here: what is wrong with a file (`guide/library`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.owned import Room
from guide.model import Flow, Municipality

AROUND = 2
"""Lines of text shown before and after the one that a finding is about."""

LARGEST = 300_000
"""Bytes of a file that is looked into for the text around a finding."""


@dataclass(frozen=True)
class Excerpt:
    """Findings on one line, with the lines around it (number, text) and the step they are about, where it is known."""

    findings: tuple[Finding, ...]
    lines: tuple[tuple[int, str], ...] = ()
    flow: str | None = None
    step: str | None = None


def kommune_of(found: Finding) -> str | None:
    """The kommune whose own file a finding is in, or None for the national content."""
    room, _, rest = found.file.partition("/")
    return rest.partition("/")[0] if room == "municipalities" and rest else None


def of_kommune(found: Iterable[Finding], failing: Mapping[str, tuple[Finding, ...]], kommune: str) -> list[Finding]:
    """What was found in the files of a kommune, or because of them in others; errors first."""
    own = {one for one in found if kommune_of(one) == kommune} | {*failing.get(kommune, ())}
    return sorted(own, key=lambda one: (one.warning, one))


def named(failing: Iterable[str], known: Mapping[str, Municipality]) -> dict[str, str]:
    """The names of the kommuner whose newest files have errors, by id; those of the national content are under ""."""
    return {one: known[one].name if one in known else one for one in sorted(failing)}


def folder_with(file: str, folders: Sequence[Path]) -> Path | None:
    """The content folder that has a file of this name, the last one added first; None for a name that leads out."""
    for folder in reversed(folders):
        try:
            path = (folder / file).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return folder
        except (OSError, ValueError):
            continue
    return None


def excerpts(found: Iterable[Finding], folders: Sequence[Path], room: Room | None = None) -> list[Excerpt]:
    """Findings with the text they are about, as it stands in the file now; in the order given."""
    places: dict[tuple[str, int], list[Finding]] = {}
    for one in found:
        places.setdefault((one.file, one.line), []).append(one)
    return [Excerpt(tuple(some), _lines(some[0], folders), *_step(some[0], room)) for some in places.values()]


def _lines(found: Finding, folders: Sequence[Path]) -> tuple[tuple[int, str], ...]:
    folder = folder_with(found.file, folders) if found.line else None
    if folder is None:
        return ()
    try:
        with open(folder / found.file, "rb") as file:
            text = file.read(LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    first = max(found.line - 1 - AROUND, 0)
    return tuple((n + 1, text[n]) for n in range(first, min(found.line + AROUND, len(text))))


def _step(found: Finding, room: Room | None) -> tuple[str | None, str | None]:
    """Flow and step of a finding in an own flow: the last step that begins at or above its line."""
    for name, own in room.flows.items() if room else ():
        if found.file.endswith(f"/flows/{name}.yaml"):
            marks = own.file.document.marks.items()
            begun = [
                (mark.line, str(at[1])) for at, mark in marks if len(at) == 2 and at[0] in ("questions", "outcomes")
            ]
            before = [step for line, step in sorted(begun) if line <= found.line]
            return (name, before[-1]) if before and before[-1] in _steps(own.flow) else (name, None)
    return None, None


def _steps(flow: Flow) -> set[str]:
    return {*flow.questions, *flow.outcomes}
