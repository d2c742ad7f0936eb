"""Hostile texts in every field of the content, opened in Chromium under our policy: shown as text, and nothing runs.

20 of the 200 payloads in `make test`; all 200, each in many fields, with `GUIDE_NIGHT=1`. What the checks refuse never
gets this far. Planted faults show that each kind of sight works.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, Response
from markdown_it import MarkdownIt
from markupsafe import Markup
from playwright.sync_api import Browser, Page, Request

from guide import config
from guide.web import create_app, text
from tests.browser.conftest import Serve
from tests.browser.hostile_content import LINES, REGISTER, Hostile, Place, demo, kind
from tests.payloads import MARKUP

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
SAMPLE = MARKUP if NIGHT else tuple(random.Random(20261121).sample(MARKUP, 20))
COPIES = range(0, 200, 20) if NIGHT else range(1)
"""How far the payloads are shifted in each copy of the content."""

PAGES = (
    "/", "/proeve/", "/nabo/", "/proeve/tre/", "/proeve/flere/", "/proeve/kontakt/", "/nabo/kontakt/", "/lov/",
    "/tegn/", "/om/", "/privatliv/", "/tilgaengelighed/", "/farvel", "/proeve/findes-ikke/", "/nabo/tre/",
    "/proeve/skriv/straks/proeve", "/proeve/skriv/bekymring/vores",
)  # fmt: skip
WALKS = {
    "tre": [[("akut-fare", "nej"), ("slag", "ved-ikke")], [("akut-fare", "nej"), ("slag", "nej"), ("trist", "ja")]],
    "flere": [
        [("akut-fare", "nej"), ("hvad", "slag"), ("hvem", "ude")],
        [("akut-fare", "ja")],
        [("akut-fare", "nej"), ("hvad", "sult"), ("laenge", "ja")],
    ],
}
TAGS = re.compile(
    "html|head|meta|title|link|body|input|a|div|header|span|label|form|button|main|h[1-6]|p|footer|ul|li|ol|section|details|"
    "summary|strong|em|code|pre|blockquote|hr|br|table|thead|tbody|tr|th|td|fieldset|legend|select|option|article|nav|"
    "aside|dl|dt|dd|textarea|dialog|time"
)
ATTRIBUTES = re.compile(
    "class|id|href|rel|type|name|value|for|action|method|autocomplete|checked|open|role|lang|charset|content|start|"
    "aria-(describedby|labelledby|label|current|live)|data-(step|outcome|level|parents|niveau|foraeldre)|hidden|disabled|"
    "data-(skriv|skrevet|skabelon|felt|nummer|lang|fakta|skal|linje|blank|ord|med-script|mangler|dialog-mangler|goer|ved)|"
    "data-(sagt|besked|fejl|fortsaet|fortryd|gramm|gramm_editor|enable-grammarly|lt-active|1p-ignore|bwignore|lpignore)|"
    "data-(blik|dato|datoer|fra|helligdage|kalender|nu|spoerg)|datetime|min|max|required|"
    "data-form-type|autocorrect|autocapitalize|spellcheck|translate|writingsuggestions|rows"
)
SCRIPT = re.compile(r"/static/(writing/)?[\w/]+\.js\?v=\w+")
"""The address of a script of our own; a script of any other kind is a fault."""
HREF = re.compile(r"/(?![/\\])|#|tel:\d+$|https:|(?:(?:\.\./)?kontakt/)?[a-z-]+\.vcf$")
WATCH = """
window.reports = [];
document.addEventListener("securitypolicyviolation", (e) => reports.push(e.violatedDirective + " " + e.blockedURI));
"""
LOOK = """() => ({
  ran: window.ran === undefined ? null : String(window.ran),
  reports: window.reports,
  text: document.documentElement.textContent,
  elements: [...document.querySelectorAll("*")].map((e) =>
    [e.localName, [...e.attributes].map((a) => [a.name, a.value]), e.namespaceURI.endsWith("xhtml")]),
})"""


@dataclass
class Sight:
    """What was seen on all pages: all text, and all that should not be there."""

    text: str = ""
    faults: set[str] = field(default_factory=set)

    def look(self, page: Page, address: str) -> None:
        """Open a page, and note what is wrong with it."""
        page.goto(address)
        seen = page.evaluate(LOOK)
        self.text += " " + squeezed(seen["text"])
        self.faults |= {f"violation {report}" for report in seen["reports"]}
        if seen["ran"] is not None:
            self.faults.add(f"ran {seen['ran']}")
        if page.url != address:
            self.faults.add(f"went to {page.url}")
        for tag, attributes, plain in seen["elements"]:
            if tag == "script" and SCRIPT.fullmatch(dict(attributes).get("src", "")):
                continue
            if not TAGS.fullmatch(tag) or not plain:
                self.faults.add(f"tag {tag}")
            for name, value in attributes:
                if not ATTRIBUTES.fullmatch(name) and (tag, name) != ("a", "title"):
                    self.faults.add(f"attribute {name} of {tag}")
                elif name in ("href", "action") and not HREF.match(value):
                    self.faults.add(f"address {value}")


def squeezed(words: str) -> str:
    """Without regard to white space."""
    return " ".join(words.split())


def cookies(app: Flask) -> Iterator[tuple[str, str]]:
    """(sealed cookie, address) of every step of the walks."""
    for flow, walks in WALKS.items():
        for answers in walks:
            client = app.test_client()
            client.post(f"/proeve/{flow}/start")
            for n, (step, chosen) in enumerate(answers, 1):
                assert client.post(f"/proeve/{flow}/{n}", data={"trin": step, "svar": chosen}).status_code == 303
                cookie = client.get_cookie("walk")
                assert cookie
                yield cookie.value, f"/proeve/{flow}/{n}"
                yield cookie.value, f"/proeve/{flow}/{n + 1}"


def everything(app: Flask) -> Iterator[tuple[str, str]]:
    """(cookie, address) of every page and every step; no cookie where none is needed."""
    flows = app.extensions["guide"].library.flows
    read = [f"/proeve/vejledning/{name}?fag={flow}" for flow, p in flows.items() for name in p.flow.outcomes]
    for path in (*PAGES, *read):
        yield "", path
    yield from cookies(app)


def visit(browser: Browser, site: str, paths: Iterable[tuple[str, str]], fenced: bool = False) -> Sight:
    """Pages of this content in a real browser. `fenced` stops what is asked for elsewhere, and turns the cache off."""
    sight, context = Sight(), browser.new_context(locale="da-DK")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on("dialog", lambda dialog: (sight.faults.add(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: _own(request, site, sight))
    if fenced:
        page.route(lambda url: not url.startswith(site), lambda route: route.abort())
    for cookie, path in paths:
        if cookie:
            context.add_cookies([{"name": "walk", "value": cookie, "url": site}])
        sight.look(page, site + path)
    context.close()
    return sight


def _own(request: Request, site: str, sight: Sight) -> None:
    if not request.url.startswith(site):
        sight.faults.add(f"asked {request.url[:80]}")


SHOWN_NOWHERE = re.compile(
    r"registers/texts.yaml (levels \w+ help|parents (foerst|orienter|kun-udsat|tilkald) )|professions ukendt|"
    "flows/shared/akut.yaml title|number$|confirm$|proeve-pligt source|flow.yaml source|contacts [\\w-]+ source|signs/"
)


def literal(place: Place, payload: str) -> bool:
    """Whether a text must be shown just as it was written: a line always, Markdown when nothing in it is a mark."""
    if SHOWN_NOWHERE.search(" ".join([place[0], *map(str, place[1])])):
        return False
    return (
        kind(place) in LINES or place == REGISTER or not re.search(r"[*_`\[\]#&\\|>~]|\n|^\s|^\d\.|https?:|{{", payload)
    )


def served(serve: Serve, content: Hostile, folder: Path) -> tuple[Flask, str]:
    content.write(folder / "content")
    app = create_app(config.read({"GUIDE_DATA": str(folder / "data")}), folder / "content")
    return app, serve(app)


def filled(payloads: Sequence[str], shift: int = 0) -> Hostile:
    content = demo()
    content.fill(payloads, shift)
    return content


@pytest.mark.parametrize("shift", COPIES)
def test_hostile_texts_are_text(
    browser: Browser, serve: Serve, tmp_path: Path, shift: int, record_property: Callable[[str, object], None]
) -> None:
    content = filled(SAMPLE, shift)
    app, site = served(serve, content, tmp_path)
    sight = visit(browser, site, everything(app))
    assert not sight.faults, "\n".join(sorted(sight.faults))
    lost = [(place, p) for place, p in content.at.items() if literal(place, p) and squeezed(p) not in sight.text]
    assert lost == []
    rest = sight.text.replace(app.extensions["guide"].library.digest, "")
    for payload in sorted(SAMPLE, key=len, reverse=True):
        rest = rest.replace(squeezed(payload), "")
    assert "49" not in rest, "nothing was worked out"
    assert len(content.at) > 200 and len(content.refused) < 100
    record_property("payloads", f"{len(SAMPLE)} in {len(content.at)} fields, {len(content.refused)} refused, 0 run")


FEW = [("", "/proeve/tre/"), ("", "/om/")]


def test_the_harness_sees_markdown_with_html(
    browser: Browser, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "markdown", lambda: MarkdownIt("commonmark", {"html": True}))
    _, site = served(serve, filled(["<img src='x' onerror='ran=1'><svg onload='ran=1'></svg>"]), tmp_path)
    faults = visit(browser, site, FEW).faults
    assert {"tag img", "tag svg", "attribute onerror of img"} <= faults
    assert any(fault.startswith("violation script-src") for fault in faults), "the policy held, and said so"
    assert not any(fault.startswith("ran") for fault in faults)


def test_the_harness_sees_what_runs_when_nothing_stops_it(browser: Browser, serve: Serve, tmp_path: Path) -> None:
    app, site = served(serve, filled(["<script>ran=1;alert(1)</script><img src=//evil.example/x>"]), tmp_path)
    app.jinja_env.autoescape = False  # as `|safe` on everything
    app.jinja_env.bytecode_cache = None  # which has the templates as they were compiled with it
    app.after_request_funcs[None].insert(0, _without_policy)
    faults = visit(browser, site, FEW, fenced=True).faults
    assert {"ran 1", "dialog 1", "tag script", "tag img", "asked http://evil.example/x"} <= faults, faults


def _without_policy(response: Response) -> Response:
    """Run after the headers were put on: what is installed first is called last."""
    del response.headers["Content-Security-Policy"]
    return response


def test_the_harness_sees_a_template_in_a_text(browser: Browser, serve: Serve, tmp_path: Path) -> None:
    app, site = served(serve, filled(["{{7*7}}"]), tmp_path)
    app.jinja_env.filters["md"] = lambda words: Markup(app.jinja_env.from_string(words or "").render())
    assert "49" in visit(browser, site, FEW).text
