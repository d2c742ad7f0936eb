"""What key figures mean: every figure is of a known table, says what it must not be used for, and is easy to read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.places import content_root
from guide.statistics.tables import TABLES
from tests.conftest import DEMO
from tests.library.test_readability import HEAVY, LONG

FIGURES = {
    "forloeb": "use", "faggrupper": "use", "niveau": "level", "niveau-fag": "professions",
    "niveau-fag-land": "professions", "foraeldre": "parents", "spoergsmaal": "quality", "arbejdstid": "hours",
    "udfald": "topics", "officielle": "official",
}  # fmt: skip

SENTENCE = "Et forløb er ikke et barn og ikke en underretning. Højt kan være godt, lavt kan være dårligt."


def test_every_figure_is_of_a_known_table(content: Library) -> None:
    assert {name: word.table for name, word in content.figures.items()} == FIGURES
    assert {word.table for word in content.figures.values()} == {*TABLES, "official"}


def test_every_figure_says_what_it_is_not(content: Library) -> None:
    for name, word in content.figures.items():
        assert (SENTENCE in re.sub(r"\s+", " ", word.never)) is (name != "officielle"), name
        assert "fra" not in re.findall(r"underretninger (\w+)", word.definition + word.never), name
        assert all(question.endswith(("?", ".")) and "?" in question for question in word.discuss), name
        if name != "officielle":
            assert "under 10 vises ikke" in word.definition and "nærmeste 5" in re.sub(r"\s+", " ", word.definition)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("Et forløb er talt,", f"{(HEAVY + '. ') * 30} Et forløb er talt,", "«forloeb» er svær at læse: LIX"),
        ("Et forløb er talt,", f"{LONG}. Et forløb er talt,", "ord, højst"),
        ("table: use", "table: use\n    colour: red", "colour"),
    ],
)
def test_what_is_heavy_or_unknown_is_told(tmp_path: Path, before: str, after: str, told: str) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    words = (content_root() / "registers" / "figures.yaml").read_text(encoding="utf-8")
    place = folder / "registers" / "figures.yaml"
    place.write_text(words, encoding="utf-8")
    assert not [one for one in _found(folder) if "figures" in one.file]
    place.write_text(words.replace(before, after, 1), encoding="utf-8")
    assert any(told in one.message and one.line for one in _found(folder) if one.file == "registers/figures.yaml")


def _found(folder: Path) -> list:  # type: ignore[type-arg]
    library, findings = load(folder)
    return [*findings, *check(library)]
