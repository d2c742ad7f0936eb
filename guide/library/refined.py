"""What a kommune's own flow may never say less of than the national one (I22, I23), told where the kommune wrote it.

The proof itself is in `guide/flows/refinement.py`; here it gets the kommune's file and line and the rule of law behind
it. Also here: the proofs, scenarios and texts that every flow must keep, on the merged flow. Not here: merging
(`overlay.py`) and approval (`owned.py`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from guide.flows.finding import Finding
from guide.flows.live import pack
from guide.flows.lockstep import TooManyStates
from guide.flows.refinement import Violation, refine, weaker
from guide.flows.scenario import Played, play
from guide.flows.side import Side
from guide.library.invariants import FLOORS, invariants
from guide.library.library import Library
from guide.library.owned import Room, at_own
from guide.library.playable import Own, Playable, searched
from guide.library.verdicts import judged
from guide.model import LawRef, Level, Scenario

PARENTS = "risikovurdering"
"""The rule behind the parents rules: the kommune weighs the risk before anybody at home is told."""

GRAVE = pack(flag for flag, (floor, _) in FLOORS.items() if floor and floor.rank >= Level.straks.rank)
"""Flags after which somebody is to be rung at once."""

MEND: Mapping[str, str] = {
    "level": "Led svaret til et udfald på mindst det samme niveau, eller slet det.",
    "parents": "Led svaret til et udfald, hvor forældrene ikke får mere at vide, eller slet det.",
    "contacts": "Led svaret til et udfald, der har dem alle, eller slet det.",
    "law": "Led svaret til et udfald, der har dem alle, eller slet det.",
    "flags": "Et nationalt spørgsmål bliver sprunget over. Led vejen derhen igen.",
    "acute": "Flyt spørgsmålet, så det kun kommer før «undren» eller «bekymring», eller skriv en boks («local»).",
    "condition": "Det ligner en betingelse for at underrette. Flyt spørgsmålet, så det kun kommer før «undren» eller "
    "«bekymring», eller skriv en boks («local»).",
    "end": "Giv «next» en sidste regel uden «when».",
    "kept": "Sæt det nationale tilbage.",
}
"""What the kommune does about each kind of less."""

WALKS = 200
"""So many ways of answering what a national scenario does not answer are walked, and no more."""


def refined(library: Library) -> Iterator[Finding]:
    """Every way in which a kommune's flow says less, and what else its flows break that the national ones keep."""
    national = cache(lambda flow: frozenset(finding.message for finding in invariants(library.flows[flow])))
    for room in library.rooms.values():
        yield from _levels(library, room)
        for flow in room.flows:
            yield from judged(library.verdicts, room.keys.get(flow, ""), partial(_flow, library, room, flow, national))


def _flow(library: Library, room: Room, flow: str, national: Callable[[str], frozenset[str]]) -> Iterator[Finding]:
    """All of one flow. Merged flows and their proofs are as large as the national ones: each is let go of at once."""
    own = room.flows[flow]
    if own.routed and own.id in library.flows:
        yield from (at_own(finding, own.file) for finding in searched(own.ways, own.flow, own.source))
        yield from one(library, own, national(own.id))
    del own
    room.flows.drop()
    gc.collect(0)  # machines refer to themselves, and nothing collects while content is read and checked


def one(library: Library, own: Own, known: frozenset[str]) -> Iterator[Finding]:
    """The same for one flow with ways of its own. `known`: what is told of the national one already."""
    national = library.flows[own.id]
    less = list(_less(library, national, own))
    yield from less
    yield from _after_danger(library, national, own)
    if not less:  # else most of what follows would be told twice
        yield from _broken(own, known)
        yield from _scenarios(national, own, library.scenarios.get(own.id, {}))


def _less(library: Library, national: Playable, own: Own) -> Iterator[Finding]:
    """Each kind of less once at each place, with the shortest answers that show it."""
    found: dict[tuple[str, tuple[str, ...]], list[Violation]] = {}
    try:
        proofs = national.proof, own.proof
        sides = (proofs[0].side, Side(own.flow, proofs[1].tests)) if proofs[0] and proofs[1] else None
        for violation in refine(national.flow, own.flow, sides):
            found.setdefault((violation.kind, _place(own, _steps(violation))), []).append(violation)
    except TooManyStates as error:
        yield own.file.finding(f"Flowet kan ikke sammenlignes med det nationale: mere end {error} (I22).")
    for (kind, place), (first, *others) in found.items():
        more = f" Og {len(others)} andre steder." if others else ""
        said = f"{first}{more} {MEND[kind]}{_law(library, national, first)}"
        yield own.file.finding(said, *place)


def _broken(own: Own, known: frozenset[str]) -> Iterator[Finding]:
    """What the merged flow breaks of the invariants that the national one keeps."""
    asked = [step for step in own.file.document.value.get("questions") or {} if step in own.steps]
    for finding in invariants(own):
        if finding.message in known:
            continue
        if finding.file == own.file.document.mark(()).file:
            yield finding
        else:
            yield own.file.finding(f"{finding.message} ({finding.file})", *_place(own, asked), warning=finding.warning)


def _after_danger(library: Library, national: Playable, own: Own) -> Iterator[Finding]:
    """No question after an answer that tells of a danger, but those that the national flow asks there itself."""
    if not (own.proof and national.proof):
        return
    for step, question in own.flow.questions.items():
        asked = [state for state in own.proof.states[step].values() if state.seen & GRAVE]
        if asked and not any(state.seen & GRAVE for state in national.proof.states.get(step, {}).values()):
            told = own.proof.told(min(asked, key=own.proof.shortest.__getitem__))
            said = (
                f"Når et svar har vist, at der er fare, må der kun komme nationale spørgsmål. Her bliver der også "
                f"spurgt «{question.title}» (I22). Vejen dertil: {told}."
            )
            yield own.file.finding(f"{said}{_duty(library)}", *_place(own, [step]))


def _scenarios(national: Playable, own: Own, scenarios: Mapping[str, Scenario]) -> Iterator[Finding]:
    """The national scenarios, walked by the machine itself: what refinement has proven is seen on each of them."""
    for name, scenario in scenarios.items():
        base = national.flow.outcomes.get(scenario.ends)
        for done in played(own, scenario) if base else ():
            never = national.flow.questions.keys() & set(scenario.never)  # an outcome that is stronger may come instead
            wrong = [f"der bliver spurgt «{national.flow.questions[s].title}»" for s in done.walk.path if s in never]
            if (end := done.walk.outcome) and base:
                less = end.level.rank < base.level.rank or weaker(base.parents, end.parents)
                wrong += [f"forløbet ender i «{done.walk.current}», nationalt i «{scenario.ends}»"] if less else []
            if wrong:
                said = f"Det nationale scenarie «{scenario.title}» ({name}) går ikke, som det skal: {wrong[0]} (I22)."
                yield own.file.finding(said, *_place(own, list(reversed(done.walk.path))))
                break


def _levels(library: Library, room: Room) -> Iterator[Finding]:
    """A kommune's word for a level is never that of another level: the order of them is what a reader trusts."""
    known = {level: text.title for level, text in library.texts.levels.items()} if library.texts else {}
    if room.word is None or room.source is None:
        return
    for level, said in room.word.levels.items():
        for other in Level:
            taken = {other.value, known.get(other, ""), room.word.levels.get(other, "")}
            if other is not level and said.casefold() in {word.casefold() for word in taken}:
                told = f"«{said}» er ordet for niveauet «{other}». Skriv et andet ord for «{level}»."
                yield room.source.finding(told, "levels", level)
                break


def _law(library: Library, national: Playable, violation: Violation) -> str:
    outcome = national.flow.outcomes.get(violation.national)
    weighed = violation.kind == "parents" and outcome is not None and PARENTS in outcome.law
    ref = library.law.get(PARENTS) if weighed else None
    return f" Reglen bag: {named(ref)}." if ref else _duty(library)


def _duty(library: Library) -> str:
    duty = next((ref for ref in library.law.values() if ref.binds == "skaerpet"), None)
    return f" Reglen bag: {named(duty)}." if duty else ""


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


def played(own: Own, scenario: Scenario) -> list[Played]:
    """A national scenario on a kommune's flow: once for each way of answering what it asks more on the way.

    What is told as wrong is what the scenario asks for by name; whether another end says less is for refinement.
    """
    found, todo = list[Played](), [dict(scenario.answers)]
    while todo and len(found) < WALKS:
        answers = todo.pop()
        done = play(own.flow, own.machine, scenario.model_copy(update={"answers": answers}))
        step = done.walk.current
        if step in own.flow.questions and step not in answers:
            todo += [{**answers, step: (name,)} for name in reversed(own.flow.questions[step].options)]
        else:
            found.append(replace(done, wrong=tuple(said for said in done.wrong if "blev ikke brugt" not in said)))
    return found
