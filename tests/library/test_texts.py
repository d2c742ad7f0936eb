"""What stands in the texts: every text of every file is looked at, and no form of a link gets by."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler

from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.texts import FORBIDDEN, STEMS, fold, links, markdown, plain, texts, wording, wrong_words
from guide.model import Flow, Letter, Scenario
from tests.conftest import DEMO

KNOWN = ["modtagelse"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](kontakt:nej)",
        "[x]( kontakt:nej)",
        "[x](\nkontakt:nej)",
        "[x](<kontakt:nej>)",
        "[x](kontakt:nej 'titel')",
        "[x][a]\n\n[a]: kontakt:nej",
        "[a]\n\n[a]: <kontakt:nej>",
        "<kontakt:nej>",
        "[x](kontakt&colon;nej)",
        "[x](kontakt\\:nej)",
        "![x](kontakt:nej)",
        "> - **[x](kontakt:nej)**",
        "| a |\n|---|\n| [x](kontakt:nej) |",
        "a\n\n    [x](kontakt:nej)",
    ],
)
def test_every_form_of_a_link(text: str) -> None:
    assert "kontakt:nej" in links(text)
    (told,) = wrong_words(text, [], KNOWN)
    assert told == "Henvisningen «kontakt:nej» findes ikke."


@pytest.mark.parametrize("text", ["`[x](kontakt:nej)`", "\\[x](kontakt:nej)", "kontakt:nej", "[x] (kontakt:nej)"])
def test_what_is_no_link(text: str) -> None:
    assert list(wrong_words(text, [], KNOWN)) == []


@pytest.mark.parametrize(
    "link", ["http://dr.dk", "mailto:a@b.dk", "tel:112", "KONTAKT:modtagelse", "//dr.dk", "om", "", "kontakter:x"]
)
def test_links_that_the_pages_would_not_follow(link: str) -> None:
    (told,) = wrong_words(f"[x]({link})", [], KNOWN)
    assert "kan ikke bruges. Det skal begynde med https://, lov: eller kontakt:." in told


@pytest.mark.parametrize("link", ["https://dr.dk", "kontakt:modtagelse", "lov:pligt", "/om/", "#top"])
def test_links_that_are_followed(link: str) -> None:
    assert list(wrong_words(f"[x]({link})", ["pligt"], KNOWN)) == []


def test_a_near_name_is_suggested() -> None:
    (told,) = wrong_words("[x]( kontakt:modtagelsen)", [], KNOWN)
    assert told.endswith("Mente du «modtagelse»?")


@pytest.mark.parametrize(
    "text",
    [
        "Du skal ikke underrette.",
        "Du skal **ikke** underrette.",
        "Du skal ikke\nunderrette.",
        "Du SKAL_ikke_ underrette".replace("_", " "),
        "Du skal ikke&nbsp;underrette.",
        "Du skal ik\u00adke under\u200brette.",
    ],
)
def test_forbidden_words_however_they_are_set(text: str) -> None:
    (told,) = wrong_words(text, [], [])
    assert "siger aldrig" in told


@pytest.mark.parametrize("text", ["Efter § 133.", "Efter &sect; 133.", "Efter &#167; 133."])
def test_no_paragraph_by_hand(text: str) -> None:
    assert [told[:31] for told in wrong_words(text, [], [])] == ["Skriv ikke paragraffer i hånden"]
    assert list(wrong_words(text, [], [], numbers=True)) == []


def test_plain() -> None:
    assert plain("Du **skal**\n\n `nu`  &amp; her") == "Du skal nu & her"


def test_the_texts_of_a_word() -> None:
    scenario = Scenario.model_validate({"title": "Titel", "answers": {"a": "b"}, "ends": "c", "law": ["d"]})
    assert list(texts(scenario)) == [(("title",), "Titel")]
    written = {"title": "T", "to": "kommune", "help": "H", "blanks": {"navn": "Felt"}, "source": "K", "text": "B"}
    letter = Letter.model_validate(written)
    assert dict(texts(letter)) == {
        ("title",): "T", ("help",): "H", ("blanks", "navn", "label"): "Felt", ("source",): "K", ("text",): "B",
    }  # fmt: skip


def test_all_texts_of_a_flow(demo: Library) -> None:
    """Every string in a flow is a text, or it is an id, a level, a rule or a date."""
    flow = demo.flows["tre"].flow
    found = {place for place, _ in texts(flow)}
    assert {
        ("audience",),
        ("source",),
        ("outcomes", "straks", "do", 1, "text"),
        ("outcomes", "undren", "raises", 0),
    } <= found
    keys = {place[-1] if isinstance(place[-1], str) else place[-2] for place in found}
    assert keys >= {"title", "help", "label", "say", "again", "text", "raises"}
    assert not keys & {"goto", "when", "level", "parents", "start", "contacts", "law", "letters", "signs", "kind"}


def test_each_text_field_of_an_outcome_and_question_is_looked_at(demo: Library) -> None:
    data = demo.flows["tre"].flow.model_dump(by_alias=True)
    for key in ("say", "headline", "tell", "phrase", "until", "again", "guidance", "expect", "local", "source"):
        data["outcomes"]["straks"][key] = "x"
    data["outcomes"]["straks"]["duty"] = ["x"]
    for key in ("help", "why", "local"):
        data["questions"]["slag"][key] = "x"
    data["questions"]["slag"]["options"]["ja"]["help"] = "x"
    assert len([1 for _, text in texts(Flow.model_validate(data)) if text == "x"]) == 15


AVOIDED = (
    "Du skal ikke underrette.",
    "Så behøver du ikke underrette.",
    "Ring anonymt.",
    "Han er gerningsmand.",
    "Skriv et bekymringsbrev.",
    "Sagen er afsluttet.",
    "En mistænkt forælder.",
    "Anmeld det til kommunen.",
    "Det er ikke bevis nok.",
    "Barnet er et offer.",
    "En tung familie.",
    "Et gult barn.",
    "De røde børn.",
    "En ressourcesvag mor.",
    "Det er bare en fornemmelse.",
    "Det kræver forældrenes samtykke.",
    "Du behøver ikke at underrette.",
    "Underret ikke uden samtykke.",
    "Du må ikke underrette, før du har talt med forældrene.",
    "Så er du anonym.",
    "Du har ikke pligt til at underrette.",
)
"""One sentence for each word that is never said."""


@pytest.mark.parametrize("text", AVOIDED)
def test_what_is_never_said(text: str) -> None:
    assert list(wrong_words(text, (), ()))


def test_a_text_is_passed_over_only_when_no_pattern_can_hit() -> None:
    """Every hit has its stem in it, and no letter that is equal when case is ignored folds to another."""
    for stem, pattern in zip(STEMS, FORBIDDEN, strict=True):
        hits = [hit.group() for text in AVOIDED if (hit := re.search(pattern, text, re.IGNORECASE))]
        assert hits and all(stem in fold(hit) for hit in hits)
    letters = {letter for stem in STEMS for letter in stem}
    alphabet = "".join(map(chr, (*range(0xD800), *range(0xE000, sys.maxunicode))))
    for letter in letters:
        assert {fold(other) for other in re.findall(re.escape(letter), alphabet, re.IGNORECASE)} == {letter}


def test_every_forbidden_word_has_a_sentence_that_it_catches() -> None:
    assert [word for word in FORBIDDEN if not any(re.search(word, text, re.IGNORECASE) for text in AVOIDED)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Den unge kan anmelde det til politiet.",
        "Barnet er i gul position.",
        "Tal om det offentlige.",
        "Barnet er bevidst om det.",
        "Samtykke er ikke en betingelse.",
        "Det kræver ikke samtykke at underrette.",
        "Du må ikke underrette anonymt.",
        "Ingen kan love, at nogen er anonym.",
        "En familie, der har det tungt.",
        "Lad barnet beholde tøjet på.",
    ],
)
def test_words_that_only_look_like_them(text: str) -> None:
    assert list(wrong_words(text, (), ())) == []


def test_words_that_the_writing_help_marks_may_be_listed(tmp_path: Path) -> None:
    """Only in the list itself: what to write instead is read by users, and keeps the rules."""
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    register = copy / "registers/judgements.yaml"
    text = register.read_text("utf-8")
    assert "[virker]" in text and "instead: Skriv, hvad du så." in text
    register.write_text(text.replace("[virker]", "[ressourcesvag, offer, bevis]"), "utf-8")
    assert list(wording(load(copy)[0])) == []
    register.write_text(text.replace("instead: Skriv", "instead: Skriv bevis. Skriv"), "utf-8")
    (told,) = wording(load(copy)[0])
    assert "«bevis»" in told.message and told.line == 5


BROKEN = "Ring anonymt."
PLACES = {
    "law title": ("law/proevelov.yaml", "title: Pligten", f"title: {BROKEN}", 6),
    "law text": ("law/proevelov.yaml", "text: Man skal sige det.", f"text: {BROKEN}", 7),
    "law confirm": ("law/proevelov.yaml", "confirm: Om paragraffen findes.", f"confirm: {BROKEN}", 22),
    "act": ("law/proevelov.yaml", "title: Prøveloven", f"title: {BROKEN}", 1),
    "contact title": ("contacts/national.yaml", "title: Politi,", f"title: {BROKEN},", 3),
    "contact help": ("contacts/national.yaml", "help: Ellers.", f"help: {BROKEN}", 3),
    "contact say": ("contacts/national.yaml", "help: Ellers.,", f"help: Ellers., say: {BROKEN},", 3),
    "kommune contact": ("municipalities/proeve/municipality.yaml", "help: Ring her.", f"help: {BROKEN}", 5),
    "kommune contact say": ("municipalities/proeve/municipality.yaml", "help: Ring", f"say: {BROKEN}, help: Ring", 5),
    "sign": ("signs/proeve.yaml", "title: Stille", f"title: {BROKEN}", 4),
    "sign help": ("signs/proeve.yaml", "{title: Stille", f"{{help: {BROKEN}, title: Stille", 4),
    "letter": ("letters/proeve.md", "Kære", f"{BROKEN} Kære", 9),
    "letter blank": ("letters/proeve.md", "navn: Navn", f"navn: {BROKEN}", 7),
    "page": ("pages/om.md", "Tekst.", BROKEN, 4),
    "page title": ("pages/om.md", "title: Side om", f"title: {BROKEN}", 2),
    "level": ("registers/texts.yaml", "note: Skriv ned.", f"note: {BROKEN}", 2),
    "parents": ("registers/texts.yaml", "title: Forældre foerst", f"title: {BROKEN}", 8),
    "profession": ("registers/professions.yaml", "title: Andet", f"title: {BROKEN}", 2),
    "audience": ("flows/tre/flow.yaml", "audience: Dem, der tester", f"audience: {BROKEN}", 2),
    "source": ("flows/tre/flow.yaml", "source: Opdigtet til test.", f"source: {BROKEN}", 5),
    "outcome": ("flows/tre/outcomes.yaml", "say: Jeg ringer med en underretning.", f"say: {BROKEN}", 7),
    "shared": ("flows/shared/akut.yaml", "title: Er der fare nu?", f"title: {BROKEN}", 5),
    "scenario": ("flows/tre/scenarios.yaml", "title: Fare,", f"title: {BROKEN},", 1),
}  # fmt: skip


def broken(tmp_path: Path, file: str, before: str, after: str) -> list[str]:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    library, findings = load(folder)
    return [str(f) for f in [*findings, *check(library)] if not f.warning]


@pytest.mark.parametrize("name", PLACES)
def test_every_file_is_looked_at_and_told_with_its_line(tmp_path: Path, name: str) -> None:
    file, before, after, line = PLACES[name]
    found = broken(tmp_path, file, before, after)
    assert len(found) == 1 and "drøft uden barnets navn" in found[0], found
    assert re.match(rf"{re.escape(file)}:{line}:\d+: ", found[0])


def test_a_shared_file_that_no_flow_uses(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    (folder / "flows/shared/ubrugt.yaml").write_text(
        f"title: X\nquestions:\n  ubrugt:\n    title: {BROKEN}\n    options: {{a: {{label: A}}, b: {{label: B}}}}\n"
    )
    library, findings = load(folder)
    assert any("flows/shared/ubrugt.yaml:4:" in str(f) for f in [*findings, *check(library)])


LAW = "law/proevelov.yaml"


@pytest.mark.parametrize(
    ("before", "after", "ok"),
    [
        ("title: Pligten", "title: Pligten i § 1", False),
        ("text: Man skal sige det.", "text: Efter § 1.", False),
        ("confirm: Om paragraffen findes.", "confirm: Om § 2 findes.", False),
        ("edition: Opdigtet lov til test", "edition: Efter § 9", False),
        ("source: Opdigtet til test.\n    status: verified", "source: Set i § 1.\n    status: verified", True),
        ("source: Opdigtet til test.\n    status: to-check", "source: Set i § 2.\n    status: to-check", False),
    ],
)
def test_where_a_paragraph_may_stand_in_the_law(tmp_path: Path, before: str, after: str, ok: bool) -> None:
    found = broken(tmp_path, LAW, before, after)
    assert (found == []) is ok, found


@pytest.mark.parametrize(
    ("file", "before", "ok"),
    [
        ("municipalities/proeve/municipality.yaml", "help: Ring her.", True),
        ("contacts/national.yaml", "help: Ellers.", False),
        ("pages/om.md", "Tekst.", False),
    ],
)
def test_only_a_kommunes_own_text_may_name_its_own_contact(tmp_path: Path, file: str, before: str, ok: bool) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "own"))
    path = folder / "municipalities/proeve/municipality.yaml"
    path.write_text(
        path.read_text("utf-8") + "  vores-team: {title: Teamet, help: Ring., phone: 88 12 34 57}\n", encoding="utf-8"
    )
    path = folder / file
    quoted = before if file.endswith(".md") else f"{before.split()[0]} '"
    after = "[x](kontakt:vores-team)" if file.endswith(".md") else f"{quoted}[x](kontakt:vores-team)'"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), encoding="utf-8")
    library, findings = load(folder)
    found = [str(f) for f in [*findings, *check(library)] if not f.warning]
    assert (found == []) is ok, found
    assert ok or "Henvisningen «kontakt:vores-team» findes ikke." in found[0]


def put_together_late(reader: MarkdownIt, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether rules are still put together when the first text is read: a thread beside would find them half done."""
    late = list[Ruler]()
    whole = Ruler.__compile__
    monkeypatch.setattr(Ruler, "__compile__", lambda ruler: late.append(ruler) or whole(ruler))
    assert "<strong>" in reader.render("- En **fed** tekst med [et link](lov:x)\n\n| a |\n|---|\n| b |")
    return bool(late)


def test_a_reader_is_ready_before_threads_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not put_together_late(markdown(), monkeypatch)
    assert put_together_late(MarkdownIt("commonmark"), monkeypatch), "the planted fault: one that was not made ready"
