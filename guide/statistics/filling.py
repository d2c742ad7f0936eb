"""An empty database that is filled with the example: what is refused, the mark, the counters. Releases: `release.py`.

A database is of one kind for good: either all in it is made up and it is marked, or nothing is. The mark goes in first
and in one transaction with the counters, so there is no moment at which made-up counters stand without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, insert, select, text

from guide import db
from guide.statistics.example import Cells
from guide.statistics.periods import Period

_HELD: dict[str, Table] = {
    "tal fra rigtige forløb": db.counter,
    "offentliggjorte tal": db.release,
    "officielle tal": db.official,
    "tal, der er hentet ind fra filer": db.taken,
}
"""What a real database may hold, in Danish."""


class NotEmpty(Exception):
    """The database is no place for an example. The message is Danish; nothing was changed."""


@dataclass(frozen=True)
class Made:
    """What an example was made from."""

    seed: int
    years: tuple[int, ...]

    def __str__(self) -> str:
        """As the mark holds it: 8/2024/2025."""
        return "/".join(map(str, (self.seed, *self.years)))

    @property
    def quarters(self) -> list[Period]:
        """The quarters it has counters of, the oldest first."""
        return [quarter for year in self.years for quarter in Period(year).quarters]


def made(engine: Engine) -> Made | None:
    """What the example in a database was made from; None when it holds none. Prepares the database.

    Raises NewerDatabase and DatabaseError.
    """
    db.prepare(engine)
    with engine.connect() as connection:
        return _made(connection)


def _made(connection: Connection) -> Made | None:
    value = connection.scalar(select(db.mark.c.value).where(db.mark.c.name == db.EXAMPLE))
    if value is None:
        return None
    try:
        seed, *years = map(int, value.split("/"))
    except ValueError as error:
        raise NotEmpty("Databasen har eksempeldata, som denne udgave af guiden ikke kender.") from error
    return Made(seed, tuple(years))


def look(engine: Engine, spool: Path) -> None:
    """Whether an example may come here. Raises NotEmpty, NewerDatabase and DatabaseError."""
    db.prepare(engine)
    with engine.connect() as connection:
        _empty(connection, spool)


def _empty(connection: Connection, spool: Path) -> None:
    for held, table in _HELD.items():
        if connection.execute(select(table).limit(1)).first():
            raise NotEmpty(f"Databasen har {held}. Eksempeldata kommer kun i en tom database.")
    if any(path.stat().st_size for pattern in ("*.open", "*.closed") for path in spool.glob(pattern)):
        raise NotEmpty(f"Der venter rigtige tal i {spool}. Vælg en anden mappe med GUIDE_DATA.")


def fill(engine: Engine, spool: Path, what: Made, cells: Cells) -> None:
    """Mark an empty database as an example, and put the counters in. All or nothing.

    Raises NotEmpty, NewerDatabase and DatabaseError.
    """
    db.prepare(engine)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # nobody counts between the look and the mark
            connection.execute(text("lock table counter in share row exclusive mode"))
        _empty(connection, spool)
        connection.execute(insert(db.mark), [{"name": db.EXAMPLE, "value": str(what)}])
        rows = [dict(zip(("period", "tab", "cell"), key, strict=True), n=n) for key, n in sorted(cells.items())]
        connection.execute(insert(db.counter), rows)
    db.tidy(engine)


def released(engine: Engine) -> set[str]:
    """The quarters that were released, as the log writes them. Raises DatabaseError."""
    with engine.connect() as connection:
        return set(connection.scalars(select(db.release.c.period)))
