"""The pages around the walk, on the demo content; the example mark on the shipped one."""

from __future__ import annotations

import shutil
from pathlib import Path

from flask.testing import FlaskClient
from markupsafe import escape

from guide import config
from guide.library.library import Library
from guide.web import create_app
from tests.conftest import DEMO


def test_the_front_page_leads_on_by_name(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "Nabo Kommune" in page and 'value="hele-landet"' in page and 'value="tre"' in page
    assert client.get("/vaelg?kommune=nabo&faggruppe=tre").location == "/nabo/tre/"
    assert client.get("/vaelg?kommune=nabo&faggruppe=").location == "/nabo/?fag=andet"
    assert '<details class="fag" open>' in client.get("/nabo/?fag=andet").text
    assert client.get("/vaelg?kommune=&faggruppe=tre").location == "/hele-landet/tre/"
    assert client.get("/vaelg?kommune=findes-ikke").status_code == 404


def test_professions_without_a_flow_are_not_offered(client: FlaskClient) -> None:
    page = client.get("/proeve/").text
    assert "Andet" in page and "Ukendt" not in page


def test_own_contacts_before_national_ones(client: FlaskClient) -> None:
    assert "88 12 34 56" in client.get("/proeve/kontakt/").text
    neighbour = client.get("/nabo/kontakt/").text
    assert "88 12 34 56" not in neighbour and "Find nummeret" in neighbour


def test_signs_by_age(shipped: FlaskClient) -> None:
    infant = shipped.get("/tegn/?alder=0-1").text
    assert "læbebånd" in infant and "Barnet skader sig selv" not in infant
    assert 'href="/tegn/?alder=0-1" aria-current="page"' in infant
    everything = shipped.get("/tegn/").text
    assert "læbebånd" in everything and "Barnet skader sig selv" in everything
    assert shipped.get("/tegn/?alder=99").status_code == 404


def test_a_question_shows_the_signs_at_the_ages_of_its_faggruppe(shipped: FlaskClient, content: Library) -> None:
    shipped.post("/eksempel/dagtilbud/start")
    shipped.post("/eksempel/dagtilbud/1", data={"trin": "akut-fare", "svar": "nej"})
    page = shipped.get("/eksempel/dagtilbud/2").text
    young, old = content.signs_at(["1-5"])["fysiske"], content.signs_at(["13-17"])["fysiske"]
    assert all(str(escape(sign.title)) in page for sign in young)
    only_old = [sign for sign in old if sign.ages and not {"0-1", "1-5"} & set(sign.ages)]
    assert not [sign for sign in only_old if str(escape(sign.title)) in page]


def test_one_minute_says_112_first(client: FlaskClient) -> None:
    page = client.get("/proeve/kontakt/").text
    assert page.index('class="akut-ring" href="tel:112"') < page.index("Prøvemodtagelsen")


def test_a_law_to_check_shows_no_number(client: FlaskClient) -> None:
    page = client.get("/lov/").text
    assert "§ 1" in page and "§ 2" not in page and "Om paragraffen findes" in page
    assert 'id="proeve-tvivl"' in page


def test_every_kommune_can_be_opened(demo: Library, client: FlaskClient) -> None:
    for name in demo.municipalities:
        assert client.get(f"/{name}/").status_code == 200
        assert client.get(f"/{name}/tre/").status_code == 200


def test_standing_pages(client: FlaskClient) -> None:
    for name in ("om", "privatliv", "tilgaengelighed"):
        assert f"Side {name}" in client.get(f"/{name}/").text


def test_an_installation_of_one_kommune(settings: config.Settings) -> None:
    one = create_app(config.Settings(settings.data, (), (), "proeve", None), DEMO).test_client()
    assert one.get("/").location == "/proeve/"
    assert one.get("/proeve/tre/").status_code == 200
    for other in ("/nabo/", "/nabo/tre/", "/hele-landet/", "/nabo/kontakt/", "/nabo/vejledning/straks"):
        assert one.get(other).status_code == 404
    assert one.post("/nabo/tre/start").status_code == 404
    assert "/proeve/kontakt/" in one.get("/lov/").text


def test_pages_looked_up_under_way_lead_back_to_the_walk(client: FlaskClient) -> None:
    looked_up = ("/proeve/kontakt/", "/lov/", "/tegn/", "/om/", "/proeve/vejledning/straks")
    back = 'class="back-link" href="/proeve/tre/2"'
    assert not [page for page in looked_up if back in client.get(page).text]
    client.post("/proeve/tre/start")
    client.post("/proeve/tre/1", data={"trin": "akut-fare", "svar": "nej"})
    assert [page for page in looked_up if back in client.get(page).text] == list(looked_up)
    others = ("/", "/proeve/", "/proeve/tre/", "/farvel")
    assert not [page for page in others if back in client.get(page).text], "the next at this computer is not led in"


def test_an_outcome_says_what_to_do_when_nobody_answers(client: FlaskClient) -> None:
    read = client.get("/proeve/vejledning/straks?fag=tre").text
    box = read.split('class="ring"')[1].split("</section>")[0]
    assert "88 12 34 56" in box and 'href="tel:114"' in box and 'href="tel:112"' in box
    unknown = client.get("/nabo/vejledning/straks?fag=tre").text.split('class="ring"')[1].split("</section>")[0]
    assert "ikke et efterset nummer" in unknown and 'href="tel:114"' in unknown


def test_the_example_is_marked_on_every_page(shipped: FlaskClient, settings: config.Settings) -> None:
    mark = "Eksempel: Kommunen findes ikke"
    shipped.post("/eksempel/tandpleje/start")
    own = ("/eksempel/", "/eksempel/kontakt/", "/eksempel/tandpleje/", "/eksempel/tandpleje/1")
    own += ("/eksempel/vejledning/undren", "/eksempel/vejledning/findes-ikke", "/eksempel/findes-ikke/")
    assert [page for page in own if mark not in shipped.get(page).text] == []
    shipped.post("/eksempel/tandpleje/1", data={"trin": "akut-fare", "svar": "ved-ikke"})
    assert mark in shipped.get("/eksempel/tandpleje/2").text
    others = ("/", "/aarhus/", "/aarhus/kontakt/", "/lov/")
    assert [page for page in others if mark in shipped.get(page).text] == []
    alone = create_app(config.Settings(settings.data, (), (), "eksempel", None)).test_client()
    assert [page for page in ("/lov/", "/om/", "/tegn/", "/eksempel/") if mark not in alone.get(page).text] == []


def test_a_link_to_a_contact_dials_the_kommunes_own_number(settings: config.Settings, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / "flows" / "tre" / "outcomes.yaml"
    path.write_text(
        path.read_text("utf-8").replace("help: Ring nu.", "help: 'Ring til [dem](kontakt:modtagelse).'", 1), "utf-8"
    )
    changed = create_app(settings, folder).test_client()
    assert 'href="tel:88123456">dem</a>' in changed.get("/proeve/vejledning/straks?fag=tre").text
    assert 'href="#">dem</a>' in changed.get("/nabo/vejledning/straks?fag=tre").text
