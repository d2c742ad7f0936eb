"""All outcomes of a flow as one text."""

from __future__ import annotations

import pytest

from guide.library.aloud import aloud
from guide.library.library import NOWHERE, Library


def test_nothing_that_an_outcome_says_is_left_out(content: Library) -> None:
    for playable in content.flows.values():
        told = aloud(content, playable, NOWHERE)
        for outcome in playable.flow.outcomes.values():
            said = [outcome.title, outcome.help, outcome.say, outcome.headline, outcome.tell, outcome.phrase]
            said += [outcome.until, outcome.again, outcome.guidance, outcome.expect, *outcome.raises]
            said += [piece.text for piece in (*outcome.do, *outcome.duty)]
            assert [text for text in said if text and text not in told] == []


def test_shared_texts_come_once_and_only_those_in_use(demo: Library) -> None:
    told = aloud(demo, demo.flows["tre"], "proeve")
    assert told.count("## Niveau: Straks") == 1 and "## Niveau: Underret" not in told
    assert told.count("## Forældre: Forældre ikke") == 1 and "kun-udsat" not in told


def test_an_unknown_kommune(demo: Library) -> None:
    with pytest.raises(KeyError):
        aloud(demo, demo.flows["tre"], "findes-ikke")
