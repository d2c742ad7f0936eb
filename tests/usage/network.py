"""Servers between the guide and PostgreSQL: slow ones, ones that never answer, and ones that break off."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from guide import db


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on a port; every connection is served by a thread."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def through(url: str, port: int) -> str:
    """The address of a PostgreSQL database by way of a port."""
    return f"postgresql://postgres@127.0.0.1:{port}/{db.make_url(url).database}"


def proxy(url: str, delay: float = 0.0, allowance: int | None = None) -> Callable[[socket.socket], None]:
    """Passes bytes to PostgreSQL and back, each piece late; breaks off when the answers exceed `allowance` bytes."""
    folder = str(db.make_url(url).query["host"])

    def serve(client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{folder}/.s.PGSQL.5432")
        back = threading.Thread(target=pass_on, args=[server, client, allowance], daemon=True)
        back.start()
        pass_on(client, server, None)

    def pass_on(source: socket.socket, target: socket.socket, left: int | None) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                time.sleep(delay)
                target.sendall(piece if left is None else piece[:left])
                if left is not None and (left := left - len(piece)) <= 0:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    return serve
