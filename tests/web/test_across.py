"""«Fire stole»: what each faggruppe must do is what its own flow says, and the page says which example that is."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from guide.flows.walk import Walk
from guide.library.library import Library
from guide.web.across import FIRST_STEPS, seats

ROWS = ["Ser typisk", "Skal", "Kan gøre selv", "Giver videre", "Må dele"]


def columns(page: str) -> dict[str, str]:
    """Each column by its faggruppe."""
    parts = re.findall(r'<article class="stol" aria-labelledby="([a-z-]+)">(.*?)</article>', page, re.DOTALL)
    return dict(parts)


def disagreements(library: Library, theme: str, page: str) -> list[str]:
    """The columns of a page that do not end where the answers of their scenario lead, walked here anew."""
    wrong = []
    for flow, column in columns(page).items():
        playable, chair = library.flows[flow], library.themes[theme].chairs[flow]
        walk = Walk(playable.flow, playable.machine, library.scenarios[flow][chair.scenario].answers)
        assert walk.outcome
        place = f'data-outcome="{walk.current}" data-level="{walk.outcome.level}" data-parents="{walk.outcome.parents}"'
        way_on = f'href="/eksempel/vejledning/{walk.current}?fag={flow}"'
        if place not in column or way_on not in column or str(escape(walk.outcome.title)) not in column:
            wrong.append(flow)
    return wrong


def test_every_theme_has_four_columns_of_five_rows(shipped: FlaskClient, content: Library) -> None:
    assert len(content.themes) >= 6
    for name in content.themes:
        page = shipped.get(f"/eksempel/paa-tvaers/{name}").text
        assert list(columns(page)) == list(content.flows)
        for column in columns(page).values():
            assert re.findall(r"<h3>(.*?)</h3>", column) == ROWS


def test_what_one_must_do_is_what_the_flow_says(shipped: FlaskClient, content: Library) -> None:
    for name in content.themes:
        assert disagreements(content, name, shipped.get(f"/eksempel/paa-tvaers/{name}").text) == []


def test_another_outcome_on_the_page_is_caught(shipped: FlaskClient, content: Library) -> None:
    """The planted fault: the page of one theme held against the scenarios of another."""
    page = shipped.get("/eksempel/paa-tvaers/blaa-maerker").text
    assert disagreements(content, "udeblivelser", page) != []


def test_the_page_says_which_example_it_is(shipped: FlaskClient, content: Library) -> None:
    for name, theme in content.themes.items():
        for flow, column in columns(shipped.get(f"/eksempel/paa-tvaers/{name}").text).items():
            scenario = content.scenarios[flow][theme.chairs[flow].scenario]
            assert f"Gælder for dette eksempel: {escape(scenario.title)}" in column
            for step, chosen in scenario.answers.items():
                question = content.flows[flow].flow.questions[step]
                assert str(escape(question.title)) in column
                assert all(str(escape(question.options[one].label)) in column for one in chosen)


def test_the_demo_page(client: FlaskClient, demo: Library) -> None:
    number = str(demo.contact("proeve", "modtagelse").phone)
    page = client.get("/proeve/paa-tvaers/slag").text
    one = columns(page)["tre"]
    for said in ("Et mærke på armen.", "Lyt til barnet.", "det, du så.", "Ring til kommunen nu", "Forældre ikke"):
        assert said in one
    assert "Du var i tvivl." in one and number in one and "Aftal, hvem der ringer." in page
    assert number not in client.get("/nabo/paa-tvaers/slag").text


def test_the_way_there(client: FlaskClient) -> None:
    assert 'href="/proeve/paa-tvaers/slag"' in client.get("/proeve/").text
    assert 'href="/proeve/paa-tvaers/slag"' in client.get("/proeve/paa-tvaers/").text
    for gone in ("/proeve/paa-tvaers/findes-ikke", "/findes-ikke/paa-tvaers/", "/findes-ikke/paa-tvaers/slag"):
        assert client.get(gone).status_code == 404


def test_nothing_is_kept_of_who_reads(client: FlaskClient) -> None:
    for address in ("/proeve/paa-tvaers/", "/proeve/paa-tvaers/slag"):
        assert "Set-Cookie" not in client.get(address).headers


def test_steps_are_those_that_fit_the_answers(demo: Library) -> None:
    found = {seat.playable.id: seat for seat in seats(demo, demo.themes["slag"])}
    assert list(found) == [flow for flow in demo.flows if flow in demo.themes["slag"].chairs]
    assert found["tre"].steps == ["Du var i tvivl.", "Ring."] and len(found["tre"].steps) <= FIRST_STEPS


def test_a_chair_that_leads_nowhere_is_left_out(demo: Library) -> None:
    theme = demo.themes["slag"]
    gone = theme.chairs["tre"].model_copy(update={"scenario": "findes-ikke"})
    assert [s.playable.id for s in seats(demo, theme.model_copy(update={"chairs": {**theme.chairs, "tre": gone}}))] == [
        "flere"
    ]


@pytest.fixture
def bare(app: Flask) -> FlaskClient:
    """The application on content without themes."""
    shelf = app.extensions["guide"]
    app.extensions["guide"] = replace(shelf, library=replace(shelf.library, themes={}))
    return app.test_client()


def test_without_themes_nothing_leads_there(bare: FlaskClient) -> None:
    assert "paa-tvaers" not in bare.get("/proeve/").text
    assert "ingen temaer endnu" in bare.get("/proeve/paa-tvaers/").text
