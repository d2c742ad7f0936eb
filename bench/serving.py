"""Servers under measurement: granian with the settings of `guide serve`, on a free port, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SETTINGS = {"workers": 2, "blocking_threads": 4, "log_access": False, "workers_kill_timeout": 3}
"""As in guide/cli.py."""


@contextmanager
def served(target: str, environment: Mapping[str, str]) -> Iterator[int]:
    """An application factory (`module:name`) on a server; gives the port. Raises TimeoutError after 30 s."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serving", target, str(port)], env={**os.environ, **environment}
    )
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as link:
                link.sendall(b"GET /findes-ikke HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if link.recv(1):
                    return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server under measurement did not start")


def main(target: str, port: int) -> None:
    """Serve until told to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    settings = {
        **SETTINGS,
        "interface": Interfaces.WSGI,
        "log_level": LogLevels.warning,
        "respawn_failed_workers": True,
    }
    Server(target, address="127.0.0.1", port=port, factory=True, **settings).serve()  # type: ignore[arg-type]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
