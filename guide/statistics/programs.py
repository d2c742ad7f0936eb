"""Linear programs over the equations of `knowledge.py`, by HiGHS. Not here: what is asked of them (`search.py`)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from guide.statistics.knowledge import System

EPSILON = 1e-5
"""How far from a whole number a solver may end that means it."""


INNER: dict[str, object] = {"solver": "ipm", "run_crossover": "off", "presolve": "choose"}
"""Ends at a point inside: far from the ends where that is possible."""

VERTEX: dict[str, object] = {"solver": "simplex", "presolve": "off", "simplex_strategy": 4}
"""Goes on from where it ended last, which stays possible when only the aim is another (primal)."""


class NoSolver(RuntimeError):
    """The package of the solver is not installed. The message is Danish."""


def solver() -> Any:
    """The package that solves, and numpy, which comes with it. Raises NoSolver."""
    try:
        import highspy
        import numpy
    except ImportError:
        said = "Kontrollen af nøgletal kræver pakken «highspy». Installér den: pip install 'bekymringsguiden[audit]'."
        raise NoSolver(said) from None
    return highspy, numpy


class Table:
    """The rows of a system as arrays."""

    def __init__(self, rows: System) -> None:
        _, self.np = solver()
        self.start = self.np.array(rows.starts)
        self.index = self.np.array(rows.index, dtype=int)
        self.value = self.np.array(rows.value, dtype=float)
        self.low, self.high = (self.np.array(ends, dtype=float) for ends in (rows.low, rows.high))
        self.row = self.np.repeat(self.np.arange(len(self.low)), self.np.diff(self.start))
        self.size = len(rows.columns)

    def activity(self, point: Any) -> Any:
        """The value of every row at a point."""
        return self.np.bincount(self.row, self.value * point[self.index], minlength=len(self.low))

    def part(self, columns: Any, point: Any | None) -> Program:
        """A program over some columns only. With a point the others stay there (a restriction); without, they may be
        anything, and rows say what they say whatever the others are (a relaxation)."""
        np = self.np
        inside = columns[self.index]
        rows = np.unique(self.row[inside])
        low, high = self.low[rows], self.high[rows]
        if point is None:
            outside = [
                np.bincount(self.row[~inside & s], minlength=len(self.low)) for s in (self.value > 0, self.value < 0)
            ]
            more, less = outside[0][rows] > 0, outside[1][rows] > 0
            low, high = np.where(more, -np.inf, low), np.where(less, np.inf, high)
        else:
            at = self.activity(point)[rows]
            fixed = at - np.bincount(self.row[inside], (self.value * point[self.index])[inside], len(self.low))[rows]
            low, high = np.minimum(low, at) - fixed, np.maximum(high, at) - fixed
        number, place = np.cumsum(columns) - 1, np.searchsorted(rows, self.row[inside])
        start = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(rows)))])
        program = Program(low, high, start, number[self.index[inside]], self.value[inside], int(columns.sum()))
        program.rows = {int(row): n for n, row in enumerate(rows)}
        program.fixed = np.zeros(len(rows)) if point is None else fixed
        return program


class Program:
    """A linear program that is solved again and again with other aims."""

    rows: dict[int, int]
    fixed: Any

    def __init__(self, low: Any, high: Any, start: Any, index: Any, value: Any, size: int, inner: bool = False) -> None:
        highspy, self.np = solver()
        self.low, self.high, self.start, self.index, self.value, self.size = low, high, start, index, value, size
        self.inner = inner
        self.highs = highspy.Highs()
        options: dict[str, object] = {"output_flag": False, "threads": 1, "random_seed": 8}
        for name, setting in {**options, **(INNER if inner else VERTEX)}.items():
            self.highs.setOptionValue(name, setting)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = size, len(low)
        lp.col_cost_, lp.col_lower_ = self.np.zeros(size), self.np.zeros(size)
        lp.col_upper_ = self.np.full(size, highspy.kHighsInf)
        lp.row_lower_, lp.row_upper_ = low, high
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = start, index, value
        self.highs.passModel(lp)
        self.status = highspy.HighsModelStatus

    def toward(self, aims: Mapping[int, float]) -> Any | None:
        """The row values at the point that goes furthest: rows (by own number) down with 1, up with -1.

        None when there is no such point. A program without an upper end gives the rows as infinite.
        """
        cost = self.np.zeros(self.size)
        for row, sign in aims.items():
            part = slice(self.start[row], self.start[row + 1])
            self.np.add.at(cost, self.index[part], sign * self.value[part])
        found = self._run(cost)
        if found == self.status.kOptimal:
            return self.np.array(self.highs.getSolution().row_value)
        if found == self.status.kUnbounded and aims:
            return self.np.full(len(self.low), self.np.inf)
        return None

    def least(self, cost: Any) -> Any | None:
        """The columns at the point where they cost least; None when it is not found."""
        return self.np.array(self.highs.getSolution().col_value) if self._run(cost) == self.status.kOptimal else None

    def _run(self, cost: Any) -> Any:
        """Solves, and once more by vertices where the inner method gives up: what is not found must not look open."""
        self.highs.changeColsCost(self.size, self.np.arange(self.size, dtype=self.np.int32), cost)
        self.highs.run()
        found = self.highs.getModelStatus()
        if found in (self.status.kOptimal, self.status.kInfeasible) or not self.inner:
            return found
        for name, setting in VERTEX.items():
            self.highs.setOptionValue(name, setting)
        self.highs.run()
        found = self.highs.getModelStatus()
        for name, setting in INNER.items():
            self.highs.setOptionValue(name, setting)
        return found

    def clip(self, row: int, low: float, high: float) -> None:
        """Row (by own number) may only be between, for now."""
        self.highs.changeRowBounds(row, max(low, self.low[row]), min(high, self.high[row]))

    def unclip(self, row: int) -> None:
        self.highs.changeRowBounds(row, self.low[row], self.high[row])

    def bounds(self, row: int) -> tuple[float, float] | None:
        """The lowest and the highest value of a row (by own number), as whole numbers; None when it is not found."""
        ends = [self.toward({row: sign}) for sign in (1, -1)]
        if ends[0] is None or ends[1] is None:
            return None
        return whole(float(ends[0][row] + 0), float(ends[1][row]))


def whole(low: float, high: float) -> tuple[float, float]:
    """The whole numbers between two ends, but for what a solver is off. Without a lower end it is zero."""
    low = math.ceil(low - EPSILON) if math.isfinite(low) else 0.0
    return low, math.floor(high + EPSILON) if math.isfinite(high) else high
