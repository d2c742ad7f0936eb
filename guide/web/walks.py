"""A walk on the web: start, one view for all steps, the child's kommune, leave.

Effects are here, in the order they happen.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from guide.flows.proof import here
from guide.flows.rules import Answers
from guide.flows.walk import Walk, WalkError
from guide.library.library import Own, Playable
from guide.usage.counters import Place, answered, begun
from guide.web import shelf
from guide.web.redirects import see_other
from guide.web.text import address
from guide.web.walk_cookie import RENEW, Ticket, Unreadable, new_ticket

blueprint = Blueprint("walks", __name__)

MESSAGES = {
    "andet-vindue": "Dine svar blev ændret i et andet vindue. Her er du nået til nu.",
    "aendret": "Vejledningen er ændret, siden du begyndte. Dine svar er gået igennem igen.",
    "andet-forloeb": "Du har et forløb i gang et andet sted. Begynder du her, bliver det slettet.",
    "anden-kommune": "Vælg en kommune på listen.",
    "udloebet": "Dit forløb er slettet, fordi der gik for lang tid. Du kan begynde igen.",
}
"""What a redirect may say on the next page, by the word in `?besked=`."""


def now() -> int:
    """Seconds since 1970; one place, so that tests can turn the clock."""
    return int(time.time())


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers accept it only by https."""
    return "__Host-walk" if request.is_secure else "walk"


@blueprint.post("/<municipality>/<flow>/start")
def start(municipality: str, flow: str) -> AnyResponse:
    """Always a new walk with no answers; 303 to the first step."""
    playable = shelf().playable(municipality, flow) or abort(404)
    ticket = new_ticket(municipality, flow, shelf().library.digest, now())
    walk = Walk(playable.flow, playable.machine, {})
    response = _go(ticket, walk)
    shelf().counting.record(lambda: begun(_place(ticket, playable), walk, ticket.key, now()))
    return response


def begin_at(municipality: str, flow: str, answers: Answers) -> AnyResponse:
    """A new walk that has been answered so far; 303 to the step that it stands at. Nothing is counted."""
    playable = shelf().playable(municipality, flow) or abort(404)
    ticket = replace(new_ticket(municipality, flow, shelf().library.digest, now()), answers=answers)
    return _go(ticket, Walk(playable.flow, playable.machine, answers))


@blueprint.route("/<municipality>/<flow>/<int:n>", methods=["GET", "POST"])
def step(municipality: str, flow: str, n: int) -> AnyResponse | tuple[str, int]:
    """Position n of a walk: show its question or outcome, or take an answer to it."""
    playable = shelf().playable(municipality, flow) or abort(404)
    try:
        ticket, age = _ticket(municipality, flow)
    except Unreadable:
        return _lost(municipality, flow)
    g.home = home(ticket)
    walk = Walk(playable.flow, playable.machine, ticket.answers)
    changed = ticket.digest != shelf().library.digest
    if request.method == "POST":
        return _answer(playable, ticket, walk, n)
    if not 1 <= n <= len(walk.path):
        return _go(ticket, walk)
    message = MESSAGES["aendret"] if changed else MESSAGES.get(request.args.get("besked", ""))
    response = Response(_page(playable, ticket, walk, n, message=message))
    if age > RENEW or changed:
        _seal(response, replace(ticket, digest=shelf().library.digest), walk)
    return response


@blueprint.post("/<municipality>/<flow>/barnets-kommune")
def choose_home(municipality: str, flow: str) -> AnyResponse | tuple[str, int]:
    """The kommune of the child is kept for this walk; the workplace's own takes it away. 303 to the present step."""
    playable = shelf().playable(municipality, flow) or abort(404)
    try:
        ticket, _ = _ticket(municipality, flow)
    except Unreadable:
        return _lost(municipality, flow)
    walk = Walk(playable.flow, playable.machine, ticket.answers)
    if request.form.get("forloeb", ticket.tag) != ticket.tag:
        return _go(ticket, walk, "andet-vindue")
    chosen = request.form.get("kommune", "")
    if chosen != municipality and chosen not in shelf().homes:
        g.home = home(ticket)
        return _page(playable, ticket, walk, len(walk.path), message=MESSAGES["anden-kommune"]), 422
    return _go(replace(ticket, home=chosen if chosen != municipality else None), walk)


def home(ticket: Ticket) -> str | None:
    """The child's kommune where a walk has one that the guide still knows and that is not the workplace's."""
    return ticket.home if ticket.home != ticket.municipality and ticket.home in shelf().homes else None


def _answer(playable: Playable, ticket: Ticket, walk: Walk, n: int) -> AnyResponse | tuple[str, int]:
    """Refuse what does not fit this walk at this position; else save and go on."""
    step = request.form.get("trin", "")
    tag = ticket.tag
    if request.form.get("forloeb", tag) != tag or not 1 <= n <= len(walk.path) or walk.path[n - 1] != step:
        return _go(ticket, walk, "andet-vindue")
    try:
        after = walk.answer(step, request.form.getlist("svar"))
    except WalkError as error:
        return _page(playable, ticket, walk, n, error=str(error)), 422
    first, reached = not ticket.reached, ticket.reached or after.outcome is not None
    response = _go(replace(ticket, answers=after.answers, reached=reached), after)
    shelf().counting.record(
        lambda: answered(_place(ticket, playable), walk, after, step, ticket.key, now(), first=first)
    )
    return response


def _place(ticket: Ticket, playable: Playable) -> Place:
    """Where a walk is counted, and what of it is the kommune's own."""
    municipality = shelf().municipality(ticket.municipality)
    example = bool(municipality and municipality.example)
    outcomes, steps = playable.flow.outcomes, playable.steps if isinstance(playable, Own) else ()
    own = {step: outcomes[step].as_ if step in outcomes else None for step in steps}
    counted = shelf().library.geography.counted_as(ticket.municipality)
    return Place(counted, ticket.flow, example, shelf().scope is not None, own)


def _page(
    playable: Playable, ticket: Ticket, walk: Walk, n: int, message: str | None = None, error: str | None = None
) -> str:
    """The page of position n: an outcome, or a question with the answer given there before, if any."""
    name = walk.path[n - 1]
    shown: dict[str, Any] = {
        "municipality_id": ticket.municipality,
        "municipality": shelf().municipality(ticket.municipality),
        "playable": playable,
        "walk": walk,
        "position": n,
        "step": name,
        "message": message,
        "tag": ticket.tag,
        "home": home(ticket),
        "title": "Bekymringsguiden",
    }
    if name in playable.flow.outcomes:
        return render_template("walks/outcome.html", outcome=playable.flow.outcomes[name], **shown)
    before = {a.step: a.chosen for a in walk.answered[: n - 1]}
    proof = playable.proof
    state = here(proof, name, before) if proof else None
    return render_template(
        "walks/question.html",
        question=playable.flow.questions[name],
        chosen=walk.on_path.get(name, ()) if error is None else tuple(request.form.getlist("svar")),
        at_most=n - 1 + proof.remaining[state] if proof and state else None,
        error=error,
        **shown,
    )


def _ticket(municipality: str, flow: str) -> tuple[Ticket, int]:
    """The ticket of this walk and the age of its seal. Raises Unreadable, also for another walk's cookie."""
    ticket, age = shelf().seal.open(request.cookies.get(cookie_name(), ""), now())
    if (ticket.municipality, ticket.flow) != (municipality, flow):
        raise Unreadable
    return ticket, age


def home_under_way(municipality: str) -> str | None:
    """The child's kommune of the visitor's living walk in a kommune, for pages one looks up under way."""
    try:
        ticket, _ = shelf().seal.open(request.cookies.get(cookie_name(), ""), now())
    except Unreadable:
        return None
    return home(ticket) if ticket.municipality == municipality else None


def under_way() -> str | None:
    """The address of the present step of the visitor's living walk, for pages one looks up under way."""
    try:
        ticket, _ = shelf().seal.open(request.cookies.get(cookie_name(), ""), now())
    except Unreadable:
        return None
    playable = shelf().playable(ticket.municipality, ticket.flow)
    if playable is None:
        return None
    walk = Walk(playable.flow, playable.machine, ticket.answers)
    return url_for("walks.step", municipality=ticket.municipality, flow=ticket.flow, n=len(walk.path))


def _lost(municipality: str, flow: str) -> AnyResponse | tuple[str, int]:
    """No walk here: to the landing page, or on a post the same way on as a page."""
    held, elsewhere = cookie_name() in request.cookies, under_way()
    if request.method == "POST":
        response = Response(
            render_template(
                "errors/lost.html",
                elsewhere=elsewhere,
                municipality_id=municipality,
                municipality=shelf().municipality(municipality),
                flow_id=flow,
                title="Bekymringsguiden",
            ),
            422,
        )
    else:
        besked = "andet-forloeb" if elsewhere else "udloebet" if held else None
        response = see_other(url_for("pages.landing", municipality=municipality, flow=flow, besked=besked))
    if held and not elsewhere:  # a living walk in another flow or kommune is left alone
        forget(response)
    return response


def _go(ticket: Ticket, walk: Walk, message: str | None = None) -> AnyResponse:
    """303 to the present step: the first without an answer, else the outcome."""
    target = address("walks.step", municipality=ticket.municipality, flow=ticket.flow, n=len(walk.path), besked=message)
    response = see_other(target)
    _seal(response, ticket, walk)
    return response


def _seal(response: AnyResponse, ticket: Ticket, walk: Walk) -> None:
    response.set_cookie(
        cookie_name(),
        shelf().seal.close(ticket, walk.on_path, now()),
        max_age=None,  # ends with the browser; the seal itself ends after IDLE
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )


def forget(response: AnyResponse) -> None:
    """Delete the walk cookie."""
    response.delete_cookie(cookie_name(), path="/", secure=request.is_secure, httponly=True, samesite="Lax")


@blueprint.post("/forlad")
def leave() -> AnyResponse:
    """«Forlad siden»: delete the walk, clear what the browser kept, and go to a neutral page."""
    response = see_other(url_for("pages.farewell"))
    forget(response)
    # Never "cookies": that would clear the kommune's whole domain.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
