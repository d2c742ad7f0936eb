"""Segments into counters: once each, whatever lies in the folder, whichever operation fails, whoever else drains.

Faults of the database under a running guide are in tests/web/test_counting.py.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from guide import db
from guide.usage import drainer as room
from guide.usage.counters import periods
from guide.usage.drainer import Busy
from guide.usage.facts import Sealer, once
from tests.usage.conftest import NOON, OPERATIONS, Clock, Desk, Trouble, fact

DAY = 86_400
OPERATIONS_A_RUN = 90
"""At least as many operations of the system and the database does the run below ask for."""

EVERY = 1 if os.environ.get("GUIDE_NIGHT") else 5
"""Every fifth of them fails in `make test`, every one at night."""


def left(desk: Desk) -> list[str]:
    return sorted(path.suffix for path in desk.folder.iterdir() if path.name != "drain.lock")


def seen(desk: Desk) -> int:
    with desk._engine.connect() as connection:
        return len(connection.execute(select(db.seen)).all())


def copies(desk: Desk, to: Path) -> list[Path]:
    """Copies of the closed segments."""
    desk._spool.rotate()
    to.mkdir()
    return [Path(shutil.copy(path, to)) for path in desk.folder.glob("*.closed")]


def test_sums_and_operations(desk: Desk) -> None:
    first, second = fact("a"), fact("a")
    desk.facts([first, second, fact("b")])
    desk.facts([first])
    assert desk.drain() == 3
    desk.facts([second, second])
    assert desk.drain() == 0
    day = periods(NOON).day
    assert desk.sums() == {
        ("2026", "topics", "a"): 2,
        ("2026", "topics", "b"): 1,
        (day, "operations", "counted"): 3,
        (day, "operations", "repeated"): 3,
    }
    assert left(desk) == [".open"]


def test_the_first_of_two_facts_that_count_once_is_counted(desk: Desk) -> None:
    first = fact("akut")
    for later in ("akut", "straks", "undren"):
        desk.facts([first._replace(cell=later)])
    desk.drain()
    desk.facts([first._replace(cell="straks")])
    desk.drain()
    assert {cell: n for (_, tab, cell), n in desk.sums().items() if tab == "topics"} == {"akut": 1}


def test_operations_of_one_kommune_are_told_by_quarter(tmp_path: Path, database: str | None) -> None:
    desk = Desk(tmp_path, url=database, scoped=True)
    desk._spool.lost = 2
    desk.facts([fact("a"), fact("a")])
    desk.drain()
    quarter = periods(NOON).quarter
    operations = {key: n for key, n in desk.sums().items() if key[1] == "operations"}
    assert operations == {(quarter, "operations", "counted"): 2, (quarter, "operations", "dropped"): 2}


def test_many_segments_go_in_several_transactions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "AT_ONCE", 1_000)
    monkeypatch.setattr(room, "BATCH", 7)
    for _ in range(30):
        desk.facts([fact("a") for _ in range(10)])
        desk._spool.rotate()
    assert desk.drain() == 300 and desk.sums()["2026", "topics", "a"] == 300 and left(desk) == [".open"]


# --- what lies in the folder ---


def test_strange_things_in_the_folder_hold_nobody_up(desk: Desk) -> None:
    desk.folder.mkdir(parents=True)
    for name in ("a.closed", "b.open", "c.new", "d"):
        (desk.folder / name).mkdir()
    (desk.folder / "0.closed").write_bytes(b"")
    (desk.folder / "1.closed").write_bytes(b"no line at all")
    (desk.folder / "2.closed").write_bytes(b"a line\nand \x00\xff\r another\n\n")
    (desk.folder / "3.closed").symlink_to("/nowhere/at/all")
    (desk.folder / "notes.txt").write_text("mine")
    desk.facts([fact("x")])
    assert desk.drain() == 1
    assert desk.operations() == {"counted": 1, "unreadable": 1}
    assert not (desk.folder / "0.closed").exists() and not (desk.folder / "1.closed").exists()
    assert (desk.folder / "2.closed").exists(), "perhaps of another key: left for who has it"
    assert desk.drain() == 0 and (desk.folder / "notes.txt").exists()


def test_a_segment_the_disk_cannot_give_holds_nobody_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.facts([fact("x")])
    desk._spool.rotate()
    (bad,) = desk.folder.glob("*.closed")
    desk.facts([fact("y")])
    read = Path.read_bytes

    def fails(path: Path) -> bytes:
        if path == bad:
            raise OSError(errno.EIO, "the disk fails")
        return read(path)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "read_bytes", fails)
        assert desk.drain() == 1 and bad.exists()
    assert desk.drain() == 1 and not bad.exists()


@pytest.mark.parametrize("days", [0, 1, 29])
def test_a_segment_that_comes_back_is_not_counted_again(desk: Desk, tmp_path: Path, days: int) -> None:
    clock = desk._clock
    assert isinstance(clock, Clock)
    desk.facts([fact("x"), fact("y")])
    kept = copies(desk, tmp_path / "backup")
    desk.drain()
    clock.at += days * DAY
    desk.drain()
    before = desk.sums()
    shutil.copy(kept[0], desk.folder)
    assert desk.drain() == 0 and desk.sums() == before and left(desk) == [".open"]


def test_a_segment_under_another_name_is_not_counted(desk: Desk, tmp_path: Path) -> None:
    desk.facts([fact("x")])
    (kept,) = copies(desk, tmp_path / "backup")
    desk.drain()
    shutil.copy(kept, desk.folder / "0123456789abcdef.closed")
    assert desk.drain() == 0 and desk.sums()["2026", "topics", "x"] == 1


def test_a_segment_of_another_key_waits_for_it(tmp_path: Path, database: str | None) -> None:
    old, new = "o" * 32, "n" * 32
    before = Desk(tmp_path, [old], database)
    before.facts([fact("x"), fact("y")])
    before.close()
    desk = Desk(tmp_path, [new], database)
    desk.facts([fact("x")])
    assert desk.drain() == 1 and desk.sums()["2026", "topics", "x"] == 1
    assert sorted(left(desk)) == [".closed", ".open"]
    with_both = Desk(tmp_path, [new, old], database)
    assert with_both.drain() == 2 and with_both.conserved(3)
    assert left(desk) == [".open"]


def test_both_keys_in_one_segment(tmp_path: Path) -> None:
    """As when a segment is written on while the drainer already has the next key."""
    old, new = "o" * 32, "n" * 32
    desk = Desk(tmp_path, [new, old])
    desk.folder.mkdir()
    lines = [Sealer([key]).lines([fact("x")], "0" * 16) for key in (old, new, "z" * 32)]
    (desk.folder / f"{'0' * 16}.closed").write_bytes(b"".join(lines))
    assert desk.drain() == 2 and desk.operations()["unreadable"] == 1


# --- whose process is gone ---


def test_only_a_segment_whose_lock_is_free_is_adopted(desk: Desk) -> None:
    desk.facts([fact("x")])
    assert desk.drainer().drain() == 0 and left(desk) == [".open"], "its process lives"
    held = desk._spool._segment
    assert held is not None
    os.close(held.descriptor)  # as when the process is killed
    desk._spool._segment = None
    assert desk.drainer().drain() == 1 and left(desk) == []


def test_a_segment_without_its_name_is_adopted_when_it_is_old(desk: Desk) -> None:
    desk.folder.mkdir(parents=True)
    young, old = desk.folder / "a.new", desk.folder / "b.new"
    for path in (young, old):
        path.write_bytes(b"")
    os.utime(old, (1, 1))
    desk.drain()
    assert young.exists() and not old.exists()


def test_one_pass_at_a_time(desk: Desk) -> None:
    desk.facts([fact("x")])
    desk._spool.rotate()
    with desk.drainer()._only(), pytest.raises(Busy):
        desk.drain()
    assert desk.drain() == 1
    descriptor = os.open(desk.folder / "drain.lock", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # free again
    os.close(descriptor)


# --- what is forgotten, and when ---


def test_hashes_are_forgotten_when_no_walk_can_use_them(desk: Desk) -> None:
    clock = desk._clock
    assert isinstance(clock, Clock)
    again = fact("x")
    desk.facts([again])
    desk.drain()
    for hours in range(1, 24):
        clock.at = NOON + hours * 3_600
        desk.facts([again])
        assert desk.drain() == 0, "no walk lives longer than 12 hours"
    (desk.folder / "no-segment.closed").mkdir()
    clock.at = NOON + 2 * DAY
    desk.drain()
    assert seen(desk) == 0


def test_nothing_is_forgotten_while_a_segment_waits(desk: Desk) -> None:
    """What waits may hold facts that were counted already."""
    clock = desk._clock
    assert isinstance(clock, Clock)
    again = fact("x")
    desk.facts([again])
    desk.drain()
    clock.at += 5 * DAY
    desk.facts([again])
    assert desk.drain() == 0 and desk.conserved(2), "looked up before it is forgotten"
    desk.facts([fact("y")])
    waits = desk.folder / "waits.closed"
    waits.write_bytes(b"a line\n")
    desk.drain()
    clock.at += 5 * DAY
    desk.drain()
    assert seen(desk) == 1
    waits.unlink()
    desk.drain()
    assert seen(desk) == 0


# --- every operation fails once ---


def run(desk: Desk, repeated: bytes) -> int:
    """Some requests, closings and passes, among them a fact told twice; the number of facts handed over."""
    for turn in range(3):
        desk.facts([fact("x"), fact("y")])
        desk.facts([fact("z")._replace(hash=repeated)])
        with suppress(OSError, db.DatabaseError):  # as the drainer's thread does; a page sees none of it
            desk.drain()
        if turn == 1:
            desk.close()
    return 9


def spoil(engine: Engine, trouble: Trouble) -> None:
    """Begins and ends of transactions are operations too; an end can fail before and after the database has done it."""

    def told(name: str) -> None:
        trouble.step(name)
        if trouble.failed == f"{name} {len(trouble.done)}":
            raise OSError(errno.EIO, "the disk fails")

    event.listen(engine, "begin", lambda connection: told("begin"))
    event.listen(engine, "commit", lambda connection: told("commit"))
    real = engine.dialect.do_commit

    def commits(connection: Any) -> None:
        real(connection)
        told("committed")

    engine.dialect.do_commit = commits  # type: ignore[method-assign]


def test_every_operation_fails_once_and_nothing_is_lost_or_doubled(
    tmp_path: Path, database: str | None, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.usage.spool.RETRY", 0)
    failed, again, handed = list[str](), fact("z").hash, 0
    Desk(tmp_path, url=database).sums()  # the tables are made
    for nth in range(1, 1_000, EVERY):
        desk = Desk(tmp_path, url=database)
        spoil(desk._engine, trouble)
        trouble.done, trouble.failed, trouble.nth = [], None, nth
        handed += run(desk, again) + 1
        trouble.nth = None
        desk.facts([fact("last")])
        desk.close()
        desk.drain()
        assert desk.conserved(handed), (trouble.failed, desk.operations())
        assert desk.sums()["2026", "topics", "z"] == 1
        assert left(desk) == [], trouble.failed
        if trouble.failed is None:
            break
        failed.append(trouble.failed.split()[0])
    assert len(failed) >= OPERATIONS_A_RUN // EVERY
    if EVERY == 1:
        assert {*OPERATIONS[os], "flock", "begin", "commit", "committed"} <= {*failed, "mkdir"}


def test_a_note_of_nothing_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault of the test above: drops are not counted."""
    desk = Desk(tmp_path)
    monkeypatch.setattr(desk._spool, "_dropped", lambda n: fact("x", 0)._replace(tab="operations", cell="dropped"))
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", lambda descriptor, blob: 0)
        desk.facts([fact("x")])
    desk.facts([fact("x")])
    desk.drain()
    assert not desk.conserved(2)


# --- two hosts ---


def test_two_hosts_meet_the_same_facts_at_once(tmp_path: Path, postgres_database: str) -> None:
    """A walk whose posts went to both: one of two transactions is refused, tries again and finds them counted."""
    hosts = [Desk(tmp_path / name, url=postgres_database) for name in "ab"]
    hosts[0].sums()
    both = threading.Barrier(2)
    for turn in range(20):
        same = [fact("x")._replace(hash=once(str(turn), str(i))) for i in range(50)]
        for host in hosts:
            host.facts(same)
            host._spool.rotate()

        def drain(host: Desk) -> None:
            both.wait()
            with suppress(db.DatabaseError):
                host.drain()

        threads = [threading.Thread(target=drain, args=[host]) for host in hosts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for host in hosts:
        host.drain()
    assert hosts[0].sums()["2026", "topics", "x"] == 1_000 and hosts[0].conserved(2_000)
