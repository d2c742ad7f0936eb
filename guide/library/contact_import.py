"""Contacts from one sheet into the files of many kommuner: what each row does, and then all of it or nothing.

Here: which kommune a row is of, what changes in its file, the check by the library, the report. Not here: the cells
(`contact_sheet.py`), the text of a file (`layout.py`), the disk (`write.py`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from guide.flows.finding import Finding, errors
from guide.library import write
from guide.library.checks import check
from guide.library.contact_sheet import Sheet, SheetRow, cells_of, contact_of
from guide.library.folder import Folder, printable
from guide.library.layout import NotWritten, as_read, laid_out, written
from guide.library.library import load
from guide.library.read import build, suggest
from guide.library.register import read_register
from guide.library.strict_yaml import parse
from guide.library.syntax import quote
from guide.library.wording import as_id, wrong_id
from guide.model import Contact, Municipality

ROOM, FILE = "municipalities", "municipality.yaml"


class Fate(StrEnum):
    """What becomes of a row."""

    new = "ny"
    changed = "ændret"
    same = "uændret"
    refused = "afvist"


@dataclass
class Row:
    """One row on its way into a file: whose contact it is, and what becomes of it and why."""

    number: int
    kommune: str
    name: str
    id: str = ""
    contact: Contact | None = None
    fate: Fate = Fate.new
    why: list[str] = field(default_factory=list)

    def refuse(self, *why: str) -> None:
        """This row is not written."""
        if self.fate is not Fate.refused:
            self.fate, self.why = Fate.refused, []
        self.why += [reason for reason in why if reason not in self.why]

    def __str__(self) -> str:
        why = f": {' '.join(self.why)}" if self.why else ""
        return f"Række {self.number}, {self.kommune}, {self.name}: {self.fate}{why}"


@dataclass
class Import:
    """All rows, and the files they make: by kommune what the file was (None: none) and what it is to be."""

    rows: list[Row]
    files: dict[str, tuple[bytes | None, bytes]] = field(default_factory=dict)

    @property
    def refused(self) -> list[Row]:
        """The rows that are not written."""
        return [row for row in self.rows if row.fate is Fate.refused]

    @property
    def alive(self) -> list[Row]:
        """The rows that change something."""
        return [row for row in self.rows if row.fate in (Fate.new, Fate.changed)]


def planned(sheet: Sheet, root: Path, folder: Path, partial: bool = False) -> Import:
    """What an import of a sheet into a content folder would do; the library has checked the result. Writes nothing.

    `root`: the base content; `partial`: the good rows are to be written even when others are refused.
    """
    kommuner = known(root, folder)
    rows = [_row(row, kommuner) for row in sheet.rows]
    _twice(rows)
    plan = Import(rows)
    names = {name: kommune for name, kommune in kommuner.items() if any(row.id == name for row in rows)}
    for _ in range(len(rows) + 1):  # a row that falls may take one with it that sends on to its contact
        before = len(plan.refused)
        plan.files.clear()
        _amend(plan, names, folder)
        if plan.files:
            _check(plan, root, folder)
        if len(plan.refused) == before or not partial:
            break
    if plan.refused and not partial:
        plan.files.clear()
    return plan


def carried_out(plan: Import, folder: Path) -> list[str]:
    """Write the files of a plan; the names of those written, from the folder. Rows of others are refused with why."""
    done = []
    for name, (before, after) in plan.files.items():
        file = f"{ROOM}/{name}/{FILE}"
        try:
            write.put(folder, file, before, after)
            done.append(file)
        except NotWritten as error:
            for row in plan.alive:
                if row.id == name:
                    row.refuse(str(error))
    return done


def contacts_in(folder: Path) -> tuple[list[tuple[str, str, Contact]], list[Finding]]:
    """(kommune, id, contact) of all own contacts in a content folder, and what is wrong with files there."""
    found, findings = list[tuple[str, str, Contact]](), list[Finding]()
    for path in Folder(folder).folders(ROOM):
        word, wrong = _read(folder, path.name)
        findings += wrong
        if word is not None:
            found += [(path.name, name, contact) for name, contact in word.contacts.items()]
    return found, findings


def known(root: Path, folder: Path) -> dict[str, Municipality]:
    """The kommuner that a row can be of: those of the register, and the examples in the folder."""
    found, _ = read_register(root / "registers" / "kommuner.csv", Folder(root))
    for path in Folder(folder).folders(ROOM):
        word, _ = _read(folder, path.name)
        if word is not None and (word.example or path.name in found):
            found.setdefault(path.name, word)
    return found


def _read(folder: Path, name: str) -> tuple[Municipality | None, list[Finding]]:
    file = f"{ROOM}/{name}/{FILE}"
    try:
        data = write.content_of(folder, file)
    except NotWritten as error:
        return None, [Finding(file, 0, 0, str(error))]
    document, findings = parse(data, file)
    return (None, findings) if document is None else build(Municipality, document)


# --- one row ------------------------------------------------------------------------------------------------------


def _row(given: SheetRow, kommuner: Mapping[str, Municipality]) -> Row:
    kommune, name = given.cells.get("kommune", "").strip(), given.cells.get("contact", "").strip()
    row = Row(given.number, printable(kommune[:60]) or "uden kommune", printable(name[:60]) or "uden navn")
    found = _kommune(kommune, kommuner)
    if found is None:
        choices = [*kommuner, *(one.name for one in kommuner.values())]
        row.refuse(f"kommunen {quote(printable(kommune))} findes ikke i registeret.{suggest(kommune, choices)}")
    else:
        row.id, row.kommune = found, kommuner[found].name.removesuffix(" Kommune")
    if wrong := wrong_id(name):
        row.refuse(f"«contact»: {quote(printable(name))} {wrong}")
    row.contact, why = contact_of(given)
    if why:
        row.refuse(*why)
    return row


def _kommune(text: str, kommuner: Mapping[str, Municipality]) -> str | None:
    """The id of a kommune by its id, its code or its name, as people write them."""
    if text in kommuner:
        return text
    plain = text.casefold()
    for name, kommune in kommuner.items():
        if kommune.code and text.isdecimal() and text.lstrip("0") == kommune.code.lstrip("0"):
            return name
        if plain in (kommune.name.casefold(), kommune.name.casefold().removesuffix(" kommune")):
            return name
    short = as_id(plain.removesuffix(" kommune"))
    return short if short in kommuner else None


def _twice(rows: Iterable[Row]) -> None:
    seen = dict[tuple[str, str], int]()
    for row in rows:
        if row.id and (first := seen.setdefault((row.id, row.name), row.number)) != row.number:
            row.refuse(f"kontakten står også i række {first}.")


# --- the file of a kommune ----------------------------------------------------------------------------------------


def _amend(plan: Import, kommuner: Mapping[str, Municipality], folder: Path) -> None:
    """What becomes of each row that is not refused, and the files that come of them."""
    for name, kommune in kommuner.items():
        rows = [row for row in plan.rows if row.id == name and row.fate is not Fate.refused]
        try:
            before, old = _before(folder, name)
            for row in rows:
                assert row.contact is not None
                row.why.clear()
                row.fate = _fate(row.contact, old.get(row.name), row.why)
            if changes := {row.name: row.contact for row in rows if row.contact and row.fate is not Fate.same}:
                new = _new_file(kommune, changes) if before is None else amended(before, old, changes)
                plan.files[name] = (before, new)
        except NotWritten as error:
            for row in rows:
                row.refuse(str(error))


def _before(folder: Path, name: str) -> tuple[bytes | None, Mapping[str, Contact]]:
    """The file of a kommune and its contacts. Raises NotWritten when it has errors."""
    file = f"{ROOM}/{name}/{FILE}"
    if not os.path.lexists(folder / file):
        return None, {}
    word, wrong = _read(folder, name)
    if word is None:
        raise NotWritten(f"kommunens fil har fejl i forvejen. Ret dem først: {wrong[0]}")
    return write.content_of(folder, file), word.contacts


def _fate(new: Contact, old: Contact | None, why: list[str]) -> Fate:
    if old is None:
        return Fate.new
    if old == new or cells_of(old) == cells_of(new):
        return Fate.same
    before, after = cells_of(old), cells_of(new)
    why.append(", ".join(key for key in {**before, **after} if before.get(key) != after.get(key)) + ".")
    return Fate.changed


def plain(contact: Contact) -> dict[str, Any]:
    """A contact as it is written in a file, in the order of the model, without what says nothing."""
    found: dict[str, Any] = {}
    for key in Contact.model_fields:
        value = getattr(contact, key)
        if key == "hours" and value is not None:
            found[key] = {name: getattr(value, name) for name in type(value).model_fields if getattr(value, name)}
        elif value:
            found[key] = [str(one) for one in value] if key == "purpose" else value
    return found


def _new_file(kommune: Municipality, contacts: Mapping[str, Contact]) -> bytes:
    head = {"name": kommune.name} | ({"code": kommune.code} if kommune.code else {})
    parts = [f"  {written({name: plain(contact)}, '  ', chr(10))}\n" for name, contact in contacts.items()]
    return (f"{written(head, '', chr(10))}\n\ncontacts:\n" + "\n".join(parts)).encode()


def amended(data: bytes, old: Mapping[str, Contact], contacts: Mapping[str, Contact]) -> bytes:
    """A kommune's file with these contacts; what they do not change stays to the last byte, comments too.

    `old`: the contacts that the file has. Raises NotWritten.
    """
    layout = laid_out(data)
    top = layout.entries(())
    whole = {name: plain(contact) for name, contact in contacts.items()}
    if "contacts" not in top:
        layout.add(("contacts",), whole, list(top)[-1])
    elif layout.in_braces(("contacts",)):
        layout.set(("contacts",), {**layout.expected["contacts"], **whole})
    else:
        there = list(layout.entries(("contacts",)))
        for name, value in whole.items():
            place = ("contacts", name)
            if name not in there:
                layout.add(place, value, there[-1])
            elif layout.in_braces(place):
                layout.set(place, value)
            else:
                before, present, last = plain(old[name]), layout.entries(place), None
                for key in Contact.model_fields:
                    if key in value and key not in present:
                        layout.add((*place, key), value[key], last)
                    elif key in value and as_read(value[key]) != as_read(before.get(key)):
                        layout.set((*place, key), value[key])
                    elif key in before and key not in value:
                        layout.remove((*place, key))
                    last = key if key in value and key in present else last
    return layout.changed()


# --- the check ----------------------------------------------------------------------------------------------------


def _check(plan: Import, root: Path, folder: Path) -> None:
    """Rows whose contact the library finds an error in are refused; with an error elsewhere all rows of the kommune."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place)
        for name, (_, after) in plan.files.items():
            room = trial / ROOM / name
            room.mkdir(parents=True)
            _copy(folder / ROOM / name, room)
            (room / FILE).write_bytes(after)
        library, found = load(root, [trial])
        found = sorted({*found, *check(library)})
    for name, (_, after) in plan.files.items():
        mine = [finding for finding in found if finding.file.startswith(f"{ROOM}/{name}/")]
        for finding in mine:
            _tell(plan, name, after, finding)


def _copy(room: Path, trial: Path) -> None:
    """What a kommune has beside its file: plain files only; what cannot be read is told of when it is served."""
    for path in sorted(room.rglob("*")) if room.is_dir() else ():
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                (trial / path.relative_to(room)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, trial / path.relative_to(room))


def _tell(plan: Import, name: str, data: bytes, finding: Finding) -> None:
    rows = {row.name: row for row in plan.alive if row.id == name}
    contact = _around(data, finding) if finding.file.endswith(f"/{FILE}") else None
    if contact in rows:
        said = finding.message.partition(" Vejen dertil: ")[0]  # for those who change flows, not numbers
        rows[contact].why.append(f"Advarsel: {said}") if finding.warning else rows[contact].refuse(said)
    elif errors([finding]):
        for row in rows.values():
            row.refuse(f"kommunens egne filer har fejl: {finding}")


def _around(data: bytes, finding: Finding) -> str | None:
    """The contact that a finding stands in, if any."""
    document, _ = parse(data, "")
    if document is None:
        return None
    starts = {(mark.line, mark.column): path for path, mark in document.marks.items() if len(path) in (1, 2)}
    inside = [place for place in starts if place <= (finding.line, finding.column)]
    path = starts[max(inside)] if inside else ()
    return str(path[1]) if path[:1] == ("contacts",) and len(path) == 2 else None
