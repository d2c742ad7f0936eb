"""The map of squares: where they lie, how they are classed, and that they can be told apart without colour."""

from __future__ import annotations

import random
import re

import pytest

from guide.library.library import Library
from guide.statistics import chart, tile_map


def touching(tiles: dict[str, tuple[int, int]], pairs: set[tuple[str, str]]) -> int:
    return sum(max(abs(tiles[a][i] - tiles[b][i]) for i in (0, 1)) <= 1 for a, b in pairs)


def test_neighbours_touch(content: Library) -> None:
    """At least nine in ten of the pairs with a border on land, also at a corner; 172 of 186 when it was made."""
    areas = content.geography.areas
    tiles = {area.id: area.tile for area in areas.values() if area.tile}
    pairs = {tuple(sorted((a.id, b))) for a in areas.values() for b in a.neighbours}
    assert len(tiles) == len(areas) == len(set(tiles.values())) == 98
    assert max(max(tile) for tile in tiles.values()) < 16 and min(min(tile) for tile in tiles.values()) == 0
    assert touching(tiles, pairs) >= 0.9 * len(pairs)  # type: ignore[arg-type]
    names, squares = list(tiles), list(tiles.values())
    random.Random(8).shuffle(squares)
    assert touching(dict(zip(names, squares, strict=True)), pairs) < 0.3 * len(pairs)  # type: ignore[arg-type]


def test_north_is_up_and_west_is_left(content: Library) -> None:
    at = {area.id: area.tile for area in content.geography.areas.values() if area.tile}
    for north, south in (
        ("hjoerring", "viborg"),
        ("viborg", "soenderborg"),
        ("helsingoer", "koebenhavn"),
        ("koege", "lolland"),
    ):
        assert at[north][1] < at[south][1]
    for west, east in (("esbjerg", "aarhus"), ("aarhus", "kalundborg"), ("odense", "slagelse"), ("koege", "bornholm")):
        assert at[west][0] < at[east][0]


def test_names_in_squares_differ_and_fit(content: Library) -> None:
    names = [tile_map.short(area) for area in content.geography.areas.values()]
    assert len(set(names)) == len(names) and max(map(len, names)) <= 7


def light(colour: str) -> float:
    """Relative luminance as in WCAG."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a: str, b: str) -> float:
    dark, bright = sorted((light(a), light(b)))
    return (bright + 0.05) / (dark + 0.05)


def test_words_can_be_read_and_sides_are_told_apart_without_colour() -> None:
    """Each side is a place of the bar, not a tint; the ground is the same for all."""
    assert contrast(chart.TINT, chart.BLACK) >= 4.5 and contrast(chart.TINT, chart.INK) >= 3
    assert contrast("#777777", "#888888") < 4.5
    over, about, under = (str(tile_map.legend(side)) for side in (1, 0, -1))
    assert len({over, about, under, str(tile_map.legend(None))}) == 4
    assert len({re.sub(r'<rect y="\d+"', "<rect", one) for one in (over, under)}) == 1
    assert all(one.count(f'fill="{chart.TINT}"') == 1 for one in (over, about, under))


@pytest.mark.parametrize("values", [{}, {"viborg": 42}, {"viborg": 42, "aarhus": 42, "laesoe": 1}])
def test_who_has_no_number_is_hatched_and_says_so(content: Library, values: dict[str, int]) -> None:
    sides = {"viborg": 1, "laesoe": -1}
    drawn = str(
        tile_map.drawn(content.geography, values, sides, lambda area: "<&>", lambda area: f"/{area}/", "Kort & <tal>")
    )
    assert drawn.count("<a ") == 98 and drawn.count(tile_map.HATCHED) == 98 - len(values)
    assert drawn.count(f'height="{tile_map.EDGE}"') == len(set(values) & set(sides)), "no bar without a number"
    assert "<&>" not in drawn and "Kort &amp; &lt;tal&gt;" in drawn and " style=" not in drawn
    assert len(re.findall("<title>", drawn)) == 98
