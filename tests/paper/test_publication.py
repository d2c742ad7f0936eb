"""The publication of key figures: its length, its numbers against what was released, what stays hidden, refusals."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from guide import db
from guide.cli import main
from guide.library.geography import BANDS, Geography
from guide.library.library import Library
from guide.paper import press
from guide.paper.publication import NoPublication, figures, publication, subject
from guide.paper.reported import NOT_PLACED, reported
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.official import Figures, Official, take_in
from guide.statistics.periods import period
from guide.statistics.published import Published
from guide.statistics.tables import Cell, Key, Status
from tests.conftest import NEWEST
from tests.paper.reading import pages, squeezed
from tests.statistics.figures import database, shipped_figures
from tests.statistics.official_files import FILES

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
KINDS = {
    "viborg": "2025Q4",  # most neighbours
    "lemvig": "2025Q3",  # under 20,000
    "laesoe": "2025",  # under 10,000: its landsdel
    "bornholm": "2024Q1",  # its own landsdel, and no year yet
    "koebenhavn": "2024",
    "dragoer": "2025Q2",  # a quarter beside the year before
}
PRESSED = KINDS if NIGHT else {"viborg": "2025Q4"}
"""The longest one, or all of them."""

SENTENCE = "Et forløb er ikke et barn og ikke en underretning. Højt kan være godt, lavt kan være dårligt."


def drawn(
    library: Library, kommune: str, of: str, held: Published | None = None, official: Figures | None = None
) -> str:
    return publication(subject(library, held or shipped_figures(), kommune, period(of)), official)


def cells(html: str) -> list[tuple[Key, str]]:
    """Every number that stands as a published cell, with which one it is."""
    found = re.findall(r'<td[^>]* data-celle="([^"]+)">([^<]*)</td>', html)
    return [(Key(*name.split("/")), unescape(said)) for name, said in found]


def wrong(html: str, held: Published) -> list[tuple[Key, str]]:
    """The numbers that are not what was released."""
    return [(at, said) for at, said in cells(html) if key.symbol(held.cells.get(at)) != said]


@pytest.fixture(scope="module")
def official(content: Library, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Made-up official figures, taken in from files as Statistics Denmark makes them."""
    engine = db.open_engine(None, tmp_path_factory.mktemp("official"))
    for make in FILES.values():
        take_in(engine, make(), NEWEST, content.geography, replace=True)
    return Official(engine).now()


@pytest.mark.parametrize("kommune", PRESSED)
def test_six_to_twelve_pages_with_a_page_for_each_figure(content: Library, official: Figures, kommune: str) -> None:
    html = drawn(content, kommune, PRESSED[kommune], official=official)
    pdf = press.pressed(html)
    document, said = pypdfium2.PdfDocument(pdf), pages(pdf)
    assert document.is_tagged() and 6 <= len(document) <= 12
    about = subject(content, shipped_figures(), kommune, period(PRESSED[kommune]))
    shown = figures(about)
    assert len(said) == len(shown) + 4, "cover, how to read, the figures, the official ones, how they were made"
    for page, figure in zip(said[2:], shown, strict=False):
        assert squeezed(figure.finding) in page and "Noter" in page
        assert all(squeezed(question) in page for question in figure.word.discuss)
    assert squeezed("Opdigtede tal i samme form som Danmarks Statistiks UND1") in said[-2]
    assert all(len(page) > 250 for page in said)
    document.close()


@pytest.mark.parametrize("kommune", KINDS)
def test_every_number_is_the_one_that_was_released(content: Library, kommune: str) -> None:
    held, html = shipped_figures(), drawn(content, kommune, KINDS[kommune])
    assert len(cells(html)) > 90 and wrong(html, held) == []
    of_it = {at.area for at, _ in cells(html)}
    assert of_it <= {*content.geography.areas, *content.geography.landsdele, "land"}
    assert not any(content.geography.areas[area].band == BANDS[0] for area in of_it if area in content.geography.areas)


def test_a_number_that_was_not_released_is_found(content: Library) -> None:
    """Planted: one cell is printed five too high, and one that is hidden is printed."""
    held = shipped_figures()
    html = drawn(content, "viborg", "2025Q4")
    at, said = next((at, said) for at, said in cells(html) if at.table == "level" and at.area == "viborg")
    raised = dict(held.cells) | {at: replace(held.cells[at], n=int(said.replace(".", "")) + 5)}
    assert at in {found for found, _ in wrong(drawn(content, "viborg", "2025Q4", replace(held, cells=raised)), held)}
    hidden = next(at for at, said in cells(html) if said == key.SYMBOLS["few"])
    told = dict(held.cells) | {hidden: Cell(hidden, 7, Status.shown)}
    assert (hidden, "7") in wrong(drawn(content, "viborg", "2025Q4", replace(held, cells=told)), held)


@pytest.mark.parametrize("status", [Status.few, Status.folded])
def test_what_is_hidden_is_nowhere(content: Library, status: Status) -> None:
    """With all cells hidden no table, finding, drawing or placing has a number."""
    held = shipped_figures()
    nothing = {at: Cell(at, None, status) for at in held.cells}
    html = drawn(content, "viborg", "2025Q4", replace(held, cells=nothing))
    assert cells(html) and not [said for _, said in cells(html) if re.search(r"\d", said)]
    body = html.split('data-tal="forloeb"')[1].split('id="metode"')[0]
    assert not re.search(r"\d+ %", body) and "nr. " not in body and '<svg class="graf-h' not in body
    assert not [td for td in re.findall(r"<td[^>]*>([^<]*)</td>", body) if re.search(r"\d", td)]


def test_only_the_hidden_kommune_is_missing(content: Library) -> None:
    """A kommune whose own cells are hidden gets its landsdel's, is told so, and stands nowhere else with a number."""
    held = shipped_figures()
    hidden = {at: Cell(at, None, Status.few) if at.area == "viborg" else cell for at, cell in held.cells.items()}
    html = drawn(content, "viborg", "2025Q4", replace(held, cells=hidden))
    assert {said for at, said in cells(html) if at.area == "viborg"} == {key.SYMBOLS["few"]}
    assert "Tallene er fra landsdelen Vestjylland." in html and "Viborg har for få forløb til en plads." in html


def test_a_small_kommune_has_its_landsdel_and_says_so(content: Library) -> None:
    html = drawn(content, "laesoe", "2025")
    assert "Så små kommuner bliver ikke talt for sig." in html and "landsdelen Nordjylland" in html
    assert "Læsø bliver ikke talt for sig og har ingen placering." in html


@pytest.mark.parametrize("kommune", KINDS)
def test_each_figure_says_what_it_is_and_is_not(content: Library, kommune: str) -> None:
    html = unescape(drawn(content, kommune, KINDS[kommune]))
    sections = html.split('data-tal="')[1:]
    assert len(sections) >= 7
    for section in sections:
        assert SENTENCE.split(".")[0] in section and "Det er talt" in section
        assert "Spørgsmål til drøftelse" in section and "Placering" in section
    assert "underretninger fra" not in html and not re.search(r"\b(bedst|værst|målet er)", html)
    assert html.count("Eksempeldata") >= 2
    assert "Eksempeldata" not in drawn(content, kommune, KINDS[kommune], replace(shipped_figures(), example=False))


@pytest.mark.parametrize("kommune", KINDS)
def test_each_finding_names_its_period(content: Library, kommune: str) -> None:
    about = subject(content, shipped_figures(), kommune, period(KINDS[kommune]))
    for figure in figures(about):
        assert figure.of in figure.finding and figure.of in unescape(publication(about)), figure.id
    assert about.whole.label in about.title and about.title in publication(about).split("<h1>")[1][:200]


def test_a_fourth_quarter_says_that_it_brings_its_year(content: Library) -> None:
    titles = {
        of: subject(content, shipped_figures(), "viborg", period(of)).title for of in ("2025Q4", "2025", "2025Q2")
    }
    assert titles == {"2025Q4": "2025 (udgivet med 4. kvartal)", "2025": "2025", "2025Q2": "2. kvartal 2025"}
    html = drawn(content, "viborg", "2025Q2")
    assert "i Viborg Kommune i hele 2024" in html.split('data-tal="niveau-fag"')[1]
    assert "Kommuner bliver kun placeret efter hele år." in html and not re.search(r"plads \d", html)


@pytest.mark.parametrize("kommune", KINDS)
def test_no_faggruppe_of_a_kommune_is_placed_or_named_in_a_finding(content: Library, kommune: str) -> None:
    """It may be one workplace. Planted: the finding with names, as it stands of a landsdel, is found."""
    about = subject(content, shipped_figures(), kommune, period(KINDS[kommune]))
    titles = [title.lower() for title in about.professions.values()]
    named = [
        title for title in titles if title in key.spread_finding(dict.fromkeys(titles[:1], 1) | {titles[1]: 2}, "")
    ]
    assert named == titles[:2]
    for figure in figures(about):
        if figure.id in ("faggrupper", "niveau-fag"):
            own = figure.finding.count(about.where(about.kommune.id))
            assert not own or not any(title in figure.finding.lower() for title in titles)
            assert "bliver faggrupper ikke placeret" in figure.placing
            assert not any("plads" in value.text for g in figure.grids for line in g.lines for value in line.values)


def test_a_share_that_is_what_is_left_is_marked(content: Library) -> None:
    held = shipped_figures()
    at = Key("level", "2025", "viborg", "alle", "akut")
    for hidden in (Cell(at, None, Status.few), Cell(at, 20, Status.shown)):
        html = drawn(content, "viborg", "2025Q4", replace(held, cells=dict(held.cells) | {at: hidden}))
        row = html.split('data-tal="niveau"')[1].split("<caption>")[2].split('class="egen"')[1].split("</tr>")[0]
        assert (" *" in row) == (hidden.n is None)
        if hidden.n is None:
            assert "* Regnet som resten" in html.split('data-tal="niveau"')[1].split("</section>")[0]


def test_the_share_of_a_question_is_of_the_numbers_beside_it(content: Library) -> None:
    about = subject(content, shipped_figures(), "viborg", period("2025Q4"))
    page = next(one for one in figures(about) if one.id == "spoergsmaal")
    number = lambda value: int(value.text.replace(".", ""))  # noqa: E731
    lines = [(grid.heads[2], line) for grid in page.grids for line in grid.lines]
    assert lines
    for head, line in lines:
        shown, answered, n = map(number, line.values[:3])
        whole = answered if head == "«Ved ikke»" else shown
        assert line.values[3].text == key.per_cent(chart.percent(n, whole))
    flow = page.grids[0].lines[0].name.split(":")[0].lower()
    assert f"({flow})" in page.finding


def test_official_figures_place_nobody_and_divide_no_small_kommune(content: Library, official: Figures) -> None:
    """Chance moves a place from year to year; a part of a small kommune's figures may be one child."""
    for kommune, heads in (("laesoe", ()), ("viborg", ("Viborg",))):
        about = subject(content, shipped_figures(), kommune, period("2025Q4"))
        page = reported(about, official)
        assert page and page.placing == NOT_PLACED and page.drawn and page.legend
        assert page.grids[1].lines and page.grids[1].heads == (*heads, "Landsdelen", "Landet")
        assert all(value.text.endswith(" %") for line in page.grids[1].lines for value in line.values)
        assert ("ikke delt op for Læsø Kommune" in page.notes[0]) is about.small
        assert ("Få børn, så tallet svinger" in page.finding) is about.small


def test_official_figures_stand_apart(content: Library, official: Figures) -> None:
    html = drawn(content, "viborg", "2025Q4", replace(shipped_figures(), example=False), official)
    own, theirs = html.split('data-tal="officielle"')
    assert "Danmarks Statistiks tal, ikke guidens" in theirs and "pr. 1.000" not in own.split('data-tal="forloeb"')[1]
    rate = official.rate("und1", 2022, "viborg")
    assert rate and f"{rate:.1f}".replace(".", ",") in theirs
    assert "2021" not in theirs.split('id="metode"')[0], "years from before a break in the series are not beside it"
    assert not cells(theirs), "no cell of ours"
    assert 'data-tal="officielle"' not in drawn(content, "viborg", "2025Q4", official=Figures())
    made_up = drawn(content, "viborg", "2025Q4", official=official).split('data-tal="officielle"')[1]
    assert "Opdigtede tal i samme form som Danmarks Statistiks UND1" in made_up and "Statistikbanken" not in made_up


@pytest.mark.parametrize(
    ("kommune", "of", "told"),
    [
        ("vibrog", "2025Q4", "Mente du «viborg»?"),
        ("eksempel", "2025Q4", "er et eksempel"),
        ("hele-landet", "2025Q4", "ikke én kommune"),
        ("viborg", "2026Q1", "Der er ingen offentliggjorte nøgletal for 1. kvartal 2026. Der er: 2024K1"),
        ("viborg", "2023", "Der er ingen offentliggjorte nøgletal for 2023."),
    ],
)
def test_what_was_never_published_is_refused(content: Library, kommune: str, of: str, told: str) -> None:
    with pytest.raises(NoPublication, match=re.escape(told)):
        drawn(content, kommune, of)
    with pytest.raises(NoPublication):
        drawn(content, kommune, of, Published())


def run(data: Path, url: str = "", of: str = "2025Q4") -> tuple[Result, Path]:
    made = data / "tal.pdf"
    words = ["noegletal", "--kommune", "viborg", "--period", of, "--output", str(made)]
    return CliRunner().invoke(main, words, env={"GUIDE_DATA": str(data), "GUIDE_DATABASE_URL": url}), made


def test_the_command_makes_a_file(content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database(tmp_path)
    monkeypatch.setattr("guide.cli.content.usable", lambda: content)
    monkeypatch.setattr(press, "pressed", lambda html: b"%PDF " + html[:400].encode())
    result, made = run(tmp_path)
    assert result.exit_code == 0 and result.output.strip() == str(made) and b"Viborg" in made.read_bytes()
    result, made = run(tmp_path, of="2025-4")
    assert result.exit_code == 1 and "er ikke en periode" in result.output


def test_the_command_refuses_in_danish_and_leaves_no_file(
    content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.cli.content.usable", lambda: content)

    def refused(told: str, url: str = "") -> None:
        result, made = run(tmp_path, url)
        assert result.exit_code == 1 and told in result.output and "Traceback" not in result.output
        assert not made.exists() and not list(tmp_path.glob(".*.new"))

    refused("kan ikke læses")
    assert not (tmp_path / "guide.sqlite").exists()
    refused("adressen kan ikke bruges", "mysql://nowhere/x")
    refused("kan ikke læses", "postgresql://127.0.0.1:1/nowhere")
    engine = db.open_engine(None, tmp_path)
    db.prepare(engine)
    refused("Der er ingen offentliggjorte nøgletal endnu")
    with engine.begin() as connection:
        connection.execute(text("drop table mark"))
    refused("Databasen mangler mark. Er det den rigtige database? Intet er ændret.")
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    refused("nyere udgave")
    (tmp_path / "guide.sqlite").write_bytes(b"not a database at all" * 100)
    refused("kan ikke læses")


def test_every_kommune_has_a_publication(content: Library) -> None:
    geography: Geography = content.geography
    tried = list(geography.areas) if NIGHT else list(geography.areas)[::14]
    for kommune in tried:
        assert wrong(drawn(content, kommune, "2025Q4"), shipped_figures()) == []
