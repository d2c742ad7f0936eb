"""What the wall tells of a round: which signs one may choose, in what order, of the law, and of the room as a whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask, render_template_string
from markupsafe import escape

from guide.library.library import Library
from guide.model import Level, Parents
from guide.paper import tray, unkept
from guide.training.session import OWN, Round, Session, Stage
from guide.training.store import Store
from guide.training.tally import Result
from guide.training.votes import OTHERS, TABLE, Kind, Vote
from guide.web import results, shelf_of
from guide.web.results import Figure, Revealed, revealed, signs
from tests.web.gathered import begun, joined
from tests.web.shown import asked, told, ways

CASE, SEED = "skole-en-mor-ringer", 20261123
SEVERAL = ["skole"] * 9 + ["tandpleje"] * 6 + ["dagtilbud"] * 5 + [OTHERS, TABLE]
CHOICES = ("bekymring", "underret", "straks")
PARTS = '{% import "training/parts.html" as room with context %}'
LEAF = PARTS + "{% for sheet in found.sheets(true) %}{{ room.leaf(sheet, found) }}{% endfor %}"


def direct(groups: list[str], *choices: str) -> list[Vote]:
    """Direct answers, by turns."""
    return [Vote(group, "", choices[n % len(choices)]) for n, group in enumerate(groups)]


def page(app: Flask, found: Revealed) -> str:
    """Every sheet of the wall, one after the other."""
    with app.test_request_context():
        return render_template_string(LEAF, found=found, library=app.extensions["guide"].library)


# Signs


def unasked(app: Flask) -> list[str]:
    """Cases whose own signs are not what the wall shows, in the order of the story, with no range."""
    library: Library = app.extensions["guide"].library
    wrong = []
    for name, case in library.cases.items():
        offered = results.signs(library, name)
        found = told(app, asked(name, Kind.sign), direct(SEVERAL, *case.signs))
        (figure,) = found.figures
        whole = figure.result.charts[0].bars if figure.result.charts else ()
        rows = re.findall(r'<th scope="row">([^<]+)</th>', page(app, found).partition('class="fordeling')[2])
        if not (
            list(offered.items()) == list(case.signs.items()) == list(figure.words.items())
            and [bar.choice for bar in whole] == list(offered)
            and rows[: len(offered)] == [str(escape(said)) for said in offered.values()]
            and not figure.range
            and not figure.beside
        ):
            wrong.append(name)
    return wrong


def test_of_every_case_one_can_say_what_weighs_most_and_none_is_the_right_one(shipped_app: Flask) -> None:
    library: Library = shipped_app.extensions["guide"].library
    assert unasked(shipped_app) == []
    assert signs(library, OWN) == signs(library, "findes-ikke") == signs(library, None) == {}


@pytest.mark.parametrize(
    "fault",
    [
        lambda library, case: {},
        lambda library, case: dict(reversed(library.cases[case].signs.items())),
        lambda library, case: library.cases[CASE].signs,
    ],
)
def test_planted_signs_that_are_not_those_of_the_case_are_found(
    shipped_app: Flask, monkeypatch: pytest.MonkeyPatch, fault: Callable[[Library, str], dict[str, str]]
) -> None:
    monkeypatch.setattr(results, "signs", fault)
    assert len(unasked(shipped_app)) >= len(shipped_app.extensions["guide"].library.cases) - 1


def test_a_phone_chooses_a_sign_and_the_sheet_to_take_home_has_them_all(
    shipped_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tray, "COMMAND", ("/bin/cat",))  # a press that hands on what it was given
    monkeypatch.setattr(unkept, "PAUSE", 0.0)
    case = shipped_app.extensions["guide"].library.cases[CASE]
    one = begun(shipped_app, CASE, own="En opdigtet sag.")
    one.asks("tegn")
    for n, group in enumerate(["skole"] * 6 + ["tandpleje"] * 6):
        phone = joined(shipped_app, one.code, group)
        offered = re.findall(r'name="svar" value="([\w-]+)".*?<label[^>]*>([^<]+)</label>', phone.page())
        assert dict(offered) == {name: str(escape(said)) for name, said in case.signs.items()}
        phone.answers("findes-ikke" if n % 2 else "soester")
    assert one.standing()["answered"] == 6, "what is no sign of the case is no answer"
    wall = one.reveals().partition('class="fordeling')[2]
    sheet = one.client.get(f"{one.base}resultat.pdf").text.partition("tegn, der vejer mest")[2]
    for said in case.signs.values():
        assert str(escape(said)) in wall and str(escape(said)) in sheet, said
    one.does("sag", 1)
    steering = one.client.get(one.base).get_data(as_text=True)
    offered = steering.partition('class="knapper"')[2].partition("</section>")[0]
    assert 'value="niveau"' in offered and 'value="tegn"' not in offered, "the trainer's own case has none"


# The order of the sheets


def kinds(found: Revealed) -> list[str]:
    """The sheets, cards as one."""
    return list(dict.fromkeys(sheet.kind for sheet in found.sheets(True)))


def test_after_a_direct_question_the_range_waits_until_the_case_was_walked(shipped_app: Flask) -> None:
    votes, walks = direct(SEVERAL, *CHOICES), ways(shipped_app.extensions["guide"].library, "skole", 9)
    found = told(shipped_app, asked(CASE, Kind.level), votes)
    assert kinds(found) == ["tal", "snak", "spaend", "lov", "kort", "mandag"]
    assert [sheet.kind for sheet in found.sheets(False) if not sheet.late] == ["tal"]
    assert next(one for one in found.sheets(True) if one.kind == "spaend").title.startswith("Her røber vi spændet")
    walked = told(shipped_app, asked(CASE, Kind.level, Kind.walk), votes, walks)
    assert kinds(walked) == ["tal", "skilte", "spaend", "lov", "snak", "kort", "mandag"]
    assert [sheet.kind for sheet in walked.sheets(False) if sheet.late][0] == "snak"
    assert next(one for one in walked.sheets(True) if one.kind == "spaend").title == "Det, man kan forsvare"
    after = told(shipped_app, asked(CASE, Kind.level, Kind.walk, on=0), votes, walks)
    assert kinds(after) == ["tal", "spaend", "lov", "snak", "kort", "mandag"]


def marked(app: Flask, found: Revealed) -> bool:
    """Whether the first sheet shows the range."""
    with app.test_request_context():
        leaf = PARTS + "{{ room.leaf(found.sheets(false)[0], found) }}"
        return 'class="spaend"' in render_template_string(leaf, found=found)


def test_before_and_after_does_not_give_the_range_away_either(shipped_app: Flask) -> None:
    votes, walks = direct(SEVERAL, *CHOICES), ways(shipped_app.extensions["guide"].library, "skole", 9)
    twice = told(shipped_app, asked(CASE, Kind.level, Kind.level), votes, votes[::-1])
    assert twice.figures[0].before and not marked(shipped_app, twice)
    assert "Hvad flyttede sig" in page(shipped_app, twice)
    walked = asked(CASE, Kind.walk, Kind.level, Kind.level)
    assert marked(shipped_app, told(shipped_app, walked, walks, votes, votes[::-1]))
    once = asked(CASE, Kind.walk, Kind.level)
    assert not marked(shipped_app, told(shipped_app, once, walks, votes)), "the first time never"


# The law


def test_of_the_law_the_duty_comes_first_and_little_at_once(shipped_app: Flask) -> None:
    library: Library = shipped_app.extensions["guide"].library
    for name, case in library.cases.items():
        found = told(shipped_app, asked(name, Kind.level), [])
        outcome = library.flows[case.flow].flow.outcomes[library.scenarios[case.flow][case.scenario].ends]
        assert sorted((*found.laws, *found.more)) == sorted(outcome.law), "each once, none left out"
        assert found.laws[0] == "skaerpet-pligt" and 2 <= len(found.laws) <= 4, name
        assert all(library.law[one].duty or results.binding(library, one) for one in found.laws), name
        later = [results.binding(library, one) for one in found.more]
        assert later == sorted(later, reverse=True), f"{name}: guidance comes last"
        if "personlig-pligt" in outcome.law:
            assert "personlig-pligt" in found.laws, name
    abroad = told(shipped_app, asked("sundhedspleje-hun-vil-foede-i-sverige", Kind.level), [])
    assert abroad.laws == ("skaerpet-pligt", "skaerpet-pligt-gravid", "personlig-pligt", "flytning")


def test_a_rule_says_once_where_it_stands_and_no_number_that_nobody_saw(shipped_app: Flask) -> None:
    library: Library = shipped_app.extensions["guide"].library
    for name, rule in library.law.items():
        said = results.place(library, name)
        words = [word for word in said.lower().split() if len(word) > 6]
        assert len(words) == len(set(words)) and ("Vejledning" not in said or said.count("jledning") == 1), said
        assert rule.status == "verified" or rule.number not in said, name
    assert results.place(library, "skaerpet-pligt") == "Barnets lov § 133, stk. 1"
    assert results.place(library, "egen-indsats") == "Vejledning nr. 9471, kapitel 1"


# The range in words


def test_what_the_range_means_is_true_of_every_case(shipped_app: Flask) -> None:
    library: Library = shipped_app.extensions["guide"].library
    for name, case in library.cases.items():
        found = told(shipped_app, asked(name, Kind.level), [])
        said, least = found.allowed, min(case.expected.levels, key=lambda level: level.rank)
        assert ("ikke ét svar" in said) == (len(case.expected.levels) > 1), name
        assert said.startswith("Guiden kan forsvare ét niveau her") or len(case.expected.levels) > 1
        assert "er altid i orden" in said or "skriv underretningen samme dag" in said, "never a wrong answer"
        assert ("Ring 112 først" in said) == (least is Level.akut), name
        assert ("Ring nu" in said) == (least is Level.straks), name
        beside = found.figures[0].beside
        assert set(beside) == {"underret", "straks", "akut"} - {level.value for level in case.expected.levels}
        for level, words in beside.items():
            first = Level(level).rank < least.rank
            assert words.startswith("ring ") == first and (not first or ("112" in words) == (least is Level.akut))
    assert told(shipped_app, asked("skole-i-aften", Kind.parents), []).figures[0].beside == {}


# The room as a whole


def named(app: Flask, found: Revealed) -> set[str]:
    """The groups that charts and partings tell of."""
    charts = [chart.group for one in found.figures for chart in one.result.charts]
    pairs = [chart.group for one in found.figures for pair in one.before for chart in pair]
    return {*charts, *pairs, *(one.group for one in found.partings)} - {""}


def leaking(app: Flask, together: bool) -> list[str]:
    """What is told of a faggruppe, in numbers, in words, or by what changes when people change their faggruppe."""
    library: Library = app.extensions["guide"].library
    chance, found = random.Random(SEED), list[str]()
    walks = [*ways(library, "skole", 9), *ways(library, "tandpleje", 6), *ways(library, "dagtilbud", 5, TABLE)]
    for kind, votes in ((Kind.level, direct(SEVERAL, *CHOICES)), (Kind.walk, walks), (Kind.walk, walks[:9])):
        again = chance.sample(votes, len(votes))
        session = asked("tandpleje-kollegaens-soen", kind, kind, together=together)
        here = told(app, session, votes, again)
        swapped = [[replace(vote, group=group) for vote, group in zip(one, groups, strict=True)] for one, groups in (
            (votes, chance.sample([vote.group for vote in votes], len(votes))),
            (again, [OTHERS] * len(again)),
        )]  # fmt: skip
        if page(app, told(app, session, *swapped)) != page(app, here):
            found.append(f"{kind}: another page when people change places")
        found += [f"{kind}: {group}" for group in sorted(named(app, here))]
        tables = page(app, here).split('class="snak"')[0].split('class="spaendet"')[0]
        titles = [playable.flow.title for playable in library.flows.values()]
        found += [f"{kind}: «{title}»" for title in (*titles, "Øvrige", "Blandede") if title in tables]
        if not here.figures[0].result.charts or not here.figures[0].before:
            found.append(f"{kind}: not even the whole room")
    return found


def test_together_nothing_is_told_of_a_faggruppe(shipped_app: Flask) -> None:
    assert leaking(shipped_app, together=True) == []
    assert any("change places" in one for one in leaking(shipped_app, together=False)), "a planted fault"
    assert any("«Skolen»" in one for one in leaking(shipped_app, together=False))


def test_together_the_wall_says_so_and_tells_no_parents_rules_of_several_flows(shipped_app: Flask) -> None:
    library: Library = shipped_app.extensions["guide"].library
    walks = [*ways(library, "skole", 9), *ways(library, "tandpleje", 6)]
    found = told(shipped_app, asked(CASE, Kind.walk, together=True), walks)
    level, parents = found.figures
    assert [chart.group for chart in level.result.charts] == [""] and level.result.charts[0].low == 15
    assert parents.mixed and all((bar.low, bar.high) == (0, 15) for bar in parents.result.charts[0].bars)
    shown = page(shipped_app, found)
    assert "Her står kun hele rummet" in shown and "Svarene om forældrene kan røbe et fag" in shown
    assert "for få svar til at vise fagene" not in shown
    alone = told(shipped_app, asked(CASE, Kind.walk, together=True), ways(library, "skole", 9))
    assert not alone.figures[1].mixed


def test_planted_votes_that_keep_their_groups_are_found(shipped_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "_pooled", lambda votes, together: votes)
    assert leaking(shipped_app, together=True) != []


# --- what is not shown, and what is in order too ---------------------------------------------------------------------


def walks(*levels: str, flow: str = "skole", group: str | None = None, parents: str = "foerst") -> list[Vote]:
    return [Vote(group or flow, flow, "", level, parents) for level in levels]


def figures(app: Flask, votes: list[Vote], kind: Kind = Kind.walk, **more: bool) -> Revealed:
    """What is told of these votes to the first case."""
    shelf = shelf_of(app)
    session = Session((CASE,), 10**10, "hele-landet", at=0, on=0, rounds=(Round(CASE, kind, 1, Stage.shown),), **more)
    with app.app_context():
        return revealed(shelf, session, cast("Store", SimpleNamespace(votes=lambda *_: votes)), "ABCDEF")


def test_others_of_several_flows_have_no_column_of_parents_rules(shipped_app: Flask) -> None:
    mixed = walks(*["bekymring"] * 6) + walks("underret", "underret", "straks", flow="tandpleje")
    mixed += walks("undren", "akut", flow="dagtilbud")
    level, parents = figures(shipped_app, mixed).figures
    assert [chart.group for chart in level.result.charts] == ["", "skole", OTHERS]
    assert [chart.group for chart in parents.result.charts] == ["skole"] and parents.left_out
    assert not level.left_out and not parents.mixed
    alone = figures(shipped_app, mixed[3:]).figures[1]
    assert alone.mixed and not alone.left_out, "where nothing else stands the wall says why"


def test_numbers_that_do_not_tell_what_most_answered_say_so(shipped_app: Flask) -> None:
    even = walks("undren", "undren", "bekymring", "bekymring", "underret", "underret", "straks", "akut")
    clear = walks(*["bekymring"] * 12, *["underret"] * 2)
    assert [figures(shipped_app, votes).figures[0].close for votes in (even, clear)] == [True, False]


@pytest.mark.parametrize(
    ("told", "too"),
    [
        (("foerst",), ["efter-aftale"]), (("foerst", "orienter"), ["efter-aftale"]), (("efter-aftale",), ["ikke"]),
        (("foerst", "orienter", "efter-aftale"), ["ikke"]), (("ikke",), []), (("efter-aftale", "ikke"), []),
        (("tilkald", "efter-aftale"), []),
    ],
)  # fmt: skip
def test_a_parents_rule_that_is_more_careful_is_in_order_too(told: tuple[str, ...], too: list[str]) -> None:
    """Nobody stands alone on the wall for asking the kommune first; but parents of a child in danger are called."""
    words = {rule.value: rule.value for rule in Parents}
    assert list(Figure("Forældrene", words, Result(0, ()), range=told).beside) == too


def test_where_ways_part_is_asked_about_also_when_it_cannot_be_shown(shipped_app: Flask) -> None:
    told = figures(shipped_app, walks(*["bekymring"] * 6))
    assert not told.partings and "skilte" in [sheet.kind for sheet in told.sheets(False)]
    for votes, kind in ((walks("bekymring"), Kind.walk), (walks(*["bekymring"] * 6), Kind.parents)):
        assert "skilte" not in [sheet.kind for sheet in figures(shipped_app, votes, kind).sheets(False)]


def test_what_a_jurist_has_still_to_see_never_comes_first(shipped_app: Flask) -> None:
    library = shelf_of(shipped_app).library
    seen = [results._laws(library, case) for case in library.cases.values()]
    assert all(library.law[name].status == "verified" for first, _ in seen for name in first)
    assert any(library.law[name].status == "to-check" for _, more in seen for name in more)
