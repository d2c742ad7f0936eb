"""A contact to save: read by another library than the one that made it, and nothing in it that was not there."""

from __future__ import annotations

from datetime import date

import pytest
import vobject
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.library.library import Library
from guide.model import Contact, Hours
from guide.web.vcard import vcard

CARD = "/eksempel/kontakt/modtagelse.vcf"


def read(data: bytes) -> vobject.base.Component:
    """One card, as the telephone reads it."""
    (found,) = vobject.readComponents(data.decode("utf-8"))
    found.validate(raiseException=True)
    return found


def test_a_contact_of_the_example_says_that_it_is_made_up(shipped: FlaskClient, content: Library) -> None:
    response, contact = shipped.get(CARD), content.contact("eksempel", "modtagelse")
    assert response.headers["Content-Type"] == "text/vcard; charset=utf-8"
    card = read(response.data)
    assert response.data.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert card.fn.value == f"{contact.title} (opdigtet nummer)"
    assert card.tel.value == "12345678" and card.org.value == [contact.owner]
    assert b"\r\nTEL;TYPE=WORK,VOICE:12345678\r\n" in response.data, "two types; in quotation marks it would be one"
    assert "man-tors 9-15" in card.note.value and "Efterset 21. november 2026." in card.note.value


def test_the_name_of_the_file_tells_nothing(shipped: FlaskClient) -> None:
    for name in ("modtagelse", "raadgivende-team"):
        said = shipped.get(f"/eksempel/kontakt/{name}.vcf").headers["Content-Disposition"]
        assert said == 'attachment; filename="kontakt.vcf"'


def test_a_national_number_is_not_marked(shipped: FlaskClient) -> None:
    for place in ("aarhus", "hele-landet", "eksempel"):
        card = read(shipped.get(f"/{place}/kontakt/boernetelefonen.vcf").data)
        assert "opdigtet" not in card.fn.value and card.tel.value == "116111"
        assert card.url.value == "https://bornsvilkar.dk" and "hele døgnet" in card.note.value


@pytest.mark.parametrize(
    "address",
    ["/aarhus/kontakt/modtagelse.vcf", "/aarhus/kontakt/findes-ikke.vcf", "/findes-ikke/kontakt/politi.vcf",
     "/aarhus/kontakt/raadgivende-team.vcf", "/aarhus/kontakt/.vcf", "/aarhus/kontakt/politi.VCF"],
)  # fmt: skip
def test_without_a_number_there_is_no_card(shipped: FlaskClient, address: str) -> None:
    assert shipped.get(address).status_code == 404


def test_every_link_to_a_card_leads_to_one(shipped: FlaskClient) -> None:
    seen = 0
    for page, folder in (("/eksempel/kontakt/", ""), ("/eksempel/vejledning/straks-hjemmet", "../kontakt/")):
        links = [part.split('"')[0] for part in shipped.get(page).text.split('href="')[1:] if ".vcf" in part[:60]]
        for link in links:
            assert link.startswith(folder) and "/" not in link.removeprefix(folder)
            assert read(shipped.get(f"/eksempel/kontakt/{link.removeprefix(folder)}").data).tel.value
            seen += 1
    assert seen >= 8


def test_no_card_of_the_childs_kommune_is_offered(shipped: FlaskClient) -> None:
    """Its address would hold the kommune."""
    assert ".vcf" in shipped.get("/aarhus/kontakt/").text
    assert ".vcf" not in shipped.post("/aarhus/kontakt/", data={"kommune": "odense"}).text


LINE = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" ;,:\\\"'"), min_size=1, max_size=200)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(LINE, LINE, LINE)
def test_whatever_stands_in_it_is_read_as_it_was_written(title: str, owner: str, note: str) -> None:
    """Commas, semicolons, backslashes, colons, Danish letters and emoji, across the fold at 75 bytes."""
    hours = Hours(week={"man": "9-15"}, note="x" + note)
    contact = Contact(title="t" + title, owner="o" + owner, phone="70 20 12 01", hours=hours, help="h",
                      checked=date(2026, 11, 21))  # fmt: skip
    card = read(vcard(contact))
    assert card.fn.value == contact.title and card.n.value.family == contact.title
    assert contact.owner in card.org.value and (hours.note or "") in card.note.value
    assert len(list(card.getChildren())) == 6, "no line of another name has come in"
