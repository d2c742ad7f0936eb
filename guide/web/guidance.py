"""Outcomes to read without a walk: to bookmark, share and print. No cookie, no answers."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from guide.web import shelf

blueprint = Blueprint("guidance", __name__)


@blueprint.get("/<municipality>/vejledning/<outcome>")
def show(municipality: str, outcome: str) -> str:
    """One outcome with every conditional piece of advice, each saying whom it is for."""
    place = shelf().municipality(municipality) or abort(404)
    for playable in shelf().library.flows.values():
        if found := playable.flow.outcomes.get(outcome):
            return render_template(
                "guidance/show.html",
                municipality_id=municipality,
                municipality=place,
                playable=playable,
                outcome=found,
                step=outcome,
                title="Bekymringsguiden",
            )
    abort(404)
