"""A temadag in Chromium: the projector, the page one steers from, and phones, with and without scripts and a net.

Further participants answer by plain HTTP, so that there are enough votes for charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import PHONE
from tests.browser.temadag_room import FOCUSED, Room, join, over, practice, walk
from tests.browser.test_accessibility import FORM, NIGHT, RULES, overflow, violations, wrong

CASE = "skole-gruppechatten"
WALL, DESK = ViewportSize(width=1920, height=1080), ViewportSize(width=1280, height=900)
GUARD = 550
"""Milliseconds after which a press on a trainer's page counts."""

HURRY = """performance.now = (n => () => n += 1000)(0);
    window.setTimeout = (real => (told, after) => real(told, after / 5))(window.setTimeout);"""
"""Makes that no time at all, and asks five times as often whether there is something new: a session takes seconds."""

SOON = 3_000 if NIGHT else 30_000
"""Milliseconds in which the wall must know; `make bench` is what measures it."""


@pytest.fixture
def trainer(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """In a hurry, unless the test asks for real time."""
    made = browser.new_context(viewport=DESK, locale="da-DK")
    if getattr(request, "param", "") != "real time":
        made.add_init_script(HURRY)
    yield made
    made.close()


@pytest.fixture
def phones(browser: Browser) -> Iterator[list[Page]]:
    contexts = [browser.new_context(viewport=PHONE, locale="da-DK") for _ in range(3)]
    for context in contexts:
        context.add_init_script(HURRY)
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture
def room(trainer: BrowserContext, site: str, shipped_app: Flask) -> Iterator[Room]:
    """One that has just begun; whoever ends it first, it is gone after the test."""
    desk = trainer.new_page()
    desk.goto(f"{site}/temadag/")
    desk.check(f'input[name="case"][value="{CASE}"]')
    desk.get_by_role("button", name="Begynd").click()
    code = desk.locator("output[data-room-code]").inner_text()
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Åbn væggen").click()
    opened.value.set_viewport_size(WALL)
    made = Room(site, code, desk, opened.value, [])
    for group in ["skole"] * 5 + ["tandpleje"] * 4 + ["bord"]:
        made.crowd.append(shipped_app.test_client())
        made.crowd[-1].post(f"/ov/{code}", data={"faggruppe": group})
    yield made
    shipped_app.extensions["guide.rooms"].store.end(code)


WHOLE = """document.documentElement.scrollHeight <= innerHeight
    && document.querySelector('.skipnav').getBoundingClientRect().bottom <= 10"""
"""Nothing is below the edge, and of the link for keyboards no more than its padding looks in above it."""


def fits(wall: Page) -> bool:
    """Nothing is cut off on the wall, and nobody must scroll."""
    return bool(wall.evaluate(WHOLE)) and not overflow(wall)


SMALLEST = """() => Math.min(...[...document.querySelectorAll('main *')].filter(one => one.checkVisibility()
    && !one.closest('.efterset, .lov-nummer, .kan-forsvares, .sr-only, svg')
    && [...one.childNodes].some(part => part.nodeType === 3 && part.textContent.trim()))
    .map(one => parseFloat(getComputedStyle(one).fontSize)))"""
"""Pixels of the smallest text on the wall that the room is meant to read."""


def readable(wall: Page) -> bool:
    return float(wall.evaluate(SMALLEST)) >= 32 and fits(wall)


def test_a_whole_session(room: Room, phones: list[Page]) -> None:
    """Case, walk, count, close, show, talk, again, before and after, end; the wall by keyboard alone."""
    wall = room.wall
    assert re.fullmatch("[A-HJ-NP-Z2-9]{6}", room.code) and room.code in wall.locator("output").inner_text()
    assert wall.locator("svg.qr").is_visible() and f"/ov/{room.code}" in wall.locator(".vaeg-adresse").inner_text()
    assert readable(wall)
    for phone, group in zip(phones, ("skole", "tandpleje", "bord"), strict=True):
        join(phone, room, group)
    wall.locator("[data-seats]", has_text="13").wait_for(timeout=SOON)
    room.next()
    assert readable(wall) and "går for sig selv" in wall.locator(".sag").inner_text()
    room.next()
    for phone in phones:  # they change by themselves
        phone.get_by_role("button", name="Gå guiden igennem").wait_for()
        walk(phone)
        phone.get_by_role("link", name="Færdig").click()
    room.walks(0, -1)
    wall.locator("[data-answered]", has_text="13").wait_for(timeout=SOON)
    assert readable(wall) and not wall.locator(".fordeling").count()
    assert not room.desk.locator(".fordeling").count()
    room.next()
    assert "Der er lukket for svar" in wall.inner_text("main") and not wall.locator(".fordeling").count()
    room.next()
    shown(room)
    phones[0].get_by_role("heading", name="Svarene er på væggen").wait_for()
    again(room, phones[0])
    over(room)
    for address in (f"/temadag/{room.code}/", f"/temadag/{room.code}/vaeg", f"/temadag/{room.code}/stand"):
        assert room.desk.goto(room.site + address).status == 404  # type: ignore[union-attr]
    assert phones[0].goto(room.here).status == 404 and practice(phones[0])  # type: ignore[union-attr]
    phones[1].get_by_role("heading", name="Øvelsen er slut").wait_for()


def shown(room: Room) -> None:
    """What the wall says of the first round, sheet by sheet."""
    wall, titles = room.wall, list[str]()
    groups = wall.locator(".fordeling thead th").all_inner_texts()
    assert [group.split("\n")[0] for group in groups] == ["Svar", "Hele rummet", "Skolen", "Øvrige"]
    assert "fag med under fem svar" in wall.locator(".forklaring").inner_text()
    for _ in range(9):
        titles.append(wall.locator("h1").inner_text())
        assert readable(wall), titles
        if not wall.locator("nav a.button").count():
            break
        room.next()
    assert titles.pop() == "Tal om det" and titles == [
        "Niveau",
        "Forældrene",
        "Her gik I hver sin vej",
        "Det, man kan forsvare",
        "Det siger loven",
    ]
    assert "Hvad ventede du af de andre?" in wall.inner_text("main")
    room.to("Variationskort 2")
    assert wall.locator(".vaeg-kort").inner_text().startswith("Nu ") and readable(wall)


def again(room: Room, phone: Page) -> None:
    """The second round, and both together."""
    room.next()
    phone.get_by_text("Svar igen, nu hvor I har talt sammen").wait_for()
    walk(phone)
    room.walks(1, 0)
    room.next()
    room.next()
    assert room.wall.locator(".foer-efter .soejle-tal").count() == 5 * 2 * 2, (
        "five levels; the room and the school, twice"
    )
    assert "kan forsvares" in room.wall.inner_text("main") and readable(room.wall)
    room.desk.get_by_role("link", name="Hvem gør hvad på mandag?").click()  # turns the wall from the other window
    room.wall.get_by_role("heading", name="Hvem gør hvad på mandag?").wait_for()
    assert readable(room.wall)


@pytest.mark.parametrize("trainer", ["real time"], indirect=True)
def test_two_presses_close_but_do_not_show(room: Room) -> None:
    for _ in range(2):
        room.wall.wait_for_timeout(GUARD)
        room.next()
    room.wall.wait_for_timeout(GUARD)
    room.wall.keyboard.press("Enter")
    room.wall.keyboard.press("Enter")
    room.wall.get_by_text("Der er lukket for svar").wait_for()
    room.wall.wait_for_timeout(GUARD)
    assert room.wall.get_by_role("button", name="Vis svarene").is_visible()


def test_a_phone_that_sleeps_and_loses_the_net(room: Room, phones: list[Page]) -> None:
    """It waits without the net and goes on with it; a form that somebody fills in stays."""
    phone = phones[0]
    join(phone, room, "skole")
    phone.context.set_offline(True)
    room.next()
    room.next()
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.wait_for_timeout(300)
    assert phone.get_by_role("heading", name="Du er med").is_visible()
    phone.context.set_offline(False)
    phone.get_by_role("button", name="Gå guiden igennem").click()
    phone.locator('main input[value="nej"]').check()
    room.next()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    told = phone.get_by_role("link", name="Se, hvad der sker nu")
    told.wait_for()
    place = told.bounding_box()
    assert place and place["y"] + place["height"] <= PHONE["height"], "without scrolling"
    assert phone.locator('main input[value="nej"]').is_checked()
    phone.get_by_role("link", name="Se, hvad der sker nu").click()
    phone.get_by_role("heading", name="Der er lukket for svar").wait_for()
    phone.go_back()
    phone.reload()
    assert phone.get_by_role("heading", name="Der er lukket for svar").is_visible() and practice(phone)


def test_without_scripts(scriptless: Page, site: str, shipped_app: Flask) -> None:
    """One window is all of them in turn: the pages that wait are read anew by themselves, and by a link."""
    page = scriptless
    page.goto(f"{site}/temadag/")
    page.check(f'input[name="case"][value="{CASE}"]')
    page.get_by_role("button", name="Begynd").click()
    room = Room(site, page.locator("output[data-room-code]").inner_text(), page, page, [shipped_app.test_client()])
    join(page, room, "bord")
    refresh = page.locator('meta[http-equiv="refresh"]')
    assert refresh.get_attribute("content") == "10"
    steer = f"{site}/temadag/{room.code}/"
    for said in ("Vis sag 1", "Gå guiden igennem"):
        page.goto(steer)
        page.locator(".styr-nu").get_by_role("button", name=said).click()
    page.goto(room.here)
    assert not refresh.count(), "nothing changes under the fingers"
    walk(page)
    page.get_by_role("link", name="Færdig").click()
    page.get_by_role("link", name="Hent siden igen").click()
    page.get_by_role("heading", name="Du er færdig").wait_for()
    for said in ("Luk for svar", "Vis svarene"):
        page.goto(steer)
        page.locator(".styr-nu").get_by_role("button", name=said).click()
    page.goto(f"{steer}vaeg")
    assert refresh.get_attribute("content") == "30" and "Færre end fem har svaret" in page.inner_text("main")
    page.goto(steer)
    over(room)


TOUCHED = """() => [...document.querySelectorAll('main :is(a, button, input[type=radio] + label, select, summary)')]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44 && !one.closest('.sag, .skridt'))
    .map(one => one.textContent.trim())"""


class Looked:
    """What is wrong with the pages that were looked at."""

    def __init__(self) -> None:
        self.found = list[str]()

    def at(self, page: Page, name: str, everywhere: bool = False, colours: bool = False) -> None:
        """At all widths, with every part open. `colours`: contrast too, which one page of a kind needs."""
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        self.found += wrong(page, name, everywhere, colours=colours)
        self.found += [f"{name}: less than 44 pixels: {said}" for said in page.evaluate(TOUCHED)]

    def on_wall(self, page: Page, name: str, colours: bool = False) -> None:
        """At 1920, and whether it is too wide anywhere."""
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        for width in (320, 375, 1280, 1920):
            page.set_viewport_size({"width": width, "height": 1080})
            self.found += [f"{name} at {width} is too wide"] if overflow(page) else []
        self.found += (
            [f"{name}: {report}"] if (report := violations(page, rules=RULES if colours or NIGHT else FORM)) else []
        )


def press(room: Room, said: str) -> None:
    """A button of the page one steers from."""
    room.desk.goto(f"{room.site}/temadag/{room.code}/")
    with room.desk.expect_navigation():
        room.desk.locator(".styr-nu, .knapper").get_by_role("button", name=said).first.click()


def test_trainers_pages_can_be_read_by_everybody(room: Room) -> None:
    """Axe at 320 to 1280; on the wall at 1920."""
    looked, desk, wall = Looked(), room.desk, room.wall
    looked.at(desk, "steer")
    desk.reload()  # as it comes: the next step has the focus
    looked.on_wall(wall, "code", True)
    wall.goto("about:blank")  # else it goes on by itself meanwhile
    assert desk.evaluate(FOCUSED)
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    press(room, "Hvilket niveau?")
    wall.goto(f"{room.site}/temadag/{room.code}/vaeg")
    looked.on_wall(wall, "case")
    wall.goto("about:blank")
    for client in room.crowd:
        client.post(f"/ov/{room.code}/svar", data={"runde": 0, "svar": "bekymring"})
    press(room, "Luk for svar")
    press(room, "Vis svarene")
    looked.at(desk, "steer with answers", True, True)
    for number in range(1, 6):
        wall.goto(f"{room.site}/temadag/{room.code}/vaeg?blad={number}&v={desk.get_attribute('main', 'data-version')}")
        looked.on_wall(wall, f"sheet {number}", number < 3)
    desk.goto(f"{room.site}/temadag/")
    looked.at(desk, "start", True, True)
    assert looked.found == []


def test_participants_pages_can_be_read_by_everybody(room: Room, phones: list[Page]) -> None:
    """Axe at 320 to 1280; 44 pixels, but for links in a text of the guide."""
    looked, phone = Looked(), phones[0]
    phone.goto(f"{room.site}/ov/?kode=FORKERT")
    looked.at(phone, "phone: code", True, True)
    phone.goto(room.here)
    looked.at(phone, "phone: join")
    join(phone, room, "bord")
    looked.at(phone, "phone: wait")
    phone.goto("about:blank")  # else it goes on by itself meanwhile
    press(room, "Vis sag 1")
    press(room, "Hvilket niveau?")
    phone.goto(room.here)
    looked.at(phone, "phone: direct question")
    press(room, "Luk for svar")
    press(room, "Vis svarene")
    press(room, "Gå guiden igennem")
    phone.goto(room.here)
    looked.at(phone, "phone: which flow")
    phone.select_option("#flow", "skole")
    phone.get_by_role("button", name="Gå guiden igennem").click()
    phone.get_by_role("button", name="Fortsæt").click()
    looked.at(phone, "phone: question without an answer", colours=True)
    phone.goto(room.here)
    walk(phone)
    looked.at(phone, "phone: outcome", colours=True)
    phone.get_by_role("link", name="Færdig").click()
    looked.at(phone, "phone: answered")
    assert looked.found == []


def test_a_bad_wall_is_caught(room: Room, shipped_app: Flask) -> None:
    """The planted faults: too small, too long, and one that never asks."""
    wall, late = room.wall, shipped_app.test_client()
    wall.route("**/rum.js*", lambda route: route.abort())
    wall.reload()
    late.post(f"/ov/{room.code}", data={"faggruppe": "skole"})
    wall.wait_for_timeout(1_500)
    assert wall.locator("[data-seats]").inner_text() == "10" and readable(wall)
    wall.evaluate("document.querySelector('.snak li').style.setProperty('font-size', '31px', 'important')")
    assert not readable(wall) and fits(wall)
    wall.evaluate("document.querySelector('main').style.height = '1200px'")
    assert not fits(wall)
    wall.evaluate("document.querySelector('button').style.cssText = 'font-size: 1rem; min-height: 0; padding: 0'")
    assert wall.evaluate(TOUCHED) == ["Vis sag 1"]
