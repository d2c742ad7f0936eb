"""Quarters and years as figures are published for them. Not here: the moment of a fact (`guide/usage/counters.py`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from guide.usage.words import in_words

CLOSES = 14
"""Days after the end of a quarter before it is closed: what waited in a spool has then been counted."""


class BadPeriod(ValueError):
    """Not a period. The message is Danish and shows how one is written."""


@dataclass(frozen=True, order=True)
class Period:
    """A quarter of a year, or a whole year (`quarter` is None)."""

    year: int
    quarter: int | None = None

    def __str__(self) -> str:
        """As Statistics Denmark writes it: 2026K4, 2026."""
        return f"{self.year}K{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def label(self) -> str:
        """Danish, for a title: «4. kvartal 2026», «2026»."""
        return f"{self.quarter}. kvartal {self.year}" if self.quarter else f"{self.year}"

    @property
    def end(self) -> date:
        """The last day."""
        month = (self.quarter or 4) * 3
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def closed(self, today: date) -> bool:
        """Whether it ended at least CLOSES days ago."""
        return today >= self.end + timedelta(days=CLOSES)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of a year; a quarter itself."""
        return (self,) if self.quarter else tuple(Period(self.year, n) for n in (1, 2, 3, 4))

    @property
    def months(self) -> tuple[str, ...]:
        """The months in it, as the counters write them: 2026M10."""
        return tuple(f"{q.year}M{3 * (q.quarter or 0) - 2 + n:02}" for q in self.quarters for n in (0, 1, 2))

    @property
    def before(self) -> Period:
        """The period of the same length just before."""
        if self.quarter is None:
            return Period(self.year - 1)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)


def period(text: str) -> Period:
    """A quarter written 2026Q4 or 2026K4, or a year written 2026. Raises BadPeriod."""
    found = re.fullmatch(r"(20[0-9]{2})(?:[QKqk]([1-4]))?", text.strip())
    if found is None:
        raise BadPeriod(f"«{text[:40]}» er ikke en periode. Skriv et kvartal som 2026Q4 eller et år som 2026.")
    return Period(int(found[1]), int(found[2]) if found[2] else None)


def too_early(of: Period) -> str:
    """That a period is not closed yet, and when it is, in Danish."""
    first = in_words(of.end + timedelta(days=CLOSES))
    return f"{of} er ikke lukket endnu. Det er det fra den {first}. Intet er ændret."
