"""What a `when` means."""

from __future__ import annotations

from guide.flows.rules import conditions, holds, targets
from guide.library.library import Library


def test_every_step_named_must_fit_and_any_option_of_it_will_do() -> None:
    answers = {"a": ("x", "y"), "b": ("z",)}
    assert holds({}, answers)
    assert holds({"a": ("y",)}, answers)
    assert holds({"a": ("q", "x"), "b": ("z",)}, answers)
    assert not holds({"a": ("x",), "b": ("q",)}, answers)
    assert not holds({"c": ("x",)}, answers), "a step without an answer makes it false"


def test_targets_and_conditions(demo: Library) -> None:
    flow = demo.flows["flere"].flow
    assert list(targets(flow.questions["hvad"])) == ["hvem", "laenge"]
    assert ("hvad", {"hvad": ("slag",)}) in list(conditions(flow))
