"""The poster: one page, whatever the flow and the kommune, with the levels and numbers of the pages."""

from __future__ import annotations

import os
import re
from html import unescape

import pypdfium2
import pytest
from flask.testing import FlaskClient

from guide.library.library import Library
from guide.model import Flow, Level
from guide.paper import press
from guide.paper.chart import Chart
from guide.paper.handleplan import handleplan
from guide.paper.poster import binding, dangers, points, poster, unborn
from tests.conftest import NEWEST
from tests.paper.conftest import KOMMUNE
from tests.paper.reading import dialled, squeezed, words

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
ALL = [
    (flow, kommune)
    for flow in ("dagtilbud", "skole", "sundhedspleje", "tandpleje")
    for kommune in (KOMMUNE, "aarhus", "hele-landet")
]
TRIED = ALL if NIGHT else [("tandpleje", KOMMUNE)]
"""The longest one with numbers, or all of them."""


def drawn(library: Library, flow: str, kommune: str) -> str:
    return poster(library, library.flows[flow], kommune, NEWEST)


def text(pdf: bytes) -> str:
    return squeezed("".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)))


def levels(html: str) -> list[tuple[str, str, str]]:
    """(level, its title, the first number of the row), from top to foot."""
    rows = re.findall(r'<tr data-niveau="(\w+)">(.*?)</tr>', html, re.DOTALL)
    found = []
    for level, row in rows:
        title, ring = re.findall(r'<th scope="row">(.*?)</th>', row)[0], row.split('class="ring"')[1]
        number = re.match(r'><span class="nummer">([\d ]+)<', ring)
        found.append((level, title, number[1].replace(" ", "") if number else ""))
    return found


def told(shipped: FlaskClient, library: Library, flow: str, kommune: str) -> list[tuple[str, str, str]]:
    """The same from the pages: of an outcome of each level, its name and the number its box says to ring."""
    found = []
    for level in reversed(Level):
        outcomes = library.flows[flow].flow.outcomes
        step = next(s for s, o in outcomes.items() if o.level is level and o.contacts[0] in ("modtagelse", "alarm"))
        page = shipped.get(f"/{kommune}/vejledning/{step}?fag={flow}").text
        title = re.findall(r'<p class="niveau"[^>]*>(.*?)</p>', page)[0]
        first = library.contact(kommune, outcomes[step].contacts[0])
        number = (first.phone or "").replace(" ", "")
        assert not number or number in dialled(page.split("<main", 1)[1])
        found.append((level.value, title, number))
    return found


@pytest.mark.parametrize(("flow", "kommune"), TRIED, ids=str)
def test_the_poster_is_one_page_and_says_all_of_it(content: Library, flow: str, kommune: str) -> None:
    html = drawn(content, flow, kommune)
    pdf = press.pressed(html, one_page=True)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1 and document.is_tagged()
    said = text(pdf)
    for piece in re.findall(r"<(?:p|li|td|th|h1|h2)\b[^>]*>([^<]{3,})<", html.split("<body>")[1]):
        assert words(piece) in said, piece
    for thing in document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
        left, bottom, right, top = thing.get_bounds()
        assert left > 27 and right < 595 - 27 and bottom > 15 and top < 842 - 15


@pytest.mark.parametrize(("flow", "kommune"), [("skole", KOMMUNE), ("skole", "aarhus"), ("dagtilbud", KOMMUNE)])
def test_levels_and_numbers_are_those_of_the_pages(
    shipped: FlaskClient, content: Library, flow: str, kommune: str
) -> None:
    assert levels(drawn(content, flow, kommune)) == told(shipped, content, flow, kommune)


def test_a_changed_number_or_level_is_caught(shipped: FlaskClient, content: Library) -> None:
    meant, html = told(shipped, content, "skole", KOMMUNE), drawn(content, "skole", KOMMUNE)
    assert levels(html.replace("12 34 56 78", "12 34 56 87")) != meant
    assert levels(html.replace(">Bekymring<", ">Undren<")) != meant


def test_an_example_says_so_and_a_kommune_without_numbers_shows_none(content: Library) -> None:
    html, own = drawn(content, "skole", "aarhus"), drawn(content, "skole", KOMMUNE)
    assert "EKSEMPEL: Kommunen findes ikke" in own and "EKSEMPEL" not in html
    numbers = {number.replace(" ", "") for number in re.findall(r'class="[^"]*nummer[^"]*">([\d ]+)<', html)}
    assert numbers == {"112", "114"} and "Skriv nummer og åbningstid her" in html
    assert {"12345678", "12345679"} <= {n.replace(" ", "") for n in re.findall(r"\d\d(?: \d\d){3}", own)}


def test_hours_words_and_the_day_stand_there(content: Library) -> None:
    html = drawn(content, "tandpleje", KOMMUNE)
    for said in ("man-tors 9-15", "Jeg ringer med en akut underretning", "Numrene er efterset"):
        assert said in html
    assert content.digest[:12] in html and f"Udskrevet {NEWEST.day}. november {NEWEST.year}" in html
    assert binding(content, "tandpleje", NEWEST) and "§ 133" in binding(content, "tandpleje", NEWEST)[0]


def test_the_parents_fork_begins_with_what_must_not_be_said(content: Library) -> None:
    assert content.texts
    html = drawn(content, "tandpleje", KOMMUNE).split('class="gaffel"')[1]
    places = [html.index(rule.title) for rule in content.texts.parents.values()]
    assert len(places) == 6 and html.index(content.texts.parents["ikke"].title) == min(places)  # type: ignore[index]
    assert html.index("En i hjemmet kan være årsagen, eller du ved det ikke: sig ikke noget") < min(places)


def test_what_points_to_danger_is_in_the_words_of_the_flow(content: Library) -> None:
    found = dangers(content.flows["skole"].flow)
    assert len(found) == 5 and found[0].startswith("Vold eller trusler")


def reached(flow: Flow, wanted: set[str]) -> dict[str, set[Level]]:
    """Option -> the levels that can follow when it is given, for the wanted ones with a flag, by the arrows alone."""
    chart, low = Chart(flow), {step: {outcome.level} for step, outcome in flow.outcomes.items()}
    found: dict[str, set[Level]] = {}
    for asked in reversed(chart.asked):
        arrows = {n: [f for f in asked.forks if n in f.options] for n in asked.question.options}
        for name, forks in arrows.items():
            ways = [asked.straight[name]] if name in asked.straight else [a.goto for f in forks for a in f.arrows]
            levels = set().union(*(low[way] for way in ways))
            if name in wanted and asked.question.options[name].flags:
                found[name] = found.get(name, set()) | levels
            low[asked.step] = low.get(asked.step, set()) | levels
    return found


def test_what_the_wall_calls_danger_leads_to_the_kommune_now(content: Library) -> None:
    for name, playable in content.flows.items():
        said = points(playable.flow)
        assert {"barn-bange", "spaed", "paavirket", "ansat"} <= said.keys(), name
        assert ("utryg" in said) == bool(unborn(playable.flow)) == (name == "sundhedspleje")
        html = unescape(drawn(content, name, KOMMUNE))
        assert all(label in html for key, label in said.items() if key != "ansat") and ": læge nu" in html
        for option, levels in reached(playable.flow, {*said} - {"barn-bange"}).items():
            assert levels <= {Level.straks, Level.akut}, (name, option)


def test_an_option_that_leads_elsewhere_is_caught(content: Library) -> None:
    assert Level.underret in reached(content.flows["dagtilbud"].flow, {"ung"})["ung"]


@pytest.mark.parametrize(("kommune", "officer"), [(KOMMUNE, "12 34 56 79"), ("aarhus", "")])
def test_when_it_is_closed_page_poster_and_plan_say_the_same(content: Library, kommune: str, officer: str) -> None:
    first = f"til døgnvagten {officer}, ellers 114" if officer else "114"
    said = words(drawn(content, "skole", kommune))
    assert squeezed(f"Lukket eller intet svar: ring {first}") in said
    assert squeezed(f"Kan barnet ikke vente: {officer or 114}") in said
    plan = words(handleplan(content, content.flows["skole"], kommune, NEWEST))
    first = first if officer else "til 114"
    assert squeezed(f"Lukket eller intet svar: ring {first} (bed om den sociale vagt)") in plan
    assert squeezed("Lukket: skriv nu, ring, når der åbner. Kan barnet ikke vente:") in plan


def test_a_poster_that_grows_past_its_page_is_told(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SIZES", press.SIZES[-1:])
    long = drawn(content, "skole", "aarhus").replace("Samtykke", "Samtykke " * 900)
    with pytest.raises(press.TooLong, match="én side"):
        press.pressed(long, one_page=True)
