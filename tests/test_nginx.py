"""docs/drift/nginx.conf for real: by https in front of `guide serve`.

With GUIDE_NIGHT=1 twenty rounds of reload and restart instead of one. Planted faults show that the tests see an
access log, an error log, and a bad restart.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from guide.training.brake import EACH
from guide.web.errors import BARE
from guide.web.security import HEADERS
from tests.proxied import SHIPPED, Proxy, nginx
from tests.running import Running, Visitors, free_port, guide, reload, until

ROUNDS = 20 if os.environ.get("GUIDE_NIGHT") else 1
CANARY = "kanariefugl"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with guide(tmp_path_factory.mktemp("data")) as started:
        until("nobody answers", started.ready)
        yield started


@pytest.fixture(scope="module")
def proxy(running: Running) -> Iterator[Proxy]:
    with nginx(running.port) as started:
        yield started


def walk(proxy: Proxy) -> http.client.HTTPMessage:
    """From start to an outcome, with a canary in everything that a browser sends along."""
    bird = {"User_Agent": CANARY, "Referer": f"https://localhost/{CANARY}", "Accept_Language": CANARY}
    status, headers, _ = proxy.ask("POST", f"/proeve/tre/start?x={CANARY}", {"x": CANARY}, **bird)
    assert (status, headers["Location"]) == (303, "/proeve/tre/1")
    for n, (step, chosen) in enumerate([("akut-fare", "nej"), ("slag", "ved-ikke")], 1):
        cookie = f"{headers['Set-Cookie'].split(';')[0]}; x={CANARY}"
        form = {"trin": step, "svar": chosen, "x": CANARY}
        status, headers, _ = proxy.ask("POST", f"/proeve/tre/{n}?x={CANARY}", form, Cookie=cookie, **bird)
        assert (status, headers["Location"]) == (303, f"/proeve/tre/{n + 1}")
    kept = headers
    status, headers, text = proxy.ask("GET", "/proeve/tre/3", Cookie=headers["Set-Cookie"].split(";")[0], **bird)
    assert status == 200 and 'data-outcome="straks"' in text
    return kept


def test_a_walk_by_https(proxy: Proxy) -> None:
    cookie = walk(proxy)["Set-Cookie"]
    assert cookie.startswith("__Host-walk=") and "; Secure" in cookie and "HttpOnly" in cookie
    status, headers, _ = proxy.ask("GET", "/proeve/")
    assert status == 200
    for name, value in HEADERS.items():
        assert headers.get_all(name) == [value], name
    assert headers.get_all("Strict-Transport-Security") and len(headers.get_all("Strict-Transport-Security") or []) == 1
    assert headers.get_all("Cache-Control") == ["no-store"]


def test_http_leads_to_https_of_the_right_name(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=30)
    connection.request("GET", "/proeve/?a=b", headers={"Host": "evil.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (308, f"https://localhost:{proxy.port}/proeve/?a=b")


def test_another_name_gets_no_page(proxy: Proxy) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", proxy.port)) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname="evil.example")


def test_nobody_outside_says_what_the_guide_is_called(proxy: Proxy) -> None:
    for name in ("X_Forwarded_Host", "X_Forwarded_Proto", "Forwarded"):
        status, headers, text = proxy.ask("GET", "/lov", **{name: "evil.example"})
        assert status == 308 and headers["Location"] == "/lov/" and "evil" not in text
    origin = proxy.ask("POST", "/proeve/tre/start", {}, Origin="https://evil.example")
    assert origin[0] == 403


def test_the_page_of_a_dead_guide_is_the_one_of_the_application() -> None:
    assert SHIPPED.with_name("siden-kan-ikke-vises.html").read_text("utf-8") == BARE


def helpless(status: int, headers: http.client.HTTPMessage, text: str) -> bool:
    """Whether it is the static page, with its headers."""
    assert headers["Cache-Control"] == "no-store" and "default-src 'none'" in headers["Content-Security-Policy"]
    assert len(headers.get_all("Strict-Transport-Security") or []) == 1 and headers["Server"] == "nginx"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    return status >= 400 and text == BARE


def test_what_nginx_refuses_itself_has_the_page_too(proxy: Proxy) -> None:
    assert helpless(*proxy.ask("POST", "/proeve/tre/1", "x" * 20_000))
    assert helpless(*proxy.ask("GET", "/" + "x" * 8_500))
    assert helpless(*proxy.ask("GET", "/", X_Long="x" * 8_500))
    assert b'href="tel:112"' in proxy.raw(b"GET / HTTP/1.1\r\nHost: local host\r\n\r\n")
    assert b"nginx/" not in proxy.raw(b"BREW\x00 / HTTP/9\r\n\r\n")
    assert proxy.ask("GET", "/findes/ikke/")[1]["Server"] == "guide"
    status, headers, _ = proxy.ask("GET", "/" + "x" * 8_000)  # long headers in the answer of the guide, too
    assert status == 308 and len(headers["Location"]) > 8_000


def test_health_is_for_the_one_who_watches(proxy: Proxy) -> None:
    assert json.loads(proxy.ask("GET", "/health/ready")[2])["status"] == "ok"
    with nginx(proxy.guide, ("allow 127.0.0.1;", "allow 192.0.2.1;")) as other:
        status, headers, text = other.ask("GET", "/health/ready")
        assert status == 403 and helpless(status, headers, text)


def test_a_whole_kommune_behind_one_address(proxy: Proxy) -> None:
    """100 pages in a row are not refused; with another limit they would be, but never the contacts."""
    assert set(many(proxy, "/farvel.css", 100)) == {200}
    with nginx(proxy.guide, ("rate=300r/s;", "rate=1r/s;"), ("burst=3000 nodelay;", "burst=1 nodelay;")) as strict:
        answers = many(strict, "/farvel.css", 20)
        assert 200 in answers and 429 in answers
        assert helpless(*strict.ask("GET", "/farvel.css"))
        assert set(many(strict, "/proeve/kontakt/", 20)) == {200}


def test_who_guesses_codes_is_braked_whatever_they_say_of_themselves(proxy: Proxy) -> None:
    """Under /ov/ nginx tells the address; elsewhere, and without it, nobody is told apart."""

    def held(by: Proxy) -> bool:
        said = ({"X_Forwarded_For": f"192.0.2.{n}"} for n in range(2 * EACH + 5))  # two processes count each for itself
        return 429 in {by.ask("GET", "/ov/AAAAAA", **one)[0] for one in said}

    with nginx(proxy.guide, ("$den_der_skriver_koder;", '"";')) as silent:
        assert not held(silent), "planted"
    assert held(proxy) and proxy.ask("GET", "/proeve/")[0] == 200


def many(proxy: Proxy, path: str, times: int) -> list[int]:
    """The statuses of so many requests, one after the other on one connection."""
    connection = http.client.HTTPSConnection("localhost", proxy.port, timeout=30, context=proxy.tls)
    found = []
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        found.append(answer.status)
    connection.close()
    return found


def disturb(proxy: Proxy) -> None:
    """A walk and every kind of request that makes nginx complain, all of them with canaries."""
    walk(proxy)
    bird = {"User_Agent": CANARY, "Referer": f"https://localhost/{CANARY}", "Cookie": f"__Host-walk={CANARY}"}
    assert proxy.ask("GET", f"/{CANARY}/{CANARY}/?{CANARY}", **bird)[0] == 404
    assert proxy.ask("POST", f"/{CANARY}", CANARY * 3_000, **bird)[0] == 413
    assert proxy.ask("GET", f"/{CANARY * 800}", **bird)[0] == 414
    assert proxy.ask("GET", "/health/ready/../../" + CANARY, **bird)[0] == 404
    proxy.raw(f"{CANARY}\0 /{CANARY} HTTP/9\r\n\r\n".encode())
    proxy.raw(f"POST /{CANARY} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{CANARY}".encode(), 1)
    with socket.create_connection(("127.0.0.1", proxy.port)) as connection:  # no tls at all
        connection.sendall(f"GET /{CANARY} HTTP/1.1\r\nHost: {CANARY}\r\n\r\n".encode())
        connection.recv(1000)


def leaks(proxy: Proxy) -> list[str]:
    """What stands in nginx's files of a visitor: canaries, addresses, pages."""
    wrong = []
    for path, text in proxy.written().items():
        if path.suffix not in (".pem", ".html"):
            wrong += [f"{path.name}: {line}" for line in text.splitlines() if re.search(VISITOR, line)]
    return wrong


VISITOR = rf"{CANARY}|127\.0\.0\.1|proeve|client:|request:"


def asked_in_vain(proxy: Proxy) -> None:
    """Requests with canaries to a proxy behind which nobody answers; each gets the static page."""
    bird = {"User_Agent": CANARY, "Referer": f"https://localhost/{CANARY}"}
    for method, path in (("GET", "/"), ("GET", f"/{CANARY}/"), ("POST", "/proeve/tre/1"), ("GET", "/health/live")):
        status, headers, text = proxy.ask(method, path, {"x": CANARY} if method == "POST" else None, **bird)
        assert status == 502 and helpless(status, headers, text) and 'href="tel:112"' in text


def test_nothing_about_visitors_is_written(tmp_path: Path) -> None:
    """An nginx is disturbed whose guide lives, and again when it is killed."""
    with guide(tmp_path) as running, nginx(running.port) as proxy:
        until("nobody answers", running.ready)
        disturb(proxy)
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
        asked_in_vain(proxy)
        for name in ("body", "proxy"):
            assert list((proxy.folder / name).rglob("*")) == []
        printed = running.process.stdout
        assert printed is not None and CANARY not in printed.read()
        kept = [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
        assert kept == []
        assert "start worker process" in (proxy.folder / "error.log").read_text("utf-8"), "what nginx does is told"
        assert leaks(proxy) == []


@pytest.mark.parametrize(
    ("said", "planted"),
    [
        ("access_log off;", "access_log {folder}/access.log;"),
        ("error_log /dev/null emerg;", "error_log {folder}/http.log error;"),
        ("error_log /dev/null emerg;", "error_log {folder}/http.log info;"),
    ],
    ids=["access log", "error log", "error log with all that is told"],
)
def test_a_planted_log_is_found(said: str, planted: str) -> None:
    """Without a guide behind it: what is found here is found in front of one too."""
    with nginx(free_port(), (said, planted)) as proxy:
        asked_in_vain(proxy)
        assert leaks(proxy)


def test_the_guide_comes_back_by_itself(tmp_path: Path) -> None:
    port = free_port()
    with nginx(port) as proxy:
        assert helpless(*proxy.ask("GET", "/"))
        with guide(tmp_path, port=port) as running:
            until("nobody answers", running.ready)
            walk(proxy)


def restart(running: Running, stack: ExitStack, data: Path, held: socket.socket) -> Running:
    """Stop the guide and start it on the same socket."""
    assert running.stop()[0] == 0
    return stack.enter_context(guide(data, held=held))


def test_reloads_and_restarts_fail_no_request(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """nginx reloads, the guide reloads, the guide restarts on the socket that systemd holds: visitors all the time."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as held, ExitStack() as stack:
        running = stack.enter_context(guide(tmp_path, held=held))
        until("nobody answers", running.ready)
        proxy = stack.enter_context(nginx(running.port))
        with Visitors(proxy.port, proxy.tls, "localhost").walking() as visitors:
            for _ in range(ROUNDS):
                visitors.more(50)
                proxy.reload()
                visitors.more(50)
                reload(running)
                visitors.more(50)
                running = restart(running, stack, tmp_path, held)
            visitors.more(50)
    assert visitors.failed == [] and visitors.done > 150 * ROUNDS
    record_property("nginx reload, reload, restart", f"{ROUNDS} of each, {visitors.done} requests, 0 failed")


def test_planted_a_restart_without_that_socket(tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as stack:
        running = stack.enter_context(guide(tmp_path, port=port))
        until("nobody answers", running.ready)
        proxy = stack.enter_context(nginx(port))
        with Visitors(proxy.port, proxy.tls, "localhost").walking() as visitors:
            visitors.more(50)
            running.stop()
            visitors.more(20)
    assert visitors.failed
