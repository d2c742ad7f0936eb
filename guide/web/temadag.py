"""The trainer's side of a temadag: start, the page one steers from, the wall, and the end.

The secret link is used once: it sets a cookie and leads on, since the address is seen on the wall. Every action carries
a token that only this cookie's owner can know. Not here: what participants see (`rooms.py`), the material
(`material.py`), and what a session may do (`guide/training`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import segno
from flask import Blueprint, Flask, Response, abort, current_app, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from guide.db import DatabaseError
from guide.library.library import NOWHERE
from guide.training import session as sessions
from guide.training.brake import Brake
from guide.training.codes import typed
from guide.training.session import LONGEST, OWN, Move, Refused, Session
from guide.training.store import MOST, Full, Gone, State, Store
from guide.training.votes import Kind
from guide.web import shelf
from guide.web.material import programme_of
from guide.web.own_case import LARGEST, LONGEST_NOTICE, refused, tidied
from guide.web.practice_cookie import PracticeSeal
from guide.web.redirects import see_other
from guide.web.result_sheet import result_sheet
from guide.web.results import revealed, signs
from guide.web.walks import now

blueprint = Blueprint("temadag", __name__, url_prefix="/temadag")

log = logging.getLogger("guide")

CASES = 6
"""Cases in one session at most: a temadag has time for two or three."""

STARTS = 30
"""Sessions that can begin from one network in a minute: there are 200 in all."""

KINDS = {
    Kind.walk: "Gå guiden igennem",
    Kind.level: "Hvilket niveau?",
    Kind.parents: "Forældrene først?",
    Kind.sign: "Hvilket tegn vejer mest?",
}
"""What is asked, as the trainer's buttons say it."""


@dataclass
class Rooms:
    """What the pages of temadage need, one for a process and not for each application: sessions, and the brake."""

    store: Store
    seal: PracticeSeal
    brake: Brake = field(default_factory=Brake)
    starts: Brake = field(default_factory=lambda: Brake(each=STARTS, all=MOST))


@lru_cache
def _rooms(data: Path, url: str | None, keys: tuple[str, ...]) -> Rooms:
    return Rooms(Store(data, url), PracticeSeal(keys))


def install(app: Flask, data: Path, url: str | None, keys: tuple[str, ...]) -> None:
    """Templates ask `grouped` for a code as it is read aloud. Sessions that are over go from the first request on."""
    app.extensions["guide.rooms"] = found = _rooms(data, url, keys)
    app.before_request(found.store.watch)
    app.before_request(found.brake.forget)
    app.before_request(found.starts.forget)
    app.jinja_env.filters["unlinked"] = unlinked
    app.jinja_env.filters["grouped"] = lambda code: f"{code[:3]} {code[3:]}"


def unlinked(html: str) -> Markup:
    """A text without its links: in practice nothing leads to a number that rings, nor out of the room."""
    return Markup(re.sub(r"</?a\b[^>]*>", "", html))


def rooms() -> Rooms:
    """Those of the running application."""
    found: Rooms = current_app.extensions["guide.rooms"]
    return found


@blueprint.errorhandler(DatabaseError)
def away(error: DatabaseError) -> tuple[str, int]:
    """Sessions cannot be reached; all other pages can."""
    log.error("%s in %s", type(error).__name__, request.url_rule)
    code = (request.view_args or {}).get("code")
    page, start = (
        ("rooms.now", "rooms.ask_code") if request.blueprint == "rooms" else ("temadag.steer", "temadag.start")
    )
    again = url_for(page, code=code) if code else url_for(start)
    return render_template("training/away.html", title="Øvelse", again=again), 503


@blueprint.get("/")
def start() -> str:
    """Choose cases and begin."""
    return _start()


def _programmed() -> tuple[str, ...]:
    """The cases of the programme, in its order."""
    found = programme_of(shelf().library)
    return found.cases if found else ()


def _start(error: str | None = None) -> str:
    wanted = "program" in request.args
    by_flow = {name: [] for name in shelf().library.flows}  # type: dict[str, list[tuple[str, str]]]
    for name, case in shelf().library.cases.items():
        by_flow.setdefault(case.flow, []).append((name, case.title))
    return render_template(
        "training/start.html",
        title="Temadag",
        by_flow=by_flow,
        flows=shelf().library.flows,
        choices=shelf().choices,
        nowhere=NOWHERE,
        error=error,
        programme=[shelf().library.cases[name].title for name in _programmed()] if wanted else [],
        chosen=set(request.form.getlist("case") if request.method == "POST" else _programmed() if wanted else ()),
        own=request.form.get("egen", ""),
        about=request.form.get("handler", ""),
        longest_about=LONGEST_NOTICE,
        kommune=request.form.get("kommune", shelf().scope or NOWHERE),
        largest=LARGEST,
    )


@blueprint.post("/")
def begin() -> AnyResponse | tuple[str, int]:
    """A session begins; 303 to its secret link. Cases of the programme come first and in its order."""
    chosen = [name for name in dict.fromkeys(request.form.getlist("case")) if name in shelf().library.cases]
    order = _programmed()
    chosen.sort(key=lambda name: order.index(name) if name in order else len(order))
    own, about = tidied(request.form.get("egen", "")), " ".join(tidied(request.form.get("handler", "")).split())
    about = about.rstrip(".")
    if error := _wrong(chosen, own, about):
        return _start(error), 422
    if rooms().starts.holds(network()):
        return _start("Der er begyndt mange temadage fra jeres net. Vent et minut, og prøv igen."), 429
    rooms().starts.count(network())
    kommune = request.form.get("kommune", NOWHERE)
    if not shelf().municipality(kommune):
        kommune = shelf().scope or NOWHERE
    cases = (*chosen, *((OWN,) if own else ()))
    try:
        code, secret = rooms().store.create(Session(cases, now() + LONGEST, kommune, own, about=about if own else ""))
    except Full:
        return _start("Der er for mange temadage i gang lige nu. Prøv igen om lidt."), 503
    return see_other(url_for("temadag.enter", code=code, secret=secret))


def _wrong(chosen: list[str], own: str, about: str) -> str | None:
    if not chosen and not own:
        return "Vælg mindst én sag."
    if len(chosen) + bool(own) > CASES:
        return f"Vælg højst {CASES} sager."
    return refused(own, about)


def network() -> str:
    """Whose address it is, as far as anybody knows; behind a proxy on this machine it is what that says."""
    address = request.remote_addr or ""
    if address in ("127.0.0.1", "::1", ""):
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return address


@blueprint.get("/<code>/t/<secret>")
def enter(code: str, secret: str) -> AnyResponse:
    """The secret link: a cookie, and on to the page one steers from."""
    if typed(code) != code or not rooms().store.led_by(code, secret):
        abort(404)
    response = see_other(url_for("temadag.steer", code=code))
    response.set_cookie(
        _cookie(code), secret, max_age=LONGEST, path=f"/temadag/{code}", secure=request.is_secure,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _cookie(code: str) -> str:
    return f"__Secure-temadag-{code}" if request.is_secure else f"temadag-{code}"


def _led(code: str) -> str:
    """The trainer's secret; 404 for everybody else, as if there were no such session."""
    secret = request.cookies.get(_cookie(code), "")
    if not secret or typed(code) != code or not rooms().store.led_by(code, secret):
        abort(404)
    return secret


def _state(code: str) -> State:
    try:
        return rooms().store.state(code)
    except Gone:
        abort(404)


def _token(secret: str) -> str:
    """What only the owner of the secret can send along; it does not tell the secret."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()[:32]


@blueprint.get("/<code>/")
def steer(code: str) -> str:
    """The page that the trainer steers from."""
    secret = _led(code)
    return _steer(code, secret)


def _steer(code: str, secret: str, error: str | None = None) -> str:
    state = _state(code)
    return render_template(
        "training/steer.html",
        title="Styr temadagen",
        error=error,
        link=_outside(url_for("temadag.enter", code=code, secret=secret)),
        **_shown(code, secret, state),
    )


def _shown(code: str, secret: str, state: State) -> dict[str, object]:
    on, library = state.session, shelf().library
    step, other = sessions.onward(on), sessions.aside(on)
    after = on.cases[step[1]] if step and step[0] is Move.put else None
    return {
        "code": code,
        "token": _token(secret),
        "state": state,
        "session": on,
        "cases": [titled(on, name) for name in on.cases],
        "case": library.cases.get(on.case or ""),
        "own": told(on, OWN),
        "case_title": titled(on, on.case) if on.case else None,
        "kinds": {kind: said for kind, said in KINDS.items() if kind is not Kind.sign or signs(library, on.case)},
        "onward": step,
        "onward_said": said(on, step) if step else None,
        "aside": other,
        "aside_said": said(on, other) if other else None,
        "done": step is None and not on.opened,
        "next_notice": noticed(on, after),
        "notice": noticed(on, on.case),
        "noticed": lambda case: noticed(on, case),
        "result": revealed(shelf(), on, rooms().store, code) if on.round and on.round.stage == "vist" else None,
        "join": _outside(url_for("rooms.now", code=code)),
        "short": f"{request.host}{url_for('rooms.now', code=code)}",
        "qr": _qr(_outside(url_for("rooms.now", code=code))),
    }


def titled(session: Session, case: str) -> str:
    """The title of a case."""
    found = shelf().library.cases.get(case)
    return found.title if found else "Jeres egen sag"


def noticed(session: Session, case: str | None) -> str:
    """What a case is about, in a few words, to be said before it is read; empty where a trainer said nothing."""
    found = shelf().library.cases.get(case or "")
    return found.notice if found else session.about if case == OWN else ""


def told(session: Session, case: str) -> Markup:
    """The text of a case. A trainer's own one is plain paragraphs: what reads Markdown keeps in mind what it read."""
    found = shelf().library.cases.get(case)
    if found:
        return Markup(current_app.jinja_env.filters["md"](found.text))
    parts = [part.splitlines() for part in re.split(r"\n\s*\n", session.own)]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(lines)) for lines in parts)


def said(session: Session, step: tuple[Move, int, Kind]) -> str:
    """What a button says that goes on."""
    what, number, kind = step
    if what is Move.put:
        return f"Vis sag {number + 1}"
    if what is Move.ask:
        again = bool(session.of(session.case, kind))
        return "Svar igen efter snakken" if again else KINDS[kind]
    if what is Move.show and session.free:
        return f"Vis svarene: {titled(session, session.rounds[number].case)}"
    return "Luk for svar" if what is Move.close else "Vis svarene"


def _outside(path: str) -> str:
    return f"{request.scheme}://{request.host}{path}"


@lru_cache(maxsize=64)
def _qr(address: str) -> Markup:
    """A QR code as a drawing of its own; no style in it, which the policy forbids."""
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(svgclass=None, lineclass=None, omitsize=True, border=2)
    return Markup(drawn.replace("<svg", '<svg class="qr" role="img" aria-label="QR-kode til rummet"', 1))


@blueprint.get("/<code>/vaeg")
def wall(code: str) -> str:
    """What everybody sees on the wall."""
    secret = _led(code)
    return render_template("training/wall.html", title="Temadag", **_shown(code, secret, _state(code)))


@blueprint.get("/<code>/stand")
def standing(code: str) -> AnyResponse:
    """How far it is and how many are done, for pages that ask again and again; 304 while nothing is new."""
    _led(code)
    state = _state(code)
    done = state.done.get(state.session.on, 0) if state.session.on is not None else None
    told = {"version": state.version, "seats": state.seats, "answered": done, "rounds": state.done}
    return tagged(state.stamp, told)


def tagged(stamp: str, told: Mapping[str, object]) -> AnyResponse:
    """An answer as JSON with an ETag; empty where the asker has it already."""
    response = Response(json.dumps(told), mimetype="application/json")
    response.set_etag(stamp)
    return response.make_conditional(request)


@blueprint.post("/<code>/goer")
def do(code: str) -> AnyResponse | tuple[str, int]:
    """One thing the trainer does; 303 back to where it was done."""
    secret = _led(code)
    if not hmac.compare_digest(request.form.get("csrf_token", "").encode(), _token(secret).encode()):
        abort(403)
    wanted, number = request.form.get("goer", ""), request.form.get("nummer", "0")
    back = "temadag.wall" if request.form.get("fra") == "vaeg" else "temadag.steer"
    if wanted == "slut":
        rooms().store.end(code)
        response = see_other(url_for("temadag.ended"))
        response.delete_cookie(_cookie(code), path=f"/temadag/{code}", secure=request.is_secure, httponly=True)
        return response
    try:
        what, kind = Move(wanted), Kind(request.form.get("hvad", Kind.walk))
        rooms().store.change(code, lambda one: sessions.act(one, what, int(number), kind))
    except Refused as error:
        if back == "temadag.wall":  # pressed twice; the page one steers from is not for the wall
            return see_other(url_for(back, code=code))
        return _steer(code, secret, str(error)), 422
    except Gone:
        abort(404)
    except ValueError:
        abort(400)
    return see_other(url_for(back, code=code))


@blueprint.get("/<code>/resultat.pdf")
def sheet(code: str) -> AnyResponse:
    """What was shown on the wall, to take home."""
    _led(code)
    session = _state(code).session
    return result_sheet(shelf(), session, rooms().store, code, KINDS, lambda case: titled(session, case))


@blueprint.get("/slut")
def ended() -> str:
    """All is deleted."""
    return render_template("training/ended.html", title="Temadagen er slut")
