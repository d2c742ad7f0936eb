"""The guide on the demo content as `guide serve` runs it, to be killed: real granian workers on one socket.

`python -m tests.usage.served <port> <log>` reads one JSON line for each start and answers with a pid, the leader of a
new process group. The code is loaded once and forked, so that a start takes tenths of a second; the socket stays here,
as it does under systemd. Faults are planted here and never in guide/; nothing here judges what was counted.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import delete

from guide import config, db, web
from guide.usage import counting, drainer, spool
from guide.web import server

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "tests" / "demo"

OFTEN = (0.01, 0.04)
"""Seconds between two passes of a process here: a kill then often meets a pass."""


def main(port: int, said: str) -> None:
    """Fork a server for each line of stdin; ends with its stdin. `said`: the file for what servers print."""
    listener = server.bound("127.0.0.1", port, 2)
    log = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    _load_all(Path(said).parent / "unused.sqlite")

    # The real factory, called by name in each worker as always, on the demo content: read once, before the fork.
    real, served = web.create_app, web.served_library(config.read(), DEMO)
    web.served_library = lambda settings, root: served
    templates = FileSystemBytecodeCache(str(Path(said).parent))

    def create_app() -> Flask:
        app = real(config.read(), DEMO)
        app.jinja_env.bytecode_cache = templates
        return app

    web.create_app = create_app  # type: ignore[assignment]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    print("ready", flush=True)
    for line in sys.stdin:
        pid = os.fork()
        if pid:
            os.setpgid(pid, pid)  # before anybody can know the pid and kill the group
            print(pid, flush=True)
            continue
        os.setpgid(0, 0)  # and before a worker is made, which else would live on in the old group
        for said in (1, 2):
            os.dup2(log, said)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        plant(**json.loads(line))
        server.run(listener, workers=2)
        os._exit(0)
    os._exit(0)  # what was only loaded here has nothing to put away


def _load_all(unused: Path) -> None:
    """Load before the fork what a worker else loads with its first answer and its first pass."""
    import guide.web.walks  # noqa: F401

    db.prepare(db.open_engine(f"sqlite:///{unused}", unused.parent))
    db.open_engine(config.read().database_url, unused.parent)  # loads its driver, and connects to nothing


def plant(flush: float | None = None, fault: str | None = None, kept: str | None = None) -> None:
    """Set the pace, keep a second name for each segment in the folder `kept`, and plant a fault."""
    counting.SHORTEST, counting.LONGEST = OFTEN
    if flush is not None:
        spool.FLUSH = flush
    if kept is not None:
        spool.open_segment = _keeping(spool.open_segment, Path(kept))
    if fault is not None:
        (FAULTS | FAULTS_OF_ORDER)[fault]()


def _keeping(make: Callable[[Path], spool.Segment], kept: Path) -> Callable[[Path], spool.Segment]:
    def open_segment(folder: Path) -> spool.Segment:
        made = make(folder)
        os.link(made.path, kept / f"{made.id}.closed")
        return made

    return open_segment


def _reply_before_write() -> None:
    record = counting.Counting.record

    def later(self: counting.Counting, make: Callable[[], Any]) -> None:
        facts = make()
        threading.Timer(0.05, record, (self, lambda: facts)).start()

    counting.Counting.record = later  # type: ignore[method-assign]


def _live_taken_for_dead() -> None:
    def adopt(self: drainer.Drainer) -> None:
        for path in self.folder.glob("*.open"):
            with suppress(FileNotFoundError):
                path.rename(path.with_suffix(".closed"))

    drainer.Drainer._adopt = adopt  # type: ignore[method-assign]


def _seen_purged_early() -> None:
    def purge(self: drainer.Drainer) -> None:
        db.prepare(self._engine)
        with self._engine.begin() as connection:
            connection.execute(delete(db.seen))

    drainer.Drainer._purge = purge  # type: ignore[method-assign]


def _unlinked_before_commit() -> None:
    apply = drainer.Drainer._apply

    def early(self: drainer.Drainer, connection: Any, segments: list[drainer.Contents]) -> int:
        for one in segments:
            one.path.unlink()
        done = apply(self, connection, segments)
        time.sleep(0.3)  # a slow disk
        return done

    drainer.Drainer._apply = early  # type: ignore[method-assign]


def _segments_not_recorded() -> None:
    insert = drainer._insert

    def forgetful(connection: Any, table: object, rows: Any) -> None:
        if table is not db.segment:
            insert(connection, table, rows)

    drainer._insert = forgetful


FAULTS: dict[str, Callable[[], None]] = {
    "reply before write": _reply_before_write,
    "live taken for dead": _live_taken_for_dead,
    "seen purged early": _seen_purged_early,
    "unlinked before commit": _unlinked_before_commit,
    "segments not recorded": _segments_not_recorded,
}
"""What the harness must find, each by itself."""


def _drained_in_the_request() -> None:
    record = counting.Counting.record

    def at_once(self: counting.Counting, make: Callable[[], Any]) -> None:
        record(self, make)
        self._pass(self.drainer())

    counting.Counting.record = at_once  # type: ignore[method-assign]


def _flushed_late() -> None:
    spool.FLUSH = 3.0


FAULTS_OF_ORDER: dict[str, Callable[[], None]] = {
    "reply before write": _reply_before_write,
    "flushed late": _flushed_late,
    "drained in the request": _drained_in_the_request,
}
"""What no kill shows, and the system calls do."""


class Launcher:
    """Starts servers in a process of its own, and kills them."""

    def __init__(self, port: int, environment: dict[str, str], said: Path, under: Sequence[str] = ()) -> None:
        """`environment`: GUIDE_* variables; `said`: the file for what servers print; `under`: a command to run it.

        It loads while its maker goes on; the first start waits for it.
        """
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GUIDE_")}
        self._process = subprocess.Popen(
            [*under, sys.executable, "-m", "tests.usage.served", str(port), str(said)],
            cwd=ROOT, env=clean | environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._ready = False
        self.pid = 0
        """The main process of the server that runs now."""

    def start(self, **planted: Any) -> None:
        """Start a server; `planted` as for `plant`."""
        assert self._process.stdin and self._process.stdout
        self._ready = self._ready or self._process.stdout.readline() == "ready\n"
        assert self._ready, "it did not load"
        print(json.dumps(planted), file=self._process.stdin, flush=True)
        self.pid = int(self._process.stdout.readline())

    def workers(self) -> list[int]:
        """The pids of the workers."""
        try:
            return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]
        except OSError:
            return []

    def kill_workers(self) -> None:
        """kill -9 of all workers; the main process lives and makes new ones."""
        for pid in self.workers():
            _kill(os.kill, pid)

    def kill(self) -> None:
        """kill -9 of the main process and all workers, where any was started."""
        if self.pid:  # the group 0 is our own
            _kill(os.killpg, self.pid)

    def running(self) -> bool:
        """The main process is there: it ends when its workers die again and again."""
        return Path(f"/proc/{self.pid}").exists()

    def close(self) -> None:
        """Kill what runs and end."""
        self.kill()
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)


def _kill(kill: Callable[[int, int], None], pid: int) -> None:
    with suppress(ProcessLookupError):
        kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
