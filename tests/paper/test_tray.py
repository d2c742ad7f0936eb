"""The tray: one paper at a time whoever asks, kept, made anew when it must be; what was killed locks nothing."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

import guide
from guide.paper import tray
from guide.paper.tray import Tray
from tests.conftest import HANGS

SHELL = ("/bin/sh", "-c")
LAST = 'for last; do :; done; echo $$ > "$last.pid"; '


@pytest.fixture(autouse=True)
def half_past_noon(monkeypatch: pytest.MonkeyPatch) -> float:
    """The clock of the tray stands, so that no day or hour ends in the middle of a test."""
    now = time.time() // tray.DAY * tray.DAY + 12.5 * tray.HOUR
    monkeypatch.setattr(time, "time", lambda: now)
    return now


def works(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """The child runs this instead, with the path in `$last` and the HTML on its standard input."""
    monkeypatch.setattr(tray, "COMMAND", (*SHELL, LAST + script, "sh"))


COPIES = 'cat > "$last.new"; mv "$last.new" "$last"'


def until(holds: object) -> None:
    """Wait until a function holds."""
    end = time.monotonic() + HANGS
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_paper_is_made_once_and_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    works(monkeypatch, COPIES)
    asked = list[str]()
    held = Tray(tmp_path, "abc")
    for text in ("første", "anden"):
        found = held.ask("plakat-x", lambda text=text: asked.append(text) or text)
        assert isinstance(found, Path) and found.read_text("utf-8") == "første"
    assert asked == ["første"] and held.folder.stat().st_mode & 0o77 == 0
    assert not list(held.folder.glob("*.failed"))


def test_an_old_one_is_made_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    works(monkeypatch, COPIES)
    held = Tray(tmp_path, "abc")
    found = held.ask("x", lambda: "gammel")
    assert isinstance(found, Path)
    os.utime(found, (0, time.time() - tray.FRESH - 9))
    held.ask("x", lambda: "ny")
    assert found.read_text("utf-8") == "ny"


def test_while_one_is_made_no_other_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also after the request that began it has given up waiting, and for another worker's tray."""
    works(monkeypatch, 'while [ ! -e "$last.go" ]; do sleep 0.02; done; ' + COPIES)
    held, drawn = Tray(tmp_path, "abc", wait=0.05), list[int]()
    assert held.ask("x", lambda: "x") == "busy"
    for other in (held, Tray(tmp_path, "abc")):
        assert [other.ask(name, lambda: drawn.append(1) or "") for name in ("x", "y")] == ["busy", "busy"]
    assert drawn == []
    (held.folder / "x.pdf.go").touch()
    until(lambda: held.ask("x", lambda: "z") != "busy")
    assert held.ask("x", lambda: "z") == held.folder / "x.pdf"


def test_a_failure_is_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    works(monkeypatch, "exit 1")
    held, drawn = Tray(tmp_path, "abc"), list[int]()
    assert [held.ask("x", lambda: drawn.append(1) or "") for _ in range(3)] == ["failed"] * 3
    assert drawn == [1]
    works(monkeypatch, COPIES)
    assert isinstance(held.ask("y", lambda: "y"), Path)
    os.utime(held.folder / "x.failed", (0, time.time() - tray.AGAIN - 1))
    assert isinstance(held.ask("x", lambda: "x"), Path)


def hours(folder: Path) -> dict[str, float]:
    """The hour of today at which the files, and the folder itself as "", say that they were written."""
    midnight = time.time() // tray.DAY * tray.DAY
    found = {path.name: path for path in folder.iterdir() if path.suffix != ".pid"} | {"": folder}
    return {name: (path.stat().st_mtime - midnight) / tray.HOUR for name, path in found.items()}


def test_no_file_tells_when_somebody_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, half_past_noon: float
) -> None:
    """A name has a kommune and a faggruppe: a paper tells the day, one that failed the hour, and then it goes."""
    held = Tray(tmp_path, "abc")
    works(monkeypatch, "exit 1")
    assert held.ask("handleplan-tandpleje-laesoe", lambda: "x") == "failed"
    assert hours(held.folder) == {"": 12, "handleplan-tandpleje-laesoe.failed": 12}
    works(monkeypatch, COPIES)
    assert held.ask("handleplan-tandpleje-laesoe", lambda: "x") == "failed"
    monkeypatch.setattr(time, "time", lambda: half_past_noon + tray.HOUR / 2)
    assert isinstance(held.ask("plakat-skole-viborg", lambda: "x"), Path)
    assert hours(held.folder) == {"": 0, "plakat-skole-viborg.pdf": 0}


def test_a_tray_that_tells_when_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The planted fault: times are left as the disk gives them."""
    works(monkeypatch, COPIES)
    monkeypatch.setattr(tray, "_begin_of", lambda *_: None)
    held = Tray(tmp_path, "abc")
    assert isinstance(held.ask("plakat-skole-viborg", lambda: "x"), Path)
    assert 0 not in hours(held.folder).values()


def test_a_killed_child_locks_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    works(monkeypatch, "exec sleep 60")
    held = Tray(tmp_path, "abc", wait=0.05)
    assert held.ask("x", lambda: "x") == "busy"
    pid = held.folder / "x.pdf.pid"
    until(lambda: pid.exists() and pid.read_text().strip())
    os.kill(int(pid.read_text()), signal.SIGKILL)
    works(monkeypatch, COPIES)
    until(lambda: held.ask("y", lambda: "y") != "busy")
    assert isinstance(held.ask("y", lambda: "y"), Path) and held.ask("x", lambda: "x") == "failed"


def test_a_tray_that_holds_no_lock_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The planted fault: without the lock two papers are made at a time."""
    works(monkeypatch, "exec sleep 1")
    monkeypatch.setattr(tray.fcntl, "flock", lambda *_: None)
    held, drawn = Tray(tmp_path, "abc", wait=0.01), list[int]()
    for name in ("x", "y"):
        held.ask(name, lambda: drawn.append(1) or "")
    assert drawn == [1, 1]


def test_other_versions_go_and_so_do_the_oldest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    works(monkeypatch, COPIES)
    old = Tray(tmp_path, "old")
    assert isinstance(old.ask("x", lambda: "x"), Path)
    held = Tray(tmp_path, "new")
    monkeypatch.setattr(tray, "LARGEST", 10)
    for n, name in enumerate(("a", "b", "c")):
        found = held.ask(name, lambda: "12345678")
        assert isinstance(found, Path)
        os.utime(found, (0, time.time() - 100 + n))
    assert not old.folder.exists() and {p.name for p in held.folder.glob("*.pdf")} == {"b.pdf", "c.pdf"}


def test_a_disk_that_cannot_be_written_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "paper").write_text("a file where the folder should be", "ascii")
    assert Tray(tmp_path, "abc").ask("x", lambda: "x") == "failed"


def test_the_real_child_presses_html(tmp_path: Path) -> None:
    """The one that the web starts: at low priority, from standard input."""
    assert tray.COMMAND[-1] == "guide.paper.press" and tray.COMMAND[0] == sys.executable
    held, path = Tray(tmp_path, "abc", wait=0.01), tmp_path / "paper" / f"abc-{guide.__version__}" / "x.pdf"
    html = '<!doctype html><html lang="da"><head><title>Prøve</title></head><body><p>æøå</p></body></html>'
    assert held.ask("x", lambda: html) == "busy"
    until(lambda: path.exists() and not path.with_suffix(".failed").exists() and path.stat().st_mtime % tray.DAY == 0)
    assert held.ask("x", lambda: "") == path and path.read_bytes().startswith(b"%PDF-")
