"""Faults planted in the real releaser, one at a time. Each is caught by the audit or by an attack on what comes out.

What is caught is told for each: a fault that nothing catches would be one that nobody notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from guide.statistics import control, settling, sums
from guide.statistics.audit import Audit, audit
from guide.statistics.control import Row
from guide.statistics.fallback import Fallback
from guide.statistics.settling import known
from guide.statistics.sums import Ground
from guide.statistics.tables import ALL, DOMINANT, THRESHOLD, Cell, Status
from tests.attacks.countries import Country, small
from tests.attacks.naive import truth
from tests.attacks.reader import read, rounded
from tests.attacks.settling import LOCAL, grounded, unguarded, year

Patch = pytest.MonkeyPatch


def caught(one: Country, cells: list[Cell]) -> set[str]:
    """What is wrong with a release, in the words of the attack that saw it."""
    true, found = truth(one), set[str]()
    shown = [cell for cell in cells if cell.status is Status.shown]
    found |= {"small" for cell in shown if true.get(cell.key, 0) < THRESHOLD}
    found |= {"other number" for cell in shown if abs((cell.n or 0) - true.get(cell.key, 0)) > 2}
    found |= {"not rounded" for cell in shown if (cell.n or 0) % 5}
    found |= {"few live there" for cell in cells if _told_of_few(one, cell)}
    if _dominated(cells):
        found.add("dominated")
    if not found and read(cells, known(grounded(one), cells), rules=True).narrow:  # of figures that make sense
        found.add("narrow")
    return found


def _told_of_few(one: Country, cell: Cell) -> bool:
    """A faggruppe of a kommune of fewer than 20,000."""
    split = cell.key.row != ALL and cell.status in (Status.shown, Status.few)
    return one.bands.get(cell.key.area) == "under-20000" and split


def _dominated(cells: list[Cell]) -> list[tuple[str, ...]]:
    """Rows in which a reader can prove that nearly everybody is in one column."""
    rows: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for cell in cells:
        if cell.n and cell.key.table not in ("use", "quality"):
            rows[cell.key.table, cell.key.period, cell.key.area, cell.key.row][cell.key.column] = cell.n
    return [
        name
        for name, row in rows.items()
        if ALL in row and any(n - 2 >= DOMINANT * (row[ALL] + 2) for column, n in row.items() if column != ALL)
    ]


@pytest.mark.parametrize("seed", [7, 9])
def test_without_a_fault_nothing_is_caught(seed: int) -> None:
    one = small(seed)
    assert caught(one, [cell for cells in year(one, tables=LOCAL) for cell in cells]) == set()


def no_rounding(patch: Patch) -> None:
    patch.setattr(control, "rounded", lambda n: n)


def threshold_of_five(patch: Patch) -> None:
    patch.setattr(control, "THRESHOLD", 5)


def zeros_shown(patch: Patch) -> None:
    real = control.shown
    patch.setattr(control, "shown", lambda key, n: real(key, n) if n else Cell(key, 0, Status.shown))


def totals_of_rounded_cells(patch: Patch) -> None:
    real = control.controlled

    def summed(row: Row) -> Iterator[Cell]:
        cells = list(real(row))
        parts = sum(cell.n or 0 for cell in cells if cell.key.column != ALL)
        yield from (
            replace(cell, n=parts) if cell.n and cell.key.column == ALL and row.table != "use" else cell
            for cell in cells
        )

    patch.setattr(settling, "controlled", summed)


def no_population_rule(patch: Patch) -> None:
    real = sums._areas
    patch.setattr(sums, "_areas", lambda ground: ((area, kommuner, kommuner) for area, kommuner, _ in real(ground)))


def small_kommuner_in_their_landsdel(patch: Patch) -> None:
    """Those of fewer than 10,000 are counted together. Were they in a landsdel, it less its kommuner would be they."""
    real = sums._areas

    def areas(ground: Ground) -> Iterator[tuple[str, list[str], list[str]]]:
        for area, kommuner, large in real(ground):
            few = ["oevrige"] if len(kommuner) > 1 else []
            yield area, kommuner + few, large + few

    patch.setattr(sums, "_areas", areas)


def no_dominance(patch: Patch) -> None:
    patch.setattr(control, "DOMINANT", 2)


FAULTS: list[tuple[Callable[[Patch], None], int, str]] = [
    (no_rounding, 7, "not rounded"),
    (threshold_of_five, 7, "small"),
    (zeros_shown, 5, "small"),
    (totals_of_rounded_cells, 7, "other number"),
    (no_population_rule, 7, "few live there"),
    (small_kommuner_in_their_landsdel, 7, "other number"),
    (no_dominance, 11, "dominated"),
]


@pytest.mark.parametrize(("fault", "seed", "seen"), FAULTS, ids=[fault.__name__ for fault, _, _ in FAULTS])
def test_planted(fault: Callable[[Patch], None], seed: int, seen: str) -> None:
    """Where the audit looks away, so that what is caught is the fault itself."""
    with pytest.MonkeyPatch.context() as patch:
        fault(patch)
        one, cells = unguarded(seed)
    assert seen in caught(one, cells)


def test_planted_no_rounding_opens_what_the_gate_let_through() -> None:
    """The gate takes figures for rounded. Exact ones in the same release place hidden cells within fewer than five."""
    one = small(7)
    with pytest.MonkeyPatch.context() as patch:
        no_rounding(patch)
        cells = [cell for cells in year(one, tables=LOCAL) for cell in cells]
    reader = known(grounded(one), cells)
    assert read(cells, reader, lambda cell: (cell.n, cell.n) if cell.n is not None else rounded(cell)).narrow != {}


def test_planted_the_answer_of_the_gate_is_ignored() -> None:
    """As if `settled` asked and went on: the reader is in at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fallback, "withhold", lambda self, narrow: None)
        one, cells = small(7), list[Cell]()
        asked = iter(range(99))

        def once(cells: Sequence[Cell]) -> Audit:
            found = audit(cells, known(grounded(one), cells))
            return found if next(asked) % 2 == 0 else replace(found, narrow=())

        cells = [cell for cells in year(one, once, tables=LOCAL) for cell in cells]
    assert "narrow" in caught(one, cells)
