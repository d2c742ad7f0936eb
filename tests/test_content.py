"""The shipped content: without a single finding, and each flow at the depth that is promised."""

from __future__ import annotations

import re

import pytest

from guide.library.checks import check
from guide.library.library import NOWHERE, Library, load
from guide.library.places import content_root
from guide.library.texts import texts
from guide.model import Level, Parents

FLOWS = ("dagtilbud", "skole", "sundhedspleje", "tandpleje")

CALM = (Level.undren, Level.bekymring)


def test_no_findings() -> None:
    """Not even a warning: every text is within the limits of readability too."""
    library, findings = load(content_root())
    assert [str(f) for f in [*findings, *check(library)]] == []


def test_the_four_faggrupper_have_a_flow(content: Library) -> None:
    assert tuple(sorted(content.flows)) == FLOWS
    assert {p.nearest for p in content.professions.values()} <= content.flows.keys()


@pytest.mark.parametrize("flow", FLOWS)
def test_a_flow_is_complete(content: Library, flow: str) -> None:
    playable = content.flows[flow]
    proof = playable.proof
    assert proof is not None
    walked = {state.step for state in proof.links}
    assert len(walked & set(playable.flow.questions)) >= 14
    assert len(walked & set(playable.flow.outcomes)) >= 9
    assert {playable.flow.outcomes[s].level for s in walked & set(playable.flow.outcomes)} == set(Level)
    assert proof.remaining[proof.start] <= 15


@pytest.mark.parametrize("flow", FLOWS)
def test_scenarios_are_many_and_a_quarter_are_ordinary_worries(content: Library, flow: str) -> None:
    """A quarter end where nothing triggers a report by itself, and say so by what they must never pass."""
    scenarios = content.scenarios[flow].values()
    assert len(scenarios) >= 20
    calm = [scenario for scenario in scenarios if scenario.level in CALM]
    assert len(calm) >= len(scenarios) / 4


@pytest.mark.parametrize("flow", FLOWS)
def test_a_third_of_what_scenarios_never_pass_is_about_the_parents(content: Library, flow: str) -> None:
    """`never` names outcomes where the parents are told earlier than in the scenario's own."""
    outcomes = content.flows[flow].flow.outcomes
    named = [(scenario, step) for scenario in content.scenarios[flow].values() for step in scenario.never]
    weaker = [
        step for scenario, step in named if step in outcomes and _earlier(outcomes[step].parents, scenario.parents)
    ]
    assert len(weaker) >= len(named) / 3


def _earlier(told: Parents, own: Parents | None) -> bool:
    """Whether a parents rule tells the parents earlier; `tilkald` does so compared with all that waits for others."""
    waits = (Parents.efter_aftale, Parents.kun_udsat, Parents.ikke)
    if own is None or Parents.tilkald in (told, own):
        return told is Parents.tilkald and own in waits
    return (told.strictness or 0) < (own.strictness or 0)


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
