"""What something is called in a kommune: told near a text with the word, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guide.library.library import Library
from guide.library.names import called, of_step, of_words
from guide.model import Municipality, Question, Term

TERMS = {
    "moede": Term(title="Tværfagligt møde", words=("tværfagligt møde", "tværfaglige møder")),
    "modtagelse": Term(title="Kommunens modtagelse", words=("modtagelsen",)),
}
NAMES = {"modtagelse": "Familiehuset", "moede": "Trivselsforum"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tag det op på et Tværfagligt møde.", ["Trivselsforum"]),
        ("Ring til **modtagelsen** efter de tværfaglige\nmøder.", ["Trivselsforum", "Familiehuset"]),
        ("Datoen tælles fra modtagelsens stempel.", []),
        ("genmodtagelsen er noget andet", []),
        ("", []),
    ],
)
def test_a_name_stands_where_the_thing_is_spoken_of(text: str, said: list[str]) -> None:
    """Whole words in any case, across a line and within marks of Markdown; in the order of the terms."""
    assert [name for _, name in called(TERMS, NAMES, [text])] == said


def test_no_name_no_line() -> None:
    assert called(TERMS, {"modtagelse": "Familiehuset", "findes-ikke": "X"}, ["tværfagligt møde"]) == ()


def test_a_step_with_what_its_level_says(demo: Library) -> None:
    """The line of an outcome is also there for what only the text of its level says; never for a source."""
    assert demo.texts
    levels = {
        level: text.model_copy(update={"note": "Ring til modtagelsen."}) for level, text in demo.texts.levels.items()
    }
    own = Municipality(name="Prøve Kommune", names={"modtagelse": "Familiehuset"})
    library = replace(
        demo,
        texts=demo.texts.model_copy(update={"levels": levels}),
        municipalities={**demo.municipalities, "proeve": own},
        terms=TERMS,
    )
    assert of_step(library, "proeve", "tre", "straks") == (("Kommunens modtagelse", "Familiehuset"),)
    assert of_step(library, "proeve", "tre", "slag") == () == of_step(library, "hele-landet", "tre", "straks")
    asked = demo.flows["tre"].flow.questions["slag"]
    said = Question.model_validate({**asked.model_dump(by_alias=True), "why": "Modtagelsen spørger."})
    assert of_words(library, "proeve", said) and not of_words(library, "hele-landet", said)
    with pytest.raises(KeyError):
        of_step(library, "proeve", "tre", "findes-ikke")
