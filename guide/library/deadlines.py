"""The dates after an outcome, from the moment the kommune received the report. Not here: how they are said or kept.

What is counted and why: C17. The 24 hours are what the kommune does, never an appointment, and the receipt comes
«senest omkring» its date, until a jurist has said how working days are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from guide.library.days import last_working_day, working_days
from guide.library.force import DENMARK
from guide.model import Level

ASSESSED = timedelta(hours=24)
"""Within this time of receipt the kommune assesses whether the child is in danger (law: `vurdering-24-timer`)."""

RECEIPT = 6
"""After so many working days a receipt can be counted on (law: `kvittering`)."""

LOOK = 14
"""Days until one's own new look, where an outcome says nothing else."""


@dataclass(frozen=True)
class Deadlines:
    """The dates of one outcome. Moments have the zone of Denmark; days are days of its calendar."""

    received: datetime
    look_by: date
    """One's own new look, at the latest: a day on which one is at work."""
    assessed_by: datetime | None = None
    """When the kommune has assessed whether the child is in danger; None where nothing is reported."""
    receipt_by: date | None = None
    """About when a receipt has come."""
    ask_on: date | None = None
    """When one rings and asks if one has heard nothing."""


def denmark(moment: datetime) -> datetime:
    """A moment by the clock on the wall in Denmark.

    An hour that the clock springs over becomes the one after it; one that comes twice is the first, as in `datetime`.
    Raises ValueError for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment has a zone")
    return moment.astimezone(UTC).astimezone(DENMARK)


@lru_cache(maxsize=1024)
def deadlines(level: Level, received: datetime, look: int | None = None) -> Deadlines:
    """The dates of an outcome of a level, received by the kommune at a moment; `look` is in days.

    Below `underret` nothing is reported: the moment is now, and there is only the new look. Raises ValueError for a
    moment without a zone.
    """
    received = denmark(received)
    said = received.date() + timedelta(days=look or LOOK)
    look_by = last_working_day(said)
    if level.rank < Level.underret.rank:
        return Deadlines(received, look_by)
    *_, receipt_by, after = islice(working_days(received.date()), RECEIPT + 1)
    ask_on = received.date() + timedelta(days=1) if hasty(level) else after
    return Deadlines(
        received,
        # Never before what was before it on the calendar: the order of the dates is the same all the year.
        max(look_by, *(day for day in (receipt_by, ask_on) if day <= said), look_by),
        # Real hours, also over a change of the clock: a child in danger does not get an hour more.
        assessed_by=(received.astimezone(UTC) + ASSESSED).astimezone(DENMARK),
        receipt_by=receipt_by,
        ask_on=ask_on,
    )


def hasty(level: Level) -> bool:
    """Whether one asks already on the next day."""
    return level.rank >= Level.straks.rank
