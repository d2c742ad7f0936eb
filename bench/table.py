"""What is walked: a way through a shipped flow, and the same way as the floor's table, with the same texts."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from flask import Flask

from guide.flows.proof import prove
from guide.library.library import Library, Playable
from guide.model import Flow
from guide.web.security import HEADERS

KOMMUNE = "odense"
FLOW = "tandpleje"
QUESTIONS = 10

Answers = list[tuple[str, tuple[str, ...]]]
"""Question id and the options chosen, in the order asked."""


def way(flow: Flow, length: int) -> Answers:
    """Answers of the first way found through a flow with exactly so many questions. Raises LookupError."""
    proof = prove(flow)  # that of a served flow has forgotten where its states lead
    todo = [(proof.start, Answers())]
    while todo:
        state, answers = todo.pop()
        if state.step in proof.flow.outcomes and len(answers) == length:
            return answers
        if len(answers) < length:
            following = proof.links[state]
            todo.extend((after, [*answers, (state.step, choice.options)]) for choice, after in reversed(following))
    raise LookupError(f"no way of {length} questions")


def as_table(app: Flask, library: Library, playable: Playable, answers: Answers) -> dict[str, Any]:
    """The floor's table: the questions of this way, whichever answer is given, and its outcome."""
    with app.test_request_context(f"/{KOMMUNE}/"):
        steps = {step: _question(app, playable, step, place) for place, (step, _) in enumerate(answers, 1)}
    for (step, _), (following, _) in zip(answers, [*answers[1:], ("slut", ())], strict=True):
        steps[step]["next"] = dict.fromkeys(steps[step]["options"], following)
    steps["slut"] = {"title": "Slut", "options": {}, "outcome": _outcome(app, answers)}
    return {
        "start": answers[0][0],
        "steps": steps,
        "municipality": library.municipalities[KOMMUNE].name,
        "headers": {**HEADERS, "Cache-Control": "no-store"},
        "key": Fernet.generate_key().decode(),
    }


def _outcome(app: Flask, answers: Answers) -> str:
    """The outcome at the end of a way as one ready text, as one would put it in a table by hand."""
    client, place = app.test_client(), f"/{KOMMUNE}/{FLOW}"
    client.post(f"{place}/start")
    for n, (step, chosen) in enumerate(answers, 1):
        client.post(f"{place}/{n}", data={"trin": step, "svar": list(chosen)})
    page = client.get(f"{place}/{len(answers) + 1}").text
    return page[page.index('<main id="indhold"') : page.index("</main>") + len("</main>")]


def _question(app: Flask, playable: Playable, step: str, place: int) -> dict[str, Any]:
    question, filters = playable.flow.questions[step], app.jinja_env.filters
    assert playable.proof is not None
    remaining = max(n for state, n in playable.proof.remaining.items() if state.step == step)
    return {
        "title": question.title,
        "help": filters["md"](question.help),
        "kind": "radio" if question.kind == "one" else "checkbox",
        "options": {
            name: {"label": option.label, "help": filters["md_inline"](option.help) if option.help else ""}
            for name, option in question.options.items()
        },
        "depth": app.jinja_env.globals["kept"]("question_depth", KOMMUNE, playable.id, step),
        "at_most": place - 1 + remaining,
    }
