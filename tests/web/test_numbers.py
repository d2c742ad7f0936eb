"""What the shipped pages show of numbers: I13, I14, I25, and that nothing is asked in free text (I17)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from guide.library.library import NOWHERE, Library
from guide.library.readability import words
from guide.library.stated import HASTE, WORDS_BEFORE_CONTACT, before_contact

LINK = re.compile(r'<a [^>]*href="tel:([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


def bare(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def outcomes(content: Library) -> list[tuple[str, str]]:
    return [(flow, step) for flow, playable in content.flows.items() for step in playable.flow.outcomes]


def misdialled(html: str) -> list[tuple[str, str]]:
    """Links to ring where the number that is shown is another than the one that is dialled."""
    found = [(dialled, re.sub(r"\D", "", bare(shown))) for dialled, shown in LINK.findall(html)]
    return [(dialled, shown) for dialled, shown in found if not dialled.isdecimal() or shown not in ("", dialled)]


@pytest.mark.parametrize("place", ["eksempel", NOWHERE])
def test_the_number_that_is_shown_is_dialled(shipped: FlaskClient, content: Library, place: str) -> None:
    seen = 0
    pages = [f"/{place}/kontakt/", *(f"/{place}/vejledning/{step}" for step in {step for _, step in outcomes(content)})]
    for page in pages:
        html = shipped.get(page).text
        assert misdialled(html) == [], page
        seen += len(LINK.findall(html))
    assert seen > 4 * len(pages)
    assert misdialled('<a href="tel:114">112</a>') and misdialled('<a class="x" href="tel:">112</a>')


@pytest.mark.parametrize("place", ["eksempel", NOWHERE])
def test_few_words_stand_before_the_first_number(shipped: FlaskClient, content: Library, place: str) -> None:
    """I25 as the page is laid out: what the check counts is what stands there."""
    for flow, step in outcomes(content):
        outcome = content.flows[flow].flow.outcomes[step]
        if outcome.level not in HASTE:
            continue
        main = shipped.get(f"/{place}/vejledning/{step}?fag={flow}").text.split("<main", 1)[1].partition(">")[2]
        before = words(bare(main.split('href="tel:', 1)[0]))
        counted = words(before_contact(content, outcome, content.contact(place, outcome.contacts[0]), False))
        assert len(before) <= WORDS_BEFORE_CONTACT, step
        assert " ".join(words(outcome.title)) in " ".join(before), step
        assert abs(len(before) - len(counted)) <= 20, (step, before, counted)


def test_112_and_the_way_out_stand_before_the_question(shipped: FlaskClient) -> None:
    """I14, without JavaScript; the pages of a walk and those around it."""
    shipped.post("/eksempel/skole/start")
    for page in ("/", "/eksempel/", "/eksempel/skole/", "/eksempel/skole/1", "/eksempel/kontakt/", "/lov/", "/tegn/"):
        head = shipped.get(page).text.split("<main", 1)[0]
        assert 'href="tel:112"' in head and 'action="/forlad"' in head, page


def test_a_question_takes_no_free_text(shipped: FlaskClient, content: Library) -> None:
    """I17: what a walk sends is chosen, never written."""
    kinds = {"radio", "checkbox", "hidden"}
    shipped.post("/eksempel/tandpleje/start")
    for n, answer in enumerate(("nej", "ingen", "fornemmelse"), 1):
        main = shipped.get(f"/eksempel/tandpleje/{n}").text.split("<main", 1)[1].split("</main>")[0]
        assert {found for found in re.findall(r'<input[^>]* type="(\w+)"', main)} <= kinds and "<textarea" not in main
        step = re.findall(r'name="trin" value="([^"]+)"', main)[0]
        assert answer in content.flows["tandpleje"].flow.questions[step].options
        shipped.post(f"/eksempel/tandpleje/{n}", data={"trin": step, "svar": answer})
