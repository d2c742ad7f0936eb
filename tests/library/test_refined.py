"""A kommune's flow against the national one: told in the kommune's file, with the rule of law."""

from __future__ import annotations

from pathlib import Path

from guide.library.library import load
from guide.library.refined import played, refined
from tests.conftest import DEMO
from tests.library.test_overlay import STEP
from tests.library.test_owned import room


def test_the_rule_behind_stands_with_its_number_only_when_somebody_saw_it(tmp_path: Path) -> None:
    library, _ = load(
        DEMO,
        [
            room(
                tmp_path,
                STEP.replace("before: undren", "before: bekymring")
                .replace("as: bek", "as: und")
                .replace("as: undymring", "as: undren"),
            )
        ],
    )
    told = [finding.message for finding in refined(library)]
    duty = next(ref for ref in library.law.values() if ref.binds == "skaerpet")
    assert any("I22" in said and duty.title in said for said in told), told
    assert all((duty.number in said) == (duty.status == "verified") for said in told if "Reglen bag" in said)


def test_scenarios_are_played_once_for_each_way_of_the_own_answers(tmp_path: Path) -> None:
    library, _ = load(DEMO, [room(tmp_path, STEP)])
    own = library.rooms["vores"].flows["tre"]
    ends = {
        name: [done.walk.current for done in played(own, scenario)]
        for name, scenario in library.scenarios["tre"].items()
    }
    assert sorted(max(ends.values(), key=len)) == ["ring-team", "undren"]
    assert {tuple(end) for name, end in ends.items() if library.scenarios["tre"][name].ends != "undren"} <= {
        (scenario.ends,) for scenario in library.scenarios["tre"].values()
    }
