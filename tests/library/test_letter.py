"""A letter as one faggruppe is asked it: every line is kept, but those that are all for others."""

from __future__ import annotations

from guide.library.letter import asked, lines, sections
from guide.library.library import Library
from guide.model import Blank, Letter


def made(text: str, **blanks: Blank) -> Letter:
    return Letter.model_construct(title="Brev", help="", blanks=blanks, text=text)


def test_a_faggruppe_sees_its_own_blanks_and_no_heading_is_left_bare() -> None:
    letter = made(
        "BREV\n\n1. Om munden\n{{mund}}\n\n2. Om os\nHer: {{alle}}",
        mund=Blank(label="Munden", flows=("tandpleje",)),
        alle=Blank(label="Alle"),
    )
    assert not asked(letter.blanks["mund"], "skole") and asked(letter.blanks["alle"], "skole")
    assert [line.text for line in lines(letter, "skole") if not line.blanks and line.text] == ["BREV", "2. Om os"]
    assert [line.kind for line in lines(letter, "tandpleje")].count("overskrift") == 2
    assert [section.blanks for section in sections(lines(letter, "tandpleje"))] == [("mund",), ("alle",)]


def test_words_before_and_after_a_blank_stand_where_they_stood() -> None:
    letter = made("Ring på {{nummer}}. Tak.\nDato: {{dag}}", nummer=Blank(label="Nummer"), dag=Blank(label="Dag"))
    inside, led = lines(letter, "skole")
    assert [piece.kind for piece in inside.pieces] == ["ord", "felt", "ord"]
    assert [(piece.text, piece.kind) for piece in led.pieces] == [("Dato: ", "led"), ("dag", "felt")]


def test_each_blank_of_the_shipped_letters_is_asked_of_somebody(content: Library) -> None:
    for name, letter in content.letters.items():
        met = {blank for flow in content.flows for line in lines(letter, flow) for blank in line.blanks}
        assert met == set(letter.blanks), name
