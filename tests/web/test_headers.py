"""The headers on every route, every error and every kind of answer, and their points as a scanner counts them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from guide.web import LARGEST_BODY, walks
from guide.web.errors import TEXTS, page
from guide.web.security import HEADERS
from tests.web.asking import ANSWER, BASE, ask, post, routes
from tests.web.observatory import points

HTTPS = {"HTTP_X_FORWARDED_PROTO": "https"}


def kinds(app: Flask, walking: str) -> dict[str, Response]:
    """An answer of every kind there is besides the routes themselves, by https."""
    cookie = {"HTTP_COOKIE": f"__Host-walk={walking}", **HTTPS}
    large = b"svar=" + b"x" * LARGEST_BODY
    return {
        "200 question": ask(app, "GET", f"{BASE}/2", **cookie),
        "206": ask(app, "GET", "/static/app.css", HTTP_RANGE="bytes=0-9", **HTTPS),
        "303 answer": post(app, f"{BASE}/2", {"trin": "slag", "svar": "ja"}, **cookie),
        "303 other window": post(app, f"{BASE}/1", {"trin": "slag", "svar": "ja"}, **cookie),
        "303 lost": ask(app, "GET", f"{BASE}/2", HTTP_COOKIE="__Host-walk=x", **HTTPS),
        "308": ask(app, "GET", "/lov", **HTTPS),
        "308 merged": ask(app, "GET", "/proeve//tre/", **HTTPS),
        "404 host": ask(app, "GET", "/findes/ikke/her", **{"HTTP_HOST": "[", **HTTPS}),
        "400 query": ask(app, "GET", "/", QUERY_STRING="\xff", **HTTPS),
        "403": post(app, f"{BASE}/start", HTTP_SEC_FETCH_SITE="cross-site", **HTTPS),
        "404": ask(app, "GET", "/findes/ikke/her", **HTTPS),
        "404 kommune": ask(app, "GET", "/findes-ikke/", **HTTPS),
        "404 static": ask(app, "GET", "/static/findes-ikke.css", **HTTPS),
        "404 long": ask(app, "GET", "/static/" + "x" * 5_000, **HTTPS),
        "405": ask(app, "DELETE", "/", **HTTPS),
        "413": ask(app, "POST", f"{BASE}/2", large, **cookie),
        "413 chunked": ask(app, "POST", f"{BASE}/2", large, HTTP_TRANSFER_ENCODING="chunked", **cookie),
        "415": ask(app, "POST", f"{BASE}/2", b"{}", CONTENT_TYPE="application/json", **cookie),
        "416": ask(app, "GET", "/static/app.css", HTTP_RANGE="bytes=999999-", **HTTPS),
        "422 no answer": post(app, f"{BASE}/2", {"trin": "slag"}, **cookie),
        "422 no walk": post(app, f"{BASE}/2", ANSWER, **HTTPS),
    }


def answers(app: Flask, walking: str) -> Iterator[tuple[str, Response]]:
    """(what was asked, answer) for every route and method, and every kind of answer."""
    for address, methods in routes(app):
        for method in sorted(methods | {"GET", "HEAD", "OPTIONS", "POST", "TRACE"}):
            yield f"{method} {address}", ask(app, method, address, **HTTPS)
    for name, response in kinds(app, walking).items():
        assert response.status_code == int(name[:3]), name
        yield name, response


def test_every_header_on_every_answer(app: Flask, walking: str) -> None:
    seen: set[int] = set()
    for asked, response in answers(app, walking):
        for name, value in HEADERS.items():
            assert response.headers.getlist(name) == [value], (asked, name)
        assert response.headers.getlist("Strict-Transport-Security") == ["max-age=63072000; includeSubDomains"], asked
        kept = response.headers["Cache-Control"] != "no-store"
        assert not kept or ("/static/app.css" in asked or asked == "206"), asked
        seen.add(response.status_code)
    assert seen == {200, 206, 303, 308, 400, 403, 404, 405, 413, 415, 416, 422}


def test_a_file_that_the_browser_has(app: Flask) -> None:
    tag = ask(app, "GET", "/static/app.css").headers["ETag"]
    response = ask(app, "GET", "/static/app.css", HTTP_IF_NONE_MATCH=tag)
    assert response.status_code == 304 and response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("status", sorted(TEXTS))
def test_every_error_page_there_is(app: Flask, status: int) -> None:
    def fail() -> Response:
        return page(status)

    app.view_functions["pages.signs"] = fail
    response = ask(app, "GET", "/tegn/", **HTTPS)
    text = response.get_data(as_text=True)
    assert response.status_code == status and points(response) >= 130
    assert '<html lang="da">' in text and 'href="tel:112"' in text and 'href="/"' in text


def test_a_fault_of_ours_has_the_headers_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walks, "now", lambda: 1 // 0)
    response = ask(app, "GET", f"{BASE}/1", **HTTPS)
    assert response.status_code == 500 and points(response) >= 130


def test_at_least_130_points_on_every_answer(app: Flask, walking: str) -> None:
    low = {asked: points(response) for asked, response in answers(app, walking) if points(response) < 130}
    assert low == {}
    assert points(post(app, f"{BASE}/start", **HTTPS)) == 135, "with the walk cookie"


def test_no_script_or_style_within_a_page(app: Flask, walking: str) -> None:
    """Scripts are files of our own; there is none in the page itself."""
    inline = re.compile(
        r"<script(?! defer src=\"/static/[^\"]+\"></script>)|<style|\sstyle\s*=|\son\w+\s*="
        r"|(?:href|src|action)\s*=\s*[\"']?(?:javascript|data):",
        re.I,
    )
    assert inline.search("<script>x</script>") and inline.search('<script defer src="https://evil.example"></script>')
    pages = 0
    for asked, response in answers(app, walking):
        if response.mimetype == "text/html":
            pages += 1
            assert not inline.search(response.get_data(as_text=True)), asked
    assert pages > 20


SPOILED = [
    ("Content-Security-Policy", None, 115), ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'", 80),
    ("Strict-Transport-Security", None, 80), ("X-Content-Type-Options", "x", 125),
    ("Referrer-Policy", "unsafe-url", 120), ("Cross-Origin-Resource-Policy", None, 120),
    ("Access-Control-Allow-Origin", "*", 50), ("Set-Cookie", "walk=x", 60),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), SPOILED)
def test_the_count_sees_what_is_missing(app: Flask, name: str, value: str | None, expected: int) -> None:
    response = ask(app, "GET", "/", **HTTPS)
    assert points(response) == 130
    if value is None:
        del response.headers[name]
    else:
        response.headers[name] = value
    assert points(response) <= expected
