"""The files of open data: read back by RFC 4180 and by their own description, cell for cell what was published."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from guide.library.library import Library
from guide.statistics import open_data
from guide.statistics.labels import Labels
from guide.statistics.published import Published
from guide.statistics.tables import ALL, TABLES, Cell, Key, Status
from tests.statistics.figures import shipped_figures

NAME = re.compile(r"[a-z0-9._/-]+")
"""What the specification wants of the name of a package and of a resource."""

TYPES = {
    "string": lambda text: text,
    "integer": int,
    "date": date.fromisoformat,
}


@pytest.fixture(scope="module")
def labels(content: Library) -> Labels:
    return Labels(content)


@pytest.fixture(scope="module")
def files(labels: Labels) -> dict[str, bytes]:
    now = shipped_figures()
    return {table.slug: open_data.as_csv(now, labels, table) for table in TABLES.values()}


def faults(package: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """What is wrong by the specifications Tabular Data Package, Tabular Data Resource and Table Schema (version 1)."""
    found = [] if package.get("profile") == "tabular-data-package" else ["profile of the package"]
    found += [] if NAME.fullmatch(package.get("name", "")) else ["name of the package"]
    names = [resource["name"] for resource in package["resources"]]
    found += [] if names and len(set(names)) == len(names) else ["names of resources"]
    found += [f"licence {one}" for one in package["licenses"] if not {"name", "path"} & set(one)]
    found += [f"source {one}" for one in package["sources"] if "title" not in one]
    for resource in package["resources"]:
        content = files[resource["path"].removesuffix(".csv")]
        found += [f"{resource['name']}: {fault}" for fault in _of_resource(resource, content)]
    return found


def _of_resource(resource: Mapping[str, Any], content: bytes) -> list[str]:
    found = [] if resource.get("profile") == "tabular-data-resource" else ["profile"]
    found += (
        [] if NAME.fullmatch(resource["name"]) and not re.match(r"/|\.\./|\w+:", resource["path"]) else ["name or path"]
    )
    found += [] if resource["bytes"] == len(content) else ["bytes"]
    found += [] if resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}" else ["hash"]
    rows = list(csv.reader(io.StringIO(content.decode(resource["encoding"]), newline=""), strict=True))
    fields, missing = resource["schema"]["fields"], resource["schema"]["missingValues"]
    found += [] if rows[0] == [field["name"] for field in fields] else ["head"]
    if any(len(row) != len(fields) for row in rows):
        return [*found, "a row of another length"]
    keys = [[field["name"] for field in fields].index(name) for name in resource["schema"]["primaryKey"]]
    found += [] if len({tuple(row[i] for i in keys) for row in rows[1:]}) == len(rows) - 1 else ["primary key"]
    for row in rows[1:]:
        found += [
            f"{row}: {fault}" for field, text in zip(fields, row, strict=True) if (fault := _of(field, text, missing))
        ]
    return found


def _of(field: Mapping[str, Any], text: str, missing: list[str]) -> str:
    limits = field["constraints"]
    if text in missing:
        return f"{field['name']} is missing" if limits.get("required") else ""
    try:
        value = TYPES[field["type"]](text)
    except (KeyError, ValueError):
        return f"{field['name']} is no {field['type']}"
    wrong = text not in limits.get("enum", [text]) or (field["type"] == "integer" and value < limits["minimum"])
    return f"{field['name']} is out of bounds" if wrong else ""


def test_the_package_is_as_the_specification_says(files: dict[str, bytes]) -> None:
    package = json.loads(open_data.as_package(shipped_figures(), files))
    assert faults(package, files) == []
    assert [resource["name"] for resource in package["resources"]] == [table.slug for table in TABLES.values()]
    assert package["version"] == "2025K4" and package["created"].startswith("2026-01-20")
    assert package["description"].startswith("Eksempeldata")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace(b",vist,", b",synlig,", 1), "out of bounds"),
        (lambda text: text.replace(b"2024K1,land,", b"2024K2,land,", 1), "primary key"),
        (lambda text: text.replace(b"periode,", b"tid,", 1), "head"),
        (lambda text: text + b"2024K1,land\r\n", "another length"),
        (lambda text: text.replace(b",vist,2024", b",vist,20x4", 1), "no date"),
    ],
)
def test_a_planted_fault_is_found(files: dict[str, bytes], change: Any, told: str) -> None:
    package = json.loads(open_data.as_package(shipped_figures(), files))
    package["resources"] = [one for one in package["resources"] if one["name"] == "niveau"]
    spoiled = files | {"niveau": change(files["niveau"])}
    assert spoiled != files
    found = faults(package, spoiled)
    assert any(told in fault for fault in found) and any("hash" in fault for fault in found)


def test_the_files_hold_every_published_cell_and_nothing_else(files: dict[str, bytes], labels: Labels) -> None:
    now, seen = shipped_figures(), 0
    for table in TABLES.values():
        rows = list(csv.DictReader(io.StringIO(files[table.slug].decode(), newline="")))
        for row, cell in zip(rows, now.of(table.id), strict=True):
            key = cell.key
            of_row = row[table.row] if table.row else ALL
            assert (row["periode"], row["omraade"], of_row, row[table.column]) == (
                key.period, key.area, key.row, key.column
            )  # fmt: skip
            assert row["n"] == ("" if cell.n is None else str(cell.n)) and row["status"] == cell.status
            assert all(value for name, value in row.items() if name != "n"), row
            seen += 1
        again = json.loads(open_data.as_json(now, labels, table))["raekker"]
        assert [{name: "" if v is None else str(v) for name, v in one.items()} for one in again] == rows
    assert seen == len(now.cells)


def test_a_hidden_cell_has_no_number(labels: Labels) -> None:
    """Not even if one stood in the database by a fault."""
    key = Key("level", "2025K1", "viborg", ALL, "akut")
    now = Published(cells={key: Cell(key, 7, Status.few)})
    (line,) = open_data.lines(now, labels, TABLES["level"])
    assert line["n"] is None and line["status"] == "faerre-end-10"
    assert b",,faerre-end-10," in open_data.as_csv(now, labels, TABLES["level"])


def test_by_rfc_4180(files: dict[str, bytes]) -> None:
    for content in files.values():
        text = content.decode("utf-8")
        assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "") and not text.startswith("\ufeff")


def test_nothing_published_is_a_head_and_no_rows(labels: Labels) -> None:
    now = Published()
    files = {table.slug: open_data.as_csv(now, labels, table) for table in TABLES.values()}
    assert all(content.count(b"\r\n") == 1 for content in files.values())
    assert faults(json.loads(open_data.as_package(now, files)), files) == []


def test_the_same_release_gives_the_same_bytes_whatever_the_order(files: dict[str, bytes], labels: Labels) -> None:
    now = shipped_figures()
    turned = Published(now.releases, dict(reversed(now.cells.items())), now.example)
    assert {t.slug: open_data.as_csv(turned, labels, t) for t in TABLES.values()} == files
