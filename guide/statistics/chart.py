"""Charts as SVG, drawn here: bars for the cells of a table, a split bar, a line by period, a strip of dots, textures.

Pure: numbers in, Markup out. What a picture shows also stands in the table beside it; a picture alone says nothing that
is not there. Only presentation attributes, no `style`, no id, no script: the same drawing stands in a page under a
strict CSP, in a PDF and on grey paper. Categories are told apart by texture, from light to dark, never by hue alone.
Not here: which figure is shown (`keyfigures.py`), and the map of the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

INK, PAPER, TINT, GREY = "#1a4a7a", "#ffffff", "#dbe6f1", "#595959"
"""The one colour of all charts, the ground, its light tint, and what is only said beside."""

FILLS = ("plain", "dots", "rising", "upright", "cross", "solid")
"""Textures from light to dark; the n-th category of a split has the n-th, the last the last."""

HIDDEN = "hidden"
"""The texture of what is not shown: a dashed frame with nothing in it."""

BLACK = "#1a1a1a"
FONT = "IBM Plex Sans, Plex, sans-serif"
WIDE = 320
"""Units across: about a telephone in pixels, so that words in a drawing are as large there as beside it."""


@dataclass(frozen=True)
class Part:
    """A piece of a split: `n` None where it is not shown. `fill`: one of FILLS."""

    label: str
    n: int | None
    fill: str


@dataclass(frozen=True)
class Point:
    """One period on a line; `n` None where there is nothing to show. `label`: short, under the line.

    `symbol`: what stands in the place of a number.
    """

    label: str
    n: int | None
    symbol: str = "for få"


@dataclass(frozen=True)
class Dot:
    """One area on a strip, a whole per cent or a number."""

    label: str
    n: int


def svg(width: float, height: float, title: str, body: Iterable[str] | str, kind: str = "") -> Markup:
    """A drawing that scales with its place. `title` is read aloud; empty for what only repeats the number beside it."""
    name = f"<title>{escape(title)}</title>" if title else ""
    told = 'role="img"' if title else 'aria-hidden="true"'
    drawn = body if isinstance(body, str) else "".join(body)
    classes = escape(f"graf {kind}".strip())
    return Markup(
        f'<svg class="{classes}" {told} viewBox="0 0 {_short(width)} {_short(height)}" '
        f'width="100%" xmlns="http://www.w3.org/2000/svg">{name}{drawn}</svg>'
    )


def fills(count: int) -> tuple[str, ...]:
    """Textures for so many categories, the first the lightest and the last the darkest. Up to six."""
    return (*FILLS[: max(count - 1, 0)], FILLS[-1]) if count else ()


def box(x: float, y: float, width: float, height: float, fill: str) -> str:
    """A rectangle with a texture: one of FILLS, or HIDDEN."""
    ground = {"plain": PAPER, "dots": PAPER, "solid": INK, HIDDEN: PAPER}.get(fill, TINT)
    edge = f'stroke="{GREY}" stroke-dasharray="3 2"' if fill == HIDDEN else f'stroke="{INK}"'
    at = f'x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" height="{_short(height)}"'
    return f'<rect {at} fill="{ground}" {edge}/>' + _texture(x, y, width, height, fill)


def _texture(x: float, y: float, width: float, height: float, fill: str) -> str:
    if fill == "dots":  # lines of no length with round ends: one element instead of a hundred
        steps = [(x + 3 + 6 * i, y + 3 + 6 * j) for i in range(int(width / 6)) for j in range(int(height / 6))]
        path = "".join(f"M{_short(a)} {_short(b)}h.01" for a, b in steps)
        return f'<path d="{path}" stroke="{INK}" stroke-width="2.2" stroke-linecap="round"/>' if path else ""
    lines = list[str]()
    if fill in ("rising", "cross"):
        lines += _diagonals(x, y, width, height, up=True)
    if fill == "cross":
        lines += _diagonals(x, y, width, height, up=False)
    if fill == "upright":
        lines += [f"M{_short(x + 3 * i)} {_short(y)}v{_short(height)}" for i in range(1, int((width - 0.1) / 3) + 1)]
    return f'<path d="{"".join(lines)}" stroke="{INK}" fill="none"/>' if lines else ""


def _diagonals(x: float, y: float, width: float, height: float, *, up: bool) -> list[str]:
    """Lines at 45 degrees, cut off at the edges, so that no clipping by id is needed."""
    found, at = list[str](), 5.0
    while at < width + height:
        a, b = max(0.0, at - height), min(width, at)  # where the line enters and leaves, along the width
        top, bottom = (y + at - a, y + at - b) if up else (y + height - at + a, y + height - at + b)
        found.append(f"M{_short(x + a)} {_short(top)}L{_short(x + b)} {_short(bottom)}")
        at += 5
    return found


def swatch(fill: str) -> Markup:
    """A small square with a texture, beside the name of what it stands for."""
    return svg(18, 18, "", box(1, 1, 16, 16, fill), "graf-proeve")


def bar(n: int | None, most: int, fill: str = "solid") -> Markup:
    """A bar for a cell of a table, as long as `n` of `most`; nothing for what is not shown."""
    if n is None or most <= 0:
        return Markup("")
    return svg(160, 14, "", box(1, 1, max(158 * min(n, most) / most, 1), 12, fill), "graf-soejle")


def stacked(parts: Sequence[Part], title: str, whole: int = 0) -> Markup:
    """A whole, split in parts in their order, with the share of each that is wide enough to hold it.

    What is left of `whole` beside the parts with a number is drawn as hidden, without a share. Empty without any.
    """
    known = [part for part in parts if part.n]
    shown = sum(part.n or 0 for part in known)
    if not shown:
        return Markup("")
    hidden = whole - shown if len(known) < len(parts) else 0
    of = whole or shown  # shares are of the total in the table; the bar is as long as its parts
    whole = shown + max(hidden, 0)
    drawn, x = list[str](), 1.0
    for part in known:
        width = (WIDE - 2) * (part.n or 0) / whole
        drawn.append(box(x, 1, width, 34, part.fill))
        if width >= 34:
            drawn += _plate(x + width / 2, 22.5, f"{percent(part.n or 0, of)} %")
        x += width
    told = [f"{part.label} {percent(part.n or 0, of) or 'under 1'} %" for part in known]
    if hidden > 0:
        drawn.append(box(x, 1, WIDE - 1 - x, 34, HIDDEN))
        told.append("resten vises ikke")
    return svg(WIDE, 36, f"{title}: {', '.join(told)}", drawn, "graf-delt")


def line(points: Sequence[Point], title: str) -> Markup:
    """Numbers by period from zero, each with its number; where one is not shown the line has a gap and its symbol."""
    known = [point.n for point in points if point.n is not None]
    if not known:
        return Markup("")
    most, step, drawn = max([*known, 1]), (WIDE - 24) / max(len(points), 1), list[str]()
    places = [(12 + step * (i + 0.5), None if p.n is None else 92 - 70 * p.n / most) for i, p in enumerate(points)]
    drawn.append(f'<path d="M8 92.5H{WIDE - 8}" stroke="{GREY}"/>')
    for (x, y), (u, v) in zip(places, places[1:], strict=False):
        if y is not None and v is not None:
            path = f"M{_short(x)} {_short(y)}L{_short(u)} {_short(v)}"
            drawn.append(f'<path d="{path}" stroke="{INK}" stroke-width="2"/>')
    for (x, y), point in zip(places, points, strict=True):
        if y is None:
            drawn += [
                _word(x, 60 + 11 * i, word, size=9, colour=GREY) for i, word in enumerate(point.symbol.split(" "))
            ]
        else:
            drawn.append(f'<circle cx="{_short(x)}" cy="{_short(y)}" r="3.5" fill="{INK}"/>')
            drawn.append(_word(x, y - 8, number(point.n or 0), size=10))
        for row, word in enumerate(point.label.split(" ", 1)):
            drawn.append(_word(x, 106 + 12 * row, word, size=10, colour=GREY))
    told = ", ".join(f"{p.label} {p.symbol if p.n is None else number(p.n)}" for p in points)
    return svg(WIDE, 124, f"{title}: {told}", drawn, "graf-linje")


def strip(dots: Sequence[Dot], own: Dot | None, title: str, unit: str = " %") -> Markup:
    """Every area as a ring on one axis, piled where they are alike; one's own is the filled square, named above."""
    values = [dot.n for dot in dots]
    if not values:
        return Markup("")
    low, high = min(values), max(values)
    drawn, piles = list[str](), dict[int, int]()

    def place(n: int) -> float:
        return 14 + (WIDE - 28) * ((n - low) / (high - low) if high > low else 0.5)

    deepest = _deepest(place(n) for n in values)
    ground = 24 + 6.0 * deepest
    for dot in sorted(dots, key=lambda one: one.n):
        x, column = place(dot.n), round(place(dot.n) / 7)
        y = ground - 6 - 6 * piles.get(column, 0)
        piles[column] = piles.get(column, 0) + 1
        if own is None or dot.label != own.label:
            drawn.append(f'<circle cx="{_short(x)}" cy="{_short(y)}" r="3" fill="{PAPER}" stroke="{INK}"/>')
        else:
            drawn.append(f'<rect x="{_short(x - 5)}" y="{_short(y - 5)}" width="10" height="10" fill="{INK}"/>')
            drawn.append(_word(min(max(x, 60), WIDE - 60), 12, f"{dot.label} {number(dot.n)}{unit}", bold=True))
    drawn.append(f'<path d="M8 {_short(ground + 0.5)}H{WIDE - 8}" stroke="{GREY}"/>')
    ends = [(14.0, low, "start")] + ([(WIDE - 14.0, high, "end")] if high > low else [])
    drawn += [_word(x, ground + 14, f"{number(n)}{unit}", anchor=side, colour=GREY) for x, n, side in ends]
    said = f"{len(values)} kommuner, fra {number(low)}{unit} til {number(high)}{unit}"
    mine = f". {own.label}: {number(own.n)}{unit}" if own else ""
    return svg(WIDE, ground + 20, f"{title}: {said}{mine}", drawn, "graf-prikker")


def _deepest(places: Iterable[float]) -> int:
    piles = dict[int, int]()
    for x in places:
        piles[round(x / 7)] = piles.get(round(x / 7), 0) + 1
    return max(piles.values())


def percent(part: int, whole: int) -> int:
    """A whole per cent, half rounded up, never over 100."""
    return min((200 * part + whole) // (2 * whole), 100)


def number(n: int) -> str:
    """As Danish writes it: 1.250."""
    return f"{n:,}".replace(",", ".")


def _plate(x: float, y: float, text: str) -> list[str]:
    """A word on a ground of its own, so that it is read on every texture."""
    width = 7.2 * len(text) + 4
    plate = (
        f'<rect x="{_short(x - width / 2)}" y="{_short(y - 12)}" width="{_short(width)}" height="16" fill="{PAPER}"/>'
    )
    return [plate, _word(x, y, text, size=12, bold=True)]


def _word(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 11,
    bold: bool = False,
    anchor: str = "middle",
    colour: str = BLACK,
) -> str:
    weight = ' font-weight="600"' if bold else ""
    at = f'x="{_short(x)}" y="{_short(y)}" text-anchor="{anchor}"'
    look = f'font-size="{size}" font-family="{FONT}" fill="{colour}"{weight}'
    return f"<text {at} {look}>{escape(text)}</text>"


def _short(n: float) -> str:
    """At most one decimal: smaller is not seen, and a page has many."""
    return f"{n:.1f}".removesuffix(".0")
