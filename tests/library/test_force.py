"""The law register and its dates: each rule of `force.py` is broken by one small change, and told with its place."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from guide.flows.finding import Finding, errors
from guide.library import force
from guide.library.checks import check
from guide.library.force import today
from guide.library.library import Library, load
from tests.conftest import DEMO, NEWEST

LAW, OUTCOMES, CONTACTS = "law/proevelov.yaml", "flows/tre/outcomes.yaml", "contacts/national.yaml"
TEXTS, KOMMUNE = "registers/texts.yaml", "municipalities/proeve/municipality.yaml"
DAY = date(2026, 11, 22)

TVIVL = "Måske skal man sige det.\n    valid_from: 2024-01-01\n    checked: 2026-11-21"
BINDS = "    binds: skaerpet\n"


def found(folder: Path, file: str, old: str, new: str, day: date | None = None) -> list[Finding]:
    """What is found on the demo content after one change that it did not have before."""
    broken = Path(shutil.copytree(DEMO, folder / "demo"))
    path = broken / file
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")
    library, before = load(broken)
    return sorted({*before, *check(library, day)} - {*load(DEMO)[1], *check(load(DEMO)[0], day)})


ON_ANY_DAY = {
    "I19 no duty": (LAW, BINDS, "", OUTCOMES, "Ingen af lovhenvisningerne på «straks» er den skærpede pligt"),
    "I19 only the general duty": (LAW, BINDS, "    binds: almindelig\n", OUTCOMES, "er den skærpede pligt"),
    "I19 another faggruppe": (LAW, BINDS, f"{BINDS}    flows: [flere]\n", OUTCOMES, "er for flere, ikke for tre (I19)"),
    "flow unknown": (
        LAW,
        BINDS,
        f"{BINDS}    flows: [tre, fler]\n",
        LAW,
        "Flowet «fler» findes ikke. Mente du «flere»?",
    ),
    "ends before it begins": (LAW, BINDS, f"{BINDS}    valid_to: 2023-01-01\n", LAW, "før den begynder"),
}


@pytest.mark.parametrize("name", ON_ANY_DAY)
def test_what_must_hold_on_any_day(name: str, tmp_path: Path) -> None:
    file, old, new, told, said = ON_ANY_DAY[name]
    hits = [f for f in found(tmp_path, file, old, new) if said in f.message and f.file == told]
    assert hits and all(f.line and f.column and not f.warning for f in hits)


COMES = TVIVL.replace("2024-01-01", "2027-01-01")
ENDED = TVIVL.replace("    checked", "    valid_to: 2026-11-21\n    checked")
DUTY_ENDED = f"{BINDS}    valid_to: 2026-11-21\n"

ON_A_DAY = {
    "cited before it begins": (TVIVL, COMES, OUTCOMES, "«proeve-tvivl» gælder først fra 2027-01-01"),
    "cited after it ended": (TVIVL, ENDED, OUTCOMES, "«proeve-tvivl» gælder kun til 2026-11-21"),
    "linked after it ended": (BINDS, DUTY_ENDED, TEXTS, "«proeve-pligt» gælder kun til 2026-11-21"),
    "I19 the duty ended": (BINDS, DUTY_ENDED, OUTCOMES, "pligt på «straks» gælder ikke den 2026-11-22 (I19)"),
}


@pytest.mark.parametrize("name", ON_A_DAY)
def test_what_must_hold_on_the_day(name: str, tmp_path: Path) -> None:
    old, new, told, said = ON_A_DAY[name]
    hits = [f for f in found(tmp_path, LAW, old, new, DAY) if said in f.message]
    assert told in {f.file for f in hits} and all(f.line and f.column and not f.warning for f in hits)


def test_of_dates_nothing_is_said_without_a_day(tmp_path: Path) -> None:
    """Serving asks for no day: a rule that ended yesterday stops nothing."""
    assert found(tmp_path, LAW, BINDS, f"{BINDS}    valid_to: 2026-11-21\n") == []


def test_a_coming_rule_that_nobody_cites_yet_is_no_finding(tmp_path: Path) -> None:
    coming = "  kommer:\n    number: § 9\n    title: Kommer\n    text: Man skal sige det.\n    valid_from: 2027-01-01\n"
    coming += "    checked: 2026-11-21\n    source: Opdigtet.\n    status: verified\n"
    assert found(tmp_path, LAW, "paragraphs:\n", f"paragraphs:\n{coming}", DAY) == []


# --- age ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "warnings", "wrong"),
    [("2027-05-20", 0, 0), ("2027-05-21", 2, 0), ("2027-11-20", 2, 0), ("2027-11-21", 0, 2), ("2030-01-01", 0, 2)],
)
def test_law_warns_after_six_months_and_fails_after_twelve(demo: Library, day: str, warnings: int, wrong: int) -> None:
    hits = [f for f in check(demo, date.fromisoformat(day)) if f.file == LAW and "efterset 2026-11-21" in f.message]
    assert (sum(f.warning for f in hits), len(errors(hits))) == (warnings, wrong)
    assert [(f.line, f.column) for f in hits] == ([(9, 5), (19, 5)] if hits else [])


@pytest.mark.parametrize(("day", "warns"), [("2027-05-21", True), ("2027-11-21", False)])
def test_numbers_grow_old_as_law_does(tmp_path: Path, day: str, warns: bool) -> None:
    """Also those of a kommune; those of an example are made up."""
    on, own = date.fromisoformat(day), "title: Prøvemodtagelsen"
    first = found(tmp_path / "a", KOMMUNE, own, f"checked: 2026-11-21, {own}", on)
    assert [(f.file, f.warning) for f in first] == [(KOMMUNE, warns)] and "Kontakten «modtagelse»" in first[0].message
    national = found(tmp_path / "b", CONTACTS, "phone: '114'", "phone: '114', checked: 2026-11-21", on)
    assert [(f.file, f.warning) for f in national] == [(CONTACTS, warns)]


def test_a_number_that_nobody_has_tried_is_told(demo: Library) -> None:
    hits = [f for f in check(demo, DAY) if f.file == KOMMUNE]
    assert len(hits) == 1 and hits[0].warning and "har ingen «checked»" in hits[0].message


def test_a_flow_is_gone_through_every_year(demo: Library) -> None:
    reviewed = demo.flows["tre"].flow.reviewed
    for months, expected in ((11, []), (12, [True]), (14, [True]), (15, [False])):
        hits = [f for f in check(demo, force.later(reviewed, months)) if "faglige gennemgang af «tre»" in f.message]
        assert [f.warning for f in hits] == expected and all(f.line for f in hits)


def test_a_day_that_has_not_come_is_a_slip(demo: Library) -> None:
    hits = [f for f in check(demo, date(2026, 11, 1)) if f.file == LAW]
    assert len(hits) == 2 and all(f.warning and "efter den dag" in f.message for f in hits)


def test_a_day_at_the_end_of_the_calendar_is_not_old() -> None:
    """A kommune may write it, and its pages ask."""
    assert force.later(date(9999, 6, 1), 12) == date.max
    assert not force.overdue(date(9999, 6, 1), NEWEST) and force.oldest([date(9999, 12, 31)], NEWEST) is None


def test_later_keeps_within_the_month() -> None:
    assert force.later(date(2026, 8, 31), 6) == date(2027, 2, 28) and force.later(date(2026, 12, 1), 13) == date(
        2028, 1, 1
    )


# --- the shipped content ------------------------------------------------------------------------------------------


def test_tests_run_as_on_the_newest_day(content: Library) -> None:
    """And that day is the newest in the content itself."""
    assert force.today() == NEWEST == force.newest(content)


def test_the_day_is_that_of_denmark(monkeypatch: pytest.MonkeyPatch) -> None:
    """At half past midnight in Copenhagen it is still yesterday in Greenwich."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.fromisoformat("2026-11-21T23:30:00+00:00").astimezone(tz)

    monkeypatch.setattr(force, "datetime", Clock)
    assert today() == date(2026, 11, 22)


def test_the_shipped_content_through_the_years(content: Library) -> None:
    """Nothing on the newest day; after seven months warnings; after thirteen errors, of age alone."""
    library = content
    assert check(library, NEWEST) == []
    some = list(force.dated(library, force.later(NEWEST, 7)))
    assert len(some) > len(library.law) and errors(some) == []
    wrong = errors(force.dated(library, force.later(NEWEST, 13)))
    assert len(wrong) > len(library.law) and all("er sidst efterset" in f.message for f in wrong)


def test_the_first_day_of_the_health_reform(content: Library) -> None:
    """On 1 January 2027 what comes has come, and nothing that the guide cites has ended."""
    library, day = content, date(2027, 1, 1)
    assert errors(force.dated(library, day)) == []
    assert not force.in_force(library.law["region-oestdanmark"], date(2026, 12, 31))
    assert force.in_force(library.law["region-oestdanmark"], day)


def test_rules_of_one_faggruppe(content: Library) -> None:
    """Rules that hold for some say so; nothing lets tandplejen read that it may share without consent (C18)."""
    flows = {name: ref.flows for name, ref in content.law.items() if ref.flows}
    assert flows["skoleleder-fravaer"] == ("skole",) and flows["tandpleje-alder"] == ("tandpleje",)
    assert "tandpleje" not in flows["ssd"] and not force.fits(content.law["ssd"], "tandpleje")


def test_where_a_rule_is_used(demo: Library) -> None:
    uses = force.uses(demo)
    assert "Ring til kommunen nu" in uses["proeve-pligt"]["tre"]
    assert set(uses) <= set(demo.law)
