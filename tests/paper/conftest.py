"""The papers of the shipped flows, drawn once."""

from __future__ import annotations

import pytest

from guide.library.library import Library
from guide.paper.handleplan import handleplan
from tests.conftest import NEWEST

KOMMUNE = "eksempel"


@pytest.fixture(scope="session")
def plans(content: Library) -> dict[str, str]:
    """The handleplan of every flow as HTML, in the example kommune."""
    drawn = {name: handleplan(content, playable, KOMMUNE, NEWEST) for name, playable in content.flows.items()}
    assert len(drawn) == 4
    return drawn
