"""The law as on the day, the page for a jurist, and what pages say when something is old. Age stops nothing."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.library import force
from guide.library.library import Library
from guide.web import create_app
from tests.conftest import DEMO, NEWEST

TEMPLATES = Path(create_app.__globals__["__file__"]).parent / "templates"
OLD = "data-gammelt"
EACH = 1 if os.environ.get("GUIDE_NIGHT") == "1" else 5
"""Every outcome at night, each fifth otherwise."""


def turn(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Turn the guide's clock."""
    monkeypatch.setattr(force, "today", lambda: day)


def shows(library: Library) -> dict[str, str]:
    """A page of each kind that shows law, numbers, a review or an outcome, with what it says of what is old."""
    law, numbers, review = "Noget af loven", "Et eller flere numre", "sidst fagligt gennemgået"
    found = {
        "/lov/": law,
        "/lov/jurist/": law,
        "/viborg/kontakt/": numbers,
        "/viborg/": numbers,
        "/viborg/skole/": review,
    }
    flows = library.flows.items()
    outcomes = [f"/viborg/vejledning/{step}?fag={name}" for name, p in flows for step in p.flow.outcomes]
    return (
        found
        | {page: law for page in outcomes[::EACH]}
        | {f"/viborg/paa-tvaers/{theme}": law for theme in library.themes}
    )


def test_nothing_is_old_on_the_newest_day(shipped: FlaskClient, content: Library) -> None:
    assert [page for page in shows(content) if OLD in shipped.get(page).text] == []


def test_after_thirteen_months_every_page_is_served_and_says_so(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(monkeypatch, force.later(NEWEST, 13))
    for page, said in shows(content).items():
        answer = shipped.get(page)
        assert answer.status_code == 200 and OLD in answer.text and said in answer.text, page
        assert answer.text.count("<h1") == 1
    for page in ("/", "/om/", "/tegn/", "/privatliv/", "/farvel"):
        assert OLD not in shipped.get(page).text, page


def test_after_seven_months_no_page_says_so(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At six months the authors are warned; the user has nothing to do about it yet."""
    turn(monkeypatch, force.later(NEWEST, 7))
    assert [page for page in shows(content) if OLD in shipped.get(page).text] == []


def test_the_number_to_ring_still_comes_first(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(monkeypatch, force.later(NEWEST, 13))
    for name, playable in content.flows.items():
        for step in list(playable.flow.outcomes)[::EACH]:
            page = shipped.get(f"/viborg/vejledning/{step}?fag={name}").text
            main = page[page.index("<main") :]
            first = min(main.index(mark) for mark in ('id="ring"', 'id="akut"') if mark in main)
            assert first < main.index(OLD) < main.index('id="skridt"')


def test_an_outcome_of_a_walk_says_so(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    turn(monkeypatch, date(2030, 1, 1))
    client.post("/proeve/tre/start")
    assert OLD not in client.get("/proeve/tre/1").text
    client.post("/proeve/tre/1", data={"trin": "akut-fare", "svar": "ja"})
    page = client.get("/proeve/tre/2").text
    assert 'data-level="akut"' in page and OLD in page


def test_an_application_starts_on_old_content(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    turn(monkeypatch, date(2040, 1, 1))
    told = create_app(settings, DEMO).test_client().get("/health/ready")
    assert told.status_code == 200 and "ikke efterset i et år" in told.text


@pytest.fixture
def changing(settings: config.Settings, tmp_path: Path) -> Flask:
    """The demo content with a rule that ended and one that comes."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / "law" / "proevelov.yaml"
    text = path.read_text("utf-8").replace("    text: Måske", "    valid_to: 2026-11-30\n    text: Måske", 1)
    coming = (
        "  kommer:\n    number: § 9\n    title: Det nye\n    text: Man skal sige det.\n    valid_from: 2027-01-01\n"
    )
    coming += "    checked: 2026-11-21\n    source: Opdigtet.\n    flows: [tre]\n    status: verified\n"
    path.write_text(text + coming, "utf-8")
    return create_app(settings, folder)


def test_what_does_not_apply_today_is_shown_apart(changing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = changing.test_client()

    def apart(day: date) -> tuple[str, str]:
        turn(monkeypatch, day)
        now, _, other = client.get("/lov/").text.partition("Gælder ikke i dag")
        return now, other

    now, other = apart(date(2026, 11, 30))
    assert 'id="proeve-tvivl"' in now and 'id="kommer"' in other and "Gælder fra 1. januar 2027" in other
    now, other = apart(date(2026, 12, 1))
    assert (
        'id="proeve-tvivl"' in other and "Gælder ikke længere. Gjaldt fra 1. januar 2024 til 30. november 2026" in other
    )
    now, other = apart(date(2027, 1, 1))
    assert 'id="kommer"' in now and 'id="proeve-tvivl"' in other


def test_an_outcome_names_a_rule_that_ended(changing: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, page = changing.test_client(), "/proeve/vejledning/straks?fag=tre"
    turn(monkeypatch, date(2026, 11, 30))
    assert OLD not in client.get(page).text
    turn(monkeypatch, date(2026, 12, 1))
    assert "Reglen »Tvivlen« gælder ikke længere." in client.get(page).text


def test_each_rule_says_source_dates_status_and_for_whom(shipped: FlaskClient, content: Library) -> None:
    page = shipped.get("/lov/").text
    for name, ref in content.law.items():
        article = page[page.index(f'id="{name}"') :].split("</article>")[0]
        for said in ("Kilde:", "Efterset", "Gælder", "Status:", "Til:"):
            assert said in article, (name, said)
        assert (ref.number in article) == (ref.status == "verified"), name
        assert all(content.flows[flow].flow.title in article for flow in ref.flows), name


def test_the_page_for_a_jurist_has_all_that_waits_and_nothing_else(shipped: FlaskClient, content: Library) -> None:
    page = shipped.get("/lov/jurist/").text
    waiting = [name for name, ref in content.law.items() if ref.status == "to-check"]
    assert re.findall(r'<article class="lov" id="([a-z0-9-]+)"', page) == waiting and waiting
    for name in waiting:
        article = page[page.index(f'id="{name}"') :].split("</article>")[0]
        assert all(said in article for said in ("Bekræft:", "Det læser brugeren nu:", "Paragraf:", "Navn og dato:"))
        assert content.law[name].number not in article, "the jurist finds the number, and is not led by our guess"
        assert ("Står i " in article) == (name in force.uses(content)), name
    assert 'href="/lov/jurist/"' in shipped.get("/lov/").text and 'href="/lov/jurist/"' in shipped.get("/om/").text


def test_every_template_that_shows_law_or_numbers_says_when_they_are_old() -> None:
    """A new page must not forget it; pieces that pages are made of are asked for by the pages."""
    shows = re.compile(r"contact_card\(|law_list\(|parts\.phone\(|guidance/body\.html|ref\.text|acts\.")
    found = {path.name: path.read_text("utf-8") for path in TEMPLATES.rglob("*.html")}
    pages = {name: text for name, text in found.items() if shows.search(text) and "{% extends" in text}
    assert {"law.html", "lawyer.html", "contact.html", "municipality.html", "outcome.html", "show.html"} <= set(pages)
    assert "aged.outcome" in found["body.html"]
    forgot = [name for name, text in pages.items() if "aged." not in text and "guidance/body.html" not in text]
    assert forgot == []
