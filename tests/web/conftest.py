"""A walk under way, for the tests of bad input, and the room of editors; paper is not really pressed here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import Client

from guide.library import force
from guide.paper import tray
from guide.web.preview import Preview
from tests.web.asking import ANSWER, BASE
from tests.web.editing_room import REAL_NOW, REAL_TODAY, own_folder, previewed


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a poster gets what it is made of, at once: a real one takes seconds."""
    script = 'for last; do :; done; case "$last" in -) cat ;; *) cat > "$last" ;; esac'
    monkeypatch.setattr(tray, "COMMAND", ("/bin/sh", "-c", script, "sh"))


@pytest.fixture
def walking(app: Flask) -> str:
    """The cookie of a walk on the demo content that stands at its second question."""
    client = app.test_client()
    client.post(f"{BASE}/start")
    client.post(f"{BASE}/1", data=ANSWER)
    cookie = client.get_cookie("walk")
    assert cookie
    return cookie.value


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Preview:
    """One for all tests that write in no file."""
    return previewed(own_folder(tmp_path_factory.mktemp("preview")))


@pytest.fixture
def visitor(preview: Preview) -> Client:
    return Client(preview)


@pytest.fixture
def added(tmp_path: Path) -> Path:
    """A folder to write in."""
    return own_folder(tmp_path)


@pytest.fixture
def written(added: Path) -> Preview:
    """The preview of that folder."""
    return previewed(added)


@pytest.fixture
def editor(written: Preview) -> Client:
    """A visitor of it."""
    return Client(written)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock itself, which the preview can turn."""
    monkeypatch.setattr(force, "now", REAL_NOW)
    monkeypatch.setattr(force, "today", REAL_TODAY)
    yield
