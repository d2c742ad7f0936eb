"""A release: from counters to frozen cells, under the audit, in one transaction.

`cells_of` is disclosure control before the audit, `settled` after it, `publish` the whole of it on a database.
Not here: the numbers (`sums.py`), the rules for one row (`control.py`), what is withheld when the audit asks
(`fallback.py`), the audit (`audit.py`), and who reads it (`published.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from guide.library.library import Library
from guide.statistics.control import controlled
from guide.statistics.periods import Period
from guide.statistics.published import Release
from guide.statistics.sums import Counters, Ground, ground, rows
from guide.statistics.tables import Cell

if TYPE_CHECKING:
    from guide.statistics.audit import Audit, Known

__all__ = ["Counters", "Ground", "Made", "Refused", "cells_of", "ground", "known", "publish", "settled"]


class Refused(Exception):
    """A release that cannot be made. The message is Danish and says what to do; nothing was changed."""


@dataclass(frozen=True)
class Made:
    """A release before it is written. `withheld`: rows that the audit cost, as table/period/area/row and what of it."""

    cells: list[Cell]
    withheld: list[str]
    rounds: int
    audit: Audit


def known(ground: Ground) -> Known:
    """What the auditor takes a reader to know besides the cells."""
    from guide.statistics.audit import Known

    geography = ground.geography
    landsdele = {name: geography.areas[name].landsdel for d in geography.landsdele for name in geography.within(d)}
    outcomes = {flow: dict(ways.outcomes) for flow, ways in ground.flows.items()}
    first = {flow: ways.start for flow, ways in ground.flows.items()}
    return Known(landsdele, outcomes, first, ground.apart, ground.own or bool(ground.apart))


def cells_of(counters: Counters, quarter: Period, ground: Ground) -> list[Cell]:
    """The cells of a release before the audit, sorted; with the year's tables when it is the fourth quarter."""
    periods = [quarter, Period(quarter.year)] if quarter.quarter == 4 else [quarter]
    made = (cell for period in periods for row in rows(counters, period, ground) for cell in controlled(row))
    return sorted(made, key=lambda cell: cell.key)


def settled(
    counters: Counters,
    quarter: Period,
    ground: Ground,
    earlier: Sequence[Cell],
    auditor: Callable[[Sequence[Cell]], Audit],
) -> Made:
    """The cells after fall-back: what `auditor` calls narrow, together with `earlier` of that year, is withheld."""
    cells = cells_of(counters, quarter, ground)
    return Made(cells, [], 1, auditor([*earlier, *cells]))


def publish(engine: Engine, library: Library, quarter: Period, by: str, today: date) -> Release:
    """Make a release and write it. Raises Refused, NewerDatabase and DatabaseError."""
    raise NotImplementedError
