"""Files of Statistics Denmark's StatBank: bytes to rows of labels with one number each. Both forms are read.

The interface gives one line of names, then one line a number, the number last. The download button gives a few lines
of title, then a table whose labels stand only where they change, outer ones on lines of their own, and whose last
axis lies across. Not here: what a column is about (`dimensions.py`), and what becomes of the numbers (`official.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LARGEST = 64_000_000
"""Bytes of a file: all kommuner, ages, reporters and years of one table are some ten millions."""

INTERFACE, BUTTON = "grænsefladen", "knappen «Hent»"

SHOWN = 5
"""So many faults of a file are told at once."""

FORMULA = tuple("=+-@")
"""What a label may not begin with: a spreadsheet that opens the figures again would reckon with it."""

_NUMBER = re.compile(r"[0-9]+|-|\.{1,3}")
_TIME = re.compile(r"(?:[0-9]{4}(?:[KQ][1-4])? )?[0-9]{4}(?:[KQ][1-4])?")


class BadFile(Exception):
    """A file that cannot be taken in. The message is Danish, says where and why, and nothing was changed."""

    def __init__(self, faults: Sequence[str]) -> None:
        more = [f"Og {len(faults) - SHOWN} fejl mere."] if len(faults) > SHOWN else []
        super().__init__("\n".join([*faults[:SHOWN], *more]))


@dataclass(frozen=True)
class Row:
    """One number: its line in the file, its labels in the order of the columns; None where it is not published."""

    line: int
    labels: tuple[str, ...]
    n: int | None


@dataclass
class Sheet:
    """A table as it was read. `columns`: the names of the labels, empty in the form of the button."""

    form: str
    title: str
    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def values(self, column: int) -> list[str]:
        """The different labels of a column, in the order of the file."""
        return list(dict.fromkeys(row.labels[column] for row in self.rows))

    def name(self, column: int) -> str:
        """What to call a column in a message."""
        return f"«{self.columns[column]}»" if self.columns[column] else f"nummer {column + 1}"


def read(data: bytes | str) -> Sheet:
    """The rows of a file. Raises BadFile."""
    text, notes = (data.removeprefix("\ufeff"), []) if isinstance(data, str) else _text(data)
    if text.lstrip().startswith(("<", "{")):
        raise BadFile(["Filen er en hjemmeside eller JSON, ikke CSV. Hent tabellen som CSV."])
    lines = _cells(text)
    if not lines:
        raise BadFile(["Filen er tom."])
    # A line of title has its words in the first cell and nothing beside; what lies across begins with a blank.
    start = next((at for at, (_, cells) in enumerate(lines) if not cells[0] or any(cells[1:])), None)
    if start is None:
        raise BadFile(["Filen har ingen tabel. Hent den igen som CSV."])
    title = " ".join(cell for _, cells in lines[:start] for cell in cells if cell)
    sheet = _nested(lines[start:], title) if not lines[start][1][0] else _flat(lines[start:], title)
    sheet.notes += notes
    return sheet


def _text(data: bytes) -> tuple[str, list[str]]:
    if len(data) > LARGEST:
        raise BadFile([f"Filen er for stor. Den må højst fylde {LARGEST // 1_000_000} MB. Hent færre år ad gangen."])
    if data.startswith((b"PK", b"\xd0\xcf")):
        raise BadFile(["Filen er et regneark. Hent tabellen som CSV."])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").removeprefix("\ufeff"), []
    try:
        text, notes = data.decode("utf-8").removeprefix("\ufeff"), list[str]()
    except UnicodeDecodeError:
        text, notes = data.decode("cp1252", "replace"), ["Filen er ikke UTF-8. Den er læst som Windows-1252."]
    if "\0" in text or "\ufffd" in text:
        raise BadFile(["Filen er ikke tekst, eller den er gået i stykker. Hent den igen som CSV."])
    return text, notes


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """Each line that has something, with its number. Raises BadFile."""
    sample = text[:20_000].splitlines()
    mark = max(";\t,", key=lambda one: sum(one in line for line in sample))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    found = list[tuple[int, list[str]]]()
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((reader.line_num, [" ".join(cell.split()) for cell in cells]))
    except csv.Error as error:
        raise BadFile([f"Linje {reader.line_num}: linjen kan ikke læses. Mangler der et anførselstegn?"]) from error
    return found


def _number(cell: str, line: int, faults: list[str]) -> int | None:
    if re.fullmatch("-[0-9]+", cell):
        faults.append(f"Linje {line}: {cell[:40]} er et negativt tal. Antal er aldrig negative.")
        return None
    if not _NUMBER.fullmatch(cell):
        faults.append(f"Linje {line}: «{cell[:40]}» er ikke et helt tal uden punktum og komma, og heller ikke «..».")
        return None
    # Statistics Denmark's own signs: a dash is none at all, dots are a number that is not given.
    return 0 if cell == "-" else int(cell) if cell[0] != "." else None


def _flat(lines: list[tuple[int, list[str]]], title: str) -> Sheet:
    """One line of names; the number is last. Names over numbers at the end are times: one axis lies across."""
    (_, header), faults = lines[0], list[str]()
    across = len(header)
    while across and _TIME.fullmatch(header[across - 1]):
        across -= 1
    if across < len(header):
        return _across(header[across:], across, header[:across], lines[1:], title)
    sheet = Sheet(INTERFACE if not title else BUTTON, title, header[:-1])
    if len(set(header)) < len(header) or not all(header):
        raise BadFile([f"Linje {lines[0][0]}: hver kolonne skal have sit eget navn. Er første linje i filen væk?"])
    if _NUMBER.fullmatch(header[-1]):
        raise BadFile([f"Linje {lines[0][0]}: linjen med kolonnernes navne mangler."])
    for line, cells in lines[1:]:
        if len(cells) != len(header):
            faults.append(f"Linje {line}: linjen har {len(cells)} felter. Den skal have {len(header)}. Er filen hel?")
        elif not all(cells[:-1]):
            faults.append(f"Linje {line}: et felt er tomt.")
        else:
            sheet.rows.append(Row(line, tuple(cells[:-1]), _number(cells[-1], line, faults)))
    return _sound(sheet, faults)


def _nested(lines: list[tuple[int, list[str]]], title: str) -> Sheet:
    """Lines that begin blank name what lies across; then labels that stand only where they change."""
    # What lies across stands in the lines before the first label; the labels take as many columns as it leaves blank.
    heads = list[list[str]]()
    while lines and not lines[0][1][0]:
        heads.append(lines.pop(0)[1])
    width = min(next(at for at, cell in enumerate(head) if cell) for head in heads)
    for head in heads[:-1]:
        for at in range(width + 1, len(head)):
            head[at] = head[at] or head[at - 1]
    tops = ["\n".join(head[at] for head in heads) for at in range(width, len(heads[-1]))]
    return _across(tops, width, [""] * width, lines, title)


def _across(
    tops: Sequence[str], width: int, names: list[str], lines: Iterable[tuple[int, list[str]]], title: str
) -> Sheet:
    """A table whose last axes lie across: `tops` are their labels, `width` the number of columns with labels."""
    faults, stack = list[str](), [""] * width
    heads = [tuple(top.split("\n")) for top in tops]
    sheet = Sheet(BUTTON, title, [*names, *[""] * len(heads[0])])
    for line, cells in lines:
        numbers = cells[width:]
        for at, cell in enumerate(cells[:width]):
            if cell:
                stack[at:] = [cell, *[""] * (width - at - 1)]
        if not any(numbers):
            continue  # an outer label alone on its line, or a note under the table
        if len(numbers) != len(heads):
            faults.append(f"Linje {line}: linjen har {len(cells)} felter. Den skal have {width + len(heads)}.")
        elif not all(stack):
            faults.append(f"Linje {line}: det kan ikke ses, hvad tallene hører til.")
        else:
            found = (_number(cell, line, faults) for cell in numbers)
            sheet.rows += [Row(line, (*stack, *head), n) for head, n in zip(heads, found, strict=True)]
    return _sound(sheet, faults)


def _sound(sheet: Sheet, faults: list[str]) -> Sheet:
    bad = dict[str, int]()
    for row in sheet.rows:
        for label in row.labels:
            if label.startswith(FORMULA):
                bad.setdefault(label, row.line)
    faults += [
        f"Linje {line}: «{label[:40]}» begynder med {label[0]}. Det ville et regneark regne på. Ret navnet i filen."
        for label, line in bad.items()
    ]
    if faults:
        raise BadFile(faults)
    if not sheet.rows:
        raise BadFile(["Filen har ingen tal under overskrifterne."])
    return sheet
