"""Writing facts down: cut writes, full disks and folders that go away drop with count, and never disturb a page."""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.usage import spool
from guide.usage.counting import Counting
from guide.usage.drainer import read_segment
from guide.usage.facts import Sealer
from tests.conftest import HANGS
from tests.usage.conftest import KEY, Desk, fact, said

WRITE = os.write


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """On SQLite: the database has no part in what is tried here."""
    return Desk(tmp_path / "data")


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the next writes give up after so many bytes; None writes it all, -1 finds the disk full."""

    def plan(*lengths: int | None) -> None:
        waiting = list(lengths)

        def write(descriptor: int, blob: bytes) -> int:
            length = waiting.pop(0) if waiting else None
            if length == -1:
                raise OSError(errno.ENOSPC, "full")
            return WRITE(descriptor, blob if length is None else blob[:length])

        monkeypatch.setattr(os, "write", write)

    return plan


def segments(desk: Desk) -> list[str]:
    return sorted(path.suffix for path in desk.folder.iterdir() if path.name != "drain.lock")


def line() -> int:
    """Bytes of a line of `fact`, whatever its hash."""
    return len(Sealer([KEY]).lines([fact("x")], "0" * 16))


def test_facts_of_one_request_are_one_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    written = list[bytes]()
    monkeypatch.setattr(os, "write", lambda d, blob: written.append(blob) or WRITE(d, blob))  # type: ignore[func-returns-value]
    desk.facts([fact("a"), fact("b"), fact("c")])
    assert len(written) == 1 and written[0].count(b"\n") == 3
    desk.facts([])
    assert len(written) == 1, "nothing to say, nothing written"


def test_a_segment_is_locked_before_it_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, locked = Path.rename, list[bool]()

    def rename(path: Path, target: Path) -> Path:
        if path.parent != tmp_path / "spool":
            return real(path, target)  # another test's guide, still running
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            locked.append(True)
        finally:
            os.close(descriptor)
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    spool.close_segment(spool.open_segment(tmp_path / "spool"))
    assert locked == [True, True], "when it is opened, and still when it is closed"
    assert oct((tmp_path / "spool").stat().st_mode & 0o777) == "0o700"
    assert [oct(p.stat().st_mode & 0o777) for p in (tmp_path / "spool").iterdir()] == ["0o600"]


def test_a_closed_segment_is_synced_first_and_then_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = list[str]()

    def told(name: str) -> None:
        if threading.current_thread() is threading.main_thread():
            done.append(name)

    for name in ("fdatasync", "rename", "fsync"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: told(name) or real(*a))  # type: ignore[misc]
    segment = spool.open_segment(tmp_path)
    done.clear()
    spool.close_segment(segment)
    assert done == ["fdatasync", "rename", "fsync"]


def test_the_flusher_closes_a_segment_by_itself(tmp_path: Path) -> None:
    counting = Counting(tmp_path, [KEY], None, scoped=False)
    counting.record(lambda: [fact("a")])
    wait_until = time.monotonic() + HANGS
    while not (found := list(counting.folder.glob("*.closed"))) and time.monotonic() < wait_until:
        time.sleep(0.01)
    assert [f.cell for f in read_segment(found[0], Sealer([KEY])).facts] == ["a"]
    assert len(list(counting.folder.glob("*.open"))) == 1, "the next one stands ready"
    counting.close()


def test_rotating_and_closing_with_nothing_written(desk: Desk) -> None:
    desk._spool.rotate()
    desk.close()
    assert not desk.folder.exists(), "no fact, no file"
    desk.facts([fact("a")])
    desk._spool.rotate()
    desk._spool.rotate()
    assert segments(desk) == [".closed", ".open"]
    desk.close()
    desk.facts([fact("b")])
    desk.close()
    assert desk.drain() == 2 and segments(desk) == []


@pytest.mark.parametrize("before", [True, False], ids=["after a whole line", "new segment"])
@pytest.mark.parametrize("closed", [True, False], ids=["closed at once", "written on"])
def test_a_write_cut_at_every_byte_is_dropped_with_count(
    desk: Desk, cut: Callable[..., None], before: bool, closed: bool
) -> None:
    size, handed, dropped, torn = line(), 0, 0, 0
    for length in range(3 * size + 1):
        if before:
            desk.facts([fact("x")])
        cut(length)
        desk.facts([fact("x") for _ in range(3)])
        assert desk._spool.lost == 3 - length // size
        if closed:
            desk._spool.rotate()
        desk.facts([fact("x")])
        assert desk._spool.lost == 0
        desk._spool.rotate()
        handed, dropped, torn = handed + 4 + before, dropped + 3 - length // size, torn + (length % size > 0)
    desk.drain()
    told = desk.operations()
    assert (told["dropped"], told["unreadable"]) == (dropped, torn) and desk.conserved(handed)
    assert segments(desk) == [".open"], "nothing lies there and waits for ever"


def test_cut_twice_and_three_times_the_note_too(desk: Desk, cut: Callable[..., None]) -> None:
    size = line()
    edges = [0, 1, 2, size // 2, size - 2, size - 1, size, size + 1, size + 2, 2 * size, 2 * size + 2]
    plans = [(a, b, c) for a in edges for b in edges for c in (-1, 1, size + 1, size + 9)]
    for lengths in plans:
        cut(*lengths)
        for _ in range(4):
            desk.facts([fact("x"), fact("x")])
        assert desk._spool.lost == 0
        desk._spool.rotate()
    desk.drain()
    assert desk.conserved(8 * len(plans)) and desk.operations()["dropped"] > len(plans)
    assert segments(desk) == [".open"]


def test_nothing_but_cut_lines_is_not_taken_for_another_key(desk: Desk, cut: Callable[..., None]) -> None:
    cut(5, 7, 9, 30, -1)
    for _ in range(4):
        desk.facts([fact("x")])
    desk.close()
    desk.drain()
    assert segments(desk) == [] and desk.operations()["unreadable"] == 4
    assert desk.operations()["dropped"] == 0 and desk._spool.lost == 4, "and their number waits for a line that fits"


def test_a_full_disk_is_told_when_there_is_room_again(
    desk: Desk, cut: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    cut(*[-1] * 100)
    for _ in range(100):
        desk.facts([fact("x"), fact("y")])
    assert desk._spool.lost == 200 and "200 tal" in desk.findings()[0]
    assert said(caplog) == ["OSError when writing to a segment"], "one line, not a hundred"
    desk.facts([fact("x")])
    assert desk.findings() == []
    desk.drain()
    assert desk.operations() == {"counted": 1, "dropped": 200}
    cut(-1)
    desk.facts([fact("x")])
    assert len(said(caplog)) == 2, "it worked in between"


def test_a_stop_tells_what_was_dropped(desk: Desk, cut: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    cut(-1)
    desk.facts([fact("x")] * 5)
    desk.close()
    desk.drain()
    assert desk.operations() == {"dropped": 5} and segments(desk) == []


def test_a_folder_that_cannot_be_made(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.folder.parent.mkdir(parents=True)
    desk.folder.write_text("in the way")
    monkeypatch.setattr(spool, "RETRY", 0)
    for _ in range(50):
        desk.facts([fact("x")])
    assert desk.drain() == 0 and desk._spool.lost == 50
    assert said(caplog) == ["FileExistsError when opening a segment"]
    desk.folder.unlink()
    desk.facts([fact("x")])
    desk.drain()
    assert desk.operations() == {"counted": 1, "dropped": 50}


def test_a_folder_that_cannot_be_made_is_not_asked_for_by_every_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[Path]()

    def refuse(folder: Path) -> spool.Segment:
        asked.extend([folder] if folder == desk.folder else [])
        raise PermissionError

    monkeypatch.setattr(spool, "open_segment", refuse)
    monkeypatch.setattr(spool, "RETRY", 3_600)
    for _ in range(50):
        desk.facts([fact("x")])
    assert len(asked) == 1


@pytest.mark.parametrize("gone", ["folder", "segment"])
def test_what_somebody_removes_is_dropped_with_count(desk: Desk, gone: str, caplog: pytest.LogCaptureFixture) -> None:
    desk.facts([fact("x"), fact("y")])
    shutil.rmtree(desk.folder) if gone == "folder" else next(desk.folder.glob("*.open")).unlink()
    desk.facts([fact("z")])
    desk._spool.rotate()
    assert desk._spool.lost == 3
    desk.facts([fact("x")])
    desk.drain()
    assert desk.operations() == {"counted": 1, "dropped": 3}
    assert said(caplog) == ["FileNotFoundError when closing a segment"]


def test_notes_in_a_removed_segment_are_not_forgotten(desk: Desk, cut: Callable[..., None]) -> None:
    cut(-1)
    desk.facts([fact("x")] * 5)
    desk.facts([fact("x")])
    shutil.rmtree(desk.folder)
    desk._spool.rotate()
    assert desk._spool.lost == 6


def test_no_new_segment_goes_on_in_the_old_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.facts([fact("x")])

    def refuse(folder: Path) -> spool.Segment:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as full:
        full.setattr(spool, "open_segment", refuse)
        desk._spool.rotate()
        desk.facts([fact("x")])
        assert desk.drain() == 0 and segments(desk) == [".open"]
        assert desk._spool._dirty.is_set(), "it is tried again"
    assert desk.drain() == 2


def test_nothing_of_a_fact_stands_in_the_log(
    desk: Desk, cut: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cut(-1)
    desk.facts([fact("hemmelig")])
    shutil.rmtree(desk.folder)
    desk._spool.rotate()
    desk.facts([fact("hemmelig")])
    desk.record(lambda: [][1])
    assert said(caplog) and not [m for m in said(caplog) if "hemmelig" in m or "/" in m]
    assert said(caplog)[-1] == "IndexError when recording"
