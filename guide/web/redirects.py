"""«303 See Other» with nothing in it: the address is a path, so that no host header can lead elsewhere."""

from __future__ import annotations

from flask import Response


def see_other(address: str, status: int = 303) -> Response:
    """A redirect to a path on this site; of a whole address only path and query are kept.

    Cut by hand: where the host or scheme that was asked for makes no sense, so does the whole address, and
    a browser would take the first part of the path for the host.
    """
    path = address if address.startswith("/") else address.partition("://")[2].partition("/")[2]
    return Response("", status, {"Location": "/" + path.lstrip("/\\")})
