"""One walk more in the smallest kommune changes the counters of the country and nothing else (T-P6).

Two whole installations with the same walks; one of them has a single walk more: Læsø, tandpleje, level underret. It is
counted with the other kommuner under 10,000 inhabitants, so its name is nowhere; from Fanø it would be the same bytes.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from guide import db
from guide.library.geography import BANDS, OTHERS, Geography
from guide.library.library import Library
from guide.model import Level
from guide.statistics.periods import Period
from guide.statistics.release import publish
from guide.usage import drainer
from tests.leaks.installation import DAY, Installation, Plan, installation, plan, plans
from tests.statistics.counted import Found

PLACES = [(kommune, flow) for kommune in ("odense", "aarhus", "eksempel") for flow in ("tandpleje", "skole")]

Rows = list[tuple[str, str, str, int]]


def the_one(library: Library) -> Plan:
    """The walk that nobody may find again."""
    chance = random.Random(8)
    found = (plan(library, "laesoe", "tandpleje", chance) for _ in range(2_000))
    return next(one for one in found if one.level == "underret")


def more(one: Plan) -> Counter[tuple[str, str, str]]:
    """What the walk adds, worked out from its answers alone: of the country, and of the small kommuner together."""
    steps = [step for step, _ in one.answers]
    unsure = [step for step, chosen in one.answers if "ved-ikke" in chosen]
    cells = [("2026K4", "use", f"{OTHERS}/{one.flow}"), ("2026M11", "hours", "outside")]
    cells += [("2026K4", "level", f"{OTHERS}/{one.level}"), ("2026", "level", f"{OTHERS}/{one.flow}/{one.level}")]
    cells += [("2026M11", "professions", f"{one.flow}/{one.level}"), ("2026", "topics", f"{one.flow}/{one.outcome}")]
    cells += [("2026M11", "parents", f"{one.flow}/{one.parents}")]
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
    spool: bytes
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
        waiting, rows = made.files(), made.drain()
        files, held = made.files(), tables(made)
        made.now += 2 * DAY
        made.drain()
        return Left(sorted(waiting), b"".join(waiting.values()), rows, files, held, tables(made))


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
    assert not [name for name, data in with_one.names.items() if b"laesoe" in data] and b"laesoe" not in with_one.spool
    # Two days later the sums are all that tells the two apart.
    assert without.later == with_one.later and with_one.later["seen"] == []


def test_every_small_kommune_gives_the_same_bytes(shipped_app: Flask, content: Library, tmp_path: Path) -> None:
    """Who has the whole installation cannot tell which of them the walk came from; a large one is named."""
    many, one = plans(content, PLACES, 8, seed=4), the_one(content)
    small = [area.id for area in content.geography.areas.values() if area.band == BANDS[0]]
    assert {"laesoe", "fanoe", "samsoe", "aeroe"} <= set(small)
    found = [
        of_one_pass(shipped_app, tmp_path / kommune, [*many, replace(one, municipality=kommune)]) for kommune in small
    ]
    assert len(set(found)) == 1 and not any(name.encode() in found[0] for name in small)
    assert b"viborg" in of_one_pass(shipped_app, tmp_path / "large", [*many, replace(one, municipality="viborg")])


def released(
    app: Flask, library: Library, data: Path, walked: list[Plan]
) -> tuple[dict[str, object], dict[str, bytes]]:
    """All figures of a release of these walks, and the files it is in."""
    with installation(app, data) as made:
        made.play(*walked)
        made.drain()
        engine = db.open_engine(None, data)
        publish(engine, library, Period(2026, 4), "prøve", date(2027, 1, 20), auditor=lambda cells, known: Found())
        with engine.connect() as connection:
            rows = connection.execute(db.select(db.figure))
            return {f"{r.tab};{r.period};{r.cell}": (r.n, r.status) for r in rows}, made.files()


def test_no_release_tells_of_the_walk(shipped_app: Flask, content: Library, tmp_path: Path) -> None:
    """What is withheld at most falls back further; here nothing is, so that all there is can be compared."""
    many, one = plans(content, PLACES, 60, seed=4), the_one(content)
    without, _ = released(shipped_app, content, tmp_path / "a", many)
    with_one, files = released(shipped_app, content, tmp_path / "b", [*many[:11], one, *many[11:]])
    assert without.keys() == with_one.keys() and any(n for n, _ in with_one.values())
    assert all(key.split(";")[2].startswith("land/") for key, cell in with_one.items() if cell != without[key])
    assert not [key for key in with_one if "laesoe" in key or OTHERS in key]
    assert not [name for name, data in files.items() if b"laesoe" in data]


@pytest.mark.parametrize("scope", [None, "laesoe"], ids=["all", "its own installation"])
def test_a_walk_counted_by_its_name_is_found(
    shipped_app: Flask, content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: str | None
) -> None:
    with installation(shipped_app, tmp_path / "as it is", scope=scope) as made:
        made.play(the_one(content))
        assert f"{OTHERS}/tandpleje" in {cell for _, _, cell, _ in made.drain()}
        assert not [name for name, data in made.files().items() if b"laesoe" in data]
    monkeypatch.setattr(Geography, "counted_as", lambda self, kommune: kommune)  # planted
    with installation(shipped_app, tmp_path / "planted", scope=scope) as made:
        made.play(the_one(content))
        made.drain()
        assert [name for name, data in made.files().items() if b"laesoe" in data] == ["guide.sqlite"]


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
