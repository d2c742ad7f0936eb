"""Which periods are over for good, and where a fact that comes too late is counted instead.

A quarter is frozen when it was released, or in an installation of one kommune when it was exported; with the fourth
quarter its year is. What was told of it then never changes. A fact that waited in a spool meanwhile is counted in the
period of the same kind that is open now. Not here: when a period may be released (`guide/statistics/periods.py`).
"""

from __future__ import annotations

import re

from sqlalchemy import Connection, func, select, text

from guide import db
from guide.usage.counters import Periods

EXPORT = "export"
"""`taken.kind` of what this installation handed over itself."""

_PERIOD = re.compile(r"(\d{4})(?:K([1-4])|M(\d\d))?")


def newest(connection: Connection) -> str:
    """The newest frozen quarter, as 2026K4; empty when there is none. Raises DatabaseError.

    Quarters and years sort as text. On PostgreSQL, waits for who freezes (`hold`), and makes them wait.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock_shared(8001)"))
    released = select(func.max(db.release.c.period))
    exported = select(func.max(db.taken.c.period)).where(db.taken.c.kind == EXPORT)
    return max(found or "" for found in connection.scalars(released.union_all(exported)))


def hold(connection: Connection) -> None:
    """Nobody else drains, imports, exports or releases until this transaction ends. Called before counters are read.

    A transaction of SQLite here is alone as it is (`BEGIN IMMEDIATE`). Raises DatabaseError.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(8001)"))


def frozen(period: str, newest: str) -> bool:
    """Whether a year, quarter or month of counters lies within or before the newest frozen quarter. Days never do."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        return False
    year, quarter, month = found.groups()
    last = quarter or ((int(month) + 2) // 3 if month else 4)
    return f"{year}K{last}" <= newest


def open_period(period: str, newest: str, now: Periods) -> str:
    """Where a fact of `period` is counted: there, or when that is frozen in the open period of the same kind.

    That is the one of `now`; where a clock goes wrong and that is frozen too, the first one after.
    """
    if not frozen(period, newest):
        return period
    kind = len(period)  # 2026, 2026K4 and 2026M11 differ in it
    open_now = {len(name): name for name in (now.year, now.quarter, now.month)}[kind]
    return max(open_now, _after(newest)[kind])


def _after(quarter: str) -> dict[int, str]:
    """The first year, quarter and month that begin after this quarter, by the length of their names."""
    year, number = int(quarter[:4]), int(quarter[5])
    over, quarters = divmod(number, 4)
    names = (f"{year + over}", f"{year + over}K{quarters + 1}", f"{year + over}M{3 * quarters + 1:02}")
    return {len(name): name for name in names}
