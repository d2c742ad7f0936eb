"""Who has the whole database and the key of the installation, but no visitor's cookie, cannot put a walk together."""

from __future__ import annotations

import random
import sqlite3
from itertools import combinations
from pathlib import Path

from flask import Flask

from guide.flows.walk import Walk
from guide.library.library import Library
from guide.usage.counters import Place, answered, begun
from guide.usage.facts import Fact, once
from tests.leaks.installation import DAY, KEYS, NOW, installation, plan, plans


def facts_of(library: Library, key: str, seed: int = 1) -> list[Fact]:
    """The facts of one walk in the demo content."""
    chosen, playable = plan(library, "proeve", "tre", random.Random(seed)), library.playable("proeve", "tre")
    assert playable
    place, walk = Place("proeve", "tre"), Walk(playable.flow, playable.machine, {})
    found = begun(place, walk, key, NOW)
    for step, options in chosen.answers:
        after = walk.answer(step, options)
        found += answered(place, walk, after, step, key, NOW, first=True)
        walk = after
    return found


def alike(one: bytes, other: bytes) -> int:
    """The number of bits that two hashes share, of 128."""
    return 128 - (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def test_hashes_of_a_walk_have_nothing_in_common(demo: Library) -> None:
    """Not with each other, not with another walk that answered the same."""
    a, b = facts_of(demo, "key of a walk"), facts_of(demo, "key of another")
    assert [f[:3] for f in a] == [f[:3] for f in b]
    hashes = [f.hash for f in a + b]
    assert len(set(hashes)) == len(hashes)
    likeness = [alike(x, y) for x, y in combinations(hashes, 2)]
    assert all(28 < n < 100 for n in likeness)  # unrelated hashes share 64 of 128 bits, give or take 36
    assert 60 < sum(likeness) / len(likeness) < 68


def related(hashes: list[bytes]) -> bool:
    """Two hashes share a part, so a walk could be put together from `seen`."""
    return any(x[:8] == y[:8] or x[8:] == y[8:] for x, y in combinations(hashes, 2))


def test_a_planted_hash_that_joins_is_found(demo: Library) -> None:
    whole = facts_of(demo, "key of a walk")
    assert not related([f.hash for f in whole])
    planted = [once("key of a walk", "walk")[:8] + f.hash[8:] for f in whole]
    assert related(planted)


def test_the_key_of_the_installation_opens_no_hash(app: Flask, demo: Library, tmp_path: Path) -> None:
    """With everything but the walk key known, no guess at what was counted gives a hash of `seen`."""
    walked = plans(demo, [("proeve", "tre"), ("proeve", "flere")], 20, seed=2)
    with installation(app, tmp_path) as made:
        made.play(*walked)
        made.drain()
        with sqlite3.connect(tmp_path / "guide.sqlite") as connection:
            held = {row[0] for row in connection.execute("select hash from seen")}
            names = {row[0] for row in connection.execute("select id from segment")}
        known = [*KEYS, "guide", "proeve", *names]
        what = [
            ("use",),
            ("level", "quarter"),
            ("level", "year"),
            ("professions",),
            ("parents",),
            ("hours",),
            ("topics",),
        ]
        what += [("quality", s, m) for s in ("akut-fare", "slag", "hvad") for m in ("shown", "answered")]
        assert not held & {once(guess, *parts) for guess in known for parts in what}
        # With the visitor's cookie it can be done, as it must: that is how a fact is counted once.
        assert {once(one.key, "use") for one in walked} <= held
        made.now += 2 * DAY
        made.drain()
        with sqlite3.connect(tmp_path / "guide.sqlite") as connection:
            assert connection.execute("select count(*) from seen").fetchone() == (0,)
