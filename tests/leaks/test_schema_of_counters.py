"""What may be kept, as a list: tables, columns and the form of every cell; anything new fails here (T-P9).

On SQLite and on PostgreSQL, after many random walks with second thoughts. And the other end: no field on any page whose
text is sent, and no code that reads who or where a visitor is.
"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from guide import db
from guide.library.library import NOWHERE, Library
from guide.model import Level, Parents
from tests.leaks.installation import Plan, installation, plans

ROOT = Path(__file__).parent.parent.parent
PYTHON = sorted((ROOT / "guide").rglob("*.py"))
TEMPLATES = sorted((ROOT / "guide" / "web" / "templates").rglob("*.html"))

COLUMNS = {
    "alembic_version": {"version_num"},
    "counter": {"period", "tab", "cell", "n"},
    "seen": {"hash", "day"},
    "segment": {"id", "day"},
    "release": {"period", "day", "by", "catalogue", "digest", "audit"},
    "figure": {"tab", "period", "cell", "release", "n", "status"},
    "official": {"tab", "period", "cell", "taken", "n"},
    "taken": {"id", "kind", "period", "area", "day", "note"},
    "mark": {"name", "value"},
}
"""Every table and column there may be. The last five are written by commands, and hold nothing while the guide runs."""

KINDS = {"hash": r"BLOB|BYTEA", "version_num": r"VARCHAR\(32\)", "n": "BIGINT"}
"""The types of columns that are not text."""

YEAR, QUARTER, MONTH, DAY = r"\d{4}", r"\d{4}K[1-4]", r"\d{4}M(0[1-9]|1[0-2])", r"\d{4}M(0[1-9]|1[0-2])D[0-3]\d"
MEASURE, OPERATION = "shown|answered|changed|unsure", "counted|dropped|repeated|unreadable"


BY_COMMANDS = ("release", "figure", "official", "taken", "mark")


def columns(connection: Connection) -> dict[str, set[str]]:
    """Every table of a database with its columns. Raises AssertionError for a type that is not on the list."""
    inspector, found = db.inspect(connection), dict[str, set[str]]()
    for table in inspector.get_table_names() + inspector.get_view_names():
        for column in inspector.get_columns(table):
            assert re.fullmatch(KINDS.get(column["name"], "TEXT"), str(column["type"])), (table, column)
        found[table] = {column["name"] for column in inspector.get_columns(table)}
        assert inspector.get_indexes(table) == []
    return found


def others(connection: Connection) -> list[str]:
    """What else is in the database: triggers, sequences, views, and indexes beyond the primary keys."""
    if connection.dialect.name == "sqlite":
        query = "select name from sqlite_master where type != 'table' and name not like 'sqlite_autoindex%'"
    else:
        query = (
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('r', 'i') "
            "union select tgname from pg_trigger where not tgisinternal"
        )
    return list(connection.scalars(text(query)))


def forms(library: Library, *, scoped: bool) -> dict[tuple[str, str], str]:
    """(tab, period) -> the form of its cells, in an installation of one kommune or of all."""

    def any_of(names: object) -> str:
        return "(" + "|".join(map(re.escape, names)) + ")"  # type: ignore[call-overload]

    counted = {library.geography.counted_as(name) for name in library.municipalities}
    kommune, flow, level = any_of(counted), any_of(library.flows), any_of(map(str, Level))
    step = any_of(f"{name}/{step}" for name, one in library.flows.items() for step in one.flow.questions)
    outcome = any_of(f"{name}/{end}" for name, one in library.flows.items() for end in one.flow.outcomes)
    found = {
        ("use", QUARTER): f"{kommune}/{flow}",
        ("level", QUARTER): f"{kommune}/{level}",
        ("level", YEAR): f"{kommune}/{flow}/{level}",
        ("professions", YEAR if scoped else MONTH): f"{flow}/{level}",
        ("parents", YEAR if scoped else MONTH): f"{flow}/{any_of(map(str, Parents))}",
        ("hours", QUARTER if scoped else MONTH): "inside|outside",
        ("quality", QUARTER if scoped else MONTH): f"{step}/({MEASURE})",
        ("operations", QUARTER if scoped else DAY): OPERATION,
    }
    return found if scoped else found | {("topics", YEAR): outcome}


def misfits(rows: list[tuple[str, str, str, int]], known: dict[tuple[str, str], str]) -> list[tuple[str, str, str]]:
    """The rows that have no form on the list."""
    return [
        (period, tab, cell)
        for period, tab, cell, n in rows
        if n < 1
        or not any(
            tab == name and re.fullmatch(when, period) and re.fullmatch(form, cell)
            for (name, when), form in known.items()
        )
    ]


def with_second_thoughts(walked: list[Plan], library: Library, seed: int) -> list[Plan]:
    """The same walks: some answer the first question otherwise first, and some post everything twice."""
    chance, found = random.Random(seed), list[Plan]()
    for one in walked:
        playable = library.playable(one.municipality, one.flow)
        assert playable
        step, chosen = one.answers[0]
        other = [(name,) for name in playable.flow.questions[step].options if (name,) != chosen]
        one = replace(one, regret=chance.choice(other)) if chance.random() < 0.3 else one
        found += [one] * chance.choice((1, 1, 2))
    return chance.sample(found, len(found))


@pytest.mark.parametrize("scope", [None, "proeve"], ids=["all", "one kommune"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_columns_and_cells(
    app: Flask, demo: Library, tmp_path: Path, new_database: Callable[[], str], kind: str, scope: str | None
) -> None:
    url = new_database() if kind == "postgresql" else None
    places = [
        (kommune, flow) for kommune in ("proeve", NOWHERE) for flow in ("tre", "flere") if scope in (None, kommune)
    ]
    with installation(app, tmp_path, url, scope) as made:
        made.play(*with_second_thoughts(plans(demo, places, 60, seed=3), demo, seed=3))
        rows, known = made.drain(), forms(demo, scoped=scope is not None)
        assert misfits(rows, known) == []
        assert {tab for _, tab, _, _ in rows} == {tab for tab, _ in known}
        assert {cell.split("/")[-1] for _, tab, cell, _ in rows if tab == "quality"} == set(MEASURE.split("|"))
        engine = db.open_engine(url, tmp_path)
        with engine.connect() as connection:
            assert columns(connection) == COLUMNS
            assert others(connection) == []
            assert not any(connection.scalar(text(f'select count(*) from "{name}"')) for name in BY_COMMANDS)
            connection.execute(text("alter table seen add column walk text"))  # planted
            assert columns(connection) != COLUMNS
            connection.rollback()


def test_a_planted_cell_is_found(demo: Library) -> None:
    known = forms(demo, scoped=False)
    planted = [
        ("2026K4", "level", "proeve/tre/straks", 1),  # kommune, faggruppe and level by quarter
        ("2026", "topics", "proeve/tre/straks", 1),  # an outcome by kommune
        ("2026M11", "topics", "tre/straks", 1),
        ("2026M11", "quality", "tre/slag/ja", 1),  # an answer
        ("2026M11D22", "use", "proeve/tre", 1),  # a day
        ("2026K4", "use", "proeve/tre/12:30", 1),
        ("2026K4", "browser", "proeve/tre", 1),
        ("2026M11", "parents", "proeve/tre/ikke", 1),  # by kommune it would tell of violence
        ("2026M11D22", "hours", "inside", 1),
        ("2026M11", "hours", "proeve/inside", 1),
        ("2026M11", "hours", "12", 1),
        ("2026K4", "use", "proeve/tre", -1),
    ]
    assert misfits(planted, known) == [row[:3] for row in planted]
    assert misfits([("2026K4", "use", "proeve/tre", 1)], known) == []


def test_the_examples_for_the_kommune_are_true(content: Library) -> None:
    told = re.findall(r"`([^`;]+;[^`]+;\d+)`", (ROOT / "docs" / "privatliv.md").read_text(encoding="utf-8"))
    rows = [(*one.split(";")[:3], int(one.split(";")[3])) for one in told]
    assert len(rows) >= 9 and misfits(rows, forms(content, scoped=False)) == []


INPUTS = {"radio", "checkbox", "hidden", "submit"}


class _Fields(HTMLParser):
    """Gathers the fields of a page that one could write in and whose text could be sent or kept by the browser.

    The field for the moment of a report is read by a script alone: it stands outside any form and has no name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forms, self.found = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.forms += tag == "form"
        written = tag in ("textarea", "datalist") or "contenteditable" in given
        if tag == "input" and given.get("type") not in INPUTS | {"{{ type }}"}:
            alone = not self.forms and given.keys().isdisjoint({"name", "form", "formaction"})
            written = given.get("type") != "datetime-local" or not alone
        if written:
            self.found.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        self.forms -= tag == "form"


def fields_that_are_sent(markup: str) -> list[str]:
    """Every field in a page whose text could leave it."""
    reader = _Fields()
    reader.feed(markup)
    return reader.found


def test_no_page_has_a_field_that_is_sent(client: FlaskClient) -> None:
    """What the script of the writing help makes is looked at in tests/browser/test_writing.py."""
    assert len(TEMPLATES) > 10
    sent = {path: fields_that_are_sent(path.read_text(encoding="utf-8")) for path in TEMPLATES}
    room = [found for path, fields in sent.items() if path.parent.name == "editing" for found in fields]
    # On a temadag: the code that stands on the wall, and a trainer's own case, which goes with the session.
    training = {
        (path.name, found) for path, fields in sent.items() if path.parent.name == "training" for found in fields
    }
    assert {(file, re.findall(r' name="(\w+)"', field)[0]) for file, field in training} == {
        ("code.html", "kode"), ("start.html", "egen"), ("start.html", "handler"),
    }  # fmt: skip
    rest = [path for path in sent if path.parent.name not in ("editing", "training")]
    assert [found for path in rest for found in sent[path]] == []
    # The room of editors is on a preview only; there one chooses a day and an hour, and can write nothing.
    assert room and all(' type="date" ' in field or ' type="time" ' in field for field in room)
    client.post("/proeve/tre/start")
    client.post("/proeve/flere/start")
    for address in (
        "/",
        "/vaelg",
        "/proeve/",
        "/proeve/flere/1",
        "/proeve/flere/",
        "/proeve/kontakt/",
        "/tegn/",
        *MORE,
    ):
        assert fields_that_are_sent(client.get(address, follow_redirects=True).get_data(as_text=True)) == []
    assert 'type="datetime-local"' in client.get(MORE[0]).get_data(as_text=True)
    assert all(fields_that_are_sent(one) for one in PLANTED)


MORE = ("/proeve/vejledning/straks?fag=tre", "/proeve/skriv/straks/proeve")
PLANTED = (
    '<input name="navn">', '<input type="text">', "<textarea>", '<p contenteditable="true">',
    '<input type="datetime-local" name="tid">', '<form><p><input type="datetime-local"></p></form>',
    '<form id="f"></form><input type="datetime-local" form="f">',
)  # fmt: skip


WHO = {
    "remote_addr", "remote_user", "access_route", "user_agent", "referrer", "accept_languages", "authorization",
    "environ",
}  # fmt: skip
"""What a request could tell of who and where a visitor is."""

HEADERS = {"Sec-Fetch-Site", "Origin", "Accept-Encoding"}
"""The headers that are read: which site a post comes from, and whether gzip is taken. Nothing of them is kept."""


def reads(source: str) -> set[str]:
    """What this source reads of a visitor: attributes, keys of the environment and headers not on the list."""
    tree, found = ast.parse(source), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WHO:
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            found |= {node.attr} - ({"environ"} if owner == "os" else set())
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"REMOTE_\w+|HTTP_(?!S)[A-Z_]+|X-Forwarded-For|X-Real-IP|User-Agent", node.value))
            found |= set(re.findall(r"\b(?:Accept-Language|Referer|Forwarded)\b", node.value))
        if _is_header(node):
            found |= {ast.unparse(one) for one in node.args[:1] if ast.unparse(one).strip("'") not in HEADERS}  # type: ignore[attr-defined]
    return found


def _is_header(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("request.headers.")


def without(source: str, function: str) -> str:
    """The source with one function of its top level taken out."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if getattr(node, "name", "") != function]
    return ast.unparse(tree)


def test_no_code_reads_who_or_where_a_visitor_is() -> None:
    """One function does: the brake asks whose wrong codes and new sessions are. What it keeps is in tests/training."""
    served = [path for path in PYTHON if path.name != "preview.py"]  # which is for who writes, on their own machine
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in served}
    braked = sources.pop("guide/web/temadag.py")
    assert reads(braked) and reads(without(braked, "network")) == set()
    assert set().union(*map(reads, sources.values())) == set()
    planted = (
        "request.remote_addr", "request.user_agent.string", "request.access_route[0]", "request.environ['x']",
        "e['REMOTE_ADDR']", "request.headers.get('DNT')", "request.accept_languages.best", "h['X-Forwarded-For']",
    )  # fmt: skip
    assert all(reads(one) for one in planted)


def test_nothing_writes_to_another_log() -> None:
    """No system log, no log file, no log of a library turned on; what is printed is searched in test_canary.py."""
    for path in PYTHON:
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"syslog|FileHandler|log_access=True|echo=True|faulthandler|\.exception\(", source), path
        assert not re.search(r"exc_info=|traceback|str\(error\).*log|log\..*str\(", source), path
