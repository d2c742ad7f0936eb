"""The database: its revisions, what is kept of a row that goes, who may read it, and which addresses are taken."""

from __future__ import annotations

import importlib
import logging
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, delete, inspect, select

from guide import db
from tests.usage.conftest import Desk, database, fact, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

VERSIONS = Path(db.__file__).parent / "migrations" / "versions"


@pytest.fixture
def engine(tmp_path: Path, database: str | None) -> Engine:
    return db.open_engine(database, tmp_path / "data")


def test_head_is_the_newest_file() -> None:
    files = sorted(path.stem for path in VERSIONS.glob("[0-9]*.py"))
    revisions = [importlib.import_module(f"guide.migrations.versions.{name}") for name in files]
    assert [r.revision for r in revisions] == [name.split("_")[0] for name in files]
    assert [r.down_revision for r in revisions] == [None, *(r.revision for r in revisions[:-1])]
    assert revisions[-1].revision == db.HEAD


def test_migrated_tables_are_those_of_the_metadata(engine: Engine) -> None:
    db.prepare(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, db.metadata) == []
        assert db.revision(connection) == db.HEAD
        names = set(inspect(connection).get_table_names())
    assert names == {*db.metadata.tables, "alembic_version"}


def test_tables_of_sqlite_have_no_row_numbers(tmp_path: Path) -> None:
    """Also where compare_metadata does not look."""
    engine = db.open_engine(None, tmp_path)
    db.prepare(engine)
    with engine.connect() as connection:
        made = dict(connection.exec_driver_sql("select name, sql from sqlite_master where type = 'table'").all())
    assert all("WITHOUT ROWID" in made[name] for name in db.metadata.tables)


def test_a_prepared_database_is_left_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    db.prepare(engine)
    monkeypatch.setattr(db, "_upgrade", None)
    db.prepare(engine)


@pytest.mark.parametrize("revision", ["9999", "0000", "mine"])
def test_a_database_of_another_guide_is_left_alone(engine: Engine, revision: str) -> None:
    db.prepare(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"update alembic_version set version_num = '{revision}'")
    with pytest.raises(db.NewerDatabase):
        db.prepare(engine)
    with pytest.raises(db.NewerDatabase):
        db.totals(engine)


PREPARE = """
import sys
from pathlib import Path
from guide import db
engine = db.open_engine(sys.argv[1] or None, Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
db.prepare(engine)
print(db.totals(engine))
"""


def test_two_processes_prepare_at_once(tmp_path: Path, database: str | None) -> None:
    for number in range(2):
        folder = tmp_path / str(number)
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", PREPARE, database or "", str(folder)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        for process in processes:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate() for process in processes] == [("[]\n", "")] * 2


def test_threads_prepare_different_databases_at_once(tmp_path: Path) -> None:
    """Alembic itself cannot."""
    engines, failed = [db.open_engine(None, tmp_path / str(n)) for n in range(12)], list[BaseException]()

    def prepare(engine: Engine) -> None:
        try:
            db.prepare(engine)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=prepare, args=[engine]) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == [] and [db.totals(engine) for engine in engines] == [[]] * 12


def test_only_its_owner_reads_the_data(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data")
    before = os.umask(0)
    try:
        desk.facts([fact("x")])
        desk.drain()
        with desk._engine.connect() as connection:
            connection.execute(select(db.counter)).all()
            modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (tmp_path / "data").rglob("*")}
    finally:
        os.umask(before)
    assert oct((tmp_path / "data").stat().st_mode & 0o777) == "0o700"
    assert modes.pop("spool") == "0o700"
    assert {"guide.sqlite", "guide.sqlite-wal", "drain.lock"} <= set(modes) and set(modes.values()) == {"0o600"}


def test_what_is_deleted_is_gone_and_the_log_is_empty_after_a_pass(tmp_path: Path) -> None:
    desk, facts = Desk(tmp_path / "data"), [fact("x") for _ in range(2_000)]
    file = tmp_path / "data" / "guide.sqlite"
    desk.sums()
    held = desk._engine.raw_connection()
    held.cursor().execute("select n from counter").fetchall()  # open in earnest: SQLite keeps its log while one is
    assert held.cursor().execute("PRAGMA secure_delete").fetchone()[0] == 1
    assert held.cursor().execute("PRAGMA synchronous").fetchone()[0] == 2
    for some in (facts[:1_000], facts[1_000:]):  # the first pass of a day purges too, and empties the log after that
        desk.facts(some)
        desk.drain()
    wal = file.with_name("guide.sqlite-wal")
    assert wal.stat().st_size == 0
    assert sum(f.hash in file.read_bytes() for f in facts) == 2_000, "the search finds what is there"
    with desk._engine.begin() as connection:
        connection.execute(delete(db.seen))
    assert wal.stat().st_size > 0
    db.tidy(desk._engine)
    assert wal.stat().st_size == 0 and not any(f.hash in file.read_bytes() for f in facts)
    held.close()


@pytest.mark.parametrize(
    "url", ["", "x", "mysql://a/b", "sqlite://", "sqlite:///:memory:", "http://a", "postgres://a/b", "postgresql:/"]
)
def test_addresses_that_cannot_be_used(tmp_path: Path, url: str) -> None:
    with pytest.raises((ValueError, ImportError)):
        db.open_engine(url, tmp_path)


def test_an_address_with_its_own_way_to_open_makes_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = db.open_engine(f"sqlite:///file:{tmp_path}/none.sqlite?mode=ro&uri=true", tmp_path)
    with pytest.raises(db.DatabaseError):
        db.totals(engine)
    assert list(tmp_path.iterdir()) == []


def test_opening_connects_to_nobody(tmp_path: Path) -> None:
    db.open_engine("postgresql://nobody@192.0.2.1/none", tmp_path)
    db.open_engine(None, tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_no_value_stands_in_an_error(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    db.prepare(engine)
    row = {"period": "2026", "tab": "use", "cell": "hemmelig", "n": 1}
    with pytest.raises(db.DatabaseError) as caught, engine.begin() as connection:
        connection.execute(db.counter.insert(), row)
        connection.execute(db.counter.insert(), row)
    if engine.dialect.name == "sqlite":  # PostgreSQL itself tells the key: so only the type of an error is ever logged
        assert "hemmelig" not in str(caught.value)
    assert "hemmelig" not in caplog.text


def test_a_failing_tidying_is_a_database_error(tmp_path: Path) -> None:
    file = tmp_path / "guide.sqlite"
    file.write_bytes(b"no database at all" * 500)
    with pytest.raises(db.DatabaseError):
        db.tidy(db.open_engine(None, tmp_path))
    assert sqlite3.Error not in db.DatabaseError.__mro__


def test_a_database_of_the_first_revision_keeps_its_counters(engine: Engine) -> None:
    """As after a restore of an old copy: the tables of figures are added, and nothing that was counted changes."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("insert into counter values ('2026K4', 'use', 'odense/skole', 7)")
    with engine.connect() as connection:
        assert db.revision(connection) == "0001" and not inspect(connection).has_table("release")
    assert db.totals(engine) == [("2026K4", "use", "odense/skole", 7)]
    with engine.connect() as connection:
        assert db.revision(connection) == db.HEAD
        assert {*db.metadata.tables, "alembic_version"} == set(inspect(connection).get_table_names())


def test_a_reader_makes_nothing_and_writes_nothing(tmp_path: Path) -> None:
    reader = db.open_reader(None, tmp_path)
    with pytest.raises(db.DatabaseError), reader.connect() as connection:
        connection.execute(select(db.release))
    assert list(tmp_path.iterdir()) == []
    desk = Desk(tmp_path)
    desk.facts([fact("x")])
    desk.drain()
    with reader.connect() as connection:
        assert len(connection.execute(select(db.counter)).all()) == 2
        with pytest.raises(db.DatabaseError):
            connection.execute(delete(db.counter))
    assert len(desk.sums()) == 2


def test_a_reader_waits_for_nobody_and_nobody_for_it(tmp_path: Path) -> None:
    desk, reader = Desk(tmp_path), db.open_reader(None, tmp_path)
    desk.facts([fact("x")])
    desk.drain()
    with desk._engine.begin() as writing, reader.connect() as reading:
        writing.execute(delete(db.counter))
        assert len(reading.execute(select(db.counter)).all()) == 2
    with reader.connect() as reading:
        reading.execute(select(db.counter)).fetchone()
        desk.facts([fact("y")])
        assert desk.drain() == 1


def test_a_second_connection_gives_up_no_lock(tmp_path: Path) -> None:
    """Or another process would take the log away from under the first one, and what is written there is lost."""
    engine = db.open_engine(None, tmp_path)
    db.prepare(engine)
    other = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select * from counter'); c.close()"
    with engine.connect() as first, db.open_engine(None, tmp_path).connect():
        first.exec_driver_sql("select 1")
        subprocess.run([sys.executable, "-c", other, str(tmp_path / "guide.sqlite")], check=True)
        assert (tmp_path / "guide.sqlite-wal").exists()
