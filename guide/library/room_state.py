"""How far one kommune has come: what was found in its folder, what is served, what waits, and what to do next.

All of it in plain Danish, for somebody who is no programmer. Not here: finding anything (`checks.py`, `owned.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from guide.flows.finding import Finding, errors
from guide.library.force import later
from guide.library.library import Library
from guide.library.new_room import ROOM, TO_WRITE
from guide.library.owned import FILES, Room

REVIEW = 6
"""Months until the next look that an approval is proposed with (C35 asks for a day, not for this one)."""

_LONGEST = 100
"""Characters of a line that are shown around a place."""


def of_room(found: Iterable[Finding], name: str) -> list[Finding]:
    """The findings in one kommune's folder, errors first."""
    room = f"{ROOM}/{name}"
    own = (one for one in found if one.file == room or one.file.startswith(room + "/"))
    return sorted(own, key=lambda one: (one.warning, one))


def left_over(files: Sequence[dict[str, bytes]], name: str) -> Iterator[Finding]:
    """Warnings on the texts of the first files that nobody has written over, in the files that are read."""
    for part in files:
        for file, data in part.items():
            if file.startswith(f"{ROOM}/{name}/") and file.endswith((".yaml", ".md")):
                for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
                    if not line.lstrip().startswith("#") and (found := TO_WRITE.search(line)):
                        said = "Her står stadig eksemplets tekst. Skriv jeres egen."
                        yield Finding(file, number, found.start() + 1, said, warning=True)


def told(finding: Finding, folders: Sequence[Path], files: Sequence[dict[str, bytes]]) -> Iterator[str]:
    """A finding in lines: the file as a program can open it, the line, what is wrong, and the text there."""
    where = next((n for n, known in enumerate(files) if finding.file in known), None)
    word = "Husk" if finding.warning else "Fejl"
    path = _path(finding.file, folders, where)
    if not finding.line:
        yield f"{word}: {path}"
        yield f"  {finding.message}"
        return
    yield f"{word}: {path}:{finding.line}:{finding.column}"
    yield f"  Linje {finding.line}: {finding.message}"
    lines = files[where][finding.file].decode("utf-8", "replace").splitlines() if where is not None else []
    if finding.line <= len(lines) and finding.column <= _LONGEST:
        text = "".join(sign if sign.isprintable() else " " for sign in lines[finding.line - 1])[:_LONGEST]
        yield f"    | {text}"
        yield f"    | {' ' * (finding.column - 1)}^"


def _path(file: str, folders: Sequence[Path], where: int | None) -> str:
    if where is None:
        where = next((n for n, folder in enumerate(folders) if os.path.lexists(folder / file)), len(folders) - 1)
    path = folders[where] / file
    inside = path.absolute().is_relative_to(Path.cwd())
    return str(path.absolute().relative_to(Path.cwd()) if inside else path)


def to_approve(library: Library, name: str, day: date) -> Iterator[str]:
    """What the two who approve must have written into each file that waits, ready to be copied."""
    room = library.rooms.get(name)
    if room is None:
        return
    texts = [] if room.approved else [(FILES[0], room.text, "")]
    texts += [(f"flows/{flow}.yaml", room.flows[flow].text, room.flows[flow].base) for flow in sorted(room.drafts)]
    for file, text, base in texts:
        yield f"Når én hos myndigheden og én leder i faget har læst det, så sæt dette ind i {ROOM}/{name}/{file}:"
        yield ""
        yield "approved:"
        yield "  authority:   # navn og stilling hos myndigheden"
        yield "  profession:  # navn og stilling i faget"
        yield f"  date: {day}"
        yield f"  next: {later(day, REVIEW)}"
        yield f"  text: {text}"
        if base:
            yield f"  base: {base}"
        yield ""


def stands(library: Library, name: str, found: Iterable[Finding]) -> str:
    """In one line: what is served of a kommune's own, what waits for approval, and what to do next."""
    wrong, room = errors(found), library.rooms.get(name)
    if wrong or room is None:
        first = f" Ret først {wrong[0].file} linje {wrong[0].line}." if wrong and wrong[0].line else ""
        return (
            f"{len(wrong)} fejl. Indtil de er rettet, bliver intet nyt vist. Guiden viser det, I sidst havde uden "
            f"fejl, eller det nationale.{first}"
        )
    served, waits = list(_served(library, name, room)), list(_waits(room))
    missing = [key for key in ("modtagelse", "doegnvagt") if key not in library.municipalities[name].contacts]
    if missing:
        then = f"skriv jeres numre i {ROOM}/{name}/{FILES[0]} ({' og '.join(missing)} mangler)."
    elif waits:
        then = "se det i «guide preview», lad de to læse det, og skriv linjerne herover."
    else:
        then = "intet. Ring til numrene igen om tre måneder, også om aftenen."
    kept = f" Venter på godkendelse: {', '.join(waits)}." if waits else ""
    return f"Ingen fejl. Bliver vist: {', '.join(served) or 'kun det nationale'}.{kept} Næste skridt: {then}"


def _served(library: Library, name: str, room: Room) -> Iterator[str]:
    kommune = library.municipalities[name]
    if count := len(kommune.contacts):
        yield f"{count} {'kontakt' if count == 1 else 'kontakter'}"
    if kommune.colours:
        yield "farven"
    if room.logo:
        yield "logoet"
    if room.approved and room.text:
        yield _texts(room)
    yield from (f"egne trin i {flow}" for flow in room.flows if flow not in room.drafts)


def _waits(room: Room) -> Iterator[str]:
    if not room.approved:
        yield _texts(room)
    yield from (f"egne trin i {flow}" for flow in sorted(room.drafts))


def _texts(room: Room) -> str:
    """What is approved with municipality.yaml, as far as it is there."""
    word = room.word
    there = {
        "ordene ved kontakterne": word and word.contacts,
        "navne": word and word.names,
        "ord for niveauer": word and word.levels,
        "tilbud": word and word.offers,
    }
    return ", ".join(name for name, said in {**there, "breve": room.letters}.items() if said)
