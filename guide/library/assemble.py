"""One flow from its files: flow.yaml, outcomes.yaml, and the shared steps it uses.

Merging happens on what was written, before it becomes model objects, so that a flow can give a shared
step its own words, and so that every merged value knows its file and line. Every file is read, whatever
is wrong with the others; what cannot be judged without a file that could not be read is left unsaid.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transitions import Machine

from guide.flows.finding import Finding
from guide.flows.machine import build as build_machine
from guide.flows.proof import Proof
from guide.library.folder import Folder
from guide.library.read import Source, build, read_document, suggest
from guide.library.routes import routes, search
from guide.library.strict_yaml import Document, Mark, merge
from guide.library.strict_yaml import Path as Place
from guide.model import Flow, Shared


@dataclass(frozen=True)
class Assembled:
    """A flow as it was read; without a machine when it cannot be walked, without a proof when it cannot be searched."""

    flow: Flow
    source: Source
    machine: Machine | None = None
    proof: Proof | None = None


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


def assemble(path: Path, folder: Folder, shared: Mapping[str, SharedSteps]) -> tuple[Assembled | None, list[Finding]]:
    """Read, merge and build the flow in a folder, with everything that is wrong with it as a graph."""
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
    document = _fitting(document, shared)
    findings += found
    whole = whole and all_used
    flow, found = build(Flow, document, partial=not whole)
    findings += found
    if flow is None:
        return None, findings
    source = Source(document)
    if not whole:
        return Assembled(flow, source), findings
    if wrong := list(routes(flow, source)):
        return Assembled(flow, source), findings + wrong
    proof, found = search(flow, source)
    return Assembled(flow, source, build_machine(flow), proof), findings + found


def _with_shared(own: Document, shared: Mapping[str, SharedSteps]) -> tuple[Document, list[Finding], bool]:
    """A flow on top of the shared steps it uses; whether all of them could be found and read."""
    document, findings, whole = own, list[Finding](), True
    for name, exits in _used(own):
        if name not in shared:
            near = suggest(name, shared)
            findings.append(Source(own).finding(f"Fælles trin «{name}» findes ikke.{near}", "use", name))
        steps = shared.get(name)
        if steps is None or steps.document is None:
            whole = False
            continue
        findings += _exits(name, exits, steps, Source(own))
        document = merge(_led(steps, exits), document)
    # What is missing from the whole is missing from the flow's own file, not from the first shared one.
    return Document(document.value, {**document.marks, (): own.mark(())}), findings, whole


def _fitting(document: Document, shared: Mapping[str, SharedSteps]) -> Document:
    """Without the shared advice for answers to shared questions that this flow does not ask."""
    asked = _mapping(document.value.get("questions"))
    elsewhere = {step for steps in shared.values() if steps.word for step in steps.word.questions} - asked.keys()
    value, marks = deepcopy(document.value), dict(document.marks)
    for step, outcome in _mapping(value.get("outcomes")).items():
        for key in ("do", "duty"):
            place = ("outcomes", step, key)
            if not isinstance(_mapping(outcome).get(key), list) or not _shared_file(document.mark((*place, 0))):
                continue
            pieces = outcome[key]
            kept = [n for n, piece in enumerate(pieces) if not elsewhere & _mapping(_mapping(piece).get("when")).keys()]
            if len(kept) < len(pieces):
                outcome[key] = [pieces[n] for n in kept]
                marks = _moved(marks, place, kept)
    return Document(value, marks)


def _shared_file(mark: Mark) -> bool:
    return mark.file.startswith("flows/shared/")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _moved(marks: dict[Place, Mark], place: Place, kept: list[int]) -> dict[Place, Mark]:
    """The marks of a document where only some items of the list at `place` were kept."""
    at, new = len(place), {old: n for n, old in enumerate(kept)}
    inside = {path for path in marks if path[:at] == place and len(path) > at}
    out = {path: mark for path, mark in marks.items() if path not in inside}
    for path in inside:
        if (item := path[at]) in new:
            out[*place, new[int(item)], *path[at + 1 :]] = marks[path]
    return out


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
    value: dict[str, Any] = {key: deepcopy(document.value[key]) for key in _STEPS if key in document.value}
    known = {given: to for given, to in exits.items() if steps.word is None or given in steps.word.exits}
    questions = value.get("questions")
    for question in questions.values() if isinstance(questions, dict) else ():
        _lead(question, known)
    marks = {place: mark for place, mark in document.marks.items() if place and place[0] in value}
    return Document(value, {(): document.mark(()), **marks})


def _lead(question: Any, exits: dict[str, Any]) -> None:
    if not isinstance(question, dict):
        return
    options, rules = question.get("options"), question.get("next")
    places = [*(options.values() if isinstance(options, dict) else ()), *(rules if isinstance(rules, list) else ())]
    for place in places:
        if isinstance(place, dict) and isinstance(place.get("goto"), str) and place["goto"] in exits:
            place["goto"] = exits[place["goto"]]
