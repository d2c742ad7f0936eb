"""The help with writing a letter that an outcome names: an empty form to print, which a script makes into fields.

No walk, no cookie of its own, and nothing that is written comes here: the page is the same for everybody, but that it
names the child's kommune where the visitor's walk has one. What the script does is in static/writing/writing.js.
"""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from guide.library.letter import lines, sections
from guide.web import shelf
from guide.web.walks import home_under_way

blueprint = Blueprint("writing", __name__)


@blueprint.get("/<municipality>/skriv/<outcome>/<letter>")
def write(municipality: str, outcome: str, letter: str) -> str:
    """The writing help for one letter of an outcome, in the words of the faggruppe in `?fag=`."""
    place, library = shelf().municipality(municipality) or abort(404), shelf().library
    known = {name: p for name, p in library.flows_in(municipality).items() if outcome in p.flow.outcomes}
    flows = {name: p for name, p in known.items() if letter in p.flow.outcomes[outcome].letters}
    if not flows:
        abort(404)
    playable = flows.get(request.args.get("fag", "")) or next(iter(flows.values()))
    found = library.letters_in(municipality)[letter]
    shown = lines(found, playable.id)
    child = home_under_way(municipality)
    return render_template(
        "writing/show.html",
        municipality_id=municipality,
        municipality=place,
        playable=playable,
        outcome=playable.flow.outcomes[outcome],
        step=outcome,
        letter=found,
        child=child,
        receiver=library.municipalities[library.follows(municipality, "modtagelse", child)],
        lines=shown,
        sections=sections(shown),
        title="Bekymringsguiden",
    )
