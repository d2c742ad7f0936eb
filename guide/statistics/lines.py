"""Published cells as the lines of a table, each with its number, its share, and the bar that draws it. Pure.

For pages; paper has its own. Not here: what a figure means, and what is said of it (`keyfigures.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.chart import Dot, Part, Point
from guide.statistics.keyfigures import Raised, Row
from guide.statistics.periods import Period
from guide.statistics.published import Published
from guide.statistics.tables import ENOUGH, Cell, Status

QUARTERS = 8
"""How many quarters a trend shows, when there are as many."""

REST = "regnet som resten, fordi et niveau er skjult"
"""Said of a share that was found by taking the two milder levels from all."""

FEW, NONE = key.SYMBOLS["few"], key.SYMBOLS["none"]


@dataclass(frozen=True)
class Line:
    """A row of a table: `n` and `share` as printed. `area`: whose page the label leads to; `own`: made bold."""

    label: str
    n: str
    share: str = ""
    bar: Markup = Markup("")
    swatch: Markup = Markup("")
    area: str = ""
    own: bool = False
    note: str = ""


def split_lines(row: Row, names: Mapping[str, str]) -> list[Line]:
    """A line for each part of a row, with its texture; the total last. `names`: what the parts are called, in order."""
    textures = dict(zip(names, chart.fills(len(names)), strict=True))
    found = list[Line]()
    for part, label in names.items():
        cell, told = row.parts.get(part), key.share(row.parts.get(part), row.total)
        drawn = chart.bar(told, 100, textures[part])
        found.append(Line(label, key.symbol(cell), percent(told, cell), drawn, chart.swatch(textures[part])))
    return [*found, Line("I alt", key.symbol(row.total), own=True)]


def split_chart(row: Row, names: Mapping[str, str], title: str) -> Markup:
    """The same as one bar that is split, with a gap for what is not shown; nothing where no share is told."""
    textures = dict(zip(names, chart.fills(len(names)), strict=True))
    total = row.total.n if row.total and row.total.n else 0
    if len(row.shown) < 2 or total < ENOUGH:
        return Markup("")
    cannot = [name for name, cell in row.parts.items() if cell and cell.status is Status.irrelevant]
    parts = [Part(names[p], row.shown.get(p), textures[p]) for p in names if p not in cannot]
    return chart.stacked(parts, title, total)


def number_lines(cells: Mapping[str, Cell | None], total: Cell | None) -> list[Line]:
    """A line for each label, with its share of the total; the total last."""
    most = max([cell.n for cell in cells.values() if cell and cell.n is not None], default=0)
    found = [
        Line(label, key.symbol(cell), percent(key.share(cell, total), cell), chart.bar(cell.n if cell else None, most))
        for label, cell in cells.items()
    ]
    return [*found, Line("I alt", key.symbol(total), own=True)]


def raised_line(label: str, total: Cell | None, found: Raised | None, *, area: str = "", own: bool = False) -> Line:
    """A line of a comparison: how many walks, and which share of them ended in «underret eller mere»."""
    told = found.percent if found else None
    share = key.per_cent(told) if told is not None else (NONE if total is None else FEW)
    note = REST if found and found.how is key.How.rest and told is not None else ""
    return Line(label, key.symbol(total), share, chart.bar(told, 100), area=area, own=own, note=note)


def level_line(
    published: Published, of: Period, area: str, label: str, *, link: bool = True, own: bool = False
) -> Line:
    """The same of an area, of all its walks."""
    row = key.levels(published, of, area)
    return raised_line(label, row.total, key.raised(row), area=area if link else "", own=own)


def group_line(published: Published, of: Period, areas: Iterable[str], label: str) -> Line:
    """The same of several kommuner in one. The label says how many could be counted."""
    found = key.together(published, of, areas)
    count = len(found.counted)
    said = f"{label} ({count} {'kommune' if count == 1 else 'kommuner'})"
    if not count:
        return Line(said, FEW, FEW)
    share = key.per_cent(found.percent) if found.percent is not None else FEW
    return Line(said, chart.number(found.of), share, chart.bar(found.percent, 100))


def trend(published: Published, area: str, until: Period) -> list[tuple[Period, int | None]]:
    """How many walks began in an area in each of the last quarters, the oldest first."""
    last = until.quarters[-1]
    found = [one for one in published.quarters if one <= last][-QUARTERS:]
    return [(one, cell.n if (cell := key.used(published, one, area)) else None) for one in found]


def trend_chart(points: Iterable[tuple[Period, int | None]], title: str) -> Markup:
    """The same as a line; a quarter without a number is a gap."""
    return chart.line([Point(f"K{one.quarter} {one.year}", n) for one, n in points], title)


def trend_lines(published: Published, area: str, points: Iterable[tuple[Period, int | None]]) -> list[Line]:
    """The same as a table."""
    known = list(points)
    most = max([n for _, n in known if n is not None], default=0)
    return [Line(one.label, key.symbol(key.used(published, one, area)), bar=chart.bar(n, most)) for one, n in known]


def dots(shares: Mapping[str, int], names: Mapping[str, str], own: str, title: str) -> Markup:
    """Every kommune with a share as a dot, one's own marked; nothing when it has none itself or is alone."""
    if own not in shares or len(shares) < 3:
        return Markup("")
    found = {area: Dot(names[area], share) for area, share in shares.items()}
    return chart.strip(list(found.values()), found[own], title)


def percent(share: int | None, part: Cell | None) -> str:
    """A share as it is printed: empty where the part has no number, for which its own symbol stands already."""
    if share is not None:
        return key.per_cent(share)
    return FEW if part is not None and part.n is not None else ""
