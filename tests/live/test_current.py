"""`current`: whole or not there at all, whatever stands in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.live import current
from guide.live.current import MOST, Current, counted

FOUND = Finding("municipalities/anholt/municipality.yaml", 3, 1, "«Æ»")
NOW = Current("abc", "2026-11-22T10:00:00+00:00", "s", (FOUND,), counted({"anholt": [FOUND] * (MOST + 5), "": []}))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert current.read(tmp_path) is None and current.stamp(tmp_path) is None
    current.write(tmp_path, NOW)
    assert current.read(tmp_path) == NOW and NOW.failing["anholt"].number == MOST + 5
    before = current.stamp(tmp_path)
    current.write(tmp_path, NOW)
    assert current.stamp(tmp_path) != before, "another file each time"
    assert os.listdir(tmp_path) == [current.NAME]


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"version": 1}', b"\xff", b"[" * 100_000, b"null"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: bytes) -> None:
    (tmp_path / current.NAME).write_bytes(text)
    assert current.read(tmp_path) is None


def test_a_write_that_fails_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current.write(tmp_path, NOW)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        current.write(tmp_path, Current("def", "", ""))
    assert current.read(tmp_path) == NOW and os.listdir(tmp_path) == [current.NAME]
