"""Which region a kommune is in on a day: registers/regions.csv, by the area that kommuner.csv gives each kommune.

The rows of an area must follow one another without a gap and without an overlap, for as long as any of its kommuner is
there: each kommune has exactly one region on every day. Not here: the kommune itself (`register.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.read import build, suggest
from guide.library.register import Row, rows
from guide.library.strict_yaml import Document, Mark
from guide.library.syntax import quote
from guide.model import Region

COLUMNS = ("area", "name", "valid_from", "valid_to", "source")
AREA, FROM, TO = "region", "valid_from", "valid_to"
"""The columns of kommuner.csv that are read here. A register without the first has no regions."""


@dataclass(frozen=True)
class Dated:
    """A kommune's area, and the days on which the kommune is there; both are among them."""

    area: str
    valid_from: date
    valid_to: date | None
    line: int


@dataclass
class Regions:
    """The regions of each area in the order of time, and the area of each kommune by id."""

    areas: dict[str, list[Region]] = field(default_factory=dict)
    kommuner: dict[str, Dated] = field(default_factory=dict)

    def on(self, kommune: str, day: date) -> Region | None:
        """The region a kommune is in on a day; None when the kommune is not there then, or has none in the register."""
        known = self.kommuner.get(kommune)
        if known is None or day < known.valid_from or (known.valid_to and day > known.valid_to):
            return None
        return next((r for r in self.areas.get(known.area, ()) if _holds(r, day)), None)


def _holds(region: Region, day: date) -> bool:
    return region.valid_from <= day and (region.valid_to is None or day <= region.valid_to)


def read_regions(registers: Path, folder: Folder, findings: list[Finding]) -> Regions:
    """The regions, when the register of kommuner names areas. What is wrong is added to `findings`. Never raises."""
    kommuner, path = registers / "kommuner.csv", registers / "regions.csv"
    found, untold = Regions(), list[Finding]()  # what is wrong with the rows themselves is told by `read_register`
    named = [(line, row) for line, row in rows(kommuner, folder, (), untold) if AREA in row]
    if not named:
        return found
    file, lines = folder.name(path), defaultdict[str, list[tuple[Region, int]]](list)
    for line, row in rows(path, folder, COLUMNS, findings):
        made, wrong = _region(row, file, line)
        findings += wrong
        if made:
            lines[row["area"]].append((made, line))
    for area, spans in lines.items():
        spans.sort(key=lambda span: span[0].valid_from)
        found.areas[area] = [region for region, _ in spans]
        findings += _apart(area, spans, file)
    if not lines:
        return found
    for line, row in named:
        dated, wrong = _dated(row, folder.name(kommuner), line)
        findings += wrong
        if dated and row.get("id"):
            found.kommuner[row["id"]] = dated
            findings += _covered(row["id"], dated, found, folder.name(kommuner))
    return found


def _region(row: Row, file: str, line: int) -> tuple[Region | None, list[Finding]]:
    given: dict[str, object] = {column: row[column] for column in COLUMNS[1:] if row[column]}
    made, wrong = build(Region, Document(given, {(): Mark(file, line, 1)}))
    if made and made.valid_to and made.valid_to < made.valid_from:
        return None, [Finding(file, line, 1, f"{made.name} holder op, før den begynder.")]
    return made, wrong


def _dated(row: Row, file: str, line: int) -> tuple[Dated | None, list[Finding]]:
    """A kommune without days of its own is there on every day."""
    given: dict[str, object] = {"name": row[AREA], "source": "-", "valid_from": row.get(FROM) or str(date.min)}
    if row.get(TO):
        given["valid_to"] = row[TO]
    made, wrong = build(Region, Document(given, {(): Mark(file, line, 1)}))
    return (Dated(made.name, made.valid_from, made.valid_to, line) if made else None), wrong


def _apart(area: str, spans: list[tuple[Region, int]], file: str) -> Iterator[Finding]:
    """The rows of an area overlap nowhere."""
    for (before, _), (after, line) in zip(spans, spans[1:], strict=False):
        if before.valid_to is None or after.valid_from <= before.valid_to:
            said = f"{quote(area)} har to regioner på samme dag: {before.name} og {after.name} den {after.valid_from}."
            yield Finding(file, line, 1, said)


def _covered(kommune: str, dated: Dated, regions: Regions, file: str) -> Iterator[Finding]:
    """A kommune has a region on every day on which it is there."""
    spans = regions.areas.get(dated.area)
    if spans is None:
        said = f"{quote(dated.area)} står ikke i regions.csv.{suggest(dated.area, regions.areas)}"
        yield Finding(file, dated.line, 1, said)
        return
    missing: date | None = dated.valid_from
    for span in spans:
        if missing is None or span.valid_from > missing:
            break
        if span.valid_to is None:
            missing = None
        elif span.valid_to >= missing:
            missing = None if span.valid_to == date.max else span.valid_to + timedelta(days=1)
    if missing and (dated.valid_to is None or missing <= dated.valid_to):
        yield Finding(file, dated.line, 1, f"{quote(kommune)} har ingen region den {missing}.")
