"""Opening hours: what they say, when somebody answers, and what is left uncovered, against a count by the clock."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from guide.library import opening
from guide.library.opening import answers, days, gaps, shown, spans, wrong_hours
from guide.library.read import build
from guide.library.strict_yaml import parse
from guide.model import ContactList, Hours

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

OFFICE: dict[str, Any] = {"week": {"man-tors": "9-15", "fre": "9-13"}, "holidays": "closed"}
NIGHT: dict[str, Any] = {"week": {"man-tors": "15-9", "fre": "13-9", "loer-soen": "9-9"}, "holidays": "9-9"}


def hours(**said: Any) -> Hours:
    return Hours.model_validate(said)


SAID: list[tuple[dict[str, Any], str]] = [
    ({"always": True}, "hele døgnet"),
    (OFFICE, "man-tors 9-15, fre 9-13, helligdage lukket"),
    (NIGHT, "man-tors 15-9, fre 13 til man 9, helligdage hele døgnet"),
    (
        {"week": {"man-tirs": "9-15", "ons": "closed", "tors-fre": "9-15"}, "note": "oplyst i august"},
        "man-tirs 9-15, ons lukket, tors-fre 9-15 (oplyst i august)",
    ),
    ({"week": {"man-tors": "9-14"}}, "man-tors 9-14, fre lukket"),
    ({"week": {"man-soen": "0-24"}, "holidays": "0-24"}, "hele døgnet"),
    ({"week": {"man-soen": "9-9"}, "holidays": "closed"}, "hele døgnet, helligdage lukket"),
    ({"week": {"man-fre": "8.30-12, 13-15.45"}, "holidays": "10-12"}, "man-fre 8.30-12, 13-15.45, helligdage 10-12"),
    ({"week": {"loer-soen": "0-24"}}, "man-fre lukket, lør-søn 0-24"),
    ({"week": {"man-tors": "16-24", "fre": "16-24", "loer-soen": "0-24"}}, "man-tors 16-24, fre 16 til søn 24"),
    ({"week": {"man-fre": "15-8"}}, "man-fre 15-8"),
]


@pytest.mark.parametrize(("said", "text"), SAID, ids=[text for _, text in SAID])
def test_hours_as_a_reader_sees_them(said: dict[str, Any], text: str) -> None:
    assert shown(hours(**said)) == text and list(wrong_hours(hours(**said))) == []


def test_spans_and_days() -> None:
    assert spans("8.30-12, 13-15") == ((510, 720), (780, 900)) and spans("closed") == ()
    assert spans("15-9") == ((900, 1980),) and spans("9-9") == ((540, 1980),) and spans("0-24") == ((0, 1440),)
    assert days("fre") == [4] and days("man-tors") == [0, 1, 2, 3] and days("loer-man") == [5, 6, 0]


@pytest.mark.parametrize("text", ["9", "9-25", "24.30-9", "9.60-10", "9-15,10-12", "lukket", "kl. 9-15", ""])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        hours(week={"man": text})


@pytest.mark.parametrize("day", ["mandag", "lør", "man-", "man-tirs-ons", "Man"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(ValidationError):
        hours(week={day: "9-15"})


def test_what_the_types_cannot_tell() -> None:
    assert list(wrong_hours(hours(week={"man-ons": "9-15", "tirs": "9-12"}))) == ["Dagen «tirs» står to gange."]
    assert "ikke begge" in next(wrong_hours(hours(always=True, week={"man": "9-15"})))
    assert "always: true" in next(wrong_hours(hours(note="ved ikke")))


def test_the_gap_on_a_friday_afternoon() -> None:
    assert gaps([hours(**OFFICE), hours(**NIGHT)]) == []
    late = hours(week={"man-fre": "15-9", "loer-soen": "9-9"}, holidays="9-9")
    assert gaps([hours(**OFFICE), late]) == ["fredag 13-15"]


def test_the_gap_that_only_holidays_make() -> None:
    unsaid = hours(week=NIGHT["week"])
    assert "torsdag 9-24 (helligdag)" in gaps([hours(**OFFICE), unsaid])
    short = hours(week=NIGHT["week"], holidays="0-24")
    assert "fredag 0-9 (efter en helligdag)" in gaps([hours(**OFFICE), short])


def test_nobody_covers_nothing() -> None:
    assert len(gaps([])) == 7 and gaps([hours(always=True)]) == []


def some_hours(chance: random.Random) -> list[Hours]:
    """An office and who answers when it is closed; often one that fits the other, often one that nearly does."""
    open_, close, late = chance.choice(["8", "8.30", "9"]), chance.choice(["14.30", "15", "16"]), chance.random()
    office = hours(
        week={"man-tors": f"{open_}-{close}", "fre": f"{open_}-13"}, holidays=chance.choice(["closed", "10-12"])
    )
    night = {"man-tors": f"{close}-{open_}", "fre": f"13-{open_}", "loer-soen": f"{open_}-{open_}"}
    if late < 0.2:
        night["fre"] = f"{close}-{open_}"
    elif late < 0.3:
        del night["loer-soen"]
    elif late < 0.4:
        night["soen"] = night.pop("loer-soen")
        night["loer"] = f"{open_}-24"
    kept = chance.choice([f"{open_}-{open_}"] * 4 + ["0-24", "closed"])
    return [office, hours(week=night, holidays=kept)]


WEEKS = "NNNNNNN NNNNNNN HNHNHNH NHNHNHN HHHHHHH HHHHHHH".replace(" ", "")
"""Six weeks with every day of the week as a holiday or not, after a holiday or not."""

BEGINS = (date(2027, 3, 8), date(2027, 10, 18))
"""Mondays from which six weeks take in a change of the clock."""


def by_the_clock(several: list[Hours], step: int) -> list[datetime]:
    """Every moment of these weeks, by real time with both changes of the clock, when nobody answers."""
    found = []
    for begin in BEGINS:
        holidays = {begin + timedelta(days=n) for n, kind in enumerate(WEEKS) if kind == "H"}
        moment = datetime(begin.year, begin.month, begin.day, tzinfo=COPENHAGEN).astimezone(UTC)
        end = moment + timedelta(days=len(WEEKS))
        while moment < end:
            local = moment.astimezone(COPENHAGEN)
            if local.date() < begin + timedelta(days=len(WEEKS)):
                found += [] if any(answers(one, local, holidays) for one in several) else [local]
            moment += timedelta(minutes=step)
    return found


def disagreements(size: int, told: Callable[[list[Hours]], list[str]]) -> tuple[list[str], int]:
    """Where `told` and the clock differ, and how many of the made-up hours have no gap."""
    chance, found, whole = random.Random(20261122), [], 0
    for n in range(size):
        several = some_hours(chance)
        gone = by_the_clock(several, 30)
        whole += not gone
        if bool(told(several)) != bool(gone):
            found.append(f"{n}: {several} {told(several)[:2]} {gone[:1]}")
    return found, whole


def test_gaps_agree_with_the_clock(record_property: Callable[[str, object], None]) -> None:
    """168 hours, weeks of holidays and the hours in which the clock is moved, by the half hour."""
    size = 400 if os.environ.get("GUIDE_NIGHT") == "1" else 12
    record_property("opening hours compared with the clock", size)
    wrong, whole = disagreements(size, gaps)
    assert wrong == [] and size / 8 < whole < size * 7 / 8, "both with and without gaps"


def test_the_comparison_can_fail() -> None:
    """The planted faults: holidays forgotten, and spans that stop at midnight."""

    def without_holidays(several: list[Hours]) -> list[str]:
        return [gap for gap in gaps(several) if "helligdag" not in gap]

    def until_midnight(several: list[Hours]) -> list[str]:
        minutes = [min(end, opening.DAY) - start for h in several for one in opening.week(h) for start, end in one]
        return ["gap"] if sum(minutes) < opening.WEEK else []

    assert disagreements(12, without_holidays)[0] and disagreements(12, until_midnight)[0]


def test_both_changes_of_the_clock() -> None:
    """The hour that is not there in March needs nobody; the one that is there twice in October is answered twice."""
    night = hours(week={"soen": "2-3"}, holidays="closed")
    spring, autumn = datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    in_spring = [answers(night, (spring + timedelta(hours=n)).astimezone(COPENHAGEN)) for n in range(-2, 4)]
    in_autumn = [answers(night, (autumn + timedelta(hours=n)).astimezone(COPENHAGEN)) for n in range(-2, 4)]
    assert in_spring.count(True) == 0 and in_autumn.count(True) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{man-fre: kl. 9}", "er ikke en åbningstid. Skriv fx 9-15"),
        ("{mandag: 9-15}", "er ikke en dag. Skriv fx fre eller man-tors"),
    ],
)
def test_what_cannot_be_read_is_told_in_danish(said: str, told: str) -> None:
    document, _ = parse(f"contacts:\n  a: {{title: A, help: A, hours: {{week: {said}}}}}\n".encode(), "c.yaml")
    assert document
    assert [told in finding.message for finding in build(ContactList, document)[1]] == [True]
