"""What a change of the content means: every pair of outcomes is told, with answers that lead there, and no other."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from guide.flows import lockstep
from guide.flows.lockstep import Lockstep
from guide.flows.machine import build
from guide.flows.side import furniture
from guide.flows.walk import Walk
from guide.library import difference as differences
from guide.library.difference import Difference, difference, flow_difference, said
from guide.library.library import Library, Playable, load
from guide.model import Flow
from tests.conftest import DEMO
from tests.flows.test_lockstep import Run, changed, small, trial

PAIRS = 2_000 if os.environ.get("GUIDE_NIGHT") == "1" else 60

Data = dict[str, Any]


def edited(flow: Flow, edit: Callable[[Data], object]) -> Flow:
    data = flow.model_dump(by_alias=True, mode="json")
    edit(data)
    return Flow.model_validate(data)


def lines(old: Flow, new: Flow) -> list[str]:
    return list(said(Difference([], [], [flow_difference("x", old, new)], {})))


def moved(old: Flow, new: Flow, one: Run, other: Run) -> bool:
    """Whether these answers now lead elsewhere."""
    if not (one.end and other.end) or one.end != other.end:
        return True
    return furniture(old.outcomes[one.end]) != furniture(new.outcomes[other.end])


NAMED = r"(?:«(?P<{0}>[^»]+)» \([^)]*\)|\(intet udfald\))"
MOVE = re.compile(f"  {NAMED.format('old')} → {NAMED.format('new')}.*")


def printed(old: Flow, new: Flow) -> set[tuple[str | None, str | None]]:
    """The pairs of outcomes as they are printed."""
    found = [match for line in lines(old, new) if (match := MOVE.fullmatch(line))]
    assert len({match.groups() for match in found}) == len(found), "each pair once"
    return {(match["old"], match["new"]) for match in found}


def pairs_of_flows(seed: int, count: int) -> Iterator[tuple[Flow, Flow]]:
    chance = random.Random(seed)
    for _ in range(count):
        flow = small(chance)
        yield flow, changed(flow, chance)


def incomplete(seed: int, count: int) -> Iterator[tuple[int, object]]:
    """Made-up changes of which other pairs are printed than a trial of all answers gives."""
    for n, (old, new) in enumerate(pairs_of_flows(seed, count)):
        wanted = {(one.end, other.end) for one, other in trial(old, new) if moved(old, new, one, other)}
        if wanted != (found := printed(old, new)):
            yield n, wanted ^ found


def test_the_pairs_printed_are_all_pairs_there_are(record_property: Callable[[str, object], None]) -> None:
    assert list(incomplete(3, PAIRS)) == []
    record_property("changes of flows told", PAIRS)


@pytest.mark.parametrize("fault", ["forget", "grouped"])
def test_a_pair_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The planted faults: pending answers are forgotten; of the ends with one outcome only the first is kept."""
    if fault == "forget":
        monkeypatch.setattr(Lockstep, "_settled", lambda self, state: state._replace(pending=()))
    else:
        whole = lockstep.lockstep
        first = lambda old, new, flags: list({end.old: end for end in whole(old, new, flags=flags)}.values())  # noqa: E731
        monkeypatch.setattr(differences, "lockstep", first)
    assert next(incomplete(3, 400), None)


def parting(old: Flow, new: Flow, one: Run, other: Run) -> str | None:
    """The last question of both, when they did not end together."""
    both = [step for step in one.asked if step in other.asked]
    return both[-1] if both and one.end != other.end else None


def test_where_the_ways_part() -> None:
    tried = 0
    for old, new in pairs_of_flows(4, PAIRS):
        search = Lockstep(old, new, flags=False)
        if any(state.pending for state in search._came):
            continue  # the questions come in another order: there is no last one of both
        tried += 1
        wanted = {
            (one.end, other.end, parting(old, new, one, other))
            for one, other in trial(old, new)
            if moved(old, new, one, other)
        }
        assert {(end.old, end.new, end.parted and end.parted.step) for end in search.ends()} == wanted
    assert tried > PAIRS // 2


def test_the_content_against_itself(content: Library) -> None:
    assert list(said(difference(content, content)))[-1] == "Ingen forskel."


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("registers/texts.yaml", "fælles tekster på udfald: levels.undren"),
        ("registers/professions.yaml", "fag: "),
        ("registers/principles.yaml", "fagregler: "),
        ("registers/changes.yaml", "ændringer: "),
        ("registers/myths.yaml", "myter: "),
        ("law/proevelov.yaml", "love: proevelov"),
        ("flows/tre/scenarios.yaml", "scenarier i tre: "),
        ("pages/om.md", "sider: om"),
        ("municipalities/proeve/municipality.yaml", "kommuner: proeve"),
    ],
)
def test_words_changed_outside_the_flows_are_a_difference(tmp_path: Path, file: str, told: str) -> None:
    """The texts of a level stand on every outcome: a change there is never «ingen forskel»."""
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (folder / file).read_text("utf-8")
    key = "title" if file.startswith("municipalities/") else "title|name"  # a kommune is called as in the register
    (folder / file).write_text(re.sub(rf"({key}): *(\w)", r"\1: Ny \2", text, count=1), encoding="utf-8")
    found = list(said(difference(load(DEMO)[0], load(folder)[0])))
    assert any(line.startswith(f"  {told}") for line in found), found


def test_one_change_of_a_real_flow_is_found_with_the_right_answers(content: Library) -> None:
    """The planted change: somebody at home is taken for somebody of the family's circle, and the other way."""
    for name, playable in content.flows.items():
        old = playable.flow
        new = edited(old, lambda d: [swap(rule["when"]) for rule in d["questions"]["hvor-er-barnet"]["next"]])
        found = flow_difference(name, old, new)
        assert found.moved, name
        for (before, after), ends in found.moved.items():
            for end in ends:
                assert end.old_answers["hvem"][0] in ("hjemmet", "netvaerk")
                assert Walk(old, build(old), end.old_answers).current == before
                assert Walk(new, build(new), end.new_answers).current == after


def swap(when: Data) -> None:
    other = {"hjemmet": "netvaerk", "netvaerk": "hjemmet"}
    if "hvem" in when:
        when["hvem"] = [other.get(name, name) for name in when["hvem"]]


@pytest.fixture
def flow(demo: Library) -> Flow:
    return demo.flows["flere"].flow


def test_an_outcome_that_says_other_than_before(flow: Flow) -> None:
    def edit(data: Data) -> None:
        data["outcomes"]["underret"].update(level="bekymring", contacts=["alarm"])

    told = lines(flow, edited(flow, edit))
    assert told[0] == "x: 1 par af udfald før → nu"
    assert told[1].startswith("  «underret» (underret, ") and "→ «underret» (bekymring, " in told[1]
    assert "; kontakter: " in told[1] and told[1].endswith("→ alarm")
    assert told[2].startswith("    med de samme svar (")
    assert told[3].startswith("      for disse svar: «") and "«Har det varet længe?»: «Ja»" in told[3]


def test_one_answer_that_leads_elsewhere(flow: Flow) -> None:
    new = edited(flow, lambda d: d["questions"]["laenge"]["options"]["ja"].update(goto="straks"))
    told = "\n".join(lines(flow, new))
    assert "«underret» (underret," in told and "→ «straks» (straks," in told
    assert "efter «Har det varet længe?»: «Ja» (" in told
    assert "«laenge»: vejen videre er skrevet anderledes" in told


def test_steps_options_flags_and_words(flow: Flow) -> None:
    def edit(data: Data) -> None:
        data["questions"]["hvad"]["options"]["slag"].update(flags=["gravid"], label="Et slag")
        data["questions"]["hvad"]["options"]["ny"] = {"label": "Ny"}
        data["questions"]["hvem"]["title"] = "Hvem var det?"
        data["outcomes"]["straks"]["help"] = "Ring nu."
        data["title"] = "Andet"

    told = lines(flow, edited(flow, edit))
    assert "  «hvad»: flag på «slag»: vold → gravid" in told
    assert "  «hvad»: svar nyt: «ny»" in told
    assert "  Nye ord i «hvad»: svaret slag" in told and "  Nye ord i «hvem»: title" in told
    assert "  Nye ord i «straks»: help" in told and "  Nye ord i flowet selv: title" in told
    assert any(line.startswith("  (intet udfald) → «") for line in told), "where the new answer leads"


def test_a_question_that_only_one_asks_is_told_with_its_answers(flow: Flow) -> None:
    def edit(data: Data) -> None:
        options = {"ja": {"label": "Ja", "goto": "straks"}, "nej": {"label": "Nej", "goto": "bekymring"}}
        data["questions"]["egen"] = {"title": "Haster det?", "options": options}
        data["questions"]["laenge"]["next"][0]["goto"] = "egen"

    told = lines(flow, edited(flow, edit))
    assert "  Spørgsmål nyt: «egen»" in told
    assert "      og nu også: «Haster det?»: «Ja»" in told and "      og nu også: «Haster det?»: «Nej»" in told
    back = lines(edited(flow, edit), flow)
    assert "  Spørgsmål fjernet: «egen»" in back and any("«Haster det?»: «Ja»" in line for line in back)


def test_flows_that_come_and_go_and_what_is_outside_them(demo: Library) -> None:
    def library(*names: str) -> Library:
        flows: dict[str, Playable] = {name: demo.flows[name] for name in names}
        return Library(flows=flows, law=dict(demo.law) if "tre" in names else {})

    told = list(said(difference(library("flere"), library("tre"))))
    assert told[:2] == ["Flow fjernet: flere", "Nyt flow: tre"]
    assert told[2] == "Uden for flowene" and told[3] == f"  lov: {', '.join(sorted(demo.law))}"
