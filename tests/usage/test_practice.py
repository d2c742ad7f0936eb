"""Practice never touches the figures: after a thousand practice walks every byte that counts is what it was (T-P8).

Over the web, in several sessions, between real walks: the spool, the counters, what is remembered of walks and of
segments, what `guide stats` prints, and a release. A practice walk that is counted after all is found.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from guide import db
from guide.library.library import NOWHERE, Library
from guide.statistics.periods import Period
from guide.statistics.release import publish
from guide.training.store import FILE, tables
from guide.usage.facts import Fact
from guide.web import rooms, shelf, walks
from tests.leaks.installation import Installation, installation, plans
from tests.statistics.counted import content_with, two_landsdele
from tests.web.gathered import Trainer, begun, joined

WALKS = 1_000 if os.environ.get("GUIDE_NIGHT") else 60
SESSIONS = 4
SEED = 20261122
ROOT = Path(__file__).parent.parent.parent
PLACES = [
    ("aalborg", "tandpleje"),
    ("aalborg", "skole"),
    ("bornholm", "skole"),
    ("bornholm", "sundhedspleje"),
    (NOWHERE, "skole"),
]
GROUPS = ("tandpleje", "skole", "oevrige", "bord")
CASE = "skole-gruppechatten"


@contextmanager
def counted(made: Installation) -> Iterator[None]:
    """Whatever the application records goes to this installation."""
    with pytest.MonkeyPatch.context() as patch:
        held = made.app.extensions["guide"]
        patch.setitem(made.app.extensions, "guide", replace(held, counting=made.counting))
        patch.setattr(walks, "now", lambda: int(made.now))
        yield


def practise(made: Installation, number: int) -> int:
    """So many practice walks in several sessions."""
    chance, done = random.Random(SEED), 0
    with counted(made):
        sessions = [begun(made.app, CASE, kommune=place) for place in ("aalborg", NOWHERE) * (SESSIONS // 2)]
        for one in sessions:
            one.asks()
        phones = [joined(made.app, one.code, group) for one in sessions for group in GROUPS]
        while done < number:
            chance.choice(phones).walks(chance, 0, "skole")
            done += 1
        for one in sessions:
            ends(one)
    return done


def ends(one: Trainer) -> None:
    """The answers are shown, and all is over."""
    one.reveals()
    one.does("spoerg", 0, "niveau")
    assert one.does("slut").status_code == 303


def bytes_of(made: Installation) -> dict[str, bytes]:
    """Every file but those of sessions."""
    return {name: data for name, data in made.files().items() if not name.startswith(FILE)}


def rows(engine: db.Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that count, publish or remember."""
    with engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(select(table)))) for name, table in db.metadata.tables.items()
        }


def released(data: Path, library: Library) -> dict[str, list[tuple[object, ...]]]:
    """A release made of a copy of these counters."""
    copy = data.parent / f"copy of {data.name}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    engine = db.open_engine(None, copy)
    publish(engine, two_landsdele(library), Period(2026, 4), "en prøve", date(2027, 1, 20), auditor=content_with)
    return rows(engine)


def played(app: Flask, content: Library, data: Path, practice: Callable[[Installation], object]) -> list[str]:
    """What practice between real walks has changed."""
    changed = list[str]()
    with installation(app, data) as made:
        made.play(*plans(content, PLACES, 30, SEED))
        made.drain()
        made.play(*plans(content, PLACES, 5, SEED + 1))  # these wait in the spool, as they may
        before, figures = bytes_of(made), rows(db.open_engine(None, data))
        publication = released(data, content)
        assert any(name.startswith("spool/") for name in before) and figures["counter"] and publication["figure"]
        practice(made)
        changed += [name for name, held in bytes_of(made).items() if before.get(name) != held]
        changed += [f"{name} is gone" for name in before.keys() - bytes_of(made).keys()]
        changed += ["the tables"] if rows(db.open_engine(None, data)) != figures else []
        changed += ["the release"] if released(data, content) != publication else []
        waiting = made.drain()
    with installation(app, data.with_name("without")) as other:
        other.play(*plans(content, PLACES, 30, SEED))
        other.drain()
        other.play(*plans(content, PLACES, 5, SEED + 1))
        changed += ["what guide stats prints"] if other.drain() != waiting else []
    return changed


def test_practice_changes_no_byte_that_counts(shipped_app: Flask, content: Library, tmp_path: Path) -> None:
    assert played(shipped_app, content, tmp_path / "data", lambda made: practise(made, WALKS)) == []


def test_a_planted_practice_walk_that_counts_is_found(
    shipped_app: Flask, content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the page of a practice walk did what the page of a real one does."""
    vote = rooms._vote

    def counting_too(code: str, number: int, seated: rooms.Seated, given: object) -> None:
        shelf().counting.record(lambda: [Fact("2026K4", "use", "aalborg/skole", b"0" * 16)])
        vote(code, number, seated, given)  # type: ignore[arg-type]

    monkeypatch.setattr(rooms, "_vote", counting_too)
    found = played(shipped_app, content, tmp_path / "data", lambda made: practise(made, 1))
    assert "what guide stats prints" in found and any(name.startswith("spool/") for name in found)


def test_sessions_are_kept_apart_from_what_is_counted() -> None:
    """Nothing that keeps sessions knows the counting, and no table of theirs is one of ours."""
    assert not set(tables.tables) & set(db.metadata.tables)
    assert all(name.startswith("training_") for name in tables.tables)
    served = [path for path in (ROOT / "guide" / "training").glob("*.py")]
    served += [ROOT / "guide" / "web" / f"{name}.py" for name in ("temadag", "rooms", "results", "practice_cookie")]
    assert len(served) > 10
    for path in served:
        assert not re.search(r"guide\.usage|\.counting\b|\brecord\(", path.read_text("utf-8")), path
