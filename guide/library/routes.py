"""What is wrong with a flow as a graph (I1): targets, blind ends, loops, steps and rules that are never used.

Everything here is about `goto`, `next` and `start`; nothing else can be searched before they are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError

from guide.flows.finding import Finding
from guide.flows.graph import order, reachable
from guide.flows.proof import Proof, TooManyStates, prove
from guide.flows.rules import targets
from guide.library.read import Source, suggest
from guide.model import Flow, Question

Place = tuple[str | int, ...]


def routes(flow: Flow, source: Source) -> Iterator[Finding]:
    """What makes it impossible to walk a flow."""
    yield from _start(flow, source)
    yield from _loop(flow, source)
    for step, question in flow.questions.items():
        yield from _targets(flow, source, step, question)
        yield from _blind(flow, source, step, question)
        yield from _several(source, step, question)
        yield from _conditions(flow, source, step, question)


def _start(flow: Flow, source: Source) -> Iterator[Finding]:
    for both in flow.questions.keys() & flow.outcomes.keys():
        yield source.finding(f"«{both}» er både spørgsmål og udfald.", "outcomes", both)
    if flow.start not in flow.questions:
        near = suggest(flow.start, flow.questions)
        yield source.finding(f"Startspørgsmålet «{flow.start}» findes ikke.{near} (I1)", "start")


def _loop(flow: Flow, source: Source) -> Iterator[Finding]:
    try:
        order(flow)
    except CycleError as found:
        ring = list(reversed(found.args[1]))
        said = f"Vejen går i ring: {' → '.join(ring)}. (I1){_way(flow, ring[0])}"
        yield source.finding(said, "questions", ring[0])


def _targets(flow: Flow, source: Source, step: str, question: Question) -> Iterator[Finding]:
    steps = flow.questions.keys() | flow.outcomes.keys()
    for target in targets(question):
        if target not in steps:
            near = suggest(target, sorted(steps))
            for place in _places(step, question, target):
                yield source.finding(f"Trinnet «{target}» findes ikke.{near} (I1){_way(flow, step)}", *place)


def _places(step: str, question: Question, target: str) -> Iterator[Place]:
    """Every place where a question leads to this step."""
    for name, option in question.options.items():
        if option.goto == target:
            yield ("questions", step, "options", name, "goto")
    for n, rule in enumerate(question.next):
        if rule.goto == target:
            yield ("questions", step, "next", n, "goto")


def _blind(flow: Flow, source: Source, step: str, question: Question) -> Iterator[Finding]:
    undecided = [n for n, o in question.options.items() if not o.goto or question.kind == "several"]
    last = question.next[-1] if question.next else None
    if undecided and (last is None or last.when):
        yield source.finding(
            f"«{step}» kan ende blindt: sidste regel i «next» skal være uden «when» "
            f"(svar uden «goto»: {', '.join(undecided)}). (I1){_way(flow, step)}",
            "questions",
            step,
            "next" if last else "options",
        )


def _way(flow: Flow, step: str) -> str:
    """The shortest chain of questions to a step with an answer to each, where no proof can tell a real way yet."""
    arrived: dict[str, str] = {flow.start: ""}
    todo = [flow.start]
    for at in todo:  # grows as it is gone through
        if (question := flow.questions.get(at)) is None:
            continue
        before = f"{arrived[at]} → " if arrived[at] else ""
        for target, option in _given(at, question):
            if target not in arrived:
                arrived[target] = f"{before}«{question.title}»: «{question.options[option].label}»"
                todo.append(target)
    if step not in arrived or step not in flow.questions:
        return ""
    before = f"{arrived[step]} → " if arrived[step] else ""
    return f" Vejen dertil: {before}«{flow.questions[step].title}»"


def _given(step: str, question: Question) -> Iterator[tuple[str, str]]:
    """Where a question leads, each with an answer to it that may lead there."""
    first = next(iter(question.options))
    for name, option in question.options.items():
        if option.goto:
            yield option.goto, name
    for rule in question.next:
        asked = [option for option in rule.when.get(step, ()) if option in question.options]
        yield rule.goto, asked[0] if asked else first


def _several(source: Source, step: str, question: Question) -> Iterator[Finding]:
    if question.kind == "several" and any(option.goto for option in question.options.values()):
        yield source.finding(
            f"«{step}» tager flere svar, så vejen videre skal stå i «next», ikke som «goto».", "questions", step
        )


def _conditions(flow: Flow, source: Source, step: str, question: Question) -> Iterator[Finding]:
    for n, rule in enumerate(question.next):
        for on, options in rule.when.items():
            place = ("questions", step, "next", n, "when", on)
            yield from (source.finding(wrong, *place) for wrong in unknown_answers(flow, on, options))


def unknown_answers(flow: Flow, step: str, options: tuple[str, ...], key: str = "when") -> Iterator[str]:
    """What is wrong with answers named under a key: no such question, or no such answers to it."""
    question = flow.questions.get(step)
    if question is None:
        yield f"Trinnet «{step}» i «{key}» findes ikke.{suggest(step, flow.questions)}"
        return
    for option in options:
        if option not in question.options:
            yield f"Svaret «{option}» findes ikke på «{step}».{suggest(option, question.options)}"


def search(flow: Flow, source: Source) -> tuple[Proof | None, list[Finding]]:
    """The proof of a flow that `routes` finds nothing wrong with, and what the search shows."""
    try:
        proof = prove(flow)
    except TooManyStates as found:
        said = f"Flowet kan ikke bevises: det har mere end {found}. Brug færre regler, der læser hinandens svar."
        return None, [source.finding(said, "questions", found.step)]
    return proof, [*_stuck(proof, source), *_unreached(proof, source), *_shadowed(proof, source)]


def _stuck(proof: Proof, source: Source) -> Iterator[Finding]:
    for state, _ in proof.stuck:
        yield source.finding(
            f"«{state.step}» kan ende blindt (I1). Vejen dertil: {proof.told(state)}", "questions", state.step
        )


def _unreached(proof: Proof, source: Source) -> Iterator[Finding]:
    walked, known = {state.step for state in proof.links}, reachable(proof.flow)
    for room, steps in (("questions", proof.flow.questions), ("outcomes", proof.flow.outcomes)):
        for step in steps:
            if step not in walked:
                why = "ingen svar passer til reglerne" if step in known else "intet trin fører derhen"
                yield source.finding(f"«{step}» kan ikke nås: {why}. (I1)", room, step)


def _shadowed(proof: Proof, source: Source) -> Iterator[Finding]:
    for step in {state.step for state in proof.links} & proof.flow.questions.keys():
        question = proof.flow.questions[step]
        for n in range(len(question.next)):
            if (step, n) not in proof.won:
                last = n and n + 1 == len(question.next)
                remedy = "Slet den, og slet «when» i reglen over." if last else "Slet den, eller flyt den op."
                yield source.finding(
                    f"Reglen nr. {n + 1} i «next» på «{step}» kan aldrig gælde. {remedy}",
                    *("questions", step, "next", n),
                    warning=True,
                )
