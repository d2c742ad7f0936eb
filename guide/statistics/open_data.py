"""The published cells as files that anybody may take: CSV, JSON, and a Frictionless Data Package about them. Pure.

The files hold what was released and nothing else, sorted, with no word of who asks, where or when: two readers get the
same bytes. Columns and addresses stay; a new column would come last. Not here: routes (`guide/web/open_data.py`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from guide.statistics.labels import KINDS, Labels
from guide.statistics.periods import period
from guide.statistics.published import Published
from guide.statistics.tables import ALL, BASE, DOMINANT, TABLES, THRESHOLD, Cell, Status, Table

NAME = "bekymringsguiden-noegletal"
"""The name of the package. Stable."""

LICENCE = {
    "name": "CC-BY-SA-4.0",
    "path": "https://creativecommons.org/licenses/by-sa/4.0/",
    "title": "Creative Commons Kreditering-DelPåSammeVilkår 4.0",
}
"""As for all texts of the guide, some of which stand in the files."""

CREDIT = "Kilde: Bekymringsguiden, nøgletal."
EXAMPLE = "Eksempeldata: alle tal er opdigtede."

MEANS = {
    Status.shown: f"Tallet står i n, afrundet til nærmeste {BASE}.",
    Status.few: f"Færre end {THRESHOLD} forløb, måske ingen. Tallet vises ikke.",
    Status.folded: "Vises ikke alene, men er talt med i et større område eller i totalen; eller tallet er taget ned.",
    Status.irrelevant: "Kan ikke forekomme: intet udfald i flowet har det niveau eller den forældreregel.",
}
"""What a status says to whoever reads the files."""


LANDSDEL = (
    "En landsdel er de kommuner i den, der har egne tal; i rækker efter faggruppe dem, hvor der bor mindst 20.000."
)
"""What the rows of a landsdel are of: not the same kommuner in all."""


@dataclass(frozen=True)
class Column:
    """A column of a file: its name, its Danish title and description, and its type in a Table Schema."""

    name: str
    title: str
    says: str
    type: str = "string"
    enum: tuple[str, ...] = ()


def columns(table: Table) -> list[Column]:
    """The columns of a table's file, in their order."""
    found = [
        Column("periode", "Periode", "Et år som 2025 eller et kvartal som 2025K4."),
        Column("omraade", "Område", f"Id: land, en landsdel eller en kommune. {LANDSDEL}"),
        Column("omraade_navn", "Områdets navn", "Navnet, som det er nu."),
        Column("omraade_type", "Områdets type", "land, landsdel eller kommune.", enum=tuple(KINDS)),
    ]
    for head in filter(None, (table.row, table.column)):
        title = TITLES[head]
        found.append(Column(head, title, f"Id. «{ALL}» er i alt, afrundet af det sande tal og ikke lagt sammen."))
        found.append(Column(f"{head}_navn", f"{title}, navn", "Navnet, som det er i guiden nu."))
    return [
        *found,
        Column("n", "Antal", f"Antal forløb, afrundet til nærmeste {BASE}. Tomt, når det ikke vises.", "integer"),
        Column("status", "Status", " ".join(f"{one}: {says}" for one, says in MEANS.items()), enum=tuple(MEANS)),
        Column(
            "udgivet",
            "Udgivet",
            "Den dag, tallet blev udgivet. Det bliver ikke ændret siden, men kan blive taget ned.",
            "date",
        ),
    ]


TITLES = {
    "faggruppe": "Faggruppe",
    "maal": "Mål",
    "niveau": "Niveau",
    "foraeldreregel": "Forældreregel",
    "spoergsmaal": "Spørgsmål",
    "udfald": "Udfald",
    "tid": "Tid",
}
"""The heads of rows and columns in the catalogue, as words."""


def primary_key(table: Table) -> list[str]:
    """The columns that name a cell."""
    return [name for name in ("periode", "omraade", table.row, table.column) if name]


def lines(published: Published, labels: Labels, table: Table) -> Iterator[dict[str, str | int | None]]:
    """The rows of a table's file, sorted by key: one a published cell."""
    days = {str(release.period): release.day.isoformat() for release in published.releases}
    for key in sorted(key for key in published.cells if key.table == table.id):
        yield _line(published.cells[key], labels, table, days)


def _line(cell: Cell, labels: Labels, table: Table, days: dict[str, str]) -> dict[str, str | int | None]:
    key, of = cell.key, period(cell.key.period)
    found: dict[str, str | int | None] = {
        "periode": key.period,
        "omraade": key.area,
        "omraade_navn": labels.area(key.area),
        "omraade_type": labels.kind(key.area),
    }
    if table.row:
        found |= {table.row: key.row, f"{table.row}_navn": labels.row(table.id, key.row)}
    found |= {table.column: key.column, f"{table.column}_navn": labels.column(table.id, key.row, key.column)}
    shown = cell.status is Status.shown
    day = days.get(str(of if of.quarter else of.quarters[-1]), "")  # a year comes with its last quarter
    return found | {"n": cell.n if shown else None, "status": cell.status.value, "udgivet": day}


def as_csv(published: Published, labels: Labels, table: Table) -> bytes:
    """A table as CSV by RFC 4180: UTF-8, comma, CRLF, a head; a cell that is not shown has an empty `n`."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, [column.name for column in columns(table)], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines(published, labels, table))
    return file.getvalue().encode()


def as_json(published: Published, labels: Labels, table: Table) -> bytes:
    """A table as JSON: the same rows as objects, with what they are; `n` is null where it is not shown."""
    about = {
        "navn": table.slug,
        "titel": table.title,
        "kilde": CREDIT,
        "licens": LICENCE["name"],
        "eksempeldata": published.example,
        "status": {status.value: MEANS[status] for status in Status},
    }
    return _json({**about, "raekker": list(lines(published, labels, table))})


def as_package(published: Published, files: dict[str, bytes]) -> bytes:
    """datapackage.json, profile tabular-data-package, version 1. `files`: the CSV of each table by its slug."""
    newest = published.newest
    said = [EXAMPLE] if published.example else []
    said += [
        "Forløb i Bekymringsguiden, der er begyndt, og hvad de endte i, i hele landet, landsdele og kommuner.",
        "Et forløb er ikke et barn og ikke en underretning. Højt kan være godt, lavt kan være dårligt.",
        f"Tal under {THRESHOLD} vises ikke, nul heller ikke. Andre tal er afrundet til nærmeste {BASE}.",
        f"Fylder én kategori {DOMINANT:.0%} af en række eller mere, vises fordelingen ikke.".replace("%", " %"),
    ]
    package: dict[str, object] = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": "Nøgletal fra Bekymringsguiden",
        "description": " ".join(said),
        "licenses": [LICENCE],
        "sources": [{"title": "Bekymringsguidens egne tællinger"}],
        "keywords": ["underretning", "børn", "kommuner", "nøgletal"],
    }
    if newest:
        package |= {"version": str(newest.period), "created": f"{newest.day.isoformat()}T00:00:00Z"}
    return _json({**package, "resources": [_resource(t, files[t.slug]) for t in TABLES.values()]})


def _resource(table: Table, content: bytes) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": table.slug,
        "title": table.title,
        "path": f"{table.slug}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "licenses": [LICENCE],
        "schema": {
            "fields": [_field(column) for column in columns(table)],
            "missingValues": [""],
            "primaryKey": primary_key(table),
        },
    }


def _field(column: Column) -> dict[str, object]:
    limits: dict[str, object] = {"required": True} if column.name != "n" else {"minimum": 0}
    if column.enum:
        limits["enum"] = list(column.enum)
    return {
        "name": column.name,
        "title": column.title,
        "description": column.says,
        "type": column.type,
        "format": "default",
        "constraints": limits,
    }


def _json(found: object) -> bytes:
    return json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n"
