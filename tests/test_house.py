"""Guards of the house: sizes, names, documents that say what is there."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from pydantic import BaseModel

import guide
from guide import config, model
from guide.cli import main
from guide.library.schema import schemas

ROOT = Path(__file__).parent.parent
PYTHON = sorted((ROOT / "guide").rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PYTHON, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_sizes_and_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what is here and what is not"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name
            if not node.name.startswith("_") and isinstance(_parent(tree, node), ast.Module):
                assert ast.get_docstring(node), f"{node.name} has no docstring"


def _parent(tree: ast.Module, wanted: ast.AST) -> ast.AST | None:
    return next((n for n in ast.walk(tree) for child in ast.iter_child_nodes(n) if child is wanted), None)


def test_no_drawer_for_odds_and_ends() -> None:
    for path in PYTHON:
        assert not {"utils", "helpers", "common", "manager"} & set(path.with_suffix("").parts)


def test_each_file_of_the_engine_and_library_has_its_test() -> None:
    for room in ("flows", "library", "usage"):
        for path in (ROOT / "guide" / room).glob("*.py"):
            if path.stem not in ("__init__", "finding", "places", "wording", "syntax", "invariants", "playable"):
                assert (ROOT / "tests" / room / f"test_{path.stem}.py").exists(), path.name


SKIPS = {"skip", "skipif", "xfail", "importorskip", "SkipTest", "skipTest", "skipUnless", "skipIf"}


def skips(text: str) -> set[str]:
    """The ways to skip a test that this source uses."""
    names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    return SKIPS & (names | {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)})


def test_no_test_is_skipped() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        assert not skips(path.read_text("utf-8")), path
    assert skips("@pytest.mark.skip\ndef test_x(): pass") and skips("pytest.importorskip('x')")


def test_every_setting_and_command_is_documented() -> None:
    names = set(re.findall(r"GUIDE_[A-Z_]+", Path(config.__file__).read_text("utf-8")))
    assert names == {"GUIDE_SECRET_KEY", "GUIDE_DATA", "GUIDE_DATABASE_URL", "GUIDE_CONTENT", "GUIDE_SCOPE"}
    for name in names | {f"guide {command}" for command in main.commands}:
        assert name in README, name
    assert all(command.help for command in main.commands.values())


def test_the_room_map_is_true() -> None:
    block = README.split("## Room map")[1].split("```")[1]
    for line in filter(None, block.splitlines()):
        path = line.split()[0]
        assert (ROOT / path).exists(), path
    shown = {line.split()[0].rstrip("/") for line in filter(None, block.splitlines())}
    for room in (ROOT / "guide").iterdir():
        if room.name not in ("__pycache__", "__init__.py", "py.typed", "_content"):
            assert f"guide/{room.name}" in shown, room.name


def test_every_word_of_the_model_is_in_the_word_list() -> None:
    listed = set(re.findall(r"^\| `(\w+)`", README.split("## Words")[1], re.MULTILINE))
    inner = {"Word", "ContactList", "SignList", "ScenarioList", "ProfessionList", "PrincipleList", "MythList"}
    inner |= {"ChangeList", "JudgementList", "TermList", "KeyFigureList"}
    words = {n for n, w in vars(model).items() if isinstance(w, type) and issubclass(w, BaseModel)}
    assert {n for n in words if "[" not in n} - inner <= listed


def test_the_shipped_schema_is_fresh() -> None:
    folder = ROOT / "content" / "schema"
    assert {p.name for p in folder.iterdir()} == {f"{name}.schema.json" for name in schemas()}
    for name, schema in schemas().items():
        assert json.loads((folder / f"{name}.schema.json").read_text("utf-8")) == schema, (
            "run `guide schema content/schema`"
        )


ROUTES = {
    "/", "/vaelg", "/<municipality>/", "/<municipality>/<flow>/", "/<municipality>/kontakt/",
    "/<municipality>/paa-tvaers/", "/<municipality>/paa-tvaers/<theme>",
    "/<municipality>/vejledning/<outcome>", "/<municipality>/<flow>/start", "/<municipality>/<flow>/<int:n>",
    "/<municipality>/kalender/<slug>.ics", "/<municipality>/observation/<outcome>",
    "/<municipality>/<flow>/barnets-kommune", "/<municipality>/kontakt/<contact>.vcf",
    "/<municipality>/skriv/<outcome>/<letter>",
    "/<municipality>/<flow>/plakat.pdf", "/<municipality>/<flow>/handleplan.pdf",
    "/<municipality>/farver.css", "/<municipality>/logo.png",
    "/lov/", "/lov/jurist/", "/tegn/", "/aendringer/", "/kvalitet/", "/friskhed/",
    "/statistik/kommune/<kommune>/", "/statistik/landsdel/<landsdel>/", "/statistik/om/",
    "/statistik/", "/statistik/fag/", "/statistik/spoergsmaal/", "/statistik/data/", "/statistik/data/datapackage.json",
    "/statistik/data/<slug>.csv", "/statistik/data/<slug>.json",
    "/statistik/officielle/", "/statistik/officielle/<kommune>/", "/statistik/kommune/<kommune>/noegletal.pdf",
    "/temadag/materiale/", "/temadag/program/", "/temadag/oplaeg/<flow>/", "/temadag/sager/<case>/",
    "/temadag/", "/temadag/slut", "/temadag/<code>/", "/temadag/<code>/t/<secret>", "/temadag/<code>/vaeg",
    "/temadag/<code>/stand", "/temadag/<code>/goer", "/temadag/<code>/resultat.pdf", "/ov/<code>/",
    "/ov/", "/ov/<code>", "/ov/<code>/stand", "/ov/<code>/begynd", "/ov/<code>/svar", "/ov/<code>/over",
    "/ov/<code>/<int:n>",
    "/om/", "/privatliv/", "/tilgaengelighed/",
    "/farvel", "/farvel.css", "/forlad",
    "/static/<path:filename>", "/health/live", "/health/ready",
}  # fmt: skip
"""Addresses that people have bookmarked; think of a redirect before one goes."""


def test_the_route_list(app: Flask) -> None:
    assert {rule.rule for rule in app.url_map.iter_rules()} == ROUTES


def test_reserved_words_cover_the_routes(app: Flask) -> None:
    from guide.library.checks import RESERVED

    parts = {part for route in ROUTES for part in re.split(r"[/.]", route) if part and "<" not in part} - {"css"}
    assert parts <= RESERVED


def test_the_version_is_in_the_changelog() -> None:
    assert f"## {guide.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_at_most_sixteen_direct_dependencies() -> None:
    block = (ROOT / "pyproject.toml").read_text("utf-8").split("dependencies = [")[1].split("]")[0]
    assert len(re.findall(r'^\s+"', block, re.MULTILINE)) <= 16


def test_lock_files_carry_hashes_and_no_host() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert text.count("--hash=sha256:") > 50
        assert not re.search(r"https?://|--index-url|--find-links|--trusted-host", text)
