"""Each kommune has exactly one region on every day: planted gaps and overlaps are told with their line."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.library import Library
from guide.library.regions import Regions, read_regions

KOMMUNER = """\
id,kommunekode,fuldt_navn,region,valid_from,valid_to
aeroe,492,Ærø Kommune,Syd,2007-01-01,
koege,259,Køge Kommune,Øst,2007-01-01,
gammel,001,Gammel Kommune,Øst,2007-01-01,2020-12-31
"""
REGIONS = """\
area,name,valid_from,valid_to,source
Syd,Region Syddanmark,2007-01-01,,x
Øst,Region Østdanmark,2027-01-01,,x
Øst,Region Sjælland,2007-01-01,2026-12-31,x
"""


def read(folder: Path, kommuner: str = KOMMUNER, regions: str | None = REGIONS) -> tuple[Regions, list[str]]:
    (folder / "kommuner.csv").write_text(kommuner, encoding="utf-8")
    if regions is not None:
        (folder / "regions.csv").write_text(regions, encoding="utf-8")
    findings = list[Finding]()
    found = read_regions(folder, Folder(folder), findings)
    return found, [str(finding) for finding in findings]


def on(regions: Regions, kommune: str, day: date) -> str | None:
    region = regions.on(kommune, day)
    return region.name if region else None


def test_before_and_after(tmp_path: Path) -> None:
    found, findings = read(tmp_path)
    assert findings == []
    assert on(found, "koege", date(2026, 12, 31)) == "Region Sjælland"
    assert on(found, "koege", date(2027, 1, 1)) == "Region Østdanmark"
    assert on(found, "gammel", date(2020, 12, 31)) == "Region Sjælland"
    assert on(found, "gammel", date(2021, 1, 1)) is on(found, "koege", date(2006, 12, 31)) is None
    assert on(found, "ukendt", date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2027-01-01,,x", "2027-01-02,,x", "kommuner.csv:3:1: «koege» har ingen region den 2027-01-01."),
        ("2027-01-01,,x", "2026-12-31,,x", "regions.csv:3:1: «Øst» har to regioner på samme dag: Region Sjælland og"),
        ("2026-12-31,x", ",x", "regions.csv:3:1: «Øst» har to regioner på samme dag"),
        ("2007-01-01,2026", "2008-01-01,2026", "kommuner.csv:3:1: «koege» har ingen region den 2007-01-01."),
        ("2027-01-01,,x", "2027-01-01,2099-12-31,x", "kommuner.csv:3:1: «koege» har ingen region den 2100-01-01."),
        ("Syd,Region", "Syt,Region", "kommuner.csv:2:1: «Syd» står ikke i regions.csv. Mente du «Syt»?"),
        ("2027-01-01,,x", "1. januar 2027,,x", "regions.csv:3:1: «valid_from»"),
        ("2027-01-01,,x", "2027-01-01,2026-01-01,x", "regions.csv:3:1: Region Østdanmark holder op, før den begynder."),
        (",,x\nØst,Region Ø", ",,\nØst,Region Ø", "regions.csv:2:1: «source» mangler"),
        ("area,", "omraade,", "regions.csv:1:1: Første linje mangler «area»."),
    ],
)
def test_planted_faults(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in REGIONS
    findings = read(tmp_path, regions=REGIONS.replace(old, new, 1))[1]
    assert any(line.startswith(told) for line in findings), findings


def test_a_register_without_areas_and_one_without_regions(tmp_path: Path) -> None:
    assert read(tmp_path, "id,kommunekode,fuldt_navn\naeroe,492,Ærø Kommune\n", None) == (Regions(), [])
    assert read(tmp_path, regions=None)[1] == ["regions.csv: Filen findes ikke."]


def test_any_cut_into_spans(tmp_path: Path) -> None:
    """Spans that follow one another are never told of; one that is a day longer, shorter or gone always is."""
    chance = random.Random(20270101)
    for _ in range(30):
        days = sorted(chance.sample(range(1, 9000), chance.randrange(1, 5)))
        starts = [date(2007, 1, 1), *(date(2007, 1, 1) + timedelta(days=day * 2) for day in days)]
        rows = [(start, end - timedelta(days=1)) for start, end in zip(starts, starts[1:], strict=False)]
        spans: list[tuple[date, date | None]] = [*rows, (starts[-1], None)]

        def told(spans: list[tuple[date, date | None]]) -> list[str]:
            lines = [f"{area},R{n},{a},{b or ''},x" for area in ("Syd", "Øst") for n, (a, b) in enumerate(spans)]
            chance.shuffle(lines)
            return read(tmp_path, regions="\n".join(["area,name,valid_from,valid_to,source", *lines]))[1]

        assert told(spans) == []
        n = chance.randrange(len(spans) - 1)
        first, last = spans[n]
        assert last is not None
        for wrong in (
            [(first, last + timedelta(days=chance.choice((-1, 1))))],
            [(first + timedelta(days=1), last)],
            [],
        ):
            assert told([*spans[:n], *wrong, *spans[n + 1 :]])


def test_the_shipped_regions(content: Library) -> None:
    kommuner = [name for name, kommune in content.municipalities.items() if kommune.code]
    assert len(kommuner) == 98
    for day, number in ((date(2007, 1, 1), 5), (date(2026, 12, 31), 5), (date(2027, 1, 1), 4), (date(2999, 1, 1), 4)):
        names = [region.name for name in kommuner if (region := content.regions.on(name, day))]
        assert len(names) == 98 and len(set(names)) == number
    assert content.regions.on("bornholm", date(2027, 1, 1)) == content.regions.on("lolland", date(2027, 1, 1))
