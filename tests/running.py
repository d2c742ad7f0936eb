"""`guide serve` as its own process on the demo content, and visitors that walk all the time and count what failed.

Not here: how the guide is started from a wheel and on its real content; that is in test_serve.py.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import DEMO, HANGS

ROOT = Path(__file__).parent.parent

MAIN = f"""
import os, sys, time
from pathlib import Path
import guide.library.places as places
places.content_root = lambda: Path({str(DEMO)!r})
handed = os.environ.pop("HANDED", "")
if handed:
    os.dup2(int(handed), 3)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
import guide.web
from guide.web import server
server.OVERLAP = 0.5
real = guide.web.create_app
def create_app(*given, **named):
    app = real(*given, **named)
    app.add_url_rule("/slow", "slow", lambda: time.sleep(1) or "done")
    return app
guide.web.create_app = create_app
exec(os.environ.get("PLANTED", ""))
from guide.cli import main
main()
"""
"""The real command on other content, with one page that takes a second, and what a test plants."""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(what: str, true: object) -> None:
    """Wait until `true()` holds. Raises AssertionError with `what` when it takes so long that it hangs."""
    assert callable(true)
    end = time.monotonic() + HANGS
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.02)


@dataclass
class Running:
    """A running `guide serve`."""

    process: subprocess.Popen[str]
    port: int

    @property
    def workers(self) -> list[int]:
        """The process ids of its workers."""
        pid = self.process.pid
        with suppress(FileNotFoundError):
            return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return []

    def ready(self) -> bool:
        """Whether a page is answered."""
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=HANGS)
            connection.request("GET", "/farvel", headers={"Connection": "close"})
            return connection.getresponse().status == 200
        return False

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """(exit code, everything it printed) after a signal to the main process alone."""
        self.process.send_signal(number)
        printed = self.process.communicate(timeout=HANGS)[0]
        return self.process.returncode, printed


@contextmanager
def guide(
    data: Path,
    workers: int = 2,
    held: socket.socket | None = None,
    planted: str = "",
    port: int | None = None,
    content: Path | None = None,
) -> Iterator[Running]:
    """Start it, on a socket that the test holds or one of its own; end it."""
    port = held.getsockname()[1] if held else port or free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    environment |= {"GUIDE_DATA": str(data), "PLANTED": planted}
    if content:
        environment["GUIDE_CONTENT"] = str(content)
    if held:
        environment["HANDED"] = str(held.fileno())
    command = [sys.executable, "-u", "-c", MAIN, "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[held.fileno()] if held else (),
    )  # fmt: skip
    running = Running(process, port)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "Bekymringsguiden" in first, first + process.stdout.read()
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def gone(pids: list[int]) -> bool:
    """Whether none of these processes is there any more."""
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


def reload(running: Running) -> None:
    """SIGHUP, and wait until every worker is another one and the old ones are gone."""
    before = running.workers
    running.process.send_signal(signal.SIGHUP)
    until("not reloaded", lambda: len(running.workers) == len(before) and gone(before))


@dataclass
class Visitors:
    """Threads that walk until told to stop. A failed request is one without the answer that a walk should have.

    Half of them open a connection for each request. The others keep theirs, and do as browsers do: when a kept
    connection turns out closed before a byte of the answer came, the request is made once more on a new one.
    """

    port: int
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    done: int = 0
    failed: list[str] = field(default_factory=list)
    repeated: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def walking(self, each: int = 3) -> Iterator[Visitors]:
        """`each` visitors of either kind, for as long as the block lasts."""
        threads = [threading.Thread(target=self._visit, args=(kept,)) for kept in (True, False) for _ in range(each)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def more(self, requests: int) -> None:
        """Wait until that many more requests are done or failed."""
        goal = self.done + len(self.failed) + requests
        until("the visitors stand still", lambda: self.done + len(self.failed) >= goal)

    def _visit(self, kept: bool) -> None:
        visitor = _Visitor(self, kept)
        while not self._over.is_set():
            try:
                visitor.walk()
                with self._lock:
                    self.done += 3
                if self.tls:  # six in a loop would else ask for more than nginx gives one address in a second
                    time.sleep(0.08)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                with self._lock:
                    self.failed.append(f"{'kept' if kept else 'fresh'}: {error!r}")
                visitor.forget()
                time.sleep(0.05)


class _Visitor:
    def __init__(self, visitors: Visitors, kept: bool) -> None:
        self._all, self._kept = visitors, kept
        self._connection: http.client.HTTPConnection | None = None

    def forget(self) -> None:
        """Close the connection."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def walk(self) -> None:
        """Start, answer, read. Raises when an answer is not the one that should come."""
        status, headers, _ = self._ask("POST", "/proeve/tre/start")
        assert status == 303, status
        cookie = headers["Set-Cookie"].split(";")[0]
        status, headers, _ = self._ask("POST", "/proeve/tre/1", cookie, {"trin": "akut-fare", "svar": "nej"})
        assert (status, headers["Location"]) == (303, "/proeve/tre/2"), (status, headers["Location"])
        status, _, text = self._ask("GET", "/proeve/tre/2", headers["Set-Cookie"].split(";")[0])
        assert status == 200 and b"</html>" in text, status

    def _ask(
        self, method: str, address: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        reused = self._connection is not None
        try:
            return self._once(method, address, cookie, form)
        except BrokenPipeError:  # closed before any of it was sent: nobody has taken it, and any client asks again
            self.forget()
        except (http.client.RemoteDisconnected, ConnectionResetError, ssl.SSLEOFError):
            self.forget()
            if not reused:
                raise
        with self._all._lock:
            self._all.repeated += 1
        return self._once(method, address, cookie, form)

    def _once(
        self, method: str, address: str, cookie: str, form: dict[str, str] | None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        if self._connection is None:
            host, port, tls = self._all.host, self._all.port, self._all.tls
            self._connection = (
                http.client.HTTPSConnection(host, port, timeout=HANGS, context=tls)
                if tls
                else http.client.HTTPConnection(host, port, timeout=HANGS)
            )
        headers = {"Cookie": cookie} if cookie else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if not self._kept:
            headers["Connection"] = "close"
        self._connection.request(method, address, urllib.parse.urlencode(form or {}) or None, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if not self._kept or answer.will_close:
            self.forget()
        return answer.status, answer.headers, text
