"""The days of the Danish calendar, against a calendar worked out by hand."""

from __future__ import annotations

from datetime import date
from itertools import islice

from guide.library.days import is_holiday, public_holidays, working_days


def test_the_holidays_of_two_years() -> None:
    """2023 had store bededag (5 May), which was abolished from 2024 on."""
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1), date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6),
        date(2026, 5, 14), date(2026, 5, 24), date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 26),
    ]  # fmt: skip
    assert is_holiday(date(2023, 5, 5)) and not is_holiday(date(2024, 4, 26))


def test_the_eves_are_no_public_holidays() -> None:
    assert not is_holiday(date(2026, 12, 24)) and not is_holiday(date(2026, 12, 31))


def test_working_days_step_over_weekends_and_christmas() -> None:
    found = list(islice(working_days(date(2026, 12, 23)), 6))
    assert found == [date(2026, 12, 24), *(date(2026, 12, day) for day in (28, 29, 30, 31)), date(2027, 1, 4)]
