"""The made-up country: its tables agree with one another as those of real walks do; a seed gives the same again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from guide.library.geography import BANDS, OTHERS
from guide.library.library import Library
from guide.statistics import example
from guide.statistics.example import Cells
from guide.statistics.example_official import files

YEARS = (2024, 2025)
QUARTERS = {f"{year}M{month:02}": f"{year}K{(month + 2) // 3}" for year in YEARS for month in range(1, 13)}


@pytest.fixture(scope="module")
def cells(content: Library) -> Cells:
    return example.counters(content, YEARS, walks=15_000)


def summed(cells: Cells, tab: str, key: Callable[[str, list[str]], object]) -> Counter[object]:
    """The sums of a table by what `key` makes of a period and a cell; None leaves a cell out."""
    found = Counter[object]()
    for (period, table, cell), n in cells.items():
        made = key(QUARTERS.get(period, period), cell.split("/")) if table == tab else None
        if made is not None:
            found[made] += n
    return found


def wrong(cells: Cells, library: Library) -> Iterator[str]:
    """Every way in which the tables disagree."""
    examples = {name for name, one in library.municipalities.items() if one.example}
    real: Callable[[list[str]], bool] = lambda cell: cell[0] not in examples  # noqa: E731
    outcomes = {name: playable.flow.outcomes for name, playable in library.flows.items()}
    starts = {name: playable.flow.start for name, playable in library.flows.items()}
    pairs: dict[str, tuple[Counter[object], Counter[object]]] = {
        "use and hours": (
            summed(cells, "use", lambda p, c: p if real(c) else None),
            summed(cells, "hours", lambda p, c: p),
        ),
        "use and first answers": (
            summed(cells, "use", lambda p, c: (p, c[1]) if real(c) else None),
            summed(cells, "quality", lambda p, c: (p, c[0]) if c[1:] == [starts[c[0]], "answered"] else None),
        ),
        "level by quarter and year": (
            summed(cells, "level", lambda p, c: (p[:4], c[0], c[1]) if len(c) == 2 else None),
            summed(cells, "level", lambda p, c: (p[:4], c[0], c[2]) if len(c) == 3 else None),
        ),
        "level and professions": (
            summed(cells, "level", lambda p, c: (p, c[1], c[2]) if len(c) == 3 and real(c) else None),
            summed(cells, "professions", lambda p, c: (p[:4], *c)),
        ),
        "level and professions by quarter": (
            summed(cells, "level", lambda p, c: (p, c[1]) if len(c) == 2 and real(c) else None),
            summed(cells, "professions", lambda p, c: (p, c[1])),
        ),
        "professions and parents": (
            summed(cells, "professions", lambda p, c: (p, c[0])),
            summed(cells, "parents", lambda p, c: (p, c[0])),
        ),
        "topics and professions": (
            summed(cells, "topics", lambda p, c: (p, c[0], str(outcomes[c[0]][c[1]].level))),
            summed(cells, "professions", lambda p, c: (p[:4], *c)),
        ),
        "topics and parents": (
            summed(cells, "topics", lambda p, c: (p, c[0], str(outcomes[c[0]][c[1]].parents))),
            summed(cells, "parents", lambda p, c: (p[:4], *c)),
        ),
    }
    yield from (what for what, (one, other) in pairs.items() if one != other or not one)
    used = summed(cells, "use", lambda p, c: (p, c[0]))
    reached = summed(cells, "level", lambda p, c: (p, c[0]) if len(c) == 2 else None)
    if any(n > used[where] for where, n in reached.items()):
        yield "more outcomes than walks"
    asked = {key: cells.get(key, 0) for key in cells if key[1] == "quality"}
    for (period, _, cell), n in asked.items():
        step, measure = cell.rsplit("/", 1)
        of = {"answered": "shown", "changed": "answered", "unsure": "answered"}.get(measure)
        if of and n > asked.get((period, "quality", f"{step}/{of}"), 0):
            yield f"{cell}: more than {of}"


def test_the_tables_agree(cells: Cells, content: Library) -> None:
    assert list(wrong(cells, content)) == []


@pytest.mark.parametrize("tab", ["use", "level", "professions", "parents", "hours", "topics"])
def test_a_table_that_counts_one_walk_more_is_found(cells: Cells, content: Library, tab: str) -> None:
    """Planted faults: each of the tables is held to another one."""
    key = next(key for key in cells if key[1] == tab and not key[2].startswith(("eksempel", OTHERS)))
    assert list(wrong({**cells, key: cells[key] + 1}, content))


def test_a_question_answered_more_often_than_shown_is_found(cells: Cells, content: Library) -> None:
    key = next(key for key in cells if key[1] == "quality" and key[2].endswith("/answered"))
    assert list(wrong({**cells, key: 10**9}, content))


def test_the_same_seed_gives_the_same_country(content: Library) -> None:
    one = replace(content, flows={"tandpleje": content.flows["tandpleje"]})
    made = [example.counters(one, YEARS, seed, walks=500) for seed in (8, 8, 9)]
    assert made[0] == made[1] != made[2]


def test_no_small_kommune_is_named(cells: Cells, content: Library) -> None:
    areas = content.geography.areas
    small = {name for name in areas if content.geography.counted_as(name) == OTHERS}
    named = {cell.split("/")[0] for _, tab, cell in cells if tab in ("use", "level")}
    assert small and not small & named and OTHERS in named
    assert named >= set(areas) - small - {name for name in areas if content.geography.areas[name].band != "20000"}


def test_a_large_town_is_large_and_an_island_is_small(cells: Cells, content: Library) -> None:
    """Relative sizes are made up but such that nobody is led astray: in walks, and in children of official figures."""
    walks = summed(cells, "use", lambda p, c: c[0] if c[0] in content.geography.areas else None)
    children = Counter[object]()
    ids = {area.name: area for area in content.geography.areas.values()}
    _, _, text = next(files(content.geography, [2025], example.SEED))
    for place, _, _, _, n in (line.split(";") for line in text.splitlines()[1:]):
        if place in ids:
            children[ids[place].id] += int(n)
    for counted in (walks, children):
        (first, _), (second, _), *others, (_, fifth) = counted.most_common(5)
        assert [first, second, *sorted(name for name, _ in others)] == ["koebenhavn", "aarhus", "aalborg", "odense"]
        assert min(n for _, n in others) > 1.25 * fifth
    bands = {band: [children[a.id] for a in ids.values() if a.band == band] for band in BANDS}
    assert min(bands[BANDS[0]]) > 200 and max(bands[BANDS[0]]) < 1_000
    assert max(bands[BANDS[0]]) < min(bands[BANDS[1]]) and max(bands[BANDS[1]]) < min(bands[BANDS[2]])


def test_every_question_and_every_outcome_is_met(cells: Cells, content: Library) -> None:
    """So every page of figures has something to show; the scenarios visit each option."""
    questions = {(name, step) for name, playable in content.flows.items() for step in playable.flow.questions}
    outcomes = {(name, step) for name, playable in content.flows.items() for step in playable.flow.outcomes}
    assert {tuple(cell.split("/")[:2]) for _, tab, cell in cells if tab == "quality"} == questions
    assert {tuple(cell.split("/")) for _, tab, cell in cells if tab == "topics"} == outcomes


@pytest.mark.parametrize(
    ("today", "years"),
    [(date(2026, 11, 22), (2024, 2025)), (date(2027, 1, 13), (2024, 2025)), (date(2027, 1, 14), (2025, 2026))],
)
def test_the_years_are_the_last_two_that_are_closed(today: date, years: tuple[int, int]) -> None:
    assert example.years(today) == years
