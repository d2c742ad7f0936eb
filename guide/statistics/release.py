"""A release: what must hold before it, what is read of the database, and writing it in one transaction.

The audit takes long, so no lock is held over it: what was read is read again under the lock, and when it changed
meanwhile all is made anew. Not here: what a release consists of (`settling.py`), who reads it (`published.py`), and the
words of the command (`guide/cli/publishing.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, select

import guide
from guide import db
from guide.library.library import Library
from guide.statistics.fallback import Stuck, counted
from guide.statistics.periods import Period, period, too_early
from guide.statistics.published import Release
from guide.statistics.settling import Made, cells_of, known, settled
from guide.statistics.sums import Counters, Ground, ground
from guide.statistics.tables import Cell, Key, Status, catalogue
from guide.usage import frozen
from guide.usage.exchange import apart

if TYPE_CHECKING:
    from guide.statistics.audit import Audit

# What others build on is found here, wherever it is written.
__all__ = [
    "Counters", "Draft", "Ground", "Made", "Refused", "cells_of", "digest_of", "drafted", "ground", "intact",
    "known", "publish", "settled", "timely",
]  # fmt: skip

TRIES = 3
"""How often a release is made anew because the counters moved while it was audited."""


class Refused(Exception):
    """A release that cannot be made. The message is Danish and says what to do; nothing was changed."""


@dataclass(frozen=True)
class _Read:
    """What a release is made of, as it stands in the database."""

    counters: Counters
    """Of the calendar year."""
    waiting: tuple[Period, ...]
    """Quarters with counters, the oldest first."""
    released: tuple[Period, ...]
    earlier: tuple[Cell, ...]
    """What was published of the calendar year."""
    apart: frozenset[str]


@dataclass(frozen=True)
class Draft:
    """A release that could be written now."""

    quarter: Period
    made: Made
    log: Mapping[str, object]
    digest: str
    read: _Read


def digest_of(cells: Sequence[Cell]) -> str:
    """The hash of all cells of a release, in the order of their keys."""
    lines = sorted(f"{c.key.table};{c.key.period};{c.key.cell};{'' if c.n is None else c.n};{c.status}" for c in cells)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def drafted(
    engine: Engine, library: Library, quarter: Period, today: date, *, from_here: bool = False,
    auditor: Callable[..., Audit] | None = None,
) -> Draft:  # fmt: skip
    """A release as it would be, with nothing written. `from_here`: earlier quarters are never to be published.

    Raises Refused, NoSolver, NewerDatabase and DatabaseError.
    """
    timely(quarter, today)
    if not library.geography.areas or not library.flows:
        raise Refused("Indholdet har ingen kommuner eller ingen flow. Uden dem kan intet udgives.")
    intact(engine)
    with engine.connect() as connection:
        read = _read(connection, quarter)
    _in_turn(read, quarter, from_here)
    stands, auditor = ground(library, read.apart), auditor or _auditor()
    try:
        made = settled(read.counters, quarter, stands, read.earlier, lambda cells: auditor(cells, known(stands, cells)))
    except Stuck as error:
        raise Refused(
            f"Revisionen kan ikke godkende {quarter}: noget, der er skjult, kan regnes ud af det, der før er udgivet."
        ) from error
    return Draft(quarter, made, _log(made, library), digest_of(made.cells), read)


def publish(
    engine: Engine, library: Library, quarter: Period, by: str, today: date, *, from_here: bool = False,
    auditor: Callable[..., Audit] | None = None,
) -> Release:  # fmt: skip
    """Make a release and write it in one transaction. The same counters give the same figures and digest.

    Whoever calls has drained the spool. Raises Refused, NoSolver, NewerDatabase and DatabaseError: nothing is changed.
    """
    for _ in range(TRIES):
        draft = drafted(engine, library, quarter, today, from_here=from_here, auditor=auditor)
        with engine.begin() as connection:
            frozen.hold(connection)
            now = _read(connection, quarter)
            _in_turn(now, quarter, from_here)
            if now == draft.read:
                return _write(connection, draft, by, today)
    raise Refused("Tællerne ændrer sig, mens udgivelsen bliver lavet. Prøv igen om lidt. Intet er ændret.")


def _auditor() -> Callable[..., Audit]:
    from guide.statistics.audit import Auditor  # and with it the solver, which only a release needs

    return Auditor()


def timely(quarter: Period, today: date) -> None:
    """Raises Refused for a period that cannot be released at all, or not yet."""
    if quarter.quarter is None:
        raise Refused(f"Man udgiver et kvartal ad gangen, fx {quarter.year}Q4. Året bliver udgivet sammen med det.")
    if not quarter.closed(today):
        raise Refused(too_early(quarter))


def intact(engine: Engine) -> None:
    """The database is one of ours with all its tables. Raises Refused, NewerDatabase and DatabaseError."""
    db.prepare(engine)
    with engine.connect() as connection:
        if missing := db.missing(connection):
            raise Refused(f"{db.without(missing)} Intet er ændret.")


def _read(connection: Connection, quarter: Period) -> _Read:
    year = f"{quarter.year}%"
    counters = connection.execute(select(db.counter).where(db.counter.c.period.like(year)))
    periods = connection.scalars(select(db.counter.c.period).where(db.counter.c.tab != "operations").distinct())
    released = connection.scalars(select(db.release.c.period))
    figures = connection.execute(select(db.figure).where(db.figure.c.period.like(year)))
    return _Read(
        {(row.period, row.tab, row.cell): row.n for row in counters if row.tab != "operations"},
        tuple(sorted({of for name in periods if (of := _quarter(name))})),
        tuple(sorted(map(period, released))),
        tuple(Cell(Key(f.tab, f.period, *f.cell.split("/")), f.n, Status(f.status)) for f in figures),
        apart(connection, quarter.year),
    )


def _quarter(name: str) -> Period | None:
    """The quarter of a month or a quarter of counters; None for a year."""
    year, _, month = name.partition("M")
    if month.isdecimal():
        return Period(int(year), (int(month) + 2) // 3)
    return period(name) if "K" in name else None


def _in_turn(read: _Read, quarter: Period, from_here: bool) -> None:
    """Raises Refused when it is not this quarter's turn."""
    if quarter in read.released:
        raise Refused(f"{quarter} er allerede udgivet. Det, der er udgivet, bliver aldrig ændret.")
    newest = max(read.released, default=None)
    if newest and quarter < newest:
        raise Refused(f"{newest} er udgivet, så {quarter} kan ikke udgives mere.")
    if quarter not in read.waiting:
        raise Refused(f"Der er ingen tal for {quarter}. Er det den rigtige database? Se dem med «guide stats».")
    before = [of for of in read.waiting if of < quarter and of not in read.released and (not newest or of > newest)]
    if before and not (from_here and not newest):
        said = f"{', '.join(map(str, before))} er ikke udgivet. Udgiv i rækkefølge, det ældste først."
        raise Refused(said if newest else f"{said} Eller begynd her med --from-here; så bliver det aldrig udgivet.")


def _log(made: Made, library: Library) -> dict[str, object]:
    """What the release log keeps of how it went."""
    figures = {name: value for name, value in asdict(made.audit).items() if isinstance(value, int | float | str)}
    figures = {name: value for name, value in figures.items() if not isinstance(value, float) or isfinite(value)}
    return {
        **figures,
        "narrowest": made.audit.narrowest,
        "rounds": made.rounds,
        "withheld": [str(part) for part in made.withheld],
        "withheld-counts": counted(made.withheld),
        "counts": made.counts,
        "guide": guide.__version__,
        "content": library.digest,
    }


def _write(connection: Connection, draft: Draft, by: str, today: date) -> Release:
    name, rules = str(draft.quarter), catalogue()
    audit_log = json.dumps(draft.log, ensure_ascii=False, sort_keys=True)
    row = {"period": name, "day": today.isoformat(), "by": by, "catalogue": rules}
    connection.execute(insert(db.release), [row | {"digest": draft.digest, "audit": audit_log}])
    figures = [
        {
            "tab": c.key.table,
            "period": c.key.period,
            "cell": c.key.cell,
            "release": name,
            "n": c.n,
            "status": str(c.status),
        }
        for c in draft.made.cells
    ]
    connection.execute(insert(db.figure), figures)
    return Release(draft.quarter, today, by, rules, draft.digest, draft.log)
