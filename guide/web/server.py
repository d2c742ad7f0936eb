"""The server that `guide serve` runs: granian, with one listening socket for all workers and a stop that is heard.

What granian does itself stays with it: workers, their respawn, SIGHUP, SIGTERM. Changed here, and why:

- Granian lets every worker bind the port by itself. What waits in the queue of a worker that ends is then reset by
  the kernel. Here the main process holds the one socket, so a reload or a killed worker loses no waiting connection.
- The socket can come from systemd (LISTEN_FDS). It then outlives the main process too, and a restart loses none.
- A worker inherits the main process' handlers and keeps them until it has read all content. A signal in that time
  would only set a flag that nobody reads; the worker would wait for the main process to kill it.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

WAITING = 1024
"""Connections that may wait to be accepted; the kernel may hold fewer (net.core.somaxconn)."""

STOP = 10
"""Seconds that the requests under way have to be done after SIGTERM; then the worker is killed."""

OVERLAP = 2.0
"""Seconds that the old worker and the new one both serve during a reload."""

THREADS = 4
"""Requests that one worker handles at a time."""

FIRST_PASSED = 3
"""The first file descriptor that systemd passes (sd_listen_fds(3))."""


def passed(environment: Mapping[str, str] = os.environ) -> socket.socket | None:
    """The listening socket that systemd holds for us, or None. With several, the first is used."""
    if environment.get("LISTEN_PID") != str(os.getpid()) or not environment.get("LISTEN_FDS", "").isdecimal():
        return None
    if int(environment["LISTEN_FDS"]) < 1:
        return None
    os.set_inheritable(FIRST_PASSED, False)
    return socket.socket(fileno=FIRST_PASSED)


def bound(host: str, port: int) -> socket.socket:
    """A new listening socket. Raises ValueError when `host` is no IP address, OSError when the port is taken."""
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(WAITING)
    except OSError:
        listener.close()
        raise
    return listener


class Server(MPServer):
    """Granian's server on a socket that is already listening."""

    _shd: Any

    def __init__(self, target: str, listener: socket.socket, **options: Any) -> None:
        super().__init__(target, **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        """What granian does where sockets cannot share a port: one, handed to every worker."""
        self._listener.setblocking(False)
        holder: Any = SocketHolder  # its arguments are missing in granian's type stub
        self._shd = holder(self._listener.fileno(), False, WAITING)  # False: no Unix socket
        self._sso = self._listener

    def shutdown(self, exit_code: int = 0) -> None:
        """Stop; a worker that the same signal ended before we asked it to has not failed."""
        if self.interrupt_signal:
            self.interrupt_children.clear()
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def run(listener: socket.socket, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP replaces the workers one by one. Ends the process on a crash loop."""
    os.register_at_fork(after_in_child=_hear_stop)
    Server(
        "guide.web:create_app",
        listener,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        factory=True,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=OVERLAP,
        workers_kill_timeout=STOP,
    ).serve()


def _hear_stop() -> None:
    """Until the worker takes its own handlers, SIGTERM ends it; Ctrl+C is for the main process, which passes it on."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
