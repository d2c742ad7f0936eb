"""From counters to the cells of a release: `cells_of` is disclosure control before the audit, `settled` after it. Pure.

Not here: the numbers (`sums.py`), the rules for one row (`control.py`), what is withheld when the audit asks
(`fallback.py`), the audit (`audit.py`), and how a release is written in the database (`release.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from guide.library.geography import BANDS
from guide.statistics.control import across, controlled
from guide.statistics.fallback import Fallback, Part
from guide.statistics.knowledge import Known
from guide.statistics.periods import Period
from guide.statistics.sums import LEVELS, PARENTS, Counters, Ground, rows
from guide.statistics.tables import ALL, Cell, Status

if TYPE_CHECKING:
    from guide.statistics.audit import Audit


@dataclass(frozen=True)
class Made:
    """A release before it is written. `withheld`: what the audit cost; `rounds`: how often it was asked."""

    cells: list[Cell]
    withheld: list[Part]
    rounds: int
    audit: Audit

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many cells have each status, by table."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for cell in self.cells:
            found[cell.key.table][cell.status.value] += 1
        return {table: dict(sorted(counts.items())) for table, counts in sorted(found.items())}


def known(ground: Ground, cells: Iterable[Cell] = ()) -> Known:
    """What the auditor takes a reader to know besides the cells.

    Content changes in the course of a year: where a cell of a faggruppe was published that the content of today
    cannot give, an outcome that is gone may have given it.
    """
    geography = ground.geography
    landsdele = {name: geography.areas[name].landsdel for d in geography.landsdele for name in geography.within(d)}
    outcomes = {flow: dict(ways.outcomes) for flow, ways in ground.flows.items()}
    given: defaultdict[str, set[str]] = defaultdict(set)
    for cell in cells:
        if cell.key.table in ("professions", "parents") and cell.status is not Status.irrelevant:
            given[cell.key.row].add(cell.key.column)
    for flow, columns in given.items():
        pairs = outcomes.setdefault(flow, {})
        known = {word for pair in pairs.values() for word in pair}
        gone = columns - known - {ALL}
        for level, rule in product(LEVELS, PARENTS):
            if {level, rule} & gone and {level, rule} <= columns | known:
                pairs[f"{level}.{rule}"] = level, rule
    first = {flow: ways.start for flow, ways in ground.flows.items()}
    unsplit = frozenset(name for name in landsdele if geography.areas[name].band == BANDS[1])
    return Known(landsdele, outcomes, first, ground.apart, ground.own, unsplit=unsplit)


def cells_of(counters: Counters, quarter: Period, ground: Ground) -> list[Cell]:
    """The cells of a release before the audit, sorted; with the year's tables when it is the fourth quarter."""
    periods = [quarter, Period(quarter.year)] if quarter.quarter == 4 else [quarter]
    made = (cell for period in periods for row in rows(counters, period, ground) for cell in controlled(row))
    return sorted(across(made), key=lambda cell: cell.key)


def settled(
    counters: Counters,
    quarter: Period,
    ground: Ground,
    earlier: Sequence[Cell],
    auditor: Callable[[Sequence[Cell]], Audit],
) -> Made:
    """The cells after fall-back: whatever `auditor` calls narrow, together with `earlier` of that year, is withheld.

    Ends: each round withholds something, and what is withheld stays so. Raises Stuck when nothing is left to withhold.
    """
    falling, rounds = Fallback(cells_of(counters, quarter, ground), ground), 1
    while (found := auditor([*earlier, *falling.cells])).narrow:
        falling.withhold(narrow.key for narrow in found.narrow)
        rounds += 1
    return Made(falling.cells, falling.withheld, rounds, found)
