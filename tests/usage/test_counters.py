"""What a step counts: every row of the table in `counters.py`, at the edges of its periods, and nothing else."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from guide.flows.machine import build
from guide.flows.walk import Walk
from guide.library.library import Library
from guide.model import Flow
from guide.usage.counters import COPENHAGEN, Place, answered, begun, hours, periods
from guide.usage.facts import Fact
from tests.usage.conftest import Clock, Desk

SHAPES = {
    "use": r"\d{4}K[1-4]",
    "level": r"\d{4}(K[1-4])?",
    "professions": r"\d{4}M\d\d",
    "parents": r"\d{4}M\d\d",
    "hours": r"\d{4}M\d\d",
    "quality": r"\d{4}M\d\d",
    "topics": r"\d{4}",
    "operations": r"\d{4}M\d\dD\d\d",
}
COARSE = SHAPES | {"professions": r"\d{4}", "parents": r"\d{4}"}
COARSE |= {name: r"\d{4}K[1-4]" for name in ("quality", "hours", "operations")}
del COARSE["topics"]

HERE = Place("proeve", "tre")
TO_UNDREN = [("akut-fare", "nej"), ("slag", "nej"), ("trist", "nej")]


def at(*moment: int, fold: int = 0) -> float:
    """Seconds since 1970 of a moment by the clocks in Copenhagen."""
    return datetime(*moment, tzinfo=COPENHAGEN, fold=fold).timestamp()  # type: ignore[arg-type, misc]


def first(library: Library, flow: str = "tre") -> Walk:
    playable = library.playable("proeve", flow)
    assert playable
    return Walk(playable.flow, playable.machine, {})


def facts(walk: Walk, answers: list[tuple[str, str]], now: float, place: Place = HERE, key: str = "key") -> list[Fact]:
    """Of a whole walk, from its start."""
    found, reached = begun(place, walk, key, now), False
    for step, *options in answers:
        after = walk.answer(step, options[0].split("+"))
        found += answered(place, walk, after, step, key, now, first=not reached)
        walk, reached = after, reached or after.outcome is not None
    return found


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (at(2026, 12, 31, 23, 59, 59), ("2026", "2026K4", "2026M12", "2026M12D31")),
        (at(2027, 1, 1), ("2027", "2027K1", "2027M01", "2027M01D01")),
        (at(2026, 3, 31, 23, 59, 59), ("2026", "2026K1", "2026M03", "2026M03D31")),
        (at(2026, 4, 1), ("2026", "2026K2", "2026M04", "2026M04D01")),
        (at(2026, 6, 30, 23, 59, 59), ("2026", "2026K2", "2026M06", "2026M06D30")),
        (at(2026, 7, 1), ("2026", "2026K3", "2026M07", "2026M07D01")),
        (at(2026, 9, 30, 23, 59, 59), ("2026", "2026K3", "2026M09", "2026M09D30")),
        (at(2026, 10, 1), ("2026", "2026K4", "2026M10", "2026M10D01")),
        (at(2028, 2, 29, 12), ("2028", "2028K1", "2028M02", "2028M02D29")),
        (at(2026, 3, 29, 1, 59, 59), ("2026", "2026K1", "2026M03", "2026M03D29")),
        (at(2026, 3, 29, 1, 59, 59) + 1, ("2026", "2026K1", "2026M03", "2026M03D29")),
        (at(2026, 10, 25, 2, 30), ("2026", "2026K4", "2026M10", "2026M10D25")),
        (at(2026, 10, 25, 2, 30, fold=1), ("2026", "2026K4", "2026M10", "2026M10D25")),
        (at(2026, 10, 25, 23, 59, 59), ("2026", "2026K4", "2026M10", "2026M10D25")),
        (at(2026, 10, 26), ("2026", "2026K4", "2026M10", "2026M10D26")),
    ],
)
def test_periods_change_at_midnight_in_copenhagen(moment: float, told: tuple[str, ...]) -> None:
    found = periods(moment)
    assert (found.year, found.quarter, found.month, found.day) == told


def test_no_period_is_skipped_or_comes_back_in_ten_years() -> None:
    """Every hour, over twenty changes of the clock."""
    before, days = periods(at(2026, 1, 1)), 1
    for moment in range(int(at(2026, 1, 1)), int(at(2036, 1, 1)), 3_600):
        now = periods(moment)
        assert now.day >= before.day and now.month >= before.month and now.quarter >= before.quarter
        days += now.day != before.day
        before = now
    assert days == 3_652, "of ten years, two of them leap years"


NOW = at(2026, 12, 31, 23, 59, 59)


def test_every_row_of_the_table(demo: Library, tmp_path: Path, database: str | None) -> None:
    desk = Desk(tmp_path, url=database, clock=Clock(NOW))
    desk.facts(facts(first(demo), TO_UNDREN, NOW))
    desk.drain()
    shown = {f"tre/{step}/{what}": 1 for step, _ in TO_UNDREN for what in ("shown", "answered")}
    assert desk.sums() == {
        ("2026K4", "use", "proeve/tre"): 1,
        ("2026K4", "level", "proeve/undren"): 1,
        ("2026", "level", "proeve/tre/undren"): 1,
        ("2026M12", "professions", "tre/undren"): 1,
        ("2026M12", "parents", "tre/foerst"): 1,
        ("2026M12", "hours", "outside"): 1,
        **{("2026M12", "quality", cell): n for cell, n in shown.items()},
        ("2026", "topics", "tre/undren"): 1,
        ("2026M12D31", "operations", "counted"): 13,
    }


def test_every_row_of_an_installation_of_one_kommune(demo: Library, tmp_path: Path, database: str | None) -> None:
    desk = Desk(tmp_path, url=database, clock=Clock(NOW), scoped=True)
    desk.facts(facts(first(demo), TO_UNDREN, NOW, Place("proeve", "tre", scope=True)))
    desk.drain()
    shown = {f"tre/{step}/{what}": 1 for step, _ in TO_UNDREN for what in ("shown", "answered")}
    assert desk.sums() == {
        ("2026K4", "use", "proeve/tre"): 1,
        ("2026K4", "level", "proeve/undren"): 1,
        ("2026", "level", "proeve/tre/undren"): 1,
        ("2026", "professions", "tre/undren"): 1,
        ("2026", "parents", "tre/foerst"): 1,
        ("2026K4", "hours", "outside"): 1,
        **{("2026K4", "quality", cell): n for cell, n in shown.items()},
        ("2026K4", "operations", "counted"): 12,
    }


@pytest.mark.parametrize("moment", [NOW, NOW + 1, at(2026, 3, 29, 3), at(2026, 10, 25, 2, 30, fold=1)])
@pytest.mark.parametrize("scope", [False, True])
def test_no_row_is_finer_than_its_table_says(demo: Library, moment: float, scope: bool) -> None:
    shapes = COARSE if scope else SHAPES
    for flow, answers in [("tre", TO_UNDREN), ("tre", [("akut-fare", "ved-ikke")]), ("flere", [("akut-fare", "ja")])]:
        found = facts(first(demo, flow), answers, moment, Place("proeve", flow, scope=scope))
        assert {fact.tab for fact in found} == set(shapes) - {"operations"}
        assert not [fact for fact in found if not re.fullmatch(shapes[fact.tab], fact.period)]
        assert not scope or not [fact for fact in found if "M" in fact.period]


@pytest.mark.parametrize("scope", [False, True])
def test_a_made_up_kommune_counts_under_its_own_name_only(demo: Library, scope: bool) -> None:
    found = facts(first(demo), TO_UNDREN, NOW, Place("eksempel", "tre", example=True, scope=scope))
    if scope:
        assert {fact.tab for fact in found} == set(COARSE) - {"operations"}, "its figures can be tried"
    else:
        assert {(fact.tab, fact.cell) for fact in found} == {
            ("use", "eksempel/tre"),
            ("level", "eksempel/undren"),
            ("level", "eksempel/tre/undren"),
        }


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (at(2026, 11, 20, 7, 59, 59), "outside"),
        (at(2026, 11, 20, 8), "inside"),
        (at(2026, 11, 20, 15, 59, 59), "inside"),
        (at(2026, 11, 20, 16), "outside"),
        (at(2026, 11, 21, 12), "outside"),  # Saturday
        (at(2026, 11, 22, 12), "outside"),
        (at(2026, 11, 23, 12), "inside"),
        (at(2026, 12, 24, 12), "inside"),  # a Thursday, no public holiday by law
        (at(2026, 12, 25, 12), "outside"),
        (at(2026, 5, 14, 12), "outside"),  # Ascension
        (at(2024, 4, 26, 12), "inside"),  # no public holiday since that year
        (at(2026, 6, 5, 12), "inside"),  # nor that one ever
        (at(2026, 3, 30, 8), "inside"),  # the clocks were changed
        (at(2026, 3, 30, 8) - 1, "outside"),
    ],
)
def test_working_hours(moment: float, told: str) -> None:
    assert hours(moment) == told


@pytest.mark.parametrize("scope", [False, True])
def test_parents_and_hours_have_no_kommune(demo: Library, scope: bool) -> None:
    """What a professional may not tell the parents would, below the country, tell of violence."""
    found = facts(first(demo), [("akut-fare", "ja")], at(2026, 11, 20, 12), Place("proeve", "tre", scope=scope))
    periods = {"parents": "2026" if scope else "2026M11", "hours": "2026K4" if scope else "2026M11"}
    assert {(f.tab, f.period, f.cell) for f in found if f.tab in periods} == {
        ("parents", periods["parents"], "tre/ikke"),
        ("hours", periods["hours"], "inside"),
    }


def cells(found: list[Fact], tab: str) -> dict[str, int]:
    """Cell -> how many different facts."""
    return {
        cell: len({f.hash for f in found if (f.tab, f.cell) == (tab, cell)})
        for cell in {f.cell for f in found if f.tab == tab}
    }


def test_unsure_is_counted_of_one_and_of_several(demo: Library) -> None:
    quality = cells(facts(first(demo), [("akut-fare", "nej"), ("slag", "ved-ikke")], NOW), "quality")
    assert quality["tre/slag/unsure"] == 1 and "tre/akut-fare/unsure" not in quality
    answers = [("akut-fare", "nej"), ("hvad", "sult+ved-ikke")]
    quality = cells(facts(first(demo, "flere"), answers, NOW, Place("proeve", "flere")), "quality")
    assert quality["flere/hvad/unsure"] == 1 and quality["flere/hvem/shown"] == 1


def test_a_change_counts_once_and_only_when_it_is_one(demo: Library) -> None:
    same = facts(first(demo), [("akut-fare", "nej"), ("akut-fare", "nej")], NOW)
    assert "tre/akut-fare/changed" not in cells(same, "quality")
    there_and_back = [("akut-fare", "nej"), ("slag", "nej"), ("slag", "ja"), ("slag", "nej"), ("slag", "ved-ikke")]
    quality = cells(facts(first(demo), there_and_back, NOW), "quality")
    assert quality["tre/slag/changed"] == 1 and quality["tre/slag/answered"] == 1 and quality["tre/trist/shown"] == 1


def test_only_the_first_outcome(demo: Library) -> None:
    found = facts(first(demo), [("akut-fare", "ja"), ("akut-fare", "nej"), ("slag", "ja")], NOW)
    assert cells(found, "level") == {"proeve/akut": 1, "proeve/tre/akut": 1}
    assert cells(found, "professions") == {"tre/akut": 1} and cells(found, "topics") == {"tre/akut": 1}
    assert len(cells(found, "parents")) == 1
    assert cells(found, "quality")["tre/slag/shown"] == 1, "quality goes on"


def test_later_outcomes_have_the_same_hash_as_the_first(demo: Library) -> None:
    """When two windows reach different outcomes with the same cookie, `seen` lets one of them count."""
    one, other = (facts(first(demo), [("akut-fare", answer)], NOW) for answer in ("ja", "ved-ikke"))
    for tab in ("level", "professions", "topics", "use"):
        assert {f.hash for f in one if f.tab == tab} == {f.hash for f in other if f.tab == tab}


def test_no_two_facts_of_a_walk_and_no_two_walks_share_a_hash(demo: Library) -> None:
    found = facts(first(demo), TO_UNDREN, NOW) + facts(first(demo), TO_UNDREN, NOW, key="another")
    assert len({fact.hash for fact in found}) == len(found) == 26


# --- a kommune's own steps ---


def with_own_steps(library: Library) -> Walk:
    """The flow `tre` of a kommune with an own question, an own answer that means «ved ikke», and two own outcomes."""
    data = first(library).flow.model_dump(by_alias=True, mode="json")
    data["questions"]["slag"]["options"]["aner-ikke"] = {"label": "Aner ikke", "goto": "eget", "as": "ved-ikke"}
    data["questions"]["eget"] = {
        "title": "Eget?",
        "options": {"ja": {"label": "Ja", "goto": "som"}, "ved-ikke": {"label": "Ved ikke", "goto": "uden"}},
    }
    data["outcomes"]["som"] = {**data["outcomes"]["straks"], "as": "straks"}
    data["outcomes"]["uden"] = {**data["outcomes"]["straks"], "as": None}
    flow = Flow.model_validate(data)
    return Walk(flow, build(flow), {})


OWN = {"eget": None, "som": "straks", "uden": None}


def to_own(end: str) -> list[tuple[str, str]]:
    return [("akut-fare", "nej"), ("slag", "aner-ikke"), ("eget", end)]


def test_own_steps_are_in_no_figure_of_the_whole_country(demo: Library) -> None:
    place = Place("proeve", "tre", own=OWN)
    like = facts(with_own_steps(demo), to_own("ja"), NOW, place)
    free = facts(with_own_steps(demo), to_own("ved-ikke"), NOW, place)
    assert cells(like, "topics") == {"tre/straks": 1}, "as the national one that it is like"
    assert cells(free, "topics") == {}
    for found in (like, free):
        quality = cells(found, "quality")
        assert {cell.split("/")[1] for cell in quality} == {"akut-fare", "slag"} and quality["tre/slag/unsure"] == 1
        assert cells(found, "level") == {"proeve/straks": 1, "proeve/tre/straks": 1}
        assert cells(found, "use") == {"proeve/tre": 1} and cells(found, "professions") == {"tre/straks": 1}
        assert cells(found, "parents") == {"tre/ikke": 1} and cells(found, "hours") == {"outside": 1}


def test_own_questions_are_counted_where_it_is_their_own_installation(demo: Library) -> None:
    found = facts(with_own_steps(demo), to_own("ved-ikke"), NOW, Place("proeve", "tre", scope=True, own=OWN))
    quality = cells(found, "quality")
    assert quality["tre/eget/shown"] == quality["tre/eget/answered"] == quality["tre/eget/unsure"] == 1
    assert cells(found, "topics") == {}
