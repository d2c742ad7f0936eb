"""A participant's side of a temadag: joining, walking, answering, waiting; and that nobody reads what is another's."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from guide.training.session import LONGEST
from guide.web import shelf_of, temadag
from guide.web.practice_cookie import PracticeSeal
from guide.web.walks import now as clock
from tests.payloads import ODD
from tests.web.asking import quoted
from tests.web.gathered import Phone, Trainer, begun, joined

SEED = 20261122


def test_from_the_code_to_a_seat(app: Flask) -> None:
    one, client = begun(app), app.test_client()
    typed = client.get(f"/ov/?kode={one.code[:3].lower()}+{one.code[3:]}")
    assert (typed.status_code, typed.location) == (303, f"/ov/{one.code}")
    assert client.get(f"/ov/{one.code.lower()}").location == f"/ov/{one.code}"
    first = client.get(typed.location).get_data(as_text=True)
    assert re.findall(r'name="faggruppe" value="(\w+)"', first) == ["flere", "tre", "oevrige", "bord"]
    for bad in ({}, {"faggruppe": ""}, {"faggruppe": "laege"}, {"faggruppe": "../tre"}):
        assert client.post(typed.location, data=bad).status_code == 422
    taken = client.post(typed.location, data={"faggruppe": "tre", "navn": "Kanariefugl"})
    assert taken.status_code == 303 and one.standing()["seats"] == 1
    cookie = taken.headers["Set-Cookie"]
    assert cookie.startswith("ov=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/ov/" in cookie
    assert f"Max-Age={LONGEST}" in cookie and len(taken.headers.getlist("Set-Cookie")) == 1
    secure = app.test_client().post(typed.location, data={"faggruppe": "tre"}, base_url="https://localhost")
    assert secure.headers["Set-Cookie"].startswith("__Secure-ov=") and "; Secure" in secure.headers["Set-Cookie"]


def test_each_page_of_a_participant_says_that_it_is_practice(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    stranger = app.test_client()
    pages = [stranger.get(address).get_data(as_text=True) for address in ("/ov/", "/ov/AAAAAA", f"/ov/{one.code}")]
    phone = joined(app, one.code)
    pages.append(phone.page())
    one.does("sag", 0)
    pages.append(phone.page())
    one.does("spoerg")
    pages.append(phone.page())
    pages.append(phone.client.get(phone.begins()).get_data(as_text=True))
    pages += [phone.walks(chance), phone.page()]
    one.does("luk", 0)
    pages.append(phone.page())
    one.does("vis", 0)
    pages.append(phone.page())
    one.does("spoerg", 0, "niveau")
    pages.append(phone.page())
    one.does("slut")
    pages.append(phone.client.get(phone.base).get_data(as_text=True))
    assert len(set(pages)) == len(pages) == 13
    for text in pages:
        assert "<strong>Øvelse</strong>" in text and 'href="tel:' not in text


def test_each_faggruppe_walks_its_own_flow_and_others_choose(app: Flask) -> None:
    one = begun(app)
    one.asks()
    for group in ("tre", "flere"):
        phone = joined(app, one.code, group)
        assert 'name="flow"' not in phone.page()
        first = phone.client.get(phone.begins(0, "flere" if group == "tre" else "tre")).get_data(as_text=True)
        assert ("Er der fare nu?" if group == "tre" else "Er der fare lige nu?") in first, "whatever the form says"
    for group in ("oevrige", "bord"):
        phone = joined(app, one.code, group)
        assert re.findall(r'<option value="(\w+)"', phone.page()) == ["flere", "tre"]
        assert phone.begins(0, "findes-ikke") == phone.base
        assert phone.begins(0, "flere").endswith("/1")


def test_a_walk_becomes_one_vote_and_may_be_walked_again(app: Flask) -> None:
    one = begun(app)
    one.asks()
    phone = joined(app, one.code)
    first = phone.begins()
    assert one.standing()["answered"] == 0
    second = phone.client.post(first, data={"trin": "akut-fare", "svar": "nej"}).location
    assert one.standing()["answered"] == 0 and second.endswith("/2")
    end = phone.client.post(second, data={"trin": "slag", "svar": "ja"}).location
    assert 'data-outcome="straks"' in phone.client.get(end).get_data(as_text=True)
    store = app.extensions["guide.rooms"].store
    (vote,) = store.votes(one.code, 0)
    assert (vote.group, vote.flow, vote.level, vote.parents, vote.outcome) == ("tre", "tre", "straks", "ikke", "straks")
    assert vote.path == (("akut-fare", ("nej",)), ("slag", ("ja",)))
    phone.client.post(first, data={"trin": "akut-fare", "svar": "ja"})
    assert one.standing()["answered"] == 1 and [v.level for v in store.votes(one.code, 0)] == ["akut"]


def test_a_walk_that_is_late_is_told_and_not_counted(app: Flask) -> None:
    one = begun(app)
    one.asks()
    phone = joined(app, one.code)
    first = phone.begins()
    one.does("luk", 0)
    for late in (phone.client.get(first), phone.client.post(first, data={"trin": "akut-fare", "svar": "ja"})):
        assert (late.status_code, late.location) == (303, phone.base)
    assert "lukket for svar" in phone.page() and one.standing()["rounds"] == {}
    assert phone.answers("straks").status_code == 303 and one.standing()["rounds"] == {}


def test_who_comes_late_answers_the_next_round(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    early = joined(app, one.code)
    early.answers("straks")
    one.reveals()
    late = joined(app, one.code, "flere")
    assert "Svarene er på væggen" in late.page()
    late.answers("akut", 0)
    one.does("spoerg", 0, "niveau")
    late.answers("akut", 1)
    assert one.standing()["rounds"] == {"0": 1, "1": 1}


def test_the_faggruppe_is_the_one_of_the_first_answer(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    phone = joined(app, one.code, "tre")
    phone.client.post(phone.base, data={"faggruppe": "flere"})
    phone.answers("straks")
    phone.client.post(phone.base, data={"faggruppe": "tre"})
    phone.answers("akut")
    assert [vote.group for vote in app.extensions["guide.rooms"].store.votes(one.code, 0)] == ["flere"]


def test_a_reload_a_lost_net_and_a_new_tab_change_nothing(app: Flask) -> None:
    one = begun(app)
    one.asks()
    phone = joined(app, one.code)
    first = phone.begins()
    form = {"trin": "akut-fare", "svar": "nej"}
    assert phone.client.post(first, data=form).location == phone.client.post(first, data=form).location
    for n in (0, 3, 99):
        assert phone.client.get(f"{phone.base}/{n}").status_code in (303, 404)
    assert 'data-step="slag"' in phone.client.get(f"{phone.base}/2").get_data(as_text=True)
    assert phone.client.post(f"{phone.base}/2", data=form).location.endswith("/2"), "an answer to another question"
    assert one.standing()["answered"] == 0


def test_free_pace(app: Flask) -> None:
    one, chance = begun(app, own="En opdigtet sag"), random.Random(SEED)
    two = begun(app, "slaaet", own="En opdigtet sag")
    two.does("alle")
    phone = joined(app, two.code)
    assert phone.page().count("?runde=") == 2
    phone.walks(chance, 1)
    phone.walks(chance, 0)
    assert two.standing()["rounds"] == {"0": 1, "1": 1}
    assert "fem" in two.reveals(1) and phone.page().count("?runde=") == 1
    assert one.standing()["rounds"] == {}


# --- nobody reads what is another's ----------------------------------------------------------------------------------


def everything(app: Flask, code: str, client: FlaskClient) -> dict[str, TestResponse]:
    """What every address answers that has a code in it, asked with the cookies of this browser."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "code" not in rule.arguments:
            continue
        values = {"<code>": code, "<secret>": "A" * 22, "<int:n>": "1"}
        address = re.sub("|".join(values), lambda m, v=values: v[m[0]], rule.rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            found[f"{method} {address}"] = client.open(address, method=method)
    return found


def open_to(app: Flask) -> set[str]:
    """The trainer's addresses that answer a participant, who tries the own cookie as a trainer's too."""
    one = begun(app)
    one.asks("niveau")
    phone = joined(app, one.code)
    phone.answers("straks")
    mine = phone.client.get_cookie("ov", path="/ov/")
    assert mine
    for name in (f"temadag-{one.code}", f"__Secure-temadag-{one.code}"):
        phone.client.set_cookie(name, mine.value, path=f"/temadag/{one.code}")
    answers = everything(app, one.code, phone.client)
    trainers = {asked: got.status_code for asked, got in answers.items() if " /temadag/" in asked}
    assert len(trainers) >= 6 and one.standing()["version"] == 3
    return {asked for asked, status in trainers.items() if status != 404}


def test_a_participant_sees_no_page_of_the_trainer(app: Flask) -> None:
    assert open_to(app) == set()


def test_a_planted_page_that_any_cookie_opens_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = temadag._led
    monkeypatch.setattr(temadag, "_led", lambda code: request.cookies.get(temadag._cookie(code)) or real(code))
    assert any(asked.endswith("/vaeg") for asked in open_to(app))


def told(phone: Phone) -> list[str]:
    """All that a phone can read, without what is by chance in a page."""
    got = [phone.client.get(address) for address in (phone.base, f"{phone.base}/stand", f"{phone.base}/1", "/ov/")]
    return [f"{one.status_code} {one.headers.get('ETag')} {one.get_data(as_text=True)}" for one in got]


def what_a_phone_learns(app: Flask, one: Trainer) -> int:
    """How many of the others' doings change anything that a phone that waits can read."""
    watcher, changed = joined(app, one.code), 0
    before = told(watcher)
    for choice in ("straks", "akut", "undren", "straks"):
        other = joined(app, one.code, "flere")
        other.answers(choice)
        after = told(watcher)
        changed, before = changed + (after != before), after
    return changed


def test_a_phone_learns_nothing_of_what_others_answer(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    assert what_a_phone_learns(app, one) == 0
    assert joined(app, one.code).client.get(f"/ov/{one.code}/stand").get_json() == {"version": "0-0-a"}
    one.reveals()
    phone = joined(app, one.code)
    assert "fordeling" not in phone.page(), "answers are on the wall alone"


def test_a_planted_count_on_the_phone_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    store = app.extensions["guide.rooms"].store
    real = store.seen_from

    def telling(code: str, seat: str) -> object:
        session, *rest = real(code, seat)
        return replace(session, at=sum(store.state(code).answered.values())), *rest

    one = begun(app)
    one.asks("niveau")
    monkeypatch.setattr(store, "seen_from", telling)
    assert what_a_phone_learns(app, one) == 4


def test_a_seat_of_another_room_is_no_seat_here(app: Flask) -> None:
    one, other = begun(app), begun(app)
    one.asks("niveau")
    phone = joined(app, other.code)
    assert "Hvilket fag" in phone.client.get(f"/ov/{one.code}").get_data(as_text=True)
    phone.client.post(f"/ov/{one.code}/svar", data={"runde": "0", "svar": "straks"})
    assert one.standing()["answered"] == 0


def test_a_cookie_that_is_not_ours_is_no_seat(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    phone = joined(app, one.code)
    kept = phone.client.get_cookie("ov", path="/ov/")
    assert kept
    other = PracticeSeal(("another key of at least 32 characters",))
    seal, now = app.extensions["guide.rooms"].seal, clock()
    seat = seal.open(kept.value, now)
    forged = [kept.value[:-4] + "AAA=", other.close(seat, now), *ODD[:20]]
    for value in forged:
        stranger = app.test_client()
        stranger.set_cookie("ov", quoted(value) if not value.isascii() else value, path="/ov/")
        stranger.post(f"{phone.base}/svar", data={"runde": "0", "svar": "straks"})
        assert one.standing()["answered"] == 0, value
    stranger = app.test_client()
    stranger.set_cookie("ov", seal.close(seat, now - LONGEST - 60), path="/ov/")
    assert "Hvilket fag" in stranger.get(phone.base).get_data(as_text=True)
    phone.answers("straks")
    assert one.standing()["answered"] == 1


def test_the_cookie_of_a_real_walk_is_never_touched(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    one.asks()
    phone = joined(app, one.code)
    client = phone.client
    client.post("/proeve/tre/start")
    client.post("/proeve/tre/1", data={"trin": "akut-fare", "svar": "nej"})
    walk = client.get_cookie("walk")
    assert walk
    phone.walks(chance)
    assert client.get_cookie("walk") == walk
    assert 'data-step="slag"' in client.get("/proeve/tre/2").get_data(as_text=True)
    seat = client.get_cookie("ov", path="/ov/")
    client.post("/proeve/tre/2", data={"trin": "slag", "svar": "ja"})
    client.get("/farvel")
    client.post("/forlad")
    assert client.get_cookie("ov", path="/ov/") == seat and "Dit svar er sendt" in phone.page()
    swapped = app.test_client()
    swapped.set_cookie("ov", walk.value, path="/ov/")
    assert "Hvilket fag" in swapped.get(phone.base).get_data(as_text=True)
    swapped.set_cookie("walk", seat.value if seat else "")
    assert swapped.get("/proeve/tre/2").status_code != 200


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["forloeb", "niveau", "foraeldre", "tegn"])
def test_odd_input_is_refused_and_never_a_fault(app: Flask, kind: str) -> None:
    one = begun(app)
    one.asks(kind)
    phone = joined(app, one.code)
    statuses = set()
    for odd in (*ODD, "9" * 5_000, "-1", "99999999999999999999"):
        asked = quoted(odd)
        for got in (
            phone.client.get(f"{phone.base}?runde={asked}"), phone.client.get(f"/ov/{asked}"),
            phone.client.get(f"/ov/?kode={asked}"), phone.client.get(f"{phone.base}/{asked}"),
            phone.client.get(f"{phone.base}?ret={asked}&runde=0"),
            phone.client.post(phone.base, data={"faggruppe": odd}),
            phone.client.post(f"{phone.base}/svar", data={"runde": odd, "svar": "straks"}),
            phone.client.post(f"{phone.base}/svar", data={"runde": "0", "svar": odd}),
            phone.client.post(f"{phone.base}/begynd", data={"runde": odd, "flow": odd}),
            phone.client.post(f"{phone.base}/1", data={"trin": odd, "svar": odd}),
        ):  # fmt: skip
            statuses.add(got.status_code)
            assert got.status_code in (200, 303, 308, 400, 404, 405, 413, 422, 429), (odd, got.request.path)
    known = {"niveau": {"straks", "akut"}}.get(kind, set())  # two of them are answers to this
    assert one.standing()["answered"] == len(known) // 2 and statuses >= {303, 404, 422}


def test_missing_fields(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    phone = joined(app, one.code)
    for address in ("/svar", "/begynd"):
        assert phone.client.post(phone.base + address).status_code == 303
    assert phone.client.post(phone.base).status_code == 422 and phone.client.post(f"{phone.base}/1").status_code == 303
    assert one.standing()["answered"] == 0


def test_nothing_rings_from_practice(shipped_app: Flask) -> None:
    """In a real walk some steps of an outcome are a link to a number or to the law; in practice none is."""
    unlinked = temadag.unlinked

    library = shelf_of(shipped_app).library
    with shipped_app.test_request_context("/ov/ABCDEF/1"):
        pieces = [
            shipped_app.jinja_env.filters["md"](one.text)
            for playable in library.flows.values()
            for outcome in playable.flow.outcomes.values()
            for one in outcome.do
        ]
    assert any('href="tel:' in piece for piece in pieces) and any('href="/lov/' in piece for piece in pieces)
    assert not [piece for piece in pieces if "<a" in unlinked(piece) or "href" in unlinked(piece)]
    assert "Ring" in "".join(unlinked(piece) for piece in pieces)
