"""HTML and script in every text field that a kommune writes: on every page, escaped, never run.

By reading the pages as they are sent; that nothing runs is also tried in a browser (`tests/browser/test_payloads.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.test import Client

from guide import config
from guide.web.preview import Preview
from tests.conftest import DEMO

HURTS = '<script>kanarie("{0}")</script><img src=x onerror=kanarie> "><svg onload=kanarie> {0}'
"""What is written in each field, with the name of the field."""

MUNICIPALITY = """\
name: @name@
example: true
owner: @owner@
contacts:
  modtagelse:
    title: @c-title@
    help: @c-help@
    phone: 88 12 34 56
    say: @c-say@
    owner: @c-owner@
    source: @c-source@
    hours: {note: @c-note@, week: {man: 9-15}}
    fallback: doegnvagt
    whose: barnet
  team: {title: @t-title@, help: @t-help@, phone: 88 12 34 57}
names: {tvaerfagligt-moede: @term@}
levels: {bekymring: Rød}
offers: {klub: {title: @o-title@, help: @o-help@, contact: team}}
"""
FLOW = """\
owner: @f-owner@
checked: 2026-11-22
questions:
  trist:
    local: @q-local@
    options: {lidt: {label: @as-label@, help: @as-help@, as: ja}}
  mit:
    before: undren
    title: @q-title@
    help: @q-help@
    why: @q-why@
    means: @q-means@
    example: @q-example@
    options: {a: {label: @label@, help: @l-help@}, b: {label: B, goto: vort}}
outcomes:
  vort:
    as: bekymring
    title: @u-title@
    help: @u-help@
    do: [@u-do@]
    guidance: @u-guidance@
    expect: @u-expect@
    local: @u-local@
    contacts: [team]
    letters: [brev]
"""
LETTER = """\
---
title: @b-title@
to: kommune
help: @b-help@
source: @b-source@
blanks: {a: {label: @b-label@, help: @b-more@, long: true}}
---
@text@ {{ a }}
"""


class Run(HTMLParser):
    """What a browser would make of a page that comes from a field: elements and attributes, not text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.made += [f"<{tag} {name}>" for name, value in attrs if name.startswith("on") or value == "x"]
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if getattr(self, "tag", "") == "script" and "kanarie" in data:
            self.made.append("<script>")


def run(page: str) -> list[str]:
    """The elements of a page that a field has made."""
    reading = Run()
    reading.feed(page)
    return reading.made


def filled(template: str) -> tuple[str, set[str]]:
    """A file with something that hurts in each field, and the names of the fields."""
    fields = set(re.findall(r"@([\w-]+)@", template))
    return re.sub(r"@([\w-]+)@", lambda found: "'" + HURTS.format(found[1]) + "'", template), fields


@pytest.fixture(scope="module")
def hurt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Client, set[str]]:
    """The preview of a kommune with something that hurts in every field; it has all pages, those of editors too."""
    folder = tmp_path_factory.mktemp("hurt")
    room, known = folder / "municipalities" / "vores", set[str]()
    for file, template in (("municipality.yaml", MUNICIPALITY), ("flows/tre.yaml", FLOW), ("letters/brev.md", LETTER)):
        text, fields = filled(template)
        known |= fields
        (room / file).parent.mkdir(parents=True, exist_ok=True)
        (room / file).write_text(text, encoding="utf-8")
    made = config.read({"GUIDE_DATA": str(folder / "data"), "GUIDE_CONTENT": str(folder)})
    preview = Preview(made, DEMO)
    assert preview.reading.served, preview.reading.wrong
    return Client(preview), known


SEEN_FROM = ("/vores/", "/redaktion/vores/", "/vores/vejledning/vort", "/friskhed/", "/vores/skriv/vort/brev?fag=tre")


def crawled(client: Client) -> Iterator[tuple[str, str]]:
    """Every page that can be reached from some, and the own steps of a walk; none twice.

    Without PDFs, which run nothing, and the flow `flere`, of which the kommune has said nothing.
    """
    todo, seen = list(SEEN_FROM), set[str]()
    for step in ("trist", "mit", "vort"):
        answer = client.post("/redaktion/vores/tre/herfra", data={"trin": step}, follow_redirects=True)
        yield f"the walk at {step}", answer.text
    while todo and len(seen) < 120:
        path = todo.pop(0)
        answer = client.get(path, follow_redirects=True)
        seen.add(path)
        if "html" not in answer.content_type:
            continue
        yield path, answer.text
        for link in re.findall(r'href="([^"]+)"', answer.text):
            where = urlsplit(urljoin(f"http://localhost{path}", link.replace("&amp;", "&")))
            inside = where.hostname == "localhost" and re.match(r"/(redaktion/)?vores/", where.path)
            target = where.path + (f"?{where.query}" if where.query else "")
            if inside and not re.search(r"\.pdf$|/flere/", where.path) and target not in seen and target not in todo:
                todo.append(target)


NOT_SHOWN = {"b-source", "c-source"}
"""Fields that are on no page."""


def test_nothing_a_kommune_writes_becomes_markup(hurt: tuple[Client, set[str]]) -> None:
    client, fields = hurt
    pages = dict(crawled(client))
    assert len(pages) > 20
    assert {path: run(page) for path, page in pages.items() if run(page)} == {}
    whole = "".join(pages.values())
    shown = {field for field in fields if re.search(rf"onload=kanarie&gt; {field}\b", whole)}
    assert fields - shown == NOT_SHOWN


@pytest.mark.parametrize("planted", ["<p>{}</p>", "<p title='{}'>x</p>", "<script>let a = '{}'</script>"])
def test_planted_a_field_that_is_not_escaped(planted: str) -> None:
    assert run(planted.format(HURTS.format("x").replace("'", "&#39;")).replace('"', "'"))
