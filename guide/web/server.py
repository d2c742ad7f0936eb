"""The server of `guide serve`: granian, with listening sockets that outlive the workers and a stop that is heard.

What granian does itself stays with it: workers, their respawn, SIGHUP, SIGTERM. Changed here, and why:

- Granian lets every worker bind the port by itself. What waits in the queue of a worker that ends is then reset by
  the kernel. Here the main process holds the sockets, one for each worker, so a reload or a killed worker loses no
  waiting connection: the next worker of that number goes on with it.
- The socket can come from systemd (LISTEN_FDS), one for all workers. It then outlives the main process too, and a
  restart loses none.
- A worker inherits the main process' handlers and keeps them until it has read all content. A signal in that time
  would only set a flag that nobody reads; the worker would wait for the main process to kill it.
- A worker that is told to stop closes every connection on which it has not yet read a request, also one it has just
  taken from the queue. So it first stops taking new ones, and is told to stop when it has read those it took.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from multiprocessing import connection
from typing import Any, cast

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer, WorkerProcess

WAITING = 1024
"""Connections that may wait to be accepted; the kernel may hold fewer (net.core.somaxconn)."""

STOP = 10
"""Seconds that the requests under way have to be done after SIGTERM; then the worker is killed."""

OVERLAP = 2.0
"""Seconds that the old worker and the new one both serve during a reload."""

THREADS = 4
"""Requests that one worker handles at a time."""

QUIET = 0.3
"""Seconds from a worker's last new connection until it is told to stop; reading takes it some thousandths."""

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


def bound(host: str, port: int, workers: int) -> list[socket.socket]:
    """New listening sockets, one for each worker: the kernel spreads the connections over them.

    With one for all, whoever wakes first takes most, and the other cores rest (measured: half the requests a second).
    Raises ValueError when `host` is no IP address, OSError when the port is taken.
    """
    family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    with socket.socket(family) as alone:  # sockets that share a port would share it with another guide too
        alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        alone.bind((host, port))
        port = alone.getsockname()[1]
    listeners = [socket.socket(family) for _ in range(workers)]
    try:
        for listener in listeners:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            listener.bind((host, port))
            listener.listen(WAITING)
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


class Worker(WorkerProcess):
    """One worker, as the main process sees it."""

    quiet = False
    """Whether it takes no new connections any more."""

    def hush(self) -> None:
        """Leave new connections to the others; where there are none they wait."""
        self.quiet = self.interrupt_by_parent = True
        with suppress(ProcessLookupError):
            os.kill(self.inner.pid, signal.SIGUSR1)

    def terminate(self) -> None:
        """Stop after the requests under way."""
        if not self.quiet:
            self.hush()
            time.sleep(QUIET)
        super().terminate()  # type: ignore[no-untyped-call]

    def is_alive(self) -> bool:
        """Whether the process runs.

        Two threads of granian wait for it. The one that is told nothing takes it for alive, and kills what has ended;
        the sentinel tells both.
        """
        return bool(self.inner.is_alive()) and not connection.wait([self.inner.sentinel], timeout=0)


class Server(MPServer):
    """Granian's server on sockets that are already listening."""

    _shd: Any
    wrks: list[Worker]  # type: ignore[assignment]

    def __init__(self, target: str, listeners: Sequence[socket.socket], **options: Any) -> None:
        super().__init__(target, **options)
        self._listeners = listeners

    def _spawn_worker(self, idx: int, *given: Any, **named: Any) -> Worker:
        self._sso = self._listeners[idx % len(self._listeners)]
        holder: Any = SocketHolder  # its arguments are missing in granian's type stub
        self._shd = holder(self._sso.fileno(), False, WAITING)  # False: no Unix socket
        worker = super()._spawn_worker(idx, *given, **named)
        worker.__class__ = Worker
        return cast(Worker, worker)

    def _stop_workers(self) -> None:
        """All at once; a worker that the same signal ended before we asked it to has not failed."""
        for worker in self.wrks:
            worker.hush()
        time.sleep(QUIET)
        super()._stop_workers()  # type: ignore[no-untyped-call]
        if self.interrupt_signal:
            self.interrupt_children.clear()

    def _init_shared_socket(self) -> None:
        """What granian does where sockets cannot share a port: they are handed to the workers."""
        for listener in self._listeners:
            listener.setblocking(False)
            # Connections inherit it. Without, what comes after the head waits 40 ms for the client's delayed ACK.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def run(listeners: Sequence[socket.socket], workers: int) -> None:
    """Serve until SIGTERM or SIGINT; SIGHUP replaces the workers one by one. Ends the process on a crash loop."""
    os.register_at_fork(after_in_child=lambda: _begin_worker(listeners))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not write a visitor's answers in a file
    Server(
        "guide.web.live:application",
        listeners,
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


def _begin_worker(listeners: Sequence[socket.socket]) -> None:
    """Until the worker takes its own handlers, SIGTERM ends it; Ctrl+C is for the main process, which passes it on."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGUSR1, lambda *_: take_no_more(listeners))


def take_no_more(listeners: Sequence[socket.socket]) -> None:
    """Put a socket that nobody connects to in the listeners' place, in this process only.

    Closing it is granian's to do, and `shutdown` would end it for the other processes too.
    """
    try:
        wanted = {os.fstat(listener.fileno()).st_ino for listener in listeners}
    except OSError:  # it has stopped already
        return
    with socket.socket(socket.AF_UNIX) as nobody:
        nobody.bind("")  # the kernel picks a name
        nobody.listen()
        nobody.setblocking(False)
        for name in os.listdir("/proc/self/fd"):
            with suppress(OSError):  # the descriptor of the listing itself
                if os.fstat(int(name)).st_ino in wanted:
                    os.dup2(nobody.fileno(), int(name), inheritable=False)
