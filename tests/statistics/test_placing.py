"""Places: all that rounding and chance leave open, and never one that a reader could not defend."""

from __future__ import annotations

import os
import random
from collections import Counter
from math import sqrt

import pytest

from guide.library.geography import COUNTRY
from guide.library.library import Library
from guide.statistics import keyfigures as key
from guide.statistics import placing
from guide.statistics.keyfigures import How, Placing, Raised
from guide.statistics.periods import period
from tests.statistics.figures import shipped_figures

WORLDS = 300 if os.environ.get("GUIDE_NIGHT") == "1" else 30


def of(n: int, whole: int) -> Raised:
    """Three rounded numbers and a rounded total."""
    return Raised(n, whole, How.added, 6)


def rounded(n: int) -> int:
    return 5 * round(n / 5)


def test_two_shares_are_told_apart_only_beyond_rounding_and_chance() -> None:
    assert placing.compared(of(500, 1000), of(300, 1000)) == 1 and placing.compared(of(300, 1000), of(500, 1000)) == -1
    assert placing.compared(of(60, 200), of(50, 200)) == 0, "30 and 25 % of 200 are the same by chance"
    apart = 1.96 * sqrt(0.3 * 0.7 / 1000 + 0.25 * 0.75 / 1000)
    assert apart < 0.05 and placing.compared(of(300, 1000), of(250, 1000)) == 0, "rounding takes the rest"
    assert placing.compared(of(30000, 100000), of(25000, 100000)) == 1


def test_a_place_is_of_those_with_walks_enough() -> None:
    found = {
        "high": of(900, 1000),
        "mid": of(500, 1000),
        "alike": of(495, 1000),
        "low": of(100, 1000),
        "few": of(90, 195),
    }
    assert placing.place_among(found, "high") == Placing(1, 1, 4)
    assert placing.place_among(found, "mid") == placing.place_among(found, "alike") == Placing(2, 3, 4)
    assert placing.place_among(found, "low") == Placing(4, 4, 4)
    assert placing.place_among(found, "few") is None and placing.place_among(found, "nobody") is None


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (Placing(1, 1, 94), "plads 1 af 94"),
        (Placing(9, 70, 94), "plads 9–70 af 94: tallene kan ikke skelne kommunen fra de fleste andre"),
        (Placing(1, 94, 94), "plads 1–94 af 94: tallene kan ikke skelne kommunen fra nogen anden"),
        (Placing(3, 4, 94), "plads 3–4 af 94: tallene kan ikke skelne kommunen fra 1 anden"),
        (Placing(3, 9, 94), "plads 3–9 af 94: tallene kan ikke skelne kommunen fra 6 andre"),
    ],
)
def test_in_words(place: Placing, told: str) -> None:
    assert place.told == told


def missed(worlds: int, chance: float, off: int) -> float:
    """How often the place by the true shares is not among those told: 40 kommuner, 200 to 3,000 walks each."""
    dice, outside, told = random.Random(8), 0, 0
    for _ in range(worlds):
        truth = {str(i): (dice.uniform(0.2, 0.4), dice.randint(205, 3000)) for i in range(40)}
        found = dict[str, Raised]()
        for name, (share, walks) in truth.items():
            parts = [sum(dice.random() < share / 3 for _ in range(walks)) for _ in range(3)]
            found[name] = Raised(sum(map(rounded, parts)), rounded(walks), How.added, off)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(placing, "CHANCE", chance)
            patch.setattr(placing, "OFF", min(off, 2))
            for own in truth:
                place = placing.place_among(found, own)
                assert place
                real = 1 + sum(share > truth[own][0] for share, _ in truth.values())
                told += 1
                outside += not place.first <= real <= place.last
    return outside / told


def test_the_true_place_is_nearly_always_among_those_told() -> None:
    """In 39 comparisons each at 95 per cent; without chance or rounding, the planted fault, it is seldom there."""
    assert missed(max(WORLDS // 10, 2), placing.CHANCE, 6) < 0.05
    assert missed(2, 0.0, 0) > 0.5


def test_places_of_the_shipped_figures(content: Library) -> None:
    """Of a year only; everyone's places hold, and the wider the numbers the fewer the walks."""
    published, areas = shipped_figures(), [a.id for a in key.named(content.geography)]
    found = {a: placing.place(published, period("2025"), areas, a) for a in areas}
    told = {a: one for a, one in found.items() if one}
    assert len(told) > 20 and all(1 <= p.first <= p.last <= p.of == len(told) for p in told.values())
    assert all(placing.place(published, period("2025K4"), areas, a) is None for a in areas)
    assert any(p.last - p.first > 10 for p in told.values())


def test_an_area_is_told_apart_from_the_country_or_not(content: Library) -> None:
    published, said = shipped_figures(), Counter[bool]()
    for area in key.named(content.geography):
        told = placing.beside_country(published, period("2025"), area.id, area.name)
        own, country = (key.raised(key.levels(published, period("2025"), one)) for one in (area.id, COUNTRY))
        if told and own and country:
            assert ("større" in told) == (placing.compared(own, country) != 0) and area.name in told
            said["større" in told] += 1
    assert min(said[True], said[False]) > 2
    assert placing.beside_country(published, period("2025"), COUNTRY, "landet") == ""
