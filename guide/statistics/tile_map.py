"""The country as a map of squares, one a kommune: each with its short name, its number and a tint by quarter of all.

Pure. Tints go from light to dark and are no judgement; the number stands in each square, and a letter where squares are
too small for it. Who has no number is hatched. The same stands in a table beside. Not here: where squares lie
(`registers/tiles.csv`, placed by `tools/tile_map.py`), and other drawings (`chart.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from guide.library.geography import Area, Geography
from guide.statistics.chart import GREY, INK, PAPER, number

SIDE = 44
"""Units of a square."""

GAP = 2

TINTS = (("#f0f5fa", "#1a1a1a"), ("#bdd3e8", "#1a1a1a"), ("#7ea6cd", "#1a1a1a"), (INK, PAPER))
"""Ground and ink of each class, from the lowest to the highest."""

LETTERS = "ABCD"

SHORT = {
    "frederiksberg": "Fr.berg", "fredensborg": "Fr.borg", "frederikssund": "Fr.sund", "fredericia": "Fr.cia",
    "frederikshavn": "Fr.havn", "broendby": "Brby", "broenderslev": "Brsl", "ringsted": "Rist",
    "ringkoebing-skjern": "Ri-Sk", "nordfyns": "NFyn", "norddjurs": "NDju", "syddjurs": "SDju",
    "hoeje-taastrup": "HTaa", "lyngby-taarbaek": "LyTa", "faaborg-midtfyn": "FaMi", "ikast-brande": "IkBr",
}  # fmt: skip
"""Where the first four letters would be another's too, or say little."""


@dataclass(frozen=True)
class Class:
    """A quarter of the kommuner that have a number: from `low` to `high`, both included."""

    letter: str
    low: int
    high: int
    ground: str
    ink: str
    count: int


def classes(values: Mapping[str, int]) -> list[Class]:
    """Up to four classes with about as many kommuner in each; those that are alike are in the same one."""
    known = sorted(values.values())
    if not known:
        return []
    cuts = sorted({known[len(known) * i // len(TINTS)] for i in range(len(TINTS))})
    found = list[Class]()
    for i, low in enumerate(cuts):
        inside = [n for n in known if n >= low and (i + 1 == len(cuts) or n < cuts[i + 1])]
        ground, ink = TINTS[i if len(cuts) == len(TINTS) or i + 1 < len(cuts) else -1]
        found.append(Class(LETTERS[i], inside[0], inside[-1], ground, ink, len(inside)))
    return found


def class_of(known: list[Class], n: int) -> Class:
    """The class that a number is in."""
    return next(one for one in reversed(known) if n >= one.low)


def short(area: Area) -> str:
    """A name that fits in a square."""
    return SHORT.get(area.id) or area.name[:4]


def drawn(
    geography: Geography,
    values: Mapping[str, int],
    said: Callable[[str], str],
    address: Callable[[str], str],
    title: str,
) -> Markup:
    """The map. `values`: the number of each kommune that has one; `said`: what is read aloud after its name;
    `address`: where its square leads; `title`: what the map shows."""
    known, squares = classes(values), list[str]()
    placed = sorted((a.tile, a) for a in geography.areas.values() if a.tile)
    for (column, row), area in placed:
        n = values.get(area.id)
        inside = _square(class_of(known, n), n) if n is not None else HATCHED
        name = f"<title>{escape(area.name)}: {escape(said(area.id))}</title>"
        at = f'transform="translate({column * SIDE} {row * SIDE})"'
        ink = class_of(known, n).ink if n is not None else "#1a1a1a"
        word = _word(22, 17, short(area), 11, ink, "kort-ord")
        squares.append(f'<a href="{escape(address(area.id))}"><g {at}>{name}{inside}{word}</g></a>')
    across, down = (max((tile[i] for tile, _ in placed), default=0) + 1 for i in (0, 1))
    return Markup(
        f'<svg class="graf kort" role="group" aria-label="{escape(title)}" '
        f'viewBox="0 0 {across * SIDE} {down * SIDE}" width="100%" xmlns="http://www.w3.org/2000/svg">{"".join(squares)}</svg>'
    )


def legend(one: Class | None) -> Markup:
    """A small square as on the map: with the letter of a class, or that of who has no number."""
    inside = (
        HATCHED
        if one is None
        else f'<rect width="42" height="42" fill="{one.ground}" stroke="{INK}"/>'
        + _word(21, 29, one.letter, 22, one.ink, "")
    )
    return Markup(
        f'<svg class="graf graf-proeve" aria-hidden="true" viewBox="-1 -1 44 44" width="100%" '
        f'xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    )


def _square(of: Class, n: int) -> str:
    """The ground with its number and, for where that is too small to read, the letter of the class."""
    return (
        f'<rect width="{SIDE - GAP}" height="{SIDE - GAP}" fill="{of.ground}" stroke="{INK}"/>'
        + _word(21, 34, number(n), 14 if n < 10_000 else 11, of.ink, "kort-ord", bold=True)
        + _word(21, 31, of.letter, 28, of.ink, "kort-bogstav", bold=True)
    )


def _word(x: float, y: float, text: str, size: int, ink: str, kind: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    look = f'font-size="{size}" font-family="IBM Plex Sans, Plex, sans-serif" fill="{ink}"{weight}'
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="middle" {look}>{escape(text)}</text>'


HATCHED = (
    f'<rect width="{SIDE - GAP}" height="{SIDE - GAP}" fill="{PAPER}" stroke="{GREY}" stroke-dasharray="3 2"/>'
    f'<path d="M4 38L38 4M16 40L40 16M2 26L26 2" stroke="#bfbfbf" fill="none"/>'
)
"""A square without a number."""
