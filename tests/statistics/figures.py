"""Made-up figures for tests of pages and papers: two years of a Denmark that does not exist, as if published.

Drawn with a seed from the shipped geography and flows, hidden and rounded cell by cell as a release does; not audited,
so nothing is withheld because of other cells. No number here is about anybody.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from guide import db
from guide.library.geography import BANDS, COUNTRY, Geography
from guide.library.library import Library
from guide.model.flow import Level, Parents
from guide.statistics.periods import Period
from guide.statistics.published import Published, Release
from guide.statistics.tables import ALL, BASE, DOMINANT, THRESHOLD, Cell, Key, Status, catalogue
from tests.conftest import shipped_content

YEARS = (2024, 2025)

SIZES = {"hovedstad": 60, "storby": 420, "provinsby": 130, "opland": 55, "land": 50, "": 40}
"""Walks a quarter, about."""

WEIGHTS = {
    "dagtilbud": (30, 35, 22, 11, 2),
    "skole": (22, 38, 25, 13, 2),
    "sundhedspleje": (25, 30, 27, 15, 3),
    "tandpleje": (35, 30, 22, 12, 1),
}
"""How the walks of a faggruppe end, by level."""

Counts = Counter[tuple[str, str, str, str, str]]
"""True numbers by table, period, area, row, column."""


def made_up(library: Library, seed: int = 8) -> Published:
    """Eight releases of made-up figures, marked as an example."""
    true = _walks(library, random.Random(seed))
    cells = {cell.key: cell for cell in _cells(library, true)}
    releases = tuple(
        Release(
            Period(year, quarter), date(year + quarter // 4, quarter * 3 % 12 + 1, 20), "prøve", catalogue(), "", {}
        )
        for year in YEARS
        for quarter in (1, 2, 3, 4)
    )
    return Published(releases, cells, example=True)


def write(published: Published, engine: Engine) -> None:
    """The same figures in a database."""
    db.prepare(engine)
    with engine.begin() as connection:
        for one in published.releases:
            own = [c for c in published.cells.values() if _quarter(c.key.period) == str(one.period)]
            digest = hashlib.sha256(repr(own).encode()).hexdigest()
            connection.execute(
                db.release.insert(),
                {
                    "period": str(one.period), "day": one.day.isoformat(), "by": one.by, "catalogue": one.catalogue,
                    "digest": digest, "audit": "{}",
                },
            )  # fmt: skip
            connection.execute(
                db.figure.insert(),
                [
                    {
                        "tab": c.key.table, "period": c.key.period, "cell": c.key.cell, "release": str(one.period),
                        "n": c.n, "status": c.status.value,
                    }
                    for c in own
                ],
            )  # fmt: skip
        if published.example:
            connection.execute(db.mark.insert(), {"name": "example", "value": "made up for a test"})


def database(data: Path) -> Engine:
    """A database with the made-up figures, where an application with this data folder looks for it."""
    engine = db.open_engine(None, data)
    write(shipped_figures(), engine)
    return engine


def _quarter(period: str) -> str:
    """The quarter a period was published with: a year with its fourth."""
    return period if "K" in period else f"{period}K4"


def _walks(library: Library, chance: random.Random) -> Counts:
    """The joint of all walks, in memory only, added to each table as real walks are."""
    true, geography = Counts(), library.geography
    sizes = {a.id: SIZES[a.group] * chance.uniform(0.4, 1.6) for a in geography.areas.values()} | {"hele-landet": 300}
    sizes |= {a.id: 6.0 for a in geography.areas.values() if a.band == BANDS[0]}
    for step, (year, quarter) in enumerate((y, q) for y in YEARS for q in (1, 2, 3, 4)):
        for kommune, size in sizes.items():
            tilt = chance.uniform(0.7, 1.4)
            for flow, share in zip(library.flows, (0.3, 0.4, 0.2, 0.1), strict=False):
                began = round(size * share * (1 + 0.06 * step) * chance.uniform(0.8, 1.2))
                _add(library, true, (Period(year, quarter), kommune, flow), began, tilt, chance)
        for flow in library.flows:
            all_of_it = true["use", str(Period(year, quarter)), COUNTRY, flow, "forloeb"]
            _asked(library, true, (Period(year, quarter), flow), all_of_it)
    return true


def _add(
    library: Library, true: Counts, at: tuple[Period, str, str], began: int, tilt: float, chance: random.Random
) -> None:
    of, kommune, flow = at
    outcomes = library.flows[flow].flow.outcomes
    weights = [w * (tilt if level > 1 else 1) for level, w in enumerate(WEIGHTS.get(flow, WEIGHTS["skole"]))]
    areas = [COUNTRY, *_tree(library.geography, kommune)]
    for period in (str(of), str(of.year)):
        for area in areas:
            true["use", period, area, flow, "forloeb"] += began
            true["use", period, area, ALL, "forloeb"] += began
    true["hours", str(of), COUNTRY, ALL, "inside"] += (inside := round(began * 0.8))
    true["hours", str(of), COUNTRY, ALL, "outside"] += began - inside
    true["hours", str(of), COUNTRY, ALL, ALL] += began
    for level, n in Counter(chance.choices(list(Level), weights, k=round(began * 0.85))).items():
        ends = [(name, one) for name, one in outcomes.items() if one.level == level]
        for name, outcome in chance.choices(ends, k=1) if ends else []:
            for period in (str(of), str(of.year)):
                for area in areas:
                    for row, table in ((ALL, "level"), (flow, "professions")):
                        true[table, period, area, row, level.value] += n
                        true[table, period, area, row, ALL] += n
                true["parents", period, COUNTRY, flow, outcome.parents.value] += n
                true["parents", period, COUNTRY, flow, ALL] += n
            true["topics", str(of.year), COUNTRY, flow, name] += n


def _asked(library: Library, true: Counts, at: tuple[Period, str], began: int) -> None:
    """The questions of a flow: fewer see the later ones."""
    of, flow = at
    for depth, step in enumerate(library.flows[flow].flow.questions):
        shown = round(began / (1 + depth / 4))
        for column, part in (("shown", 1.0), ("answered", 0.95), ("changed", 0.07), ("unsure", 0.03 * (depth % 5))):
            true["quality", str(of), COUNTRY, f"{flow}.{step}", column] += round(shown * part)


def _tree(geography: Geography, kommune: str) -> list[str]:
    area = geography.areas.get(kommune)
    if area is None or area.band == BANDS[0]:
        return []
    return [kommune] if area.landsdel == kommune else [kommune, area.landsdel]


def _cells(library: Library, true: Counts) -> Iterable[Cell]:
    """What a release shows of the true numbers, by the rules that look at one row alone."""
    geography = library.geography
    rows = dict[tuple[str, str, str, str], dict[str, int]]()
    for (table, of, area, row, column), n in true.items():
        rows.setdefault((table, of, area, row), {})[column] = n
    for at, found in rows.items():
        table, of, area, row = at
        small = area in geography.areas and geography.areas[area].band != BANDS[2]
        if table == "professions" and "K" in of and area != COUNTRY:
            continue
        for column in _columns(library, table, row, found):
            key = Key(table, of, area, row, column)
            if small and (table == "professions" or (table == "use" and row != ALL)):
                yield Cell(key, None, Status.folded)
            else:
                yield _cell(library, key, found)


def _columns(library: Library, table: str, row: str, found: dict[str, int]) -> list[str]:
    every = {
        "level": [*Level, ALL], "professions": [*Level, ALL], "parents": [*Parents, ALL],
        "topics": list(library.flows[row].flow.outcomes) if table == "topics" else [],
    }  # fmt: skip
    return [str(one) for one in every.get(table, found)]


def _cell(library: Library, key: Key, found: dict[str, int]) -> Cell:
    n, parts = found.get(key.column, 0), {c: n for c, n in found.items() if c != ALL}
    flow = library.flows.get(key.row)
    can = {o.level.value for o in flow.flow.outcomes.values()} if flow and key.table == "professions" else None
    can = {o.parents.value for o in flow.flow.outcomes.values()} if flow and key.table == "parents" else can
    if can is not None and key.column not in can | {ALL}:
        return Cell(key, None, Status.irrelevant)
    split = key.table in ("level", "professions", "parents") and key.column != ALL
    if split and max(parts.values()) >= DOMINANT * sum(parts.values()):
        return Cell(key, None, Status.folded)
    if n < THRESHOLD:
        return Cell(key, None, Status.few)
    return Cell(key, BASE * ((2 * n + BASE) // (2 * BASE)), Status.shown)


@cache
def shipped_figures() -> Published:
    """The made-up figures on the shipped content, drawn once in each process."""
    return made_up(shipped_content())


class Held:
    """A reader that always has these figures: no database is needed to look at a page."""

    def __init__(self, figures: Published) -> None:
        self.figures = figures

    def now(self) -> Published:
        """What is published."""
        return self.figures


class Marked:
    """What is known of the mark of a database."""

    def __init__(self, example: bool) -> None:
        self.example = example

    def marked(self) -> bool:
        """Whether all is made up."""
        return self.example


@contextmanager
def showing(app: Flask, figures: Published) -> Iterator[FlaskClient]:
    """A visitor of an application that shows these figures, until the block ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "guide.figures", Held(figures))
        patch.setitem(app.extensions, "guide.example", Marked(figures.example))
        yield app.test_client()
