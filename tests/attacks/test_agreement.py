"""T-P2: the audit says what others say who share nothing with it: elimination modulo a prime, and the plain reader.

Across all tables of a whole year, where nothing guards the figures: there is much to find. Tables of a few cells are
held against every country there could be in `tests/statistics/test_audit.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from guide.statistics import audit as audits
from guide.statistics import knowledge
from guide.statistics.audit import Audit, audit
from guide.statistics.settling import known
from guide.statistics.tables import Cell, Key
from tests.attacks import night
from tests.attacks.countries import Country, small
from tests.attacks.naive import published, ruled, truth
from tests.attacks.rank import worked_out
from tests.attacks.reader import read
from tests.attacks.settling import grounded, unguarded

EXACT = range(50) if night() else (0, 2, 4, 6, 8, 42)
"""With a kommune apart: 2, and 42, where it matters."""
OURS = range(50) if night() else (1, 2, 4, 9, 14)
"""With a kommune apart (2), and with own outcomes (4, 14); questions and hours in all."""


def _ends(found: Audit) -> dict[Key, tuple[float, float]]:
    return {one.key: (one.low, one.high) for one in found.narrow}


def unrounded(one: Country) -> list[Cell]:
    """Fewer than ten hidden, and the others exact."""
    return published(one, ruled(base=1))


def allows(cell: Cell) -> tuple[float, float]:
    """What such a figure says by itself."""
    return (cell.n, cell.n) if cell.n is not None else (0, 9)


@pytest.mark.parametrize("seed", EXACT)
def test_what_elimination_works_out_the_audit_works_out(
    seed: int, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    """And whatever else the audit finds in exact figures, the plain reader finds too; to the walk, and rightly.

    Of a kommune that is apart the audit takes for known that it was so all year, and so does the reader here.
    """
    monkeypatch.setattr(knowledge, "interval", allows)
    one = small(seed)
    cells, reader = unrounded(one), replace(one.known, undominated=False)
    sure, true = worked_out(cells, reader), truth(one)
    found, other = _ends(audit(cells, reader, thorough=True)), read(cells, reader, allows, all_year=True)
    record_property("worked out by elimination", len(sure))
    record_property("narrow by the audit", len(found))
    record_property("by one of the two only", len(found.keys() ^ other.narrow.keys()))
    assert found.keys() == other.narrow.keys()
    assert {key: other.narrow.get(key) for key in sure} == {key: (true[key], true[key]) for key in sure}
    assert all(low <= true[key] <= high for key, (low, high) in found.items())


def test_elimination_finds_much_in_figures_that_are_not_rounded() -> None:
    """Or the test above would say nothing."""
    hidden = [cell for seed in EXACT for cell in unrounded(small(seed)) if cell.n is None]
    sure = [key for seed in EXACT for key in worked_out(unrounded(small(seed)), small(seed).known)]
    assert len(sure) >= len(hidden) * 0.2 > 20


@pytest.mark.parametrize("seed", OURS)
def test_the_audit_and_the_plain_reader_agree_on_rounded_figures(
    seed: int, record_property: Callable[[str, object], None]
) -> None:
    """By our rules and nothing withheld: both find the same cells, and neither places one wrongly.

    Of a kommune that is apart the audit takes more for known than this reader does, so there it finds more.
    """
    one, cells = unguarded(seed)
    reader = known(grounded(one), cells)
    found, other = _ends(audit(cells, reader, thorough=True)), read(cells, reader, rules=True)
    record_property("narrow by the audit", len(found))
    record_property("by the plain reader only", len(other.narrow.keys() - found.keys()))
    assert found.keys() >= other.narrow.keys()
    if not one.known.apart:
        assert found.keys() == other.narrow.keys()
        assert all(found[key][0] <= low and high <= found[key][1] for key, (low, high) in other.narrow.items())
    true = truth(one)
    assert all(low <= true[key] <= high for key, (low, high) in other.narrow.items())


def test_planted_an_audit_that_forgets_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year that is no longer the sum of its quarters: the two no longer agree."""
    monkeypatch.setattr(knowledge, "quarters", lambda key: [key.period])
    disagreements = 0
    for seed in OURS[:3]:
        one, cells = unguarded(seed)
        reader = known(grounded(one), cells)
        try:
            found = set(_ends(audits.audit(cells, reader, thorough=True)))
        except (audits.Contradiction, ValueError):
            found = set()
        disagreements += found != set(read(cells, reader, rules=True).narrow)
    assert disagreements > 0
