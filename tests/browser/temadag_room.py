"""A temadag in the browser, for tests: whoever steers it, whoever is in it, and how a phone goes through it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask.testing import FlaskClient
from playwright.sync_api import Page

from tests.browser.test_accessibility import overflow

FOCUSED = """() => document.activeElement.matches('.vaeg-videre :is(a, button), .styr-nu button')
    && getComputedStyle(document.activeElement).outlineStyle !== 'none'"""


@dataclass
class Room:
    """A session in the browser: where it is, the wall, the page one steers from, and who answers by plain HTTP."""

    site: str
    code: str
    desk: Page
    wall: Page
    crowd: list[FlaskClient]

    @property
    def here(self) -> str:
        return f"{self.site}/ov/{self.code}"

    def next(self) -> None:
        """The next step, by keyboard alone: it has the focus, and one sees it."""
        assert self.wall.evaluate(FOCUSED)
        with self.wall.expect_navigation():
            self.wall.keyboard.press("Enter")

    def to(self, title: str) -> None:
        """Turns sheets until one with this title."""
        for _ in range(9):
            if title in self.wall.locator("h1").inner_text():
                return
            with self.wall.expect_navigation():
                self.wall.locator("nav a").last.click()
        raise AssertionError(title)

    def walks(self, number: int, way: int) -> None:
        """Everybody in the crowd walks: `way` is the option they take where there are several."""
        for client in self.crowd:
            page = client.post(f"/ov/{self.code}/begynd", data={"runde": number, "flow": "skole"})
            for _ in range(30):
                page = client.get(page.location or "")
                if "data-outcome" in page.text:
                    break
                options = re.findall('name="svar" value="([^"]+)', page.text)
                chosen = "nej" if page.request.path.endswith("/1") else options[way]
                step = re.findall('name="trin" value="([^"]+)', page.text)[0]
                page = client.post(page.request.path, data={"trin": step, "svar": chosen})
            assert "data-outcome" in page.text


def over(room: Room) -> None:
    room.desk.get_by_text("Slut temadagen").click()
    room.desk.get_by_role("button", name="Ja, slet alt fra rummet").click()
    room.desk.get_by_role("heading", name="Temadagen er slut").wait_for()


def join(phone: Page, room: Room, group: str) -> None:
    phone.goto(room.here)
    assert practice(phone)
    phone.check(f'input[value="{group}"]')
    with phone.expect_navigation():  # until its script is there
        phone.get_by_role("button", name="Gå ind").click()


def practice(phone: Page) -> bool:
    return phone.locator("header strong").inner_text() == "Øvelse"


def walk(phone: Page) -> None:
    """The live flow of the faggruppe, or of the first that a mixed table can choose, to its outcome."""
    if phone.locator("#flow").count():
        phone.select_option("#flow", index=1)
    phone.get_by_role("button", name="Gå guiden igennem").click()
    for _ in range(20):
        assert practice(phone) and not overflow(phone)
        if phone.locator("[data-outcome]").count():
            return
        first = phone.url.endswith("/1")
        phone.locator('main input[value="nej"]' if first else 'main input[name="svar"]').first.check()
        phone.get_by_role("button", name="Fortsæt").click()
    raise AssertionError(phone.url)
