"""Answers to a question of two flows."""

from __future__ import annotations

from typing import Any

import pytest

from guide.flows import joint as joints
from guide.flows import live
from guide.flows.joint import joint, pairs
from guide.flows.live import TooManyStates
from guide.flows.proof import CHOICES
from guide.library.library import Library
from guide.model import Flow, Question


def asks(*options: str, kind: str = "one", **like: str) -> Question:
    """A question with these options; `own="x"` is an option `own` that says `as: x`."""
    data: dict[str, Any] = {name: {"label": name} for name in options}
    data |= {name: {"label": name, "as": other} for name, other in like.items()}
    return Question.model_validate({"title": "?", "kind": kind, "options": data})


def test_options_are_the_same_by_id() -> None:
    assert list(pairs(asks("a", "b"), asks("b", "a"))) == [("b", "b"), ("a", "a")]


def test_an_option_is_answered_as_the_one_it_names() -> None:
    assert list(pairs(asks("a", "b"), asks("a", "b", own="a"))) == [("a", "a"), ("b", "b"), ("a", "own")]
    assert list(pairs(asks("a", "b", own="a"), asks("a", "b"))) == [("a", "a"), ("b", "b"), ("own", "a")]


def test_an_option_of_one_side_has_no_other() -> None:
    assert list(pairs(asks("a", "b"), asks("a", "c"))) == [("a", "a"), (None, "c"), ("b", None)]
    assert list(pairs(asks("a", "b"), asks("a", "b", own="z")))[-1] == (None, "own")


def both(flow: Flow, other: Flow, step: str) -> set[tuple[tuple[str, ...] | None, tuple[str, ...] | None]]:
    tests = live.Tests(flow, CHOICES), live.Tests(other, CHOICES)
    found = joint(step, (flow.questions[step], other.questions[step]), tests)
    return {(b.old.options if b.old else None, b.new.options if b.new else None) for b in found}


def with_options(flow: Flow, step: str, question: Question) -> Flow:
    asked = flow.questions[step].model_copy(update={"options": question.options, "kind": question.kind})
    return flow.model_copy(update={"questions": {**flow.questions, step: asked}})


def test_the_classes_of_a_flow_with_itself_are_its_own(demo: Library) -> None:
    for playable in demo.flows.values():
        tests = live.Tests(playable.flow, CHOICES)
        for step, question in playable.flow.questions.items():
            found = list(joint(step, (question, question), (tests, tests)))
            assert {b.old and b.old[1:] for b in found} == {choice[1:] for choice in tests.choices[step]}
            assert len(found) == len(tests.choices[step])
            assert all(b.old == b.new for b in found)


def test_a_set_with_an_option_of_one_side_is_no_answer_on_the_other(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    more = Question.model_validate(
        flow.questions["hvad"].model_dump(by_alias=True)
        | {"options": {**flow.questions["hvad"].options, "z": {"label": "z"}}}
    )
    found = both(flow, with_options(flow, "hvad", more), "hvad")
    alone = {after for before, after in found if before is None}
    assert ("z",) in alone and all("z" in (after or ()) for after in alone)
    assert all("z" not in (after or ()) for before, after in found if before)


def test_many_answers_are_none_where_one_is_taken(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    one = flow.questions["hvad"].model_copy(update={"kind": "one"})
    found = both(flow, with_options(flow, "hvad", one), "hvad")
    assert {(("slag",), ("slag",)), (("sult",), ("sult",))} <= found
    assert {after for before, after in found if before and len(before) > 1} == {None}


def test_too_many_classes(demo: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joints, "CHOICES", 2)
    flow = demo.flows["flere"].flow
    with pytest.raises(TooManyStates):
        both(flow, flow, "hvad")
