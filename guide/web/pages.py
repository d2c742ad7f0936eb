"""The pages around the walk: front, kommune, landing, contacts, law, signs, standing texts."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from guide.library import force
from guide.library.library import NOWHERE, Library
from guide.library.quality import PROVEN, measured
from guide.model import Act, LawRef
from guide.web import shelf
from guide.web.redirects import see_other
from guide.web.walks import MESSAGES, home_under_way

blueprint = Blueprint("pages", __name__)

AT_ONCE = ("alarm", "modtagelse", "doegnvagt", "politi")
"""The contacts of «Jeg har ét minut», in the order they are shown."""


@blueprint.get("/")
def front() -> str | AnyResponse:
    """Choose kommune and faggruppe; an installation of one kommune goes straight to it."""
    if scope := shelf().scope:
        return see_other(url_for("pages.municipality", municipality=scope))
    return render_template(
        "pages/front.html",
        choices=shelf().choices,
        nowhere=NOWHERE,
        flows=shelf().library.flows,
        title="Bekymringsguiden",
    )


@blueprint.get("/vaelg")
def choose() -> AnyResponse:
    """The front page's form: on to the landing page of a flow, or to the kommune."""
    name, flow = request.args.get("kommune", "") or NOWHERE, request.args.get("faggruppe", "")
    if not shelf().municipality(name):
        abort(404)
    if shelf().playable(name, flow):
        return see_other(url_for("pages.landing", municipality=name, flow=flow))
    return see_other(url_for("pages.municipality", municipality=name, fag="andet"))


@blueprint.get("/<municipality>/")
def municipality(municipality: str) -> str:
    """A kommune: its flows and contacts."""
    place = shelf().municipality(municipality) or abort(404)
    return render_template(
        "pages/municipality.html",
        municipality_id=municipality,
        municipality=place,
        flows=shelf().library.flows_in(municipality),
        themes=shelf().library.themes,
        professions=shelf().other_professions,
        another=request.args.get("fag") == "andet",
        title=place.name,
    )


@blueprint.get("/<municipality>/<flow>/")
def landing(municipality: str, flow: str) -> str:
    """What a flow is, what is kept, and the button that starts a walk."""
    playable = shelf().playable(municipality, flow) or abort(404)
    return render_template(
        "pages/landing.html",
        municipality_id=municipality,
        municipality=shelf().municipality(municipality),
        playable=playable,
        message=MESSAGES.get(request.args.get("besked", "")),
        elsewhere=request.args.get("besked") == "andet-forloeb",
        title="Bekymringsguiden",
    )


@blueprint.route("/<municipality>/kontakt/", methods=["GET", "POST"])
def contact(municipality: str) -> str | tuple[str, int]:
    """«Jeg har ét minut»: the number of this minute and the words to say, then the others, nothing else.

    A post shows the numbers of the child's kommune; it is kept nowhere.
    """
    place = shelf().municipality(municipality) or abort(404)
    chosen = request.form.get("kommune", "")
    wrong = request.method == "POST" and chosen != municipality and chosen not in shelf().homes
    if request.method == "POST" and not wrong:
        g.home = chosen if chosen != municipality else None
    else:
        g.home = home_under_way(municipality)
    page = render_template(
        "pages/contact.html",
        municipality_id=municipality,
        municipality=place,
        at_once=AT_ONCE,
        home=g.home,
        message=MESSAGES["anden-kommune"] if wrong else None,
        title="Kontakt",
    )
    return (page, 422) if wrong else page


@blueprint.get("/lov/")
def law() -> str:
    """The law register in plain words; what a jurist has not confirmed is shown without its number."""
    library, day = shelf().library, force.today()
    return render_template(
        "pages/law.html",
        now=_applying(library, day, True),
        other=_applying(library, day, False),
        to_check=sum(ref.status == "to-check" for ref in library.law.values()),
        overdue=force.overdue,
        day=day,
        title="Loven",
    )


def _applying(library: Library, day: date, now: bool) -> list[tuple[Act, dict[str, LawRef]]]:
    """The acts with those of their rules that apply on a day, or that do not; the acts with the duty first."""
    found = (
        (act, {name: ref for name, ref in act.paragraphs.items() if force.in_force(ref, day) is now})
        for act in library.acts.values()
    )
    shown = [(act, paragraphs) for act, paragraphs in found if paragraphs]
    return sorted(shown, key=lambda item: not any(ref.binds for ref in item[1].values()))


@blueprint.get("/lov/jurist/")
def lawyer() -> str:
    """What a jurist must still confirm, on one page to print."""
    acts = shelf().library.acts.values()
    found = {name: (act, ref) for act in acts for name, ref in act.paragraphs.items() if ref.status == "to-check"}
    return render_template(
        "pages/lawyer.html",
        found=found,
        uses=shelf().law_uses,
        overdue=force.overdue,
        day=force.today(),
        title="Til juristen",
    )


@blueprint.get("/tegn/")
def signs() -> str:
    """The signs of distress by kind; `?alder=` shows those of one age only."""
    library, age = shelf().library, request.args.get("alder", "")
    if age and age not in library.ages:
        abort(404)
    return render_template(
        "pages/signs.html",
        lists=library.signs,
        signs=library.signs_at([age] if age else ()),
        ages=library.ages,
        age=age,
        title="Tegn",
    )


@blueprint.get("/aendringer/")
def changes() -> str:
    """What was changed in the content, as its users meet it; the newest first."""
    library = shelf().library
    found = sorted(library.changes.items(), key=lambda item: item[1].since, reverse=True)
    return render_template("pages/changes.html", changes=found, title="Ændringer")


@blueprint.get("/kvalitet/")
def quality() -> str:
    """What is known about the quality of the content: counted when it was read, and measured before."""
    figures, page = measured(), shelf().library.pages["kvalitet"]
    return render_template(
        "pages/quality.html",
        page=page,
        quality=shelf().quality,
        measured=figures,
        proven=PROVEN,
        stale=figures is not None and figures.content != shelf().library.base,
        title=page.title,
    )


def _standing(name: str) -> str:
    page = shelf().library.pages[name]
    return render_template("pages/standing.html", page=page, title=page.title)


@blueprint.get("/om/")
def about() -> str:
    """About the guide."""
    return _standing("om")


@blueprint.get("/privatliv/")
def privacy() -> str:
    """What is kept, and what is not."""
    return _standing("privatliv")


@blueprint.get("/tilgaengelighed/")
def accessibility() -> str:
    """The accessibility of the guide."""
    return _standing("tilgaengelighed")


@blueprint.get("/farvel")
def farewell() -> str:
    """The neutral page after «Forlad siden»."""
    page = shelf().library.pages["farvel"]
    return render_template("pages/farewell.html", page=page, title=page.title)


@blueprint.get("/farvel.css")
def style() -> Response:
    """A small stylesheet that clears the cache: by now the page left lies in the back/forward cache.

    On the 303 alone the header comes before that, and Chromium then shows the outcome on Back.
    """
    response = Response("main{max-width:40rem}\n", content_type="text/css; charset=utf-8")
    response.headers["Clear-Site-Data"] = '"cache"'
    response.headers["Cache-Control"] = "no-store"
    return response
