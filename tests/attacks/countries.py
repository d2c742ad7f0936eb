"""Made-up countries with their true joint: who walked where, as no counter and no figure ever has it.

Everything here is invented. A country has kommuner of all sizes, empty cells, single walks, kommuner with one
professional, rows that one level dominates, and landsdele of one kommune. Not here:
the releases (`naive.py`), the attacks.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field, replace

from guide.statistics.knowledge import Known

YEAR = 2026
QUARTERS = tuple(f"{YEAR}K{n}" for n in (1, 2, 3, 4))
LEVELS = ("undren", "bekymring", "underret", "straks", "akut")
RULES = ("foerst", "orienter", "efter-aftale", "ikke")
MONTHS = {
    f"{YEAR}K{(n + 2) // 3}": [f"{YEAR}M{m:02}" for m in range((n + 2) // 3 * 3 - 2, (n + 2) // 3 * 3 + 1)]
    for n in range(1, 13)
}

Walk = tuple[str, str, str, str]
"""kommune, flow, outcome, quarter"""


@dataclass
class Country:
    """`joint`: walks by kommune, flow, outcome and quarter; `left`: those that ended nowhere. `bands`: inhabitants."""

    known: Known
    bands: dict[str, str]
    joint: Counter[Walk] = field(default_factory=Counter)
    left: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Questions by flow.step, measure and quarter."""
    inside: Counter[str] = field(default_factory=Counter)
    """Walks in opening hours by quarter."""
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Outcomes of a kommune's own that stand for no national one: level and parents rule."""

    def pair(self, flow: str, outcome: str) -> tuple[str, str]:
        """The level and the parents rule of an outcome."""
        return self.own[outcome] if outcome in self.own else self.known.outcomes[flow][outcome]

    @property
    def flows(self) -> list[str]:
        return sorted(self.known.outcomes)

    def used(self) -> Counter[tuple[str, str, str]]:
        """Walks with an answer by kommune, flow and quarter."""
        found = Counter(self.left)
        for (kommune, flow, _, quarter), n in self.joint.items():
            found[kommune, flow, quarter] += n
        return found

    def reached(self) -> Counter[tuple[str, str, str, str]]:
        """Walks by kommune, flow, level and quarter."""
        found = Counter[tuple[str, str, str, str]]()
        for (kommune, flow, outcome, quarter), n in self.joint.items():
            found[kommune, flow, self.pair(flow, outcome)[0], quarter] += n
        return found


def country(
    seed: int,
    kommuner: int = 15,
    landsdele: int = 3,
    flows: int = 4,
    levels: int = 5,
    walks: float = 60.0,
    mild: int = 2,
    apart: int = 0,
    own: bool = False,
) -> Country:
    """A country. `walks`: about how many a kommune of middle size has in a quarter; `mild`: outcomes of each level.

    `apart`: so many kommuner have an installation of their own; `own`: one has outcomes that stand for no national one.
    """
    draw = random.Random(seed)
    outcomes = {f"fag{n}": _outcomes(draw, LEVELS[:levels], mild, n) for n in range(flows)}
    known = Known(
        {f"k{n:02}": f"d{n * landsdele // kommuner}" for n in range(kommuner)},
        outcomes,
        {flow: "q0" for flow in outcomes},
        frozenset(f"k{n:02}" for n in range(apart)),
        own,
    )
    made = Country(known, {})
    for kommune in (*known.landsdele, "oevrige", "hele-landet"):
        made.bands[kommune] = draw.choices(("under-20000", "20000"), (0.1, 0.9))[0]
        _fill(made, kommune, draw, walks)
    few = frozenset(name for name in known.landsdele if made.bands[name] == "under-20000")
    made.known = replace(known, unsplit=few)
    if own:
        _own(made, f"k{kommuner - 1:02}", draw)
    _questions(made, draw)
    return made


def _own(made: Country, kommune: str, draw: random.Random) -> None:
    """Some walks of the kommune ended with an outcome that it wrote itself."""
    levels = sorted({level for outcomes in made.known.outcomes.values() for level, _ in outcomes.values()})
    rules = sorted({rule for outcomes in made.known.outcomes.values() for _, rule in outcomes.values()})
    made.own = {"lokalt": (levels[0], rules[0])}
    for walk in [walk for walk in made.joint if walk[0] == kommune]:
        moved = _few(draw, made.joint[walk], 0.3)
        made.joint[walk] -= moved
        made.joint[kommune, walk[1], "lokalt", walk[3]] += moved


def small(seed: int) -> Country:
    """One of many kinds of small country: 2 to 4 kommuner, from a handful of walks in each to hundreds."""
    return country(
        seed,
        kommuner=2 + seed % 3,
        landsdele=1 + seed % 2,
        flows=1 + seed % 4 // 3,
        levels=2 + seed % 5 // 3,
        walks=(4.0, 15.0, 40.0, 90.0, 200.0)[seed % 5],
        mild=1 + seed % 7 // 6,
        apart=int(seed % 10 == 2),
        own=seed % 10 == 4,
    )


def _outcomes(draw: random.Random, levels: tuple[str, ...], mild: int, n: int) -> dict[str, tuple[str, str]]:
    """Each level with a few outcomes; one flow does not have the first level."""
    named = [(level, i) for level in levels[1 if n == 3 else 0 :] for i in range(mild)]
    return {f"{level}-{i}": (level, draw.choice(RULES)) for level, i in named}


def _fill(made: Country, kommune: str, draw: random.Random, walks: float) -> None:
    size = walks * draw.lognormvariate(0, 0.9) * (0.3 if kommune == "hele-landet" else 1)
    kind = draw.random()
    for flow in made.flows:
        share = draw.uniform(0.3, 1.7) / len(made.flows)
        if kind < 0.08 and flow == made.flows[0]:
            share = 0.0
        weights = {o: _weight(draw, level) for o, (level, _) in made.known.outcomes[flow].items()}
        if kind > 0.9:
            chosen = draw.choice(sorted(weights))
            weights[chosen] = sum(weights.values()) * 15
        for quarter in QUARTERS:
            n = _about(draw, size * share * draw.uniform(0.7, 1.3))
            if 0.08 < kind < 0.14 and flow == made.flows[-1]:
                n = draw.randint(0, 1)
            for outcome in draw.choices(sorted(weights), [weights[o] for o in sorted(weights)], k=n):
                if draw.random() < 0.12:
                    made.left[kommune, flow, quarter] += 1
                else:
                    made.joint[kommune, flow, outcome, quarter] += 1


def _weight(draw: random.Random, level: str) -> float:
    return (5, 8, 6, 2, 0.6)[LEVELS.index(level)] * draw.uniform(0.2, 1.8)


def _about(draw: random.Random, mean: float) -> int:
    """A whole number about `mean`, never below 0."""
    return max(0, round(draw.gauss(mean, mean**0.5)))


def _questions(made: Country, draw: random.Random) -> None:
    used = made.used()
    for quarter in QUARTERS:
        for flow in made.flows:
            n = sum(m for (_, f, q), m in used.items() if (f, q) == (flow, quarter))
            for step in range(4):
                shown = _about(draw, n * 1.1) + n // 50 if step == 0 else n
                n = n if step == 0 else shown - _about(draw, shown * 0.04)
                n, shown = min(n, shown) if step else n, max(n, shown)
                rates = {"shown": shown, "answered": n, "changed": _few(draw, n, 0.05), "unsure": _few(draw, n, 0.1)}
                for measure, m in rates.items():
                    made.asked[f"{flow}.q{step}", measure, quarter] = m
        all_used = sum(m for (_, _, q), m in used.items() if q == quarter)
        made.inside[quarter] = all_used - _few(draw, all_used, 0.15)


def _few(draw: random.Random, n: int, rate: float) -> int:
    return min(n, _about(draw, n * rate))


def counters(made: Country) -> dict[tuple[str, str, str], int]:
    """The counters of a year of such a country, as `guide/usage/counters.py` writes them down."""
    found, draw = Counter[tuple[str, str, str]](), random.Random(0)
    for (kommune, flow, quarter), n in made.used().items():
        found[quarter, "use", f"{kommune}/{flow}"] += n
    for (kommune, flow, outcome, quarter), n in made.joint.items():
        level, rule = made.pair(flow, outcome)
        apart = kommune in made.known.apart
        month = str(YEAR) if apart else draw.choice(MONTHS[quarter])
        found[quarter, "level", f"{kommune}/{level}"] += n
        found[str(YEAR), "level", f"{kommune}/{flow}/{level}"] += n
        found[month, "professions", f"{flow}/{level}"] += n
        found[month, "parents", f"{flow}/{rule}"] += n
        if not apart and outcome not in made.own:
            found[str(YEAR), "topics", f"{flow}/{outcome}"] += n
    for (row, measure, quarter), n in made.asked.items():
        found[MONTHS[quarter][0], "quality", f"{row.replace('.', '/')}/{measure}"] += n
    for quarter, n in made.inside.items():
        used = sum(m for (_, _, q), m in made.used().items() if q == quarter)
        found[MONTHS[quarter][1], "hours", "inside"] += n
        found[MONTHS[quarter][1], "hours", "outside"] += used - n
    return {key: n for key, n in found.items() if n}
