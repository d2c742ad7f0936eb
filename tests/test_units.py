"""docs/drift: the systemd units as systemd reads them, what the handbook quotes, and the weekly copy."""

from __future__ import annotations

import configparser
import datetime
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from guide import config, db
from guide.usage.counting import Counting
from guide.usage.facts import Fact

DRIFT = Path(__file__).parent.parent / "docs" / "drift"
UNITS = sorted(p.name for p in DRIFT.iterdir() if p.suffix in (".service", ".socket", ".timer"))
HANDBOOK = (DRIFT.parent / "drift.md").read_text("utf-8")


def verify(folder: Path, **changed: str) -> str:
    """What `systemd-analyze verify` says about all units, with commands that exist on this machine."""
    program = shutil.which("systemd-analyze")
    assert program, "systemd is missing: tools/install_system.sh test installs it"
    for name in UNITS:
        text = re.sub(r"/opt/guide/bin/\w+", "/bin/true", (DRIFT / name).read_text("utf-8"))
        for old, new in changed.items():
            text = text.replace(f"{old}=", f"{new}=")
        (folder / name).write_text(text, encoding="utf-8")
    paths = [str(folder / name) for name in UNITS]
    done = subprocess.run([program, "verify", *paths], capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr + ("" if done.returncode == 0 else f"\nended with {done.returncode}")


def about_us(said: str) -> list[str]:
    """The lines about our units: systemd may also complain about others on this machine."""
    return [line for line in said.splitlines() if "guide" in line]


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    assert UNITS == ["guide-kopi.service", "guide-kopi.timer", "guide.service", "guide.socket"]
    assert about_us(verify(tmp_path)) == []


@pytest.mark.parametrize("old, new", [("NoNewPrivileges", "NoNewPriviliges"), ("OnCalendar", "OnCalender")])
def test_planted_a_word_systemd_does_not_know(tmp_path: Path, old: str, new: str) -> None:
    assert any(new in line for line in about_us(verify(tmp_path, **{old: new})))


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(DRIFT / name, encoding="utf-8")
    return read


def test_what_the_promises_rest_on() -> None:
    service = unit("guide.service")["Service"]
    wanted = {
        "Restart": "always", "KillMode": "mixed", "UMask": "0077", "LimitCORE": "0", "MemorySwapMax": "0",
        "NoNewPrivileges": "yes", "ProtectSystem": "strict", "StateDirectoryMode": "0700", "PrivateTmp": "yes",
    }  # fmt: skip
    assert {name: service.get(name) for name in wanted} == wanted
    assert unit("guide.service")["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit("guide.socket")["Socket"]["ListenStream"].startswith("127.0.0.1:")
    copying = unit("guide-kopi.service")["Service"]
    assert copying["User"] == service["User"] and copying["UMask"] == "0077"


def test_the_copy_is_weekly_at_most() -> None:
    timer = unit("guide-kopi.timer")["Timer"]
    assert re.match(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d\d:\d\d", timer["OnCalendar"])
    assert "OnUnitActiveSec" not in timer and "OnBootSec" not in timer


def test_the_handbook_names_every_file_and_setting() -> None:
    for path in DRIFT.iterdir():
        assert path.name in HANDBOOK, path.name
    for name in re.findall(r"GUIDE_[A-Z_]+", Path(config.__file__).read_text("utf-8")):
        assert name in HANDBOOK, name
    for quoted in re.findall(r"\(drift/([^)]+)\)", HANDBOOK):
        assert (DRIFT / quoted).exists(), quoted


def copy(database: Path, folder: Path, day: datetime.date | None = None) -> subprocess.CompletedProcess[str]:
    program = (DRIFT / "kopi.py").read_text("utf-8")
    if day:
        program = program.replace("datetime.date.today()", repr(day))
    command = [sys.executable, "-c", program, str(database), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    made = Counting(tmp_path / "data", ["k" * 32], None, scoped=False)
    made.record(lambda: [Fact("2026-K4", "use", "proeve|tre", bytes([n]) * 16, 1) for n in range(5)])
    return made


def test_a_copy_holds_the_sums_and_nothing_else(tmp_path: Path, counting: Counting) -> None:
    expected = counting.totals()
    database, folder = tmp_path / "data" / "guide.sqlite", tmp_path / "kopi"
    with closing(sqlite3.connect(database)) as live:
        assert live.execute("SELECT count(*) FROM seen").fetchone()[0] > 0
        live.execute("BEGIN IMMEDIATE")  # somebody writes meanwhile
        assert copy(database, folder).returncode == 0
    (made,) = folder.iterdir()
    assert made.stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(made)) as copied:
        assert copied.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    assert bytes([4]) * 16 not in made.read_bytes()
    # Put back, the guide reads it as its own.
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(made, restored / "guide.sqlite")
    assert expected and db.totals(db.open_engine(None, restored)) == expected


def test_four_copies_are_kept(tmp_path: Path, counting: Counting) -> None:
    counting.totals()
    folder = tmp_path / "kopi"
    for day in range(1, 7):
        assert copy(tmp_path / "data" / "guide.sqlite", folder, datetime.date(2026, 1, day)).returncode == 0
    assert sorted(p.name for p in folder.iterdir()) == [f"guide-2026-01-0{day}.sqlite" for day in range(3, 7)]


def test_a_copy_that_cannot_be_taken_says_so_and_deletes_nothing(tmp_path: Path, counting: Counting) -> None:
    counting.totals()
    folder = tmp_path / "kopi"
    assert copy(tmp_path / "data" / "guide.sqlite", folder).returncode == 0
    for wrong in (tmp_path / "findes-ikke.sqlite", tmp_path):
        done = copy(wrong, folder)
        assert done.returncode == 1 and "ikke taget" in done.stderr and "Traceback" not in done.stderr
        assert str(tmp_path) not in done.stderr
    assert len(list(folder.glob("*.sqlite"))) == 1
