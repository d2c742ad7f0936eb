"""Disclosure control of one row, and a faulty one of each rule that its test must catch."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.statistics import control
from guide.statistics.control import Row, controlled, rounded
from guide.statistics.tables import ALL, BASE, DOMINANT, THRESHOLD, Cell, Status

LEVELS = ("undren", "bekymring", "underret", "straks", "akut")
SPREAD = {"undren": 40, "bekymring": 33, "underret": 12, "straks": 9, "akut": 0}


def row(counts: dict[str, int], **more: object) -> Row:
    return Row("level", "2026K4", "viborg", ALL, counts, sum(counts.values()), **more)  # type: ignore[arg-type]


def by_column(cells: Iterable[Cell]) -> dict[str, Cell]:
    return {cell.key.column: cell for cell in cells}


def test_threshold_and_rounding() -> None:
    found = by_column(controlled(row(SPREAD)))
    assert [(found[level].n, found[level].status.value) for level in (*LEVELS, ALL)] == [
        (40, "vist"), (35, "vist"), (10, "vist"), (None, "faerre-end-10"), (None, "faerre-end-10"), (95, "vist"),
    ]  # fmt: skip


def test_zero_and_nine_cannot_be_told_apart() -> None:
    for n in range(THRESHOLD):
        assert control.shown(by_column(controlled(row(SPREAD)))["akut"].key, n).status is Status.few


@pytest.mark.parametrize(("n", "told"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_002, 1_000)])
def test_to_the_nearest_five(n: int, told: int) -> None:
    assert rounded(n) == told


def test_the_total_is_of_the_true_numbers() -> None:
    """Three times 12 are 36, told as 35; three rounded ones would be 30."""
    found = by_column(controlled(row({"undren": 12, "bekymring": 12, "underret": 12})))
    assert found[ALL].n == 35


@pytest.mark.parametrize(("most", "hidden"), [(89, False), (90, True), (100, True)])
def test_one_category_that_holds_nearly_all(most: int, hidden: bool) -> None:
    found = by_column(controlled(row({"undren": most, "bekymring": 100 - most, "akut": 0})))
    assert found[ALL] == Cell(found[ALL].key, 100, Status.shown)
    statuses = {found[level].status for level in ("undren", "bekymring", "akut")}
    assert (statuses == {Status.folded}) is hidden


def test_too_few_live_there() -> None:
    found = by_column(controlled(row(SPREAD, folded=True)))
    assert {cell.status for cell in found.values()} == {Status.folded} and all(c.n is None for c in found.values())


def test_what_cannot_occur_is_told_as_that_in_every_row() -> None:
    """Also in a dominated row: it is in the flows, which everybody can read."""
    for counts in ({"undren": 100, "bekymring": 0}, {"undren": 50, "bekymring": 50}):
        found = by_column(controlled(row(counts, impossible=frozenset({"akut"}))))
        assert found["akut"].status is Status.irrelevant


def promises(cells: Iterable[Cell], true: Row) -> bool:
    """What every published cell of a row keeps, whatever the numbers."""
    for cell in cells:
        n = true.whole if cell.key.column == ALL else true.counts.get(cell.key.column, 0)
        if cell.status is Status.shown:
            if cell.n is None or n < THRESHOLD or cell.n % BASE or abs(cell.n - n) > BASE // 2:
                return False
            if cell.key.column != ALL and n >= DOMINANT * true.whole:
                return False
        elif cell.n is not None or (cell.status is Status.few and n >= THRESHOLD):
            return False
    return True


NUMBERS = st.dictionaries(st.sampled_from(LEVELS), st.integers(0, 60) | st.integers(0, 100_000), min_size=1)


@given(NUMBERS)
def test_promises(counts: dict[str, int]) -> None:
    assert promises(controlled(row(counts)), row(counts))


FAULTS = {
    "zero is shown": ("THRESHOLD", 0),
    "five is enough": ("THRESHOLD", 5),
    "exact numbers": ("BASE", 1),
    "no dominance": ("DOMINANT", 2.0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_promises_catch(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: each rule turned off in the release, and the promises are broken by some row."""
    monkeypatch.setattr(control, *FAULTS[fault])
    rows = [row(SPREAD), row({"undren": 96, "akut": 4}), row({"undren": 7, "bekymring": 11})]
    assert not all(promises(controlled(one), one) for one in rows)
