"""The publication of key figures of a kommune to download: /statistik/kommune/<kommune>/noegletal.pdf?periode=2026K4.

A child process makes it (`guide/paper/tray.py`), once a day for each release. It is the same file for everybody; no
cookie is read.
Not here: what stands in it (`guide/paper/publication.py`).
"""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template

from guide.paper.publication import NoPublication, publication, release, subject
from guide.paper.tray import Tray
from guide.web import shelf
from guide.web.official import figures
from guide.web.statistics import chosen, published

blueprint = Blueprint("publication", __name__)

BUSY, FAILED = 15, 3600
"""Seconds until one may ask again (Retry-After): while a paper is being made, and when it could not be made."""


@blueprint.get("/statistik/kommune/<kommune>/noegletal.pdf")
def noegletal(kommune: str) -> Response:
    """The file; 404 for a kommune or a period that nothing was published of; 503 with a page when it must wait."""
    now = published()
    of, missing = chosen(now)
    if of is None or missing:
        abort(404)
    try:
        about = subject(shelf().library, now, kommune, of)
    except NoPublication:
        abort(404)
    tray: Tray = current_app.extensions["guide.tray"]
    # From here on the names are the library's own: what the request said is not used.
    name = f"noegletal-{about.kommune.id}-{of}"
    taken_down = f"-{len(now.corrections)}" if now.corrections else ""  # a file with such a figure is never sent again
    found = tray.ask(f"{name}-{release(about).digest[:12]}{taken_down}", lambda: publication(about, figures()))
    if isinstance(found, str):
        return _later(found == "busy", about.kommune.id, str(of))
    try:
        response = Response(found.read_bytes(), content_type="application/pdf")
    except OSError:  # it was tidied away as we looked
        return _later(True, about.kommune.id, str(of))
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def _later(busy: bool, kommune: str, of: str) -> Response:
    area = shelf().library.geography.areas[kommune]
    shown = render_template("statistics/publication_later.html", busy=busy, area=area, of=of, title="Nøgletal som PDF")
    return Response(shown, 503, {"Retry-After": str(BUSY if busy else FAILED)})
