"""`guide stats`: everything recorded until now, one line a cell, or a Danish sentence and 1; also beside a server."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from guide import cli, config, db
from guide.usage import counting
from guide.web import create_app
from tests.conftest import DEMO, HANGS
from tests.usage.conftest import Desk, database, fact, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

KEY = "s" * 32


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAIT", 0.2)
    monkeypatch.setattr(counting, "PATIENCE", 0.5)


def stats(data: Path, url: str | None = None, **more: str) -> Result:
    environment = {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": url or ""} | more
    return CliRunner().invoke(cli.main, ["stats"], env=environment, catch_exceptions=False)


def refused(result: Result, told: str) -> None:
    """1, one Danish sentence on stderr, nothing else."""
    assert result.exit_code == 1 and result.stdout == ""
    assert told in result.stderr and "Traceback" not in result.stderr and len(result.stderr.splitlines()) == 1


def counted(data: Path, url: str | None, *names: str) -> Desk:
    desk = Desk(data, [KEY], url)
    desk.facts([fact(name) for name in names])
    desk.close()
    return desk


def test_nothing_yet(data: Path, database: str | None) -> None:
    result = stats(data, database)
    assert (result.exit_code, result.output) == (0, "")


def test_without_a_key_or_a_folder_one_is_made_as_for_a_server(data: Path) -> None:
    assert stats(data, GUIDE_SECRET_KEY="").exit_code == 0
    assert oct(data.stat().st_mode & 0o777) == "0o700"


def test_one_line_a_cell_sorted_drained_first(data: Path, database: str | None) -> None:
    counted(data, database, "b", "a", "b", "ø")
    result = stats(data, database)
    assert result.exit_code == 0 and result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[:3] == ["2026;topics;a;1", "2026;topics;b;2", "2026;topics;ø;1"]
    assert len(lines) == 4 and re.fullmatch(r"\d{4}M\d\dD\d\d;operations;counted;4", lines[3])
    assert lines == sorted(lines) and stats(data, database).stdout == result.stdout, "asking changes nothing"


def test_a_kommune_s_own_operations_are_by_quarter(data: Path) -> None:
    counted(data, None, "a")
    assert re.search(r"^\d{4}K\d;operations;counted;1$", stats(data, GUIDE_SCOPE="proeve").stdout, re.MULTILINE)


# --- a server beside it ---


def test_what_a_server_wrote_a_moment_ago_is_in(
    data: Path, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its open segment is waited for: it is closed within the second."""
    settings = config.Settings(data, (KEY,), (), None, database)
    client = create_app(settings, DEMO).test_client()
    monkeypatch.setattr(counting, "PATIENCE", HANGS)
    for turn in range(1, 4):
        client.post("/proeve/tre/start")
        client.post("/proeve/tre/1", data={"trin": "akut-fare", "svar": "ja"})
        lines = stats(data, database).stdout.splitlines()
        assert [line for line in lines if ";topics;" in line] == [f"{lines[0][:4]};topics;tre/akut;{turn}"]
        assert [line.split(";")[3] for line in lines if ";use;" in line] == [str(turn)]


def test_what_is_closed_while_a_pass_goes_on_is_in(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The segment is closed after the pass has read the folder: there must be another pass."""
    monkeypatch.setattr(counting, "PATIENCE", HANGS)
    server = Desk(data, [KEY])
    server.facts([fact("x")])
    real, passes = counting.Drainer.drain, list[int]()

    def drain(drainer: counting.Drainer) -> int:
        passes.append(real(drainer))
        server._spool.rotate()
        return passes[-1]

    monkeypatch.setattr(counting.Drainer, "drain", drain)
    assert ";topics;x;1" in stats(data).stdout
    assert passes[0] == 0 and 1 in passes, "and passes of others in this process, which find nothing here"


def test_a_worker_that_hangs_is_not_waited_for_for_ever(data: Path) -> None:
    server = Desk(data, [KEY])
    server.facts([fact("x")])
    result = stats(data)
    assert (result.exit_code, result.output) == (0, "")
    server.close()
    assert ";topics;x;1" in stats(data).stdout


def test_two_at_once(data: Path, database: str | None) -> None:
    counted(data, database, *"abcdefgh")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    environment |= {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": database or ""}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "guide.cli", "stats"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0] and told[0] == told[1], told
    assert [line.split(";")[2:] for line in told[0][0].splitlines()] == [
        *([c, "1"] for c in "abcdefgh"),
        ["counted", "8"],
    ]


def test_another_pass_that_does_not_end_is_said(data: Path) -> None:
    desk = counted(data, None, "a")
    with desk.drainer()._only():
        refused(stats(data), "En anden tæller op lige nu")
    assert stats(data).exit_code == 0


# --- a database that cannot be used ---


def test_locked(data: Path) -> None:
    counted(data, None, "a")
    assert stats(data).exit_code == 0
    other = sqlite3.connect(data / "guide.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    counted(data, None, "a")
    refused(stats(data), "Databasen kan ikke bruges nu (OperationalError)")
    other.close()
    assert ";topics;a;2" in stats(data).stdout


def test_corrupt(data: Path) -> None:
    counted(data, None, "a")
    assert stats(data).exit_code == 0
    file = data / "guide.sqlite"
    whole = file.read_bytes()
    for broken in (b"x" * 100 + whole[100:], whole[:4096] + b"\xff" * (len(whole) - 4096), b"no database"):
        file.write_bytes(broken)
        refused(stats(data), "Databasen kan ikke bruges nu (DatabaseError)")
    file.write_bytes(whole)
    assert ";topics;a;1" in stats(data).stdout


@pytest.mark.parametrize("revision", ["9999", "0000"])
def test_of_another_guide(data: Path, database: str | None, revision: str) -> None:
    desk = counted(data, database, "a")
    desk.sums()
    with desk._engine.begin() as connection:
        connection.exec_driver_sql(f"update alembic_version set version_num = '{revision}'")
    refused(stats(data, database), "nyere udgave")
    assert list(desk.folder.glob("*.closed")), "what waits is not lost"


def test_read_only(data: Path) -> None:
    counted(data, None, "a")
    assert stats(data).exit_code == 0
    counted(data, None, "a")
    url = f"sqlite:///file:{data}/guide.sqlite?mode=ro&uri=true"
    refused(stats(data, url), "Databasen kan ikke bruges nu (OperationalError)")


def test_a_folder_in_its_place(data: Path) -> None:
    (data / "guide.sqlite").mkdir(parents=True)
    refused(stats(data), "Databasen kan ikke bruges nu")


def test_nobody_listens(data: Path) -> None:
    counted(data, None, "a")
    refused(stats(data, "postgresql://nobody@127.0.0.1:1/none"), "Databasen kan ikke bruges nu (OperationalError)")


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    refused(stats(tmp_path / "file" / "data"), "Databasen kan ikke bruges nu")


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite://", "sludder"])
def test_an_address_that_cannot_be_used(data: Path, url: str) -> None:
    refused(stats(data, url), "GUIDE_DATABASE_URL")


def test_what_waits_too_long_is_told_beside_the_figures(data: Path) -> None:
    desk = counted(data, None, "a")
    stray = desk.folder / "fremmed.closed"
    stray.write_bytes(b"of another key\n")
    os.utime(stray, (1, 1))
    result = stats(data)
    assert result.exit_code == 0 and ";topics;a;1" in result.stdout
    assert result.stderr == "1 fil i spool er ikke talt med endnu. Vejledningen virker som den skal.\n"


def test_a_spool_that_is_removed_is_an_empty_one(data: Path, app: Flask) -> None:
    counted(data, None, "a")
    assert stats(data).exit_code == 0
    shutil.rmtree(data / "spool")
    assert ";topics;a;1" in stats(data).stdout
