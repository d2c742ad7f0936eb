"""The audit: it finds what can be worked out, calls nothing narrow that is open, and says what it cannot do."""

from __future__ import annotations

import random
import sys
from dataclasses import replace

import pytest

from guide.statistics import knowledge, search
from guide.statistics.audit import Audit, Contradiction, Known, NoSolver, audit
from guide.statistics.tables import ALL, NARROWEST, Cell, Key, Status
from tests.attacks import night, oracle

LEVELS = ("bekymring", "underret", "straks")
KNOWN = Known(
    {"a": "d", "b": "d", "c": "d"},
    {"fag": {level: (level, "foerst") for level in LEVELS}},
    {"fag": "q"},
    undominated=False,
)
"""As the oracle, which knows nothing of dominance."""


def cell(area: str, column: str, n: int | None) -> Cell:
    key = Key("level", "2026K1", area, ALL, column)
    return Cell(key, n, Status.few if n is None else Status.shown)


def table(true: oracle.Table) -> list[Cell]:
    """The published cells of a landsdel of made-up kommuner."""
    areas, columns = "abc"[: len(true)], LEVELS[: len(true[0])]
    figures = iter(oracle.figures(true))
    places = [(area, column) for area in areas for column in columns]
    places += [*((area, ALL) for area in areas), *(("d", column) for column in columns), ("d", ALL)]
    return [cell(area, column, next(figures)) for area, column in places]


def of(true: oracle.Table) -> Audit:
    known = Known({area: "d" for area in "abc"[: len(true)]}, KNOWN.outcomes, KNOWN.first)
    levels = LEVELS[: len(true[0])]
    known = replace(known, outcomes={"fag": {level: (level, "foerst") for level in levels}}, undominated=False)
    return audit(table(true), known, thorough=True)


def test_a_small_total_gives_its_parts_away() -> None:
    found = audit([cell("a", ALL, 10), cell("a", "bekymring", 10), cell("a", "straks", None)], KNOWN)
    assert [(one.key.column, one.low, one.high) for one in found.narrow] == [("straks", 0, 2)]
    assert found.narrowest == 2


HOURS = [
    Cell(Key("use", "2026K1", "land", ALL, "forloeb"), 60, Status.shown),
    Cell(Key("hours", "2026K1", "land", ALL, "inside"), 60, Status.shown),
    Cell(Key("hours", "2026K1", "land", ALL, "outside"), None, Status.few),
    Cell(Key("hours", "2026K1", "land", ALL, ALL), None, Status.folded),
]
"""The hours less their own total tell nothing; less the walks that began they do."""


def test_what_another_table_gives_away() -> None:
    found = audit(HOURS, KNOWN, thorough=True)
    assert [(one.key.column, one.low, one.high) for one in found.narrow if one.key.column != ALL] == [("outside", 0, 4)]


def test_planted_an_audit_that_forgets_what_tables_tell_of_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge._Reader, "_links", lambda self, keys: None)
    assert audit(HOURS, KNOWN, thorough=True).narrow == ()


def test_a_hidden_cell_alone_is_open() -> None:
    found = audit([cell("a", ALL, 40), cell("a", "bekymring", 25), cell("a", "straks", None)], KNOWN)
    assert (found.narrow, found.hidden, found.complete) == ((), 1, True)


def test_a_kommune_is_worked_out_from_its_landsdel() -> None:
    """No row tells by itself: the landsdel less the others does."""
    cells = [cell("d", "bekymring", 45), cell("a", "bekymring", 20), cell("b", "bekymring", 15)]
    hidden = cell("c", "bekymring", None)
    assert audit([*cells, hidden], KNOWN).narrow == ()
    tight = [cell("d", "bekymring", 55), *cells[1:], hidden]
    with pytest.raises(Contradiction):
        audit(tight, KNOWN)
    sure = [cell("d", "bekymring", 50), *cells[1:], hidden]
    assert [(one.low, one.high) for one in audit(sure, KNOWN).narrow] == [(9, 9)]


def test_a_quarter_is_worked_out_from_the_year() -> None:
    def at(period: str, n: int | None) -> Cell:
        return Cell(Key("use", period, "a", "fag", "forloeb"), n, Status.few if n is None else Status.shown)

    cells = [at("2026", 55), *(at(f"2026K{n}", 15) for n in (1, 2, 3)), at("2026K4", None)]
    assert [(one.key.period, one.low, one.high) for one in audit(cells, KNOWN).narrow] == []
    cells[0] = at("2026", 60)
    assert [(one.key.period, one.low, one.high) for one in audit(cells, KNOWN).narrow] == [("2026K4", 7, 9)]


def test_a_link_that_the_figures_contradict_is_left_out() -> None:
    """More walks ended than began: some crossed the midnight between two quarters."""
    use = Cell(Key("use", "2026K1", "a", ALL, "forloeb"), None, Status.few)
    found = audit([use, cell("a", "bekymring", 25), cell("a", "straks", None)], KNOWN)
    assert (found.loosened, found.narrow) == (1, ())


def test_nothing_hidden_is_nothing_to_find() -> None:
    assert audit([cell("a", ALL, 40)], KNOWN).narrow == ()


def test_without_the_solver_it_says_which_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "highspy", None)
    with pytest.raises(NoSolver, match="highspy"):
        audit([cell("a", ALL, 40)], KNOWN)


def _tables(count: int) -> list[oracle.Table]:
    draw = random.Random(8)
    sizes = (2, 2), (2, 3), (3, 2)
    made = []
    for n in range(count):
        rows, columns = sizes[n % 3]
        numbers = [0, 0, 1, 3, 6, 9, 10, 11, 12, 14, 22]
        made.append(tuple(tuple(draw.choice(numbers) for _ in range(columns)) for _ in range(rows)))
    return made


def _disagreements(tables: list[oracle.Table]) -> list[tuple[oracle.Table, object]]:
    wrong = []
    for true in tables:
        least = oracle.bounds(true)
        narrow = {key for key, (low, high) in least.items() if high - low < NARROWEST}
        found = {(one.key.area, one.key.column): one for one in of(true).narrow if one.key.area != "d"}
        places = {(area, level): (i, j) for i, area in enumerate("abc") for j, level in enumerate(LEVELS)}
        said = {places[place] for place in found if place in places}
        outside = [at for at in said & narrow if not _holds(found, places, at, least[at])]
        if said != narrow or outside:
            wrong.append((true, said ^ narrow))
    return wrong


def _holds(found: dict, places: dict, at: tuple[int, int], least: tuple[int, int]) -> bool:  # type: ignore[type-arg]
    one = next(found[place] for place, cell in places.items() if cell == at and place in found)
    return bool(one.low <= least[0] and least[1] <= one.high)


def test_it_agrees_with_trying_every_country() -> None:
    """T-P2: the oracle shares no code with the audit."""
    tables = _tables(50 if night() else 9)
    assert any(high - low < NARROWEST for true in tables for low, high in oracle.bounds(true).values())
    assert _disagreements(tables) == []


def test_planted_an_audit_that_forgets_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oracle is alive: an audit that takes a shown cell for unknown no longer agrees."""
    monkeypatch.setattr(search, "NARROWEST", 2)
    assert _disagreements(_tables(9)) != []
