"""The room of editors in a browser: accessible, readable, and read again when a file is saved, where one was on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.browser.test_accessibility import NARROW, NIGHT, WIDE, overflow, violations
from tests.web.editing_room import own_folder, previewed, write

LOST_WORDS = """() => [...document.querySelectorAll(".kort .boks")].flatMap(box => {
  const edge = box.querySelector("rect").getBBox();
  return [...box.querySelectorAll("text")].filter(words => {
    const own = words.getBBox();
    return own.x < edge.x || own.x + own.width > edge.x + edge.width || own.y + own.height > edge.y + edge.height;
  }).map(words => words.textContent);
})"""
"""The words of the map that run out of their box."""


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_folder(tmp_path_factory.mktemp("editing"))


@pytest.fixture(scope="module")
def room(added: Path) -> Iterator[str]:
    """The preview of a folder with one kommune's own files, on a server."""
    server = make_server("127.0.0.1", 0, previewed(added), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/redaktion/"
    server.shutdown()


@pytest.mark.parametrize("address", ["", "egen/", "egen/tre/kort", "egen/tre/alt", "egen/tre/forskel"])
def test_the_room_is_accessible_and_never_too_wide(page: Page, room: str, address: str) -> None:
    page.goto(room + address)
    page.locator("summary", has_text="Se guiden som på en anden dag").click()
    page.set_viewport_size({"width": NARROW, "height": 800})
    assert not overflow(page)
    if NIGHT or address in ("egen/", "egen/tre/kort"):
        assert violations(page) == ""
    page.set_viewport_size({"width": WIDE, "height": 900})
    assert not overflow(page)


def test_the_map_is_followed_by_keyboard_and_its_words_stay_in_their_boxes(page: Page, room: str) -> None:
    page.goto(room + "egen/tre/kort")
    assert page.evaluate(LOST_WORDS) == []
    page.evaluate("document.querySelector('.kort rect').setAttribute('width', 20)")
    assert page.evaluate(LOST_WORDS) != []
    page.locator(".kort-rul").focus()
    met = []
    for _ in range(4):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.querySelector('text').textContent"))
    assert met[0].startswith("1. ") and met[-1].startswith("2. ")
    page.keyboard.press("Enter")
    page.wait_for_url("**/egen/tre/alt#*")


def test_a_saved_file_is_read_where_one_was_on_the_page(page: Page, room: str, added: Path) -> None:
    page.goto(room + "egen/tre/alt")
    page.locator("#bekymring").scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    assert at > 500
    write(added, "flows/tre.yaml", "Vores boks om bekymring.", "Vores nye boks om bekymring.")
    page.locator("text=Vores nye boks om bekymring.").wait_for()
    page.wait_for_function("at => Math.abs(scrollY - at) < 60", arg=at)
