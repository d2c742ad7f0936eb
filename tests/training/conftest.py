"""Stores of sessions on both databases, at a clock that the test turns."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.training.store import Store
from tests.usage.conftest import Clock, database, postgres_database, postgres_url

__all__ = ["clock", "database", "postgres_database", "postgres_url", "store"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, database: str | None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(Store, "watch", lambda self: None)  # what is over goes when the test says so
    return Store(tmp_path, database, clock)
