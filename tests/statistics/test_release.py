"""A release on SQLite and PostgreSQL: written once, whole or not at all, the same from the same counters.

Here the audit is one that finds nothing, or what a test wants; the real one is in test_publishing.py.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, select, text, update

from guide import db
from guide.library.library import Library
from guide.statistics import release as releasing
from guide.statistics.periods import Period
from guide.statistics.published import Reader
from guide.statistics.release import Refused, digest_of, drafted, ground, publish
from guide.statistics.sums import Counters
from guide.statistics.tables import Cell, Key, Status, catalogue
from guide.usage.exchange import IMPORT
from tests.statistics.counted import Found, Narrow, content_with, counters_of, fill, two_landsdele, walks
from tests.usage.conftest import database, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

FIRST, SECOND, LAST = Period(2026, 1), Period(2026, 2), Period(2026, 4)
LATER = date(2027, 1, 20)


@pytest.fixture(scope="module")
def small(content: Library) -> Library:
    return two_landsdele(content)


@pytest.fixture(scope="module")
def numbers(small: Library) -> Counters:
    stands = ground(small)
    return counters_of(walks(stands, 8, 3_000), stands)


@pytest.fixture
def engine(tmp_path: Path, database: str | None) -> Engine:
    return db.open_engine(database, tmp_path)


@pytest.fixture
def filled(engine: Engine, numbers: Counters) -> Engine:
    fill(engine, numbers)
    return engine


def everything(engine: Engine) -> dict[str, list[Any]]:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table)))) for name, table in db.metadata.tables.items()
        }


def audited(engine: Engine, small: Library, quarter: Period, **more: Any) -> Any:
    return publish(engine, small, quarter, "en prøve", LATER, auditor=content_with, **more)


def test_what_is_written_is_what_is_read(filled: Engine, small: Library, numbers: Counters) -> None:
    made = audited(filled, small, FIRST)
    found = Reader(filled).now()
    cells = [found.cells[key] for key in sorted(found.cells)]
    assert cells == releasing.cells_of(numbers, FIRST, ground(small)) and len(cells) > 300
    assert found.releases == (made,) and made.digest == digest_of(cells) and made.catalogue == catalogue()
    assert (made.by, made.day, made.audit["rounds"], made.audit["withheld"]) == ("en prøve", LATER, 1, [])
    assert sum(n for counts in made.audit["counts"].values() for n in counts.values()) == len(cells)  # type: ignore[attr-defined]


def test_the_year_comes_with_its_last_quarter(filled: Engine, small: Library) -> None:
    for number in (1, 2, 3):
        audited(filled, small, Period(2026, number))
    before = everything(filled)["figure"]
    assert not [row for row in before if row[1] == "2026"]
    audited(filled, small, LAST)
    after = everything(filled)["figure"]
    assert set(before) < set(after) and {row[1] for row in set(after) - set(before)} == {"2026K4", "2026"}
    assert {row[3] for row in after if row[1] == "2026"} == {"2026K4"}
    assert Reader(filled).now().years == [Period(2026)]


def test_same_counters_same_digest(tmp_path: Path, small: Library, numbers: Counters) -> None:
    rows, digests = list(numbers.items()), set[str]()
    for turn in range(3):
        random.Random(turn).shuffle(rows)
        engine = db.open_engine(None, tmp_path / str(turn))
        fill(engine, dict(rows))
        digests.add(audited(engine, small, LAST, from_here=True).digest)
    assert len(digests) == 1


def test_the_digest_is_of_every_cell() -> None:
    key = Key("use", "2026K4", "viborg", "alle", "forloeb")
    cells = [Cell(key, 10, Status.shown), Cell(key, 15, Status.shown), Cell(key, None, Status.few)]
    cells += [Cell(key, None, Status.folded), Cell(Key("use", "2026K4", "morsoe", "alle", "forloeb"), 10, Status.shown)]
    assert len({digest_of([cell]) for cell in cells}) == len(cells)
    assert digest_of(cells) == digest_of(cells[::-1])


# --- refused, and nothing changed ---


def before_it(quarter: Period) -> Callable[[Engine, Library], object]:
    return lambda engine, small: audited(engine, small, quarter, from_here=True)


def without(table: str) -> Callable[[Engine, Library], object]:
    def dropped(engine: Engine, small: Library) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"drop table {table}"))

    return dropped


REFUSED: dict[str, tuple[Callable[[Engine, Library], object] | None, Period, date, str]] = {
    "a year": (None, Period(2026), LATER, "et kvartal ad gangen, fx 2026Q4"),
    "not closed": (None, LAST, date(2027, 1, 13), "ikke lukket endnu. Det er det fra den 14. januar 2027"),
    "in the future": (None, Period(2030, 1), LATER, "ikke lukket"),
    "a gap": (None, SECOND, LATER, "2026K1 er ikke udgivet. Udgiv i rækkefølge"),
    "a later gap": (before_it(FIRST), LAST, LATER, "2026K2, 2026K3 er ikke udgivet"),
    "released": (before_it(FIRST), FIRST, LATER, "2026K1 er allerede udgivet"),
    "older than what is released": (before_it(SECOND), FIRST, LATER, "2026K2 er udgivet"),
    "no counters": (None, Period(2024, 4), LATER, "ingen tal for 2024K4"),
    "no table of figures": (without("figure"), FIRST, LATER, "mangler figure"),
    "no table of counters": (without("counter"), FIRST, LATER, "mangler counter"),
}


@pytest.mark.parametrize("why", REFUSED)
@pytest.mark.parametrize("dry", [True, False])
def test_refused(why: str, dry: bool, filled: Engine, small: Library) -> None:
    prepare, quarter, today, said = REFUSED[why]
    if prepare:
        prepare(filled, small)
    missing = "no table" in why
    before = None if missing else everything(filled)
    with pytest.raises(Refused, match=re.escape(said)):
        if dry:
            drafted(filled, small, quarter, today, auditor=content_with)
        else:
            publish(filled, small, quarter, "en prøve", today, auditor=content_with)
    assert missing or everything(filled) == before


def test_a_series_begins_once(filled: Engine, small: Library) -> None:
    """`--from-here` begins a series; it never leaps over a quarter of one."""
    audited(filled, small, SECOND, from_here=True)
    with pytest.raises(Refused, match="2026K3 er ikke udgivet"):
        audited(filled, small, LAST, from_here=True)


def test_a_quarter_without_walks_is_no_gap(engine: Engine, small: Library) -> None:
    stands = ground(small)
    fill(engine, counters_of(walks(stands, 8, 300, [1, 12]), stands))
    audited(engine, small, FIRST)
    audited(engine, small, LAST)
    assert Reader(engine).now().quarters == [FIRST, LAST]


def test_a_newer_database(filled: Engine, small: Library) -> None:
    with filled.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    before = everything(filled)
    with pytest.raises(db.NewerDatabase):
        audited(filled, small, FIRST)
    assert everything(filled) == before


def test_what_the_audit_never_accepts_is_not_published(filled: Engine, small: Library) -> None:
    hidden = Key("level", "2026K1", "bornholm", "alle", "akut")
    with pytest.raises(Refused, match="Revisionen kan ikke godkende 2026K1"):
        publish(filled, small, FIRST, "en prøve", LATER, auditor=lambda *_: Found((Narrow(hidden),)))
    assert everything(filled)["release"] == everything(filled)["figure"] == []


def test_content_without_kommuner(filled: Engine, small: Library) -> None:
    with pytest.raises(Refused, match="ingen kommuner"):
        audited(filled, Library(flows=small.flows), FIRST)


# --- whole or not at all ---


@pytest.mark.parametrize("nth", [1, 2])
def test_a_write_that_fails_leaves_nothing(nth: int, filled: Engine, small: Library) -> None:
    """T-R6: the log and the figures are two statements; whichever fails, and after which, the old state stands."""
    before, written = everything(filled), list[str]()

    def fails(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT"):
            written.append(statement)
            if len(written) == nth:
                raise OSError("the disk fails")

    event.listen(filled, "after_cursor_execute", fails)
    with pytest.raises(OSError, match="the disk fails"):
        audited(filled, small, FIRST)
    event.remove(filled, "after_cursor_execute", fails)
    assert len(written) == nth and everything(filled) == before
    audited(filled, small, FIRST)


def test_the_failing_write_is_caught_when_there_are_two_transactions(filled: Engine, small: Library) -> None:
    """Planted: the log is committed before the figures are written. The test above then finds half a release."""

    def commits(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO release"):
            cursor.connection.commit()

    event.listen(filled, "after_cursor_execute", commits)
    with pytest.raises(AssertionError):
        test_a_write_that_fails_leaves_nothing(2, filled, small)


def test_two_at_once(filled: Engine, small: Library) -> None:
    """Both audit; one writes, the other is told that it is done."""
    both, told = threading.Barrier(2), list[str]()

    def meet(*arguments: object) -> Found:
        both.wait(30)
        return Found()

    def one() -> None:
        try:
            told.append(publish(filled, small, FIRST, "en prøve", LATER, auditor=meet).digest)
        except Refused as error:
            told.append(str(error))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(told) == 2 and sum("allerede udgivet" in said for said in told) == 1
    assert len(everything(filled)["release"]) == 1


def test_counters_that_move_meanwhile_are_in_it(filled: Engine, small: Library) -> None:
    """What is drained while the audit runs is neither lost nor left out of the figures."""
    asked = list[int]()

    def meanwhile(*arguments: object) -> Found:
        asked.append(len(asked))
        if len(asked) == 1:
            with filled.begin() as connection:
                this = (db.counter.c.period == "2026K1") & (db.counter.c.cell == "bornholm/skole")
                connection.execute(update(db.counter).where(this).values(n=500))
        return Found()

    publish(filled, small, FIRST, "en prøve", LATER, auditor=meanwhile)
    cell = Reader(filled).now().cell("use", FIRST, "bornholm", "skole", "forloeb")
    assert cell is not None and cell.n == 500 and len(asked) == 2


def test_counters_that_never_rest(filled: Engine, small: Library) -> None:
    asked = list[int]()

    def meanwhile(*arguments: object) -> Found:
        asked.append(len(asked))
        with filled.begin() as connection:
            connection.execute(update(db.counter).values(n=db.counter.c.n + 1))
        return Found()

    with pytest.raises(Refused, match="Tællerne ændrer sig"):
        publish(filled, small, FIRST, "en prøve", LATER, auditor=meanwhile)
    assert len(asked) == releasing.TRIES and everything(filled)["release"] == []


def test_what_came_by_import_is_told_to_the_audit(filled: Engine, small: Library) -> None:
    heard = list[Any]()
    row = {"id": "x", "kind": IMPORT, "period": "2026K1", "area": "bornholm", "day": "2026-04-20", "note": ""}
    with filled.begin() as connection:
        connection.execute(insert(db.taken), [row, row | {"id": "y", "period": "2025K4", "area": "hjoerring"}])
    publish(filled, small, FIRST, "en prøve", LATER, auditor=lambda cells, known: heard.append(known) or Found())
    assert heard[0].apart == frozenset({"bornholm"}) and heard[0].landsdele["bornholm"] == "bornholm"
    assert "laesoe" not in heard[0].landsdele and heard[0].first["skole"] == "akut-fare"
