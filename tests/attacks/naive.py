"""Releases that do not protect: exact totals and only small cells hidden, and our rules with one of them broken.

They are attacked with the same tools as the real release, so that the attacks are known to be alive. The true table of
a country is made here as well. Not here: the release itself (`guide/statistics/release.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from guide.statistics.tables import ALL, Cell, Key, Status
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
        for area in _areas(made, kommune):
            for period in (quarter, str(YEAR)):
                for row in (flow, ALL):
                    yield Key("use", period, area, row, "forloeb"), n
    for (kommune, flow, outcome, quarter), n in made.joint.items():
        level, rule = made.known.outcomes[flow][outcome]
        for period in (quarter, str(YEAR)):
            for column in (level, ALL):
                for area in _areas(made, kommune):
                    yield Key("level", period, area, ALL, column), n
                    if area == "land" or period == str(YEAR):
                        yield Key("professions", period, area, flow, column), n
            for column in (rule, ALL):
                yield Key("parents", period, "land", flow, column), n
        yield Key("topics", str(YEAR), "land", flow, outcome), n
    yield from _national(made)


def _national(made: Country) -> Iterable[tuple[Key, int]]:
    """What is counted in the country only, and not by outcome."""
    for (row, measure, quarter), n in made.asked.items():
        yield Key("quality", quarter, "land", row, measure), n
    for quarter in QUARTERS:
        used = sum(m for (_, _, q), m in made.used().items() if q == quarter)
        inside = made.inside[quarter]
        for column, n in (("inside", inside), ("outside", used - inside), (ALL, used)):
            yield Key("hours", quarter, "land", ALL, column), n


def _areas(made: Country, kommune: str) -> list[str]:
    landsdel = made.known.landsdele.get(kommune)
    return [kommune, landsdel, "land"] if landsdel else ["land"]


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
