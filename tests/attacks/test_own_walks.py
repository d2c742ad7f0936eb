"""T-P7: whoever adds walks of their own, can they tell whether one victim walked in a kommune?

First one figure alone, exactly; then the rows of a kommune together, exactly and played in rounds (`game.py`). The
advantage is how much more often than in half of the cases the best guess is right: 0 to 1/2. The attacker knows how
many walks to expect. Not here: one who knows every other walk; no rounding stands up to that one, as a test says.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable

import pytest

from guide.statistics.control import shown
from guide.statistics.tables import Key
from tests.attacks import night, oracle
from tests.attacks.game import best

KEY = Key("level", "2026K1", "k", "alle", "alle")
OWN = range(1, 21)


def poisson(mean: float) -> dict[int, float]:
    """The chance of each number of walks of others."""
    return {n: math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(int(mean + 12 * mean**0.5) + 20)}


def advantage(mean: float, *, rounded: bool = True, others: int | None = None) -> float:
    """Of the best guess at the best number of own walks. `others`: the attacker knows it exactly."""
    chances = {others: 1.0} if others is not None else poisson(mean)
    best = 0.0
    for own in OWN:
        seen: dict[int | None, float] = defaultdict(float)
        for n, chance in chances.items():
            for victim, sign in ((1, 1), (0, -1)):
                true = n + own + victim
                seen[shown(KEY, true).n if rounded else oracle.shown(true, 5, 1)] += sign * chance
        best = max(best, sum(map(abs, seen.values())) / 4)
    return best


@pytest.mark.parametrize("mean", [20, 40, 100, 400])
def test_the_attacker_of_a_kommune_hardly_knows_more_than_before(mean: float) -> None:
    assert advantage(mean) <= 0.05


def test_the_smaller_the_kommune_the_more_is_known() -> None:
    """What must be said openly: with about ten walks or fewer in a quarter it is more than 5 %."""
    found = [advantage(mean) for mean in (400, 100, 40, 20, 10, 5)]
    assert found == sorted(found)
    assert found[-1] > 0.05


def test_whoever_knows_all_the_others_needs_no_guess() -> None:
    """Such an attacker puts the number just under the edge. The population rule and silence are what is left."""
    assert advantage(0, others=31) == 0.5
    assert advantage(0, others=31, rounded=False) == 0.5


@pytest.mark.parametrize(("others", "least", "most"), [(0.53, 0.29, 0.30), (1.2, 0.18, 0.19), (1.9, 0.14, 0.15)])
def test_of_one_rare_cell_much_more_is_known(others: float, least: float, most: float) -> None:
    """What must be said openly: the goal is of a victim by chance. Aimed at one cell with few others it is missed."""
    assert least < advantage(others) < most
    assert 0.079 < advantage(6) < 0.081 and 0.043 < advantage(20) < 0.045


def test_with_nine_or_twelve_own_walks_a_hidden_cell_tells_whether_it_is_zero() -> None:
    """What must be said openly: the edges are public, so who brings a hidden cell to one sees on which side it was."""
    sure = []
    for own in OWN:
        told: dict[int | None, list[int]] = defaultdict(list)
        for others in range(10):
            told[shown(KEY, others + own).n].append(others)
        if [0] in told.values():
            sure.append(own)
    assert sure == [9, 12, 17]


@pytest.mark.parametrize("mean", [20, 40, 60] if night() else [20, 40])
def test_all_rows_of_a_kommune_tell_little_of_one(mean: float, record_property: Callable[[str, object], None]) -> None:
    """From 20 expected walks in a quarter, with all rows together, the goal of 5 % holds."""
    game = best(mean, every=night())
    record_property("advantage", f"{game.advantage:.1%} at {mean} walks")
    assert game.advantage <= 0.05
    assert max(map(sum, zip(*game.chances.values(), strict=True))) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("mean", "least", "most"), [(5, 0.09, 0.10), (10, 0.06, 0.07)])
def test_with_few_walks_the_goal_does_not_hold(
    mean: float, least: float, most: float, record_property: Callable[[str, object], None]
) -> None:
    """What must be said openly: with 10 expected walks it is 7 %, with 5 it is 10 %."""
    game = best(mean, every=mean < 10 or night())
    record_property("advantage", f"{game.advantage:.1%} at {mean} walks")
    assert least < game.advantage < most


@pytest.mark.parametrize("mean", [10, 20])
def test_the_game_as_it_is_played(mean: float, record_property: Callable[[str, object], None]) -> None:
    """Rounds against the cells that the releaser itself makes come to the same as the exact chances."""
    game, rounds = best(mean, every=False), 20_000 if night() else 1_000
    record_property("rounds", rounds)
    assert game.play(rounds, 8) == pytest.approx(game.advantage, abs=2 / rounds**0.5)


def test_planted_a_release_every_day_tells_more() -> None:
    """The time is what protects: with the walks of one day instead of a quarter the attacker is alive."""
    assert advantage(40 / 90) > 3 * advantage(40)


def test_planted_exact_figures_that_are_live_tell_all() -> None:
    """«Fewer than five hidden, exact totals», with five own walks first. Asked for every minute, nobody hides."""
    of_a_quarter, of_a_day, of_a_minute = (advantage(40 / parts, rounded=False) for parts in (1, 90, 90 * 24 * 60))
    assert of_a_quarter < of_a_day < of_a_minute
    assert of_a_day > 0.3
    assert of_a_minute > 0.499
