"""A kommune's flow against the national one: told in the kommune's file, with the rule of law."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def told(tmp_path: Path, flow: str, more: str = "") -> list[str]:
    return [str(finding) for finding in refined(load(DEMO, [room(tmp_path, flow, more)])[0])]


def test_after_a_danger_only_the_nation_asks(tmp_path: Path) -> None:
    flow = STEP.replace("    before: undren\n", "").replace(
        "      nej: {label: Nej, goto: ring-team}", "      nej: {label: Nej}"
    )
    flow = flow.partition("outcomes:")[0] + "    next: [{goto: straks}]\n  slag: {options: {ja: {goto: team}}}\n"
    found = told(tmp_path, flow)
    assert any("må der kun komme nationale spørgsmål" in line and "«Ja». Reglen bag" in line for line in found), found


def test_each_kind_is_told_once_at_each_place_with_what_to_do(tmp_path: Path) -> None:
    flow = STEP.replace("before: undren", "before: straks").replace("as: bekymring", "as: undren")
    found = told(tmp_path, flow)
    assert len(found) == len({(line.split(":")[1], line.split(": ")[1].split()[0]) for line in found}), found
    assert any("Led svaret til et udfald på mindst det samme niveau" in line for line in found)


def test_the_word_of_another_level_is_refused(tmp_path: Path) -> None:
    for number, levels in enumerate(("{straks: Undren}", "{straks: rød, akut: Rød}", "{undren: akut}")):
        assert "er ordet for niveauet" in str(told(tmp_path / str(number), "", f"levels: {levels}\n"))
    assert told(tmp_path / "right", "", "levels: {undren: Grøn, straks: Rød}\n") == []


def test_national_scenarios_are_walked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: refinement sees nothing; the scenarios still do."""
    monkeypatch.setattr("guide.library.refined.refine", lambda *_: [])
    flow = STEP.replace("before: undren", "before: bekymring").replace("as: bekymring", "as: undren")
    assert any("Det nationale scenarie «Trist» (trist) går ikke, som det skal" in line for line in told(tmp_path, flow))
