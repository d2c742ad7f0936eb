"""What is accepted: never what cannot be read to its end, never what is being saved, and again after a restart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from guide import versions
from guide.live import accept, check, current, watch
from guide.live.accept import Lost, Place, library_of
from guide.live.compose import PLACED, Refused
from tests.conftest import DEMO


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The demo content with one kommune of its own, accepted."""
    monkeypatch.setattr(accept, "QUIET", 0.0)
    (tmp_path / "own" / "municipalities" / "anholt").mkdir(parents=True)
    found = Place(Path(shutil.copytree(DEMO, tmp_path / "base")), (tmp_path / "own",), tmp_path / "data")
    save(found, "name: Anholt Kommune\nexample: true\n")
    assert accept.accept(found)
    return found


def save(place: Place, text: str) -> None:
    (place.added[0] / "municipalities" / "anholt" / "municipality.yaml").write_text(text, encoding="utf-8")


def now(place: Place) -> current.Current:
    found = current.read(place.data)
    assert found
    return found


def test_what_is_accepted_is_read_again_without_the_folders(place: Place) -> None:
    shutil.rmtree(place.root)
    library = library_of(place.data, now(place).version)
    assert library.municipalities["anholt"].name == "Anholt Kommune"
    assert not list((place.data / "live").glob(f"{PLACED}*"))


def test_an_added_folder_without_kommuner_keeps_its_place(place: Place) -> None:
    empty = Place(place.root, (place.data / "tom", *place.added), place.data)
    (place.data / "tom" / "municipalities").mkdir(parents=True)
    assert accept.accept(empty)
    assert library_of(place.data, now(empty).version).digest == now(empty).version


@pytest.mark.parametrize("fault", ["torn", "another", "gone", "leads out"])
def test_files_that_were_lost_or_changed_are_never_served(place: Place, fault: str) -> None:
    path = place.data / "versions" / f"{now(place).version}.zip"
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as made:
        names = {name: made.read(name) for name in made.namelist()}
    path.unlink()
    if fault == "torn":
        path.write_bytes(whole[: len(whole) // 2])
    elif fault != "gone":
        with zipfile.ZipFile(path, "w") as made:
            for name, data in names.items():
                made.writestr(name, data.replace(b"Anholt", b"Samsoe"))
            if fault == "leads out":
                made.writestr("content-1/../../../../ud.yaml", "x")
    with pytest.raises(Lost):
        library_of(place.data, now(place).version)
    assert not list(place.data.rglob("ud.yaml"))
    assert accept.accept(place) and library_of(place.data, now(place).version), "kept again"


def test_errors_in_the_base_change_what_is_told_and_not_what_is_served(place: Place) -> None:
    before = now(place)
    (place.root / "pages" / "om.md").unlink()
    assert accept.accept(place)
    after = now(place)
    assert (after.version, after.since) == (before.version, before.since) and after.failing[""].number == 1
    with pytest.raises(Refused):
        accept.accept(Place(place.root, place.added, place.data / "another"))


def test_the_kommune_that_alone_is_served_cannot_go(place: Place) -> None:
    alone, before = Place(place.root, place.added, place.data, "anholt"), now(place)
    shutil.rmtree(place.added[0] / "municipalities" / "anholt")
    assert accept.accept(alone)
    assert now(alone).version == before.version and "GUIDE_SCOPE" in now(alone).failing[""].first[0].message


def test_nothing_is_accepted_while_somebody_saves(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before, text = now(place), iter("abcdef")
    save(place, "name: Nye Anholt Kommune\nexample: true\n")
    saving = SimpleNamespace(
        sleep=lambda _: save(place, f"name: {next(text)} Kommune\nexample: true\n"),
        monotonic=time.monotonic,
        time=time.time,
    )
    monkeypatch.setattr(accept, "time", saving)
    assert not accept.accept(place) and now(place) == before
    assert accept.accept(place, patient=False) and now(place).version != before.version


def test_a_disk_that_cannot_keep_the_files_changes_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = now(place)
    save(place, "name: Nye Anholt Kommune\nexample: true\n")
    monkeypatch.setattr(versions, "_write", lambda *_: None)
    with pytest.raises(OSError):
        accept.accept(place)
    assert now(place) == before


def test_what_a_killed_process_left_is_cleared_away(place: Place) -> None:
    old, new = (place.data / "live" / f"{PLACED}{name}" for name in ("old", "new"))
    for left in (old, new):
        left.mkdir()
    os.utime(old, (0, 0))
    accept.within(place.data)
    assert not old.exists() and new.exists()


def test_a_lock_is_free_when_its_holder_is_killed(place: Place) -> None:
    holds = "import sys, time; from pathlib import Path; from guide.live.accept import locked\n"
    holds += "with locked(Path(sys.argv[1]), 'watch'): print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holds, str(place.data)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline()
        with pytest.raises(BlockingIOError), accept.locked(place.data, "watch", wait=False):
            pass
        holder.kill()
    with accept.locked(place.data, "watch", wait=False):
        pass


def test_a_child_that_ends_badly_changes_nothing_and_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = now(place)
    for code in ("import os; os.kill(os.getpid(), 9)", "raise SystemExit(1)", "bytearray(10**15)"):
        command = [sys.executable, "-c", code]
        monkeypatch.setattr(watch, "command", lambda *_, command=command: command)
        assert watch.look(place) == "failed"
        assert now(place) == replace(before, failing={"": current.Found(1, (watch.FAILED,))})
    assert "the child ended with -9" in caplog.text


def test_the_child_itself(place: Place) -> None:
    """The real command: its limits hold, and what it accepts is what is accepted here."""
    before = now(place)
    save(place, "name: Nye Anholt Kommune\nexample: true\n")
    assert watch.look(place) == "told"
    assert now(place).version != before.version
    command = check.command(replace(place, root=place.data / "nowhere", data=place.data / "new"), True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "Her er ingen flow" in done.stderr
