"""The machine: written order of rules, and the one use of `transitions` internals we rely on."""

from __future__ import annotations

from transitions import Machine

from guide.flows.machine import SEVERAL, Token, advance, build
from guide.library.library import Library


def test_a_token_moves_without_being_registered(demo: Library) -> None:
    machine = demo.flows["tre"].machine
    token = Token("akut-fare")
    assert machine.events["nej"].trigger(token, {"akut-fare": ("nej",)})
    assert token.state == "slag"
    assert machine.models == []


def test_no_auto_transitions_and_one_trigger_for_several(demo: Library) -> None:
    machine = build(demo.flows["flere"].flow)
    assert isinstance(machine, Machine)
    assert not [name for name in machine.events if name.startswith("to_")]
    assert set(machine.events[SEVERAL].transitions) == {"hvad"}


def test_the_first_rule_that_holds_wins(demo: Library) -> None:
    playable = demo.flows["flere"]
    question = playable.flow.questions["hvad"]
    assert advance(playable.machine, "hvad", question, {"hvad": ("slag", "ingen")}) == "hvem"
    assert advance(playable.machine, "hvad", question, {"hvad": ("ingen",)}) == "laenge"


def test_an_answer_no_rule_fits_goes_nowhere(demo: Library) -> None:
    playable = demo.flows["flere"]
    question = playable.flow.questions["hvad"].model_copy(update={"next": ()})
    assert advance(build(playable.flow), "laenge", question, {"laenge": ("findes-ikke",)}) is None
