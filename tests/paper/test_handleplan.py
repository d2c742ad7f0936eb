"""Page and handleplan say the same: level, parents rule, steps and numbers, for every outcome; and what else is in it.

Every outcome of one flow is compared as it is drawn, one outcome of each level as it stands in the PDF. With
GUIDE_NIGHT every outcome of every flow, in the whole PDF.
"""

from __future__ import annotations

import io
import logging
import os
import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt

from guide.library.library import Library
from guide.library.texts import markdown
from guide.model import Outcome, Parents
from guide.paper.handleplan import handleplan
from guide.paper.press import pressed
from guide.paper.sheet import listed
from tests.conftest import NEWEST
from tests.paper.conftest import KOMMUNE
from tests.paper.reading import dialled, feet, outcomes, pages, squeezed, words

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
READER: MarkdownIt = markdown()


def said(text: str) -> list[str]:
    """An author's text without its marks, squeezed; in pieces, for paper says the number after a contact's name."""
    return [words(piece) for piece in READER.render(text).split("</a>") if words(piece)]


def unlike(library: Library, outcome: Outcome, page: str, paper: str, numbers: str) -> list[str]:
    """What the page of an outcome says and the paper does not: `paper` is the text of the outcome, `numbers` of all."""
    assert library.texts
    level, rule = library.texts.levels[outcome.level], library.texts.parents[outcome.parents]
    told = {"level": level.title, "parents": outcome.headline or rule.title, "title": outcome.title}
    shown = words(page)
    found = [key for key, text in told.items() if squeezed(text) not in paper or squeezed(text) not in shown]
    for n, piece in enumerate(outcome.do, 1):
        found += [] if all(part in paper and part in shown for part in said(piece.text)) else [f"step {n}"]
    found += [number for number in sorted(dialled(main(page))) if number not in numbers]
    assert len(dialled(page)) > 1
    return found


def main(page: str) -> str:
    """A page without its head and foot."""
    return page.split("<main", 1)[1].split("</main>")[0]


def page(shipped: FlaskClient, flow: str, step: str) -> str:
    return shipped.get(f"/{KOMMUNE}/vejledning/{step}?fag={flow}").text


def test_every_outcome_is_as_on_its_page(shipped: FlaskClient, content: Library, plans: dict[str, str]) -> None:
    for name, html in plans.items() if NIGHT else [("skole", plans["skole"])]:
        flow, drawn, numbers = content.flows[name].flow, outcomes(html), words(html)
        assert drawn.keys() == flow.outcomes.keys()
        for step, outcome in flow.outcomes.items():
            own = {contact for contact in outcome.contacts if content.contact(KOMMUNE, contact).phone}
            paper = words(drawn[step])
            assert unlike(content, outcome, page(shipped, name, step), paper, numbers) == [], (name, step)
            for contact in own:  # the numbers that the outcome itself names stand on its own pages too
                assert squeezed(str(content.contact(KOMMUNE, contact).phone)) in paper, (name, step, contact)


def test_a_changed_number_and_a_lost_step_are_caught(
    shipped: FlaskClient, content: Library, plans: dict[str, str]
) -> None:
    html, step = plans["skole"], "straks-hjemmet"
    outcome, shown = content.flows["skole"].flow.outcomes[step], page(shipped, "skole", step)
    changed = html.replace("12 34 56 78", "12 34 56 87")
    assert "12345678" in unlike(content, outcome, shown, words(outcomes(changed)[step]), words(changed))
    lost = words(outcomes(html)[step]).replace(said(outcome.do[2].text)[0], "")
    assert unlike(content, outcome, shown, lost, words(html)) == ["step 3"]
    level = words(outcomes(html)[step]).replace("Talmedkommunennu", "Undren")
    assert unlike(content, outcome, shown, level, words(html)) == ["level"]


# --- the PDF ------------------------------------------------------------------------------------------------------


def few(html: str, steps: set[str]) -> str:
    """A handleplan with its numbers and some of its outcomes alone, so that it is pressed in seconds."""
    before, chapters = html.split('<section class="kapitel">', 1)
    kept = [part for part in chapters.split('<section class="kapitel">') if 'id="kontakter"' in part]
    sections = "".join(f'<section class="udfald">{part}</section>' for s, part in outcomes(html).items() if s in steps)
    return f'{before}<section class="kapitel">{kept[0]}<h2 id="udfald">Udfaldene</h2>{sections}</body></html>'


@pytest.fixture(scope="session")
def printed(content: Library, plans: dict[str, str]) -> dict[str, tuple[bytes, set[str]]]:
    """Flow -> (PDF, the outcomes in it)."""
    if NIGHT:
        return {name: (pressed(html), set(content.flows[name].flow.outcomes)) for name, html in plans.items()}
    flow = content.flows["skole"].flow
    steps = {outcome.level: step for step, outcome in flow.outcomes.items()}
    return {"skole": (pressed(few(plans["skole"], set(steps.values()))), set(steps.values()))}


def placed(pdf: bytes, steps: set[str], titles: dict[str, str]) -> dict[str, str]:
    """The text of each outcome in a PDF, from its bookmark to the next one."""
    document, text = pypdfium2.PdfDocument(pdf), pages(pdf)
    marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    ends = [index for _, index in marks[1:]] + [len(text)]
    found = {squeezed(title): (index, end) for (title, index), end in zip(marks, ends, strict=True)}
    return {step: "".join(text[slice(*found[squeezed(titles[step])])]) for step in steps}


def test_the_pdf_says_what_the_page_says(
    shipped: FlaskClient, content: Library, plans: dict[str, str], printed: dict[str, tuple[bytes, set[str]]]
) -> None:
    for name, (pdf, steps) in printed.items():
        flow = content.flows[name].flow
        headings = {step: re.findall(r"<h3[^>]*>(.*?)</h3>", part)[0] for step, part in outcomes(plans[name]).items()}
        everything, own = "".join(pages(pdf)), placed(pdf, steps, headings)
        for step in steps:
            found = unlike(content, flow.outcomes[step], page(shipped, name, step), own[step], everything)
            assert found == [], (name, step)


def test_nothing_is_lost_or_outside_the_page(printed: dict[str, tuple[bytes, set[str]]]) -> None:
    for pdf, _ in printed.values():
        document = pypdfium2.PdfDocument(pdf)
        for sheet in document:
            width, height = sheet.get_size()
            assert (round(width), round(height)) == (595, 842)
            for thing in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
                left, bottom, right, top = thing.get_bounds()
                assert left > 50 and right < width - 30 and bottom > 15 and top < height - 15


def test_no_heading_stands_alone_at_the_foot(
    printed: dict[str, tuple[bytes, set[str]]], small: tuple[str, bytes, list[str]]
) -> None:
    titles = {squeezed(text) for text in ("Det gør du nu", "Din pligt", "Kontakter", "Loven", "Hvor er barnet imens?")}
    for pdf in (small[1], *(pdf for pdf, _ in printed.values())):
        assert [foot for foot in feet(pdf) if foot in titles] == []


def test_a_heading_alone_at_the_foot_is_caught() -> None:
    """The planted fault, with a list before it, whose marks come last in the text of the page."""
    html = '<html lang="da"><title>x</title><body><ul><li>A<li>B</ul><h3>Kontakter</h3><p style="break-before: page">C'
    assert feet(pressed(html)) == ["Kontakter", "C"]


@pytest.fixture(scope="session")
def small(demo: Library) -> tuple[str, bytes, list[str]]:
    """The whole plan of a demo flow: its HTML, its PDF, and what WeasyPrint warned of."""
    html, stream = handleplan(demo, demo.flows["tre"], "proeve", NEWEST), io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger("weasyprint").addHandler(handler)
    pdf = pressed(html)
    logging.getLogger("weasyprint").removeHandler(handler)
    return html, pdf, stream.getvalue().splitlines()


def test_a_whole_plan_is_pressed_without_a_warning(small: tuple[str, bytes, list[str]]) -> None:
    assert small[2] == []


def test_all_words_of_a_plan_come_through_the_press(small: tuple[str, bytes, list[str]]) -> None:
    text = "".join(pages(small[1]))
    pieces = re.findall(r"<(?:p|li|td|h2|h3|h4)\b[^>]*>([^<]{12,}?)</", small[0].split("<body>")[1])
    assert len(pieces) > 60
    running = {piece for piece in pieces if "EKSEMPEL" in piece or piece.startswith(("Udgave", "Tre spørgsmål ·"))}
    assert [piece for piece in pieces if piece not in running and words(piece) not in text] == []


def test_a_plan_is_tagged_danish_and_has_bookmarks(small: tuple[str, bytes, list[str]]) -> None:
    document = pypdfium2.PdfDocument(small[1])
    language = pypdfium2.raw.FPDFCatalog_GetLanguage
    size = language(document.raw, None, 0)
    held = (pypdfium2.raw.FPDF_WCHAR * size)()
    language(document.raw, held, size)
    assert document.is_tagged() and bytes(held).decode("utf-16-le").strip("\0") == "da"
    assert document.get_metadata_dict()["Title"].startswith("Handleplan ved bekymring for et barn: Tre spørgsmål")
    marks = [mark.get_title() for mark in document.get_toc()]
    assert marks[0] == "Indhold" and any(mark.startswith("1 · ") for mark in marks) and marks[-1] == "Slå op"


def test_every_reference_leads_somewhere(plans: dict[str, str]) -> None:
    for html in plans.values():
        anchors = re.findall(r'id="([\w-]+)"', html)
        assert len(set(anchors)) == len(anchors)
        assert set(re.findall(r'href="#([\w-]+)"', html)) <= set(anchors)
        assert not re.findall(r'(?:src|href)="(?!#|print\.css|handleplan\.css)', html)


def test_rules_that_wait_for_a_jurist_have_no_number(content: Library, plans: dict[str, str]) -> None:
    shown = 0
    for html in plans.values():
        for name, number in re.findall(r'id="lov-([\w-]+)">.*?<p class="lov-nummer">(.*?)</p>', html, re.DOTALL):
            assert (content.law[name].number in number) == (content.law[name].status == "verified"), name
            shown += content.law[name].status == "to-check"
    assert shown > 4


def test_a_kommune_without_numbers_gets_lines_to_write_on(content: Library) -> None:
    html = handleplan(content, content.flows["skole"], "aarhus", NEWEST)
    reception = html.split('id="kontakt-modtagelse"')[1].split("</div>")[0]
    assert "Skriv nummeret:" in reception and "Aarhus Kommune" in html and "opdigtede" not in html


def test_made_up_numbers_say_so_and_old_ones_too(content: Library, plans: dict[str, str]) -> None:
    assert "Navne og numre er opdigtede" in plans["skole"] and "(opdigtet)" in plans["skole"]
    later = NEWEST.replace(year=NEWEST.year + 1)
    assert "ikke efterset i seks måneder" in handleplan(content, content.flows["skole"], "aarhus", later)
    assert "ikke efterset i seks måneder" not in plans["skole"]


@pytest.mark.parametrize("checked", [None, NEWEST])
def test_a_number_that_nobody_ever_tried_is_marked_as_on_the_page(content: Library, checked: date | None) -> None:
    own = content.contacts["modtagelse"].model_copy(update={"phone": "89 40 20 00", "checked": checked})
    aarhus = content.municipalities["aarhus"].model_copy(update={"contacts": {"modtagelse": own}})
    library = replace(content, municipalities=content.municipalities | {"aarhus": aarhus})
    assert listed(library, "aarhus", "modtagelse", NEWEST).old is (checked is None)
    assert not listed(library, "aarhus", "alarm", NEWEST.replace(year=NEWEST.year + 2)).old, "nobody needs to try 112"


def test_reason_and_turns_of_an_outcome_come_before_those_of_the_rule(content: Library) -> None:
    own = {"reason": "Grunden her er en anden.", "turns": "Det skifter kun her."}
    playable = content.flows["skole"]
    outcome = playable.flow.outcomes["straks-hjemmet"].model_copy(update=own)
    flow = playable.flow.model_copy(update={"outcomes": playable.flow.outcomes | {"straks-hjemmet": outcome}})
    part = words(outcomes(handleplan(content, replace(playable, flow=flow), KOMMUNE, NEWEST))["straks-hjemmet"])
    assert all(squeezed(text) in part for text in own.values()) and squeezed("Det, der står her, går forud.") in part


def test_a_letter_has_room_for_what_this_faggruppe_is_asked(content: Library, plans: dict[str, str]) -> None:
    part = plans["skole"].split('id="brev-underretning"')[1].split("</section>")[0]
    blanks = content.letters["underretning"].blanks
    assert blanks["skoledag"].help and squeezed(blanks["skoledag"].help) in words(part)
    assert blanks["mund"].help and squeezed(blanks["mund"].help) not in words(part)
    mine = [blank for blank in blanks.values() if not blank.flows or "skole" in blank.flows]
    assert part.count('class="rum"') == len(mine) and "Gemmer du den her" not in part
    told = blanks["foraeldre-orienteret"].parents
    assert len(told) > 3 and all(said(text)[0] in words(part) for text in told.values())


def test_what_people_say_leads_to_a_question_or_a_sign(content: Library, plans: dict[str, str]) -> None:
    for name, html in plans.items():
        part = html.split('<ul class="ord">')[1].split("</ul>")[0]
        entries = dict(re.findall(r"<li><strong>(.*?):</strong>(.*?)</li>", part, re.DOTALL))
        asked = {"vold", "blåt mærke", "gravid", "anbragt barn, plejefamilie", "skilsmisse og konflikt", "hentning"}
        assert asked <= entries.keys() and all("href=" in links for links in entries.values()), name
        assert 'href="#trin-overgreb"' in entries["vold"] and 'href="#trin-skade"' in entries["blåt mærke"]


def test_a_parents_rule_has_its_own_page_and_its_name_above(small: tuple[str, bytes, list[str]], demo: Library) -> None:
    assert demo.texts
    met = {outcome.parents for outcome in demo.flows["tre"].flow.outcomes.values()}
    titles = [demo.texts.parents[rule].title for rule in Parents if rule in met]
    document, heads = pypdfium2.PdfDocument(small[1]), ""
    for sheet in document:
        width, height = sheet.get_size()
        heads += squeezed(sheet.get_textpage().get_text_bounded(0, height - 45, width, height))
    assert len(titles) > 1 and all(squeezed(f"Forældrene: {title}") in heads for title in titles[1:])


def test_what_must_be_spoken_says_the_number_that_answers_when_it_is_closed(content: Library) -> None:
    playable, step = content.flows["skole"], "underret-foraelder"
    plain = playable.flow.outcomes[step]
    for spoken, told in ((True, "Lukket eller intet svar: ring til"), (False, "Lukket: skriv nu, ring, når der åbner")):
        changed = playable.flow.outcomes | {step: plain.model_copy(update={"spoken": spoken})}
        flow = playable.flow.model_copy(update={"outcomes": changed})
        assert squeezed(told) in words(
            outcomes(handleplan(content, replace(playable, flow=flow), KOMMUNE, NEWEST))[step]
        )
