"""One walk more in the smallest kommune changes the counters that the design names, and nothing else (T-P6).

Two whole installations with the same walks; one of them has a single walk more: Læsø, tandpleje, level underret.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from guide import db
from guide.library.library import Library
from guide.model import Level
from guide.usage import drainer
from tests.leaks.installation import DAY, Installation, Plan, installation, plan, plans

PLACES = [(kommune, flow) for kommune in ("odense", "aarhus", "eksempel") for flow in ("tandpleje", "skole")]

Rows = list[tuple[str, str, str, int]]


def the_one(library: Library) -> Plan:
    """The walk that nobody may find again."""
    chance = random.Random(8)
    found = (plan(library, "laesoe", "tandpleje", chance) for _ in range(2_000))
    return next(one for one in found if one.level == "underret")


def more(one: Plan) -> Counter[tuple[str, str, str]]:
    """What design §7 says that this walk adds, worked out from its answers alone."""
    steps = [step for step, _ in one.answers]
    unsure = [step for step, chosen in one.answers if "ved-ikke" in chosen]
    cells = [("2026K4", "use", f"{one.municipality}/{one.flow}")]
    cells += [("2026K4", "level", f"{one.municipality}/{one.level}")]
    cells += [("2026", "level", f"{one.municipality}/{one.flow}/{one.level}")]
    cells += [("2026M11", "professions", f"{one.flow}/{one.level}"), ("2026", "topics", f"{one.flow}/{one.outcome}")]
    for measure, of in (("shown", steps), ("answered", steps), ("unsure", unsure)):
        cells += [("2026M11", "quality", f"{one.flow}/{step}/{measure}") for step in of]
    return Counter(cells) + Counter({("2026M11D22", "operations", "counted"): len(cells)})


def grown(before: Rows, after: Rows) -> Counter[tuple[str, str, str]]:
    """How much each cell is larger."""
    return Counter({row[:3]: row[3] for row in after}) - Counter({row[:3]: row[3] for row in before})


@dataclass
class Left:
    """What lies in an installation: before the pass, after it, and two days later."""

    before: list[str]
    rows: Rows
    names: dict[str, bytes]
    tables: dict[str, list[object]]
    later: dict[str, list[object]]


def tables(made: Installation) -> dict[str, list[object]]:
    """Every row of every table but the counters."""
    with sqlite3.connect(made.data / "guide.sqlite") as connection:
        return {name: connection.execute(f"select * from {name}").fetchall() for name in ("seen", "segment")}


def left(app: Flask, data: Path, walked: list[Plan]) -> Left:
    """Play these walks on a new installation, and look at what lies there."""
    with installation(app, data) as made:
        made.play(*walked)
        before, rows = sorted(made.files()), made.drain()
        files, held = made.files(), tables(made)
        made.now += 2 * DAY
        made.drain()
        return Left(before, rows, files, held, tables(made))


def test_one_walk_more_is_some_counters_more_and_nothing_else(
    shipped_app: Flask, content: Library, tmp_path: Path
) -> None:
    many, one = plans(content, PLACES, 25, seed=4), the_one(content)
    without = left(shipped_app, tmp_path / "a", many)
    with_one = left(shipped_app, tmp_path / "b", [*many[:11], one, *many[11:]])
    assert grown(without.rows, with_one.rows) == more(one) and not grown(with_one.rows, without.rows)
    facts = more(one)["2026M11D22", "operations", "counted"]
    assert len(with_one.tables["seen"]) - len(without.tables["seen"]) == facts
    assert without.tables["segment"] == with_one.tables["segment"]
    assert without.before == with_one.before and sorted(without.names) == sorted(with_one.names)
    assert [name for name, data in with_one.names.items() if b"laesoe" in data] == ["guide.sqlite"]
    raw = re.findall(rb"laesoe/[a-z/-]+", with_one.names["guide.sqlite"])
    assert sorted(raw) == sorted(cell.encode() for _, _, cell in more(one) if "laesoe" in cell)
    # Two days later the sums are all that tells the two apart.
    assert without.later == with_one.later and with_one.later["seen"] == []


def test_no_row_joins_kommune_faggruppe_outcome_and_time(shipped_app: Flask, content: Library, tmp_path: Path) -> None:
    """Beside a kommune stands a faggruppe or a level, never an outcome or a step, and no time finer than §7 says."""
    walked = plans(content, PLACES, 20, seed=5)
    with installation(shipped_app, tmp_path) as made:
        made.play(*walked)
        rows = made.drain()
    kommuner, flows, levels = {w.municipality for w in walked}, set(content.flows), {str(level) for level in Level}
    beside = {("use", "2026K4"): [flows], ("level", "2026K4"): [levels], ("level", "2026"): [flows, levels]}
    local = [(tab, period, cell.split("/")) for period, tab, cell, _ in rows if kommuner & set(cell.split("/"))]
    assert {(tab, period) for tab, period, _ in local} == beside.keys()
    for tab, period, (kommune, *others) in local:
        assert kommune in kommuner and len(others) == len(beside[tab, period])
        assert all(one in known for one, known in zip(others, beside[tab, period], strict=True))
    assert {period for period, tab, _, _ in rows if tab == "topics"} == {"2026"}


def of_one_pass(app: Flask, data: Path, walked: list[Plan]) -> bytes:
    with installation(app, data) as made:
        made.play(*walked)
        made.drain()
        return made.files()["guide.sqlite"]


def test_nothing_in_the_file_orders_the_walks_of_a_pass(
    shipped_app: Flask, content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = plans(content, PLACES, 12, seed=6)
    other = random.Random(7).sample(walked, len(walked))
    assert of_one_pass(shipped_app, tmp_path / "a", walked) == of_one_pass(shipped_app, tmp_path / "b", other)
    # Planted: rows written as they came, and left where they lie. The same rows, but the bytes tell.
    monkeypatch.setattr(db, "tidy", lambda engine: None)
    monkeypatch.setattr(drainer, "sorted", list, raising=False)
    assert of_one_pass(shipped_app, tmp_path / "c", walked) != of_one_pass(shipped_app, tmp_path / "d", other)


def of_many_passes(app: Flask, data: Path, walked: list[Plan]) -> bytes:
    with installation(app, data) as made:
        for one in walked:
            made.play(one)
            made.drain()
        return made.files()["guide.sqlite"]


def test_nothing_in_the_file_orders_the_passes(
    shipped_app: Flask, content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = plans(content, PLACES, 6, seed=10)
    other = walked[::-1]
    assert of_many_passes(shipped_app, tmp_path / "a", walked) == of_many_passes(shipped_app, tmp_path / "b", other)
    # Planted: rows stay where they were first written.
    monkeypatch.setattr(db, "tidy", lambda engine: None)
    assert of_many_passes(shipped_app, tmp_path / "c", walked) != of_many_passes(shipped_app, tmp_path / "d", other)


def test_no_row_has_a_number_or_a_time(shipped_app: Flask, content: Library, tmp_path: Path) -> None:
    with installation(shipped_app, tmp_path) as made:
        made.play(*plans(content, PLACES, 2, seed=9))
        made.drain()
    with sqlite3.connect(tmp_path / "guide.sqlite") as connection:
        for table in ("counter", "seen", "segment"):
            with pytest.raises(sqlite3.OperationalError, match="rowid"):
                connection.execute(f"select rowid from {table}")
        for column, table in (("period", "counter"), ("cell", "counter"), ("day", "seen"), ("day", "segment")):
            values = [row[0] for row in connection.execute(f"select {column} from {table}")]
            assert values and not any(re.search(r"\d\d:\d\d|T\d\d|\d{10}", value) for value in values)
        assert {row[0] for row in connection.execute("select day from seen")} == {"2026-11-22"}
