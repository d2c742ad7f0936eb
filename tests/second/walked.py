"""A kommune's flow and the national one on answers by chance: complete walks of both, one pair at a time.

For flows too large to try every answer. An own answer is given nationally as the one it stands for; a question that
only one of them asks is answered by chance. Not here: what is less (`refined.py`).
"""

from __future__ import annotations

import random

from tests.second.pairs import Pair
from tests.second.plain import Data, Given, flags, following

SEVERAL = 3
"""At most so many answers at once to a question that takes several."""


def some_pair(base: Data, own: Data, chance: random.Random) -> Pair:
    """One walk of the kommune's flow, and one of the national flow with the same answers."""
    new: Given = {}
    end = _walk(own, new, chance, {})
    national = {step: _as(own, step, answer) for step, answer in new.items() if step in base["questions"]}
    old: Given = {}
    start = _walk(base, old, chance, national)
    given = tuple(old.items()), tuple(new.items())
    return Pair(start, end, flags(base, given[0]), flags(own, given[1]), *given)


def _walk(flow: Data, given: Given, chance: random.Random, known: Given) -> str | None:
    step = flow["start"]
    while step in flow["questions"]:
        given[step] = known[step] if step in known else _some_answer(flow["questions"][step], chance)
        step = following(flow, step, given)
    return None if step is None else str(step)


def _some_answer(question: Data, chance: random.Random) -> frozenset[str]:
    """Mostly calm ones: else nearly every walk ends at the first question."""
    names = list(question["options"])
    calm = [name for name in names if not question["options"][name]["flags"]]
    names = calm if calm and chance.random() < 0.85 else names
    many = chance.randint(1, min(SEVERAL, len(names))) if question["kind"] == "several" else 1
    return frozenset(chance.sample(names, many))


def _as(own: Data, step: str, answer: frozenset[str]) -> frozenset[str]:
    options = own["questions"][step]["options"]
    return frozenset(options[name]["as"] or name for name in answer)
