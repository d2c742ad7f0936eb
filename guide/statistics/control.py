"""Disclosure control of a row: threshold, rounding, dominance, the population rule, and one hidden cell is never alone.

Pure: numbers in, cells out. Not here: where the numbers come from (`sums.py`), what a reader could still work out
(`audit.py`), and what is then withheld (`fallback.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guide.model.flow import Level, Parents
from guide.statistics.tables import ALL, BASE, DOMINANT, THRESHOLD, Cell, Key, Status

COLUMNS = (*(level.value for level in Level), *(rule.value for rule in Parents))
"""The fixed order of columns; others stand as they are sorted."""


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
    dominated, split = row.dominated, list[Cell]()
    for column in sorted({*row.counts, *row.impossible}):
        key = Key(row.table, row.period, row.area, row.row, column)
        if column in row.impossible:
            split.append(Cell(key, None, Status.irrelevant))
        elif row.folded or dominated:
            split.append(Cell(key, None, Status.folded))
        else:
            split.append(shown(key, row.counts[column]))
    if row.total is None:
        yield from split
        return
    key = Key(row.table, row.period, row.area, row.row, ALL)
    total = Cell(key, None, Status.folded) if row.folded else shown(key, row.total)
    yield from (*never_alone(split, total), total)


def never_alone(split: Sequence[Cell], total: Cell) -> list[Cell]:
    """Where one cell alone is too small to be shown, the smallest that is shown is folded with it.

    Else the total less the others would place it, the audit would withhold the row for its sake, and that the row is
    withheld would tell on which side it lies. Which one is folded follows from rounded numbers that everybody could
    have seen. Of those alike it is the last in the order of columns. Without a total nothing can be subtracted.
    """
    few = [cell for cell in split if cell.status is Status.few]
    numbers = {cell.key: cell.n for cell in split if cell.n is not None}
    if total.n is None or len(few) != 1 or not numbers:
        return list(split)
    least = min(numbers.values())
    folded = max((key for key, n in numbers.items() if n == least), key=_place)
    return [Cell(cell.key, None, Status.folded) if cell.key == folded else cell for cell in split]


def _place(key: Key) -> tuple[int, str, str]:
    return COLUMNS.index(key.column) if key.column in COLUMNS else 0, key.row, key.column


def across(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The same for `use`, whose split goes over rows: the faggrupper of an area, and `alle`."""
    areas: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.key.table == "use":
            areas[cell.key.period, cell.key.area].append(cell)
        else:
            yield cell
    for own in areas.values():
        total = next(cell for cell in own if cell.key.row == ALL)
        yield from (*never_alone([cell for cell in own if cell is not total], total), total)
