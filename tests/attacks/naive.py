"""Releases that do not protect: exact totals and only small cells hidden, and our rules with one of them broken.

They are attacked with the same tools as the real release, so that the attacks are known to be alive. The true table of
a country is made here as well. Not here: the release itself (`guide/statistics/release.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from guide.statistics.tables import ALL, Cell, Key, Status
from tests.attacks.catalogue import begun, ended
from tests.attacks.countries import QUARTERS, YEAR, Country

Rule = Callable[[Key, int], Cell]


def truth(made: Country) -> dict[Key, int]:
    """The true number of every cell of the catalogue, zeros too."""
    found = Counter[Key]()
    periods = (*QUARTERS, str(YEAR))
    areas = (*made.known.landsdele, *sorted(set(made.known.landsdele.values())), "land")
    levels = sorted({level for outcomes in made.known.outcomes.values() for level, _ in outcomes.values()})
    for period in periods:
        for area in areas:
            found.update({Key("level", period, area, ALL, column): 0 for column in (*levels, ALL)})
            found.update({Key("use", period, area, row, "forloeb"): 0 for row in (*made.flows, ALL)})
        for flow in made.flows:
            found.update(_empty(made, period, flow))
    for key, n in _facts(made):
        found[key] += n
    return dict(found)


def _empty(made: Country, period: str, flow: str) -> dict[Key, int]:
    pairs = made.known.outcomes[flow].values()
    found = {Key("professions", period, "land", flow, column): 0 for column in (*(level for level, _ in pairs), ALL)}
    found |= {Key("parents", period, "land", flow, column): 0 for column in (*(rule for _, rule in pairs), ALL)}
    if period == str(YEAR):
        found |= {Key("topics", period, "land", flow, outcome): 0 for outcome in made.known.outcomes[flow]}
        areas = {*made.known.landsdele, *made.known.landsdele.values()}
        found |= {
            Key("professions", period, a, flow, c): 0 for a in areas for c in (*(level for level, _ in pairs), ALL)
        }
    return found


def _facts(made: Country) -> Iterable[tuple[Key, int]]:
    """Every cell that each walk is counted in."""
    for (kommune, flow, quarter), n in made.used().items():
        yield from ((key, n) for key in begun(made.known, kommune, flow, quarter))
    for (kommune, flow, outcome, quarter), n in made.joint.items():
        yield from ((key, n) for key in ended(made.known, kommune, flow, outcome, made.pair(flow, outcome), quarter))
    for (row, measure, quarter), n in made.asked.items():
        yield Key("quality", quarter, "land", row, measure), n
    for quarter in QUARTERS:
        used = sum(m for (_, _, q), m in made.used().items() if q == quarter)
        yield Key("hours", quarter, "land", ALL, "inside"), made.inside[quarter]
        yield Key("hours", quarter, "land", ALL, "outside"), used - made.inside[quarter]


def ruled(threshold: int = 10, base: int = 5, zeros: bool = False) -> Rule:
    """Cells below the threshold hidden, others rounded; no row is withheld."""

    def rule(key: Key, n: int) -> Cell:
        if n < threshold and not (zeros and n == 0):
            return Cell(key, None, Status.few)
        return Cell(key, (n + base // 2) // base * base, Status.shown)

    return rule


def published(made: Country, rule: Rule) -> list[Cell]:
    """The whole year of a country under a rule."""
    return [rule(key, n) for key, n in sorted(truth(made).items())]
