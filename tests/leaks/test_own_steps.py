"""What a kommune wrote itself leaves no trace in the figures of the whole country: no own step or outcome."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from guide import config
from guide.usage.counters import Place
from guide.web import Shelf, create_app, walks
from tests import approved
from tests.conftest import DEMO
from tests.leaks.installation import installation, plans
from tests.leaks.test_schema_of_counters import forms, misfits


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo content with one kommune's approved steps."""
    folder = tmp_path_factory.mktemp("own")
    approved.own(folder)
    environment = {"GUIDE_DATA": str(folder / "data"), "GUIDE_CONTENT": str(folder)}
    return create_app(config.read(environment), DEMO)


def counted(app: Flask, data: Path) -> list[tuple[str, str, str, int]]:
    """All counters after many walks in that kommune."""
    shelf: Shelf = app.extensions["guide"]
    with installation(app, data) as made:
        made.play(*plans(shelf.library, [("nabo", "tre")], 40, seed=5))
        return made.drain()


def test_own_steps_are_not_in_the_database(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = app.extensions["guide"].library
    known = forms(library, scoped=False)
    rows = counted(app, tmp_path / "as it is")
    assert misfits(rows, known) == []
    topics = {cell for _, tab, cell, _ in rows if tab == "topics"}
    assert "tre/bekymring" in topics and len(rows) > 10
    monkeypatch.setattr(walks, "Place", lambda *given: Place(*given[:4]))  # planted: nobody says what is own
    found = {cell for _, _, cell in misfits(counted(app, tmp_path / "planted"), known)}
    assert {"tre/ring-team", "tre/set-team/shown", "tre/set-team/answered"} <= found
