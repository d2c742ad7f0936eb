"""Key figures: what can be said of published cells, in numbers and in plain Danish. Pure.

Everything here is worked out from numbers that any reader has: rounded, and only those shown. So nothing here can tell
more than a release did. A finding states a difference and never whether it is good: high can be good, low can be bad.
Not here: what is published (`release.py`), drawings (`chart.py`), what a figure means (`registers/figures.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guide.library.geography import BANDS, COUNTRY, Area, Geography
from guide.model.flow import Level
from guide.statistics.chart import number, percent
from guide.statistics.periods import Period
from guide.statistics.published import Published
from guide.statistics.tables import ALL, BASE, ENOUGH, THRESHOLD, Cell, Status

LEVELS: tuple[str, ...] = tuple(level.value for level in Level)
RAISED: tuple[str, ...] = ("underret", "straks", "akut")
"""The levels that are «underret eller mere»."""

BELOW: tuple[str, ...] = ("undren", "bekymring")

SYMBOLS = {
    "few": "for få",
    "none": "ingen data",
    "irrelevant": "ikke relevant",
}
"""What stands in the place of a number."""

HIDDEN = "skjult, så tallene ikke røber for meget"
"""Why a figure is missing that need not be small: others would give it away, or nearly all walks are alike."""


class How(StrEnum):
    """How «underret eller mere» was found."""

    added = "lagt sammen"
    rest = "resten"
    """All of the row but `undren` and `bekymring`: one of the three levels is not shown alone."""


@dataclass(frozen=True)
class Row:
    """A row of a table: its total and its split, as published; None where there is no data."""

    total: Cell | None
    parts: Mapping[str, Cell | None]

    @property
    def shown(self) -> dict[str, int]:
        """The parts that have a number."""
        return {name: cell.n for name, cell in self.parts.items() if cell and cell.n is not None}

    @property
    def hidden(self) -> bool:
        """Whether the total or the whole split is withheld, so that too few walks need not be the reason."""
        withheld = any(cell and cell.status is Status.folded for cell in (self.total, *self.parts.values()))
        return withheld and not self.shown

    @property
    def few(self) -> list[str]:
        """The parts that are there but not shown."""
        return [name for name, cell in self.parts.items() if cell and cell.status in (Status.few, Status.folded)]


@dataclass(frozen=True)
class Raised:
    """How many walks of a row ended in «underret eller mere», and which share of all: `percent` None when too few."""

    n: int
    of: int
    how: How
    off: int = 0
    """How far `n` can be from the true number: each number it is worked out from is rounded."""

    @property
    def percent(self) -> int | None:
        """A whole per cent, of at least ENOUGH."""
        return percent(self.n, self.of) if self.of >= ENOUGH else None


@dataclass(frozen=True)
class Together:
    """«Underret eller mere» of several kommuner in one: a sum of parts over a sum of wholes, both as published."""

    n: int
    of: int
    counted: tuple[str, ...]
    """Ids of those with numbers that can be used."""
    left_out: tuple[str, ...]

    @property
    def percent(self) -> int | None:
        """A whole per cent, of at least ENOUGH; None when nobody is counted."""
        return percent(self.n, self.of) if self.counted and self.of >= ENOUGH else None


@dataclass(frozen=True)
class Placing:
    """From the first to the last place one may have, of so many that have numbers enough."""

    first: int
    last: int
    of: int

    def __str__(self) -> str:
        """Danish: «plads 9–70 af 94»."""
        place = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        return f"plads {place} af {self.of}"

    @property
    def told(self) -> str:
        """Danish: «plads 9–70 af 94: tallene kan ikke skelne kommunen fra de fleste andre»."""
        alike = self.last - self.first
        if not alike:
            return str(self)
        others = "de fleste andre" if 2 * alike >= self.of else f"{alike} {'anden' if alike == 1 else 'andre'}"
        others = "nogen anden" if alike == self.of - 1 else others
        return f"{self}: tallene kan ikke skelne kommunen fra {others}"


def symbol(cell: Cell | None) -> str:
    """What stands in a table for a cell: its number, or one of SYMBOLS."""
    if cell is None:
        return SYMBOLS["none"]
    if cell.n is not None:
        return number(cell.n)
    return SYMBOLS["irrelevant" if cell.status is Status.irrelevant else "few"]


def per_cent(share: int) -> str:
    """A share in words: «12 %»; «under 1 %», for a cell that is shown is never none."""
    return f"{share} %" if share else "under 1 %"


def share(part: Cell | None, whole: Cell | None) -> int | None:
    """Which whole per cent `part` is of `whole`; None when either is not shown or the whole is under ENOUGH."""
    if part is None or whole is None or part.n is None or whole.n is None or whole.n < ENOUGH:
        return None
    return percent(part.n, whole.n)


def row(published: Published, table: str, of: Period, area: str, name: str, columns: Iterable[str]) -> Row:
    """A row of a table with its total; the total of `use` is its one column."""
    return Row(
        published.cell(table, of, area, name, ALL),
        {column: published.cell(table, of, area, name, column) for column in columns},
    )


def levels(published: Published, of: Period, area: str) -> Row:
    """How the walks of an area ended, by level."""
    return row(published, "level", of, area, ALL, LEVELS)


def levels_of(published: Published, of: Period, area: str, profession: str) -> Row:
    """How the walks of one faggruppe in an area ended, by level; below the country by year only."""
    return row(published, "professions", of, area, profession, LEVELS)


def used(published: Published, of: Period, area: str, profession: str = ALL) -> Cell | None:
    """How many walks began in an area."""
    return published.cell("use", of, area, profession, "forloeb")


def raised(found: Row) -> Raised | None:
    """«Underret eller mere» of a row, from what is shown of it; None when that is not enough.

    Added up where all three levels are shown; else what is left when the two milder ones are taken from the total.
    Less than THRESHOLD is not told, as in a cell.
    """
    shown = found.shown
    total = found.total.n if found.total else None
    if total is None:
        return None
    counted = [name for name in RAISED if not _cannot_be(found.parts.get(name))]
    if counted and all(name in shown for name in counted):
        n, how, rounded = sum(shown[name] for name in counted), How.added, len(counted)
    elif all(name in shown or _cannot_be(found.parts.get(name)) for name in BELOW):
        n, how = total - sum(shown.get(name, 0) for name in BELOW), How.rest
        rounded = 1 + sum(name in shown for name in BELOW)
    else:
        return None
    return Raised(min(n, total), total, how, rounded * (BASE // 2)) if n >= THRESHOLD else None


def _cannot_be(cell: Cell | None) -> bool:
    return cell is not None and cell.status is Status.irrelevant


def together(published: Published, of: Period, areas: Iterable[str]) -> Together:
    """«Underret eller mere» of several kommuner, as one; those without numbers that can be used are left out."""
    found = {area: raised(levels(published, of, area)) for area in areas}
    known = {area: one for area, one in found.items() if one}
    return Together(
        sum(one.n for one in known.values()),
        sum(one.of for one in known.values()),
        tuple(known),
        tuple(area for area in found if area not in known),
    )


def shares(published: Published, of: Period, areas: Iterable[str]) -> dict[str, int]:
    """The share that ended in «underret eller mere» by area, where it can be told."""
    found = {area: raised(levels(published, of, area)) for area in areas}
    return {area: one.percent for area, one in found.items() if one and one.percent is not None}


def named(geography: Geography) -> list[Area]:
    """The kommuner that have figures of their own, in the order of the register."""
    return [area for area in geography.areas.values() if area.band != BANDS[0]]


def neighbours(geography: Geography, kommune: str) -> list[Area]:
    """Those with a border with a kommune, or beyond a bridge or a ferry, that have figures of their own."""
    area = geography.areas[kommune]
    near = dict.fromkeys((*area.neighbours, *area.across))
    return [one for one in map(geography.areas.__getitem__, near) if one.band != BANDS[0]]


def similar(geography: Geography, kommune: str) -> list[Area]:
    """The others of a kommune's group with figures of their own; empty where no groups are known."""
    group = geography.areas[kommune].group
    return [one for one in named(geography) if group and one.group == group and one.id != kommune]


def place(geography: Geography, area: str) -> str:
    """Where, in a sentence: «i Viborg Kommune», «i landsdelen Fyn», «i hele landet»."""
    if area == COUNTRY:
        return "i hele landet"
    found = geography.areas.get(area)
    return f"i {found.full}" if found else f"i landsdelen {geography.landsdele.get(area, area)}"


def change(now: int, before: int) -> str:
    """The difference in words: «15 flere», «20 færre», «lige så mange»."""
    if now == before:
        return "lige så mange"
    return f"{number(abs(now - before))} {'flere' if now > before else 'færre'}"


def use_finding(published: Published, of: Period, area: str, where: str) -> str:
    """How many walks began, and against the period before, when every quarter of both has a number.

    `where`: as `place` says it.
    """
    now, before = used(published, of, area), used(published, of.before, area)
    if now is not None and now.status is Status.folded:
        return f"Tallet {where} i {of.label} er {HIDDEN}"
    if now is None or now.n is None:
        return f"Der er for få forløb {where} i {of.label} til at vise et tal"
    told = f"{number(now.n)} forløb begyndte {where} i {of.label}"
    if before is None or before.n is None or not _whole(published, of.before, area):
        firsts = [one for one in published.years if one.year <= of.year and _whole(published, one, area)]
        return f"{told}, det første år med tal for alle kvartaler" if firsts[:1] == [of] else told
    if not _whole(published, of, area):
        return told
    other = "kvartalet før" if of.quarter else "året før"
    joined = "som" if now.n == before.n else "end"
    return f"{told} – {change(now.n, before.n)} {joined} {other}"


def _whole(published: Published, of: Period, area: str) -> bool:
    """Whether each quarter of a period has a number; if not, a kommune may have begun in the middle of it."""
    cells = [used(published, one, area) for one in of.quarters]
    return all(cell is not None and cell.n is not None for cell in cells)


def joined(published: Published, first: Period, last: Period, areas: Iterable[str]) -> str:
    """That more kommuner have numbers than at first, so more walks need not be more use; empty when not more have."""
    named = list(areas)
    before, now = (
        sum((cell := used(published, one, area)) is not None and cell.n is not None for area in named)
        for one in (first, last)
    )
    if now <= before:
        return ""
    return (
        f"Der er kommet kommuner til: {before} havde tal i {first.label}, {now} i {last.label}. "
        "Flere forløb kan komme af det."
    )


def level_finding(published: Published, of: Period, area: str, where: str) -> str:
    """Which share of those that reached an outcome ended in «underret eller mere», beside the country's."""
    row, all_of_it = levels(published, of, area), raised(levels(published, of, COUNTRY))
    own = raised(row)
    if own is None or own.percent is None:
        return no_share(row, f"{where} i {of.label}")
    told = (
        f"{per_cent(own.percent)} af de forløb {where}, der nåede et udfald i {of.label}, endte i underret eller mere"
    )
    if area == COUNTRY or all_of_it is None or all_of_it.percent is None:
        return told
    return f"{told}; i hele landet var det {per_cent(all_of_it.percent)}"


def no_share(row: Row, where: str) -> str:
    """Why no share is told of a row. `where`: the place and the period, as they stand in a sentence."""
    if row.hidden:
        return f"Fordelingen {where} er {HIDDEN}"
    enough = row.total is not None and row.total.n is not None and row.total.n >= ENOUGH
    if enough:
        return f"En del af tallene {where} er under {THRESHOLD} eller skjult, så der er ingen andel"
    return f"Der er for få forløb {where} til at vise en andel"


def trend_finding(points: Sequence[tuple[Period, int | None]], where: str) -> str:
    """From the first to the last number of a row of quarters; no growth is told where one has no number."""
    known = [(one, n) for one, n in points if n is not None]
    if len(known) < 2:
        return f"Der er endnu for få kvartaler med tal {where} til at vise en udvikling"
    if len(known) < len(points):
        return f"{len(known)} af de seneste {len(points)} kvartaler {where} har forløb nok til at vise et tal"
    (first, low), (last, high) = known[0], known[-1]
    if low == high:
        return f"Der begyndte {number(high)} forløb {where} både i {first.label} og i {last.label}"
    return f"Fra {number(low)} forløb i {first.label} til {number(high)} i {last.label} {where}"


def most(values: Mapping[str, int], whole: Cell | None, where: str, *, named: bool = True) -> str:
    """In whose guidance most walks were, among the faggrupper shown, as a share of the `whole`.

    `values`: number by title; `named` as below.
    """
    if len(values) < 2:
        return f"Der er for få tal {where} til at sammenligne faggrupperne"
    top, bottom = max(values, key=lambda one: values[one]), min(values, key=lambda one: values[one])
    if values[top] == values[bottom]:
        return f"Lige mange forløb i hver faggruppes vejledning {where}: {number(values[top])}"
    if not named:
        return f"Faggrupperne med tal har fra {number(values[bottom])} til {number(values[top])} forløb hver {where}"
    all_of_it = whole.n if whole and whole.n else 0
    share = f"{percent(values[top], all_of_it)} % af forløbene" if all_of_it >= ENOUGH else "Flest forløb"
    return f"{share} {where} er i {_inside(top)}s vejledning. Fagene er ikke lige store"


def spread_finding(values: Mapping[str, int], where: str, *, named: bool = True) -> str:
    """How far the share of «underret eller mere» reaches between faggrupper. `values`: per cent by title.

    `named`: which ones; not of a kommune, where a faggruppe may be one workplace.
    """
    if len(values) < 2:
        return f"Der er for få tal {where} til at sammenligne faggruppernes niveau"
    top, bottom = max(values, key=lambda one: values[one]), min(values, key=lambda one: values[one])
    told = f"Underret eller mere, af de forløb {where}, der nåede et udfald"
    if values[top] == values[bottom]:
        return f"{told}: {per_cent(values[top])} i hver faggruppe"
    low, high = per_cent(values[bottom]), per_cent(values[top])
    if not named:
        return f"{told}: faggrupperne ligger fra {low} til {high}"
    return f"{told}: fra {low} i {_inside(bottom)} til {high} i {_inside(top)}"


def parents_finding(rows: Mapping[str, Row], names: Mapping[str, str], of: Period) -> str:
    """The parents rule whose share reaches farthest between faggrupper, among the shares that are shown.

    `rows` by the title of a faggruppe, `names` of the rules by id.
    """
    best, told = -1, f"Der er for få tal i {of.label} til at sammenligne, hvad guiden sagde om forældrene"
    for rule, name in names.items():
        shares = {title: share(found.parts.get(rule), found.total) for title, found in rows.items()}
        known = {title: n for title, n in shares.items() if n is not None}
        if len(known) > 1 and max(known.values()) - min(known.values()) > best:
            low, high = min(known, key=lambda title: known[title]), max(known, key=lambda title: known[title])
            best = known[high] - known[low]
            ends = f"fra {per_cent(known[low])} i {_inside(low)} til {per_cent(known[high])} i {_inside(high)}"
            told = f"Størst forskel mellem fag i {of.label}: «{name}» {ends}"
    return told


def _inside(title: str) -> str:
    """The title of a flow inside a sentence: «Skolen» → «skolen»."""
    return title[:1].lower() + title[1:]
