"""What paragraphs are called: yesterday's numbers and mixed-up duties are refused wherever they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import load
from guide.library.paragraphs import mixed, old_law
from guide.library.texts import fold
from tests.conftest import DEMO

LAW, OUTCOMES, FLOW, TEXTS = (
    "law/proevelov.yaml",
    "flows/tre/outcomes.yaml",
    "flows/tre/flow.yaml",
    "registers/texts.yaml",
)
PAGE, KOMMUNE = "pages/om.md", "municipalities/proeve/municipality.yaml"

OLD = (
    "Se serviceloven § 153.",
    "Se § 153 i den gamle lov.",
    "Efter §§ 152-155 b skal kommunen svare.",
    "Det står i paragraf 154.",
    "Det står i SEL 155a.",
    "Se §§ 133 og 153.",
    "Se § 133, stk. 1, og § 155 b, stk. 2.",
    "Serviceloven siger i kapitel 12 og 153, hvad man gør.",
    "Du skal underrette efter Serviceloven.",
    "Pligten står i servicelovens regler.",
)
FINE = (
    "Se barnets lov.",
    "Der kom 153 underretninger i 2015.",
    "Ring 33 41 15 30.",
    "Serviceloven gælder for voksne. Du skal underrette efter barnets lov.",
    "Klassen har 15 elever, og 2 er væk.",
    "Det var i 1540.",
)


@pytest.mark.parametrize("text", OLD)
def test_yesterdays_law_is_refused(text: str) -> None:
    assert old_law(fold(text))


@pytest.mark.parametrize("text", FINE)
def test_what_is_no_old_law(text: str) -> None:
    assert old_law(fold(text)) == ""


MIXED = (
    "Barnets lov § 135 er den skærpede pligt.",
    "Den skærpede underretningspligt (§ 133) er for alle, mens § 135 er for offentligt ansatte.",
    "§ 133 er den almindelige underretningspligt.",
    "Efter § 133, stk. 1, har alle borgere pligt.",
    "Alle har pligt efter paragraf 133.",
)
RIGHT = (
    "§ 133 er den skærpede pligt, og § 135 er den almindelige pligt.",
    "Den skærpede pligt står i § 133 og den almindelige i § 135.",
    "Offentligt ansatte: § 133, stk. 1, nr. 2. Alle har pligt efter § 135.",
)


@pytest.mark.parametrize("text", MIXED)
def test_the_two_duties_mixed_up(text: str) -> None:
    assert list(mixed(fold(text)))


@pytest.mark.parametrize("text", RIGHT)
def test_the_two_duties_as_they_are(text: str) -> None:
    assert list(mixed(fold(text))) == []


PLACES = {
    "an outcome": (OUTCOMES, "help: Ring nu.", "help: Ring nu efter servicelovens § 153."),
    "a source": (FLOW, "source: ", "source: Serviceloven § 154. "),
    "a shared text": (TEXTS, "help: Hjælp.", "help: Pligten står i serviceloven."),
    "a page": (PAGE, "\n---\n", "\n---\nDu skal underrette efter serviceloven.\n\n"),
    "a kommune": (KOMMUNE, "help: Ring her.", "help: Ring her efter servicelovens regler om underretning."),
    "the plain words of a rule": (LAW, "text: Man skal sige det.", "text: Man skal underrette efter serviceloven."),
}


def told(folder: Path, file: str, old: str, new: str) -> list[str]:
    """What is found after one change and was not before, where a place in the file is known."""
    broken = Path(shutil.copytree(DEMO, folder / "demo"))
    text = (broken / file).read_text("utf-8")
    assert old in text, old
    (broken / file).write_text(text.replace(old, new, 1), "utf-8")
    library, before = load(broken)
    fresh = {*before, *check(library)} - {*load(DEMO)[1], *check(load(DEMO)[0])}
    return [f.message for f in sorted(fresh) if f.file == file and f.line and f.column and not f.warning]


@pytest.mark.parametrize("name", PLACES)
def test_yesterdays_law_is_refused_in(name: str, tmp_path: Path) -> None:
    assert any("serviceloven" in said for said in told(tmp_path, *PLACES[name]))


def test_sources_of_the_register_may_name_it(tmp_path: Path) -> None:
    """Where a rule was read is told as it is."""
    assert (
        told(tmp_path, LAW, "source: Opdigtet til test.", "source: Læst i serviceloven § 153 på danskelove.dk.") == []
    )


REGISTER = {
    "133 is not the general duty": ("§ 133", "skaerpet", "Alle har pligt til det.", "Her står «alle har»"),
    "133 does not bind all": ("§ 133, stk. 1", "almindelig", "Man skal sige det.", "Skriv «binds: skaerpet»"),
    "135 is not the heightened duty": (
        "§ 135",
        "almindelig",
        "Der er grund til at antage det.",
        "«grund til at antage»",
    ),
    "135 binds all": ("§ 135", "skaerpet", "Man skal sige det.", "Skriv «binds: almindelig»"),
    "the duty stands elsewhere": ("§ 134", "skaerpet", "Man skal sige det.", "Nummeret i barnets lov er § 133"),
    "133 says nothing of the duty": ("§ 133", "", "Man skal sige det.", "Skriv «binds: skaerpet»"),
}


@pytest.mark.parametrize("name", REGISTER)
def test_the_register_mixes_nothing_up(name: str, tmp_path: Path) -> None:
    number, binds, text, said = REGISTER[name]
    rule = f"    number: {number}\n    title: Pligten\n    text: {text}\n    valid_from: 2024-01-01\n"
    rule += "    checked: 2026-11-21\n    source: Opdigtet.\n    status: verified\n"
    rule += f"    binds: {binds}\n" if binds else ""
    act = f"title: Barnets lov\nedition: Opdigtet til test\nparagraphs:\n  proeve-x:\n{rule}"
    broken = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    (broken / "law" / "barnets-lov.yaml").write_text(act, "utf-8")
    hits = [f for f in check(load(broken)[0]) if f.file == "law/barnets-lov.yaml"]
    assert any(said in f.message for f in hits) and all(f.line and f.column for f in hits)


def test_a_rule_of_serviceloven_has_ended(tmp_path: Path) -> None:
    """It may stand in the register as what once held, never as what holds."""
    change = (LAW, "title: Prøveloven", "title: Serviceloven")
    number = (LAW, "number: § 1\n", "number: § 153\n")
    broken = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path, text = broken / LAW, (broken / LAW).read_text("utf-8")
    text = text.replace(change[1], change[2]).replace(number[1], number[2])
    for until, expected in (("", 1), ("    valid_to: 2024-06-01\n", 1), ("    valid_to: 2023-12-31\n", 0)):
        path.write_text(text.replace("    title: Pligten\n", f"    title: Pligten\n{until}"), "utf-8")
        found = [f for f in check(load(broken)[0]) if "gjaldt til 31. december 2023" in f.message]
        assert [(f.line, f.column) for f in found] == [(5, 5)] * expected


def test_words_of_a_link_name_the_duty_it_leads_to(tmp_path: Path) -> None:
    wrong = "help: 'Du har [den almindelige pligt](lov:proeve-pligt).'"
    assert any("er pligten, alle har" in said for said in told(tmp_path, OUTCOMES, "help: Ring nu.", wrong))
    right = "help: 'Du har [den skærpede pligt](lov:proeve-pligt).'"
    assert told(tmp_path / "b", OUTCOMES, "help: Ring nu.", right) == []
