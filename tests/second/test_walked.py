"""Files of kommuner that were accepted, walked at random beside the national flow, by code that knows no proof.

Also what the short forms claim: an own answer is as the one it stands for, a question with `before` is asked of those
who come to that step and of nobody else. `make night` walks more of them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

from guide.library.library import Library
from guide.model import Flow
from tests.overlays.ground import Ground
from tests.overlays.harmful import Operator, condition, drawn, own_outcome_milder
from tests.overlays.judge import Case, read, told
from tests.overlays.rightful import answer, early, outcome, question
from tests.second.pairs import Pair
from tests.second.plain import plain
from tests.second.refined import less
from tests.second.walked import some_pair

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
SEED = 20261122
EACH, WALKS = (6, 2_000) if NIGHT else (1, 150)
FLOWS = ("dagtilbud", "skole", "sundhedspleje", "tandpleje") if NIGHT else ("skole",)


def cases(library: Library, flow: str, operator: Operator, each: int) -> list[Case]:
    g = Ground(library, library.flows[flow], random.Random(f"{SEED} {flow} {operator.__name__}"))
    return list(drawn(g, operator, each))


def made(library: Library, case: Case) -> Flow:
    """The merged flow of a case, as it is read."""
    return read(library, case)[0].flows[case.flow].flow


def pairs(library: Library, case: Case, count: int) -> list[Pair]:
    base, own, chance = plain(library.flows[case.flow].flow), plain(made(library, case)), random.Random(SEED)
    return [some_pair(base, own, chance) for _ in range(count)]


def wrong(library: Library, case: Case, count: int) -> list[Pair]:
    """Walks on which the kommune says less."""
    base, own = plain(library.flows[case.flow].flow), plain(made(library, case))
    return [pair for pair in pairs(library, case, count) if less(base, own, pair)]


def everywhere(content: Library, demo: Library) -> list[tuple[Library, str, int]]:
    return [*((demo, flow, 3) for flow in ("flere", "tre")), *((content, flow, EACH) for flow in FLOWS)]


def test_accepted_files_say_no_less_on_any_walk(
    content: Library, demo: Library, record_property: Callable[[str, object], None]
) -> None:
    tried, found = 0, list[tuple[Case, Pair]]()
    for library, flow, each in everywhere(content, demo):
        for operator in (question, early, outcome) if library is content else (question,):
            for case in cases(library, flow, operator, each):
                assert not NIGHT or told(library, case) == []
                found += [(case, pair) for pair in wrong(library, case, WALKS)]
                tried += 1
    record_property("walked", f"{tried} files, {tried * WALKS} pairs of walks, {len(found)} disagreements")
    assert found == [] and tried >= 9


def test_an_own_answer_is_as_the_one_it_stands_for(content: Library, demo: Library) -> None:
    for library, flow, each in everywhere(content, demo):
        for case in cases(library, flow, answer, each):
            own = 0
            for pair in pairs(library, case, WALKS):
                assert (pair.new, pair.new_flags) == (pair.old, pair.old_flags), case
                own += any("eget" in given for _, given in pair.new_given)
            assert own or library is content, f"{case} is never chosen"


def test_before_asks_those_who_come_there_and_nobody_else(content: Library, demo: Library) -> None:
    asked = 0
    for library, flow, each in everywhere(content, demo):
        for case in cases(library, flow, question, each * 3):
            step = case.place.split()[0]
            if not case.place.endswith("? "):
                continue  # an answer leads elsewhere
            for pair in pairs(library, case, WALKS):
                assert pair.new == pair.old, case
                assert ("eget" in dict(pair.new_given)) is (pair.old == step), case
                asked += pair.old == step
    assert asked > 20


def test_walks_by_chance_see_what_is_refused(demo: Library) -> None:
    """Planted: files that are refused. The walks find on their own that these say less."""
    for operator in (condition, own_outcome_milder):
        refused = [case for case in cases(demo, "flere", operator, 4) if "eget" in str(case.files)]
        seen = [case for case in refused if read(demo, case)[0].flows and wrong(demo, case, 300)]
        assert len(seen) >= 2, operator
