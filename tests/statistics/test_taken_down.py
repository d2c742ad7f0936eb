"""A published figure is taken down with the very lines that docs/drift.md gives: gone everywhere, and told why."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from guide import db
from guide.library.library import Library
from guide.paper import tray
from guide.statistics.audit import Auditor
from guide.statistics.periods import Period
from guide.statistics.published import Correction, Published, Reader
from guide.statistics.release import drafted, publish
from guide.statistics.sums import ground
from guide.statistics.tables import Cell, Key, Status
from tests.paper.test_download import KEPT
from tests.statistics.counted import counters_of, fill, two_landsdele, walks
from tests.statistics.figures import Marked, shipped_figures, write
from tests.usage.conftest import database, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

DRIFT = Path(__file__).parents[2] / "docs" / "drift.md"

ODD = 123_455
"""A number that stands nowhere else."""

WHY = "Odense, 4. kvartal 2026, niveauer: tallene var forkerte."


def lines(period: str = "2026K4", area: str = "odense") -> str:
    """The SQL of the document, for another row than the one it gives as an example."""
    found = re.findall(r"```sql\n(.*?)```", DRIFT.read_text("utf-8"), re.DOTALL)
    assert len(found) == 1 and "2026K4" in found[0] and "odense/alle/%" in found[0]
    return str(found[0]).replace("'2026K4'", f"'{period}'").replace("odense/alle", f"{area}/alle")


def run(engine: Engine, script: str) -> None:
    """As in the database's own shell: all lines at once."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(engine.url.database))) as connection:
            connection.executescript(script)
    else:
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(script)


def odd_figures() -> Published:
    """The made-up figures of one kommune and the country, with one number that can be told from all others."""
    real = shipped_figures()
    cells = {k: c for k, c in real.cells.items() if k.area in ("odense", "land") and k.table in ("use", "level")}
    assert ODD not in {cell.n for cell in cells.values()}
    row = [Key("level", "2025", "odense", "alle", column) for column in ("bekymring", "alle")]
    return Published(real.releases, cells | {at: Cell(at, ODD, Status.shown) for at in row}, example=False)


ADDRESSES = ["/statistik/data/niveau.csv", "/statistik/data/niveau.json", "/statistik/kommune/odense/?periode=2025"]

PAPER = "/statistik/kommune/odense/noegletal.pdf?periode=2025"
"""Has what was made of the numbers besides."""


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def engine(tmp_path: Path, database: str | None) -> Engine:
    engine = db.open_engine(database, tmp_path)
    write(odd_figures(), engine)
    return engine


@pytest.fixture
def reader(
    shipped_app: Flask, engine: Engine, clock: list[float], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[FlaskClient]:
    """A visitor of a guide that reads the database; its papers are the HTML they are made of."""
    monkeypatch.setitem(shipped_app.extensions, "guide.figures", Reader(engine, lambda: clock[0]))
    monkeypatch.setitem(shipped_app.extensions, "guide.figures.engine", engine)
    monkeypatch.setitem(shipped_app.extensions, "guide.example", Marked(False))
    monkeypatch.setitem(shipped_app.extensions, "guide.tray", tray.Tray(tmp_path / "papers", "abc"))
    monkeypatch.setattr(tray, "COMMAND", KEPT)
    return shipped_app.test_client()


def stands(reader: FlaskClient) -> list[str]:
    """The addresses where the number is read."""
    forms = (str(ODD), "123.455")
    return [address for address in ADDRESSES if any(form in reader.get(address).text for form in forms)]


def test_the_lines_of_the_document_take_a_number_down(reader: FlaskClient, engine: Engine, clock: list[float]) -> None:
    assert stands(reader) == ADDRESSES and "Der er ingen rettelser." in reader.get("/statistik/om/").text
    paper = reader.get(PAPER).text
    assert paper and reader.get(PAPER).text == paper
    run(engine, lines("2025"))
    clock[0] += 21
    assert reader.get(PAPER).status_code == 200 and reader.get(PAPER).text != paper
    assert stands(reader) == [] and str(ODD) not in reader.get("/statistik/om/").text
    page = re.sub(r"<[^>]*>", "", reader.get("/statistik/om/").text)
    assert f"5. marts 2027: {WHY}" in page and "Der er ingen rettelser." not in page
    gone = [row for row in reader.get("/statistik/data/niveau.csv").text.splitlines() if row.startswith("2025,odense")]
    assert gone and all(",,samlet," in row or ",,ikke-relevant," in row for row in gone)


def test_a_number_that_only_the_mark_tells_of_is_found(reader: FlaskClient, engine: Engine, clock: list[float]) -> None:
    """Two planted faults: the figure is left standing; and it goes without a mark, so that nobody reads it anew."""
    assert stands(reader) == ADDRESSES
    update, mark = re.findall(r"((?:update|insert) [^;]*;)", lines("2025"))
    run(engine, f"begin; {mark} commit;")
    clock[0] += 21
    assert WHY in reader.get("/statistik/om/").text and set(stands(reader)) == set(ADDRESSES)
    run(engine, f"begin; {update} commit;")
    clock[0] += 21
    assert stands(reader) == ADDRESSES


def test_what_was_written_by_hand_breaks_no_page(tmp_path: Path) -> None:
    engine = db.open_engine(None, tmp_path)
    write(Published(), engine)
    for name in ("rettelse 2027-03-05", "rettelse 2027-03-05 b", "rettelse 2027-13-45", "rettelse i marts", "noget"):
        run(engine, f"insert into mark (name, value) values ('{name}', 'x')")
    day = date(2027, 3, 5)
    found = [Correction(day, "x"), Correction(day, "x"), Correction(None, "x"), Correction(None, "x")]
    assert Reader(engine).now().corrections == tuple(found)


def test_a_quarter_can_be_published_after_it(content: Library, tmp_path: Path) -> None:
    """The audit takes the row for hidden, and asks for nothing that cannot be given."""
    few, engine = two_landsdele(content), db.open_engine(None, tmp_path)
    on = ground(few)
    fill(engine, counters_of(walks(on, 8, 4_000, range(1, 7)), on))
    day = date(2026, 11, 22)
    publish(engine, few, Period(2026, 1), "prøve", day, auditor=Auditor())
    shown = [cell for cell in Reader(engine).now().cells.values() if cell.key.area == "aalborg" and cell.n]
    assert any(cell.key.table == "level" for cell in shown)
    run(engine, lines("2026K1", "aalborg"))
    cells = {cell.key: cell for cell in Reader(engine).now().cells.values()}
    assert all(c.n is None for k, c in cells.items() if (k.table, k.area) == ("level", "aalborg"))
    assert not drafted(engine, few, Period(2026, 2), day, auditor=Auditor()).made.audit.narrow
