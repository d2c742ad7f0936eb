"""The catalogue: every table that is ever published, its cells and their marks. Fixed: nothing else can be asked.

| table | area | row | column | period |
|---|---|---|---|---|
| use | kommune, landsdel, land | faggruppe or `alle` | `forloeb` | quarter, year |
| level | kommune, landsdel, land | `alle` | level or `alle` | quarter, year |
| professions | kommune, landsdel | faggruppe | level or `alle` | year |
| professions | land | faggruppe | level or `alle` | quarter, year |
| parents | land | faggruppe | parents rule or `alle` | quarter, year |
| quality | land | faggruppe.step | shown, answered, changed, unsure | quarter |
| topics | land | faggruppe | outcome | year |
| hours | land | `alle` | inside, outside or `alle` | quarter |

`use` is walks with at least one answer, all others but `quality` and `hours` the first outcome that a walk
reached; `hours` is of `use`. A landsdel is those of its kommuner that are counted by name; Bornholm, which is its own
landsdel, has rows as a kommune only. Its rows by faggruppe (`use`, `professions`) are of those in which 20,000 live or
more, as those of kommuner are. The country is every walk but those of examples: also of small kommuner, and with
no kommune chosen.
In a row with a total (in `use`: the faggrupper of an area) a hidden cell is never the only one: where one alone is
below the threshold, the smallest shown one is not told either.
Not here: what may be shown (`release.py`), and what a reader could work out (`audit.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

ALL = "alle"
"""The row or column that is the total: rounded from the true total, never summed from cells."""

THRESHOLD = 10
"""A cell below it is hidden, zero too."""

BASE = 5
"""Cells are rounded to the nearest multiple."""

ENOUGH = 50
"""A share is told only of at least so many."""

DOMINANT = 0.9
"""Where one category holds this share of a row or more, the split of the row is hidden."""

NARROWEST = 5
"""A hidden cell must be open to a reader over at least so many: what the audit asks."""


class Status(StrEnum):
    """What a reader may know of a cell. The values stand in the open data."""

    shown = "vist"
    few = "faerre-end-10"
    folded = "samlet"
    """Not shown alone, but part of a larger group: too few live there, other figures would give it away, or
    it would give away the only small cell beside it."""
    irrelevant = "ikke-relevant"
    """Cannot occur: no outcome of the flow has that level or parents rule."""


@dataclass(frozen=True, order=True)
class Key:
    """Which cell of a release. `period`: as `Period` is written; `area`: a kommune, a landsdel or `land`."""

    table: str
    period: str
    area: str
    row: str
    column: str

    @property
    def cell(self) -> str:
        """How the database writes the last three: area/row/column."""
        return f"{self.area}/{self.row}/{self.column}"


@dataclass(frozen=True)
class Cell:
    """A published cell: `n` walks, rounded; None where the status is not `vist`."""

    key: Key
    n: int | None
    status: Status


@dataclass(frozen=True)
class Table:
    """A table of the catalogue. `slug`: its name in addresses and files; `title`: Danish."""

    id: str
    slug: str
    title: str
    row: str
    """What a row is, in Danish, as the head of a column of open data; empty where there is one row."""
    column: str


TABLES: dict[str, Table] = {
    table.id: table
    for table in (
        Table("use", "brug", "Forløb, der er begyndt", "faggruppe", "maal"),
        Table("level", "niveau", "Det niveau, forløbene endte på", "", "niveau"),
        Table("professions", "faggruppe-niveau", "Niveau efter faggruppe", "faggruppe", "niveau"),
        Table("parents", "faggruppe-foraeldre", "Forældreregel efter faggruppe", "faggruppe", "foraeldreregel"),
        Table("quality", "spoergsmaal", "Spørgsmål: vist, besvaret, ændret, «ved ikke»", "spoergsmaal", "maal"),
        Table("topics", "udfald", "Udfald i hele landet", "faggruppe", "udfald"),
        Table("hours", "aabningstid", "I og uden for almindelig arbejdstid", "", "tid"),
    )
}


def catalogue() -> str:
    """The hash of the rules that a release was made under: the tables and the numbers above."""
    rules = [repr(table) for table in TABLES.values()] + [__doc__ or ""]
    rules += map(repr, (THRESHOLD, BASE, ENOUGH, DOMINANT, NARROWEST, [s.value for s in Status]))
    return hashlib.sha256("\n".join(rules).encode()).hexdigest()[:16]
