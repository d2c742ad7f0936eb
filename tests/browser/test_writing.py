"""The writing help in Chromium: it helps, and it forgets. All that leaves the page or stays behind is watched.

Planted faults show that each kind of sight works: a script that sends, one that keeps, one that gives a field a name.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.browser.test_accessibility import wrong

REPORT = "/eksempel/skriv/straks-hjemmet/underretning?fag=tandpleje"
SECRET = "hemmeligt-ord-4711"
SEEN = '[data-felt="set-og-hoert"] textarea'

KEPT = """async () => ({
  storage: localStorage.length + sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  cookie: document.cookie,
  state: history.state,
  history: history.length,
  name: window.name,
  title: document.title,
  named: [...document.querySelectorAll("main :is(input, textarea, select)")].filter((e) => e.name || e.form).length,
})"""
"""What a page can leave behind in a browser, and fields that a browser would remember."""


@dataclass
class Watch:
    """Everything that a page asks for, opens or keeps after it has loaded."""

    page: Page
    asked: list[str] = field(default_factory=list)
    before: dict[str, object] = field(default_factory=dict)

    @classmethod
    def over(cls, context: BrowserContext, address: str) -> Watch:
        """A page of its own, loaded, with the template there; what it asked for until then is forgotten."""
        watch = cls(context.new_page())
        context.on("request", lambda request: watch.asked.append(f"{request.method} {request.url}"))
        watch.page.on("websocket", lambda socket: watch.asked.append(socket.url))
        watch.page.on("popup", lambda popup: watch.asked.append(f"popup {popup.url}"))
        watch.page.goto(address)
        expect(watch.page.locator('[data-goer="docx"]')).to_be_enabled()
        watch.page.wait_for_load_state("networkidle")
        assert any("template.docx" in one for one in watch.asked), "the watch sees what is asked for"
        watch.asked.clear()
        watch.before = watch.page.evaluate(KEPT)
        return watch

    def found(self) -> list[str]:
        """What went out or stays: nothing but files that the page made itself."""
        self.page.wait_for_timeout(100)
        after = self.page.evaluate(KEPT)
        out = [one for one in self.asked if not one.startswith("GET blob:")]
        kept = [name for name, value in after.items() if value != self.before[name]]
        cookies = [f"cookie {one['name']}" for one in self.page.context.cookies()]
        return out + kept + cookies + ["named"] * bool(after["named"])


def fill(page: Page) -> None:
    """A word in one field, and shown in the text."""
    page.locator(SEEN).fill(SECRET)
    expect(page.locator(".brev")).to_contain_text(SECRET)


def fill_all(page: Page) -> None:
    """Write in every field, by key in one of them, until nothing is missing."""
    for place in page.locator("[data-felt] textarea").all():
        place.fill(SECRET)
    page.locator(SEEN).press_sequentially(" virker", delay=5)
    expect(page.locator("[data-mangler]")).to_be_hidden()


def take(page: Page, action: str) -> None:
    """One of the buttons, and «Fortsæt»."""
    page.locator(f'[data-goer="{action}"]').click()
    expect(page.locator("dialog")).to_be_visible()
    page.locator("[data-fortsaet]").click()
    expect(page.locator("dialog")).to_be_hidden()


def everything(page: Page) -> None:
    """All that one can do with the page."""
    page.locator("[data-mangler] a").first.click()
    fill_all(page)
    take(page, "kopier")
    for action in ("docx", "tekst"):
        with page.expect_download() as download:
            take(page, action)
        assert download.value.suggested_filename in ("notat.docx", "notat.txt")
    take(page, "udskriv")
    page.locator("label.skjul-knap").click()
    page.locator("label.skjul-knap").click()


@pytest.fixture
def quiet(context: BrowserContext) -> BrowserContext:
    """A context whose window.print says so, for there is no printer."""
    context.add_init_script("window.print = () => { document.documentElement.dataset.printed = '1'; }")
    return context


def test_nothing_leaves_the_page_and_nothing_stays(quiet: BrowserContext, site: str) -> None:
    watch = Watch.over(quiet, site + REPORT)
    everything(watch.page)
    assert watch.page.evaluate("document.documentElement.dataset.printed") == "1"
    assert watch.found() == []
    assert SECRET not in watch.page.url


FAULTS = {
    "beacon": ('navigator.sendBeacon("/forlad", field.value)', "POST "),
    "fetch": ('fetch("/farvel?" + field.value)', "GET "),
    "picture": ('new Image().src = "/" + field.value', "GET "),
    "socket": ('new WebSocket("ws://127.0.0.1:9/" + field.value)', "ws://"),
    "storage": ("localStorage.setItem('a', field.value)", "storage"),
    "session": ("sessionStorage.setItem('a', field.value)", "storage"),
    "database": ("indexedDB.open(field.value)", "databases"),
    "cache": ("caches.open(field.value)", "caches"),
    "cookie": ("document.cookie = 'a=' + field.value", "cookie"),
    "address": ("history.replaceState(field.value, '')", "state"),
    "title": ("document.title = field.value", "title"),
    "name": ("field.name = 'barn'", "named"),
    "form": ("document.querySelector('form').id = 'f'; field.setAttribute('form', 'f')", "named"),
}
"""Planted in the script, at each key: what it does, and what the watch must say."""


def test_each_planted_fault_is_caught(context: BrowserContext, site: str) -> None:
    """Each in a field of its own; without the policy of the page, which stops some of them by itself."""
    cases = ",".join(f'"{name}": (field) => {{ {code}; }}' for name, (code, _) in FAULTS.items())
    planted = (
        f';const faults = {{ {cases} }}; addEventListener("input", ({{ target }}) => faults[target.value](target));'
    )

    def plant(route: Route) -> None:
        answer = route.fetch()
        headers = {key: value for key, value in answer.headers.items() if key != "content-security-policy"}
        body = answer.text() + (planted if "writing.js" in route.request.url else "")
        route.fulfill(response=answer, body=body, headers=headers)

    context.route(re.compile(r"writing\.js|/skriv/"), plant)
    watch = Watch.over(context, site + REPORT)
    missed = []
    for (name, (_, told)), place in zip(FAULTS.items(), watch.page.locator("[data-felt] textarea").all(), strict=False):
        place.fill(name)
        if not any(one.startswith(told) for one in watch.found()):
            missed.append(name)
        watch.page.evaluate(
            "for (const field of document.querySelectorAll('textarea')) { field.removeAttribute('name'); }"
        )
        context.clear_cookies()
        watch.asked.clear()
        watch.before = watch.page.evaluate(KEPT)
    assert missed == []


@pytest.fixture
def report(page: Page, site: str) -> Page:
    page.goto(site + REPORT)
    expect(page.locator(SEEN)).to_be_visible()
    return page


@pytest.fixture
def alone(context: BrowserContext, site: str) -> Page:
    """The same in a window of its own: what is dismissed or dialled may reach into the next page of a window."""
    page = context.new_page()
    page.goto(site + REPORT)
    expect(page.locator(SEEN)).to_be_visible()
    return page


def values(page: Page) -> str:
    """All that is written on the page."""
    found: str = page.evaluate('[...document.querySelectorAll("textarea")].map((field) => field.value).join("")')
    return found


def shown(page: Page) -> str:
    """All that can be read on the page."""
    return values(page) + page.evaluate("document.documentElement.innerHTML")


def test_fields_are_such_that_browsers_neither_keep_nor_send_what_is_written(report: Page) -> None:
    for place in report.locator("[data-felt] textarea").all():
        given = place.evaluate("(field) => Object.fromEntries([...field.attributes].map((a) => [a.name, a.value]))")
        assert given | {"autocomplete": "off", "spellcheck": "false", "translate": "no"} == given
        assert given | {"autocorrect": "off", "autocapitalize": "off", "writingsuggestions": "false"} == given
        assert given["data-gramm"] == "false" and "name" not in given
    assert report.locator("main form, main input, main [contenteditable]").count() == 0


def test_every_field_has_its_label_and_its_help(report: Page) -> None:
    for room in report.locator("[data-felt]").all():
        place, label = room.locator("textarea"), room.locator("label")
        assert place.evaluate("(field) => field.labels.length") == 1 and label.inner_text().strip()
        for part in (place.get_attribute("aria-describedby") or "").split():
            assert report.locator(f"#{part}").count() == 1


def test_back_and_reload_and_undo_bring_nothing_back(recalling: Page, site: str) -> None:
    report, said = recalling, list[str]()
    report.goto(site + REPORT)
    report.on("dialog", lambda dialog: (said.append(dialog.type), dialog.accept()))
    fill(report)
    report.get_by_role("link", name="Vejledningen").click()
    expect(report.locator("main[data-outcome]")).to_be_visible()
    assert said == ["beforeunload"], "asked once before it is lost"
    report.go_back(wait_until="commit")
    expect(report.locator(SEEN)).to_be_visible()
    assert SECRET not in shown(report)
    report.locator(SEEN).focus()
    report.keyboard.press("Control+z")
    assert values(report) == ""
    fill(report)
    report.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    report.locator(SEEN).focus()
    report.keyboard.press("Control+z")
    assert SECRET not in shown(report)
    fill(report)
    report.reload()
    expect(report.locator(SEEN)).to_be_visible()
    assert SECRET not in shown(report) and said == ["beforeunload"] * 2


def test_one_can_stay(alone: Page) -> None:
    alone.on("dialog", lambda dialog: dialog.dismiss())
    fill(alone)
    alone.get_by_role("link", name="Vejledningen").click()
    alone.wait_for_timeout(200)
    assert SECRET in values(alone)


def test_leaving_never_asks_and_back_shows_nothing(recalling: Page, site: str) -> None:
    alone, said = recalling, list[Dialog]()
    alone.goto(site + REPORT)
    alone.on("dialog", lambda dialog: (said.append(dialog), dialog.dismiss()))
    fill(alone)
    alone.get_by_role("button", name="Forlad siden").click()
    expect(alone).to_have_url(f"{site}/farvel")
    alone.go_back(wait_until="commit")
    alone.wait_for_timeout(500)
    assert said == [] and SECRET not in shown(alone)


def test_to_ring_is_not_to_leave(alone: Page) -> None:
    said: list[str] = []
    alone.on("dialog", lambda dialog: (said.append(dialog.type), dialog.dismiss()))
    fill(alone)
    alone.locator('a[href="tel:112"]').first.click()
    alone.wait_for_timeout(200)
    assert said == [] and SECRET in values(alone)


def test_without_a_word_nobody_is_asked(report: Page) -> None:
    said: list[Dialog] = []
    report.on("dialog", lambda dialog: (said.append(dialog), dialog.dismiss()))
    report.locator(SEEN).fill("x")
    report.locator(SEEN).fill("")
    report.get_by_role("link", name="Vejledningen").click()
    expect(report.locator("main[data-outcome]")).to_be_visible()
    assert said == []


def test_hiding_hides_what_is_written(report: Page) -> None:
    fill(report)
    report.locator("label.skjul-knap").click()
    expect(report.locator("main")).to_be_hidden()
    assert SECRET not in report.evaluate("document.body.innerText")
    report.locator("label.skjul-knap").click()
    assert SECRET in values(report)


def test_interpreting_words_are_told_of_where_only_facts_belong(report: Page) -> None:
    marks = report.locator('[data-felt="set-og-hoert"] .maerker')
    assert marks.get_attribute("aria-live") == "polite"
    report.locator(SEEN).fill("Han Virker sur, åbenbart. Han åbenbarede intet, og han virkerskaber ikke.")
    expect(marks).to_contain_text("«virker»")
    expect(marks).to_contain_text("«åbenbart»")
    assert "virkers" not in marks.inner_text() and "åbenbarede" not in marks.inner_text()
    report.locator(SEEN).fill("Han sagde »far virker sur« og “åbenbart”.")
    expect(marks).to_be_empty()
    report.locator('[data-felt="vurdering"] textarea').fill("Han virker ked af det.")
    report.wait_for_timeout(500)
    assert report.locator('[data-felt="vurdering"] .maerker').count() == 0


def test_what_is_missing_is_told_and_leads_there(report: Page) -> None:
    names = report.locator("[data-felt][data-skal] label").all_inner_texts()
    missing = report.locator("[data-mangler]")
    expect(missing.locator("li")).to_have_text(names)
    missing.get_by_role("link", name=names[-1]).click()
    assert report.evaluate("document.activeElement.labels[0].innerText") == names[-1]
    assert "#" not in report.url
    report.keyboard.type("Skrevet.")
    expect(missing.locator("li")).to_have_text(names[:-1])
    report.locator('[data-goer="tekst"]').click()
    expect(report.locator("[data-dialog-mangler]")).to_contain_text(names[0])
    with report.expect_download():
        report.locator("[data-fortsaet]").click()


def test_before_anything_is_handed_over_one_is_asked_by_keyboard(report: Page) -> None:
    got: list[str] = []
    report.on("download", lambda download: got.append(download.suggested_filename))
    fill(report)
    button, dialog = report.locator('[data-goer="tekst"]'), report.locator("dialog")
    button.focus()
    report.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    for words in ("Filen bliver liggende på denne computer.", "papirkurven", "e-mail, sms eller Aula", "Hvem kan læse"):
        expect(dialog).to_contain_text(words)
    expect(dialog.locator('[data-ved="kopier"]')).to_be_hidden()
    assert report.evaluate("getComputedStyle(document.querySelector('dialog'), '::backdrop').backgroundColor") == (
        "rgb(255, 255, 255)"
    ), "what is written cannot be read behind it"
    report.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    report.keyboard.press("Enter")
    for _ in range(6):
        if report.evaluate("document.activeElement.innerText") == "Fortryd":
            break
        report.keyboard.press("Tab")
    report.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert got == []
    report.keyboard.press("Enter")
    report.locator("[data-fortsaet]").focus()
    report.keyboard.press("Enter")
    expect(report.locator("[data-besked]")).to_contain_text("notat.txt")
    expect(button).to_be_focused()
    assert got == ["notat.txt"]


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "by hand"])
def test_copying(context: BrowserContext, site: str, clipboard: bool) -> None:
    """Also where the browser has no clipboard for scripts, as by plain http."""
    if clipboard:
        context.grant_permissions(["clipboard-write"])
    else:
        context.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    page = context.new_page()
    page.goto(site + REPORT)
    page.locator(SEEN).fill("Blåt mærke på 2 × 2 cm.\n<b>& 'to'</b>")
    take(page, "kopier")
    expect(page.locator("[data-besked]")).to_contain_text("kopieret")
    assert page.locator("textarea").count() == page.locator("[data-felt]").count()
    page.locator(SEEN).fill("")
    page.locator(SEEN).focus()
    page.keyboard.press("Control+v")
    text = page.locator(SEEN).input_value()
    assert text.startswith("UNDERRETNING\n") and "Blåt mærke på 2 × 2 cm.\n<b>& 'to'</b>" in text
    assert "Barnets egne ord" not in text, "an empty line of facts is left out"
    assert re.search(r"^Til: –$", text, re.MULTILINE), "another one shows that it is empty"


def test_on_paper_stands_the_text_or_the_empty_form(report: Page) -> None:
    report.emulate_media(media="print")
    expect(report.locator(".skriv-felter")).to_be_visible()
    expect(report.locator(".skriv-brev")).to_be_hidden()
    report.emulate_media(media="screen")
    fill(report)
    report.emulate_media(media="print")
    expect(report.locator(".brev")).to_contain_text(SECRET)
    for gone in (".skriv-felter", ".skriv-om", ".skriv-knapper", ".header", ".footer"):
        expect(report.locator(gone)).to_be_hidden()


def on_paper(page: Page) -> str:
    """All that the browser prints, with the lines it adds itself at the edges where it is not told otherwise."""
    session = page.context.new_cdp_session(page)
    made = session.send("Page.printToPDF", {"displayHeaderFooter": True})["data"]
    document = pypdfium2.PdfDocument(base64.b64decode(made))
    return " ".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_letter_on_paper_does_not_say_which_outcome_it_came_from(report: Page, site: str) -> None:
    """Browsers print the address of the page on it; and the planted fault: a style that lets them."""
    report.goto(site + "/eksempel/skriv/bekymring-udeblevet/udeblivelse-1?fag=tandpleje")
    report.locator("[data-felt] textarea").first.fill(SECRET)
    expect(report.locator(".brev")).to_contain_text(SECRET)
    paper = on_paper(report)
    assert SECRET in paper and "bekymring" not in paper.lower(), paper
    report.locator('link[href*="writing.css"]').evaluate("(style) => style.remove()")
    assert "bekymring-udeblevet" in on_paper(report) and "Bekymringsguiden" in on_paper(report)


def test_a_word_cannot_be_dragged_out_nor_a_file_dropped_in(report: Page) -> None:
    drag = """(place) => {
      const data = new DataTransfer();
      if (place.file) data.items.add(new File(["x"], "x.txt"));
      const event = new DragEvent(place.kind, { bubbles: true, cancelable: true, dataTransfer: data });
      document.querySelector(place.on).dispatchEvent(event);
      return event.defaultPrevented;
    }"""
    assert report.evaluate(drag, {"kind": "dragstart", "on": SEEN})
    assert report.evaluate(drag, {"kind": "drop", "on": "h1"})
    assert report.evaluate(drag, {"kind": "drop", "on": SEEN, "file": True})
    assert not report.evaluate(drag, {"kind": "drop", "on": SEEN}), "text may be dropped into a field"


def test_without_javascript_there_is_a_form_to_print(scriptless: Page, site: str) -> None:
    page = scriptless
    for address in (REPORT, "/eksempel/skriv/bekymring-udeblevet/udeblivelse-1?fag=tandpleje"):
        answer = page.goto(site + address)
        assert answer and answer.ok
        assert page.locator("textarea").count() == 0
        expect(page.locator("[data-felt] .linjer span").first).to_be_visible()
        assert page.locator("[data-felt]").count() == page.locator("[data-felt] .felt-navn").count() > 3
        expect(page.locator(".skriv-knapper, [data-mangler]")).to_have_count(2)
        expect(page.get_by_role("button", name="Kopiér")).to_be_hidden()
        expect(page.get_by_text("Udskriv siden")).to_be_visible()


def test_accessible_when_filled_in(report: Page) -> None:
    """With marks and what is missing, with the question in front, and nothing wider than the page."""
    report.locator(SEEN).fill("Han virker sur. " + "langtordudenmellemrum" * 12)
    expect(report.locator(".maerker li")).not_to_have_count(0)
    report.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert wrong(report, "filled in") == []
    report.locator('[data-goer="docx"]').click()
    expect(report.locator("dialog")).to_be_visible()
    assert wrong(report, "question", everywhere=False) == []


Open = Callable[[str], Page]


@pytest.fixture
def opened(context: BrowserContext, site: str) -> Iterator[Open]:
    """Opens pages, and gathers what the browser says against them."""
    said: list[str] = []

    def go(address: str) -> Page:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + address)
        page.wait_for_load_state("networkidle")
        return page

    yield go
    assert said == []


def test_every_letter_works_without_a_word_from_the_browser(opened: Open) -> None:
    """Also the policy: nothing inline, nothing from elsewhere."""
    for address in (REPORT, "/hele-landet/skriv/bekymring-udeblevet/udeblivelse-3?fag=tandpleje"):
        page = opened(address)
        page.locator("[data-felt] textarea").first.fill("Ord <b>&amp; æøå")
        expect(page.locator(".brev")).to_contain_text("Ord <b>&amp; æøå")
        page.close(run_before_unload=False)
