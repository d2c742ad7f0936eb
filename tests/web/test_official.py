"""The pages of official figures: found, sourced, beside others, and apart from ours."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import db
from guide.library.library import Library
from guide.statistics import official as shelves
from guide.statistics.official import Figures, Official, take_in
from guide.web import official
from tests.statistics.figures import Marked
from tests.statistics.official_files import CAUSES, FILES, REPORTERS, interface

DAY = date(2026, 11, 20)

SENTENCE = (
    "En underretning er ikke et barn, og et forløb er ingen af delene. Højt kan være godt, lavt kan være dårligt."
)


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, content: Library) -> Official:
    """Made-up figures of all four tables, taken in on DAY; two numbers are not published."""
    engine = db.open_engine(None, tmp_path_factory.mktemp("official"))
    for name, make in FILES.items():
        data = re.sub(r"((?:Viborg|Samsø);Anonym;.*;2022;)\d+", r"\1..", make())
        if "UND1-knap" not in name:
            take_in(engine, data, DAY, content.geography)
    return Official(engine)


@pytest.fixture
def pages(shipped_app: Flask, taken: Official, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setitem(shipped_app.extensions, "guide.official", taken)
    return shipped_app.test_client()


@pytest.fixture
def bare(shipped_app: Flask) -> Iterator[FlaskClient]:
    """Nothing was ever taken in."""
    shipped_app.extensions.pop("guide.official", None)
    yield shipped_app.test_client()
    shipped_app.extensions.pop("guide.official", None)


def text(client: FlaskClient, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.get_data(as_text=True)


def sections(page: str) -> list[str]:
    return re.findall(r'<section class="noegletal".*?</section>', page, re.DOTALL)


@pytest.mark.parametrize("address", ["/statistik/officielle/", "/statistik/officielle/viborg/"])
def test_each_figure_says_what_it_is(pages: FlaskClient, address: str) -> None:
    """Whose it is, how it is counted, what it is not for, two questions or more, its source and its date."""
    found = sections(text(pages, address))
    assert len(found) == (3 if "viborg" in address else 4)
    for section in found:
        assert "Danmarks Statistiks tal, ikke guidens" in section and "Kilde: Danmarks Statistik" in section
        assert "hentet ind 20. november 2026" in section and "Sådan er det talt" in section
        assert "Det må tallet ikke bruges til" in section and SENTENCE in re.sub(r"\s+", " ", section)
        asked = section.split("Spørgsmål til drøftelse")[1].split("Det kan I gøre")[0]
        assert asked.count("<li>") >= 2 and "<table" in section and "<caption>" in section
    assert "§" not in "".join(found), "what Statistics Denmark says of the law is out of date"


def test_a_kommune_stands_beside_its_neighbours_its_landsdel_and_the_country(
    pages: FlaskClient, taken: Official, content: Library
) -> None:
    page, found = text(pages, "/statistik/officielle/viborg/"), taken.now()
    own, land = (official.said(found.rate("und1", 2022, area)) for area in ("viborg", "land"))
    assert f"Viborg Kommune fik {own} underretninger pr. 1.000 børn i 2022. I hele landet var det {land}" in page
    area = content.geography.areas["viborg"]
    for near in area.neighbours:
        assert f'href="/statistik/officielle/{near}/"' in page
    inside = [one.id for one in content.geography.areas.values() if one.landsdel == area.landsdel]
    assert official.number(found.together("und1", 2022, inside)[0]) in page and "Landsdelen Vestjylland" in page
    assert "Firkanten er Viborg." in page and "Vi giver ingen plads" in page and not re.search(r"plads \d", page)
    assert 'href="/statistik/kommune/viborg/"' in page and "1. kvartal 2022" in page
    assert "Landsdelen" not in text(pages, "/statistik/officielle/bornholm/").split("Sådan er det talt")[0]


def test_professions_stand_beside_each_other(pages: FlaskClient, taken: Official) -> None:
    found = taken.now()
    for address, area in (("/statistik/officielle/", "land"), ("/statistik/officielle/viborg/", "viborg")):
        school, day = (official.number(found.number("und1", 2022, area, row)) for row in ("skole", "dagtilbud"))
        page = text(pages, address)
        assert f"{school} underretninger kom fra «Skole» og {day} fra «Dagtilbud» i 2022" in page
        assert all(word in page for word in REPORTERS) and "tilbagemelding" in page
        assert all((f">{word}<" in page) is (area == "land") for word in CAUSES), "why is told of the country only"


def test_a_small_kommune_is_not_divided(pages: FlaskClient, taken: Official) -> None:
    """So few that a part may be one child or one workplace. Planted: with many inhabitants it is."""
    page = text(pages, "/statistik/officielle/laesoe/")
    reports = official.number(taken.now().number("und1", 2022, "laesoe"))
    assert f">{reports} underretninger i Læsø Kommune i 2022. Få børn, så tallet svinger</h2>" in page
    assert "Tallene er ikke delt op for Læsø Kommune. Der er så få, at de kan pege på nogen." in page
    divided = [word for word in (*REPORTERS, *CAUSES) if f">{word}<" in page]
    assert not divided and "underrettere" not in page and "Firkanten" not in page
    assert [word for word in REPORTERS if f">{word}<" in text(pages, "/statistik/officielle/viborg/")] == list(
        REPORTERS
    )


def test_made_up_official_figures_are_nobodys(pages: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pages.application.extensions, "guide.example", Marked(True))
    for address in ("/statistik/officielle/", "/statistik/officielle/viborg/"):
        page = text(pages, address)
        assert page.count("Opdigtede tal i samme form som Danmarks Statistiks UND1") >= 2
        assert "Danmarks Statistiks tal, ikke guidens" not in page and "Kilde: Danmarks Statistik," not in page


def test_what_is_not_published_is_no_zero(pages: FlaskClient) -> None:
    page = text(pages, "/statistik/officielle/viborg/")
    row = re.search(r'<th scope="row">Anonym</th>.*?</tr>', page, re.DOTALL)
    assert row and "ingen data" in row[0] and ">0<" not in row[0]


def test_years_on_both_sides_of_a_break_are_not_compared(
    pages: FlaskClient, taken: Official, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: where nobody tells of the break, the two years are set against each other."""
    newest = official.number(taken.now().number("und1", 2022, "viborg"))
    page = text(pages, "/statistik/officielle/viborg/")
    assert f">{newest} underretninger i 2022</h2>" in page and ">brud<" in page
    assert "brud i serien i 2017 og 2022" in page
    monkeypatch.setattr(official, "BREAKS", ())
    assert "Fra 1.460 underretninger i 2021 til" in text(pages, "/statistik/officielle/viborg/")


def test_without_children_there_is_no_rate(
    shipped_app: Flask, content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = db.open_engine(None, tmp_path)
    take_in(engine, interface(REPORTERS, "UNDERRETTER"), DAY, content.geography)
    monkeypatch.setitem(shipped_app.extensions, "guide.official", Official(engine))
    for address in ("/statistik/officielle/", "/statistik/officielle/viborg/"):
        page = text(shipped_app.test_client(), address)
        assert "Antallet af børn er ikke hentet ind for 2022" in page and "None" not in page
        assert "nan" not in page and 'id="aarsager"' not in page


def test_before_anything_is_taken_in_the_page_says_how(bare: FlaskClient) -> None:
    for address in ("/statistik/officielle/", "/statistik/officielle/viborg/"):
        page = text(bare, address)
        assert "Her er ingen officielle tal endnu." in page and "UND1" in page and "FOLK1A" in page
        assert not sections(page)
        for known in (
            "152.700",
            "85.300",
            'ca. <span class="tal">136.000',
            "dst.dk/nyt/46855",
            "brud i serien i 2017 og 2022",
        ):
            assert known in page


def test_a_place_that_is_no_kommune_of_the_register(pages: FlaskClient) -> None:
    for name in ("nix", "eksempel", "hele-landet", "land", "vestjylland"):
        assert pages.get(f"/statistik/officielle/{name}/").status_code == 404


def test_every_kommune_has_a_page(pages: FlaskClient, content: Library) -> None:
    page = text(pages, "/statistik/officielle/")
    for name in content.geography.areas:
        assert f'href="/statistik/officielle/{name}/"' in page
    for name in ("laesoe", "samsoe", "koebenhavn"):
        assert "None" not in text(pages, f"/statistik/officielle/{name}/")


def tables_of(source: str) -> set[str]:
    """The tables of the database that a file names."""
    named = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    return named & {"counter", "seen", "segment", "release", "figure", "official", "taken", "mark"}


def test_ours_and_theirs_are_never_read_together() -> None:
    read = tables_of(Path(shelves.__file__).read_text("utf-8"))
    assert read == {"official", "taken"}
    assert "counter" in tables_of("select(db.counter)")
    page = Path(official.__file__).read_text("utf-8")
    assert "db." not in page and ".cells" not in page


def test_figures_without_anything() -> None:
    empty = Figures()
    assert (
        empty.years("und1") == [] and empty.rate("und1", 2022, "land") is None and empty.rows("und1", 2022, "x") == {}
    )
