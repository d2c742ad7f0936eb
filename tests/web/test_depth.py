"""What lies folded under a question and stands further down an outcome: meaning, myths, doubt, change, disagreement."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from guide.flows.scenario import play
from guide.library.library import Library
from guide.model import Level

FIRST = ("<h1>", 'class="ring"', 'class="foraeldre"', 'id="skridt"', 'id="igennem"')
"""What stands first on an outcome, in this order (C31)."""

LATER = ('class="find-ud"', 'id="aendrer"', 'class="myte"', 'id="uenig"')
"""What never stands among it."""


def answer(client: FlaskClient, flow: str, *given: tuple[str, str], place: str = "proeve") -> str:
    """The page after these answers."""
    client.post(f"/{place}/{flow}/start")
    for n, (step, option) in enumerate(given, 1):
        assert client.post(f"/{place}/{flow}/{n}", data={"trin": step, "svar": option}).status_code == 303
    return client.get(f"/{place}/{flow}/{len(given) + 1}").text


def misplaced(page: str) -> list[str]:
    """What stands too early on an outcome, or in another order than C31 has it."""
    order = [page.index(mark) for mark in FIRST if mark in page]
    wrong = [] if order == sorted(order) else ["order"]
    return wrong + [mark for mark in LATER if 0 <= page.find(mark) < max(order)]


def test_a_question_stays_one_question(client: FlaskClient) -> None:
    page = answer(client, "tre", ("akut-fare", "nej"))
    button = page.index(">Fortsæt<")
    for folded in ("Hvad mener vi?", "Slået er ramt med vilje.", "Et eksempel", "(opdigtet)", "Hvorfor spørger vi?"):
        assert page.index(folded) > button
    assert "<details><summary>Hvad mener vi?" in page and "<details open" not in page


def test_a_myth_stands_where_it_bites(client: FlaskClient) -> None:
    assert "Myte: Det er en fornemmelse" in answer(client, "tre")
    assert "Myte:" not in answer(client, "tre", ("akut-fare", "nej"))
    assert "Myte: Der skal siges ja" in client.get("/proeve/vejledning/straks?fag=tre").text


def test_doubt_gives_the_one_thing_to_find_out(client: FlaskClient) -> None:
    page = answer(client, "tre", ("akut-fare", "nej"), ("slag", "ved-ikke"))
    box = page[page.index('class="find-ud"') : page.index("</section>", page.index('class="find-ud"'))]
    for said in ("Hvem der så det.", "Din kollega.", "I dag. Ring først.", "aldrig forsinke opkaldet"):
        assert said in box
    assert page.index('class="ring-nummer"') < page.index('class="find-ud"') and misplaced(page) == []
    assert 'class="find-ud"' not in answer(client, "tre", ("akut-fare", "nej"), ("slag", "ja"))
    assert 'class="find-ud"' not in client.get("/proeve/vejledning/straks?fag=tre").text


def test_below_danger_doubt_does_not_wait_either(client: FlaskClient) -> None:
    page = answer(client, "flere", ("akut-fare", "nej"), ("hvad", "ved-ikke"), ("hvem", "ude"))
    assert "vent ikke på svarene" in page and "aldrig forsinke" not in page


def test_what_would_change_it_is_said_once(client: FlaskClient) -> None:
    page = client.get("/proeve/vejledning/bekymring?fag=tre").text
    assert page.count("Hvad ville ændre det?") == 1
    assert page.index("Det løfter bekymringen med det samme:") < page.index("Flere tegn") < page.index("begynd forfra")
    assert "Det løfter bekymringen" not in client.get("/proeve/vejledning/straks?fag=tre").text


def test_every_outcome_has_three_doors_near_its_end(shipped: FlaskClient, content: Library) -> None:
    assert content.texts
    known = content.texts.doors.values()
    calm = [str(escape(door.title)) for door in known]
    urgent = [str(escape(door.urgent_title or door.title)) for door in known]
    assert calm != urgent
    for flow, playable in content.flows.items():
        for step, outcome in playable.flow.outcomes.items():
            page = shipped.get(f"/eksempel/vejledning/{step}?fag={flow}").text
            hastes = outcome.level.rank >= Level.straks.rank
            found = [page.index(door) for door in (urgent if hastes else calm)]
            assert not hastes or "uden barnets navn" not in page[page.index('id="uenig"') :]
            assert len(found) == 3 and found == sorted(found) and found[0] > page.index('id="kontakter"')
            assert misplaced(page) == []
            assert "Det kan du forvente af de andre" in page and "Hvad ville ændre det?" in page
            assert page.count("Myte:") == len(outcome.myths)


def test_what_stands_too_early_is_caught(shipped: FlaskClient) -> None:
    """The planted fault: the doors before the number to ring."""
    page = shipped.get("/eksempel/vejledning/straks-hjemmet?fag=skole").text
    assert misplaced(page.replace("<h1>", '<h1><b id="uenig"></b>', 1)) == ['id="uenig"']


@pytest.mark.parametrize("flow", ["dagtilbud", "skole", "sundhedspleje", "tandpleje"])
def test_every_question_shows_its_depth(shipped: FlaskClient, content: Library, flow: str) -> None:
    """Each question as it is met on some scenario, with everything it says."""
    playable, seen = content.flows[flow], set[str]()
    for scenario in content.scenarios[flow].values():
        if scenario.answers.keys() <= seen:
            continue
        shipped.post(f"/eksempel/{flow}/start")
        for n, step, question, chosen in play(playable.flow, playable.machine, scenario).walk.answered:
            if step not in seen:
                page = shipped.get(f"/eksempel/{flow}/{n}").text
                assert f'data-step="{step}"' in page
                assert page.count("<summary>Hvad mener vi?") == page.count("<summary>Hvorfor spørger vi?") == 1
                assert page.count("Myte:") == len(question.myths)
                seen.add(step)
            shipped.post(f"/eksempel/{flow}/{n}", data={"trin": step, "svar": list(chosen)})
    assert seen == playable.flow.questions.keys()


def test_the_door_to_those_who_answer_for_the_guide(shipped: FlaskClient) -> None:
    page = shipped.get("/eksempel/vejledning/undren?fag=skole").text
    said = r"Sig, at vejledningen er forkert.*?Skriv ikke noget om barnet.*?guiden i Eksempel Kommune"
    assert re.search(said, page, re.DOTALL)
    without = shipped.get("/aeroe/vejledning/undren?fag=skole").text
    assert "så spørg din leder" in without and "ansvaret for guiden i Eksempel" not in without
