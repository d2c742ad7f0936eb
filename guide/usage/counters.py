"""What is counted: the tables, their periods, and the facts that one step of a walk gives. Pure.

| tab | cell | period | counted once per walk and |
|---|---|---|---|
| use | kommune/faggruppe | quarter | – (at the first answer) |
| level | kommune/level | quarter | – (at the first outcome) |
| level | kommune/faggruppe/level | year | – (at the first outcome) |
| professions | faggruppe/level | month | – (at the first outcome) |
| parents | faggruppe/parents rule | month | – (at the first outcome) |
| hours | inside or outside | month | – (at the first answer) |
| quality | flow/step/shown, answered, changed or unsure | month | step and measure |
| topics | flow/outcome | year | – (at the first outcome) |
| operations | counted, dropped, repeated, unreadable | day | see `drainer.py` |

From `professions` to `topics` they are of the whole country. In an installation of one kommune there is no such
thing: they would be that kommune's own. Periods are then as coarse as the kommune's (quarter and year), and
topics are not written. Only the first outcome of a walk counts: who tries other answers changes no figure.
A small kommune is never named: who makes a `Place` asks the geography what it is counted as.

`quality` and `topics` have cells for national steps only. A step that a kommune wrote would name the kommune there, and
an editor could make cells without end. An own outcome that says which national one it is like counts as that one; other
own steps count in neither. In an installation of that one kommune its own questions are counted by their own names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from guide.flows.walk import Walk
from guide.library.days import SATURDAY, is_holiday
from guide.model import Outcome
from guide.usage.facts import Fact, once

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
"""A quarter begins at midnight there."""

UNSURE = "ved-ikke"
"""The option that says «I do not know», in every question that has one."""

MEASURES = ("shown", "answered", "changed", "unsure")
"""What is counted of a question in `quality`; stopped = shown - answered."""


HOURS = ("inside", "outside")
"""The cells of `hours`: within the hours that most people are at work, or not."""

OPENS, CLOSES = 8, 16
"""Working hours begin at the first hour of the day in Copenhagen, and end when the last one begins."""


@dataclass(frozen=True)
class Periods:
    """The periods of a moment, as Statistics Denmark writes them: 2026, 2026K4, 2026M11, 2026M11D22."""

    year: str
    quarter: str
    month: str
    day: str


def periods(now: float) -> Periods:
    """The periods of `now`, seconds since 1970, in Copenhagen."""
    at = datetime.fromtimestamp(now, COPENHAGEN)
    month = f"{at.year}M{at.month:02}"
    return Periods(f"{at.year}", f"{at.year}K{(at.month + 2) // 3}", month, f"{month}D{at.day:02}")


@dataclass(frozen=True)
class Place:
    """Where a walk is counted. `example` is a made-up kommune: it never reaches figures of the whole country.

    `municipality`: as `Geography.counted_as` says, never the name of a small kommune.
    `own`: the kommune's own steps, each with the national one that it counts as, or None for none.
    """

    municipality: str
    flow: str
    example: bool = False
    scope: bool = False
    own: Mapping[str, str | None] = field(default_factory=dict)


def hours(now: float) -> str:
    """`inside` from 8 to 16 on a Monday to Friday that is no public holiday in Denmark, else `outside`."""
    at = datetime.fromtimestamp(now, COPENHAGEN)
    working = OPENS <= at.hour < CLOSES and at.weekday() < SATURDAY and not is_holiday(at.date())
    return HOURS[0] if working else HOURS[1]


def begun(place: Place, walk: Walk, key: str, now: float) -> list[Fact]:
    """The facts of a walk that begins: its first question is shown. `key` is the walk key."""
    return [*_quality(place, walk.current, ("shown",), key, periods(now))]


def answered(place: Place, before: Walk, after: Walk, step: str, key: str, now: float, *, first: bool) -> list[Fact]:
    """The facts of an answer to `step`, which made `before` into `after`. `first`: no outcome was reached before."""
    at = periods(now)
    was, is_now = before.on_path.get(step), after.on_path.get(step, ())
    measures = ["answered"]
    if was not in (None, is_now):
        measures.append("changed")
    options = after.flow.questions[step].options
    if any(UNSURE in (name, options[name].as_) for name in is_now):
        measures.append("unsure")
    facts = [*_quality(place, step, measures, key, at)]
    if step == after.flow.start:
        facts += _use(place, key, at, now)
    if after.outcome is None:
        facts += _quality(place, after.current, ("shown",), key, at)
    elif first:
        facts += _outcome(place, after.current, after.outcome, key, at)
    return facts


def _use(place: Place, key: str, at: Periods, now: float) -> Iterator[Fact]:
    yield Fact(at.quarter, "use", f"{place.municipality}/{place.flow}", once(key, "use"))
    if place.scope or not place.example:
        yield Fact(at.quarter if place.scope else at.month, "hours", hours(now), once(key, "hours"))


def _quality(place: Place, step: str, measures: list[str] | tuple[str, ...], key: str, at: Periods) -> Iterator[Fact]:
    if not place.scope and (place.example or step in place.own):
        return
    period = at.quarter if place.scope else at.month
    for measure in measures:
        yield Fact(period, "quality", f"{place.flow}/{step}/{measure}", once(key, "quality", step, measure))


def _outcome(place: Place, step: str, outcome: Outcome, key: str, at: Periods) -> Iterator[Fact]:
    level = outcome.level
    yield Fact(at.quarter, "level", f"{place.municipality}/{level}", once(key, "level", "quarter"))
    yield Fact(at.year, "level", f"{place.municipality}/{place.flow}/{level}", once(key, "level", "year"))
    if place.example and not place.scope:
        return
    month = at.year if place.scope else at.month
    yield Fact(month, "professions", f"{place.flow}/{level}", once(key, "professions"))
    yield Fact(month, "parents", f"{place.flow}/{outcome.parents}", once(key, "parents"))
    topic = place.own.get(step, step)
    if topic and not place.scope:
        yield Fact(at.year, "topics", f"{place.flow}/{topic}", once(key, "topics"))
