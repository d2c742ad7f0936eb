"""Kill and lose nothing: kill -9 under load, and every answer that was acknowledged is counted once.

Real workers, real clients (`load.py`), real kills (`served.py`); then `guide stats`. Three looks at the result:
what the clients saw acknowledged is what the cells hold, exactly; what lay in the segments is what was added, exactly;
and counted segments that come back with nothing left in `seen` add nothing. 6 kills, and 4 on PostgreSQL; 100 with
GUIDE_NIGHT=1. A planted fault is found within 2 kills, or else within 6; what was counted is then read in this process.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from guide import db
from guide.usage.counting import Counting
from guide.usage.drainer import read_segment
from guide.usage.facts import Sealer
from tests.conftest import HANGS
from tests.test_serve import free_port
from tests.usage.load import Cell, Notes, cell_of, ended, walkers
from tests.usage.served import FAULTS, ROOT, Launcher

SEED = 20261122
CLIENTS = 6
NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
KILLS = 100 if NIGHT else 6
KILLS_POSTGRES = 100 if NIGHT else 4
KEY = "k" * 48


@dataclass
class Installation:
    """A data folder and a database of its own, and a second name for every segment ever made."""

    data: Path
    url: str | None
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.kept.mkdir(parents=True)
        (self.data / "spool").mkdir()

    @property
    def kept(self) -> Path:
        return self.data / "kept"

    @property
    def said(self) -> list[str]:
        """Errors that the servers told of, other than that a worker was killed."""
        lines = (self.data / "said").read_text().splitlines()
        return [line for line in lines if "Unexpected exit from worker" not in line and line]

    @property
    def environment(self) -> dict[str, str]:
        """The settings of the server and of `guide stats`."""
        return {
            "GUIDE_DATA": str(self.data),
            "GUIDE_SECRET_KEY": KEY,
            **({"GUIDE_DATABASE_URL": self.url} if self.url else {}),
        }

    def stats(self) -> Counter[Cell]:
        """What `guide stats` prints, over all periods."""
        done = subprocess.run(
            [sys.executable, "-m", "guide.cli", "stats"],
            env=os.environ | self.environment, cwd=ROOT, capture_output=True, text=True, timeout=4 * HANGS,
        )  # fmt: skip
        assert done.returncode == 0 and not done.stderr, done.stderr
        cells: Counter[Cell] = Counter()
        for line in done.stdout.splitlines():
            _, tab, cell, n = line.split(";")
            cells[cell_of(tab, cell)] += int(n)
        return cells

    def totals(self) -> Counter[Cell]:
        """The same without a process of its own."""
        counting = Counting(self.data, [KEY], self.url, scoped=False)
        cells: Counter[Cell] = Counter()
        for _, tab, cell, n in counting.totals():
            cells[cell_of(tab, cell)] += n
        return cells

    def intact(self) -> bool:
        """The database says that it is whole, and nothing is left in the spool."""
        left = [p.name for p in (self.data / "spool").iterdir() if p.suffix in (".open", ".closed")]
        with db.open_engine(self.url, self.data).connect() as connection:
            if connection.dialect.name == "sqlite":
                return not left and connection.execute(text("pragma integrity_check")).scalars().all() == ["ok"]
            return not left  # PostgreSQL has no such check; its totals are read below

    def drained(self) -> int:
        """Segments that the servers counted."""
        engine = db.open_engine(self.url, self.data)
        with engine.connect() as connection:
            if db.revision(connection) is None:
                return 0
            return connection.execute(select(func.count()).select_from(db.segment)).scalar_one()

    def forget_seen(self) -> None:
        """As the purge does days later, but everything."""
        with db.open_engine(self.url, self.data).begin() as connection:
            connection.execute(delete(db.seen))

    def bring_back(self) -> None:
        """Every segment lies in the spool again, as after a restore of a backup."""
        for path in self.kept.iterdir():
            shutil.copy(path, self.data / "spool")


@dataclass
class Seen:
    """All that a run showed."""

    notes: Notes
    stats: Counter[Cell]
    """What `guide stats` printed."""
    after_return: Counter[Cell]
    """What stands there after every segment came back."""
    written: Counter[Cell]
    """What stands in the segments: once, however often it was written."""
    lines: int
    """Facts in the segments, repeated ones too."""
    unreadable: int
    """Lines in the segments that nobody can read."""
    segments: int
    """Segments that hold something."""
    drained: int
    """Segments that the servers had counted when the last one was killed."""
    intact: bool
    said: list[str]

    def told(self) -> str:
        """The figures of the run."""
        return (
            f"{self.notes.posts} posts acknowledged, {self.notes.cut} cut off, {self.lines} facts written, "
            f"{self.stats[('operations', 'repeated')]} of them again; "
            f"{self.drained} of {self.segments} segments counted by the servers"
        )

    def faults(self) -> list[str]:
        """What is wrong, in words; empty when nothing is lost and nothing doubled."""
        found = list(self.notes.wrong)
        counted = Counter({c: n for c, n in self.stats.items() if c[0] != "operations"})
        operations = {cell: n for (tab, cell), n in self.stats.items() if tab == "operations"}
        for cell in sorted(counted | self.notes.cells):
            least, most = self.notes.cells[cell], self.notes.cells[cell] + self.notes.cut_starts[cell]
            if counted[cell] < least:
                found.append(f"lost {least - counted[cell]} of {least} in {cell}")
            if counted[cell] > most:
                found.append(f"doubled {counted[cell] - most} beside {most} in {cell}")
        for cell, n in counted.items():
            if n != self.written[cell]:
                found.append(f"{self.written[cell]} written and {n} counted in {cell}")
        told = operations.get("counted", 0)
        if told != counted.total():
            found.append(f"{told} told as counted, and {counted.total()} in the cells")
        if told + operations.get("repeated", 0) != self.lines:
            found.append(f"{self.lines} written, and {told} counted and {operations.get('repeated', 0)} repeated")
        if operations.keys() - {"counted", "repeated"} or self.unreadable:
            found.append(f"dropped or unreadable: {operations}, {self.unreadable}")
        if self.after_return != self.stats:
            found.append(f"segments that came back added {(self.after_return - self.stats).total()}")
        if self.said:
            found.append(f"the server said {self.said[:3]}")
        if not self.intact:
            found.append("the database is not intact, or something is left in the spool")
        return found


def killed_again_and_again(place: Installation, kills: int, fault: str | None = None) -> Seen:
    """The harness: load, `kills` times kill -9 at random moments, then what was counted."""
    moments = random.Random(SEED)
    launcher = Launcher(place.port, place.environment, place.data / "said")
    clients = walkers(place.port, CLIENTS, SEED)
    pace = [0.02, None]
    try:
        launcher.start(flush=pace[0], fault=fault, kept=str(place.kept))
        for kill in range(kills):
            _answered(launcher, clients)
            if kill % 3 == 1:
                _drained(place)
            time.sleep(moments.uniform(0.0, 0.5))
            if kill % 3 == 0:
                launcher.kill_workers()  # the main process makes new ones
            else:
                launcher.kill()
                launcher.start(flush=pace[kill % 2], fault=fault, kept=str(place.kept))
        while sum(client.notes.posts for client in clients) < 15 * kills:
            _answered(launcher, clients)
        _drained(place)
        notes = ended(clients)
    finally:
        launcher.close()  # the last kill
    drained = place.drained()
    stats = place.totals() if fault else place.stats()
    contents = [read_segment(path, Sealer([KEY])) for path in place.kept.iterdir()]
    written = {fact.hash: cell_of(fact.tab, fact.cell) for one in contents for fact in one.facts}
    intact = place.intact()
    place.forget_seen()
    place.bring_back()
    return Seen(
        notes=notes,
        stats=stats,
        after_return=place.totals(),
        written=Counter(written.values()),
        lines=sum(len(one.facts) for one in contents),
        unreadable=sum(one.unreadable for one in contents),
        segments=sum(bool(one.facts) for one in contents),
        drained=drained,
        intact=intact,
        said=place.said,
    )


def _answered(launcher: Launcher, clients: list) -> None:
    """Until somebody has got an answer since now, so that a kill falls into load; a dead server is a fault."""
    before, deadline = sum(c.notes.posts for c in clients), time.monotonic() + HANGS
    while sum(c.notes.posts for c in clients) <= before:
        assert launcher.running(), "the server ended by itself"
        assert time.monotonic() < deadline, "nobody is served"
        assert any(c.is_alive() for c in clients), [c.notes.wrong for c in clients]
        time.sleep(0.01)


def _drained(place: Installation) -> None:
    """Until one more filled segment is counted, so that the workers' passes are under way too."""

    def gone() -> int:
        names = {path.stem for path in (place.data / "spool").iterdir()}
        return sum(path.stem not in names and path.stat().st_size > 0 for path in place.kept.iterdir())

    before, deadline = gone(), time.monotonic() + HANGS
    while gone() <= before:
        assert time.monotonic() < deadline, "nothing is drained"
        time.sleep(0.01)


@pytest.fixture
def place(tmp_path: Path) -> Installation:
    return Installation(tmp_path / "data", None)


def _was_load(seen: Seen, kills: int) -> bool:
    """The kills fell into answers and the servers drained: else nothing was tried. Other work slows both."""
    repeated = seen.stats[("operations", "repeated")]
    return min(seen.notes.cut, seen.drained * 2, repeated, seen.notes.posts / 2) >= kills / 5


def test_nothing_is_lost_or_doubled_on_sqlite(
    place: Installation, record_property: Callable[[str, object], None]
) -> None:
    seen = killed_again_and_again(place, KILLS)
    assert seen.faults() == []
    record_property("kill -9 of all workers", f"{KILLS}; 0 lost, 0 doubled; {seen.told()}")
    assert _was_load(seen, KILLS)


def test_nothing_is_lost_or_doubled_on_postgresql(
    tmp_path: Path, postgres_database: str, record_property: Callable[[str, object], None]
) -> None:
    seen = killed_again_and_again(Installation(tmp_path / "data", postgres_database), KILLS_POSTGRES)
    assert seen.faults() == []
    record_property("kill -9 of all workers", f"{KILLS_POSTGRES}; 0 lost, 0 doubled; {seen.told()}")
    assert _was_load(seen, KILLS_POSTGRES)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_each_planted_fault_is_found(tmp_path: Path, fault: str) -> None:
    """A fault that needs more kills than two to show gets them, in an installation of its own."""
    for kills in (2, 6):
        found = killed_again_and_again(Installation(tmp_path / str(kills), None), kills, fault).faults()
        print(f"\n{fault}, {kills} kills: {found[:2]}")
        if any(text.startswith(FOUND[fault]) for text in found):
            return
    pytest.fail(f"{fault} was not seen: {found}")


FOUND = {
    "reply before write": "lost",
    "live taken for dead": "lost",
    "seen purged early": "doubled",
    "unlinked before commit": "lost",
    "segments not recorded": "segments that came back added",
}
"""How each planted fault shows."""
