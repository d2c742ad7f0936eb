"""«303 See Other» with nothing in it: the address is a path, so that no host header can lead elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from flask import Response


def see_other(address: str, status: int = 303) -> Response:
    """A redirect to a path on this site; of a whole address only path and query are kept."""
    parts = urlsplit(address)
    return Response("", status, {"Location": urlunsplit(("", "", parts.path or "/", parts.query, ""))})
