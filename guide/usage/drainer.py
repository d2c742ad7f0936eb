"""The drainer: adds closed segments to the counters, once each, and takes them away.

A pass holds a lock of the spool, so one process of a host drains at a time, and `guide stats` can too. The sums,
the hashes and the segment ids go in by one transaction; only then is a segment unlinked. So a crash anywhere
counts nothing twice and loses nothing. Facts go in sorted by their random hashes: neither the database nor its
log shows in which order a walk met them, and two hosts that meet the same rows take them in the same order.
A fact of a period that is over for good is counted in the one that is open (`frozen.py`).
"""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from guide import db
from guide.usage.counters import COPENHAGEN, periods
from guide.usage.facts import TORN, Fact, Sealer
from guide.usage.frozen import newest, open_period

BATCH = 500
"""Hashes looked up in one statement."""

AT_ONCE = 2_000_000
"""Bytes of segments in one transaction, and so in memory: some ten thousand facts."""

STRAY = 60
"""Seconds after which a segment that never got its name is a leftover of a process that died."""

SEGMENT_DAYS = 30
"""How long a counted segment is remembered: a file that comes back, as from a backup, is not counted again."""

SEEN_DAYS = 1
"""Whole days that `seen` outlives the day it was written: a walk lasts 12 hours at most."""

log = logging.getLogger("guide")


class Busy(Exception):
    """Another process is draining this spool now."""


@dataclass
class Contents:
    """What stood in one segment: facts, and the number of lines that nobody can read."""

    id: str
    path: Path
    facts: list[Fact] = field(default_factory=list)
    unreadable: int = 0
    whole: int = 0
    """Lines that were written to their end."""

    @property
    def foreign(self) -> bool:
        """Nothing could be read and something was written: another key, so it is left for the right one."""
        return bool(self.whole and not self.facts)


class Drainer:
    """Drains one spool into one database. Not for use by two threads at once."""

    def __init__(
        self,
        folder: Path,
        sealer: Sealer,
        engine: Engine,
        clock: Callable[[], float] = time.time,
        *,
        scoped: bool = False,
    ) -> None:
        """`scoped`: an installation of one kommune, whose operations are told by quarter and not by day."""
        self.folder, self._sealer, self._engine, self._clock, self._scoped = folder, sealer, engine, clock, scoped
        self._purged = ("", 0)
        """The day of the last purge, and how many days it left."""

    def drain(self) -> int:
        """One pass: the number of facts that came into the counters.

        Raises Busy, SQLAlchemyError, guide.db.NewerDatabase and OSError; everything not counted stays in the spool.
        """
        if not self.folder.is_dir():
            return 0
        with self._only():
            done, left = 0, True
            self._adopt()
            while left:
                contents, left = self._read()
                if contents:
                    done += self._count(contents)
            self._purge()
        return done

    @contextmanager
    def _only(self) -> Iterator[None]:
        descriptor = os.open(self.folder / "drain.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Busy from error
        finally:
            os.close(descriptor)

    def _adopt(self) -> None:
        """Close the segments whose process is gone: those whose lock is free. Never by pid, which is used again."""
        for path in [*self.folder.glob("*.open"), *self.folder.glob("*.new")]:
            with suppress(OSError):
                if path.suffix == ".new" and time.time() - path.stat().st_mtime < STRAY:
                    continue  # just made, and not locked yet
                descriptor = os.open(path, os.O_RDONLY)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if os.fstat(descriptor).st_ino == path.stat().st_ino:  # not closed and renamed meanwhile
                        path.rename(path.with_suffix(".closed"))
                finally:
                    os.close(descriptor)

    def _read(self) -> tuple[list[Contents], bool]:
        """The next closed segments, and whether there are more. Those under another key are left where they are."""
        found, size = list[Contents](), 0
        for path in self._closed():
            if size > AT_ONCE:
                return found, True
            with suppress(OSError):  # one that the disk cannot give holds nobody up; `findings` tells of it
                contents = read_segment(path, self._sealer)
                if not contents.foreign:
                    found.append(contents)
                    size += path.stat().st_size
        return found, False

    def _closed(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.closed") if path.is_file())

    def _count(self, segments: list[Contents]) -> int:
        """Add segments to the counters in one transaction, then unlink them."""
        filled = [s for s in segments if s.facts or s.unreadable]
        done = 0
        if filled:
            db.prepare(self._engine)
            with self._engine.begin() as connection:
                done = self._apply(connection, filled)
            db.tidy(self._engine)
        for one in segments:
            one.path.unlink(missing_ok=True)
        return done

    def _apply(self, connection: Connection, segments: list[Contents]) -> int:
        ids = [s.id for s in segments]
        known = set(connection.scalars(select(db.segment.c.id).where(db.segment.c.id.in_(ids))))
        fresh = [s for s in segments if s.id not in known]
        if not fresh:
            return 0
        at, today = periods(self._clock()), _date(self._clock())
        facts = [fact for s in fresh for fact in s.facts]
        by_hash = {fact.hash: fact for fact in reversed(facts)}
        new = self._new(connection, sorted(by_hash))
        over, sums = newest(connection), Counter[tuple[str, str, str]]()
        for digest in new:
            fact = by_hash[digest]
            sums[open_period(fact.period, over, at), fact.tab, fact.cell] += fact.n
        counted = sum(n for (_, tab, _), n in sums.items() if tab != "operations")
        for cell, n in (
            ("counted", counted),
            ("repeated", len(facts) - len(new)),
            ("unreadable", sum(s.unreadable for s in fresh)),
        ):
            sums[at.quarter if self._scoped else at.day, "operations", cell] += n
        add(connection, sums)
        _insert(connection, db.seen, [{"hash": digest, "day": today} for digest in new])
        _insert(connection, db.segment, [{"id": s.id, "day": today} for s in fresh])
        return counted

    @staticmethod
    def _new(connection: Connection, digests: list[bytes]) -> list[bytes]:
        """The hashes that were not counted before."""
        known = set[bytes]()
        for start in range(0, len(digests), BATCH):
            batch = digests[start : start + BATCH]
            known |= {bytes(d) for d in connection.scalars(select(db.seen.c.hash).where(db.seen.c.hash.in_(batch)))}
        return [digest for digest in digests if digest not in known]

    def _purge(self) -> None:
        """Once a day: forget the hashes and segments that nothing can come back to.

        While something waits, as a segment under a lost key, hashes stay as long as segments do, and no longer.
        """
        days = SEGMENT_DAYS if self._closed() else SEEN_DAYS
        purge = (_date(self._clock()), days)
        if self._purged == purge:
            return
        db.prepare(self._engine)
        with self._engine.begin() as connection:
            connection.execute(delete(db.seen).where(db.seen.c.day < _date(self._clock(), days)))
            connection.execute(delete(db.segment).where(db.segment.c.day < _date(self._clock(), SEGMENT_DAYS)))
        db.tidy(self._engine)
        self._purged = purge


def read_segment(path: Path, sealer: Sealer) -> Contents:
    """What stands in a segment. Raises OSError."""
    contents = Contents(path.stem, path)
    *lines, rest = path.read_bytes().split(b"\n")
    contents.unreadable = int(rest != b"")  # its writer dropped it, with count, or never answered for it
    for line in lines:
        torn = line.endswith(TORN)
        contents.whole += not torn
        fact = None if torn else sealer.fact(line, contents.id)
        if fact is None:
            contents.unreadable += 1
        else:
            contents.facts.append(fact)
    return contents


def _date(now: float, days_before: int = 0) -> str:
    """The date in Copenhagen as 2026-11-22, which sorts as time does."""
    return (datetime.fromtimestamp(now, COPENHAGEN) - timedelta(days=days_before)).date().isoformat()


def add(connection: Connection, sums: Counter[tuple[str, str, str]]) -> None:
    """Add sums to their cells (period, tab, cell), in the order of the cells. Raises DatabaseError."""
    postgres = connection.dialect.name == "postgresql"
    statement = postgresql.insert(db.counter) if postgres else sqlite.insert(db.counter)
    statement = statement.on_conflict_do_update(
        index_elements=["period", "tab", "cell"], set_={"n": db.counter.c.n + statement.excluded.n}
    )
    rows = [{"period": p, "tab": t, "cell": c, "n": n} for (p, t, c), n in sorted(sums.items()) if n]
    if rows:
        connection.execute(statement, rows)


def _insert(connection: Connection, table: object, rows: Iterable[dict[str, object]]) -> None:
    if rows := list(rows):
        connection.execute(insert(table), rows)  # type: ignore[arg-type]
