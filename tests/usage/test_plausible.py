"""What one kommune cannot have counted: nothing, more ends than walks, more walks than anybody. Pure."""

from __future__ import annotations

import random

import pytest

from guide.usage import plausible
from guide.usage.plausible import MOST, crossing, doubt

QUARTER = "2026K4"
SEED, CASES = 8, 300


def rows(use: int, level: int, **more: int) -> dict[tuple[str, str, str], int]:
    found = {(QUARTER, "use", "viborg/skole"): use, (QUARTER, "level", "viborg/akut"): level}
    found |= {("2026", tab, "skole/akut"): n for tab, n in more.items()}
    return {key: n for key, n in found.items() if n}


@pytest.mark.parametrize(("use", "most"), [(0, 3), (50, 53), (199, 202), (200, 204), (1_000, 1_020)])
def test_as_many_may_cross_midnight_and_no_more(use: int, most: int) -> None:
    assert doubt(QUARTER, rows(use, most)) is None
    assert f"{most + 1} forløb er endt" in str(doubt(QUARTER, rows(use, most + 1)))


def test_a_year_may_be_four_times_a_quarter() -> None:
    assert doubt(QUARTER, rows(MOST, 1, parents=4 * MOST)) is None
    assert "(parents) i 2026" in str(doubt(QUARTER, rows(MOST, 1, parents=4 * MOST + 1)))
    assert "(use) i 2026K4" in str(doubt(QUARTER, rows(MOST + 1, 1)))


def accepted(seed: int) -> int:
    """How many files of nobody's walks are believed: with too many ends, or too many of all."""
    chance, believed = random.Random(seed), 0
    for _ in range(CASES):
        use = chance.randrange(5_000)
        wrong = rows(use, use + crossing(use) + 1 + chance.randrange(500))
        believed += doubt(QUARTER, chance.choice([wrong, rows(MOST + 1 + use, 9)])) is None
    return believed


def test_what_cannot_be_is_not_believed() -> None:
    assert accepted(SEED) == 0 and doubt(QUARTER, {})


def test_a_limit_that_is_forgotten_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plausible, "MOST", 10**9)
    assert accepted(SEED) > CASES / 4
