"""Contacts of many kommuner from one sheet: what each row does, and that nothing else changes."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from guide.library import contact_import, write
from guide.library.contact_import import Fate, amended, carried_out, contacts_in, planned
from guide.library.contact_sheet import COLUMNS, Sheet, read_sheet, sheet_of
from guide.library.layout import NotWritten
from guide.library.read import build
from guide.library.strict_yaml import parse
from guide.model import Contact, Municipality
from tests.conftest import DEMO
from tests.contacts import contacts

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))

PROEVE = """\
# Øverst
name: Prøve Kommune   # navnet
owner: Nogen

contacts:
  # om modtagelsen
  modtagelse:
    title: "Prøvemodtagelsen"  # titel
    help: >-
      Ring her,
      når du er i tvivl.
    phone: 88 12 34 56
    # om tiderne
    hours: {week: {man-fre: 9-15}}
    fallback: doegnvagt
    whose: barnet

  # om teamet
  team: {title: Teamet, help: x, phone: 88 12 34 57, whose: arbejdspladsen}
  gemt:
    title: Står ikke i arket
    help: x
    link: https://example.dk/

names: {}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "municipalities" / "proeve" / "municipality.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(PROEVE.replace("\n", "\r\n").encode())
    return tmp_path


GOOD = dict(
    title="Prøvemodtagelsen", help="Ring her, når du er i tvivl.", phone="88 12 34 56", week="man-fre: 9-15",
    fallback="doegnvagt", whose="barnet", always="nej",
)  # fmt: skip
TEAM = dict(contact="team", title="Teamet", help="x", phone="88 12 34 57", whose="arbejdspladsen")


def sheet(*rows: dict[str, str]) -> Sheet:
    given = [{"kommune": "proeve", "contact": "modtagelse", **row} for row in rows]
    lines = [";".join(f'"{row.get(column, "")}"' for column in COLUMNS) for row in given]
    return read_sheet("\n".join([";".join(COLUMNS), *lines]).encode())


def file(folder: Path, kommune: str = "proeve") -> str:
    return (folder / "municipalities" / kommune / "municipality.yaml").read_bytes().decode()


def done(given: Sheet, folder: Path, partial: bool = False) -> tuple[list[str], list[str]]:
    plan = planned(given, DEMO, folder, partial)
    written = carried_out(plan, folder)
    return [str(row) for row in plan.rows], written


def test_one_changed_one_new_one_as_it_was(folder: Path) -> None:
    said, written = done(sheet({**GOOD, "phone": "88123499"}, TEAM, {**TEAM, "kommune": "Nabo", "say": "Hej"}), folder)
    assert said == [
        "Række 2, Prøve, modtagelse: ændret: phone.",
        "Række 3, Prøve, team: uændret",
        "Række 4, Nabo, team: ny",
    ]
    assert written == ["municipalities/proeve/municipality.yaml", "municipalities/nabo/municipality.yaml"]
    assert file(folder) == PROEVE.replace("34 56", "34 99").replace("\n", "\r\n")
    assert file(folder, "nabo") == (
        "name: Nabo Kommune\ncode: '002'\n\ncontacts:\n"
        "  team:\n    title: Teamet\n    help: x\n    phone: 88 12 34 57\n    whose: arbejdspladsen\n    say: Hej\n"
    )


def test_a_contact_is_replaced_whole_and_comments_stay(folder: Path) -> None:
    row = {**GOOD, "title": "Nyt navn", "help": "En\n\nto", "phone": "", "link": "https://example.dk/", "week": ""}
    row |= {"always": "", "checked": "1-2-2027"}
    said, _ = done(sheet(row, {**TEAM, "phone": "114"}, {**TEAM, "contact": "ny"}), folder)
    assert "afvist" not in "".join(said), said
    assert file(folder).replace("\r\n", "\n") == PROEVE.replace('"Prøvemodtagelsen"', "Nyt navn").replace(
        "help: >-\n      Ring her,\n      når du er i tvivl.\n    phone: 88 12 34 56\n    # om tiderne\n"
        "    hours: {week: {man-fre: 9-15}}\n",
        "help: |-\n      En\n\n      to\n    link: https://example.dk/\n    # om tiderne\n",
    ).replace("whose: barnet\n", "whose: barnet\n    checked: 2027-02-01\n").replace(
        "team: {title: Teamet, help: x, phone: 88 12 34 57, whose: arbejdspladsen}",
        "team:\n    title: Teamet\n    help: x\n    phone: '114'\n    whose: arbejdspladsen",
    ).replace(
        "dk/\n\nnames",
        "dk/\n  ny:\n    title: Teamet\n    help: x\n    phone: 88 12 34 57\n    whose: arbejdspladsen\n\nnames",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kommune": "Prøv"}, "Prøv, modtagelse: afvist: kommunen «Prøv» findes ikke i registeret. Mente du «proev"),
        ({"kommune": ""}, "Række 3, uden kommune, modtagelse: afvist: kommunen «» findes ikke"),
        ({"kommune": "../../x"}, "kommunen «../../x» findes ikke"),
        ({"kommune": "hele-landet"}, "findes ikke i registeret"),
        ({"kommune": "nabo\x1b[31m"}, "afvist"),
        ({"contact": "Døgnvagt"}, "«contact»: «Døgnvagt» er ikke et gyldigt id."),
        ({"contact": ""}, "«contact»: «» er ikke et gyldigt id."),
        ({"phone": "88 12 34 5"}, "Række 3, Nabo, modtagelse: afvist: nummeret «88 12 34 5» har 7 cifre."),
        ({"phone": "12 34 56 78"}, "Række 3, Nabo, modtagelse: afvist: 12 34 56 78 er ikke et nummer"),
        ({"fallback": "findes-ikke"}, "Række 3, Nabo, modtagelse: afvist: "),
        ({"week": "man: 9-15; man-fre: 9-15"}, "Række 3, Nabo, modtagelse: afvist: "),
        ({"contact": "alarm", "fallback": ""}, "Række 3, Nabo, alarm: afvist: «alarm» er ens i hele landet."),
        ({"kommune": "proeve"}, "Række 3, Prøve, modtagelse: afvist: kontakten står også i række 2."),
    ],
)  # fmt: skip
def test_a_row_that_is_refused_stops_all(folder: Path, row: dict[str, str], said: str) -> None:
    given = sheet({**GOOD, "phone": "88123499"}, {**GOOD, "kommune": "nabo", **row})
    lines, written = done(given, folder)
    assert said in lines[1] and "\x1b" not in lines[1], lines
    assert lines[0] == "Række 2, Prøve, modtagelse: ændret: phone." and written == []
    assert file(folder) == PROEVE.replace("\n", "\r\n") and os.listdir(folder / "municipalities") == ["proeve"]


def test_the_good_rows_alone(folder: Path) -> None:
    lines, written = done(sheet({**GOOD, "phone": "88123499"}, {**GOOD, "kommune": "nabo", "phone": "1"}), folder, True)
    assert written == ["municipalities/proeve/municipality.yaml"] and "88 12 34 99" in file(folder)
    assert [line.split(": ")[1] for line in lines] == ["ændret", "afvist"]


def test_a_row_takes_with_it_what_sends_on_to_it(folder: Path) -> None:
    rows = [
        {**GOOD, "kommune": "nabo", "contact": "foerst", "fallback": "bagvagt"},
        {**GOOD, "kommune": "nabo", "contact": "bagvagt", "fallback": "politi", "phone": "12 34 56 78"},
        {**GOOD, "kommune": "nabo", "contact": "tredje", "fallback": "politi"},
    ]
    plan = planned(sheet(*rows), DEMO, folder, partial=True)
    assert [row.fate for row in plan.rows] == [Fate.refused, Fate.refused, Fate.new]
    assert list(plan.files) == ["nabo"] and b"bagvagt" not in plan.files["nabo"][1]


def test_files_with_errors_and_files_that_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "municipalities" / "nabo" / "municipality.yaml"
    path.parent.mkdir()
    path.write_text("name: Nabo: Kommune", encoding="utf-8")
    said, written = done(sheet({**GOOD, "kommune": "nabo"}), folder)
    assert written == [] and "kommunens fil har fejl i forvejen" in said[0] and ":1:" in said[0]
    path.unlink()
    path.symlink_to(folder / "municipalities" / "proeve" / "municipality.yaml")
    said, written = done(sheet({**GOOD, "kommune": "nabo"}), folder)
    assert written == [] and "er et link" in said[0]
    path.unlink()
    plan = planned(sheet({**GOOD, "phone": "88123499"}, {**GOOD, "kommune": "nabo"}), DEMO, folder)
    (folder / "municipalities" / "proeve" / "municipality.yaml").write_text("name: Anden\n", encoding="utf-8")
    assert carried_out(plan, folder) == ["municipalities/nabo/municipality.yaml"]
    assert file(folder) == "name: Anden\n" and "ændret af andre imens" in str(plan.rows[0])


def test_an_error_elsewhere_in_the_kommune_refuses_its_rows(folder: Path) -> None:
    (folder / "municipalities" / "proeve" / "flows").mkdir()
    (folder / "municipalities" / "proeve" / "flows" / "findes-ikke.yaml").write_text("a: b", encoding="utf-8")
    said, written = done(sheet({**GOOD, "phone": "88123499"}), folder)
    assert written == [] and "kommunens egne filer har fejl: municipalities/proeve/flows/findes-ikke.yaml" in said[0]


def test_ninety_eight_kommuner_with_an_error_each(folder: Path) -> None:
    rows = [{**GOOD, "kommune": f"k{n}" if n % 2 else "nabo", "contact": f"c{n}", "phone": "1"} for n in range(98)]
    plan = planned(sheet(*rows), DEMO, folder)
    assert len(plan.refused) == 98 and not plan.files


@pytest.mark.parametrize(
    "name", ["viborg", "791", "0791", "Viborg", "VIBORG KOMMUNE", "viborg kommune", "Viborg Kommune"]
)
def test_a_kommune_as_people_write_it(name: str) -> None:
    kommuner = {
        "nabo": Municipality(name="Nabo Kommune", code="002"),
        "viborg": Municipality(name="Viborg Kommune", code="791"),
    }
    assert contact_import._kommune(name, kommuner) == "viborg"
    assert contact_import._kommune("København", {"koebenhavn": Municipality(name="Københavns Kommune")}) == "koebenhavn"


def as_sheet(folder: Path) -> bytes:
    found, wrong = contacts_in(folder)
    assert wrong == []
    return sheet_of(found)


def test_what_was_exported_is_imported_without_changing_a_byte(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    data = as_sheet(folder)
    said, written = done(read_sheet(data), folder)
    assert len(said) == 3 and all(line.endswith(": uændret") for line in said) and written == []
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == before


FORMS = (
    "name: X\n",
    "name: X\ncontacts: {}\n",
    "name: X\r\ncontacts:\r\n  x: {title: a, help: b}\r\n",
    "name: X\ncontacts: {x: {title: a, help: b}}",
    "\ufeffname: X\ncontacts:\n    x:\n        title: 'a'  # c\n        say: |-\n          b\n\n        help: d\n\n"
    "    y: {title: a, help: b}",
)


def check_written(form: str, contact: Contact) -> None:
    """The contact stands in the file, the others as they were, and comes out in the sheet as it went in."""
    data = form.encode()
    document, _ = parse(data, "f")
    assert document is not None
    old, _ = build(Municipality, document)
    assert old is not None
    new = amended(data, old.contacts, {"x": contact})
    document, findings = parse(new, "f")
    assert document is not None, findings
    made, findings = build(Municipality, document)
    assert made is not None, findings
    assert made.contacts == {**old.contacts, "x": contact}
    assert amended(new, made.contacts, {"x": contact}) == new
    rows = read_sheet(sheet_of([("k", name, one) for name, one in made.contacts.items()])).rows
    assert {row.cells["contact"]: contact_import.contact_of(row)[0] for row in rows} == made.contacts


@seed(20270304)
@settings(max_examples=300 if NIGHT else 5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(contacts())
def test_any_contact_into_any_file(contact: Contact) -> None:
    for form in FORMS:
        check_written(form, contact)


def test_the_property_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a contact mended field by field, so that what the sheet has emptied stays."""
    contact = Contact(title="a", help="b", checked=date(2027, 1, 1))
    monkeypatch.setattr(contact_import.laid_out(b"a: b").__class__, "remove", lambda self, place: None)
    with pytest.raises(AssertionError):
        check_written(FORMS[4], contact)


def test_other_bytes_stay(folder: Path) -> None:
    """Lines that no change names are there afterwards, in their order."""
    document, _ = parse(file(folder).encode(), "f")
    assert document is not None
    old, _ = build(Municipality, document)
    assert old is not None
    new = amended(file(folder).encode(), old.contacts, {"gemt": Contact(title="Ny", help="x")}).decode()
    assert new == file(folder).replace("Står ikke i arket", "Ny").replace("    link: https://example.dk/\r\n", "")


def test_a_file_in_braces_is_left_to_people() -> None:
    with pytest.raises(NotWritten, match="klammer"):
        amended(b"{name: X, contacts: {x: {title: a, help: b}}}", {}, {"x": Contact(title="a", help="c")})


def test_nothing_is_left_behind(folder: Path) -> None:
    done(sheet({**GOOD, "phone": "88123499"}), folder)
    names = [path.name for path in folder.rglob("*") if path.is_file()]
    assert names == ["municipality.yaml"] and not re.search(r"\n\n\n", file(folder).replace("\r\n", "\n"))
    assert write.content_of(folder, "municipalities/proeve/municipality.yaml") == file(folder).encode()
