"""What the room of editors does with a file that is saved: read anew, told when it is broken; and what it writes."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from werkzeug.test import Client

from guide.library import force
from guide.live.compose import Composed, compose
from guide.web.preview import Preview
from tests.conftest import HANGS
from tests.web.editing_room import KOMMUNE, REAL_TODAY, ROOM, previewed, text, write


def test_a_saved_file_is_read_and_a_broken_one_keeps_the_last_good(written: Preview, added: Path) -> None:
    editor = Client(written)
    edition = text(editor.get("/redaktion/udgave"))
    assert text(editor.get("/redaktion/udgave")) == edition
    write(added, "flows/tre.yaml", "    why: Søvn siger noget.\n", "")
    written.settle(HANGS)
    section = text(editor.get(ROOM + "alt")).partition('id="sover"')[2].partition("</section>")[0]
    assert "Tilføj «why»" in section
    write(added, "flows/tre.yaml", "Sover barnet?", "Sover barnet nok?")
    written.settle(HANGS)
    assert text(editor.get("/redaktion/udgave")) != edition
    assert "Sover barnet nok?" in text(editor.get(ROOM + "alt"))

    write(added, "flows/tre.yaml", "before: undren", "before: undrn")
    written.settle(HANGS)
    page = text(editor.get("/redaktion/egen/"))
    assert "municipalities/egen/flows/tre.yaml:" in page and "undrn" in page
    assert re.search(r"<mark><span>\d+</span> +before: undrn</mark>", page)
    assert "har fejl" in text(editor.get("/")) and "Sover barnet nok?" in text(editor.get(ROOM + "alt"))

    write(added, "flows/tre.yaml", "before: undrn", "before: undren")
    written.settle(HANGS)
    assert "har fejl" not in text(editor.get("/"))


def test_it_starts_on_broken_files_and_shows_what_is_wrong(added: Path) -> None:
    write(added, "municipality.yaml", "name: Egen Kommune", "navn: Egen: Kommune")
    visitor = Client(previewed(added))
    assert 'href="/redaktion/egen/"' in text(visitor.get("/redaktion/"))
    page = text(visitor.get("/redaktion/egen/"))
    assert "navn: Egen: Kommune</mark>" in page and "Ret dem, så kan du se resten af siden." in page
    assert "ingen egne kontakter" not in page
    for address in (ROOM + page for page in ("kort", "alt", "forskel", "historier")):
        assert "navn: Egen: Kommune</mark>" in text(visitor.get(address)), address
    assert visitor.get("/redaktion/egen/findes-ikke/forskel").status_code == 404
    assert "Jeres egne" not in text(visitor.get("/redaktion/proeve/tre/forskel"))


def test_the_strip_names_the_kommune_whose_files_have_errors(written: Preview, added: Path) -> None:
    editor = Client(written)
    write(added, "flows/tre.yaml", "before: undren", "before: undrn")
    written.settle(HANGS)
    own, other = strip(editor, "/egen/kontakt/"), strip(editor, "/proeve/kontakt/")
    assert "Filerne for Egen Kommune har fejl. Her ser du den sidste udgave uden fejl." in own
    assert "Det rører ikke siderne for Prøve Kommune." in other and "Her ser du den sidste udgave" not in other
    assert "De nyeste filer har fejl" in text(editor.get("/redaktion/egen/"))


def strip(visitor: Client, address: str) -> str:
    """The words of the strip on a page."""
    aside = text(visitor.get(address)).partition("<aside")[2].partition("</aside>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", aside).split()).replace(" .", ".")


def test_pages_are_served_from_before_while_a_saved_file_is_read(
    written: Preview, added: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, reading = threading.Event(), threading.Event()

    def slow(*asked: Any, **named: Any) -> Composed:
        reading.set()
        assert go.wait(HANGS)
        return compose(*asked, **named)

    monkeypatch.setattr("guide.web.preview.compose", slow)
    editor = Client(written)
    edition = text(editor.get("/redaktion/udgave"))
    write(added, "flows/tre.yaml", "Sover barnet?", "Sover barnet nok?")
    page = text(editor.get(ROOM + "alt"))
    assert reading.wait(HANGS)
    assert "Sover barnet?" in page and "bliver læst nu" in page and text(editor.get("/redaktion/udgave")) == edition
    write(added, "flows/tre.yaml", "Sover barnet nok?", "Sover barnet godt?")  # while the one before is being read
    go.set()
    written.settle(HANGS)
    page = text(editor.get(ROOM + "alt"))
    assert "Sover barnet godt?" in page and "bliver læst nu" not in page
    assert text(editor.get("/redaktion/udgave")) != edition


def test_whatever_goes_wrong_in_reading_is_told_and_the_last_good_stays(
    written: Preview, added: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.web.preview.compose", Mock(side_effect=RuntimeError))
    editor = Client(written)
    write(added, "flows/tre.yaml", "Sover barnet?", "Sover barnet nok?")
    written.settle(HANGS)
    assert "Filerne kan ikke læses (RuntimeError)" in text(editor.get("/redaktion/"))
    assert "Sover barnet?" in text(editor.get(ROOM + "alt"))


def test_html_in_a_file_is_shown_as_text(written: Preview, added: Path) -> None:
    editor = Client(written)
    write(added, "flows/tre.yaml", "before: undren", "before: <script>alert(1)</script>")
    written.settle(HANGS)
    page = text(editor.get("/redaktion/egen/"))
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_still_right_writes_the_day_and_nothing_else(editor: Client, added: Path) -> None:
    path = added / "municipalities" / "egen" / "municipality.yaml"
    page = text(editor.get("/redaktion/egen/"))
    file, place = "municipalities/egen/municipality.yaml", "contacts/modtagelse"
    assert f'value="{file}"' in page and f'value="{place}"' in page
    answer = editor.post("/redaktion/egen/stemmer", data={"fil": file, "sted": place})
    assert answer.status_code == 303
    assert path.read_text("utf-8") == KOMMUNE.replace("2026-01-02", str(force.today()))
    assert "Datoen er skrevet i filen." in text(editor.get(answer.headers["Location"]))
    own = {"fil": "municipalities/egen/flows/tre.yaml", "sted": ""}
    assert editor.post("/redaktion/egen/stemmer", data=own).status_code == 303
    assert f"checked: {force.today()}" in (added / own["fil"]).read_text("utf-8")


@pytest.mark.usefixtures("clock")
def test_still_right_writes_the_real_day_whatever_is_pretended(editor: Client, added: Path) -> None:
    editor.post("/redaktion/tid", data={"dag": "2029-12-24", "tid": "15:30"})
    page = text(editor.get("/redaktion/egen/"))
    assert '<span class="sr-only">: Egen modtagelse' not in page and "Vælg «Vis som nu»" in page
    own = {"fil": "municipalities/egen/flows/tre.yaml", "sted": ""}
    assert editor.post("/redaktion/egen/stemmer", data=own).status_code == 303
    assert f"checked: {REAL_TODAY()}" in (added / own["fil"]).read_text("utf-8")


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("municipalities/proeve/municipality.yaml", "contacts/modtagelse"),
        ("../../etc/passwd", ""),
        ("municipalities/egen/municipality.yaml", "contacts/findes-ikke"),
        ("municipalities/egen/municipality.yaml", "names"),
        ("contacts/national.yaml", "contacts/alarm"),
    ],
)
def test_no_other_file_or_place_is_written(visitor: Client, file: str, place: str) -> None:
    assert visitor.post("/redaktion/egen/stemmer", data={"fil": file, "sted": place}).status_code == 404


def test_other_sites_can_neither_post_nor_read(visitor: Client) -> None:
    asked = {"fil": "municipalities/egen/municipality.yaml", "sted": "contacts/modtagelse"}
    answer = visitor.post("/redaktion/egen/stemmer", data=asked, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert visitor.get("/redaktion/", headers={"Host": "evil.example"}).status_code == 400
