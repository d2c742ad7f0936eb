"""Which path invariants a small flow breaks, by looking at every walk; and what `guide.library.invariants` says.

A verdict is (number, place): the number as the finding tells it, the place as «outcomes/x» or «questions/x».
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from guide.flows.proof import Proof
from guide.library.invariants import invariants
from guide.library.library import Playable
from guide.library.playable import Ways
from guide.library.read import Source
from guide.library.strict_yaml import Document, Mark
from guide.model import Flow
from tests.second.plain import LEVELS, PARENTS, Data, Prefix, Way, flags, rank

Verdict = tuple[str, str]

DANGER = {"vold", "seksuelt", "vanroegt", "social-kontrol", "udrejse"}
HOME = {"vanroegt", "social-kontrol", "udrejse", "ukendt", "hjemmet"}
OUTSIDE = {"ansat", "barn-mod-barn", "netvaerk"}
WHO = {"ukendt", "hjemmet", "udsat-fortalt", *OUTSIDE}
PATH = ("I3", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I18", "C2", "C27")
"""The invariants that ask about walks; the others look at one question or outcome at a time."""


def by_trial(flow: Data, ways: list[Way]) -> set[Verdict]:
    """What every walk there is breaks."""
    found = {(number, f"outcomes/{way.outcome}") for way in ways for number in _ending(flow, way)}
    lowest = _lowest(flow, ways)
    found |= {*_doubt(flow, lowest), *_one_more(flow, lowest), *_never_falls(flow, lowest)}
    return found | set(_near(flow, ways)) | set(_after_danger(flow, ways))


def _ending(flow: Data, way: Way) -> Iterable[str]:
    seen, outcome = flags(flow, way.given), flow["outcomes"][way.outcome]
    level = LEVELS.index(outcome["level"])
    broken = {
        "I3": "akut" in seen and level < 4,
        "I4": seen & DANGER and level < 3,
        "I10": seen & WHO and level < 3,
        "C2": "selvskade" in seen and level < 3,
        "C27": "fravaer-15" in seen and level < 2,
    }
    return [*(number for number, wrong in broken.items() if wrong), *_told(seen, outcome["parents"])]


def _told(seen: frozenset[str], parents: str) -> Iterable[str]:
    """I5, I6, I7: of several that one walk breaks the first is told."""
    agreed = parents in PARENTS and PARENTS.index(parents) >= PARENTS.index("efter-aftale")
    if seen & DANGER and not agreed:
        yield "I5"
    elif parents == "kun-udsat":
        if "udsat-fortalt" not in seen or seen & HOME - {"hjemmet"}:
            yield "I6"
    elif parents != "ikke" and (seen & HOME or (seen & {"vold", "seksuelt"} and not seen & OUTSIDE)):
        yield "I6"
    elif seen & OUTSIDE and not agreed:
        yield "I7"


Lowest = dict[tuple[Prefix, str], dict[frozenset[str], int]]
"""(answers before, question) -> the lowest level after each answer to it."""


def _lowest(flow: Data, ways: list[Way]) -> Lowest:
    found: Lowest = {}
    for way in ways:
        level = rank(flow, way.outcome)
        for n, (step, answer) in enumerate(way.given):
            known = found.setdefault((way.given[:n], step), {})
            known[answer] = min(level, known.get(answer, 99))
    return found


def _doubt(flow: Data, lowest: Lowest) -> Iterable[Verdict]:
    """I8: with the same answers before, «ved-ikke» may not end lower than «nej» or «ingen» at the lowest.

    Where there is neither, not lower than the lowest of all answers without a flag.
    """
    for (_, step), known in lowest.items():
        options = flow["questions"][step]["options"]
        calm = [name for name in ("nej", "ingen") if name in options]
        plain = [name for name in options if not options[name]["flags"] and name != "ved-ikke"]
        least = [known.get(frozenset({name}), 0) for name in calm]
        least = least or [min((known.get(frozenset({name}), 0) for name in plain), default=0)]
        if known.get(frozenset({"ved-ikke"}), 99) < max(least):
            yield "I8", f"questions/{step}"
    for step, question in flow["questions"].items():
        if any(option["flags"] for option in question["options"].values()) and "ved-ikke" not in question["options"]:
            yield "I8", f"questions/{step}"


def _one_more(flow: Data, lowest: Lowest) -> Iterable[Verdict]:
    """I9: one more answer with a flag never lowers the level one is sure of."""
    for (_, step), known in lowest.items():
        for name, option in flow["questions"][step]["options"].items():
            if option["flags"] and flow["questions"][step]["kind"] == "several":
                for answer, least in known.items():
                    if known[answer | {name}] < least:
                        yield "I9", f"questions/{step}"


def _never_falls(flow: Data, lowest: Lowest) -> Iterable[Verdict]:
    """I10: an option makes no less sure of after flags than it does, at its calmest, before any."""
    calm: dict[tuple[str, frozenset[str]], int] = {}
    flagged: dict[tuple[str, frozenset[str]], int] = {}
    for (before, step), known in lowest.items():
        into = flagged if flags(flow, before) else calm
        for answer, least in known.items():
            if len(answer) == 1:
                into[step, answer] = min(least, into.get((step, answer), 99))
    for (step, answer), least in flagged.items():
        if least < calm.get((step, answer), 0):
            yield "I10", f"questions/{step}"


def _near(flow: Data, ways: list[Way]) -> Iterable[Verdict]:
    for level, limit in (("akut", 1), ("straks", 4)):
        lengths = [len(way.given) for way in ways if flow["outcomes"][way.outcome]["level"] == level]
        if not lengths or min(lengths) > limit:
            yield "I18", "start"


def _after_danger(flow: Data, ways: list[Way]) -> Iterable[Verdict]:
    for way in ways:
        for n, (step, _) in enumerate(way.given):
            if flags(flow, way.given[: n + 1]) & DANGER:
                if len(way.given) - n - 1 > 3:
                    yield "I18", f"questions/{step}"
                break


def by_search(flow: Flow, proof: Proof) -> set[Verdict]:
    """What the guide's own invariants say of the same, over its proof."""
    marks = {(): Mark("start", 1, 1)}
    for room in ("questions", "outcomes"):
        marks |= {(room, step): Mark(f"{room}/{step}", 1, 1) for step in getattr(flow, room)}
    playable = Playable("x", flow, Source(Document({}, marks)), Ways(flow, proof))
    found = set()
    for finding in invariants(playable):
        number = re.search(r"\(([IC]\d+)\)", finding.message)
        if number and number[1] in PATH and not (number[1] == "I3" and finding.file.startswith("questions")):
            found.add((number[1], finding.file))
    return found
