"""The poster and the handleplan of a flow to download. A child process makes them: see `guide/paper/tray.py`."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template

from guide.library import force
from guide.paper.kinds import KINDS
from guide.paper.tray import Tray
from guide.web import shelf

blueprint = Blueprint("paper", __name__)

BUSY, FAILED = 15, 3600
"""Seconds until one may ask again (Retry-After): while a paper is being made, and when it could not be made."""


@blueprint.get("/<municipality>/<flow>/plakat.pdf")
def poster(municipality: str, flow: str) -> Response:
    """One A4 for the wall."""
    return _paper("plakat", municipality, flow)


@blueprint.get("/<municipality>/<flow>/handleplan.pdf")
def handleplan(municipality: str, flow: str) -> Response:
    """The printed plan of action."""
    return _paper("handleplan", municipality, flow)


def _paper(kind: str, municipality: str, flow: str) -> Response:
    """The file, or 503 with a page that says so: nobody waits for long, and the guide itself for nothing."""
    playable = shelf().playable(municipality, flow) or abort(404)
    tray: Tray = current_app.extensions["guide.tray"]
    # From here on the names are the library's own: what the request said is not used.
    place, drawn = next(name for name in shelf().library.municipalities if name == municipality), KINDS[kind]
    found = tray.ask(
        f"{kind}-{playable.id}-{place}",
        lambda: drawn.html(shelf().library, playable, place, force.today()),
        *drawn.options,
    )
    if isinstance(found, str):
        return _later(found == "busy", place, playable.id, kind)
    try:
        response = Response(found.read_bytes(), content_type="application/pdf")
    except OSError:  # it was tidied away as we looked
        return _later(True, place, playable.id, kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}-{playable.id}-{place}.pdf"'
    return response


def _later(busy: bool, municipality: str, flow: str, kind: str) -> Response:
    shown = render_template(
        "paper/later.html",
        busy=busy,
        municipality_id=municipality,
        municipality=shelf().municipality(municipality),
        flow_id=flow,
        endpoint="poster" if kind == "plakat" else kind,
        title="Bekymringsguiden",
    )
    return Response(shown, 503, {"Retry-After": str(BUSY if busy else FAILED)})
