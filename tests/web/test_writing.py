"""The writing help as the server sends it: the right fields for each outcome and faggruppe, and nothing to send."""

from __future__ import annotations

import os
import re
import runpy
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.library.letter import Line, lines, sections
from guide.library.library import Library
from guide.model import Letter, Level

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "guide" / "web" / "static" / "writing"
SCRIPT = (STATIC / "writing.js").read_text(encoding="utf-8")


class Form(HTMLParser):
    """What a page holds: rooms to write in, headings, things that could send, and whether they stand in a form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rooms: list[str] = []
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.inside = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside += tag == "form"
        self.links += [given["href"] or ""] if tag == "a" and "href" in given else []
        if "data-felt" in given:
            self.rooms.append(given["data-felt"] or "")
        if tag in ("input", "textarea", "select") and given.get("id") != "skjul":
            self.wrong.append(tag)
        if "name" in given and tag != "meta":
            self.wrong.append(f"name of {tag}")
        if self.inside and tag not in ("form", "button"):
            self.wrong.append(f"{tag} in a form")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "form"


def named(content: Library) -> list[tuple[str, str, str]]:
    """(flow, outcome, letter) of every letter that any outcome names."""
    return [
        (flow, name, letter)
        for flow, playable in content.flows.items()
        for name, outcome in playable.flow.outcomes.items()
        for letter in outcome.letters
    ]


def looked_at(content: Library) -> list[tuple[str, str, str]]:
    """One outcome for each faggruppe, letter and rule about the parents; at night every one."""
    found = named(content)
    by_rule = {(flow, name, content.flows[flow].flow.outcomes[o].parents): (flow, o, name) for flow, o, name in found}
    return found if os.environ.get("GUIDE_NIGHT") == "1" else list(by_rule.values())


def test_each_letter_of_each_outcome_has_its_fields(content: Library, shipped: FlaskClient) -> None:
    seen = set()
    for flow, outcome, name in looked_at(content):
        letter = content.letters[name]
        page = shipped.get(f"/eksempel/skriv/{outcome}/{name}?fag={flow}")
        assert page.status_code == 200
        form = Form(page.text)
        asked = {blank for blank, it in letter.blanks.items() if not it.flows or flow in it.flows}
        assert sorted(form.rooms) == sorted(asked), (flow, outcome, name)
        assert form.wrong == []
        assert "Set-Cookie" not in page.headers
        seen.add((flow, name))
    assert len(named(content)) > 60 and {"underretning", "udeblivelse-1"} <= {name for _, name in seen}


def test_every_outcome_that_names_a_letter_leads_to_it(content: Library, shipped: FlaskClient) -> None:
    for flow, outcome, name in looked_at(content):
        page = shipped.get(f"/eksempel/vejledning/{outcome}?fag={flow}").text
        assert f"/eksempel/skriv/{outcome}/{name}?fag={flow}" in Form(page).links


def test_fields_of_other_faggrupper_are_left_out(content: Library) -> None:
    letter = content.letters["underretning"]
    only = {name: blank.flows for name, blank in letter.blanks.items() if blank.flows}
    assert only, "at least the mouth is for tandplejen"
    for flow in content.flows:
        shown = {name for line in lines(letter, flow) for name in line.blanks}
        assert shown & set(only) == {name for name, flows in only.items() if flow in flows}


def test_the_help_follows_the_rule_about_the_parents(content: Library, shipped: FlaskClient) -> None:
    """Beside each field and at the top: what this rule asks, never what another does."""
    blanks = content.letters["underretning"].blanks.values()
    rules = set()
    for flow, outcome, name in named(content):
        rule = content.flows[flow].flow.outcomes[outcome].parents
        if name != "underretning" or rule in rules:
            continue
        rules.add(rule)
        page = squeezed(shipped.get(f"/eksempel/skriv/{outcome}/{name}?fag={flow}").text)
        for blank in blanks:
            for other, text in blank.parents.items():
                if (not blank.flows or flow in blank.flows) and text not in (blank.parents.get(rule), blank.help):
                    assert squeezed(plain(text)) not in page, (rule, other)
                elif not blank.flows and other == rule:
                    assert squeezed(plain(text)) in page, rule
    assert len(rules) >= 4


def plain(text: str) -> str:
    """The first words of a text, before anything that Markdown changes."""
    return re.split(r"[*\[\]&<>\"»«]", text)[0][:60]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_where_it_is_sent(content: Library, shipped: FlaskClient) -> None:
    """The kommune's own form when it is known, else where to find it; a letter to parents names no kommune's desk."""
    to = {
        letter.to: (flow, outcome, name) for flow, outcome, name in named(content) for letter in [content.letters[name]]
    }
    flow, outcome, name = to["kommune"]
    assert "Den sendes hertil" in shipped.get(f"/eksempel/skriv/{outcome}/{name}?fag={flow}").text
    assert "Den sendes hertil" in shipped.get(f"/hele-landet/skriv/{outcome}/{name}?fag={flow}").text
    flow, outcome, name = to["foraeldre"]
    assert "Den sendes hertil" not in shipped.get(f"/eksempel/skriv/{outcome}/{name}?fag={flow}").text


def test_a_form_of_the_kommune_is_a_link(
    shipped_app: Flask, shipped: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    library: Library = shipped_app.extensions["guide"].library
    form = "https://selvbetjening.example/underretning"
    known = library.contact
    monkeypatch.setattr(library, "contact", lambda *to: known(*to).model_copy(update={"form": form}))
    assert form in Form(shipped.get("/eksempel/skriv/straks-hjemmet/underretning").text).links


def test_what_haste_says_stands_first(shipped: FlaskClient) -> None:
    assert "Ring først." in shipped.get("/eksempel/skriv/straks-hjemmet/underretning").text


@pytest.mark.parametrize(
    "address",
    [
        "/eksempel/skriv/straks-hjemmet/udeblivelse-1",
        "/eksempel/skriv/straks-hjemmet/findes-ikke",
        "/eksempel/skriv/findes-ikke/underretning",
        "/findes-ikke/skriv/straks-hjemmet/underretning",
    ],
)
def test_what_no_outcome_names_is_not_there(shipped: FlaskClient, address: str) -> None:
    assert shipped.get(address).status_code == 404


def test_an_unknown_faggruppe_gets_the_first(shipped: FlaskClient) -> None:
    assert shipped.get("/eksempel/skriv/straks-hjemmet/underretning?fag=findes-ikke").status_code == 200


LETTER = """\
UNDERRETNING

Dato: {{dato}}

DEL 1. DET VIGTIGSTE

1. Barnet
{{barnet}}

2. Mund
{{mund}}

3. Ellers
Mund: {{mund}}
Kære {{barnet}}, vi ses {{dato}}.
"""


def made(text: str = LETTER) -> Letter:
    blanks = {"dato": "Dato", "barnet": "Barnet", "mund": {"label": "Mund", "flows": ["tandpleje"]}}
    return Letter.model_validate(
        {"title": "x", "to": "kommune", "help": "x", "blanks": blanks, "source": "x", "text": text}
    )


def kinds(found: tuple[Line, ...]) -> list[str]:
    return [line.kind for line in found if line.text]


def test_the_lines_of_a_letter() -> None:
    found = lines(made(), "tandpleje")
    assert kinds(found) == ["titel", "linje", "del", *["overskrift", "linje"] * 3, "linje"]
    assert [piece.kind for piece in found[2].pieces] == ["led", "felt"]
    assert [piece.kind for piece in found[-1].pieces] == ["ord", "felt", "ord", "felt", "ord"]


def test_a_heading_with_nothing_under_it_goes_with_its_fields() -> None:
    found = lines(made(), "skole")
    assert "2. Mund" not in [line.text for line in found] and "3. Ellers" in [line.text for line in found]
    assert [(s.part, s.heading, s.blanks) for s in sections(found)] == [
        (None, None, ("dato",)),
        ("Del 1. Det vigtigste", "1. Barnet", ("barnet",)),
    ]
    assert sections(lines(made(), "tandpleje"))[2].blanks == ("mund",)


def test_every_blank_that_is_asked_has_a_place_in_the_form(content: Library) -> None:
    for letter in content.letters.values():
        for flow in content.flows:
            found = lines(letter, flow)
            asked = {name for name, blank in letter.blanks.items() if not blank.flows or flow in blank.flows}
            assert {name for section in sections(found) for name in section.blanks} == asked


def test_the_words_that_are_marked_are_on_the_page(content: Library, shipped: FlaskClient) -> None:
    page = shipped.get("/eksempel/skriv/straks-hjemmet/underretning").text
    assert page.count("data-ord=") == len(content.judgements)


KEEPING = re.compile(
    r"localStorage|sessionStorage|indexedDB|caches|cookie|XMLHttpRequest|sendBeacon|WebSocket|EventSource|Worker|"
    r"BroadcastChannel|postMessage|history|location|innerHTML|import|eval|document\.title|window\.name"
)
"""What a script could keep or send a word with; and what could make a text into a page."""


def test_the_script_cannot_keep_or_send() -> None:
    code = re.sub(r"(?s:/\*.*?\*/)|//.*", "", SCRIPT)
    assert KEEPING.findall(code) == []
    assert code.count("fetch(") == 1 and "fetch(page.dataset.skabelon)" in code
    assert KEEPING.findall("localStorage.x = field.value; navigator.sendBeacon('/x')") == ["localStorage", "sendBeacon"]


def test_the_template_is_what_its_tool_makes() -> None:
    """Run tools/make_template.py after a change there. Danish, A4, every style that the script names, no traces."""
    file = STATIC / "template.docx"
    assert file.read_bytes() == runpy.run_path(str(ROOT / "tools" / "make_template.py"))["template"]()
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for text in parts.values():
        ElementTree.fromstring(text)
    used = re.findall(r'(?:titel|del|overskrift|linje): "(\w+)"', SCRIPT)
    assert len(used) == 4 and all(f'w:styleId="{style}"' in parts["word/styles.xml"] for style in used)
    assert 'w:val="da-DK"' in parts["word/styles.xml"] and 'w:w="11906" w:h="16838"' in parts["word/document.xml"]
    assert parts["word/document.xml"].count("<!--brev-->") == 1
    assert not [name for name in parts if "docProps" in name]


def test_levels_from_bekymring_up_can_write_a_report(content: Library, shipped: FlaskClient) -> None:
    """Where the outcome names it, the page says the level; the list of outcomes is held by the checks."""
    levels = set()
    for flow, outcome, name in named(content):
        level = content.flows[flow].flow.outcomes[outcome].level
        if name == "underretning" and level not in levels:
            levels.add(level)
            page = shipped.get(f"/eksempel/skriv/{outcome}/{name}?fag={flow}").text
            assert f'data-niveau="{level}"' in page
    assert levels >= {Level.underret, Level.straks, Level.akut}
