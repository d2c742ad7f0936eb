"""What a change of the content means for those who answer: two libraries, flow by flow, «for disse svar: før → nu».

All pairs of outcomes that some answers move between are told, each with its shortest answers (`flows/lockstep.py`);
then what is new or gone of steps and options, changed flags, and, by name only, whose words changed. Flags decide
nothing by themselves, so the same outcome with other flags seen is not a move. Not here: where the two libraries
come from (`revision.py`), and how two versions of a file differ line by line, which git tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from guide.flows.lockstep import Ends, lockstep, told
from guide.library.library import NOWHERE, Library, Own, Playable
from guide.model import Flow, Option, Question

Move = tuple[str | None, str | None]
"""Outcome ids before and after; None where these answers have, or had, no outcome."""

ROUTES = {"goto", "next", "kind", "flags", "as_", "options", "level", "parents", "contacts", "law"}
"""What is told by itself; any other change is one of words."""

REGISTERS = (
    *("contacts", "law", "letters", "signs", "pages", "myths", "themes", "cases", "training", "municipalities"),
    *("professions", "principles", "changes"),
)
"""What stands outside the flows, by id; the texts of levels and parents rules, on every outcome, come before them."""


@dataclass(frozen=True)
class FlowDifference:
    """What differs between two versions of a flow. `moved`: for each pair of outcomes its ends, one a parting."""

    id: str
    old: Flow
    new: Flow
    moved: dict[Move, list[Ends]]
    steps: list[str] = field(default_factory=list)
    """Sentences about questions, options, outcomes and flags that are new, gone or other."""
    words: dict[str, list[str]] = field(default_factory=dict)
    """Step -> the keys whose words changed; "" for the flow itself."""

    def __bool__(self) -> bool:
        return bool(self.moved or self.steps or self.words)


@dataclass(frozen=True)
class Difference:
    """What differs between two libraries. `others`: room -> ids of what is new, gone or other outside the flows."""

    gone: list[str]
    came: list[str]
    flows: list[FlowDifference]
    others: dict[str, list[str]]


def difference(old: Library, new: Library, kommune: str = NOWHERE) -> Difference:
    """Two libraries whose flows can all be walked; in a kommune with its own steps.

    Raises TooManyStates when two flows cannot be compared.
    """
    before, after = flows_of(old, new, kommune)
    both = [name for name in before if name in after]
    return Difference(
        [name for name in before if name not in after],
        [name for name in after if name not in before],
        [flow_difference(name, before[name].flow, after[name].flow) for name in both],
        {room: ids for room, before, after in _rooms(old, new) if (ids := _other(before, after))},
    )


def flows_of(old: Library, new: Library, kommune: str) -> tuple[dict[str, Playable], dict[str, Playable]]:
    """The flows of a kommune in two libraries: of one whose own file fits one of them only, the national flows."""
    before, after = dict(old.flows_in(kommune)), dict(new.flows_in(kommune))
    for name in before.keys() & after.keys():
        if isinstance(before[name], Own) is not isinstance(after[name], Own):
            before[name], after[name] = old.flows[name], new.flows[name]
    return before, after


def _rooms(old: Library, new: Library) -> Iterator[tuple[str, Mapping[str, object], Mapping[str, object]]]:
    """What stands outside the flows, by room and id, before and after."""
    yield "texts", _texts(old), _texts(new)
    yield "acts", _acts(old), _acts(new)
    for room in REGISTERS:
        yield room, getattr(old, room), getattr(new, room)
    for name in sorted(old.scenarios.keys() | new.scenarios.keys()):
        yield f"scenarios {name}", old.scenarios.get(name, {}), new.scenarios.get(name, {})


def _acts(library: Library) -> dict[str, object]:
    """The acts without their rules, which are told by themselves."""
    return {name: act.model_copy(update={"paragraphs": {}}) for name, act in library.acts.items()}


def _texts(library: Library) -> dict[str, object]:
    """The texts that all outcomes of a level or a parents rule have in common, and the doors, as «levels.akut»."""
    known = library.texts
    fields = ("levels", "parents", "doors") if known else ()
    return {f"{field}.{name}": text for field in fields for name, text in getattr(known, field).items()}


def flow_difference(name: str, old: Flow, new: Flow) -> FlowDifference:
    """Two versions of one flow. Raises TooManyStates."""
    moved: dict[Move, list[Ends]] = {}
    for ends in lockstep(old, new, flags=False):
        moved.setdefault((ends.old, ends.new), []).append(ends)
    return FlowDifference(name, old, new, moved, list(_steps(old, new)), dict(_words(old, new)))


def _other(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _steps(old: Flow, new: Flow) -> Iterator[str]:
    """What is new, gone or other of steps, options and flags."""
    for said, steps, known in (("fjernet", old, new), ("nyt", new, old)):
        yield from (f"Spørgsmål {said}: «{step}»" for step in steps.questions if step not in known.questions)
        yield from (f"Udfald {said}: «{step}»" for step in steps.outcomes if step not in known.outcomes)
    if old.start != new.start:
        yield f"Første spørgsmål: «{old.start}» → «{new.start}»"
    for step, question in old.questions.items():
        if step in new.questions:
            yield from (f"«{step}»: {said}" for said in _options(question, new.questions[step]))


def _options(old: Question, new: Question) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"kind {old.kind} → {new.kind}"
    for said, question, known in (("fjernet", old, new), ("nyt", new, old)):
        yield from (f"svar {said}: «{name}»" for name in question.options if name not in known.options)
    for name, option in old.options.items():
        if other := new.options.get(name):
            before, after = (", ".join(sorted(found.flags)) or "ingen" for found in (option, other))
            if before != after:
                yield f"flag på «{name}»: {before} → {after}"
    if _ways(old) != _ways(new):
        yield "vejen videre er skrevet anderledes"


def _ways(question: Question) -> object:
    return {name: option.goto for name, option in question.options.items()}, question.next


def _words(old: Flow, new: Flow) -> Iterator[tuple[str, list[str]]]:
    """Whose words changed, in the order of the new flow."""
    if keys := list(_keys(old, new, ROUTES | {"questions", "outcomes", "start"})):
        yield "", keys
    for step, question in new.questions.items():
        if step in old.questions:
            before = old.questions[step]
            keys = list(_keys(before, question, ROUTES))
            keys += [f"svaret {name}" for name in _reworded(before.options, question.options)]
            if keys:
                yield step, keys
    for step, outcome in new.outcomes.items():
        if step in old.outcomes and (keys := list(_keys(old.outcomes[step], outcome, ROUTES))):
            yield step, keys


def _reworded(old: Mapping[str, Option], new: Mapping[str, Option]) -> Iterator[str]:
    return (name for name, option in new.items() if name in old and list(_keys(old[name], option, ROUTES)))


def _keys(old: BaseModel, new: BaseModel, besides: set[str]) -> Iterator[str]:
    """The keys of a word that differ."""
    return (
        key
        for key in type(new).model_fields
        if key not in besides and getattr(old, key, None) != getattr(new, key, None)
    )


def said(found: Difference) -> Iterator[str]:
    """The whole difference as Danish lines."""
    yield from (f"Flow fjernet: {name}" for name in found.gone)
    yield from (f"Nyt flow: {name}" for name in found.came)
    for flow in found.flows:
        yield from _said_flow(flow)
    if found.others:
        yield "Uden for flowene"
        for room, ids in found.others.items():
            kind, _, of = room.partition(" ")
            yield f"  {_ROOMS[kind]}{f' i {of}' if of else ''}: {', '.join(ids)}"
    if not (found.gone or found.came or found.others or any(found.flows)):
        yield "Ingen forskel."


_ROOMS = {
    "texts": "fælles tekster på udfald",
    "acts": "love",
    "professions": "fag",
    "principles": "fagregler",
    "changes": "ændringer",
    "scenarios": "scenarier",
    "contacts": "kontakter",
    "law": "lov",
    "letters": "breve",
    "signs": "tegn",
    "pages": "sider",
    "myths": "myter",
    "themes": "temaer",
    "cases": "sager",
    "training": "temadag",
    "municipalities": "kommuner",
}


def _said_flow(flow: FlowDifference) -> Iterator[str]:
    if not flow:
        yield f"{flow.id}: ingen forskel"
        return
    count = len(flow.moved)
    yield f"{flow.id}: " + (f"{count} par af udfald før → nu" if count else "alle svar ender, hvor de endte")
    for (before, after), ends in sorted(flow.moved.items(), key=lambda move: tuple(step or "" for step in move[0])):
        yield f"  {_outcome(flow.old, before)} → {_outcome(flow.new, after)}{_inside(flow, before, after)}"
        for one in ends:
            yield f"    {_parting(flow, one)} ({_kinds(one.count)})"
            yield from (f"      {line}" for line in _answers(flow, one))
    yield from (f"  {line}" for line in flow.steps)
    for step, keys in flow.words.items():
        yield f"  Nye ord i {f'«{step}»' if step else 'flowet selv'}: {', '.join(keys)}"


def _outcome(flow: Flow, step: str | None) -> str:
    if step is None:
        return "(intet udfald)"
    outcome = flow.outcomes[step]
    return f"«{step}» ({outcome.level}, {outcome.parents})"


def _inside(flow: FlowDifference, before: str | None, after: str | None) -> str:
    """What changed of contacts and law, when the outcome is the same."""
    if before is None or before != after:
        return ""
    old, new = flow.old.outcomes[before], flow.new.outcomes[before]
    changes = [
        f"{name}: {', '.join(one)} → {', '.join(other)}"
        for name, one, other in (("kontakter", old.contacts, new.contacts), ("lov", old.law, new.law))
        if one != other
    ]
    return "".join(f"; {change}" for change in changes)


def _parting(flow: FlowDifference, ends: Ends) -> str:
    """Where the ways part, by the words of the side that has the answer."""
    if ends.parted is None:
        return "med de samme svar" if ends.old == ends.new else "fra begyndelsen"
    parted = ends.parted
    side, option = (flow.new, parted.new) if parted.new else (flow.old, parted.old)
    question = side.questions[parted.step]
    return f"efter «{question.title}»" + (f": «{question.options[option].label}»" if option else "")


def _kinds(count: int) -> str:
    return "1 slags svar" if count == 1 else f"{count} slags svar"


def _answers(flow: FlowDifference, ends: Ends) -> Iterable[str]:
    """The example: what both are asked once, and what only one of them is asked by itself."""
    if ends.old is None:
        return [f"for disse svar: {told(flow.new, ends.new_answers)}"]
    if ends.new is None:
        return [f"for disse svar: {told(flow.old, ends.old_answers)}"]
    lines = [f"for disse svar: {told(flow.old, ends.old_answers)}"]
    other = {step: chosen for step, chosen in ends.new_answers.items() if ends.old_answers.get(step) != chosen}
    return [*lines, f"og nu også: {told(flow.new, other)}"] if other else lines
