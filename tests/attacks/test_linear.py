"""T-P1: a reader with every release and linear programming. The real release stands; a naive one falls at once.

The reader (`reader.py`) has equations of its own, and knows the rules of the release besides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from guide.statistics.settling import known
from guide.statistics.tables import THRESHOLD, Cell, Key, Status
from tests.attacks import night
from tests.attacks.countries import Country, country, small
from tests.attacks.naive import published, ruled, truth
from tests.attacks.reader import Reading, exact, read
from tests.attacks.settling import grounded, released, unguarded

SEEDS = range(200) if night() else range(20)


def made(seed: int) -> Country:
    """One that is large enough for the naive release to give much away."""
    return country(seed, 6 + seed % 5, 2, flows=2, levels=3, walks=(15.0, 40.0, 90.0)[seed % 3])


def wrong(cells: list[Cell], country: Country) -> list[Key]:
    """Shown cells that stand for fewer than the threshold, or for another number than they should."""
    true = truth(country)
    shown = [cell for cell in cells if cell.status is Status.shown]
    return [cell.key for cell in shown if true[cell.key] < THRESHOLD or abs((cell.n or 0) - true[cell.key]) > 2]


def attacked(one: Country, cells: list[Cell]) -> Reading:
    """By a reader who has all the registers, and has read how a release is made."""
    return read(cells, known(grounded(one), cells), rules=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hidden_cell_of_a_country_can_be_narrowed(seed: int, record_property: Callable[[str, object], None]) -> None:
    one, cells = released(seed)
    found = attacked(one, cells)
    record_property("hidden cells attacked", found.hidden)
    record_property("narrow", len(found.narrow))
    true = truth(one)
    assert found.hidden > 0 or all(true.get(cell.key, THRESHOLD) >= THRESHOLD for cell in cells)
    assert found.narrow == {}
    assert wrong(cells, one) == []


def test_who_knows_that_a_kommune_was_apart_all_year_is_held_off() -> None:
    """To that reader its walks are those of `level` in the country that are not in `professions`."""
    one, cells = released(12)
    assert one.known.apart
    assert not read(cells, known(grounded(one), cells), rules=True, all_year=True).narrow


def test_the_countries_are_of_all_kinds() -> None:
    """Empty cells, single walks, dominated rows, sparse and dense, few inhabitants, kommuner apart, own outcomes."""
    kinds = Counter[str]()
    for seed in SEEDS:
        one = small(seed)
        used, reached = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for (kommune, flow, _), n in one.used().items():
            used[kommune, flow] += n
        for (kommune, _, level, _), n in one.reached().items():
            reached[kommune, level] += n
        rows = {kommune: [n for (k, _), n in reached.items() if k == kommune] for kommune in one.known.landsdele}
        kinds["sparse"] += sum(used.values()) < 200
        kinds["dense"] += sum(used.values()) > 2_000
        kinds["empty"] += any(not used[k, f] for k in one.known.landsdele for f in one.flows)
        kinds["single"] += 1 in used.values() or 1 in one.reached().values()
        kinds["dominated"] += any(max(row, default=0) >= 0.9 * sum(row) > 0 for row in rows.values())
        kinds["small"] += "under-20000" in one.bands.values()
        kinds["apart"] += bool(one.known.apart)
        kinds["own"] += bool(one.own)
    assert all(kinds[kind] >= 2 for kind in kinds) and len(kinds) == 8, kinds


def test_planted_no_gate() -> None:
    """Without the audit the same countries are open to the reader: the gate is what closes them."""
    found = Counter[str]()
    for seed in SEEDS:
        one, cells = unguarded(seed)
        reading = attacked(one, cells)
        found += Counter(countries=bool(reading.narrow), narrow=len(reading.narrow), hidden=reading.hidden)
    assert found["countries"] >= len(SEEDS) / 2
    assert found["narrow"] >= found["hidden"] * 0.05


def test_a_naive_release_is_broken_by_the_same_reader() -> None:
    """«Fewer than 5 hidden, exact totals»: cells are known to the walk."""
    one = made(1)
    found = read(published(one, ruled(threshold=5, base=1)), one.known, exact)
    true = truth(one)
    assert all(low <= true[key] <= high for key, (low, high) in found.narrow.items())
    assert len(found.pinned) >= found.hidden * 0.5


def test_a_naive_release_is_broken_by_subtraction() -> None:
    """With a pocket calculator: a row with one hidden cell is its total less the others."""
    one = made(1)
    cells = published(one, ruled(threshold=5, base=1))
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        if cell.key.table in ("level", "professions", "parents"):
            rows.setdefault((cell.key.table, cell.key.period, cell.key.area, cell.key.row), []).append(cell)
    alone = [row for row in rows.values() if sum(cell.n is None for cell in row) == 1]
    true, right = truth(one), 0
    for row in alone:
        total = next(cell.n for cell in row if cell.key.column == "alle")
        hidden = next(cell.key for cell in row if cell.n is None)
        parts = sum(cell.n or 0 for cell in row if cell.key.column != "alle")
        right += hidden.column != "alle" and total is not None and total - parts == true[hidden]
    assert right >= 5
