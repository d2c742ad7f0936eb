"""Points by the rules of the Mozilla HTTP Observatory, counted here: it reads a public address, never an error page.

From its table (mdn/mdn-http-observatory, `src/grader/charts.js`): 100 points, minus what is missing, plus extras once
90 are reached without them. What cannot be seen in one answer is left out: the redirect from http, the preload list.
"""

from __future__ import annotations

import re

from werkzeug.wrappers import Response

EXTRAS_FROM = 90
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
HALF_A_YEAR = 15_768_000
"""Seconds."""


def points(response: Response) -> int:
    """The points of one answer that came by https."""
    rules = (policy, cookies, sharing, referrer, transport, scripts, sniffing, framing, resources)
    found = [rule(response) for rule in rules]
    base = 100 + sum(n for n in found if n < 0)
    return base + sum(n for n in found if n > 0) if base >= EXTRAS_FROM else base


def directives(response: Response) -> dict[str, set[str]]:
    """The content security policy: name -> sources."""
    parts = [part.split() for part in response.headers.get("Content-Security-Policy", "").split(";") if part.strip()]
    return {name.lower(): set(sources) for name, *sources in parts}


def policy(response: Response) -> int:
    """Ten for `default-src 'none'` with nothing unsafe; five without it; less for every looseness."""
    found = directives(response)
    if not found:
        return -25
    sources = [found.get(name, found.get("default-src", {"*"})) for name in ("script-src", "object-src", "style-src")]
    loose = re.compile(r"'unsafe-|^(\*|https?:|data:|blob:)$|^http://")
    if any(loose.search(source) for some in sources for source in some):
        return -20
    own_forms = found.get("form-action", {"*"}) <= {"'none'", "'self'"}
    return 10 if found.get("default-src") == {"'none'"} and own_forms else 5


def cookies(response: Response) -> int:
    """Five where each cookie is Secure, HttpOnly and bound to the site; none where no cookie is set."""
    lines = [line.lower() for line in response.headers.getlist("Set-Cookie")]
    if any("secure" not in line for line in lines):
        return -40
    if any("httponly" not in line for line in lines):
        return -30
    if any(not re.search(r"samesite=(lax|strict)", line) for line in lines):
        return -20
    return 5 if lines else 0


def sharing(response: Response) -> int:
    """Nothing for other sites to read."""
    return -50 if "Access-Control-Allow-Origin" in response.headers else 0


def referrer(response: Response) -> int:
    """Five when other sites are not told which page one came from."""
    value = response.headers.get("Referrer-Policy")
    return 0 if value is None else 5 if value in PRIVATE else -5


def transport(response: Response) -> int:
    """Half a year of https at least."""
    age = re.match(r"max-age=(\d+)", response.headers.get("Strict-Transport-Security", ""))
    return -20 if not age else -10 if int(age[1]) < HALF_A_YEAR else 0


def scripts(response: Response) -> int:
    """Scripts of other sites cost; we have none at all."""
    text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
    return -50 if re.search(r"<script[^>]*src=[\"']?(https?:)?//", text) else 0


def sniffing(response: Response) -> int:
    """The type that is said is the type that is used."""
    return 0 if response.headers.get("X-Content-Type-Options") == "nosniff" else -5


def framing(response: Response) -> int:
    """Five when the policy itself says who may frame the page."""
    if "frame-ancestors" in directives(response):
        return 5
    return 0 if response.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def resources(response: Response) -> int:
    """Ten when other sites may not load it."""
    kind = response.headers.get("Cross-Origin-Resource-Policy")
    return {"same-origin": 10, "same-site": 10, "cross-origin": 0, None: 0}.get(kind, -5)
