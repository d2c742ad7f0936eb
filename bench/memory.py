"""How soon the real `guide serve` answers after its start, and how much memory it takes with all kommuner.

Memory is PSS: pages that processes share are counted once. Main process and workers are added up, idle and after
walks that go to every kommune in turn and answer by chance, with a fixed seed.
"""

from __future__ import annotations

import csv
import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from guide.library.places import content_root

WORKERS, WALKS, LONGEST = 2, 200, 30
"""LONGEST: no walk asks so many questions; a walk that does goes in circles."""

HIDDEN = re.compile(r'name="(trin|forloeb)" value="([^"]*)"')
ANSWER = re.compile(r'name="svar"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="svar"')


def measure() -> dict[str, float]:
    """Seconds to the first page and the first question, and megabytes (of 10^6 bytes)."""
    with tempfile.TemporaryDirectory() as data, _served(Path(data)) as (process, port, begun):
        found = {"first page, s": _until(port, "/", begun)}
        walker = _Walker(port)
        walker.start(_kommuner()[0], _flows()[0])
        found["first question, s"] = time.perf_counter() - begun
        time.sleep(1)  # whatever a start leaves to be done
        found["idle, MB"] = _pss(process.pid)
        for n in range(WALKS):
            walker.link.close()  # a new connection, so that every worker has its share
            walker.walk(_kommuner()[n % len(_kommuner())], _flows()[n % len(_flows())])
        found |= {f"after {WALKS} walks, MB": _pss(process.pid), "kommuner": len(_kommuner()), "workers": WORKERS}
        return found


def _kommuner() -> list[str]:
    with open(content_root() / "registers" / "kommuner.csv", encoding="utf-8", newline="") as file:
        return [row["id"] for row in csv.DictReader(file)]


def _flows() -> list[str]:
    return sorted(path.parent.name for path in (content_root() / "flows").glob("*/flow.yaml"))


@contextmanager
def _served(data: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, float]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GUIDE_")}
    command = [sys.executable, "-m", "guide.cli", "serve", "--workers", str(WORKERS), "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment | {"GUIDE_DATA": str(data)}, stdout=subprocess.DEVNULL)
    try:
        yield process, port, begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until(port: int, address: str, begun: float) -> float:
    """Seconds from the start to the first page. Raises TimeoutError after a minute."""
    while time.perf_counter() - begun < 60:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request("GET", address)
            if link.getresponse().status == 200:
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.01)
        finally:
            link.close()
    raise TimeoutError("no page came")


class _Walker:
    """One visitor on one connection. Raises AssertionError when an answer is not what a visitor would get."""

    def __init__(self, port: int) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.chance, self.cookie, self.path = random.Random(20261122), "", ""

    def _ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.link.request(method, path, urlencode(form or []) if method == "POST" else None, headers)
        answer = self.link.getresponse()
        self.cookie = (answer.getheader("Set-Cookie") or self.cookie).split(";")[0]
        self.path = answer.getheader("Location") or path
        return answer.status, answer.read().decode()

    def start(self, kommune: str, flow: str) -> str:
        """Begin a walk; gives the page of the first question."""
        assert self._ask("POST", f"/{kommune}/{flow}/start")[0] == 303
        status, page = self._ask("GET", self.path)
        assert status == 200
        return page

    def walk(self, kommune: str, flow: str) -> None:
        """A whole walk to an outcome."""
        page = self.start(kommune, flow)
        for _ in range(LONGEST):
            options = [one or other for one, other in ANSWER.findall(page)]
            if not options:
                return
            form = [*HIDDEN.findall(page), ("svar", self.chance.choice(options))]
            assert self._ask("POST", self.path, form)[0] == 303
            status, page = self._ask("GET", self.path)
            assert status == 200
        raise AssertionError("a walk does not end")


def _pss(pid: int) -> float:
    """Megabytes of a process and its children, pages shared by several counted once."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return own * 1024 / 1e6 + sum(_pss(int(child)) for file in children for child in file.read_text().split())


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name}: {value:.2f}")
