"""What pages and papers know of the figures: all releases, held in memory and read anew when there is a newer one.

The only way to figures for `guide/web` and `guide/paper`. Counters are not read here. A page costs the same however
many walks there are. Not here: how a release comes to be (`release.py`).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, Engine, select

from guide import db
from guide.statistics.held import Held
from guide.statistics.periods import Period, period
from guide.statistics.tables import Cell, Key, Status


@dataclass(frozen=True)
class Release:
    """A line of the release log. `audit`: what the audit counted, as `audit.py` names it."""

    period: Period
    day: date
    by: str
    catalogue: str
    digest: str
    audit: Mapping[str, object]


@dataclass(frozen=True)
class Correction:
    """Figures were taken down. The numbers are nowhere. `day`: None where whoever wrote it down gave no date."""

    day: date | None
    why: str


@dataclass
class Published:
    """All releases at one moment, the oldest first. `example`: all of it is made up."""

    releases: tuple[Release, ...] = ()
    cells: dict[Key, Cell] = field(default_factory=dict)
    example: bool = False
    corrections: tuple[Correction, ...] = ()
    """What was taken down, the oldest first."""

    @property
    def newest(self) -> Release | None:
        """The latest release, or None when nothing was ever published."""
        return self.releases[-1] if self.releases else None

    @property
    def quarters(self) -> list[Period]:
        """The quarters that were published, the oldest first."""
        return [release.period for release in self.releases]

    @property
    def years(self) -> list[Period]:
        """The whole years that were published, the oldest first."""
        return [Period(one.year) for one in self.quarters if one.quarter == 4]

    def cell(self, table: str, of: Period, area: str, row: str, column: str) -> Cell | None:
        """A published cell; None where there is no data: the period or the area was never published."""
        return self.cells.get(Key(table, str(of), area, row, column))

    def of(self, table: str) -> Iterator[Cell]:
        """All cells of a table, sorted by key."""
        return (self.cells[key] for key in sorted(key for key in self.cells if key.table == table))


class Reader(Held[Published]):
    """Hands out what is published, for one process."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine, _stamp, _read, clock)


def _stamp(connection: Connection) -> object:
    released = connection.execute(select(db.release.c.period, db.release.c.digest).order_by(db.release.c.period))
    return tuple(map(tuple, released)), db.is_example(connection), _marked(connection)


def _read(connection: Connection) -> Published:
    rows = connection.execute(select(db.release)).all()
    corrections = tuple(_correction(name, why) for name, why in _marked(connection))
    return _published(rows, connection.execute(select(db.figure)).all(), db.is_example(connection), corrections)


def _marked(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Marks of figures taken down by hand, sorted: a reader takes the figures up again because there is a new one."""
    marks = connection.execute(select(db.mark.c.name, db.mark.c.value).order_by(db.mark.c.name))
    return tuple((name, value) for name, value in marks if name.startswith(db.CORRECTION))


def _correction(name: str, why: str) -> Correction:
    found = re.search(r"\d{4}-\d\d-\d\d", name)
    try:
        return Correction(date.fromisoformat(found[0]) if found else None, why)
    except ValueError:  # written by hand: the reason is told without a date
        return Correction(None, why)


def _published(rows: object, cells: object, example: bool, corrections: tuple[Correction, ...]) -> Published:
    releases = [
        Release(period(r.period), date.fromisoformat(r.day), r.by, r.catalogue, r.digest, json.loads(r.audit))
        for r in rows  # type: ignore[attr-defined]
    ]
    found = dict[Key, Cell]()
    for c in cells:  # type: ignore[attr-defined]
        key = Key(c.tab, c.period, *c.cell.split("/"))
        found[key] = Cell(key, c.n, Status(c.status))
    return Published(tuple(sorted(releases, key=lambda one: one.period)), found, example, corrections)
