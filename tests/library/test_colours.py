"""A kommune's colour: the contrast of WCAG, what is refused, and the darker one that is named."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from guide.library import colours
from guide.library.colours import FLOOR, contrast, darkened, measured, shade, tint, unreadable
from guide.library.library import load
from tests.conftest import DEMO
from tests.library.test_owned import room

SAMPLE = 4000 if os.environ.get("GUIDE_NIGHT") == "1" else 100
"""Colours drawn by lot, with a fixed seed."""


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.478),
        ("#767676", "#ffffff", 4.542),
        ("#0000ff", "#ffffff", 8.592),
        ("#ff0000", "#ffffff", 3.998),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Known values, as the tools of others print them; the order of the two is nothing."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001) == contrast(other, one)


def test_any_colour_is_taken_or_refused_with_one_that_is_taken() -> None:
    lot, refused = Random(7), 0
    for _ in range(SAMPLE):
        colour = f"#{lot.randrange(1 << 24):06x}"
        wrong = unreadable(colour)
        assert (min(measured(colour).values()) < FLOOR) is bool(wrong)
        assert unreadable(darkened(colour)) == "" and (not wrong or darkened(colour) in wrong)
        assert wrong or darkened(colour) == colour
        assert contrast("#ffffff", shade(colour)) >= contrast("#ffffff", colour)
        assert contrast("#1a1a1a", tint(colour)) > 12
        refused += bool(wrong)
    assert SAMPLE // 8 < refused < SAMPLE - SAMPLE // 8


def test_white_alone_is_not_enough() -> None:
    """Planted fault: a grey that passes on white, and cannot be read on the light yellow of the guide."""
    assert contrast("#767676", "#ffffff") >= FLOOR and "4,12:1" in unreadable("#767676")


def test_what_is_said(tmp_path: Path) -> None:
    library, _ = load(DEMO, [room(tmp_path, more="colours:\n  primary: '#00a878'\n")])
    (found,) = colours.coloured(library)
    assert str(found) == (
        "municipalities/vores/municipality.yaml:4:3: #00a878 er for lys: på lysegul er kontrasten 2,77:1, og den skal "
        "være mindst 4,50:1. #007e5a er den samme farve, mørk nok."
    )
    assert unreadable("#007e5a") == ""


@pytest.mark.parametrize(
    ("colour", "red"), [("#b00020", True), ("#a01010", True), ("#7a1fa2", False), ("#5a3c3c", False)]
)
def test_red_is_for_112(tmp_path: Path, colour: str, red: bool) -> None:
    library, _ = load(DEMO, [room(tmp_path, more=f"colours:\n  primary: '{colour}'\n")])
    found = list(colours.coloured(library))
    assert [finding.warning for finding in found] == [True] * red


def test_the_sheet_leaves_the_red_of_112_alone() -> None:
    sheet = colours.style("#14574f")
    assert "--tema-farve: #14574f" in sheet and "--roed" not in sheet and ":not(.akut *)" in sheet
