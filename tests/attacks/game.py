"""The distinguishing game of T-P7, to its last decimal: what an attacker with own walks learns of one victim.

In a kommune and quarter so many others walk as chance will have it (Poisson); the attacker knows how many to expect of
each level, which is more than earlier releases tell. He adds up to 20 walks of his own, spread over the levels and
«begun and not ended» as he likes, and sees the released rows: the levels, their total, and the walks begun. Then he
says whether the victim walked; he bets on whatever makes what he saw the likelier. The victim walks in half of the
rounds, to a level by chance as in the whole country.

The advantage is how much more often than in half of the rounds he is right: 0 is guessing, 1/2 is certainty.
Not here: rows by faggruppe. Who knows the victim's faggruppe plays the game with the walks of that faggruppe.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import product

import numpy as np

from guide.statistics.control import Row, controlled
from guide.statistics.tables import ALL, Cell

NATIONAL = (0.23, 0.37, 0.28, 0.09, 0.03)
"""Made up: the share of each level, the mildest first, as the made-up countries have it."""

LEFT = 0.12
"""The share of walks that began and did not end."""

MOST = 20
Seen = tuple[int | None, ...]
Own = tuple[int, ...]
"""Own walks of each level, and those not ended."""


def figure(n: int) -> int | None:
    """What is published of a number, written anew."""
    return None if n < 10 else (n + 2) // 5 * 5


def poisson(mean: float) -> np.ndarray:
    """The chance of each number."""
    return np.array([math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(_most(mean))])


def _most(mean: float) -> int:
    return int(mean + 5 * mean**0.5) + 6


class Game:
    """The chances of all that can be seen, with the victim and without, for one size of kommune and some own walks."""

    def __init__(self, mean: float, own: Own) -> None:
        self.mean, self.own = mean, own
        self.seen: list[Seen] = [()]
        without, with_victim = np.ones((1, 1)), np.zeros((1, 1))
        for share, added in zip(NATIONAL, own, strict=False):
            without, with_victim = self._level(without, with_victim, share, added)
        self._totals(without, with_victim)

    def _level(self, without: np.ndarray, with_victim: np.ndarray, share: float, added: int) -> tuple[np.ndarray, ...]:
        """One level more: what has been seen branches into what may be seen of it. Second index: the total so far."""
        chances = np.append(poisson(self.mean * (1 - LEFT) * share), 0.0)
        shifted = np.concatenate([[0.0], chances[:-1]])
        figures: dict[int | None, list[int]] = {}
        for n in range(len(chances)):
            figures.setdefault(figure(n + added), []).append(n)
        parts: list[tuple[np.ndarray, np.ndarray]] = []
        for numbers in figures.values():
            here, moved = np.zeros(len(chances)), np.zeros(len(chances))
            here[numbers], moved[numbers] = chances[numbers], shifted[numbers]
            parts.append(
                (_convolved(without, here), _convolved(with_victim, here) + share * _convolved(without, moved))
            )
        self.seen = [(*before, one) for one in figures for before in self.seen]
        return np.concatenate([a for a, _ in parts]), np.concatenate([b for _, b in parts])

    def _totals(self, without: np.ndarray, with_victim: np.ndarray) -> None:
        """The total of the levels, and the walks begun: with them what is seen is complete."""
        ended, left = sum(self.own[: len(NATIONAL)]), poisson(self.mean * LEFT)
        pairs: dict[tuple[int | None, int | None], int] = {}
        ways = [
            (
                total,
                pairs.setdefault((figure(total + ended), figure(total + ended + more + self.own[-1])), len(pairs)),
                p,
            )
            for total in range(without.shape[1])
            for more, p in enumerate(left)
        ]
        spread = np.zeros((without.shape[1], len(pairs)))
        for total, pair, p in ways:
            spread[total, pair] += p
        self.chances = {
            (*levels, *pair): (float(a), float(b))
            for levels, row_a, row_b in zip(self.seen, without @ spread, with_victim @ spread, strict=True)
            for pair, a, b in zip(pairs, row_a, row_b, strict=True)
            if a + b > 0
        }

    @property
    def advantage(self) -> float:
        """Of the best bet on everything that can be seen."""
        return sum(abs(a - b) for a, b in self.chances.values()) / 4

    def bet(self, seen: Seen) -> bool:
        """Whether the victim walked, as the attacker says."""
        without, with_victim = self.chances.get(seen, (0.0, 0.0))
        return with_victim > without

    def play(self, rounds: int, seed: int) -> float:
        """The advantage in so many rounds by chance, against the cells that the releaser makes."""
        draw, right = random.Random(seed), 0
        for _ in range(rounds):
            walked = draw.random() < 0.5
            numbers = [self._drawn(draw, self.mean * (1 - LEFT) * share) for share in NATIONAL]
            left = self._drawn(draw, self.mean * LEFT)
            if walked:
                numbers[draw.choices(range(len(NATIONAL)), NATIONAL)[0]] += 1
            numbers = [n + added for n, added in zip(numbers, self.own, strict=False)]
            right += self.bet(released(numbers, left + self.own[-1])) == walked
        return right / rounds - 0.5

    @staticmethod
    def _drawn(draw: random.Random, mean: float) -> int:
        return draw.choices(range(_most(mean)), list(poisson(mean)))[0]


def released(numbers: Sequence[int], left: int) -> Seen:
    """The rows of a kommune as `guide/statistics/control.py` makes them. A split that is folded is seen as hidden.

    So is what is hidden beside the only small cell: the attacker of the exact game sees that too, and so no less.
    """
    row = Row("level", "2026K1", "k", ALL, {str(n): one for n, one in enumerate(numbers)}, sum(numbers))
    begun = Row("use", "2026K1", "k", ALL, {"forloeb": sum(numbers) + left}, split=False)
    cells: list[Cell] = sorted(controlled(row), key=lambda cell: cell.key) + list(controlled(begun))
    return tuple(cell.n for cell in cells)


def _convolved(rows: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The sum of what a row and a number stand for, for each row."""
    made = np.zeros((rows.shape[0], rows.shape[1] + len(numbers) - 1))
    for n in np.flatnonzero(numbers):
        made[:, n : n + rows.shape[1]] += rows * numbers[n]
    return made


def best(mean: float, *, every: bool = True) -> Game:
    """The game with the own walks that serve the attacker best, of those that bring cells to the edge of a figure.

    `every`: several levels at once too, and a few more to bring the total there.
    """
    steps = [_to_the_edge(mean * (1 - LEFT) * share) for share in NATIONAL]
    tries: set[Own] = {(1, 0, 0, 0, 0, 0)}
    for chosen in product((0, 1), repeat=len(NATIONAL)):
        own = [step * take for step, take in zip(steps, chosen, strict=True)]
        for more in range(5 if every else 1):
            tried = (own[0], own[1] + more, *own[2:], 0)
            if 1 <= sum(tried) <= MOST and (every or sum(chosen) == 1):
                tries.add(tried)
    return max((Game(mean, own) for own in sorted(tries)), key=lambda game: game.advantage)


def _to_the_edge(mean: float) -> int:
    """How many own walks bring the likeliest number of others to the last one before the figure changes."""
    likeliest = int(mean)
    return next(own for own in range(MOST) if figure(likeliest + own) != figure(likeliest + own + 1))
