"""Where ways part, and that it tells nothing of small bars to somebody who knows the flow.

The attacker of `tests/attacks/test_rooms.py` comes again, with every way through the flow in his head: flows are made
from seed 36, groups of 5-21 are sent through each in every way, and groups with the same charts and partings are
put together. 14 flows, the larger groups through those with few ways; with GUIDE_NIGHT=1 168 flows.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

import pytest

from guide.training import parting
from guide.training.parting import Parting, partings
from guide.training.tally import Bar, tallied
from guide.training.votes import OTHERS, TABLE, Vote
from tests.attacks import night

LEVELS, PARENTS = ("undren", "bekymring", "underret"), ("foerst", "ikke")
Way = tuple[tuple[str, tuple[str, ...]], ...]


def walked(*steps: str, group: str = "skole", flow: str = "skole", level: str = "undren") -> Vote:
    """A vote by steps as `q1:a+b`."""
    path = tuple((q, tuple(o.split("+"))) for q, o in (step.split(":") for step in steps))
    return Vote(group, flow, "", level=level, parents="foerst", outcome="u", path=path)


def test_the_first_parting_and_then_the_most_divided() -> None:
    votes = [walked("q1:a", "q2:ja" if n < 6 else "q2:nej", f"q3:{n % 2}", f"q4:{n % 3}") for n in range(24)]
    some = (1, 23)
    assert partings(votes) == (
        Parting("skole", "skole", 2, "q2", (Bar("ja", *some), Bar("nej", *some))),
        Parting("skole", "skole", 4, "q4", tuple(Bar(option, *some) for option in "012")),
    )
    assert [one.question for one in partings(votes, at_most=1)] == ["q2"]
    assert [one.question for one in partings(votes, at_most=9)] == ["q2", "q4", "q3"]
    assert partings(votes, at_most=0) == ()


def test_nobody_parts_where_all_answer_alike() -> None:
    assert partings([walked("q1:a", "q2:b")] * 8) == ()
    assert partings([]) == ()


def test_of_a_question_with_several_answers_some_or_all_ticked_an_option() -> None:
    votes = [walked("q1:a+b" if n < 4 else "q1:b+c") for n in range(9)]
    assert partings(votes)[0].bars == (Bar("a", 1, 8), Bar("b", 9, 9), Bar("c", 1, 8))


def test_a_question_with_too_many_answers_is_told_without_them() -> None:
    votes = [walked(f"q1:{n}") for n in range(6)]
    assert partings(votes) == (Parting("skole", "skole", 1, "q1", ()),)


def test_questions_after_a_parting_count_only_where_all_meet_them_at_the_same_place() -> None:
    votes = [walked("q1:a", "q2:x") if n % 2 else walked("q1:b", "q3:x", "q2:y") for n in range(10)]
    assert [one.question for one in partings(votes)] == ["q1"]


@pytest.mark.parametrize("group", [OTHERS, TABLE])
def test_only_faggrupper_that_walked_one_flow_part(group: str) -> None:
    votes = [walked(f"q1:{n % 2}", group=group, flow="skole" if n < 5 else "tandpleje") for n in range(10)]
    assert partings(votes) == ()


def test_nothing_of_a_group_under_five_nor_of_those_it_is_shown_with() -> None:
    few = [walked(f"q1:{n % 2}") for n in range(4)]
    many = [walked(f"q1:{n % 2}", group="tandpleje", flow="tandpleje") for n in range(6)]
    largest = [walked(f"q1:{n % 2}", group="dagtilbud", flow="dagtilbud") for n in range(9)]
    assert partings(few) == ()
    assert partings(few + many) == ()
    assert [one.group for one in partings(few + many + largest)] == ["dagtilbud"]


def test_ways_are_followed_while_most_surely_go_together() -> None:
    """One leaves at the first question; the other nineteen go on, and part at the third."""
    left = walked("q1:fare", level="akut")
    others = [walked("q1:nej", "q2:a", f"q3:{n % 2}") for n in range(19)]
    first, second = partings([left, *others])
    assert (first.question, first.bars) == ("q1", (Bar("fare", 1, 19), Bar("nej", 1, 19)))
    assert (second.question, second.number, second.bars) == ("q3", 3, (Bar("0", 1, 18), Bar("1", 1, 18)))


def test_a_way_that_half_of_the_group_left_is_not_followed() -> None:
    left = [walked("q1:b", f"q4:{n % 2}", level="akut") for n in range(10)]
    others = [walked("q1:a", f"q3:{n % 2}") for n in range(10)]
    assert [one.question for one in partings([*left, *others])] == ["q1"]


def test_one_vote_more_or_less_never_shows_but_by_whether_anybody() -> None:
    """The order of votes, and how many chose what, make no difference where somebody did."""
    rng = random.Random(36)
    for _ in range(200):
        n, kinds = rng.randint(8, 30), rng.randint(2, 3)
        votes = [walked(f"q1:{k}") for k in [*range(kinds), *(rng.randrange(kinds) for _ in range(n - kinds))]]
        told = partings(votes)
        assert partings(rng.sample(votes, n)) == told
        assert told[0].bars == tuple(Bar(str(k), 1, n - 1) for k in range(kinds))


def flow(rng: random.Random, at: str = "q", depth: int = 0) -> list[tuple[Way, str, str]]:
    """Every way through a made-up flow of at most three questions on a way: steps, level, parents rule."""
    if depth == 3 or (depth and rng.random() < 0.45):
        return [((), rng.choice(LEVELS), rng.choice(PARENTS))]
    found, after = list[tuple[Way, str, str]](), rng.random() < 0.4
    same = flow(rng, at + "s", depth + 1)
    answers = [("a",), ("a", "b"), ("b",)] if rng.random() < 0.2 else [(o,) for o in "abc"[: rng.choice((2, 2, 3))]]
    for options in answers:
        further = same if after and rng.random() < 0.7 else flow(rng, at + options[-1], depth + 1)
        found += [(((at, options), *way), level, parents) for way, level, parents in further]
    return found


def known(votes: Sequence[Vote]) -> Counter[str]:
    """How many chose each option of each question, and each level and parents rule."""
    found = Counter(f"{question}:{option}" for vote in votes for question, options in vote.path for option in options)
    return found + Counter(vote.level for vote in votes) + Counter(vote.parents for vote in votes)


Told = tuple[object, object, tuple[Parting, ...]]


def published(votes: Sequence[Vote]) -> Told:
    levels, parents = tallied(votes, LEVELS, lambda v: v.level), tallied(votes, PARENTS, lambda v: v.parents)
    return levels, parents, partings(votes)


def found_out(ways: Sequence[Vote], n: int, publish: Callable[[Sequence[Vote]], Told] = published) -> str:
    """A number of 1-4 that is known of some group of n, of what is told of it; empty when none."""
    alike = defaultdict[Told, list[Counter[str]]](list)
    for votes in combinations_with_replacement(ways, n):
        alike[publish(votes)].append(known(votes))
    for told, groups in alike.items():
        bars = {f"{one.question}:{bar.choice}" for one in told[2] for bar in one.bars}
        for name in sorted(bars | {*LEVELS, *PARENTS}):
            values = {counts[name] for counts in groups}
            if len(values) == 1 and 1 <= min(values) <= 4:
                return f"{name} is {min(values)} in {told}"
    return ""


def made(rng: random.Random, most: int = 6) -> list[Vote]:
    """Every vote there can be in a made-up flow of three to so many ways that do not all end alike."""
    while True:
        ways = flow(rng)
        if 3 <= len(ways) <= most and len({way[1:] for way in ways}) > 1:
            return [Vote("skole", "skole", "", level, parents, "u", way) for way, level, parents in ways]


@pytest.mark.parametrize(
    ("most", "sizes", "flows"),
    [(6, range(5, 8), 5), (6, range(8, 10), 1), (4, range(11, 15, 2), 4), (3, range(15, 23, 3), 4)],
)
def test_who_knows_the_flow_finds_out_no_small_number(most: int, sizes: range, flows: int) -> None:
    rng = random.Random(36)
    for _ in range(flows * (12 if night() else 1)):
        ways = made(rng, most)
        assert [found for n in sizes if (found := found_out(ways, n))] == [], ways


def test_the_attacker_meets_what_he_is_there_to_meet() -> None:
    """Partings with and without options, and ways that are followed after some have left them."""
    rng, kinds = random.Random(36), Counter[str]()
    for _ in range(300):
        ways, n = made(rng, 4), rng.randint(11, 14)
        for one in partings([*ways, *rng.choices(ways, weights=[8, *[1] * (len(ways) - 1)], k=n - len(ways))]):
            kinds["question"] += not one.bars
            kinds["followed"] += any(bar.high == n - 2 for bar in one.bars)
            kinds["all"] += bool(one.bars)
    assert min(kinds[kind] for kind in ("question", "followed", "all")) > 5, kinds


def test_planted_a_parting_that_is_always_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the measure of what follows for the levels, the attacker wins."""
    monkeypatch.setattr(parting, "_open", lambda told, n, known: True)
    rng = random.Random(36)
    assert any(found_out(made(rng), n) for _ in range(30) for n in (5, 6, 7))


def test_planted_numbers_at_partings() -> None:
    """Who subtracts what went the one way from a level knows who went the other."""

    def counted(votes: Sequence[Vote]) -> Told:
        levels, parents, told = published(votes)
        found = known(votes)
        exact = [
            replace(one, bars=tuple(Bar(bar.choice, *[found[f"{one.question}:{bar.choice}"]] * 2) for bar in one.bars))
            for one in told
        ]
        return levels, parents, tuple(exact)

    rng = random.Random(36)
    assert any(found_out(made(rng), n, counted) for _ in range(3) for n in (6, 7))
