"""Pages by gzip: where it is asked for, and never twice."""

from __future__ import annotations

import gzip

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.5", "*"])
def test_a_page_is_packed_where_the_browser_takes_it(client: FlaskClient, accepted: str) -> None:
    plain = client.get("/om/")
    packed = client.get("/om/", headers={"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == "gzip" and int(packed.headers["Content-Length"]) < len(plain.data)
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br", "x-gzipped"])
def test_others_get_it_plain(client: FlaskClient, accepted: str) -> None:
    response = client.get("/om/", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers and b"<h1" in response.data


def test_error_pages_too_and_small_bodies_not(client: FlaskClient) -> None:
    missing = client.get("/findes/ikke/her", headers={"Accept-Encoding": "gzip"})
    assert missing.status_code == 404 and b"112" in gzip.decompress(missing.data)
    live = client.get("/health/live", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in live.headers and live.json == {"status": "ok"}


def test_the_head_of_a_page_tells_the_same(client: FlaskClient) -> None:
    asked = {"Accept-Encoding": "gzip"}
    head, page = client.head("/om/", headers=asked), client.get("/om/", headers=asked)
    assert head.data == b"" and head.headers["Content-Length"] == page.headers["Content-Length"]


def test_files_are_not_packed_twice(client: FlaskClient) -> None:
    style = client.get("/static/app.css", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(style.data).startswith(client.get("/static/app.css").data[:20])
