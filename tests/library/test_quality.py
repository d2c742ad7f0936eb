"""The figures of quality are those of the content, and a measurement that cannot be read is none."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from guide.flows.walk import Walk
from guide.library import quality as room
from guide.library.library import Library, Playable
from guide.library.quality import FILE, PROVEN, measured, quality, ways
from guide.model import Level
from tests import approved

BROKEN = Path(__file__).parent / "broken"


def test_figures_of_the_demo(demo: Library) -> None:
    found = quality(demo)
    assert found.flows.keys() == demo.flows.keys()
    three, flow = found.flows["tre"], demo.flows["tre"].flow
    assert three.questions == len(flow.questions) and three.scenarios == len(demo.scenarios["tre"])
    assert sum(three.outcomes.values()) == len(flow.outcomes)
    assert three.outcomes[Level.akut] == sum(o.level is Level.akut for o in flow.outcomes.values()) > 0
    assert (found.law, found.to_check) == (len(demo.law), 1)
    assert found.law_from == min(ref.checked for ref in demo.law.values())
    assert found.contacts == sum(contact.phone is not None for contact in demo.contacts.values())
    assert found.kommuner == sum(m.code is not None for m in demo.municipalities.values())


def test_kommuner_with_steps_of_their_own(tmp_path: Path) -> None:
    approved.own(tmp_path)
    library = approved.own(tmp_path, "vores")
    found = quality(library)
    assert found.own == 1, "an example is none"
    assert found.flows["tre"].questions == len(library.flows["tre"].flow.questions), "the national flow"
    library.rooms["nabo"].drafts.add("tre")
    assert quality(library).own == 0, "a draft is not served"


def walked(playable: Playable) -> set[tuple[tuple[str, tuple[str, ...]], ...]]:
    """Every walk of a flow whose questions take one answer, as (step, answer) in order."""
    done = set[tuple[tuple[str, tuple[str, ...]], ...]]()
    todo = [Walk(playable.flow, playable.machine, {})]
    while todo:
        walk = todo.pop()
        question = playable.flow.questions.get(walk.current)
        if question is None:
            done.add(tuple((step, walk.answers[step]) for step in walk.path[:-1]))
        else:
            assert question.kind == "one"
            todo += [walk.answer(walk.current, [option]) for option in question.options]
    return done


def test_ways_are_no_more_than_the_walks_there_are(demo: Library) -> None:
    playable = demo.flows["tre"]
    assert playable.proof
    assert 1 < ways(playable.proof) <= len(walked(playable))


def test_ways_count_every_combination() -> None:
    """Two states, each with two answers that are told apart: two times two."""

    class State:
        pass

    start, left, right = State(), State(), State()
    ends = [State() for _ in product(range(2), range(2))]
    links = {start: [(0, left), (1, right)], left: [(0, ends[0]), (1, ends[1])], right: [(0, ends[2]), (1, ends[3])]}
    links |= {end: [] for end in ends}

    class Proof:
        pass

    proof = Proof()
    proof.links, proof.start = links, start  # type: ignore[attr-defined]
    assert ways(proof) == 4  # type: ignore[arg-type]


GOOD = {
    "day": "2026-11-22",
    "content": "0123456789abcdef",
    "mutants": 3000,
    "survivors": 12,
    "killers": [["Beviserne", 2000, 3000]],
    "pages": 20,
    "violations": 0,
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        json.dumps(GOOD | {"day": "i går"}),
        json.dumps(GOOD | {"pages": "mange"}),
        json.dumps({"day": 1}),
    ],
)
def test_a_file_that_cannot_be_read_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(room.resources, "files", lambda package: tmp_path)
    assert measured() is None
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert measured() is None
    (tmp_path / FILE).write_text(json.dumps(GOOD), encoding="utf-8")
    found = measured()
    assert found and found.killers == (("Beviserne", 2000, 3000),) and found.day.year == 2026


def test_what_is_said_to_hold_has_a_flow_that_breaks_it() -> None:
    broken = {f"I{int(path.name.split('-')[1])}" for path in BROKEN.iterdir() if path.name.startswith("i-")}
    assert set(PROVEN) == broken - {"I22", "I23"}, "those two are said of the kommuner that have steps of their own"
