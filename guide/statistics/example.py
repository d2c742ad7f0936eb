"""A made-up Denmark: from a seed to the counters that two years of walks would give. Pure; nothing here is a fact.

Every counter comes from one joint: made-up walks, each of a kommune, a faggruppe, a month, a time of day and a way
through the real flow. What a walk counts is asked of `guide/usage/counters.py`, so the tables agree with one another as
those of real walks do. Sizes, shares and trends are chosen, not measured. Not here: the database (`filling.py`),
official figures (`example_official.py`), and `operations`, which no release reads.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, pairwise

from guide.flows.walk import Walk
from guide.library.geography import BANDS, Area
from guide.library.library import Library, Playable
from guide.model import Level, Scenario
from guide.statistics.periods import Period
from guide.usage.counters import COPENHAGEN, HOURS, Place, answered, begun

SEED = 8
WALKS = 160_000
"""Walks with an answer in the first year; the second has GROWTH times as many."""

GROWTH = 1.3

NATIONAL = "hele-landet"
"""What walks are counted under where no kommune was chosen."""

Cells = dict[tuple[str, str, str], int]
"""(period, table, cell) → n, as the counters stand in the database."""

LARGE = {"koebenhavn": 13.0, "aarhus": 7.0, "aalborg": 4.5, "odense": 4.0}
MEDIUM = {"esbjerg", "frederiksberg", "gentofte", "herning", "horsens", "kolding", "naestved", "randers", "roskilde"}
MEDIUM |= {"silkeborg", "slagelse", "soenderborg", "vejle", "viborg"}
WEIGHTS = {BANDS[0]: 0.05, BANDS[1]: 0.28, BANDS[2]: 0.9, "medium": 1.9}
"""How large against one of middling size. Rough and made up: no inhabitants are counted, but a large town is large."""

SPREAD, UPTAKE = 0.15, 0.12
"""How different kommuner of the same weight are in size, and those of the same size in how often the guide is used."""

SHARES = {"skole": 0.42, "dagtilbud": 0.30, "sundhedspleje": 0.18, "tandpleje": 0.10}
LEVELS = {
    "skole": (0.18, 0.36, 0.28, 0.15, 0.03),
    "dagtilbud": (0.22, 0.40, 0.26, 0.10, 0.02),
    "sundhedspleje": (0.16, 0.44, 0.27, 0.11, 0.02),
    "tandpleje": (0.20, 0.42, 0.25, 0.11, 0.02),
}
"""Of the walks of a faggruppe that reach an outcome: undren, bekymring, underret, straks, akut."""

LEFT, UNBEGUN = 0.13, 0.07
"""Shares of the walks that stop after an answer, and that show the first question only."""

STOPPED, IDLE = "stopped", "idle"

TEASING, TEASES = 0.15, 5.0
"""The share of questions where people stop more often than at others, and how many times as often."""

CHANGED = 0.015
"""How often an earlier answer is changed after an answer."""

BOLD = 0.05
"""How often an answer with a flag is chosen where one is free to choose another."""

OUTSIDE = {"skole": 0.17, "dagtilbud": 0.14, "sundhedspleje": 0.10, "tandpleje": 0.08}
"""The share of a faggruppe outside working hours; together well over the tenth below which no split is told."""

MONTHS = {
    "skole": (1.1, 0.9, 1.1, 0.9, 1.1, 0.9, 0.1, 1.0, 1.3, 1.0, 1.4, 0.9),
    "dagtilbud": (1.1, 0.9, 1.1, 1.0, 1.0, 1.0, 0.5, 1.0, 1.2, 1.0, 1.2, 0.9),
    "tandpleje": (1.1, 0.8, 1.1, 1.0, 1.1, 1.0, 0.3, 1.1, 1.2, 0.9, 1.3, 0.8),
}
"""The school's holidays; other faggrupper have none."""

RANDOM_WAYS = 100
"""Ways by chance through each flow, beside those of its scenarios, which together visit every option."""

_HERE = "her"
"""Stands for the kommune in the cells of a way."""


def years(today: date) -> tuple[int, int]:
    """The last two whole years that are closed."""
    last = today.year - 1 if Period(today.year - 1).closed(today) else today.year - 2
    return last - 1, last


@dataclass(frozen=True)
class Way:
    """A way through a flow, and the cells that it counts in: (kind of period, table, cell), by time of day."""

    kind: str
    """The level it reached, or STOPPED, or IDLE."""
    weight: float
    inside: tuple[tuple[str, str, str], ...]
    outside: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Corner:
    """A kommune of the made-up country: how many walks, from which month, and how it differs from others."""

    counted_as: str
    weight: float
    begins: int
    """Months after the first one."""
    tilt: random.Random
    example: bool = False


def counters(library: Library, of: tuple[int, ...], seed: int = SEED, walks: int = WALKS) -> Cells:
    """All counters of the years `of`, of about `walks` walks in the first. The same input gives the same counters."""
    flows = {name: _ways(library, name, seed) for name in sorted(library.flows)}
    corners = list(_corners(library, seed))
    whole = sum(corner.weight for corner in corners)
    found = Counter[tuple[str, str, str]]()
    for corner in corners:
        for name, ways in flows.items():
            share = SHARES.get(name, 0.2) * _about(corner.tilt, 0.2)
            _walk(found, corner, name, ways, of, share * walks * corner.weight / whole)
    return dict(sorted(found.items()))


def size(area: Area, seed: int) -> float:
    """How large a made-up kommune is, against one of middling size."""
    if area.id in LARGE:
        return LARGE[area.id]
    return _about(random.Random(f"{seed}/{area.id}"), SPREAD) * WEIGHTS["medium" if area.id in MEDIUM else area.band]


def _about(chance: random.Random, spread: float) -> float:
    """A factor around 1."""
    return math.exp(chance.gauss(0, spread))


def _corners(library: Library, seed: int) -> Iterator[Corner]:
    """Every kommune, those walks that chose none, and a few of an example, which reach no release."""
    for area in library.geography.areas.values():
        chance = random.Random(f"{seed}/walks/{area.id}")
        begins = 0 if area.id in LARGE or chance.random() < 0.85 else chance.randrange(1, 5)
        weight = size(area, seed) * _about(chance, UPTAKE)
        yield Corner(library.geography.counted_as(area.id), weight, begins, chance)
    if NATIONAL in library.municipalities:
        yield Corner(NATIONAL, 3.0, 0, random.Random(f"{seed}/{NATIONAL}"))
    examples = [name for name, one in library.municipalities.items() if one.example]
    for name in examples[:1]:
        yield Corner(name, 0.1, 0, random.Random(f"{seed}/{name}"), example=True)


def _walk(
    found: Counter[tuple[str, str, str]], corner: Corner, flow: str, ways: list[Way], of: tuple[int, ...], yearly: float
) -> None:
    """Add the walks of one faggruppe in one kommune. `yearly`: how many are to be expected in the first year."""
    chance = corner.tilt
    tilts = {kind: _about(chance, 0.2) for kind in dict.fromkeys(way.kind for way in ways)}
    running = list(accumulate(way.weight * tilts[way.kind] for way in ways))
    season = MONTHS.get(flow, (1.0,) * 12)
    for number, (year, month) in enumerate((year, month) for year in of for month in range(12)):
        if number < corner.begins:
            continue
        grown = GROWTH ** (number / 12) / GROWTH**0.5
        expected = yearly / sum(season) * season[month] * grown
        drawn = chance.choices(ways, cum_weights=running, k=_drawn(chance, expected)) if expected else []
        periods = _periods(year, month + 1)
        for way in drawn:
            late = chance.random() < OUTSIDE.get(flow, 0.1)
            for kind, tab, cell in way.outside if late else way.inside:
                here = tab in ("use", "level")
                if corner.example and not here:
                    continue
                found[periods[kind], tab, cell.replace(_HERE, corner.counted_as, 1) if here else cell] += 1


def _drawn(chance: random.Random, expected: float) -> int:
    """A number around what is expected, spread as counts are."""
    return max(0, round(chance.gauss(expected, math.sqrt(expected))))


def _periods(year: int, month: int) -> Mapping[str, str]:
    return {"year": f"{year}", "quarter": f"{year}K{(month + 2) // 3}", "month": f"{year}M{month:02}"}


def _ways(library: Library, name: str, seed: int) -> list[Way]:
    """The ways through a flow, each with how often it is gone; levels as LEVELS says."""
    playable, chance = library.flows[name], random.Random(f"{seed}/{name}")
    stops = {step: TEASES if chance.random() < TEASING else 1.0 for step in playable.flow.questions}
    whole = list(_whole(playable, library.scenarios.get(name, {}).values(), chance))
    found = [_way(name, IDLE, UNBEGUN, whole[0][:1])]
    for walks, weight in zip(whole, _weights(name, whole, chance), strict=True):
        found.append(_way(name, _level(walks), weight * (1 - LEFT), walks))
        if len(walks) > 2:  # stopped after n - 1 answers, at the question that was then shown
            n = chance.choices(range(2, len(walks)), [stops[walk.current] for walk in walks[1:-1]])[0]
            found.append(_way(name, STOPPED, weight * LEFT, walks[:n]))
    return found


def _level(walks: Sequence[Walk]) -> str:
    outcome = walks[-1].outcome
    return str(outcome.level) if outcome else STOPPED


def _whole(playable: Playable, scenarios: Iterable[Scenario], chance: random.Random) -> Iterator[list[Walk]]:
    """Walks to an outcome, step by step: those of the scenarios, and some by chance; now and then one is changed."""
    for given in [scenario.answers for scenario in scenarios] + [{}] * RANDOM_WAYS:
        walks = [Walk(playable.flow, playable.machine, {})]
        while (now := walks[-1]).outcome is None:
            walks.append(now.answer(now.current, given.get(now.current) or [_choice(now, chance)]))
            if walks[-1].outcome is None and chance.random() < CHANGED:
                was = chance.choice(walks[-1].answered)
                others = [name for name in was.question.options if (name,) != was.chosen]
                walks.append(walks[-1].answer(was.step, [chance.choice(others)]))
        yield walks


def _choice(now: Walk, chance: random.Random) -> str:
    options = now.flow.questions[now.current].options
    mild = [name for name, option in options.items() if not option.flags]
    return chance.choice(mild if mild and chance.random() > BOLD else list(options))


def _weights(name: str, whole: list[list[Walk]], chance: random.Random) -> Iterator[float]:
    """How often each way is gone: the level's share, then the outcome's within it, then all ways to it alike."""
    ends = Counter(walks[-1].current for walks in whole)
    often = {outcome: _about(chance, 0.7) for outcome in sorted(ends)}
    level_of = {walks[-1].current: _level(walks) for walks in whole}
    wanted = dict(zip(map(str, Level), LEVELS.get(name, (0.2,) * 5), strict=True))
    of_level = {level: sum(often[o] for o in often if level_of[o] == level) for level in wanted}
    for walks in whole:
        end = walks[-1].current
        yield wanted[level_of[end]] * often[end] / of_level[level_of[end]] / ends[end]


def _way(flow: str, kind: str, weight: float, walks: Sequence[Walk]) -> Way:
    """A way with its cells, as the counters themselves name them. The time of day changes nothing but `hours`."""
    inside = tuple(_cells(Place(_HERE, flow), walks))
    outside = tuple((when, tab, HOURS[1] if tab == "hours" else cell) for when, tab, cell in inside)
    return Way(kind, weight, inside, outside)


def _cells(place: Place, walks: Sequence[Walk]) -> Iterator[tuple[str, str, str]]:
    """(kind of period, table, cell) of every fact of a walk, each once, on a working day."""
    now = datetime(2025, 3, 12, 10, tzinfo=COPENHAGEN).timestamp()
    facts, reached = begun(place, walks[0], "", now), False
    for before, after in pairwise(walks):
        step = next(s for s in after.answers if before.answers.get(s) != after.answers[s])
        facts += answered(place, before, after, step, "", now, first=not reached)
        reached = reached or after.outcome is not None
    kinds = {period: kind for kind, period in _periods(2025, 3).items()}
    for fact in {fact.hash: fact for fact in facts}.values():
        yield kinds[fact.period], fact.tab, fact.cell
