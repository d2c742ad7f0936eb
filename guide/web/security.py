"""Response headers on everything, and the refusal of posts from other sites or with another kind of body."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request

from guide.web.redirects import see_other

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # Nothing leaves for other sites; with no-referrer browsers send «Origin: null» on our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()"
    ),
    "X-Robots-Tag": "noindex",
    # Servers name themselves and their version unless the application does it first.
    "Server": "guide",
}
"""Sent with every response, errors and static files too."""

READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""

_ADDED = tuple((name.lower(), (name, value)) for name, value in HEADERS.items())

FORM = "application/x-www-form-urlencoded"
"""The one kind of body our own forms send."""

KEPT = ("static", "pages.style", "own.colours", "own.logo")
"""Endpoints whose responses say themselves how long a browser may keep them; nothing else may be kept."""

TRANSPORT = "max-age=63072000; includeSubDomains"
"""Strict-Transport-Security, two years; only where the request came by https."""


def install(app: Flask) -> None:
    """Guard posts, and put the headers on every response."""
    app.before_request(refuse_unreadable)
    app.before_request(refuse)
    app.after_request(add_headers)


def refuse_unreadable() -> None:
    """400 for a query whose bytes are no text or that breaks the line; later it would look like a fault of ours."""
    try:
        readable = request.query_string.decode().isprintable()
    except UnicodeDecodeError:
        readable = False
    if not readable:
        abort(400)


def refuse() -> None:
    """What no view should see; one function, for Flask looks at each of them anew on every request."""
    refuse_other_sites()
    refuse_other_bodies()


def refuse_other_sites() -> None:
    """403 for a post that another site's page made; absent headers and `Origin: null` pass."""
    if request.method in READING:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site in ("cross-site", "same-site") or (origin not in (None, "", "null") and _host(origin) != request.host):
        abort(403)


def refuse_other_bodies() -> None:
    """413 for a body that is too large, 415 for one that is no form; also where no view reads it."""
    if request.method in READING:
        return
    length, largest = request.content_length, current_app.config["MAX_CONTENT_LENGTH"]
    if length is None:  # sent in chunks: Werkzeug reads as far as `largest` and cuts off the rest without a word
        length = len(request.get_data())
        largest -= 1
    if length > largest:
        abort(413)
    if request.mimetype != FORM and (length or request.mimetype):
        abort(415)


def _host(origin: str | None) -> str | None:
    try:
        return urlsplit(origin or "").netloc
    except ValueError:
        return None


def add_headers(response: Response) -> Response:
    """Fill in what the view did not set itself. Only files that never change may be kept by the browser."""
    if response.location and not response.location.startswith("/"):  # a slash added by the router, with the asked host
        response = see_other(response.location, response.status_code)
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend(header for name, header in _ADDED if name not in own)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT)
    if request.endpoint not in KEPT or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
