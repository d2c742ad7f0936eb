"""T-P8: what somebody in the room can work out of the charts of a temadag.

The attacker has every chart of a round, of levels and of parents rules; knows how many of each group voted, how the
charts are made, and which level and parents rule go together; and adds his own vote. All rooms of given sizes are gone
through, those with the same charts are put together, and what is the same in all of them is known. Seed 8: 60 rooms of
5-16 votes in 2-4 groups and every group of 5-11 on up to four answers; with GUIDE_NIGHT=1 400 rooms and groups of
5-16 on up to five. And one who is alone with her faggruppe in a room of another, with the ways to end that their flows
really have: 5 others, 8 at night. Planted faults: a threshold of 4, OTHERS that stays small, ranges that always are
1-4, 5-8, ..., or count the parents rules of several flows, charts made each by itself, exact numbers, and OTHERS before
and after.

Not here: that practice leaves the figures alone, and what stays on the disk.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement, product
from math import comb, prod
from typing import Any

import pytest

from guide.library.library import Library
from guide.model import Level, Parents
from guide.training import tally
from guide.training.tally import Chart, Result
from guide.training.votes import OTHERS, TABLE, Vote
from tests.attacks import night

Cell = tuple[str, str]
Filled = Counter[Cell]
Room = dict[str, Filled]
"""How many of each group gave each answer."""

CELLS: tuple[Cell, ...] = (
    ("undren", "foerst"), ("bekymring", "foerst"), ("bekymring", "orienter"), ("underret", "orienter"),
    ("underret", "ikke"), ("akut", "ikke")
)  # fmt: skip
"""Ways to end that attackers know; a level mostly goes with one parents rule."""
LEVELS = tuple(dict.fromkeys(level for level, _ in CELLS))
PARENTS = tuple(dict.fromkeys(parents for _, parents in CELLS))
GROUPS = ("dagtilbud", "skole", "sundhedspleje", "tandpleje", OTHERS, TABLE)


def by_level(vote: Vote) -> str:
    return vote.level


def by_parents(vote: Vote) -> str:
    return vote.parents


def votes_of(room: Room) -> list[Vote]:
    return [
        Vote(group, group, "", level=level, parents=parents)
        for group, filled in room.items()
        for (level, parents), n in filled.items()
        for _ in range(n)
    ]


def published(room: Room) -> tuple[Result, Result]:
    votes = votes_of(room)
    return tally.tallied(votes, LEVELS, by_level), tally.tallied(votes, PARENTS, by_parents)


def each_by_itself(room: Room) -> tuple[Result, Result]:
    """Fault: levels are tallied as if nobody had been asked about parents, and the other way round."""
    votes = votes_of(room)
    return (
        tally.tallied([Vote(v.group, v.flow, "", level=v.level) for v in votes], LEVELS, by_level),
        tally.tallied([Vote(v.group, v.flow, "", parents=v.parents) for v in votes], PARENTS, by_parents),
    )


def naive(room: Room) -> tuple[Result, Result]:
    """Exact numbers, groups of any size: what one writes at first."""

    def chart(group: str, votes: list[Vote], choices: Sequence[str], of: Callable[[Vote], str]) -> Chart:
        found = Counter(map(of, votes))
        return Chart(group, len(votes), len(votes), tuple(tally.Bar(c, found[c], found[c]) for c in choices))

    votes = votes_of(room)
    parts = {"": votes, **{g: [v for v in votes if v.group == g] for g in room}}
    levels = tuple(chart(group, part, LEVELS, by_level) for group, part in parts.items())
    parents = tuple(chart(group, part, PARENTS, by_parents) for group, part in parts.items())
    return Result(len(votes), levels), Result(len(votes), parents)


def fillings(n: int, cells: Sequence[Cell]) -> list[Filled]:
    return [Counter(chosen) for chosen in combinations_with_replacement(cells, n)]


def rooms_alike(
    sizes: Mapping[str, int], cells: Sequence[Cell], publish: Callable[[Room], Any]
) -> Iterator[tuple[Any, list[Room]]]:
    """All rooms of these sizes, those with the same charts together."""
    alike = defaultdict[Any, list[Room]](list)
    for filled in product(*(fillings(n, cells) for n in sizes.values())):
        room = dict(zip(sizes, filled, strict=True))
        alike[publish(room)].append(room)
    yield from alike.items()


def counted(room: Room, groups: Sequence[str], side: int, choice: str) -> int:
    return sum(n for group in groups for cell, n in room[group].items() if cell[side] == choice)


def company(shown: tuple[Result, Result], sizes: Mapping[str, int], group: str) -> list[str]:
    """Whose votes stand in the same chart: of a group without one of its own all such groups."""
    own = {chart.group for result in shown for chart in result.charts} - {""}
    if group == "":
        return list(sizes)
    if group == OTHERS or group not in own:
        return [g for g in sizes if g not in own or g == OTHERS]
    return [group]


def pinned(shown: tuple[Result, Result], rooms: list[Room], sizes: Mapping[str, int]) -> str:
    """The first bar of 1-4 that is known to be one number."""
    for side, result in enumerate(shown):
        for chart in result.charts:
            groups = company(shown, sizes, chart.group)
            for bar in chart.bars:
                values = {counted(room, groups, side, bar.choice) for room in rooms}
                if len(values) == 1 and 1 <= min(values) <= 4:
                    return f"{chart.group or 'the room'}: {bar.choice} is {min(values)}"
    return ""


def separated(shown: tuple[Result, Result], rooms: list[Room], sizes: Mapping[str, int]) -> str:
    """The first group under five of whom something follows that does not follow for all it is shown with."""
    if not shown[0].charts:
        return ""
    for group in (g for g, n in sizes.items() if 0 < n < 5):
        together = company(shown, sizes, group)
        size, rest = sizes[group], sum(sizes[g] for g in together) - sizes[group]
        if size + rest < 5:
            return f"{group} is shown with {size + rest} in all"
        for side, choice in [(0, level) for level in LEVELS] + [(1, parents) for parents in PARENTS]:
            all_of_them = {counted(room, together, side, choice) for room in rooms}
            could = {x for n in all_of_them for x in range(max(0, n - rest), min(size, n) + 1)}
            if could != {counted(room, [group], side, choice) for room in rooms}:
                return f"{group}: {choice}"
    return ""


def untrue(shown: tuple[Result, Result], rooms: list[Room], sizes: Mapping[str, int]) -> str:
    """The first bar that does not hold the number it stands for, or leaves somebody out."""
    for side, result in enumerate(shown):
        for chart in result.charts:
            groups = company(shown, sizes, chart.group)
            if not chart.low == chart.high == sum(sizes[group] for group in groups):
                return f"{chart.group}: {chart.low}-{chart.high}"
            for bar in chart.bars:
                if not all(bar.low <= counted(room, groups, side, bar.choice) <= bar.high for room in rooms):
                    return f"{chart.group}: {bar}"
    return ""


def broken(
    sizes: Mapping[str, int], cells: Sequence[Cell], publish: Callable[[Room], tuple[Result, Result]] = published
) -> str:
    """What an attacker finds out in some room of these sizes; empty when nothing."""
    for shown, rooms in rooms_alike(sizes, cells, publish):
        found = untrue(shown, rooms, sizes) or separated(shown, rooms, sizes) or pinned(shown, rooms, sizes)
        for group, cell in product(sizes, cells):
            mine = [room for room in rooms if room[group][cell]]
            found = found or (pinned(shown, mine, sizes) if mine and len(mine) < len(rooms) else "")
        if found:
            return found
    return ""


def drawn(rng: random.Random, most: int) -> tuple[dict[str, int], tuple[Cell, ...]]:
    """Sizes of 2-4 groups, 5-16 votes in all, and the answers that can be given; at most so many different rooms."""
    while True:
        sizes = {group: rng.randint(1, 9) for group in sorted(rng.sample(GROUPS, rng.randint(2, 4)))}
        cells = tuple(sorted(rng.sample(CELLS, rng.randint(2, 4))))
        ways = prod(comb(n + len(cells) - 1, n) for n in sizes.values())
        if 5 <= sum(sizes.values()) <= 16 and ways <= most:
            return sizes, cells


def sample() -> list[tuple[dict[str, int], tuple[Cell, ...]]]:
    rng = random.Random(8)
    return [drawn(rng, 4_000 if night() else 400) for _ in range(400 if night() else 60)]


@pytest.mark.parametrize("kinds", range(2, 6 if night() else 5))
def test_no_small_bar_of_one_group_is_known(kinds: int) -> None:
    """Every group there can be, of level and parents rule that go together in every way."""
    for n in range(5, 17 if night() else 12):
        for start in range(len(CELLS) - kinds + 1):
            assert not broken({"skole": n}, CELLS[start : start + kinds]), n


def test_nothing_of_a_small_group_and_no_small_bar_of_a_room_is_known() -> None:
    rooms = sample()
    assert [(sizes, cells, found) for sizes, cells in rooms if (found := broken(sizes, cells))] == []
    small, apart_ = 0, 0
    for sizes, _ in rooms:
        small += any(n < 5 for n in sizes.values())
        apart_ += sum(n >= 5 for n in sizes.values()) > 1
    assert small > len(rooms) / 2  # the sample asks what it is there to ask
    assert apart_ > len(rooms) / 20


def test_two_rounds_tell_no_more_than_each() -> None:
    """Somebody comes late, and a group shown before is shown with others after."""
    cells, first, second = CELLS[1:3], {"skole": 5, "tandpleje": 2}, {"skole": 6, "tandpleje": 5}
    for sizes, later in ((first, second), (second, first), (second, second)):
        both = [list(rooms_alike(s, cells, published)) for s in (sizes, later)]
        for (shown, rooms), (shown_later, rooms_later) in product(*both):
            pairs = tally.turned(votes_of(rooms[0]), votes_of(rooms_later[0]), LEVELS, by_level)
            assert all(a in shown[0].charts and b in shown_later[0].charts for a, b in pairs)
            assert unturned(pairs, sizes, later) == ""


def unturned(pairs: Sequence[tuple[Chart, Chart]], *sizes: Mapping[str, int]) -> str:
    """The first group that may not be shown before and after."""
    for before, after in pairs:
        if before.group == OTHERS or before.group != after.group:
            return before.group
        if before.group and any(each.get(before.group, 0) < 5 for each in sizes):
            return before.group
    return ""


def test_exact_numbers_are_found_out() -> None:
    found = [broken(sizes, cells, naive) for sizes, cells in sample()[:20]]
    assert all(found)


def test_charts_made_each_by_itself_are_found_out() -> None:
    """One who knows that «akut» goes with one parents rule subtracts the one chart from the other."""
    assert " is " in broken(
        {"skole": 7}, (("undren", "foerst"), ("bekymring", "foerst"), ("akut", "ikke")), each_by_itself
    )


def ends(library: Library, flow: str) -> tuple[Cell, ...]:
    """The levels and parents rules that a walk of a shipped flow can end in."""
    found = library.flows[flow].flow.outcomes.values()
    return tuple(sorted({(one.level.value, one.parents.value) for one in found}))


def known(n: int, theirs: Sequence[Cell], hers: Sequence[Cell], together: bool) -> list[str]:
    """What follows from both charts of the answer of one in a room of `n` of another flow; all rooms are gone through.

    That everybody agrees on a level is shown, and tells hers too.
    """
    levels, rules = [level.value for level in Level], [rule.value for rule in Parents]
    alike = defaultdict[Any, set[Cell]](set)
    for filled, cell in product(combinations_with_replacement(theirs, n), hers):
        votes = [Vote(OTHERS if together else "dagtilbud", "dagtilbud", "", *one) for one in filled]
        votes.append(Vote(OTHERS if together else "tandpleje", "tandpleje", "", *cell))
        shown = tally.tallied(votes, levels, by_level), tally.tallied(votes, rules, by_parents)
        alike[shown].add(cell)
    return [
        f"{sorted(cells)}: {[(bar.choice, bar.low, bar.high) for bar in shown[0].charts[-1].bars if bar.high]}"
        for shown, cells in alike.items()
        if (len({level for level, _ in cells}) == 1 or len({rule for _, rule in cells}) == 1)
        and all(bar.low < n + 1 for bar in shown[0].charts[-1].bars)
    ]


@pytest.mark.parametrize(
    ("flow", "hers", "together"), [("dagtilbud", "tandpleje", True), ("sundhedspleje", "skole", False)]
)
def test_who_is_alone_with_her_faggruppe_is_not_known_by_what_only_her_flow_ends_in(
    content: Library, flow: str, hers: str, together: bool
) -> None:
    only = set(ends(content, hers)) - set(ends(content, flow))
    assert only, "there is something that only her flow ends in"
    assert known(8 if night() else 5, ends(content, flow), ends(content, hers), together) == []


def test_planted_ranges_that_count_the_parents_rules_of_several_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The low end of a level is then how many rules were given with it."""
    cells = (("bekymring", "foerst"), ("underret", "orienter"))
    hers = (*cells, ("bekymring", "ikke"))
    assert known(9, cells, hers, True) == []
    monkeypatch.setattr(tally, "plain", lambda votes: votes)
    assert known(9, cells, hers, True)


def test_planted_a_threshold_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "FEWEST", 4)
    assert "skole is shown with 4" in broken({"skole": 4, "tandpleje": 6}, CELLS[:2])


def test_planted_others_that_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(votes: Sequence[Vote]) -> dict[str, list[Vote]]:
        sizes = Counter(vote.group for vote in votes)
        found = defaultdict[str, list[Vote]](list)
        for vote in votes:
            found[vote.group if sizes[vote.group] >= 5 else OTHERS].append(vote)
        return dict(sorted(found.items(), key=lambda item: item[0] == OTHERS))

    monkeypatch.setattr(tally, "apart", forgetful)
    assert "is shown with 3" in broken({"skole": 3, "tandpleje": 6}, CELLS[:2])


def test_planted_small_groups_that_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole room counts them, the charts beside it do not: subtraction."""
    right = tally.apart
    monkeypatch.setattr(tally, "apart", lambda votes: {g: p for g, p in right(votes).items() if g != OTHERS})
    assert broken({"skole": 3, OTHERS: 2, "tandpleje": 6}, CELLS[:2])


def test_planted_ranges_that_never_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Six votes told as 5-8 and 1-4 are five and one."""

    def four_wide(votes: Sequence[Vote]) -> tally.Ranges:
        answers = Counter((vote.choice, vote.level, vote.parents) for vote in votes)
        return {answer: ((x - 1) // 4 * 4 + 1, (x + 3) // 4 * 4) for answer, x in answers.items()}

    monkeypatch.setattr(tally, "ranges", four_wide)
    assert " is 1" in broken({"skole": 6}, CELLS[:2])
    assert " is 4" in broken({"skole": 8}, CELLS[:2])


def test_planted_others_before_and_after() -> None:
    def faulty(first: Sequence[Vote], second: Sequence[Vote]) -> list[tuple[Chart, Chart]]:
        later = {chart.group: chart for chart in tally.tallied(second, LEVELS, by_level).charts}
        charts = tally.tallied(first, LEVELS, by_level).charts
        return [(chart, later[chart.group]) for chart in charts if chart.group in later]

    sizes = {OTHERS: 5, "skole": 6}
    votes = votes_of({group: Counter({CELLS[0]: n}) for group, n in sizes.items()})
    assert unturned(faulty(votes, votes), sizes, sizes) == OTHERS
