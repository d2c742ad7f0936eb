"""Outcomes to read without a walk: to bookmark, share and print. No cookie, no answers.

Faggrupper share outcomes and may word them for their own day, so `?fag=` says whose words are shown.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from guide.web import shelf

blueprint = Blueprint("guidance", __name__)


@blueprint.get("/<municipality>/vejledning/<outcome>")
def show(municipality: str, outcome: str) -> str:
    """One outcome with every conditional piece of advice, each saying whom it is for."""
    place = shelf().municipality(municipality) or abort(404)
    flows = {name: p for name, p in shelf().library.flows_in(municipality).items() if outcome in p.flow.outcomes}
    if not flows:
        abort(404)
    playable = flows.get(request.args.get("fag", "")) or next(iter(flows.values()))
    return render_template(
        "guidance/show.html",
        municipality_id=municipality,
        municipality=place,
        playable=playable,
        others={name: p for name, p in flows.items() if p is not playable},
        outcome=playable.flow.outcomes[outcome],
        step=outcome,
        title="Bekymringsguiden",
    )
