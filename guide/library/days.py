"""Days of the Danish calendar: public holidays and working days. Not here: when a contact answers (`opening.py`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """The Danish public holidays of a year, as the library `holidays` has them by law: neither 24 nor 31 December."""
    return frozenset(holidays.country_holidays("DK", years=year))


def is_holiday(day: date) -> bool:
    """Whether a day is a Danish public holiday."""
    return day in public_holidays(day.year)


def last_working_day(day: date) -> date:
    """The day itself, or the last one before it on which people are at work for sure: not 24 or 31 December."""
    while day.weekday() >= SATURDAY or is_holiday(day) or (day.month, day.day) in ((12, 24), (12, 31)):
        day -= timedelta(days=1)
    return day


def working_days(after: date) -> Iterator[date]:
    """The days from Monday to Friday that are no public holidays, from the day after this one on."""
    day = after
    while True:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and not is_holiday(day):
            yield day
