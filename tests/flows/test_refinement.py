"""A kommune's flow refines the national one: agrees with a trial of all answers, tells each fault, and can fail."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from guide.flows import lockstep, refinement
from guide.flows.live import TooManyStates
from guide.flows.machine import build
from guide.flows.proof import prove
from guide.flows.refinement import Violation, refine, weaker
from guide.flows.side import Side
from guide.flows.walk import Walk
from guide.library.library import Library
from guide.model import Flow, Level, Outcome, Parents
from tests.flows.test_lockstep import Run, changed, small, trial

PAIRS = 2_000 if os.environ.get("GUIDE_NIGHT") == "1" else 80

KINDS = {
    "Niveauet": "level", "Forældrereglen": "parents", "Kontakten": "contacts", "Lovhenvisningen": "law",
    "Der bliver spurgt om mere før": "acute", "Der bliver spurgt om mere, hvor": "late", "Svarene fører": "end",
}  # fmt: skip

Data = dict[str, Any]


def kind(violation: Violation) -> str:
    return next((name for start, name in KINDS.items() if violation.what.startswith(start)), "flags")


def edited(flow: Flow, edit: Callable[[Data], None]) -> Flow:
    """The flow after a change of it as data."""
    data = flow.model_dump(by_alias=True, mode="json")
    edit(data)
    return Flow.model_validate(data)


def numbers(base: Flow, own: Flow) -> set[tuple[str, str]]:
    return {(violation.number, violation.what) for violation in refine(base, own)}


@pytest.fixture
def flow(demo: Library) -> Flow:
    return demo.flows["flere"].flow


def test_a_flow_refines_itself(content: Library, demo: Library) -> None:
    for playable in (*content.flows.values(), *demo.flows.values()):
        assert refine(playable.flow, playable.flow) == []


def test_what_is_said_of_a_lower_level(flow: Flow) -> None:
    own = edited(flow, lambda d: d["questions"]["hvem"]["next"][0].update(goto="underret"))
    found = [violation for violation in refine(flow, own) if kind(violation) == "level"]
    assert [(v.number, v.step, v.what) for v in found] == [
        ("I22", "underret", "Niveauet er «underret», nationalt «straks»")
    ]
    assert found[0].answers == {"akut-fare": ("nej",), "hvad": ("slag",), "hvem": ("hjemme",)}
    assert found[0].told.endswith("«Hvad har du set?»: «Slag» → «Hvem?»: «Hjemme»")
    assert str(found[0]).startswith("Niveauet er «underret», nationalt «straks» (I22). Vejen dertil: «Er der fare")


def test_a_higher_level_is_allowed(flow: Flow) -> None:
    own = edited(flow, lambda d: d["questions"]["hvem"]["next"][2].update(goto="straks"))
    assert refine(flow, own) == []


def outcome(step: str, **values: object) -> Callable[[Data], None]:
    return lambda data: data["outcomes"][step].update(values)


@pytest.mark.parametrize(
    ("edit", "number", "what"),
    [
        (outcome("underret", level="bekymring"), "I22", "Niveauet"),
        (outcome("straks", parents="foerst"), "I22", "Forældrereglen"),
        (outcome("straks", parents="tilkald"), "I22", "Forældrereglen"),
        (outcome("straks", contacts=["alarm"]), "I22", "Kontakten"),
        (lambda d: d["questions"]["hvad"]["options"]["slag"].update(flags=[]), "I23", "mangler flaget"),
        (lambda d: d["questions"]["hvad"]["options"].pop("sult") and prune(d), "I23", "«Sult» er fjernet"),
        (lambda d: d.update(start="hvad"), "I23", "ikke længere det første"),
        (lambda d: d["questions"]["hvad"]["next"][2].update(goto="bekymring"), "I22", "Niveauet"),
        (lambda d: d["questions"]["laenge"].update(kind="several"), "I23", "tager nu flere svar"),
        (lambda d: d["questions"]["hvad"]["options"].update(z={"label": "Z"}), "I23", "siger ikke med «as»"),
        (lambda d: d["questions"]["hvad"]["options"].update(z={"label": "Z", "as": "slag"}), "I23", "mangler flaget"),
    ],
)
def test_each_fault_is_told(flow: Flow, edit: Callable[[Data], None], number: str, what: str) -> None:
    assert any(v.number == number and what in v.what for v in refine(flow, edited(flow, edit)))


def prune(data: Data) -> None:
    """No rule or advice about answers that are gone."""
    for question in data["questions"].values():
        question["next"] = [rule for rule in question["next"] if "sult" not in rule["when"].get("hvad", [])]


def own_question(goto: dict[str, str]) -> Data:
    options = {name: {"label": name.title(), "goto": target} for name, target in goto.items()}
    return {"title": "Har du talt med din leder?", "kind": "one", "options": options, "next": []}


def test_an_own_question_may_not_make_an_underretning_depend_on_it(flow: Flow) -> None:
    def edit(data: Data) -> None:
        data["questions"]["egen"] = own_question({"ja": "laenge", "nej": "bekymring"})
        data["questions"]["hvad"]["next"][2]["goto"] = "egen"

    lower = [v.what for v in refine(flow, edited(flow, edit)) if kind(v) == "level"]
    assert lower == [
        "Niveauet er «bekymring», nationalt «underret» efter kommunens spørgsmål «Har du talt med din leder?»"
    ]


def test_an_own_question_before_a_national_one_is_allowed(flow: Flow) -> None:
    def edit(data: Data) -> None:
        data["questions"]["egen"] = own_question({"ja": "laenge", "nej": "laenge"})
        data["questions"]["hvad"]["next"][2]["goto"] = "egen"

    assert refine(flow, edited(flow, edit)) == []


def test_nothing_is_asked_where_the_national_flow_has_said_underret(flow: Flow) -> None:
    def edit(data: Data) -> None:
        data["questions"]["egen"] = own_question({"ja": "underret", "nej": "underret"})
        data["questions"]["laenge"]["next"][0]["goto"] = "egen"

    found = refine(flow, edited(flow, edit))
    assert [kind(v) for v in found] == ["late"]
    assert "nået til «underret»" in found[0].what and found[0].answers["egen"] == ("ja",)


def test_nothing_is_asked_before_an_acute_outcome(flow: Flow) -> None:
    acute = next(step for step, found in flow.outcomes.items() if found.level is Level.akut)

    def edit(data: Data) -> None:
        data["questions"]["egen"] = own_question({"ja": acute, "nej": acute})
        for option in data["questions"][flow.start]["options"].values():
            option["goto"] = "egen" if option["goto"] == acute else option["goto"]

    assert [kind(v) for v in refine(flow, edited(flow, edit))] == ["acute"]


def test_an_own_option_is_held_against_the_national_one_it_names(flow: Flow) -> None:
    def edit(goto: str) -> Callable[[Data], None]:
        option = {"label": "Hos naboen", "as": "ude", "goto": goto}
        return lambda data: data["questions"]["hvem"]["options"].update(nabo=option)

    assert refine(flow, edited(flow, edit("straks-ude"))) == []
    found = refine(flow, edited(flow, edit("bekymring")))
    assert found and all(v.answers["hvem"] == ("nabo",) and "«Hos naboen»" in v.told for v in found)


def test_a_question_that_nobody_comes_to_any_more(flow: Flow) -> None:
    own = edited(flow, lambda d: [rule.update(goto="straks") for rule in d["questions"]["hvad"]["next"][:2]] and None)
    assert ("I23", "Det nationale spørgsmål bliver aldrig stillet") in numbers(flow, own)


def test_parents_rules_in_their_order() -> None:
    order = [Parents.foerst, Parents.orienter, Parents.efter_aftale, Parents.kun_udsat, Parents.ikke]
    for n, one in enumerate(order):
        assert [weaker(one, other) for other in order] == [m < n for m in range(5)]
        assert weaker(one, Parents.tilkald) and weaker(Parents.tilkald, one)
    assert not weaker(Parents.tilkald, Parents.tilkald)


def test_too_many_states_is_never_a_pass(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lockstep, "LIMIT", 3)
    with pytest.raises(TooManyStates):
        refine(flow, edited(flow, outcome("bekymring", level="undren")))


def varied(flow: Flow, chance: random.Random) -> Flow:
    """The made-up flow with outcomes of all kinds."""

    def edit(data: Data) -> None:
        for found in data["outcomes"].values():
            found["level"], found["parents"] = chance.choice(list(Level)), chance.choice(list(Parents))
            found["contacts"] = chance.choice([["x"], ["x", "y"]])

    return edited(flow, edit)


def less(base: Flow, own: Flow, one: Run, other: Run) -> Iterator[str]:
    """What one pair of walks gives less of, by the words of the rule."""
    if not one.end:
        return
    if not other.end:
        if not other.refused:
            yield "end"
        return
    was, now = base.outcomes[one.end], own.outcomes[other.end]
    yield from poorer(base, was, now)
    if was.level == "akut" and not set(other.asked) <= set(one.asked):
        yield "acute"
    if was.level in ("underret", "straks") and other.asked[-1] not in one.asked:
        yield "late"
    if one.seen - other.seen:
        yield "flags"


def poorer(base: Flow, was: Outcome, now: Outcome) -> Iterator[str]:
    """What one outcome gives less of than another."""
    ranks = {level: n for n, level in enumerate(Level)}
    if ranks[now.level] < ranks[was.level]:
        yield "level"
    order = [rule for rule in Parents if rule != "tilkald"]
    known = was.parents in order and now.parents in order
    if was.parents != now.parents and not (known and order.index(now.parents) > order.index(was.parents)):
        yield "parents"
    alike = [found for found in base.outcomes.values() if found.level == now.level]
    for name in ("contacts", "law"):
        wanted = set(getattr(was, name))
        if ranks[now.level] > ranks[was.level] and alike:
            wanted = {one for one in getattr(alike[0], name) if all(one in getattr(a, name) for a in alike)}
        if not wanted <= set(getattr(now, name)):
            yield name


def disagreements(seed: int, count: int) -> Iterator[tuple[int, object]]:
    """Made-up pairs where `refine` tells other than a trial of all answers."""
    chance = random.Random(seed)
    for n in range(count):
        base = varied(small(chance), chance)
        own = changed(base, chance)
        own = varied(own, chance) if chance.random() < 0.2 else own
        found = refine(base, own)
        lost = any("mangler flaget" in v.what for v in found)
        got = {(v.step if kind(v) != "end" else None, kind(v)) for v in found if v.number == "I22"}
        wanted = {(other.end, what) for one, other in trial(base, own) for what in less(base, own, one, other)}
        if lost:
            got, wanted = ({pair for pair in pairs if pair[1] != "flags"} for pairs in (got, wanted))
        if gone := {what for _, what in got ^ wanted}:
            yield n, (gone, got ^ wanted)
        for violation in found:
            walk = Walk(own, build(own), violation.answers)
            if violation.number == "I22" and kind(violation) != "end" and walk.current != violation.step:
                yield n, violation


def test_agrees_with_a_trial_of_all_answers(record_property: Callable[[str, object], None]) -> None:
    assert list(disagreements(5, PAIRS)) == []
    record_property("pairs of flows refined", PAIRS)


@pytest.mark.parametrize("fault", ["parents", "watched", "same"])
def test_a_broken_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The planted faults."""
    if fault == "parents":
        monkeypatch.setattr(refinement, "weaker", lambda base, own: False)
    elif fault == "watched":
        whole = refinement.Lockstep
        monkeypatch.setattr(refinement, "Lockstep", lambda base, own, watched, sides: whole(base, own))
    else:
        monkeypatch.setattr(lockstep, "same_from", lambda old, new: set(old.tests.steps))
    assert next(disagreements(5, 200), None)


def compared(seed: int, count: int, fault: bool = False) -> Iterator[tuple[int, int]]:
    """Flows that are told otherwise when the national side is kept from one comparison to the next.

    `fault`: the kept side is that of another flow.
    """
    chance = random.Random(seed)
    for n in range(count):
        base = small(chance)
        kept = prove(changed(base, chance) if fault else base).side
        for m in range(4):
            own = changed(base, chance)
            with suppress(KeyError):  # of a side that is not the flow's own
                if refine(base, own, (kept, Side(own, prove(own).tests))) == refine(base, own):
                    continue
            yield n, m


def test_a_side_that_was_compared_before_tells_the_same() -> None:
    assert list(compared(7, PAIRS // 8)) == []
    assert next(compared(7, PAIRS // 8, fault=True), None), "planted: a side of another flow"
