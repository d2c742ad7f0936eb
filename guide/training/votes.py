"""What a phone answers in one round of a temadag, and what it can be asked.

Not here: when one may answer, where answers are kept, and what of them is shown (`tally.py`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

__all__ = ["OTHERS", "PASSED", "TABLE", "Kind", "Vote", "read", "written"]

OTHERS, TABLE = "oevrige", "bord"
"""Groups that are no flow: another profession, and one phone for a mixed table."""

PASSED = ""
"""What is kept of a seat that passed: it is done, and says nothing."""


class Kind(StrEnum):
    """What is asked of a case."""

    walk = "forloeb"
    level = "niveau"
    parents = "foraeldre"
    sign = "tegn"


@dataclass(frozen=True)
class Vote:
    """A seat's answer in one round of an ask. It says nothing of who sits there but the group."""

    group: str
    """The id of a flow, OTHERS or TABLE."""
    flow: str
    """The flow that was walked; empty for a direct question."""
    choice: str
    """The answer to a direct question: a Level, a Parents rule, or the id of a sign; empty for a walk."""
    level: str = ""
    parents: str = ""
    outcome: str = ""
    """Where a walk ended."""
    path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each question of the walk with the options chosen, in order."""


def written(vote: Vote | None) -> str:
    """A vote as JSON; PASSED for none."""
    return json.dumps(asdict(vote)) if vote else PASSED


def read(text: str) -> Vote:
    """A vote from its JSON."""
    found = json.loads(text)
    path = tuple((step, tuple(chosen)) for step, chosen in found.pop("path"))
    return Vote(**found, path=path)
