"""The material for a temadag: the programme, a briefing for each faggruppe, a page for each case; to show, to print.

All of it is content (`content/da/training`) with the guide's own texts by id. Nothing is kept and nothing is counted.
Not here: the room that participants join (`temadag.py`, `rooms.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, abort, render_template

from guide.library.library import Library
from guide.library.training import asked_cases
from guide.model import Block, Case, Programme, Sign, Wall
from guide.paper.results import allowed, place
from guide.web import shelf

blueprint = Blueprint("material", __name__, url_prefix="/temadag")

_FIRST = re.compile(r"(.+?[.!?][«»]?) +(.+)", re.DOTALL)


@dataclass(frozen=True)
class Timed:
    """A block of a programme with the minute it begins; `turn`: the projector shows something else than just before."""

    name: str
    block: Block
    begins: int
    turn: bool


@dataclass(frozen=True)
class Card:
    """A variation card: what is new in the case, and what the trainer reads out when it was talked about."""

    new: str
    then: str


def programme_of(library: Library, flow: str | None = None) -> Programme | None:
    """The briefing of a flow, or the programme of a temadag."""
    return next((one for one in library.training.values() if one.flow == flow), None)


def timed(programme: Programme) -> Iterator[Timed]:
    """The blocks in order, each with the minute it begins, counted from 0."""
    begins, before = 0, Wall.slides
    for name, block in programme.blocks.items():
        yield Timed(name, block, begins, block.wall[0] is not before)
        begins, before = begins + block.minutes, block.wall[-1]


def cards(case: Case) -> list[Card]:
    """The variation cards of a case: its first sentence is what is new, the rest waits until they have talked."""
    return [Card(*found.groups()) if (found := _FIRST.fullmatch(one)) else Card(one, "") for one in case.changes]


def signs(library: Library) -> dict[str, Sign]:
    """Every sign by its id."""
    return {name: sign for kind in library.signs.values() for name, sign in kind.signs.items()}


def by_flow(library: Library) -> dict[str, dict[str, Case]]:
    """The cases of each faggruppe that has any, in the order of the flows."""
    found: dict[str, dict[str, Case]] = {flow: {} for flow in library.flows}
    for name, one in library.cases.items():
        found.setdefault(one.flow, {})[name] = one
    return {flow: cases for flow, cases in found.items() if cases}


@blueprint.get("/materiale/")
def index() -> str:
    """What there is for a temadag, and how to begin in a minute."""
    library = shelf().library
    return render_template(
        "training/material.html",
        programme=programme_of(library),
        by_flow=by_flow(library),
        briefings=[(flow, found) for flow in library.flows if (found := programme_of(library, flow))],
        title="Til temadagen",
    )


@blueprint.get("/program/")
def programme() -> str:
    """The programme of a temadag: what is said and done, slides, cards, and the mail after three months."""
    return _shown("training/programme.html", None)


@blueprint.get("/oplaeg/<flow>/")
def briefing(flow: str) -> str:
    """The briefing of a faggruppe: slides, script, questions, cases and their cards."""
    return _shown("training/briefing.html", flow)


@blueprint.get("/sager/<case>/")
def case(case: str) -> str:
    """One case: its story as a slide, what can be defended, what to talk about, and its cards; 404 for unknown."""
    library = shelf().library
    found = library.cases.get(case)
    if found is None:
        abort(404)
    return render_template(
        "training/case.html",
        case=found,
        cases={case: found},
        cards={case: cards(found)},
        allowed=allowed,
        title=found.title,
    )


def _shown(template: str, flow: str | None) -> str:
    library = shelf().library
    found = programme_of(library, flow)
    if found is None or (flow is not None and flow not in library.flows):
        abort(404)
    return render_template(
        template,
        programme=found,
        blocks=list(timed(found)),
        cases={name: library.cases[name] for name in found.cases},
        cards={name: cards(library.cases[name]) for name in found.cases},
        asked=asked_cases(found),
        allowed=allowed,
        signs=signs(library),
        place=partial(place, library),
        flow=flow,
        title=found.title,
    )
