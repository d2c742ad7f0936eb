"""A visitor at 127.0.0.77 who has a canary in everything that can be sent. Raw sockets: no client tidies up."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.conftest import HANGS
from tests.leaks.canary import ADDRESS, FORWARDED, STEM, word

HEADERS = (
    ("Host", f"{word('vaert')}.example"),
    ("User-Agent", f"Mozilla/5.0 ({word('agent')})"),
    ("Referer", f"http://{word('henviser')}.example/{word('sti')}?q={word('fra')}"),
    ("Accept-Language", f"{word('sprog')},da;q=0.5"),
    ("X-Forwarded-For", f"{FORWARDED}, {word('xff')}"),
    ("X-Real-IP", FORWARDED),
    ("Forwarded", f"for={FORWARDED};by={word('by')}"),
    ("X-Request-Id", word("request-id")),
    ("traceparent", f"00-{word('trace')}-01"),
    ("Authorization", f"Basic {word('login')}"),
)
"""Sent with every request that is well made."""


@dataclass(frozen=True)
class Answer:
    """What the server said; status 0 when it said nothing."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        """A header, or an empty string."""
        found = re.search(rf"^{name}: (.*?)\r?$", self.head, re.MULTILINE | re.IGNORECASE)
        return found[1] if found else ""


@dataclass
class Visitor:
    """One browser. Keeps the walk cookie, and remembers every cookie value it was given."""

    port: int
    walk: str = ""
    cookies: list[str] = field(default_factory=list)

    def raw(self, data: bytes, patience: float = 0.3) -> Answer:
        """Send these bytes and read what comes; who is not answered in `patience` seconds says that no more comes."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), source_address=(ADDRESS, 0)) as connection:
            try:
                connection.settimeout(HANGS)
                connection.sendall(data)
                connection.settimeout(patience)
                received = connection.recv(65_536)
            except TimeoutError:
                connection.shutdown(socket.SHUT_WR)
            except ConnectionError:
                pass  # refused in the middle, as it may be
            with suppress(ConnectionError, TimeoutError):
                while part := connection.recv(65_536):
                    received += part
        head, _, body = received.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.[01] (\d{3})", head)
        return Answer(int(status[1]) if status else 0, head.decode("latin-1"), body)

    def ask(self, method: str, target: str, body: bytes = b"", kind: str = "", **more: str) -> Answer:
        """A well-made request, with canaries in every header; keeps the walk cookie as a browser does."""
        headers = [*HEADERS, ("Cookie", f"{word('kage')}={word('krumme')}; walk={self.walk}"), ("Connection", "close")]
        headers += [(name.replace("_", "-"), value) for name, value in more.items()]
        if body or method == "POST":
            headers += [("Content-Type", kind or "application/x-www-form-urlencoded")]
            headers += [("Content-Length", str(len(body)))]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
        answer = self.raw(f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body, HANGS)
        if given := re.match(r"walk=([^;]*)", answer.header("Set-Cookie")):
            self.walk = given[1]
            if len(given[1]) > 40:  # not one that is being deleted
                self.cookies.append(given[1])
        return answer

    def post(self, target: str, *fields: tuple[str, str], **more: str) -> Answer:
        """A form, with a field that no form of ours has."""
        body = urlencode([*fields, (word("felt"), word("vaerdi-i-felt"))]).encode()
        return self.ask("POST", f"{target}?{STEM}={word('spoerg')}", body, **more)

    def begin(self, flow: str = "/proeve/tre") -> Answer:
        """Start a walk."""
        return self.post(f"{flow}/start")

    def answer(self, position: int, step: str, *chosen: str, flow: str = "/proeve/tre") -> Answer:
        """Answer a question, and look at the page it leads to."""
        told = self.post(f"{flow}/{position}", ("trin", step), *(("svar", one) for one in chosen))
        if told.status == 303:
            self.ask("GET", f"{told.header('Location')}?{word('navn')}={word('spoerg')}&besked={word('besked')}")
        return told


def malformed() -> list[bytes]:
    """Requests that no browser sends, each with a canary."""
    canary, end = STEM.encode(), b"Host: x\r\nConnection: close\r\n\r\n"
    return [
        canary + b"\r\n\r\n",
        b"GET /" + canary + b"\x00 HTTP/1.1\r\n" + end,
        b"GET /" + canary + b"\xff\xfe HTTP/1.1\r\n" + end,
        b"GET /%00%ff" + canary + b"?%ff%fe=" + canary + b" HTTP/1.1\r\n" + end,
        b"GET /" + canary + b" HTTP/9.9\r\n" + end,
        b"GET /" + canary + b"\r\n",
        canary.upper() + b" /proeve/ HTTP/1.1\r\n" + end,
        b"GET http://" + canary + b".example/" + canary + b" HTTP/1.1\r\n" + end,
        b"GET /" + canary * 9_000 + b" HTTP/1.1\r\n" + end,
        b"GET / HTTP/1.1\r\n" + canary + b"\r\n" + end,
        b"GET / HTTP/1.1\r\nX: " + canary * 20_000 + b"\r\n" + end,
        b"GET / HTTP/1.1\r\nX-\x00: " + canary + b"\r\n" + end,
        b"GET / HTTP/1.1\r\nHost: \xff" + canary + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [" + canary + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nCookie: walk=\xff" + canary + b"; =" + canary + b"\r\n" + end,
        b"POST /proeve/tre/start HTTP/1.1\r\nContent-Length: " + canary + b"\r\n" + end,
        b"POST /proeve/tre/start HTTP/1.1\r\nContent-Length: -1\r\n" + end + canary,
        b"POST /proeve/tre/start HTTP/1.1\r\nTransfer-Encoding: " + canary + b"\r\n" + end + canary,
        b"POST /proeve/tre/start HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end + b"zz\r\n" + canary,
        b"POST /proeve/tre/start HTTP/1.1\r\nContent-Length: 5000\r\n" + end + canary,
        b"\x16\x03\x01\x02\x00\x01\x00" + canary + b"\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + canary,
    ]
