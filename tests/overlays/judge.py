"""What the guide says of a kommune's folder: read and checked as in service, against a library that is in memory.

Only the kommune is read and checked anew; that the whole of it says the same is tried in `test_overlays.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from guide.flows.finding import Finding, errors
from guide.library import checks
from guide.library.folder import Folder
from guide.library.furnished import furnished
from guide.library.library import Library
from guide.library.local import local
from guide.library.owned import Ground, Room, read_room
from guide.library.refined import refined
from guide.library.texts import wording
from guide.model import Municipality

KOMMUNE = "vores"

HEAD = {"name": "Vores Kommune", "example": True}
OWN = {"owner": "Skolen", "checked": "2026-11-22"}

KILLERS: Mapping[str, str] = {
    "locked": r"\blåst\b|Det er et nationalt (?:spørgsmål|udfald)|Intet må komme før",
    "own answers": r"Et eget svar kan kun stå for|ligner svaret|skal sige med «as», hvilket nationalt svar",
    "own outcomes": r"«as: |med «as», hvilket nationalt udfald|i «as» findes ikke",
    "ways (I1)": r"\(I1\)",
    "refinement (I22)": r"\(I22\)",
    "refinement (I23)": r"\(I23\)",
    "invariants": r"\((?:I[2-9]|I10|I18|C2|C12|C27)\)",
    "contacts": r"\((?:I11|I12|I13|C5)\)|er ens i hele landet",
    "texts": r"ingen betingelser|forældrereglen er|anonym|siger aldrig|Et tilbud må ikke|nationalt brev"
    r"|ordet for niveauet|kan pege på en forælder",
}
"""The checks that notice an overlay, by what they say. What none of these fits is told by the reader of files."""


@dataclass(frozen=True)
class Case:
    """One kommune's folder by chance. `because`: what must be told of it; nothing when it is right.

    `files` by name: of YAML what they say, of letters their text.
    """

    operator: str
    flow: str
    place: str
    files: Mapping[str, object]
    because: str = ""

    def __str__(self) -> str:
        return f"{self.operator}, {self.flow}, {self.place}"


def overlay(operator: str, flow: str, place: str, because: str = "", **steps: object) -> Case:
    """A case of one own file on a flow: `questions`, `outcomes`, or another key that may not stand there."""
    return Case(operator, flow, place, {f"flows/{flow}.yaml": {**OWN, **steps}}, because)


def write(case: Case, folder: Path) -> Path:
    """The kommune's folder on disk; given back is the content folder around it."""
    own = folder / "municipalities" / KOMMUNE
    for name, said in {"municipality.yaml": {}, **case.files}.items():
        path = own / name
        path.parent.mkdir(parents=True, exist_ok=True)
        value = {**HEAD, **said} if name == "municipality.yaml" and isinstance(said, dict) else said
        text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
    return folder


def read(library: Library, case: Case) -> tuple[Room, Folder]:
    """The kommune's folder as it is read in service."""
    with TemporaryDirectory() as place:
        folder = Folder(write(case, Path(place)))
        path = folder.root / "municipalities" / KOMMUNE
        return read_room(path, folder, Ground(library.flows, set(library.scenarios))), folder


def told(library: Library, case: Case) -> list[Finding]:
    """Every error that is told of the kommune's files."""
    room, folder = read(library, case)
    found = [*room.findings, *folder.findings]
    if room.word is not None:
        view = _view(library, room, room.word)
        found += [*refined(view), *local(view), *wording(replace(view, flows={}, drafts={}, words=room.words))]
        if room.word.contacts:
            found += [*furnished(view), *checks._own_contacts(view)]
    return errors(sorted({finding for finding in found if f"/{KOMMUNE}/" in finding.file}))


def _view(library: Library, room: Room, word: Municipality) -> Library:
    """The library with this kommune only."""
    words = [written for written in library.words if not isinstance(written.word, Municipality)]
    return replace(
        library,
        rooms={KOMMUNE: room},
        words=[*words, *room.words],
        municipalities={**library.municipalities, KOMMUNE: word},
    )


def killers(found: list[Finding]) -> set[str]:
    """By which checks an overlay was noticed."""
    named = {name for finding in found for name, said in KILLERS.items() if re.search(said, finding.message)}
    return named or ({"reader"} if found else set())
