"""The publication from the site: the file of a kommune and a period, refusals, and a page while it must wait."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.paper import tray
from guide.paper.publication import publication, subject
from guide.statistics.official import Figures
from guide.statistics.periods import period
from guide.statistics.published import Published
from guide.web import shelf_of
from tests.paper.test_download import KEPT
from tests.statistics.figures import shipped_figures, showing

ADDRESS = "/statistik/kommune/viborg/noegletal.pdf"


@pytest.fixture(scope="module")
def reader(shipped_app: Flask) -> Iterator[FlaskClient]:
    with showing(shipped_app, shipped_figures()) as visitor:
        shipped_app.extensions.pop("guide.official", None)
        yield visitor


def test_the_file_is_that_of_the_command(
    monkeypatch: pytest.MonkeyPatch, shipped_app: Flask, reader: FlaskClient
) -> None:
    monkeypatch.setattr(tray, "COMMAND", KEPT)
    response = reader.get(f"{ADDRESS}?periode=2025K4")
    assert response.status_code == 200 and response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="noegletal-viborg-2025K4.pdf"'
    about = subject(shelf_of(shipped_app).library, shipped_figures(), "viborg", period("2025K4"))
    assert response.text == publication(about, Figures())
    assert 'filename="noegletal-viborg-2025.pdf"' in reader.get(ADDRESS).headers["Content-Disposition"]
    page = unescape(reader.get("/statistik/kommune/viborg/?periode=2025K4").text)
    assert f'href="{ADDRESS}?periode=2025K4"' in page


def test_what_was_never_published_starts_nothing(monkeypatch: pytest.MonkeyPatch, shipped_app: Flask) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(tray.Tray, "ask", never)
    with showing(shipped_app, shipped_figures()) as reader:
        for wrong in (f"{ADDRESS}?periode=2031", f"{ADDRESS}?periode=x", ADDRESS.replace("viborg", "eksempel")):
            assert reader.get(wrong).status_code == 404
        assert reader.get(ADDRESS.replace("viborg", "findes-ikke")).status_code == 404
    with showing(shipped_app, Published()) as reader:
        assert reader.get(ADDRESS).status_code == 404


def test_a_file_that_must_wait_is_a_page_that_says_when(monkeypatch: pytest.MonkeyPatch, reader: FlaskClient) -> None:
    for said, seconds in (("busy", "15"), ("failed", "3600")):
        monkeypatch.setattr(tray.Tray, "ask", lambda *_, said=said: said)
        response = reader.get(f"{ADDRESS}?periode=2025")
        assert response.status_code == 503 and response.headers["Retry-After"] == seconds
        assert 'href="tel:112"' in response.text and "Filen " in response.text
