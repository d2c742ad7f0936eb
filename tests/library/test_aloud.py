"""All that a flow says as one text."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from guide.library.aloud import aloud
from guide.library.library import NOWHERE, Library
from guide.library.texts import texts


def test_nothing_that_an_outcome_says_is_left_out(content: Library) -> None:
    for playable in content.flows.values():
        told = aloud(content, playable, NOWHERE)
        for outcome in playable.flow.outcomes.values():
            said = [outcome.title, outcome.help, outcome.say, outcome.headline, outcome.tell, outcome.phrase]
            said += [outcome.until, outcome.again, outcome.guidance, outcome.expect, *outcome.raises, *outcome.changes]
            said += [piece.text for piece in (*outcome.do, *outcome.duty)]
            assert [text for text in said if text and text not in told] == []


def unread(content: Library, flow: str, told: str) -> list[str]:
    """Every text for a faggruppe that is not read aloud, whatever its field is; sources need not be."""
    words: list[BaseModel] = [*content.myths.values(), *(content.texts.doors.values() if content.texts else ())]
    words += [case for case in content.cases.values() if case.flow == flow]
    words += [change for change in content.changes.values() if flow in (change.flows or [flow])]
    said = [one for word in words for one in texts(word)]
    said += [one for one in texts(content.flows[flow].flow) if one[0] not in (("audience",), ("help",))]
    for theme in content.themes.values():
        said += [(path, text) for path, text in texts(theme) if path[0] != "chairs" or path[1] == flow]
    known = " ".join(told.split())
    return [text for path, text in said if path[-1] != "source" and " ".join(text.split()) not in known]


def test_every_text_of_every_kind_is_read(content: Library) -> None:
    """By the type of the field, so that a new text is read from its first day."""
    for flow, playable in content.flows.items():
        assert unread(content, flow, aloud(content, playable, NOWHERE)) == []


def test_a_text_that_is_left_out_is_caught(content: Library) -> None:
    """The planted fault: one text of each kind is struck out."""
    told = aloud(content, content.flows["skole"], NOWHERE)
    assert content.texts
    question = next(iter(content.flows["skole"].flow.questions.values()))
    for text in (
        question.example,
        content.myths["leder"].text,
        content.texts.doors["droeft"].text,
        content.themes["fravaer"].chairs["skole"].shares,
        next(case.text for case in content.cases.values() if case.flow == "skole"),
    ):
        assert text and text in told
        assert " ".join(text.split()) in [" ".join(t.split()) for t in unread(content, "skole", told.replace(text, ""))]


def test_shared_texts_come_once_and_only_those_in_use(demo: Library) -> None:
    told = aloud(demo, demo.flows["tre"], "proeve")
    assert told.count("## Niveau: Straks") == 1 and "## Niveau: Underret" not in told
    assert told.count("## Forældre: Forældre ikke") == 1 and "kun-udsat" not in told


def test_an_unknown_kommune(demo: Library) -> None:
    with pytest.raises(KeyError):
        aloud(demo, demo.flows["tre"], "findes-ikke")
