"""Two flows side by side: agrees with a trial of all answers, and can fail."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from graphlib import CycleError
from itertools import chain, combinations
from typing import Any

import pytest

from guide.flows import joint as joints
from guide.flows import lockstep as sides_by_side
from guide.flows.graph import order
from guide.flows.joint import pairs
from guide.flows.lockstep import Ends, Lockstep, lockstep
from guide.flows.machine import build
from guide.flows.rules import holds
from guide.flows.side import Side, furniture
from guide.flows.walk import Walk
from guide.model import Flag, Flow, Question
from tests.flows.test_live import gappy

PAIRS = 3_000 if os.environ.get("GUIDE_NIGHT") == "1" else 100
"""Made-up pairs of flows compared with a trial of all answers; the full number in `make night`."""

Chosen = tuple[tuple[str, ...] | None, tuple[str, ...] | None]
"""The same answer on both sides; None on a side that cannot be answered so."""


@dataclass(frozen=True)
class Run:
    """One side with some answers: what it asked, and where it ended, if it did."""

    asked: tuple[str, ...]
    end: str | None
    seen: frozenset[Flag]
    wants: str | None = None
    """The question it stands at without an answer."""
    refused: str | None = None
    """The question whose answer this side does not have."""


def run(flow: Flow, answers: dict[str, Chosen], side: int) -> Run:
    """Play one side by the words of the model alone."""
    step, asked, seen, given = flow.start, list[str](), set[Flag](), dict[str, tuple[str, ...]]()
    while question := flow.questions.get(step):
        if step not in answers:
            return Run((*asked, step), None, frozenset(seen), wants=step)
        asked.append(step)
        chosen = answers[step][side]
        if chosen is None:
            return Run(tuple(asked), None, frozenset(), refused=step)
        given[step] = chosen
        seen |= {flag for name in chosen for flag in question.options[name].flags}
        goto = question.options[chosen[0]].goto if question.kind == "one" else None
        rule = next((rule for rule in question.next if holds(rule.when, given)), None)
        if goto is None and rule is None:
            return Run(tuple(asked), None, frozenset())
        step = goto or (rule.goto if rule else "")
    return Run(tuple(asked), step, frozenset(seen))


def subsets(names: list[str], kind: str) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, n) for n in ([1] if kind == "one" else range(1, len(names) + 1)))


def answers_to(step: str, old: Flow, new: Flow) -> Iterator[Chosen]:
    """Every answer to a question there is, on the sides that have it."""
    before, after = old.questions.get(step), new.questions.get(step)
    if before is None or after is None:
        for chosen in subsets(list((before or after).options), (before or after).kind):  # type: ignore[union-attr]
            yield (chosen, None) if before else (None, chosen)
        return
    items = list(pairs(before, after))
    for size in range(1, len(items) + 1):
        for picked in combinations(items, size):
            yield one_side(before, [a for a, _ in picked]), one_side(after, [b for _, b in picked])


def one_side(question: Question, names: list[str | None]) -> tuple[str, ...] | None:
    if None in names or (question.kind == "one" and len(names) > 1):
        return None
    return tuple(name for name in question.options if name in names)


def trial(old: Flow, new: Flow) -> Iterator[tuple[Run, Run]]:
    """Both sides with every answer to every question that either of them asks."""
    todo: list[dict[str, Chosen]] = [{}]
    while todo:
        answers = todo.pop()
        one, other = run(old, answers, 0), run(new, answers, 1)
        if wants := one.wants or other.wants:
            todo += [{**answers, wants: chosen} for chosen in answers_to(wants, old, new) if chosen != (None, None)]
        elif (one.end or other.end) and one.refused in (None, *other.asked) and other.refused in (None, *one.asked):
            yield one, other


def differ(old: Flow, new: Flow, one: Run, other: Run) -> bool:
    if one.end is None or other.end is None:
        return True
    same = one.end == other.end and one.seen == other.seen
    return not (same and furniture(old.outcomes[one.end]) == furniture(new.outcomes[other.end]))


def expected(old: Flow, new: Flow, watched: set[str] | None) -> dict[tuple[object, ...], int]:
    """Each pair of ends that differs, and the fewest questions asked before it."""
    found: dict[tuple[object, ...], int] = {}
    for one, other in trial(old, new):
        ended = watched is not None and bool(one.end and other.end)
        more = ended and bool(set(other.asked) - set(one.asked))
        late = ended and other.asked[-1] not in one.asked
        if late or (more and one.end in (watched or ())) or differ(old, new, one, other):
            key = (one.end, other.end, one.seen, other.seen, more, late)
            asked = len({*one.asked, *other.asked})
            found[key] = min(asked, found.get(key, asked))
    return found


def found_by(ends: list[Ends]) -> dict[tuple[object, ...], int]:
    """The same as the search tells it."""
    found: dict[tuple[object, ...], int] = {}
    for end in ends:
        ended = bool(end.old and end.new)
        key = (end.old, end.new, end.old_flags, end.new_flags, ended and end.more, ended and end.late)
        asked = len({*end.old_answers, *end.new_answers})
        found[key] = min(asked, found.get(key, asked))
    return found


def small(chance: random.Random) -> Flow:
    """A made-up flow of few questions, so that all answers can be tried."""
    while True:
        flow = gappy(chance)
        if len(flow.questions) <= 4:
            return flow


def changed(flow: Flow, chance: random.Random) -> Flow:
    """The flow after one to three changes of any kind, still without a loop or a missing target."""
    while True:
        data: dict[str, Any] = flow.model_dump(by_alias=True, mode="json")
        for _ in range(chance.choice((1, 1, 2, 3))):
            chance.choice(CHANGES)(data, chance)
        for question in data["questions"].values():
            for rule in question["next"]:
                rule["when"] = {on: ok for on, options in rule["when"].items() if (ok := known(data, on, options))}
            if question["kind"] == "several":
                for option in question["options"].values():
                    option["goto"] = None
        new = Flow.model_validate(data)
        try:
            order(new)
        except CycleError:
            continue
        return new


def known(data: dict[str, Any], step: str, options: list[str]) -> list[str]:
    return [name for name in options if name in data["questions"].get(step, {"options": {}})["options"]]


def some_question(data: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    question: dict[str, Any] = data["questions"][chance.choice(list(data["questions"]))]
    return question


def somewhere(data: dict[str, Any], chance: random.Random) -> str:
    return chance.choice([*data["questions"], *data["outcomes"]])


def retarget(data: dict[str, Any], chance: random.Random) -> None:
    question = some_question(data, chance)
    chance.choice([*question["options"].values(), *question["next"]])["goto"] = somewhere(data, chance)


def shuffle_rules(data: dict[str, Any], chance: random.Random) -> None:
    chance.shuffle(some_question(data, chance)["next"])


def drop_rule(data: dict[str, Any], chance: random.Random) -> None:
    rules = some_question(data, chance)["next"]
    if rules:
        rules.pop(chance.randrange(len(rules)))


def change_flags(data: dict[str, Any], chance: random.Random) -> None:
    option = chance.choice(list(some_question(data, chance)["options"].values()))
    option["flags"] = chance.choice([[], ["vold"], ["gravid"]])


def change_outcome(data: dict[str, Any], chance: random.Random) -> None:
    outcome = chance.choice(list(data["outcomes"].values()))
    outcome[chance.choice(["contacts", "law"])] = ["x", "y"]


def remove_question(data: dict[str, Any], chance: random.Random) -> None:
    gone = chance.choice([step for step in data["questions"] if step != data["start"]])
    if len(data["questions"]) < 3:
        return
    del data["questions"][gone]
    for question in data["questions"].values():
        for place in (*question["options"].values(), *question["next"]):
            if place["goto"] == gone:
                place["goto"] = chance.choice(list(data["outcomes"]))


def add_question(data: dict[str, Any], chance: random.Random) -> None:
    name, after = f"own{len(data['questions'])}", somewhere(data, chance)
    options = {o: {"label": o, "flags": chance.choice([[], ["vold"]]), "goto": None} for o in "ab"}
    rules = [{"when": {name: ["a"]}, "goto": somewhere(data, chance)}, {"when": {}, "goto": after}]
    data["questions"][name] = {"title": name, "kind": "one", "options": options, "next": rules}
    for question in data["questions"].values():
        for place in (*question["options"].values(), *question["next"]):
            if place["goto"] == after and place not in rules and chance.random() < 0.7:
                place["goto"] = name


def swap_questions(data: dict[str, Any], chance: random.Random) -> None:
    """Two questions change places: each is asked where the other was, and leads where the other led."""
    one, other = (chance.choice(list(data["questions"])) for _ in "ab")
    names = {one: other, other: one}
    for question in data["questions"].values():
        for place in (*question["options"].values(), *question["next"]):
            place["goto"] = names.get(place["goto"], place["goto"])
    rules = data["questions"][one]["next"], data["questions"][other]["next"]
    data["questions"][other]["next"], data["questions"][one]["next"] = rules
    data["start"] = names.get(data["start"], data["start"])


def add_option(data: dict[str, Any], chance: random.Random) -> None:
    question = some_question(data, chance)
    as_ = chance.choice([None, *question["options"]])
    goto = chance.choice([None, somewhere(data, chance)])
    question["options"]["z"] = {"label": "z", "flags": chance.choice([[], ["vold"]]), "goto": goto, "as": as_}


def remove_option(data: dict[str, Any], chance: random.Random) -> None:
    question = some_question(data, chance)
    if len(question["options"]) > 2:
        del question["options"][chance.choice(list(question["options"]))]


def change_kind(data: dict[str, Any], chance: random.Random) -> None:
    question = some_question(data, chance)
    question["kind"] = "one" if question["kind"] == "several" else "several"


CHANGES: list[Callable[[dict[str, Any], random.Random], None]] = [
    retarget, retarget, shuffle_rules, drop_rule, change_flags, change_outcome, remove_question, add_question,
    add_question, swap_questions, swap_questions, add_option, add_option, remove_option, change_kind,
]  # fmt: skip


def made_up(seed: int, count: int) -> Iterator[tuple[Flow, Flow]]:
    chance = random.Random(seed)
    for _ in range(count):
        flow = small(chance)
        other = changed(flow, chance)
        yield (flow, other) if chance.random() < 0.8 else (other, flow)


def disagreements(seed: int, count: int) -> Iterator[tuple[int, str]]:
    """Which made-up pairs the search and the trial of all answers do not agree on."""
    for n, (old, new) in enumerate(made_up(seed, count)):
        watched = set(list(old.outcomes)[-1:]) if n % 2 else None
        ends = lockstep(old, new, watched=watched)
        wanted, found = expected(old, new, watched), found_by(ends)
        if wanted != found:
            yield n, f"{wanted.keys() ^ found.keys()} {[k for k in wanted if found.get(k, 0) != wanted[k]]}"
        elif wrong := misled(old, new, ends):
            yield n, wrong


def misled(old: Flow, new: Flow, ends: list[Ends]) -> str:
    """An example that does not lead where it says."""
    for end in ends:
        for flow, answers, outcome, flags in (
            (old, end.old_answers, end.old, end.old_flags),
            (new, end.new_answers, end.new, end.new_flags),
        ):
            walk = Walk(flow, build(flow), answers)
            if outcome and (walk.current, walk.flags) != (outcome, flags):
                return f"{answers} leads to {walk.current}, not {outcome}"
    return ""


def test_agrees_with_a_trial_of_all_answers(record_property: Callable[[str, object], None]) -> None:
    assert list(disagreements(11, PAIRS)) == []
    record_property("pairs of flows side by side", PAIRS)


def test_the_made_up_pairs_have_what_is_hard() -> None:
    """Pending answers, answers of one side, own questions, partings and pairs without a difference."""
    kinds = set[str]()
    for old, new in made_up(11, PAIRS):
        search = Lockstep(old, new, watched=set(old.outcomes))
        ends = list(search.ends())
        kinds |= {"pending" for state in search._came if state.pending}
        kinds |= {"waiting" for state in search._came if state.old.owes or state.new.owes}
        kinds |= {"lost" if end.new is None else "gained" for end in ends if None in (end.old, end.new)}
        kinds |= {"late" for end in ends if end.late} | {"more" for end in ends if end.more and not end.late}
        kinds |= {"flags" for end in ends if end.old == end.new and end.old_flags != end.new_flags}
        kinds |= {"same"} if not ends else set()
        kinds |= {"kind" for step in old.questions if step in new.questions and _kinds(old, new, step)}
    assert kinds == {"pending", "waiting", "lost", "gained", "late", "more", "flags", "same", "kind"}


def _kinds(old: Flow, new: Flow, step: str) -> bool:
    return old.questions[step].kind != new.questions[step].kind


@pytest.mark.parametrize("fault", ["forget", "classes", "kept", "same", "as", "unconfirmed"])
def test_a_broken_search_is_noticed(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The planted faults: an answer asked for anew, classes too wide, rules dropped, differences overlooked."""
    if fault == "forget":
        monkeypatch.setattr(Lockstep, "_settled", lambda self, state: state._replace(pending=()))
    elif fault == "classes":
        monkeypatch.setattr(joints, "joint", joints.joint)
        whole = joints.joint
        monkeypatch.setattr(sides_by_side, "joint", lambda *a: list(whole(*a))[:-1])
    elif fault == "kept":
        monkeypatch.setattr("guide.flows.live.Tests.kept", lambda *_: 0)
    elif fault == "same":
        monkeypatch.setattr(sides_by_side, "same_from", lambda old, new: set(old.tests.steps))
    elif fault == "as":
        monkeypatch.setattr(joints, "pairs", lambda old, new: [(o, o) for o in old.options if o in new.options])
    else:
        monkeypatch.setattr(Side, "owing", lambda side, step: side.dead)
    assert next(disagreements(11, 600), None), "no made-up pair shows the fault"
