"""T-P1: a reader with every release and linear programming. The real release stands; a naive one falls at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guide.statistics import knowledge
from guide.statistics.audit import Audit, audit
from guide.statistics.settling import known
from guide.statistics.tables import THRESHOLD, Cell, Key, Status
from tests.attacks import night
from tests.attacks.countries import Country, country
from tests.attacks.naive import published, ruled, truth
from tests.attacks.settling import grounded, year

SEEDS = range(200) if night() else (1, 4)


def made(seed: int, kommuner: int = 0) -> Country:
    """One of the made-up countries; from a few walks in each kommune to many."""
    return country(seed, kommuner or 6 + seed % 5, 2, flows=2, levels=3, walks=(15.0, 40.0, 90.0)[seed % 3])


def wrong(cells: list[Cell], country: Country) -> list[Key]:
    """Shown cells that stand for fewer than the threshold, or for another number than they should."""
    true = truth(country)
    shown = [cell for cell in cells if cell.status is Status.shown]
    return [cell.key for cell in shown if true[cell.key] < THRESHOLD or abs((cell.n or 0) - true[cell.key]) > 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_hidden_cell_of_a_country_can_be_narrowed(seed: int) -> None:
    """Attacked anew, without the shortcut that the gate takes."""
    one = made(seed)
    cells = [cell for release in year(one) for cell in release]
    found = audit(cells, known(grounded(one), cells), thorough=True)
    assert found.hidden > 50
    assert found.narrow == ()
    assert wrong(cells, one) == []


def _exact(cell: Cell) -> tuple[float, float]:
    """What a cell of the naive release allows: the number itself, or 0 to 4."""
    return (cell.n or 0, cell.n or 0) if cell.status is Status.shown else (0, 4)


def _pinned(found: Audit) -> int:
    return sum(one.low == one.high for one in found.narrow)


def test_a_naive_release_is_broken_by_the_same_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """«Fewer than 5 hidden, exact totals»: cells are known to the person."""
    monkeypatch.setattr(knowledge, "interval", _exact)
    one = made(1)
    found = audit(published(one, ruled(threshold=5, base=1)), replace(one.known, undominated=False), thorough=True)
    true = truth(one)
    assert all(n.low <= true[n.key] <= n.high for n in found.narrow)
    assert _pinned(found) >= found.hidden * 0.1


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


def test_planted_no_gate() -> None:
    """Without the audit the same countries are open to the reader: the gate is what closes them."""
    found = 0
    for seed in (0, 1, 2):
        one = made(seed)
        cells = [cell for release in year(one, lambda cells: Audit(len(cells), 0, (), 0, 0)) for cell in release]
        found += len(audit(cells, known(grounded(one), cells)).narrow)
    assert found > 0


def test_planted_zeros_shown() -> None:
    one = made(0)
    assert wrong(published(one, ruled(zeros=True)), one) != []


def test_planted_threshold_of_five() -> None:
    one = made(0)
    assert wrong(published(one, ruled(threshold=5)), one) != []
