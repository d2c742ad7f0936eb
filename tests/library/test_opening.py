"""Opening hours: what they say, when somebody answers, and what is left uncovered, against a count by the clock."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from guide.library import opening
from guide.library.days import is_holiday
from guide.library.opening import DAY, MONTHS, Holiday, days, gaps, shown, spans, turn, unstated, wrong_hours
from guide.library.read import build
from guide.library.strict_yaml import parse
from guide.model import ContactList, Hours

COPENHAGEN = ZoneInfo("Europe/Copenhagen")

OFFICE: dict[str, Any] = {"week": {"man-tors": "9-15", "fre": "9-13"}, "holidays": "closed"}
NIGHT: dict[str, Any] = {
    "week": {"man-tors": "15-9", "fre": "13-9", "loer-soen": "9-9"},
    "holidays": "9-9",
    "exceptions": {"24-december": "9-9", "31-december": "9-9"},
}


def hours(**said: Any) -> Hours:
    return Hours.model_validate(said)


class Wall:
    """Hours by another count: the text that holds on each day, by the rules as an author reads them."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        self.week = {day: text for key, text in hours.week.items() for day in days(key)}
        self.begun = lru_cache(maxsize=None)(self._begun)

    def _begun(self, day: date, holiday: bool) -> tuple[tuple[int, int], ...]:
        stated, name = self.hours.exceptions, f"{day.day}-{MONTHS[day.month - 1]}"
        for key in (str(day), name):
            if key in stated:
                return spans(stated[key])
        if name in ("24-december", "31-december"):
            return ()
        return spans((self.hours.holidays if holiday else self.week.get(day.weekday())) or "closed")

    def answers(self, moment: datetime, holiday: Holiday = is_holiday) -> bool:
        """Whether somebody answers when the clock on the wall shows this."""
        day, minute = moment.date(), moment.hour * 60 + moment.minute
        before = day - timedelta(days=1)
        return (
            self.hours.always
            or any(start <= minute < end for start, end in self.begun(day, holiday(day)))
            or any(start <= minute + DAY < end for start, end in self.begun(before, holiday(before)))
        )


def answers(hours: Hours, moment: datetime) -> bool:
    return Wall(hours).answers(moment)


SAID: list[tuple[dict[str, Any], str]] = [
    ({"always": True}, "hele døgnet"),
    (OFFICE, "man-tors 9-15, fre 9-13, helligdage lukket"),
    (NIGHT, "man-tors 15-9, fre 13 til man 9, helligdage hele døgnet, 24. og 31. december hele døgnet"),
    (
        OFFICE | {"exceptions": {"24-december": "closed", "31-december": "9-12", "2027-05-07": "closed"}},
        "man-tors 9-15, fre 9-13, helligdage lukket, 24. december og 7. maj 2027 lukket, 31. december 9-12",
    ),
    ({"week": {"man-soen": "0-24"}, "holidays": "0-24", "exceptions": {"24-december": "0-24"}}, "hele døgnet"),
    ({"week": {"man-soen": "0-24"}, "exceptions": {"5-juni": "closed"}}, "hele døgnet, 5. juni lukket"),
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
    for more in ({"week": {"man": "9-15"}}, {"exceptions": {"24-december": "closed"}}):
        assert "ikke begge" in next(wrong_hours(hours(always=True, **more)))
    assert "always: true" in next(wrong_hours(hours(note="ved ikke")))


@pytest.mark.parametrize(
    "day", ["31-februar", "30-februar", "31-juni", "2027-02-29", "2027-13-01", "0000-01-01", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_day_of_the_calendar(day: str) -> None:
    stated = hours(week={"man": "9-15"}, exceptions={day: "closed"})
    assert list(wrong_hours(stated)) == [f"Dagen «{day}» findes ikke i kalenderen."]
    assert shown(stated) == shown(hours(week={"man": "9-15"})) and gaps([stated])


def test_a_leap_day_is_a_day() -> None:
    assert list(wrong_hours(hours(week={"man": "9-15"}, exceptions={"29-februar": "closed"}))) == []


def test_the_gap_on_a_friday_afternoon() -> None:
    assert gaps([hours(**OFFICE), hours(**NIGHT)]) == []
    late = hours(**NIGHT | {"week": {"man-fre": "15-9", "loer-soen": "9-9"}})
    assert gaps([hours(**OFFICE), late]) == ["fredag 13-15"]


def test_the_gap_that_only_holidays_make() -> None:
    unsaid = hours(**NIGHT | {"holidays": None})
    assert "torsdag 9-24 (helligdag)" in gaps([hours(**OFFICE), unsaid])
    short = hours(**NIGHT | {"holidays": "0-24"})
    assert "fredag 0-9 (efter en helligdag)" in gaps([hours(**OFFICE), short])


def test_nobody_covers_nothing() -> None:
    assert len(gaps([])) == 7 and gaps([hours(always=True)]) == []


@pytest.mark.parametrize(
    ("exceptions", "told"),
    [
        ({}, ["24. december 9-24", "25. december 0-9", "31. december 9-24", "1. januar 0-9"]),
        ({"24-december": "9-9", "31-december": "9-24"}, ["1. januar 0-9"]),
        ({"24-december": "9-9", "31-december": "0-24"}, ["1. januar 0-9"]),
        (
            {"24-december": "9-9", "31-december": "9-9", "29-februar": "closed"},
            [
                *("29. februar 9-24", "29. februar 13-24 (fredag)", "1. marts 0-9"),
                "29. februar 15-24 (mandag, tirsdag, onsdag, torsdag)",
            ],
        ),
        ({"24-december": "9-9", "31-december": "9-9", "2027-05-07": "13-24"}, ["8. maj 2027 0-9"]),
        ({"24-december": "9-9", "31-december": "9-9", "2027-05-06": "15-9"}, ["6. maj 2027 9-15"]),
        ({"24-december": "9-9", "31-december": "9-9", "2027-05-05": "15-9"}, []),
    ],
)
def test_the_gap_of_a_day_with_an_exception(exceptions: dict[str, str], told: list[str]) -> None:
    """6 May 2027 is Ascension Day, when the office is closed; the other days are ordinary."""
    found = gaps([hours(**OFFICE), hours(**NIGHT | {"exceptions": exceptions})])
    assert sorted(found) == sorted(told)


def some_hours(chance: random.Random) -> list[Hours]:
    """An office and who answers when it is closed; often one that fits the other, often one that nearly does."""
    open_, close, late = chance.choice(["8", "8.30", "9"]), chance.choice(["14.30", "15", "16"]), chance.random()
    some = {"24-december": "closed", "31-december": f"{open_}-12", "2027-05-07": "closed", "5-juni": "10-12"}
    office = hours(
        week={"man-tors": f"{open_}-{close}", "fre": f"{open_}-13"},
        holidays=chance.choice(["closed", "10-12"]),
        exceptions={day: text for day, text in some.items() if chance.random() < 0.5},
    )
    night = {"man-tors": f"{close}-{open_}", "fre": f"13-{open_}", "loer-soen": f"{open_}-{open_}"}
    if late < 0.1:
        night["fre"] = f"{close}-{open_}"
    elif late < 0.2:
        del night["loer-soen"]
    elif late < 0.3:
        night["soen"] = night.pop("loer-soen")
        night["loer"] = f"{open_}-24"
    kept = chance.choice([f"{open_}-{open_}"] * 4 + ["0-24", "closed"])
    whole = {day: f"{open_}-{open_}" for day in some if day in office.exceptions or "december" in day}
    if chance.random() < 0.3:
        whole[chance.choice(list(whole))] = chance.choice([f"13-{open_}", "0-24", "closed"])
    elif chance.random() < 0.3:
        del whole[chance.choice(list(whole))]
    return [office, hours(week=night, holidays=kept, exceptions=whole)]


WEEKS = "NNNNNNN NNNNNNN HNHNHNH NHNHNHN HHHHHHH HHHHHHH".replace(" ", "")
"""Six weeks with every day of the week as a holiday or not, after a holiday or not."""

BEGINS = (date(2027, 3, 8), date(2027, 10, 18))
"""Mondays from which six weeks take in a change of the clock."""

CHRISTMAS, SUMMER = range(2021, 2029), (2021, 2022, 2023, 2024, 2025, 2026, 2028)
"""Years in which the eves, and 5 June, fall on each day of the week."""


def stretches() -> list[tuple[date, int, Holiday]]:
    """From a day so many days on, and which of them are holidays: made-up ones first, then those of the calendar."""
    found: list[tuple[date, int, Holiday]] = []
    for begin in BEGINS:
        made_up = {begin + timedelta(days=n) for n, kind in enumerate(WEEKS) if kind == "H"}
        found.append((begin, len(WEEKS), made_up.__contains__))
    for year in CHRISTMAS:
        found += [(date(year, 12, 24), 2, is_holiday), (date(year, 12, 31), 2, is_holiday)]
    for made_up_ in (lambda _: False, lambda _: True):
        found += [(date(year, 6, 5), 2, made_up_) for year in SUMMER]
    return [*found, (date(2027, 5, 6), 3, is_holiday)]


@lru_cache(maxsize=1)
def moments() -> list[tuple[datetime, Holiday]]:
    """Every half hour of these days, by real time with both changes of the clock."""
    found = []
    for begin, length, holiday in stretches():
        moment = datetime(begin.year, begin.month, begin.day, tzinfo=COPENHAGEN).astimezone(UTC)
        for half in range(length * 48 + 2):
            local = (moment + timedelta(minutes=30 * half)).astimezone(COPENHAGEN)
            found += [(local, holiday)] if local.date() < begin + timedelta(days=length) else []
    return found


def by_the_clock(several: list[Hours]) -> datetime | None:
    """The first of these moments when nobody answers."""
    walls = [Wall(hours) for hours in several]
    return next((m for m, holiday in moments() if not any(wall.answers(m, holiday) for wall in walls)), None)


@lru_cache(maxsize=1)
def samples(size: int) -> list[tuple[list[Hours], datetime | None]]:
    """Made-up hours, and when the clock finds nobody."""
    chance = random.Random(20261122)
    made = [some_hours(chance) for _ in range(size)]
    return [(several, by_the_clock(several)) for several in made]


def disagreements(size: int, told: Callable[[list[Hours]], list[str]]) -> tuple[list[str], int]:
    """Where `told` and the clock differ, and how many of the made-up hours have no gap."""
    asked = samples(size)
    found = [f"{n}: {several} {gone}" for n, (several, gone) in enumerate(asked) if bool(told(several)) != bool(gone)]
    return found, sum(gone is None for _, gone in asked)


def test_gaps_agree_with_the_clock(record_property: Callable[[str, object], None]) -> None:
    """168 hours, weeks of holidays, the eves, stated days and the hours in which the clock is moved."""
    size = 400 if os.environ.get("GUIDE_NIGHT") == "1" else 16
    record_property("opening hours compared with the clock", size)
    wrong, whole = disagreements(size, gaps)
    assert wrong == [] and size / 8 < whole < size * 7 / 8, "both with and without gaps"


def test_the_comparison_can_fail() -> None:
    """The planted faults: holidays forgotten, the eves and stated days forgotten, and spans that stop at midnight."""

    def without_holidays(several: list[Hours]) -> list[str]:
        return [gap for gap in gaps(several) if gap[0].isalpha() and "helligdag" not in gap]

    def without_days(several: list[Hours]) -> list[str]:
        return [gap for gap in gaps(several) if gap[0].isalpha()]

    def until_midnight(several: list[Hours]) -> list[str]:
        minutes = [min(end, opening.DAY) - start for h in several for one in opening.week(h) for start, end in one]
        return ["gap"] if sum(minutes) < opening.WEEK else []

    for told in (without_holidays, without_days, until_midnight):
        assert disagreements(16, told)[0]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("said", "moment", "open_", "change"),
    [
        (OFFICE, "2026-11-23T10:30", True, "2026-11-23T15:00"),
        (OFFICE, "2026-11-27T13:00", False, "2026-11-30T09:00"),
        (OFFICE, "2026-11-30T08:59", False, "2026-11-30T09:00"),
        (NIGHT, "2026-11-27T13:00", True, "2026-11-30T09:00"),
        (NIGHT, "2026-12-23T20:00", True, "2026-12-28T09:00"),
        (OFFICE, "2026-12-24T10:00", False, "2026-12-28T09:00"),
        (OFFICE, "2027-03-24T16:00", False, "2027-03-30T09:00"),
        (OFFICE | {"exceptions": {"24-december": "9-12"}}, "2026-12-24T10:00", True, "2026-12-24T12:00"),
        ({"always": True}, "2026-12-24T10:00", True, None),
        ({"week": {"man-soen": "0-24"}, "holidays": "0-24"}, "2026-11-23T10:30", True, None),
        ({"week": {"man-soen": "0-24"}, "holidays": "0-24"}, "2026-12-23T10:30", True, "2026-12-24T00:00"),
        ({"week": {"man-soen": "closed"}}, "2026-11-23T10:30", False, None),
        ({"week": {"man-soen": "closed"}, "exceptions": {"2027-05-07": "9-12"}}, "2026-11-23", False, "2027-05-07T09"),
        (NIGHT, "2027-10-31T02:30", True, "2027-11-01T09:00"),
        (NIGHT, "2027-03-28T01:59", True, "2027-03-30T09:00"),
    ],
)
def test_when_it_changes(said: dict[str, Any], moment: str, open_: bool, change: str | None) -> None:
    """Closed on Friday, over Christmas, over Easter 2027 (25-29 March), and both changes of the clock."""
    assert turn(hours(**said), at(moment)) == (open_, at(change) if change else None)


def test_what_changes_is_what_the_clock_says() -> None:
    """By the hour of five weeks around Christmas: open is open, and nothing changes before the moment told."""
    several = [hours(**OFFICE), hours(**NIGHT), hours(week={"man-soen": "16-24"}, exceptions={"31-december": "8-9"})]
    for one in several:
        wall = Wall(one)
        for n in range(5 * 7 * 24):
            moment = at("2026-12-07T00:30") + timedelta(hours=n)
            open_, change = turn(one, moment)
            assert change and open_ is wall.answers(moment) and wall.answers(change) is not open_
            assert wall.answers(change - timedelta(minutes=1)) is open_


def test_the_eves_are_not_known_where_they_are_not_stated() -> None:
    for said, known in ((OFFICE, False), (NIGHT, True), ({"always": True}, True)):
        assert [unstated(hours(**said), date(2026, 12, day)) for day in (23, 24, 31)] == [False, not known, not known]
    assert unstated(hours(**NIGHT | {"exceptions": {"2026-12-24": "closed"}}), date(2027, 12, 24))
    dated = hours(**OFFICE | {"exceptions": {"24-december": "closed", "2026-12-24": "9-12"}})
    assert answers(dated, at("2026-12-24T10:00")) and not answers(dated, at("2027-12-24T10:00"))


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
        ("{mandag: 9-15}", "er ikke en dag. Skriv «man»."),
        ("{man: 9-15}, exceptions: {juleaften: closed}", "er ikke en dag i kalenderen. Skriv fx 24-december"),
        ("{man: 9-15}, exceptions: {24-december: lukket}", "er ikke en åbningstid. Skriv «closed»."),
    ],
)
def test_what_cannot_be_read_is_told_in_danish(said: str, told: str) -> None:
    document, _ = parse(f"contacts:\n  a: {{title: A, help: A, hours: {{week: {said}}}}}\n".encode(), "c.yaml")
    assert document
    assert [told in finding.message for finding in build(ContactList, document)[1]] == [True]
