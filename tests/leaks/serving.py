"""A real `guide serve` in a folder of its own: everything it can write to lies there and can be searched."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import HANGS
from tests.leaks.canary import Hit, search
from tests.leaks.content import with_canaries

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("data", "tmp", "home", "cwd", "output")
"""Where the server may write: GUIDE_DATA, TMPDIR, HOME, its working folder, and what it prints."""

PAGE_FAULTS = ("template", "template+error-page", "other-page", "replay", "seal")
"""Faults of `faulty.py` that a visitor sees as a 500."""

COUNTING_FAULTS = {
    "record": "OSError when recording",
    "sealing": "OSError when recording",
    "open-segment": "OSError when opening a segment",
    "drain": "OSError when draining",
    "database": "OperationalError when draining",
}
"""Faults of `faulty.py` that no visitor sees, and what is printed."""


@dataclass
class Served:
    """A running server. Content and the present fault lie outside what is searched."""

    base: Path
    port: int
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    @property
    def places(self) -> Path:
        """Everything that the server can write to."""
        return self.base / "places"

    @property
    def data(self) -> Path:
        """GUIDE_DATA."""
        return self.places / "data"

    def fault(self, name: str) -> None:
        """Turn this fault on, and every other one off."""
        fresh = self.base / "fault.new"
        fresh.write_text(name, encoding="utf-8")
        fresh.rename(self.base / "fault")

    def printed(self) -> str:
        """Everything on stdout and stderr so far."""
        return "".join((self.places / "output" / name).read_text("utf-8", "replace") for name in ("stdout", "stderr"))

    def wait_for(self, words: str) -> None:
        """Until this has been printed."""
        until(lambda: words in self.printed(), words)

    def sealed_lines(self) -> list[bytes]:
        """What stands in the spool now."""
        found = [path.read_bytes() for path in (self.data / "spool").glob("*.*") if path.suffix != ".lock"]
        return b"".join(found).splitlines()

    def drained(self) -> None:
        """Until nothing is left in the spool."""

        def empty() -> bool:
            try:
                return not self.sealed_lines()
            except FileNotFoundError:  # a segment changed its name between the list and the reading: look again
                return False

        until(empty, "nothing in the spool")

    def hits(self, words: list[str]) -> list[Hit]:
        """Where these words are to be found."""
        return search(self.places, words)

    def stats(self) -> str:
        """What `guide stats` prints."""
        command = [sys.executable, "-m", "guide.cli", "stats"]
        return subprocess.run(
            command, env=self.environment, cwd=self.base, capture_output=True, check=True, text=True
        ).stdout


def until(true: object, what: str) -> None:
    """Wait until `true()`; it is an error when that never comes."""
    deadline = time.monotonic() + HANGS
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def served(base: Path, command: list[str], **settings: str) -> Iterator[Served]:
    """Run a server on content with canaries until the end of the block. `{port}` in the command is the port."""
    places = base / "places"
    for name in FOLDERS:
        (places / name).mkdir(parents=True)
    port, content = free_port(), with_canaries(base / "content")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")}
    environment = clean | {
        "GUIDE_DATA": str(places / "data"), "TMPDIR": str(places / "tmp"), "HOME": str(places / "home"),
        "PYTHONPATH": str(ROOT), "LEAKS_CONTENT": str(content), "LEAKS_FAULT": str(base / "fault"), **settings,
    }  # fmt: skip
    with (places / "output" / "stdout").open("wb") as out, (places / "output" / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", *(part.format(port=port) for part in command)],
            cwd=places / "cwd", env=environment, stdout=out, stderr=err, start_new_session=True,
        )  # fmt: skip
        running = Served(base, port, process, environment)
        try:
            until(lambda: answers(port), "somebody listens")
            yield running
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(HANGS)


GUIDE_SERVE = ["tests.leaks.faulty", "serve", "--port", "{port}"]
"""`guide serve` with two workers."""

ONE_WORKER = [*GUIDE_SERVE, "--workers", "1"]
"""Where something planted must be found, and it does not matter by which worker."""
