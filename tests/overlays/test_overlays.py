"""A kommune's files never weaken the guide: harmful ones are refused for the right reason, right ones accepted.

`make test` takes one of each operator, on the two flows that are soonest compared; `make night` over a thousand harmful
and two hundred right ones on all four, and writes what came of them for `tests.overlays.report`.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.flows.finding import errors
from guide.flows.proof import prove
from guide.library import refined
from guide.library.checks import check
from guide.library.library import Library, load
from tests.conftest import DEMO
from tests.overlays.beside import BESIDE
from tests.overlays.ground import Ground
from tests.overlays.harmful import (
    OPERATORS,
    Operator,
    after_danger,
    before_the_start,
    condition,
    delay,
    drawn,
    fewer_contacts,
    weaker_goto,
)
from tests.overlays.judge import KOMMUNE, Case, killers, overlay, told, write
from tests.overlays.report import Verdict, page, save
from tests.overlays.rightful import RIGHTFUL, ROUTED, answer, early, outcome, question

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
FLOWS = ("dagtilbud", "skole", "sundhedspleje", "tandpleje")
SEED = 20261122
EACH_HARMFUL, EACH_RIGHT = 8, 6
"""Cases of each operator on each flow in the night: 35 operators of harm, ten of what is right."""

LARGE = (weaker_goto, condition, before_the_start, after_danger, fewer_contacts)
"""Operators of which one is tried on a shipped flow also in `make test`."""

SMALL = (*(op for op in OPERATORS[11:] if op not in LARGE), weaker_goto, condition)


def ground(library: Library, flow: str) -> Ground:
    return Ground(library, library.flows[flow], random.Random(f"{SEED} {flow}"))


def verdict(content: Library, case: Case) -> Verdict:
    """What the guide says of one case; it is right only when what must be told is told."""
    found = told(content, case)
    right = not case.because or any(re.search(case.because, finding.message) for finding in found)
    said = "; ".join(str(finding) for finding in found[:2])
    by = tuple(sorted(killers(found))) if right else ()
    return Verdict(case.operator, case.flow, case.place, by, bool(case.because), said)


def sample(g: Ground, operators: tuple[Operator, ...], each: int) -> list[Verdict]:
    return [verdict(g.library, case) for operator in operators for case in drawn(g, operator, each)]


def test_harmful_files_are_refused(
    content: Library, demo: Library, record_property: Callable[[str, object], None]
) -> None:
    """Some of each operator: those that need a search of all ways mostly on a small flow."""
    found = sample(ground(content, "skole"), (*OPERATORS[:11], *BESIDE), 2)
    found += sample(ground(demo, "flere"), SMALL, 2)
    found += sample(ground(content, "tandpleje"), LARGE, 1)
    record_property("harmful", f"{sum(bool(v.by) for v in found)} of {len(found)} refused")
    assert [v for v in found if not v.by] == []
    assert len(found) >= 60 and f"{len(found)} of {len(found)} refused" in page(found)
    assert {v.operator for v in found} >= {op.__name__.replace("_", "-") for op in (*OPERATORS, *BESIDE)}


def test_right_files_are_accepted(
    content: Library, demo: Library, record_property: Callable[[str, object], None]
) -> None:
    cheap = tuple(operator for operator in RIGHTFUL if operator not in ROUTED)
    found = sample(ground(content, "sundhedspleje"), cheap, 2)
    found += sample(ground(demo, "flere"), (answer, question, early), 2)
    found += sample(ground(content, "tandpleje"), (question, outcome), 1)
    record_property("right", f"{sum(not v.by for v in found)} of {len(found)} accepted")
    assert [v for v in found if v.by] == [] and len(found) >= 20


def test_a_refinement_that_sees_nothing_shows(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: nothing is ever less; an outcome without all contacts is accepted. Scenarios still see the worst."""
    monkeypatch.setattr(refined, "refine", lambda *_: [])
    found = sample(ground(content, "tandpleje"), (fewer_contacts,), 2)
    assert found and [v for v in found if not v.by], found


def test_a_merge_that_locks_nothing_shows(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: findings of the merge are lost."""
    monkeypatch.setattr("guide.library.overlay._Merging.find", lambda *_: None)
    found = sample(ground(content, "skole"), OPERATORS[:5], 1)
    assert found and [v.by for v in found] == [()] * len(found)


def test_the_whole_load_and_check_says_the_same(tmp_path: Path) -> None:
    """What is told of one kommune alone is what the whole of it tells."""
    library, _ = load(DEMO)
    g = Ground(library, library.flows["tre"], random.Random(SEED))
    cases = [case for operator in (*OPERATORS[:3], condition, delay) for case in drawn(g, operator, 1)]
    cases.append(overlay("right", "tre", "", questions={"trist": {"local": "Hos os."}}))
    for number, case in enumerate(cases):
        whole, found = load(DEMO, [write(case, tmp_path / str(number))])
        said = [one for one in errors(sorted({*found, *check(whole)})) if f"/{KOMMUNE}/" in one.file]
        assert [str(one) for one in told(library, case)] == [str(one) for one in said], case


def test_what_leaves_the_ways_alone_has_the_national_proof(content: Library, tmp_path: Path) -> None:
    """The proof is not made again where only boxes and contacts were added: it would be the same."""
    steps = {"bekymring": {"local": "Hos os."}, "undren": {"contacts": ["doegnvagt"]}}
    library, _ = load(DEMO, [write(overlay("box", "tre", "", outcomes=steps), tmp_path)])
    own, national = library.rooms[KOMMUNE].flows["tre"], library.flows["tre"]
    assert own.proof is national.proof and own.machine is national.machine and not own.routed
    assert national.proof
    again, known = prove(own.flow), national.proof
    assert {(s.step, s.seen, s.live) for s in again.links} == {(s.step, s.seen, s.live) for s in known.links}
    assert own.flow.outcomes["undren"].contacts == ("modtagelse", "doegnvagt")


if NIGHT:  # in `make test` there is nothing to collect: the samples above are its share

    @pytest.mark.parametrize("flow", FLOWS)
    def test_a_thousand_overlays(content: Library, flow: str, record_property: Callable[[str, object], None]) -> None:
        g = ground(content, flow)
        harmful, right = sample(g, (*OPERATORS, *BESIDE), EACH_HARMFUL), sample(g, RIGHTFUL, EACH_RIGHT)
        save(flow, [*harmful, *right])
        said = f"{sum(bool(v.by) for v in harmful)} of {len(harmful)} harmful refused, "
        record_property(flow, said + f"{sum(not v.by for v in right)} of {len(right)} right accepted")
        assert [v for v in harmful if not v.by] == [] and [v for v in right if v.by] == []
