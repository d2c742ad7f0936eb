"""A reader with every release, the registers and a solver: two linear programs for each hidden cell, nothing clever.

The equations are made anew from `catalogue.py`. An unknown is how many walks of a kommune ended with one outcome of a
faggruppe in a quarter, so every cell is a plain sum; the audit's model has other unknowns and links. Not here: the
audit, which must come to the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product

import highspy
import numpy as np

from guide.statistics.knowledge import Known
from guide.statistics.tables import ALL, Cell, Key
from tests.attacks.catalogue import begun, ended

WIDE, NEAR = 5, 1e-6
REST = "rest"
Allows = Callable[[Cell], tuple[float, float]]


def rounded(cell: Cell) -> tuple[float, float]:
    """What a cell of the real release says by itself."""
    if cell.n is not None:
        return max(10, cell.n - 2), cell.n + 2
    return {"faerre-end-10": (0.0, 9.0), "samlet": (0.0, math.inf), "ikke-relevant": (0.0, 0.0)}[cell.status.value]


def exact(cell: Cell) -> tuple[float, float]:
    """What a cell says by itself where nothing is rounded and only fewer than five are hidden."""
    return (cell.n, cell.n) if cell.n is not None else (0, 4)


@dataclass
class Reading:
    """What the reader found. `narrow`: the hidden cells that lie within fewer than WIDE, with both ends."""

    hidden: int = 0
    narrow: dict[Key, tuple[float, float]] = field(default_factory=dict)

    @property
    def pinned(self) -> list[Key]:
        """The hidden cells that the reader has to the walk."""
        return [key for key, (low, high) in self.narrow.items() if low == high]


def read(
    cells: Iterable[Cell], known: Known, allows: Allows = rounded, *, rules: bool = False, all_year: bool = False
) -> Reading:
    """Attacks the cells of a year. `rules`: the reader also knows that a row whose split is told is not dominated.

    `all_year`: and that a kommune that is apart had its own installation the whole year.
    """
    system = _System(list(cells), known, allows, all_year)
    if rules:
        system.not_dominated()
    return system.read()


def least(cells: Iterable[Cell], known: Known, wanted: Collection[Key]) -> dict[Key, int]:
    """How many walks there must at least be behind each of these hidden cells."""
    system = _System(list(cells), known, rounded, False)
    program, rows = _Program(system.rows, system.columns), {key: row for row, key in system.hidden.items()}
    found = {rows[key]: program.furthest(rows[key], 1)[rows[key]] for key in wanted if key in rows}
    return {system.hidden[row]: math.ceil(low - NEAR) for row, low in found.items()}


class _System:
    """Equations: the sum of some unknowns lies between two numbers."""

    def __init__(self, cells: list[Cell], known: Known, allows: Allows, all_year: bool) -> None:
        self.cells, self.known = sorted(cells, key=lambda cell: cell.key), known
        self.members, self.columns = members(known, [cell.key for cell in cells], all_year)
        self.rows: list[tuple[list[tuple[int, float]], float, float]] = []
        self.hidden: dict[int, Key] = {}
        second = seconds(self.cells)
        for cell in self.cells:
            if self.members[cell.key]:
                if cell.status.value in ("faerre-end-10", "samlet") and cell.key not in second:
                    self.hidden[len(self.rows)] = cell.key
                self.add(self.members[cell.key], (), *second.get(cell.key, allows(cell)))
        self._questions()

    def add(self, plus: Iterable[int], minus: Iterable[int], low: float, high: float) -> None:
        self.rows.append(([*((c, 1.0) for c in plus), *((c, -1.0) for c in minus)], low, high))

    def _questions(self) -> None:
        """Whoever answers a question has seen it; whoever begins a walk has answered the first one."""
        asked = {(c.key.row, c.key.period) for c in self.cells if c.key.table == "quality"}
        for row, quarter in sorted(asked):
            shown, answered, *others = (
                self.members[Key("quality", quarter, "land", row, m)]
                for m in ("shown", "answered", "changed", "unsure")
            )
            for less, more in ((answered, shown), *((other, answered) for other in others)):
                self.add(less, more, -math.inf, 0)
            flow, step = row.split(".")
            if step == self.known.first[flow]:
                begun_there = self.members[Key("use", quarter, "land", flow, "forloeb")]
                self.add(answered, begun_there, -math.inf if self.known.own else 0, 0)
        for quarter in sorted({c.key.period for c in self.cells if c.key.table == "hours"}):
            inside, outside, begun_all = (
                self.members[Key("hours", quarter, "land", ALL, column)] for column in ("inside", "outside", ALL)
            )
            self.add([*inside, *outside], begun_all, 0, 0)

    def not_dominated(self) -> None:
        """No column of a row whose split is told has nine tenths of it: ten times the column is below nine times all.

        A row without a walk is not dominated either, hence the 0.
        """
        rows: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
        for cell in self.cells:
            if cell.key.table not in ("use", "quality"):
                rows[cell.key.table, cell.key.period, cell.key.area, cell.key.row].append(cell)
        for row in rows.values():
            split = [cell for cell in row if cell.key.column != ALL]
            if any(cell.status.value in ("vist", "faerre-end-10") for cell in split):
                whole = [(c, -9.0) for cell in split for c in self.members[cell.key]]
                some = any(cell.n for cell in row)
                for cell in split:
                    mine = [(c, 10.0) for c in self.members[cell.key]]
                    self.rows.append(([*mine, *whole], -math.inf, -1 if some else 0))

    def read(self) -> Reading:
        """Two programs for each hidden cell, unless points found on the way already lie WIDE apart there."""
        program, found = _Program(self.rows, self.columns), Reading(len(self.hidden))
        low, high = np.full(len(self.rows), np.inf), np.full(len(self.rows), -np.inf)
        for row, key in self.hidden.items():
            for sign in (1, -1):
                if not _wide(low[row], high[row]):
                    point = program.furthest(row, sign)
                    low, high = np.fmin(low, point), np.fmax(high, point)
            if not _wide(low[row], high[row]):
                found.narrow[key] = math.ceil(low[row] - NEAR), math.floor(high[row] + NEAR)
        return found


def _wide(low: float, high: float) -> bool:
    """Whether whole numbers that far apart lie between."""
    return high == math.inf or (high > -math.inf and math.floor(high + NEAR) - math.ceil(low - NEAR) >= WIDE)


def seconds(cells: Iterable[Cell]) -> dict[Key, tuple[float, float]]:
    """The cells that keep the only small one of their row company, and their ends: ten, and the least that is shown.

    That each is ten or more is told by its being there; it is not one of those that the threshold hides.
    """
    rows: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        key = cell.key
        if key.table == "use" and key.row != ALL:
            rows[key.table, key.period, key.area].append(cell)
        elif key.table not in ("use", "quality", "topics") and key.column != ALL:
            rows[key.table, key.period, key.area, key.row].append(cell)
    found = {}
    for row in rows.values():
        told = {status: [c for c in row if c.status.value == status] for status in ("vist", "faerre-end-10", "samlet")}
        if len(told["samlet"]) == 1 and len(told["faerre-end-10"]) == 1:
            highest = [c.n + 2 for c in told["vist"] if c.n is not None]
            found[told["samlet"][0].key] = 10.0, min(highest, default=math.inf)
    return found


class _Program:
    """One linear program, solved again for each aim from where it stands."""

    def __init__(self, rows: list[tuple[list[tuple[int, float]], float, float]], columns: int) -> None:
        self.parts = [self._merged(terms) for terms, _, _ in rows]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = columns, len(rows)
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.zeros(columns), np.full(columns, np.inf)
        lp.row_lower_, lp.row_upper_ = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(index) for index, _ in self.parts])])
        lp.a_matrix_.index_ = np.concatenate([index for index, _ in self.parts])
        lp.a_matrix_.value_ = np.concatenate([value for _, value in self.parts])
        self.highs, self.columns = highspy.Highs(), columns
        for name, setting in (("output_flag", False), ("threads", 1), ("presolve", "off"), ("simplex_strategy", 4)):
            self.highs.setOptionValue(name, setting)
        self.highs.passModel(lp)

    @staticmethod
    def _merged(terms: list[tuple[int, float]]) -> tuple[np.ndarray, np.ndarray]:
        """A column stands once in a row."""
        sums: dict[int, float] = defaultdict(float)
        for column, value in terms:
            sums[column] += value
        return np.array(list(sums), dtype=np.int32), np.array(list(sums.values()))

    def furthest(self, row: int, sign: int) -> np.ndarray:
        """What every row is where one of them is lowest (1) or highest (-1)."""
        cost = np.zeros(self.columns)
        index, value = self.parts[row]
        cost[index] = sign * value
        self.highs.changeColsCost(self.columns, np.arange(self.columns, dtype=np.int32), cost)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnbounded:
            at = np.full(len(self.parts), np.nan)
            at[row] = -sign * np.inf
            return at
        if status != highspy.HighsModelStatus.kOptimal:
            raise AssertionError(f"no country has these figures: {status}")
        return np.array(self.highs.getSolution().row_value)


def members(known: Known, keys: Iterable[Key], all_year: bool = False) -> tuple[dict[Key, list[int]], int]:
    """The unknowns that each cell is the sum of, and how many unknowns there are."""
    found: dict[Key, list[int]] = defaultdict(list)
    wanted, number = set(keys), 0
    for cells in _unknowns(known, wanted, all_year):
        for key in cells:
            found[key].append(number)
        number += 1
    return found, number


def _unknowns(known: Known, keys: set[Key], all_year: bool) -> Iterator[list[Key]]:
    """Each unknown, as the cells that it is counted in."""
    years = {key.period for key in keys if len(key.period) == 4}
    quarters = {key.period for key in keys if len(key.period) > 4} | {f"{y}K{n}" for y in years for n in (1, 2, 3, 4)}
    for quarter, kommune, flow in product(sorted(quarters), [*known.landsdele, REST], known.outcomes):
        first = list(begun(known, kommune, flow, quarter))
        yield first
        for outcome, pair in ways(known, flow).items():
            yield [*first, *ended(known, kommune, flow, outcome, pair, quarter)]
            if kommune in known.apart and not all_year:
                yield [*first, *ended(known, kommune, flow, outcome, pair, quarter, moved=True)]
    for key in sorted(keys):
        if key.table == "quality" or (key.table == "hours" and key.column != ALL):
            yield [key]


def ways(known: Known, flow: str) -> dict[str, tuple[str, str]]:
    """The outcomes that a walk of the flow can have; where kommuner have own ones, any level with any rule besides."""
    found = dict(known.outcomes[flow])
    if known.own:
        pairs = [pair for outcomes in known.outcomes.values() for pair in outcomes.values()]
        found |= {f"own {a} {b}": (a, b) for a, b in product({p[0] for p in pairs}, {p[1] for p in pairs})}
    return found
