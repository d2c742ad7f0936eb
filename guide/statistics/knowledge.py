"""What a reader knows of a year, as linear equations: what was published of it, and how what is counted hangs together.

Separate from the release on purpose: it knows the catalogue (`tables.py`), the cells that were published and public
registers, and nothing of the counters. Not here: what follows from the equations (`audit.py`).

| unknown | is how many |
|---|---|
| reached area faggruppe level quarter | walks reached that level |
| used area faggruppe quarter | walks had an answer |
| told faggruppe level rule quarter | walks of the country reached that level with that parents rule |
| topic faggruppe outcome | walks of the country reached that outcome in the year |
| asked row measure quarter | of a question in the country |
| at inside or outside quarter | walks in the country |

Links between tables are soft: a walk may cross the midnight between two quarters, and a fact may come late. One that
contradicts what was published is left out (`audit.py`), as a reader would. Sums within a table hold always.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import inf

from guide.statistics.periods import period
from guide.statistics.tables import ALL, DOMINANT, THRESHOLD, Cell, Key, Status

LAND = "land"
REST = "rest"
"""The area of walks that no kommune is named for: of small kommuner, and with no kommune chosen."""

LANDSDEL, CENTRAL = "landsdel ", "central"
"""Areas that are sums: a landsdel, and the country without the kommuner that are apart."""

APART = " apart"
"""After the name of a kommune: those of its walks that were counted in an installation of its own. Others were not."""

SPLIT = ("use", "level", "professions", "parents", "hours")
"""Tables in which a total stands beside its parts."""

TIMES = round(DOMINANT / (1 - DOMINANT))
"""A column that is not dominant is less than so many times the others of its row."""

Unknown = tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """Public registers that a reader has beside the figures.

    `landsdele`: the landsdel of each kommune that is counted by name; `outcomes`: flow -> outcome -> its level and
    parents rule; `first`: the first question of a flow; `apart`: kommuner with walks from an installation of their
    own in the year: those are not in the country's quarters of professions and parents, nor in topics; `own`: a
    kommune has outcomes that stand for no national one; `undominated`: the rule of dominance is public, so no column
    of a row whose split is told has DOMINANT of it; `unsplit`: kommuner of which no faggruppe is told, so that they
    are not in the rows by faggruppe of their landsdel either.
    """

    landsdele: Mapping[str, str]
    outcomes: Mapping[str, Mapping[str, tuple[str, str]]]
    first: Mapping[str, str]
    apart: frozenset[str] = frozenset()
    own: bool = False
    undominated: bool = True
    unsplit: frozenset[str] = frozenset()


@dataclass
class System:
    """low <= row <= high over unknowns that are whole numbers from 0. A row of a hidden cell is in `hidden`."""

    columns: dict[Unknown, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    soft: list[int] = field(default_factory=list)
    hidden: dict[int, Key] = field(default_factory=dict)

    def add(
        self, plus: Iterable[Unknown], minus: Iterable[Unknown], low: float, high: float, soft: bool = False,
        times: float = 1.0,
    ) -> int:  # fmt: skip
        """A row: the sum of `plus` less `times` that of `minus` lies from `low` to `high`. Returns its number."""
        row = len(self.low)
        for sign, names in ((1.0, plus), (-times, minus)):
            for name in names:
                self.index.append(self.columns.setdefault(name, len(self.columns)))
                self.value.append(sign)
        self.starts.append(len(self.index))
        self.low.append(low)
        self.high.append(high)
        if soft:
            self.soft.append(row)
        return row


def interval(cell: Cell) -> tuple[float, float]:
    """The lowest and the highest true number that a published cell allows by itself."""
    if cell.status is Status.shown:
        if cell.n is None:
            raise ValueError(f"{cell.key}: shown without a number")
        return max(THRESHOLD, cell.n - 2), cell.n + 2
    if cell.status is Status.few:
        return 0, THRESHOLD - 1
    return (0, 0) if cell.status is Status.irrelevant else (0, inf)


def beside(cells: Iterable[Cell]) -> dict[Key, tuple[float, float]]:
    """Cells that were hidden for the sake of the only small one of their row, and between which numbers each lies.

    The rule is public: such a cell is the smallest of those that could be shown. So it is no secret that it is.
    """
    rows: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        key = cell.key
        if key.table in SPLIT and cell.status is not Status.irrelevant and ALL not in _in_row(key):
            rows.setdefault((*_kind(key)[:2], key.area, "" if key.table == "use" else key.row), []).append(cell)
    found = dict[Key, tuple[float, float]]()
    for row in rows.values():
        few, folded = ([c for c in row if c.status is status] for status in (Status.few, Status.folded))
        if len(few) == len(folded) == 1:
            least = min((cell.n + 2 for cell in row if cell.n is not None), default=inf)
            found[folded[0].key] = THRESHOLD, least
    return found


def _in_row(key: Key) -> tuple[str, ...]:
    """What stands for the column: in `use` the split goes over rows."""
    return (key.row,) if key.table == "use" else (key.column,)


def system(cells: Iterable[Cell], known: Known, sums: bool = False) -> System:
    """The equations of a year. `cells`: everything that was published of it, or is about to be.

    `sums`: landsdele and the country are unknowns too, with equations of their own. It says the same in fewer numbers.
    """
    return _Reader(list(cells), known, sums).system


class _Reader:
    """Writes the equations down, one kind after the other."""

    def __init__(self, cells: list[Cell], known: Known, sums: bool) -> None:
        self.known, self.system, self.sums = known, System(), sums
        self.quarters = sorted({q for cell in cells for q in quarters(cell.key)})
        self.flows = sorted(known.outcomes)
        self.apart = {kommune: kommune + APART for kommune in sorted(known.apart) if kommune in known.landsdele}
        self.everywhere = [*sorted(known.landsdele), REST, *self.apart.values()]
        self.pairs = {flow: set(known.outcomes[flow].values()) for flow in self.flows}
        if known.own:
            levels, rules = zip(*(pair for pairs in self.pairs.values() for pair in pairs), strict=True)
            self.pairs = {flow: set(product(levels, rules)) for flow in self.flows}
        self.levels = {flow: sorted({level for level, _ in self.pairs[flow]}) for flow in self.flows}
        self.tables = {cell.key.table for cell in cells}
        if sums:
            self._tree()
        self._links({cell.key for cell in cells})
        never = {_kind(cell.key) for cell in cells if cell.status is Status.irrelevant}
        told = beside(cells)
        for cell in sorted(cells, key=lambda cell: cell.key):
            names = list(self._of(cell.key))
            if names:
                row = self.system.add(names, (), *told.get(cell.key, interval(cell)))
                # What cannot occur anywhere is nothing to find out in a kommune, whatever is said of it there.
                secret = cell.status in (Status.few, Status.folded) and cell.key not in told
                if secret and _kind(cell.key) not in never:
                    self.system.hidden[row] = cell.key
        if known.undominated:
            self._undominated(cells)

    def _undominated(self, cells: list[Cell]) -> None:
        """A column is less than nine times the others. Left out where what is told of the row already says so."""
        rows: dict[tuple[str, str, str, str], list[Cell]] = {}
        for cell in cells:
            if cell.key.table not in ("use", "quality") and cell.status is not Status.irrelevant:
                rows.setdefault((cell.key.table, cell.key.period, cell.key.area, cell.key.row), []).append(cell)
        for name in sorted(rows):
            columns = {cell.key: interval(cell) for cell in sorted(rows[name], key=lambda c: c.key)}
            split = [cell for cell in rows[name] if cell.key.column != ALL]
            whole = max(columns.pop(Key(*name, ALL), (0, 0))[0], sum(low for low, _ in columns.values()))
            if any(cell.status is not Status.folded for cell in split):
                for key, (_, high) in columns.items():
                    if high >= DOMINANT * whole:
                        others = [one for other in columns if other != key for one in self._of(other)]
                        self.system.add(self._of(key), others, -inf, -1 if whole else 0, times=TIMES)

    def _tree(self) -> None:
        """Kommuner make up their landsdel; landsdele and the rest make up the country, with those apart and without.

        A landsdel here is those in its rows by faggruppe; the others are in the country on their own.
        """
        members: dict[str, list[str]] = {CENTRAL: [REST]}
        for kommune, landsdel in sorted(self.known.landsdele.items()):
            split = members.setdefault(LANDSDEL + landsdel, [])
            if kommune in self.known.unsplit:
                members[CENTRAL].append(kommune)
            else:
                split.extend(self._named(kommune))
        members[CENTRAL] += [area for area in members if area != CENTRAL]
        members[LAND] = [CENTRAL]
        in_landsdel = [apart for kommune, apart in self.apart.items() if kommune not in self.known.unsplit]
        for area, within in members.items():
            for kind, *about in self._about():
                less = in_landsdel if area == CENTRAL else ()
                more = self.apart.values() if area == LAND else ()
                plus = [(kind, one, *about) for one in (*within, *more)]
                self.system.add(plus, [(kind, one, *about) for one in (area, *less)], 0, 0)

    def _about(self) -> Iterator[tuple[str, ...]]:
        for flow, quarter in product(self.flows, self.quarters):
            yield "used", flow, quarter
            for level in self.levels[flow]:
                yield "reached", flow, level, quarter

    def _links(self, keys: set[Key]) -> None:
        """What one table tells of another."""
        for area in self.everywhere:
            for flow, quarter in product(self.flows, self.quarters):
                reached = [("reached", area, flow, level, quarter) for level in self.levels[flow]]
                self.system.add(reached, [("used", area, flow, quarter)], -inf, 0, soft=True)
        for kommune, quarter in product(self.apart, self.quarters):
            begun: list[Unknown] = [("used", kommune, flow, quarter) for flow in self.flows]
            ended: list[Unknown] = [
                ("reached", kommune, flow, level, quarter) for flow in self.flows for level in self.levels[flow]
            ]
            # Who has an installation of its own is hardly counted elsewhere: a reader will take it for none.
            self.system.add(begun, (), 0, 0, soft=True)
            self.system.add(ended, (), 0, 0, soft=True)
        if self.tables & {"parents", "topics"}:
            self._rules()
        if "topics" in self.tables:
            self._topics()
        if "hours" in self.tables:
            for quarter in self.quarters:
                used = [name for flow in self.flows for name in self._used(flow, quarter)]
                self.system.add([("at", "inside", quarter), ("at", "outside", quarter)], used, 0, 0, soft=True)
        for row, quarter in sorted({(key.row, key.period) for key in keys if key.table == "quality"}):
            self._question(row, quarter)

    def _rules(self) -> None:
        """Each walk with an outcome has one parents rule."""
        central = self._land(self.apart.values())
        for flow in self.flows:
            for level in self.levels[flow]:
                rules = sorted(rule for at, rule in self.pairs[flow] if at == level)
                for quarter in self.quarters:
                    told = [("told", flow, level, rule, quarter) for rule in rules]
                    reached = [("reached", area, flow, level, quarter) for area in central]
                    self.system.add(told, reached, 0, 0, soft=True)
                if self.apart:
                    apart = product(self.apart.values(), self.quarters)
                    reached = [("reached", one, flow, level, quarter) for one, quarter in apart]
                    self.system.add([("told apart", flow, level, r) for r in rules], reached, 0, 0, soft=True)

    def _topics(self) -> None:
        """Each walk has one outcome, or one of a kommune's own that is no national one."""
        for flow in self.flows:
            for level, rule in sorted(self.pairs[flow]):
                topics = [("topic", flow, o) for o, pair in self.known.outcomes[flow].items() if pair == (level, rule)]
                told = [("told", flow, level, rule, quarter) for quarter in self.quarters]
                self.system.add(topics, told, -inf if self.known.own else 0, 0, soft=True)

    def _question(self, row: str, quarter: str) -> None:
        """Who changes an answer, or does not know, has answered; who answers has seen the question."""
        shown, answered, *others = (
            ("asked", row, measure, quarter) for measure in ("shown", "answered", "changed", "unsure")
        )
        for less, more in ((answered, shown), *((other, answered) for other in others)):
            self.system.add([less], [more], -inf, 0, soft=True)
        flow, _, step = row.partition(".")
        if self.known.first.get(flow) == step:
            self.system.add([answered], self._used(flow, quarter), -inf if self.known.own else 0, 0, soft=True)

    def _used(self, flow: str, quarter: str) -> list[Unknown]:
        return [("used", area, flow, quarter) for area in self._land(())]

    def _land(self, apart: Collection[str]) -> list[str]:
        """What makes up the country without those apart."""
        if self.sums:
            return [CENTRAL if apart else LAND]
        return [area for area in self.everywhere if area not in apart]

    def _of(self, key: Key) -> Iterator[Unknown]:
        """The unknowns that a cell is the sum of; none where nothing could be counted."""
        for quarter in quarters(key):
            if key.table in ("use", "level", "professions"):
                yield from self._walks(key, quarter)
            elif key.table == "parents":
                for level, rule in sorted(self.pairs[key.row]):
                    if key.column in (ALL, rule):
                        yield "told", key.row, level, rule, quarter
            elif key.table == "quality":
                yield "asked", key.row, key.column, quarter
            elif key.table == "hours":
                yield from (("at", at, quarter) for at in ("inside", "outside") if key.column in (ALL, at))
        if key.table == "topics":
            yield "topic", key.row, key.column
        elif key.table == "parents" and self.apart and _is_year(key):
            for level, rule in sorted(self.pairs[key.row]):
                if key.column in (ALL, rule):
                    yield "told apart", key.row, level, rule

    def _walks(self, key: Key, quarter: str) -> Iterator[Unknown]:
        areas = self._areas(key)
        for flow in self.flows if key.row == ALL else [key.row]:
            if key.table == "use":
                yield from (("used", area, flow, quarter) for area in areas)
            else:
                levels = [at for at in self.levels[flow] if key.column in (ALL, at)]
                yield from (("reached", area, flow, at, quarter) for at in levels for area in areas)

    def _named(self, kommune: str) -> list[str]:
        """All that is told under the name of a kommune."""
        return [kommune, self.apart[kommune]] if kommune in self.apart else [kommune]

    def _areas(self, key: Key) -> list[str]:
        """The areas that a row is the sum of. Bornholm is a kommune and a landsdel: it has rows as a kommune."""
        if key.area in self.known.landsdele:
            return self._named(key.area)
        if key.area != LAND:
            within = [kommune for kommune, landsdel in sorted(self.known.landsdele.items()) if landsdel == key.area]
            unsplit = [one for kommune in within if kommune in self.known.unsplit for one in self._named(kommune)]
            split = [one for kommune in within if kommune not in self.known.unsplit for one in self._named(kommune)]
            return [*([LANDSDEL + key.area] if self.sums else split), *(unsplit if key.row == ALL else ())]
        return self._land(self.apart.values() if key.table == "professions" and not _is_year(key) else ())


def _kind(key: Key) -> tuple[str, str, str, str]:
    """A cell without its area."""
    return key.table, key.period, key.row, key.column


def _is_year(key: Key) -> bool:
    return period(key.period).quarter is None


def quarters(key: Key) -> list[str]:
    """The quarters that a cell is about: four for a year."""
    return [str(quarter) for quarter in period(key.period).quarters]
