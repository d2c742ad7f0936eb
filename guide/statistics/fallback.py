"""What is withheld when the audit finds a hidden cell too narrow: parts of rows, in fixed order, until all is wide.

A part is what is withheld together: the split of a row, its total, or the outcomes of one level in `topics`. First the
part that the cell stands in; then what it is tied to, from the kommune over one beside it up to the country, the
quarter before the year, and the split before the total. Only parts of the release at hand: what was published stays as
it is. Pure. Not here: what is too narrow (`audit.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from guide.library.geography import COUNTRY
from guide.statistics.periods import period
from guide.statistics.sums import Ground
from guide.statistics.tables import ALL, Cell, Key, Status

SPLIT, TOTAL = "split", ALL

TIED = {
    "use": ("use", "level", "quality", "hours"),
    "level": ("level", "professions", "use"),
    "professions": ("professions", "level", "topics", "parents"),
    "parents": ("parents", "professions", "topics"),
    "quality": ("quality", "use"),
    "topics": ("topics", "parents", "professions"),
    "hours": ("hours", "use"),
}
"""The tables whose numbers add up with those of a table, that one first, the others in the order they are asked."""


class Part(NamedTuple):
    """Cells that are withheld together. `row` is `*` for the faggrupper of `use`, which share one whole."""

    table: str
    period: str
    area: str
    row: str
    what: str

    def __str__(self) -> str:
        return "/".join(self)


class Stuck(Exception):
    """Nothing is left to withhold, and something is still narrow."""


class Fallback:
    """The cells of a release while it is settled."""

    def __init__(self, cells: Iterable[Cell], ground: Ground) -> None:
        self.ground = ground
        self._cells = {cell.key: cell for cell in cells}
        self._parts: defaultdict[Part, list[Key]] = defaultdict(list)
        for key in self._cells:
            for part in self._parts_of(key):
                self._parts[part].append(key)
        self._rows: defaultdict[tuple[str, str, str], list[Part]] = defaultdict(list)
        for part in sorted(self._parts, key=_order):
            self._rows[part[:3]].append(part)
        self._periods = sorted({key.period for key in self._cells}, key=lambda one: (period(one).quarter is None, one))
        self.withheld: list[Part] = []
        self._taken: set[tuple[Part, ...]] = set()

    @property
    def cells(self) -> list[Cell]:
        """All cells as they now stand, sorted."""
        return [self._cells[key] for key in sorted(self._cells)]

    def withhold(self, narrow: Iterable[Key]) -> None:
        """Withhold something for each narrow cell; all choose before anything is taken. Raises Stuck."""
        steps = {self._choice(key) for key in narrow}
        chosen = {part for step in steps for part in step} or set(self._last())
        if not chosen:
            raise Stuck
        for part in sorted(chosen):
            self._take(part)
        self._taken |= steps

    def _choice(self, key: Key) -> tuple[Part, ...]:
        """The first step on the way up that still tells a number; else all that still tell «fewer than»."""
        ladder = list(dict.fromkeys(self._ladder(key)))
        for step in ladder:
            if any(self._has(part, Status.shown) for part in step):
                return step
        return tuple(part for step in ladder for part in step if self._has(part, Status.few))

    def _ladder(self, key: Key) -> Iterator[tuple[Part, ...]]:
        yield from ((part,) for part in self._parts_of(key) if part in self._parts)
        own = _row(key)
        yield from ((p,) for p in self._rows[key.table, key.period, key.area] if p.row == own)
        for area in self._up(key.area):
            for of in self._periods:
                for table in TIED[key.table]:
                    yield from ((part,) for part in self._rows[table, of, area] if _shares(own, part.row))
            if area in self.ground.geography.areas:
                yield from (beside for of in self._periods if (beside := self._beside(key, of)))

    def _beside(self, key: Key, of: str) -> tuple[Part, ...]:
        """The same row of the smallest kommune of the landsdel that tells its total: one of them, and only once.

        Without it the rest of the landsdel is known too well, as where many kommuner have no walks yet.
        """
        geography, row = self.ground.geography, _row(key)
        within = [k for k in geography.within(geography.areas[key.area].landsdel) if k != key.area]
        rows = [tuple(Part(key.table, of, k, row, what) for what in (SPLIT, TOTAL)) for k in within]
        if self._taken.intersection(rows):
            return ()
        totals = [
            (self._cells[self._parts[total][0]].n or 0, (split, total)) for split, total in rows if total in self._parts
        ]
        return min((one for one in totals if one[0]), default=(0, ()))[1]

    def _last(self) -> Iterator[Part]:
        """When nothing near helps: all parts of the lowest level and the finest period that still tell a number."""

        def layer(part: Part) -> tuple[int, int]:
            return len(self._up(part.area)) * -1, self._periods.index(part.period)

        telling = [part for part in self._parts if self._has(part, Status.shown)]
        lowest = min(map(layer, telling), default=None)
        return (part for part in telling if layer(part) == lowest)

    def _up(self, area: str) -> list[str]:
        """An area and those above it."""
        known = self.ground.geography.areas.get(area)
        if known is not None:
            return [area, known.landsdel, COUNTRY] if known.landsdel != area else [area, COUNTRY]
        return [area] if area == COUNTRY else [area, COUNTRY]

    def _parts_of(self, key: Key) -> list[Part]:
        row, what = _row(key), TOTAL if ALL in (key.column, key.row if key.table == "use" else "") else SPLIT
        parts = [Part(key.table, key.period, key.area, row, what)]
        if key.table == "topics" and (known := self.ground.flows.get(key.row)) and key.column in known.outcomes:
            parts.insert(0, Part(*parts[0][:4], known.outcomes[key.column][0]))
        return parts

    def _has(self, part: Part, status: Status) -> bool:
        return any(self._cells[key].status is status for key in self._parts[part])

    def _take(self, part: Part) -> None:
        self.withheld.append(part)
        for key in self._parts[part]:
            if self._cells[key].status is not Status.irrelevant:
                self._cells[key] = Cell(key, None, Status.folded)


def _row(key: Key) -> str:
    return "*" if key.table == "use" else key.row


def _order(part: Part) -> tuple[object, ...]:
    """Finer parts first, the split next, the total last."""
    return part.table, part.period, part.area, {SPLIT: 1, TOTAL: 2}.get(part.what, 0), part.row, part.what


def _shares(own: str, other: str) -> bool:
    """Whether two rows are of the same faggruppe, or one of them of all."""
    mine, theirs = own.partition(".")[0], other.partition(".")[0]
    return mine == theirs or bool({mine, theirs} & {ALL, "*"})


def counted(parts: Iterable[Part]) -> Mapping[str, int]:
    """How many parts of each kind were withheld, by table and what of it."""
    found: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        found[f"{part.table} {part.what if part.what in (SPLIT, TOTAL) else 'level'}"] += 1
    return dict(sorted(found.items()))
