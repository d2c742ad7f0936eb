"""What a program offers and underlines while a kommune's editor types, by the server that such programs use. By night.

The files are those that `guide new-municipality` writes, with their first line, which says where the schema is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from guide.library.library import Library
from guide.library.new_room import make
from guide.library.room_schema import room_schemas
from tests.editor.server import Editor, editor, installed

MAPPED = "# yaml-language-server: $schema=../../skemaer/municipality.schema.json\n"
FLOWED = "# yaml-language-server: $schema=../../../skemaer/overlay-tandpleje.schema.json\n"
HEAD = FLOWED + "owner: Tandplejen\nchecked: 2026-11-22\n"


@pytest.fixture(scope="module")
def program() -> Path:
    return installed()


@pytest.fixture(scope="module")
def writer(program: Path) -> Iterator[Editor]:
    with editor(program) as found:
        yield found


@pytest.fixture(scope="module")
def room(content: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kommune's fresh folder with its schemas."""
    folder = tmp_path_factory.mktemp("editor")
    (folder / "skemaer").mkdir()
    for name, schema in room_schemas(content).items():
        (folder / "skemaer" / f"{name}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    kommune = content.municipalities["viborg"]
    return make(folder, "viborg", kommune, content.flows, date(2026, 11, 22))[0].parent


def test_what_is_written_for_a_kommune_has_no_line_under_it(writer: Editor, room: Path) -> None:
    text = (room / "municipality.yaml").read_text(encoding="utf-8")
    assert writer.open(room / "municipality.yaml", text) == []
    for path in sorted((room / "flows").iterdir()):
        found = writer.open(path, path.read_text(encoding="utf-8").replace("owner:\n", "owner: X\n"))
        assert found == [], path


@pytest.mark.parametrize(
    ("file", "text", "offered", "never"),
    [
        ("a.yaml", MAPPED + "|", {"name", "contacts", "offers"}, {"questions"}),
        ("b.yaml", MAPPED + "name: V\ncontacts:\n  |", {"modtagelse", "doegnvagt"}, {"alarm"}),
        ("c.yaml", MAPPED + "name: V\ncontacts:\n  modtagelse:\n    |", {"title", "phone", "hours"}, {"name"}),
        ("d.yaml", MAPPED + "name: V\ncontacts:\n  x:\n    purpose: [|]", {"raad", "uden-navn"}, set()),
        ("e.yaml", MAPPED + "name: V\nnames:\n  |", {"tvaerfagligt-moede"}, set()),
        ("flows/a.yaml", HEAD + "|", {"questions", "outcomes", "approved"}, {"title", "start"}),
        ("flows/b.yaml", HEAD + "questions:\n  |", {"hvad-bekymrer", "akut-fare"}, {"undren"}),
        ("flows/c.yaml", HEAD + "questions:\n  hvad-bekymrer:\n    |", {"local", "options", "next"}, {"title", "kind"}),
        ("flows/d.yaml", HEAD + "questions:\n  akut-fare:\n    |", {"local", "options"}, {"next", "locked"}),
        ("flows/e.yaml", HEAD + "questions:\n  eget:\n    |", {"title", "before", "options"}, {"level"}),
        ("flows/f.yaml", HEAD + "questions:\n  eget:\n    before: |", {"undren", "hvad-bekymrer"}, set()),
        (
            "flows/g.yaml",
            HEAD + "questions:\n  hvad-bekymrer:\n    options:\n      ny:\n        |",
            {"label", "as"},
            set(),
        ),
        (
            "flows/h.yaml",
            HEAD + "questions:\n  hvad-bekymrer:\n    options:\n      ny:\n        as: |",
            {"smerte", "skade"},
            {"undren"},
        ),
        ("flows/i.yaml", HEAD + "outcomes:\n  |", {"undren", "bekymring-droeft"}, {"hvad-bekymrer"}),
        ("flows/j.yaml", HEAD + "outcomes:\n  undren:\n    |", {"local", "contacts", "letters"}, {"level", "parents"}),
        ("flows/k.yaml", HEAD + "outcomes:\n  eget:\n    as: |", {"undren", "bekymring-droeft"}, set()),
        ("flows/l.yaml", HEAD + "outcomes:\n  undren:\n    letters: [|]", {"underretning", "samtale"}, set()),
    ],
)
def test_what_is_offered(writer: Editor, room: Path, file: str, text: str, offered: set[str], never: set[str]) -> None:
    found = set(writer.complete(room / file, text))
    assert offered <= found, sorted(found)
    assert not never & found


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("f.yaml", MAPPED + "navn: V\n", 1),
        ("g.yaml", MAPPED + "name: V\ncontacts:\n  modtagelse: {title: A, help: B, tlf: 112}\n", 3),
        ("h.yaml", MAPPED + "name: V\nlevels: {rød: Rød}\n", 2),
        ("i.yaml", MAPPED + "name: V\ncode: 'otte'\n", 2),
        ("flows/m.yaml", HEAD + "questions:\n  hvad-bekymrer:\n    title: X\n", 5),
        ("flows/n.yaml", HEAD + "questions:\n  hvad-bekymrer:\n    options: {ny: {label: Ny}}\n", 5),
        ("flows/o.yaml", HEAD + "questions:\n  hvad-bekymrer:\n    options: {ny: {label: Ny, as: nej-nej}}\n", 5),
        ("flows/p.yaml", HEAD + "outcomes:\n  undren:\n    level: akut\n", 5),
        ("flows/q.yaml", HEAD + "questions:\n  Eget:\n    title: X\n", 4),
        ("flows/r.yaml", HEAD + "questions:\n  akut-fare:\n    next: [{goto: undren}]\n", 5),
    ],
)
def test_a_planted_fault_is_underlined(writer: Editor, room: Path, file: str, text: str, line: int) -> None:
    assert line in [found["range"]["start"]["line"] for found in writer.open(room / file, text)]


def test_a_national_step_is_explained_in_danish(
    writer: Editor, room: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("editor", "completion in 17 places, 10 planted faults, hover, with yaml-language-server 2.0.0")
    text = HEAD + "questions:\n  hvad-bekymrer:\n    local: X\n"
    writer.open(room / "flows" / "s.yaml", text)
    assert "Nationalt spørgsmål: Hvad bekymrer dig?" in writer.hover(room / "flows" / "s.yaml", 4, 5)
    assert "Kommunens egen boks" in writer.hover(room / "flows" / "s.yaml", 5, 6)
