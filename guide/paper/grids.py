"""A key figure as it is printed: its finding, drawing, tables and placing. Not here: where the numbers come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from guide.model import KeyFigure
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.lines import REST
from guide.statistics.tables import Cell

STAR = " *"
"""After a share that was worked out as what is left; the table then has a note."""


@dataclass(frozen=True)
class Value:
    """What stands in a table: a number, a symbol or a drawing. `cell`: the published cell that a number is."""

    text: str | Markup
    cell: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table on paper. `own`: the one to look at; `swatch`: how it is drawn elsewhere on the page."""

    name: str
    values: tuple[Value, ...]
    own: bool = False
    swatch: Markup = Markup("")


@dataclass(frozen=True)
class Grid:
    """A table on paper: what it shows, the heads of its columns after the first, its rows; `empty`: if none."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    empty: str = ""

    @property
    def note(self) -> str:
        """What STAR means, where one stands in the table."""
        starred = any(value.text.endswith(STAR) for line in self.lines for value in line.values)
        return f"* {REST[0].upper()}{REST[1:]}." if starred else ""


@dataclass(frozen=True)
class Figure:
    """A key figure on paper. `of`: for which period, in words; `placing`: in words, or why there is none.

    The drawing stands beside the last table, under what it is `drawn` of and over how it is read, `legend`.
    """

    id: str
    word: KeyFigure
    finding: str
    of: str
    grids: tuple[Grid, ...]
    drawing: Markup = Markup("")
    drawn: str = ""
    legend: str = ""
    placing: str = ""
    notes: tuple[str, ...] = ()

    @property
    def long(self) -> bool:
        """Whether it is set closer, so that it stays on its page with room for notes: a drawing and several tables."""
        return bool(self.drawing) and len(self.grids) > 1


def number(cell: Cell | None) -> Value:
    """A published cell as it stands in a table."""
    return Value(key.symbol(cell), f"{cell.key.table}/{cell.key.period}/{cell.key.cell}" if cell else "")


def per_cent(found: int | None) -> Value:
    """A share; too few where there is none."""
    return Value(key.SYMBOLS["few"] if found is None else key.per_cent(found))


def raised(found: key.Raised | None) -> Value:
    """The share in «underret eller mere», with a STAR where it is what is left."""
    told = per_cent(found.percent if found else None)
    return Value(f"{told.text}{STAR}") if found and found.percent is not None and found.how is key.How.rest else told


def share(part: Cell | None, whole: Cell | None) -> Value:
    """A share of published cells; the symbol of the part where that has no number."""
    return Value(key.symbol(part)) if part is None or part.n is None else per_cent(key.share(part, whole))


def bar(found: int | None, most: int, fill: str = "solid") -> Value:
    """A bar beside the number it draws."""
    return Value(chart.bar(found, most, fill))


WHOLE, HIGH = 400.0, 20.0
"""Units of a bar that is a whole: about four times as wide as a column of numbers."""


def split(found: key.Row, fills: Mapping[str, str]) -> Value:
    """A whole, split in its parts: the shares are those of the table, and what is not shown is a dashed frame."""
    if found.total is None or not found.total.n:
        return Value(key.symbol(found.total))
    known = {name: n for name, n in found.shown.items() if n}
    whole, x, drawn = max(found.total.n, sum(known.values())), 1.0, list[str]()
    for name, n in known.items():
        width = (WHOLE - 2) * n / whole
        drawn.append(chart.box(x, 1, width, HIGH - 2, fills[name]))
        told = key.share(found.parts[name], found.total)
        if told is not None and width > 37:
            drawn.append(_plate(x + width / 2, f"{told} %"))
        x += width
    if WHOLE - 1 - x > 4:
        drawn.append(chart.box(x, 1, WHOLE - 1 - x, HIGH - 2, chart.HIDDEN))
    return Value(chart.svg(WHOLE, HIGH, "", drawn, "graf-hele"))


def _plate(x: float, text: str) -> str:
    """A share on a ground of its own, so that it is read on every texture."""
    return (
        f'<rect x="{x - 17:.1f}" y="3" width="34" height="14" fill="{chart.PAPER}"/>'
        f'<text x="{x:.1f}" y="14" text-anchor="middle" font-size="11" font-family="{chart.FONT}" '
        f'font-weight="600">{text}</text>'
    )
