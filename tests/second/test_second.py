"""The guide's checker against the second one: on made-up flows and overlays they say the same, and a fault shows.

Design 4 has room for named guards in Python; there are none in `guide/flows`, so none are tried here. What is made up
has rules that read steps further back, steps never answered and steps that come later, `several` with rules and flags,
and overlays with own options (`as`), own questions and other ways on.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from guide.flows import live, lockstep, refinement
from guide.flows.live import Choice
from guide.flows.proof import Proof, prove
from guide.library import invariants
from guide.model import Flow, Question
from tests.second import refined, verdicts
from tests.second.agree import disagreements
from tests.second.flows import some_flow
from tests.second.overlays import some_overlay
from tests.second.plain import plain, ways

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
FLOWS, OVERLAYS = (1_000, 1_000) if NIGHT else (100, 60)
SEED = 20261122


def wrong_about_flows(count: int) -> tuple[list[str], Counter[str]]:
    """What the two say differently of so many flows; how often each invariant was broken, and how many walks tried."""
    chance, wrong, seen = random.Random(SEED), list[str](), Counter[str]()
    for n in range(count):
        flow = some_flow(chance)
        data, proof = plain(flow), prove(flow)
        walks = ways(data)
        tried, searched = verdicts.by_trial(data, walks), verdicts.by_search(flow, proof)
        wrong += [f"{n}: {said}" for said in disagreements(data, walks, proof)]
        wrong += [f"{n}: {verdict}" for verdict in sorted(tried ^ searched)]
        seen.update({number for number, _ in tried}, walks=len(walks))
    return wrong, seen


def about_overlays(count: int) -> Iterator[tuple[set[verdicts.Verdict], set[verdicts.Verdict]]]:
    """The same for `refine`: for each overlay what a trial says, and what the search says."""
    chance = random.Random(SEED)
    for _ in range(count):
        base = some_flow(chance)
        own = some_overlay(chance, base)
        yield refined.by_trial(plain(base), plain(own)), refined.by_search(base, own)


def test_both_say_the_same_of_flows(record_property: Callable[[str, object], None]) -> None:
    wrong, seen = wrong_about_flows(FLOWS)
    record_property("flows", f"{FLOWS}, {seen['walks']} walks tried, {len(wrong)} disagreements")
    assert wrong == []
    assert all(0 < seen[number] < FLOWS for number in verdicts.PATH if number != "I3"), seen


def test_both_say_the_same_of_overlays(record_property: Callable[[str, object], None]) -> None:
    said = list(about_overlays(OVERLAYS))
    wrong = [(n, tried ^ searched) for n, (tried, searched) in enumerate(said) if tried != searched]
    seen = Counter(number for tried, _ in said for number in {number for number, _ in tried} or {"refines"})
    record_property("overlays", f"{OVERLAYS} {dict(seen)}, {len(wrong)} disagreements")
    assert wrong == []
    assert all(seen[number] > OVERLAYS / 10 for number in ("I22", "I23", "refines")), seen


def test_what_is_made_up_has_what_is_hard() -> None:
    chance = random.Random(SEED)
    flows = [some_flow(chance) for _ in range(100)]
    overlays = [(flow, some_overlay(chance, flow)) for flow in flows]
    reads = [
        (flow, step, on, question.kind)
        for flow in flows
        for step, question in flow.questions.items()
        for rule in question.next
        for on in rule.when
    ]
    assert sum(int(on[1:]) < int(step[1:]) - 1 for _, step, on, _ in reads) > 50, "rules read further back"
    assert sum(int(on[1:]) > int(step[1:]) for _, step, on, _ in reads) > 5, "rules read what comes later"
    assert sum(kind == "several" for _, _, _, kind in reads) > 50
    own = [option for _, flow in overlays for q in flow.questions.values() for option in q.options.values()]
    assert sum(option.as_ is not None for option in own) > 10
    assert sum(len(flow.questions) > len(base.questions) for base, flow in overlays) > 10


def test_a_search_that_reads_no_answer_further_back_shows() -> None:
    """Planted: a rule is taken to hold when what it asks of its own question does."""
    assert _shown(lambda flow: prove(_near_only(flow))) > 3


def _near_only(flow: Flow) -> Flow:
    data = plain(flow)
    for step, question in data["questions"].items():
        for rule in question["next"][:-1]:
            rule["when"] = {on: options for on, options in rule["when"].items() if on == step}
    return Flow.model_validate(data)


def test_a_search_that_drops_the_flags_of_several_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the flags of a question of kind `several` are lost."""
    choices = live.Tests._choices

    def flagless(tests: live.Tests, step: str, question: Question, limit: int) -> list[Choice]:
        found = choices(tests, step, question, limit)
        return found if question.kind == "one" else [choice._replace(seen=0) for choice in found]

    monkeypatch.setattr(live.Tests, "_choices", flagless)
    assert _shown(prove) > 3


def _shown(faulty: Callable[[Flow], Proof]) -> int:
    """On how many of twenty flows a fault shows."""
    chance = random.Random(SEED)
    flows = [some_flow(chance) for _ in range(20)]
    return sum(bool(disagreements(data, ways(data), faulty(flow))) for flow in flows for data in [plain(flow)])


def test_a_fault_in_the_invariants_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariants, "_parents_kept", lambda *_: "")
    monkeypatch.setattr(invariants, "ENDINGS", invariants.ENDINGS[:-1])
    wrong, _ = wrong_about_flows(20)
    assert any("I6" in said for said in wrong) and any("I5" in said for said in wrong)


@pytest.mark.parametrize("fault", ["weaker", "forgets"])
def test_a_fault_in_refinement_shows(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Planted: any parents rule will do; an answer given on one side is forgotten when the other asks for it."""
    if fault == "weaker":
        monkeypatch.setattr(refinement, "weaker", lambda *_: False)
    else:
        monkeypatch.setattr(lockstep.Lockstep, "_before", lockstep.Lockstep._alone)
    assert any(tried != searched for tried, searched in about_overlays(400))  # ends with the first
