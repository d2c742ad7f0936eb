"""`guide export-counters`, `guide import-counters`: what is refused is told in Danish, and then nothing is changed."""

from __future__ import annotations

import errno
import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, insert

from guide import cli, db
from guide.cli import exchanging
from guide.library import force
from guide.library.library import Library
from tests.usage.conftest import KEY, Desk
from tests.usage.test_exchange import of, walked
from tests.usage.test_frozen import released

CLOSED = date(2027, 1, 14)


@pytest.fixture(autouse=True)
def the_content(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped content, read once; the first day on which the quarter is closed."""
    monkeypatch.setattr("guide.cli.content.usable", lambda: content)
    monkeypatch.setattr(force, "today", lambda: CLOSED)
    monkeypatch.setattr(db, "WAIT", 0.2)


def guide(data: Path, *command: str, **settings: str) -> Result:
    environment = {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_SCOPE": "", "GUIDE_DATABASE_URL": ""}
    return CliRunner().invoke(cli.main, list(command), env=environment | settings, catch_exceptions=False)


def export(data: Path, file: Path, period: str = "2026Q4", scope: str = "viborg") -> Result:
    return guide(data, "export-counters", "--period", period, "--output", str(file), GUIDE_SCOPE=scope)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The data folder of Viborg, where the last facts lie in the spool."""
    desk = Desk(tmp_path / "own", scoped=True)
    desk.facts(walked("viborg"))
    desk.close()
    return tmp_path / "own"


@pytest.fixture
def file(own: Path, tmp_path: Path) -> Path:
    assert export(own, tmp_path / "viborg.csv").exit_code == 0
    return tmp_path / "viborg.csv"


def counters(data: Path) -> dict[tuple[str, str, str], int]:
    return of(db.open_engine(None, data))


def refused(result: Result, told: str) -> None:
    """1, a Danish sentence, no more."""
    assert result.exit_code == 1 and told in result.stderr, result.stderr
    assert "Traceback" not in result.output and len(result.stderr.splitlines()) == 1


def test_from_one_installation_to_the_other(own: Path, tmp_path: Path) -> None:
    file, national = tmp_path / "viborg.csv", tmp_path / "national"
    result = export(own, file)
    local = counters(own)  # what lay in the spool is in it
    assert (result.exit_code, result.stderr) == (0, "") and not list((own / "spool").glob("*.closed"))
    assert result.stdout.startswith(f"{file}: viborg, 2026K4, {len(local)} celler, i alt {sum(local.values())}.")
    assert file.stat().st_mode & 0o777 == 0o600
    first = file.read_bytes()
    assert export(own, file, "2026k4").exit_code == 0 and file.read_bytes() == first
    result = guide(national, "import-counters", str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"viborg, 2026K4: {len(local)} celler lagt til, i alt {sum(local.values())}.\n"
    assert counters(national) == local
    refused(guide(national, "import-counters", str(file)), "viborg 2026K4 er læst ind før, den 14. januar 2027.")
    assert counters(national) == local


@pytest.mark.parametrize(
    ("period", "scope", "told"),
    [
        ("2026Q4", "", "GUIDE_SCOPE mangler"),
        ("2027Q1", "viborg", "2027K1 er ikke lukket endnu"),
        ("2026", "viborg", "Vælg et kvartal, fx 2026Q4"),
        ("4. kvartal", "viborg", "er ikke en periode"),
        ("2026Q3", "viborg", "Der er ingen tal for 2026K3"),
        ("2026Q4", "eksempel", "Tal fra eksempler"),
        ("2026Q4", "oevrige", "ikke i registeret"),
    ],
)
def test_what_is_not_handed_over(own: Path, tmp_path: Path, period: str, scope: str, told: str) -> None:
    refused(export(own, tmp_path / "f.csv", period, scope), told)
    assert not (tmp_path / "f.csv").exists()


def test_a_day_too_early(own: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(force, "today", lambda: date(2027, 1, 13))
    refused(export(own, tmp_path / "f.csv"), "Det er det fra den 14. januar 2027")
    refused(guide(tmp_path / "national", "import-counters", str(file)), "ikke lukket endnu")
    assert not (tmp_path / "national").exists()


def test_where_it_cannot_be_written_nothing_is_lost(own: Path, tmp_path: Path) -> None:
    refused(export(own, tmp_path / "no-folder" / "f.csv"), "mappen findes ikke. Kvartalet er stadig åbent.")
    assert handed_over_from(own) == []
    assert export(own, tmp_path / "f.csv").exit_code == 0


def handed_over_from(data: Path) -> list[str]:
    with sqlite3.connect(data / "guide.sqlite") as connection:
        return [row[0] for row in connection.execute("select period from taken")]


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.ENOSPC, "disken er fuld"), (errno.EROFS, "der må ikke skrives her"), (errno.EIO, "fejl 5 fra maskinen")],
)
def test_the_quarter_is_open_until_the_file_is_on_the_disk(
    own: Path, tmp_path: Path, number: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "f.csv"
    target.parent.mkdir()
    target.write_text("what was there")

    def fails(handle: int) -> None:
        raise OSError(number, "")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        refused(export(own, target), f"{told}. Kvartalet er stadig åbent. Intet er ændret.")
    assert handed_over_from(own) == [] and list(target.parent.iterdir()) == [target]
    assert target.read_text() == "what was there"
    with monkeypatch.context() as patch:
        patch.setattr(exchanging._Beside, "keep", lambda *given: None)  # planted: frozen with no file
        with pytest.raises(AssertionError):
            export(own, target)
    assert handed_over_from(own) == ["2026K4"]


def test_a_file_that_cannot_get_its_name_is_kept(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object) -> None:
        raise OSError(errno.EACCES, "")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fails)
        refused(export(own, tmp_path / "f.csv"), "Kvartalet er lukket her. Filen er hel")
    (kept,) = tmp_path.glob(".f.csv.*")
    assert handed_over_from(own) == ["2026K4"] and export(own, tmp_path / "f.csv").exit_code == 0
    assert kept.read_bytes() == (tmp_path / "f.csv").read_bytes()


def test_what_is_no_file_is_left_alone(own: Path) -> None:
    refused(export(own, Path("/dev/null")), "er ikke en fil")
    assert Path("/dev/null").is_char_device()


def test_taken_out_again(file: Path, tmp_path: Path) -> None:
    national = tmp_path / "national"
    refused(guide(national, "import-counters", "--undo", str(file)), "er ikke læst ind her. Intet er ændret.")
    assert guide(national, "import-counters", str(file)).exit_code == 0
    result = guide(national, "import-counters", str(file), "--undo")
    assert result.exit_code == 0 and "celler trukket fra igen" in result.stdout and counters(national) == {}
    assert guide(national, "import-counters", str(file)).exit_code == 0
    refused(guide(national, "import-counters", str(tmp_path / "none.csv")), "filen findes ikke")


def test_a_read_only_database_and_missing_tables(own: Path, file: Path, tmp_path: Path) -> None:
    data = tmp_path / "whole"
    db.prepare(db.open_engine(None, data))
    only_read = {"GUIDE_DATABASE_URL": f"sqlite:///file:{data}/guide.sqlite?mode=ro&uri=true"}
    told = "Databasen kan ikke bruges nu: der må ikke skrives i den. Intet er ændret."
    refused(guide(data, "import-counters", str(file), **only_read), told)
    for folder, tab in ((data, "taken"), (own, "mark")):
        with sqlite3.connect(folder / "guide.sqlite") as connection:
            connection.execute(f"drop table {tab}")
    refused(guide(tmp_path / "whole", "import-counters", str(file)), "Databasen mangler taken. Er det den rigtige")
    refused(export(own, tmp_path / "again.csv"), "Databasen mangler mark. Er det den rigtige")
    assert not (tmp_path / "again.csv").exists()


def test_only_the_national_installation_takes_in(file: Path, tmp_path: Path) -> None:
    refused(guide(tmp_path, "import-counters", str(file), GUIDE_SCOPE="viborg"), "GUIDE_SCOPE er sat")


@pytest.mark.parametrize("content", [b"", b"half a file", b"\xff\xfe", b"a;b;c\n1;2;3\n"])
def test_a_file_of_something_else(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.csv").write_bytes(content)
    refused(guide(tmp_path / "national", "import-counters", str(tmp_path / "f.csv")), "Intet er læst ind.")
    assert not (tmp_path / "national").exists()


def test_half_a_file(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    refused(guide(tmp_path / "national", "import-counters", str(file)), "Filen er ikke hel")
    file.write_bytes(whole.replace(b",use,viborg/skole,", b",use,viborg/skole,1"))
    refused(guide(tmp_path / "national", "import-counters", str(file)), "kontroltallet passer ikke")


def test_a_released_quarter_and_an_example(file: Path, tmp_path: Path) -> None:
    late, example = (db.open_engine(None, tmp_path / name) for name in ("late", "example"))
    for engine in (late, example):
        db.prepare(engine)
    released(late, "2027K1")
    with example.begin() as connection:
        connection.execute(insert(db.mark).values(name="example", value="8"))
    refused(guide(tmp_path / "late", "import-counters", str(file)), "er udgivet")
    refused(guide(tmp_path / "example", "import-counters", str(file)), "eksempeldata")
    assert counters(tmp_path / "late") == counters(tmp_path / "example") == {}


def test_databases_that_cannot_be_used(file: Path, tmp_path: Path) -> None:
    newer, wrong, locked = (tmp_path / name for name in ("newer", "wrong", "locked"))
    for data in (newer, locked):
        db.prepare(db.open_engine(None, data))
    with create_engine(f"sqlite:///{newer}/guide.sqlite").begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    wrong.mkdir()
    (wrong / "guide.sqlite").write_bytes(b"no database at all" * 100)
    refused(guide(newer, "import-counters", str(file)), "nyere udgave af guiden")
    refused(guide(wrong, "import-counters", str(file)), "Databasen kan ikke bruges nu")
    with sqlite3.connect(locked / "guide.sqlite") as held:
        held.execute("begin exclusive")
        refused(guide(locked, "import-counters", str(file)), "Databasen kan ikke bruges nu")
    refused(guide(tmp_path, "import-counters", str(file), GUIDE_DATABASE_URL="mysql://x"), "GUIDE_DATABASE_URL")
    assert guide(locked, "import-counters", str(file)).exit_code == 0
