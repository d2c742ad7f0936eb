"""What a kommune's own flow may never say less of than the national one (I22, I23), told where the kommune wrote it.

The proof itself is in `guide/flows/refinement.py`; here it gets the kommune's file and line and the rule of law behind
it. Also here: the proofs, scenarios and texts that every flow must keep, on the merged flow. Not here: merging
(`overlay.py`) and approval (`owned.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from guide.flows.finding import Finding
from guide.flows.lockstep import TooManyStates
from guide.flows.refinement import Violation, refine
from guide.flows.scenario import Played, play
from guide.library.invariants import invariants
from guide.library.library import Library
from guide.library.playable import Own, Playable
from guide.model import LawRef, Scenario

PARENTS = "risikovurdering"
"""The rule behind the parents rules: the kommune weighs the risk before anybody at home is told."""


def refined(library: Library) -> Iterator[Finding]:
    """Every way in which a kommune's flow says less, and what else its flows break that the national ones keep."""
    for room in library.rooms.values():
        for own in room.flows.values():
            yield from _own(library, own)


def _own(library: Library, own: Own) -> Iterator[Finding]:
    national = library.flows.get(own.id)
    if national is None or not own.routed and not own.touched:
        return
    if own.routed:
        yield from _less(library, national, own)
        known = {finding.message for finding in invariants(national)}
        for finding in invariants(own):
            if finding.message not in known:
                yield own.file.finding(f"{finding.message} ({finding.file})", *_place(own, ()), warning=finding.warning)


def _less(library: Library, national: Playable, own: Own) -> Iterator[Finding]:
    try:
        for violation in refine(national.flow, own.flow):
            yield own.file.finding(f"{violation}{_law(library, violation)}", *_place(own, _steps(violation)))
    except TooManyStates as error:
        yield own.file.finding(f"Flowet kan ikke sammenlignes med det nationale: mere end {error} (I22).")


def _law(library: Library, violation: Violation) -> str:
    duty = next((ref for ref in library.law.values() if ref.binds == "skaerpet"), None)
    ref = library.law.get(PARENTS, duty) if violation.kind == "parents" else duty
    return f" Reglen bag: {named(ref)}." if ref else ""


def named(ref: LawRef) -> str:
    """A rule of law in a line: with its number only when somebody has seen it."""
    return f"{ref.title} ({ref.number})" if ref.status == "verified" else f"{ref.title} (venter på en jurist)"


def _steps(violation: Violation) -> list[str]:
    """The steps that may be behind it, the likeliest first."""
    return [violation.step, *reversed(list(violation.answers))]


def _place(own: Own, steps: list[str] | tuple[()]) -> tuple[str, ...]:
    """Where the kommune wrote what matters: the first of some steps that is in its file; else the file itself."""
    written = own.file.document.value
    for step in steps:
        for room in ("questions", "outcomes"):
            if step in (written.get(room) or {}):
                return (room, step)
    return ()


def played(own: Own, national: Playable, scenario: Scenario) -> list[Played]:
    """A national scenario on a kommune's flow: once for each way of answering the own questions on the way.

    What is asked of the outcome is what the scenario says, but where the kommune leads to an own outcome only what
    refinement proves holds: that is then told as another end, not as a fault.
    """
    asked = [step for step in own.steps if step in own.flow.questions]
    found, seen = [], set[tuple[str, ...]]()
    for choice in product(*(own.flow.questions[step].options for step in asked)):
        answers = {**scenario.answers, **{step: (name,) for step, name in zip(asked, choice, strict=True)}}
        done = play(own.flow, own.machine, scenario.model_copy(update={"answers": answers}))
        if done.walk.path not in seen:
            seen.add(done.walk.path)
            found.append(replace(done, wrong=tuple(said for said in done.wrong if "blev ikke brugt" not in said)))
    return found
