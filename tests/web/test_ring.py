"""The number of this minute on the page: every level, at every kind of hour, with and without a kommune's own numbers.

Who answers when is tested in tests/library/test_calling.py; here it is what a professional reads.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.flows.scenario import play
from guide.library import force
from guide.library.library import Library
from guide.library.readability import words
from guide.model import Level
from guide.web import Shelf, create_app, walks
from guide.web.walk_cookie import Ticket
from tests.conftest import DEMO

OPEN, GAP, EVE = "2026-11-23T10:00", "2026-11-27T14:30", "2026-12-24T12:00"
"""A weekday, a Friday after closing, and 24 December."""

BY_LEVEL = {"akut": "akut-fare-nu", "straks": "straks-hjemmet", "underret": "underret-orienter", "undren": "undren"}


def clock(patch: pytest.MonkeyPatch, moment: str) -> None:
    """The guide's clock, in Denmark."""
    at = datetime.fromisoformat(moment).replace(tzinfo=force.DENMARK)
    patch.setattr(force, "now", lambda: at)
    patch.setattr(force, "today", at.date)


def bare(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" .", ".").replace(" ,", ",")


def box(page: str) -> str:
    """The box of the kommune's numbers, without its tags."""
    return bare(page.split('class="ring"', 1)[1].split(">", 1)[1].split("</section>")[0])


def read(client: FlaskClient, level: str, place: str = "eksempel") -> str:
    page: str = client.get(f"/{place}/vejledning/{BY_LEVEL[level]}?fag=skole").text
    return page


# --- by level and hour --------------------------------------------------------------------------------------------


def test_where_it_hastes_the_number_of_the_minute_stands_first(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, OPEN)
    said = box(read(shipped, "straks"))
    assert said.startswith("Ring til Modtagelsen for børn og unge, Eksempel Kommune (opdigtet) 12 34 56 78")
    assert "(opdigtet nummer) åbent til 15.00" in said and "åbner" not in said
    for moment in (GAP, EVE):
        clock(monkeypatch, moment)
        said = box(read(shipped, "straks"))
        assert said.startswith("Ring til Den sociale døgnvagt, Eksempel Kommune (opdigtet) 12 34 56 79")
        assert "Modtagelsen for børn og unge, Eksempel Kommune (opdigtet): åbner mandag kl. 9.00" in said
        assert "Svarer de ikke? Ring 114 – bed om den sociale vagt" in said


def test_a_report_goes_in_writing_when_it_is_closed(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, OPEN)
    said = box(read(shipped, "underret"))
    assert said.startswith("Ring til Modtagelsen") and "åbent til 15.00" in said and "Eller skriv:" in said
    clock(monkeypatch, GAP)
    said = box(read(shipped, "underret"))
    assert said.startswith("Underret Modtagelsen") and "Lukket nu, åbner mandag kl. 9.00" in said
    order = ["Lukket nu", "Skriv underretningen nu", "Kan barnet ikke vente: Ring til Den sociale døgnvagt", "112"]
    assert [said.index(mark) for mark in order] == sorted(said.index(mark) for mark in order)


def test_below_a_report_it_is_advice(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, OPEN)
    said = box(read(shipped, "undren"))
    assert said.startswith("Er du i tvivl? Tal med Modtagelsen") and "12 34 56 78" in said
    clock(monkeypatch, EVE)
    said = box(read(shipped, "undren"))
    assert said.startswith("Er du i tvivl? Tal med Modtagelsen") and "Lukket nu, åbner mandag kl. 9.00" in said
    assert "Kun hvis det ikke kan vente: Ring til Den sociale døgnvagt" in said and "12 34 56 78" not in said


def test_on_akut_112_stands_in_the_red_box_and_the_kommune_after_it(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, GAP)
    page = read(shipped, "akut")
    assert page.index('class="akut-ring" href="tel:112"') < page.index('class="ring"')
    assert box(page).startswith(
        "Når du ringer til kommunen bagefter: Den sociale døgnvagt, Eksempel Kommune (opdigtet) 12 34 56 79"
    )


@pytest.mark.parametrize("moment", [OPEN, GAP, EVE])
def test_a_kommune_without_a_number_has_114_and_says_so(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    clock(monkeypatch, moment)
    for level in BY_LEVEL:
        said = box(read(shipped, level, "aarhus"))
        assert "Vi har ikke et efterset nummer til" in said and "114" in said, level
        assert "ed om den sociale vagt" in said and "lukket" not in said.lower(), level
        assert level == "akut" or "Det kan du sige:" in said


def test_112_is_beside_every_number_and_never_in_a_chain(
    shipped: FlaskClient, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = 0
    for moment in (OPEN, GAP, EVE):
        clock(monkeypatch, moment)
        for level, step in BY_LEVEL.items():
            for flow in (flow for flow in content.flows if step in content.flows[flow].flow.outcomes):
                page = shipped.get(f"/eksempel/vejledning/{step}?fag={flow}").text.split("<main")[1]
                inner = page.split('class="ring"')[1].split("</section>")[0]
                numbers = re.findall(r'href="tel:(\d+)"', inner)
                assert numbers.count("112") == (level != "akut") and 'href="tel:112"' in page
                chain = inner.split("Svarer de ikke?")[-1]
                assert "tel:112" not in chain or "ring-fare" in chain.split("tel:112")[0]
                assert numbers[0] != "112" and len(numbers) == len(set(numbers))
                seen += 1
    assert seen >= 30


# --- the minute ---------------------------------------------------------------------------------------------------


def test_the_page_says_what_minute_it_holds_for(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Har siden stået åben længe, så genindlæs den."
    for moment, told in (
        ("2026-11-22T10:30", "søndag 22. november kl. 10.30"),
        (EVE, "torsdag 24. december kl. 12.00"),
    ):
        clock(monkeypatch, moment)
        for page in (read(shipped, "straks"), read(shipped, "akut"), shipped.get("/eksempel/kontakt/").text):
            assert f"Det gælder {told}. {said}" in bare(page)


def test_it_changes_at_the_very_minute(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    firsts = []
    for moment in ("2026-11-23T14:59", "2026-11-23T15:00", "2026-11-24T08:59", "2026-11-24T09:00"):
        clock(monkeypatch, moment)
        firsts.append(re.search(r"12 34 56 7\d", box(read(shipped, "straks")))[0])  # type: ignore[index]
    assert firsts == ["12 34 56 78", "12 34 56 79", "12 34 56 79", "12 34 56 78"]


def test_to_read_and_print_there_are_all_hours(shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    clock(monkeypatch, GAP)
    said = box(read(shipped, "straks"))
    assert "man-tors 9-15, fre 9-13" in said and "fre 13 til man 9" in said
    page = shipped.get("/eksempel/vejledning/straks-hjemmet?fag=skole").text.split('id="kontakter"')[1]
    assert "man-tors 9-15, fre 9-13" in page and "fre 13 til man 9" in page


# --- «Jeg har ét minut» -------------------------------------------------------------------------------------------


def test_one_minute_has_112_then_the_number_of_the_minute_then_the_others(
    shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment, first in ((OPEN, "12345678"), (GAP, "12345679")):
        clock(monkeypatch, moment)
        numbers = re.findall(r'href="tel:(\d+)"', shipped.get("/eksempel/kontakt/").text.split("<main")[1])
        assert numbers[:2] == ["112", first] and {"12345678", "12345679", "114"} <= set(numbers)
    assert re.findall(r'href="tel:(\d+)"', shipped.get("/aarhus/kontakt/").text.split("<main")[1])[:2] == ["112", "114"]
    assert len(words(bare(shipped.get("/aarhus/kontakt/").text.split("<main")[1].split("<select")[0]))) < 150


# --- what is said of numbers --------------------------------------------------------------------------------------

OLD = """
name: Nabo Kommune
code: '002'
link: https://nabo.example/
contacts:
  modtagelse: {title: Nabomodtagelsen, help: H, phone: 88 65 43 21, form: "https://nabo.example/skema", say: S,
    hours: {week: {man-fre: 8-16}}, whose: barnet, fallback: doegnvagt, purpose: [underretning], checked: 2026-05-01}
  doegnvagt: {title: Nabovagten, help: H, phone: 88 65 43 22, hours: {always: true}, say: S, whose: barnet,
    fallback: politi, purpose: [underretning], checked: 2026-11-01}
"""


def neighbour(tmp_path: Path, text: str) -> FlaskClient:
    """The demo content where the neighbour has this file."""
    folder = tmp_path / "added" / "municipalities" / "nabo"
    folder.mkdir(parents=True)
    (folder / "municipality.yaml").write_text(text, "utf-8")
    settings = config.Settings(tmp_path / "data", (), (tmp_path / "added",), None, None)
    return create_app(settings, DEMO).test_client()


def test_an_old_number_is_marked_where_it_stands_with_114_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(monkeypatch, OPEN)
    client = neighbour(tmp_path, OLD)
    page = client.get("/nabo/vejledning/straks?fag=tre").text
    mark = "Nummeret er ikke efterset siden 1. maj 2026. Virker det ikke, så ring 114"
    assert mark in box(page) and box(page).index(mark) < box(page).index("88 65 43 22")
    assert page.count("Nummeret er ikke efterset") == 2, "in the box and among the contacts; a fresh one is not marked"
    assert 'href="https://nabo.example/skema"' in client.get("/nabo/vejledning/underret?fag=flere").text


def test_without_a_number_the_kommunes_own_website_is_linked(tmp_path: Path) -> None:
    client = neighbour(tmp_path, OLD.split("contacts:")[0])
    page = client.get("/nabo/vejledning/straks?fag=tre").text.split('class="ring"')[1].split("</section>")[0]
    assert '<a href="https://nabo.example/" rel="noreferrer">kommunens hjemmeside</a>' in page


# --- C31 ----------------------------------------------------------------------------------------------------------

FIRST = ('class="font-lead"', 'href="tel:', 'class="sig"', 'class="foraeldre"', 'id="imens"', 'class="opkald"')
"""One sentence; the number; what to say; the parents; where the child is; the name, the time and «ikke igennem»."""

AFTER = ('id="skridt"', 'id="igennem"', 'id="hvorfor"', 'id="pligt"', 'id="tegn"', 'id="kontakter"')
"""What comes after."""

FEW = 150
"""So many words at most stand before the parents rule, besides «(opdigtet)», which real kommuner have not, and what
must be done for the child's life before anybody is rung (at most BEFORE words)."""

BEFORE = 45


def misordered(page: str, level: Level) -> list[str]:
    """What C31 asks for and an outcome's page does not have, or has in another order."""
    main = page.split("<main", 1)[1]
    reports = level.rank >= Level.underret.rank
    wanted = [mark for mark in FIRST if mark in main or (reports and mark != 'id="imens"')]
    missing = [mark for mark in wanted if mark not in main]
    if level is Level.akut:  # what to say to 112 stands in the red box
        wanted.remove('class="sig"')
    places = [main.index(mark) for mark in wanted if mark not in missing]
    wrong = missing + ([] if places == sorted(places) else ["order"])
    wrong += [mark for mark in AFTER if 0 <= main.find(mark) < max(places)]
    seen = main.split('class="foraeldre"')[0].split('class="niveau"')[1].partition(">")[2]
    open_ = re.sub(r"<details.*?</details>", " ", seen, flags=re.DOTALL)
    before = re.search(r'<section class="samtidig".*?</section>', open_, flags=re.DOTALL)
    wrong += ["too many words before the call"] if before and len(words(bare(before[0]))) > BEFORE else []
    open_ = open_.replace(before[0], "") if before else open_
    count = len(words(re.sub(r"\(opdigtet[^)]*\)", "", bare(open_))))
    return wrong + (["too many words"] if count > FEW else [])


def reached(app: Flask, content: Library, flow: str, step: str) -> str:
    """The page of an outcome on a walk that ends there."""
    playable = content.flows[flow]
    scenario = next(s for s in content.scenarios[flow].values() if s.ends == step)
    walk = play(playable.flow, playable.machine, scenario).walk
    shelf: Shelf = app.extensions["guide"]
    ticket = Ticket("k" * 22, "eksempel", flow, walk.answers, walks.now(), shelf.library.digest)
    client = app.test_client()
    client.set_cookie("walk", shelf.seal.close(ticket, walk.on_path, walks.now()))
    return client.get(f"/eksempel/{flow}/{len(walk.path)}").text


@pytest.mark.parametrize("moment", [OPEN, GAP])
@pytest.mark.parametrize("flow", ["dagtilbud", "skole", "sundhedspleje", "tandpleje"])
def test_every_outcome_begins_in_the_order_of_c31(
    shipped_app: Flask, content: Library, monkeypatch: pytest.MonkeyPatch, flow: str, moment: str
) -> None:
    clock(monkeypatch, moment)
    for step, outcome in content.flows[flow].flow.outcomes.items():
        page = reached(shipped_app, content, flow, step)
        assert f'data-outcome="{step}"' in page
        assert misordered(page, outcome.level) == [], step


def test_another_order_is_caught(shipped_app: Flask, content: Library) -> None:
    """The planted faults: the steps before the parents, no number, a wall of words before them."""
    page = reached(shipped_app, content, "skole", "straks-hjemmet")
    assert misordered(page, Level.straks) == []
    assert "order" in misordered(page.replace("<h1>", '<h1 class="foraeldre">', 1), Level.straks)
    assert 'id="skridt"' in misordered(page.replace("<h1>", '<h1 id="skridt">', 1), Level.straks)
    assert 'class="opkald"' in misordered(page.replace('class="opkald"', ""), Level.straks)
    assert "too many words" in misordered(page.replace("<h1>", "<h1>" + "ord " * 100, 1), Level.straks)
