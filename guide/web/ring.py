"""Whom a page says to ring at this minute, and in which kommune: the child's where it is another than the workplace's.

Who answers when is decided in `guide/library/calling.py`. Here it becomes a small frozen value of words, so that what
templates make of it can be kept: it changes only when what is said changes. The child's kommune never stands in an
address: it lies in the sealed cookie of the walk, or in one post.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from flask import Flask
from flask_babel import format_date

from guide.library import force
from guide.library.calling import Call, Calls, at_once, calls, clock, first, untried, when
from guide.library.furnished import TAKE_REPORTS
from guide.library.library import Library


@dataclass(frozen=True)
class Line:
    """One contact of the box: its id and kommune, what is said of its hours now, and of its number."""

    name: str
    kommune: str
    when: str
    example: bool
    old: bool


@dataclass(frozen=True)
class Ring:
    """The box: whom one would ring, the number of this minute, the next ones, who is closed, who has no number here."""

    asked: Line
    now: Line
    then: tuple[Line, ...]
    closed: tuple[Line, ...]
    unknown: tuple[Line, ...]


def install(app: Flask) -> None:
    """Globals `ringing`, `ringing_at_once`, `holds`, `homes`, `made_up`, `unlooked` for templates."""
    library: Library = app.extensions["guide"].library
    spoken = lru_cache(maxsize=64)(holds)

    @lru_cache(maxsize=2048)
    def of_outcome(place: str, child: str | None, flow: str, step: str, moment: datetime) -> Ring:
        outcome = library.flows_in(place)[flow].flow.outcomes[step]
        return said(calls(library, place, child, outcome, moment), first(outcome), moment)

    @lru_cache(maxsize=256)
    def of_none(place: str, child: str | None, moment: datetime) -> Ring:
        return said(at_once(library, place, child, moment), TAKE_REPORTS[0], moment)

    app.jinja_env.globals.update(
        ringing=lambda place, child, flow, step: of_outcome(place, child, flow, step, minute()),
        ringing_at_once=lambda place, child: of_none(place, child, minute()),
        holds=lambda: spoken(minute()),
        homes=app.extensions["guide"].homes,
        made_up=lambda place, contact, child=None: made_up(library, place, contact, child),
        unlooked=lambda place, child, names: unlooked(library, place, child, names),
    )


def minute() -> datetime:
    """The time in Denmark without seconds: what a page says holds for a minute."""
    return force.now().replace(second=0, microsecond=0)


def said(found: Calls, begin: str, moment: datetime) -> Ring:
    """What is said of each call at a moment; `begin` is the contact that one would ring first."""

    def line(call: Call) -> Line:
        return Line(call.name, call.kommune_id, when(call, moment), call.example, call.old)

    asked = next((call for call in (*found.closed, *found.unknown) if call.name == begin), found.now)
    several = (tuple(map(line, calls)) for calls in (found.then, found.closed, found.unknown))
    return Ring(line(asked), line(found.now), *several)


def holds(moment: datetime) -> str:
    """The moment that a page holds for: `søndag 22. november kl. 10.30`."""
    return f"{format_date(moment.date(), 'EEEE d. MMMM')} kl. {clock(moment)}"


def made_up(library: Library, place: str, contact: str, child: str | None = None) -> bool:
    """Whether a contact, as it is shown, is an example's own: its number is made up."""
    kommune = library.municipalities[library.follows(place, contact, child)]
    return kommune.example and contact in kommune.contacts


def unlooked(library: Library, place: str, child: str | None, names: Iterable[str]) -> frozenset[str]:
    """Those of some contacts whose number nobody has tried for six months; made-up ones are none."""
    day = force.today()
    return frozenset(
        name
        for name in names
        if untried(library.contact(place, name, child), day) and not made_up(library, place, name, child)
    )
