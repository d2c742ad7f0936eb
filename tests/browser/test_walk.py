"""A walk in Chromium: keyboard, no JavaScript, Back, reload, «Ret», two tabs, expired, leaving, hiding, https."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from guide.web import walks

OUTCOME = "main[data-outcome]"


def begin(page: Page, site: str, flow: str = "tre") -> None:
    page.goto(f"{site}/proeve/{flow}/")
    page.get_by_role("button", name="Start").click()


def choose(page: Page, *labels: str) -> None:
    for label in labels:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Fortsæt").click()


def to_outcome(page: Page, site: str) -> None:
    begin(page, site)
    choose(page, "Nej")
    choose(page, "Ja")
    expect(page.locator(OUTCOME)).to_have_attribute("data-outcome", "straks")


def test_back_shows_the_question_with_its_answer_and_reload_changes_nothing(recalling: Page, demo_site: str) -> None:
    page = recalling
    to_outcome(page, demo_site)
    page.reload()
    expect(page.locator(OUTCOME)).to_have_attribute("data-outcome", "straks")
    page.go_back(wait_until="commit")
    expect(page.locator("main")).to_have_attribute("data-step", "slag")
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()
    page.go_forward(wait_until="commit")
    expect(page.locator(OUTCOME)).to_have_attribute("data-outcome", "straks")


def test_after_a_changed_answer_back_shows_no_stale_outcome(recalling: Page, demo_site: str) -> None:
    page = recalling
    to_outcome(page, demo_site)
    page.get_by_role("link", name=re.compile("Ret svaret på: Er barnet blevet slået")).click()
    choose(page, "Nej")
    expect(page.locator("main")).to_have_attribute("data-step", "trist")
    page.go_back(wait_until="commit")
    expect(page.locator("main")).to_have_attribute("data-step", "slag")
    page.go_back(wait_until="commit")
    expect(page.locator("main")).to_have_attribute("data-step", "trist")
    expect(page.locator(OUTCOME)).to_have_count(0)


def test_by_keyboard_alone(page: Page, demo_site: str) -> None:
    page.goto(f"{demo_site}/proeve/tre/")
    keys_to(page, "Start")
    page.keyboard.press("Enter")
    for step, answer in (("akut-fare", "Nej"), ("slag", "Nej")):
        expect(page.locator("main")).to_have_attribute("data-step", step)
        keys_to_choices(page)
        for _ in range(5):
            if page.evaluate("document.activeElement.labels[0].innerText").strip() == answer:
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        keys_to(page, "Fortsæt")
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_have_attribute("data-step", "trist")
    keys_to_choices(page)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(OUTCOME)).to_have_attribute("data-outcome", "bekymring")


def keys_to(page: Page, name: str) -> None:
    """Press Tab until the thing with this text has focus, which must be visible to the eye."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == name:
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab never came to «{name}»")


def keys_to_choices(page: Page) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "svar":
            return
    raise AssertionError("Tab never came to the choices")


def test_without_javascript(scriptless: Page, demo_site: str) -> None:
    to_outcome(scriptless, demo_site)
    scriptless.get_by_role("button", name="Forlad siden").click()
    expect(scriptless).to_have_url(f"{demo_site}/farvel")


OWN_SCRIPT = re.compile(r"http://127\.0\.0\.1:\d+/static/dates\.js\?v=\w+")


def scripts(page: Page, site: str) -> tuple[list[str], list[str]]:
    """What a walk to an outcome asks for as script: of our own, and of any other kind."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "script" else None)
    begin(page, site)
    choose(page, "Nej")
    assert [one for one in asked if OWN_SCRIPT.fullmatch(one)] == [], "no question has a script"
    choose(page, "Ja")
    expect(page.locator(OUTCOME)).to_have_attribute("data-outcome", "straks")
    page.wait_for_load_state("networkidle")
    own = [one for one in asked if OWN_SCRIPT.fullmatch(one)]
    return own, [one for one in asked if one not in own]


def test_only_scripts_of_our_own(page: Page, demo_site: str) -> None:
    """On the outcome, for its dates; without any the walk is the same, as the test above shows."""
    own, others = scripts(page, demo_site)
    assert len(own) == 1 and others == []

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(
            response=answer, body=answer.text().replace("</head>", "<script src='/static/x.js'></script></head>")
        )

    page.route("**/proeve/tre/*", plant)
    assert scripts(page, demo_site)[1]


def test_two_tabs_with_the_same_walk(page: Page, demo_site: str) -> None:
    one, two = page, page.context.new_page()
    begin(one, demo_site)
    choose(one, "Nej")
    two.goto(one.url)
    choose(one, "Ja")
    choose(two, "Nej")
    expect(two.locator("main")).to_have_attribute("data-step", "trist")


def test_two_tabs_with_two_walks(page: Page, demo_site: str) -> None:
    one, two = page, page.context.new_page()
    begin(one, demo_site)
    begin(two, demo_site)
    choose(two, "Nej")
    choose(one, "Ja")
    expect(one.get_by_text("andet vindue")).to_be_visible()
    expect(one.locator("main")).to_have_attribute("data-step", "slag")


def test_an_expired_walk(page: Page, demo_site: str, demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(page, demo_site)
    late = walks.now() + 40 * 60
    monkeypatch.setattr(walks, "now", lambda: late)
    choose(page, "Nej")
    expect(page.get_by_role("heading", name="Dit forløb er slut")).to_be_visible()
    page.get_by_role("button", name="Begynd igen").click()
    expect(page.locator("main")).to_have_attribute("data-step", "akut-fare")


def test_leaving_shows_a_neutral_page_and_back_shows_no_answer(recalling: Page, demo_site: str) -> None:
    page = recalling
    to_outcome(page, demo_site)
    page.get_by_role("button", name="Forlad siden").click()
    expect(page).to_have_url(f"{demo_site}/farvel")
    assert page.context.cookies() == []
    page.wait_for_load_state("networkidle")
    page.go_back(wait_until="commit")
    page.wait_for_timeout(500)
    assert page.locator(OUTCOME).count() == 0
    assert "slået" not in page.content()


def test_back_is_tried_in_a_browser_that_keeps_pages(recalling: Page, demo_site: str) -> None:
    """Else the tests of Back would show nothing: a page that may be kept comes back as it was left."""
    page = recalling
    page.route("**/egen*", lambda route: route.fulfill(body="<p>Skrevet</p>", content_type="text/html"))
    page.goto(f"{demo_site}/egen-1")
    page.evaluate("document.querySelector('p').textContent = 'Rettet'")
    page.goto(f"{demo_site}/egen-2")
    page.go_back(wait_until="commit")
    expect(page.locator("p")).to_have_text("Rettet")
    assert page.url == f"{demo_site}/egen-1"


def test_hiding_the_page_when_someone_comes_in(page: Page, demo_site: str) -> None:
    to_outcome(page, demo_site)
    page.locator("label.skjul-knap").click()
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("aside.svar")).to_be_hidden()
    expect(page.get_by_text("Siden er skjult")).to_be_visible()
    page.locator("label.skjul-knap").click()
    expect(page.locator("main")).to_be_visible()


def test_hiding_by_keyboard(page: Page, demo_site: str) -> None:
    to_outcome(page, demo_site)
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skjul"
    page.keyboard.press("Space")
    expect(page.locator("main")).to_be_hidden()


def test_history_titles_and_storage_tell_nothing(page: Page, demo_site: str) -> None:
    titles = set()
    page.on("load", lambda shown: titles.add(shown.title()))
    to_outcome(page, demo_site)
    assert titles == {"Bekymringsguiden"}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/proeve/tre/3", page.url)
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("walk", True, "Lax")


def test_by_https_behind_a_proxy(browser: Browser, secure_site: str) -> None:
    context = browser.new_context(ignore_https_errors=True, viewport={"width": 375, "height": 812})
    page = context.new_page()
    to_outcome(page, secure_site)
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["path"]) == ("__Host-walk", True, "/")
    page.get_by_role("button", name="Forlad siden").click()
    expect(page).to_have_url(f"{secure_site}/farvel")
    assert context.cookies() == []
    context.close()


def test_the_policy_is_not_violated_and_nothing_is_missing(page: Page, demo_site: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda response: said.append(response.url) if response.status >= 400 else None)
    page.on("requestfailed", lambda request: said.append(request.url))
    for address in ("/", "/proeve/", "/proeve/kontakt/", "/lov/", "/tegn/", "/farvel"):
        page.goto(demo_site + address)
        page.wait_for_load_state("networkidle")
    to_outcome(page, demo_site)
    assert [line for line in said if "Clear-Site-Data" not in line] == []
