"""The guide in other set-ups: counting nothing, or with flows of a made-up size. Factories for bench/serving.py."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flask import Flask

from bench.table import Answers
from guide.config import Settings
from guide.flows.proof import prove
from guide.library.library import Playable
from guide.library.playable import Ways
from guide.library.read import Source
from guide.library.strict_yaml import Document, Mark
from guide.model import Flow
from guide.usage.facts import Fact
from guide.web import create_app

BRANCHES, BRANCHED, CHAIN = 9, 3, 6
"""A large flow: each of so many questions in a row has so many ways on; then comes a chain of so many questions."""


class Nothing:
    """Counts nothing."""

    def record(self, make: Callable[[], Sequence[Fact]]) -> None:
        """Leave the facts unmade."""


def uncounted(settings: Settings | None = None) -> Flask:
    """The guide without counting."""
    app = create_app(settings)
    app.extensions["guide"] = replace(app.extensions["guide"], counting=Nothing())
    return app


def sizes() -> Flask:
    """The guide with a small and a large flow, `lille` and `stor`, whose walks are equally long."""
    app = create_app()
    flows = app.extensions["guide"].library.flows
    flows["lille"], flows["stor"] = playable("lille", made(large=False)), playable("stor", made(large=True))
    return app


def playable(name: str, flow: Flow) -> Playable:
    """A flow made here, built and proven as one that was read."""
    return Playable(name, flow, Source(Document({}, {(): Mark(name, 0, 0)})), Ways(flow, prove(flow)))


def made(*, large: bool, chain: int = CHAIN) -> Flow:
    """A flow whose walks have 1 + BRANCHED + `chain` questions; the large one has another way for each answer."""
    questions = {"akut-fare": _question("akut-fare", ["t", "akut"])}
    outcomes = {"akut": _outcome("akut")}
    level = ["t"]
    for depth in range(BRANCHED):
        following = []
        for step in level:
            ways = [f"{step}-{n}" for n in range(BRANCHES)] if large else ["t" + "-0" * (depth + 1)] * BRANCHES
            questions[step] = _question(step, ways)
            following += ways
        level = list(dict.fromkeys(following))
    for step in level:
        names = [step, *(f"{step}-k{n}" for n in range(1, chain))]
        for name, after in zip(names, [*names[1:], f"{step}-slut"], strict=True):
            questions[name] = _question(name, [after, after])
        outcomes[f"{step}-slut"] = _outcome(step)
    about = {"title": "Prøve", "audience": "Prøve", "help": "Prøve.", "source": "Ingen.", "reviewed": date(2026, 1, 1)}
    return Flow.model_validate({**about, "start": "akut-fare", "questions": questions, "outcomes": outcomes})


def _question(step: str, ways: list[str]) -> dict[str, object]:
    options = {f"svar-{n}": {"label": f"Svar nummer {n} her", "goto": way} for n, way in enumerate(ways)}
    return {"title": f"Spørgsmål {step}", "help": "En linje med hjælp til spørgsmålet.", "options": options}


def _outcome(step: str) -> dict[str, object]:
    common = {"level": "bekymring", "parents": "foerst", "do": ["Gør dette."], "contacts": ["alarm"]}
    return {"title": f"Udfald {step}", "help": "Gør dette nu.", **common, "law": ["skaerpet-pligt"]}


def random_ways(flow: Flow, number: int) -> list[Answers]:
    """So many walks to an outcome by chance, with a fixed seed; the first answer is never the acute one."""
    chance, found = random.Random(4), list[Answers]()
    for _ in range(number):
        step, answers = flow.start, Answers()
        while question := flow.questions.get(step):
            option = "svar-0" if step == flow.start else chance.choice(list(question.options))
            answers.append((step, (option,)))
            step = str(question.options[option].goto)
        found.append(answers)
    return found
