"""Disclosure control of one row: threshold, rounding, dominance, the population rule. Pure: numbers in, cells out.

Not here: where the numbers come from (`sums.py`), what a reader could still work out (`audit.py`), and what is then
withheld (`fallback.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guide.statistics.tables import ALL, BASE, DOMINANT, THRESHOLD, Cell, Key, Status


@dataclass(frozen=True)
class Row:
    """The true numbers of one row of a release. They never leave this room.

    `counts`: walks by column, a number for each column that can occur. `total`: what stands under `alle`, or None where
    the row has no total. `impossible`: columns that no content gives and nobody counted. `split`: whether the columns
    share one whole between them. `folded`: too few live there for this row to be told.
    """

    table: str
    period: str
    area: str
    row: str
    counts: Mapping[str, int]
    total: int | None = None
    impossible: frozenset[str] = frozenset()
    split: bool = True
    folded: bool = False

    @property
    def whole(self) -> int:
        """What the columns share: the total, or their sum where no total is published."""
        return sum(self.counts.values()) if self.total is None else self.total

    @property
    def dominated(self) -> bool:
        """One category holds so much of the row that it tells of everybody in it."""
        return self.split and self.whole > 0 and max(self.counts.values(), default=0) >= DOMINANT * self.whole


def rounded(n: int) -> int:
    """The nearest multiple of BASE. There are no ties: BASE is odd."""
    return BASE * ((n + BASE // 2) // BASE)


def shown(key: Key, n: int) -> Cell:
    """A cell under the threshold and the rounding; zero is hidden as every other small number."""
    return Cell(key, None, Status.few) if n < THRESHOLD else Cell(key, rounded(n), Status.shown)


def controlled(row: Row) -> Iterator[Cell]:
    """The cells of a row as they may be published, before the audit."""
    dominated = row.dominated
    for column in sorted({*row.counts, *row.impossible}):
        key = Key(row.table, row.period, row.area, row.row, column)
        if column in row.impossible:
            yield Cell(key, None, Status.irrelevant)
        elif row.folded or dominated:
            yield Cell(key, None, Status.folded)
        else:
            yield shown(key, row.counts[column])
    if row.total is not None:
        key = Key(row.table, row.period, row.area, row.row, ALL)
        yield Cell(key, None, Status.folded) if row.folded else shown(key, row.total)
