"""Writing a content file: whole or not at all, never outside the content, never over what others wrote."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from guide.library import write
from guide.library.layout import NotWritten

FILE = "municipalities/x/municipality.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    write.put(tmp_path / "content", FILE, None, b"name: X\n")
    return tmp_path / "content"


def test_a_new_file_and_a_changed_one(folder: Path) -> None:
    path = folder / FILE
    assert path.read_bytes() == write.content_of(folder, FILE) == b"name: X\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o660)
    write.put(folder, FILE, b"name: X\n", b"name: Y\n")
    assert path.read_bytes() == b"name: Y\n" and stat.S_IMODE(path.stat().st_mode) == 0o660
    assert os.listdir(path.parent) == ["municipality.yaml"]


@pytest.mark.parametrize(
    "file",
    ["../x.yaml", "municipalities/../../x.yaml", "/etc/x.yaml", "x.yaml", "", "other/x.yaml", "municipalities/x/a.txt",
     "municipalities", "municipalities/x\0/a.yaml", "municipalities\\x.yaml", "municipalities/\u202ex.yaml"],
)  # fmt: skip
def test_outside_the_content(folder: Path, file: str) -> None:
    (folder.parent / "x.yaml").write_bytes(b"a: b")
    with pytest.raises(NotWritten):
        write.content_of(folder, file)
    with pytest.raises(NotWritten):
        write.put(folder, file, None, b"c: d")
    assert (folder.parent / "x.yaml").read_bytes() == b"a: b"


def test_links_are_not_followed(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "municipality.yaml").write_bytes(b"a: b")
    (folder / "municipalities" / "y").symlink_to(outside)
    (folder / "municipalities" / "x" / "more.yaml").symlink_to(outside / "municipality.yaml")
    for file in ("municipalities/y/municipality.yaml", "municipalities/x/more.yaml"):
        with pytest.raises(NotWritten, match="link"):
            write.put(folder, file, b"a: b", b"c: d")
    assert (outside / "municipality.yaml").read_bytes() == b"a: b"


def test_what_others_wrote_meanwhile_stays(folder: Path) -> None:
    for before in (b"name: Old\n", None):
        with pytest.raises(NotWritten, match="ændret af andre imens"):
            write.put(folder, FILE, before, b"name: Mine\n")
    assert (folder / FILE).read_bytes() == b"name: X\n"
    (folder / FILE).unlink()
    with pytest.raises(NotWritten):
        write.put(folder, FILE, b"name: X\n", b"name: Mine\n")
    assert os.listdir((folder / FILE).parent) == []


def test_what_is_no_plain_file_or_has_no_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(folder / "municipalities" / "x" / "pipe.yaml")
    (folder / "municipalities" / "x" / "folder.yaml").mkdir()
    for name in ("pipe", "folder", "missing"):
        with pytest.raises(NotWritten):
            write.content_of(folder, f"municipalities/x/{name}.yaml")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(NotWritten, match="kan ikke skrives"):
        write.put(folder, FILE, b"name: X\n", b"name: Y\n")
    assert (folder / FILE).read_bytes() == b"name: X\n"
    assert sorted(os.listdir((folder / FILE).parent)) == ["folder.yaml", "municipality.yaml", "pipe.yaml"]


def test_a_file_that_must_not_be_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything, so the answer is made up
    with pytest.raises(NotWritten, match="må ikke ændres"):
        write.put(folder, FILE, b"name: X\n", b"name: Y\n")
    assert (folder / FILE).read_bytes() == b"name: X\n"
