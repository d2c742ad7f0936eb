"""What is a kommune's own stands on its pages, approved or in preview, and on nobody else's."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.library.library import Library, load
from guide.library.telling import Unknown, outcome_of
from guide.model import Level, Municipality
from guide.paper.handleplan import handleplan
from guide.paper.poster import poster
from guide.web import create_app
from guide.web.across import seats
from guide.web.own import shown
from guide.web.static_files import YEAR
from guide.web.text import dialled
from tests.conftest import DEMO, NEWEST

KEY = "a" * 32
HOSTILE = '<script>alert(1)</script>"'
FLOW = """questions:
  trist:
    local: "Spørg **Team Blå** <img src=x onerror=alert(1)>."
  talt-med-team:
    before: undren
    title: Har du talt med teamet?
    why: To ser mere.
    means: Talt er i telefonen.
    example: Du ringede i går. Svaret er ja.
    options: {ja: {label: Ja}, nej: {label: Nej, goto: eget}}
outcomes:
  eget:
    as: undren
    title: Tal med teamet
  undren:
    local: Skriv i den blå bog. Ring til [klubben](kontakt:klubben).
    letters: [eget-brev]
"""
HEAD = "owner: Skolen\nchecked: 2026-11-22\n"
PLACE = f"""name: Vores Kommune
example: true
colours: {{primary: '#14574f'}}
names:
  modtagelse: 'Det Blå Hus {HOSTILE}'
levels: {{undren: Grøn, straks: Rød}}
offers:
  klub: {{title: 'Klubben {HOSTILE}', help: 'For alle. {HOSTILE}', contact: klubben}}
  alt:
    title: Det store tilbud
    help: For dem, der vil.
    link: https://www.example.com/
    levels: [bekymring]
contacts:
  modtagelse:
    title: Det Blå Hus
    help: Ring her.
    say: Jeg ringer med en underretning.
    phone: 12 34 50 01
    form: https://www.example.com/underret
    hours: {{week: {{man-fre: 9-15}}, holidays: closed}}
    purpose: [underretning, raad, uden-navn]
    whose: barnet
    fallback: doegnvagt
  klubben: {{title: Klubbens telefon, help: Ring., phone: 12 34 50 00, whose: arbejdspladsen, fallback: modtagelse}}
"""
LETTER = """---
title: Vores eget brev
to: foraeldre
help: Når I har talt sammen.
source: Opdigtet til test.
blanks:
  navn: {label: Navn, help: Fornavnet.}
---
Kære {{navn}}

Ring til modtagelsen.
"""


def png(width: int, height: int) -> bytes:
    """A real, white PNG."""
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def approved(text: str, base: str = "") -> str:
    more = f", base: '{base}'" if base else ""
    two = "authority: 'Anna Aa, leder', profession: 'Bo Bb, leder'"
    return f"approved: {{{two}, date: 2026-11-22, next: 2027-05-22, text: '{text}'{more}}}\n"


def written(folder: Path, *, approval: bool) -> Path:
    """An added folder with a kommune that has all there is; with `approval`, by two who have read just that."""
    own = folder / "municipalities" / "vores"
    for room in ("flows", "letters"):
        (own / room).mkdir(parents=True)
    (own / "logo.png").write_bytes(png(300, 60))
    (own / "letters" / "eget-brev.md").write_text(LETTER, "utf-8")
    (own / "municipality.yaml").write_text(PLACE, "utf-8")
    (own / "flows" / "tre.yaml").write_text(HEAD + FLOW + "", "utf-8")
    if approval:
        found = load(DEMO, [folder])[0].rooms["vores"]
        flow = found.flows["tre"]
        (own / "municipality.yaml").write_text(PLACE + approved(found.text), "utf-8")
        (own / "flows" / "tre.yaml").write_text(HEAD + approved(flow.text, flow.base) + FLOW, "utf-8")
    return folder


def made(folder: Path, *, approval: bool, scope: str | None = None) -> Flask:
    added = (written(folder / "added", approval=approval),)
    return create_app(config.Settings(folder / "data", (KEY,), added, scope, None), DEMO)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return made(tmp_path_factory.mktemp("own"), approval=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def unapproved(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return made(tmp_path_factory.mktemp("draft"), approval=False)


OWN = {
    "/vores/vejledning/eget": ["Tal med teamet", "Klubben", "Hos jer:", "<strong>Grøn</strong>"],
    "/vores/vejledning/undren": ["Skriv i den blå bog.", "Klubben", "12 34 50 00", "Vores eget brev"],
    "/vores/vejledning/bekymring": ["Det store tilbud", "https://www.example.com/", "aldrig en grund til at vente"],
    "/vores/vejledning/straks": ["Hos jer:", "Rød"],
    "/vores/skriv/undren/eget-brev": ["Vores eget brev", "data-felt=\"navn\"", "hedder", "Det Blå Hus"],
    "/vores/observation/eget": ["Observationsark"],
}  # fmt: skip
"""Pages of the kommune, and what is its own there."""

WORDS = ("Tal med teamet", "Klubben", "Hos jer:", "Skriv i den blå bog", "Vores eget brev", "Det store tilbud")


@pytest.mark.parametrize("address", OWN)
def test_the_own_of_a_kommune_is_there_and_nowhere_else(client: FlaskClient, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    for words in OWN[address]:
        assert words in page.text, words
    for other in ("proeve", "hele-landet"):
        there = client.get(address.replace("vores", other, 1))
        assert there.status_code == (404 if "eget" in address else 200)
        assert not [words for words in WORDS if words in there.text] and "farver.css" not in there.text


@pytest.mark.parametrize("address", [a for a in OWN if "eget" in a])
def test_what_is_not_approved_is_not_there(unapproved: Flask, address: str) -> None:
    client = unapproved.test_client()
    assert client.get(address).status_code == 404
    page = client.get("/vores/vejledning/undren").text
    assert not [words for words in WORDS if words in page]
    assert "farver.css" in page and "logo.png" in page  # how it looks needs nobody's approval


def test_an_own_box_on_a_question(client: FlaskClient) -> None:
    assert "Team Blå" not in walked(client, "proeve") and "Team Blå" in walked(client, "vores")


def walked(client: FlaskClient, kommune: str) -> str:
    """The page of the question `trist`."""
    client.post(f"/{kommune}/tre/start")
    client.post(f"/{kommune}/tre/1", data={"trin": "akut-fare", "svar": "nej"})
    client.post(f"/{kommune}/tre/2", data={"trin": "slag", "svar": "nej"})
    page = client.get(f"/{kommune}/tre/3").text
    assert 'data-step="trist"' in page
    return page


def test_the_box_of_a_question_is_read_before_its_answers(client: FlaskClient) -> None:
    page = walked(client, "vores")
    assert page.index("<h1>") < page.index('id="lokalt"') < page.index('id="svar-1"') < page.index("Fortsæt")
    assert 'aria-describedby="hjaelp lokalt"' in page and "lokalt" not in walked(client, "proeve")


def test_a_box_shows_the_number_it_says_to_ring(client: FlaskClient) -> None:
    box = client.get("/vores/vejledning/undren").text.split("den blå bog")[1].split("</section>")[0]
    assert "Klubbens telefon" in box and ">12 34 50 00<" in box


def test_where_the_child_belongs_elsewhere_nothing_passes_for_its_kommunes(client: FlaskClient) -> None:
    """The boxes stay, for they are about the workplace, and say so."""
    walked(client, "vores")
    client.post("/vores/tre/3", data={"trin": "trist", "svar": "nej"})
    client.post("/vores/tre/4", data={"trin": "talt-med-team", "svar": "ja"})
    addresses = "/vores/tre/5", "/vores/skriv/undren/eget-brev"
    of_place = "Hos jer:", 'id="tilbud"', "aldrig en grund til at vente", " hos jer."
    before, letter = (client.get(address).text for address in addresses)
    assert "<h2>I Vores Kommune</h2>" in before and not [words for words in of_place if words not in before + letter]
    client.post("/vores/tre/barnets-kommune", data={"kommune": "proeve"})
    after, letter = (client.get(address).text for address in addresses)
    assert "som du har valgt" in after and not [words for words in of_place if words in after + letter]
    assert "<h2>På din arbejdsplads i Vores Kommune</h2>" in after and "Skriv i den blå bog" in after
    assert "<strong>På din arbejdsplads i Vores Kommune:</strong>" in client.get("/vores/tre/3").text
    client.post("/vores/tre/barnets-kommune", data={"kommune": "vores"})
    assert client.get("/vores/tre/5").text == before


def test_everything_is_escaped(client: FlaskClient) -> None:
    """Planted fault: each text of the kommune's has markup in it."""
    pages = [client.get(address).text for address in OWN] + [walked(client, "vores")]
    assert sum("&lt;script&gt;alert(1)" in page for page in pages) >= 4 and "&lt;img" in pages[-1]
    assert not [page for page in pages if "<script>alert" in page or "<img src=x" in page]


def test_an_offer_stands_after_what_one_does_and_never_where_one_reports(client: FlaskClient, app: Flask) -> None:
    page = client.get("/vores/vejledning/undren").text
    assert (
        page.index("Det gør du nu") < page.index("aldrig en grund til at vente") < page.index('<h3 class="h4">Klubben')
    )
    assert page.index('id="ring"') < page.index('id="tilbud"')
    outcomes = app.extensions["guide"].library.playable("vores", "tre").flow.outcomes
    reporting = [name for name, outcome in outcomes.items() if outcome.level.rank >= Level.underret.rank]
    assert reporting
    for name in reporting:
        assert 'id="tilbud"' not in client.get(f"/vores/vejledning/{name}?fag=tre").text


def test_the_form_stands_where_one_reports(client: FlaskClient) -> None:
    """On `straks` below the numbers and after a person: a form alone is never enough (C5)."""
    page = client.get("/vores/vejledning/straks?fag=tre").text
    box = page[page.index('id="ring"') :].split("</section>")[0]
    assert (
        box.index("tel:") < box.index("Når du har talt med et menneske") < box.index("https://www.example.com/underret")
    )
    assert "underret" in client.get("/vores/vejledning/underret?fag=flere").text.split("example.com/")[1][:9]
    assert "www.example.com/underret" not in client.get("/proeve/vejledning/straks?fag=tre").text


def test_papers_and_commands_take_it_too(app: Flask) -> None:
    library: Library = app.extensions["guide"].library
    ours, theirs = (handleplan(library, library.flows_in(name)["tre"], name, NEWEST) for name in ("vores", "proeve"))
    for words in ("Tal med teamet", "Team Blå", "Skriv i den blå bog", "Vores eget brev", "Klubben", "hos jer: Grøn"):
        assert words in ours and words not in theirs, words
    assert "<script>" not in ours and "Det Blå Hus &lt;script" in ours
    drawn = poster(library, library.flows_in("vores")["tre"], "vores", NEWEST)
    assert "Hos jer: Grøn" in drawn and "Hos jer" not in poster(library, library.flows["tre"], "proeve", NEWEST)
    assert outcome_of(library, "eget", None, "vores").title == "Tal med teamet"
    with pytest.raises(Unknown):
        outcome_of(library, "eget", None, "proeve")


def test_the_four_chairs_sit_in_the_flow_of_the_kommune(client: FlaskClient, app: Flask) -> None:
    """Also where it asks what the scenario of a chair does not answer: then as in the national flow."""
    library: Library = app.extensions["guide"].library
    theme = next(iter(library.themes))
    assert "Hos jer:" in client.get(f"/vores/paa-tvaers/{theme}").text
    for name in ("vores", "proeve"):
        found = list(seats(library, library.themes[theme], name))
        assert len(found) == len(list(seats(library, library.themes[theme]))) > 0


def test_a_kommune_with_steps_alone_is_shown_as_it_is(app: Flask) -> None:
    """Planted fault: it has neither numbers nor a page, so that its numbers are those of the country."""
    library: Library = app.extensions["guide"].library
    alone = replace(library, municipalities={**library.municipalities, "vores": Municipality(name="Vores Kommune")})
    assert dialled(alone, "vores") == "vores" and dialled(replace(alone, rooms={}), "vores") == "hele-landet"


def test_the_colours(client: FlaskClient) -> None:
    page = client.get("/vores/").text
    address = page.split('<link rel="stylesheet" href="/vores/farver.css')[1].split('"')[0]
    fresh, old = client.get(f"/vores/farver.css{address}"), client.get("/vores/farver.css?v=0")
    assert "--tema-farve: #14574f" in fresh.text and fresh.mimetype == "text/css"
    assert fresh.headers["Cache-Control"] == f"public, max-age={YEAR}, immutable"
    assert old.headers["Cache-Control"] == "no-cache" and fresh.text == old.text
    assert client.get("/proeve/farver.css").status_code == 404 == client.get("/findes-ikke/farver.css").status_code
    assert page.index("app.css") < page.index("farver.css")


def test_the_logo(client: FlaskClient) -> None:
    page = client.get("/vores/tre/").text
    picture = page.split("<img ")[1].split(">")[0]
    assert 'alt="Vores Kommune"' in picture and 'width="200" height="40"' in picture
    sent = client.get(picture.split('src="')[1].split('"')[0])
    assert (sent.mimetype, sent.data) == ("image/png", png(300, 60))
    assert sent.headers["X-Content-Type-Options"] == "nosniff" and "immutable" in sent.headers["Cache-Control"]
    assert client.get("/proeve/logo.png").status_code == 404


@pytest.mark.parametrize(
    ("size", "told"), [((300, 60), (200, 40)), ((96, 96), (40, 40)), ((20, 10), (20, 10)), ((1200, 1), (200, 1))]
)
def test_a_logo_is_never_larger_than_the_top(size: tuple[int, int], told: tuple[int, int]) -> None:
    assert shown(png(*size)) == told


@pytest.mark.parametrize("address", ["/vores/findes/ikke", "/farvel", "/vores/vejledning/findes-ikke", "/"])
def test_pages_that_others_see_are_neutral(client: FlaskClient, address: str) -> None:
    page = client.get(address).text
    assert "logo.png" not in page and "farver.css" not in page


def test_a_lost_walk_is_neutral(client: FlaskClient) -> None:
    page = client.post("/vores/tre/1", data={"trin": "akut-fare", "svar": "nej"})
    assert page.status_code == 422 and "logo.png" not in page.text


def test_in_an_installation_of_one_kommune_all_pages_are_its(tmp_path: Path) -> None:
    client = made(tmp_path, approval=True, scope="vores").test_client()
    assert "logo.png" in client.get("/lov/").text and client.get("/proeve/farver.css").status_code == 404


def test_the_large_example(shipped: FlaskClient) -> None:
    """What it shows off is served: a question and an outcome of its own, its answer, its words, its papers' letter."""
    page = shipped.get("/eksempel-stor/vejledning/ring-til-teamet").text
    assert "Tandplejens rådgivende team (opdigtet): <a" in page.replace("\n", " ")
    for words in ("Tandplejens rådgivende team", "Tandbussen", "Grøn", "Det aftalte vi", "Børne- og Ungevagten"):
        assert words in page, words
    assert shipped.get("/eksempel-stor/skriv/ring-til-teamet/det-aftalte-vi").status_code == 200
    for other in ("eksempel", "eksempel-lille", "hele-landet"):
        assert shipped.get(f"/{other}/vejledning/ring-til-teamet").status_code == 404
        assert shipped.get(f"/{other}/skriv/bekymring-egen-indsats/det-aftalte-vi").status_code == 404
    assert "Skolens trivselsperson" in shipped.get("/eksempel-stor/vejledning/bekymring-egen-indsats?fag=skole").text


def test_the_small_example_shares_its_duty_officer(shipped: FlaskClient) -> None:
    page = shipped.get("/eksempel-lille/vejledning/undren?fag=tandpleje").text
    assert "Familieafdelingens åbne kontor" in page and "hedder <strong>Familieafdelingen</strong> hos jer" in page
    assert "deler med Eksempel Nabo Kommune" in shipped.get("/eksempel-lille/kontakt/").text


def test_examples_come_last_on_the_front_page(shipped: FlaskClient) -> None:
    names = shipped.get("/").text.split("<option")[2:]
    marked = ["(opdigtet)" in name for name in names]
    assert marked == sorted(marked) and sum(marked) == 3
