"""What is deleted is gone: hashes after the purge, facts and the write-ahead log after each pass (T-P11)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from guide import db
from guide.usage.facts import Fact
from tests.leaks.installation import DAY, Installation, installation

MARK = b"\x07kanarie\x07"
"""The first bytes of every hash here: a copy can be told from chance."""

FACTS = 10_000


def fact(number: int) -> Fact:
    """A fact with a marked hash."""
    return Fact("2026M11", "quality", f"tre/trin-{number % 40}/shown", MARK + number.to_bytes(7, "big"))


def copies(made: Installation) -> int:
    """How often a marked hash stands in any file, as bytes or in hex."""
    return sum(data.count(MARK) + data.count(MARK.hex().encode()) for data in made.files().values())


@contextmanager
def reader(data: Path) -> Iterator[None]:
    """Somebody keeps the database open, as another worker may: SQLite then leaves its log on disk."""
    connection = sqlite3.connect(data / "guide.sqlite")
    connection.execute("select count(*) from counter").fetchone()
    yield
    connection.close()


def log_sizes(made: Installation) -> list[int]:
    """Record FACTS facts in ten passes; the size of the write-ahead log after each."""
    made.counting.record(lambda: [Fact("2026", "use", "x", b"0" * 16)])
    made.drain()
    sizes = list[int]()
    with reader(made.data):
        for start in range(0, FACTS, FACTS // 10):
            for number in range(start, start + FACTS // 10, 100):
                made.counting.record(lambda first=number: [fact(n) for n in range(first, first + 100)])
            assert copies(made) == start  # sealed in the spool
            made.drain()
            assert copies(made) == start + FACTS // 10  # in `seen`, once each and nowhere else
            sizes.append(sum(path.stat().st_size for path in made.data.glob("*-wal")))
    return sizes


def purge(made: Installation) -> None:
    """Let the days pass that `seen` is kept."""
    made.now += 2 * DAY
    made.drain()


def test_nothing_is_left_of_ten_thousand_facts(app: Flask, tmp_path: Path) -> None:
    with installation(app, tmp_path) as made:
        assert log_sizes(made) == [0] * 10
        purge(made)
        assert copies(made) == 0
        assert sum(n for _, tab, _, n in made.drain() if tab == "quality") == FACTS
        assert [name for name in made.files() if name.endswith(".closed")] == []


def test_a_planted_log_that_is_not_emptied_is_found(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "tidy", lambda engine: None)
    with installation(app, tmp_path) as made, pytest.raises(AssertionError):
        assert log_sizes(made) == [0] * 10


def test_a_planted_deletion_that_only_unlinks_is_found(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = db.open_engine

    def careless(url: str | None, data: Path) -> db.Engine:
        engine = opened(url, data)
        db.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=OFF"))
        return engine

    monkeypatch.setattr(db, "open_engine", careless)
    monkeypatch.setattr(db, "tidy", lambda engine: None)  # VACUUM would hide it
    with installation(app, tmp_path) as made:
        with pytest.raises(AssertionError):  # already while rows move from page to page
            log_sizes(made)
        purge(made)
        assert copies(made) > 0
