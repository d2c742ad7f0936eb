"""Static files: the copy compressed ahead of time where there is one, kept by the browser for a year.

Flask's own static route would send style sheets uncompressed, and not every host has a proxy in front.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from guide.web.text import address

FOLDER = Path(__file__).parent / "static"
PACKED = frozenset(p.relative_to(FOLDER).as_posix().removesuffix(".gz") for p in FOLDER.rglob("*.gz"))
"""Files that have a copy compressed ahead of time, by the name that is asked for."""

YEAR = 31_536_000
"""Seconds a file may be kept when its address carries its content hash."""


def install(app: Flask) -> None:
    """The route `static`, and `static_url` for templates."""
    app.add_url_rule("/static/<path:filename>", "static", send)
    app.jinja_env.globals.update(static_url=static_url)


def send(filename: str) -> Response:
    """A static file, by gzip where the browser takes it; 404 outside the folder."""
    packed = filename in PACKED and bool(request.accept_encodings["gzip"])
    response = send_from_directory(FOLDER, f"{filename}.gz" if packed else filename)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.mimetype = send_from_directory(FOLDER, filename).mimetype or "application/octet-stream"
    response.headers["Vary"] = "Accept-Encoding"
    fresh = request.args.get("v") == _version(filename)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response


@lru_cache(maxsize=256)
def _version(name: str) -> str:
    return hashlib.blake2b((FOLDER / name).read_bytes(), digest_size=6).hexdigest()


def static_url(name: str) -> str:
    """The address of a static file with its content hash."""
    return address("static", filename=name, v=_version(name))
