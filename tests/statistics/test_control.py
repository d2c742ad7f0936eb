"""Disclosure control of one row, and a faulty one of each rule that its test must catch."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.statistics import control
from guide.statistics.control import Row, across, controlled, rounded
from guide.statistics.tables import ALL, BASE, DOMINANT, THRESHOLD, Cell, Key, Status

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


def test_the_only_small_cell_has_another_hidden_beside_it() -> None:
    """The smallest of the rounded ones: 27 and 23 are both told as 25, so it is the later level."""
    counts = {"undren": 40, "bekymring": 27, "underret": 33, "straks": 23, "akut": 4}
    found = by_column(controlled(row(counts)))
    assert {name: cell.status for name, cell in found.items() if cell.n is None} == {
        "akut": Status.few, "straks": Status.folded,
    }  # fmt: skip
    assert found[ALL].n == 125


@pytest.mark.parametrize(
    "counts",
    [
        {"undren": 40, "bekymring": 27, "akut": 9},
        {"undren": 40, "bekymring": 27, "akut": 0},
        {"undren": 38, "bekymring": 25, "akut": 5},
    ],
)
def test_which_one_it_is_does_not_depend_on_the_small_one(counts: dict[str, int]) -> None:
    found = by_column(controlled(row(counts)))
    assert [name for name, cell in found.items() if cell.status is Status.folded] == ["bekymring"]


@pytest.mark.parametrize("counts", [{"undren": 40, "bekymring": 9, "akut": 0}, {"undren": 40, "bekymring": 30}])
def test_two_small_cells_hide_each_other_and_none_needs_nothing(counts: dict[str, int]) -> None:
    assert all(cell.status is not Status.folded for cell in controlled(row(counts)))


def test_what_cannot_occur_is_no_company() -> None:
    counts = {"undren": 40, "bekymring": 27, "underret": 3}
    found = by_column(controlled(row(counts, impossible=frozenset({"akut"}))))
    assert (found["bekymring"].status, found["akut"].status) == (Status.folded, Status.irrelevant)


def test_rows_without_a_total_have_nothing_to_be_subtracted_from() -> None:
    one = Row("topics", "2026", "land", "skole", {"a": 40, "b": 20, "c": 3})
    assert [cell.status for cell in controlled(one)] == [Status.shown, Status.shown, Status.few]


def test_of_use_the_faggrupper_of_an_area_are_the_row() -> None:
    numbers = {"dagtilbud": 30, "skole": 50, "sundhedspleje": 12, "tandpleje": 6, ALL: 98}
    cells = [control.shown(Key("use", "2026K4", "viborg", flow, "forloeb"), n) for flow, n in numbers.items()]
    other = control.shown(Key("use", "2026K4", "skive", ALL, "forloeb"), 40)
    found = {(cell.key.area, cell.key.row): cell for cell in across([*cells, other])}
    assert found["viborg", "sundhedspleje"].status is Status.folded
    assert [found["viborg", flow].n for flow in ("dagtilbud", "skole", "tandpleje", ALL)] == [30, 50, None, 100]
    assert found["skive", ALL].n == 40


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
    rows = [row(SPREAD), row({"undren": 960, "akut": 40}), row({"undren": 7, "bekymring": 11})]
    assert not all(promises(controlled(one), one) for one in rows)
