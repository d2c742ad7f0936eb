"""In which cells of the catalogue a walk is counted: written anew from the words of `tables.py`, for attackers.

The truth of a made-up country and what an attacker knows are both made of this, and nothing of `guide/statistics` but
its words is used. Not here: the audit's own equations (`guide/statistics/knowledge.py`), which these are held against.
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.statistics.knowledge import Known
from guide.statistics.tables import ALL, Key

Pair = tuple[str, str]
"""The level and the parents rule of an outcome."""


def begun(known: Known, kommune: str, flow: str, quarter: str) -> Iterator[Key]:
    """The cells that a walk with an answer is counted in, whether it ended or not."""
    for period in (quarter, quarter[:4]):
        for area in areas(known, kommune):
            yield Key("use", period, area, ALL, "forloeb")
        for area in areas(known, kommune, by_faggruppe=True):
            yield Key("use", period, area, flow, "forloeb")
    yield Key("hours", quarter, "land", ALL, ALL)


def ended(
    known: Known, kommune: str, flow: str, outcome: str, pair: Pair, quarter: str, *, moved: bool = False
) -> Iterator[Key]:
    """The cells that a walk with an outcome is counted in besides. A kommune that is apart is not in all of them.

    `moved`: the walk was before the kommune had an installation of its own.
    """
    level, rule = pair
    year, apart = quarter[:4], kommune in known.apart and not moved
    for column in (level, ALL):
        for area in areas(known, kommune):
            yield Key("level", quarter, area, ALL, column)
            yield Key("level", year, area, ALL, column)
        for area in areas(known, kommune, by_faggruppe=True):
            yield Key("professions", year, area, flow, column)
        if not apart:
            yield Key("professions", quarter, "land", flow, column)
    for column in (rule, ALL):
        yield Key("parents", year, "land", flow, column)
        if not apart:
            yield Key("parents", quarter, "land", flow, column)
    if not apart and outcome in known.outcomes[flow]:
        yield Key("topics", year, "land", flow, outcome)


def areas(known: Known, kommune: str, *, by_faggruppe: bool = False) -> list[str]:
    """The kommune, its landsdel and the country; the country alone for those that are counted by no name.

    `by_faggruppe`: the landsdel's rows by faggruppe are without the kommuner that have none themselves.
    """
    landsdel = known.landsdele.get(kommune)
    if landsdel and by_faggruppe and kommune in known.unsplit:
        return [kommune, "land"]
    return [kommune, landsdel, "land"] if landsdel else ["land"]
