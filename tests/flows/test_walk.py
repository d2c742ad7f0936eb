"""A Walk: replay, changing answers, what counts, and that it always ends."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.flows.walk import Walk, WalkError
from guide.library.library import Library, Playable, load
from guide.model import Advice, Flag
from tests.conftest import DEMO, shipped_content

FLOWS = [*load(DEMO)[0].flows.values(), *shipped_content().flows.values()]
"""Every flow there is, made-up and real."""


def begin(playable: Playable) -> Walk:
    return Walk(playable.flow, playable.machine, {})


@pytest.fixture
def several(demo: Library) -> Walk:
    return begin(demo.flows["flere"])


def test_changing_an_answer_keeps_the_later_ones_and_changing_back_restores(several: Walk) -> None:
    walk = several.answer("akut-fare", ["nej"]).answer("hvad", ["slag"]).answer("hvem", ["hjemme"])
    assert walk.current == "straks"
    other = walk.answer("hvad", ["sult"])
    assert other.path == ("akut-fare", "hvad", "laenge")
    assert other.flags == frozenset(), "an answer off the path carries no flag"
    assert other.answer("hvad", ["slag"]).current == "straks"
    assert "hvem" not in other.on_path


def test_several_are_kept_in_the_order_of_the_question(several: Walk) -> None:
    walk = several.answer("akut-fare", ["nej"]).answer("hvad", ["ingen", "slag"])
    assert walk.on_path["hvad"] == ("slag", "ingen")
    assert walk.current == "hvem", "danger beside «ingen» counts as danger"
    assert walk.flags == {Flag.vold}


@pytest.mark.parametrize(
    ("step", "options"),
    [
        ("hvem", ["hjemme"]),
        ("findes-ikke", ["ja"]),
        ("akut-fare", []),
        ("akut-fare", ["ja", "nej"]),
        ("akut-fare", ["x"]),
    ],
)
def test_what_is_no_answer_is_refused(several: Walk, step: str, options: list[str]) -> None:
    with pytest.raises(WalkError):
        several.answer(step, options)


def test_an_outcome_takes_no_answer(several: Walk) -> None:
    walk = several.answer("akut-fare", ["ja"])
    assert walk.outcome is not None
    with pytest.raises(WalkError):
        walk.answer("akut", ["ja"])


def test_what_decided(demo: Library) -> None:
    walk = begin(demo.flows["flere"]).answer("akut-fare", ["nej"]).answer("hvad", ["sult"]).answer("laenge", ["ja"])
    assert [a.step for a in walk.decisive] == ["hvad", "laenge"]
    assert walk.decisive[0].labels == ("Sult",)


@pytest.mark.parametrize("playable", FLOWS, ids=lambda p: p.id)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_any_valid_answers_end_in_an_outcome_and_replay_the_same(playable: Playable, seed: int) -> None:
    chance, walk = random.Random(seed), begin(playable)
    while walk.outcome is None:
        question = playable.flow.questions[walk.current]
        most = 1 if question.kind == "one" else chance.randint(1, len(question.options))
        walk = walk.answer(walk.current, chance.sample(list(question.options), most))
        assert len(walk.path) <= len(playable.flow.questions) + 1
    again = Walk(playable.flow, playable.machine, dict(walk.answers))
    assert (again.path, again.flags, again.current) == (walk.path, walk.flags, walk.current)


words = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        sorted({n for p in FLOWS for q in p.flow.questions.values() for n in q.options} | {"", "state", "+"})
    ),
)
steps = st.one_of(words, st.sampled_from(sorted({s for p in FLOWS for s in (*p.flow.questions, *p.flow.outcomes)})))


@pytest.mark.parametrize("playable", FLOWS, ids=lambda p: p.id)
@settings(max_examples=200, deadline=None, derandomize=True)
@given(posts=st.lists(st.tuples(steps, st.lists(words, max_size=4)), max_size=12))
def test_random_input_raises_nothing_but_our_own_error(playable: Playable, posts: list[tuple[str, list[str]]]) -> None:
    walk = Walk(playable.flow, playable.machine, {step: tuple(options) for step, options in posts})
    assert walk.path[0] == playable.flow.start
    for step, options in posts:
        try:
            walk = walk.answer(step, options)
        except WalkError:
            continue
        assert step in walk.on_path or step not in walk.path


def test_advice_that_fits_twice_is_said_once(demo: Library) -> None:
    playable = demo.flows["tre"]
    walk = Walk(playable.flow, playable.machine, {"akut-fare": ("nej",), "slag": ("ja",)})
    when = {"slag": ("ja",)}
    pieces = (Advice(text="Ring.", when=when), Advice(text="Bliv.", when={"slag": ("nej",)}), Advice(text="Ring."))
    assert walk.advice(pieces) == ["Ring."]


def test_what_to_find_out_is_that_of_each_doubt_on_the_path(demo: Library, several: Walk) -> None:
    doubt = several.flow.questions["hvad"].options["ved-ikke"].find_out
    assert doubt
    sure = several.answer("akut-fare", ["nej"]).answer("hvad", ["slag"])
    assert sure.to_find_out == ()
    unsure = sure.answer("hvad", ["slag", "ved-ikke"])
    assert unsure.to_find_out == (doubt,)
    assert unsure.answer("akut-fare", ["ja"]).to_find_out == (), "answers off the path count for nothing"
    fire = several.answer("akut-fare", ["ved-ikke"])
    assert [one.what for one in fire.to_find_out] == ["Om det er sket før."]
