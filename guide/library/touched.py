"""What a change of the national content means for one kommune: which places in its own files stand on what changed.

Two libraries, both with the kommune's folder, of which the national part differs. `Only` reads that folder alone. Not
here: how it is found for which answers flows now end elsewhere (`difference.py`), and whether the kommune's files still
hold (`checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from guide.library.difference import Difference, difference, flow_difference, flows_of, said
from guide.library.folder import Folder
from guide.library.library import Library, Own
from guide.library.stands import Stand, of_flow, of_room
from guide.model import Advice, Option, Outcome, Question, Rule

ROOM = "municipalities"

SHOWN, LEAD = 70, 20
"""Letters of a text that are shown, and how many of them come before what is other."""

UNSEEN = ("scenarios", "principles", "municipalities")
"""What the users of a kommune never see of the national content."""

KEPT = ("source", "owner", "checked")
"""What tells how a word is looked after: no reason to look at what stands on it."""


@dataclass
class Only(Folder):
    """A content folder as it is read with one kommune alone: what others wrote is neither read nor told of."""

    kommune: str = ""

    def entries(self, folder: Path) -> list[Path]:
        """What lies in a folder."""
        room = self.root / ROOM
        if folder == self.root:
            return [room]
        return [path for path in super().entries(folder) if folder != room or path.name == self.kommune]


@dataclass(frozen=True)
class Touched:
    """A place in a kommune's file that stands on what changed. `what` and `changes` are Danish."""

    file: str
    line: int
    what: str
    changes: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.file}:{self.line}: {self.what}", *(f"  {change}" for change in self.changes)])


def told(old: Library, new: Library, kommune: str, flows: frozenset[str] | None = None) -> Iterator[str]:
    """All of it as Danish lines: where answers end now, and the places. Raises TooManyStates.

    `flows`: these only, and nothing outside them.
    """
    if flows is None:
        found = difference(old, new, kommune)
        others = {room: ids for room, ids in found.others.items() if room.partition(" ")[0] not in UNSEEN}
        found = replace(found, others=others)
    else:
        before, after = flows_of(old, new, kommune)
        both = [name for name in before if name in after and name in flows]
        found = Difference([], [], [flow_difference(name, before[name].flow, after[name].flow) for name in both], {})
    for name in sorted(_unfit(old, new, kommune)):
        if flows is None or name in flows:
            yield f"{name}: jeres fil passer kun på den ene udgave, så her er det nationale flow sammenlignet"
    yield from said(found)
    places = touched(old, new, kommune, flows)
    if places:
        yield f"Steder i jeres filer, der står på noget, som er ændret: {len(places)}"
        yield from (f"  {line}" for place in places for line in str(place).split("\n"))
    else:
        yield "Intet af det, I har skrevet, er berørt."


def _unfit(old: Library, new: Library, kommune: str) -> set[str]:
    """The flows of which the kommune's own file fits one of the two libraries only."""
    before, after = (library.rooms[kommune].flows if kommune in library.rooms else {} for library in (old, new))
    return before.keys() ^ after.keys()


def touched(old: Library, new: Library, kommune: str, flows: frozenset[str] | None = None) -> list[Touched]:
    """Every such place, by file and line. `flows`: only the files on these, and nothing else of the folder."""
    found = []
    for stand, flow in _stands(old, new, kommune, flows):
        changes = list(_changes(old, new, stand, flow))
        if changes:
            found.append(Touched(stand.mark.file, stand.mark.line, stand.what, tuple(changes)))
    return sorted(found, key=lambda one: (one.file, one.line))


def _stands(old: Library, new: Library, kommune: str, flows: frozenset[str] | None) -> Iterator[tuple[Stand, str]]:
    """What the kommune's files stand on, with the flow of each; a file may fit one of the two flows only."""
    rooms = [library.rooms[kommune] for library in (new, old) if kommune in library.rooms]
    if rooms and flows is None:
        yield from ((stand, "") for stand in of_room(rooms[0], kommune))
    files: dict[str, Own] = {name: own for room in rooms for name, own in room.flows.items()}
    for name, own in files.items():
        written_for = old.flows.get(name) or new.flows.get(name)
        if written_for and (flows is None or name in flows):
            yield from ((stand, name) for stand in of_flow(own.file.document, written_for.flow))


def _changes(old: Library, new: Library, stand: Stand, flow: str) -> Iterator[str]:
    """What changed of what is stood on, in Danish."""
    before, after = (_found(library, stand, flow) for library in (old, new))
    if stand.kind in ("own step", "own answer"):
        if after is not None and before is None:
            yield f"«{stand.answer or stand.id}» findes nu også nationalt. Giv jeres et andet navn."
    elif before is not None and after is None:
        yield "findes ikke mere nationalt"
    elif before is not None and after is not None and before != after:
        yield from _other(before, after)


def _found(library: Library, stand: Stand, flow: str) -> object:
    """The national thing as it is in a library, or None."""
    rooms: dict[str, Mapping[str, object]] = {
        "contact": library.contacts,
        "letter": library.letters,
        "term": library.terms,
        "flow": dict.fromkeys(library.flows, True),
    }
    if stand.kind in rooms:
        return rooms[stand.kind].get(stand.id)
    national = library.flows.get(flow)
    if national is None:
        return None
    if "answer" in stand.kind:
        question = national.flow.questions.get(stand.id)
        return question.options.get(stand.answer) if question else None
    return national.flow.questions.get(stand.id) or national.flow.outcomes.get(stand.id)


def _other(before: object, after: object) -> Iterator[str]:
    """What differs between two words of the model."""
    if type(before) is not type(after):
        yield f"var {_kind(before)}, er nu {_kind(after)}"
    elif isinstance(before, BaseModel) and isinstance(after, BaseModel):
        for key, field in type(before).model_fields.items():
            one, other = getattr(before, key), getattr(after, key)
            if one != other and key not in KEPT:
                yield from _values(field.alias or key, one, other)


def _kind(word: object) -> str:
    return "et spørgsmål" if isinstance(word, Question) else "et udfald" if isinstance(word, Outcome) else "noget andet"


def _values(key: str, before: Any, after: Any) -> Iterator[str]:
    """One key, before and after."""
    if key == "options":
        yield from _options(before, after)
    elif key == "next":
        yield f"next: {_rules(before)} → {_rules(after)}"
    else:
        one, other = _excerpts(_plain(before), _plain(after))
        yield f"{key}: {one} → {other}"


def _options(before: Mapping[str, Option], after: Mapping[str, Option]) -> Iterator[str]:
    yield from (f"svaret «{name}» er fjernet" for name in before if name not in after)
    yield from (f"nyt svar: «{name}» ({option.label})" for name, option in after.items() if name not in before)
    for name, option in before.items():
        if name in after:
            yield from (f"svaret «{name}», {change}" for change in _other(option, after[name]))


def _rules(rules: tuple[Rule, ...]) -> str:
    return ", ".join(f"«{rule.goto}»{f' ({_plain(rule.when)})' if rule.when else ''}" for rule in rules) or "ingen"


def _plain(value: Any) -> str:
    """A value of any kind as text in one line."""
    if isinstance(value, BaseModel):
        value = {key: part for key, part in value if key in value.model_fields_set}
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(part)}" for key, part in value.items())
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(part.text if isinstance(part, Advice) and not part.when else _plain(part) for part in value)
    return "" if value is None else " ".join(str(value).split())


def _excerpts(one: str, other: str) -> tuple[str, str]:
    """Two texts around the first place where they differ."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, same - LEAD) if max(len(one), len(other)) > SHOWN else 0
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    end = start + SHOWN
    if not text:
        return "intet"
    return f"«{'…' if start else ''}{text[start:end]}{'…' if len(text) > end else ''}»"
