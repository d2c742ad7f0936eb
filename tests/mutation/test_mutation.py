"""The checker is checked: faults planted in the real flows are noticed, and the harness itself can fail.

`make test` tries one fault of each operator on two flows and stops at the first killer; a level is known to be lowered
when a scenario says so, so that only what survives is searched. `make night` asks every killer about thousands.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from guide.flows.machine import build
from guide.flows.scenario import play
from guide.library.library import Library
from guide.library.routes import routes
from guide.model import Flow, Parents
from tests.mutation.furnishing import lower_level, weaken_parents, weaker
from tests.mutation.harm import DANGER, Harm, harms
from tests.mutation.harness import OPERATORS, Killer, drawn, examine, figures, rate, too_few
from tests.mutation.killers import Original, checked, played
from tests.mutation.operators import retarget_rule
from tests.mutation.report import page, save, summary

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
FLOWS = ("dagtilbud", "skole", "sundhedspleje", "tandpleje")
SEED = 20261122
EACH = 56
"""Faults of each operator and flow in the night: some 3,100 in all, as a few operators have fewer."""

SAMPLED = FLOWS if NIGHT else ("skole", "tandpleje")
"""The flows of the sample in `make test`: the two that are soonest proven."""

NO_WAY_CHANGED = ("drop-flag", "drop-contact", "drop-law")
"""Operators that change no way and no outcome's level or parents rule."""


def original(content: Library, flow: str) -> Original:
    return Original(content.flows[flow], content.scenarios[flow])


def shown(before: Original, flow: Flow) -> set[Harm] | None:
    """The harm that scenarios alone show, or None when none of them goes wrong.

    `Harm.lowering` and `Harm.danger` only when a scenario ends on a lower level, or with a weaker parents rule after
    vold or seksuelt: what goes wrong in another way may do the same, but not to these answers.
    """
    if next(routes(flow, before.playable.source), None):
        return {Harm.unanswerable}
    machine, found, wrong = build(flow), set[Harm](), False
    for scenario in before.scenarios.values():
        done = play(flow, machine, scenario)
        outcome, wrong = done.walk.outcome, wrong or bool(done.wrong)
        if not done.wrong or outcome is None:
            continue
        if scenario.level and outcome.level.rank < scenario.level.rank:
            found.add(Harm.lowering)
        if scenario.parents and weaker(scenario.parents, outcome.parents) and done.walk.flags & DANGER:
            found.add(Harm.danger)
    return found if wrong else None


def test_a_sample_is_noticed(content: Library, record_property: Callable[[str, object], None]) -> None:
    """What lowers a level: at least 90 % is noticed; what weakens the parents rule after a danger: all of it."""
    noticed, missed, tried = Counter[Harm](), Counter[Harm](), set[str]()
    for before in (original(content, flow) for flow in SAMPLED):
        for fault in drawn(before, 1, SEED):
            tried.add(fault.operator)
            flow = fault.make()
            if (seen := shown(before, flow)) is not None:
                noticed.update(seen)
            elif fault.operator not in NO_WAY_CHANGED and not checked(before, flow):
                missed.update(harms(before.flow, flow).keys())
    record_property("noticed", f"{dict(noticed)}, missed {dict(missed)}")
    assert tried == {operator.__name__.replace("_", "-") for operator in OPERATORS}
    assert noticed[Harm.lowering] >= 6, "a sample in which little does harm shows nothing"
    assert missed[Harm.lowering] <= 0.1 * (noticed[Harm.lowering] + missed[Harm.lowering]), (noticed, missed)
    assert noticed[Harm.danger] >= 2 and missed[Harm.danger] == 0, (noticed, missed)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_lower_level_and_weaker_rule_of_an_outcome_is_noticed(content: Library, flow: str) -> None:
    """The faults of these two operators cost little, so all of them are tried, on the scenarios alone."""
    before = original(content, flow)
    faults = [*lower_level(before.flow), *weaken_parents(before.flow)]
    assert [fault.place for fault in faults[:: 1 if NIGHT else 20] if not played(before, fault.make())] == []


NOBODY: Mapping[str, Killer] = {name: lambda *_: "" for name in ("invariants", "scenarios", "reviewed")}


def test_killers_that_notice_nothing_break_the_promise(content: Library) -> None:
    """Planted: every killer is disabled; the figures are 0, and the thresholds tell."""
    before = original(content, "tandpleje")
    faults = [fault for fault in drawn(before, 1, SEED) if fault.operator in ("lower-level", "weaken-parents")]
    verdicts = [examine(before, fault, NOBODY) for fault in faults]
    assert rate(verdicts, Harm.lowering, "invariants", "scenarios", "reviewed") == (0, 1)
    assert any("lowers the level: 0 of 1" in said for said in too_few(verdicts))
    assert "0 (0%)" in page(verdicts)
    told = summary(verdicts)
    assert (told["mutants"], told["survivors"]) == (2, 0), "refinement still notices both"


def test_a_scenario_killer_that_ignores_the_end_notices_less(content: Library) -> None:
    """Planted: whatever outcome a scenario comes to is taken for the right one."""
    before = original(content, "tandpleje")
    ends = {
        name: scenario.model_copy(update={"ends": "", "never": (), "law": ()})
        for name, scenario in before.scenarios.items()
    }
    outcomes = before.flow.outcomes
    hidden = [name for name, o in outcomes.items() if o.level == "straks" and o.parents is Parents.ikke]
    faults = [f for f in retarget_rule(before.flow) if any(f.place.endswith(f" → {name}") for name in hidden)]
    among = [f for f in faults if any(f": {name} → " in f.place for name in hidden)][:12]
    assert among
    careless = 0
    for fault in among:
        flow = fault.make()
        assert played(before, flow), fault.place
        machine = build(flow)
        wrong = [play(flow, machine, scenario).wrong for scenario in ends.values()]
        careless += not any(not said.startswith("forløbet ender i") for found in wrong for said in found)
    assert careless == len(among), "what is left of a scenario without its end notices none of these"


if NIGHT:  # in `make test` there is nothing to collect: the sample above is its share

    @pytest.mark.parametrize("flow", FLOWS)
    def test_thousands_of_faults(content: Library, flow: str, record_property: Callable[[str, object], None]) -> None:
        before = original(content, flow)
        verdicts = [examine(before, fault) for fault in drawn(before, EACH, SEED)]
        save(flow, verdicts)
        record_property(flow, figures(verdicts))
        assert too_few(verdicts) == []
