"""What an editor's program is offered for a kommune's files: the national ids, and of national steps only what is free.

Whether the schemas do in a real program what they should is tried by the night (`tests/editor`).
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from guide.library.library import Library
from guide.library.room_schema import room_schemas
from tests.library.test_schema import Editor, accepts, faults

MADE: dict[str, Any] = {}
HEAD = "owner: X\nchecked: '2026-11-22'\n"

# (schema, text, whether it fits)
SEEN: list[tuple[str, str, bool]] = [
    ("overlay-tre", HEAD, True),
    ("overlay-tre", HEAD + "questions: {trist: {local: X}}\n", True),
    ("overlay-tre", HEAD + "questions: {trist: {title: X}}\n", False),
    ("overlay-tre", HEAD + "questions: {trist: {options: {ja: {goto: straks}}}}\n", True),
    ("overlay-tre", HEAD + "questions: {trist: {options: {ja: {label: X}}}}\n", False),
    ("overlay-tre", HEAD + "questions: {trist: {options: {lidt: {label: X, as: ja}}}}\n", True),
    ("overlay-tre", HEAD + "questions: {trist: {options: {lidt: {label: X}}}}\n", False),
    ("overlay-tre", HEAD + "questions: {ny: {before: undren, title: T, options: {a: {label: A}}}}\n", True),
    ("overlay-tre", HEAD + "questions: {ny: {before: mit-eget, title: T}}\n", True),
    ("overlay-tre", HEAD + "questions: {ny: {titel: T}}\n", False),
    ("overlay-tre", HEAD + "outcomes: {bekymring: {local: X, contacts: [mit-team], letters: [proeve]}}\n", True),
    ("overlay-tre", HEAD + "outcomes: {bekymring: {level: undren}}\n", False),
    ("overlay-tre", HEAD + "outcomes: {mit: {as: bekymring, title: T}}\n", True),
    ("municipality", "name: V\ncontacts: {modtagelse: {title: A, help: B}}\n", True),
    ("municipality", "name: V\ncontacts: {mit-team: {title: A, help: B, fallback: modtagelse}}\n", True),
    ("municipality", "name: V\ncontacts: {modtagelse: {title: A}}\n", False),
]


def made(demo: Library) -> dict[str, Any]:
    """The schemas of the demo, made once."""
    MADE.update({} if MADE else room_schemas(demo))
    return MADE


@pytest.mark.parametrize(("kind", "text", "fits"), SEEN)
def test_what_is_offered_and_what_is_underlined(demo: Library, kind: str, text: str, fits: bool) -> None:
    schema = made(demo)[kind]
    assert accepts(schema, yaml.load(text, Loader=Editor), schema) is fits


def test_they_are_well_formed_and_danish(demo: Library) -> None:
    for name, schema in made(demo).items():
        assert faults(schema) == [], name


def test_every_national_step_is_offered_with_its_title(demo: Library) -> None:
    schemas = made(demo)
    for name, playable in demo.flows.items():
        found: dict[str, Any] = schemas[f"overlay-{name}"]["properties"]
        for step, said in playable.flow.questions.items():
            assert said.title in found["questions"]["properties"][step]["description"]
        assert set(found["outcomes"]["properties"]) == set(playable.flow.outcomes)


def test_the_shipped_ones_are_small_enough_to_be_quick(content: Library) -> None:
    sizes = {name: len(json.dumps(schema)) for name, schema in room_schemas(content).items()}
    assert set(sizes) == {"municipality", *(f"overlay-{name}" for name in content.flows)}
    assert max(sizes.values()) < 120_000
