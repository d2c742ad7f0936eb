"""What pages and papers know of the figures: all releases, held in memory and read anew when there is a newer one.

The only way to figures for `guide/web` and `guide/paper`. Counters are not read here. A page costs the same however
many walks there are. Not here: how a release comes to be (`release.py`).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Engine, select

from guide import db
from guide.statistics.periods import Period, period
from guide.statistics.tables import Cell, Key, Status

RECHECK = 20.0
"""Seconds that what was read is used without asking the database whether there is more."""


@dataclass(frozen=True)
class Release:
    """A line of the release log. `audit`: what the audit counted, as `audit.py` names it."""

    period: Period
    day: date
    by: str
    catalogue: str
    digest: str
    audit: Mapping[str, object]


@dataclass
class Published:
    """All releases at one moment, the oldest first. `example`: all of it is made up."""

    releases: tuple[Release, ...] = ()
    cells: dict[Key, Cell] = field(default_factory=dict)
    example: bool = False

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


class Reader:
    """Hands out what is published, for one process. `engine` is read only by `newest` and at most every RECHECK s."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock, self._lock = engine, clock, threading.Lock()
        self._held: Published | None = None
        self._stamp: object = None
        self._looked = float("-inf")

    def now(self) -> Published:
        """What is published.

        Raises DatabaseError when the database cannot be read, NewerDatabase when it is not ours to read, and nothing
        was read before.
        """
        with self._lock:
            if self._held is not None and self._clock() - self._looked < RECHECK:
                return self._held
            self._looked = self._clock()
            try:
                with self._engine.connect() as connection:
                    if (found := db.revision(connection)) is not None and found > db.HEAD:
                        raise db.NewerDatabase(found)
                    rows = connection.execute(select(db.release).order_by(db.release.c.period)).all()
                    marks = {row.name for row in connection.execute(select(db.mark.c.name))}
                    stamp = (tuple((r.period, r.digest) for r in rows), "example" in marks)
                    if stamp != self._stamp or self._held is None:
                        cells = connection.execute(select(db.figure)).all()
                        self._held, self._stamp = _published(rows, cells, "example" in marks), stamp
            except (db.DatabaseError, db.NewerDatabase):
                if self._held is None:
                    raise
            return self._held


def _published(rows: object, cells: object, example: bool) -> Published:
    releases = [
        Release(period(r.period), date.fromisoformat(r.day), r.by, r.catalogue, r.digest, json.loads(r.audit))
        for r in rows  # type: ignore[attr-defined]
    ]
    found = dict[Key, Cell]()
    for c in cells:  # type: ignore[attr-defined]
        key = Key(c.tab, c.period, *c.cell.split("/"))
        found[key] = Cell(key, c.n, Status(c.status))
    return Published(tuple(sorted(releases, key=lambda one: one.period)), found, example)
