"""The shipped JSON Schemas: well formed, in Danish, and never stricter than the reader."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from guide.library.schema import DIALECT, KINDS, schemas
from guide.model import Flow

KEYWORDS = {
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "anyOf",
    "description",
    "enum",
    "format",
    "items",
    "maxLength",
    "minItems",
    "maximum",
    "minLength",
    "minProperties",
    "minimum",
    "pattern",
    "patternProperties",
    "properties",
    "propertyNames",
    "required",
    "type",
}
TYPES = {"object", "array", "string", "number", "integer", "boolean"}
ENGLISH = re.compile(r"\b(the|and|of|this|which|that|where)\b", re.IGNORECASE)


def parts(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, itself first."""
    yield node
    for key in ("properties", "patternProperties", "$defs"):
        for inner in node.get(key, {}).values():
            yield from parts(inner)
    for key in ("items", "propertyNames", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from parts(node[key])
    for inner in node.get("anyOf", ()):
        yield from parts(inner)


def faults(schema: dict[str, Any]) -> list[str]:
    """What is not right in a schema, by the parts of JSON Schema that we use."""
    found = []
    for part in parts(schema):
        found += [f"unknown keyword {key}" for key in part if key not in KEYWORDS]
        kinds = part.get("type", [])
        found += [f"type {kind}" for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind not in TYPES]
        found += [f"required {key}" for key in part.get("required", ()) if key not in part.get("properties", {})]
        found += [
            f"no description of {key}" for key, p in part.get("properties", {}).items() if not p.get("description")
        ]
        for pattern in [part.get("pattern", ""), *part.get("patternProperties", {})]:
            re.compile(pattern)
        if "$ref" in part and part["$ref"].removeprefix("#/$defs/") not in schema["$defs"]:
            found.append(f"ref {part['$ref']}")
        if ENGLISH.search(part.get("description", "")):
            found.append(f"English: {part['description']}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_well_formed_and_danish(kind: str) -> None:
    schema = schemas()[kind]
    assert schema["$schema"] == DIALECT
    assert schema["description"] == KINDS[kind][1]
    assert faults(schema) == []
    assert json.loads(json.dumps(schema)) == schema
    assert len(json.dumps(schema)) < 16_000


def test_the_check_of_schemas_can_fail() -> None:
    bad = {"type": "text", "properties": {"a": {"$ref": "#/$defs/B"}}, "required": ["b"], "$defs": {}, "title": "X"}
    assert len(faults(bad)) == 5


def test_descriptions_are_those_of_the_model() -> None:
    flow = schemas()["flow"]
    assert flow["properties"]["title"]["description"] == Flow.model_fields["title"].description
    assert flow["$defs"]["Option"]["properties"]["as"]["description"].startswith("Kun i en kommunes egen fil")
    assert "as_" not in flow["$defs"]["Option"]["properties"]


def test_no_definition_is_left_unused() -> None:
    for schema in schemas().values():
        used = {part["$ref"].removeprefix("#/$defs/") for part in parts(schema) if "$ref" in part}
        assert used == set(schema.get("$defs", {}))


def accepts(schema: dict[str, Any], value: Any, root: dict[str, Any]) -> bool:
    """A small validator of the keywords above, on the values that an editor sees."""
    if "$ref" in schema and not accepts(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], value, root):
        return False
    if "anyOf" in schema and not any(accepts(choice, value, root) for choice in schema["anyOf"]):
        return False
    kinds = schema.get("type", list(TYPES))
    if _kind(value) not in ([kinds] if isinstance(kinds, str) else kinds) or value not in schema.get("enum", [value]):
        return False
    if isinstance(value, str):
        return len(value) >= schema.get("minLength", 0) and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        return len(value) >= schema.get("minItems", 0) and all(accepts(schema.get("items", {}), v, root) for v in value)
    return not isinstance(value, dict) or _accepts_mapping(schema, value, root)


def _accepts_mapping(schema: dict[str, Any], value: dict[Any, Any], root: dict[str, Any]) -> bool:
    if set(schema.get("required", ())) - set(value) or len(value) < schema.get("minProperties", 0):
        return False
    for key, item in value.items():
        inner = schema.get("properties", {}).get(key)
        patterns = (s for pattern, s in schema.get("patternProperties", {}).items() if re.search(pattern, str(key)))
        inner = inner if inner is not None else next(patterns, schema.get("additionalProperties", True))
        if inner is False or (isinstance(inner, dict) and not accepts(inner, item, root)):
            return False
    return True


def _kind(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return names[type(value)]


class Editor(yaml.SafeLoader):
    """Reads as editors do (YAML 1.2): true and false, numbers, and all else text."""


Editor.yaml_implicit_resolvers = {}
Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])
Editor.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(\.[0-9]*)?$"), list("-+0123456789"))

SEEN: list[tuple[str, str, bool]] = [
    ("municipality", "name: X\ncode: 0825\nexample: true\n", True),
    ("municipality", "name: X\ncode: '825'\nkode: 1\n", False),
    ("contacts", "contacts:\n  alarm-112: {title: 112, help: Ring, phone: 112}\n", True),
    ("contacts", "contacts:\n  Alarm: {title: 112, help: Ring, phone: 112}\n", False),
    ("scenarios", "en: {title: x, answers: {a: b, c: [d, e]}, ends: f}\n", True),
    ("scenarios", "en: {title: x, answers: {a: {b: c}}, ends: f}\n", False),
    ("outcomes", "outcomes:\n  a: {do: [Ring, {text: Bliv, when: {q: ja}}], level: akut}\n", True),
    ("outcomes", "outcomes:\n  a: {level: akute}\n", False),
    ("outcomes", "outcomes:\n  a: {locked: yes}\n", False),
    ("professions", "professions:\n  x: {title: X, nearest: y}\n", True),
    ("professions", "professions:\n  x: {title: X}\n", False),
    ("shared", "title: X\nexits: [ud]\nquestions:\n  q: {title: x, options: {ja: {label: Ja}}}\n", False),
]


@pytest.mark.parametrize(("kind", "text", "fits"), SEEN)
def test_what_an_editor_would_say(kind: str, text: str, fits: bool) -> None:
    schema = schemas()[kind]
    assert accepts(schema, yaml.load(text, Loader=Editor), schema) is fits


def test_every_kind_is_a_word_of_the_model() -> None:
    assert all(issubclass(word, BaseModel) for word, _ in KINDS.values())
