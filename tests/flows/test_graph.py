"""The plain graph."""

from __future__ import annotations

from graphlib import CycleError

import pytest

from guide.flows.graph import order, reachable
from guide.library.library import Library
from guide.model import Flow


def test_order_and_reach(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    steps = order(flow)
    assert steps.index("hvad") < steps.index("hvem") < steps.index("straks-ude")
    assert reachable(flow) == {*flow.questions, *flow.outcomes}


def test_a_loop_is_told(demo: Library) -> None:
    data = demo.flows["tre"].flow.model_dump(by_alias=True)
    data["questions"]["trist"]["options"]["ja"]["goto"] = "slag"
    with pytest.raises(CycleError) as found:
        order(Flow.model_validate(data))
    assert {"slag", "trist"} <= set(found.value.args[1])
