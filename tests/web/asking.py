"""Requests made by hand, as a server makes them from bytes, and what any answer must be.

The usual test client would put right what a browser never sends.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

from flask import Flask
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from guide.web.security import FORM, HEADERS

BASE = "/proeve/tre"
VALUES = {
    "municipality": "proeve",
    "kommune": "proeve",
    "landsdel": "fyn",
    "flow": "tre",
    "outcome": "straks",
    "contact": "modtagelse",
    "theme": "slag",
    "letter": "proeve",
    "slug": "nyt-blik-20261206",
    "n": "1",
    "code": "ABC234",
    "secret": "AAAAAAAAAAAAAAAAAAAAAA",
    "case": "slaaet",
    "filename": "app.css",
}
"""A good value of every parameter of every route, on the demo content."""

STATUSES = {200, 206, 303, 304, 308, 400, 403, 404, 405, 413, 414, 415, 416, 422, 429, 431}
"""What may be answered; 206 and 416 are for a part of a static file that was asked for with Range.

429: a code of a temadag that is not there was tried too often.
"""

ANSWER = {"trin": "akut-fare", "svar": "nej"}


def ask(app: Flask, method: str, target: str, body: bytes | None = None, **more: str) -> Response:
    """One request made by hand. `target` is what stands in the request line; `more` are keys of the environment."""
    path, _, query = target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body or b""),
        "wsgi.errors": BytesIO(),
        "wsgi.input_terminated": True,
    }
    if body is not None:
        environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": FORM}
    parts, status, headers = run_wsgi_app(app.wsgi_app, environ | more, buffered=True)
    response = Response(list(parts), status, headers)
    if response.headers.get("Content-Encoding") == "gzip":
        response.set_data(gzip.decompress(response.get_data()))
    return response


def post(app: Flask, target: str, fields: Any = (), **more: str) -> Response:
    return ask(app, "POST", target, urlencode(fields, doseq=True).encode(), **more)


def fine(response: Response) -> bool:
    """A status that may be, with our headers; an error is a page in Danish with 112 and a way on."""
    assert response.status_code in STATUSES, response.status
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value], name
    if response.status_code in (303, 308):
        stays(response)
    text = response.get_data(as_text=True)
    if response.status_code >= 400 and '<body class="temadag' in text:  # practice: no number to ring
        assert '<html lang="da">' in text and re.search(r'<a [^>]*href="/(?:ov|temadag)/|<form ', text)
    elif response.status_code >= 400 and text:
        assert '<html lang="da">' in text and 'href="tel:112"' in text
        assert re.search(r'<a [^>]*href="/"|action="/[\w/-]+/start"|<a href="#svar-1"', text)
    return response.status_code < 400


def stays(response: Response) -> None:
    """A redirect leads to a path on this site, as every browser reads it."""
    location = response.headers["Location"]
    assert re.fullmatch(r"/(?![/\\])[!-~]*", location) and "\\" not in location.partition("?")[0], location
    assert urlsplit(location)[:2] == ("", "")


def refused(response: Response, *statuses: int) -> str:
    """The text of an error page with one of these statuses, which changes no cookie to a living one."""
    fine(response)
    assert response.status_code in statuses, response.status
    assert "walk=gAAAA" not in response.headers.get("Set-Cookie", "")
    return response.get_data(as_text=True)


def routes(app: Flask, having: str | None = None, **values: str) -> Iterator[tuple[str, set[str]]]:
    """(address, methods) of every route, or of those with a parameter; with good values where none are given."""
    for rule in app.url_map.iter_rules():
        if having and having not in rule.arguments:
            continue
        known = VALUES | values
        yield re.sub(r"<(?:\w+:)?(\w+)>", lambda m, v=known: v[m[1]], rule.rule), set(rule.methods or ())


def parameters(app: Flask) -> set[str]:
    return {name for rule in app.url_map.iter_rules() for name in rule.arguments}


def quoted(value: str) -> str:
    """For a path: every byte that is not plain, as %xx; a slash too."""
    return "".join(chr(b) if chr(b).isalnum() and b < 128 else f"%{b:02x}" for b in value.encode("utf-8", "replace"))


def step_shown(response: Response) -> str:
    found = re.search(r'data-(?:step|outcome)="([\w-]+)"', response.get_data(as_text=True))
    return found[1] if found else ""


def posts(app: Flask) -> list[str]:
    found = [address for address, methods in routes(app) if "POST" in methods]
    assert len(found) >= 3
    return found
