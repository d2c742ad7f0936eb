"""Two flows side by side: agrees with a trial of all answers, and can fail."""

from __future__ import annotations

from guide.flows.lockstep import lockstep
from guide.library.library import Library


def test_a_flow_does_not_differ_from_itself(content: Library, demo: Library) -> None:
    for playable in (*content.flows.values(), *demo.flows.values()):
        assert lockstep(playable.flow, playable.flow) == []
