"""T-P3: who asks again and again while walks are counted, and who has two copies of the database.

On a real database with the real reader of the pages. Not here: what a release is made of (`test_time.py`).
"""

from __future__ import annotations

import datetime
import random
import runpy
import threading
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select

from guide import db
from guide.library.library import Library
from guide.statistics.held import RECHECK
from guide.statistics.periods import Period
from guide.statistics.published import Reader
from guide.statistics.release import ground, publish
from guide.statistics.sums import Counters
from guide.usage.drainer import add
from tests.attacks import night
from tests.statistics.counted import content_with, counters_of, fill, two_landsdele, walks

POLLS = 10_000
ASKED = 1 if night() else 8
"""Every so many polls the database is asked; between, a page shows what it holds."""
ANEW = 100
"""Every so many polls another process begins, which reads everything."""
WRITES = 400 if night() else 60
LATER = datetime.date(2027, 1, 20)


@pytest.fixture(scope="module")
def numbers(content: Library) -> tuple[Library, Counters]:
    few = two_landsdele(content)
    return few, counters_of(walks(ground(few), 8, 3_000), ground(few))


@pytest.fixture
def engine(tmp_path: Path, numbers: tuple[Library, Counters]) -> Engine:
    made = db.open_engine(None, tmp_path)
    fill(made, numbers[1])
    release(made, numbers[0], 1)
    return made


def release(engine: Engine, library: Library, quarter: int) -> None:
    publish(engine, library, Period(2026, quarter), "en prøve", LATER, auditor=content_with)


def write(engine: Engine, counters: Counters, draw: random.Random) -> None:
    """More of some cells that are counted already, of what was published too, as no drainer would."""
    some = Counter({cell: draw.randint(1, 9) for cell in draw.sample(sorted(counters), 20)})
    with engine.begin() as connection:
        add(connection, some)


def test_no_poll_tells_anything_new_while_walks_are_counted(
    engine: Engine, tmp_path: Path, numbers: tuple[Library, Counters]
) -> None:
    done, ticks, changed, polls, processes = threading.Event(), count(), 0, 0, 0

    def keep_writing() -> None:
        for turn in range(WRITES):
            write(engine, numbers[1], random.Random(turn))
        done.set()

    first = Reader(db.open_reader(None, tmp_path)).now()
    writer = threading.Thread(target=keep_writing)
    writer.start()
    while polls < POLLS or not done.is_set():
        if polls % ANEW == 0:
            reader = Reader(db.open_reader(None, tmp_path), lambda: next(ticks) * RECHECK / ASKED)
            processes += 1
        found = reader.now()
        changed += found.releases != first.releases or (found.cells is not first.cells and found.cells != first.cells)
        first, polls = (found if not changed else first), polls + 1
    writer.join()
    assert (changed, len(first.cells) > 300, processes >= 100) == (0, True, True)


def figures(path: Path) -> dict[tuple[str, ...], tuple[object, ...]]:
    """What was published, as it stands in a copy."""
    with create_engine(f"sqlite:///{path}").connect() as connection:
        return {(row.tab, row.period, row.cell): (row.n, row.status) for row in connection.execute(select(db.figure))}


def counted(path: Path) -> Counter[tuple[str, ...]]:
    with create_engine(f"sqlite:///{path}").connect() as connection:
        return Counter({(row.period, row.tab, row.cell): row.n for row in connection.execute(select(db.counter))})


def copies(engine: Engine, folder: Path, numbers: tuple[Library, Counters]) -> list[Path]:
    """Four weekly copies, with walks between them, and before the last the next release."""
    copy, made = runpy.run_path("docs/drift/kopi.py")["copy"], []
    for week in range(4):
        if week == 3:
            release(engine, numbers[0], 2)
        made.append(copy(folder / "guide.sqlite", folder / "copies", LATER + datetime.timedelta(weeks=week)))
        write(engine, numbers[1], random.Random(week))
    return made


def test_copies_one_after_the_other_have_the_same_figures(
    engine: Engine, tmp_path: Path, numbers: tuple[Library, Counters]
) -> None:
    made = copies(engine, tmp_path, numbers)
    of = [figures(path) for path in made]
    assert of[0] == of[1] == of[2] and len(of[0]) > 300
    assert of[3].items() > of[0].items() and {key[1] for key in of[3].keys() - of[0].keys()} == {"2026K2"}


def test_planted_copies_of_counters_do_tell(engine: Engine, tmp_path: Path, numbers: tuple[Library, Counters]) -> None:
    """Why a copy is as secret as the database and made no more than weekly: two of them subtract to the walk."""
    made = copies(engine, tmp_path, numbers)
    grown = counted(made[1]) - counted(made[0])
    draw = random.Random(0)
    assert grown == Counter({cell: draw.randint(1, 9) for cell in draw.sample(sorted(numbers[1]), 20)})


def test_planted_a_page_that_counts_by_itself_is_caught(engine: Engine, numbers: tuple[Library, Counters]) -> None:
    """A live figure changes with every other write: the polls above would see it."""
    seen = set[int]()
    for turn in range(20):
        write(engine, numbers[1], random.Random(turn))
        with engine.connect() as connection:
            use = select(db.counter.c.n).where(db.counter.c.tab == "use", db.counter.c.period == "2026K1")
            seen.add(sum(connection.scalars(use)))
    assert len(seen) > 5
