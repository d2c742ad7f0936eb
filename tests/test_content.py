"""The shipped content: without a single error, at the depth the tandpleje flow promises, and readable."""

from __future__ import annotations

import re

import pytest

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.library import NOWHERE, Library, load
from guide.library.places import content_root
from guide.library.texts import texts
from guide.model import Level

LIX_OF_QUESTIONS = 40
LIX_OF_OUTCOMES = 45


def lix(text: str) -> float:
    """Björnsson's readability index: words per sentence + percentage of words over six letters."""
    words = re.findall(r"[\wæøåÆØÅ-]+", text)
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    return len(words) / sentences + 100 * sum(len(w) > 6 for w in words) / max(1, len(words))


def test_no_findings() -> None:
    library, findings = load(content_root())
    assert [str(f) for f in errors([*findings, *check(library)])] == []


def test_tandpleje_is_complete(content: Library) -> None:
    playable = content.flows["tandpleje"]
    proof = playable.proof
    assert proof is not None
    walked = {state.step for state in proof.links}
    assert len(walked & set(playable.flow.questions)) >= 14
    assert len(walked & set(playable.flow.outcomes)) >= 9
    assert {playable.flow.outcomes[s].level for s in walked & set(playable.flow.outcomes)} == set(Level)
    assert len(content.scenarios["tandpleje"]) >= 15
    assert proof.remaining[proof.start] <= 15


def test_every_kommune_can_be_chosen(content: Library) -> None:
    real = [m for name, m in content.municipalities.items() if not m.example and name != NOWHERE]
    assert len(real) == 98 and len({m.code for m in real}) == 98
    assert content.municipalities["eksempel"].example
    assert {"aeroe", "hoeje-taastrup", "koebenhavn", "aarhus"} <= set(content.municipalities)


def test_only_checked_national_numbers_are_printed(content: Library) -> None:
    """The numbers that law-and-content marks as seen, and 112."""
    assert {c.phone for c in content.contacts.values() if c.phone} == {"112", "114", "33 41 12 00", "116 111", "1888"}


def test_every_outcome_cites_the_duty(content: Library) -> None:
    for playable in content.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            assert "skaerpet-pligt" in outcome.law, step
            if outcome.level.rank >= Level.bekymring.rank:
                assert "personlig-pligt" in outcome.law, step


def test_every_scenario_says_level_and_parents(content: Library) -> None:
    for scenarios in content.scenarios.values():
        assert [name for name, scenario in scenarios.items() if not scenario.level or not scenario.parents] == []


def test_no_number_is_written_by_hand_in_a_text(content: Library) -> None:
    for playable in content.flows.values():
        for place, text in texts(playable.flow):
            assert not re.search(r"\b\d\d ?\d\d ?\d\d ?\d\d\b", text), place


@pytest.mark.parametrize("flow", ["tandpleje"])
def test_questions_are_easy_to_read(content: Library, flow: str) -> None:
    for step, question in content.flows[flow].flow.questions.items():
        text = " ".join([f"{question.title}", question.help or "", *(f"{o.label}." for o in question.options.values())])
        assert lix(text) < LIX_OF_QUESTIONS, (step, round(lix(text)))


@pytest.mark.parametrize("flow", ["tandpleje"])
def test_outcomes_are_easy_to_read(content: Library, flow: str) -> None:
    for step, outcome in content.flows[flow].flow.outcomes.items():
        text = " ".join([f"{outcome.title}.", outcome.help, *(piece.text for piece in outcome.do)])
        assert lix(text) < LIX_OF_OUTCOMES, (step, round(lix(text)))


def test_lix_can_fail() -> None:
    heavy = "Kommunalbestyrelsens behandlingsforpligtelse vedrørende underretningsmodtagelse iværksættes umiddelbart"
    assert lix(heavy) > LIX_OF_OUTCOMES > LIX_OF_QUESTIONS > lix("Er barnet i fare nu? Ring 112. Bliv hos barnet.")
