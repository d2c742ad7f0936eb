"""What an author most likely meant: only what is certain is proposed, and what is proposed can be used."""

from __future__ import annotations

import pytest

from guide.library import meant
from guide.library.read import build
from guide.library.strict_yaml import Document, Mark
from guide.library.wording import as_id
from guide.model import Contact, Municipality, Offer, Outcome, Overlay, Question


@pytest.mark.parametrize(
    ("kind", "text", "better"),
    [
        ("phone", "+45 12 34 56 78", "12 34 56 78"),
        ("phone", "0045-12345678", "12 34 56 78"),
        ("phone", "(12) 34.56.78", "12 34 56 78"),
        ("phone", "116111", "116 111"),
        ("phone", "1 1 2", "112"),
        ("phone", "12 34 56 7", ""),
        ("phone", "12345678 lok. 9", ""),
        ("phone", "12345678/12345679", ""),
        ("day", "2/3-2027", "2027-03-02"),
        ("day", "2. marts 2027", "2027-03-02"),
        ("day", "2027/3/2", "2027-03-02"),
        ("day", "31-02-2027", ""),
        ("day", "i går", ""),
        ("day", "2-marst 2027", ""),
        ("spans", "kl. 08:30 - 12:00 og 13-15", "8.30-12, 13-15"),
        ("spans", "Lukket", "closed"),
        ("spans", "9–15", "9-15"),
        ("spans", "formiddag", ""),
        ("weekdays", "Mandag til torsdag", "man-tors"),
        ("weekdays", "lør - søn", "loer-soen"),
        ("weekdays", "hverdage", ""),
        ("occasion", "24/12", "24-december"),
        ("occasion", "1. januar", "1-januar"),
        ("occasion", "24/13", ""),
        ("occasion", "juleaften", ""),
        ("occasion", "7/5 2027", "2027-05-07"),
        ("link", "WWW.viborg.dk/x", "https://WWW.viborg.dk/x"),
        ("link", "http://viborg.dk", "https://viborg.dk"),
        ("link", "post@viborg.dk", ""),
        ("link", "ring til os", ""),
    ],
)
def test_what_was_meant(kind: str, text: str, better: str) -> None:
    assert getattr(meant, kind)(text) == better


@pytest.mark.parametrize(("key", "proposed"), [("phone", meant.phone("+4512345678")), ("link", meant.link("www.x.dk"))])
def test_what_is_proposed_can_be_used(key: str, proposed: str) -> None:
    value = {"title": "A", "help": "B", key: proposed}
    assert build(Contact, Document(value, {(): Mark("f", 1, 1)}))[1] == []


def test_hours_that_are_proposed_can_be_used() -> None:
    week = {
        meant.weekdays("mandag-fredag"): meant.spans("08:00-15.30"),
        meant.weekdays("lørdag"): meant.spans("lukket"),
    }
    hours = {"week": week, "exceptions": {meant.occasion("24. december"): "closed"}}
    assert build(Contact, Document({"title": "A", "help": "B", "hours": hours}, {(): Mark("f", 1, 1)}))[1] == []


def test_danish_keys_lead_to_keys_that_are_there() -> None:
    words = (Municipality, Overlay, Contact, Offer, Question, Outcome)
    known = {field.alias or name for word in words for name, field in word.model_fields.items()}
    known |= {"label", "flags", "goto", "week", "holidays", "date", "authority", "profession", "primary"}
    assert set(meant.KEYS.values()) <= known
    assert all(as_id(danish) == danish for danish in meant.KEYS)


@pytest.mark.parametrize("text", ["almindelig", "»citat«", "'x'", 'han sagde "hej"'])
def test_plain_texts_hide_nothing(text: str) -> None:
    assert meant.unseen(text) == ""


@pytest.mark.parametrize("text", ["“x”", "’791’", "87\u00a087", "x\u200b", "soft\u00adhyphen"])
def test_what_word_puts_in_is_told(text: str) -> None:
    assert meant.unseen(text)
