"""Drawings: what they show is what they say, they need no style and no id, and nothing hidden is drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from markupsafe import Markup

from guide.statistics import chart
from guide.statistics.chart import Dot, Part, Point

SVG = "{http://www.w3.org/2000/svg}"


def read(drawing: Markup) -> ET.Element:
    """The drawing as a tree: it is well-formed or this raises."""
    return ET.fromstring(str(drawing))


PARTS = [Part("Undren", 25, "plain"), Part("Bekymring", None, "dots"), Part("Underret", 75, "solid")]
POINTS = [Point("K1 2025", 40), Point("K2 2025", None), Point("K3 2025", 80)]
DOTS = [Dot("Her", 30), Dot("Der", 30), Dot("<Langt & borte>", 45)]
EVERY = {
    "stacked": chart.stacked(PARTS, "Niveau"),
    "line": chart.line(POINTS, "Udvikling"),
    "strip": chart.strip(DOTS, DOTS[0], "Andel"),
    "bar": chart.bar(30, 60),
    "swatch": chart.swatch("cross"),
}


@pytest.mark.parametrize("drawing", EVERY.values(), ids=EVERY)
def test_it_stands_anywhere(drawing: Markup) -> None:
    """No id, style, script or address: the same under a strict CSP, in a PDF, and twice on a page."""
    tree = read(drawing)
    for element in tree.iter():
        assert not {"id", "style", "href", "onload"} & set(element.attrib)
        assert element.tag.removeprefix(SVG) in {"svg", "title", "rect", "path", "circle", "text"}
    assert "url(" not in drawing
    named = tree.find(f"{SVG}title")
    assert tree.get("role") == "img" and named is not None if named is not None else tree.get("aria-hidden") == "true"


def test_names_are_escaped() -> None:
    assert "<Langt" not in EVERY["strip"] and "<Langt" not in chart.stacked([Part("<Langt", 5, "plain")], "<x>")


def test_a_split_is_of_what_is_shown() -> None:
    title = read(EVERY["stacked"]).findtext(f"{SVG}title")
    assert title == "Niveau: Undren 25 %, Underret 75 %"
    frames = [r for r in read(EVERY["stacked"]).iter(f"{SVG}rect") if r.get("stroke")]
    assert [round(float(r.get("width", 0)) / 318 * 100) for r in frames] == [25, 75]
    assert chart.stacked([Part("x", None, "plain"), Part("y", 0, "solid")], "z") == ""


def test_what_is_hidden_of_a_split_is_a_piece_without_a_share() -> None:
    tree = read(chart.stacked(PARTS, "Niveau", 200))
    assert tree.findtext(f"{SVG}title") == "Niveau: Undren 13 %, Underret 38 %, resten vises ikke"
    frames = [r for r in tree.iter(f"{SVG}rect") if r.get("stroke")]
    assert [r.get("stroke-dasharray") is not None for r in frames] == [False, False, True]
    assert [t.text for t in tree.iter(f"{SVG}text")] == ["13 %", "38 %"]
    whole = chart.stacked([PARTS[0], PARTS[2]], "Niveau", 110)
    assert "vises ikke" not in whole, "a total is rounded for itself"


def test_a_line_has_a_gap_where_nothing_is_shown() -> None:
    tree = read(EVERY["line"])
    assert tree.findtext(f"{SVG}title") == "Udvikling: K1 2025 40, K2 2025 for få, K3 2025 80"
    words = [t.text for t in tree.iter(f"{SVG}text") if float(t.get("y", 0)) < 90]
    assert words == ["40", "for", "få", "80"], "said in words, and not on the line of zero"
    assert len(list(tree.iter(f"{SVG}circle"))) == 2
    assert not [p for p in tree.iter(f"{SVG}path") if p.get("stroke-width") == "2"], "no line bridges the gap"
    whole = chart.line([Point("K1 2025", 40), Point("K2 2025", 50)], "")
    assert [p for p in read(whole).iter(f"{SVG}path") if p.get("stroke-width") == "2"]
    assert chart.line([Point("K1 2025", None)], "x") == ""


def test_a_strip_has_a_dot_for_each_and_marks_ones_own() -> None:
    tree = read(EVERY["strip"])
    assert len(list(tree.iter(f"{SVG}circle"))) == 2 and len(list(tree.iter(f"{SVG}rect"))) == 1
    assert "Her: 30 %" in (tree.findtext(f"{SVG}title") or "")
    places = {(c.get("cx"), c.get("cy")) for c in tree.iter(f"{SVG}circle")}
    assert len(places) == 2
    same = read(chart.strip([Dot("a", 5), Dot("b", 5)], None, "x"))
    assert len({c.get("cy") for c in same.iter(f"{SVG}circle")}) == 2, "piled, not on top of one another"


def test_a_bar_is_as_long_as_its_number() -> None:
    half, full = (read(chart.bar(n, 60)).find(f"{SVG}rect") for n in (30, 60))
    assert half is not None and full is not None
    assert float(full.get("width", 0)) == 2 * float(half.get("width", 0))
    assert chart.bar(None, 60) == chart.bar(5, 0) == ""


def test_textures_are_told_apart_without_colour() -> None:
    """Each is drawn differently when every colour is taken away."""
    drawn = {re.sub(r' (fill|stroke)="#\w+"', "", chart.box(0, 0, 40, 20, fill)) for fill in chart.FILLS[1:-1]}
    assert len(drawn) == len(chart.FILLS) - 2
    plain, solid = chart.box(0, 0, 40, 20, "plain"), chart.box(0, 0, 40, 20, "solid")
    assert chart.PAPER in plain and f'fill="{chart.INK}"' in solid
    assert chart.fills(5) == ("plain", "dots", "rising", "upright", "solid") and chart.fills(0) == ()


def test_nothing_is_drawn_outside_its_box() -> None:
    for fill in chart.FILLS:
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", chart.box(10, 10, 33, 17, fill)):
            assert 10 <= float(x) <= 43 and 10 <= float(y) <= 27, fill


@pytest.mark.parametrize(("part", "whole", "told"), [(1, 8, 13), (1, 2, 50), (5, 200, 3), (95, 90, 100), (0, 50, 0)])
def test_a_per_cent_is_whole_and_half_goes_up(part: int, whole: int, told: int) -> None:
    assert chart.percent(part, whole) == told


def test_numbers_as_danish_writes_them() -> None:
    assert [chart.number(n) for n in (5, 1250, 1234567)] == ["5", "1.250", "1.234.567"]
