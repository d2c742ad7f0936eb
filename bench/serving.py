"""Servers under measurement: the very server and settings of `guide serve`, with another application where wanted."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

WORKERS = 2
HOST = "127.0.0.1"


@contextmanager
def served(target: str, environment: Mapping[str, str]) -> Iterator[int]:
    """An application factory (`module:name`) on a server; gives the port. Raises TimeoutError after a minute."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    own = {name: value for name, value in os.environ.items() if not name.startswith("GUIDE_")}
    process = subprocess.Popen([sys.executable, "-m", "bench.serving", target, str(port)], env={**own, **environment})
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection((HOST, port), timeout=60) as link:
                link.sendall(b"GET /findes-ikke HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if link.recv(1):
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server under measurement did not start")


def main(target: str, port: int) -> None:
    """Serve as `guide serve` does until told to stop; the guide's content is read before the workers are forked."""
    from guide import config
    from guide.library.places import content_root
    from guide.web import hold, server

    class Other(server.Server):
        def __init__(self, _: str, *given: Any, **options: Any) -> None:
            super().__init__(target, *given, **options)

    server.Server = Other  # type: ignore[misc]
    if not target.startswith("bench.floor"):
        settings = config.read()
        config.keys(settings)
        hold(settings, content_root())
    server.run(server.bound(HOST, port, WORKERS), WORKERS)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
