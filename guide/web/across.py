"""«Fire stole»: one concern as the faggrupper see it, side by side.

What a faggruppe must do is not written twice: it is where the scenario of its chair ends in its own flow. The page says
which example that is, since other answers lead elsewhere. No cookie, no answers of anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, abort, render_template

from guide.flows.scenario import play
from guide.flows.walk import Walk
from guide.library.library import NOWHERE, Library, Playable
from guide.library.stories import walk_of
from guide.model import Chair, Outcome, Scenario, Theme
from guide.web import shelf

blueprint = Blueprint("across", __name__)

FIRST_STEPS = 3
"""How many of the outcome's steps stand on the page; the rest is one link away."""


@dataclass(frozen=True)
class Seat:
    """A chair with the flow that sits on it, and the walk that its scenario is."""

    chair: Chair
    playable: Playable
    scenario: Scenario
    walk: Walk
    outcome: Outcome

    @property
    def steps(self) -> list[str]:
        """The first things to do: before what is for everybody at most two that fit just this example."""
        fitting = [piece for piece in self.outcome.do if piece.when]
        always = [piece for piece in self.outcome.do if not piece.when]
        found = [*self.walk.advice(tuple(fitting))[:2], *self.walk.advice(tuple(always))]
        return list(dict.fromkeys(found))[:FIRST_STEPS]


def seats(library: Library, theme: Theme, kommune: str = NOWHERE) -> Iterator[Seat]:
    """The chairs of a theme, in the order of flows; one whose scenario ends nowhere is left out (a check tells)."""
    for name, playable in library.flows_in(kommune).items():
        chair = theme.chairs.get(name)
        scenario = library.scenarios[name].get(chair.scenario) if chair else None
        if chair and scenario and (walk := _walk(library, playable, scenario, chair.scenario)):
            yield Seat(chair, playable, scenario, walk, playable.flow.outcomes[walk.current])


def _walk(library: Library, playable: Playable, scenario: Scenario, name: str) -> Walk | None:
    """The scenario in the kommune's flow; in the national one where the kommune asks what it does not answer."""
    own = play(playable.flow, playable.machine, scenario).walk
    found = own if own.outcome else walk_of(library, playable.id, name)
    return found if found and found.outcome else None


@blueprint.get("/<municipality>/paa-tvaers/")
def themes(municipality: str) -> str:
    """The concerns that can be seen side by side."""
    place = shelf().municipality(municipality) or abort(404)
    return render_template(
        "across/themes.html",
        municipality_id=municipality,
        municipality=place,
        themes=shelf().library.themes,
        title="Fire stole",
    )


@blueprint.get("/<municipality>/paa-tvaers/<theme>")
def show(municipality: str, theme: str) -> str:
    """One concern, a column for each faggruppe."""
    place = shelf().municipality(municipality) or abort(404)
    found = shelf().library.themes.get(theme) or abort(404)
    return render_template(
        "across/theme.html",
        municipality_id=municipality,
        municipality=place,
        theme=found,
        seats=list(seats(shelf().library, found, municipality)),
        title="Fire stole",
    )
