"""Where sessions are while they live: three tables of their own, apart from everything that is counted.

On SQLite they are a file of their own in GUIDE_DATA, so that no copy of the counters has them; on PostgreSQL tables
that its log never sees (UNLOGGED): a crash of the server ends the sessions. A session is gone LONGEST seconds after it
began, or when the trainer ends it; then its rows are, and with the last one all that SQLite's files still held.
Nothing is known of a phone but a random key, hashed, and the faggruppe it chose. Not here: what a session may do
(`session.py`), and what is told of votes (`tally.py`).
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from guide import db
from guide.training import votes
from guide.training.codes import fits, hashed, new_code, new_secret
from guide.training.gate import Gate
from guide.training.session import LONGEST, Session, Stage, read, written
from guide.training.votes import PASSED, Vote

FILE = "rooms.sqlite"
"""The file of sessions in GUIDE_DATA."""

MOST = 200
"""Sessions that can live at once; anybody can begin one, so there must be an end."""

SEATS = 500
"""Phones in one session at most."""

IDLE = 30 * 60
"""Seconds after which a session that nobody joined gives way, when there are no more."""

SWEEP = 60.0
"""Seconds between two looks for sessions that are over."""

POOL = 4
"""Connections that a process keeps: a phone that asks must not start one."""

log = logging.getLogger("guide")

tables = MetaData()

_session = Table(
    "training_session",
    tables,
    Column("code", Text, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)

_seat = Table(
    "training_seat",
    tables,
    Column("code", Text, primary_key=True),
    Column("seat", Text, primary_key=True),
    Column("faggruppe", Text, nullable=False),
    sqlite_with_rowid=False,
)

_vote = Table(
    "training_vote",
    tables,
    Column("code", Text, primary_key=True),
    Column("seat", Text, primary_key=True),  # before the round: phones ask for their own, and ask often
    Column("round", Integer, primary_key=True),
    Column("vote", Text, nullable=False),
    sqlite_with_rowid=False,
)

_SEEN = (
    select(_session.c.state, _seat.c.faggruppe, _vote.c.round, (_vote.c.vote == PASSED).label("passed"))
    .select_from(_session)
    .outerjoin(_seat, (_seat.c.code == _session.c.code) & (_seat.c.seat == bindparam("key")))
    .outerjoin(_vote, (_vote.c.code == _session.c.code) & (_vote.c.seat == bindparam("key")))
    .where(_session.c.code == bindparam("of"), _session.c.ends > bindparam("now"))
)
"""What a phone sees, a row for each of its answers. Made once: to make it takes longer than to ask."""


class Full(Exception):
    """No more sessions, or no more phones in this one."""


class Sealed(Exception):
    """The trainer lets no phone in any more."""


class Gone(Exception):
    """There is no such session, or it is over."""


@dataclass(frozen=True)
class State:
    """A session as it is now.

    `version` grows with what the trainer does; `seats`: phones; by round, `answered`: votes, and `done`: those and the
    seats that passed.
    """

    session: Session
    version: int
    seats: int
    answered: dict[int, int]
    done: dict[int, int]

    @property
    def stamp(self) -> str:
        """Another one whenever anything on the wall could be another."""
        return f"{self.version}-{self.seats}-{sum(self.done.values())}"


class Store:
    """Sessions, seats and votes, for one process and its threads. Opens nothing before it is asked."""

    def __init__(self, data: Path, url: str | None, clock: Callable[[], float] = time.time) -> None:
        self._data, self._file, self._clock = data, data / FILE, clock
        self._url = url if url and not url.startswith("sqlite") else None
        self._untidy = self._url is not None  # somebody may have been killed between deleting and tidying
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._left = getattr(self, "_engines", None)  # of the parent: closed here, SQLite's log would go from under it
        self._lock = threading.Lock()
        self._sweeper: threading.Thread | None = None
        self._engines: tuple[Engine, Engine] | None = None
        self._gate = Gate()

    # What a trainer does

    def create(self, session: Session) -> tuple[str, str]:
        """A session begins: its code, and the trainer's secret. Raises Full."""
        self._prepare()
        secret, now = new_secret(), self._now()
        with self._write() as connection:
            _purge(connection, now)
            count = select(func.count()).select_from(_session)
            if (connection.scalar(count) or 0) >= MOST:
                left = _session.c.ends <= now + LONGEST - IDLE, _session.c.code.not_in(select(_seat.c.code))
                _delete(connection, list(connection.scalars(select(_session.c.code).where(*left))))
                self._untidy = True
            if (connection.scalar(count) or 0) >= MOST:
                raise Full
            code = new_code()
            while connection.scalar(select(_session.c.code).where(_session.c.code == code)):
                code = new_code()
            row = {"code": code, "secret": hashed(secret), "version": 1, "state": written(session)}
            connection.execute(_session.insert(), [row | {"ends": min(session.ends, now + LONGEST)}])
        self.watch()
        return code, secret

    def led_by(self, code: str, secret: str) -> bool:
        """Whether this is the secret of a living session."""
        kept = None
        with suppress(Gone), self._read() as connection:
            kept = connection.scalar(select(_session.c.secret).where(*self._alive(code)))
        return kept is not None and fits(secret, kept)

    def change(self, code: str, act: Callable[[Session], Session]) -> Session:
        """A session goes on. Raises Gone, and what `act` does."""
        with self._write() as connection:
            row = connection.execute(
                select(_session.c.state, _session.c.version).where(*self._alive(code)).with_for_update()
            ).one_or_none()
            if row is None:
                raise Gone
            after = act(read(row.state))
            values = {"state": written(after), "version": row.version + 1}
            connection.execute(update(_session).where(_session.c.code == code).values(values))
        return after

    def end(self, code: str) -> None:
        """A session and all that belongs to it goes."""
        with self._write() as connection:
            _delete(connection, [code])
        self._tidy()

    # What a phone does

    def join(self, code: str, seat: str, group: str) -> None:
        """A phone takes its seat, with its faggruppe; another one than before only until it has answered.

        Raises Gone, Full and, for a phone that was not in before, Sealed.
        """
        mine = (_seat.c.code == code, _seat.c.seat == hashed(seat))
        with self._write() as connection:
            state = connection.scalar(select(_session.c.state).where(*self._alive(code)).with_for_update())
            if state is None:
                raise Gone
            said = (_vote.c.code == code, _vote.c.seat == hashed(seat), _vote.c.vote != PASSED)
            if connection.scalar(select(_vote.c.seat).where(*said).limit(1)):
                return
            known = connection.execute(update(_seat).where(*mine).values(faggruppe=group)).rowcount
            if not known:
                if read(state).sealed:
                    raise Sealed
                if (connection.scalar(select(func.count()).where(_seat.c.code == code)) or 0) >= SEATS:
                    raise Full
                connection.execute(_seat.insert(), [{"code": code, "seat": hashed(seat), "faggruppe": group}])

    def vote(self, code: str, number: int, seat: str, vote: Vote | None) -> bool:
        """A seat answers a round, answers anew or, with None, passes; False when it takes no answers. Raises Gone."""
        with self._write() as connection:
            state = connection.scalar(select(_session.c.state).where(*self._alive(code)).with_for_update(read=True))
            if state is None:
                raise Gone
            rounds = read(state).rounds
            if not 0 <= number < len(rounds) or rounds[number].stage is not Stage.open:
                return False
            kind = postgresql if connection.dialect.name == "postgresql" else sqlite
            row = {"code": code, "round": number, "seat": hashed(seat), "vote": votes.written(vote)}
            put = kind.insert(_vote).values(row)
            connection.execute(
                put.on_conflict_do_update(index_elements=["code", "round", "seat"], set_={"vote": put.excluded.vote})
            )
        return True

    # What pages ask

    def state(self, code: str) -> State:
        """A session as it is now. Raises Gone."""
        with self._read() as connection:
            row = connection.execute(
                select(_session.c.state, _session.c.version).where(*self._alive(code))
            ).one_or_none()
            if row is None:
                raise Gone
            seats = connection.scalar(select(func.count()).where(_seat.c.code == code)) or 0
            said = func.sum(case((_vote.c.vote != PASSED, 1), else_=0))
            rounds = connection.execute(
                select(_vote.c.round, func.count(), said).where(_vote.c.code == code).group_by(_vote.c.round)
            ).all()
            answered = {number: int(n) for number, _, n in rounds if n}
            return State(read(row.state), row.version, seats, answered, {number: n for number, n, _ in rounds})

    def seen_from(self, code: str, seat: str) -> tuple[Session, str | None, set[int], set[int]]:
        """A session as one phone sees it: its faggruppe or None, the rounds it has answered, and those it passed.

        Raises Gone.
        """
        with self._read() as connection:
            rows = connection.execute(_SEEN, {"of": code, "key": hashed(seat), "now": self._now()}).all()
        if not rows:
            raise Gone
        answered, passed = ({row.round for row in rows if row.passed is way} for way in (False, True))
        return read(rows[0].state), rows[0].faggruppe, answered, passed

    def votes(self, code: str, number: int) -> list[Vote]:
        """The votes of a round, in an order that tells nothing."""
        with self._read() as connection:
            found = connection.scalars(
                select(_vote.c.vote).where(_vote.c.code == code, _vote.c.round == number, _vote.c.vote != PASSED)
            )
            return sorted((votes.read(one) for one in found), key=repr)

    # What is over

    def purge(self) -> int:
        """Sessions that are over go, and what SQLite's files still held of them. Returns how many went."""
        if not self._made():
            return 0
        with self._write() as connection:
            gone = _purge(connection, self._now())
            left = connection.scalar(select(func.count()).select_from(_session))
        if gone or self._untidy or (not left and self._logged()):
            self._tidy()
        return gone

    def watch(self) -> None:
        """From now on sessions that are over go by themselves, as long as this process lives."""
        if self._sweeper is not None or (self._url is None and not self._file.exists()):
            return
        with self._lock:
            if self._sweeper is None:
                self._sweeper = threading.Thread(target=self._sweep, name="rooms", daemon=True)
                self._sweeper.start()

    def _sweep(self) -> None:
        while True:
            with suppress(db.DatabaseError):  # away: the next look tries again
                self._made()
                try:
                    self.purge()
                except db.DatabaseError as error:
                    log.error("%s when sessions that are over were looked for", type(error).__name__)
            time.sleep(SWEEP)

    def _made(self) -> bool:
        """Whether a session was ever kept here. Raises DatabaseError when the database is away."""
        if self._url is None and not self._file.exists():
            return False
        with self._gate.connected(self._pair()[1]) as connection:
            return inspect(connection).has_table(_session.name)

    def _tidy(self) -> None:
        """What was deleted is in no file any more: SQLite's pages are written anew and its log emptied."""
        writer, _ = self._pair()
        if writer.dialect.name == "sqlite":
            db.tidy(writer)
            self._untidy = self._logged()  # somebody was reading: the next look tries again
        else:
            self._untidy = True
            with suppress(db.DatabaseError), writer.connect().execution_options(isolation_level="AUTOCOMMIT") as one:
                for table in tables.sorted_tables:  # FULL: else what was deleted stays in pages that others still use
                    one.execute(text(f"VACUUM FULL {table.name}"))
                self._untidy = False

    def _logged(self) -> bool:
        """Whether SQLite's log holds anything."""
        log = self._file.with_name(f"{FILE}-wal")
        return self._url is None and log.exists() and log.stat().st_size > 0

    # The database

    def _prepare(self) -> None:
        with self._write() as connection:
            if connection.dialect.name == "postgresql":  # two hosts may begin at once
                connection.execute(text("select pg_advisory_xact_lock(8001)"))
            fresh = not inspect(connection).has_table(_session.name)
            tables.create_all(connection)
            if fresh and connection.dialect.name == "postgresql":
                for table in tables.sorted_tables:  # no statistics: PostgreSQL would keep examples of values in them
                    off = ", ".join(f"ALTER COLUMN {column.name} SET STATISTICS 0" for column in table.columns)
                    connection.execute(text(f"ALTER TABLE {table.name} SET UNLOGGED"))
                    connection.execute(text(f"ALTER TABLE {table.name} {off}"))

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._gate.connected(self._pair()[0]) as connection, connection.begin():
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """Raises Gone where no session was ever kept."""
        try:
            with self._gate.connected(self._pair()[1]) as connection:
                yield connection
        except db.DatabaseError:
            if self._made():
                raise
            raise Gone from None

    def _pair(self) -> tuple[Engine, Engine]:
        """One engine that writes, one that only reads; made in the process that uses them."""
        if self._engines is None:
            with self._lock:
                self._engines = self._engines or db.kept(self._url, self._data, FILE, POOL)
        return self._engines

    def _alive(self, code: str) -> tuple[Any, ...]:
        return _session.c.code == code, _session.c.ends > self._now()

    def _now(self) -> int:
        return int(self._clock())


def _purge(connection: Connection, now: int) -> int:
    over = list(connection.scalars(select(_session.c.code).where(_session.c.ends <= now)))
    _delete(connection, over)
    return len(over)


def _delete(connection: Connection, codes: list[str]) -> None:
    for table in (_vote, _seat, _session):
        connection.execute(delete(table).where(table.c.code.in_(codes)))
