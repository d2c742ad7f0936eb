"""Rounds that were shown, without a room: votes as a store would give them, and what the wall tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Flask

from guide.flows.walk import Walk
from guide.library.library import Library
from guide.training.session import Round, Session, Stage
from guide.training.store import Store
from guide.training.votes import Kind, Vote
from guide.web import Shelf
from guide.web.results import Revealed, revealed


class Held:
    """The votes of each round."""

    def __init__(self, *rounds: Sequence[Vote]) -> None:
        self.rounds = rounds

    def votes(self, code: str, number: int) -> list[Vote]:
        """Those of one round."""
        assert code == "KODE"
        return list(self.rounds[number])


def shelf_of(app: Flask) -> Shelf:
    """The content that an application serves."""
    found: Shelf = app.extensions["guide"]
    return found


def asked(case: str, *kinds: Kind, together: bool = False, on: int | None = None) -> Session:
    """A session in which these questions were asked of a case and shown; the last is on the wall, or the one said."""
    rounds = tuple(Round(case, kind, kinds[:n].count(kind) + 1, Stage.shown) for n, kind in enumerate(kinds))
    at = len(rounds) - 1 if on is None else on
    return Session((case,), 1_000, "hele-landet", at=0, on=at, rounds=rounds, together=together)


def told(app: Flask, session: Session, *rounds: Sequence[Vote]) -> Revealed:
    """What the wall tells of the round that is on it."""
    return revealed(shelf_of(app), session, cast(Store, Held(*rounds)), "KODE")


def ways(library: Library, flow: str, n: int, group: str = "") -> list[Vote]:
    """`n` walks of a flow, as three of its own scenarios go: first, in the middle, and last in the file."""
    playable, found = library.flows[flow], list[Vote]()
    stories = list(library.scenarios[flow].values())
    for number in range(n):
        story = stories[number % 3 * (len(stories) - 1) // 2]
        walk = Walk(playable.flow, playable.machine, story.answers)
        assert walk.outcome
        path = tuple((given.step, given.chosen) for given in walk.answered)
        end = walk.outcome
        found.append(Vote(group or flow, flow, "", end.level, end.parents, walk.current, path))
    return found
