"""Every page type of the shipped guide against axe (WCAG 2.2 AA) at 320, 375 and 1280 px."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from guide.library.library import Library

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TAGS = [*WCAG, "best-practice"]
# The box that hides the page stands before all landmarks, so that a style sheet alone can hide what follows it.
RULES = {"region": {"enabled": False}}
WIDTHS = (320, 375, 1280)
FLOWS = [*(("tandpleje", width) for width in WIDTHS), ("sundhedspleje", 375), ("skole", 375), ("dagtilbud", 375)]

PAGES = {
    "front": "/",
    "kommune": "/eksempel/",
    "kommune without own contacts": "/aeroe/",
    "landing": "/eksempel/tandpleje/",
    "themes": "/eksempel/paa-tvaers/",
    "theme": "/eksempel/paa-tvaers/blaa-maerker",
    "contact": "/eksempel/kontakt/",
    "contact without own": "/hele-landet/kontakt/",
    "law": "/lov/",
    "lawyer": "/lov/jurist/",
    "signs": "/tegn/",
    "signs of one age": "/tegn/?alder=0-1",
    "about": "/om/",
    "privacy": "/privatliv/",
    "accessibility": "/tilgaengelighed/",
    "farewell": "/farvel",
    "changes": "/aendringer/",
    "quality": "/kvalitet/",
    "404": "/findes/ikke/her",
}


LOOKED: list[str] = []
"""The pages that axe has looked at in this process."""


@pytest.fixture(autouse=True)
def looked(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """How many pages a test looked at, for `make quality`."""
    before = len(LOOKED)
    yield
    record_property("pages looked at by axe", len(LOOKED) - before)


def violations(page: Page, tags: list[str] = TAGS) -> str:
    LOOKED.append(page.url)
    found = Axe().run(page, options={"runOnly": tags, "rules": RULES})
    return found.generate_report() if found.violations_count else ""


def overflow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("width", WIDTHS)
def test_pages(browser: Browser, site: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    for name, address in PAGES.items():
        page.goto(site + address)
        page.evaluate("document.querySelectorAll('.stol details').forEach(part => part.open = true)")
        assert violations(page) == "", f"{name} at {width}"
        assert not overflow(page), f"{name} at {width}"
    page.close()


def test_the_depth_of_a_question_and_doubt_on_an_outcome(page: Page, site: str) -> None:
    """Folded as it comes; the first question with a myth with all parts open; an outcome with what to find out."""
    page.goto(f"{site}/eksempel/skole/")
    page.get_by_role("button", name="Start").click()
    myths = 0
    for _ in range(20):
        assert page.locator("main details[open]").count() == 0
        ended = page.locator("main[data-outcome]").count()
        if ended or (page.locator(".myte").count() and not myths):
            myths += 1
            page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
            assert violations(page) == "" and not overflow(page), page.url
        if ended:
            break
        calm = page.locator('main input[value="nej"]')
        doubt = page.locator('main input[value="ved-ikke"]')
        (doubt if doubt.count() and not page.url.endswith("/1") else calm if calm.count() else doubt).first.check()
        page.get_by_role("button", name="Fortsæt").click()
    assert myths == 2 and page.locator(".find-ud").count() == 1


@pytest.mark.parametrize(("width", "columns"), [(320, 1), (800, 2), (1280, 4)])
def test_the_four_chairs_stand_side_by_side_where_there_is_room(
    browser: Browser, site: str, width: int, columns: int
) -> None:
    """On a phone the faggruppe is the heading of its own column; beside each other the rows are level."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{site}/eksempel/paa-tvaers/blaa-maerker")
    places = [box for one in page.locator(".stol").all() if (box := one.bounding_box())]
    assert len(places) == 4 and len({box["x"] for box in places}) == columns
    tops = [box["y"] for one in page.locator(".stol > .skal").all()[:columns] if (box := one.bounding_box())]
    assert len(tops) == columns and max(tops) - min(tops) < 1
    page.close()


@pytest.mark.parametrize(("flow", "width"), FLOWS)
def test_a_walk(browser: Browser, site: str, flow: str, width: int) -> None:
    """Each kind of question, with and without an error, and an outcome of every level, as they come."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{site}/eksempel/{flow}/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Fortsæt").click()
    assert page.locator('[role="alert"]').count() == 1
    for _ in range(20):
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        assert violations(page) == "", f"{page.url} at {width}"
        assert not overflow(page), f"{page.url} at {width}"
        if page.locator("main[data-outcome]").count():
            break
        page.locator('main input[name="svar"]').last.check()
        page.get_by_role("button", name="Fortsæt").click()
    assert page.locator("main[data-outcome]").count() == 1
    page.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_messages_and_the_way_on(browser: Browser, site: str, width: int) -> None:
    """A message on a question, one on the landing page, a lost walk, the hidden page, and a folded part opened."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{site}/eksempel/tandpleje/")
    page.get_by_role("button", name="Start").click()
    page.goto(f"{page.url}?besked=andet-vindue")
    assert page.locator('p.advarsel[role="status"]').is_visible()
    shown = [(page.url, violations(page), overflow(page))]
    page.goto(f"{site}/aarhus/tandpleje/1")
    shown.append((page.url, violations(page), overflow(page)))
    page.goto(f"{site}/eksempel/tandpleje/1")
    page.locator("label.skjul-knap").click()
    shown.append(("hidden", violations(page, WCAG), overflow(page)))  # hidden on purpose: no heading, no main part
    page.locator("label.skjul-knap").click()
    page.context.clear_cookies()
    page.get_by_role("button", name="Fortsæt").click()
    assert page.get_by_role("heading", name="Dit forløb er slut").is_visible()
    shown.append(("lost", violations(page), overflow(page)))
    page.goto(f"{site}/eksempel/vejledning/straks-hjemmet?fag=tandpleje")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    shown.append(("all parts open", violations(page), overflow(page)))
    assert shown == [(name, "", False) for name, _, _ in shown]
    page.close()


@pytest.mark.parametrize(("flow", "width"), FLOWS)
def test_outcomes_of_every_level(browser: Browser, site: str, flow: str, width: int, content: Library) -> None:
    """Every level and parents rule in tandpleje; in the other flows what they have beside it."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    seen = set()
    known = content.flows["tandpleje"].flow.outcomes if flow != "tandpleje" else {}
    for name, outcome in content.flows[flow].flow.outcomes.items():
        if name in known or (outcome.level, outcome.parents) in seen:
            continue
        seen.add((outcome.level, outcome.parents))
        page.goto(f"{site}/eksempel/vejledning/{name}?fag={flow}")
        assert violations(page) == "", f"{name} at {width}"
        assert not overflow(page), f"{name} at {width}"
    assert seen and (known or {level for level, _ in seen} == {"undren", "bekymring", "underret", "straks", "akut"})
    page.close()


def test_a_bad_page_is_caught(page: Page) -> None:
    """The planted fault: were axe blind, this would find nothing."""
    page.set_content("<html><body><img src='x'><input><button></button><p style='color:#ccc'>Svag</p></body></html>")
    report = violations(page)
    LOOKED.pop()  # no page of the guide
    for rule in ("button-name", "color-contrast", "html-has-lang", "image-alt", "label"):
        assert rule in report


def test_an_overflow_is_caught(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content("<div style='width:600px'>bred</div>")
    assert overflow(page)
