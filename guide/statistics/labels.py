"""What areas, rows and columns of the catalogue are called in Danish. Pure.

A release keeps ids only. What has left the content since, as a question that nobody asks any more, is called by its id.
Not here: what a key figure is called and means (`registers/figures.yaml`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guide.library.geography import COUNTRY
from guide.library.library import Library
from guide.model.flow import Level, Parents
from guide.statistics.tables import ALL

WALKS = "forloeb"
"""The one column of `use`."""

PLAIN = {
    ALL: "I alt",
    WALKS: "Forløb",
    "shown": "Vist",
    "answered": "Besvaret",
    "changed": "Ændret",
    "unsure": "«Ved ikke»",
    "inside": "I arbejdstiden",
    "outside": "Uden for arbejdstiden",
}
"""Rows and columns that are the same whatever the content."""

KINDS = {"land": "land", "landsdel": "landsdel", "kommune": "kommune"}
"""The kinds of area, as they stand in the open data."""


@dataclass(frozen=True)
class Labels:
    """The names that a library gives."""

    library: Library

    def area(self, area: str) -> str:
        """«Hele landet», a landsdel or a kommune by its short name."""
        geography = self.library.geography
        if area == COUNTRY:
            return "Hele landet"
        found = geography.areas.get(area)
        return found.name if found else geography.landsdele.get(area, area)

    def kind(self, area: str) -> str:
        """One of KINDS. What has left the geography since is a kommune: no landsdel ever does."""
        if area == COUNTRY:
            return KINDS["land"]
        geography = self.library.geography
        return KINDS["landsdel" if area in geography.landsdele and area not in geography.areas else "kommune"]

    def flow(self, flow: str) -> str:
        """The title of a flow: the name of its faggruppe."""
        found = self.library.flows.get(flow)
        return found.flow.title if found else flow

    def question(self, row: str) -> str:
        """The text of a question, which a row of `quality` names as flow.step; else its id."""
        flow, _, step = row.partition(".")
        found = self.library.flows.get(flow)
        question = found.flow.questions.get(step) if found else None
        return question.title if question else step or row

    def outcome(self, flow: str, outcome: str) -> str:
        """The title of a national outcome."""
        found = self.library.flows.get(flow)
        known = found.flow.outcomes.get(outcome) if found else None
        return known.title if known else outcome

    def row(self, table: str, row: str) -> str:
        """What a row is called."""
        if row in PLAIN:
            return PLAIN[row]
        return self.question(row) if table == "quality" else self.flow(row)

    def column(self, table: str, row: str, column: str) -> str:
        """What a column is called, in a row."""
        if column in PLAIN:
            return PLAIN[column]
        if table == "topics":
            return self.outcome(row, column)
        texts = self.library.texts
        titles: Mapping[str, str] = {}
        if texts and table == "parents":
            titles = {str(one): text.title for one, text in texts.parents.items()}
        elif texts:
            titles = {str(one): text.title for one, text in texts.levels.items()}
        return titles.get(column, column)


def order(table: str, column: str) -> tuple[int, str]:
    """By which columns stand: levels from the mildest, parents rules from the mildest, the total last."""
    known = [ALL] if table == "topics" else [str(one) for one in (*Level, *Parents)] + list(PLAIN)
    last = len(known) if column != ALL else len(known) + 1
    return (known.index(column) if column in known and column != ALL else last, column)
