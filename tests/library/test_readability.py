"""How easy texts are to read: the measure itself, and that a heavy text is told at its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import load
from guide.library.readability import LIX_OF_OUTCOMES, LIX_OF_QUESTIONS, WORDS_IN_A_SENTENCE, lix, sentences, words
from tests.conftest import DEMO

HEAVY = "Kommunalbestyrelsens behandlingsforpligtelse vedrørende underretningsmodtagelse iværksættes umiddelbart"
LONG = " ".join(["ord"] * (WORDS_IN_A_SENTENCE + 1))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ring 112. Bliv hos barnet.", 2),
        ("Er barnet i fare? Ja! Så ring.", 3),
        ("»Hvad skete der?« Lyt.", 2),
        ("- Skriv ned\n- Ring til kommunen", 2),
        ("**Hvem læser med?** Tænk på to hjem.", 2),
        ("En linje,\nder fortsætter på den næste.", 1),
        ("Det er [din pligt](lov:skaerpet-pligt). Ring", 2),
        ("Jeg er bekymret, fordi … Vi har prøvet …", 2),
        ("112", 0),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_words_are_what_is_read() -> None:
    assert words("Ring **nu** til [den sociale vagt](kontakt:doegnvagt) på 114") == [
        *("Ring", "nu", "til", "den", "sociale", "vagt", "på"),
    ]


def test_lix() -> None:
    assert lix("Ring nu.") == 2
    assert lix("Underretningen hjælper barnet.") == 3 + 100 * 2 / 3
    assert lix(HEAVY) > LIX_OF_OUTCOMES > LIX_OF_QUESTIONS > lix("Er barnet i fare nu? Ring 112. Bliv hos barnet.")


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        ("flows/tre/flow.yaml", "title: Er barnet trist?", f"title: {HEAVY}?", "«trist» er svær at læse: LIX"),
        (
            "flows/tre/outcomes.yaml",
            "help: Ring nu.",
            f"help: {HEAVY}. {HEAVY}. {HEAVY}. {HEAVY}.",
            "er svær at læse: LIX",
        ),
        ("flows/tre/outcomes.yaml", "help: Ring nu.", f"help: {LONG}.", f"har {WORDS_IN_A_SENTENCE + 1} ord, højst"),
        ("signs/proeve.yaml", "source: ", f"help: {LONG}\nsource: ", "ord, højst"),
        ("pages/om.md", "\n---\n", f"\n---\n{LONG}.\n\n", "ord, højst"),
        ("registers/texts.yaml", "help: ", f"help: {LONG} ", "ord, højst"),
        ("flows/tre/outcomes.yaml", "means: Slået er ramt", f"means: {HEAVY}. {HEAVY}. {HEAVY}", "«slag» er svær"),
        ("flows/tre/outcomes.yaml", "why: Slag er vold.", f"why: {LONG}.", "ord, højst"),
        ("flows/tre/flow.yaml", "what: Hvem der så det.", f"what: {LONG}.", "ord, højst"),
        ("registers/texts.yaml", "text: Uden barnets navn.", f"text: {LONG}.", "ord, højst"),
        ("registers/myths.yaml", "text: Det passer ikke.", f"text: {HEAVY}.", "«loebende-sag» er svær at læse: LIX"),
        ("registers/changes.yaml", "text: Alt er nyt.", f"text: {HEAVY}.", "«foerste» er svær at læse: LIX"),
        ("themes/slag.yaml", "help: Sådan ser", f"help: {LONG} ", "ord, højst"),
        ("themes/slag.yaml", "together: Aftal,", f"together: {HEAVY * 9} aftal,", "er svær at læse: LIX"),
    ],
)
def test_a_heavy_text_is_a_warning_at_its_place(tmp_path: Path, file: str, before: str, after: str, told: str) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (folder / file).read_text(encoding="utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    library, findings = load(folder)
    found = [finding for finding in [*findings, *check(library)] if told in finding.message]
    assert found and all(finding.warning and finding.file == file and finding.line for finding in found)
