"""Two whole applications, each with its own data folder, on one PostgreSQL: together they count what was answered.

Every request of a walk goes to one of the two by chance, as behind a proxy, and some forms are posted again to the
other. What must come of it is read off the pages (`load.py`): every table, the parents rules and the hours among them.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from guide import db
from guide.usage.counting import Counting
from tests.conftest import HANGS
from tests.test_serve import free_port
from tests.usage.conftest import new_postgres_database
from tests.usage.load import Cell, cell_of, ended, walkers
from tests.usage.served import Launcher

SEED = 20261122
KEY = "k" * 48
POSTS = 20_000 if os.environ.get("GUIDE_NIGHT") else 150


class Hosts:
    """Two hosts and their database."""

    def __init__(self, base: Path, url: str) -> None:
        self.url, self.data, self.ports = url, [base / "a", base / "b"], [free_port(), free_port()]
        for folder in self.data:
            folder.mkdir()
        db.prepare(db.open_engine(url, base))
        self.launchers = [
            Launcher(
                port,
                {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": url},
                data / "said",
            )
            for port, data in zip(self.ports, self.data, strict=True)
        ]

    def counted(self) -> Counter[Cell]:
        """All counters, when both spools are drained."""
        rows = [Counting(data, [KEY], self.url, scoped=False).totals() for data in self.data][-1]
        cells = Counter[Cell]()
        for _, tab, cell, n in rows:
            cells[cell_of(tab, cell)] += n
        return cells

    def segments(self) -> int:
        with db.open_engine(self.url, self.data[0]).connect() as connection:
            return connection.execute(select(func.count()).select_from(db.segment)).scalar_one()

    def load(self, fault: str | None = None) -> tuple[Counter[Cell], Counter[Cell]]:
        """Walks on both until POSTS are answered; what the walkers saw, and what is counted of it."""
        with db.open_engine(self.url, self.data[0]).begin() as connection:
            for table in (db.counter, db.seen, db.segment):
                connection.execute(delete(table))
        for launcher in self.launchers:
            launcher.start(flush=0.02, fault=fault)
        going = walkers(self.ports, 4, SEED)
        deadline = time.monotonic() + HANGS * (1 + POSTS / 1_000)
        while sum(walker.notes.posts for walker in going) < POSTS:
            assert time.monotonic() < deadline, "nobody is served"
            time.sleep(0.02)
        notes = ended(going)
        assert notes.wrong == []
        for launcher in self.launchers:
            launcher.kill()
        return notes.cells, self.counted()


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[Hosts]:
    with new_postgres_database(postgres_url) as url:
        made = Hosts(tmp_path_factory.mktemp("hosts"), url)
        yield made
        for launcher in made.launchers:
            launcher.close()


def test_two_applications_count_together(hosts: Hosts) -> None:
    expected, found = hosts.load()
    told = Counter({cell: n for (tab, cell), n in found.items() if tab == "operations"})
    assert {cell: n for cell, n in found.items() if cell[0] != "operations"} == expected
    assert {tab for tab, _ in expected} == {"use", "level", "professions", "parents", "hours", "quality", "topics"}
    assert told["counted"] == expected.total() and told["repeated"] > 0 and told.keys() == {"counted", "repeated"}
    assert hosts.segments() >= 4 and all(list((data / "spool").iterdir()) for data in hosts.data)


def test_two_that_forget_what_the_other_counted_are_found(hosts: Hosts) -> None:
    expected, found = hosts.load("seen purged early")
    assert Counter({cell: n for cell, n in found.items() if cell[0] != "operations"}) - expected
