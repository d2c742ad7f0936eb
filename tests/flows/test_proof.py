"""The search over all ways: agrees with brute force, and can fail."""

from __future__ import annotations

import random
import time
from itertools import chain, combinations
from typing import Any

import pytest

from guide.flows import proof as proofs
from guide.flows.machine import build
from guide.flows.proof import Proof, TooManyStates, here, prove
from guide.flows.rules import holds
from guide.flows.walk import Walk
from guide.library.library import Library
from guide.model import Flag, Flow, Question


def ways(flow: Flow) -> list[Walk]:
    """Every walk there is, by brute force."""
    done, todo = list[Walk](), [Walk(flow, build(flow), {})]
    while todo:
        walk = todo.pop()
        if walk.outcome:
            done.append(walk)
            continue
        question = flow.questions[walk.current]
        sizes = [1] if question.kind == "one" else range(1, len(question.options) + 1)
        for chosen in chain.from_iterable(combinations(question.options, n) for n in sizes):
            todo.append(walk.answer(walk.current, chosen))
    return done


def deciding(question: Question, walk: Walk, step: str) -> tuple[str, int]:
    """Which rule of a question decided, as `Proof.won` has it."""
    if question.kind == "one" and question.options[walk.answers[step][0]].goto:
        return step, -1
    return step, next(n for n, rule in enumerate(question.next) if holds(rule.when, walk.on_path))


def disagreements(flow: Flow, proof: Proof) -> list[str]:
    """Where a proof says other than every walk there is."""
    walked, found = ways(flow), list[str]()
    if {(w.current, w.flags) for w in walked} != {(s.step, s.flags) for s in proof.ends()}:
        found.append("ends")
    if max(len(w.answered) for w in walked) != proof.remaining[proof.start]:
        found.append("length")
    won, reached, left = set[tuple[str, int]](), set[object](), dict[object, int]()
    for walk in walked:
        done: dict[str, tuple[str, ...]] = {}
        for n, answered in enumerate(walk.answered):
            state = here(proof, answered.step, done)
            if state is None:
                found.append(f"unknown: {answered.step} {done}")
                continue
            reached.add(state)
            left[state] = max(left.get(state, 0), len(walk.answered) - n)
            if proof.weakest[state].rank > flow.outcomes[walk.current].level.rank:
                found.append(f"weakest: {answered.step} {done}")
            done[answered.step] = answered.chosen
            won.add(deciding(answered.question, Walk(flow, walk.machine, done), answered.step))
        reached.add(here(proof, walk.current, done))
    found += ["states"] * (reached != set(proof.links)) + ["rules"] * (won != proof.won)
    return found + [f"remaining: {state}" for state, most in left.items() if proof.remaining[state] != most]


def some_flow(chance: random.Random) -> Flow:
    """A flow with rules that read all over it: what a later rule reads decides what must be remembered."""
    names, levels = [f"q{n}" for n in range(chance.randint(3, 6))], ["undren", "bekymring", "straks"]
    questions: dict[str, Any] = {}
    for n, name in enumerate(names):
        further = [*names[n + 1 :], *levels]
        kind = chance.choice(["one", "one", "several"])
        options: dict[str, Any] = {
            o: {"label": o, "flags": chance.sample(["vold", "gravid"], chance.choice([0, 0, 1]))} for o in "abc"
        }
        if kind == "one" and chance.random() < 0.4:
            options[chance.choice("abc")]["goto"] = chance.choice(further)
        asked = names[: n + 1]
        rules: list[dict[str, Any]] = [
            {
                "when": {
                    step: sorted(chance.sample("abc", chance.randint(1, 2)))
                    for step in chance.sample(asked, chance.randint(1, min(3, len(asked))))
                },
                "goto": chance.choice(further),
            }
            for _ in range(chance.randint(0, 5))
        ]
        last = {"goto": names[n + 1] if n + 1 < len(names) else chance.choice(levels)}
        questions[name] = {"title": name, "kind": kind, "options": options, "next": [*rules, last]}
    common = {"title": "x", "parents": "ikke", "help": "x", "do": ["x"], "contacts": ["x"], "law": ["x"]}
    outcomes = {level: {**common, "level": level} for level in levels}
    about = dict.fromkeys(("title", "audience", "help", "source"), "x") | {"reviewed": "2026-11-21"}
    return Flow.model_validate({**about, "start": "q0", "questions": questions, "outcomes": outcomes})


def test_agrees_with_brute_force_on_made_up_flows() -> None:
    chance = random.Random(20261121)
    for n in range(60):
        flow = some_flow(chance)
        assert disagreements(flow, prove(flow)) == [], (n, flow)


def test_the_comparison_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a search that forgets every answer."""
    monkeypatch.setattr(proofs.Tests, "kept", lambda *_: 0)
    chance = random.Random(20261121)
    flows = [some_flow(chance) for _ in range(20)]
    assert any(disagreements(flow, prove(flow)) for flow in flows)


@pytest.mark.parametrize("name", ["tre", "flere"])
def test_agrees_with_brute_force(demo: Library, name: str) -> None:
    flow = demo.flows[name].flow
    assert disagreements(flow, prove(flow)) == []


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


def wide(flow: Flow, size: int, apart: int, later: int = 0) -> Flow:
    """«flere» with `size` more options on «hvad», the first `apart` of them read one by one by a later question.

    `later` questions in between have to carry all of it along.
    """
    data: dict[str, Any] = flow.model_dump(by_alias=True)
    questions = data["questions"]
    questions["hvad"]["options"] |= {f"x{n}": {"label": "X"} for n in range(size)}
    questions["hvad"]["next"] = [{"goto": "y0"}]
    for n in range(later + 1):
        after = f"y{n + 1}" if n < later else "laenge"
        options = {f"o{k}": {"label": "O"} for k in range(max(9, apart))}
        rules = [{"when": {"hvad": [f"x{k}"], f"y{n}": [f"o{k}"]}, "goto": "straks"} for k in range(apart)]
        rules = [*(rules if n == later else []), {"goto": after}]
        questions[f"y{n}"] = {"title": "Y", "options": options, "next": rules}
    return Flow.model_validate(data)


@pytest.mark.parametrize(("size", "apart", "later"), [(24, 24, 0), (200, 200, 0), (10, 10, 30)])
def test_what_cannot_be_searched_is_given_up_soon(demo: Library, size: int, apart: int, later: int) -> None:
    """2^24 sets of answers once filled the memory: the limits count while the sets and moves are made."""
    began = time.perf_counter()
    with pytest.raises(TooManyStates) as found:
        prove(wide(demo.flows["flere"].flow, size, apart, later))
    assert time.perf_counter() - began < 20
    assert found.value.step in ("hvad", *(f"y{n}" for n in range(later)))


def test_answers_that_nothing_tells_apart_are_not_counted(demo: Library) -> None:
    assert len(prove(wide(demo.flows["flere"].flow, 200, 0)).links) < 50


def test_many_states_from_one_question_are_too_many(demo: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "LIMIT", 60)
    with pytest.raises(TooManyStates) as found:
        prove(wide(demo.flows["flere"].flow, 10, 10))
    assert found.value.step == "hvad", "it is seen while the states are made, not after"


def test_what_no_later_rule_can_use_is_forgotten(demo: Library) -> None:
    """Once «slag» is known nothing else about «hvad» matters at «hvem»."""
    proof = prove(demo.flows["flere"].flow)
    assert len([s for s in proof.links if s.step == "hvem"]) == 2
    assert {s.flags for s in proof.links if s.step == "hvem"} == {frozenset(), frozenset({Flag.vold})}


def test_which_rules_won(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    assert {n for step, n in prove(flow).won if step == "hvem"} == {0, 1, 2}
    hvem = flow.questions["hvem"]
    shadowed = hvem.model_copy(update={"next": (hvem.next[1], hvem.next[0], hvem.next[2])})
    broken = Flow.model_validate(flow.model_dump(by_alias=True) | {"questions": {**flow.questions, "hvem": shadowed}})
    assert {n for step, n in prove(broken).won if step == "hvem"} == {0, 2}


def test_a_rule_that_can_fail_is_found_stuck(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    laenge = flow.questions["laenge"].model_copy(update={"next": flow.questions["laenge"].next[:1]})
    broken = Flow.model_validate(flow.model_dump(by_alias=True) | {"questions": {**flow.questions, "laenge": laenge}})
    assert {state.step for state, _ in prove(broken).stuck} == {"laenge"}


def test_told_in_the_words_of_the_page(demo: Library) -> None:
    proof = prove(demo.flows["tre"].flow)
    end = next(s for s in proof.ends() if s.step == "undren")
    assert "«Er barnet trist?»: «Nej»" in proof.told(end)
