"""Contacts of many kommuner as one CSV that is kept in a spreadsheet: one row a contact, and each cell both ways.

Here: bytes to rows and back, and what spreadsheets do to cells. Not here: which kommune a row is of, and the files of
the kommuner (`contact_import.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from guide.library.folder import printable
from guide.library.read import build, suggest
from guide.library.strict_yaml import Document, Mark, decode
from guide.library.syntax import quote
from guide.model import Contact, Hours

COLUMNS = (
    "kommune", "contact", "title", "help", "phone", "link", "form", "purpose", "fallback", "whose", "week", "holidays",
    "exceptions", "note", "always", "owner", "checked", "source", "say",
)  # fmt: skip

LARGEST = 8_000_000
"""Bytes of a file: some thousand contacts."""

_RUNS = "=+-@\t\r\n＝＋－＠"
"""A cell that begins so is run as a formula by a spreadsheet; an apostrophe before it makes it a text."""

_DATE = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
"""How a Danish spreadsheet saves 2026-11-21 after it has made a date of it."""

_MADE_A_DATE = re.compile(
    r"[0-9]{1,2}[-. ]?(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)|[0-9-]{8,}", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[;\n]")
_NO_BREAK = str.maketrans("\u00a0\u202f", "  ")


@dataclass(frozen=True)
class SheetRow:
    """A row with its number as the spreadsheet shows it, and its cells by column; `wrong`: why it cannot be used."""

    number: int
    cells: Mapping[str, str]
    wrong: str = ""


@dataclass
class Sheet:
    """What was read of a file: the rows, what its reader should know, and what makes the whole file useless."""

    rows: list[SheetRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


# --- a file to rows -----------------------------------------------------------------------------------------------


def read_sheet(data: bytes) -> Sheet:
    """The rows of a CSV file: UTF-8 or Windows-1252; semicolons, commas or tabs. Never raises."""
    sheet = Sheet()
    if (text := _text(data, sheet)) is None:
        return sheet
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"\ufeff?sep=.\r?", first):  # a line for Excel, which does not count it as a row
        text = rest
    separator = max(";,\t", key=lambda one: len(set(COLUMNS) & set(_cells(text.partition("\n")[0], one))))
    if separator != ";":
        sheet.notes.append(f"Kolonnerne er skilt med {'komma' if separator == ',' else 'tabulator'}.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header = list[str]()
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = [printable(cell.strip().lower()) for cell in cells]
                _check_header(header, sheet)
                if sheet.wrong:
                    return sheet
                continue
            cells += [""] * (len(header) - len(cells))
            more = any(cell.strip() for cell in cells[len(header) :])
            wrong = "der er flere felter end kolonner. Mangler der et anførselstegn?" if more else ""
            sheet.rows.append(SheetRow(number, dict(zip(header, map(unguarded, cells), strict=False)), wrong))
    except csv.Error:
        sheet.wrong.append(f"Linje {reader.line_num} kan ikke læses. Mangler der et anførselstegn?")
    if not sheet.rows and not sheet.wrong:
        sheet.wrong.append("Filen har ingen kontakter. Skriv mindst én række under kolonnernes navne.")
    return sheet


def _text(data: bytes, sheet: Sheet) -> str | None:
    if len(data) > LARGEST:
        sheet.wrong.append("Filen er for stor. Den må højst fylde 8 MB. Del den i flere.")
    elif data.startswith(b"PK"):
        sheet.wrong.append("Filen er et regneark (.xlsx eller .ods). Gem den som «CSV UTF-8».")
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data:
        sheet.wrong.append("Filen er gemt som UTF-16 eller er ikke tekst. Gem den som «CSV UTF-8».")
    else:
        try:
            return data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            pass
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            sheet.wrong.append("Filen er hverken UTF-8 eller Windows-1252. Gem den som «CSV UTF-8».")
        else:
            sheet.notes.append("Filen er ikke UTF-8. Den er læst som Windows-1252. Se efter, at æ, ø og å er rigtige.")
            return text
    return None


def _cells(line: str, separator: str) -> list[str]:
    return [cell.strip().strip('"').lower() for cell in line.split(separator)]


def _check_header(header: list[str], sheet: Sheet) -> None:
    """A contact is replaced whole, so that a column that is left out would take something away from all of them."""
    if missing := [f"«{column}»" for column in COLUMNS if column not in header]:
        said = "«guide export-contacts» giver en fil med alle kolonner; de må godt være tomme."
        sheet.wrong.append(f"Første række mangler {', '.join(missing)}. {said}")
    for column in header:
        if column and column not in COLUMNS:
            sheet.notes.append(f"Kolonnen {quote(column)} læses ikke.{suggest(column, COLUMNS)}")
        if column and header.count(column) > 1 and column in COLUMNS:
            sheet.wrong.append(f"Kolonnen {quote(column)} står to gange.")
            return


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell and cell[0] in _RUNS + "'" else cell


def unguarded(cell: str) -> str:
    """A cell as it was before `guarded`."""
    return cell[1:] if cell[:1] == "'" and len(cell) > 1 and cell[1] in _RUNS + "'" else cell


# --- cells to a contact -------------------------------------------------------------------------------------------


class WrongCell(Exception):
    """A cell that cannot be understood; the message says why, in Danish."""


def contact_of(row: SheetRow) -> tuple[Contact | None, list[str]]:
    """The contact of a row, or what is wrong with it, in Danish."""
    if row.wrong:
        return None, [row.wrong]
    cells = {key: _one_kind_of_break(cell.strip()) for key, cell in row.cells.items()}
    _, hidden = decode("\n".join(cells.values()).encode("utf-8", "surrogatepass"), "")
    if hidden:
        return None, [hidden[0].message]
    value: dict[str, Any] = {key: cells[key] for key in ("title", "help", "link", "form", "fallback", "whose")}
    value |= {key: cells[key] for key in ("owner", "source", "say")}
    try:
        value |= {"phone": _phone(cells["phone"]), "checked": _day(cells["checked"])}
        value["purpose"] = [part.strip() for part in re.split(r"[,;\n]", cells["purpose"]) if part.strip()]
        if (hours := _hours(cells)) is not None:
            value["hours"] = hours
    except WrongCell as error:
        return None, [str(error)]
    value = {key: cell for key, cell in value.items() if cell != "" and cell != []}
    made, wrong = build(Contact, Document(value, {(): Mark("", 0, 0)}))
    return made, [finding.message for finding in wrong]


def _one_kind_of_break(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _phone(cell: str) -> str:
    """A number in the form of the guide, also when it was written without blanks or with the code of Denmark."""
    digits = re.sub(r"[ .-]", "", cell.translate(_NO_BREAK)).removeprefix("+45").removeprefix("0045")
    if not digits.isascii() or not digits.isdecimal():
        return cell
    if len(digits) == 8:
        return " ".join(digits[n : n + 2] for n in range(0, 8, 2))
    if len(digits) == 6:
        return f"{digits[:3]} {digits[3:]}"
    if cell and len(digits) not in (3, 4):
        raise WrongCell(f"nummeret {quote(cell)} har {len(digits)} cifre. Et dansk nummer har 8, 6, 4 eller 3.")
    return digits


def _day(cell: str) -> str:
    if found := _DATE.fullmatch(cell):
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return cell


def _hours(cells: Mapping[str, str]) -> dict[str, Any] | None:
    always = cells["always"].lower()
    if always not in ("", "ja", "nej", "true", "false"):
        raise WrongCell(f"«always» er {quote(cells['always'])}. Skriv ja, nej eller ingenting.")
    week = _entries("week", cells["week"], "man-tors: 9-15; fre: 9-13")
    exceptions = _entries("exceptions", cells["exceptions"], "24-december: lukket; 2027-05-07: 9-12")
    found: dict[str, Any] = {"week": week, "exceptions": exceptions, "note": cells["note"]}
    found["holidays"] = _spans("holidays", cells["holidays"]) if cells["holidays"] else ""
    found["always"] = "true" if always in ("ja", "true") else ""
    found = {key: value for key, value in found.items() if value}
    return found if found or always else None


def _entries(column: str, cell: str, example: str) -> dict[str, str]:
    found = dict[str, str]()
    for part in filter(str.strip, _SEPARATOR.split(cell)):
        key, colon, value = part.partition(":")
        key = key.strip().lower().replace("ø", "oe")
        if not colon:
            raise WrongCell(f"«{column}»: {quote(part.strip())} mangler et kolon. Skriv fx «{example}».")
        if key in found:
            raise WrongCell(f"«{column}»: {quote(key)} står to gange.")
        found[key] = _spans(column, value.strip())
    return found


def _spans(column: str, text: str) -> str:
    """Hours as the guide writes them. A spreadsheet makes a date of a cell with 9-12 alone, so it says «kl. 9-12»."""
    if text.lower() in ("lukket", "closed"):
        return "closed"
    plain = re.sub(r"^kl\.? *", "", text, flags=re.IGNORECASE).replace("–", "-")
    if _MADE_A_DATE.fullmatch(plain) or _DATE.fullmatch(plain):
        raise WrongCell(f"«{column}»: regnearket har lavet en dato ud af tiden: {quote(text)}. Skriv fx «kl. 9-12».")
    return plain


# --- a contact to cells -------------------------------------------------------------------------------------------


def cells_of(contact: Contact) -> dict[str, str]:
    """The cells of a contact by column, without those that are empty."""
    return {column: cell for column, cell in _filled(contact) if cell}


def sheet_of(contacts: Iterable[tuple[str, str, Contact]]) -> bytes:
    """The CSV file of contacts, each with the id of its kommune and its own: as a Danish Excel opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for kommune, name, contact in contacts:
        cells = {"kommune": kommune, "contact": name, **cells_of(contact)}
        writer.writerow([guarded(cells.get(column, "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _filled(contact: Contact) -> Iterator[tuple[str, str]]:
    for key in ("title", "help", "phone", "link", "form", "fallback", "whose", "owner", "checked", "source", "say"):
        if (value := getattr(contact, key)) is not None:
            text = _one_kind_of_break(str(value))
            yield key, text if key in ("help", "source", "say") else text.replace("\n", " ")
    yield "purpose", ", ".join(contact.purpose)
    if hours := contact.hours:
        yield from _filled_hours(hours)


def _filled_hours(hours: Hours) -> Iterator[tuple[str, str]]:
    def told(spans: str) -> str:
        return "lukket" if spans == "closed" else spans

    days = ((key.replace("oe", "ø"), spans) for key, spans in hours.week.items())
    yield "week", "; ".join(f"{key}: {told(spans)}" for key, spans in days)
    yield "exceptions", "; ".join(f"{key}: {told(spans)}" for key, spans in hours.exceptions.items())
    if hours.holidays is not None:
        yield "holidays", "lukket" if hours.holidays == "closed" else f"kl. {hours.holidays}"
    yield "note", _one_kind_of_break(hours.note or "").replace("\n", " ")
    yield "always", "ja" if hours.always else "nej"
