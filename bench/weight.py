"""G8: bytes over the wire without a proxy, and how soon a page can be used on slow 3G, in Debian's Chromium."""

from __future__ import annotations

import shutil
import statistics
from typing import Any

from bench import table
from bench.report import Row, within

LATENCY, DOWN, UP = 400, 400_000, 400_000
"""Slow 3G as Chromium's tools have it: milliseconds a round trip, bits a second each way."""

FIRST, NEXT, USABLE = 160, 6, 2.0
"""Kilobytes of the first view and of the next page, and seconds until a page can be used."""


def rows(port: int, answers: table.Answers) -> list[Row]:
    """The goals; one line without a figure where there is no browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [Row("G8", "first view and next page", "not measured: no playwright")]
    chromium = shutil.which("chromium")
    if chromium is None:
        return [Row("G8", "first view and next page", "not measured: no chromium")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            return _rows(_Visit(browser, port), answers)
        finally:
            browser.close()


class _Visit:
    """One visitor with an empty cache and a slow line."""

    def __init__(self, browser: Any, port: int) -> None:
        self.page = browser.new_context(viewport={"width": 375, "height": 812}).new_page()
        self.address, self.bytes = f"http://127.0.0.1:{port}", 0
        tools = self.page.context.new_cdp_session(self.page)
        tools.send("Network.enable")
        line = {"offline": False, "latency": LATENCY, "downloadThroughput": DOWN / 8, "uploadThroughput": UP / 8}
        tools.send("Network.emulateNetworkConditions", line)
        tools.on("Network.loadingFinished", self._add)

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def _settled(self) -> tuple[float, float]:
        """Kilobytes, heads included, and seconds from asking until the page was read and, styled, first painted."""
        self.page.wait_for_load_state("load")
        self.page.evaluate("document.fonts.ready")
        self.page.wait_for_timeout(300)
        timing = """Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,
                             performance.getEntriesByName('first-contentful-paint')[0].startTime)"""
        got, self.bytes = self.bytes / 1_000, 0
        return got, float(self.page.evaluate(timing)) / 1_000

    def open(self, path: str) -> tuple[float, float]:
        """Go to an address."""
        self.page.goto(self.address + path)
        return self._settled()

    def answer(self, chosen: tuple[str, ...]) -> tuple[float, float]:
        """Answer the question and go on."""
        for option in chosen:
            self.page.locator(f'input[name="svar"][value="{option}"]').check(force=True)
        with self.page.expect_navigation():
            self.page.locator("button.fortsaet").click()
        return self._settled()

    def start(self) -> tuple[float, float]:
        """Start a walk on the landing page."""
        with self.page.expect_navigation():
            self.page.locator("button.fortsaet").click()
        return self._settled()


def _rows(visit: _Visit, answers: table.Answers) -> list[Row]:
    first = visit.open(f"/{table.KOMMUNE}/{table.FLOW}/")
    pages = [visit.start(), *(visit.answer(chosen) for _, chosen in answers)]
    sizes, times = [size for size, _ in pages[:-1]], [taken for _, taken in pages[:-1]]
    line = f"slow 3G ({DOWN // 1000} kbit/s, {LATENCY} ms)"
    return [
        within("G8", "first view, all files", first[0], "kB", FIRST),
        within("G8", f"next page, the largest of {len(sizes)} questions", max(sizes), "kB", NEXT),
        Row("G8", "the same, median", f"{statistics.median(sizes):.3g} kB"),
        Row("G8", "the outcome", f"{pages[-1][0]:.3g} kB"),
        within("G8", f"first view can be used, {line}", first[1], "s", USABLE),
        within("G8", f"next page can be used after the POST, median, {line}", statistics.median(times), "s", USABLE),
    ]
