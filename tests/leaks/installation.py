"""An installation inside the test: an application, its data folder, and walks played on it at a clock that stands.

Everything random is given, so two installations that did the same hold the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from guide.flows.walk import Walk
from guide.library.library import Library
from guide.usage import spool
from guide.usage.counting import Counting
from guide.web import walk_cookie, walks

KEYS = ("a key of the tests, at least 32 characters",)
NOW = 1_795_340_000
"""22 November 2026 in the morning: 2026, 2026K4, 2026M11, 2026M11D22."""
DAY = 86_400


@dataclass(frozen=True)
class Plan:
    """One whole walk: where, with which walk key, and what is answered to each step."""

    municipality: str
    flow: str
    key: str
    answers: tuple[tuple[str, tuple[str, ...]], ...]
    outcome: str
    level: str
    parents: str = ""
    regret: tuple[str, ...] = ()
    """What is answered to the first step before one thinks again."""


def plan(library: Library, municipality: str, flow: str, chance: random.Random) -> Plan:
    """A walk with random answers."""
    playable = library.playable(municipality, flow)
    assert playable
    going, answers = Walk(playable.flow, playable.machine, {}), list[tuple[str, tuple[str, ...]]]()
    while question := playable.flow.questions.get(going.current):
        chosen = (chance.choice(list(question.options)),)
        answers.append((going.current, chosen))
        going = going.answer(going.current, chosen)
    assert going.outcome
    key = f"{chance.getrandbits(128):022x}"
    return Plan(municipality, flow, key, tuple(answers), going.current, str(going.outcome.level), going.outcome.parents)


def plans(library: Library, places: Iterable[tuple[str, str]], n: int, seed: int) -> list[Plan]:
    """`n` random walks in these kommuner and flows."""
    chance, places = random.Random(seed), list(places)
    return [plan(library, *chance.choice(places), chance) for _ in range(n)]


@dataclass
class Installation:
    """A data folder, and what plays walks on it."""

    data: Path
    app: Flask
    counting: Counting
    patch: pytest.MonkeyPatch
    scope: str | None = None
    now: float = NOW

    def play(self, *walked: Plan) -> None:
        """Walk each plan from start to outcome, over the web."""
        held = self.app.extensions["guide"]
        with self.patch.context() as patch:
            patch.setitem(self.app.extensions, "guide", replace(held, counting=self.counting, scope=self.scope))
            patch.setattr(walks, "now", lambda: int(self.now))
            for one in walked:
                patch.setattr(walk_cookie, "secrets", SimpleNamespace(token_urlsafe=lambda n, k=one.key: k))
                client, base = self.app.test_client(), f"/{one.municipality}/{one.flow}"
                client.post(f"{base}/start")
                if one.regret:
                    client.post(f"{base}/1", data={"trin": one.answers[0][0], "svar": list(one.regret)})
                for position, (step, chosen) in enumerate(one.answers, 1):
                    told = client.post(f"{base}/{position}", data={"trin": step, "svar": list(chosen)})
                    assert told.status_code == 303, (one, step)

    def drain(self) -> list[tuple[str, str, str, int]]:
        """One pass with all that was recorded; the counters after it."""
        return self.counting.totals()

    def files(self) -> dict[str, bytes]:
        """Every file of the data folder."""
        return {p.relative_to(self.data).as_posix(): p.read_bytes() for p in self.data.rglob("*") if p.is_file()}


@contextmanager
def installation(app: Flask, data: Path, url: str | None = None, scope: str | None = None) -> Iterator[Installation]:
    """An installation where nothing is drained or closed unless the test does it."""
    with pytest.MonkeyPatch.context() as patch:
        numbers = iter(range(1_000_000))
        patch.setattr(spool, "FLUSH", 3_600)
        patch.setattr(spool, "secrets", SimpleNamespace(token_hex=lambda n: f"{next(numbers):0{2 * n}x}"))
        patch.setattr(Counting, "_start", lambda self: None)
        made = Installation(data, app, None, patch, scope)  # type: ignore[arg-type]
        made.counting = Counting(data, KEYS, url, scoped=scope is not None, clock=lambda: made.now)
        yield made
        made.counting.close()
