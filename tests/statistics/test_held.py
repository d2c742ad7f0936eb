"""What is held of a database: one thread asks at a time, the others have what was read; a failure is remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from guide import db
from guide.statistics import held
from guide.statistics.held import Held
from tests.conftest import HANGS


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = db.open_engine(None, tmp_path)
    db.prepare(made)
    return db.open_reader(None, tmp_path)


class Asked:
    """A database that can be slow or away, and how often it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.times, self.stamp, self.away, self.time = 0, 1, False, 0.0
        self.slow = threading.Event()
        self.slow.set()
        self.held = Held(engine, self.look, lambda connection: f"read {self.stamp}", lambda: self.time)

    def look(self, connection: Connection) -> object:
        self.times += 1
        assert self.slow.wait(HANGS)
        if self.away:
            raise db.DatabaseError("away")
        return self.stamp


@contextmanager
def stuck(asked: Asked) -> Iterator[threading.Thread]:
    """Meanwhile somebody waits for the database."""
    before = asked.times
    asked.slow.clear()
    waiting = threading.Thread(target=asked.held.now)
    waiting.start()
    while asked.times == before:
        pass
    try:
        yield waiting
    finally:
        asked.slow.set()
        waiting.join(HANGS)
        assert not waiting.is_alive()


def test_read_once_and_anew_when_there_is_more(engine: Engine) -> None:
    asked = Asked(engine)
    assert [asked.held.now(), asked.held.now()] == ["read 1", "read 1"] and asked.times == 1
    asked.stamp, asked.time = 2, held.RECHECK - 1
    assert asked.held.now() == "read 1"
    asked.time += 1
    assert asked.held.now() == "read 2" and asked.times == 2


def test_nobody_waits_for_one_who_waits(engine: Engine) -> None:
    asked = Asked(engine)
    asked.held.now()
    asked.stamp, asked.time = 2, held.RECHECK
    with stuck(asked):
        assert asked.held.now() == "read 1", "what was read before"
    assert asked.held.now() == "read 2" and asked.times == 2


def test_where_nothing_was_read_others_wait_a_moment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "PATIENCE", 0.01)
    asked = Asked(engine)
    with stuck(asked), pytest.raises(db.DatabaseError, match="not read yet"):
        asked.held.now()
    assert asked.held.now() == "read 1"


def test_a_failure_is_remembered_for_a_moment(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "PAUSES", (None,))
    asked = Asked(engine)
    asked.away = True
    for _ in range(3):
        with pytest.raises(db.DatabaseError, match="away"):
            asked.held.now()
    assert asked.times == 1
    asked.away, asked.time = False, held.RETRY
    assert asked.held.now() == "read 1" and asked.times == 2


def test_what_was_read_stays_when_the_database_goes_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "PAUSES", (None,))
    asked = Asked(engine)
    asked.held.now()
    asked.away, asked.time = True, held.RECHECK
    assert [asked.held.now(), asked.held.now()] == ["read 1", "read 1"] and asked.times == 2


def test_a_database_that_is_being_made_is_asked_again_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(engine)
    asked.away = True
    monkeypatch.setattr(held.time, "sleep", lambda seconds: setattr(asked, "away", False))
    assert asked.held.now() == "read 1" and asked.times == 2
