"""The dates in Chromium: the script counts as Python does, asks for nothing, is not needed; the sheet is one page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from guide.library import force
from guide.library.days import last_working_day
from guide.library.deadlines import deadlines
from guide.library.library import Library
from guide.model import Level
from guide.web.dates import dag, follow_up, tid
from tests.browser.test_accessibility import FORM, violations

HASTY, USUAL = "straks-hjemmet", "underret-orienter"
LOOKS = {HASTY: None, USUAL: 14}
LEVELS = {HASTY: Level.straks, USUAL: Level.underret}

MOMENTS = [
    "2026-11-20T19:05", "2026-11-21T08:00", "2026-11-22T23:59", "2026-11-23T00:00", "2026-12-18T16:00",
    "2026-12-22T15:00", "2026-12-23T09:30", "2026-12-24T18:00", "2026-12-25T12:00", "2026-12-31T23:59",
    "2027-01-01T00:00", "2025-12-23T10:00", "2025-12-31T10:00", "2025-04-16T10:00", "2026-03-27T15:00",
    "2026-04-01T14:00", "2026-04-05T11:00", "2027-03-24T12:00", "2027-03-25T12:00", "2027-05-05T16:00",
    "2027-05-14T13:00", "2026-02-27T10:00", "2027-02-28T10:00", "2027-12-30T10:00", "2027-12-31T23:59",
    "2026-03-28T01:59", "2026-03-28T02:30", "2026-03-28T12:00", "2026-03-29T01:59", "2026-03-29T02:00",
    "2026-03-29T02:30", "2026-03-29T02:59", "2026-03-29T03:00", "2027-03-27T02:30", "2027-03-28T02:30",
    "2026-10-24T02:30", "2026-10-24T12:00", "2026-10-25T01:59", "2026-10-25T02:00", "2026-10-25T02:30",
    "2026-10-25T02:59", "2026-10-25T03:00", "2027-10-30T02:30", "2027-10-31T02:30", "2026-11-22T10:30",
]  # fmt: skip
"""Friday evening, midnight, Christmas, New Year, Easter, the other holidays, both changes of the clock, leap days."""

READ = """moments => moments.map(moment => {
  const field = document.querySelector('#modtaget');
  field.value = moment;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  const said = name => document.querySelector(`[data-dato="${name}"]`).textContent;
  return [said('vurdering'), said('kvittering'), said('spoerg'), said('blik'),
    document.querySelector('[data-kalender]').pathname.split('/').pop()];
})"""


def counted(step: str, moment: str) -> list[str]:
    """What the page must say, counted in Python."""
    level, look = LEVELS[step], LOOKS[step]
    received = datetime.fromisoformat(moment).replace(tzinfo=force.DENMARK)
    due = deadlines(level, received, look)
    assert due.assessed_by and due.receipt_by and due.ask_on
    name = follow_up(level, due, look).replace(f"{due.received:%Y%m%dT%H%M}", f"{received:%Y%m%dT%H%M}")
    return [tid(due.assessed_by), dag(due.receipt_by), dag(due.ask_on), dag(due.look_by), f"{name}.ics"]


def differing(page: Page, step: str) -> dict[str, tuple[list[str], list[str]]]:
    """The moments on which script and Python do not agree."""
    found = zip(MOMENTS, page.evaluate(READ, MOMENTS), strict=True)
    return {moment: (said, own) for moment, said in found if said != (own := counted(step, moment))}


def address(site: str, step: str) -> str:
    return f"{site}/eksempel/vejledning/{step}?fag=skole"


@pytest.fixture(params=["Europe/Copenhagen", "America/New_York"])
def abroad(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a computer that stands in another zone too: the field always means Denmark."""
    context = browser.new_context(timezone_id=request.param, viewport={"width": 375, "height": 812})
    yield context.new_page()
    context.close()


def test_script_and_python_count_the_same(abroad: Page, site: str) -> None:
    assert len(MOMENTS) == len(set(MOMENTS)) >= 30
    for step in LOOKS:
        abroad.goto(address(site, step))
        abroad.wait_for_selector(".modtaget:not([hidden])")
        assert differing(abroad, step) == {}
    abroad.evaluate("document.querySelector('[data-datoer]').dataset.blik = 7")  # as where an outcome says so itself
    moments = [datetime.fromisoformat(moment).replace(tzinfo=force.DENMARK) for moment in MOMENTS]
    looks = [deadlines(Level.underret, moment, 7).look_by for moment in moments]
    assert [said[3] for said in abroad.evaluate(READ, MOMENTS)] == [dag(day) for day in looks]


FAULTS = {
    "a holiday forgotten": ("part.dataset.helligdage.split", '"".split'),
    "an hour of the wall": ("wall(instant(given) + DAY)", "given + DAY"),
    "winter time first": ("reading - 120 * MINUTE", "reading - 60 * MINUTE"),
    "five days": ("n < 6", "n < 5"),
}


def test_a_script_that_counts_wrong_is_caught(page: Page, site: str) -> None:
    told: list[str] = []

    def spoil(route: Route) -> None:
        body, (before, after) = route.fetch().text(), FAULTS[what]
        told.extend([what] * body.count(before))
        route.fulfill(body=body.replace(before, after), content_type="text/javascript")

    page.route("**/dates.js*", spoil)
    for what in FAULTS:
        page.goto(address(site, USUAL))
        page.wait_for_selector(".modtaget:not([hidden])")
        assert what in told and differing(page, USUAL), what


def test_nothing_is_asked_for_or_kept_while_one_types(recalling: Page, site: str) -> None:
    page = recalling
    page.goto(address(site, HASTY), wait_until="networkidle")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))
    field = page.get_by_label("Hvornår modtog kommunen underretningen?")
    expect(page.locator("#regnet-fra")).to_have_text(f"Regnet fra nu: {tid(force.now())}.")
    field.fill("2026-12-23T15:00")
    expect(page.locator("#regnet-fra")).to_have_text("Regnet fra onsdag 23. december 2026 kl. 15.00.")
    field.fill("")
    expect(page.locator("#regnet-fra")).to_contain_text("Datoerne er stadig regnet fra onsdag 23. december 2026")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("2031-01-01T10:00")
    expect(page.locator('[data-dato="kvittering"]')).to_have_text("mandag 4. januar 2027")
    assert violations(page, rules=FORM) == ""
    assert asked == [] and page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert field.get_attribute("name") is None and field.evaluate("field => field.form") is None
    field.fill("2026-12-23T15:00")
    page.goto(f"{site}/om/")
    page.go_back(wait_until="commit")
    expect(field).to_have_value(f"{force.now():%Y-%m-%dT%H:%M}")
    expect(page.locator('[data-dato="kvittering"]')).to_have_text(counted(HASTY, f"{force.now():%Y-%m-%dT%H:%M}")[1])


def test_the_link_fetches_the_chosen_dates(page: Page, site: str) -> None:
    page.goto(address(site, HASTY))
    page.get_by_label("Hvornår modtog kommunen underretningen?").fill("2026-12-23T15:00")
    with page.expect_download() as download:
        page.get_by_role("link", name="Læg datoerne i din kalender").click()
    assert download.value.suggested_filename == "opfoelgning.ics"
    assert "DTSTART;TZID=Europe/Copenhagen:20270104T090000" in download.value.path().read_text("utf-8")


def test_without_javascript(scriptless: Page, site: str) -> None:
    page = scriptless
    page.goto(address(site, USUAL))
    expect(page.locator("#modtaget")).to_be_hidden()
    now = f"{force.now():%Y-%m-%dT%H:%M}"
    assert [one.inner_text() for one in page.locator("[data-dato]").all()] == counted(USUAL, now)[:4]
    expect(page.locator("#regnet-fra")).to_have_text(f"Regnet fra nu: {tid(force.now())}.")


def test_the_field_is_large_enough_to_touch(page: Page, site: str) -> None:
    """44 px high and inside the page; the rest of the looks is asked in test_accessibility.py, of the sheet too."""
    page.goto(address(site, HASTY))
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        field = page.locator("#modtaget").bounding_box()
        assert field and field["height"] >= 44 and field["x"] + field["width"] <= width


def printed(page: Page) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))


def test_the_sheet_is_one_page_with_the_most_on_it(page: Page, site: str, content: Library) -> None:
    """The sheets with the most words, and with room left: a kommune's own names and hours may be longer."""
    sheets = [
        (sum(map(len, outcome.raises)), flow, step, outcome.look or 0)
        for flow, playable in content.flows.items()
        for step, outcome in playable.flow.outcomes.items()
        if outcome.level in ("undren", "bekymring")
    ]
    assert len(sheets) > 3
    for _, flow, step, look in sorted(sheets, reverse=True)[:3]:
        for kommune in ("eksempel", "aeroe"):
            page.goto(f"{site}/{kommune}/observation/{step}?fag={flow}")
            paper = printed(page)
            assert len(paper) == 1 and [round(side / 72 * 25.4) for side in paper[0].get_size()] == [297, 210]
            text = " ".join(paper[0].get_textpage().get_text_bounded().split())
            day = last_working_day(force.today() + timedelta(days=look))
            for said in (dag(day), "Barnets egne ord", "Det gjorde jeg", "Skriv ikke barnets navn", "112", "114"):
                assert said in text, said
            assert "Forlad siden" not in text and "Bekymringsguiden" not in text


def test_a_sheet_with_old_numbers_says_so_on_the_same_page(
    page: Page, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = force.today() + timedelta(days=400)
    monkeypatch.setattr(force, "today", lambda: later)
    page.goto(f"{site}/aeroe/observation/bekymring-egen-indsats?fag=sundhedspleje")
    paper = printed(page)
    assert len(paper) == 1 and "ikke efterset siden" in " ".join(paper[0].get_textpage().get_text_bounded().split())


def test_a_sheet_of_two_pages_is_caught(page: Page, site: str) -> None:
    """The planted fault: were the pages not counted, this would pass too."""
    page.goto(f"{site}/eksempel/observation/undren?fag=skole")
    page.evaluate("document.querySelector('tbody').append(document.querySelector('tbody tr').cloneNode(true))")
    page.evaluate("document.querySelector('tbody').append(document.querySelector('tbody tr').cloneNode(true))")
    assert len(printed(page)) == 2
