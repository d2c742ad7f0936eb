"""One kommune's quarter to another database: all of it, once, folded by the rules; or nothing and a Danish sentence.

Counters are of real walks through the shipped content, played without a web. The file is in `test_exchange_file.py`,
the commands in `test_exchange_commands.py`.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert, select

from guide import db
from guide.flows.walk import Walk
from guide.library.library import Library
from guide.usage import exchange
from guide.usage.counters import Place, answered, begun
from guide.usage.exchange import Refused, Sheet, apart, folded, handed_over, read, take_in, take_out, written
from guide.usage.facts import Fact
from tests.conftest import shipped_content
from tests.usage.conftest import Desk
from tests.usage.test_counters import at
from tests.usage.test_frozen import released

SEED = 20261122
QUARTER, DAY = "2026K4", "2027-01-20"
NOVEMBER = at(2026, 11, 18, 12)

Rows = dict[tuple[str, str, str], int]


@cache
def walked(kommune: str, walks: int = 25, now: float = NOVEMBER, scope: bool = True) -> tuple[Fact, ...]:
    """The facts of random walks in every flow of a kommune, in an installation of its own."""
    library, chance, found = shipped_content(), random.Random(f"{SEED} {kommune}"), list[Fact]()
    for number in range(walks):
        flow = chance.choice(sorted(library.flows))
        playable = library.playable(kommune, flow)
        assert playable
        place = Place(library.geography.counted_as(kommune), flow, scope=scope)
        walk, key = Walk(playable.flow, playable.machine, {}), f"{kommune} {number} {now}"
        found += begun(place, walk, key, now)
        while question := playable.flow.questions.get(walk.current):
            step, after = walk.current, walk.answer(walk.current, [chance.choice(list(question.options))])
            found += answered(place, walk, after, step, key, now, first=True)
            walk = after
    return tuple(found)


def desk_of(data: Path, kommune: str, url: str | None = None, facts: tuple[Fact, ...] | None = None) -> Desk:
    """The installation of one kommune, with everything drained."""
    desk = Desk(data, url=url, scoped=True)
    desk.facts(walked(kommune) if facts is None else facts)
    desk.drain()
    return desk


def of(engine: Engine) -> Rows:
    """All counters but operations."""
    return {row[:3]: row[3] for row in db.totals(engine) if row[1] != "operations"}


@pytest.fixture
def sheet(content: Library, tmp_path: Path) -> Sheet:
    """What Viborg hands over."""
    return handed_over(desk_of(tmp_path / "viborg", "viborg")._engine, "viborg", QUARTER, content, DAY)


@pytest.fixture
def national(tmp_path: Path, database: str | None) -> Engine:
    """A national database with walks of its own."""
    desk = Desk(tmp_path / "national", url=database)
    desk.facts(walked("odense", 5, scope=False))
    desk.drain()
    return desk._engine


# --- all of it, folded ---


def imported(engine: Engine, year: int) -> frozenset[str]:
    with engine.connect() as connection:
        return apart(connection, year)


@pytest.mark.parametrize("kommune", ["viborg", "laesoe"])
def test_the_total_is_the_folded_total(content: Library, tmp_path: Path, national: Engine, kommune: str) -> None:
    desk = desk_of(tmp_path / "own", kommune)
    before, local = of(national), of(desk._engine)
    sheet = handed_over(desk._engine, kommune, QUARTER, content, DAY)
    again = read(written(sheet), content)
    take_in(national, again, DAY)
    grown = Counter(of(national))
    grown.subtract(before)
    assert +grown == sheet.rows == again.rows == local, "nothing here was to be left out"
    assert again.total == sum(local.values()) > 200
    assert {"use", "level", "professions", "parents", "quality", "hours"} == {tab for _, tab, _ in sheet.rows}
    assert imported(national, 2026) == {kommune} and imported(national, 2027) == frozenset()
    counted = content.geography.counted_as(kommune)
    assert {c.split("/")[0] for _, tab, c in sheet.rows if tab in ("use", "level")} == {counted}
    with national.connect() as connection:
        cells = connection.scalars(select(db.counter.c.cell)).all()
    assert not any("laesoe" in cell for cell in cells)


def test_two_kommuner_and_what_was_there_add_up(content: Library, tmp_path: Path, national: Engine) -> None:
    want = Counter(of(national))
    for kommune in ("viborg", "laesoe", "fanoe"):
        sheet = handed_over(desk_of(tmp_path / kommune, kommune)._engine, kommune, QUARTER, content, DAY)
        take_in(national, read(written(sheet), content), DAY)
        want += Counter(sheet.rows)
    assert of(national) == want and imported(national, 2026) == {"viborg", "laesoe", "fanoe"}


ROWS = [
    ("2026K4", "use", "viborg/skole", 7, True),
    ("2026K4", "use", "odense/skole", 7, False),  # from the time when it served all
    ("2026K4", "use", "hele-landet/skole", 7, False),
    ("2026K3", "use", "viborg/skole", 7, False),
    ("2026K4", "level", "viborg/akut", 7, True),
    ("2026", "level", "viborg/skole/akut", 7, True),
    ("2026K4", "level", "viborg/skole/akut", 7, False),
    ("2026", "level", "viborg/akut", 7, False),
    ("2026", "professions", "skole/akut", 7, True),
    ("2026M11", "professions", "skole/akut", 7, False),
    ("2026", "parents", "skole/kun-udsat", 7, True),
    ("2026", "parents", "skole/altid", 7, False),
    ("2026K4", "hours", "outside", 7, True),
    ("2026K4", "hours", "16", 7, False),
    ("2026K4", "quality", "skole/akut-fare/shown", 7, True),
    ("2026K4", "quality", "skole/vores-eget/shown", 7, False),  # an own step would name the kommune
    ("2026K4", "quality", "skole/akut-fare/seen", 7, False),
    ("2026", "topics", "skole/straks-vold", 7, False),
    ("2026K4", "operations", "counted", 7, False),
    ("2026K4", "use", "viborg/fritid", 7, False),  # a flow that is no more
]


def test_what_is_handed_over_and_what_is_left_out(content: Library) -> None:
    sheet = folded([row[:4] for row in ROWS], "viborg", QUARTER, content)
    assert sheet.rows == {row[:3]: 7 for row in ROWS if row[4]}
    third = folded([("2026", *row[1:4]) for row in ROWS] + [row[:4] for row in ROWS], "viborg", "2026K3", content)
    assert third.rows == {("2026K3", "use", "viborg/skole"): 7}, "the year comes with the fourth quarter only"


def test_a_small_kommune_that_was_counted_by_name_is_folded(content: Library) -> None:
    rows = [("2026K4", "use", "laesoe/skole", 3), ("2026K4", "use", "oevrige/skole", 4)]
    assert folded(rows, "laesoe", QUARTER, content).rows == {("2026K4", "use", "oevrige/skole"): 7}


# --- once, and all or nothing ---


def test_taken_in_twice_is_refused(content: Library, sheet: Sheet, national: Engine) -> None:
    take_in(national, sheet, DAY)
    after = of(national)
    other = Sheet(sheet.kommune, sheet.quarter, dict(list(sheet.rows.items())[:3]))  # another file, the same quarter
    for one in (sheet, other):
        with pytest.raises(Refused, match="læst ind før, den 20. januar 2027"):
            take_in(national, one, DAY)
    assert of(national) == after


def test_a_released_quarter_takes_nothing(sheet: Sheet, national: Engine) -> None:
    before = of(national)
    released(national, QUARTER)
    with pytest.raises(Refused, match="udgivet"):
        take_in(national, sheet, DAY)
    assert of(national) == before and imported(national, 2026) == frozenset()


def test_what_was_taken_in_can_be_taken_out_until_it_is_released(sheet: Sheet, national: Engine) -> None:
    before = of(national)
    take_in(national, sheet, DAY)
    for other, told in ((Sheet("odense", QUARTER, sheet.rows), "er ikke læst ind her"), (other_of(sheet), "anden fil")):
        with pytest.raises(Refused, match=told):
            take_out(national, other)
    take_out(national, sheet)
    assert of(national) == before and imported(national, 2026) == frozenset()
    take_in(national, sheet, DAY)  # and in again
    released(national, QUARTER)
    after = of(national)
    with pytest.raises(Refused, match="udgivet"):
        take_out(national, sheet)
    assert of(national) == after != before


def test_what_the_counters_no_longer_have_is_not_taken_out(sheet: Sheet, national: Engine) -> None:
    take_in(national, sheet, DAY)
    with national.begin() as connection:
        connection.execute(db.counter.update().where(db.counter.c.tab == "hours").values(n=1))
    after = of(national)
    with pytest.raises(Refused, match="mindre, end filen lagde til"):
        take_out(national, sheet)
    assert of(national) == after and imported(national, 2026) == {"viborg"}


def other_of(sheet: Sheet) -> Sheet:
    """Another file of the same kommune and quarter."""
    return Sheet(sheet.kommune, sheet.quarter, dict(list(sheet.rows.items())[:3]))


def quarter_of(sheet: Sheet, quarter: str) -> Sheet:
    """The rows of the quarter, as if they were of another one."""
    return Sheet(sheet.kommune, quarter, {(quarter, *key[1:]): n for key, n in sheet.rows.items() if key[0] == QUARTER})


def test_a_quarter_before_the_national_series_is_refused(sheet: Sheet, national: Engine, tmp_path: Path) -> None:
    before = of(national)
    with pytest.raises(Refused, match="de nationale tal begynder med 2026K4"):
        take_in(national, quarter_of(sheet, "2026K3"), DAY)
    assert of(national) == before
    empty = Desk(tmp_path / "empty")._engine
    for old in ("2025K4", "2024K4"):
        with pytest.raises(Refused, match="begynder med 2026K1"):
            take_in(empty, quarter_of(sheet, old), DAY)
    assert of(empty) == {} and imported(empty, 2025) == frozenset()
    take_in(empty, quarter_of(sheet, "2026K2"), DAY)
    take_in(empty, quarter_of(sheet, "2026K1"), DAY)  # what was taken in does not begin the series


@pytest.mark.parametrize(
    ("rows", "scope", "told"),
    [
        ((("use", "odense/skole"), ("use", "viborg/skole")), "viborg", "tal for odense i 2026K4"),
        ((("level", "odense/akut"),), "viborg", "tal for odense"),
        ((("use", "oevrige/skole"),), "viborg", "tal for oevrige"),
        ((("use", "hele-landet/skole"),), "viborg", "tal for hele-landet"),
        ((("use", "viborg/skole"),), "laesoe", "tal for viborg"),
    ],
)
def test_somebody_elses_walks_are_not_handed_over(
    content: Library, tmp_path: Path, rows: tuple[tuple[str, str], ...], scope: str, told: str
) -> None:
    facts = tuple(Fact(QUARTER, *row, f"{n}".encode() * 16) for n, row in enumerate(rows))
    desk = desk_of(tmp_path, "viborg", None, facts)
    with pytest.raises(Refused, match=told):
        handed_over(desk._engine, scope, QUARTER, content, DAY)
    with desk._engine.connect() as connection:
        assert connection.execute(select(db.taken)).all() == []


def test_a_year_that_began_before_the_installation_was_for_one_kommune(content: Library, tmp_path: Path) -> None:
    early = Fact("2026", "level", "odense/skole/akut", b"o" * 16)
    desk = desk_of(tmp_path, "viborg", None, (*walked("viborg", 3), early))
    rows = handed_over(desk._engine, "viborg", QUARTER, content, DAY).rows
    assert rows and not any("odense" in cell for _, _, cell in rows)
    alone = desk_of(tmp_path / "alone", "viborg", None, (early, Fact("2026", "parents", "skole/ikke", b"p" * 16)))
    with pytest.raises(Refused, match="tal for odense"):
        handed_over(alone._engine, "viborg", QUARTER, content, DAY)


def at_once(engine: Engine, sheets: list[Sheet]) -> int:
    """Take all in at the same moment; how many were taken."""
    together, done = threading.Barrier(len(sheets)), list[bool]()

    def one(sheet: Sheet) -> None:
        together.wait()
        try:
            take_in(engine, sheet, DAY)
            done.append(True)
        except (Refused, db.DatabaseError):
            done.append(False)

    threads = [threading.Thread(target=one, args=[sheet]) for sheet in sheets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def same_quarter(sheet: Sheet, n: int) -> list[Sheet]:
    """Different files of one kommune and quarter."""
    rows = list(sheet.rows.items())
    return [Sheet(sheet.kommune, sheet.quarter, dict(rows[start:])) for start in range(n)]


def test_files_taken_in_at_once_are_taken_in_once(sheet: Sheet, national: Engine) -> None:
    before = Counter(of(national))
    assert at_once(national, same_quarter(sheet, 4)) == 1
    grown = sum(of(national).values()) - before.total()
    assert grown in {one.total for one in same_quarter(sheet, 4)}


def test_an_import_that_holds_nothing_is_found(
    sheet: Sheet, tmp_path: Path, postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Desk(tmp_path, url=postgres_database)._engine
    db.prepare(engine)
    real, together = exchange._taken, threading.Barrier(4)

    def slow(connection: db.Connection, of: dict[str, str]) -> str | None:
        found = real(connection, of)
        together.wait()  # so that all have looked before one writes
        return found

    monkeypatch.setattr(exchange, "hold", lambda connection: None)
    monkeypatch.setattr(exchange, "_taken", slow)
    assert at_once(engine, same_quarter(sheet, 4)) > 1


def failing(engine: Engine, nth: int) -> Callable[[], bool]:
    """Let the nth statement or the commit after them fail; says whether it did."""
    asked = list[str]()

    def step(*given: object) -> None:
        asked.append("")
        if len(asked) == nth:
            raise OSError("the disk fails")

    event.listen(engine, "before_cursor_execute", step)
    event.listen(engine, "commit", step)
    return lambda: len(asked) >= nth


def test_every_operation_fails_once_and_all_or_nothing_is_in(
    sheet: Sheet, tmp_path: Path, database: str | None
) -> None:
    engine = Desk(tmp_path / "national", url=database)._engine
    db.prepare(engine)
    for nth in range(1, 50):
        spoiled = db.open_engine(database, tmp_path / "national")
        failed = failing(spoiled, nth)
        try:
            take_in(spoiled, sheet, DAY)
        except OSError:
            assert of(engine) == {} and imported(engine, 2026) == frozenset()
            continue
        assert not failed() or nth > 4
        break
    assert of(engine) == sheet.rows and imported(engine, 2026) == {"viborg"} and nth > 4


def example(engine: Engine) -> None:
    db.prepare(engine)
    with engine.begin() as connection:
        connection.execute(insert(db.mark).values(name="example", value="8"))


def test_an_example_neither_gives_nor_takes(content: Library, sheet: Sheet, tmp_path: Path, national: Engine) -> None:
    before = of(national)
    example(national)
    with pytest.raises(Refused, match="eksempeldata"):
        take_in(national, sheet, DAY)
    with pytest.raises(Refused, match="eksempeldata"):
        handed_over(national, "viborg", QUARTER, content, DAY)
    with pytest.raises(Refused, match="eksempler"):
        handed_over(desk_of(tmp_path / "own", "viborg")._engine, "eksempel", QUARTER, content, DAY)
    assert of(national) == before


def test_nothing_is_not_handed_over(content: Library, tmp_path: Path) -> None:
    desk = desk_of(tmp_path / "own", "viborg")
    for kommune, quarter in (("viborg", "2026K3"), ("odense", "2026K3")):
        with pytest.raises(Refused, match="ingen tal"):
            handed_over(desk._engine, kommune, quarter, content, DAY)
    with desk._engine.connect() as connection:
        assert connection.execute(select(db.taken)).all() == [], "and nothing is frozen"


def test_a_newer_database_is_left_alone(sheet: Sheet, content: Library, national: Engine) -> None:
    with national.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    with pytest.raises(db.NewerDatabase):
        take_in(national, sheet, DAY)
    with pytest.raises(db.NewerDatabase):
        handed_over(national, "viborg", QUARTER, content, DAY)


# --- what was handed over is frozen ---


def test_handed_over_again_it_is_the_same_and_late_facts_wait_for_the_next(content: Library, tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "viborg")
    first = handed_over(desk._engine, "viborg", QUARTER, content, DAY)
    desk._clock.at = at(2027, 2, 1, 12)  # type: ignore[attr-defined]
    late = walked("viborg", 3, NOVEMBER + 1)
    desk.facts(late)
    desk.drain()
    assert handed_over(desk._engine, "viborg", QUARTER, content, "2027-03-01") == first
    following = handed_over(desk._engine, "viborg", "2027K1", content, "2027-04-20")
    assert ("2027K1", "use", "viborg/skole") in following.rows or following.total > 0
    assert sum(of(desk._engine).values()) == first.total + len({fact.hash for fact in late})
    with desk._engine.connect() as connection:
        assert connection.execute(select(db.taken.c.kind, db.taken.c.day)).all() == [
            ("export", DAY), ("export", "2027-04-20"),
        ]  # fmt: skip
