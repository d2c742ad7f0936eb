"""Headers on every route and error page, from the route list; posts from other sites."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.web import walks
from guide.web.security import HEADERS
from tests.web.asking import VALUES


def addresses(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of every route, with real values filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: VALUES[m[1]], rule.rule)
        found += [(method, address) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return found


ERRORS = [("GET", "/findes/ikke/her"), ("DELETE", "/"), ("POST", "/proeve/tre/1"), ("GET", "/vaelg?kommune=x")]


def test_headers_on_every_route_and_error(app: Flask, client: FlaskClient) -> None:
    tried = addresses(app) + ERRORS
    assert len(tried) > 16
    for method, address in tried:
        response = client.open(address, method=method)
        for name, value in HEADERS.items():
            assert response.headers.get(name) == value, (method, address, name)
        if not address.startswith("/static/"):
            assert response.headers["Cache-Control"] == "no-store", address
        if response.mimetype == "text/html" and response.status_code != 303:
            assert not re.search(
                r"<script(?! defer src=\"/static/)|<style|style=|\son\w+=|javascript:", response.text
            ), address


def test_transport_security_only_by_https(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", headers={"X-Forwarded-Proto": "https"})
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize(
    ("headers", "accepted"),
    [
        ({}, True),
        ({"Origin": "null"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://andet.example"}, False),
        ({"Origin": "http://localhost.example"}, False),
        ({"Origin": "http://localhost:8000"}, False),
    ],
)
def test_posts_from_other_sites_are_refused(client: FlaskClient, headers: dict[str, str], accepted: bool) -> None:
    for address in ("/proeve/tre/start", "/forlad"):
        response = client.post(address, headers=headers)
        assert response.status_code == (303 if accepted else 403)
        assert ("Set-Cookie" in response.headers) == accepted
        assert accepted or "112" in response.text


def test_a_fault_of_ours_shows_112_and_logs_no_address(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> int:
        raise ValueError("hemmeligt svar: vold")

    monkeypatch.setattr(walks, "now", fail)
    response = client.get("/proeve/tre/1?kanarie=1", headers={"User-Agent": "kanarie"})
    assert response.status_code == 500 and "112" in response.text and "hemmeligt" not in response.text
    assert "ValueError in /<municipality>/<flow>/<int:n>" in caplog.text
    for secret in ("hemmeligt", "kanarie", "proeve", "127.0.0.1"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/findes/ikke/her", 404),
        ("GET", "/findes-ikke/", 404),
        ("GET", "/proeve/findes-ikke/", 404),
        ("GET", "/proeve/vejledning/findes-ikke", 404),
        ("GET", "/findes-ikke/kontakt/", 404),
        ("POST", "/proeve/findes-ikke/start", 404),
        ("GET", "/proeve/tre/x", 404),
        ("DELETE", "/", 405),
        ("PUT", "/proeve/tre/1", 405),
        ("GET", "/forlad/", 404),
    ],
)
def test_errors_are_danish_pages_with_112(client: FlaskClient, method: str, address: str, status: int) -> None:
    response = client.open(address, method=method)
    assert response.status_code == status
    assert 'href="tel:112"' in response.text and '<html lang="da">' in response.text
    assert "Til forsiden" in response.text


def test_too_much_at_once(client: FlaskClient) -> None:
    client.post("/proeve/tre/start")
    response = client.post("/proeve/tre/1", data={"trin": "akut-fare", "svar": "x" * 20_000})
    assert response.status_code == 413 and "112" in response.text


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
@pytest.mark.parametrize("value", ["..", "a" * 70, "a b", "[", "evil.example:99999999", "æ".encode().decode("latin-1")])
def test_a_host_that_makes_no_sense(
    client: FlaskClient, name: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    for address in ("/proeve/", "/lov", "/findes/ikke"):
        response = client.get(address, headers={name: value})
        assert response.status_code in (200, 308, 400, 404)
        assert "Content-Security-Policy" in response.headers
        if response.status_code >= 400:
            assert "112" in response.text
    assert "proeve" not in caplog.text


def test_redirects_never_carry_a_host(client: FlaskClient) -> None:
    response = client.get("/lov?x=1", headers={"Host": "evil.example"})
    assert (response.status_code, response.location, response.text) == (308, "/lov/?x=1", "")


@pytest.mark.parametrize("origin", ["http://[bad", "http://", "æ", "http://localhost@evil.example", "null.example"])
def test_an_origin_that_makes_no_sense_is_foreign(client: FlaskClient, origin: str) -> None:
    response = client.post("/forlad", headers={"Origin": origin.encode("utf-8").decode("latin-1")})
    assert response.status_code == 403 and "112" in response.text


def test_static_names_that_make_no_sense(client: FlaskClient) -> None:
    for name in ("a" * 300, "%00", "x" * 5_000, "dkfds", "app.css.gz.gz"):
        response = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
        assert response.status_code in (404, 308) and response.headers["Cache-Control"] == "no-store"


def test_only_the_address_of_the_present_content_may_be_kept(client: FlaskClient) -> None:
    page = client.get("/").text
    now = re.search(r"/static/app\.css\?v=\w+", page)
    assert now and "immutable" in client.get(now[0]).headers["Cache-Control"]
    assert client.get("/static/app.css?v=0").headers["Cache-Control"] == "no-cache"


BUTTONS = ("Jeg har ét minut", "Skjul svar", "Forlad siden", 'href="tel:112"')


def test_the_way_out_is_on_every_page(app: Flask, client: FlaskClient) -> None:
    """But on those of a temadag: nothing on them is about a real child, and they say so."""
    client.post("/proeve/tre/start")
    shown = 0
    for method, address in addresses(app) + ERRORS:
        response = client.open(address, method=method)
        if response.mimetype == "text/html" and response.text and address != "/farvel":
            if '<body class="temadag' in response.text:
                assert address.startswith(("/temadag/", "/ov/")), address
                continue
            shown += 1
            for words in BUTTONS:
                assert words in response.text, (address, words)
    assert shown > 12


def test_422_and_429_have_their_page(app: Flask) -> None:
    from guide.web.errors import page

    with app.test_request_context("/"):
        for status in (422, 429, 418, 503):
            response = page(status)
            assert response.status_code == status and "112" in response.get_data(as_text=True)
