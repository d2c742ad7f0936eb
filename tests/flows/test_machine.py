"""The machine: written order of rules, and the one use of `transitions` internals we rely on."""

from __future__ import annotations

from functools import partial
from random import Random

from transitions import Machine

from guide.flows.machine import SEVERAL, Token, advance, build
from guide.flows.rules import holds
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


def test_it_moves_as_the_rules_and_the_library_say(content: Library) -> None:
    """Ours goes without callbacks; transitions' own machine and the rules read by hand lead to the same step."""
    chance, tried = Random(20261122), 0
    for playable in content.flows.values():
        whole = Machine(None, [*playable.flow.questions, *playable.flow.outcomes], auto_transitions=False)
        for step, question in playable.flow.questions.items():
            for number, rule in enumerate(question.next):
                whole.add_transition(f"{step} {number}", step, rule.goto, partial(holds, rule.when))
            for _ in range(40):
                answers = {
                    name: tuple(chance.sample(list(other.options), 1 if other.kind == "one" else chance.randint(1, 3)))
                    for name, other in playable.flow.questions.items()
                    if name == step or chance.random() < 0.7
                    if len(other.options) > 2
                } | ({step: (next(iter(question.options)),)} if len(question.options) <= 2 else {})
                option = question.options[answers[step][0]]
                wanted = option.goto if question.kind == "one" else None
                for number, rule in enumerate(question.next):
                    moved = whole.events[f"{step} {number}"].trigger(Token(step), answers)
                    assert moved == holds(rule.when, answers)
                    wanted = wanted or (rule.goto if moved else None)
                assert advance(playable.machine, step, question, answers) == wanted
                tried += 1
    assert tried > 3_000
