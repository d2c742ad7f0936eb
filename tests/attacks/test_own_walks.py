"""T-P7: whoever adds walks of their own, can they tell whether one victim walked in a kommune? Exact, without chance.

The attacker knows how many walks to expect there (Poisson, as from earlier releases), adds 1 to 20, and sees the
published number. The advantage is how much more often than in half of the cases the best guess is right. Not here: an
attacker who knows every other walk exactly; no rounding stands up to that one, and the last test says so.
"""

from __future__ import annotations

import math
from collections import defaultdict

import pytest

from guide.statistics.control import shown
from guide.statistics.tables import Key
from tests.attacks import oracle

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


def test_planted_a_release_every_day_tells_more() -> None:
    """The time is what protects: with the walks of one day instead of a quarter the attacker is alive."""
    assert advantage(40 / 90) > 3 * advantage(40)
