"""A walk under way, for the tests of bad input; paper is not really pressed where every address is asked for."""

from __future__ import annotations

import pytest
from flask import Flask

from guide.paper import tray
from tests.web.asking import ANSWER, BASE


@pytest.fixture(autouse=True)
def no_press(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a poster gets what it is made of, at once: a real one takes seconds."""
    monkeypatch.setattr(tray, "COMMAND", ("/bin/sh", "-c", 'for last; do :; done; cat > "$last"', "sh"))


@pytest.fixture
def walking(app: Flask) -> str:
    """The cookie of a walk on the demo content that stands at its second question."""
    client = app.test_client()
    client.post(f"{BASE}/start")
    client.post(f"{BASE}/1", data=ANSWER)
    cookie = client.get_cookie("walk")
    assert cookie
    return cookie.value
