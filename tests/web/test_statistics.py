"""/statistik/: a kommune, a landsdel and what is behind the figures; what is shown with none, or with no database."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from guide import db
from guide.library.geography import BANDS, COUNTRY
from guide.library.library import Library
from guide.statistics import keyfigures as key
from guide.statistics import placing
from guide.statistics.chart import number
from guide.statistics.periods import period
from guide.statistics.published import Published, Reader, Release
from guide.statistics.tables import ALL, THRESHOLD, Cell, Key, Status
from guide.web import example, shelf_of
from guide.web.example import Example
from guide.web.figure_pages import MOST, Pages
from tests.conftest import HANGS
from tests.statistics.figures import Marked, shipped_figures, showing, write

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"

SENTENCE = "Et forløb er ikke et barn og ikke en underretning. Højt kan være godt, lavt kan være dårligt."

PLACES = ["koebenhavn", "viborg", "lemvig", "bornholm", "dragoer", "struer", "langeland", "aalborg"]
"""Of each size and kind; every kommune at night."""


@pytest.fixture(scope="module")
def reader(shipped_app: Flask) -> Iterator[FlaskClient]:
    """A visitor of the shipped guide with made-up figures of two years."""
    with showing(shipped_app, shipped_figures()) as visitor:
        yield visitor


def text(client: FlaskClient, address: str, status: int = 200) -> str:
    """The words of a page, each space one."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.text)


def numbers(page: str) -> list[str]:
    """What stands in the cells of tables."""
    return re.findall(r'<td><span class="tal">([^<]*)', page)


@pytest.mark.parametrize("of", ["2025", "2025K4", "2024K1"])
def test_a_page_of_a_kommune_shows_published_numbers_only(reader: FlaskClient, content: Library, of: str) -> None:
    published, sums = shipped_figures(), 0
    known = {number(c.n) for c in published.cells.values() if c.n is not None and c.key.period[:4] <= of[:4]}
    areas = [a.id for a in key.named(content.geography)] if NIGHT else PLACES
    for area in areas:
        page = text(reader, f"/statistik/kommune/{area}/?periode={of}")
        for told in numbers(page):
            if told.strip() and not told.strip().endswith("%") and told not in key.SYMBOLS.values():
                sums += told not in known
        assert page.count(SENTENCE) - 1 == page.count('<section class="noegletal"') >= 2, area
        assert page.index(SENTENCE) < page.index('<dl class="noegletal-kort"'), "before any number"
        assert page.count("Spørgsmål til drøftelse") == page.count("Det må tallet ikke bruges til") >= 2
        assert not re.search(r"underretninger fra|bedste kommune|dårligste", page)
    assert sums <= len(areas), "besides what is published stands only the sum of those alike"


def test_hidden_levels_have_no_number(reader: FlaskClient) -> None:
    """The table of levels, line by line, against what is published."""
    published, hidden = shipped_figures(), 0
    for area in PLACES:
        page = text(reader, f"/statistik/kommune/{area}/?periode=2025K4")
        table = page.split("Forløb efter det niveau, de endte på")[1].split("</table>")[0]
        row = key.levels(published, period("2025K4"), area)
        found = re.findall(r"<tr[^>]*> <th.*?</th> <td><span class=\"tal\">([^<]*)</span>", table)
        assert found == [key.symbol(cell) for cell in (*row.parts.values(), row.total)]
        hidden += found.count("for få")
    assert hidden > len(PLACES), "so that something was at stake"


def test_a_leak_that_is_planted_is_seen(shipped_app: Flask) -> None:
    """The same comparison fails on a page of other figures than the published ones."""
    real = shipped_figures()
    at = Key("level", "2025K4", "struer", ALL, "akut")
    assert real.cells[at].n is None
    leaking = Published(real.releases, {**real.cells, at: Cell(at, 3, Status.shown)}, True)
    with showing(shipped_app, leaking) as visitor, pytest.raises(AssertionError):
        test_hidden_levels_have_no_number(visitor)


def test_a_kommune_is_seen_beside_others(reader: FlaskClient, content: Library) -> None:
    page, geography = text(reader, "/statistik/kommune/viborg/?periode=2025"), content.geography
    beside = page.split("Ved siden af naboer")[1].split("</table>")[0]
    for neighbour in key.neighbours(geography, "viborg"):
        assert f'href="/statistik/kommune/{neighbour.id}/"' in beside
    assert 'href="/statistik/landsdel/vestjylland/"' in beside and 'href="/statistik/"' in beside
    assert "Ved siden af kommuner, der ligner: provinsbykommuner" in page and "Andre i gruppen (" in page
    place = placing.place(shipped_figures(), period("2025"), [a.id for a in key.named(geography)], "viborg")
    assert place and place.first < place.last and f"Viborg: {place.told}" in page and placing.SAID in page
    assert "Kommuner uden en andel er ikke med" in page and "Placering" not in page


def test_a_place_is_of_a_whole_year_and_of_walks_enough(reader: FlaskClient) -> None:
    quarter, few = (text(reader, f"/statistik/kommune/{one}") for one in ("viborg/?periode=2025K4", "dragoer/"))
    assert "Der er kun pladser for hele år" in quarter and "plads 1" not in quarter
    if "af de forløb i Dragør" in few and not re.search(r"Dragør: plads \d+–\d+ af \d+", few):
        assert "For få forløb til en plads: det kræver 200." in few


def test_a_faggruppe_of_a_kommune_is_in_no_headline(reader: FlaskClient, content: Library) -> None:
    """C37: in one kommune it may be one workplace; the landsdel and the country name it."""
    for address, named in (("kommune/aalborg/", False), ("landsdel/fyn/", True)):
        heads = re.findall(r"<h[23][^>]*>(.*?)</h", text(reader, f"/statistik/{address}"))
        found = any(
            p.flow.title.lower() in head.lower() for p in content.flows.values() for head in heads if "fra" in head
        )
        assert found == named, heads


def test_what_is_folded_falls_back_to_the_country_and_says_so(reader: FlaskClient) -> None:
    """Lemvig has 10,000 but not 20,000 inhabitants: no faggruppe of its own, and it is not in its landsdel's."""
    page = text(reader, "/statistik/kommune/lemvig/?periode=2025")
    assert "Forløb efter faggruppe bliver ikke vist for Lemvig Kommune" in page
    assert "Tallene er derfor for Hele landet." in page and "Tallene er derfor for Vestjylland." not in page
    assert "kun talt med i hele landet" in page and "Se landsdelen" not in page
    assert "Tallene er derfor for" not in text(reader, "/statistik/kommune/aalborg/?periode=2025")


def test_a_period_is_chosen_among_those_published(reader: FlaskClient) -> None:
    assert "Hele 2025." in text(reader, "/statistik/kommune/viborg/")
    assert "3. kvartal 2024." in text(reader, "/statistik/kommune/viborg/?periode=2024Q3")
    for wrong in ("2023", "2026K1", "x", "2025K9", "2025' or 1=1", "9" * 500):
        page = text(reader, f"/statistik/kommune/viborg/?periode={wrong}")
        assert "Den periode er ikke offentliggjort" in page and "Hele 2025." in page
        assert "1=1" not in page
    options = re.findall(r'<option value="(\w+)"', text(reader, "/statistik/landsdel/fyn/"))
    assert options[:2] == ["2025", "2024"] and options[2] == "2025K4" and len(options) == 10


def test_landsdele(reader: FlaskClient, content: Library) -> None:
    for landsdel in content.geography.landsdele if NIGHT else ("fyn", "byen-koebenhavn"):
        page = text(reader, f"/statistik/landsdel/{landsdel}/")
        for area in content.geography.within(landsdel):
            assert f'href="/statistik/kommune/{area}/"' in page
    assert "hverken vist her eller talt med i landsdelen, kun i hele landet: Ærø." in text(
        reader, "/statistik/landsdel/fyn/"
    )
    assert 'href="/statistik/kommune/bornholm/"' in text(reader, "/statistik/landsdel/bornholm/")
    text(reader, "/statistik/landsdel/viborg/", 404)


def test_places_without_figures_of_their_own(reader: FlaskClient, content: Library) -> None:
    small = [a for a in content.geography.areas.values() if a.band == BANDS[0]]
    assert {a.id for a in small} == {"laesoe", "fanoe", "samsoe", "aeroe"}
    for area in small:
        page = text(reader, f"/statistik/kommune/{area.id}/")
        assert f"{area.full} har ingen egne nøgletal" in page and not numbers(page)
        assert SENTENCE in page and page.split("Spørgsmål til drøftelse")[1].split("</ul>")[0].count("?</li>") == 2
        assert f'href="/statistik/landsdel/{area.landsdel}/"' in page
    assert "bliver ikke talt med" in text(reader, "/statistik/kommune/eksempel/")
    assert "hele landet" in text(reader, "/statistik/kommune/hele-landet/")
    text(reader, "/statistik/kommune/findes-ikke/", 404)


def test_what_is_behind_the_figures(reader: FlaskClient, content: Library) -> None:
    page = text(reader, "/statistik/om/")
    assert SENTENCE in page and "tidligst 14 dage" in page and "4. kvartal 2025" in page
    for status in Status:
        assert status is Status.shown or status.value in page
    for word in content.figures.values():
        assert word.title in page
    log = Release(period("2025K4"), date(2026, 1, 20), "lederen", "abc", "def", {"rounds": 2, "withheld": ["x", "y"]})
    with showing(reader.application, Published((log,))) as visitor:
        page = text(visitor, "/statistik/om/")
    for told in ("lederen", "abc", "def", "kørt 2 gange. 2 ekstra grupper af tal blev skjult", "20. januar 2026"):
        assert told in page
    counts = {"use": {"vist": 1200, "samlet": 4}, "hours": {}}
    log = Release(period("2025K4"), date(2026, 1, 20), "x", "abc", "def", {"counts": counts, "hidden": 0})
    with showing(reader.application, Published((log,))) as visitor:
        page = text(visitor, "/statistik/om/")
    assert '<th scope="row">Forløb, der er begyndt</th><td>1.200</td><td>0</td><td>4</td></tr>' in page
    assert "withheld" not in page and "{" not in page and "faerre-end-10 " not in page


def test_nothing_is_published_yet(shipped_app: Flask) -> None:
    with showing(shipped_app, Published()) as visitor:
        for address in ("/statistik/kommune/viborg/", "/statistik/landsdel/fyn/", "/statistik/om/"):
            assert "Der er endnu ikke offentliggjort nøgletal." in text(visitor, address)


def test_an_installation_of_one_kommune_publishes_nothing(shipped_app: Flask) -> None:
    with showing(shipped_app, Published()) as visitor, pytest.MonkeyPatch.context() as patch:
        patch.setitem(shipped_app.extensions, "guide", replace(shelf_of(shipped_app), scope="viborg"))
        page = text(visitor, "/statistik/kommune/viborg/")
    assert "hører til én kommune og udgiver ikke selv nøgletal" in page


def test_a_new_database_is_no_fault_and_one_that_is_away_is_told(shipped_app: Flask, tmp_path: Path) -> None:
    """No file, then an empty one, then one that cannot be read: the guide itself answers all the time."""
    with pytest.MonkeyPatch.context() as patch:

        def at(file: Path) -> FlaskClient:
            engine = db.open_reader(f"sqlite:///{file}", tmp_path)
            patch.setitem(shipped_app.extensions, "guide.figures", Reader(engine))
            patch.setitem(shipped_app.extensions, "guide.figures.engine", engine)
            return shipped_app.test_client()

        assert "endnu ikke offentliggjort" in text(at(tmp_path / "none.sqlite"), "/statistik/kommune/viborg/")
        assert not (tmp_path / "none.sqlite").exists(), "looking makes nothing"
        (tmp_path / "empty.sqlite").touch()
        assert "endnu ikke offentliggjort" in text(at(tmp_path / "empty.sqlite"), "/statistik/om/")
        (tmp_path / "broken.sqlite").write_bytes(b"no database" * 100)
        visitor = at(tmp_path / "broken.sqlite")
        for address in ("/statistik/kommune/viborg/", "/statistik/landsdel/fyn/", "/statistik/om/"):
            assert "Databasen med nøgletal svarer ikke" in text(visitor, address, 503)
        assert visitor.get("/").status_code == visitor.get("/eksempel/skole/").status_code == 200


def test_figures_come_from_the_database_and_a_newer_release_is_shown(shipped_app: Flask, tmp_path: Path) -> None:
    real = shipped_figures()
    few = {k: c for k, c in real.cells.items() if k.area in ("viborg", COUNTRY) and k.table in ("use", "level")}
    first = Published(real.releases[:4], {k: c for k, c in few.items() if k.period.startswith("2024")})
    later = Published(real.releases[4:], {k: c for k, c in few.items() if k.period.startswith("2025")})
    engine, clock = db.open_engine(None, tmp_path), [0.0]
    write(first, engine)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(shipped_app.extensions, "guide.figures", Reader(engine, lambda: clock[0]))
        patch.setitem(shipped_app.extensions, "guide.example", Marked(False))
        visitor = shipped_app.test_client()
        assert "Hele 2024." in text(visitor, "/statistik/kommune/viborg/")
        write(later, engine)
        clock[0] += 1_000
        page = text(visitor, "/statistik/kommune/viborg/")
    began = real.cells[Key("use", "2025", "viborg", ALL, "forloeb")].n
    assert "Hele 2025." in page and f"{number(began or 0)} forløb begyndte i Viborg Kommune i 2025" in page
    assert all(cell.n is None or cell.n >= THRESHOLD for cell in real.cells.values())


EVERYWHERE = ("/", "/eksempel/", "/eksempel/skole/", "/lov/", "/findes/ikke/her", "/statistik/om/",
    "/statistik/kommune/laesoe/", "/eksempel/kontakt/")  # fmt: skip


def test_made_up_figures_are_told_on_every_page(shipped_app: Flask) -> None:
    for marked in (True, False):
        with showing(shipped_app, Published(example=marked)) as visitor:
            for address in EVERYWHERE:
                assert ("Eksempeldata." in visitor.get(address).text) == marked, address
                assert 'href="/statistik/"' in visitor.get(address).text
            assert "nøgletal" not in visitor.get("/farvel").text, "who leaves sees nothing of the guide"


@contextmanager
def asked(engine: Engine) -> Iterator[Example]:
    """The mark of a database, asked anew each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(example, "AGAIN", 0.0)
        patch.setattr(example, "MOMENT", HANGS)
        yield Example(engine)


def test_the_mark_is_read_and_kept_when_the_database_is_away(tmp_path: Path) -> None:
    engine = db.open_engine(None, tmp_path)
    with asked(db.open_reader(None, tmp_path)) as mark:
        assert not mark.marked(), "no database"
    write(Published(example=True), engine)
    with asked(db.open_reader(None, tmp_path)) as mark:
        assert mark.marked()
        (tmp_path / "guide.sqlite").rename(tmp_path / "gone")
        for _ in range(3):
            assert mark.marked(), "as last seen"


def test_no_page_waits_for_a_database_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who asks hangs beside the page until it is let go; were the page to wait, this test would never end."""
    let_go = threading.Event()

    class Hanging:
        def connect(self) -> object:
            let_go.wait(HANGS)
            raise db.DatabaseError

    monkeypatch.setattr(example, "AGAIN", 0.0)
    mark = Example(Hanging())  # type: ignore[arg-type]
    assert [mark.marked() for _ in range(5)] == [False] * 5
    assert sum(thread.name == "example" for thread in threading.enumerate()) == 1, "no second one asks meanwhile"
    let_go.set()


def test_pages_need_no_script_and_no_style_of_their_own(reader: FlaskClient) -> None:
    for address in ("/statistik/kommune/viborg/", "/statistik/landsdel/fyn/", "/statistik/om/"):
        page = reader.get(address).text
        assert "<script" not in page and " style=" not in page and "<style" not in page
        assert len(re.findall(r' id="([^"]+)"', page)) == len(set(re.findall(r' id="([^"]+)"', page)))
        assert "Set-Cookie" not in reader.get(address).headers


def test_pages_are_held_until_there_is_a_newer_release_and_never_too_many() -> None:
    pages, made = Pages(), list[str]()
    first, later = Published(), Published()

    def get(name: str, now: Published = first, example: bool = False) -> str:
        def make() -> str:
            made.append(name)
            return f"{name} {len(made)}"

        return pages.get(name, now, example, make)

    assert get("a") == get("a") == "a 1"
    assert get("a", later) == "a 2" and get("a", later, True) == "a 3" and get("a", later, True) == "a 3"
    for n in range(MOST):
        get(f"page {n}", later, True)
    assert get("page 5", later, True) == "page 5 9" and get("a", later, True) == f"a {MOST + 4}"
