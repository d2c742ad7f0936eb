"""Bad input: whatever is sent, the answer is a Danish page with 112 and a way on, and nobody's answers change.

Addresses come from the route list, so a new route is tried from its first day. Requests are made as a server
makes them, from bytes: the usual test client would put right what a browser never sends. `GUIDE_NIGHT=1` tries more.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as tries
from hypothesis import strategies as st

from guide import config
from guide.web import LARGEST_BODY, create_app
from tests.conftest import DEMO
from tests.payloads import AWAY, ODD, TRAVERSALS
from tests.web.asking import (
    ANSWER,
    BASE,
    VALUES,
    ask,
    fine,
    parameters,
    post,
    posts,
    quoted,
    refused,
    routes,
    step_shown,
)

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "\x00",
    "",
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for the whole file: nothing here changes it, and making it takes longer than a test."""
    return create_app(config.read({"GUIDE_DATA": str(tmp_path_factory.mktemp("data"))}), DEMO)


# --- addresses ----------------------------------------------------------------------------------------------------


def test_every_parameter_of_every_route_with_odd_values(app: Flask) -> None:
    assert parameters(app) == set(VALUES), "a route has a parameter this test knows no good value of"
    tried = 0
    for name in VALUES:
        for value in (*ODD, *AWAY[:: 1 if NIGHT else 9]):
            for address, methods in routes(app, having=name, **{name: quoted(value)}):
                for method in methods:
                    response = ask(app, method, address)
                    fine(response)
                    assert "<script>ran" not in response.get_data(as_text=True) and "onerror=ran" not in str(response)
                    tried += 1
    assert tried > 1_500


@pytest.mark.parametrize(
    "n", [n for n in ODD if n != ""] + ["0", "-1", "2", "99", "9" * 4_299, "9" * 5_000, "1\n", "1/"]
)
def test_a_number_that_is_no_position(app: Flask, walking: str, n: str) -> None:
    """To the present step, or «siden findes ikke»; never a page that the answers do not lead to."""
    for method in ("GET", "POST"):
        response = ask(app, method, f"{BASE}/{quoted(n)}", HTTP_COOKIE=f"walk={walking}")
        fine(response)
        assert response.status_code in (200, 303, 308, 404, 405)
        assert response.status_code != 303 or response.headers["Location"].startswith(f"{BASE}/2")
        assert step_shown(response) in ("", "akut-fare", "slag")


def test_what_does_not_exist_is_a_404(app: Flask) -> None:
    for name in ("municipality", "flow", "outcome", "filename"):
        for address, methods in routes(app, having=name, **{name: "findes-ikke"}):
            for method in methods - {"OPTIONS"}:
                refused(ask(app, method, address), 404)


def test_a_wrong_method_is_a_405_that_says_which_are_right(app: Flask) -> None:
    refused_methods, known = 0, defaultdict[str, set[str]](set)
    for address, methods in routes(app):
        known[address] |= methods
    for address, methods in known.items():
        for method in METHODS:
            if method in methods:
                continue
            response = ask(app, method, address)
            fine(response)
            if response.status_code == 405:
                allowed = set(re.split(r", *", response.headers["Allow"]))
                assert methods <= allowed and method not in allowed, (address, method)
                refused_methods += 1
            else:  # another route takes it: «/forlad» may be a kommune, «/<kommune>/tre/start» a flow
                assert response.status_code in (308, 404), (address, method)
    assert refused_methods > 100


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_way_out_of_the_static_folder(app: Flask, path: str) -> None:
    for target in (f"/static/{path}", f"/static/dkfds/{path}", f"/{path}"):
        response = ask(app, "GET", target, HTTP_ACCEPT_ENCODING="gzip")
        fine(response)
        assert response.status_code in (308, 404), target
        body = response.get_data()
        assert not any(secret in body for secret in (b"root:", b"def step", b"{% block", b"[project]", b"PATH="))


# --- redirects ----------------------------------------------------------------------------------------------------


def test_no_redirect_leads_away(app: Flask, walking: str) -> None:
    redirects = 0
    for away in AWAY:
        hosts = {"HTTP_HOST": away}, {"HTTP_X_FORWARDED_HOST": away, "HTTP_X_FORWARDED_PREFIX": away}, {}
        targets = [
            away,
            f"/{away}",
            f"//{away}",
            f"{away}/proeve",
            f"/proeve/{away}",
            f"/lov?{away}",
            f"/static/{away}",
        ]
        targets += [f"/vaelg?kommune={v}&faggruppe={w}" for v, w in ((away, "tre"), ("proeve", away), (away, away))]
        targets += [f"{BASE}/{n}?besked={away}&naeste={away}&next={away}" for n in (1, 99)]
        targets += [f"{BASE}/?besked={away}", f"/proeve/vejledning/straks?fag={away}", f"/tegn?alder={away}"]
        for n, target in enumerate(targets):
            for more in hosts if NIGHT else hosts[n % 3 :][:1]:
                response = ask(app, "GET", target, HTTP_COOKIE=f"walk={walking}", **more)
                fine(response)
                redirects += response.status_code in (303, 308)
                assert "evil.example" not in "".join(re.findall(r'(?:href|action|src)="([^"]*)"', str(response.data)))
        for address in (f"{BASE}/start", f"{BASE}/1", "/forlad"):
            fields = {**ANSWER, "forloeb": away, "besked": away, "next": away}
            redirects += fine(post(app, address, fields, HTTP_COOKIE=f"walk={walking}", HTTP_REFERER=away))
    assert redirects > 800


HOSTS = [
    "", "..", "a" * 300, "a b", "[", "[::1", "evil.example:99999999", "evil.example:x", "æ", "\x00", "a,b", "a\tb",
    "evil.example/x", "evil.example?x", "evil.example#x", "user@evil.example", "<script>ran=1</script>", "127.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("value", HOSTS)
@pytest.mark.parametrize(
    "name",
    [
        "HTTP_HOST",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_X_FORWARDED_PREFIX",
    ],
)
def test_hostile_hosts(app: Flask, name: str, value: str) -> None:
    raw = value.encode().decode("latin-1")
    for address, methods in routes(app):
        for method in methods - {"OPTIONS", "HEAD"}:
            response = ask(app, method, address, **{name: raw})
            fine(response)
            assert "evil.example" not in response.get_data(as_text=True)
            assert "<script>" not in response.get_data(as_text=True)
    for address in ("/lov", "/findes/ikke"):
        fine(ask(app, "GET", address, **{name: raw}))


# --- bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 200_000, 10**12])
def test_too_large_a_body(app: Flask, walking: str, size: int) -> None:
    body = b"svar=" + b"x" * min(size, 200_000)
    for address in posts(app):
        refused(ask(app, "POST", address, body, CONTENT_LENGTH=str(size), HTTP_COOKIE=f"walk={walking}"), 413)
    refused(ask(app, "POST", f"{BASE}/2", body, HTTP_TRANSFER_ENCODING="chunked", HTTP_COOKIE=f"walk={walking}"), 413)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "٣", "5, 5", " 24 ", "", "3", "9999", "0x10", "+24"])
def test_a_length_that_lies(app: Flask, walking: str, length: str) -> None:
    body = urlencode(ANSWER).encode()
    for address in posts(app):
        fine(ask(app, "POST", address, body, CONTENT_LENGTH=length, HTTP_COOKIE=f"walk={walking}"))


TYPES = [
    "application/json", "text/xml", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "image/png",
    "application/octet-stream", "multipart/mixed; boundary=" + "x" * 300, "æ", "\x00", "/", ";", "x" * 4_000, "",
]  # fmt: skip
FILE = b'--x\r\nContent-Disposition: form-data; name="svar"; filename="a.txt"\r\n\r\nnej\r\n--x--\r\n'


@pytest.mark.parametrize("kind", TYPES)
def test_another_kind_of_body(app: Flask, walking: str, kind: str) -> None:
    raw = kind.encode().decode("latin-1")
    for address in posts(app):
        for body in (b'{"trin": "akut-fare", "svar": "ja"}', b"<x/>", FILE, urlencode(ANSWER).encode(), b"\xff\x00"):
            refused(ask(app, "POST", address, body, CONTENT_TYPE=raw, HTTP_COOKIE=f"walk={walking}"), 415)


FIELDS: list[Any] = [
    {},
    [("svar", "nej")],
    [("trin", "akut-fare"), ("trin", "slag"), ("svar", "ja")],
    [("trin", "slag"), ("svar", "nej"), ("svar", "ja")],
    [(f"felt-{n}", "x") for n in range(800)],
    [("trin", "slag"), ("svar", "findes-ikke"), *[(f"f{n}", "") for n in range(500)]],
    [("trin\x00", "slag"), ("svar\x00", "ja")],
    *([("trin", "slag"), ("svar", odd)] for odd in ODD if odd),
    *([("trin", odd), ("svar", "ja")] for odd in ODD),
    *([("trin", "slag"), ("svar", "ja"), ("forloeb", odd)] for odd in ODD if odd),
]


@pytest.mark.parametrize("fields", FIELDS, ids=lambda f: str(f)[:40].encode("ascii", "replace").decode())
def test_an_answer_that_is_none_changes_nothing(app: Flask, walking: str, fields: Any) -> None:
    response = post(app, f"{BASE}/2", fields, HTTP_COOKIE=f"walk={walking}")
    fine(response)
    if response.status_code == 303:
        assert response.headers["Location"] == f"{BASE}/2?besked=andet-vindue"
    else:
        assert response.status_code == 422 and "Set-Cookie" not in response.headers
    assert not re.search("<script>ran|onerror=ran", response.get_data(as_text=True).replace("&#34;", ""))


def test_the_same_answer_many_times_is_one_answer(app: Flask, walking: str) -> None:
    fields = [("trin", "slag"), *[("svar", "nej")] * 300, *[(f"f{n}", "x") for n in range(300)]]
    response = post(app, f"{BASE}/2", fields, HTTP_COOKIE=f"walk={walking}")
    assert (response.status_code, response.headers["Location"]) == (303, f"{BASE}/3")


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=\xff", b"trin=%ff%fe&svar=%00", b"%", b"&&&===", b"trin=slag&svar=%C0%AF", b"\x00" * 99]
)
def test_bytes_that_are_no_text(app: Flask, walking: str, body: bytes) -> None:
    for address in posts(app):
        fine(ask(app, "POST", address, body, HTTP_COOKIE=f"walk={walking}"))
    for address, _ in routes(app):
        fine(ask(app, "GET", address, QUERY_STRING=body.decode("latin-1"), HTTP_COOKIE=body.decode("latin-1")))
        fine(ask(app, "GET", address, PATH_INFO=address + body.decode("latin-1")))


# --- other sites --------------------------------------------------------------------------------------------------

FOREIGN = [
    {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_SEC_FETCH_SITE": "same-site"}, {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "http://localhost.evil.example"}, {"HTTP_ORIGIN": "http://localhost:81"}, {"HTTP_ORIGIN": "file://"},
    {"HTTP_ORIGIN": "http://[bad"}, {"HTTP_ORIGIN": "\x00"}, {"HTTP_ORIGIN": "null, http://localhost"},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://localhost"},
    {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "https://evil.example"},
]  # fmt: skip
OURS = [{}, {"HTTP_ORIGIN": "null"}, {"HTTP_ORIGIN": "http://localhost", "HTTP_SEC_FETCH_SITE": "same-origin"}]


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is handed to the counters from now on."""
    handed: list[object] = []
    monkeypatch.setattr(app.extensions["guide"].counting, "record", handed.append)
    return handed


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_posts_from_other_sites_change_and_count_nothing(
    app: Flask, walking: str, headers: dict[str, str], counted: list[object]
) -> None:
    for address in posts(app):
        response = post(app, address, ANSWER, HTTP_COOKIE=f"walk={walking}", **headers)
        refused(response, 403)
        assert "Set-Cookie" not in response.headers and "Clear-Site-Data" not in response.headers
    assert counted == []


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_our_own_posts_pass(app: Flask, walking: str, headers: dict[str, str], counted: list[object]) -> None:
    for address in posts(app):
        response = post(app, address, ANSWER | {"kommune": "nabo"}, HTTP_COOKIE=f"walk={walking}", **headers)
        if address.startswith(("/temadag/", "/ov/")):  # no case is chosen, and there is no such room
            assert response.status_code in (404, 422, 429), address
        else:
            assert response.status_code == (200 if address.endswith("/kontakt/") else 303), address
    assert counted


# --- anything -----------------------------------------------------------------------------------------------------

ANY = st.text(st.characters(max_codepoint=0xFF), max_size=40)
PART = st.one_of(
    st.sampled_from(sorted({*VALUES.values(), "nabo", "flere", "2", "bekymring"})), ANY, st.sampled_from(ODD)
)
NAMES = st.sampled_from(
    ["HOST", "COOKIE", "ORIGIN", "SEC_FETCH_SITE", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "RANGE", "IF_NONE_MATCH"]
    + [
        "IF_MODIFIED_SINCE",
        "ACCEPT_ENCODING",
        "ACCEPT_LANGUAGE",
        "EXPECT",
        "AUTHORIZATION",
        "TRANSFER_ENCODING",
        "REFERER",
    ]
)


@st.composite
def requests(draw: st.DrawFn, app: Flask) -> tuple[str, str, bytes | None, dict[str, str]]:
    rule = draw(st.sampled_from(sorted({rule.rule for rule in app.url_map.iter_rules()})))
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: draw(st.one_of(st.just(VALUES[m[1]]), PART.map(quoted))), rule)
    names = st.sampled_from(["kommune", "faggruppe", "fag", "alder", "besked", "v", "x"])
    query = draw(st.dictionaries(names, PART, max_size=3).map(lambda q: "?" + urlencode(q, errors="replace")))
    fields = st.lists(st.tuples(st.sampled_from(["trin", "svar", "forloeb", "x"]), PART), max_size=9)
    body = draw(
        st.one_of(st.none(), st.binary(max_size=60), fields.map(lambda f: urlencode(f, errors="replace").encode()))
    )
    headers = {f"HTTP_{k}": v for k, v in draw(st.dictionaries(NAMES, ANY, max_size=4)).items()}
    if draw(st.booleans()):
        headers |= {"CONTENT_TYPE": draw(ANY), "CONTENT_LENGTH": draw(st.one_of(ANY, st.just("24")))}
    return draw(st.one_of(st.sampled_from(METHODS), ANY)), address + query, body, headers


@seed(20261121)
@tries(
    max_examples=5_000 if NIGHT else 400,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_request_gets_an_answer_of_ours(app: Flask, walking: str, data: st.DataObject) -> None:
    method, target, body, headers = data.draw(requests(app))
    headers.setdefault("HTTP_COOKIE", f"walk={walking}")
    fine(ask(app, method, target, body, **headers))


def test_the_harness_sees_a_route_that_fails(tmp_path: Path) -> None:
    failing = create_app(config.read({"GUIDE_DATA": str(tmp_path)}), DEMO)
    failing.view_functions["pages.signs"] = lambda: 1 // 0
    with pytest.raises(AssertionError, match="500"):
        for address, _ in routes(failing):
            fine(ask(failing, "GET", address))
