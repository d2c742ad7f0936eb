"""The country as a map of squares, one a kommune: each with its short name, its number, and its side of the country.

Pure. All squares are alike: no tint ranks them. Where a share can be told apart from the country's, a bar stands along
the upper edge (over) or the lower edge (under). Who has no number is hatched. The same stands in a table beside.
Not here: where squares lie (`registers/tiles.csv`, placed by `tools/tile_map.py`), who is over or under
(`placing.py`), and other drawings (`chart.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from guide.library.geography import Area, Geography
from guide.statistics.chart import BLACK, FONT, GREY, INK, PAPER, TINT, number

SIDE = 44
"""Units of a square."""

GAP = 2

EDGE = 6
"""Units that the bar of a side is high."""

SHORT = {
    "frederiksberg": "Fr.berg", "fredensborg": "Fr.borg", "frederikssund": "Fr.sund", "fredericia": "Fr.cia",
    "frederikshavn": "Fr.havn", "broendby": "Brby", "broenderslev": "Brsl", "ringsted": "Rist",
    "ringkoebing-skjern": "Ri-Sk", "nordfyns": "NFyn", "norddjurs": "NDju", "syddjurs": "SDju",
    "hoeje-taastrup": "HTaa", "lyngby-taarbaek": "LyTa", "faaborg-midtfyn": "FaMi", "ikast-brande": "IkBr",
}  # fmt: skip
"""Where the first four letters would be another's too, or say little."""


def short(area: Area) -> str:
    """A name that fits in a square."""
    return SHORT.get(area.id) or area.name[:4]


def drawn(
    geography: Geography,
    values: Mapping[str, int],
    sides: Mapping[str, int],
    said: Callable[[str], str],
    address: Callable[[str], str],
    title: str,
) -> Markup:
    """The map. `values`: the number of each kommune that has one; `sides`: 1 over the country, -1 under it, for those
    that can be told apart from it; `said`: what is read aloud after a name; `address`: where a square leads; `title`:
    what the map shows."""
    squares = list[str]()
    placed = sorted((a.tile, a) for a in geography.areas.values() if a.tile)
    for (column, row), area in placed:
        inside = HATCHED
        if (n := values.get(area.id)) is not None:
            inside = _square(sides.get(area.id, 0)) + _word(31, number(n), 14 if n < 10_000 else 11, bold=True)
        name = f"<title>{escape(area.name)}: {escape(said(area.id))}</title>"
        at = f'transform="translate({column * SIDE} {row * SIDE})"'
        squares.append(
            f'<a href="{escape(address(area.id))}"><g {at}>{name}{inside}{_word(17, short(area), 11)}</g></a>'
        )
    across, down = (max((tile[i] for tile, _ in placed), default=0) + 1 for i in (0, 1))
    return Markup(
        f'<svg class="graf kort" role="group" aria-label="{escape(title)}" '
        f'viewBox="0 0 {across * SIDE} {down * SIDE}" width="100%" xmlns="http://www.w3.org/2000/svg">{"".join(squares)}</svg>'
    )


def legend(side: int | None) -> Markup:
    """A small square as on the map: of a side, or of who has no number."""
    return Markup(
        f'<svg class="graf graf-proeve" aria-hidden="true" viewBox="-1 -1 44 44" width="100%" '
        f'xmlns="http://www.w3.org/2000/svg">{HATCHED if side is None else _square(side)}</svg>'
    )


def _square(side: int) -> str:
    """The ground, and the bar of its side."""
    wide = SIDE - GAP
    bar = f'<rect y="{0 if side > 0 else wide - EDGE}" width="{wide}" height="{EDGE}" fill="{INK}"/>' if side else ""
    return f'<rect width="{wide}" height="{wide}" fill="{TINT}" stroke="{INK}"/>{bar}'


def _word(y: float, text: str, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    look = f'font-size="{size}" font-family="{FONT}" fill="{BLACK}"{weight}'
    return f'<text class="kort-ord" x="{(SIDE - GAP) / 2:g}" y="{y}" text-anchor="middle" {look}>{escape(text)}</text>'


HATCHED = (
    f'<rect width="{SIDE - GAP}" height="{SIDE - GAP}" fill="{PAPER}" stroke="{GREY}" stroke-dasharray="3 2"/>'
    f'<path d="M4 38L38 4M16 40L40 16M2 26L26 2" stroke="#bfbfbf" fill="none"/>'
)
"""A square without a number."""
