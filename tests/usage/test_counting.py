"""What the web holds: facts are taken whatever happens, threads begin with the first one, and it says how it goes."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.usage import counting as room
from guide.usage.counting import Counting, Unavailable
from guide.usage.facts import Fact
from tests.conftest import HANGS
from tests.usage.conftest import KEY, Clock, Desk, fact, said


def until(true: Callable[[], object]) -> None:
    """Wait until something is true; a test that hangs fails."""
    end = time.monotonic() + HANGS
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def ours() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("guide-")]


def test_without_a_fact_there_is_no_thread_no_file_and_no_database(tmp_path: Path) -> None:
    before = ours()
    counting = Counting(tmp_path / "data", [KEY], None, scoped=False)
    counting.record(lambda: [])
    counting.close()
    assert counting.findings() == []
    assert ours().count("guide-flusher") == before.count("guide-flusher")
    assert not (tmp_path / "data").exists()


def test_everything_is_counted_by_itself(tmp_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SHORTEST", 0.01)
    monkeypatch.setattr(room, "LONGEST", 0.02)
    counting = Counting(tmp_path, [KEY], database, scoped=False)
    looking = Desk(tmp_path, [KEY], database)
    for number in range(3):
        counting.record(lambda: [fact("x"), fact("x")])
        until(lambda wanted=2 * (number + 1): looking.sums().get(("2026", "topics", "x")) == wanted)
    counting.close()
    monkeypatch.setattr(room, "SHORTEST", 3_600.0)
    monkeypatch.setattr(room, "LONGEST", 3_600.0)


def test_one_flusher_and_one_drainer_however_many_begin_at_once(tmp_path: Path) -> None:
    before, together = ours(), threading.Barrier(32)
    counting = Counting(tmp_path, [KEY], None, scoped=False)

    def begin() -> None:
        together.wait()
        counting.record(lambda: [fact("x")])

    threads = [threading.Thread(target=begin) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(ours())) == ["guide-drainer", "guide-flusher"] and len(ours()) == len(before) + 2
    assert counting.totals()[0][3] == 32
    counting.close()


@pytest.mark.parametrize("error", [OSError, RuntimeError, MemoryError, KeyError, ValueError])
def test_recording_never_raises(desk: Desk, caplog: pytest.LogCaptureFixture, error: type[Exception]) -> None:
    def make() -> list[Fact]:
        raise error("hemmelig")

    desk.record(make)
    assert said(caplog) == [f"{error.__name__} when recording"]


def test_a_thread_that_cannot_start_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counting = Counting(tmp_path, [KEY], None, scoped=False)

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        counting.record(lambda: [fact("x")])
    assert said(caplog) == ["RuntimeError when starting the flusher", "RuntimeError when recording"]
    counting.record(lambda: [fact("x")])
    assert counting.totals()[0] == ("2026", "topics", "x", 2)
    counting.close()


def test_trouble_is_logged_when_it_begins_and_when_it_changes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fails: list[Exception | None] = [
        OSError("a"),
        OSError("b"),
        KeyError("c"),
        None,
        KeyError("d"),
        room.Busy(),
        KeyError(),
    ]

    def drain() -> int:
        error = fails.pop(0)
        if error:
            raise error
        return 0

    monkeypatch.setattr(desk._own, "drain", drain)
    while fails:
        desk._pass(desk._own)
    assert said(caplog) == [f"{name} when draining" for name in ("OSError", "KeyError", "KeyError")]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}


def test_findings_tell_of_segments_that_lie_too_long_and_of_facts_lost(desk: Desk) -> None:
    desk.facts([fact("x")])
    desk._spool.rotate()
    assert desk.findings() == []
    for path in desk.folder.glob("*.closed"):
        os.utime(path, (1, 1))
    desk._failed = "OperationalError"
    (late,) = desk.findings()
    assert late.startswith("1 fil i spool er ikke talt med endnu. Seneste fejl: OperationalError.")
    desk._spool.lost = 3
    assert desk.findings()[1].startswith("3 tal kunne ikke skrives ned.")
    desk._spool.lost = 0
    desk.drain()
    assert desk.findings() == []


def test_totals_wait_for_another_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.facts([fact("x")])
    desk._spool.rotate()
    monkeypatch.setattr(room, "PATIENCE", HANGS)
    busy = desk.drainer()._only()
    busy.__enter__()
    end = threading.Timer(0.3, lambda: busy.__exit__(None, None, None))
    end.start()
    assert desk.totals()[0] == ("2026", "topics", "x", 1)
    monkeypatch.setattr(room, "PATIENCE", 0.2)
    with desk.drainer()._only(), pytest.raises(Unavailable, match="Prøv igen om lidt"):
        desk.totals()


def test_days_are_told_by_the_clock_it_was_given(tmp_path: Path) -> None:
    clock = Clock()
    desk = Desk(tmp_path, clock=clock)
    for _ in range(2):
        desk._spool.lost = 1
        desk.facts([fact("x")])
        desk.drain()
        clock.at += 86_400
    days = {period: n for (period, tab, cell), n in desk.sums().items() if cell == "dropped"}
    assert days == {"2026M11D18": 1, "2026M11D19": 1}
