"""Contacts as rows of a CSV and back: without loss, and without a cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import os

import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings

from guide.library import contact_sheet
from guide.library.contact_sheet import COLUMNS, SheetRow, contact_of, guarded, read_sheet, sheet_of, unguarded
from guide.model import Contact
from tests.contacts import contacts

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
ONCE = settings(max_examples=300, deadline=None, database=None, derandomize=True, phases=[Phase.generate])


def there_and_back(contact: Contact) -> list[tuple[str, str, Contact | None]]:
    data = sheet_of([("viborg", "team", contact), ("aarhus", "modtagelse", contact)])
    sheet = read_sheet(data)
    assert sheet.wrong == sheet.notes == []
    return [(row.cells["kommune"], row.cells["contact"], contact_of(row)[0]) for row in sheet.rows]


def check_no_loss(contact: Contact) -> None:
    assert there_and_back(contact) == [("viborg", "team", contact), ("aarhus", "modtagelse", contact)]


def check_no_formula(contact: Contact) -> None:
    data = sheet_of([("viborg", "team", contact)]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(data, newline=""), delimiter=";"):
        assert all(not cell or cell[0] not in "=+-@\t\r" for cell in row)


@seed(20270304)
@settings(max_examples=5_000 if NIGHT else 60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(contacts())
def test_there_and_back_without_loss(contact: Contact) -> None:
    check_no_loss(contact)
    check_no_formula(contact)


def fails(check: object, contact: Contact) -> bool:
    try:
        check(contact)  # type: ignore[operator]
    except AssertionError:
        return True
    return False


def test_the_properties_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(contact_sheet, "guarded", lambda cell: cell)
        assert find(contacts(), lambda contact: fails(check_no_formula, contact), settings=ONCE)
    with monkeypatch.context() as patch:  # an apostrophe that was there before is taken away
        patch.setattr(contact_sheet, "guarded", lambda cell: f"'{cell}" if cell[:1] in "=+-@" and cell else cell)
        assert find(contacts(), lambda contact: fails(check_no_loss, contact), settings=ONCE)


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "'x", "''", "'", "x", "", "-", "+45 12", "@x", "＝x", "\tx"])
def test_the_guard_is_undone(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell


def test_an_apostrophe_typed_by_hand_stays() -> None:
    assert unguarded("'n aften") == "'n aften" and unguarded("'=1+1") == "=1+1"


GOOD = dict(kommune="viborg", contact="team", title="Teamet", help="Ring.", phone="88 12 34 56", checked="2026-11-21")


def row(**cells: str) -> SheetRow:
    return SheetRow(7, {**dict.fromkeys(COLUMNS, ""), **GOOD, **cells})


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_what_spreadsheets_save(separator: str, encoding: str, first: str) -> None:
    out = io.StringIO(newline="")
    out.write(first.replace(";", separator))
    writer = csv.DictWriter(out, ["Titel på noget", *COLUMNS], delimiter=separator, quoting=csv.QUOTE_MINIMAL)
    writer.writerow({name: name.upper() for name in ["Titel på noget", *COLUMNS]})
    writer.writerow(dict(row(title="Æøå: «x;y,z»", say="En\nto\n\ntre").cells))
    writer.writerow({})
    writer.writerow(dict(row(kommune="aarhus").cells))
    sheet = read_sheet(out.getvalue().encode(encoding))
    assert sheet.wrong == [] and [row.number for row in sheet.rows] == [2, 4]
    contact, wrong = contact_of(sheet.rows[0])
    assert wrong == [] and contact and (contact.title, contact.say) == ("Æøå: «x;y,z»", "En\nto\n\ntre")
    assert any("Windows-1252" in note for note in sheet.notes) is (encoding == "cp1252")
    assert any("skilt med" in note for note in sheet.notes) is (separator != ";")
    assert any("«titel på noget» læses ikke" in note for note in sheet.notes)


@pytest.mark.parametrize(
    ("cells", "key", "value"),
    [
        ({"phone": "88123456"}, "phone", "88 12 34 56"),
        ({"phone": "+45 88 12 34 56"}, "phone", "88 12 34 56"),
        ({"phone": "88\u00a012\u00a034\u00a056"}, "phone", "88 12 34 56"),
        ({"phone": "116111"}, "phone", "116 111"),
        ({"checked": "21-11-2026"}, "checked", "2026-11-21"),
        ({"checked": "1.2.2027"}, "checked", "2027-02-01"),
        ({"purpose": "raad; akut"}, "purpose", "('raad', 'akut')"),
        ({"say": "a\r\nb"}, "say", "a\nb"),
        ({"always": "Ja"}, "hours.always", "True"),
        ({"always": "nej"}, "hours.always", "False"),
        ({"week": "Lør-søn: Lukket"}, "hours.week", "{'loer-soen': 'closed'}"),
        ({"week": "man: 9–15\nfre: kl. 9-12;"}, "hours.week", "{'man': '9-15', 'fre': '9-12'}"),
        ({"holidays": "kl. 9-9"}, "hours.holidays", "9-9"),
        ({"exceptions": "24-december: lukket; 2027-05-07: 9-12"}, "hours.exceptions",
         "{'24-december': 'closed', '2027-05-07': '9-12'}"),
        ({}, "hours", "None"),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(cells: dict[str, str], key: str, value: str) -> None:
    contact, wrong = contact_of(row(**cells))
    assert wrong == []
    found: object = contact
    for part in key.split("."):
        found = getattr(found, part)
    assert (str(tuple(map(str, found))) if isinstance(found, tuple) else str(found)) == value


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"phone": "88 12 34 5"}, "nummeret «88 12 34 5» har 7 cifre."),
        ({"phone": "ring"}, "«phone»"),
        ({"title": ""}, "«title» mangler"),
        ({"title": "a\nb"}, "«title»"),
        ({"purpose": "raad, hjælp"}, "«purpose»"),
        ({"whose": "naboen"}, "«whose»"),
        ({"link": "http://x.dk"}, "«link»"),
        ({"checked": "i går"}, "«checked»"),
        ({"checked": "31-02-2026"}, "«checked»"),
        ({"always": "måske"}, "«always» er «måske». Skriv ja, nej eller ingenting."),
        ({"week": "fre 9-13"}, "«week»: «fre 9-13» mangler et kolon."),
        ({"week": "fre: 9-13; fre: 9-12"}, "«week»: «fre» står to gange."),
        ({"holidays": "09-dec"}, "«holidays»: regnearket har lavet en dato ud af tiden: «09-dec»."),
        ({"holidays": "09-12-2026"}, "«holidays»: regnearket har lavet en dato"),
        ({"say": "x\u200e\u2028y"}, "usynligt tegn"),
        ({"help": "x" * 4001}, "«help»"),
    ],
)
def test_cells_that_are_refused(cells: dict[str, str], said: str) -> None:
    contact, wrong = contact_of(row(**cells))
    assert contact is None and any(said in line for line in wrong), wrong


HEADER = ";".join(COLUMNS).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Filen har ingen kontakter."),
        (HEADER, "Filen har ingen kontakter."),
        (b"x" * (contact_sheet.LARGEST + 1), "Filen er for stor."),
        (HEADER.decode().encode("utf-16"), "Filen er gemt som UTF-16"),
        (b"PK\x03\x04\0\0", "Filen er et regneark"),
        (b"\x81\x8d\x8f", "hverken UTF-8 eller Windows-1252"),
        (b"kommune;contact;phone\nviborg;team;1", "Første række mangler «title»"),
        (HEADER + b";title\nx", "Kolonnen «title» står to gange."),
        (HEADER + b'\nviborg;"team', "kan ikke læses. Mangler der et anførselstegn?"),
        (HEADER + b"\n\0;x\n", "er ikke tekst"),
    ],
)
def test_files_that_are_refused(data: bytes, said: str) -> None:
    sheet = read_sheet(data)
    assert any(said in line for line in sheet.wrong), sheet


def test_a_short_row_is_filled_and_a_long_one_refused() -> None:
    sheet = read_sheet(HEADER + b"\nviborg;team;Teamet;Ring.\n" + b"x;" * 25)
    assert sheet.wrong == [] and contact_of(sheet.rows[0])[0] is not None
    assert contact_of(sheet.rows[1]) == (None, ["der er flere felter end kolonner. Mangler der et anførselstegn?"])
