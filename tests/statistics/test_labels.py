"""Every area, row and column that can be published has a Danish name."""

from __future__ import annotations

from guide.library.library import Library
from guide.statistics.labels import Labels, order
from guide.statistics.tables import ALL
from tests.statistics.figures import shipped_figures


def test_all_that_is_published_has_a_name(content: Library) -> None:
    labels = Labels(content)
    for key in shipped_figures().cells:
        names = [labels.area(key.area), labels.row(key.table, key.row), labels.column(key.table, key.row, key.column)]
        assert all(name and not name[0].islower() for name in names), (key, names)
        assert labels.kind(key.area) in ("land", "landsdel", "kommune")


def test_what_has_left_the_content_is_called_by_its_id(content: Library) -> None:
    labels = Labels(content)
    assert labels.row("quality", "skole.findes-ikke") == "findes-ikke"
    assert labels.row("quality", "findes.heller-ikke") == "heller-ikke"
    assert labels.column("topics", "skole", "findes-ikke") == "findes-ikke"
    assert labels.area("nedlagt") == "nedlagt" and labels.kind("nedlagt") == "kommune"


def test_kinds_of_area(content: Library) -> None:
    labels = Labels(content)
    found = {area: labels.kind(area) for area in ("land", "fyn", "viborg", "bornholm")}
    assert found == {"land": "land", "fyn": "landsdel", "viborg": "kommune", "bornholm": "kommune"}


def test_levels_stand_from_the_mildest_to_the_total() -> None:
    levels = ["alle", "akut", "straks", "undren", "underret", "bekymring"]
    assert sorted(levels, key=lambda one: order("level", one)) == [
        "undren",
        "bekymring",
        "underret",
        "straks",
        "akut",
        ALL,
    ]
