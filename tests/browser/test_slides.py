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


@pytest.mark.parametrize("deck", SHOWN)
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


@pytest.mark.parametrize("deck", SHOWN)
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


@pytest.mark.parametrize("address", ["/temadag/materiale/", *SHOWN])
def test_axe_finds_nothing(page: Page, site: str, address: str) -> None:
    page.goto(site + address)
    page.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)")
    assert wrong(page, address, everywhere=address == DECKS[1]) == []
