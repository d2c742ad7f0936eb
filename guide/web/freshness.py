"""The page of how lately each kommune looked at its own numbers and steps. The counting: `library/freshness.py`."""

from __future__ import annotations

from flask import Blueprint, render_template

from guide.library import force
from guide.library.freshness import CALLED, Verdict, bare, freshness
from guide.web import shelf

blueprint = Blueprint("freshness", __name__)


@blueprint.get("/friskhed/")
def show() -> str:
    """Every kommune of this installation with something of its own, the worst first."""
    on, day = shelf(), force.today()
    standings = freshness(on.library, day, on.scope)
    return render_template(
        "pages/freshness.html",
        standings=standings,
        bare=0 if on.scope else bare(on.library, standings),
        fresh=Verdict.fresh,
        day=day,
        soon=force.WARNS,
        old=force.FAILS,
        called=CALLED,
        title="Friskhed",
    )
