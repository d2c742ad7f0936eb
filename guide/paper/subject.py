"""What a publication of key figures is about: a kommune, a period, and which areas and periods it is seen beside.

Not here: the numbers (`municipal.py`, `national.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guide.library.geography import BANDS, COUNTRY, GROUPS, Area, Geography
from guide.library.library import Library
from guide.model import KeyFigure, Level
from guide.statistics import keyfigures as key
from guide.statistics.periods import Period
from guide.statistics.published import Published
from guide.statistics.tables import Cell

QUARTERS = 8
"""How many quarters a trend shows, when there are as many."""


@dataclass(frozen=True)
class Subject:
    """A kommune and a period that was published. `period`: a quarter, or a year."""

    library: Library
    published: Published
    kommune: Area
    period: Period

    @property
    def geography(self) -> Geography:
        """Where the kommuner lie."""
        return self.library.geography

    @property
    def small(self) -> bool:
        """Whether the kommune is too small to be counted by name: its landsdel stands for it."""
        return self.kommune.band == BANDS[0]

    @property
    def own(self) -> str:
        """The area whose figures stand first: the kommune, or its landsdel where it is small."""
        return self.kommune.landsdel if self.small else self.kommune.id

    @property
    def landsdel(self) -> str | None:
        """The landsdel, where it is more than the kommune itself."""
        return None if self.kommune.landsdel in self.geography.areas else self.kommune.landsdel

    @property
    def whole(self) -> Period:
        """The longest period that ends with the one asked for: its year with a fourth quarter, else the quarter."""
        full = Period(self.period.year)
        return full if self.period.quarter in (None, 4) and full in self.published.years else self.period

    @property
    def title(self) -> str:
        """What the publication is of, in words: «2025 (udgivet med 4. kvartal)» where a quarter brings its year."""
        if self.whole == self.period:
            return self.period.label
        return f"{self.whole.label} (udgivet med {self.period.quarter}. kvartal)"

    @property
    def quarter(self) -> Period:
        """The quarter that is asked for, or the last of the year."""
        return self.period if self.period.quarter else Period(self.period.year, 4)

    @property
    def year(self) -> Period | None:
        """The newest year that yearly tables can be shown for; None when there is none yet."""
        known = [one for one in self.published.years if one.end <= self.quarter.end]
        return known[-1] if known else None

    @property
    def year_said(self) -> str:
        """The same in words, so that nobody takes it for the period of the other figures; empty when there is none."""
        if self.year is None or self.year == self.whole:
            return self.year.label if self.year else ""
        return f"hele {self.year.label}"

    @property
    def quarters(self) -> list[Period]:
        """The quarters of a trend, the oldest first; none after the period."""
        return [one for one in self.published.quarters if one.end <= self.quarter.end][-QUARTERS:]

    @property
    def professions(self) -> dict[str, str]:
        """The faggrupper with a flow: title by id."""
        return {name: playable.flow.title for name, playable in self.library.flows.items()}

    @property
    def levels(self) -> dict[str, str]:
        """The names of the levels, the mildest first."""
        texts = self.library.texts
        return {level.value: texts.levels[level].title if texts else level.value for level in Level}

    @property
    def stand_ins(self) -> list[str]:
        """The areas that may stand for the kommune, the nearest first."""
        return list(dict.fromkeys([self.own, *([self.landsdel] if self.landsdel else []), COUNTRY]))

    @property
    def split_by(self) -> list[str]:
        """The same of rows by faggruppe, which of a landsdel are without the kommuner that have none themselves."""
        return [area for area in self.stand_ins if self.kommune.band != BANDS[1] or area != self.landsdel]

    @property
    def around(self) -> list[str]:
        """What it is seen beside: neighbours with figures of their own, the landsdel, the country."""
        near = [area.id for area in key.neighbours(self.geography, self.kommune.id)]
        return list(dict.fromkeys([*near, *self.stand_ins[1:]]))

    @property
    def group(self) -> str:
        """What kommuner like this one are called; empty where no group is known."""
        return GROUPS.get(self.kommune.group, "")

    def one(self, area: str) -> bool:
        """Whether an area is a single kommune, where a faggruppe may be one workplace."""
        return area in self.geography.areas

    def word(self, figure: str) -> KeyFigure:
        """What a key figure means."""
        return self.library.figures[figure]

    def named(self, area: str) -> str:
        """The name of an area, to stand alone."""
        if area == COUNTRY:
            return "Hele landet"
        found = self.geography.areas.get(area)
        return found.name if found else f"Landsdelen {self.geography.landsdele.get(area, area)}"

    def head(self, area: str) -> str:
        """The name of an area over a column."""
        if area == COUNTRY:
            return "Landet"
        return self.named(area) if area in self.geography.areas else "Landsdelen"

    def where(self, area: str) -> str:
        """The place in a sentence: «i Viborg Kommune»."""
        return key.place(self.geography, area)

    def first_with(self, cells: Mapping[str, Iterable[Cell | None]]) -> str:
        """The first area of a mapping with any number; the country when there is none."""
        return next((area for area, found in cells.items() if any(c and c.n is not None for c in found)), COUNTRY)

    def instead(self, area: str) -> tuple[str, ...]:
        """What is said where another area stands for the kommune."""
        if area == self.own:
            return ()
        whose = "hele landets" if area == COUNTRY else f"fra landsdelen {self.geography.landsdele.get(area, area)}"
        name = self.named(self.own)
        return (f"Ikke alt kan vises for {name}: for få forløb eller indbyggere, eller skjult. Tallene er {whose}.",)
