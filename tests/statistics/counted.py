"""Made-up walks, and what they count: written apart from the release, as `guide/usage/counters.py` says it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Engine, insert

from guide import db
from guide.library.library import Library
from guide.statistics.sums import Counters, Ground
from guide.statistics.tables import Key


class Walked(NamedTuple):
    """A walk that came to an outcome: where, in which faggruppe, to what, and in which month of 2026."""

    kommune: str
    flow: str
    outcome: str
    month: int
    inside: bool = True


def two_landsdele(content: Library) -> Library:
    """The shipped content with the kommuner of two landsdele: a release of it is a tenth as large."""
    kept = {name: a for name, a in content.geography.areas.items() if a.landsdel in ("nordjylland", "bornholm")}
    few = Library(flows=content.flows, municipalities=content.municipalities, digest=content.digest)
    few.geography.areas.update(kept)
    few.geography.landsdele.update(nordjylland="Nordjylland", bornholm="Bornholm")
    return few


def walks(ground: Ground, seed: int, number: int, months: Iterable[int] = range(1, 13)) -> list[Walked]:
    """So many walks by chance, most of them in few kommuner."""
    chance, geography = random.Random(seed), ground.geography
    kommuner = [*geography.areas, "hele-landet"]
    weights = [chance.random() ** 3 + 0.01 for _ in kommuner]
    found = list[Walked]()
    for kommune in chance.choices(kommuner, weights, k=number):
        flow = chance.choice(sorted(ground.flows))
        outcome = chance.choice(sorted(ground.flows[flow].outcomes))
        found.append(Walked(kommune, flow, outcome, chance.choice(list(months)), chance.random() < 0.8))
    return found


def counters_of(walked: Iterable[Walked], ground: Ground) -> Counters:
    """The counters of these walks, which all answered the first question."""
    found = Counter[tuple[str, str, str]]()
    for walk in walked:
        level, rule = ground.flows[walk.flow].outcomes[walk.outcome]
        kommune, start = ground.geography.counted_as(walk.kommune), ground.flows[walk.flow].start
        quarter, month = f"2026K{(walk.month + 2) // 3}", f"2026M{walk.month:02}"
        found[quarter, "use", f"{kommune}/{walk.flow}"] += 1
        found[quarter, "level", f"{kommune}/{level}"] += 1
        found["2026", "level", f"{kommune}/{walk.flow}/{level}"] += 1
        if walk.kommune in ground.examples:
            continue
        found["2026", "topics", f"{walk.flow}/{walk.outcome}"] += 1
        for table, cell in (
            ("professions", f"{walk.flow}/{level}"),
            ("parents", f"{walk.flow}/{rule}"),
            ("hours", "inside" if walk.inside else "outside"),
            ("quality", f"{walk.flow}/{start}/shown"),
            ("quality", f"{walk.flow}/{start}/answered"),
        ):
            found[month, table, cell] += 1
    return found


def fill(engine: Engine, counters: Counters) -> None:
    """Put counters in a database, which becomes one of ours."""
    db.prepare(engine)
    with engine.begin() as connection:
        rows = [{"period": p, "tab": t, "cell": c, "n": n} for (p, t, c), n in counters.items()]
        connection.execute(insert(db.counter), rows)


@dataclass(frozen=True)
class Narrow:
    """As the audit tells of one cell."""

    key: Key
    low: float = 0.0
    high: float = 2.0


@dataclass(frozen=True)
class Found:
    """What an audit of these tests answers; the real one has tests of its own."""

    narrow: tuple[Narrow, ...] = ()
    cells: int = 0
    hidden: int = 0
    narrowest: float = 9.0
    detail: dict[str, int] = field(default_factory=dict)


def content_with(*arguments: object) -> Found:
    """An audit that finds nothing narrow."""
    return Found()
