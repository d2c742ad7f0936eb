"""The database: engine, tables, and how a database becomes one of ours. What is counted is decided in `usage`.

No table has a row about a person or a walk. Three are written while the guide runs: sums, hashes that keep a fact from
being counted twice, and the segments already counted. The others are written by commands: releases and their figures,
official figures, what was taken in from files, and marks. SQLite in GUIDE_DATA by default, PostgreSQL by URL for
several hosts.
"""

from __future__ import annotations

import logging
import os
import time
from contextlib import closing, suppress
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import Error as SQLiteError
from threading import Lock
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    NullPool,
    QueuePool,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

HEAD = "0002"
"""The newest revision in guide/migrations/versions; a test holds them together."""

WAIT = 5
"""Seconds to wait for a lock or a connection. Only the drainer and commands wait, never a page."""

_POSTGRES = {
    "connect_timeout": WAIT,
    "options": f"-c statement_timeout={WAIT}000 -c lock_timeout={WAIT}000",
    # A network that swallows everything would else hold the one who drains, and with it all others, for hours.
    "tcp_user_timeout": WAIT * 1_000,
    "keepalives_idle": WAIT,
    "keepalives_interval": 1,
    "keepalives_count": WAIT,
}

metadata = MetaData()

counter = Table(
    "counter",
    metadata,
    Column("period", Text, primary_key=True),
    Column("tab", Text, primary_key=True),
    Column("cell", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    sqlite_with_rowid=False,  # a row number would tell the order in which cells first appeared
)
"""Sums: how often a cell of a table (`tab`) was met in a period."""

seen = Table(
    "seen",
    metadata,
    Column("hash", LargeBinary(16), primary_key=True),
    Column("day", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Facts counted lately, as keyed hashes that cannot be joined, by the day they were drained."""

segment = Table(
    "segment",
    metadata,
    Column("id", Text, primary_key=True),
    Column("day", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Segments of the spool counted in the last 30 days, by the day they were drained."""


release = Table(
    "release",
    metadata,
    Column("period", Text, primary_key=True),
    Column("day", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("catalogue", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("audit", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The release log: quarter, day, who published, hashes of rules and of figures, and what the audit found (JSON)."""

figure = Table(
    "figure",
    metadata,
    Column("tab", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("cell", Text, primary_key=True),
    Column("release", Text, nullable=False),
    Column("n", BigInteger),
    Column("status", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What was published: frozen cells, `n` empty where hidden. `release`: the quarter it was published with."""

official = Table(
    "official",
    metadata,
    Column("tab", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("cell", Text, primary_key=True),
    Column("taken", Text, nullable=False),
    Column("n", BigInteger),
    sqlite_with_rowid=False,
)
"""Figures of Statistics Denmark, never mixed with ours; `n` empty where they publish none. `taken`: the file's hash."""

taken = Table(
    "taken",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Files taken in, by the hash of their content: counters of another installation, official figures."""

mark = Table(
    "mark",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""What holds for the whole database: `example` when all in it is made up; why figures were taken down, and when."""


DatabaseError = SQLAlchemyError
"""Whatever a database can answer with, for rooms that do not know SQLAlchemy."""


NO_DATABASE = "no database yet"
"""What an engine that only reads says where there is no file."""

EXAMPLE = "example"
"""The name of the mark of a database in which all is made up."""

CORRECTION = "rettelse "
"""What the name of the mark of figures taken down begins with, before the date. Written by hand: docs/drift.md."""


class NewerDatabase(Exception):
    """The database was made by a newer guide. It is left alone."""


def open_reader(url: str | None, data: Path, file: str = "guide.sqlite") -> Engine:
    """An engine that only reads, for pages: it takes no lock of the writer. Raises ValueError on a bad url.

    Opens no connection. Nothing is prepared: a table that is not there yet raises DatabaseError.
    """
    address = _address(url, data, file)
    if address.get_backend_name() != "sqlite":
        return open_engine(url, data)
    return _sqlite_reader(address, poolclass=NullPool)


def _sqlite_reader(address: URL, **pool: Any) -> Engine:
    engine = create_engine(
        address, hide_parameters=True, connect_args={"timeout": WAIT, "check_same_thread": False}, **pool
    )

    @event.listens_for(engine, "do_connect")
    def known(dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        """A database that is not there is not made by looking at it."""
        if address.database and not address.database.startswith("file:") and not Path(address.database).exists():
            raise SQLiteError(NO_DATABASE)

    @event.listens_for(engine, "connect")
    def only_read(connection: SQLiteConnection, record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return engine


def open_engine(url: str | None, data: Path, file: str = "guide.sqlite") -> Engine:
    """An engine on `url`, or on a file in the data folder. Opens no connection; raises ValueError on a bad url.

    No pool: one connection every few seconds needs none, and nothing is then shared over a fork.
    Values never stand in the text of an exception (`hide_parameters`).
    """
    address = _address(url, data, file)
    for library in ("psycopg", "sqlalchemy.pool"):  # they warn with user, database, paths; what matters is raised too
        logging.getLogger(library).setLevel(logging.CRITICAL)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address, poolclass=NullPool)
    return create_engine(address, poolclass=NullPool, hide_parameters=True, connect_args=dict(_POSTGRES))


def kept(url: str | None, data: Path, file: str, size: int) -> tuple[Engine, Engine]:
    """An engine that writes and one that only reads, which keep their connections: for pages that ask often.

    SQLite has one connection that writes, so that threads stand in a queue for it instead of each trying again and
    again, and a commit does not wait for the disk: what was committed last may be gone when the machine loses power.
    On PostgreSQL both are one engine of up to twice `size` connections. Opens no connection; not to be shared over a
    fork, nor closed after one. Raises ValueError on a bad url.
    """
    address = _address(url, data, file)
    if address.get_backend_name() != "sqlite":
        options = {"pool_pre_ping": True, "hide_parameters": True, "connect_args": dict(_POSTGRES)}
        engine = create_engine(address, pool_size=size, max_overflow=size, pool_timeout=WAIT, **options)
        return engine, engine
    writer = _sqlite(address, poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=WAIT)
    event.listen(writer, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
    return writer, _sqlite_reader(address, poolclass=QueuePool, pool_size=size, pool_timeout=WAIT)


def _address(url: str | None, data: Path, file: str) -> URL:
    if url is None:
        return URL.create("sqlite", database=str(data / file))
    try:
        address = make_url(url)
    except Exception as error:
        raise ValueError("not a database url") from error
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError("neither sqlite nor postgresql")
    if address.get_backend_name() == "sqlite" and address.database in (None, "", ":memory:"):
        raise ValueError("a database in memory is gone after each pass")
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _sqlite(address: URL, **pool: Any) -> Engine:
    arguments = {"timeout": WAIT, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(address, hide_parameters=True, connect_args=arguments, **pool)

    @event.listens_for(engine, "do_connect")
    def make(dialect: Any, record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        if address.database and not address.database.startswith("file:"):  # an address says itself how to open it
            _make_file(Path(address.database))

    @event.listens_for(engine, "connect")
    def prepare_connection(connection: SQLiteConnection, record: Any) -> None:
        """WAL for readers beside the writer; FULL and secure_delete: a sum is kept for good, and what goes is gone."""
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            _begin_log(connection)
        for pragma in ("synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """Python's own BEGIN comes late and may then fail half-way; this one waits at the start."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _make_file(path: Path) -> None:
    """The file is made before SQLite does, readable by nobody else; one that is there is not opened.

    Whoever closes a file gives up all locks that his process has on it. Other processes would then take the log away
    from under its other threads, and what these write is lost, or the file broken.
    """
    with _making:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))


def _begin_log(connection: SQLiteConnection) -> None:
    """The first connection of all turns the log on. For this SQLite itself does not wait for another one's lock."""
    deadline = time.monotonic() + WAIT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except SQLiteError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def prepare(engine: Engine) -> None:
    """Make the database one of ours at HEAD. Raises NewerDatabase and SQLAlchemyError.

    Alembic is loaded only when there is something to do: it costs memory in every worker.
    """
    with engine.connect() as connection:
        found = revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise NewerDatabase(found)
    with _upgrading, engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two hosts may start at once
            connection.execute(text("select pg_advisory_xact_lock(8000)"))
        _upgrade(connection)


_upgrading, _making = Lock(), Lock()
"""Alembic keeps what it works on in the module: two threads at once would change each other's databases. And two
threads at once make one file."""


def _begin_in_child() -> None:
    global _upgrading, _making
    _upgrading, _making = Lock(), Lock()  # a thread that does not live here may have held it


os.register_at_fork(after_in_child=_begin_in_child)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:  # a revision that this guide has never heard of
        raise NewerDatabase from error


def revision(connection: Connection) -> str | None:
    """The revision of a database; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def tidy(engine: Engine) -> None:
    """Take out of SQLite's files what tells more than the tables: which counters moved together, and in which order.

    New rows lie where there is room, so their place in the file tells which came in the same pass; VACUUM puts them
    in the order of their keys. Consecutive frames of the write-ahead log tell the same; it is emptied.
    Raises DatabaseError.
    """
    if engine.dialect.name == "sqlite":
        try:
            with closing(engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute("PRAGMA temp_store=MEMORY")  # or VACUUM writes outside the data folder
                with suppress(SQLiteError):  # no room, or locked: the next pass tries again
                    cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except SQLiteError as error:
            raise DatabaseError(type(error).__name__) from error


def totals(engine: Engine) -> list[tuple[str, str, str, int]]:
    """All counters as (period, tab, cell, n), sorted. Raises NewerDatabase and DatabaseError."""
    prepare(engine)
    with engine.connect() as connection:
        return sorted((row.period, row.tab, row.cell, row.n) for row in connection.execute(select(counter)))


def is_example(connection: Connection) -> bool:
    """Whether all in the database is made up. Raises DatabaseError."""
    return connection.scalar(select(mark.c.name).where(mark.c.name == EXAMPLE)) is not None


def missing(connection: Connection) -> list[str]:
    """The tables of a database at HEAD that are not there, by name. Raises DatabaseError."""
    return sorted(metadata.tables.keys() - set(inspect(connection).get_table_names()))


def without(tables: list[str]) -> str:
    """What is said, in Danish, of a database that is without some tables."""
    return f"Databasen mangler {', '.join(tables)}. Er det den rigtige database?"
