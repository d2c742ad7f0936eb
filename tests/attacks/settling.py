"""The real release (`guide/statistics/settling.py`) on a made-up country, without a database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cache, partial

import pytest

from guide.library.geography import Area, Geography
from guide.statistics import release, settling
from guide.statistics.audit import Audit
from guide.statistics.knowledge import Known
from guide.statistics.periods import period
from guide.statistics.settling import known, settled
from guide.statistics.sums import Ground, Ways, rows
from guide.statistics.tables import TABLES, Cell
from tests.attacks.countries import QUARTERS, Country, counters, small

LOCAL = ("use", "level", "professions")
Auditor = Callable[[Sequence[Cell]], Audit]


def grounded(made: Country) -> Ground:
    """What a release of the country stands on."""
    areas = {
        kommune: Area(kommune, kommune, kommune, landsdel, band=made.bands[kommune])
        for kommune, landsdel in made.known.landsdele.items()
    }
    flows = {flow: Ways("q0", o, {f"q{n}": True for n in range(4)}) for flow, o in made.known.outcomes.items()}
    landsdele = {name: name for name in made.known.landsdele.values()}
    areas |= {f"lille-{name}": Area(f"lille-{name}", "", "", name, band="under-10000") for name in landsdele}
    return Ground(Geography(areas, landsdele), flows, apart=made.known.apart, own=made.known.own)


def year(made: Country, auditor: Auditor | None = None, tables: Collection[str] = TABLES) -> list[list[Cell]]:
    """The four releases of the year, each made when the earlier ones were frozen. `tables`: as if these were all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "rows", lambda *given: (row for row in rows(*given) if row.table in tables))
        return _year(made, auditor)


@cache
def released(seed: int) -> tuple[Country, list[Cell]]:
    """A small country, and all that was published of its year. Three of four have only what is told of kommuner too."""
    made = small(seed)
    return made, [cell for cells in year(made, tables=LOCAL if seed % 4 else TABLES) for cell in cells]


def unguarded(seed: int) -> tuple[Country, list[Cell]]:
    """The same with every table, and an audit that finds nothing."""
    made = small(seed)
    return made, [cell for cells in year(made, lambda cells: Audit(len(cells), 0, (), 0, 0)) for cell in cells]


def _year(made: Country, auditor: Auditor | None) -> list[list[Cell]]:
    ground, counted, releases = grounded(made), counters(made), list[list[Cell]]()
    for quarter in QUARTERS:
        earlier = [cell for cells in releases for cell in cells]
        gate = release._auditor()  # as every release has one of its own
        asked = auditor or partial(_asked, gate, ground)
        releases.append(settled(counted, period(quarter), ground, earlier, asked).cells)
    return releases


def _asked(gate: Callable[[Sequence[Cell], Known], Audit], ground: Ground, cells: Sequence[Cell]) -> Audit:
    return gate(cells, known(ground, cells))
