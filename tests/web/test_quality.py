"""/kvalitet/ tells what was counted and what was measured, and says so when the measurement is of another content."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient

from guide.library.library import Library
from guide.library.quality import Measured
from guide.web import pages

MEASURED = Measured(date(2026, 11, 22), "0" * 16, 3000, 12, (("Beviserne alene", 2000, 3000),), 20, 0)
STALE = "Indholdet er ændret, siden der blev målt"


def test_what_is_counted(client: FlaskClient, demo: Library) -> None:
    page = client.get("/kvalitet/").get_data(as_text=True)
    assert all(playable.flow.title in page for playable in demo.flows.values())
    assert f"{len(demo.law)} regler" in page and "Det mangler" in page


def test_figures_of_another_content_are_said_to_be(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "measured", lambda: MEASURED)
    page = client.get("/kvalitet/").get_data(as_text=True)
    assert STALE in page and "2.988" in page and "Beviserne alene: 2.000 af 3.000" in page


def test_figures_of_this_content(client: FlaskClient, demo: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Measured(MEASURED.day, demo.base, 3000, 12, (), 20, 0)
    monkeypatch.setattr(pages, "measured", lambda: fresh)
    page = client.get("/kvalitet/").get_data(as_text=True)
    assert STALE not in page and demo.base in page


def test_without_a_measurement(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "measured", lambda: None)
    assert "Der er ingen tal" in client.get("/kvalitet/").get_data(as_text=True)
