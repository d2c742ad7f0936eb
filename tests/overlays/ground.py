"""What overlays are made from: a national flow, and what its proof says of where each answer leads."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cached_property

from guide.library.library import Library, Playable
from guide.model import Flow, Level, Option, Outcome, Question
from tests.mutation.furnishing import weaker

WORDS = {
    "why": "Teamet hjælper dig, når du er i tvivl.",
    "means": "Teamet er tre kolleger i kommunen.",
    "example": "Du ringede til teamet i går. Svaret er ja.",
}
TITLES = (
    "Har du talt med det rådgivende team?",
    "Har du talt med din leder?",
    "Har du skrevet det ned?",
    "Har en kollega set det samme?",
    "Har du vendt det på mødet?",
)


@dataclass
class Ground:
    """A national flow to build on, with a source of chance."""

    library: Library
    playable: Playable
    chance: random.Random
    taken: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return self.playable.id

    @property
    def flow(self) -> Flow:
        return self.playable.flow

    def question(self, locked: bool | None = None, kind: str | None = None) -> tuple[str, Question]:
        """A national question by chance."""
        of = self.flow.questions.items()
        known = [(s, q) for s, q in of if locked in (None, q.locked) and kind in (None, q.kind)]
        return self.chance.choice(known)

    def outcome(self, *levels: Level, locked: bool | None = None) -> tuple[str, Outcome]:
        """A national outcome by chance, of some levels."""
        of = self.flow.outcomes.items()
        known = [(s, o) for s, o in of if (not levels or o.level in levels) and locked in (None, o.locked)]
        return self.chance.choice(known)

    def answer(self, question: Question, grave: bool | None = None) -> tuple[str, Option] | None:
        """A national answer by chance; `grave`: whether it tells of a danger."""
        known = [(n, o) for n, o in question.options.items() if grave is None or self.grave(o) is grave]
        return self.chance.choice(known) if known else None

    def grave(self, option: Option) -> bool:
        """Whether an answer has a flag of a danger, or leads to a call at once."""
        ends = self.flow.outcomes.get(option.goto or "")
        flags = {str(flag) for flag in option.flags} - {"gravid"}
        return bool(flags) or (ends is not None and ends.level.rank >= Level.straks.rank)

    def own(self, *options: str, **more: object) -> dict[str, object]:
        """An own question; an answer is followed by a colon and where it leads, or by nothing."""
        answers: dict[str, object] = {}
        for number, option in enumerate(options):
            label, _, goto = option.partition(":")
            answers[f"svar-{number}"] = {"label": label, **({"goto": goto} if goto else {})}
        return {"title": self.chance.choice(TITLES), **WORDS, "options": answers, **more}

    @cached_property
    def sure(self) -> dict[tuple[str, str], Level]:
        """The level that an answer alone makes sure of, whatever was said before it, at its highest."""
        proof, found = self.playable.proof, dict[tuple[str, str], Level]()
        assert proof
        for step in self.flow.questions:
            for state in proof.states[step].values():
                for choice, after in proof.links[state]:
                    if len(choice.options) == 1:
                        place, level = (step, choice.options[0]), proof.weakest[after]
                        found[place] = max(level, found.get(place, level), key=lambda known: known.rank)
        return found

    @cached_property
    def worst(self) -> dict[str, Level]:
        """The highest level that may follow a question."""
        proof, strongest = self.playable.proof, dict[object, Level]()
        assert proof
        found: dict[str, Level] = {}
        for step in reversed(proof.tests.steps):
            for state in proof.states[step].values():
                if ends := self.flow.outcomes.get(step):
                    strongest[state] = ends.level
                    continue
                levels = [strongest[after] for _, after in proof.links[state]]
                strongest[state] = max(levels, key=lambda level: level.rank)
                found[step] = max(strongest[state], found.get(step, strongest[state]), key=lambda level: level.rank)
        return found

    def below(self, level: Level) -> str | None:
        """A national outcome on a lower level, by chance."""
        known = [step for step, outcome in self.flow.outcomes.items() if outcome.level.rank < level.rank]
        return self.chance.choice(known) if known else None

    def at_least(self, outcome: Outcome) -> list[str]:
        """National outcomes that may stand where this one does: as strong, as strict, with all its contacts and law."""
        return [
            step
            for step, other in self.flow.outcomes.items()
            if other.level is outcome.level
            and not weaker(outcome.parents, other.parents)
            and set(outcome.contacts) <= set(other.contacts)
            and set(outcome.law) <= set(other.law)
        ]
