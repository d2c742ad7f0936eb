"""The real release (`guide/statistics/settling.py`) on a made-up country, without a database."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from guide.library.geography import Area, Geography
from guide.statistics.audit import Audit, audit
from guide.statistics.periods import period
from guide.statistics.settling import known, settled
from guide.statistics.sums import Ground, Ways
from guide.statistics.tables import Cell
from tests.attacks.countries import QUARTERS, Country, counters

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


def year(made: Country, auditor: Auditor | None = None) -> list[list[Cell]]:
    """The four releases of the year, each made when the earlier ones were frozen."""
    ground, counted, releases = grounded(made), counters(made), list[list[Cell]]()
    for quarter in QUARTERS:
        earlier = [cell for release in releases for cell in release]
        asked = auditor or (lambda cells: audit(cells, known(ground, cells)))
        releases.append(settled(counted, period(quarter), ground, earlier, asked).cells)
    return releases
