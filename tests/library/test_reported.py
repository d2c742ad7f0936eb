"""The known figures of the country: read with their sources, and what is wrong is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.library import Library
from guide.library.reported import Reported, read_reported

HEAD = "year,about,reports,children,source\n"


def told(folder: Path, text: str) -> tuple[tuple[Reported, ...], list[str]]:
    (folder / "official.csv").write_text(text, encoding="utf-8")
    findings = list[Finding]()
    return read_reported(folder, Folder(folder), findings), [str(one) for one in findings]


def test_the_shipped_years_each_have_a_source(content: Library) -> None:
    years = [one.year for one in content.reported]
    assert years == sorted(years, reverse=True) and 2022 in years
    for one in content.reported:
        assert "Danmarks Statistik" in one.source and 0 < one.children < one.reports


def test_the_newest_first(tmp_path: Path) -> None:
    found, wrong = told(tmp_path, HEAD + "2017,,5,4,Kilde\n2018,ca.,6,5,Kilde\n")
    assert wrong == [] and found == (Reported(2018, "ca.", 6, 5, "Kilde"), Reported(2017, "", 5, 4, "Kilde"))


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    findings = list[Finding]()
    assert read_reported(tmp_path, Folder(tmp_path), findings) == () and findings == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "2018,,127.182,75019,Kilde\n", "official.csv:2:1: «127.182» er ikke et helt tal"),
        (HEAD + "2018,,6,5,Kilde\n2018,,6,5,Kilde\n", "official.csv:3:1: 2018 står her flere gange"),
        (HEAD + "2018,,6,5,\n", "official.csv:2:1: «source» er tom"),
        (HEAD + "2018,omkring,6,5,Kilde\n", "«omkring» kendes ikke"),
        ("year,reports\n2018,5\n", "mangler «about», «children», «source»"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    found, wrong = told(tmp_path, text)
    assert len(wrong) == 1 and said in wrong[0], wrong
    assert len(found) < 2
