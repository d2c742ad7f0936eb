"""T-P3: a reader who waits. What was published stays as it is, whatever is counted afterwards."""

from __future__ import annotations

import pytest

from guide.statistics.audit import Audit
from guide.statistics.periods import period
from guide.statistics.settling import settled
from guide.statistics.tables import Status
from tests.attacks.countries import QUARTERS, counters, country
from tests.attacks.naive import published, ruled
from tests.attacks.settling import grounded, released, year


def _open(cells: object) -> Audit:
    return Audit(0, 0, (), 0, 0)


def test_no_release_touches_an_earlier_one() -> None:
    releases = year(country(3, 8, 2, flows=2, levels=3), _open)
    keys = [cell.key for release in releases for cell in release]
    assert len(keys) == len(set(keys)) > 500
    assert [{cell.key.period for cell in release} for release in releases][:3] == [{one} for one in QUARTERS[:3]]


def test_later_walks_change_nothing_that_was_published() -> None:
    """Two releases of the first quarter, with a whole year more in the counters, are the same to the cell."""
    made = country(3, 8, 2, flows=2, levels=3)
    ground, all_year = grounded(made), counters(made)
    months = {"2026M01", "2026M02", "2026M03", QUARTERS[0]}
    early = {key: n for key, n in all_year.items() if key[0] in months}
    one, other = (settled(c, period(QUARTERS[0]), ground, (), _open).cells for c in (early, all_year))
    assert one == other
    assert len(one) > 100


@pytest.mark.parametrize("seed", [1, 4, 8, 13, 16])
def test_a_year_less_three_quarters_leaves_the_fourth_open(seed: int) -> None:
    """With a pocket calculator on what was really published: no hidden quarter within fewer than five."""
    _, listed = released(seed)
    cells = {(c.key.table, c.key.period, c.key.area, c.key.row, c.key.column): c for c in listed}
    widths = []
    for (table, of, *rest), cell in cells.items():
        told = [cells.get((table, one, *rest)) for one in ("2026", *QUARTERS) if one != of]
        numbers = [one.n for one in told if one and one.n is not None]
        if of != "2026" and cell.status in (Status.few, Status.folded) and len(numbers) == 4:
            left = numbers[0] - sum(numbers[1:])  # each of the four may be 2 off
            highest = min(9, left + 8) if cell.status is Status.few else left + 8
            widths.append(highest - max(0, left - 8))
    assert min(widths, default=5) >= 5
    assert len(cells) > 100


def test_planted_naive_year_less_quarters_is_a_number() -> None:
    """With exact totals a hidden quarter is the year less the three others."""
    made = country(3, 8, 2, flows=2, levels=3, walks=12.0)
    cells = {(c.key.table, c.key.period, c.key.area, c.key.row, c.key.column): c for c in published(made, ruled(5, 1))}
    recovered = 0
    for (table, of, *rest), cell in cells.items():
        year_of = cells.get((table, "2026", *rest))
        others = [cells[table, q, *rest].n for q in QUARTERS if q != of and (table, q, *rest) in cells]
        if of != "2026" and cell.n is None and year_of is not None and year_of.n is not None and None not in others:
            recovered += len(others) == 3
    assert recovered >= 5
