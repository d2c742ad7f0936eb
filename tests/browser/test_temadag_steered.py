"""What a trainer mends and chooses in Chromium, and phones that pass or have no net when they answer."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser, Page

from guide.web.temadag import CASES
from tests.browser.temadag_room import Room, join, walk
from tests.browser.test_temadag import (  # noqa: F401
    NIGHT,
    WALL,
    Looked,
    fits,
    phones,
    press,
    readable,
    room,
    trainer,
)
from tests.web.gathered import begun


def test_a_round_that_was_closed_too_early(room: Room, phones: list[Page]) -> None:  # noqa: F811
    """The phone that was told that it is too late goes on where it was."""
    phone = phones[0]
    join(phone, room, "skole")
    room.next()
    room.next()
    walk(phone)
    phone.get_by_text("Du kan rette det", exact=False).wait_for()
    room.next()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    phone.get_by_role("link", name="Se, hvad der sker nu").wait_for()
    assert not phone.get_by_text("Du kan rette det").is_visible(), "it cannot any more"
    phone.get_by_role("link", name="Se, hvad der sker nu").click()
    phone.get_by_role("heading", name="Der er lukket for svar").wait_for()
    with room.wall.expect_navigation():
        room.wall.get_by_role("button", name="Åbn for svar igen").click()
    phone.get_by_role("heading", name="Du er færdig").wait_for()
    assert room.wall.get_by_role("button", name="Luk for svar").is_visible() and readable(room.wall)


def test_an_answer_without_a_net_stays_and_is_sent_later(room: Room, phones: list[Page]) -> None:  # noqa: F811
    phone = phones[0]
    join(phone, room, "skole")
    room.next()
    room.next()
    phone.get_by_role("button", name="Gå guiden igennem").click()
    phone.locator('main input[value="nej"]').check()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Fortsæt").click()
    phone.get_by_role("alert").get_by_text("ikke forbindelse").wait_for()
    assert phone.locator('main input[value="nej"]').is_checked() and phone.url.endswith("/1")
    phone.context.set_offline(False)
    phone.get_by_role("alert").wait_for(state="hidden")
    phone.get_by_role("button", name="Fortsæt").click()
    phone.wait_for_url("**/2")


def test_one_passes_and_may_answer_after_all(room: Room, phones: list[Page]) -> None:  # noqa: F811
    phone = phones[0]
    join(phone, room, "tandpleje")
    press(room, "Vis sag 1")  # there alone: a page that goes on by itself cannot be sent elsewhere meanwhile
    press(room, "Hvilket niveau?")
    phone.get_by_role("button", name="Spring over").click()
    phone.get_by_role("heading", name="Du er færdig").wait_for()
    phone.get_by_role("link", name="Svar alligevel").click()
    phone.locator('main input[value="bekymring"]').check()
    phone.get_by_role("button", name="Send svar").click()
    phone.get_by_role("heading", name="Du er færdig").wait_for()


def test_these_pages_can_be_read_by_everybody(room: Room, phones: list[Page]) -> None:  # noqa: F811
    looked, phone = Looked(), phones[0]
    join(phone, room, "skole")
    press(room, "Vis sag 1")
    press(room, "Hvilket niveau?")
    phone.goto(room.here)
    phone.get_by_role("button", name="Spring over").click()
    phone.get_by_role("heading", name="Du er færdig").wait_for()
    looked.at(phone, "phone: passed", colours=True)
    press(room, "Luk for svar")
    looked.at(room.desk, "steer: closed", colours=True)
    room.wall.goto("about:blank")  # else it may go on by itself meanwhile
    room.wall.goto(f"{room.site}/temadag/{room.code}/vaeg")
    looked.on_wall(room.wall, "wall: closed", True)
    room.desk.goto(f"{room.site}/temadag/{room.code}/")
    room.desk.get_by_role("button", name="Luk for nye telefoner").click()
    looked.at(room.desk, "steer: no phone more")
    phone.context.clear_cookies()
    phone.goto(room.here)
    looked.at(phone, "phone: no phone more", colours=True)
    phone.goto(f"{room.here}/findes/ikke")
    looked.at(phone, "phone: error", colours=True)
    assert looked.found == []


def test_the_longest_cases_fit_the_wall(browser: Browser, site: str, shipped_app: Flask) -> None:
    """Notice, title and story on one screen: the six longest of the shipped cases, all of them at night."""
    context = browser.new_context(viewport=WALL, locale="da-DK")
    wall, cut, library = context.new_page(), list[str](), shipped_app.extensions["guide"].library
    cases = sorted(library.cases, key=lambda name: -len(library.cases[name].notice + library.cases[name].text))
    for start in range(0, len(cases) if NIGHT else CASES, CASES):
        one = begun(shipped_app, *cases[start : start + CASES])
        wall.goto(site + one.link)
        for n, case in enumerate(shipped_app.extensions["guide.rooms"].store.state(one.code).session.cases):
            one.does("sag", n)
            wall.goto(f"{site}{one.base}vaeg")
            cut += [] if readable(wall) else [case]
        one.does("slut")
    assert cut == []
    wall.locator(".sag").evaluate("it => it.append(it.textContent)")
    assert not fits(wall), "the planted fault: a story twice as long"
    context.close()
