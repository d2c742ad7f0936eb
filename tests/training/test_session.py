"""How a session goes: every way a trainer can press, by chance, held to rules that are written here anew."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import zip_longest

import pytest

from guide.training import session as machine
from guide.training.session import OWN, Move, Refused, Session, Stage, act, aside, onward, read, written
from guide.training.votes import Kind

RUNS = 3_000 if os.environ.get("GUIDE_NIGHT") else 200
PRESSES = 60
SEED = 20261122
NEXT = {Stage.open: {Stage.open, Stage.closed}, Stage.closed: set(Stage), Stage.shown: {Stage.shown}}
"""What may become of a round by one press."""


def new(cases: int = 3) -> Session:
    """A session that has just begun."""
    return Session((*[f"sag-{n}" for n in range(cases - 1)], OWN), 1_000, "hele-landet", "En tekst «æøå» <b>")


def wrong(before: Session, after: Session) -> list[str]:
    """The rules that one press broke."""
    new = after.rounds[len(before.rounds) :]
    asked = Counter((one.case, one.kind) for one in after.rounds)
    first = {(one.case, one.kind): one for one in reversed(after.rounds)}
    rules = {
        "a round began that was not open": all(one.stage is Stage.open for one in new),
        "the same was asked three times": max(asked.values(), default=0) <= 2,
        "asked again before the answers were shown": all(
            one.number == 1 or first[one.case, one.kind].stage is Stage.shown for one in new
        ),
        "two rounds are open at once": len(after.opened) < 2 or after.free,
        "the pace was taken back": after.free or not before.free,
        "what was shown apart is shown together": before.together
        or not after.together
        or all(one.stage is not Stage.shown for one in after.rounds),
        "what was shown together is shown apart": after.together or not before.together,
        "the wall shows answers to another case": not after.round or after.round.case == after.case,
        "answers are on the wall while something can be answered": after.free
        or not (after.opened and after.round and after.round.stage is Stage.shown),
    }
    return [*changes(before, after), *(rule for rule, holds in rules.items() if not holds)]


def changes(before: Session, after: Session) -> list[str]:
    """What became of the rounds that there were, where it may not."""
    found = []
    for one, late in zip_longest(before.rounds, after.rounds[: len(before.rounds)]):
        if not late or replace(late, stage=one.stage) != one:
            found.append("a round became another one")
        elif late.stage not in NEXT[one.stage]:
            found.append(f"a round went from {one.stage} to {late.stage}")
    return found


def press(session: Session, chance: random.Random) -> tuple[Session, bool]:
    """One thing a trainer might press, also what the page does not offer; whether it was done."""
    what, kind = chance.choice([*Move, *Move, Move.ask, Move.close, Move.show]), chance.choice(list(Kind))
    if what in (Move.ask_all, Move.together) and chance.random() < 0.8:
        what = Move.ask
    try:
        return act(session, what, chance.randrange(-1, max(4, len(session.rounds) + 1)), kind), True
    except Refused as error:
        assert str(error).endswith(".")
        return session, False


def broken(runs: int) -> set[str]:
    """The rules that are broken on some way."""
    chance, found = random.Random(SEED), set[str]()
    for _ in range(runs):
        session = new(chance.randint(1, 4))
        for _ in range(PRESSES):
            after, _ = press(session, chance)
            found |= set(wrong(session, after))
            session = after
    return found


def test_no_way_breaks_a_rule() -> None:
    assert broken(RUNS) == set()


def test_the_ways_go_everywhere() -> None:
    """What is tried by chance meets each act, done and refused, free and led, and all stages."""
    chance, done, stages, free = random.Random(SEED), Counter[bool](), set[Stage](), set[bool]()
    for _ in range(100):
        session = new()
        for _ in range(PRESSES):
            session, did = press(session, chance)
            assert chance.random() < 0.9 or read(written(session)) == session
            done[did] += 1
            stages |= {one.stage for one in session.rounds}
            free.add(session.free)
    assert min(done.values()) > 1_000 and stages == set(Stage) and free == {True, False}


def _reopens(session: Session, number: int) -> Session:
    after = machine._staged(session, number, Stage.open, (Stage.closed, Stage.shown))
    return replace(after, on=number, at=session.cases.index(after.rounds[number].case))


def _shows_open(session: Session, number: int) -> Session:
    return replace(machine._staged(session, number, Stage.shown, (Stage.open, Stage.closed)), on=number)


def _asks_at_once(session: Session, kind: Kind) -> Session:
    if session.case is None:
        raise Refused("Nej.")
    rounds = (*session.rounds, machine.Round(session.case, kind, len(session.of(session.case, kind)) + 1))
    return replace(session, rounds=rounds, on=len(rounds) - 1)


def _shows_besides(session: Session, number: int) -> Session:
    return replace(machine._staged(session, number, Stage.shown, (Stage.closed,)), on=number)


def _together_late(session: Session) -> Session:
    return replace(session, together=True)


FAULTS: dict[str, tuple[str, Callable[..., Session], str]] = {
    "opens again": ("reopen", _reopens, "a round went from vist to aaben"),
    "adds up anew": ("keep_together", _together_late, "what was shown apart is shown together"),
    "shows what is open": ("show", _shows_open, "a round went from aaben to vist"),
    "asks at any time": ("ask", _asks_at_once, "asked again before the answers were shown"),
    "shows beside what is open": (
        "show", _shows_besides, "answers are on the wall while something can be answered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, planted, told = FAULTS[fault]
    monkeypatch.setattr(machine, name, planted)
    assert told in broken(40)


def test_the_one_button_leads_through_all() -> None:
    """The button on the wall is never refused, and pressed again and again it asks each case twice and ends."""
    session, pressed = new(3), list[Move]()
    while step := onward(session):
        session = act(session, *step)
        pressed.append(step[0])
        assert len(pressed) < 100
    assert pressed == [Move.put, *[Move.ask, Move.close, Move.show] * 2] * 3
    assert all(one.stage is Stage.shown and one.kind is Kind.walk for one in session.rounds)


def test_the_one_button_is_never_refused() -> None:
    chance = random.Random(SEED)
    for _ in range(RUNS // 3):
        session = new(chance.randint(1, 4))
        for _ in range(PRESSES):
            session, _ = press(session, chance)
            if step := onward(session):
                act(session, *step)


def test_a_free_pace_opens_what_was_not_walked() -> None:
    session = act(act(new(3), Move.put, 0, Kind.walk), Move.ask, 0, Kind.walk)
    session = act(session, Move.ask_all, 0, Kind.walk)
    assert session.free and [one.case for one in session.rounds] == ["sag-0", "sag-1", OWN] and len(session.opened) == 3
    with pytest.raises(Refused):
        act(session, Move.ask_all, 0, Kind.walk)
    session = act(act(session, Move.close, 1, Kind.walk), Move.show, 1, Kind.walk)
    assert session.round and session.round.case == "sag-1" and len(session.opened) == 2


def test_in_a_free_pace_answers_are_shown_when_their_case_is_closed() -> None:
    session = act(new(3), Move.ask_all, 0, Kind.walk)
    assert onward(session) is None
    session = act(session, Move.close, 1, Kind.walk)
    assert onward(session) == (Move.show, 1, Kind.walk)
    session = act(session, Move.show, 1, Kind.walk)
    assert onward(session) is None and len(session.opened) == 2


def test_a_case_that_was_passed_over_comes_at_last() -> None:
    session = act(new(3), Move.put, 1, Kind.walk)
    shown = []
    while step := onward(session):
        session = act(session, *step)
        if step[0] is Move.put:
            shown.append(step[1])
    assert shown == [2, 0]


def test_after_a_direct_question_the_walk_can_come_at_once() -> None:
    session = act(act(new(), Move.put, 0, Kind.walk), Move.ask, 0, Kind.parents)
    assert aside(session) is None
    session = act(act(session, Move.close, 0, Kind.walk), Move.show, 0, Kind.walk)
    assert onward(session) == (Move.ask, 0, Kind.parents) and aside(session) == (Move.ask, 0, Kind.walk)
    again = act(session, Move.ask, 0, Kind.parents)
    again = act(act(again, Move.close, 1, Kind.walk), Move.show, 1, Kind.walk)
    assert onward(again) == (Move.ask, 0, Kind.walk) and aside(again) is None
    assert aside(act(session, Move.ask, 0, Kind.walk)) is None


def test_what_was_closed_too_early_is_opened_again() -> None:
    session = act(act(new(), Move.put, 0, Kind.walk), Move.ask, 0, Kind.level)
    closed = act(session, Move.close, 0, Kind.walk)
    assert act(closed, Move.reopen, 0, Kind.walk) == session
    other = act(act(closed, Move.put, 1, Kind.walk), Move.ask, 0, Kind.walk)
    with pytest.raises(Refused, match="Luk det først"):
        act(other, Move.reopen, 0, Kind.walk)
    with pytest.raises(Refused, match="Svarene er vist"):
        act(act(closed, Move.show, 0, Kind.walk), Move.reopen, 0, Kind.walk)


def test_twice_pressed_is_once_done() -> None:
    session = act(act(new(), Move.put, 0, Kind.walk), Move.ask, 0, Kind.level)
    closed = act(session, Move.close, 0, Kind.walk)
    assert act(closed, Move.close, 0, Kind.walk) == closed
    shown = act(closed, Move.show, 0, Kind.walk)
    assert act(shown, Move.show, 0, Kind.walk) == shown and act(shown, Move.close, 0, Kind.walk) == shown


@pytest.mark.parametrize("number", [-1, 3, 10**30])
def test_what_is_not_there_is_refused(number: int) -> None:
    for what in (Move.put, Move.close, Move.reopen, Move.show):
        with pytest.raises(Refused):
            act(new(), what, number, Kind.walk)
