"""PostgreSQL's own folder and log keep nothing of a visitor either: tables, write-ahead log, and the errors it logs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.leaks.canary import search
from tests.leaks.serving import GUIDE_SERVE, ONE_WORKER, Served, served
from tests.leaks.test_canary import NEVER, walk_keys, walks
from tests.leaks.visitor import Visitor


@contextmanager
def counted_in(url: str, base: Path, command: list[str] = GUIDE_SERVE) -> Iterator[Served]:
    """A server that counts in a PostgreSQL database."""
    with served(base, command, GUIDE_DATABASE_URL=url) as server:
        yield server


def make_it_fail(url: str, server: Served) -> None:
    """An error of the database's own, which it writes in its log with the statement: a table is away."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter table counter rename to away")
        Visitor(server.port).begin()
        server.wait_for("ProgrammingError when draining")
        connection.execute("alter table away rename to counter")
    server.drained()


def test_no_canary_is_in_postgres_or_its_log(
    cluster: tuple[Path, str], new_database: Callable[[], str], tmp_path: Path
) -> None:
    url, since = new_database(), time.time()
    with counted_in(url, tmp_path) as server:
        server.fault("hold")
        visitors = walks(server.port)
        keys = walk_keys(server, visitors)
        server.fault("")
        server.drained()
        make_it_fail(url, server)
        log = cluster[0] / "log"
        assert "insert into counter" in log.read_text("utf-8", "replace").lower()  # it does log its errors
        psycopg.connect(url, autocommit=True).execute("checkpoint")
        assert search(cluster[0], [*NEVER, *keys], since=since) == []
        assert server.hits([*NEVER, *keys]) == []
        assert "proeve/tre/bekymring" in server.stats()


def test_a_planted_log_of_statements_is_found(
    cluster: tuple[Path, str], new_database: Callable[[], str], tmp_path: Path
) -> None:
    """`log_statement` writes values: what is searched for would be seen, and docs say to leave it off."""
    url = new_database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"alter database {connection.info.dbname} set log_statement = 'all'")
    with counted_in(url, tmp_path, ONE_WORKER) as server:
        Visitor(server.port).begin()
        server.drained()
    logged = (cluster[0] / "log").read_bytes()
    assert b"akut-fare/shown" in logged[logged.rfind(b"parameters: ") - 20_000 :]
