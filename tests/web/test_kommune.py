"""Which kommune: the child may live in another than the workplace, or be in another now (C3); never in an address."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.library.library import Library
from guide.web import create_app, walks
from guide.web.walk_cookie import LARGEST, Seal, Ticket, Unreadable
from tests.conftest import DEMO
from tests.web.test_before_the_call import page_of

KEY, NOW = "a" * 32, 1_800_000_000
BASE, ASKED = "/proeve/tre", "/proeve/tre/barnets-kommune"
NABO = """
name: Nabo Kommune
code: '002'
contacts:
  modtagelse: {title: Nabomodtagelsen, help: Ring., phone: 88 65 43 21, say: Ring., whose: barnet, fallback: doegnvagt}
"""


@pytest.fixture(scope="module")
def nabo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where the neighbour has a number of its own."""
    folder = tmp_path_factory.mktemp("nabo")
    (folder / "municipalities" / "nabo").mkdir(parents=True)
    (folder / "municipalities" / "nabo" / "municipality.yaml").write_text(NABO, "utf-8")
    return folder


def made(tmp_path: Path, *added: Path, scope: str | None = None) -> Flask:
    return create_app(config.Settings(tmp_path, (KEY,), added, scope, None), DEMO)


@pytest.fixture
def client(tmp_path: Path, nabo: Path) -> FlaskClient:
    """A walk at an outcome that reports."""
    client = made(tmp_path, nabo).test_client()
    walk(client)
    return client


def walk(client: FlaskClient, second: str = "ja") -> None:
    client.post(f"{BASE}/start")
    client.post(f"{BASE}/1", data={"trin": "akut-fare", "svar": "nej"})
    client.post(f"{BASE}/2", data={"trin": "slag", "svar": second})


def ticket(client: FlaskClient) -> Ticket:
    cookie = client.get_cookie("walk")
    assert cookie
    return Seal([KEY]).open(cookie.value, walks.now())[0]


def test_the_childs_kommune_is_kept_in_the_cookie_and_in_no_address(client: FlaskClient) -> None:
    chosen = client.post(ASKED, data={"kommune": "nabo"})
    assert (chosen.status_code, chosen.location) == (303, f"{BASE}/3") and ticket(client).home == "nabo"
    page = client.get(f"{BASE}/3").text
    assert "nabo" not in page.split("</header>")[1].split("<select")[0].replace("Nabo", "")
    assert "Numrene er for Nabo Kommune, som du har valgt." in page
    assert "Din egen arbejdsplads følger stadig Prøve Kommune." in page


def test_its_numbers_are_shown_and_the_workplaces_are_gone(client: FlaskClient) -> None:
    assert "88 12 34 56" in client.get(f"{BASE}/3").text
    client.post(ASKED, data={"kommune": "nabo"})
    page = client.get(f"{BASE}/3").text
    assert "88 65 43 21" in page and "88 12 34 56" not in page
    client.post(ASKED, data={"kommune": "proeve"})
    assert ticket(client).home is None and "88 12 34 56" in client.get(f"{BASE}/3").text


def test_another_answer_keeps_it_and_a_new_walk_forgets_it(client: FlaskClient) -> None:
    client.post(ASKED, data={"kommune": "nabo"})
    client.post(f"{BASE}/2", data={"trin": "slag", "svar": "nej"})
    assert ticket(client).home == "nabo"
    walk(client)
    assert ticket(client).home is None


@pytest.mark.parametrize("kommune", ["", "findes-ikke", "hele-landet", "\x00", "nabo ", "../nabo", "x" * 5_000])
def test_what_is_no_kommune_is_the_same_page_with_a_message(client: FlaskClient, kommune: str) -> None:
    before = ticket(client)
    response = client.post(ASKED, data={"kommune": kommune})
    assert response.status_code == 422 and "Vælg en kommune på listen." in response.text
    assert 'data-outcome="straks"' in response.text and 'href="tel:112"' in response.text
    assert ticket(client) == before


def test_an_example_is_nobodys_home(shipped: FlaskClient) -> None:
    shipped.post("/aarhus/skole/start")
    assert shipped.post("/aarhus/skole/barnets-kommune", data={"kommune": "eksempel"}).status_code == 422
    assert shipped.post("/aarhus/skole/barnets-kommune", data={"kommune": "odense"}).status_code == 303


def test_without_a_walk_or_with_another_ones_tag(client: FlaskClient) -> None:
    assert client.post(ASKED, data={"kommune": "nabo", "forloeb": "x"}).location == f"{BASE}/3?besked=andet-vindue"
    assert ticket(client).home is None
    client.post("/forlad")
    assert client.post(ASKED, data={"kommune": "nabo"}).status_code == 422
    assert client.post("/proeve/findes-ikke/barnets-kommune").status_code == 404
    assert client.get(ASKED).status_code == 405


def test_an_installation_of_one_kommune_knows_the_numbers_of_the_others(tmp_path: Path, nabo: Path) -> None:
    client = made(tmp_path, nabo, scope="proeve").test_client()
    walk(client)
    assert client.post(ASKED, data={"kommune": "nabo"}).status_code == 303
    assert "88 65 43 21" in client.get(f"{BASE}/3").text and client.get("/nabo/").status_code == 404


def test_links_in_texts_dial_the_childs_kommune(client: FlaskClient) -> None:
    with client.application.test_request_context(f"{BASE}/3"):
        from flask import g

        md = client.application.jinja_env.filters["md"]
        assert "tel:88123456" in md("[dem](kontakt:modtagelse)")
        g.home = "nabo"
        assert "tel:88654321" in md("[dem](kontakt:modtagelse)")


def test_a_kommune_that_is_gone_is_forgotten(client: FlaskClient) -> None:
    gone = replace(ticket(client), home="nedlagt")
    client.set_cookie("walk", Seal([KEY]).close(gone, gone.answers, walks.now()))
    page = client.get(f"{BASE}/3")
    assert page.status_code == 200 and "88 12 34 56" in page.text and "Numrene er for" not in page.text


# --- «Jeg har ét minut» -------------------------------------------------------------------------------------------


def test_one_minute_answers_at_once_and_keeps_nothing(tmp_path: Path, nabo: Path) -> None:
    client = made(tmp_path, nabo).test_client()
    response = client.post("/proeve/kontakt/", data={"kommune": "nabo"})
    assert response.status_code == 200 and "88 65 43 21" in response.text and "88 12 34 56" not in response.text
    assert "Numrene er for Nabo Kommune" in response.text and "Set-Cookie" not in response.headers
    assert "88 12 34 56" in client.get("/proeve/kontakt/").text
    assert "88 12 34 56" in client.post("/proeve/kontakt/", data={"kommune": "proeve"}).text
    wrong = client.post("/proeve/kontakt/", data={"kommune": "findes-ikke"})
    assert wrong.status_code == 422 and "Vælg en kommune på listen." in wrong.text and "88 12 34 56" in wrong.text


def test_one_minute_under_way_has_the_numbers_of_the_walk(client: FlaskClient) -> None:
    client.post(ASKED, data={"kommune": "nabo"})
    assert "88 65 43 21" in client.get("/proeve/kontakt/").text
    assert "88 12 34 56" in client.post("/proeve/kontakt/", data={"kommune": "proeve"}).text


def test_a_letter_goes_to_the_childs_kommune(client: FlaskClient) -> None:
    """In the writing help too, for the visitor whose walk has one, and for nobody else."""
    address = "/proeve/skriv/straks/proeve?fag=tre"
    before = client.get(address).text
    assert "Nabo" not in before and "er barnet anbragt af en anden" in before
    client.post(ASKED, data={"kommune": "nabo"})
    page = client.get(address)
    assert "<strong>Nabomodtagelsen</strong>, Nabo Kommune. Det er den kommune, du har valgt." in page.text
    assert "Set-Cookie" not in page.headers and "Nabo" not in client.application.test_client().get(address).text
    client.post(ASKED, data={"kommune": "proeve"})
    assert client.get(address).text == before


# --- the cookie ---------------------------------------------------------------------------------------------------


def test_an_old_cookie_still_opens_and_a_new_one_has_the_key_only_when_there_is_a_home() -> None:
    seal, plain = Seal([KEY]), Ticket("k" * 22, "proeve", "tre", {"slag": ("ja",)}, NOW, "d" * 16)
    for ticket, there in ((plain, False), (replace(plain, home="nabo"), True)):
        value = seal.close(ticket, ticket.answers, NOW)
        held = json.loads(seal._fernet.decrypt(base64.b64encode(base64.urlsafe_b64decode(value), b"-_")))
        assert ("h" in held) is there and seal.open(value, NOW)[0] == ticket
        assert "nabo" not in value


def test_the_fullest_walk_with_a_home_fits(content: Library) -> None:
    for playable in content.flows.values():
        boxes = {step: tuple(question.options) for step, question in playable.flow.questions.items()}
        longest = dict(sorted(boxes.items(), key=lambda item: -len(str(item)))[:15])
        full = Ticket(
            "k" * 22, "x" * 30, playable.id, longest, NOW, "d" * 16, True, max(content.municipalities, key=len)
        )
        assert len(Seal([KEY]).close(full, longest, NOW)) < LARGEST


@pytest.mark.parametrize("home", [["nabo"], {"x": 1}, 7, ""])
def test_another_shape_of_home_is_no_fault(home: object) -> None:
    seal = Seal([KEY])
    data = {"k": "k", "m": "proeve", "f": "tre", "a": {}, "s": NOW, "d": "d", "h": home}
    try:
        opened = seal.open(seal._fernet.encrypt_at_time(json.dumps(data).encode(), NOW).decode(), NOW)[0]
    except Unreadable:
        return
    assert opened.home is None or isinstance(opened.home, str)


def test_the_workplaces_own_people_stay(shipped_app: Flask, content: Library) -> None:
    """The child's numbers are those of its kommune; whom one asks at work is the same as before."""
    outcome = content.flows["skole"].flow.outcomes["underret-foerst"]
    assert "egen-leder" in outcome.contacts
    for home, number in ((None, True), ("aarhus", False)):
        with shipped_app.test_request_context("/eksempel/skole/3"):
            kept = shipped_app.jinja_env.globals["kept"]
            page = kept("contacts", "eksempel", home and "hele-landet", "skole", "underret-foerst", frozenset())
        assert ("12 34 56 78" in page) is number and "Din leder" in page
        own = content.contact("eksempel", "raadgivende-team", home)
        assert own.phone == "12 34 56 80", "a contact of the workplace's own"


def test_who_answers_that_it_is_another_kommune_chooses_it_above_the_number(
    shipped_app: Flask, content: Library
) -> None:
    page = page_of(shipped_app, content, "tandpleje", {"rammer": "anden-kommune"}, "underret-orienter")
    assert page.index("Vælg den, før du ringer") < page.index('<details class="andet-sted" open>')
    assert (
        page.index('<details class="andet-sted" open>') < page.index('class="ring"') and page.count("andet-sted") == 1
    )
    page = page_of(shipped_app, content, "tandpleje", {"rammer": "!anden-kommune"}, "underret-orienter")
    assert "Vælg den, før du ringer" not in page and page.index('class="ring"') < page.index("andet-sted")
