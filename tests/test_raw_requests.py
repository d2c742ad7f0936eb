"""Malformed raw requests over a socket against `guide serve`: none is answered by a 5xx of ours, and it lives on.

1,000 in `make test`, 10,000 with `GUIDE_NIGHT=1`, from one seed. What never reaches the application and is answered by
the server itself is in BY_SERVER, each with its reason.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from tests.conftest import DEMO
from tests.malformed import CANARY, PATHS, Raw, malformed
from tests.test_serve import ROOT, ask, free_port, wait_for
from tests.web.asking import STATUSES

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
MANY = 10_000 if NIGHT else 1_000
SEED = 20261121
FROM = "127.0.0.77"
"""The address that is asked from; it must not be written anywhere."""

AT_ONCE = 24
"""Connections at a time."""

PATIENCE = 0.5
"""Seconds to wait for an answer to what may not be a whole request."""

GROWTH = 10_000
"""Kilobytes that the worker processes together may grow by in the last pass."""

PASSES = 4
"""How often all are sent at most."""


@dataclass
class Served:
    """A running server: its port, its main process, and where it writes."""

    port: int
    process: subprocess.Popen[bytes]
    written: Path

    def workers(self) -> list[int]:
        """The process ids of the workers."""
        main = self.process.pid
        with suppress(OSError):
            return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]
        return []  # the main process has ended

    def wait_for_workers(self) -> None:
        """Until both run, at most 60 seconds: the main process listens before it has made them."""
        end = time.monotonic() + 60
        while len(self.workers()) < 2:
            assert time.monotonic() < end, "the workers do not run"
            time.sleep(0.05)

    def resident(self) -> int:
        """Kilobytes of memory of all workers."""
        texts = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers()]
        return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in texts)  # type: ignore[index]

    def output(self) -> str:
        """What it has written, without the line that tells where it is to be found."""
        lines = self.written.read_text("utf-8", "replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("Bekymringsguiden: http://"))


@contextmanager
def served(folder: Path, planted: str = "") -> Iterator[Served]:
    """`guide serve` with two workers on the demo content; `planted` is run first."""
    port, written = free_port(), folder / "written"
    code = (
        f"import guide.web, pathlib, guide.cli as cli, guide.cli.content\nroot = lambda: pathlib.Path({str(DEMO)!r})\n"
    )
    code += f"guide.web.content_root = guide.cli.content.content_root = root\n{planted}\ncli.main()"
    command = [sys.executable, "-u", "-c", code, "serve", "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
    # One arena: else the C library gives each thread its own when two meet, some MB at a time, and hides a leak.
    environment |= {"PYTHONPATH": str(ROOT), "MALLOC_ARENA_MAX": "1"}
    with written.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(port)
        server = Served(port, process, written)
        server.wait_for_workers()
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@dataclass
class Seen:
    """What came back: (status, ours or the server's) -> how often; and how often nothing that is HTTP/1."""

    answers: Counter[tuple[int, bool]] = field(default_factory=Counter)
    silent: int = 0

    def ours(self) -> Counter[int]:
        """Answers of the application by status."""
        return Counter({status: n for (status, ours), n in self.answers.items() if ours})

    def servers(self) -> set[int]:
        """Statuses that the server made by itself."""
        return {status for status, ours in self.answers if not ours}


async def send(port: int, raw: Raw, seen: Seen) -> None:
    """One malformed request, and what came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(FROM, 0))
    got = b""
    with suppress(ConnectionError):
        for n, piece in enumerate(raw.pieces):
            if n:
                await asyncio.sleep(0.02)
            writer.write(piece)
            await writer.drain()
        got = b"" if raw.torn else await answer(reader)
    if raw.torn:
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()
    heads = re.findall(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)", got)
    for status, lines in heads:
        ours = re.search(rb"(?mi)^server: guide\r$", lines) is not None
        seen.answers[int(status), ours] += 1
    seen.silent += not heads


async def answer(reader: asyncio.StreamReader) -> bytes:
    """What is sent back, until the connection ends, one answer is whole, or nothing more comes."""
    got = b""
    with suppress(TimeoutError, asyncio.TimeoutError):
        while piece := await asyncio.wait_for(reader.read(65_536), PATIENCE):
            got += piece
            head, found, rest = got.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
            if found and length and len(rest) == int(length[1]):
                break
    return got


async def send_all(port: int, raws: list[Raw], seen: Seen) -> None:
    """All of them, AT_ONCE at a time."""
    rest = iter(raws)

    async def worker() -> None:
        for raw in rest:
            await send(port, raw, seen)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


def walk(port: int) -> None:
    """A whole walk, so that one sees it lives."""
    start = ask(port, "POST", "/proeve/tre/start")
    cookie = start.headers["Set-Cookie"].split(";")[0]
    for n, (step, chosen) in enumerate([("akut-fare", "nej"), ("slag", "ja")], 1):
        answered = ask(port, "POST", f"/proeve/tre/{n}", cookie, trin=step, svar=chosen)
        assert answered.headers["Location"] == f"/proeve/tre/{n + 1}"
        cookie = answered.headers["Set-Cookie"].split(";")[0]
    for _ in range(6):
        assert 'data-outcome="straks"' in ask(port, "GET", "/proeve/tre/3", cookie).read().decode()


BY_SERVER = {
    400: "not HTTP: the parser refuses it before there is a request",
    414: "an address longer than its buffer",
    431: "more or longer headers than its buffer",
    501: "a transfer coding that nobody knows",
    505: "a version of HTTP that nobody knows",
}
"""Statuses that granian may answer with by itself. They come without a body and without the name of the software."""


def faults(server: Served, seen: Seen, before: list[int], grown: int) -> list[str]:
    """What is wrong after a run: 5xx, answers that nobody knows, what was written, memory, workers that died."""
    found = [f"{n} answers {status} of ours" for status, n in seen.ours().items() if status not in STATUSES]
    found += [f"{status} from the server" for status in seen.servers() - BY_SERVER.keys()]
    words = [CANARY, FROM, "127.0.0.1", "localhost", "ERROR", "Traceback", *(path for path in PATHS if len(path) > 1)]
    found += [f"«{word}» was written" for word in words if word in server.output()]
    if server.workers() != before:
        found.append("workers died")
    if grown > GROWTH:
        found.append(f"memory grew by {grown} kB")
    return found


def apart(sending: Coroutine[Any, Any, None]) -> None:
    """Runs it in a thread of its own: a browser that an earlier test left open has the loop of this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, sending).result()


def run(server: Served, raws: list[Raw]) -> tuple[Seen, list[str]]:
    """All of them, again and again until that takes no more memory: caches and buffers fill up, a leak never does."""
    seen, before = Seen(), server.workers()
    for _ in range(PASSES):
        resident = server.resident()
        apart(send_all(server.port, raws, seen))
        grown = server.resident() - resident
        if grown <= GROWTH:
            break
    return seen, faults(server, seen, before, grown)


def test_malformed_requests_give_no_fault_of_ours(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with served(tmp_path) as server:
        walk(server.port)
        seen, found = run(server, list(islice(malformed(SEED), MANY)))
        walk(server.port)
    assert found == []
    record_property("malformed requests", f"{MANY}; answers of ours {dict(sorted(seen.ours().items()))}")
    assert seen.answers.total() > MANY / 2 and seen.ours().total() > MANY / 5, "most are answered, many by us"
    assert {200, 303, 308, 404, 405, 415, 422} <= seen.ours().keys()


LEAK = """
import flask, guide.web.errors, guide.web.pages
kept = []
def leak(*words):
    kept.append(b"x" * 2_000_000)
    print(flask.request.url, flush=True)
guide.web.errors.log.error = leak
guide.web.pages.shelf = None  # every page raises
"""


def test_the_harness_sees_a_route_that_fails_tells_and_leaks(tmp_path: Path) -> None:
    with served(tmp_path, LEAK) as server:
        _, found = run(server, list(islice(malformed(SEED), 300)))
    assert any(re.fullmatch(r"\d+ answers 500 of ours", fault) for fault in found), found
    assert f"«{CANARY}» was written" in found
    assert any(fault.startswith("memory grew") for fault in found), found


def test_the_harness_sees_a_worker_that_dies(tmp_path: Path) -> None:
    planted = "import os, guide.web.pages\nguide.web.pages.shelf = lambda: os._exit(9)"
    with served(tmp_path, planted) as server:
        before = server.workers()
        with suppress(OSError):  # also from a connection that was closed meanwhile
            apart(send_all(server.port, list(islice(malformed(SEED), 100)), Seen()))
        assert "workers died" in faults(server, Seen(), before, 0)
