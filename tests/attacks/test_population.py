"""The population rule against subtraction: a landsdel less its other kommuner must not be a small one's faggrupper.

Of kommuner under 20,000 no faggruppe is told. The reader looks for how many walks of a faggruppe there must have been
in one: with every release of the year and the registers, never more than none. That holds while far more walks are of
no named kommune than of it: only in the country do they and it stand together. Not here: how wide hidden cells are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from guide.statistics import settling, sums
from guide.statistics.audit import Audit
from guide.statistics.settling import known
from guide.statistics.sums import Ground
from guide.statistics.tables import ALL, Cell, Key
from tests.attacks import night
from tests.attacks.countries import Country, country
from tests.attacks.reader import least
from tests.attacks.settling import LOCAL, grounded, year

SEEDS = range(40) if night() else range(3)
NAMELESS = 15
"""So many times as many walks with no kommune chosen as in the other attacks: then they are what covers a small one."""

Patch = pytest.MonkeyPatch


@cache
def made(seed: int) -> Country:
    """A country of two landsdele, with one kommune under 20,000 in each at least, beside two that are larger."""
    one = country(seed, kommuner=6, landsdele=2, flows=3, levels=3, walks=60.0, mild=1)
    one.bands |= {"k00": "under-20000", "k03": "under-20000"} | dict.fromkeys(("k01", "k02", "k04", "k05"), "20000")
    one.known = replace(one.known, unsplit=frozenset({"k00", "k03"}))
    for counter in (one.joint, one.left):
        counter.update({key: n * NAMELESS for key, n in counter.items() if key[0] == "hele-landet"})
    return one


def small(one: Country) -> list[str]:
    """The kommuner under 20,000 that are small beside those that are counted by no name."""
    of = Counter[str]()
    for (kommune, _, _), n in one.used().items():
        of[kommune] += n
    return [name for name in sorted(one.known.unsplit) if of[name] * 4 < of["hele-landet"]]


def told(one: Country, cells: list[Cell]) -> dict[Key, int]:
    """The walks that a faggruppe of a small kommune must have had at least."""
    wanted = [
        cell.key
        for cell in cells
        if cell.key.area in small(one) and cell.key.row != ALL and cell.key.table in ("use", "professions")
    ]
    return least(cells, known(grounded(one), cells), wanted)


def _open(cells: object) -> Audit:
    return Audit(0, 0, (), 0, 0)


def released(one: Country) -> list[Cell]:
    """The year with no audit, which withholds: the rule has to hold by itself."""
    return [cell for cells in year(one, _open, tables=LOCAL) for cell in cells]


def test_no_faggruppe_of_a_small_kommune_is_told(record_property: Callable[[str, object], None]) -> None:
    found = [low for one in map(made, SEEDS) for low in told(one, released(one)).values()]
    record_property("cells of faggrupper in small kommuner", len(found))
    record_property("known to be more than none", sum(low > 0 for low in found))
    assert len(found) > 100
    assert max(found) == 0


def test_planted_small_kommuner_in_the_faggrupper_of_their_landsdel() -> None:
    """As it was: the landsdel less the others is the small one."""
    real, found = sums._areas, list[int]()

    def areas(ground: Ground) -> Iterator[tuple[str, list[str], list[str]]]:
        for area, kommuner, large in real(ground):
            yield area, kommuner, kommuner if len(kommuner) > 1 else large

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sums, "_areas", areas)
        patch.setattr(settling, "BANDS", ("", "nobody", ""))  # the reader knows it, too
        for one in map(made, SEEDS):
            found += told(one, released(one)).values()
    assert sum(low > 0 for low in found) >= 10
