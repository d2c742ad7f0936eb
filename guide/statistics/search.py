"""The search of an audit: every hidden cell is shown to be open, or narrow between two numbers.

What is certain, and why, is told in `audit.py`. Not here: the equations (`knowledge.py`) and the programs
(`programs.py`).
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guide.statistics.knowledge import APART, LANDSDEL, REST, Known, System, Unknown, system
from guide.statistics.programs import Program, Table, solver, whole
from guide.statistics.tables import NARROWEST, THRESHOLD, Cell, Key, Status

TOGETHER = (3, 3)
"""Kommuner of a landsdel that are moved at a time when witnesses are looked for; one pass after the other."""

BESIDE = 4
"""Kommuner that may move with the one whose cells are asked for singly."""

TRIES = 16
"""Witnesses looked for in a group of kommuner, in one pass."""

FEW = 4
"""Fewer cells than these are sooner asked for one by one than together in the whole country."""

TOGETHER_AT_MOST = 60
"""Solutions of the whole country that are looked for; each opens some dozens of cells, or fewer than FEW end it."""

IN_VAIN = 3
"""So many witnesses without a new open cell end a pass; two of them go all the way down and all the way up."""


CONTRADICTION = "Tallene modsiger hinanden: intet land kan have dem alle. Er databasen hel? Intet er udgivet."


class Contradiction(RuntimeError):
    """No country has these figures: they were not all made from the same counters. The message is Danish."""


@dataclass(frozen=True)
class Before:
    """What an audit leaves for the next one of the same figures with more withheld."""

    cells: Mapping[Key, Cell] = field(default_factory=dict)
    known: Known | None = None
    open: frozenset[Key] = frozenset()
    wide: frozenset[str] = frozenset()
    """Kommuner whose own figures make nothing narrow."""
    point: Mapping[Unknown, float] = field(default_factory=dict)
    """A country that has these figures."""

    def holds(self, cells: Mapping[Key, Cell], known: Known) -> bool:
        """Whether these are the same figures with more withheld, for the same reader."""
        if known != self.known or cells.keys() != self.cells.keys():
            return False
        return all(cell == self.cells[key] or cell.status is Status.folded for key, cell in cells.items())


class Search:
    """Settles every hidden cell: open, or narrow between two numbers."""

    rows: System
    table: Table
    point: Any

    def __init__(self, cells: Sequence[Cell], known: Known, before: Before) -> None:
        _, self.np = solver()
        self.cells, self.known, self.before, self.draw = cells, known, before, random.Random(8)
        self.sums = system(cells, known, sums=True)
        self.whole = Table(self.sums)
        self.of = {key: row for row, key in self.sums.hidden.items()}
        self.narrow: dict[Key, tuple[float, float]] = {}
        self.loosened = self.witnessed = 0
        self.complete, self.wide = True, set(before.wide)
        self.low = {key: -math.inf if key in before.open else math.inf for key in self.of}
        self.high = {key: math.inf if key in before.open else -math.inf for key in self.of}
        self.within: defaultdict[str, list[str]] = defaultdict(list)
        for kommune, landsdel in sorted(known.landsdele.items()):
            self.within[landsdel].append(kommune)

    def leaves(self) -> tuple[frozenset[Key], frozenset[str], Mapping[Unknown, float]]:
        """What the next audit need not ask again."""
        point = self.before.point
        if self.complete and self.sums.hidden:
            point = {name: float(self.point[column]) for name, column in self.rows.columns.items()}
        return frozenset(key for key in self.of if self._open(key)), frozenset(self.wide), point

    def run(self, thorough: bool) -> None:
        """What is narrow by itself; if there is none, witnesses; then what is left, one by one, by all equations."""
        for kommune in sorted(self.known.landsdele.keys() - self.wide):
            self._alone(kommune)
        if self.narrow and not thorough:
            self.complete = False
            return
        self.rows = system(self.cells, self.known)
        self.table, self.number = Table(self.rows), {key: row for row, key in self.rows.hidden.items()}
        self.point = self._point()
        at = self.table.activity(self.point)
        self._see({key: float(at[row]) for key, row in self.number.items()})
        for together in TOGETHER:
            for group in self._groups(together):
                self._witness(group)
        self._together()
        self._singly()
        self.witnessed = sum(map(self._open, self.of))
        self._left()

    def _unsettled(self) -> list[Key]:
        return [key for key in self.of if not self._open(key) and key not in self.narrow]

    def _alone(self, kommune: str) -> None:
        """The cells of a kommune that its own figures narrow down, whatever the rest of the country does."""
        own = [key for key in self.of if key.area == kommune and not self._open(key)]
        if own:
            self._relaxed(own, self.whole.part(self._columns(self.sums, [kommune], False), None))
        if not any(key in self.narrow for key in own):
            self.wide.add(kommune)

    def _relaxed(self, keys: Iterable[Key], program: Program) -> None:
        """Which of these cells are narrow in a program that leaves equations out."""
        own = {program.rows[self.of[key]]: key for key in keys}
        low, high = dict.fromkeys(own, math.inf), dict.fromkeys(own, -math.inf)
        for n in range(TRIES // 2):
            left = [row for row in own if high[row] - low[row] < NARROWEST]
            values = program.toward({row: self._sign(n) for row in left}) if left else None
            if values is None:
                break
            for row in left:
                low[row], high[row] = min(low[row], values[row]), max(high[row], values[row])
        for row in own:
            if high[row] - low[row] < NARROWEST:
                bounds = program.bounds(row)
                if bounds and bounds[1] - bounds[0] < NARROWEST:
                    self.narrow[own[row]] = bounds

    def _point(self) -> Any:
        """A point inside: every kommune where all equations hold, and far from the ends where possible."""
        if self.before.point:
            return self.np.array([self.before.point[name] for name in self.rows.columns])
        program = self._all()
        if program.toward({}) is None:
            self._loosen()
            program = self._all()
            if program.toward({}) is None:
                raise Contradiction(CONTRADICTION)
        return self._spread(self.np.array(program.highs.getSolution().col_value))

    def _all(self) -> Program:
        """All equations of the country."""
        t = self.whole
        return Program(t.low, t.high, t.start, t.index, t.value, t.size, inner=True)

    def _loosen(self) -> None:
        """Leaves out the links between tables that no country with these figures obeys; the least that will do."""
        np, t = self.np, self.whole
        soft = np.array(self.sums.soft, dtype=int)
        n = len(soft)
        row = np.concatenate([t.row, soft, soft])
        index = np.concatenate([t.index, t.size + np.arange(2 * n)])
        value = np.concatenate([t.value, np.ones(n), -np.ones(n)])
        order = np.argsort(row, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(t.low)))])
        # By vertices: an inner point would spread what is too much over many links, and leave out more than need be.
        program = Program(t.low, t.high, start, index[order], value[order], t.size + 2 * n)
        found = program.least(np.concatenate([np.zeros(t.size), np.ones(2 * n)]))
        if found is None:
            raise Contradiction(CONTRADICTION)
        slack = found[t.size :]
        wrong = (slack[:n] + slack[n:]) > 1e-3
        self.loosened = int(wrong.sum())
        for table, rows in ((self.whole, self.sums), (self.table, self.rows)):
            at = np.array(rows.soft, dtype=int)[wrong]
            table.low[at], table.high[at] = -np.inf, np.inf

    def _groups(self, together: int) -> Iterator[tuple[str, ...]]:
        """Kommuner of one landsdel, a few at a time, never one alone; and the country's own tables."""
        for members in self.within.values():
            kommuner = list(members)
            self.draw.shuffle(kommuner)
            parts = max(1, len(kommuner) // together)
            yield from (tuple(kommuner[n::parts]) for n in range(parts))
        yield ()

    def _columns(self, rows: System, areas: Iterable[str], country: bool) -> Any:
        """Which columns are of these areas; with `country` also those that are of the country only."""
        areas = {name for area in areas for name in (area, area + APART)}
        mask = self.np.zeros(len(rows.columns), dtype=bool)
        for name, column in rows.columns.items():
            mask[column] = name[1] in areas if name[0] in ("used", "reached") else country
        return mask

    def _moving(self, group: Iterable[str], country: bool) -> Program:
        """A program in which some kommuner and the rest of the country move, and nothing else."""
        return self.table.part(self._columns(self.rows, (*group, REST), country), self.point)

    def _witness(self, group: tuple[str, ...]) -> None:
        """Looks for points far apart by moving some kommuner, or for none of them the country's own tables."""
        targets = [k for k in self._unsettled() if k.area in group or k.area not in self.known.landsdele]
        if not targets:
            return
        program = self._moving(group, not group)
        targets, vain, left = [key for key in targets if self.number[key] in program.rows], 0, len(targets)
        for n in range(TRIES):
            aims = {key: self._sign(n, key) for key in targets if not self._open(key)}
            vain, left = (vain + 1 if len(aims) == left else 0), len(aims)
            if not aims or vain > IN_VAIN:
                return
            self._try(program, aims)

    def _sign(self, n: int, key: Key | None = None) -> float:
        """Down with 1, up with -1: first all one way, then the other, then by chance, but never where the end is met.

        Cells that share a small whole cannot all go up at once: by chance too, some are pulled harder than others.
        """
        if n < 2 or key is None:
            return (1, -1)[n] if n < 2 else self.draw.choice((1, -1))
        ended = -1 if self.low[key] < 1 else 1 if self.high[key] > THRESHOLD - 2 else 0
        return (ended or self.draw.choice((1, -1))) * self.draw.uniform(0.1, 1)

    def _try(self, program: Program, aims: Mapping[Key, float]) -> None:
        """One witness for many. A cell is pulled only as far as it must go, so that there is room for the others."""
        own = {program.rows[self.number[key]]: sign for key, sign in aims.items()}
        for key, sign in aims.items():
            n, (low, high) = program.rows[self.number[key]], whole(self.low[key], self.high[key])
            ends = (high - NARROWEST, math.inf) if sign > 0 else (-math.inf, low + NARROWEST)
            program.clip(n, *(end - program.fixed[n] for end in ends))
        self._take(program, program.toward(own))
        for n in own:
            program.unclip(n)

    def _take(self, program: Program, values: Any | None) -> None:
        if values is not None and self.np.isfinite(values).all():
            rows = program.rows
            there = {key: rows[row] for key, row in self.number.items() if row in rows}
            self._see({key: float(values[n] + program.fixed[n]) for key, n in there.items()})

    def _see(self, values: Mapping[Key, float]) -> None:
        for key, value in values.items():
            self.low[key], self.high[key] = min(self.low[key], value), max(self.high[key], value)

    def _open(self, key: Key) -> bool:
        low, high = self.low[key], self.high[key]
        if math.isinf(low) or math.isinf(high):
            return high > low
        low, high = whole(low, high)
        return high - low >= NARROWEST

    def _spread(self, found: Any) -> Any:
        """A solution of all equations as a point of the unknowns."""
        found = self.np.maximum(found, 0)
        return self.np.array([found[self.sums.columns[name]] for name in self.rows.columns])

    def _together(self) -> None:
        """What no small move opened, moved together in the whole country: few solutions, each takes seconds."""
        left, vain = self._unsettled(), 0
        if len(left) < FEW:
            return
        program = self._all()
        program.rows = {self.number[key]: self.of[key] for key in self.number}
        program.fixed = self.np.zeros(len(self.whole.low))
        for _ in range(TOGETHER_AT_MOST):
            aims = {key: self._sign(2, key) for key in left}
            self._try(program, aims)
            left = [key for key in left if not self._open(key)]
            vain = vain + 1 if len(aims) - len(left) < FEW else 0
            if len(left) < FEW or vain > 1:
                return

    def _singly(self) -> None:
        """What no common move opened, cell by cell: first beside a few kommuner of its landsdel, then beside all."""
        for some in (True, False):
            by_area = defaultdict[str, list[Key]](list)
            for key in self._unsettled():
                by_area[key.area].append(key)
            for area, keys in by_area.items():
                landsdel = self.known.landsdele.get(area, area)
                beside = [one for one in self.within.get(landsdel, ()) if one != area]
                self.draw.shuffle(beside)
                kommune = area in self.known.landsdele
                group = (area, *beside[:BESIDE]) if some and kommune else (area, *beside)
                if some and not kommune:
                    continue
                if not some and kommune:
                    self._relaxed(keys, self._landsdel(landsdel))
                    keys = [key for key in keys if key not in self.narrow]
                if keys:
                    self._pull(self._moving(group, not some), keys)

    def _landsdel(self, landsdel: str) -> Program:
        """The equations of a landsdel, whatever the others do."""
        areas = [*self.within[landsdel], LANDSDEL + landsdel]
        return self.whole.part(self._columns(self.sums, areas, False), None)

    def _pull(self, program: Program, keys: Iterable[Key]) -> None:
        """Each cell as far down and up as it goes."""
        for key in keys:
            row = program.rows.get(self.number[key])
            for sign in (-1, 1) if self.low[key] < 1 else (1, -1):
                if row is not None and not self._open(key):
                    values = program.toward({row: sign})
                    if values is not None and math.isinf(values[row]):
                        self.high[key] = math.inf  # only this cell has no end; nothing is known of the others
                    self._take(program, values)

    def _left(self) -> None:
        """What is still unsettled is asked of all equations together: exactly, and slowly."""
        left = self._unsettled()
        if not left:
            return
        program = self._all()
        for key in left:
            if not self._open(key):
                low, high = program.bounds(self.of[key]) or (0.0, 0.0)  # a solver that gives up opens nothing
                if high - low < NARROWEST:
                    self.narrow[key] = low, high
                else:
                    self.low[key], self.high[key] = low, high
