"""Every page type of the shipped guide against axe (WCAG 2.2 AA) at 320, 375 and 1280 px.

A page is opened once and then made narrow and wide, as when a telephone is turned. In `make test` axe looks at 320 px
with all rules, and of every template at 1280 px without the contrast of colours, which takes longer than all other
rules together and is the same there; whether a page is too wide is asked in every width. Templates are walked in two
flows. With GUIDE_NIGHT=1, and so in `make quality`, every page of every flow is looked at by every rule in every width.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from flask import Flask
from playwright.sync_api import Page

from guide.library.library import Library
from tests.statistics.figures import shipped_figures, showing

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
TAGS = [*WCAG, "best-practice"]
# The box that hides the page stands before all landmarks, so that a style sheet alone can hide what follows it.
RULES = {"region": {"enabled": False}}
FORM = {**RULES, "color-contrast": {"enabled": False}}
"""All rules but those of colour, which is the same in every width."""
NARROW, PHONE, WIDE = 320, 375, 1280
NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
FLOWS = ("tandpleje", "sundhedspleje", "skole", "dagtilbud")
WALKED = FLOWS if NIGHT else FLOWS[:2]

PAGES = {
    "front": "/",
    "kommune": "/eksempel/",
    "kommune without own contacts": "/aeroe/",
    "own outcome, colours, logo and offers": "/eksempel-stor/vejledning/ring-til-teamet",
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
    "observation": "/eksempel/observation/undren?fag=skole",
    "changes": "/aendringer/",
    "quality": "/kvalitet/",
    "end of a temadag": "/temadag/slut",
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


def violations(page: Page, tags: list[str] = TAGS, rules: dict[str, dict[str, bool]] = RULES) -> str:
    """What axe finds, as a report. What it finds in order is not described too: that takes longer than to look."""
    LOOKED.append(page.url)
    if not page.evaluate("'axe' in window"):  # half a megabyte goes to a page once, however often it is looked at
        page.evaluate(AXE_SCRIPT)
    asked = {"runOnly": tags, "rules": rules, "resultTypes": ["violations"]}
    found = AxeResults({"violations": page.evaluate("asked => axe.run(asked).then(told => told.violations)", asked)})
    return found.generate_report() if found.violations_count else ""


def overflow(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def wrong(page: Page, name: str, everywhere: bool = True, tags: list[str] = TAGS, colours: bool = True) -> list[str]:
    """What is wrong with the page that is open: by axe in the widest and the narrowest, or in the narrowest alone."""
    found = []
    for width in (WIDE, PHONE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{name} at {width} is too wide"] if overflow(page) else []
        if NIGHT or width == NARROW or (everywhere and width == WIDE):
            report = violations(page, tags, RULES if NIGHT or (colours and width == NARROW) else FORM)
            found += [f"{name} at {width}: {report}"] if report else []
    return found


@pytest.mark.parametrize("part", [0, 1], ids=["one half", "the other half"])
def test_pages(page: Page, site: str, part: int) -> None:
    for name, address in list(PAGES.items())[part::2]:
        page.goto(site + address)
        page.evaluate("document.querySelectorAll('.stol details').forEach(part => part.open = true)")
        assert wrong(page, name, everywhere=name not in ALIKE) == []


FIGURES = {
    "figures of a kommune": "/statistik/kommune/viborg/?periode=2025",
    "behind the figures": "/statistik/om/",
    "figures of a kommune with few": "/statistik/kommune/lemvig/?periode=2025K4",
    "figures of a landsdel": "/statistik/landsdel/fyn/",
    "figures of a kommune that is too small": "/statistik/kommune/laesoe/",
    "official figures before any": "/statistik/officielle/",
}
"""The first two stand for the others, but at night."""


def test_pages_of_figures(page: Page, site: str, shipped_app: Flask) -> None:
    """With every part open, on made-up figures of two years."""
    with showing(shipped_app, shipped_figures()):
        for name, address in list(FIGURES.items())[: None if NIGHT else 2]:
            page.goto(site + address)
            page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
            assert wrong(page, name, everywhere=name == "figures of a kommune") == []


def test_what_can_be_touched_in_figures_is_large_enough(page: Page, site: str, shipped_app: Flask) -> None:
    """44 pixels, but for links within a sentence."""
    with showing(shipped_app, shipped_figures()):
        page.goto(f"{site}/statistik/kommune/viborg/")
        small = page.evaluate("""() => [
            ...document.querySelectorAll('main :is(table, nav, form) :is(a, select, button)')]
            .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 44)
            .map(one => one.textContent.trim())""")
    assert small == []


ALIKE = ("kommune without own contacts", "contact without own", "signs of one age")
"""Pages of a template that another page shows in every width."""


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
            assert violations(page, rules=RULES if NIGHT else FORM) == "" and not overflow(page), page.url
        if ended:
            break
        calm = page.locator('main input[value="nej"]')
        doubt = page.locator('main input[value="ved-ikke"]')
        (doubt if doubt.count() and not page.url.endswith("/1") else calm if calm.count() else doubt).first.check()
        page.get_by_role("button", name="Fortsæt").click()
    assert myths == 2 and page.locator(".find-ud").count() == 1


def test_the_four_chairs_stand_side_by_side_where_there_is_room(page: Page, site: str) -> None:
    """On a phone the faggruppe is the heading of its own column; beside each other the rows are level."""
    page.goto(f"{site}/eksempel/paa-tvaers/blaa-maerker")
    for width, columns in ((320, 1), (800, 2), (1280, 4)):
        page.set_viewport_size({"width": width, "height": 900})
        places = [box for one in page.locator(".stol").all() if (box := one.bounding_box())]
        assert len(places) == 4 and len({box["x"] for box in places}) == columns
        tops = [box["y"] for one in page.locator(".stol > .skal").all()[:columns] if (box := one.bounding_box())]
        assert len(tops) == columns and max(tops) - min(tops) < 1


@pytest.mark.parametrize("flow", WALKED)
def test_a_walk(page: Page, site: str, flow: str) -> None:
    """Each kind of question, with and without an error, and an outcome, as they come."""
    page.goto(f"{site}/eksempel/{flow}/")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Fortsæt").click()
    assert page.locator('[role="alert"]').count() == 1
    kinds = set[tuple[bool, ...]]()
    for _ in range(20):
        page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
        kind = tuple(page.locator(what).count() > 0 for what in KIND)
        if NIGHT or kind not in kinds:
            assert wrong(page, page.url, flow == FLOWS[0], colours=flow == FLOWS[0]) == []
        kinds.add(kind)
        assert not overflow(page), page.url
        if page.locator("main[data-outcome]").count():
            break
        page.locator('main input[name="svar"]').last.check()
        page.get_by_role("button", name="Fortsæt").click()
    assert page.locator("main[data-outcome]").count() == 1


KIND = ('[role="alert"]', 'main input[type="checkbox"]', ".myte", "main[data-outcome]")
"""What makes a question another kind of page than the one before."""


def test_messages_and_the_way_on(page: Page, site: str) -> None:
    """A message on a question, one on the landing page, a lost walk, the hidden page, and a folded part opened."""
    page.goto(f"{site}/eksempel/tandpleje/")
    page.get_by_role("button", name="Start").click()
    page.goto(f"{page.url}?besked=andet-vindue")
    assert page.locator('p.advarsel[role="status"]').is_visible()
    assert wrong(page, "message") == []
    page.goto(f"{site}/aarhus/tandpleje/1")
    assert wrong(page, "no walk") == []
    page.goto(f"{site}/eksempel/tandpleje/1")
    page.locator("label.skjul-knap").click()
    assert wrong(page, "hidden", tags=WCAG) == []  # hidden on purpose: no heading, no main part
    page.locator("label.skjul-knap").click()
    page.context.clear_cookies()
    page.get_by_role("button", name="Fortsæt").click()
    assert page.get_by_role("heading", name="Dit forløb er slut").is_visible()
    assert wrong(page, "lost") == []
    page.goto(f"{site}/eksempel/vejledning/straks-hjemmet?fag=tandpleje")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert wrong(page, "all parts open") == []


@pytest.mark.parametrize("flow", WALKED)
def test_outcomes_of_every_level(page: Page, site: str, flow: str, content: Library) -> None:
    """Every level and parents rule in tandpleje, each level in colours; in the other flows what they have beside it."""
    seen, looks = set[tuple[str, str]](), set[str]()
    known = content.flows[FLOWS[0]].flow.outcomes if flow != FLOWS[0] else {}
    for name, outcome in content.flows[flow].flow.outcomes.items():
        shown = (str(outcome.level), str(outcome.parents))
        if name in known or shown in seen:
            continue
        seen.add(shown)
        page.goto(f"{site}/eksempel/vejledning/{name}?fag={flow}")
        new = flow == FLOWS[0] and not looks.issuperset(shown)
        assert wrong(page, name, everywhere=new, colours=new and shown[0] not in looks) == []
        looks.update(shown)
    assert seen and (known or {level for level, _ in seen} == {"undren", "bekymring", "underret", "straks", "akut"})


def test_a_bad_page_is_caught(page: Page) -> None:
    """The planted fault: were axe blind, this would find nothing."""
    page.set_content("<html><body><img src='x'><input><button></button><p style='color:#ccc'>Svag</p></body></html>")
    report, form = violations(page), violations(page, rules=FORM)
    del LOOKED[-2:]  # no page of the guide
    for rule in ("button-name", "color-contrast", "html-has-lang", "image-alt", "label"):
        assert rule in report and (rule in form or rule == "color-contrast")


def test_an_overflow_is_caught(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.set_content("<div style='width:600px'>bred</div>")
    assert overflow(page)
