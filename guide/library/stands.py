"""What of the national content a kommune's own files stand on, place by place: steps, answers, contacts, letters.

Taken from what was written, so that a file that does not fit the national flow any more is told of too. Not here:
whether any of it has changed (`touched.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from guide.library.owned import Room
from guide.library.strict_yaml import Document, Mark
from guide.model import Flow

Kind = Literal["step", "answer", "own step", "own answer", "contact", "letter", "term", "flow"]


@dataclass(frozen=True)
class Stand:
    """A place in a kommune's file, what stands there in Danish, and the national thing that it stands on.

    `kind` and `id` say which: of an answer also `answer`, its own id in the step. An own step or answer stands on
    nothing; a national one of the same id would be in its way.
    """

    mark: Mark
    what: str
    kind: Kind
    id: str
    answer: str = ""


def of_flow(document: Document, national: Flow) -> Iterator[Stand]:
    """All that an own file on a flow stands on. `national`: the flow that it was written for."""
    for step, said in _mapping(document.value.get("questions")).items():
        if step in national.questions:
            yield from _added(document, step, _mapping(said), national)
        else:
            yield from _own_question(document, step, _mapping(said), national)
    for step, said in _mapping(document.value.get("outcomes")).items():
        yield from _outcome(document, step, _mapping(said), national)


def _added(document: Document, step: str, said: Mapping[str, Any], national: Flow) -> Iterator[Stand]:
    """What a kommune adds to a national question."""
    place, known = ("questions", step), national.questions[step].options
    what = {"local": "boks på", "next": "vej videre fra", "options": "svar på"}
    parts = " og ".join(text for key, text in what.items() if key in said)
    yield Stand(document.mark(place), f"jeres {parts or 'linjer om'} «{step}»", "step", step)
    for name, option in _mapping(said.get("options")).items():
        at, like = document.mark((*place, "options", name)), _mapping(option).get("as")
        if name in known:
            yield Stand(at, f"jeres vej videre fra «{step}», svaret «{name}»", "answer", step, name)
            continue
        yield Stand(at, f"jeres svar «{name}» på «{step}»", "own answer", step, name)
        if isinstance(like, str):
            yield Stand(at, f"jeres svar «{name}», der står for «{like}»", "answer", step, like)
    yield from _ways(document, ("questions", step), said, national)


def _own_question(document: Document, step: str, said: Mapping[str, Any], national: Flow) -> Iterator[Stand]:
    place = ("questions", step)
    yield Stand(document.mark(place), f"jeres eget spørgsmål «{step}»", "own step", step)
    if isinstance(target := said.get("before"), str):
        what = f"jeres spørgsmål «{step}», der kommer før «{target}»"
        yield Stand(document.mark((*place, "before")), what, "step", target)
    yield from _ways(document, place, said, national)


def _ways(document: Document, place: tuple[str, str], said: Mapping[str, Any], national: Flow) -> Iterator[Stand]:
    """National steps that a question leads to or asks about; each once."""
    seen = {said.get("before")}
    for key in ("options", "next"):
        for at, part in _items(said.get(key)):
            goto, when = _mapping(part).get("goto"), _mapping(_mapping(part).get("when"))
            for target, what in ((goto, "vej til"), *((asked, "regel om") for asked in when)):
                if isinstance(target, str) and target not in seen and _is_step(national, target):
                    seen.add(target)
                    mark = document.mark((*place, key, at))
                    yield Stand(mark, f"jeres {what} «{target}» i «{place[1]}»", "step", target)


def _outcome(document: Document, step: str, said: Mapping[str, Any], national: Flow) -> Iterator[Stand]:
    place = ("outcomes", step)
    mark, like = document.mark(place), said.get("as")
    if step in national.outcomes:
        yield Stand(mark, f"det, I føjer til udfaldet «{step}»", "step", step)
    else:
        yield Stand(mark, f"jeres eget udfald «{step}»", "own step", step)
    if isinstance(like, str):
        at = document.mark((*place, "as"))
        yield Stand(at, f"jeres udfald «{step}», der er ens med «{like}»", "step", like)
    kinds: tuple[tuple[str, Kind, str], ...] = (("contacts", "contact", "kontakten"), ("letters", "letter", "brevet"))
    for key, kind, word in kinds:
        for n, name in _items(said.get(key)):
            if isinstance(name, str):
                yield Stand(document.mark((*place, key, n)), f"{word} «{name}» i «{step}»", kind, name)


def of_room(room: Room, kommune: str) -> Iterator[Stand]:
    """What the rest of a kommune's folder stands on: its contacts, names, offers and letters."""
    if room.word is None or room.source is None:
        return
    mark = room.source.document.mark
    for name in room.word.contacts:
        yield Stand(mark(("contacts", name)), f"jeres kontakt «{name}» i stedet for den nationale", "contact", name)
    for name in room.word.names:
        yield Stand(mark(("names", name)), f"jeres navn for «{name}»", "term", name)
    for name, offer in room.word.offers.items():
        for flow in offer.flows:
            yield Stand(mark(("offers", name)), f"jeres tilbud «{name}» i flowet «{flow}»", "flow", flow)
    for name in room.letters:
        file = Mark(f"municipalities/{kommune}/letters/{name}.md", 1, 1)
        yield Stand(file, f"jeres brev «{name}» i stedet for det nationale", "letter", name)


def _is_step(national: Flow, step: str) -> bool:
    return step in national.questions or step in national.outcomes


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[tuple[Any, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []
