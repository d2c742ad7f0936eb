"""Many writers on one spool: processes, forks and threads, drainers that contend or die at any line, and power cuts.

What each writer wrote is known beforehand, and each look at the result is the same: every fact is counted once.
Processes come from a fork server, which has no threads to fork. Kills under real load are in `test_kill.py`.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from guide import db
from guide.usage import drainer, spool
from guide.usage.drainer import Busy, Drainer
from guide.usage.facts import Fact, Sealer
from guide.usage.spool import Spool, open_segment
from tests.conftest import HANGS
from tests.usage.served import FAULTS

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
SEED = 20261122
SEALER = Sealer(["k" * 48])
WRITERS, WRITES = 16, 1_000 if NIGHT else 60
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def fact(writer: str, number: int) -> Fact:
    """One fact of a writer; every fifth is of a walk that all writers meet, as a form posted to two workers is."""
    who = "all" if number % 5 == 0 else writer
    return Fact("2026", "topics", who, hashlib.blake2b(f"{who}/{number}".encode(), digest_size=16).digest())


def expected(writers: list[str], writes: int) -> Counter[str]:
    """What all of them wrote, once."""
    facts = {fact(writer, number) for writer in writers for number in range(writes)}
    return Counter(one.cell for one in facts)


def counted(engine: Engine) -> Counter[str]:
    """What the database holds."""
    return Counter({cell: n for _, tab, cell, n in db.totals(engine) if tab == "topics"})


def new_spool(folder: Path) -> Spool:
    return Spool(folder, SEALER, lambda n: Fact("2026", "operations", "dropped", os.urandom(16), n))


def run(*started: Any) -> None:
    """Start processes and wait for all."""
    for one in started:
        one.start()
    for one in started:
        one.join(4 * HANGS)
        assert one.exitcode is not None, "a process hangs"


def write(folder: Path, writer: str, writes: int, fault: str | None = None) -> None:
    """A writer process. It ends in one of three ways: as it should, at once, or killed."""
    spool.FLUSH = 0.02
    mine, pace = new_spool(folder), random.Random(f"{SEED}-{writer}")
    for number in range(writes):
        mine.write([fact(writer, number)])
        time.sleep(pace.uniform(0, 0.002))
    end = int(writer) % 3
    if end == 0:
        mine.close()
    elif end == 1:
        os._exit(0)
    os.kill(os.getpid(), signal.SIGKILL)


def drain(folder: Path, data: Path, url: str | None, ended: Path, fault: str | None) -> None:
    """A drainer process: pass after pass until a file says that all writers have ended."""
    if fault:
        FAULTS[fault]()
    mine = Drainer(folder, SEALER, db.open_engine(url, data))
    while not ended.exists():
        try:
            mine.drain()
        except (Busy, db.DatabaseError):  # two hosts that meet the same walk: one of them tries again
            time.sleep(0.001)


def many_writers(data: Path, url: str | None, spools: int, drainers: int, fault: str | None = None) -> Counter[str]:
    """16 writers on one or more spools with several drainers each at once, then one last pass."""
    ended, engine = data / "ended", db.open_engine(url, data)
    folders = [data / f"spool{n}" for n in range(spools)]
    for folder in folders:
        folder.mkdir(parents=True)
    db.prepare(engine)
    passing = [
        processes.Process(target=drain, args=(folder, data, url, ended, fault))
        for folder in folders
        for _ in range(drainers)
    ]
    for one in passing:
        one.start()
    run(
        *(
            processes.Process(target=write, args=(folders[n % spools], str(n), WRITES))
            for n in range(WRITERS)
        )
    )  # fmt: skip
    ended.touch()
    for one in passing:
        one.join(HANGS)
        assert one.exitcode == 0
    for folder in folders:
        Drainer(folder, SEALER, engine).drain()
        left = [p for p in folder.iterdir() if p.name != "drain.lock"]
        # A writer may die before its segment has a name; nothing is written until then.
        assert all(p.suffix == ".new" and p.stat().st_size == 0 for p in left), left
    return counted(engine)


@pytest.mark.parametrize("spools, drainers", [(1, 1), (1, 2), (2, 1)])
def test_sixteen_writers_lose_and_double_nothing(
    tmp_path: Path, database: str | None, spools: int, drainers: int
) -> None:
    assert many_writers(tmp_path, database, spools, drainers) == expected([str(n) for n in range(WRITERS)], WRITES)


def test_a_drainer_that_takes_living_segments_is_found(tmp_path: Path) -> None:
    found = many_writers(tmp_path, None, 1, 1, "live taken for dead")
    assert expected([str(n) for n in range(WRITERS)], WRITES) - found


FORKS = 200 if NIGHT else 20


def _keep_segment(self: Spool) -> None:
    segment = self._segment
    self._begin()
    self._segment = segment


def write_and_fork(folder: Path, begin_anew: bool) -> None:
    """Writes, forks while segments are swapped, and both go on; a child ends at once, with its last facts open."""
    spool.FLUSH = 0.0005
    if not begin_anew:
        Spool._begin_in_child = _keep_segment  # type: ignore[method-assign]
    mine = new_spool(folder)
    mine.write([fact("parent", 10_000)])
    for child in range(FORKS):
        for number in range(10):
            mine.write([fact("parent", child * 10 + number)])
        if os.fork() == 0:
            for number in range(10):
                mine.write([fact(f"child{child}", number)])
                time.sleep(0.001)
            os._exit(0)
    for _ in range(FORKS):
        os.wait()
    mine.close()


def forked(data: Path, begin_anew: bool = True) -> bool:
    """Everything that parent and children wrote is counted once."""
    folder, engine = data / "spool", db.open_engine(None, data)
    writer = processes.Process(target=write_and_fork, args=(folder, begin_anew))
    writer.start()
    passing = Drainer(folder, SEALER, engine)
    deadline = time.monotonic() + 4 * HANGS
    while writer.is_alive():
        passing.drain()
        assert time.monotonic() < deadline, "a process hangs"
    passing.drain()
    facts = {fact("parent", n) for n in [10_000, *range(FORKS * 10)]}
    facts |= {fact(f"child{c}", n) for c in range(FORKS) for n in range(10)}
    return counted(engine) == Counter(one.cell for one in facts)


def test_a_process_that_forks_writes_on_and_so_does_its_child(tmp_path: Path) -> None:
    assert forked(tmp_path)


def test_a_child_that_goes_on_in_its_parents_segment_is_found(tmp_path: Path) -> None:
    tries = (forked(tmp_path / str(n), begin_anew=False) for n in range(20))  # it shows only when two meet
    assert not all(tries)


def die_with_a_child(folder: Path, pids: Any) -> None:
    """Writes, forks, and is killed while the child lives on."""
    mine = new_spool(folder)
    mine.write([fact("parent", 1)])
    child = os.fork()
    if child == 0:
        time.sleep(HANGS)
        os._exit(0)
    pids.send(child)
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_dead_parents_segment_is_taken_while_its_child_lives(tmp_path: Path) -> None:
    here, there = processes.Pipe()
    run(processes.Process(target=die_with_a_child, args=(tmp_path / "spool", there)))
    child, deadline = here.recv(), time.monotonic() + HANGS
    engine = db.open_engine(None, tmp_path)
    passing = Drainer(tmp_path / "spool", SEALER, engine)
    while not passing.drain() and time.monotonic() < deadline:  # the child gives the lock back when it first runs
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    assert counted(engine) == {"parent": 1}


class Unlocked(Spool):
    """Planted: takes the segment, and writes to it when it may be closed."""

    def write(self, facts: Any) -> None:
        segment = self._segment or self._opened()
        time.sleep(0.002)
        assert segment
        self._write(segment, facts)


def threaded(data: Path, kind: type[Spool]) -> Counter[str]:
    """32 threads that write while the segment is swapped every millisecond and drained."""
    folder, engine = data / "spool", db.open_engine(None, data)
    mine = kind(folder, SEALER, lambda n: Fact("2026", "topics", "dropped", os.urandom(16), n))
    mine._flusher = threading.current_thread()  # swapped here
    mine.write([fact("0", 0)])
    passing = Drainer(folder, SEALER, engine)
    passing.drain()

    def one(writer: str) -> None:
        for number in range(WRITES):
            mine.write([fact(writer, number)])

    threads = [threading.Thread(target=one, args=(str(n),), daemon=True) for n in range(32)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        mine.rotate()
        passing.drain()
        time.sleep(0.001)
    mine.close()
    passing.drain()
    return counted(engine)


def test_thirty_two_threads_while_segments_are_swapped(tmp_path: Path) -> None:
    assert threaded(tmp_path, Spool) == expected([str(n) for n in range(32)], WRITES)


def test_a_write_beside_the_lock_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = os.write

    def late(descriptor: int, blob: bytes) -> int:
        time.sleep(0.002)  # so that a swap comes between
        return written(descriptor, blob) if _open(descriptor) else len(blob)

    monkeypatch.setattr(os, "write", late)
    whole = expected([str(n) for n in range(32)], WRITES)
    assert any(
        whole - threaded(tmp_path / str(n), Unlocked) for n in range(20)
    )  # it shows only when a swap comes between


def _open(descriptor: int) -> bool:
    """The descriptor is a segment's still: a write to one that is closed and used again must not harm the test."""
    try:
        return "/spool/" in os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        return False


def test_a_flusher_that_could_not_begin_begins_with_the_next_fact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, engine = new_spool(tmp_path / "spool"), db.open_engine(None, tmp_path)
    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", _no_thread)
        mine.write([fact("0", 1)])
    mine.write([fact("0", 2)])
    passing, deadline = Drainer(tmp_path / "spool", SEALER, engine), time.monotonic() + HANGS
    while not passing.drain() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert counted(engine) == {"0": 2}


def _no_thread(self: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def segment_of(folder: Path, facts: list[Fact]) -> tuple[Path, bytes]:
    """A segment on disk as its dead writer left it, and what stands in it."""
    made = open_segment(folder)
    os.write(made.descriptor, SEALER.lines(facts, made.id))
    os.close(made.descriptor)
    return made.path, made.path.read_bytes()


def cut_at_every_byte(data: Path, suffix: str, rest: bytes) -> list[str]:
    """A segment for each byte that a power cut may have spared, all drained: what went wrong."""
    folder, engine, wrong = data / "spool", db.open_engine(None, data), list[str]()
    lines, unreadable = 0, 0
    size = len(segment_of(data / "other", _three("size"))[1])
    for cut in range(0, size + 1):
        path, content = segment_of(folder, _three(str(cut)))
        left = content[:cut] + rest
        path.write_bytes(left)
        whole = left.count(b"\n")
        lines, unreadable = lines + whole, unreadable + (left != b"" and not left.endswith(b"\n"))
        found = drainer.read_segment(path, SEALER)
        if found.facts != _three(str(cut))[:whole]:
            wrong.append(f"{len(found.facts)} facts read of {whole} before byte {cut}")
        path.rename(path.with_suffix(suffix))
    Drainer(folder, SEALER, engine).drain()
    sums = {(tab, cell): n for _, tab, cell, n in db.totals(engine)}
    if (sums[("topics", "x")], sums[("operations", "unreadable")]) != (lines, unreadable):
        wrong.append(f"{sums} of {lines} and {unreadable}")
    if [p.name for p in folder.iterdir()] != ["drain.lock"]:
        wrong.append("something is left")
    return wrong


@pytest.mark.parametrize("rest", [b"", b"\0" * 4096], ids=["cut", "cut and a block of zeros"])
@pytest.mark.parametrize("suffix", [".open", ".closed"])
def test_a_power_cut_at_every_byte(tmp_path: Path, suffix: str, rest: bytes) -> None:
    assert cut_at_every_byte(tmp_path, suffix, rest) == []


def test_a_reader_that_gives_up_a_torn_segment_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = drainer.read_segment

    def gives_up(path: Path, sealer: Sealer) -> drainer.Contents:
        found = read(path, sealer)
        return drainer.Contents(found.id, path, unreadable=1) if found.unreadable else found

    monkeypatch.setattr(drainer, "read_segment", gives_up)
    assert any("facts read of" in text for text in cut_at_every_byte(tmp_path, ".open", b""))


def _three(name: str) -> list[Fact]:
    name = name.rjust(5, "0")
    return [
        Fact("2026", "topics", "x", hashlib.blake2b(f"{name}/{n}".encode(), digest_size=16).digest()) for n in "abc"
    ]
