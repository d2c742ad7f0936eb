"""Official figures in the database: how a file is taken in, all of it or nothing, and how pages read them.

Statistics Denmark's own, never mixed with ours: no counter and no release is read here. Not here: how a file is
understood (`folding.py`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from guide import db
from guide.library.geography import COUNTRY, Geography
from guide.statistics.folding import KINDS, Reading, understood
from guide.statistics.held import Held
from guide.statistics.tables import ALL

_TABS = {id.lower() for id in KINDS}


@dataclass(frozen=True)
class Taken:
    """What became of a file: how many figures are in periods that are new, and how many were changed in old ones."""

    reading: Reading
    new: int
    changed: int


class Standing(Exception):
    """The database has other figures for these periods; they are replaced only when asked. The message is Danish."""


class Made(Exception):
    """All in the database is made up, and real figures do not belong there. The message is Danish."""


def take_in(
    engine: Engine,
    data: bytes | str,
    today: date,
    geography: Geography,
    *,
    table: str | None = None,
    told: Mapping[str, str] | None = None,
    replace: bool = False,
    name: str = "",
) -> Taken:
    """Take one file in: all of it or nothing. `table`: UND1…; `told`: kind of column -> its name in the file.

    Nothing is asked of the database but room: it may be one that is marked as made up.
    Raises BadFile, Standing, db.NewerDatabase and db.DatabaseError.
    """
    read = understood(data, today, geography, table=table, told=told, name=name)
    return keep(engine, [read], today, replace, made_up=True)[0]


def keep(
    engine: Engine, readings: Sequence[Reading], today: date, replace: bool = False, *, made_up: bool = False
) -> list[Taken]:
    """Write what files say, in one transaction. `made_up`: so may all else in the database be.

    Raises Standing, Made, db.NewerDatabase and db.DatabaseError.
    """
    db.prepare(engine)
    with engine.begin() as connection:
        if not made_up and db.is_example(connection):
            raise Made("Databasen er fyldt med eksempeldata. Rigtige tal hører ikke til der. Vælg en anden database.")
        done = [_kept(connection, reading, today, replace) for reading in readings]
        held = set(connection.execute(select(db.official.c.taken).distinct()).scalars())
        of = db.taken.c.kind.in_(_TABS)
        for id in set(connection.execute(select(db.taken.c.id).where(of)).scalars()) - held:
            connection.execute(delete(db.taken).where(db.taken.c.id == id))
    return done


def _kept(connection: Connection, reading: Reading, today: date, replace: bool) -> Taken:
    tab, table = reading.kind.id.lower(), db.official.c
    here = (table.tab == tab) & table.period.in_(reading.periods)
    old = {(r.period, r.cell): r.n for r in connection.execute(select(db.official).where(here))}
    fresh = {(when, f"{area}/{row}"): n for (when, area, row), n in reading.cells.items()}
    standing = {when for when, _ in old}
    changed = {
        key
        for key in old.keys() | fresh.keys()
        if key[0] in standing and (key not in old or key not in fresh or old[key] != fresh[key])
    }
    if changed and not replace:
        when = ", ".join(sorted({one for one, _ in changed}))
        raise Standing(
            f"{reading.kind.id} har allerede andre tal for {when}: {len(changed)} er forskellige. "
            "Skriv --replace, hvis filens tal skal gælde i stedet."
        )
    written = {when for when, _ in changed} | {when for when, _ in fresh if when not in standing}
    rows = [
        {"tab": tab, "period": when, "cell": cell, "taken": reading.digest, "n": n}
        for (when, cell), n in sorted(fresh.items())
        if when in written
    ]
    if rows:
        connection.execute(delete(db.official).where((table.tab == tab) & table.period.in_(written)))
        connection.execute(insert(db.official), rows)
        _note(connection, reading, today)
    return Taken(reading, sum(when not in standing for when, _ in fresh), len(changed))


def _note(connection: Connection, reading: Reading, today: date) -> None:
    note = {"file": reading.name, "form": reading.form, "labels": reading.labels}
    row = {
        "id": reading.digest,
        "kind": reading.kind.id.lower(),
        "period": f"{reading.periods[0]}-{reading.periods[-1]}",
    }
    row |= {"area": COUNTRY, "day": today.isoformat(), "note": json.dumps(note, ensure_ascii=False)}
    connection.execute(delete(db.taken).where(db.taken.c.id == reading.digest))
    connection.execute(insert(db.taken), [row])


# --- what pages read ----------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """All official figures at one moment."""

    cells: dict[str, dict[str, dict[str, dict[str, int | None]]]] = field(default_factory=dict)
    """Table -> period -> area -> row -> number."""
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    """Table -> row -> what Statistics Denmark calls it."""
    days: dict[tuple[str, str], date] = field(default_factory=dict)
    """(table, period) -> when the file was taken in."""

    def years(self, table: str) -> list[int]:
        """The years that a table has figures of, the oldest first."""
        return sorted({int(when[:4]) for when in self.cells.get(table, ())})

    def number(self, table: str, year: int, area: str, row: str = ALL) -> int | None:
        """A figure of a year; None where there is none, or none is published."""
        return self.cells.get(table, {}).get(str(year), {}).get(area, {}).get(row)

    def rows(self, table: str, year: int, area: str) -> dict[str, int | None]:
        """The parts of a figure by row, without their sum."""
        found = self.cells.get(table, {}).get(str(year), {}).get(area, {})
        return {row: n for row, n in found.items() if row != ALL}

    def counted(self, year: int) -> str | None:
        """The quarter on whose first day the children of a year were counted: the first, else the latest there is."""
        quarters = sorted(when for when in self.cells.get("folk1a", ()) if when.startswith(f"{year}K"))
        return next((when for when in quarters if when.endswith("K1")), quarters[-1] if quarters else None)

    def children(self, year: int, area: str) -> int | None:
        """Children of 0-17 years who live in an area."""
        when = self.counted(year)
        return self.cells["folk1a"][when].get(area, {}).get(ALL) if when else None

    def rate(self, table: str, year: int, area: str, row: str = ALL) -> float | None:
        """A figure per 1,000 children of 0-17 years who live there; None where either is missing."""
        n, children = self.number(table, year, area, row), self.children(year, area)
        return None if n is None or not children else 1_000 * n / children

    def together(self, table: str, year: int, areas: Iterable[str]) -> tuple[int | None, float | None]:
        """The sum of areas, and per 1,000 of the sum of their children: never a mean of rates."""
        named = list(areas)
        numbers = [self.number(table, year, area) for area in named]
        children = [self.children(year, area) for area in named]
        n = None if None in numbers else sum(one or 0 for one in numbers)
        of = 0 if None in children else sum(one or 0 for one in children)
        return n, None if n is None or not of else 1_000 * n / of


class Official(Held[Figures]):
    """Hands the figures out, for one process."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(engine, _stamp, _read, clock)

    def now(self) -> Figures:
        """The figures as they are; those read before, or none, when the database cannot be read."""
        try:
            return super().now()
        except (db.DatabaseError, db.NewerDatabase):
            return Figures()


def _taken(connection: Connection) -> Sequence[Any]:
    return connection.execute(select(db.taken).where(db.taken.c.kind.in_(_TABS)).order_by(db.taken.c.day)).all()


def _stamp(connection: Connection) -> object:
    return sorted((one.id, one.day) for one in _taken(connection))


def _read(connection: Connection) -> Figures:
    return _figures(_taken(connection), connection.execute(select(db.official)))


def _figures(taken: Iterable[Any], rows: Iterable[Any]) -> Figures:
    found, days = Figures(), dict[str, date]()
    for file in taken:
        days[file.id] = date.fromisoformat(file.day)
        labels = json.loads(file.note).get("labels", {})
        found.labels.setdefault(file.kind, {}).update(labels)
    for row in rows:
        area, _, name = row.cell.partition("/")
        areas = found.cells.setdefault(row.tab, {}).setdefault(row.period, {})
        areas.setdefault(area, {})[name] = row.n
        if row.taken in days:
            found.days[row.tab, row.period] = days[row.taken]
    return found
