"""Whether a kommune's flow refines the national one (I22, I23), by every pair of walks; as its docstring says it.

A verdict is (number, place): for I22 the outcome that says less, for I23 the national question.
"""

from __future__ import annotations

from collections.abc import Iterable

from guide.flows.refinement import refine
from guide.model import Flow
from tests.second.pairs import Pair, pairs
from tests.second.plain import LEVELS, PARENTS, Data, ways
from tests.second.verdicts import Verdict


def by_trial(base: Data, own: Data) -> set[Verdict]:
    """What every pair of walks breaks, and what is missing of the national questions."""
    found = {("I22", str(pair.new)) for pair in set(pairs(base, own)) if less(base, own, pair)}
    return found | {("I23", step) for step in (*_missing(base, own), *_unasked(base, own))}


def by_search(base: Flow, own: Flow) -> set[Verdict]:
    """What `refine` says."""
    return {(violation.number, violation.step) for violation in refine(base, own)}


def less(base: Data, own: Data, pair: Pair) -> bool:
    """Whether the kommune says less at one pair of ends."""
    if pair.old is None or pair.new is None:
        return False  # an answer that only one of them has: I23 tells
    before, after = base["outcomes"][pair.old], own["outcomes"][pair.new]
    level, now = LEVELS.index(before["level"]), LEVELS.index(after["level"])
    asked, before_asked = [step for step, _ in pair.new_given], {step for step, _ in pair.old_given}
    more = bool(set(asked) - before_asked) if level == 4 else level >= 2 and asked[-1] not in before_asked
    return (
        now < level
        or _told_earlier(before["parents"], after["parents"])
        or any(not _needed(base, before, after, key) <= set(after[key]) for key in ("contacts", "law"))
        or bool(pair.old_flags - pair.new_flags - _fewer_flags(base, own, pair))
        or more
    )


def _told_earlier(before: str, after: str) -> bool:
    if before == after:
        return False
    return "tilkald" in (before, after) or PARENTS.index(after) < PARENTS.index(before)


def _needed(base: Data, before: Data, after: Data, key: str) -> set[str]:
    """On the same level all that there was; on a higher one what all national outcomes of that level have."""
    alike = [set(outcome[key]) for outcome in base["outcomes"].values() if outcome["level"] == after["level"]]
    if before["level"] == after["level"] or LEVELS.index(after["level"]) < LEVELS.index(before["level"]) or not alike:
        return set(before[key])
    return set.intersection(*alike)


def _fewer_flags(base: Data, own: Data, pair: Pair) -> set[str]:
    """Flags that the options lost, which I23 tells."""
    found, given = set[str](), dict(pair.new_given)
    for step, answer in pair.old_given:
        if step in given and step in own["questions"]:
            had = _of(base, step, answer)
            found |= had - _of(own, step, given[step])
    return found


def _of(flow: Data, step: str, answer: frozenset[str]) -> set[str]:
    return {flag for name in answer for flag in flow["questions"][step]["options"][name]["flags"]}


def _missing(base: Data, own: Data) -> Iterable[str]:
    """National questions that are not there as they were."""
    for step, question in base["questions"].items():
        now = own["questions"].get(step)
        if now is None or now["kind"] != question["kind"] or question["options"].keys() - now["options"].keys():
            yield step
            continue
        for name, option in now["options"].items():
            national = question["options"].get(name) or question["options"].get(option["as"] or "")
            if national is None or set(national["flags"]) - set(option["flags"]):
                yield step
    if own["start"] != base["start"]:
        yield str(base["start"])


def _unasked(base: Data, own: Data) -> set[str]:
    """National questions that some were asked and now nobody is."""
    asked = [{step for way in ways(flow) for step, _ in way.given} for flow in (base, own)]
    return (asked[0] - asked[1]) & own["questions"].keys()
