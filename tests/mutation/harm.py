"""What a fault does to those who walk: the flow as it was and the faulty one side by side on the same answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from guide.flows.lockstep import Ends, TooManyStates, lockstep
from guide.model import Flag, Flow
from tests.mutation.furnishing import weaker

DANGER = frozenset({Flag.vold, Flag.seksuelt})
"""Where a parent who is told too early may do the most harm."""


class Harm(StrEnum):
    """The classes, the most serious first; a fault may be in several, but only alone in the last two."""

    lowering = "lowers the level"
    danger = "weakens the parents rule after vold or seksuelt"
    parents = "weakens the parents rule elsewhere"
    furniture = "fewer contacts or law references"
    flags = "fewer flags"
    unanswerable = "an answer is gone"
    unknown = "too much to compare"
    raising = "other, or raises"
    none = "no walk can tell"


NO_ENDS = Ends(None, None, frozenset(), frozenset(), {}, {})


def harms(old: Flow, new: Flow, different: Iterable[Ends] | None = None) -> dict[Harm, Ends]:
    """What a fault does, each with the shortest example. `different`: what the two side by side gave, if known."""
    found: dict[Harm, Ends] = {}
    try:
        different = lockstep(old, new) if different is None else different
    except TooManyStates:
        return {Harm.unknown: NO_ENDS}
    for ends in different:
        for harm in _of(old, new, ends):
            found.setdefault(harm, ends)
    if not found:
        return {}
    harmful = found.keys() - {Harm.raising}
    return {harm: ends for harm, ends in found.items() if harm is not Harm.raising or not harmful}


def _of(old: Flow, new: Flow, ends: Ends) -> Iterator[Harm]:
    if ends.old is None or ends.new is None:
        yield Harm.unanswerable
        return
    before, after = old.outcomes[ends.old], new.outcomes[ends.new]
    if after.level.rank < before.level.rank:
        yield Harm.lowering
    if weaker(before.parents, after.parents):
        yield Harm.danger if ends.old_flags & DANGER else Harm.parents
    if _lost(before.contacts, after.contacts) or _lost(before.law, after.law):
        yield Harm.furniture
    if ends.old_flags - ends.new_flags:
        yield Harm.flags
    yield Harm.raising


def _lost(before: Iterable[str], after: Iterable[str]) -> bool:
    return not set(before) <= set(after)
