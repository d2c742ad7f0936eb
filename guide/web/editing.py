"""`/redaktion/`: what an editor of a kommune looks at while writing. Only on the server of `guide preview`.

Here: the addresses. Findings with the text around them are put together in `editing_findings.py`, what a kommune wrote
in full in `editing_differences.py`, all else in `editing_parts.py`; reading the folders is `preview.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from guide.flows.finding import Finding
from guide.flows.live import TooManyStates
from guide.library import force
from guide.library.difference import flow_difference
from guide.library.layout import NotWritten
from guide.library.library import NOWHERE, Playable
from guide.library.map import drawn
from guide.library.stamp import still_right as write_day
from guide.model import Municipality
from guide.web import editing_differences as own_words
from guide.web import editing_findings as findings
from guide.web import editing_parts as parts
from guide.web import shelf, walks
from guide.web.preview import MOMENT, moment, preview, reading, real_day
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
    app.jinja_env.filters.update(alone=parts.alone, fours=own_words.fours, story_title=parts.story_title)
    app.jinja_env.globals.update(
        editing=reading,
        busy=lambda: preview().busy,
        failing=lambda: findings.named(reading().failing, shelf().library.municipalities),
        seen_as=lambda: moment(request.cookies.get(MOMENT, "")),
        unapproved=lambda kommune, flow=None: parts.unapproved(shelf().library, kommune, flow),
        outcome_whole=lambda kommune, flow, step: whole(
            kommune, flow, step, force.now().replace(second=0, microsecond=0)
        ),
    )


@blueprint.get("/")
def overview() -> str:
    """The kommuner with files of their own, and everything that was found."""
    now, on = reading(), shelf()
    base = [one for one in now.findings if findings.kommune_of(one) is None]
    return render_template(
        "editing/overview.html",
        kommuner=parts.kommuner(on.library, now.findings, now.failing, on.scope),
        base=findings.excerpts(base, preview().folders),
        flows=on.library.flows,
        where=on.scope or NOWHERE,
        title="Redaktionen",
    )


@blueprint.get("/udgave")
def edition() -> Response:
    """A short text that is another one when the folders were read anew."""
    return Response(reading().edition, content_type="text/plain; charset=utf-8")


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
    library, place = shelf().library, shelf().municipality(municipality)
    found = _found(municipality)
    if place is None and not found:
        abort(404)
    return render_template(
        "editing/kommune.html",
        municipality_id=municipality,
        municipality=place,
        room=library.rooms.get(municipality),
        wrong=municipality in reading().failing,
        found=findings.excerpts(found, preview().folders, library.rooms.get(municipality)),
        flows=parts.flows(library, municipality) if place else [],
        words=own_words.words(library, municipality) if place else "",
        contacts=parts.contacts(library, place) if place else {},
        prints=own_words.prints(library, municipality),
        standing=parts.standing(library, municipality) if place else None,
        message=MESSAGES.get(request.args.get("besked", "")) or request.args.get("hvorfor"),
        title=f"{place.name if place else municipality}: redaktionen",
    )


@blueprint.post("/<municipality>/stemmer")
def still_right(municipality: str) -> AnyResponse:
    """«Stemmer stadig»: the real day is written into the file that a contact, or an own flow, stands in."""
    file, place = request.form.get("fil", ""), tuple(filter(None, request.form.get("sted", "").split("/")))
    standing = parts.standing(shelf().library, municipality) if shelf().municipality(municipality) else None
    known = [(one.file, one.place) for one in standing.kept] if standing else []
    folder = findings.folder_with(file, preview().folders) if (file, place) in known else None
    if folder is None:
        abort(404)
    try:
        write_day(folder, file, place, real_day())
    except NotWritten as error:
        return see_other(url_for("editing.kommune", municipality=municipality, hvorfor=str(error)))
    return see_other(url_for("editing.kommune", municipality=municipality, besked="stemmer", _anchor="kontakter"))


@blueprint.get("/<municipality>/<flow>/kort")
def map_(municipality: str, flow: str) -> str:
    """The flow as a picture, and the same as text."""
    if broken := _broken(municipality, flow):
        return broken
    place, playable, national = _flow(municipality, flow)
    levels, own = parts.level_words(shelf().library, place), parts.added(playable, national.flow)
    picture = drawn(playable, national.flow, levels, parts.marks(own))
    more = {"national": national.flow, "levels": levels, "marks": parts.marks(own)}
    return _page("map", municipality, place, playable, "kort", picture=picture, **more)


@blueprint.get("/<municipality>/<flow>/alt")
def whole(municipality: str, flow: str) -> str:
    """Every page of the flow below each other, with what was found beside the step that it is about."""
    if broken := _broken(municipality, flow):
        return broken
    place, playable, national = _flow(municipality, flow)
    picture = drawn(playable, national.flow, parts.level_words(shelf().library, place))
    told: dict[str | None, list[findings.Excerpt]] = {}
    room = shelf().library.rooms.get(municipality)
    for one in findings.excerpts(_found(municipality), preview().folders, room):
        told.setdefault(one.step if one.flow == flow else None, []).append(one)
    more = {"national": national.flow, "told": told}
    return _page("whole", municipality, place, playable, "alle sider", picture=picture, **more)


@blueprint.get("/<municipality>/<flow>/forskel")
def differences(municipality: str, flow: str) -> str:
    """All that the kommune adds to the national flow, in full, and which answers lead elsewhere for it."""
    if broken := _broken(municipality, flow):
        return broken
    place, playable, national = _flow(municipality, flow)
    library = shelf().library
    called = parts.titles(library, municipality)
    found = parts.added(playable, national.flow, called)
    try:
        moves = parts.moves(flow_difference(flow, national.flow, playable.flow), called) if found else []
    except TooManyStates:
        moves = None
    more = {
        "whole": own_words.whole(library, municipality, playable, national.flow),
        "contacts": parts.contacts(library, place),
    }
    return _page("difference", municipality, place, playable, "forskel", added=found, moves=moves, **more)


@blueprint.get("/<municipality>/<flow>/historier")
def stories(municipality: str, flow: str) -> str:
    """The national stories as they go in the kommune's flow: first those that go another way there."""
    if broken := _broken(municipality, flow):
        return broken
    place, playable, _ = _flow(municipality, flow)
    found = sorted(parts.stories(shelf().library, playable), key=lambda story: not story.touched)
    return _page("stories", municipality, place, playable, "historier", stories=found)


@blueprint.post("/<municipality>/<flow>/herfra")
def from_here(municipality: str, flow: str) -> AnyResponse:
    """A walk that stands at a step, with the shortest answers that lead there. 303 to its page."""
    _, playable, _ = _flow(municipality, flow)
    return walks.begin_at(municipality, flow, parts.shortest(playable, request.form.get("trin", "")) or {})


def _found(municipality: str) -> list[Finding]:
    """What was found in the files of a kommune; errors first."""
    return findings.of_kommune(reading().findings, reading().failing, municipality)


def _broken(municipality: str, flow: str) -> str | None:
    """The page instead, for a kommune whose files have errors and of which there is nothing from before; else None."""
    library = shelf().library
    if municipality not in reading().failing or municipality in library.rooms or flow not in library.flows:
        return None
    place = shelf().municipality(municipality)
    return render_template(
        "editing/broken.html",
        municipality_id=municipality,
        municipality=place,
        found=findings.excerpts(_found(municipality), preview().folders),
        title=f"{place.name if place else municipality}: filerne har fejl",
    )


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
        prints=own_words.prints(shelf().library, municipality, playable),
        words=own_words.words(shelf().library, municipality),
        title=f"{place.name}, {playable.flow.title}: {said}",
        **more,
    )
