"""The number of the minute and the child's kommune in Chromium: without a script, by keyboard, at two widths."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.test_accessibility import wrong
from tests.web.test_ring import EVE, GAP, OPEN, clock

FIRST = {OPEN: "tel:12345678", GAP: "tel:12345679", EVE: "tel:12345679"}


def walk(page: Page, site: str) -> None:
    """To an outcome that hastes: somebody has told of violence."""
    page.goto(f"{site}/eksempel/skole/")
    page.get_by_role("button", name="Start").click()
    for _ in range(20):
        if page.locator("main[data-outcome]").count():
            return
        first = page.locator('main input[value="nej"]' if page.url.endswith("/1") else 'main input[name="svar"]').first
        first.check()
        page.get_by_role("button", name="Fortsæt").click()


@pytest.mark.parametrize(("width", "moment"), [(375, OPEN), (1280, GAP), (375, EVE)])
def test_the_number_of_the_minute_is_seen_without_looking_for_it(
    scriptless: Page, site: str, monkeypatch: pytest.MonkeyPatch, width: int, moment: str
) -> None:
    clock(monkeypatch, moment)
    page = scriptless
    page.set_viewport_size({"width": width, "height": 812})
    page.goto(f"{site}/eksempel/vejledning/straks-hjemmet?fag=skole")
    number = page.locator(".ring-nummer a").first
    place = number.bounding_box()
    assert number.get_attribute("href") == FIRST[moment] and place and place["height"] >= 44
    assert place["y"] + place["height"] < 812, "on the first screen"
    assert page.locator(".ring-fare a").first.bounding_box()["height"] >= 44  # type: ignore[index]


def test_another_kommune_is_chosen_by_keyboard_and_stands_in_no_address(scriptless: Page, site: str) -> None:
    page, seen = scriptless, list[str]()
    page.on("request", lambda request: seen.append(f"{request.method} {urlsplit(request.url).path}"))
    walk(page, site)
    before = page.url
    page.locator(".andet-sted summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Aarhus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Vi har ikke efterset numre til Aarhus Kommune").wait_for()
    assert page.url == before and "POST /eksempel/skole/barnets-kommune" in seen
    assert not [path for path in seen if "aarhus" in path.lower()] and "Aarhus" not in page.title()
    page.get_by_role("link", name="Jeg har ét minut").click()
    assert page.locator(".ring-nummer a").first.get_attribute("href") == "tel:114"
    page.get_by_role("link", name="Tilbage til dine svar").click()
    page.get_by_role("button", name="Vis igen numrene for Eksempel Kommune").click()
    assert page.locator(".hjemsted").count() == 0


def test_the_choice_can_be_read_by_everybody(page: Page, site: str) -> None:
    walk(page, site)
    page.locator(".andet-sted summary").click()
    page.select_option("#barnets-kommune", "aarhus")
    page.get_by_role("button", name="Vis numrene der").click()
    page.locator(".andet-sted summary").click()
    assert wrong(page, "the choice") == []
