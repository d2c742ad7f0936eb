"""Pictures of the guide for docs/img, taken in Chromium on the example kommune. Run by `make screenshots`."""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
import threading
from datetime import datetime
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from guide import config
from guide.library import force
from guide.library.library import load
from guide.library.places import content_root
from guide.paper.poster import poster
from guide.paper.press import pressed
from guide.web import create_app
from guide.web.preview import Preview

FOLDER = Path(__file__).parent.parent / "docs" / "img"
SIZES = {"telefon": {"width": 375, "height": 812}, "skaerm": {"width": 1280, "height": 900}}
WAY = (
    ("akut-fare", ["nej"]),
    ("overgreb", ["ingen"]),
    ("hvad-bekymrer", ["smerte", "udeblivelser"]),
    ("smerte", ["naas-ikke"]),
)
"""A walk that shows what the guide is for: a child in pain whom the clinic cannot get treated."""


WRITTEN = "Kl. 9.10 i klassen: barnet holdt på armen og sagde »det gør ondt«. Det virker utrygt ved voksne."
"""A made-up line for the writing help, with one word that it marks."""

MOMENT = datetime(2026, 11, 27, 14, 30, tzinfo=force.DENMARK)
"""A Friday after closing, so that the pictures are the same whenever they are taken."""


def answer(page: Page, options: list[str]) -> None:
    for option in options:
        page.locator(f'main input[name="svar"][value="{option}"]').check()
    page.get_by_role("button", name="Fortsæt").click()


def pictures(browser: Browser, site: str, size: str) -> None:
    page = browser.new_page(viewport=SIZES[size], device_scale_factor=1)  # type: ignore[arg-type]
    page.goto(site)
    page.screenshot(path=FOLDER / f"forside-{size}.png")
    page.goto(f"{site}/eksempel/tandpleje/")
    page.get_by_role("button", name="Start").click()
    for step, options in WAY:
        assert page.locator("main").get_attribute("data-step") == step
        if step == "smerte":
            page.screenshot(path=FOLDER / f"spoergsmaal-{size}.png")
        answer(page, options)
    while page.locator("main[data-outcome]").count() == 0:
        answer(page, [str(page.locator('main input[name="svar"]').first.get_attribute("value"))])
    page.screenshot(path=FOLDER / f"udfald-{size}.png")
    page.goto(f"{site}/eksempel/kontakt/")
    page.screenshot(path=FOLDER / f"kontakt-{size}.png")
    page.goto(f"{site}/eksempel/skriv/straks-hjemmet/underretning?fag=skole")
    field = page.get_by_role("textbox", name="Det, du selv har set og hørt")
    field.fill(WRITTEN)
    page.get_by_text("«virker»").first.wait_for()
    field.evaluate("field => scrollTo(0, field.getBoundingClientRect().top + scrollY - 330)")
    page.screenshot(path=FOLDER / f"skriv-{size}.png")
    page.close()


def paper() -> None:
    """The poster of a faggruppe, as it comes out of the printer."""
    library, _ = load(content_root())
    made = pressed(poster(library, library.flows["tandpleje"], "eksempel", MOMENT.date()), one_page=True)
    pypdfium2.PdfDocument(made)[0].render(scale=1).to_pil().save(FOLDER / "plakat.png")


def editing(browser: Browser, site: str) -> None:
    """The room of editors, on the example kommune with own steps."""
    page = browser.new_page(viewport={"width": 1000, "height": 760}, device_scale_factor=1)
    page.goto(f"{site}/redaktion/eksempel-stor/")
    page.screenshot(path=FOLDER / "redaktion-kommune.png")
    page.goto(f"{site}/redaktion/eksempel-stor/tandpleje/kort")
    page.locator("h1").evaluate("place => scrollTo(0, place.getBoundingClientRect().top + scrollY - 125)")
    page.screenshot(path=FOLDER / "redaktion-kort.png")
    page.close()


def main() -> None:
    force.now = lambda: MOMENT
    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("chromium is missing: tools/install_system.sh test installs it")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        server = make_server("127.0.0.1", 0, create_app(config.read({"GUIDE_DATA": data})), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for size in SIZES:
            pictures(browser, f"http://127.0.0.1:{server.server_port}", size)
        room = make_server("127.0.0.1", 0, Preview(config.read({"GUIDE_DATA": data}), content_root()), threaded=True)
        threading.Thread(target=room.serve_forever, daemon=True).start()
        editing(browser, f"http://127.0.0.1:{room.server_port}")
        browser.close()
        server.shutdown()
        room.shutdown()
    paper()
    for path in sorted(FOLDER.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
