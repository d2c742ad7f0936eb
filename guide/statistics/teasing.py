"""Questions that tease: which ones people leave, change their answer to, or answer «ved ikke» to. Pure.

Of the whole country only, and only from what was published. What is left is what was shown less what was answered,
both rounded, so it is told with care: not under THRESHOLD, and a share of ENOUGH at least. A hard question is no fault
of those who answer it. Not here: what a question asks (the flows), and how a page looks (`guide/web`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from guide.library.geography import COUNTRY
from guide.statistics.chart import percent
from guide.statistics.periods import Period
from guide.statistics.published import Published
from guide.statistics.tables import ENOUGH, THRESHOLD

MOST = 5
"""How many questions a list shows."""

SEEN = 500
"""A question that people leave is listed when it was shown in so many walks."""

APART = 34
"""And when so many left it: 30, beyond what rounding both numbers can make of none."""


class Way(StrEnum):
    """In which way a question teases: the measure of the catalogue, or `left`."""

    left = "left"
    changed = "changed"
    unsure = "unsure"


@dataclass(frozen=True)
class Question:
    """A question of a flow in a quarter, as published. None where a number is not shown."""

    flow: str
    step: str
    shown: int | None
    answered: int | None
    changed: int | None
    unsure: int | None

    def count(self, way: Way) -> int | None:
        """How many walks: None when that is not told, or is under THRESHOLD."""
        if way is not Way.left:
            return self.changed if way is Way.changed else self.unsure
        if self.shown is None or self.answered is None:
            return None
        left = self.shown - self.answered
        return left if left >= THRESHOLD else None

    def share(self, way: Way) -> int | None:
        """Of those to whom it was shown (`left`) or who answered it: a whole per cent, of at least ENOUGH."""
        whole, n = (self.shown if way is Way.left else self.answered), self.count(way)
        return None if n is None or whole is None or whole < ENOUGH else percent(n, whole)


def questions(published: Published, of: Period) -> list[Question]:
    """Every question that has figures in a quarter, by flow and then as the catalogue sorts them."""
    rows = dict.fromkeys(cell.key.row for cell in published.of("quality") if cell.key.period == str(of))

    def n(row: str, column: str) -> int | None:
        cell = published.cell("quality", of, COUNTRY, row, column)
        return cell.n if cell else None

    measures = ("shown", "answered", "changed", "unsure")
    return [Question(*_named(row), *(n(row, column) for column in measures)) for row in rows]


def _named(row: str) -> tuple[str, str]:
    flow, _, step = row.partition(".")
    return flow, step


def most(found: Iterable[Question], way: Way) -> list[Question]:
    """Those with the highest share in one way, the highest first; never one whose share cannot be told."""
    known = [one for one in found if one.share(way) is not None and (way is not Way.left or _stands_out(one))]
    return sorted(known, key=lambda one: (-(one.share(way) or 0), -(one.count(way) or 0), one.flow, one.step))[:MOST]


def _stands_out(one: Question) -> bool:
    return (one.shown or 0) >= SEEN and (one.count(Way.left) or 0) >= APART
