"""The two health pages: what they say, what they never say, and that nothing else can stand at their address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import guide
from guide import config
from guide.flows.finding import Finding
from guide.library.checks import RESERVED
from guide.library.library import Library
from guide.web import Shelf, create_app
from guide.web.health import content
from guide.web.security import HEADERS
from tests.conftest import DEMO

PAGES = ("/health/live", "/health/ready")
WARNING = Finding("municipalities/aarhus/municipality.yaml", 3, 1, "Kontakten ligner en anden.", warning=True)


def put(app: Flask, **changed: Any) -> FlaskClient:
    shelf: Shelf = app.extensions["guide"]
    app.extensions["guide"] = replace(shelf, **changed)
    return app.test_client()


class Told:
    """Counting with something to tell, whose database must not be asked for it."""

    def __init__(self, *said: str) -> None:
        self.said = list(said)

    def findings(self) -> list[str]:
        return self.said


def read(client: FlaskClient) -> Mapping[str, Any]:
    told: dict[str, Any] = json.loads(client.get("/health/ready").text)
    return told


def test_live(client: FlaskClient) -> None:
    response = client.get("/health/live")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_ready_says_what_is_served(app: Flask, client: FlaskClient) -> None:
    shelf: Shelf = app.extensions["guide"]
    assert client.get("/health/ready").status_code == 200
    assert read(client) == {
        "status": "ok",
        "version": guide.__version__,
        "content": shelf.library.digest,
        "flows": sorted(shelf.library.flows),
        "findings": content(shelf.findings),
    }
    assert shelf.library.digest and "tre" in shelf.library.flows


def test_findings_are_told_and_it_still_serves(app: Flask) -> None:
    client = put(app, findings=(WARNING, WARNING), counting=Told("3 filer i spool er ikke talt med endnu."))
    assert client.get("/health/ready").status_code == 200
    assert read(client)["findings"] == [
        {"kind": "indhold", "message": "Advarsler om indholdet: 2. Kør «guide check»."},
        {"kind": "taelling", "message": "3 filer i spool er ikke talt med endnu."},
    ]
    assert "æ" not in client.get("/health/ready").text or "\\u" not in client.get("/health/ready").text


def test_errors_are_counted_apart() -> None:
    found = content([WARNING, replace(WARNING, warning=False)])
    assert found == [
        {"kind": "indhold", "message": "Fejl i indholdet: 1. Advarsler om indholdet: 1. Kør «guide check»."}
    ]
    assert content([]) == []


def test_503_only_when_there_is_nothing_to_serve(app: Flask) -> None:
    client = put(app, library=Library(municipalities=app.extensions["guide"].library.municipalities))
    response = client.get("/health/ready")
    assert response.status_code == 503 and read(client)["status"] == "unavailable"
    assert read(client)["findings"][0]["kind"] == "indhold"
    assert client.get("/health/live").status_code == 200


def test_a_database_that_is_gone_is_no_503(tmp_path: Path) -> None:
    settings = config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_DATABASE_URL": "sqlite:////nowhere/at/all/x.sqlite"})
    client = create_app(settings, DEMO).test_client()
    assert client.post("/proeve/tre/start").status_code == 303
    assert client.get("/health/ready").status_code == 200 and "nowhere" not in client.get("/health/ready").text


@pytest.mark.parametrize("page", PAGES)
def test_headers_methods_and_nothing_kept(client: FlaskClient, page: str) -> None:
    client.set_cookie("walk", "x")
    response = client.get(page)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in response.headers
    assert response.mimetype == "application/json"
    head = client.head(page)
    assert (head.status_code, head.data) == (200, b"") and head.headers["Content-Length"] == str(len(response.data))
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client.open(page, method=method).status_code == 405
    assert client.get(f"{page}/").status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "..", "a b", "[", "evil.example:99999999", "a" * 300])
@pytest.mark.parametrize("page", PAGES)
def test_the_host_does_not_matter(client: FlaskClient, page: str, host: str) -> None:
    response = client.get(page, headers={"Host": host, "X-Forwarded-Host": host})
    assert response.status_code in (200, 400) and "evil" not in response.text
    if response.status_code == 200:
        assert json.loads(response.text)["status"] == "ok"


def test_with_one_kommune(tmp_path: Path) -> None:
    settings = config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_SCOPE": "proeve"})
    client = create_app(settings, DEMO).test_client()
    assert read(client)["status"] == "ok" and client.get("/health/live").status_code == 200


def test_nothing_is_told_that_others_should_not_know(tmp_path: Path) -> None:
    secret = "k" * 16 + "-geheim-" + "n" * 16
    folder = tmp_path / "geheim-mappe"
    settings = config.read({"GUIDE_DATA": str(folder), "GUIDE_SECRET_KEY": secret})
    app = create_app(settings, DEMO)
    client = put(app, findings=(WARNING,))
    for page in PAGES:
        text = client.get(page, headers={"User-Agent": "geheim", "Referer": "http://geheim/"}).text
        assert "geheim" not in text and "/" not in text and "yaml" not in text and "127.0.0.1" not in text


def test_health_is_not_counted(app: Flask) -> None:
    written: list[object] = []

    class Counting(Told):
        def record(self, make: object) -> None:
            written.append(make)

    client = put(app, counting=Counting())
    for page in PAGES:
        client.get(page)
    assert written == []
    client.post("/proeve/tre/start")
    assert written, "a walk would have been seen"


def test_no_kommune_can_be_called_health() -> None:
    assert "health" in RESERVED
