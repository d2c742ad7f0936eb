"""From counters to cells: every number against one that was counted from the walks themselves; and the fall-back."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from zlib import crc32

import pytest

from guide.library.geography import BANDS, COUNTRY
from guide.library.library import Library
from guide.statistics import sums
from guide.statistics.fallback import Part, Stuck
from guide.statistics.periods import Period
from guide.statistics.settling import Made, cells_of, known, settled
from guide.statistics.sums import Ground, ground
from guide.statistics.tables import ALL, THRESHOLD, Cell, Key, Status
from tests.statistics.counted import Found, Narrow, Walked, content_with, counters_of, walks

LAST = Period(2026, 4)
WALKS = 200_000 if os.environ.get("GUIDE_NIGHT") else 8_000


@pytest.fixture(scope="module")
def real(content: Library) -> Ground:
    return ground(content)


@pytest.fixture(scope="module")
def walked(real: Ground) -> list[Walked]:
    """The walks of a year, and some of an example."""
    return walks(real, 8, WALKS) + [Walked("eksempel", "skole", next(iter(real.flows["skole"].outcomes)), 12)] * 500


@pytest.fixture(scope="module")
def made(real: Ground, walked: list[Walked]) -> dict[Key, Cell]:
    return {cell.key: cell for cell in cells_of(counters_of(walked, real), LAST, real)}


def true(cell: Key, walked: Sequence[Walked], ground: Ground) -> int:
    """The number behind a cell, counted from the walks."""
    geography = ground.geography

    def here(walk: Walked) -> bool:
        if walk.kommune in ground.examples:
            return False
        if cell.area == COUNTRY:
            return True
        area = geography.areas.get(walk.kommune)
        if area is None or area.band == BANDS[0] or cell.area not in (area.id, area.landsdel):
            return False
        return cell.area == area.id or cell.row == ALL or area.band == BANDS[2]

    def column(walk: Walked) -> bool:
        level, rule = ground.flows[walk.flow].outcomes[walk.outcome]
        said = {"level": level, "professions": level, "parents": rule, "topics": walk.outcome}
        said["hours"] = "inside" if walk.inside else "outside"
        return cell.column in (ALL, "forloeb", "shown", "answered", said.get(cell.table))

    months = range(1, 13) if cell.period == "2026" else (10, 11, 12)
    flow, _, step = cell.row.partition(".")
    if step and step != ground.flows[flow].start:
        return 0
    return sum(walk.month in months and here(walk) and column(walk) and flow in (ALL, walk.flow) for walk in walked)


def test_every_number(made: dict[Key, Cell], walked: list[Walked], real: Ground) -> None:
    """Of each table, area and status some cells, against the walks; and that there are cells of every kind."""
    sample = dict[tuple[object, ...], Cell]()
    for key, cell in made.items():
        kind = "land" if key.area == COUNTRY else "kommune" if key.area in real.geography.areas else "landsdel"
        sample.setdefault((key.table, key.period, kind, key.column, cell.status, crc32(str(key).encode()) % 2), cell)
    assert len(sample) > 100 and {cell.status for cell in sample.values()} == set(Status)
    wrong = list[object]()
    for cell in sample.values():
        n = true(cell.key, walked, real)
        allowed = {Status.few: range(THRESHOLD), Status.irrelevant: range(1), Status.folded: range(WALKS)}
        if cell.n is not None:
            allowed[Status.shown] = range(max(THRESHOLD, cell.n - 2), cell.n + 3)
        if n not in allowed[cell.status]:
            wrong.append((cell, n))
    assert wrong == []


def test_who_has_rows(made: dict[Key, Cell], real: Ground) -> None:
    areas = {key.area for key in made}
    bands = {name: area.band for name, area in real.geography.areas.items()}
    assert areas.isdisjoint({name for name, band in bands.items() if band == BANDS[0]} | real.examples)
    assert areas.isdisjoint({"oevrige", "hele-landet"})
    assert areas == {*(n for n, band in bands.items() if band != BANDS[0]), *real.geography.landsdele, COUNTRY}
    bornholm = [key for key in made if key.area == "bornholm"]
    assert len(bornholm) == len([key for key in made if key.area == "viborg"])  # no second set as a landsdel
    between = {name for name, band in bands.items() if band == BANDS[1]}
    told = {key.table for key, cell in made.items() if key.area in between and cell.status is not Status.folded}
    assert told == {"level", "use"}
    assert all(
        cell.status is Status.folded
        for key, cell in made.items()
        if key.area in between and (key.table == "professions" or (key.table == "use" and key.row != ALL))
    )


def test_a_landsdel_by_faggruppe_is_of_its_large_kommuner(real: Ground) -> None:
    """Lemvig has fewer than 20,000 inhabitants: it is in the totals and levels of Vestjylland and in no faggruppe."""
    outcome, (level, _) = next(iter(real.flows["skole"].outcomes.items()))
    walked = [Walked(name, "skole", outcome, 10) for name, n in {"lemvig": 40, "viborg": 25}.items() for _ in range(n)]
    found = {cell.key: cell for cell in cells_of(counters_of(walked, real), LAST, real)}

    def n(table: str, row: str, column: str, area: str = "vestjylland") -> int | None:
        return found[Key(table, "2026", area, row, column)].n

    assert (n("use", "skole", "forloeb"), n("use", ALL, "forloeb")) == (25, 65)
    assert (n("professions", "skole", ALL), n("level", ALL, ALL)) == (25, 65)
    assert (n("use", "skole", "forloeb", COUNTRY), n("use", "skole", "forloeb", "lemvig")) == (65, None)
    assert known(real).unsplit >= {"lemvig", "struer"} and "viborg" not in known(real).unsplit


def test_tables_by_period(made: dict[Key, Cell]) -> None:
    assert {key.table for key in made if key.period == "2026"} == {"use", "level", "professions", "parents", "topics"}
    of_quarter = {key.table for key in made if key.period == "2026K4"}
    assert of_quarter == {"use", "level", "professions", "parents", "quality", "hours"}
    assert {key.area for key in made if key.table == "professions" and key.period == "2026K4"} == {COUNTRY}


def test_a_small_kommune_counted_by_name_before(real: Ground) -> None:
    """Its rows never came by name, whoever wrote them down: they are in the country only."""
    walk = Walked("viborg", "skole", next(iter(real.flows["skole"].outcomes)), 10)
    counters = counters_of([walk] * 40, real) | {("2026K4", "use", "laesoe/skole"): 30}
    found = {cell.key: cell for cell in cells_of(counters, LAST, real)}
    assert not [key for key in found if "laesoe" in str(key)]
    assert found[Key("use", "2026K4", COUNTRY, ALL, "forloeb")].n == 70
    assert found[Key("use", "2026K4", "nordjylland", ALL, "forloeb")].n is None


def test_a_kommune_that_nobody_knows_is_in_no_figure(real: Ground) -> None:
    found = cells_of({("2026K4", "use", "atlantis/skole"): 500}, LAST, real)
    assert all(cell.n is None for cell in found)


def test_a_level_that_is_gone_is_hidden_for_all(real: Ground) -> None:
    """Content loses a level in the year: «cannot occur» would tell zero of every kommune but those with a walk."""
    skole = real.flows["skole"]
    kept = {name: pair for name, pair in skole.outcomes.items() if pair[0] != "undren"}
    today = replace(real, flows={"skole": replace(skole, outcomes=kept)})
    old = next(name for name, pair in skole.outcomes.items() if pair[0] == "undren")
    counters = counters_of([Walked("viborg", "skole", old, 11)] * 3, real)
    found = cells_of(counters, LAST, today)
    undren = {cell.status for cell in found if cell.key.table == "professions" and cell.key.column == "undren"}
    assert undren == {Status.few, Status.folded}
    assert ("undren", "foerst") in known(today, found).outcomes["skole"].values()
    assert ("undren", "foerst") not in known(today).outcomes["skole"].values()


def test_same_counters_same_cells(real: Ground, walked: list[Walked], made: dict[Key, Cell]) -> None:
    counters = counters_of(reversed(walked), real)
    assert cells_of(dict(reversed(list(counters.items()))), LAST, real) == [made[key] for key in sorted(made)]


def test_the_numbers_catch_a_landsdel_with_its_small_kommuner(
    real: Ground, walked: list[Walked], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: the landsdel counts Læsø's walks too, so that what is subtracted gives them back."""
    monkeypatch.setattr(sums, "BANDS", ("nobody", *BANDS[1:]))
    monkeypatch.setattr(type(real.geography), "counted_as", lambda self, kommune: kommune)
    monkeypatch.setattr(
        type(real.geography), "within", lambda self, d: [a.id for a in self.areas.values() if a.landsdel == d]
    )
    many = [Walked("laesoe", "skole", next(iter(real.flows["skole"].outcomes)), 10)] * 100
    found = {cell.key: cell for cell in cells_of(counters_of([*walked, *many], real), LAST, real)}
    with pytest.raises(AssertionError):
        test_who_has_rows(found, real)


# --- the fall-back ---


def narrow_while(told: Callable[[dict[Key, Cell]], list[Key]]) -> Callable[[Sequence[Cell]], Found]:
    """An audit that calls narrow what `told` says of the cells."""
    return lambda cells: Found(tuple(Narrow(key) for key in told({cell.key: cell for cell in cells})))


@pytest.fixture
def few(real: Ground) -> dict[tuple[str, str, str], int]:
    outcomes = real.flows["skole"].outcomes
    by_level = {level: name for name, (level, _) in outcomes.items()}
    numbers = {"undren": 40, "bekymring": 30, "underret": 4}
    walked = [Walked("viborg", "skole", by_level[level], 11) for level, n in numbers.items() for _ in range(n)]
    return dict(counters_of(walked, real))


HIDDEN = Key("level", "2026K4", "viborg", ALL, "underret")


def test_nothing_narrow_nothing_withheld(real: Ground, few: dict[tuple[str, str, str], int]) -> None:
    made = settled(few, LAST, real, [], content_with)
    assert (made.cells, made.withheld, made.rounds) == (cells_of(few, LAST, real), [], 1)


def test_first_the_split_then_the_total_then_further_up(real: Ground, few: dict[tuple[str, str, str], int]) -> None:
    rounds = list[dict[Key, Cell]]()

    def told(cells: dict[Key, Cell]) -> list[Key]:
        rounds.append(cells)
        return [HIDDEN] if len(rounds) < 9 else []

    made = settled(few, LAST, real, [], narrow_while(told))
    assert list(map(str, made.withheld)) == [
        "level/2026K4/viborg/alle/split",
        "level/2026K4/viborg/alle/alle",
        "use/2026K4/viborg/*/split",
        "use/2026K4/viborg/*/alle",
        "level/2026/viborg/alle/split",
        "level/2026/viborg/alle/alle",
        "professions/2026/viborg/skole/split",
        "professions/2026/viborg/skole/alle",
    ]
    assert made.rounds == 9
    after = rounds[1]
    assert {after[replace(HIDDEN, column=level)].status for level in ("undren", "underret", "akut")} == {Status.folded}
    assert after[replace(HIDDEN, column=ALL)].n == 75


def test_a_part_is_withheld_once_for_all_that_is_narrow_in_it(
    real: Ground, few: dict[tuple[str, str, str], int]
) -> None:
    both = [HIDDEN, replace(HIDDEN, column="akut")]
    answers = iter([both, []])
    made = settled(few, LAST, real, [], narrow_while(lambda cells: next(answers)))
    assert made.withheld == [Part("level", "2026K4", "viborg", ALL, "split")]


def test_what_was_published_stays(real: Ground, few: dict[tuple[str, str, str], int]) -> None:
    """A hidden cell of an earlier quarter that is narrow now costs figures of this release only."""
    old = Cell(Key("level", "2026K1", "viborg", ALL, "akut"), None, Status.few)
    shown = Cell(Key("level", "2026K1", "viborg", ALL, ALL), 40, Status.shown)
    asked = list[Sequence[Cell]]()

    def auditor(cells: Sequence[Cell]) -> Found:
        asked.append(cells)
        return Found((Narrow(old.key),) if len(asked) < 3 else ())

    made = settled(few, LAST, real, [old, shown], auditor)
    assert all(old in cells and shown in cells for cells in asked) and len(asked) == 3
    assert [part.period for part in made.withheld] == ["2026K4", "2026K4"]
    assert {cell.key.period for cell in made.cells} == {"2026K4", "2026"}


def test_a_kommune_beside_it_before_the_landsdel(real: Ground) -> None:
    """Where many have no walks yet, the landsdel tells of them: the smallest that has some gives way, and only one."""
    outcome = next(iter(real.flows["skole"].outcomes))
    sizes = {"viborg": 40, "skive": 90, "holstebro": 60}
    counters = counters_of([Walked(name, "skole", outcome, 2) for name, n in sizes.items() for _ in range(n)], real)
    empty = [Key("level", "2026K1", name, ALL, ALL) for name in ("herning", "struer")]
    answers = iter([empty, empty, []])
    made = settled(counters, Period(2026, 1), real, [], narrow_while(lambda cells: next(answers)))
    assert list(map(str, made.withheld)) == [
        "level/2026K1/viborg/alle/alle",
        "level/2026K1/viborg/alle/split",
        "level/2026K1/vestjylland/alle/alle",
    ]


def test_it_ends_and_says_so(real: Ground, few: dict[tuple[str, str, str], int]) -> None:
    """An audit that is never content: everything is withheld, then it is told."""
    held = list[int]()

    def never(cells: Sequence[Cell]) -> Found:
        held.append(sum(cell.status is Status.shown for cell in cells))
        return Found((Narrow(HIDDEN),))

    with pytest.raises(Stuck):
        settled(few, LAST, real, [], never)
    assert held[-1] == 0 and held == sorted(held, reverse=True) and len(held) < 80


def test_topics_give_way_level_by_level(real: Ground, walked: list[Walked]) -> None:
    counters = counters_of(walked, real)
    outcome, (level, _) = next(iter(real.flows["skole"].outcomes.items()))
    key = Key("topics", "2026", COUNTRY, "skole", outcome)
    answers = iter([[key], [key], []])
    made = settled(counters, LAST, real, [], narrow_while(lambda cells: next(answers)))
    assert list(map(str, made.withheld)) == [f"topics/2026/land/skole/{level}", "topics/2026/land/skole/split"]


def test_same_answers_same_order(real: Ground, walked: list[Walked]) -> None:
    """Cells that are narrow together are withheld in one order, however the audit lists them."""
    counters = counters_of(walked, real)
    hidden = [cell.key for cell in cells_of(counters, LAST, real) if cell.status is Status.few][::7]

    def made(order: list[Key]) -> Made:
        answers = iter([order, []])
        return settled(counters, LAST, real, [], narrow_while(lambda cells: next(answers)))

    found = [made(hidden), made(hidden[::-1])]
    assert found[0].withheld == found[1].withheld and found[0].cells == found[1].cells
