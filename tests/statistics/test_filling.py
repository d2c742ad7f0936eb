"""`guide demo-data`: an empty database becomes a marked example; one with anything real in it is left as it was."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import OperationalError

from guide import cli, db
from guide.cli import demo
from guide.library.geography import Geography
from guide.library.library import Library
from guide.statistics import example, filling, release
from guide.statistics.filling import Made
from guide.statistics.official import Official
from guide.statistics.periods import Period
from guide.statistics.published import Reader
from guide.usage.counting import Counting
from tests.usage.conftest import database, fact, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

KEY = "s" * 32
NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
SMALL = ("koebenhavn", "frederiksberg", "bornholm", "odense", "nyborg", "aeroe", "langeland", "kerteminde")

REAL: dict[str, tuple[Any, dict[str, object]]] = {
    "counter": (db.counter, {"period": "2026K1", "tab": "use", "cell": "viborg/skole", "n": 1}),
    "release": (
        db.release,
        {"period": "2026K1", "day": "2026-04-20", "by": "", "catalogue": "", "digest": "", "audit": "{}"},
    ),
    "official": (db.official, {"tab": "und1", "period": "2024", "cell": "land/alle", "taken": "x", "n": 1}),
    "taken": (
        db.taken,
        {"id": "x", "kind": "counters", "period": "2026K1", "area": "viborg", "day": "2026-04-20", "note": ""},
    ),
}
"""A row that only a real database has."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(autouse=True)
def small_country(content: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Eight kommuner in three landsdele, two faggrupper."""
    areas = {name: content.geography.areas[name] for name in SMALL}
    landsdele = {
        id: name for id, name in content.geography.landsdele.items() if id in {a.landsdel for a in areas.values()}
    }
    flows = {name: content.flows[name] for name in ("tandpleje", "skole")}
    small = replace(content, geography=Geography(areas, landsdele, content.geography.source), flows=flows)
    monkeypatch.setattr("guide.cli.content.usable", lambda: small)
    return small


@pytest.fixture
def only_logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A release that is a line of the log and nothing else; the list tells which were made."""
    made = list[str]()

    def publish(engine: Engine, library: Library, quarter: Period, by: str, today: date) -> None:
        assert quarter.closed(today)
        log = {"period": str(quarter), "day": str(today), "by": by, "catalogue": "", "digest": "", "audit": "{}"}
        with engine.begin() as connection:
            connection.execute(insert(db.release), [log])
        made.append(str(quarter))

    monkeypatch.setattr(release, "publish", publish)
    monkeypatch.setattr(example, "counters", lambda *given: {("2024K1", "use", "odense/skole"): 12})
    return made


def fill(data: Path, url: str | None = None, *arguments: str, **more: str) -> Result:
    environment = {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": url or ""} | more
    return CliRunner().invoke(cli.main, ["demo-data", *arguments], env=environment, catch_exceptions=False)


def refused(result: Result, told: str) -> None:
    assert result.exit_code == 1 and told in result.stderr and len(result.stderr.splitlines()) == 1, result.output


def everything(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(select(t)))) for name, t in db.metadata.tables.items()}


def test_a_country_with_all_its_releases(data: Path, content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the command, the audit and all: what a page would read is there, marked. The whole country at night."""
    if NIGHT:
        monkeypatch.setattr("guide.cli.content.usable", lambda: content)
    result = fill(data)
    assert result.exit_code == 0 and result.stdout.count("Offentliggør") == 8 and "mærket" in result.stdout
    published = Reader(db.open_engine(None, data)).now()
    assert published.example and len(published.releases) == 8
    assert {one.by for one in published.releases} == {demo.BY}
    years = [period.year for period in published.years]
    assert all(one.day < date(years[-1] + 1, 2, 1) for one in published.releases)
    shown = {cell.key.table for cell in published.cells.values() if cell.n}
    assert shown == {"use", "level", "professions", "parents", "quality", "topics", "hours"}
    official = Official(db.open_engine(None, data)).now()
    for table in ("und1", "und2", "und3"):
        assert official.years(table) == [years[0] - 1, *years]
        assert all(official.number(table, years[1], area) for area in ("land", "odense", "bornholm"))
    assert official.rate("und1", years[1], "land")
    before = everything(db.open_engine(None, data))
    again = fill(data)
    assert again.exit_code == 0 and "allerede eksempeldata" in again.stdout
    assert everything(db.open_engine(None, data)) == before


def test_official_figures_are_named_made_up(data: Path, only_logged: list[str]) -> None:
    """The same again changes nothing, and every file says what it is."""
    assert fill(data).exit_code == 0
    engine = db.open_engine(None, data)
    before = everything(engine)
    assert len(before["taken"]) == 4 and all('"opdigtet-' in row[-1] for row in before["taken"])
    assert fill(data).exit_code == 0 and everything(engine) == before


@pytest.mark.parametrize("held", REAL)
def test_anything_real_is_left_as_it_was(data: Path, database: str | None, held: str, only_logged: list[str]) -> None:
    engine = db.open_engine(database, data)
    db.prepare(engine)
    with engine.begin() as connection:
        connection.execute(insert(REAL[held][0]), [REAL[held][1]])
    before = everything(engine)
    refused(fill(data, database), "Eksempeldata kommer kun i en tom database.")
    assert everything(engine) == before and only_logged == []


def test_the_mark_is_looked_for_and_not_only_the_rows(data: Path, only_logged: list[str]) -> None:
    """Planted fault: made-up counters whose mark was taken away are real for all one knows."""
    assert fill(data).exit_code == 0
    engine = db.open_engine(None, data)
    with engine.begin() as connection:
        connection.execute(db.mark.delete())
    refused(fill(data), "Databasen har tal fra rigtige forløb.")


def test_figures_that_wait_in_the_spool_are_real(data: Path, only_logged: list[str]) -> None:
    counting = Counting(data, [KEY], None, scoped=False)
    counting.record(lambda: [fact("one")])
    refused(fill(data), "Der venter rigtige tal i")
    counting.close()
    refused(fill(data), "Der venter rigtige tal i")
    assert len(counting.totals()) == 2  # the fact, and that it was counted
    refused(fill(data), "Databasen har tal fra rigtige forløb.")


def test_all_or_nothing(data: Path, database: str | None) -> None:
    """A counter that the database refuses takes the mark with it."""
    engine = db.open_engine(database, data)
    wrong: Any = {("2024K1", "use", "odense/skole"): 3, ("2024K1", "use", "odense/tandpleje"): None}
    with pytest.raises(db.DatabaseError):
        filling.fill(engine, data / "spool", Made(8, (2024, 2025)), wrong)
    assert filling.made(engine) is None and not any(everything(engine).values())


def test_what_was_begun_is_gone_on_with(
    data: Path, database: str | None, only_logged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish: Callable[..., None] = release.publish  # type: ignore[assignment]

    def stopped(*given: object) -> None:
        if len(only_logged) == 3:
            raise OperationalError("", {}, Exception())
        publish(*given)

    monkeypatch.setattr(release, "publish", stopped)
    refused(fill(data, database), "Databasen kan ikke bruges nu (OperationalError).")
    engine = db.open_engine(database, data)
    counters = everything(engine)["counter"]
    monkeypatch.setattr(release, "publish", publish)
    assert fill(data, database).exit_code == 0
    assert everything(engine)["counter"] == counters and len(set(only_logged)) == len(only_logged) == 8


def test_another_seed_has_a_database_of_its_own(data: Path, only_logged: list[str]) -> None:
    assert fill(data).exit_code == 0
    refused(fill(data, None, "--seed", "9"), "eksempeldata med seed 8")


@pytest.fixture
def newer(data: Path) -> Iterator[None]:
    engine = db.open_engine(None, data)
    db.prepare(engine)
    version = db.metadata.tables.get("alembic_version")
    assert version is None
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    yield


def test_bad_places_are_told(data: Path, newer: None, tmp_path: Path) -> None:
    refused(fill(data), "nyere udgave")
    refused(fill(data, GUIDE_SCOPE="viborg"), "GUIDE_SCOPE")
    refused(fill(data, "mysql://x/y"), "GUIDE_DATABASE_URL")
    db.prepare(db.open_engine(None, tmp_path / "lacking"))
    with db.open_engine(None, tmp_path / "lacking").begin() as connection:
        connection.exec_driver_sql("drop table taken")
    refused(fill(tmp_path / "lacking"), "Databasen mangler taken. Er det den rigtige database? Intet er ændret.")
    (tmp_path / "file").write_text("", "utf-8")
    refused(fill(tmp_path / "file"), "Databasen kan ikke bruges nu")


def test_a_mark_that_nobody_knows_is_told(data: Path, only_logged: list[str]) -> None:
    assert fill(data).exit_code == 0
    engine = db.open_engine(None, data)
    with engine.begin() as connection:
        connection.execute(update(db.mark).values(value="noget nyt"))
    refused(fill(data), "ikke kender")


def test_without_the_solver_nothing_is_begun(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "highspy", None)
    refused(fill(data), "[audit]")
    assert not (data / "guide.sqlite").exists()
