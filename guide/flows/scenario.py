"""Play a Scenario: what came of it, against what the author said must come of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transitions import Machine

from guide.flows.walk import Walk, valid
from guide.model import Flow, Outcome, Scenario


@dataclass(frozen=True)
class Played:
    """A scenario that was played: the walk, and what was wrong, in Danish (empty when all is well)."""

    walk: Walk
    wrong: tuple[str, ...]


def play(flow: Flow, machine: Machine, scenario: Scenario) -> Played:
    """Walk a flow with the answers of a scenario."""
    walk = Walk(flow, machine, scenario.answers)
    return Played(walk, tuple(_wrong(flow, walk, scenario)))


def _wrong(flow: Flow, walk: Walk, scenario: Scenario) -> Iterable[str]:
    for step, options in scenario.answers.items():
        if step not in flow.questions:
            yield f"trinnet «{step}» findes ikke"
        elif not valid(flow.questions[step], options):
            yield f"svaret {list(options)} findes ikke på «{step}»"
        elif step not in walk.on_path:
            yield f"svaret på «{step}» blev ikke brugt; forløbet gik {' → '.join(walk.path)}"
    if walk.current != scenario.ends:
        at = "mangler svar på" if walk.current in flow.questions else "ender i"
        yield f"forløbet {at} «{walk.current}», ikke «{scenario.ends}»"
    for step in scenario.passes:
        if step not in walk.path:
            yield f"forløbet kom ikke forbi «{step}»"
    for step in scenario.never:
        if step in walk.path:
            yield f"forløbet kom forbi «{step}», og det må det aldrig"
    if walk.outcome:
        yield from _wrong_outcome(walk.outcome, scenario)


def _wrong_outcome(outcome: Outcome, scenario: Scenario) -> Iterable[str]:
    if scenario.level and outcome.level is not scenario.level:
        yield f"niveauet er «{outcome.level}», ikke «{scenario.level}»"
    if scenario.parents and outcome.parents is not scenario.parents:
        yield f"forældrereglen er «{outcome.parents}», ikke «{scenario.parents}»"
    for law in scenario.law:
        if law not in outcome.law:
            yield f"udfaldet viser ikke loven «{law}»"


def unvisited(flow: Flow, walks: Iterable[Walk]) -> Mapping[str, list[str]]:
    """Question id -> the options that no walk chose; questions without any are left out."""
    left = {step: list(question.options) for step, question in flow.questions.items()}
    for walk in walks:
        for step, chosen in walk.on_path.items():
            left[step] = [name for name in left[step] if name not in chosen]
    return {step: names for step, names in left.items() if names}
