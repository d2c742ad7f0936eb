"""Guidance is 200 whatever becomes of the database, no page waits for it, and afterwards everything is counted.

The drainer's thread is played by hand: a pass is what the thread does every few seconds. A disk that is full is in
tests/usage/test_disk_full.py.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask, has_request_context
from sqlalchemy import Engine, event

from guide import db
from tests.conftest import HANGS
from tests.usage.conftest import Clock, Desk, postgres, postgres_database, postgres_url, said
from tests.usage.network import listening, proxy, through
from tests.web.counted import OLD, make_apps

__all__ = ["postgres_database", "postgres_url"]  # fixtures

FACTS = 13
"""Of one walk below: three questions shown and answered, use and hours, and five of its outcome."""

STEP = 50 if os.environ.get("GUIDE_NIGHT") else 450
"""Bytes from one cut of a connection to the next."""


class Guide:
    """The demo content with a counting whose thread the test plays."""

    def __init__(self, app: Flask, desk: Desk, url: str | None) -> None:
        self.app, self.desk, self.url, self.walks = app, desk, url, 0
        self.file = desk.folder.parent / "guide.sqlite"
        self.asked = list[bool]()
        self.watch(desk._engine)
        app.extensions["guide"] = replace(app.extensions["guide"], counting=desk)

    def watch(self, engine: Engine) -> None:
        """Note of every connection whether a request asked for it."""
        event.listen(engine, "do_connect", lambda *arguments: self.asked.append(has_request_context()), insert=True)

    def walk(self) -> None:
        """A walk to its end; every reply is guidance."""
        client = self.app.test_client()
        assert client.post("/proeve/tre/start").status_code == 303
        for n, step in enumerate(("akut-fare", "slag", "trist"), 1):
            assert client.get(f"/proeve/tre/{n}").status_code == 200
            assert client.post(f"/proeve/tre/{n}", data={"trin": step, "svar": "nej"}).status_code == 303
        page = client.get("/proeve/tre/4")
        assert page.status_code == 200 and 'data-level="undren"' in page.text
        self.walks += 1

    def passes(self) -> None:
        """What the drainer's thread does, and what the flusher did before it."""
        self.desk._spool.rotate()
        self.desk._pass(self.desk._own)

    def use(self, url: str) -> None:
        """Count in another database from now on."""
        self.desk._engine = db.open_engine(url, self.desk.folder.parent)
        self.desk._own = self.desk.drainer()
        self.watch(self.desk._engine)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make_apps(tmp_path_factory.mktemp("apps"))[0]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drainer's patience in tests: nobody else waits for it anyway."""
    monkeypatch.setattr(db, "WAIT", 0.2)
    options = "-c statement_timeout=400 -c lock_timeout=200"
    monkeypatch.setattr(db, "_POSTGRES", db._POSTGRES | {"connect_timeout": 2, "options": options})


@pytest.fixture
def guide(app: Flask, tmp_path: Path) -> Guide:
    """Counting in SQLite, in a folder of its own."""
    return Guide(app, Desk(tmp_path / "data", (OLD,), clock=Clock()), None)


@pytest.fixture
def on_postgres(app: Flask, tmp_path: Path, postgres_database: str) -> Guide:
    return Guide(app, Desk(tmp_path / "data", (OLD,), postgres_database, clock=Clock()), postgres_database)


# --- SQLite ---


@contextmanager
def instead(path: Path, content: bytes | None) -> Iterator[None]:
    """Something else where a file should be, nothing for None; then the file again."""
    aside = path.with_suffix(".aside")
    path.rename(aside)
    if content is not None:
        path.write_bytes(content)
    try:
        yield
    finally:
        for beside in path.parent.glob(f"{path.name}*"):
            beside.unlink()
        aside.rename(path)


@contextmanager
def locked(guide: Guide) -> Iterator[None]:
    other = sqlite3.connect(guide.file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.close()


@contextmanager
def corrupt_header(guide: Guide) -> Iterator[None]:
    with instead(guide.file, b"x" * 100 + guide.file.read_bytes()[100:]):
        yield


@contextmanager
def corrupt_middle(guide: Guide) -> Iterator[None]:
    whole = guide.file.read_bytes()
    assert len(whole) > 2 * 4_096
    with instead(guide.file, whole[:4_096] + b"\xff" * (len(whole) - 4_096)):
        yield


@contextmanager
def cut_short(guide: Guide) -> Iterator[None]:
    whole = guide.file.read_bytes()
    with instead(guide.file, whole[: len(whole) // 2 + 1]):
        yield


@contextmanager
def a_folder_in_its_place(guide: Guide) -> Iterator[None]:
    aside = guide.file.with_suffix(".aside")
    guide.file.rename(aside)
    guide.file.mkdir()
    try:
        yield
    finally:
        guide.file.rmdir()
        aside.rename(guide.file)


@contextmanager
def read_only_file(guide: Guide) -> Iterator[None]:
    """SQLite is asked to open it so: who runs the tests as root may write in any file."""
    guide.use(f"sqlite:///file:{guide.file}?mode=ro&uri=true")
    try:
        yield
    finally:
        guide.use(f"sqlite:///{guide.file}")


@contextmanager
def folder_that_cannot_be(guide: Guide) -> Iterator[None]:
    guide.use("sqlite:////proc/findes-ikke/guide.sqlite")
    try:
        yield
    finally:
        guide.use(f"sqlite:///{guide.file}")


@contextmanager
def wrong_schema(guide: Guide) -> Iterator[None]:
    with instead(guide.file, None):
        with sqlite3.connect(guide.file) as other:
            other.execute("create table counter (something text)")
        other.close()
        yield


def of_revision(revision: str) -> Callable[[Guide], object]:
    @contextmanager
    def other(guide: Guide) -> Iterator[None]:
        def write(name: str) -> None:
            with guide.desk._engine.begin() as connection:
                connection.exec_driver_sql(f"update alembic_version set version_num = '{name}'")

        write(revision)
        try:
            yield
        finally:
            write(db.HEAD)

    return other


SQLITE = {
    "locked": locked,
    "corrupt header": corrupt_header,
    "corrupt middle": corrupt_middle,
    "cut short": cut_short,
    "a folder in its place": a_folder_in_its_place,
    "read-only": read_only_file,
    "a folder that cannot be made": folder_that_cannot_be,
    "another schema": wrong_schema,
    "a newer revision": of_revision("9999"),
    "an unknown revision": of_revision("0000"),
}


def survives(guide: Guide, fault: Callable[[Guide], object], caplog: pytest.LogCaptureFixture) -> None:
    """Walks before, during and after a fault of the database; then everything is counted."""
    guide.walk()
    guide.passes()
    before = guide.desk.sums()
    with fault(guide):  # type: ignore[attr-defined]
        for turn in range(5):
            guide.walk()
            if turn % 2 == 0:
                guide.passes()
        waiting = list(guide.desk.folder.glob("*.closed"))
        assert waiting, "facts wait in the spool"
    told = [message for message in said(caplog) if "draining" in message]
    assert len(told) == 1 and re.fullmatch(r"\w+ when draining", told[0]), told
    assert said(caplog) == told
    guide.walk()
    guide.passes()
    operations, sums = guide.desk.operations(), guide.desk.sums()
    assert operations == {"counted": FACTS * 7} and guide.desk.conserved(FACTS * guide.walks)
    assert {key: n * 7 for key, n in before.items()} == sums
    assert not list(guide.desk.folder.glob("*.closed"))
    assert guide.asked and not any(guide.asked), "no request ever asked for a connection"


@pytest.mark.parametrize("fault", SQLITE)
def test_sqlite(guide: Guide, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    survives(guide, SQLITE[fault], caplog)


@pytest.mark.parametrize("how", ["file", "folder", "emptied", "file, its log left"])
def test_a_database_that_is_removed_is_made_again(
    guide: Guide, tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What stood in it is gone with it; what waits, and what comes, is counted."""
    guide.use(f"sqlite:///{tmp_path}/elsewhere/guide.sqlite")
    file = tmp_path / "elsewhere" / "guide.sqlite"
    guide.walk()
    guide.passes()
    guide.walk()
    if how == "folder":
        shutil.rmtree(file.parent)
    elif how == "emptied":
        file.write_bytes(b"")
    else:
        if "log" in how:
            file.with_name("guide.sqlite-wal").write_bytes(b"\x37\x7f\x06\x82" + b"left" * 2_000)
        file.unlink()
    for _ in range(3):
        guide.walk()
        guide.passes()
    assert guide.desk.operations() == {"counted": FACTS * 4} and said(caplog) == []
    assert oct(file.stat().st_mode & 0o777) == "0o600" and oct(file.parent.stat().st_mode & 0o777) == "0o700"
    assert not any(guide.asked)


# --- PostgreSQL ---


@contextmanager
def stopped(guide: Guide) -> Iterator[None]:
    postgres()._stop()
    try:
        yield
    finally:
        postgres().ensure_postgres_running()


@contextmanager
def table_locked(guide: Guide) -> Iterator[None]:
    with psycopg.connect(guide.url or "") as other:
        other.execute("lock table counter in access exclusive mode")
        yield


def by_sql(begin: str, end: str) -> Callable[[Guide], object]:
    @contextmanager
    def changed(guide: Guide) -> Iterator[None]:
        name = str(db.make_url(guide.url or "").database)
        for statement, after in ((begin, False), (end, True)):
            with psycopg.connect(str(postgres().get_uri()), autocommit=True) as other:
                other.execute(statement.replace("DATABASE", name).encode())
            if not after:
                yield

    return changed


@contextmanager
def never_answers(guide: Guide) -> Iterator[None]:
    kept = list[socket.socket]()
    with listening(kept.append) as port, pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.connection, "timeout_from_conninfo", lambda _: 0.3)  # settings take no less than two
        guide.use(through(guide.url or "", port))
        yield
    guide.use(guide.url or "")


@contextmanager
def nobody_listens(guide: Guide) -> Iterator[None]:
    with listening(lambda connection: None) as port:
        pass
    guide.use(through(guide.url or "", port))
    yield
    guide.use(guide.url or "")


POSTGRES = {
    "stopped": stopped,
    "locked": table_locked,
    "read-only": by_sql(
        "alter database DATABASE set default_transaction_read_only = on",
        "alter database DATABASE reset default_transaction_read_only",
    ),
    "gone": by_sql(
        "alter database DATABASE rename to DATABASE_away", "alter database DATABASE_away rename to DATABASE"
    ),
    "full of connections": by_sql(
        "alter database DATABASE allow_connections false", "alter database DATABASE allow_connections true"
    ),
    "never answers": never_answers,
    "nobody listens": nobody_listens,
    "a newer revision": of_revision("9999"),
    "an unknown revision": of_revision("0000"),
}


@pytest.mark.parametrize("fault", POSTGRES)
def test_postgres(on_postgres: Guide, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    survives(on_postgres, POSTGRES[fault], caplog)


def test_a_slow_database_slows_no_page(on_postgres: Guide) -> None:
    """Pages go on while a pass waits for a database that answers late; the pass is not over before they are."""
    guide = on_postgres
    guide.desk.sums()
    with listening(proxy(guide.url or "", delay=0.02)) as port:
        guide.use(through(guide.url or "", port))
        guide.walk()
        guide.desk._spool.rotate()
        slow = threading.Thread(target=guide.passes)
        slow.start()
        for _ in range(3):
            guide.walk()
        assert slow.is_alive(), "three walks took less than one pass"
        slow.join(HANGS)
        guide.passes()
        assert guide.desk.operations() == {"counted": FACTS * 4}
    assert not any(guide.asked)


def test_a_connection_cut_anywhere_loses_and_doubles_nothing(
    on_postgres: Guide, caplog: pytest.LogCaptureFixture
) -> None:
    """Also between a commit and its answer: whether it was done is then not known, and the segment's id tells."""
    guide, cut = on_postgres, 0
    guide.desk.sums()
    for allowance in range(300, 6_000, STEP):
        with listening(proxy(guide.url or "", allowance=allowance)) as port:
            guide.use(through(guide.url or "", port))
            guide.walk()
            guide.desk._failed = None
            guide.passes()
            cut += guide.desk._failed is not None
    guide.use(guide.url or "")
    guide.passes()
    assert guide.desk.operations() == {"counted": FACTS * guide.walks} and cut > 1_500 / STEP
    assert not [m for m in said(caplog) if not re.fullmatch(r"\w+ when draining", m)], "no library says its own"
