"""Walks by hand on two workers of one installation, and a plain model of what must come of them.

The model keeps a dictionary: what is counted once -> its row. It knows flows by `guide.flows.walk` and nothing of
`guide.usage`. `tests/web/test_counting.py` compares.
"""

from __future__ import annotations

import errno
import os
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from guide import config
from guide.flows.walk import Walk
from guide.library.library import Playable
from guide.usage.facts import Fact
from guide.web import Shelf, create_app, walks
from guide.web.walk_cookie import Seal
from tests.conftest import DEMO
from tests.usage.conftest import Clock, Desk

IDLE = 30 * 60
OLD, NEW = "o" * 32, "n" * 32
PLACES = [("proeve", "tre"), ("proeve", "flere"), ("opdigtet", "tre"), ("nabo", "flere")]
NEW_YEAR = datetime(2027, 1, 1, tzinfo=ZoneInfo("Europe/Copenhagen")).timestamp()

Row = tuple[str, str, str]


def make_apps(folder: Path, scope: str | None = None) -> list[Flask]:
    """Two workers on the demo content, with a made-up kommune; what they count with is put in by each `World`."""
    more = folder / "more" / "municipalities" / "opdigtet"
    more.mkdir(parents=True)
    (more / "municipality.yaml").write_text("name: Opdigtet Kommune\nexample: true\n", encoding="utf-8")
    environment = {"GUIDE_DATA": str(folder / "data"), "GUIDE_CONTENT": str(folder / "more"), "GUIDE_SECRET_KEY": OLD}
    settings = replace(config.read(environment), scope=scope)
    return [create_app(settings, DEMO) for _ in range(2)]


@dataclass
class Held:
    """A cookie: which walk, its answers, whether it had reached an outcome, and when it was sealed."""

    value: str
    walk: int
    place: tuple[str, str]
    answers: dict[str, tuple[str, ...]]
    reached: bool
    sealed: int


@dataclass
class World:
    """Two workers, one spool, one database, one clock; every cookie ever given; and the rows there must be."""

    apps: list[Flask]
    data: Path
    url: str | None
    scope: str | None = None
    at: float = NEW_YEAR - 5_400
    keys: list[str] = field(default_factory=lambda: [OLD])
    held: list[Held] = field(default_factory=list)
    walks: int = 0
    expected: dict[tuple[object, ...], Row] = field(default_factory=dict)
    waiting: set[tuple[object, ...]] = field(default_factory=set)
    """Counted once, and not drained yet."""
    handed: int = 0
    full: bool = False
    """The disk takes nothing now."""

    def __post_init__(self) -> None:
        self.clock = Clock(self.at)
        self.desks: list[Desk] = []
        self.wire()

    def wire(self) -> None:
        """Put the counting of each worker in its place, anew: as after a restart."""
        for desk in self.desks:
            desk.close()
        self.desks = [
            Desk(self.data, self.keys, self.url, scoped=bool(self.scope), clock=self.clock) for _ in self.apps
        ]
        for app, desk in zip(self.apps, self.desks, strict=True):
            shelf: Shelf = app.extensions["guide"]
            app.extensions["guide"] = replace(shelf, counting=desk, seal=Seal(self.keys))
            real = desk._spool.write
            desk._spool.write = lambda facts, real=real: self._spied(facts, real)  # type: ignore[method-assign, misc]

    def _spied(self, facts: list[Fact], real: object) -> None:
        self.handed += len(facts)
        real(facts)  # type: ignore[operator]

    def plant(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Turn the clock of the web, and let the disk be full when `full` says so."""
        monkeypatch.setattr(walks, "now", lambda: int(self.clock.at))
        write = os.write

        def written(descriptor: int, blob: bytes) -> int:
            if self.full:
                raise OSError(errno.ENOSPC, "full")
            return write(descriptor, blob)

        monkeypatch.setattr(os, "write", written)

    # --- requests ---

    def ask(self, worker: int, method: str, address: str, cookie: str = "", **more: object) -> TestResponse:
        headers = {"Cookie": f"walk={cookie}"} if cookie else {}
        headers |= more.pop("headers", {})  # type: ignore[arg-type]
        client = self.apps[worker].test_client(use_cookies=False)
        response = client.open(address, method=method, headers=headers, **more)  # type: ignore[arg-type]
        assert response.status_code < 500
        return response

    def keep(self, response: TestResponse, like: Held) -> None:
        """The cookie that a response gave, if it gave one, is one of this walk in that state."""
        given = response.headers.get("Set-Cookie", "")
        if given.startswith("walk=gAAAA"):
            value = given.split(";")[0].removeprefix("walk=")
            self.held.append(replace(like, value=value, sealed=int(self.clock.at)))

    def start(self, worker: int, place: tuple[str, str]) -> None:
        response = self.ask(worker, "POST", f"/{place[0]}/{place[1]}/start")
        assert response.status_code == 303
        self.walks += 1
        held = Held("", self.walks, place, {}, False, 0)
        self.count(held, self.quality(held, self.walk(held).current, "shown"))
        self.keep(response, held)

    def answer(self, worker: int, held: Held, step: str, options: list[str], **wrong: object) -> TestResponse:
        """Post an answer; `wrong` is what makes it one that must not be counted."""
        walk = self.walk(held)
        position = walk.path.index(step) + 1
        address = f"/{held.place[0]}/{held.place[1]}/{wrong.get('position', position)}"
        data = {"trin": wrong.get("trin", step), "svar": wrong.get("svar", options)}
        data |= {"forloeb": wrong["tag"]} if "tag" in wrong else {}
        after, good = held, not wrong and self.clock.at - held.sealed <= IDLE
        if good:
            changed = walk.answer(step, options)
            after = replace(held, answers=dict(changed.answers), reached=held.reached or changed.outcome is not None)
            self.count(held, self.rows(held, walk, changed, step), worker)
        cookie = str(wrong.get("cookie", held.value))
        response = self.ask(worker, "POST", address, cookie, data=data, headers=wrong.get("headers", {}))
        assert (response.status_code == 303) or not good
        if "cookie" not in wrong:
            self.keep(response, after)
        return response

    def reload(self, worker: int, held: Held) -> TestResponse:
        address = f"/{held.place[0]}/{held.place[1]}/{len(self.walk(held).path)}"
        response = self.ask(worker, "GET", address, held.value)
        assert response.status_code == (200 if self.clock.at - held.sealed <= IDLE else 303)
        self.keep(response, held)
        return response

    def drain(self, worker: int) -> None:
        for desk in self.desks:
            desk._spool.rotate()
        self.desks[worker].drain()
        self.waiting.clear()

    # --- the model ---

    def playable(self, place: tuple[str, str]) -> Playable:
        found: Playable | None = self.apps[0].extensions["guide"].playable(*place)
        assert found
        return found

    def walk(self, held: Held) -> Walk:
        playable = self.playable(held.place)
        return Walk(playable.flow, playable.machine, held.answers)

    def count(self, held: Held, rows: dict[tuple[object, ...], Row], worker: int = 0) -> None:
        """Add what was never counted. Two spools are drained in no order: what may differ is drained between."""
        clash = [once for once, row in rows.items() if once in self.waiting and self.expected.get(once, row) != row]
        if clash and not self.full:
            self.drain(worker)
        if not self.full:
            fresh = {once: row for once, row in rows.items() if once not in self.expected}
            self.expected |= fresh
            self.waiting |= set(fresh)

    def quality(self, held: Held, step: str, *measures: str) -> dict[tuple[object, ...], Row]:
        if held.place[0] == "opdigtet" and not self.scope:
            return {}
        day = self._day()
        period = f"{day.year}K{(day.month - 1) // 3 + 1}" if self.scope else f"{day.year}M{day.month:02d}"
        return {
            (held.walk, "quality", step, measure): (period, "quality", f"{held.place[1]}/{step}/{measure}")
            for measure in measures
        }

    def rows(self, held: Held, before: Walk, after: Walk, step: str) -> dict[tuple[object, ...], Row]:
        """What an answer counts."""
        (kommune, flow), walk, day = held.place, held.walk, self._day()
        quarter, year = f"{day.year}K{(day.month - 1) // 3 + 1}", f"{day.year}"
        month = f"{day.year}M{day.month:02d}"
        rows = self.quality(held, step, "answered")
        if step in before.on_path and before.on_path[step] != after.on_path[step]:
            rows |= self.quality(held, step, "changed")
        if "ved-ikke" in after.on_path[step]:
            rows |= self.quality(held, step, "unsure")
        if step == after.path[0]:
            rows[walk, "use"] = (quarter, "use", f"{kommune}/{flow}")
            if kommune != "opdigtet" or self.scope:
                rows[walk, "hours"] = (quarter if self.scope else month, "hours", "outside" if night(day) else "inside")
        if not after.outcome:
            return rows | self.quality(held, after.current, "shown")
        if held.reached:
            return rows
        level = str(after.outcome.level)
        rows[walk, "level by quarter"] = (quarter, "level", f"{kommune}/{level}")
        rows[walk, "level by year"] = (year, "level", f"{kommune}/{flow}/{level}")
        if kommune == "opdigtet" and not self.scope:
            return rows
        rows[walk, "professions"] = (year if self.scope else month, "professions", f"{flow}/{level}")
        rows[walk, "parents"] = (year if self.scope else month, "parents", f"{flow}/{after.outcome.parents}")
        if not self.scope:
            rows[walk, "topics"] = (year, "topics", f"{flow}/{after.current}")
        return rows

    def _day(self) -> datetime:
        return datetime.fromtimestamp(self.clock.at, ZoneInfo("Europe/Copenhagen"))

    # --- the comparison ---

    def compare(self) -> None:
        """Drain, and find exactly the rows expected, and every fact accounted for."""
        self.full = False
        for desk in self.desks:
            desk.close()  # tells of what was dropped
        self.drain(0)
        found = {key: n for key, n in self.desks[0].sums().items() if key[1] != "operations"}
        assert found == Counter(self.expected.values())
        assert self.desks[0].conserved(self.handed)
        assert not list(self.desks[0].folder.glob("*.closed"))


def night(day: datetime) -> bool:
    """Outside Monday to Friday from 8 to 16. Histories begin on a New Year's Eve and end within two days."""
    return day.weekday() > 4 or not 8 <= day.hour < 16 or (day.month, day.day) == (1, 1)


def some_step(world: World, chance: random.Random) -> None:
    """One thing that people, two workers and a disk may do."""
    worker = chance.randrange(2)
    living = [held for held in world.held if world.clock.at - held.sealed <= IDLE]
    what = chance.choices(
        ["start", "answer", "again", "old", "reload", "refused", "drain", "tick", "disk", "restart", "rotate", "keys"],
        [10, 45, 12, 12, 8, 8, 6, 10, 4, 2, 6, 1],
    )[0]
    if what == "start" or not living:
        world.start(worker, chance.choice([p for p in PLACES if world.scope in (None, p[0])]))
    elif what in ("answer", "again", "old"):
        held = living[-1] if what == "answer" else chance.choice(living)
        answered(world, chance, worker, held, times=chance.randint(2, 10) if what == "again" else 1)
    elif what == "reload":
        world.reload(worker, chance.choice(living))
    elif what == "refused":
        refused(world, chance, worker, chance.choice(living))
    elif what == "drain":
        world.drain(worker)
    elif what == "tick":
        world.clock.at += chance.choice([1, 60, 400, 1_000])
    elif what == "disk":
        world.full = not world.full
    elif what == "restart":
        world.wire() if not world.full else None
    elif what == "rotate":
        world.desks[worker]._spool.rotate()
    elif NEW not in world.keys and not world.full:
        world.keys = [NEW, OLD]
        world.wire()


def answered(world: World, chance: random.Random, worker: int, held: Held, times: int) -> None:
    walk = world.walk(held)
    questions = [step for step in walk.path if step in walk.flow.questions]
    step = walk.current if walk.current in walk.flow.questions and chance.random() < 0.7 else chance.choice(questions)
    options = list(walk.flow.questions[step].options)
    several = walk.flow.questions[step].kind == "several"
    chosen = chance.sample(options, chance.randint(1, len(options)) if several else 1)
    for _ in range(times):
        world.answer(worker, held, step, chosen)
        worker = 1 - worker


def refused(world: World, chance: random.Random, worker: int, held: Held) -> None:
    """A post that must change nothing and count nothing."""
    walk = world.walk(held)
    step = chance.choice([name for name in walk.path if name in walk.flow.questions])
    options = list(walk.flow.questions[step].options)[:1]
    wrong: dict[str, object] = chance.choice(
        [
            {"tag": "0" * 16},
            {"svar": ["findes-ikke"]},
            {"svar": []},
            {"trin": "findes-ikke"},
            {"position": 99},
            {"cookie": held.value[:-4] + "AAAA"},
            {"cookie": "x"},
            {"headers": {"Sec-Fetch-Site": "cross-site"}},
            {"headers": {"Origin": "https://andre.example"}},
        ]
    )
    handed = world.handed
    response = world.answer(worker, held, step, options, **wrong)
    assert world.handed == handed, wrong
    assert response.status_code in (303, 403, 422)
