"""What is shown of a closed round: which groups, which ranges. What follows from it: `tests/attacks/test_rooms.py`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from guide.training.tally import Bar, Chart, apart, tallied, turned
from guide.training.votes import OTHERS, TABLE, Vote

CHOICES = ("a", "b", "c", "d")


def by_choice(vote: Vote) -> str:
    return vote.choice


def votes(**groups: str) -> list[Vote]:
    """`skole="aab"`: three votes of that group."""
    return [Vote(group, "", choice) for group, choices in groups.items() for choice in choices]


def bars(counts: Sequence[int]) -> list[tuple[int, int]]:
    """The ranges of a group with so many votes for each choice."""
    every = [Vote("skole", "", choice) for choice, n in zip(CHOICES, counts, strict=False) for _ in range(n)]
    return [(bar.low, bar.high) for bar in tallied(every, CHOICES[: len(counts)], by_choice).charts[1].bars]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((3, 2), [(1, 4), (1, 4)]),
        ((4, 1), [(1, 4), (1, 4)]),
        ((5, 1), [(1, 5), (1, 5)]),
        ((5, 2, 0), [(5, 6), (1, 2), (0, 0)]),
        ((4, 3, 1), [(1, 4), (1, 4), (1, 4)]),
        ((7, 3), [(7, 9), (1, 3)]),
        ((6, 3, 1), [(5, 8), (1, 4), (1, 4)]),
        ((20, 7, 3), [(18, 20), (6, 8), (2, 4)]),
        ((2, 1, 1, 1), [(0, 5)] * 4),
        ((9, 0), [(9, 9), (0, 0)]),
    ],
)
def test_what_is_told_of_a_group(counts: tuple[int, ...], told: list[tuple[int, int]]) -> None:
    assert bars(counts) == told


def test_a_small_room_has_no_chart() -> None:
    assert tallied(votes(skole="aaaa"), CHOICES, by_choice) == tallied(votes(skole="abcd"), CHOICES, by_choice)
    assert tallied(votes(skole="aaaa"), CHOICES, by_choice).answered == 4
    assert tallied([], CHOICES, by_choice).charts == ()


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"skole": 5, "tandpleje": 6}, {"skole": 5, "tandpleje": 6}),
        ({"skole": 5, "tandpleje": 4}, {OTHERS: 9}),
        ({"skole": 5, "tandpleje": 4, OTHERS: 1}, {"skole": 5, OTHERS: 5}),
        ({"skole": 7, "tandpleje": 1, "dagtilbud": 6}, {"skole": 7, OTHERS: 7}),
        ({"tandpleje": 6, "skole": 6, OTHERS: 2}, {"tandpleje": 6, OTHERS: 8}),
        ({OTHERS: 6, "skole": 8, TABLE: 5}, {TABLE: 5, "skole": 8, OTHERS: 6}),
        ({TABLE: 3, OTHERS: 3, "skole": 8}, {"skole": 8, OTHERS: 6}),
        ({"skole": 2, "tandpleje": 2}, {}),
    ],
)
def test_small_groups_go_with_others_and_take_the_smallest_along(sizes: dict[str, int], shown: dict[str, int]) -> None:
    found = apart(votes(**{group: "a" * n for group, n in sizes.items()}))
    assert [(group, len(part)) for group, part in found.items()] == list(shown.items())


def test_the_whole_room_comes_first_and_adds_the_groups() -> None:
    found = tallied(votes(skole="aaabb", tandpleje="aaaaaa", oevrige="bbbbcc"), CHOICES, by_choice)
    assert found.answered == 17
    assert [(chart.group, chart.low, chart.high) for chart in found.charts] == [
        ("", 17, 17), ("skole", 5, 5), ("tandpleje", 6, 6), (OTHERS, 6, 6)
    ]  # fmt: skip
    assert found.charts[0].bars == (Bar("a", 7, 10), Bar("b", 2, 9), Bar("c", 1, 5), Bar("d", 0, 0))


def test_without_a_group_apart_there_is_one_chart() -> None:
    found = tallied(votes(skole="aaab", tandpleje="abb"), CHOICES, by_choice)
    assert [chart.group for chart in found.charts] == [""]


def test_ranges_hold_the_votes_whatever_their_order() -> None:
    """Seed 36, 300 rooms of up to 200 votes: true, never one number but for none or all, and never far off."""
    rng = random.Random(36)
    for _ in range(300):
        n, kinds = rng.randint(5, 200), rng.choice((2, 3, 4))
        every = [Vote("skole", "", rng.choice(CHOICES[:kinds])) for _ in range(n)]
        found = tallied(every, CHOICES, by_choice)
        assert found == tallied(rng.sample(every, n), CHOICES, by_choice)
        counts = Counter(map(by_choice, every))
        for bar in found.charts[1].bars:
            assert bar.low <= counts[bar.choice] <= bar.high
            assert bar.low < bar.high or counts[bar.choice] in (0, n)
            assert bar.high - bar.low < 12


def test_before_and_after_for_the_room_and_for_groups_shown_apart_in_both() -> None:
    first = votes(skole="aaabb", tandpleje="aaaaab", dagtilbud="aabbb", oevrige="aaabb")
    second = votes(skole="bbbbb", tandpleje="bbbb", dagtilbud="aabbbb", oevrige="bbbba")
    found = turned(first, second, CHOICES, by_choice)
    assert [(before.group, after.group) for before, after in found] == [("", "")] + [
        (g, g) for g in ("dagtilbud", "skole")
    ]
    assert [before for before, _ in found] == [
        chart for chart in tallied(first, CHOICES, by_choice).charts if chart.group in ("", "dagtilbud", "skole")
    ]
    assert turned(first, votes(skole="aaaa"), CHOICES, by_choice) == ()
    assert turned(first[:4], second, CHOICES, by_choice) == ()


def test_a_choice_that_the_content_no_longer_has_is_shown_after_the_others() -> None:
    found = tallied(votes(skole="aaazz"), ("a", "b"), by_choice)
    assert [bar.choice for bar in found.charts[0].bars] == ["a", "b", "z"]
    before, after = turned(votes(skole="aaazz"), votes(skole="aaaab"), ("a", "b"), by_choice)[0]
    assert [bar.choice for bar in before.bars] == [bar.choice for bar in after.bars] == ["a", "b", "z"]


def test_levels_and_parents_rules_are_sums_of_the_same_ranges() -> None:
    """Of ten, four end in the one way and three in each of the others; seven of them at one level."""
    ways = (("underret", "foerst", 4), ("underret", "ikke", 3), ("akut", "ikke", 3))
    every = [Vote("skole", "skole", "", level, parents) for level, parents, n in ways for _ in range(n)]
    levels = tallied(every, ("underret", "akut"), lambda vote: vote.level).charts[0]
    parents = tallied(every, ("foerst", "ikke"), lambda vote: vote.parents).charts[0]
    assert levels == Chart("", 10, 10, (Bar("underret", 6, 8), Bar("akut", 2, 4)))
    assert parents == Chart("", 10, 10, (Bar("foerst", 2, 4), Bar("ikke", 6, 8)))


def test_nothing_but_the_answer_can_be_asked_about() -> None:
    every = [Vote("skole", "skole", "", "akut", "ikke", outcome=str(n % 2)) for n in range(8)]
    with pytest.raises(ValueError, match="nothing else"):
        tallied(every, ("0", "1"), lambda vote: vote.outcome)


def test_of_a_mixed_group_nothing_is_told_of_the_parents_rules() -> None:
    """Nine of one faggruppe and one of another: a level and a rule that only her flow joins would tell her answer."""
    nine = [Vote("dagtilbud", "dagtilbud", "", "straks", "kun-udsat")] * 7
    nine += [Vote("dagtilbud", "dagtilbud", "", "bekymring", "foerst")] * 2
    room = [*nine, Vote("tandpleje", "tandpleje", "", "bekymring", "ikke")]
    rules, levels = ["foerst", "ikke", "kun-udsat"], ["bekymring", "straks"]
    (parents,) = tallied(room, rules, lambda vote: vote.parents).charts
    assert {(bar.low, bar.high) for bar in parents.bars} == {(0, 10)}
    (level,) = tallied(room, levels, lambda vote: vote.level).charts
    assert all(bar.low > 0 for bar in level.bars)
    alone = tallied(nine, rules, lambda vote: vote.parents).charts[0]
    assert any(bar.low > 0 for bar in alone.bars), "of one flow they are told"
