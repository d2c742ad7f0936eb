"""The gate of a release: between which numbers a reader who has every release can place each hidden cell.

Each hidden cell is a linear function over the equations of `knowledge.py`; its lowest and highest value are found by
linear programming, exactly. To ask for two optima per cell of a country takes hours, so most cells are settled cheaper,
and only in ways that are certain:

- A point that satisfies every equation is a witness for all cells at once. Witnesses are looked for by moving a few
  kommuner and leaving the others where they are. Two that are NARROWEST apart show that a cell is open.
- Equations left out can only widen. A cell that is narrow by those of its own kommune is narrow.
- What neither settles is asked of all equations together.

Separate from the release on purpose, and knows nothing of its rules. Not here: what is done about a narrow cell.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from guide.statistics.knowledge import LANDSDEL, REST, Known, System, system
from guide.statistics.tables import NARROWEST, Cell, Key

__all__ = ["Audit", "Contradiction", "Known", "Narrow", "NoSolver", "audit"]

EPSILON = 1e-5
"""How far from a whole number a solver may end that means it."""

TOGETHER = (3, 3, 5, 20)
"""Kommuner of a landsdel that are moved at a time when witnesses are looked for; one pass after the other."""

TRIES = 16
"""Witnesses looked for in a group of kommuner, in one pass."""

IN_VAIN = 3
"""So many witnesses without a new open cell end a pass; two of them go all the way down and all the way up."""


class NoSolver(RuntimeError):
    """The package of the solver is not installed. The message is Danish."""


class Contradiction(RuntimeError):
    """No country has these figures: they were not all made from the same counters. The message is Danish."""


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


def audit(cells: Iterable[Cell], known: Known, *, thorough: bool = False) -> Audit:
    """Audits the cells of one calendar year, of all its releases. `thorough`: goes on after the first narrow cells.

    Raises NoSolver and Contradiction.
    """
    solver()
    listed = list(cells)
    search = _Search(listed, known)
    if search.rows.hidden:
        search.run(thorough)
    narrow = tuple(sorted(Narrow(key, *bounds) for key, bounds in search.narrow.items()))
    size = len(search.rows.columns), len(search.rows.low)
    return Audit(
        len(listed), len(search.rows.hidden), narrow, *size, search.loosened, search.witnessed, search.complete
    )


def solver() -> Any:
    """The package that solves, and numpy, which comes with it. Raises NoSolver."""
    try:
        import highspy
        import numpy
    except ImportError:
        said = "Kontrollen af nøgletal kræver pakken «highspy». Installér den: pip install 'bekymringsguiden[audit]'."
        raise NoSolver(said) from None
    return highspy, numpy


class _Table:
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

    def part(self, columns: Any, point: Any | None) -> _Program:
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
        program = _Program(low, high, start, number[self.index[inside]], self.value[inside], int(columns.sum()))
        program.rows = {int(row): n for n, row in enumerate(rows)}
        program.fixed = np.zeros(len(rows)) if point is None else fixed
        return program


class _Program:
    """A linear program that is solved again and again with other aims."""

    rows: dict[int, int]
    fixed: Any

    def __init__(self, low: Any, high: Any, start: Any, index: Any, value: Any, size: int, inner: bool = False) -> None:
        highspy, self.np = solver()
        self.low, self.high, self.start, self.index, self.value, self.size = low, high, start, index, value, size
        self.highs = highspy.Highs()
        options: dict[str, object] = {"output_flag": False, "threads": 1, "random_seed": 8}
        options |= {"solver": "ipm", "run_crossover": "off"} if inner else {"presolve": "off"}
        for name, setting in options.items():
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

    def toward(self, aims: dict[int, int]) -> Any | None:
        """The row values at the point that goes furthest: rows (by own number) down with 1, up with -1.

        None when there is no such point. A program without an upper end gives the rows as infinite.
        """
        cost = self.np.zeros(self.size)
        for row, sign in aims.items():
            part = slice(self.start[row], self.start[row + 1])
            self.np.add.at(cost, self.index[part], sign * self.value[part])
        self.highs.changeColsCost(self.size, self.np.arange(self.size, dtype=self.np.int32), cost)
        self.highs.run()
        found = self.highs.getModelStatus()
        if found == self.status.kOptimal:
            return self.np.array(self.highs.getSolution().row_value)
        if found in (self.status.kUnbounded, self.status.kUnboundedOrInfeasible) and aims:
            return self.np.full(len(self.low), self.np.inf)
        return None

    def clip(self, row: int, low: float, high: float) -> None:
        """Row (by own number) may only be between, for now."""
        self.highs.changeRowBounds(row, max(low, self.low[row]), min(high, self.high[row]))

    def unclip(self, row: int) -> None:
        self.highs.changeRowBounds(row, self.low[row], self.high[row])

    def bounds(self, row: int) -> tuple[float, float]:
        """The lowest and the highest value of a row (by own number), as whole numbers."""
        ends = [self.toward({row: sign}) for sign in (1, -1)]
        if ends[0] is None or ends[1] is None:
            return -math.inf, math.inf
        return _whole(float(ends[0][row] + 0), float(ends[1][row]))


def _whole(low: float, high: float) -> tuple[float, float]:
    low = math.ceil(low - EPSILON) if math.isfinite(low) else 0.0
    return low, math.floor(high + EPSILON) if math.isfinite(high) else high


class _Search:
    """Settles every hidden cell: open, or narrow between two numbers."""

    def __init__(self, cells: Sequence[Cell], known: Known) -> None:
        _, self.np = solver()
        self.known, self.draw = known, random.Random(8)
        self.rows, self.sums = system(cells, known), system(cells, known, sums=True)
        self.table, self.whole = _Table(self.rows), _Table(self.sums)
        self.of = {key: row for row, key in self.sums.hidden.items()}
        self.narrow: dict[Key, tuple[float, float]] = {}
        self.loosened = self.witnessed = 0
        self.complete = True
        hidden = self.rows.hidden
        self.low, self.high = dict.fromkeys(hidden, math.inf), dict.fromkeys(hidden, -math.inf)

    def run(self, thorough: bool) -> None:
        """What is narrow by itself; if there is none, witnesses; then what is left, one by one, by all equations."""
        for kommune in sorted(self.known.landsdele):
            self._alone(kommune)
        if self.narrow and not thorough:
            self.complete = False
            return
        self.point = self._point()
        self._see(dict(enumerate(self.table.activity(self.point))))
        for together in TOGETHER:
            for group in self._groups(together):
                self._witness(group, together > max(TOGETHER[:-1]))
        self.witnessed = sum(map(self._open, self.rows.hidden))
        self._left()

    def _left(self) -> None:
        """What no small move opened: moved together in the whole country, then one by one."""
        left = [row for row, key in self.rows.hidden.items() if not self._open(row) and key not in self.narrow]
        program, vain = self._all(self.whole.low, self.whole.high), 0
        program.fixed = self.np.zeros(len(self.whole.low))
        program.rows = {row: self.of[key] for row, key in self.rows.hidden.items()}
        for n in range(TRIES):
            aims = {row: self._sign(n) for row in left if not self._open(row)}
            vain, left = (vain + 1 if len(aims) == len(left) else 0), list(aims)
            if len(aims) < IN_VAIN or vain > IN_VAIN:
                break
            self._try(program, aims)
        for row in left:
            if not self._open(row):
                self._ask(row, self.rows.hidden[row], program)

    def _alone(self, kommune: str) -> None:
        """The cells of a kommune that its own figures narrow down, whatever the rest of the country does."""
        program = self.whole.part(self._columns(self.sums, [kommune], False), None)
        cells = {n: self.sums.hidden[row] for row, n in program.rows.items() if row in self.sums.hidden}
        own = {n: key for n, key in cells.items() if key.area == kommune}
        low, high = dict.fromkeys(own, math.inf), dict.fromkeys(own, -math.inf)
        for n in range(TRIES // 2):
            left = [n for n in own if high[n] - low[n] < NARROWEST]
            values = program.toward({row: self._sign(n) for row in left}) if left else None
            if values is None:
                break
            for row in left:
                low[row], high[row] = min(low[row], values[row]), max(high[row], values[row])
        for row in own:
            if high[row] - low[row] < NARROWEST:
                bounds = program.bounds(row)
                if bounds[1] - bounds[0] < NARROWEST:
                    self.narrow[own[row]] = bounds

    def _point(self) -> Any:
        """A point inside: every kommune where all equations hold, and far from the ends where possible."""
        full = slice(None)
        program = self._all(self.whole.low, self.whole.high)
        if program.toward({}) is None:
            self._loosen()
            program = self._all(self.whole.low, self.whole.high)
            if program.toward({}) is None:
                raise Contradiction("Tallene modsiger hinanden: intet land kan have dem alle.")
        found = self.np.maximum(self.np.array(program.highs.getSolution().col_value)[full], 0)
        point = self.np.zeros(self.table.size)
        for name, column in self.rows.columns.items():
            point[column] = found[self.sums.columns[name]]
        return point

    def _all(self, low: Any, high: Any) -> _Program:
        t = self.whole
        return _Program(low, high, t.start, t.index, t.value, t.size, inner=True)

    def _loosen(self) -> None:
        """Leaves out the links between tables that no country with these figures obeys; the least that will do."""
        np, soft = self.np, np_array(self.sums.soft, self.np)
        t, n = self.whole, len(soft)
        row = np.concatenate([t.row, soft, soft])
        index = np.concatenate([t.index, t.size + np.arange(2 * n)])
        value = np.concatenate([t.value, np.ones(n), -np.ones(n)])
        order = np.argsort(row, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(t.low)))])
        program = _Program(t.low, t.high, start, index[order], value[order], t.size + 2 * n, inner=True)
        program.highs.changeColsCost(2 * n, np.arange(t.size, t.size + 2 * n, dtype=np.int32), np.ones(2 * n))
        program.highs.run()
        slack = np.array(program.highs.getSolution().col_value)[t.size :]
        wrong = (slack[:n] + slack[n:]) > 1e-3
        self.loosened = int(wrong.sum())
        for table, rows in ((self.whole, self.sums), (self.table, self.rows)):
            at = np_array(rows.soft, np)[wrong]
            table.low[at], table.high[at] = -np.inf, np.inf

    def _groups(self, together: int) -> Iterator[tuple[str, ...]]:
        """Kommuner of one landsdel, a few at a time, never one alone; and the country's own tables."""
        within: dict[str, list[str]] = {}
        for kommune, landsdel in sorted(self.known.landsdele.items()):
            within.setdefault(landsdel, []).append(kommune)
        for kommuner in within.values():
            self.draw.shuffle(kommuner)
            parts = max(1, len(kommuner) // together)
            yield from (tuple(kommuner[n::parts]) for n in range(parts))
        yield ()

    def _columns(self, rows: System, areas: Iterable[str], country: bool) -> Any:
        """Which columns are of these areas; with `country` also those that are of the country only."""
        areas, mask = set(areas), self.np.zeros(len(rows.columns), dtype=bool)
        for name, column in rows.columns.items():
            mask[column] = name[1] in areas if name[0] in ("used", "reached") else country
        return mask

    def _witness(self, group: tuple[str, ...], wide: bool) -> None:
        """Looks for points far apart by moving some kommuner and the rest of the country; `wide`: its tables too."""
        targets = [row for row, key in self.rows.hidden.items() if not self._open(row) and self._is_of(key, group)]
        if not targets:
            return
        program = self.table.part(self._columns(self.rows, (*group, REST), wide or not group), self.point)
        targets, vain, left = [row for row in targets if row in program.rows], 0, len(targets)
        for n in range(TRIES * (2 if wide else 1)):
            aims = {row: self._sign(n) for row in targets if not self._open(row)}
            vain, left = (vain + 1 if len(aims) == left else 0), len(aims)
            if not aims or vain > IN_VAIN:
                return
            self._try(program, aims)

    def _sign(self, n: int) -> int:
        return (1, -1)[n] if n < 2 else self.draw.choice((1, -1))

    def _is_of(self, key: Key, group: tuple[str, ...]) -> bool:
        return key.area in group or key.area not in self.known.landsdele

    def _try(self, program: _Program, aims: dict[int, int]) -> None:
        """One witness. A cell is pulled only as far as it must go, so that there is room for the others."""
        own = {program.rows[row]: sign for row, sign in aims.items()}
        if len(aims) > 1:
            for row, sign in aims.items():
                n, (low, high) = program.rows[row], _whole(self.low[row], self.high[row])
                ends = (high - NARROWEST, math.inf) if sign > 0 else (-math.inf, low + NARROWEST)
                program.clip(n, *(end - program.fixed[n] for end in ends))
        values = program.toward(own)
        for n in own:
            program.unclip(n)
        if values is not None:
            self._see({row: float(values[n] + program.fixed[n]) for row, n in program.rows.items() if row in self.low})

    def _see(self, values: dict[int, float]) -> None:
        for row in self.low.keys() & values.keys():
            self.low[row], self.high[row] = min(self.low[row], values[row]), max(self.high[row], values[row])

    def _open(self, row: int) -> bool:
        low, high = _whole(self.low[row], self.high[row])
        return high - low >= NARROWEST

    def _ask(self, row: int, key: Key, program: _Program) -> None:
        """One cell: by its own area's equations, and if those leave it open by all."""
        for small in self._relaxations(key):
            low, high = small.bounds(small.rows[self.of[key]])
            if high - low < NARROWEST:
                self.narrow[key] = low, high
                return
        for sign in (1, -1):
            if not self._open(row):
                self._try(program, {row: sign})
        if not self._open(row):
            self.narrow[key] = _whole(self.low[row], self.high[row])

    def _relaxations(self, key: Key) -> Iterator[_Program]:
        kommune = key.area in self.known.landsdele
        areas = [key.area] if kommune else [LANDSDEL + key.area, "land", "central"]
        yield self.whole.part(self._columns(self.sums, areas, key.area == "land"), None)


def np_array(values: Sequence[int], np: Any) -> Any:
    return np.array(values, dtype=int)
