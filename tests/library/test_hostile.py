"""Loading and checking never raise and never wait, whatever lies in the folders, and say in Danish what it is."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.flows.finding import Finding, errors
from guide.library.checks import check
from guide.library.library import load
from tests.conftest import DEMO

FILES = sorted(p.relative_to(DEMO).as_posix() for p in DEMO.rglob("*") if p.is_file())


def everything(folder: Path, *added: Path) -> list[Finding]:
    """Load and check, within a time in which nothing can have been waited for."""
    began = time.perf_counter()
    library, findings = load(folder, added)
    found = sorted({*findings, *check(library)})
    assert time.perf_counter() - began < 10
    for finding in found:
        assert str(finding).encode() and str(finding).isprintable()
    return found


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def nothing(path: Path) -> None:
    path.unlink()


def endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def noise(path: Path) -> None:
    path.write_bytes(random.Random(20261121).randbytes(5_000))


def latin(path: Path) -> None:
    path.write_bytes(b"# \xe6\xf8\xe5\n" + path.read_bytes())


@pytest.mark.parametrize("spoil", [fifo, folder, nothing, endless, loop, empty, noise, latin])
@pytest.mark.parametrize("file", FILES)
def test_any_file_as_anything(tmp_path: Path, file: str, spoil: Callable[[Path], None]) -> None:
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    spoil(copy / file)
    found = errors(everything(copy))
    if spoil is nothing:
        assert found or file.startswith(("municipalities/", "themes/", "cases/"))
    else:
        assert any(f.file == file for f in found), found


@pytest.mark.parametrize("room", sorted({p.relative_to(DEMO).as_posix() for p in DEMO.rglob("*") if p.is_dir()}))
def test_any_folder_as_a_file_or_gone(tmp_path: Path, room: str) -> None:
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    shutil.rmtree(copy / room)
    needed = room not in ("municipalities", "municipalities/proeve", "flows/tre", "flows/flere", "themes", "cases")
    assert not needed or errors(everything(copy))
    (copy / room).write_text("x")
    found = everything(copy)
    assert any(f.file == room for f in found), "it is told that nobody reads it"
    assert not needed or errors(found)


def test_names_of_any_bytes(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    rooms = [
        "flows",
        "flows/shared",
        "law",
        "contacts",
        "signs",
        "letters",
        "pages",
        "municipalities",
        "registers",
        ".",
    ]
    for room in rooms:
        for name in (b"\xff\xfe", b"a\nb", b"\x1b[2J", "Å".encode(), b"x" * 200, b"-", b"~", b"..x", b" "):
            for ending in (b".yaml", b".md", b""):
                path = os.path.join(os.fsencode(copy / room), name + ending)
                if ending:
                    Path(os.fsdecode(path)).write_bytes(b"title: x\n")
                else:
                    Path(os.fsdecode(path)).mkdir()
                    Path(os.fsdecode(path + b"/flow.yaml")).write_bytes(b"title: x\n")
                    Path(os.fsdecode(path + b"/municipality.yaml")).write_bytes(b"name: x\n")
    found = everything(copy, copy)
    assert len(found) > 100


def test_the_whole_disk_as_added_content() -> None:
    found = everything(DEMO, Path("/"), Path("/proc"), Path("/dev"), Path("/proc/self/fd"))
    assert errors(found) == [] and found


def test_mutants_of_the_demo(tmp_path: Path) -> None:
    """A few bytes of one file changed: findings, or a library; never an exception."""
    chance, copy = random.Random(20261121), Path(shutil.copytree(DEMO, tmp_path / "demo"))
    tokens = [
        b": ",
        b"\n",
        b"  ",
        b"- ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"'",
        b"[a]",
        b"{a: b}",
        b"next",
        b"goto",
        b"\xff",
        b"9",
        b"",
    ]
    for _ in range(150):
        path = copy / chance.choice(FILES)
        before = path.read_bytes()
        place, size = chance.randrange(len(before)), chance.choice([0, 1, 2, 5, 20])
        path.write_bytes(before[:place] + chance.choice(tokens) + before[place + size :])
        everything(copy)
        path.write_bytes(before)
