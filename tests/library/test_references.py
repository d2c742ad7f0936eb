"""What a national flow refers to is there, and it has no key of a kommune's."""

from __future__ import annotations

import pytest

from guide.library.library import Library
from guide.library.playable import Draft
from guide.library.references import national, references
from guide.model import Flow


@pytest.fixture
def flow(demo: Library) -> Draft:
    return demo.flows["tre"]


def changed(draft: Draft, step: str, **update: object) -> Draft:
    flow = draft.flow
    outcomes = {**flow.outcomes, step: flow.outcomes[step].model_copy(update=update)}
    return Draft(draft.id, flow.model_copy(update={"outcomes": outcomes}), draft.source)


def test_an_unknown_id(demo: Library, flow: Draft) -> None:
    assert list(references(demo, flow)) == []
    (found,) = references(demo, changed(flow, "straks", contacts=("modtagelsen",)))
    assert "«modtagelsen» findes ikke i contacts/. Mente du «modtagelse»?" in found.message


def test_keys_that_only_a_kommune_may_write(flow: Draft) -> None:
    assert list(national(flow)) == []
    assert isinstance(flow.flow, Flow)
    for update in ({"local": "Hos os"}, {"as_": "bekymring"}):
        (found,) = national(changed(flow, "straks", **update))
        assert "hører kun til i en kommunes egen fil" in found.message
