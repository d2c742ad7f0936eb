"""Slides of a temadag in Chromium: one fills the wall and no more; the keyboard turns them; each prints on a page."""

from __future__ import annotations

import io
import os

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import wrong

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
DECKS = [
    "/temadag/program/",
    *(f"/temadag/oplaeg/{flow}/" for flow in ("skole", "dagtilbud", "sundhedspleje", "tandpleje")),
]
CASE = "/temadag/sager/sundhedspleje-vi-venter-paa-vejningen/"
SHOWN = DECKS if NIGHT else DECKS[:2]
WALLS = [(1920, 1080), (1280, 720)]
READABLE = 24
"""Pixels of the smallest letters on a wall of 1920 by 1080 that the back row can read."""

SLIDES = """() => [...document.querySelectorAll('.slide')].map(slide => {
  const flat = slide.querySelector('.slide-flade')
  const own = one => [...one.childNodes].some(node => node.nodeType === 3)
  const words = [flat, ...flat.querySelectorAll('*')].filter(own)
  return {
    height: slide.getBoundingClientRect().height, over: flat.scrollWidth - flat.clientWidth,
    letters: Math.min(...words.map(one => parseFloat(getComputedStyle(one).fontSize))),
  }
})"""


def too_much(page: Page, width: int, height: int) -> list[str]:
    """The slides that are taller or wider than the wall, or too small to read on it."""
    page.set_viewport_size({"width": width, "height": height})
    found = []
    for n, slide in enumerate(page.evaluate(SLIDES), start=1):
        small = width >= 1920 and slide["letters"] < READABLE
        if slide["height"] > height or slide["over"] > 0 or small:
            found.append(f"slide {n}: {slide}")
    return found


def only_slides(page: Page, address: str) -> None:
    """A deck as it is on the wall."""
    page.goto(address)
    page.locator("label[for=kun-slides]").click()


@pytest.mark.parametrize("deck", [*SHOWN, CASE])
def test_a_slide_fills_the_wall_and_no_more(page: Page, site: str, deck: str) -> None:
    only_slides(page, site + deck)
    for width, height in WALLS:
        assert too_much(page, width, height) == []


def test_a_slide_with_too_many_words_is_found(page: Page, site: str) -> None:
    """Planted: a slide with much more text, and one with small print."""
    only_slides(page, site + DECKS[1])
    page.evaluate("document.querySelector('#slide-1 p, #slide-1 li').append(' meget mere tekst'.repeat(200))")
    page.evaluate("document.querySelector('#slide-2 li').style.fontSize = '12px'")
    assert len(too_much(page, 1920, 1080)) == 2


def test_the_wall_shows_neither_script_nor_answers(page: Page, site: str) -> None:
    only_slides(page, site + DECKS[0])
    for hidden in (".manus", ".bagefter"):
        assert page.locator(hidden).count() > 0 and page.locator(f"{hidden}:visible").count() == 0
    page.locator("label[for=kun-slides]").click()
    expect(page.locator(".manus").first).to_be_visible()


TOPS = "() => [...document.querySelectorAll('.slide')].map(slide => slide.getBoundingClientRect().top)"


def turned(page: Page, key: str, start: int, way: int) -> list[int]:
    """The slides that presses of a key led to, from one at the top of the screen on; 0: none begins at the top.

    As many presses as there are slides that way, one after the other.
    """
    left = page.locator(".slide").count() - start if way > 0 else start - 1
    found = []
    for _ in range(left):
        page.keyboard.press(key)
        page.wait_for_timeout(30)  # a browser that scrolls by itself glides
        tops = page.evaluate(TOPS)
        found.append(next((n for n, top in enumerate(tops, start=1) if abs(top) <= 2), 0))
    return found


@pytest.mark.parametrize("only", [True, False], ids=["only slides", "with the script"])
@pytest.mark.parametrize("deck", SHOWN)
def test_a_clicker_goes_one_slide_at_a_time(page: Page, site: str, deck: str, only: bool) -> None:
    """Page Down and Page Up, and the arrows, which other clickers send: there and back, each slide at the top."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(site + deck)
    if only:
        page.locator("label[for=kun-slides]").click()
    else:
        page.goto(f"{site}{deck}#slide-1")
    page.wait_for_function("Math.abs(document.querySelector('#slide-1').getBoundingClientRect().top) <= 2")
    last = page.locator(".slide").count()
    for there, back in (("PageDown", "PageUp"), ("ArrowRight", "ArrowLeft")):
        assert turned(page, there, 1, 1) == list(range(2, last + 1))
        assert turned(page, back, last, -1) == list(range(last - 1, 0, -1))
    assert page.url.endswith("#slide-1")


def test_without_its_script_a_key_does_not_turn_but_the_links_do(page: Page, site: str) -> None:
    """Planted: what `turned` finds when nothing listens. The page then says nothing of keys."""
    page.route("**/slides.js*", lambda route: route.abort())
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{site}{DECKS[0]}#slide-1")
    assert turned(page, "PageDown", 1, 1) != list(range(2, page.locator(".slide").count() + 1))
    expect(page.locator("[data-taster]")).to_be_hidden()
    page.locator("#slide-2 .slide-gaa a", has_text="Næste").click()
    page.wait_for_function("Math.abs(document.querySelector('#slide-3').getBoundingClientRect().top) <= 2")


def test_the_last_and_the_first_slide_stay_on_the_wall(page: Page, site: str) -> None:
    """With only slides no press leads to what is not for the wall: to the top of the page, or past the end."""
    page.set_viewport_size({"width": 1920, "height": 1080})
    only_slides(page, site + DECKS[0])
    page.wait_for_function("location.hash === '#slide-1'")
    for key, at in (("PageUp", 0), ("PageDown", -1)):
        page.evaluate(f"location.replace('#' + [...document.querySelectorAll('.slide')].at({at}).id)")
        for _ in range(3):
            page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert abs(page.evaluate(TOPS)[at]) <= 2, key


def test_keys_that_are_not_for_turning_are_left_alone(page: Page, site: str) -> None:
    """In a field a key is for the field, with another key it is the browser's, and above the slides one reads on."""
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{site}{DECKS[0]}#slide-2")
    page.evaluate("addEventListener('keydown', event => { window.taken = event.defaultPrevented })")
    page.evaluate(
        "document.querySelector('#slide-2').insertAdjacentHTML('beforeend', '<input id=felt aria-label=felt>')"
    )
    page.locator("#felt").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.taken") is False and page.url.endswith("#slide-2")
    page.evaluate("document.activeElement.blur()")
    for held in ("Shift", "Control"):
        page.keyboard.press(f"{held}+ArrowRight")
        assert page.evaluate("window.taken") is False and page.url.endswith("#slide-2"), held
    page.keyboard.press("ArrowRight")
    assert page.evaluate("window.taken") is True and page.url.endswith("#slide-3")
    page.evaluate("dispatchEvent(new Event('wheel')); scrollTo({top: 0, behavior: 'instant'})")  # by hand, not a key
    page.keyboard.press("PageDown")
    assert page.evaluate("window.taken") is False and page.url.endswith("#slide-3")


def test_a_slide_taller_than_the_screen_can_be_read_to_its_end(page: Page, site: str) -> None:
    """Space stays what it is; the next press of a clicker goes on, also while the page still glides."""
    page.set_viewport_size({"width": 1280, "height": 500})
    for gliding in (20, 600):
        page.goto(f"{site}{DECKS[0]}?{gliding}#slide-5")
        assert page.evaluate("document.querySelector('#slide-5').getBoundingClientRect().height") > 520
        page.keyboard.press("Space")
        page.wait_for_timeout(gliding)
        if gliding > 500:
            assert page.evaluate("document.querySelector('#slide-5').getBoundingClientRect().top") < -200
        page.keyboard.press("PageDown")
        page.wait_for_timeout(400)
        assert abs(page.evaluate(TOPS)[5]) <= 2, gliding


def test_the_keyboard_turns_the_slides(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(site + DECKS[1])
    page.locator("#kun-slides").focus()
    page.keyboard.press("Space")
    expect(page.locator("#slide-1 .manus")).to_be_hidden()
    for n in (2, 3):
        page.locator(f"#slide-{n - 1} .slide-gaa a", has_text="Næste").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(f"Math.abs(document.querySelector('#slide-{n}').getBoundingClientRect().top) < 2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.slide').id") == "slide-3"


@pytest.mark.parametrize("deck", [*SHOWN, CASE])
def test_each_slide_prints_on_a_page_of_its_own(page: Page, site: str, deck: str) -> None:
    page.goto(site + deck)
    titles = [squeezed(title) for title in page.locator(".slide-flade h2").all_inner_texts()]
    pages = printed(page)
    landscape = [text for wide, text in pages if wide]
    assert len(landscape) == len(titles)
    for title, text in zip(titles, landscape, strict=True):
        assert title in text
    upright = " ".join(text for wide, text in pages if not wide)
    assert "Variationskort" in upright and "Det,mankanforsvare" in upright
    assert "Det,mankanforsvare" not in " ".join(landscape)


def printed(page: Page) -> list[tuple[bool, str]]:
    """The pages of a print: whether it lies on its side, and its words without blanks."""
    made = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return [(one.get_width() > one.get_height(), squeezed(one.get_textpage().get_text_range())) for one in made]


def squeezed(text: str) -> str:
    """A text without blanks: a print has them between letters too."""
    return "".join(text.split())


@pytest.mark.parametrize("address", ["/temadag/materiale/", CASE, *SHOWN])
def test_axe_finds_nothing(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
    assert wrong(page, address, everywhere=address == DECKS[1]) == []
