"""Scenarios: each thing that can be wrong is told."""

from __future__ import annotations

import pytest

from guide.flows.scenario import play, unvisited
from guide.library.library import Library
from guide.model import Scenario

GOOD = {"title": "x", "answers": {"akut-fare": "nej", "slag": "ja"}, "ends": "straks"}


def wrong(demo: Library, **change: object) -> str:
    playable = demo.flows["tre"]
    return " ".join(play(playable.flow, playable.machine, Scenario.model_validate(GOOD | change)).wrong)


def test_a_right_one_has_nothing_wrong(demo: Library) -> None:
    assert wrong(demo, passes=["slag"], never=["trist"], law=["proeve-pligt"], level="straks", parents="ikke") == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ends": "undren"}, "ender i «straks», ikke «undren»"),
        ({"answers": {"akut-fare": "nej"}}, "mangler svar på «slag»"),
        ({"answers": {**GOOD["answers"], "trist": "ja"}}, "«trist» blev ikke brugt"),  # type: ignore[dict-item]
        ({"answers": {**GOOD["answers"], "findes-ikke": "ja"}}, "«findes-ikke» findes ikke"),  # type: ignore[dict-item]
        ({"answers": {"akut-fare": "nej", "slag": "meget"}}, "findes ikke på «slag»"),
        ({"passes": ["trist"]}, "kom ikke forbi «trist»"),
        ({"never": ["slag"]}, "det må det aldrig"),
        ({"law": ["findes-ikke"]}, "viser ikke loven"),
        ({"level": "akut"}, "niveauet er «straks», ikke «akut»"),
        ({"parents": "foerst"}, "forældrereglen er «ikke», ikke «foerst»"),
    ],
)
def test_what_is_wrong_is_told(demo: Library, change: dict[str, object], told: str) -> None:
    assert told in wrong(demo, **change)


def test_unvisited_options(demo: Library) -> None:
    playable = demo.flows["tre"]
    walk = play(playable.flow, playable.machine, Scenario.model_validate(GOOD)).walk
    assert unvisited(playable.flow, [walk]) == {
        "akut-fare": ["ja", "ved-ikke"],
        "slag": ["nej", "ved-ikke"],
        "trist": ["ja", "nej"],
    }
