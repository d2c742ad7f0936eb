"""The gate to a database that may be away: who tries, who waits, and when it is tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from guide import db
from guide.training import gate
from guide.training.gate import RETRY, Gate
from tests.usage.conftest import Clock


class Engine:
    """Counts who tries; away until the test says otherwise."""

    def __init__(self, name: str = "postgresql") -> None:
        self.dialect, self.away, self.tried = SimpleNamespace(name=name), True, 0
        self.meanwhile: Callable[[], None] = lambda: None

    def connect(self) -> Any:
        """As an engine does."""
        self.tried += 1
        self.meanwhile()
        if self.away:
            raise db.DatabaseError("no answer")
        return nullcontext()


def ask(one: Gate, engine: Engine) -> str:
    """What came of it."""
    try:
        with one.connected(engine):  # type: ignore[arg-type]
            return "connected"
    except db.DatabaseError as error:
        return str(error)


def test_it_is_tried_now_and_then_until_it_answers() -> None:
    clock, engine = Clock(), Engine()
    one = Gate(clock)
    assert [ask(one, engine) for _ in range(3)] == ["no answer", "away", "away"]
    clock.at += RETRY
    assert [ask(one, engine) for _ in range(2)] == ["no answer", "away"] and engine.tried == 2
    clock.at += RETRY
    engine.away = False
    assert [ask(one, engine) for _ in range(2)] == ["connected"] * 2
    engine.away = True
    assert [ask(one, engine) for _ in range(2)] == ["no answer", "away"]


def test_while_one_tries_others_wait_a_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.05)
    one, engine, hold, inside = Gate(Clock()), Engine(), threading.Event(), threading.Event()
    engine.meanwhile = lambda: [inside.set(), hold.wait(10)][0]
    first = threading.Thread(target=ask, args=[one, engine])
    first.start()
    assert inside.wait(10)
    assert [ask(one, engine) for _ in range(3)] == ["away"] * 3 and engine.tried == 1
    hold.set()
    first.join()


def test_who_waited_takes_what_the_other_found() -> None:
    one, engine, inside = Gate(Clock()), Engine(), threading.Event()
    found, later = list[str](), threading.Thread(target=lambda: found.append(ask(one, engine)))

    def meanwhile() -> None:
        engine.meanwhile = lambda: None
        later.start()
        inside.wait(0.1)

    engine.meanwhile = meanwhile
    assert ask(one, engine) == "no answer"
    later.join()
    assert found == ["away"] and engine.tried == 1


def test_a_file_is_never_waited_for() -> None:
    engine = Engine("sqlite")
    one = Gate(Clock())
    assert [ask(one, engine) for _ in range(3)] == ["no answer"] * 3 and engine.tried == 3
