"""Debian's Chromium on real servers of the guide: plain, and by https behind a proxy.

Most tests take `browser`: Chromium without what draws on a screen, which does a page in half the time. It keeps no
page that one has left, so tests of Back take `recalling`: a phone of the whole Chromium with its back/forward cache on,
which Playwright turns off by default. That cache is what shows a page again on Back in spite of `no-store`.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, sync_playwright
from werkzeug.serving import make_server

from guide import config
from guide.web import create_app
from tests.browser.https_proxy import https_proxy
from tests.conftest import DEMO

Serve = Callable[[Flask], str]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@contextmanager
def launched(playwright: Playwright, program: str) -> Iterator[Browser]:
    """One of Debian's two builds of the same Chromium, until the block ends."""
    found = shutil.which(program)
    assert found, f"{program} is missing: tools/install_system.sh test installs it"
    browser = playwright.chromium.launch(
        executable_path=found,
        args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, "chromium-headless-shell") as started:
        yield started


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    with launched(playwright, "chromium") as started:
        yield started


@pytest.fixture
def recalling(whole_browser: Browser) -> Iterator[Page]:
    """A phone whose browser keeps the pages that one leaves, to show them on Back as they were."""
    context = whole_browser.new_context(viewport=PHONE, locale="da-DK")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Starts an application on a free port; returns its address."""
    running = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in running:
        server.shutdown()


def _settings(folder: Path) -> config.Settings:
    return config.read({"GUIDE_DATA": str(folder)})


@pytest.fixture(scope="session")
def site(serve: Serve, shipped_app: Flask) -> str:
    """The guide with its shipped content."""
    return serve(shipped_app)


@pytest.fixture(scope="session")
def demo_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(_settings(tmp_path_factory.mktemp("data")), DEMO)


@pytest.fixture(scope="session")
def demo_site(serve: Serve, demo_app: Flask) -> str:
    """The guide with the demo content."""
    return serve(demo_app)


@pytest.fixture(scope="session")
def secure_site(demo_site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo site as a browser sees it behind a proxy that speaks https."""
    with https_proxy(demo_site, tmp_path_factory.mktemp("certificate")) as address:
        yield address


PHONE = ViewportSize(width=375, height=812)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has seen nothing, for tests that prepare it or open several windows."""
    made = browser.new_context(viewport=PHONE, locale="da-DK")
    yield made
    made.close()


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Iterator[dict[bool, Page]]:
    """One window with scripts and one without, for all tests: to make one costs more than to load four pages."""
    contexts = [browser.new_context(viewport=PHONE, locale="da-DK", java_script_enabled=on) for on in (False, True)]
    yield {bool(on): context.new_page() for on, context in enumerate(contexts)}
    for context in contexts:
        context.close()


@contextmanager
def borrowed(window: Page) -> Iterator[Page]:
    """A window as it was made: empty, without cookies, and without what the test before listened to or changed."""
    heard: list[tuple[Any, Any]] = []
    listen = window.on
    window.set_viewport_size(PHONE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(window, "on", lambda event, told: (heard.append((event, told)), listen(event, told)))
        yield window
    for event, told in heard:
        window.remove_listener(event, told)
    for other in window.context.pages:
        if other != window:
            other.close()
    window.unroute_all()
    window.emulate_media(media="null")
    window.goto("about:blank")
    window.context.clear_cookies()


@pytest.fixture
def page(windows: dict[bool, Page]) -> Iterator[Page]:
    """A phone."""
    with borrowed(windows[True]) as window:
        yield window


@pytest.fixture
def scriptless(windows: dict[bool, Page]) -> Iterator[Page]:
    """A phone on which no script runs."""
    with borrowed(windows[False]) as window:
        yield window
