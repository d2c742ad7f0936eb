"""The poster and the handleplan from the site: the file, or a Danish page with Retry-After."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from guide import config
from guide.paper import tray
from guide.web import create_app
from tests.conftest import DEMO

KEPT = ("/bin/sh", "-c", 'for last; do :; done; cat > "$last"', "sh")
"""A press that keeps what it was given."""


def test_both_papers_of_a_flow(monkeypatch: pytest.MonkeyPatch, client: FlaskClient) -> None:
    monkeypatch.setattr(tray, "COMMAND", KEPT)
    for kind in ("plakat", "handleplan"):
        response = client.get(f"/proeve/tre/{kind}.pdf")
        assert response.status_code == 200 and response.mimetype == "application/pdf"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{kind}-tre-proeve.pdf"'
        assert response.headers["Cache-Control"] == "no-store"
        assert "Prøve Kommune" in response.text and "88 12 34 56" in response.text
        assert f'href="/proeve/tre/{kind}.pdf"' in client.get("/proeve/tre/").text
        assert f'href="/proeve/tre/{kind}.pdf"' in client.get("/proeve/").text


def test_what_does_not_exist_starts_nothing(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient, settings: config.Settings
) -> None:
    monkeypatch.setattr(tray, "COMMAND", ("/bin/false",))
    for address in ("/findes-ikke/tre/plakat.pdf", "/proeve/findes-ikke/plakat.pdf", "/proeve/..%2ftre/plakat.pdf"):
        assert client.get(address).status_code == 404
    assert not (settings.data / "paper").exists()


def test_a_failure_and_a_paper_under_way_are_pages_that_say_when(
    monkeypatch: pytest.MonkeyPatch, client: FlaskClient
) -> None:
    monkeypatch.setattr(tray, "COMMAND", ("/bin/false",))
    response = client.get("/proeve/tre/plakat.pdf")
    assert response.status_code == 503 and response.headers["Retry-After"] == "3600"
    assert "Filen kan ikke laves lige nu" in response.text and 'href="tel:112"' in response.text
    monkeypatch.setattr(tray.Tray, "ask", lambda *_: "busy")
    response = client.get("/proeve/tre/plakat.pdf")
    assert response.status_code == 503 and response.headers["Retry-After"] == "15"
    assert "Filen er ikke klar endnu" in response.text and 'href="/proeve/tre/plakat.pdf"' in response.text


def test_an_installation_of_one_kommune_draws_only_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tray, "COMMAND", KEPT)
    scoped = create_app(config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_SCOPE": "proeve"}), DEMO).test_client()
    assert scoped.get("/proeve/tre/plakat.pdf").status_code == 200
    assert scoped.get("/nabo/tre/plakat.pdf").status_code == 404
    assert [path.name for path in (tmp_path / "paper").rglob("*.pdf")] == ["plakat-tre-proeve.pdf"]
