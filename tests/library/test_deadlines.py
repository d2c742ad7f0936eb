"""The dates after a report: by name where it is hard, and against a count by hand on every day of three years."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from guide.library.days import public_holidays
from guide.library.deadlines import LOOK, Deadlines, deadlines, denmark
from guide.library.force import DENMARK
from guide.library.library import Library
from guide.model import Level

REPORTING = (Level.underret, Level.straks, Level.akut)


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=DENMARK)


NAMED = [  # received, assessed by, receipt by, asked on underret
    ("an ordinary Monday", "2026-11-16T10:30", "2026-11-17T10:30+01:00", "2026-11-24", "2026-11-25"),
    ("a Friday evening", "2026-11-20T19:05", "2026-11-21T19:05+01:00", "2026-11-30", "2026-12-01"),
    ("a Sunday", "2026-11-22T10:30", "2026-11-23T10:30+01:00", "2026-11-30", "2026-12-01"),
    ("before Christmas", "2026-12-22T15:00", "2026-12-23T15:00+01:00", "2026-12-31", "2027-01-04"),
    ("on 23 December", "2026-12-23T15:00", "2026-12-24T15:00+01:00", "2027-01-04", "2027-01-05"),
    ("before Easter", "2027-03-24T12:00", "2027-03-25T12:00+01:00", "2027-04-06", "2027-04-07"),
    ("before the clock goes on", "2027-03-27T12:00", "2027-03-28T13:00+02:00", "2027-04-06", "2027-04-07"),
    ("in the hour that is not", "2027-03-28T02:30", "2027-03-29T03:30+02:00", "2027-04-06", "2027-04-07"),
    ("before the clock goes back", "2026-10-24T12:00", "2026-10-25T11:00+01:00", "2026-11-02", "2026-11-03"),
    ("in the hour that comes twice", "2026-10-25T02:30", "2026-10-26T01:30+01:00", "2026-11-02", "2026-11-03"),
    ("a day before that hour", "2026-10-24T02:30", "2026-10-25T02:30+02:00", "2026-11-02", "2026-11-03"),
    ("the last minute of a year", "2026-12-31T23:59", "2027-01-01T23:59+01:00", "2027-01-11", "2027-01-12"),
]


@pytest.mark.parametrize(
    ("received", "assessed", "receipt", "asked"), [n[1:] for n in NAMED], ids=[n[0] for n in NAMED]
)
def test_the_dates_by_name(received: str, assessed: str, receipt: str, asked: str) -> None:
    found = deadlines(Level.underret, at(received))
    assert found.assessed_by and found.assessed_by.isoformat("T", "minutes") == assessed
    assert (str(found.receipt_by), str(found.ask_on)) == (receipt, asked)
    said = at(received).date() + timedelta(days=LOOK)
    assert said - timedelta(days=4) <= found.look_by <= said


def wrong(found: Deadlines) -> list[str]:
    """What a count by hand, one day after the other, does not agree with."""
    assert found.assessed_by and found.receipt_by and found.ask_on
    said, day, worked = [], found.received.date(), 0
    while worked < 6:
        day += timedelta(days=1)
        worked += day.isoweekday() <= 5 and day not in public_holidays(day.year)
    if found.receipt_by != day:
        said.append("receipt")
    if found.assessed_by.timestamp() - found.received.timestamp() != 24 * 3600:
        said.append("assessed")
    ask = day + timedelta(days=1)
    while ask.isoweekday() > 5 or ask in public_holidays(ask.year):
        ask += timedelta(days=1)
    if found.ask_on != ask:
        said.append("asked")
    look = found.received.date() + timedelta(days=LOOK)
    while look > ask and (look.isoweekday() > 5 or look in public_holidays(look.year) or f"{look:%m%d}" in EVES):
        look -= timedelta(days=1)
    if found.look_by != look:
        said.append("look")
    return said


EVES = ("1224", "1231")
"""Days on which one cannot count on anybody being at work, though they are no public holidays."""


def test_every_day_of_three_years_and_both_sides_of_each_hour_of_a_change() -> None:
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    moments = [start + timedelta(days=n, minutes=37 * n) for n in range(1096)]
    for change in ("2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"):
        moments += [datetime.fromisoformat(f"{change}T00:00+00:00") + timedelta(minutes=10 * n) for n in range(-12, 24)]
    for moment in moments:
        assert wrong(deadlines(Level.underret, moment)) == [], moment


def test_a_day_too_few_and_an_hour_of_the_wall_are_caught() -> None:
    """The planted faults."""
    found = deadlines(Level.underret, at("2027-03-27T12:00"))
    assert found.receipt_by and found.assessed_by
    early = Deadlines(
        found.received, found.look_by, found.assessed_by, found.receipt_by - timedelta(days=1), found.ask_on
    )
    walls = Deadlines(found.received, found.look_by, at("2027-03-28T12:00"), found.receipt_by, found.ask_on)
    asked = Deadlines(found.received, found.look_by, found.assessed_by, found.receipt_by, found.receipt_by)
    late = replace(found, look_by=found.look_by + timedelta(days=1))
    assert wrong(late) == ["look"]
    assert wrong(early) == ["receipt"] and wrong(walls) == ["assessed"] and wrong(asked) == ["asked"]


def test_where_it_hastes_one_asks_on_the_next_day_also_a_sunday() -> None:
    for level in (Level.straks, Level.akut):
        assert deadlines(level, at("2026-11-21T20:00")).ask_on == date(2026, 11, 22)


def test_below_a_report_there_is_only_the_new_look() -> None:
    for level in (Level.undren, Level.bekymring):
        assert deadlines(level, at("2026-11-22T10:30"), 28) == Deadlines(at("2026-11-22T10:30"), date(2026, 12, 18))


def test_a_moment_is_of_the_clock_on_the_wall_in_denmark() -> None:
    assert denmark(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)).isoformat() == "2026-11-23T00:30:00+01:00"
    with pytest.raises(ValueError, match="zone"):
        denmark(datetime(2026, 11, 22))


def test_the_order_of_the_dates_hangs_on_level_and_look_alone(content: Library) -> None:
    """So the page lays them out once, and a script that counts anew need not move them (guide/web/dates.py)."""
    looks = {o.look or LOOK for p in content.flows.values() for o in p.flow.outcomes.values() if o.level in REPORTING}
    start = datetime(2025, 1, 1, 12, tzinfo=UTC)
    for look in looks | {7, 28}:
        for level in REPORTING:
            found = [deadlines(level, start + timedelta(days=n), look) for n in range(1461)]
            days = [(f.receipt_by, f.ask_on, f.look_by) for f in found if f.receipt_by and f.ask_on]
            assert len({(receipt <= look_by, asked <= look_by) for receipt, asked, look_by in days}) == 1, (level, look)
