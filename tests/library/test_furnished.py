"""I11-I13: whom outcomes send people to, in the whole country and in kommuner with contacts of their own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guide.library.furnished import furnished, in_plan
from guide.library.library import Library, load
from tests.conftest import DEMO

KOMMUNE, NATIONAL, TEXTS = "municipalities/proeve/municipality.yaml", "contacts/national.yaml", "registers/texts.yaml"
OFFICE = "hours: {week: {man-tors: 9-15, fre: 9-13}, holidays: closed}"
EVES = "exceptions: {24-december: 9-9, 31-december: 9-9}"
NIGHT = f"hours: {{week: {{man-tors: 15-9, fre: 13-9, loer-soen: 9-9}}, holidays: 9-9, {EVES}}}"
REPORTS = ("modtagelse", "doegnvagt")


def contact(name: str, *more: str) -> str:
    """One that takes reports says whose it is and whom one rings then, where the test does not."""
    said = [*more]
    if name in REPORTS:
        said += [key for key in ("whose: barnet", "fallback: politi") if not any(key[:5] in text for text in more)]
    return "  " + name + ": {title: T, help: H, " + ", ".join(said) + "}\n"


def found(tmp_path: Path, *contacts: str, say_114: bool = False, example: bool = False) -> list[str]:
    """What is told when the kommune of the demo has these contacts, and 114 stands in the texts or not."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    head = "name: Prøve Kommune\n"
    kommune = folder / KOMMUNE
    if example:
        kommune = folder / "municipalities/opdigtet/municipality.yaml"
        kommune.parent.mkdir()
        head = "name: Opdigtet Kommune\nexample: true\n"
    kommune.write_text(head + ("contacts:\n" + "".join(contacts) if contacts else ""), encoding="utf-8")
    if not say_114:
        texts = folder / TEXTS
        texts.write_text(texts.read_text("utf-8").replace("Ring 114.", "Ring igen."), encoding="utf-8")
    library, findings = load(folder)
    assert [str(f) for f in findings if "kun vist i preview" not in f.message] == []
    return [f"{f.file}:{f.line} {f.message}" for f in furnished(library)]


NUMBERS = ("phone: 88 12 34 56", "phone: 88 12 34 57")


def test_a_kommune_that_is_open_round_the_clock(tmp_path: Path) -> None:
    own = contact("modtagelse", NUMBERS[0], OFFICE), contact("doegnvagt", NUMBERS[1], NIGHT)
    assert found(tmp_path, *own) == []


def test_the_gap_of_a_friday_is_told_once_with_the_way_there(tmp_path: Path) -> None:
    late = NIGHT.replace("man-tors: 15-9, fre: 13-9", "man-fre: 15-9")
    (told,) = found(tmp_path, contact("modtagelse", NUMBERS[0], OFFICE), contact("doegnvagt", NUMBERS[1], late))
    assert told.startswith(f"{KOMMUNE}:4 Ingen, der tager imod, svarer fredag 13-15, og 114 er ikke vist (I12).")
    assert "«Er der fare" in told


def test_114_fills_a_gap_only_where_it_is_shown(tmp_path: Path) -> None:
    own = contact("modtagelse", NUMBERS[0], OFFICE), contact("doegnvagt", NUMBERS[1])
    assert len(found(tmp_path / "hidden", *own)) == 1, "hours that nobody knows cover nothing"
    assert found(tmp_path / "told", *own, say_114=True) == []
    helps = contact("doegnvagt", NUMBERS[1]).replace("help: H", "help: Eller ring 114")
    assert found(tmp_path / "help", own[0], helps) == []
    other = contact("doegnvagt", NUMBERS[1]).replace("help: H", "help: Eller ring 1145")
    assert len(found(tmp_path / "other", own[0], other)) == 1, "1145 is not 114"


def test_without_own_contacts_the_national_ones_must_answer(tmp_path: Path, demo: Library) -> None:
    assert list(furnished(demo)) == []
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    for file, before, after in ((NATIONAL, ", hours: {always: true}", ""), (TEXTS, "Ring 114.", "Ring igen.")):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace(before, after), encoding="utf-8")
    told = [f.message for f in furnished(load(folder)[0])]
    kinds = {label: [line for line in told if label in line] for label in ("(I12)", "(C5)")}
    assert sum(map(len, kinds.values())) == len(told) and all("mandag 0-24, " in line for line in kinds["(I12)"])
    assert all("ender man ved «doegnvagt», som ikke altid svarer" in line for line in kinds["(C5)"]) and kinds["(C5)"]


def test_what_an_own_contact_loses(tmp_path: Path) -> None:
    linked = "link: https://a.dk"
    (told,) = found(tmp_path / "number", contact("doegnvagt", linked), say_114=True)
    assert "nummeret 114 forsvinder" in told
    (told,) = found(tmp_path / "nothing", contact("raad", "owner: Os"), say_114=True)
    assert "hverken «phone» eller «link»" in told
    assert found(tmp_path / "new", contact("raad", linked), say_114=True) == []


@pytest.mark.parametrize(("phone", "ok"), [("'112'", False), ("116 111", False), ("'1813'", False), ("'114'", True)])
def test_who_takes_a_report(tmp_path: Path, phone: str, ok: bool) -> None:
    """C5: 112 never stands in for the kommune, nor does a helpline."""
    told = found(tmp_path, contact("doegnvagt", f"phone: {phone}", "hours: {always: true}"), say_114=True)
    assert told == [] if ok else len(told) == 1 and "tager ikke imod en underretning" in told[0]


def test_a_number_of_another_kommune(tmp_path: Path) -> None:
    """The folder of the example was copied, and its made-up number stands in a text."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    other = folder / "municipalities/opdigtet/municipality.yaml"
    other.parent.mkdir()
    copied = contact("modtagelse", "phone: 12 34 56 78").replace("help: H", "help: Ring 12 34 56 78")
    other.write_text("name: Opdigtet Kommune\nexample: true\ncontacts:\n" + copied, encoding="utf-8")
    own = copied.replace("phone: 12 34 56 78", NUMBERS[0])
    (folder / KOMMUNE).write_text("name: Prøve Kommune\ncontacts:\n" + own, encoding="utf-8")
    (told,) = [str(f) for f in furnished(load(folder)[0])]
    assert told.startswith(KOMMUNE) and "12 34 56 78 er ikke nummeret til nogen kontakt" in told


def test_what_one_says_must_not_be_lost(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / NATIONAL
    path.write_text(path.read_text("utf-8").replace("title: Modtagelsen,", "title: Modtagelsen, say: Jeg ringer,"))
    assert ["det, man siger, forsvinder" in f.message for f in furnished(load(folder)[0])] == [True]


@pytest.mark.parametrize(
    ("phone", "ok"),
    [
        *(("112", True), ("114", True), ("116 111", True), ("1888", True), ("70 20 12 01", True), ("20000000", True)),
        *(("113", False), ("1234", False), ("116 112", False), ("12 34 56 78", False), ("01 23 45 67", False)),
        *(("70 20 12", False), ("", False)),
    ],
)
def test_the_danish_plan(phone: str, ok: bool) -> None:
    assert in_plan(phone) is ok


def test_made_up_numbers_are_for_examples(tmp_path: Path) -> None:
    made_up = contact("modtagelse", "phone: 12 34 56 78")
    (told,) = found(tmp_path / "real", made_up, say_114=True)
    assert "12 34 56 78 er ikke et nummer i den danske nummerplan (I13)" in told
    assert found(tmp_path / "example", made_up, say_114=True, example=True) == []


@pytest.mark.parametrize(
    ("help_", "told"),
    [
        ("'Ring [112](kontakt:politi).'", "der står 112, men der ringes til 114"),
        ("'Ring [til dem](kontakt:modtagelse).'", ""),
        ("'Ring [112](kontakt:politi \"x\").'", "der står 112, men der ringes til 114"),
        ("'Ring [112](<kontakt:politi>).'", "der står 112, men der ringes til 114"),
        ('"Ring [1**1**2][a].\\n\\n[a]: kontakt:politi"', "der står 112"),
        ('"Ring 70\\u00a020\\u00a012\\u00a099."', "er ikke nummeret til nogen kontakt"),
        ("'Find [nummeret](kontakt:raad).'", "kontakten har intet nummer at ringe til"),
        ("Ring 70 20 12 99.", "70 20 12 99 er ikke nummeret til nogen kontakt"),
        ("Ring 88 12 34 56.", ""),
        ("Set den 20261121-12345678.", ""),
    ],
)
def test_what_is_shown_is_what_is_dialled(tmp_path: Path, help_: str, told: str) -> None:
    own = contact("modtagelse", NUMBERS[0]).replace("help: H", f"help: {help_}")
    said = found(tmp_path, own, contact("raad", "link: https://a.dk"), say_114=True)
    assert (len(said) == 1 and told in said[0]) if told else said == []


def test_a_source_may_have_numbers(tmp_path: Path) -> None:
    """A source is read by nobody who is about to ring; an ISBN is no telephone number."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    flow = folder / "flows/tre/flow.yaml"
    before = flow.read_text("utf-8")
    flow.write_text(re.sub(r"(?m)^source: ", "source: ISBN 87123456. ", before, count=1), encoding="utf-8")
    assert flow.read_text("utf-8") != before and list(furnished(load(folder)[0])) == []


def test_hours_that_cannot_be_meant(tmp_path: Path) -> None:
    twice = contact("modtagelse", NUMBERS[0], "hours: {week: {man-fre: 9-15, fre: 9-13}}")
    (told,) = found(tmp_path, twice, say_114=True)
    assert "Dagen «fre» står to gange. (I12)" in told


def test_a_day_that_there_is_not(tmp_path: Path) -> None:
    own = contact("modtagelse", NUMBERS[0], OFFICE.replace("closed}", "closed, exceptions: {31-februar: closed}}"))
    (told,) = found(tmp_path, own, say_114=True)
    assert "Dagen «31-februar» findes ikke i kalenderen. (I12)" in told


def test_the_eves_must_be_stated_by_who_is_to_cover_them(tmp_path: Path) -> None:
    """I12: 24 and 31 December follow no law."""
    own = contact("modtagelse", NUMBERS[0], OFFICE), contact("doegnvagt", NUMBERS[1], NIGHT.replace(f", {EVES}", ""))
    (told,) = found(tmp_path, *own)
    assert "Ingen, der tager imod, svarer 24. december 9-24, 25. december 0-9, 31. december 9-24 og 1 gange" in told


@pytest.mark.parametrize(
    ("fallback", "told"),
    [
        ("politi", ""),
        ("raad", ""),
        ("leder", "«leder» er den næste, når «modtagelse» ikke svarer, men tager ikke imod underretninger"),
        ("doegnvagten", "«doegnvagten» i «fallback» findes ikke (C5). Mente du «doegnvagt»?"),
        ("alarm", "112 er til fare her og nu, og aldrig den næste"),
        ("noedkald", "112 er til fare her og nu, og aldrig den næste"),
        ("modtagelse", "Ingen er den sidste: modtagelse → modtagelse"),
        ("doegnvagt", "Ingen er den sidste: modtagelse → doegnvagt → modtagelse"),
        ("boernelinjen", "ender man ved «boernelinjen», som ikke altid svarer og tager imod"),
        ("kontor", "ender man ved «kontor», som ikke altid svarer og tager imod"),
        ("stille", "ender man ved «stille», som ikke altid svarer og tager imod"),
    ],
)
def test_where_one_ends_when_nobody_answers(tmp_path: Path, fallback: str, told: str) -> None:
    """C5: the next one exists, nobody comes round, 112 is never the next, and somebody always answers."""
    always = "hours: {always: true}"
    said = found(
        tmp_path,
        contact("modtagelse", NUMBERS[0], f"fallback: {fallback}"),
        contact("doegnvagt", NUMBERS[1], "fallback: modtagelse" if fallback == "doegnvagt" else "fallback: politi"),
        contact("raad", "phone: 88 12 34 58", "fallback: politi", "purpose: [underretning]"),
        contact("leder", "phone: 88 12 34 60", always, "fallback: politi", "purpose: [raad]"),
        contact("noedkald", "phone: '112'", always),
        contact("boernelinjen", "phone: 116 111", always),
        contact("kontor", "phone: 88 12 34 59", OFFICE),
        contact("stille", "link: https://a.dk", always),
        say_114=True,
    )
    assert any(told in line for line in said) if told else said == []
    assert all("(C5)" in line for line in said)


def test_a_circle_is_told_where_it_can_be_broken(tmp_path: Path) -> None:
    own = contact("modtagelse", NUMBERS[0], "fallback: doegnvagt"), contact("doegnvagt", "fallback: modtagelse")
    told = [line for line in found(tmp_path, *own, say_114=True) if "(C5)" in line]
    assert [line.split()[0] for line in told] == [f"{KOMMUNE}:{n}" for n in (3, 4)]


@pytest.mark.parametrize(
    ("own", "national", "told"),
    [
        ("fallback: politi", "", "Skriv også «whose: barnet» (I11)"),
        ("fallback: politi, whose: arbejdspladsen", "", "Skriv også «whose: barnet» (I11)"),
        ("whose: barnet", "", "Skriv også «fallback: doegnvagt» (I11)"),
        ("whose: barnet, fallback: politi", "purpose: [underretning, raad],", "Skriv også «purpose: [underretning, ra"),
        (
            "whose: barnet, fallback: politi, purpose: [raad, underretning, uden-navn]",
            "purpose: [underretning, raad],",
            "",
        ),
    ],
)
def test_what_a_number_that_takes_reports_still_says(tmp_path: Path, own: str, national: str, told: str) -> None:
    """I11: replaced whole, so what the national one says of itself must be said again."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (folder / NATIONAL).read_text("utf-8").replace("title: Modtagelsen,", f"title: Modtagelsen, {national}")
    (folder / NATIONAL).write_text(text, encoding="utf-8")
    line = f"  modtagelse: {{title: T, help: H, {NUMBERS[0]}, {own}}}\n"
    (folder / KOMMUNE).write_text(f"name: Prøve Kommune\ncontacts:\n{line}", encoding="utf-8")
    said = [f.message for f in furnished(load(folder)[0]) if "(I11)" in f.message]
    assert len(said) == 1 and told in said[0] if told else said == []


def test_a_number_that_is_the_national_one_needs_no_other(tmp_path: Path) -> None:
    line = "  doegnvagt: {title: T, help: H, phone: '114', whose: barnet, hours: {always: true}}\n"
    assert found(tmp_path, line, say_114=True) == []
