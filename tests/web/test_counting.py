"""Walks on the web and what is counted of them: once, however pages are reloaded, posted again and changed."""

from __future__ import annotations

import os
import random
import secrets
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, delete

from guide import db
from guide.usage.drainer import Drainer
from guide.usage.facts import Fact
from guide.web import walks
from tests.usage.conftest import Desk, database, postgres_database, postgres_url
from tests.web.counted import NEW, OLD, Held, World, make_apps, some_step

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

SEED = 20_261_122
HISTORIES = 150 if os.environ.get("GUIDE_NIGHT") else 8
"""Random histories on each database, of STEPS steps each."""
STEPS = 80

BASE = ("proeve", "tre")


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> list[Flask]:
    return make_apps(tmp_path_factory.mktemp("apps"))


@pytest.fixture(scope="module")
def scoped_apps(tmp_path_factory: pytest.TempPathFactory) -> list[Flask]:
    return make_apps(tmp_path_factory.mktemp("apps"), scope="proeve")


@pytest.fixture
def world(apps: list[Flask], tmp_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(apps, tmp_path / "data", database)
    made.plant(monkeypatch)
    return made


def history(world: World, seed: object) -> None:
    chance = random.Random(f"{SEED} {seed}")
    for _ in range(STEPS):
        some_step(world, chance)
    world.compare()


def rows(world: World) -> dict[str, int]:
    """Table and cell -> n, of all periods, without operations."""
    return {f"{tab} {cell}": n for (_, tab, cell), n in world.desks[0].sums().items() if tab != "operations"}


# --- random histories against the model, and the faults it must find ---


def test_random_histories_count_what_the_model_says(
    apps: list[Flask], tmp_path: Path, database: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(HISTORIES):
        world = World(apps, tmp_path / str(number), database)
        world.plant(monkeypatch)
        history(world, number)
        if database:
            with world.desks[0]._engine.begin() as connection:
                for table in db.metadata.tables.values():
                    connection.execute(delete(table))


def test_random_histories_of_one_kommune(
    scoped_apps: list[Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(HISTORIES // 2):
        world = World(scoped_apps, tmp_path / str(number), None, scope="proeve")
        world.plant(monkeypatch)
        history(world, number)
        assert not [key for key in world.desks[0].sums() if "M" in key[0] or key[1] == "topics"], "no period so fine"


def every_outcome(real: Callable[..., Sequence[Fact]]) -> Callable[..., Sequence[Fact]]:
    """The fault: a later outcome of a walk counts too."""

    def made(*arguments: Any, **named: Any) -> list[Fact]:
        facts = real(*arguments, **{**named, "first": True})
        once = {"level", "professions", "parents", "topics"}
        return [f._replace(hash=secrets.token_bytes(16)) if f.tab in once else f for f in facts]

    return made


def forgetful(connection: Connection, digests: list[bytes]) -> list[bytes]:
    """The fault: what was seen before is not looked up."""
    connection.execute(delete(db.seen))
    return digests


FAULTS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "first outcome": lambda m: m.setattr(walks, "answered", every_outcome(walks.answered)),
    "seen": lambda m: m.setattr(Drainer, "_new", staticmethod(forgetful)),
    "drop": lambda m: m.setattr(Desk, "_dropped", lambda self, n: Fact("2026", "operations", "dropped", bytes(16), 0)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_model_finds_a_planted_fault(
    apps: list[Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError) as caught:
        for number in range(8):
            world = World(apps, tmp_path / str(number), None)
            world.plant(monkeypatch)
            history(world, number)
    assert "compare" in [entry.name for entry in caught.traceback]


# --- the same by name, so that what breaks is told plainly ---


def walked(world: World, *answers: tuple[str, str], worker: int = 0) -> Held:
    """A walk with these answers; its last cookie."""
    world.start(worker, BASE)
    for step, option in answers:
        world.answer(worker, world.held[-1], step, [option])
    return world.held[-1]


def test_a_reload_a_double_click_and_ten_posts_count_once(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    for worker in [0, 1] * 5:
        world.answer(worker, held, "slag", ["ja"])
        world.reload(worker, world.held[-1])
    world.compare()
    assert rows(world)["level proeve/straks"] == 1 and world.desks[0].operations()["repeated"] > 40


def test_a_hundred_posts_at_once_with_one_cookie_count_once(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    together, got = threading.Barrier(100), list[int]()

    def post(number: int) -> None:
        together.wait()
        client = world.apps[number % 2].test_client(use_cookies=False)
        data = {"trin": "slag", "svar": "ja"}
        got.append(client.post("/proeve/tre/2", data=data, headers={"Cookie": f"walk={held.value}"}).status_code)

    threads = [threading.Thread(target=post, args=[number]) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [303] * 100
    world.answer(0, held, "slag", ["ja"])
    world.compare()
    assert rows(world)["quality tre/slag/answered"] == 1


def test_two_windows_with_different_ends_count_one(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    for worker, option in [(0, "ja"), (1, "ved-ikke")]:
        world.answer(worker, held, "slag", [option])
    world.answer(0, held, "slag", ["nej"])
    world.answer(1, world.held[-1], "trist", ["ja"])
    world.compare()
    found = rows(world)
    assert {cell for cell in found if cell.startswith("level")} == {"level proeve/straks", "level proeve/tre/straks"}


def test_an_answer_changed_and_changed_back_is_changed_once(world: World) -> None:
    walked(world, ("akut-fare", "nej"), ("slag", "nej"), ("slag", "ja"), ("slag", "nej"), ("slag", "ja"))
    world.compare()
    found = rows(world)
    assert (
        found["quality tre/slag/changed"] == found["quality tre/slag/answered"] == found["quality tre/trist/shown"] == 1
    )
    assert "quality tre/trist/answered" not in found and found["level proeve/straks"] == 1


def test_only_the_first_outcome_of_a_walk_counts_drained_between_or_not(world: World) -> None:
    for drained in (False, True):
        walked(world, ("akut-fare", "ja"))
        if drained:
            world.drain(1)
        world.answer(1, world.held[-1], "akut-fare", ["nej"])
        world.answer(0, world.held[-1], "slag", ["ja"])
    world.compare()
    assert rows(world)["topics tre/akut"] == 2 and "topics tre/straks" not in rows(world)


def test_starting_twice_is_two_walks_and_no_use_before_an_answer(world: World) -> None:
    world.start(0, BASE)
    world.start(1, BASE)
    world.compare()
    assert rows(world) == {"quality tre/akut-fare/shown": 2}
    for held in world.held[:2]:
        world.answer(0, held, "akut-fare", ["nej"])
    world.compare()
    assert rows(world)["use proeve/tre"] == 2


def test_a_cookie_sealed_anew_is_the_same_walk(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    world.clock.at += 400
    assert "Set-Cookie" in world.reload(0, held).headers and world.held[-1].value != held.value
    world.answer(1, world.held[-1], "akut-fare", ["nej"])
    world.answer(1, held, "akut-fare", ["nej"])
    world.compare()
    assert rows(world)["use proeve/tre"] == 1


def test_a_walk_over_a_change_of_keys_is_the_same_walk(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    world.keys = [NEW, OLD]
    world.wire()
    world.answer(1, held, "akut-fare", ["nej"])
    world.answer(0, world.held[-1], "slag", ["ja"])
    world.compare()
    assert rows(world)["use proeve/tre"] == rows(world)["level proeve/straks"] == 1


def test_an_expired_cookie_counts_nothing(world: World) -> None:
    held = walked(world, ("akut-fare", "nej"))
    handed = world.handed
    world.clock.at += 30 * 60 + 1
    assert world.answer(0, held, "slag", ["ja"]).status_code == 422 and world.handed == handed
    world.compare()


def test_a_walk_over_new_year_is_counted_where_each_step_was(world: World) -> None:
    world.clock.at += 5_400 - 60
    held = walked(world, ("akut-fare", "nej"))
    world.clock.at += 120
    world.answer(0, held, "akut-fare", ["nej"])
    world.answer(0, world.held[-1], "slag", ["ja"])
    world.compare()
    sums = world.desks[0].sums()
    assert sums["2026K4", "use", "proeve/tre"] == 1 and ("2027K1", "use", "proeve/tre") not in sums
    assert sums["2027", "topics", "tre/straks"] == sums["2027K1", "level", "proeve/straks"] == 1


def test_pages_to_read_count_nothing(world: World) -> None:
    for address in ("/", "/proeve/", "/proeve/tre/", "/proeve/vejledning/straks", "/proeve/kontakt/", "/proeve/tre/1"):
        world.ask(0, "GET", address)
    assert world.handed == 0 and not world.desks[0].folder.exists()
