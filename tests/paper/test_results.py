"""The result sheet of a temadag: the numbers of the wall and no others, nothing else of the room, nothing on disk."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from guide import config
from guide.library.library import NOWHERE, Library
from guide.paper import tray, unkept
from guide.paper.results import Asked, Talked, results
from guide.training.votes import Kind
from tests.conftest import NEWEST
from tests.paper.reading import feet, squeezed
from tests.web.gathered import CASE, Phone, Trainer, begun, joined
from tests.web.shown import asked as shown
from tests.web.shown import told, ways

SEED = 20261122
OWN = "Min egen sag handler om pindsvinet Tulle."
GROUPS = ["tre"] * 9 + ["oevrige"] * 5 + ["bord"] * 2
"""So many of each: the tables are too few to stand alone."""

Room = tuple[Trainer, list[Phone]]


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A press that hands on what it was given."""
    monkeypatch.setattr(tray, "COMMAND", ("/bin/cat",))
    monkeypatch.setattr(unkept, "PAUSE", 0.0)


@pytest.fixture
def room(app: Flask) -> Room:
    trainer = begun(app, CASE, own=OWN)
    return trainer, [joined(app, trainer.code, group) for group in GROUPS]


def asked(trainer: Trainer) -> TestResponse:
    return trainer.client.get(f"{trainer.base}resultat.pdf")


def numbers(html: str) -> list[str]:
    """Every number of every chart, in order."""
    return re.findall(r'<span class="soejle-tal">([^<]*)</span>', html)


def walked(room: Room, number: int, chance: random.Random) -> None:
    trainer, phones = room
    trainer.asks()
    for phone in phones:
        phone.walks(chance, number, "tre")


@pytest.mark.usefixtures("handed_on")
def test_the_numbers_are_those_of_the_wall(room: Room) -> None:
    trainer, _ = room
    walked(room, 0, random.Random(SEED))
    assert "Der er ikke vist svar" in asked(trainer).text
    assert trainer.does("luk", 0).status_code == 303
    assert numbers(asked(trainer).text) == [], "closed is not shown"
    assert trainer.does("vis", 0).status_code == 303
    version = trainer.standing()["version"]
    wall = [number for n in (1, 2) for number in numbers(trainer.wall(f"?blad={n}&v={version}"))]
    response = asked(trainer)
    assert response.status_code == 200 and response.mimetype == "application/pdf"
    assert len(wall) > 20 and numbers(response.text) == wall
    assert numbers(response.text.replace("ingen</span>", "1</span>", 1)) != wall, "a planted fault"
    assert "Blandede borde" not in response.text and "Øvrige" in response.text


@pytest.mark.usefixtures("handed_on")
def test_before_and_after_stand_together(room: Room) -> None:
    trainer, phones = room
    for number, choice in enumerate(("bekymring", "underret")):
        trainer.asks("niveau")
        for phone in phones:
            phone.answers(choice, number)
        trainer.reveals(number)
    text = asked(trainer).text
    assert text.count("før og efter snakken") == 1 and "16 svar før, 16 efter" in squeezed_space(text)
    turned = numbers(trainer.wall())
    assert turned and numbers(text)[-len(turned) :] == turned


def squeezed_space(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.usefixtures("handed_on")
def test_nothing_of_the_room_is_on_it_but_what_was_shown(room: Room, app: Flask) -> None:
    trainer, phones = room
    trainer.asks("niveau", case=1)
    for phone in phones[:4]:
        phone.answers("straks")
    trainer.reveals()
    response = asked(trainer)
    assert "Jeres egen sag" in response.text and "Færre end fem har svaret" in response.text
    for secret in ("Tulle", trainer.code, trainer.link.rsplit("/", 1)[1]):
        assert secret not in response.text + response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "no-store"
    version = app.extensions["guide"].library.digest[:12]
    for said in ("Øvelse", "slettet senest", f"Udgave af indholdet: {version}", "Hvem gør hvad på mandag?"):
        assert said in response.text
    assert response.text.count("<td></td>") == 9, "three lines to write on"


def test_where_no_pdf_can_be_made_the_same_is_a_page(
    room: Room, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, phones = room
    trainer.asks("niveau")
    for phone in phones:
        phone.answers("straks")
    wall = numbers(trainer.reveals())
    monkeypatch.setattr(tray, "COMMAND", ("/bin/false",))
    response = asked(trainer)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "600")
    assert wall and numbers(response.text) == wall and "Print siden her i stedet" in response.text
    assert "style=" not in response.text and response.text.count("<h1") == 1
    response = asked(trainer)
    assert response.headers["Retry-After"] == "15", "the press rests"
    monkeypatch.setattr(unkept, "PAUSE", 0.0)
    with tray.alone(settings.data):
        response = asked(trainer)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "15")
    assert f'href="{trainer.base}resultat.pdf"' in response.text and numbers(response.text) == wall
    trainer.does("slut")
    assert asked(trainer).status_code == 404


def test_the_file_is_tagged_and_lies_nowhere(
    room: Room, settings: config.Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trainer, _ = room
    own = tmp_path / "tmp"
    own.mkdir()
    monkeypatch.setenv("TMPDIR", str(own))
    walked(room, 0, random.Random(SEED))
    trainer.reveals()
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    response = asked(trainer)
    assert response.data.startswith(b"%PDF")
    document = pypdfium2.PdfDocument(response.data)
    said = squeezed("".join(page.get_textpage().get_text_range() for page in document))
    assert document.is_tagged() and squeezed("Hvem gør hvad på mandag?") in said and "ØVELSE" in said.upper()
    document.close()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - before == {
        settings.data / "paper" / name for name in ("lock", "handed")
    }
    assert (settings.data / "paper" / "handed").read_bytes() == b""


def test_the_agenda_of_the_follow_up_is_the_programmes(content: Library) -> None:
    made = datetime.combine(NEWEST.replace(month=11, day=30), time(15))
    html = results(content, NOWHERE, [], made, made)
    programme = next(one for one in content.training.values() if one.flow is None)
    assert programme.agenda and f"<li>{programme.agenda[0]}</li>" in html
    assert f"Mød hinanden igen i februar {made.year + 1}" in squeezed_space(html)


CASES = ("skole-en-mor-ringer", "tandpleje-hun-tager-det-tilbage", "dagtilbud-raadgiveren-ved-det-jo")


def walked_twice(app: Flask, *cases: str, together: bool = False) -> str:
    """The sheet of cases that three faggrupper walked before and after the talk, as HTML."""
    library: Library = app.extensions["guide"].library
    votes = [vote for flow, n in (("skole", 9), ("tandpleje", 7), ("dagtilbud", 6)) for vote in ways(library, flow, n)]
    talked = []
    for case in cases:
        session = shown(case, Kind.walk, Kind.walk, together=together)
        first = told(app, replace(session, on=0), votes, votes[::-1])
        asked = Asked("Gå guiden igennem", first, told(app, session, votes, votes[::-1]))
        talked.append(Talked(library.cases[case].title, library.cases[case], (asked,)))
    made = datetime.combine(NEWEST, time(15))
    return results(library, NOWHERE, talked, made, made)


def stranded(html: str, pdf: bytes) -> list[int]:
    """The pages that end with a heading, from 1."""
    parts = re.findall(r"<(?:h[1-4]|caption)\b[^>]*>(.*?)</(?:h[1-4]|caption)>", html, re.DOTALL)
    headings = [squeezed(re.sub(r"<[^>]+>", "", part)) for part in parts]
    lowest = list(enumerate(feet(pdf), start=1))
    return [number for number, foot in lowest if foot and any(heading.endswith(foot) for heading in headings)]


def test_no_page_ends_with_a_heading(
    shipped_app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unkept, "PAUSE", 0.0)
    html = walked_twice(shipped_app, *CASES)
    pdf = unkept.handed(settings.data, html)
    assert isinstance(pdf, bytes) and len(feet(pdf)) > 5 and stranded(html, pdf) == []
    one = walked_twice(shipped_app, CASES[0])
    planted = unkept.handed(settings.data, one.replace("</head>", f"<style>{FAULT}</style></head>"))
    assert isinstance(planted, bytes) and stranded(one, planted) != []


FAULT = ".ark-sag > h3 { break-after: page }"


def test_the_law_is_told_as_on_the_wall(shipped_app: Flask) -> None:
    html = squeezed_space(walked_twice(shipped_app, CASES[2]))
    law = re.search(r'<p class="love">(.*?)</p>', html)
    assert law and law[1].startswith(
        "<strong>Loven bag:</strong> Den skærpede pligt til at underrette (Barnets lov § 133, stk. 1); Barnet kan have "
    )
    first, more = law[1].split("Mere:")
    assert "Ankestyrelsen om underretning Ankestyrelsen" not in law[1]
    assert "venter på en jurist" not in first and "(venter på en jurist)" in more
    assert "Guiden kan forsvare ét niveau her" in html and "spænd, ikke ét svar" not in html
    assert "ring 112 først" not in html
    assert "ring 112 først" in walked_twice(shipped_app, "skole-i-aften")


def groups(html: str) -> set[str]:
    """The groups that stand over the charts, and those whose ways part."""
    return {*re.findall(r'data-gruppe="([^"]*)"', html), *re.findall(r"<li>([^<,]+), spørgsmål \d", html)}


def test_together_no_faggruppe_is_on_it(shipped_app: Flask) -> None:
    apart, together = (walked_twice(shipped_app, *CASES, together=told) for told in (False, True))
    assert groups(together) == {"Hele rummet"} and "Øvrige" not in together
    assert groups(apart) == {"Hele rummet", "Skolen", "Tandplejen", "Dagtilbuddet"}, "a planted fault"
    before = together.split('class="spaendet"')[0]
    titles = [playable.flow.title for playable in shipped_app.extensions["guide"].library.flows.values()]
    assert [title for title in titles if title in before] == [] and "Svarene kan røbe et fag" in together
    assert "Her står kun hele rummet" in together and "Fag med under fem svar" not in together
