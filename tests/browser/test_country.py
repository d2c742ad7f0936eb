"""The country's figures in Chromium: axe, no sideways scrolling, and the map by keyboard, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.test_accessibility import NARROW, NIGHT, WIDE, wrong
from tests.statistics.figures import shipped_figures, showing

PAGES = ("/statistik/", "/statistik/fag/", "/statistik/spoergsmaal/", "/statistik/data/")


@pytest.fixture(scope="module", autouse=True)
def figures(shipped_app: Flask) -> Iterator[None]:
    with showing(shipped_app, shipped_figures()):
        yield


@pytest.mark.parametrize("address", PAGES if NIGHT else PAGES[:3])
def test_pages(page: Page, site: str, address: str) -> None:
    """At 320 px as they come; at night in every width with all that is folded open: a hundred rows more."""
    page.goto(site + address)
    if NIGHT:
        page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert wrong(page, address, everywhere=NIGHT) == []


SMALL = """() => [
    ...document.querySelectorAll('main :is(table, nav, form) :is(a, select, button), main summary')]
    .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44)
    .map(one => one.textContent.trim())"""


@pytest.mark.parametrize("address", PAGES)
def test_what_can_be_touched_is_large_enough(page: Page, site: str, address: str) -> None:
    """44 pixels; the map's squares on a telephone are smaller, and the choice of a kommune above does the same."""
    page.goto(site + address)
    assert page.evaluate(SMALL) == []


def test_the_map_is_read_in_every_width(page: Page, site: str) -> None:
    """Words in wide squares; in small ones only the side, and the table with names comes before the map."""
    page.goto(f"{site}/statistik/")
    square = page.locator('svg.kort a[href="/statistik/kommune/viborg/"]')
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert square.locator(".kort-ord").first.is_visible() == (width == WIDE)
        table, square_at = page.get_by_text("Alle kommuner i en tabel").bounding_box(), square.bounding_box()
        assert table and square_at and table["y"] < square_at["y"]
    page.set_viewport_size({"width": WIDE, "height": 900})
    box = square.bounding_box()
    assert box and box["width"] >= 44 and box["height"] >= 44
    square.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/statistik/kommune/viborg/")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Nøgletal: Viborg")
