"""Fixtures that several rooms use: the demo library, and an application on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.flows.finding import errors
from guide.library import force
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.places import content_root
from guide.web import create_app

pytest_plugins = ["tests.hazards"]

DEMO = Path(__file__).parent / "demo"

NEWEST = max(
    date.fromisoformat(day)
    for path in content_root().rglob("*.yaml")
    for day in re.findall(r"^\s*(?:checked|reviewed): (\d{4}-\d\d-\d\d)$", path.read_text("utf-8"), re.MULTILINE)
)
"""The newest day on which anything in the shipped content was checked. Tests run as on it, whatever the clock says."""

HANGS = 30.0
"""Seconds after which something that should take a moment is taken to hang; not a measure of speed."""


@pytest.fixture(scope="session", autouse=True)
def the_day() -> Iterator[None]:
    """The guide reads its content as on NEWEST, so that no test turns red by mere age."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(force, "today", lambda: NEWEST)
        patch.setattr(force, "now", lambda: datetime.combine(NEWEST, time(10, 30), force.DENMARK))
        yield


@pytest.fixture(scope="session")
def demo() -> Library:
    """The made-up content under tests/demo, one feature a flow; without a single error."""
    library, findings = load(DEMO)
    assert errors([*findings, *check(library)]) == []
    return library


@cache
def shipped_content() -> Library:
    """The shipped content, read once in each process. Tests take it from the fixture `content`."""
    return load(content_root())[0]


@pytest.fixture(scope="session")
def content() -> Library:
    """The shipped content; what is wrong with it is for test_content.py to say."""
    return shipped_content()


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return config.read({"GUIDE_DATA": str(tmp_path / "data")})


@pytest.fixture
def app(settings: config.Settings) -> Flask:
    """The application on the demo content."""
    return create_app(settings, DEMO)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def shipped_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application on the shipped content, which takes seconds to read and prove: made once."""
    return create_app(config.read({"GUIDE_DATA": str(tmp_path_factory.mktemp("shipped"))}))


@pytest.fixture
def shipped(shipped_app: Flask) -> FlaskClient:
    return shipped_app.test_client()
