"""One flow from its files: flow.yaml, outcomes.yaml, and the shared steps it uses.

Merging happens on what was written, before it becomes model objects, so that a flow can give a shared
step its own words, and so that every merged value knows its file and line. Every file is read, whatever
is wrong with the others; what cannot be judged without a file that could not be read is left unsaid.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.playable import Ways, searched
from guide.library.read import Source, build, read_document, suggest
from guide.library.routes import routes
from guide.library.strict_yaml import Document, Mark, merge, places
from guide.library.strict_yaml import Path as Place
from guide.library.verdicts import Verdicts, judged
from guide.library.verdicts import key as key_of
from guide.model import Flow, Shared


@dataclass(frozen=True)
class Assembled:
    """A flow as it was read; without ways when it cannot be walked."""

    flow: Flow
    source: Source
    ways: Ways | None = None


@dataclass(frozen=True)
class SharedSteps:
    """A file of shared steps; without a document when it cannot be read, without a word when it is wrong."""

    document: Document | None
    word: Shared | None


def read_shared(folder: Folder) -> tuple[dict[str, SharedSteps], list[Finding]]:
    """All files of shared steps by id, used or not. No two of them may define the same step."""
    found, findings, known = dict[str, SharedSteps](), list[Finding](), dict[str, str]()
    for path in folder.files("flows/shared", ".yaml"):
        document, wrong = read_document(path, folder)
        word = None
        if document is not None:
            word, wrong = build(Shared, document)
        if document is not None and word is not None:
            wrong = _twice(word, Source(document), known)
            known.update(dict.fromkeys((*word.questions, *word.outcomes), path.name))
        findings += wrong
        found[folder.id(path)] = SharedSteps(document, word)
    return found, findings


def _twice(word: Shared, source: Source, known: Mapping[str, str]) -> list[Finding]:
    return [
        source.finding(f"Trinnet «{step}» står også i {known[step]}. Giv det ene et andet navn.", room, step)
        for room, steps in (("questions", word.questions), ("outcomes", word.outcomes))
        for step in steps
        if step in known
    ]


def assemble(
    path: Path, folder: Folder, shared: Mapping[str, SharedSteps], verdicts: Verdicts | None = None
) -> tuple[Assembled | None, list[Finding]]:
    """Read, merge and build the flow in a folder, with everything that is wrong with it as a graph.

    `verdicts`: where the very same files were searched before, they are not searched again.
    """
    own, findings = read_document(path / "flow.yaml", folder)
    whole = own is not None
    if os.path.lexists(path / "outcomes.yaml"):
        outcomes, found = read_document(path / "outcomes.yaml", folder)
        findings += found
        whole = whole and outcomes is not None
        own = merge(own, outcomes) if own and outcomes else own or outcomes
    if own is None:
        return None, findings
    document, found, all_used = _with_shared(own, shared)
    _fit(document, shared)
    findings += found
    whole = whole and all_used
    read = (f"{folder.name(path)}/", "flows/shared/")
    files = sorted(item for item in folder.content.items() if item[0].startswith(read))
    made, found = _built(document, whole, verdicts, key_of("ways", "", files) if verdicts else "")
    return made, findings + found


def _built(
    document: Document, whole: bool, verdicts: Verdicts | None, about: str
) -> tuple[Assembled | None, list[Finding]]:
    """A merged document as a flow that can be walked, or all that is wrong with it; `whole`: nothing is missing."""
    flow, findings = build(Flow, document, partial=not whole)
    if flow is None:
        return None, findings
    source = Source(document)
    if not whole:
        return Assembled(flow, source), findings
    if wrong := list(routes(flow, source)):
        return Assembled(flow, source), findings + wrong
    ways = Ways(flow)
    return Assembled(flow, source, ways), findings + judged(verdicts, about, lambda: searched(ways, flow, source))


def _with_shared(own: Document, shared: Mapping[str, SharedSteps]) -> tuple[Document, list[Finding], bool]:
    """A flow on top of the shared steps it uses; whether all of them could be found and read."""
    layers, findings, whole = [own], list[Finding](), True
    for name, exits in _used(own):
        if name not in shared:
            near = suggest(name, shared)
            findings.append(Source(own).finding(f"Fælles trin «{name}» findes ikke.{near}", "use", name))
        steps = shared.get(name)
        if steps is None or steps.document is None:
            whole = False
            continue
        findings += _exits(name, exits, steps, Source(own))
        layers.insert(0, _led(steps, exits))
    document = merge(*layers)
    # What is missing from the whole is missing from the flow's own file, not from the first shared one.
    return Document(document.value, {**document.marks, (): own.mark(())}), findings, whole


def _fit(document: Document, shared: Mapping[str, SharedSteps]) -> None:
    """Take the shared advice for answers to shared questions that this flow does not ask out of a merged document."""
    asked = _mapping(document.value.get("questions"))
    elsewhere = {step for steps in shared.values() if steps.word for step in steps.word.questions} - asked.keys()
    for step, outcome in _mapping(document.value.get("outcomes")).items():
        for key in ("do", "duty"):
            place, pieces = ("outcomes", step, key), _mapping(outcome).get(key)
            if not isinstance(pieces, list) or not _shared_file(document.mark((*place, 0))):
                continue
            kept = [n for n, piece in enumerate(pieces) if not elsewhere & _mapping(_mapping(piece).get("when")).keys()]
            if len(kept) < len(pieces):
                outcome[key] = [pieces[n] for n in kept]
                _move(document.marks, place, pieces, kept)


def _shared_file(mark: Mark) -> bool:
    return mark.file.startswith("flows/shared/")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _move(marks: dict[Place, Mark], place: Place, pieces: list[Any], kept: list[int]) -> None:
    """Give the marks of a list where only some items were kept."""
    old = {n: [(path, marks.pop(path)) for path in places(piece, (*place, n))] for n, piece in enumerate(pieces)}
    at = len(place)
    for new, n in enumerate(kept):
        marks.update({(*place, new, *path[at + 1 :]): mark for path, mark in old[n]})


def _used(document: Document) -> list[tuple[str, dict[str, Any]]]:
    use = document.value.get("use")
    if not isinstance(use, dict):
        return []
    return [(name, exits) for name, exits in use.items() if isinstance(exits, dict)]


def _exits(name: str, exits: dict[str, Any], steps: SharedSteps, source: Source) -> list[Finding]:
    if steps.word is None:
        return []
    missing = [
        source.finding(f"«use» af «{name}» mangler udgangen «{wanted}».", "use", name)
        for wanted in steps.word.exits
        if wanted not in exits
    ]
    return missing + [
        source.finding(f"«{name}» har ingen udgang «{given}».{suggest(given, steps.word.exits)}", "use", name, given)
        for given in exits
        if given not in steps.word.exits
    ]


_STEPS = ("questions", "outcomes")


def _led(steps: SharedSteps, exits: dict[str, Any]) -> Document:
    """Shared steps with their exits led to the steps that the flow named; also from a file with errors in it."""
    document = steps.document
    assert document is not None
    known = {given: to for given, to in exits.items() if steps.word is None or given in steps.word.exits}
    value = {key: document.value[key] for key in _STEPS if key in document.value}
    if isinstance(questions := value.get("questions"), dict):
        value["questions"] = {step: _lead(question, known) for step, question in questions.items()}
    marks = {place: mark for place, mark in document.marks.items() if place and place[0] in value}
    return Document(value, {(): document.mark(()), **marks})


def _lead(question: Any, exits: dict[str, Any]) -> Any:
    """A question with its exits led on; the shared one stays as it is, for the next flow."""
    if not isinstance(question, dict):
        return question
    led, options, rules = dict(question), question.get("options"), question.get("next")
    if isinstance(options, dict):
        led["options"] = {name: _led_place(option, exits) for name, option in options.items()}
    if isinstance(rules, list):
        led["next"] = [_led_place(rule, exits) for rule in rules]
    return led


def _led_place(place: Any, exits: dict[str, Any]) -> Any:
    if isinstance(place, dict) and isinstance(goto := place.get("goto"), str) and goto in exits:
        return {**place, "goto": exits[goto]}
    return place
