"""/statistik/, /statistik/fag/ and /statistik/spoergsmaal/: the country, the map, and what is told of it alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.library.library import Library
from guide.statistics import keyfigures as key
from guide.statistics import placing, teasing, tile_map
from guide.statistics.chart import number
from guide.statistics.periods import period
from guide.statistics.published import Published
from guide.statistics.tables import ALL, Cell, Key, Status
from guide.statistics.teasing import Way
from guide.web.statistics_country import SIDES
from tests.statistics.figures import shipped_figures, showing
from tests.web.test_statistics import SENTENCE, numbers, text

PAGES = ("/statistik/", "/statistik/fag/", "/statistik/spoergsmaal/")
LAST = period("2025K4")


@pytest.fixture(scope="module")
def reader(shipped_app: Flask) -> Iterator[FlaskClient]:
    with showing(shipped_app, shipped_figures()) as visitor:
        yield visitor


def told(page: str) -> set[str]:
    """The numbers of walks in the cells of tables."""
    words = {one.strip() for one in numbers(page)} - set(key.SYMBOLS.values()) - {""}
    return {one for one in words if not one.endswith("%")}


@pytest.mark.parametrize("of", ["2025", "2025K4", "2024K1"])
@pytest.mark.parametrize("address", PAGES)
def test_published_numbers_only(reader: FlaskClient, address: str, of: str) -> None:
    published = shipped_figures()
    page = text(reader, f"{address}?periode={of}")
    known = {number(cell.n) for cell in published.cells.values() if cell.n is not None}
    if "spoergsmaal" in address:
        asked = teasing.questions(published, period(of).quarters[-1])
        known |= {number(one.count(Way.left) or 0) for one in asked}
        assert page.count('class="tal-tabel tal-fire"') == sum(bool(teasing.most(asked, way)) for way in Way)
    found = told(page)
    assert len(found) > 10 and found <= known
    assert page.count(SENTENCE) >= page.count("Spørgsmål til drøftelse") >= 2
    assert page.count("Det må tallet ikke bruges til") == page.count("Det kan I gøre") >= 2
    assert not re.search(r"underretninger fra|bedst|dårligst", page.replace("dårligt.", ""))


def test_a_leak_that_is_planted_is_seen(shipped_app: Flask) -> None:
    real = shipped_figures()
    at = next(k for k in real.cells if k.table == "topics" and k.period == "2025")
    leaking = Published(real.releases, {**real.cells, at: Cell(at, 3, Status.shown)}, True)
    with showing(shipped_app, leaking) as visitor, pytest.raises(AssertionError):
        test_published_numbers_only(visitor, "/statistik/fag/", "2025")


def squares(page: str) -> dict[str, tuple[str, str]]:
    """(the number in the square, what is read aloud) by kommune."""
    drawn = page.split('<svg class="graf kort"')[1].split("</svg>")[0]
    found = re.findall(r'<a href="/statistik/kommune/([^/"]+)/">(.*?)</a>', drawn)
    assert len(found) == len(re.findall("<a ", drawn))
    word = re.compile(r'class="kort-ord"[^>]*>([^<]*)<')
    return {
        name: (" ".join(word.findall(inside)), re.findall("<title>(.*?)</title>", inside)[0]) for name, inside in found
    }


@pytest.mark.parametrize("of", ["2025", "2025K4"])
def test_the_map_shows_each_kommune_with_its_number_or_none(reader: FlaskClient, content: Library, of: str) -> None:
    geography, published = content.geography, shipped_figures()
    shares = key.shares(published, period(of), geography.areas)
    found = squares(text(reader, f"/statistik/?periode={of}"))
    assert set(found) == set(geography.areas) and 0 < len(shares) < len(found)
    for name, (words, aloud) in found.items():
        shown = re.findall(r"\d+", words)
        assert shown == ([str(shares[name])] if name in shares else [])
        assert aloud.startswith(geography.areas[name].name)
        ends = tuple(f" {shares.get(name)} %, {side}" for side in SIDES.values())
        assert aloud.endswith(ends if name in shares else ("har ikke egne tal", "for få"))


def test_a_kommune_is_over_or_under_the_country_only_when_told_apart(reader: FlaskClient, content: Library) -> None:
    """By the rule of places; most kommuner are about as the country, and a letter or a tint ranks none."""
    page, published = text(reader, "/statistik/?periode=2025"), shipped_figures()
    country, counted = key.raised(key.levels(published, period("2025"), "land")), Counter[str]()
    for name, (_, aloud) in squares(page).items():
        own = key.raised(key.levels(published, period("2025"), name))
        if own and own.percent is not None and country:
            assert aloud.endswith(SIDES[placing.compared(own, country)])
            counted[aloud.rpartition(", ")[2]] += 1
    for side, n in counted.items():
        assert f"{side}: {n} kommune" in page
    assert len(counted) == 3 and page.index("Alle kommuner i en tabel") < page.index('<svg class="graf kort"')
    drawn = text(reader, "/statistik/?periode=2025&kort=forloeb").split('<svg class="graf kort"')[1].split("</svg>")[0]
    assert f'height="{tile_map.EDGE}"' not in drawn and len(set(re.findall(r'<rect[^>]*fill="([^"]+)"', drawn))) == 2


def test_the_map_of_walks(reader: FlaskClient, content: Library) -> None:
    found = squares(text(reader, "/statistik/?periode=2025K4&kort=forloeb"))
    for name in ("viborg", "koebenhavn", "bornholm"):
        cell = key.used(shipped_figures(), LAST, name)
        assert cell and cell.n is not None and found[name][1].endswith(f": {number(cell.n)}")
    assert found["laesoe"][1] == "Læsø: har ikke egne tal"
    assert squares(text(reader, "/statistik/?kort=' or 1=1")) == squares(text(reader, "/statistik/?kort=andel"))


def test_every_kommune_of_the_map_stands_in_the_table_and_the_list(reader: FlaskClient, content: Library) -> None:
    page = text(reader, "/statistik/")
    listed = set(re.findall(r'<option value="([^"]+)">', page.split('name="kommune"')[1].split("</select>")[0]))
    assert listed == set(content.geography.areas)
    table = page.split("Alle kommuner i en tabel")[1].split("</details>")[0]
    rows = set(re.findall(r'<th scope="row"><a href="/statistik/kommune/([^/"]+)/"', table))
    assert rows == {area.id for area in key.named(content.geography)}
    assert set(re.findall(r'href="/statistik/landsdel/([^/"]+)/"', table)) >= set(content.geography.landsdele) - {
        "bornholm"
    }


def test_the_choice_of_a_kommune_leads_to_its_page(reader: FlaskClient) -> None:
    answer = reader.get("/statistik/?kommune=viborg")
    assert answer.status_code == 303 and answer.headers["Location"] == "/statistik/kommune/viborg/"
    for wrong in ("", "findes-ikke", "//evil.example", "land"):
        assert reader.get("/statistik/", query_string={"kommune": wrong}).status_code == 200


def test_what_is_told_of_the_country_alone_stands_on_no_other_page(reader: FlaskClient) -> None:
    """C37: outcomes, parents rules, questions and hours are never told of a kommune or a landsdel."""
    for key_ in shipped_figures().cells:
        assert key_.table not in ("topics", "parents", "quality", "hours") or key_.area == "land"
    for address in ("/statistik/kommune/viborg/", "/statistik/landsdel/fyn/"):
        page = text(reader, address)
        assert not re.search("Forældreregel|Udfald|arbejdstid|«ved ikke»", page)


def test_faggrupper_beside_each_other(reader: FlaskClient, content: Library) -> None:
    page, published = text(reader, "/statistik/fag/?periode=2025K4"), shipped_figures()
    for flow, playable in content.flows.items():
        raised = key.raised(key.levels_of(published, LAST, "land", flow))
        assert raised and raised.percent is not None
        line = page.split(f'<th scope="row">{playable.flow.title}</th>')[1].split("</tr>")[0]
        assert f">{raised.percent} %<" in line
    assert "Størst forskel mellem fag i 4. kvartal 2025: «" in page
    outcome = next(k.column for k in published.cells if k.table == "topics" and k.row == "skole")
    assert f"/hele-landet/vejledning/{outcome}?fag=skole" in page


def test_questions_that_tease(reader: FlaskClient, content: Library) -> None:
    page, published = text(reader, "/statistik/spoergsmaal/?periode=2025"), shipped_figures()
    assert "4. kvartal 2025" in page, "the last quarter of a year"
    tops = teasing.most(teasing.questions(published, LAST), Way.unsure)
    for one in tops:
        assert content.flows[one.flow].flow.questions[one.step].title in page
    assert f"/hele-landet/{tops[0].flow}/" in page
    outside, whole = (published.cell("hours", LAST, "land", ALL, column) for column in ("outside", ALL))
    assert f"{key.share(outside, whole)} % af forløbene i 4. kvartal 2025 begyndte uden for" in page


def test_with_few_walks_no_finding_is_made_up(shipped_app: Flask) -> None:
    real = shipped_figures()
    kept = {k: Cell(k, None, Status.few) for k in real.cells}
    with showing(shipped_app, Published(real.releases, kept)) as visitor:
        pages = [text(visitor, address) for address in PAGES]
    assert all("for få" in page for page in pages) and not any(told(page) for page in pages)
    assert "Ingen spørgsmål har tal nok" in pages[2] and "for få tal i 2025 til at sammenligne" in pages[1]


@pytest.mark.parametrize("address", PAGES)
def test_before_the_first_release(shipped_app: Flask, address: str) -> None:
    with showing(shipped_app, Published()) as visitor:
        page = text(visitor, address)
    assert "Der er endnu ikke offentliggjort nøgletal" in page and not told(page)


def test_a_question_that_was_left_by_few_is_not_told() -> None:
    def at(column: str) -> Key:
        return Key("quality", "2025K4", "land", "skole.alder", column)

    numbers_ = {"shown": 100, "answered": 95, "changed": None, "unsure": 50}
    cells = {at(c): Cell(at(c), n, Status.few if n is None else Status.shown) for c, n in numbers_.items()}
    (one,) = teasing.questions(Published(cells=cells), LAST)
    assert one.count(Way.left) is None and one.share(Way.left) is None, "five less by rounding may be nobody"
    assert one.share(Way.changed) is None and (one.count(Way.unsure), one.share(Way.unsure)) == (50, 53)
    assert teasing.most([one], Way.left) == [] and teasing.most([one], Way.unsure) == [one]


@pytest.mark.parametrize(("shown", "answered", "listed"), [(500, 465, True), (495, 400, False), (5000, 4970, False)])
def test_a_question_stands_out_only_when_many_saw_it_and_left_it(shown: int, answered: int, listed: bool) -> None:
    one = teasing.Question("skole", "alder", shown, answered, None, None)
    assert (teasing.most([one], Way.left) == [one]) is listed


def test_titles_of_the_faggrupper_state_a_finding(reader: FlaskClient) -> None:
    page = text(reader, "/statistik/fag/?periode=2025")
    heads = [re.sub("<[^>]+>", "", head) for head in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
    assert all(re.search(r"\d", head) for head in heads) and len(heads) == 4, heads
    assert page.index(SENTENCE) < page.index('<section class="noegletal"')
