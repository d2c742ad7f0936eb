"""The gate of a release: between which numbers a reader who has every release can place each hidden cell.

Each hidden cell is a linear function over the equations of `knowledge.py`; its lowest and highest value are found by
linear programming, exactly. To ask for two optima per cell of a country takes hours, so most cells are settled cheaper,
and only in ways that are certain:

- A point that satisfies every equation is a witness for all cells at once. Witnesses are looked for by moving a few
  kommuner and leaving the others where they are. Two that are NARROWEST apart show that a cell is open.
- Equations left out can only widen. A cell that is narrow by those of its own kommune or landsdel is narrow.
- What neither settles is asked of all equations together.
- To withhold more can only widen: what was open before that is open still (`Auditor`).

Separate from the release on purpose, and knows nothing of its rules. Not here: how points are looked for
(`search.py`), the programs (`programs.py`), and what is done about a narrow cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guide.statistics.knowledge import Known
from guide.statistics.programs import NoSolver, solver
from guide.statistics.search import Before, Contradiction, Search
from guide.statistics.tables import NARROWEST, Cell, Key

__all__ = ["Audit", "Auditor", "Contradiction", "Known", "Narrow", "NoSolver", "audit"]


@dataclass(frozen=True, order=True)
class Narrow:
    """A hidden cell that a reader can place between `low` and `high`, both included."""

    key: Key
    low: float
    high: float


@dataclass(frozen=True)
class Audit:
    """What was found. `narrowest`: the least distance of the narrow cells, or NARROWEST («at least») without any."""

    cells: int
    hidden: int
    narrow: tuple[Narrow, ...]
    variables: int
    equations: int
    loosened: int = 0
    """Links between tables that the figures contradict, and that were left out."""
    witnessed: int = 0
    """Cells shown open by witnesses; the others were asked for one by one."""
    complete: bool = True
    """False: cells that are narrow by their own kommune's figures were found, and nothing further was asked."""

    @property
    def narrowest(self) -> float:
        return min((one.high - one.low for one in self.narrow), default=float(NARROWEST))


class Auditor:
    """Audits one release again and again while it is settled. Not for use by two threads at once."""

    def __init__(self) -> None:
        self._before = Before()

    def __call__(self, cells: Iterable[Cell], known: Known, *, thorough: bool = False) -> Audit:
        """Audits the cells of one calendar year, of all its releases. `thorough`: goes on after the first narrow cells.

        Raises NoSolver and Contradiction.
        """
        solver()
        by_key = {cell.key: cell for cell in cells}
        before = self._before if self._before.holds(by_key, known) else Before()
        search = Search(list(by_key.values()), known, before)
        if search.sums.hidden:
            search.run(thorough)
        narrow = tuple(sorted(Narrow(key, *bounds) for key, bounds in search.narrow.items()))
        # With other links left out the equations are others, so nothing carries over.
        self._before = Before() if search.loosened else Before(by_key, known, *search.leaves())
        size = len(search.sums.columns), len(search.sums.low)
        return Audit(
            len(by_key), len(search.sums.hidden), narrow, *size, search.loosened, search.witnessed, search.complete
        )


def audit(cells: Iterable[Cell], known: Known, *, thorough: bool = False) -> Audit:
    """Audits the cells of one calendar year once, as `Auditor` does. Raises NoSolver and Contradiction."""
    return Auditor()(cells, known, thorough=thorough)
