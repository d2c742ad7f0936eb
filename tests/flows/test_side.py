"""One flow as a machine of nodes."""

from __future__ import annotations

from guide.flows.proof import prove
from guide.flows.side import Side, furniture, same_from
from guide.library.library import Library
from guide.model import Flow


def test_the_nodes_are_the_states_of_the_proof_without_flags(demo: Library) -> None:
    for playable in demo.flows.values():
        side, proof = Side(playable.flow), prove(playable.flow)
        assert side.walked({side.start}) == {state.step for state in proof.links}
        seen, todo = set(), [side.start]
        while todo:
            node = todo.pop()
            seen.add((node.step, node.live))
            if not node.ended:
                todo += [side.after(node, choice) for choice in side.tests.choices[node.step]]
        assert seen == {(state.step, state.live) for state in proof.links}


def test_a_question_that_may_still_come(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    side = Side(flow)
    assert side.asks_later(side.start, "hvem") and not side.asks_later(side.start, "straks")
    assert not side.asks_later(side.dead, "hvem") and not side.asks_later(side.owing("hvem"), "hvem")


def test_no_rule_that_holds_is_no_end(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    laenge = flow.questions["laenge"].model_copy(update={"next": flow.questions["laenge"].next[:1]})
    side = Side(flow.model_copy(update={"questions": {**flow.questions, "laenge": laenge}}))
    ends = {
        side.after(node, c)
        for node in side._nodes.values()
        if node.step == "laenge"
        for c in side.tests.choices["laenge"]
    }
    assert not ends  # nothing is made before it is come to
    side.walked({side.start})
    nodes = [node for node in side._nodes.values() if node.step == "laenge"]
    assert any(side.after(node, c) is side.stuck for node in nodes for c in side.tests.choices["laenge"])


def weaker(flow: Flow, outcome: str) -> Flow:
    found = flow.outcomes[outcome].model_copy(update={"level": "undren"})
    return flow.model_copy(update={"outcomes": {**flow.outcomes, outcome: found}})


def test_what_is_the_same_from_here_on(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    assert same_from(Side(flow), Side(flow)) == {*flow.questions, *flow.outcomes}
    other = weaker(flow, "underret")
    assert furniture(other.outcomes["underret"]) != furniture(flow.outcomes["underret"])
    same = same_from(Side(flow), Side(other))
    assert "hvem" in same and not {"underret", "laenge", "hvad", flow.start} & same
