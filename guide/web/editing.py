"""`/redaktion/`: what an editor of a kommune looks at while writing. Only on the server of `guide preview`.

Here: the addresses. Findings with the text around them are put together in `editing_findings.py`, all else in
`editing_parts.py`; reading the folders is `preview.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from guide.flows.live import TooManyStates
from guide.library import force
from guide.library.difference import flow_difference
from guide.library.layout import NotWritten
from guide.library.library import NOWHERE, Playable
from guide.library.map import drawn
from guide.library.stamp import still_right as write_day
from guide.model import Municipality
from guide.web import editing_findings as findings
from guide.web import editing_parts as parts
from guide.web import shelf, walks
from guide.web.preview import MOMENT, moment, preview
from guide.web.redirects import see_other

blueprint = Blueprint("editing", __name__, url_prefix="/redaktion")

MESSAGES = {
    "stemmer": "Datoen er skrevet i filen.",
}
"""What a redirect may say on the next page, by the word in `?besked=`."""


def install(app: Flask) -> None:
    """The pages, and what the strip on every page asks for."""
    app.register_blueprint(blueprint)
    whole = lru_cache(maxsize=512)(parts.outcome_whole)
    app.jinja_env.filters["alone"] = parts.alone
    app.jinja_env.globals.update(
        editing=lambda: preview().reading,
        seen_as=lambda: moment(request.cookies.get(MOMENT, "")),
        unapproved=lambda kommune, flow=None: parts.unapproved(shelf().library, kommune, flow),
        outcome_whole=lambda kommune, flow, step: whole(
            kommune, flow, step, force.now().replace(second=0, microsecond=0)
        ),
    )


@blueprint.get("/")
def overview() -> str:
    """The kommuner with files of their own, and everything that was found."""
    reading, on = preview().reading, shelf()
    base = [one for one in reading.findings if findings.kommune_of(one) is None]
    return render_template(
        "editing/overview.html",
        kommuner=parts.kommuner(on.library, reading.findings, reading.failing, on.scope),
        base=findings.excerpts(base, preview().folders),
        flows=on.library.flows,
        where=on.scope or NOWHERE,
        title="Redaktionen",
    )


@blueprint.get("/udgave")
def edition() -> Response:
    """A short text that is another one when the folders were read anew."""
    return Response(preview().reading.edition, content_type="text/plain; charset=utf-8")


@blueprint.post("/tid")
def clock() -> AnyResponse:
    """From now on this visitor sees the guide as of a moment; without one as of now. 303 back."""
    response = see_other(request.form.get("tilbage", "/redaktion/"))
    written = f"{request.form.get('dag', '')}T{request.form.get('tid', '') or '12:00'}"
    if moment(written):
        response.set_cookie(MOMENT, written, path="/", httponly=True, samesite="Lax", max_age=timedelta(days=1))
    else:
        response.delete_cookie(MOMENT, path="/")
    return response


@blueprint.get("/<municipality>/")
def kommune(municipality: str) -> str:
    """One kommune: its flows and how they differ, what was found, stories, contacts."""
    library, reading = shelf().library, preview().reading
    found = findings.of_kommune(reading.findings, reading.failing, municipality)
    place = shelf().municipality(municipality)
    if place is None and not found:
        abort(404)
    return render_template(
        "editing/kommune.html",
        municipality_id=municipality,
        municipality=place,
        room=library.rooms.get(municipality),
        found=findings.excerpts(found, preview().folders, library.rooms.get(municipality)),
        flows=parts.flows(library, municipality) if place else [],
        standing=parts.standing(library, municipality) if place else None,
        message=MESSAGES.get(request.args.get("besked", "")) or request.args.get("hvorfor"),
        title=f"{place.name if place else municipality}: redaktionen",
    )


@blueprint.post("/<municipality>/stemmer")
def still_right(municipality: str) -> AnyResponse:
    """«Stemmer stadig»: today's date is written into the file that a contact, or an own flow, stands in."""
    file, place = request.form.get("fil", ""), tuple(filter(None, request.form.get("sted", "").split("/")))
    standing = parts.standing(shelf().library, municipality) if shelf().municipality(municipality) else None
    known = [(one.file, one.place) for one in standing.kept] if standing else []
    folder = findings.folder_with(file, preview().folders) if (file, place) in known else None
    if folder is None:
        abort(404)
    try:
        write_day(folder, file, place, force.today())
    except NotWritten as error:
        return see_other(url_for("editing.kommune", municipality=municipality, hvorfor=str(error)))
    return see_other(url_for("editing.kommune", municipality=municipality, besked="stemmer", _anchor="kontakter"))


@blueprint.get("/<municipality>/<flow>/kort")
def map_(municipality: str, flow: str) -> str:
    """The flow as a picture, and the same as text."""
    place, playable, national = _flow(municipality, flow)
    levels = parts.level_words(shelf().library, place)
    picture = drawn(playable, national.flow, levels)
    return _page("map", municipality, place, playable, "kort", picture=picture, national=national.flow, levels=levels)


@blueprint.get("/<municipality>/<flow>/alt")
def whole(municipality: str, flow: str) -> str:
    """Every page of the flow below each other, with what was found beside the step that it is about."""
    (place, playable, national), reading = _flow(municipality, flow), preview().reading
    picture = drawn(playable, national.flow, parts.level_words(shelf().library, place))
    own = findings.of_kommune(reading.findings, reading.failing, municipality)
    told: dict[str | None, list[findings.Excerpt]] = {}
    for one in findings.excerpts(own, preview().folders, shelf().library.rooms.get(municipality)):
        told.setdefault(one.step if one.flow == flow else None, []).append(one)
    return _page(
        "whole", municipality, place, playable, "alle sider", picture=picture, national=national.flow, told=told
    )


@blueprint.get("/<municipality>/<flow>/forskel")
def differences(municipality: str, flow: str) -> str:
    """What the kommune's flow adds to the national one, and which answers now lead elsewhere."""
    place, playable, national = _flow(municipality, flow)
    called = parts.titles(shelf().library, municipality)
    found = parts.added(playable, national.flow, called)
    try:
        moves = parts.moves(flow_difference(flow, national.flow, playable.flow), called) if found else []
    except TooManyStates:
        return _page("difference", municipality, place, playable, "forskel", added=found, moves=None)
    return _page("difference", municipality, place, playable, "forskel", added=found, moves=moves)


@blueprint.get("/<municipality>/<flow>/historier")
def stories(municipality: str, flow: str) -> str:
    """The national stories as they go in the kommune's flow."""
    place, playable, _ = _flow(municipality, flow)
    found = list(parts.stories(shelf().library, playable))
    return _page("stories", municipality, place, playable, "historier", stories=found)


@blueprint.post("/<municipality>/<flow>/herfra")
def from_here(municipality: str, flow: str) -> AnyResponse:
    """A walk that stands at a step, with the shortest answers that lead there. 303 to its page."""
    _, playable, _ = _flow(municipality, flow)
    return walks.begin_at(municipality, flow, parts.shortest(playable, request.form.get("trin", "")) or {})


def _flow(municipality: str, flow: str) -> tuple[Municipality, Playable, Playable]:
    """A kommune, a flow as it is there, and the national one; 404 where there is none."""
    place = shelf().municipality(municipality) or abort(404)
    return place, shelf().playable(municipality, flow) or abort(404), shelf().library.flows[flow]


def _page(name: str, municipality: str, place: Municipality, playable: Playable, said: str, **more: object) -> str:
    return render_template(
        f"editing/{name}.html",
        municipality_id=municipality,
        municipality=place,
        playable=playable,
        count=len(parts.added(playable, shelf().library.flows[playable.id].flow)),
        title=f"{place.name}, {playable.flow.title}: {said}",
        **more,
    )
