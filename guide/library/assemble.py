"""One flow from its files: flow.yaml, outcomes.yaml, and the shared steps it uses.

Merging happens on what was written, before it becomes model objects, so that a flow can give a shared
step its own words, and so that every merged value knows its file and line.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from graphlib import CycleError
from pathlib import Path
from typing import Any

from transitions import Machine

from guide.flows.finding import Finding
from guide.flows.graph import reachable
from guide.flows.machine import build as build_machine
from guide.flows.proof import Proof, TooManyStates, prove
from guide.flows.rules import targets
from guide.library.read import build, read_document, suggest
from guide.library.strict_yaml import Document, merge
from guide.model import Flow, Shared


@dataclass(frozen=True)
class Source:
    """Where the values of a flow were written."""

    document: Document

    def finding(self, message: str, *path: str | int, warning: bool = False) -> Finding:
        """A finding at the place of a value, or of the nearest one above it."""
        mark = self.document.mark(path)
        return Finding(mark.file, mark.line, mark.column, message, warning)


@dataclass(frozen=True)
class Assembled:
    """A flow with its machine and proof; proof is None when it cannot be searched."""

    flow: Flow
    machine: Machine
    proof: Proof | None
    source: Source


def assemble(folder: Path, root: Path) -> tuple[Assembled | None, list[Finding]]:
    """Read, merge and build the flow in a folder, with everything that is wrong with it as a graph."""
    document, findings = read_document(folder / "flow.yaml", root)
    if document is None:
        return None, findings
    if (folder / "outcomes.yaml").exists():
        outcomes, found = read_document(folder / "outcomes.yaml", root)
        findings += found
        document = merge(document, outcomes) if outcomes else document
    own = document
    for name, exits in _used(own):
        shared, found = _shared(name, exits, own, root)
        findings += found
        document = merge(shared, document) if shared else document
    flow, found = build(Flow, document)
    findings += found
    if flow is None:
        return None, findings
    source = Source(document)
    wrong = _targets(flow, source)
    if wrong:
        return None, findings + wrong
    proof, found = _prove(flow, source)
    return Assembled(flow, build_machine(flow), proof, source), findings + found


def _used(document: Document) -> list[tuple[str, dict[str, str]]]:
    use = document.value.get("use")
    if not isinstance(use, dict):
        return []
    return [(name, exits) for name, exits in use.items() if isinstance(exits, dict)]


def _shared(name: str, exits: dict[str, str], own: Document, root: Path) -> tuple[Document | None, list[Finding]]:
    source, path = Source(own), root / "flows" / "shared" / f"{name}.yaml"
    known = [p.stem for p in path.parent.glob("*.yaml")]
    if name not in known:  # looked up among the files, so that no name can lead elsewhere on the disk
        return None, [source.finding(f"Fælles trin «{name}» findes ikke.{suggest(name, known)}", "use", name)]
    document, findings = read_document(path, root)
    if document is None:
        return None, findings
    shared, found = build(Shared, document)
    findings += found
    if shared is None:
        return None, findings
    for wanted in shared.exits:
        if wanted not in exits:
            findings.append(source.finding(f"«use» af «{name}» mangler udgangen «{wanted}».", "use", name))
    for given in exits:
        if given not in shared.exits:
            findings.append(
                source.finding(
                    f"«{name}» har ingen udgang «{given}».{suggest(given, shared.exits)}", "use", name, given
                )
            )
    value: dict[str, Any] = {
        key: deepcopy(document.value[key]) for key in ("questions", "outcomes") if key in document.value
    }
    for question in value.get("questions", {}).values():
        _lead(question, {e: exits.get(e, e) for e in shared.exits})
    marks = {place: mark for place, mark in document.marks.items() if place and place[0] in value}
    return Document(value, {(): document.mark(()), **marks}), findings


def _lead(question: dict[str, Any], exits: dict[str, str]) -> None:
    """Point the exits of a shared question at the steps that the flow named."""
    options = question.get("options", {})
    for place in [*options.values(), *question.get("next", [])]:
        if isinstance(place, dict) and place.get("goto") in exits:
            place["goto"] = exits[place["goto"]]


def _targets(flow: Flow, source: Source) -> list[Finding]:
    steps, found = {**flow.questions, **flow.outcomes}, list[Finding]()
    for both in set(flow.questions) & set(flow.outcomes):
        found.append(source.finding(f"«{both}» er både spørgsmål og udfald.", "outcomes", both))
    if flow.start not in flow.questions:
        found.append(
            source.finding(
                f"Startspørgsmålet «{flow.start}» findes ikke.{suggest(flow.start, flow.questions)}", "start"
            )
        )
    for step, question in flow.questions.items():
        found += [
            source.finding(f"Trinnet «{target}» findes ikke.{suggest(target, steps)}", *_place(flow, step, target))
            for target in targets(question)
            if target not in steps
        ]
        open_options = [n for n, o in question.options.items() if not o.goto or question.kind == "several"]
        last = question.next[-1] if question.next else None
        if open_options and (last is None or last.when):
            found.append(
                source.finding(
                    f"«{step}» kan ende blindt: sidste regel i «next» skal være uden «when» "
                    f"(svar uden «goto»: {', '.join(open_options)}).",
                    "questions",
                    step,
                    "next" if last else "options",
                )
            )
        if question.kind == "several" and any(o.goto for o in question.options.values()):
            found.append(
                source.finding(
                    f"«{step}» tager flere svar, så vejen videre skal stå i «next», ikke som «goto».", "questions", step
                )
            )
        for n, rule in enumerate(question.next):
            for on, options in rule.when.items():
                place = ("questions", step, "next", n, "when", on)
                if on not in flow.questions:
                    found.append(
                        source.finding(f"Trinnet «{on}» i «when» findes ikke.{suggest(on, flow.questions)}", *place)
                    )
                    continue
                found += [
                    source.finding(
                        f"Svaret «{o}» findes ikke på «{on}».{suggest(o, flow.questions[on].options)}", *place
                    )
                    for o in options
                    if o not in flow.questions[on].options
                ]
    return found


def _place(flow: Flow, step: str, target: str) -> tuple[str | int, ...]:
    question = flow.questions[step]
    for name, option in question.options.items():
        if option.goto == target:
            return ("questions", step, "options", name, "goto")
    n = next(n for n, rule in enumerate(question.next) if rule.goto == target)
    return ("questions", step, "next", n, "goto")


def _prove(flow: Flow, source: Source) -> tuple[Proof | None, list[Finding]]:
    try:
        proof = prove(flow)
    except CycleError as found:
        ring = " → ".join(reversed(found.args[1]))
        return None, [source.finding(f"Vejen går i ring: {ring}.", "questions", found.args[1][0])]
    except TooManyStates as found:
        return None, [source.finding(f"Flowet kan ikke bevises: det har mere end {found}.", "start")]
    findings = [
        source.finding(f"«{state.step}» kan ende blindt efter {proof.told(state)}", "questions", state.step)
        for state, _ in proof.stuck
    ]
    walked, known = {state.step for state in proof.links}, reachable(flow)
    for room, steps in (("questions", flow.questions), ("outcomes", flow.outcomes)):
        findings += [
            source.finding(
                f"«{step}» kan ikke nås"
                + (": ingen svar passer til reglerne." if step in known else ": intet trin fører derhen."),
                room,
                step,
            )
            for step in steps
            if step not in walked
        ]
    return proof, findings
