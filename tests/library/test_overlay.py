"""A kommune's own file on a national flow: what it may change, and what the short ways of saying it come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.flows.refinement import refine
from guide.library.checks import check
from guide.library.library import Library, Own, load
from tests.conftest import DEMO
from tests.library.test_owned import room

WHY = "why: Derfor. \n    means: Det. \n    example: Et."


def own(tmp_path: Path, flow: str) -> tuple[Own | None, list[str], Library]:
    """The flow `tre` as the file makes it, and what was found in that file but for the missing approval."""
    library, found = load(DEMO, [room(tmp_path, flow)])
    told = [str(finding) for finding in (*found, *check(library)) if "vores/flows" in finding.file]
    return library.rooms["vores"].flows.get("tre"), [said for said in told if "ikke godkendt" not in said], library


LOCKED = {
    "title": ("questions:\n  slag:\n    title: Noget andet?\n", "«slag» er et nationalt trin, og «title» er låst"),
    "help": ("questions:\n  slag:\n    help: Spørg mor.\n", "«help» er låst"),
    "label": (
        "questions:\n  slag:\n    options: {ja: {label: Måske}}\n",
        "«ja» er et nationalt svar, og «label» er låst",
    ),
    "flags": ("questions:\n  slag:\n    options: {ja: {flags: []}}\n", "og «flags» er låst"),
    "level": ("outcomes:\n  bekymring: {level: undren}\n", "«level» er låst"),
    "parents": ("outcomes:\n  straks: {parents: foerst}\n", "«parents» er låst"),
    "do": ("outcomes:\n  straks: {do: [Vent.]}\n", "«do» er låst"),
    "locked": ("questions:\n  akut-fare: {locked: false}\n", "«locked» er låst"),
    "before the acute": (
        "questions:\n  ny:\n    before: akut-fare\n    title: Ny?\n    options: {a: {label: A}, b: {label: B}}\n",
        "Intet må komme før det akutte spørgsmål.",
    ),
    "the wrong room": (
        "outcomes:\n  slag: {local: X}\n",
        "Det er et nationalt spørgsmål. Skriv «slag» under «questions».",
    ),
    "no as": ("questions:\n  slag:\n    options: {maaske: {label: Måske}}\n", "skal sige med «as»"),
    "as of nothing": ("questions:\n  slag:\n    options: {maaske: {label: M, as: jaa}}\n", "Mente du «ja»?"),
    "as of no outcome": ("outcomes:\n  ny: {as: bekymrin}\n", "Mente du «bekymring»?"),
}


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_locked(tmp_path: Path, name: str) -> None:
    flow, said = LOCKED[name]
    merged, told, _ = own(tmp_path, flow)
    assert merged is None and any(said in line for line in told), told
    assert all("municipalities/vores/flows/tre.yaml:" in line for line in told)


def test_an_own_option_is_like_the_one_it_stands_for(tmp_path: Path) -> None:
    merged, told, library = own(tmp_path, "questions:\n  slag:\n    options: {klask: {label: Et klask, as: ja}}\n")
    assert merged and told == []
    assert list(merged.flow.questions["slag"].options) == ["ja", "klask", "nej", "ved-ikke"]
    option = merged.flow.questions["slag"].options["klask"]
    assert (option.goto, option.flags) == ("straks", ("vold",))
    assert refine(library.flows["tre"].flow, merged.flow) == []


STEP = f"""questions:
  team:
    before: undren
    title: Har du talt med teamet?
    {WHY}
    options:
      ja: {{label: Ja}}
      nej: {{label: Nej, goto: ring-team}}
outcomes:
  ring-team:
    as: bekymring
    title: Ring til teamet
"""


def test_an_own_step_before_a_national_one(tmp_path: Path) -> None:
    merged, told, library = own(tmp_path, STEP)
    assert merged and told == []
    assert merged.flow.questions["trist"].options["nej"].goto == "team"
    assert merged.flow.questions["team"].next[0].goto == "undren"
    assert merged.flow.outcomes["ring-team"].level == "bekymring"
    assert (merged.steps, merged.touched) == ({"team", "ring-team"}, set())


def test_an_own_step_that_says_less_is_refused_with_line_way_and_law(tmp_path: Path) -> None:
    flow = STEP.replace("before: undren", "before: straks").replace("as: bekymring", "as: undren")
    _, told, _ = own(tmp_path, flow)
    assert any("tre.yaml:" in line and "Niveauet er «undren», nationalt «straks»" in line for line in told)
    assert any("«Er barnet blevet slået?»: «Ja»" in line and "Reglen bag:" in line for line in told), told
