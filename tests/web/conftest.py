"""A walk under way, for the tests of bad input."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.asking import ANSWER, BASE


@pytest.fixture
def walking(app: Flask) -> str:
    """The cookie of a walk on the demo content that stands at its second question."""
    client = app.test_client()
    client.post(f"{BASE}/start")
    client.post(f"{BASE}/1", data=ANSWER)
    cookie = client.get_cookie("walk")
    assert cookie
    return cookie.value
