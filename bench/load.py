"""The load maker: simulated users on raw sockets, in a process of its own. No figures are judged here.

`python -m bench.load` reads one job as JSON from stdin and writes one result as JSON to stdout. A job is either
`get` (the question pages of one walk, again and again) or `walk` (start, then POST, 303, GET for each answer, over
and over). Each user has one connection that is kept alive, no think time, and reads every byte of every answer.
"""

from __future__ import annotations

import gzip
import http.client
import json
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

User = Generator[bytes, tuple[int, bytes, bytes], None]
"""Yields one request at a time and is sent (status, head, body)."""

TAG = b'name="forloeb" value="'


@dataclass
class Result:
    """What one job saw. Times in milliseconds; `cpu` is the load maker's own share of one core, 0 to 1."""

    times: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    pages: dict[str, int] = field(default_factory=dict)
    """Bytes of each page that was read last, by path."""

    @property
    def rate(self) -> float:
        """Exchanges (or steps) a second."""
        return len(self.times) / self.seconds

    def quantile(self, share: float) -> float:
        """The time that this share of the exchanges stayed within, in milliseconds."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))]


def run(port: int, users: int, seconds: float, **job: Any) -> Result:
    """One job in a load maker of its own. Raises CalledProcessError when it breaks down."""
    text = json.dumps({"port": port, "users": users, "seconds": seconds, **job})
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return Result(**json.loads(done.stdout))


def request(method: str, path: str, cookie: str = "", body: bytes = b"") -> bytes:
    """The bytes of a request as a browser would send it, with few headers."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept: text/html", "Accept-Encoding: gzip"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def header(head: bytes, name: bytes) -> str:
    """The value of a header that the servers measured here write in lower case; "" when it is missing."""
    _, found, rest = head.partition(b"\r\n" + name + b": ")
    return rest.partition(b"\r\n")[0].decode() if found else ""


def plain(body: bytes) -> bytes:
    """A body as it was before it was compressed, if it was."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def get(result: Result, job: dict[str, Any], user: int) -> User:
    """The pages of a list of (path, cookie), again and again; each user begins at another one."""
    pages = [request("GET", path, cookie) for path, cookie in job["pages"]]
    for wanted in islice(cycle(pages), user, None):
        begun = time.perf_counter()
        status, _, body = yield wanted
        result.times.append((time.perf_counter() - begun) * 1_000)
        result.errors += status != 200
        path = wanted.split(b" ", 2)[1].decode()
        if path not in result.pages:
            result.pages[path] = len(plain(body))


def walk(result: Result, job: dict[str, Any], user: int) -> User:
    """Whole walks by a list of ways, over and over. A step is a POST, its 303, the next page; no start is counted."""
    for answers in islice(cycle(job["ways"]), user, None):
        status, head, _ = yield request("POST", job["start"])
        path, cookie = header(head, b"location"), header(head, b"set-cookie").partition(";")[0]
        status, _, body = yield request("GET", path, cookie)
        tag = plain(body).partition(TAG)[2].partition(b'"')[0].decode()
        for step, chosen in answers:
            form = urlencode([("trin", step), ("forloeb", tag), *(("svar", option) for option in chosen)]).encode()
            begun = time.perf_counter()
            posted, head, _ = yield request("POST", path, cookie, form)
            before, path = path, header(head, b"location")
            cookie = header(head, b"set-cookie").partition(";")[0]
            status, _, body = yield request("GET", path, cookie)
            result.times.append((time.perf_counter() - begun) * 1_000)
            result.pages[path] = len(body)
            if (posted, status) != (303, 200) or path == before or "?" in path:
                result.errors += 1
                break


def pages(port: int, start: str, answers: Iterable[tuple[str, Iterable[str]]]) -> list[tuple[str, str]]:
    """(path, cookie) of every question of a walk, each with the answers before it. Raises OSError."""
    found, link = list[tuple[str, str]](), http.client.HTTPConnection("127.0.0.1", port)

    def ask(method: str, path: str, cookie: str, form: list[tuple[str, str]]) -> tuple[str, str, bytes]:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        link.request(method, path, urlencode(form) if method == "POST" else None, headers)
        answer = link.getresponse()
        return answer.getheader("location", ""), answer.getheader("set-cookie", "").split(";")[0], answer.read()

    path, cookie, _ = ask("POST", start, "", [])
    for step, chosen in answers:
        found.append((path, cookie))
        body = ask("GET", path, cookie, [])[2]
        tag = body.partition(TAG)[2].partition(b'"')[0].decode()
        form = [("trin", step), ("forloeb", tag), *(("svar", option) for option in chosen)]
        path, cookie, _ = ask("POST", path, cookie, form)
    link.close()
    return found


class Connection:
    """A user and its connection; opened again when the server has closed it."""

    def __init__(self, user: User, port: int) -> None:
        self.user, self.port = user, port
        self.socket = self._open()
        self.buffer = b""
        self.wanted = -1

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def begin(self) -> None:
        """Send the first request."""
        self.socket.sendall(next(self.user))

    def read(self) -> None:
        """Take what has come; when the answer is whole, send the next request. Raises OSError when it is closed."""
        got = self.socket.recv(262_144)
        if not got:
            raise ConnectionResetError("closed by the server")
        self.buffer += got
        if self.wanted < 0:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            self.head = self.buffer[:end]
            self.body_at = end + 4
            self.wanted = self.body_at + int(header(self.head, b"content-length") or 0)
        if len(self.buffer) >= self.wanted:
            answer = (int(self.head[9:12]), self.head, self.buffer[self.body_at : self.wanted])
            self.buffer, self.wanted = b"", -1
            self.socket.sendall(self.user.send(answer))


def make(job: dict[str, Any]) -> Result:
    """Run a job in this process."""
    result = Result()
    kind = {"get": get, "walk": walk}[job["kind"]]
    poll = selectors.DefaultSelector()
    for user in range(job["users"]):
        connection = Connection(kind(result, job, user), job["port"])
        poll.register(connection.socket, selectors.EVENT_READ, connection)
        connection.begin()
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    while time.perf_counter() - begun < job["seconds"]:
        for key, _ in poll.select(1):
            key.data.read()
    now = resource.getrusage(resource.RUSAGE_SELF)
    result.seconds = time.perf_counter() - begun
    result.cpu = (now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime) / result.seconds
    return result


if __name__ == "__main__":
    json.dump(asdict(make(json.load(sys.stdin))), sys.stdout)
