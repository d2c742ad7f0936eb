"""The search over all ways: agrees with brute force, and can fail."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from guide.flows import proof as proofs
from guide.flows.proof import TooManyStates, here, prove
from guide.flows.walk import Walk
from guide.library.library import Library, Playable
from guide.model import Flow


def ways(playable: Playable) -> list[Walk]:
    """Every walk there is, by brute force."""
    done, todo = list[Walk](), [Walk(playable.flow, playable.machine, {})]
    while todo:
        walk = todo.pop()
        if walk.outcome:
            done.append(walk)
            continue
        question = playable.flow.questions[walk.current]
        sizes = [1] if question.kind == "one" else range(1, len(question.options) + 1)
        for chosen in chain.from_iterable(combinations(question.options, n) for n in sizes):
            todo.append(walk.answer(walk.current, chosen))
    return done


@pytest.mark.parametrize("name", ["tre", "flere"])
def test_agrees_with_brute_force(demo: Library, name: str) -> None:
    playable = demo.flows[name]
    proof = prove(playable.flow)
    walked = ways(playable)
    assert {(w.current, w.flags) for w in walked} == {(s.step, s.flags) for s in proof.ends()}
    assert max(len(w.answered) for w in walked) == proof.remaining[proof.start]
    for walk in walked:
        assert here(proof, walk.current, walk.on_path) in proof.links


@pytest.mark.parametrize("name", ["tre", "flere"])
def test_the_example_of_each_state_leads_there(demo: Library, name: str) -> None:
    playable = demo.flows[name]
    proof = prove(playable.flow)
    for state in proof.links:
        walk = Walk(playable.flow, playable.machine, proof.example(state))
        assert walk.current == state.step
        assert walk.flags == state.flags
        assert len(walk.answered) == proof.shortest[state]


def test_too_many_states_is_never_a_pass(demo: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "LIMIT", 3)
    with pytest.raises(TooManyStates):
        prove(demo.flows["flere"].flow)


def test_a_rule_that_can_fail_is_found_stuck(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    laenge = flow.questions["laenge"].model_copy(update={"next": flow.questions["laenge"].next[:1]})
    broken = Flow.model_validate(flow.model_dump(by_alias=True) | {"questions": {**flow.questions, "laenge": laenge}})
    assert {state.step for state, _ in prove(broken).stuck} == {"laenge"}


def test_told_in_the_words_of_the_page(demo: Library) -> None:
    proof = prove(demo.flows["tre"].flow)
    end = next(s for s in proof.ends() if s.step == "undren")
    assert "«Er barnet trist?»: «Nej»" in proof.told(end)
