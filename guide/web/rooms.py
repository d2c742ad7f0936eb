"""A participant's side of a temadag: join, walk the live flow as practice, or answer; wait; answer again.

Everything here is practice and says so. Nothing is counted: no page of this file knows the counting. Not here: what
the trainer does (`temadag.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from flask import Blueprint, Response, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from guide.db import DatabaseError
from guide.flows.proof import here
from guide.flows.walk import Walk, WalkError
from guide.library.library import Playable
from guide.training.codes import new_secret, typed
from guide.training.session import LONGEST, Round, Session, Stage
from guide.training.store import Full, Gone, Sealed
from guide.training.votes import OTHERS, TABLE, Kind, Vote
from guide.web import shelf
from guide.web.practice_cookie import PracticeSeal, Seated
from guide.web.redirects import see_other
from guide.web.results import groups, level_words, parents_words, signs
from guide.web.temadag import away, network, noticed, rooms, tagged, titled, told
from guide.web.walk_cookie import Unreadable
from guide.web.walks import now as clock

blueprint = Blueprint("rooms", __name__, url_prefix="/ov")

blueprint.register_error_handler(DatabaseError, away)

COOKIE = "ov"


@dataclass(frozen=True)
class Here:
    """A phone in its session: its seat and faggruppe, and the rounds it has answered or passed."""

    session: Session
    seated: Seated
    group: str
    answered: set[int] = field(default_factory=set)
    passed: set[int] = field(default_factory=set)

    @property
    def done(self) -> set[int]:
        """Rounds in which nothing is waited for from this phone."""
        return self.answered | self.passed

    @property
    def flow(self) -> str:
        """The flow of its faggruppe; empty where there is none, and one is chosen."""
        return self.group if self.group in shelf().library.flows else ""


class Elsewhere(Exception):
    """The phone is not where it should be; `response` leads on."""

    def __init__(self, response: AnyResponse) -> None:
        self.response = response


@blueprint.errorhandler(Elsewhere)
def lead_on(error: Elsewhere) -> AnyResponse:
    """The page that fits instead."""
    return error.response


@blueprint.get("/")
def ask_code() -> AnyResponse | str:
    """Type the code; the form comes back here with it."""
    if "kode" not in request.args:
        return _code_page()
    code = typed(request.args["kode"])
    return see_other(url_for("rooms.now", code=code)) if code else _unknown(request.args["kode"])


def _code_page(error: str | None = None, said: str = "") -> str:
    return render_template("training/code.html", title="Øvelse: skriv koden", error=error, said=said[:20])


def _unknown(said: str) -> AnyResponse:
    rooms().brake.count(network())
    return Response(
        _code_page("Koden passer ikke til en temadag, der er i gang. Se på væggen, og prøv igen.", said), 404
    )


def _seated(code: str) -> Seated | None:
    """This phone's seat in the session, by its cookie."""
    try:
        found = _seal().open(request.cookies.get(_name(), ""), clock())
    except Unreadable:
        return None
    return found if found.code == code else None


def _seal() -> PracticeSeal:
    return rooms().seal


def _name() -> str:
    return f"__Secure-{COOKIE}" if request.is_secure else COOKIE


def _keep(response: AnyResponse, seated: Seated) -> AnyResponse:
    response.set_cookie(
        _name(), _seal().close(seated, clock()), max_age=LONGEST, path="/ov/", secure=request.is_secure,
        httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _here(code: str) -> Here:
    """This phone in the session of the code. Raises Elsewhere."""
    found = typed(code)
    if found is None:
        raise Elsewhere(_unknown(code))
    if found != code:
        raise Elsewhere(see_other(url_for("rooms.now", code=found)))
    seated = _seated(code)
    if seated is None and rooms().brake.holds(network()):
        page = _code_page("Der er prøvet for mange forkerte koder. Vent et minut, og prøv igen.", code)
        raise Elsewhere(Response(page, 429, {"Retry-After": "60"}))
    try:
        session, group, answered, passed = rooms().store.seen_from(code, seated.seat if seated else "")
    except Gone:
        if seated is None:
            raise Elsewhere(_unknown(code)) from None
        over = Response(render_template("training/over.html", title="Øvelsen er slut"), 404)
        raise Elsewhere(_keep(over, Seated(code, new_secret()))) from None  # the answers go from the phone too
    if seated is None or group is None:
        if request.method == "POST" and request.endpoint == "rooms.join":
            return Here(session, seated or Seated(code, new_secret()), "")
        raise Elsewhere(_sealed_page() if session.sealed else Response(_join_page(code)))
    return Here(session, seated, group, answered, passed)


def _join_page(code: str, error: str | None = None) -> str:
    flows = shelf().library.flows
    return render_template(
        "training/join.html",
        title="Øvelse: vælg dit fag",
        code=code,
        flows=flows,
        others=OTHERS,
        table=TABLE,
        error=error,
    )


def _sealed_page() -> Response:
    return Response(render_template("training/sealed.html", title="Øvelse: der er lukket for nye telefoner"), 403)


@blueprint.get("/<code>/")
def slashed(code: str) -> AnyResponse:
    """Typed with a slash: on to the room."""
    return see_other(url_for("rooms.now", code=code))


@blueprint.get("/<code>")
def now(code: str) -> str | AnyResponse:
    """What there is to do for this phone now."""
    here = _here(code)
    if "skift" in request.args and not here.answered:
        return _join_page(code)
    number, one = _current(here)
    shown = _common(code, here) | {"number": number, "round": one, "fixed": "skift" in request.args}
    if one is None or number is None:
        on = here.session.on
        missed = on is not None and on not in here.done
        return render_template("training/wait.html", title="Øvelse", stage=_stage(here.session), missed=missed, **shown)
    if here.session.free and "runde" not in request.args:
        return render_template("training/choose.html", title="Øvelse", **shown)
    if number in here.done and "ret" not in request.args:
        return render_template("training/wait.html", title="Øvelse", stage="faerdig", **shown)
    library = shelf().library
    flows = {here.flow: library.flows[here.flow]} if here.flow else library.flows
    case = library.cases.get(one.case)
    waits = one.kind is Kind.walk and bool(here.flow)  # nothing to choose: it may change by itself
    if not waits:
        shown |= {"version": one.stage.value}
    return render_template(
        "training/ask.html",
        waits=waits,
        title="Øvelse",
        words=_words(one),
        flows=flows,
        nearest=case.flow if case and case.flow in flows else None,
        begun=_begun(here, number),
        walk=Kind.walk,
        **shown,
    )


def _begun(here: Here, number: int) -> bool:
    """Whether this phone is on its way through a practice walk of the round."""
    return here.seated.round == number and bool(here.seated.answers) and number not in here.done


def _current(here: Here) -> tuple[int | None, Round | None]:
    """The round this phone should answer: the one it asks for, else the first open one that waits for it."""
    opened = here.session.opened
    number = _number(request.args.get("runde", ""))
    if number in opened:
        return number, opened[number]
    left = [number for number in opened if number not in here.done] or list(opened)
    return (left[0], opened[left[0]]) if left else (None, None)


def _stage(session: Session) -> str:
    if session.round and session.round.stage is Stage.shown:
        return "vist"
    return "lukket" if session.round else "sag" if session.case else "start"


def _common(code: str, here: Here) -> dict[str, object]:
    session = here.session
    return {
        "code": code,
        "session": session,
        "version": session.stamp,
        "group": groups(shelf().library).get(here.group, here.group),
        "answered": here.answered,
        "passed": here.passed,
        "titled": lambda case: titled(session, case),
        "noticed": lambda case: noticed(session, case),
        "case_text": lambda case: told(session, case),
    }


def _words(one: Round) -> dict[str, str]:
    """The answers to choose from; {} of a walk."""
    library = shelf().library
    if one.kind is Kind.level:
        return level_words(library)
    if one.kind is Kind.parents:
        return parents_words(library)
    return signs(library, one.case) if one.kind is Kind.sign else {}


@blueprint.get("/<code>/stand")
def standing(code: str) -> AnyResponse:
    """Whether there is something new for a phone that waits, or for one that is busy with a round; 304 while not."""
    session, number = _here(code).session, _number(request.args.get("runde", ""))
    version = session.rounds[number].stage.value if 0 <= number < len(session.rounds) else session.stamp
    return tagged(version, {"version": version})


@blueprint.post("/<code>")
def join(code: str) -> AnyResponse | tuple[str, int]:
    """Take a seat with a faggruppe."""
    here = _here(code)
    group = request.form.get("faggruppe", "")
    if group not in (*shelf().library.flows, OTHERS, TABLE):
        return _join_page(code, "Vælg det fag, der passer bedst."), 422
    try:
        rooms().store.join(code, here.seated.seat, group)
    except Sealed:
        return _sealed_page()
    except Full:
        return _join_page(code, "Rummet er fyldt. Gå sammen med en anden om en telefon."), 503
    except Gone:
        abort(404)
    return _keep(see_other(url_for("rooms.now", code=code)), Seated(code, here.seated.seat))


@blueprint.post("/<code>/svar")
def answer(code: str) -> AnyResponse:
    """A direct answer to a round."""
    here = _here(code)
    number, one = _asked(here.session)
    chosen = request.form.get("svar", "")
    if one is None or one.kind is Kind.walk or chosen not in _words(one):
        return see_other(url_for("rooms.now", code=code))
    _vote(code, number, here.seated, Vote(here.group, "", chosen))
    return _back(code, here, number)


@blueprint.post("/<code>/over")
def skip(code: str) -> AnyResponse:
    """Passes a round, or takes an answer back while it is open. To the room it is done, as with an answer."""
    here = _here(code)
    number, one = _asked(here.session)
    if one is not None:
        _vote(code, number, here.seated, None)
    return _back(code, here, number)


def _back(code: str, here: Here, number: int) -> AnyResponse:
    return see_other(url_for("rooms.now", code=code, runde=number if here.session.free else None))


def _asked(session: Session) -> tuple[int, Round | None]:
    number = _number(request.form.get("runde", ""))
    return number, session.opened.get(number)


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) < 4 else -1


def _vote(code: str, number: int, seated: Seated, vote: Vote | None) -> None:
    try:
        rooms().store.vote(code, number, seated.seat, vote)  # closed meanwhile: the next page says so
    except Gone:
        abort(404)


@blueprint.post("/<code>/begynd")
def begin(code: str) -> AnyResponse:
    """A practice walk begins, in the flow of the faggruppe, or in one that a mixed table chooses."""
    here = _here(code)
    number, one = _asked(here.session)
    flow = here.flow or request.form.get("flow", "")
    if one is None or one.kind is not Kind.walk or shelf().playable(here.session.kommune, flow) is None:
        return see_other(url_for("rooms.now", code=code))
    begun = replace(here.seated, round=number, flow=flow, answers={})
    return _keep(see_other(url_for("rooms.step", code=code, n=1)), begun)


@blueprint.route("/<code>/<int:n>", methods=["GET", "POST"])
def step(code: str, n: int) -> AnyResponse | tuple[str, int] | str:
    """Position n of a practice walk; at its outcome the room gets the vote."""
    here = _here(code)
    session, seated = here.session, here.seated
    playable = shelf().playable(session.kommune, seated.flow)
    if playable is None or seated.round not in session.opened or here.flow not in ("", seated.flow):
        late = 0 <= seated.round < len(session.rounds) and seated.round not in here.done
        return see_other(url_for("rooms.now", code=code, sent=1 if late and session.free else None))
    walk = Walk(playable.flow, playable.machine, seated.answers)
    shown = _common(code, here) | {"number": seated.round, "version": Stage.open.value}
    case = session.rounds[seated.round].case
    if request.method == "GET":
        if not 1 <= n <= len(walk.path):
            return see_other(url_for("rooms.step", code=code, n=len(walk.path)))
        return _page(playable, walk, n, shown, case)
    if not 1 <= n <= len(walk.path) or walk.path[n - 1] != request.form.get("trin", ""):
        return see_other(url_for("rooms.step", code=code, n=len(walk.path)))
    try:
        after = walk.answer(walk.path[n - 1], request.form.getlist("svar"))
    except WalkError as error:
        return _page(playable, walk, n, shown, case, str(error)), 422
    if after.outcome is not None:
        path = tuple((given.step, given.chosen) for given in after.answered)
        end = after.outcome
        vote = Vote(here.group, playable.id, "", end.level, end.parents, after.current, path)
        _vote(code, seated.round, seated, vote)
    went = replace(seated, answers=after.on_path)
    return _keep(see_other(url_for("rooms.step", code=code, n=len(after.path))), went)


def _page(playable: Playable, walk: Walk, n: int, shown: dict[str, object], case: str, error: str | None = None) -> str:
    """The page of position n: a question, or what the walk came to."""
    name = walk.path[n - 1]
    common = {"playable": playable, "walk": walk, "position": n, "step": name, "case": case, "title": "Øvelse"}
    if name in playable.flow.outcomes:
        outcome = playable.flow.outcomes[name]
        return render_template("training/outcome.html", outcome=outcome, **common, **shown)
    before = {one.step: one.chosen for one in walk.answered[: n - 1]}
    state = here(playable.proof, name, before) if playable.proof else None
    return render_template(
        "training/question.html",
        question=playable.flow.questions[name],
        chosen=walk.on_path.get(name, ()),
        at_most=n - 1 + playable.proof.remaining[state] if playable.proof and state else None,
        error=error,
        **common,
        **shown,
    )
