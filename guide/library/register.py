"""The register of kommuner: registers/kommuner.csv, one row each. Not here: which region each is in (`regions.py`).

The file comes from a spreadsheet, so all that spreadsheets do to a file is told, with its line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.read import build
from guide.library.strict_yaml import Document, Mark, decode
from guide.library.syntax import quote
from guide.library.wording import wrong_id
from guide.model import Municipality

COLUMNS = ("id", "kommunekode", "fuldt_navn")
"""The columns that make a kommune; the others are for those who keep the register, and for `regions.py`."""

Row = dict[str, str]


def read_register(path: Path, folder: Folder) -> tuple[dict[str, Municipality], list[Finding]]:
    """The kommuner by id, in the order of the file, with all that is wrong in it. Never raises."""
    file, findings = folder.name(path), list[Finding]()
    found, seen = dict[str, Municipality](), dict[tuple[str, str], int]()
    for line, row in rows(path, folder, COLUMNS, findings):
        made, wrong = _municipality(row, file, line)
        findings += wrong
        for key in (("id", row["id"]), ("kommunekode", row["kommunekode"])):
            if key[1] and key in seen:
                findings.append(Finding(file, line, 1, f"{quote(key[1])} står også i linje {seen[key]}."))
            seen.setdefault(key, line)
        if made:
            found[row["id"]] = made
    if not found and not findings:
        findings.append(Finding(file, 1, 1, "Registeret har ingen kommuner. Skriv mindst én linje."))
    return found, findings


def rows(path: Path, folder: Folder, columns: Sequence[str], findings: list[Finding]) -> Iterator[tuple[int, Row]]:
    """Each row of a register that has its fields, with its line. What is wrong with the file is added to `findings`.

    `columns`: those that must be there. Never raises.
    """
    data, found = folder.bytes(path)
    file = folder.name(path)
    text, wrong = decode(data, file) if data is not None else (None, [])
    findings += [*found, *wrong]
    if text is not None:
        yield from _rows(text, file, columns, findings)


def _rows(text: str, file: str, columns: Sequence[str], findings: list[Finding]) -> Iterator[tuple[int, Row]]:
    reader, header = csv.reader(io.StringIO(text, newline=""), strict=True), list[str]()
    try:
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = cells
                if missing := [f"«{column}»" for column in columns if column not in header]:
                    hint = " Skil kolonnerne med komma, ikke semikolon." if ";" in "".join(cells) else ""
                    findings.append(Finding(file, line, 1, f"Første linje mangler {', '.join(missing)}.{hint}"))
                    return
            elif len(cells) != len(header):
                said = f"Linjen har {len(cells)} felter. Første linje har {len(header)}."
                findings.append(Finding(file, line, 1, said))
            else:
                yield line, {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        # A quotation mark that is never closed is only seen at the end of the file: it is the last one there.
        unclosed = "end of data" in str(error)
        line = text.count("\n", 0, text.rindex('"')) + 1 if unclosed else reader.line_num
        findings.append(Finding(file, line, 1, "Linjen kan ikke læses. Mangler der et anførselstegn eller et komma?"))


def _municipality(row: Row, file: str, line: int) -> tuple[Municipality | None, list[Finding]]:
    found = list[Finding]()
    if wrong := wrong_id(row["id"]):
        found.append(Finding(file, line, 1, f"«id»: {quote(row['id'])} {wrong}"))
    code = row["kommunekode"]
    if not (len(code) == 3 and code.isascii() and code.isdecimal()):
        found.append(Finding(file, line, 1, f"«kommunekode»: {quote(code)} er ikke tre cifre, fx 101."))
    if not row["fuldt_navn"]:
        found.append(Finding(file, line, 1, "«fuldt_navn» er tom. Skriv kommunens fulde navn."))
    if found:
        return None, found
    return build(Municipality, Document({"name": row["fuldt_navn"], "code": code}, {(): Mark(file, line, 1)}))
