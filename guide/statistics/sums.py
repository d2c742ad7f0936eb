"""From counters to the true rows of a quarter or a year: who is in which area, and what can occur at all.

The only reader of counters beside `guide stats`. Not here: what of it may be shown (`control.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from guide.library.geography import BANDS, COUNTRY, OTHERS, Geography
from guide.library.library import NOWHERE, Library
from guide.model.flow import Flow, Level, Parents
from guide.statistics.control import Row
from guide.statistics.periods import Period
from guide.statistics.tables import ALL
from guide.usage.counters import MEASURES, UNSURE

Counters = Mapping[tuple[str, str, str], int]
"""(period, tab, cell) -> n, as the database holds them."""

LEVELS = tuple(level.value for level in Level)
PARENTS = tuple(rule.value for rule in Parents)
HOURS = ("inside", "outside")
WALKS = "forloeb"
"""The one column of `use`."""


@dataclass(frozen=True)
class Ways:
    """What a flow can give: (level, parents rule) by outcome; whether a question can be answered «ved ikke»."""

    start: str
    outcomes: Mapping[str, tuple[str, str]]
    questions: Mapping[str, bool]


@dataclass(frozen=True)
class Ground:
    """What a release stands on besides the counters; all of it is public.

    `examples`: made-up kommuner. `apart`: kommuner whose counters came by import this year: they have no topics, and
    their professions and parents by year only. `own`: some kommune has own outcomes that stand for no national one.
    """

    geography: Geography
    flows: Mapping[str, Ways]
    examples: frozenset[str] = frozenset()
    apart: frozenset[str] = frozenset()
    own: bool = False
    content: str = field(default="", compare=False)
    """The hash of the content, for the log."""


def ground(library: Library, apart: Iterable[str] = ()) -> Ground:
    """The ground of a release of this library."""
    examples = frozenset(name for name, kommune in library.municipalities.items() if kommune.example)
    flows = {name: ways(playable.flow) for name, playable in sorted(library.flows.items())}
    return Ground(library.geography, flows, examples, frozenset(apart), content=library.digest)


def ways(flow: Flow) -> Ways:
    """What a flow can give."""
    outcomes = {name: (outcome.level.value, outcome.parents.value) for name, outcome in flow.outcomes.items()}
    questions = {name: UNSURE in question.options for name, question in flow.questions.items()}
    return Ways(flow.start, outcomes, questions)


class Sums:
    """The counters of one quarter or year, added up by what is published. Cells of no known kommune are left out."""

    def __init__(self, counters: Counters, of: Period, ground: Ground) -> None:
        self.period, self.ground = of, ground
        self.use: Counter[tuple[str, str]] = Counter()
        """(kommune, faggruppe); small kommuner are OTHERS."""
        self.level: Counter[tuple[str, str]] = Counter()
        """(kommune, level)."""
        self.joint: Counter[tuple[str, str, str]] = Counter()
        """(kommune, faggruppe, level); of a year only."""
        self.national: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
        """By table, the parts of the cell."""
        quarters, year = {str(quarter) for quarter in of.quarters}, str(of.year)
        within = {*of.months, *quarters} | ({year} if of.quarter is None else set())
        for (period, tab, cell), n in counters.items():
            if period in within:
                self._add(tab, tuple(cell.split("/")), n, period == year)

    def _add(self, tab: str, parts: tuple[str, ...], n: int, yearly: bool) -> None:
        if tab not in ("use", "level"):
            self.national[tab][parts] += n
            return
        kommune = self.ground.geography.counted_as(parts[0])
        if kommune not in self.ground.geography.areas and kommune not in (OTHERS, NOWHERE):
            return
        if tab == "use" and len(parts) == 2:
            self.use[kommune, parts[1]] += n
        elif len(parts) == 2:
            self.level[kommune, parts[1]] += n
        elif yearly and len(parts) == 3:
            self.joint[kommune, parts[1], parts[2]] += n

    @property
    def flows(self) -> list[str]:
        """The faggrupper: those there are, and those that were counted."""
        counted = {flow for _, flow in self.use} | {flow for _, flow, _ in self.joint}
        return sorted({*self.ground.flows, *counted, *(parts[0] for parts in self.national["professions"])})

    def levels(self, flow: str | None = None) -> set[str]:
        """Levels that can occur, or did anywhere in the country: of a flow, or of any."""
        given = {level for name in ([flow] if flow else self.flows) for level in self._given(name, 0)}
        given |= {level for _, level in self.level if flow is None}
        given |= {level for _, name, level in self.joint if flow in (None, name)}
        return given | {parts[1] for parts in self.national["professions"] if flow in (None, parts[0])}

    def parents(self, flow: str) -> set[str]:
        """Parents rules that can occur in a flow, or did."""
        return self._given(flow, 1) | {parts[1] for parts in self.national["parents"] if parts[0] == flow}

    def _given(self, flow: str, what: int) -> set[str]:
        known = self.ground.flows.get(flow)
        return {outcome[what] for outcome in known.outcomes.values()} if known else set()


def rows(counters: Counters, of: Period, ground: Ground) -> Iterator[Row]:
    """Every row of the catalogue for a quarter or a year."""
    sums = Sums(counters, of, ground)
    for area, kommuner, large in _areas(ground):
        yield from _use(sums, area, kommuner, large)
        yield _level(sums, area, kommuner)
        if of.quarter is None:
            yield from _local_professions(sums, area, large)
    everyone = [*ground.geography.areas, OTHERS, NOWHERE]
    yield from _use(sums, COUNTRY, everyone, everyone)
    yield _level(sums, COUNTRY, everyone)
    for flow in sums.flows:
        yield _national(sums, "professions", flow, LEVELS, sums.levels(flow))
        yield _national(sums, "parents", flow, PARENTS, sums.parents(flow))
    yield from _topics(sums) if of.quarter is None else _quarterly(sums)


def _areas(ground: Ground) -> Iterator[tuple[str, list[str], list[str]]]:
    """Areas below the country: id, the kommuner in it, and those of them that are in its rows by faggruppe.

    These are kommuner in which enough live. Were the others in the landsdel's faggrupper, it less its kommuner would
    tell theirs. A landsdel of one kommune has no rows of its own: they would tell what that kommune's own rows hide.
    """
    areas = ground.geography.areas
    for area in areas.values():
        if area.band != BANDS[0]:
            yield area.id, [area.id], [area.id] if area.band == BANDS[2] else []
    for landsdel in ground.geography.landsdele:
        kommuner = ground.geography.within(landsdel)
        if len(kommuner) > 1:
            yield landsdel, kommuner, [name for name in kommuner if areas[name].band == BANDS[2]]


def _use(sums: Sums, area: str, kommuner: list[str], large: list[str]) -> Iterator[Row]:
    period = str(sums.period)
    for flow in sums.flows:
        n = sum(sums.use[kommune, flow] for kommune in large)
        yield Row("use", period, area, flow, {WALKS: n}, split=False, folded=not large)
    total = sum(sums.use[kommune, flow] for kommune in kommuner for flow in sums.flows)
    yield Row("use", period, area, ALL, {WALKS: total}, split=False)


def _row(sums: Sums, table: str, area: str, row: str, counts: Mapping[str, int], every: Iterable[str]) -> Row:
    """A row with a total, whose columns are `every`; those that `counts` lacks cannot occur."""
    impossible = frozenset(every) - counts.keys()
    return Row(table, str(sums.period), area, row, counts, sum(counts.values()), impossible)


def _level(sums: Sums, area: str, kommuner: list[str]) -> Row:
    counts = {level: sum(sums.level[kommune, level] for kommune in kommuner) for level in sums.levels()}
    return _row(sums, "level", area, ALL, counts, LEVELS)


def _local_professions(sums: Sums, area: str, large: list[str]) -> Iterator[Row]:
    for flow in sums.flows:
        counts = {level: sum(sums.joint[k, flow, level] for k in large) for level in sums.levels(flow)}
        row = _row(sums, "professions", area, flow, counts, LEVELS)
        yield row if large else Row(*_named(row), row.counts, row.total, row.impossible, folded=True)


def _named(row: Row) -> tuple[str, str, str, str]:
    return row.table, row.period, row.area, row.row


def _national(sums: Sums, table: str, flow: str, every: Iterable[str], possible: set[str]) -> Row:
    counted = sums.national[table]
    return _row(sums, table, COUNTRY, flow, {column: counted[flow, column] for column in possible}, every)


def _topics(sums: Sums) -> Iterator[Row]:
    """Only outcomes that the content has today: one that is gone is in the totals of the other tables."""
    for flow, known in sums.ground.flows.items():
        counts = {outcome: sums.national["topics"][flow, outcome] for outcome in known.outcomes}
        yield Row("topics", str(sums.period), COUNTRY, flow, counts)


def _quarterly(sums: Sums) -> Iterator[Row]:
    """What is told by quarter and not by year: questions and hours."""
    counted = sums.national["quality"]
    for flow, known in sums.ground.flows.items():
        for step, unsure in known.questions.items():
            counts = {measure: counted[flow, step, measure] for measure in MEASURES}
            impossible = frozenset() if unsure or counts["unsure"] else frozenset({"unsure"})
            kept = {measure: n for measure, n in counts.items() if measure not in impossible}
            yield Row("quality", str(sums.period), COUNTRY, f"{flow}.{step}", kept, None, impossible, split=False)
    hours = {column: sums.national["hours"][(column,)] for column in HOURS}
    yield _row(sums, "hours", COUNTRY, ALL, hours, HOURS)
