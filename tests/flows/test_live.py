"""The rules that can still win: what is dropped is never missed, whatever the shape of the flow."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from guide.flows import live, proof
from guide.flows.graph import reachable
from guide.flows.live import FLAGS, pack, unpack
from guide.flows.proof import prove
from guide.library.library import Library
from guide.model import Flag, Flow
from tests.flows.test_proof import disagreements, some_flow

FLOWS = 2_000 if os.environ.get("GUIDE_NIGHT") == "1" else 80
"""Made-up flows compared with every walk there is; the full number in `make night`."""


def gappy(chance: random.Random) -> Flow:
    """A made-up flow in which questions are jumped over, some for good, and rules ask alike, wider or narrower."""
    data: dict[str, Any] = some_flow(chance).model_dump(by_alias=True, mode="json")
    names = list(data["questions"])
    for n, question in enumerate(data["questions"].values()):
        if chance.random() < 0.4:
            question["next"][-1]["goto"] = chance.choice([*names[n + 1 :], "undren", "straks"])
        rules = question["next"]
        if len(rules) > 1 and chance.random() < 0.5:
            copied = chance.choice(rules[:-1])
            asked = {on: sorted({*options, chance.choice("abc")}) for on, options in copied["when"].items()}
            rules.insert(chance.randrange(len(rules)), {"when": asked, "goto": rules[-1]["goto"]})
        if len(names) > n + 1 and rules[:-1] and chance.random() < 0.3:
            rules[0]["when"][chance.choice(names)] = ["a"]  # perhaps of a question that comes later, or never
    return Flow.model_validate(data)


def disagreeing(seed: int, count: int) -> Iterator[tuple[int, list[str]]]:
    """Which of so many made-up flows the proof and all walks do not agree on, and in what."""
    chance = random.Random(seed)
    for n in range(count):
        flow = gappy(chance)
        if wrong := disagreements(flow, prove(flow)):
            yield n, wrong


def test_agrees_with_every_walk_there_is() -> None:
    assert list(disagreeing(7, FLOWS)) == []


def test_the_made_up_flows_have_what_is_hard() -> None:
    chance = random.Random(7)
    flows = [gappy(chance) for _ in range(FLOWS)]
    assert any(flow.questions.keys() - reachable(flow) for flow in flows)
    assert any(live.Tests(flow, 99).start != (1 << len(live.Tests(flow, 99).rules)) - 1 for flow in flows)


@pytest.mark.parametrize("fault", ["start", "onward", "_seen_from", "_covers"])
def test_each_way_of_dropping_rules_is_tried(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The planted faults: rules nobody can meet are kept, ways lose nothing, look too short, a rule covers too much."""
    made = live.Tests.__init__

    def broken(tests: live.Tests, flow: Flow, limit: int) -> None:
        made(tests, flow, limit)
        if fault == "start":
            tests.start = (1 << len(tests.rules)) - 1
        elif fault == "onward":
            tests.onward = dict.fromkeys(tests.onward, -1)
        elif fault == "_covers":
            tests._below = {
                step: (sum(1 << n for n in range(len(tests.rules))), {
                    1 << n: ~(tests.own[of] & -(2 << n)) for n, (of, _) in enumerate(tests.rules)
                })
                for step in tests.steps
            }  # fmt: skip

    monkeypatch.setattr(live.Tests, "__init__", broken)
    if fault == "_seen_from":
        monkeypatch.setattr(live.Tests, "_seen_from", lambda tests, step, rules, _: rules & tests.own[step])
    assert next(disagreeing(7, 150), None), "no made-up flow shows the fault"


def test_looking_ahead_finds_fewer_states_and_the_same(demo: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    flows = [*(gappy(chance) for _ in range(20)), *(playable.flow for playable in demo.flows.values())]
    far = [prove(flow) for flow in flows]
    monkeypatch.setattr(live, "LOOK", 1)
    near = [prove(flow) for flow in flows]
    for one, other in zip(far, near, strict=True):
        assert one.won == other.won and len(one.links) <= len(other.links)
        assert {(s.step, s.flags) for s in one.links} == {(s.step, s.flags) for s in other.links}
    assert sum(len(p.links) for p in far) < sum(len(p.links) for p in near)


def test_flags_as_bits() -> None:
    assert unpack(pack(Flag)) == set(Flag) and unpack(0) == set()
    assert all(unpack(pack([flag])) == {flag} for flag in FLAGS)


def test_a_proof_gives_the_class_of_an_option_alone(demo: Library) -> None:
    for playable in demo.flows.values():
        tests = live.Tests(playable.flow, proof.CHOICES)
        for step, question in playable.flow.questions.items():
            for name in question.options:
                assert tests.alone[step, name] in tests.choices[step]
                assert tests.alone[step, name].live == tests.live(step, [name])
