"""What a row tells by being withheld: where its only small cell is the reason, that cell lies low, or it lies high.

The audit withholds a row when the total less the other cells places a small one within fewer than five. A reader who
sees that knows nearly as much as the figures would have told. What helps is that the small cell is not alone
(`control.never_alone`); how much is counted here, on rows of made-up countries, each row by itself.
Not here: what other rows and tables tell of a cell (`test_linear.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

import pytest

from guide.statistics import control
from guide.statistics.control import Row, controlled
from guide.statistics.tables import ALL, Cell
from tests.attacks import night
from tests.attacks.countries import LEVELS, YEAR, country
from tests.attacks.reader import WIDE, rounded, seconds

SEEDS = range(40) if night() else range(8)
Patch = pytest.MonkeyPatch


def rows(seed: int) -> Iterator[Row]:
    """Every row by level of the kommuner of a country: of a quarter, and by faggruppe of the year."""
    found: defaultdict[tuple[str, str, str, str], Counter[str]] = defaultdict(Counter)
    for (kommune, flow, level, quarter), n in country(seed, kommuner=60, walks=120.0).reached().items():
        found["level", quarter, kommune, ALL][level] += n
        found["professions", str(YEAR), kommune, flow][level] += n
    for name, counts in found.items():
        yield Row(*name, {level: counts[level] for level in LEVELS}, sum(counts.values()))


def only_small(row: Row) -> str | None:
    """The one level of a row that is below the threshold, where the row is told and that level is alone with it."""
    few = [level for level, n in row.counts.items() if n < 10]
    return few[0] if len(few) == 1 and not row.dominated else None


def ends(cells: Sequence[Cell], small: str) -> tuple[float, float]:
    """Between which numbers the row itself places the small cell: the total less the others."""
    second = seconds(cells)
    told = {cell.key.column: second.get(cell.key, rounded(cell)) for cell in cells}
    (low, high), own = told.pop(ALL), told.pop(small)
    return max(own[0], low - sum(b for _, b in told.values())), min(own[1], high - sum(a for a, _ in told.values()))


def played() -> Counter[str]:
    """How many rows have a small cell alone; how many are withheld for it; and how many of each have 0 to 4 there."""
    found = Counter[str]()
    for row in (row for seed in SEEDS for row in rows(seed)):
        if small := only_small(row):
            low, high = ends(list(controlled(row)), small)
            assert low <= row.counts[small] <= high
            side = "low" if row.counts[small] < WIDE else "high"
            found.update(("rows", f"rows {side}"))
            if high - low < WIDE:
                found.update(("withheld", f"withheld {side}"))
    return found


def told(found: Counter[str]) -> str:
    return f"{found['withheld']} of {found['rows']} withheld, the side guessed rightly of {right(found)}"


def right(found: Counter[str]) -> int:
    """Of how many withheld rows a reader who says the likelier side of them all is right; by chance it is half."""
    return max(found["withheld low"], found["withheld high"])


def alone(patch: Patch) -> None:
    """As it was: the small cell is hidden, and nothing with it."""
    patch.setattr(control, "never_alone", lambda split, total: list(split))


def test_a_row_is_hardly_ever_withheld_for_its_only_small_cell(record_property: Callable[[str, object], None]) -> None:
    with_it = played()
    with pytest.MonkeyPatch.context() as patch:
        alone(patch)
        without = played()
    record_property("with a second cell hidden", told(with_it))
    record_property("with the small one hidden alone", told(without))
    assert with_it["rows"] == without["rows"] > 500
    assert with_it["withheld"] * 3 <= without["withheld"]


def test_planted_a_small_cell_alone_tells_its_side_by_being_withheld() -> None:
    """Such cells lie low as often as high. Of those that cost their row the side is as good as told."""
    with pytest.MonkeyPatch.context() as patch:
        alone(patch)
        found = played()
    assert 0.4 < found["rows low"] / found["rows"] < 0.6
    assert right(found) >= 0.75 * found["withheld"] >= 15
