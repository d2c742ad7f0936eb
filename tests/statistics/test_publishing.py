"""`guide release` from the counters of walks to what a page reads; and each way in which it says no."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, select, text

from guide import cli, db
from guide.cli import publishing
from guide.library.library import Library
from guide.statistics.periods import Period
from guide.statistics.published import Reader
from guide.statistics.sums import ground
from guide.statistics.tables import THRESHOLD
from guide.usage import counting
from guide.usage.facts import Fact
from tests.statistics.counted import counters_of, two_landsdele, walks
from tests.usage.conftest import Desk, database, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

KEY = "p" * 32
THIRD = Period(2026, 3)
"""Closed on the day that the tests are read as."""


def command(data: Path, url: str | None, *arguments: str, **more: str) -> Result:
    environment = {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": url or ""} | more
    given = ["release", *(arguments or ("--period", "2026Q3", "--from-here", "--by", "Prøve"))]
    return CliRunner().invoke(cli.main, given, env=environment, catch_exceptions=False)


@pytest.fixture(scope="module")
def facts(content: Library) -> list[Fact]:
    """What walks of a quarter count."""
    stands = ground(two_landsdele(content))
    counters = counters_of(walks(stands, 8, 3_000, range(7, 10)), stands)
    return [Fact(*cell, secrets.token_bytes(16), n) for cell, n in sorted(counters.items())]


@pytest.fixture
def known(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two landsdele only, and the content is not read anew for each command: the audit of all is tried elsewhere."""
    monkeypatch.setattr("guide.cli.content.usable", lambda: two_landsdele(content))


@pytest.fixture
def begun(tmp_path: Path, facts: list[Fact], known: None) -> Desk:
    """An installation with a few facts on SQLite."""
    desk = Desk(tmp_path / "data", [KEY])
    desk.facts(facts[::50])
    desk.drain()
    desk.close()
    return desk


@pytest.fixture
def walked(tmp_path: Path, database: str | None, facts: list[Fact], known: None) -> Desk:
    """An installation where people walked; half of it still lies in the spool."""
    desk = Desk(tmp_path / "data", [KEY], database)
    desk.facts(facts[::2])
    desk.drain()
    desk.facts(facts[1::2])
    desk.close()
    return desk


def engine_of(desk: Desk) -> Engine:
    return desk._engine


def rows(engine: Engine, *tables: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for name in tables for row in connection.execute(select(db.metadata.tables[name]))]


def test_from_walks_to_figures(walked: Desk, tmp_path: Path, database: str | None) -> None:
    """What lay in the spool is in it; what is shown is what a page reads; it is told in Danish."""
    dry = command(tmp_path / "data", database, "--period", "2026K3", "--dry-run", "--from-here")
    assert dry.exit_code == 0 and "2026K3 ville blive udgivet" in dry.output
    assert rows(engine_of(walked), "release", "figure") == []
    done = command(tmp_path / "data", database)
    assert done.exit_code == 0, done.output
    assert (
        "2026K3 er udgivet" in done.output
        and "Ingen læser kan regne et skjult tal ned til et interval under 5." in done.output
    )
    assert dry.output.splitlines()[1:] == done.output.splitlines()[1:-1]
    assert not list(walked.folder.glob("*.closed"))
    published = Reader(engine_of(walked)).now()
    assert published.newest and (published.newest.by, published.newest.period) == ("Prøve", THIRD)
    total = sum(n for (of, tab, _), n in walked.sums().items() if (of, tab) == ("2026K3", "use"))
    cell = published.cell("use", THIRD, "land", "alle", "forloeb")
    assert cell is not None and cell.n is not None and abs(cell.n - total) <= 2 < total
    assert all(cell.n is None or cell.n >= THRESHOLD for cell in published.cells.values())
    again = command(tmp_path / "data", database)
    assert again.exit_code == 1 and "2026K3 er allerede udgivet" in again.output


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026", "et kvartal ad gangen"),
        ("2026Q5", "er ikke en periode"),
        ("sidste", "er ikke en periode"),
        ("", "er ikke en periode"),
        ("2026Q4", "ikke lukket endnu. Det er det fra den 14. januar 2027."),
        ("2025Q1", "ingen tal for 2025K1"),
        ("1926Q1", "er ikke en periode"),
    ],
)
def test_a_period_that_cannot_be(period: str, said: str, begun: Desk, tmp_path: Path) -> None:
    result = command(tmp_path / "data", None, "--period", period)
    assert result.exit_code != 0 and said in result.output
    assert rows(engine_of(begun), "release", "figure") == []


def refused(result: Result, said: str) -> None:
    """1 and one Danish sentence, no trace."""
    assert result.exit_code == 1 and said in result.output and "Traceback" not in result.output


def test_one_kommune_does_not_publish(tmp_path: Path) -> None:
    refused(command(tmp_path / "data", None, GUIDE_SCOPE="viborg"), "Brug «guide export-counters»")
    assert not (tmp_path / "data").exists()


def test_an_example_is_not_published_twice(begun: Desk, tmp_path: Path) -> None:
    with engine_of(begun).begin() as connection:
        connection.execute(insert(db.mark), [{"name": "example", "value": "8"}])
    refused(command(tmp_path / "data", None), "fyldt med eksempeldata")


def test_a_database_of_a_newer_guide(begun: Desk, tmp_path: Path) -> None:
    with engine_of(begun).begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    refused(command(tmp_path / "data", None), "nyere udgave")
    assert rows(engine_of(begun), "release", "figure") == []


@pytest.mark.parametrize("table", ["counter", "figure", "release", "mark", "taken"])
def test_a_table_is_missing(table: str, begun: Desk, tmp_path: Path) -> None:
    with engine_of(begun).begin() as connection:
        connection.execute(text(f"drop table {table}"))
    refused(command(tmp_path / "data", None), f"mangler {table}")


def test_a_database_that_may_not_be_written(begun: Desk, tmp_path: Path) -> None:
    only_read = f"sqlite:///file:{tmp_path}/data/guide.sqlite?mode=ro&uri=true"
    refused(command(tmp_path / "data", only_read), "Databasen kan ikke bruges nu: der må ikke skrives i den. Intet er")


@pytest.mark.parametrize(("n", "said"), [(0, None), (1, "1 sammenhæng blev"), (7, "7 sammenhænge blev")])
def test_links_that_the_figures_contradict_are_told(n: int, said: str | None) -> None:
    log = {"counts": {}, "hidden": 3, "rounds": 1, "narrowest": 9.0, "withheld": [], "loosened": n}
    told = "\n".join(publishing._told(log))
    assert (said in told and "ikke brugt, fordi tallene modsiger" in told) if said else "modsiger" not in told


def test_the_spool_of_another_key(begun: Desk, tmp_path: Path) -> None:
    """Facts that nobody here can read belong to the quarter: it is not published without them."""
    other = Desk(tmp_path / "data", ["q" * 32])
    other.facts([Fact("2026K3", "use", "viborg/skole", secrets.token_bytes(16))])
    other.close()
    refused(command(tmp_path / "data", None), "kan ikke tælles med")
    assert rows(engine_of(begun), "release", "figure") == []


def test_without_the_solver(begun: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    refused(command(tmp_path / "data", None), "highspy")
    assert rows(engine_of(begun), "release", "figure") == []


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/none", "mysql://x/y", "rubbish"])
def test_no_database(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAIT", 0.2)
    monkeypatch.setattr(counting, "PATIENCE", 0.5)
    result = command(tmp_path / "data", url)
    assert result.exit_code == 1 and ("kan ikke bruges" in result.output or "GUIDE_DATABASE_URL" in result.output)


def test_a_database_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "guide.sqlite").write_bytes(b"this is a letter, not a database" * 40)
    refused(command(tmp_path / "data", None), "kan ikke bruges nu")
