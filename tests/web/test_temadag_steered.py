"""What a trainer can mend or choose while a temadag runs, what is said before a case is read, and how one passes."""

from __future__ import annotations

import html
import random
import re

import pytest
from flask import Flask

from guide.web import shelf_of
from guide.web.material import programme_of
from guide.web.practice_cookie import Seated
from guide.web.temadag import STARTS
from guide.web.walks import now as clock
from tests.web.gathered import CASE, Phone, begun, joined

SEED = 20261122


def test_a_round_closed_too_early_is_opened_again_until_it_is_shown(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    phone, late = joined(app, one.code), joined(app, one.code)
    phone.answers("straks")
    one.does("luk", 0)
    assert "Der er lukket for svar" in late.page() and "Færre end fem" in one.client.get(one.base).get_data(
        as_text=True
    )
    for page in (one.wall(), one.client.get(one.base).get_data(as_text=True)):
        assert 'value="genaabn"' in page and "fordeling" not in page
    one.does("genaabn", 0)
    late.answers("akut")
    assert one.standing()["answered"] == 2
    one.reveals()
    assert 'value="genaabn"' not in one.wall()
    assert one.does("genaabn", 0).status_code == 422


def test_a_room_is_closed_for_new_phones_and_open_for_those_inside(app: Flask) -> None:
    one = begun(app)
    phone = joined(app, one.code)
    assert 'class="qr"' in one.wall()
    one.does("ingen-nye")
    assert 'class="qr"' not in one.wall() and "lukket for nye telefoner" in one.wall()
    stranger = app.test_client()
    shown = stranger.get(f"/ov/{one.code}")
    assert shown.status_code == 403 and "lukket for nye telefoner" in shown.get_data(as_text=True)
    pressed = stranger.post(f"/ov/{one.code}", data={"faggruppe": "tre"})
    assert pressed.status_code == 403 and "ov" not in pressed.headers.get("Set-Cookie", "")
    assert one.standing()["seats"] == 1
    phone.client.post(phone.base, data={"faggruppe": "flere"})
    one.asks("niveau")
    phone.answers("straks")
    assert one.standing()["answered"] == 1, "who is inside goes on"
    one.does("flere")
    assert joined(app, one.code).page() and one.standing()["seats"] == 2


def test_only_the_whole_room_is_shown_where_the_trainer_says_so(app: Flask) -> None:
    def wall(*moves: str) -> str:
        one = begun(app)
        for move in moves:
            assert one.does(move).status_code == 303
        one.asks("niveau")
        for group in ("tre", "flere"):
            for n in range(6):
                joined(app, one.code, group).answers("straks" if n else "akut")
        return re.split("<tbody", one.reveals())[0]

    names = [playable.flow.title for playable in shelf_of(app).library.flows.values()]
    apart, together = wall(), wall("samlet")
    assert all(name in apart for name in names) and not any(name in together for name in names)
    assert "Hele rummet" in together


def test_what_was_shown_apart_is_never_added_up_anew(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    one.reveals()
    assert 'value="samlet"' not in one.client.get(one.base).get_data(as_text=True)
    assert one.does("samlet").status_code == 422


def test_what_a_case_is_about_stands_before_it_everywhere(shipped_app: Flask) -> None:
    case = shelf_of(shipped_app).library.cases["skole-gruppechatten"]
    one = begun(shipped_app, "skole-gruppechatten")
    first = html.unescape(one.client.get(one.base).get_data(as_text=True))
    assert "Sig først, hvad den næste sag handler om" in first and case.notice in first
    phone = joined(shipped_app, one.code, "skole")
    one.does("sag", 0)
    waiting = phone.page()
    one.does("spoerg")
    text = case.text.split(".")[0].split()[0:4]
    for page in (one.wall(), waiting, phone.page()):
        said = html.unescape(page)
        assert said.index(case.notice) < said.index(case.title) < said.index(" ".join(text)), "before it is read"


def test_an_own_case_says_what_it_is_about(app: Flask) -> None:
    one = begun(app, own="En opdigtet sag.", handler=" vold <b>mod\r\n et barn. ")
    one.does("sag", 0)
    phone = joined(app, one.code)
    for page in (one.wall(), phone.page(), one.client.get(one.base).get_data(as_text=True)):
        assert "andler om: <strong>vold &lt;b&gt;mod et barn</" in page or "om: vold &lt;b&gt;mod et barn<" in page
    client = app.test_client()
    for bad in ("x" * 91, "barnet 010203-1234"):
        assert client.post("/temadag/", data={"egen": "En sag.", "handler": bad}).status_code == 422
    alone = begun(app, own="En opdigtet sag.")
    alone.does("sag", 0)
    assert "Den handler om:" not in alone.wall() and "Opdigtet sag" in alone.wall()


def test_one_network_begins_so_many_in_a_minute(app: Flask) -> None:
    client, near, far = app.test_client(), {"X-Forwarded-For": "192.0.2.7"}, {"X-Forwarded-For": "192.0.2.8"}
    began = [client.post("/temadag/", data={"case": CASE}, headers=near).status_code for _ in range(STARTS + 1)]
    assert began == [303] * STARTS + [429]
    assert client.post("/temadag/", data={"case": CASE}, headers=far).status_code == 303


def test_in_a_free_pace_a_case_can_be_opened_again_and_its_answers_are_named(app: Flask) -> None:
    one, chance = begun(app, CASE, own="En opdigtet sag"), random.Random(SEED)
    one.does("alle")
    phone = joined(app, one.code)
    phone.client.post(phone.begins(1), data={"trin": "akut-fare", "svar": "nej"})
    one.does("luk", 1)
    steer = one.client.get(one.base).get_data(as_text=True)
    assert "Vis svarene: Jeres egen sag" in steer and 'value="genaabn"' in steer
    sent = phone.client.get(f"{phone.base}/2")
    assert sent.location == f"{phone.base}?sent=1" and "Dit svar er ikke med" in phone.page("?sent=1")
    assert one.does("genaabn", 1).status_code == 303
    phone.walks(chance, 1)
    assert one.standing()["rounds"] == {"1": 1}


def test_cases_of_the_programme_come_in_its_order(shipped_app: Flask) -> None:
    programme = programme_of(shelf_of(shipped_app).library)
    assert programme and len(programme.cases) > 1
    page = shipped_app.test_client().get("/temadag/?program=1").get_data(as_text=True)
    ticked = re.findall(r'name="case" value="([\w-]+)" id="[\w-]+" checked', page)
    assert sorted(ticked) == sorted(programme.cases) and "checked" not in shipped_app.test_client().get(
        "/temadag/"
    ).get_data(as_text=True)
    for chosen in (sorted(programme.cases), sorted(programme.cases, reverse=True)):
        one = begun(shipped_app, "tandpleje-autisme-og-boret", *chosen)
        session = shipped_app.extensions["guide.rooms"].store.state(one.code).session
        assert session.cases == (*programme.cases, "tandpleje-autisme-og-boret")


def test_after_a_direct_question_the_walk_is_one_press_away(app: Flask) -> None:
    one = begun(app)
    one.asks("foraeldre")
    wall = one.reveals()
    last = wall
    for n in range(2, 9):
        last = one.wall(f"?blad={n}&v=5")
        if "Svar igen efter snakken" in last:
            break
    assert re.search(r"Svar igen efter snakken</button>", last) and re.search(r"Gå guiden igennem</button>", last)


def test_monday_comes_when_all_cases_are_shown(app: Flask) -> None:
    one = begun(app, CASE, own="En opdigtet sag")
    one.does("alle")
    one.does("luk", 0)
    one.does("vis", 0)
    assert "på mandag" not in "".join(one.wall(f"?blad={n}&v=4") for n in range(1, 10))
    steer = one.client.get(one.base).get_data(as_text=True)
    assert 'value="genaabn"' not in steer, "what is shown is shown"
    one.does("luk", 1)
    one.does("vis", 1)
    assert "på mandag" in "".join(one.wall(f"?blad={n}&v=6") for n in range(1, 10))


# --- passing, and what goes wrong on a phone -------------------------------------------------------------------------


def passes(phone: Phone, number: int = 0) -> None:
    """Presses «Spring over» or «Tag svaret tilbage»."""
    assert phone.client.post(f"{phone.base}/over", data={"runde": str(number)}).status_code == 303


def test_who_passes_is_done_like_all_others(app: Flask) -> None:
    """Neither the trainer's count nor the phone's first lines tell who passed."""
    one = begun(app)
    one.asks("niveau")
    passing, answering = joined(app, one.code), joined(app, one.code)
    counts = []
    for act in (lambda: passes(passing), lambda: answering.answers("straks")):
        act()
        counts.append(one.standing()["answered"])
    assert counts == [1, 2]
    first = [re.split("Vent på de andre", phone.page())[0] for phone in (passing, answering)]
    assert first[0] == first[1] and "<h1>Du er færdig</h1>" in first[0]
    one.does("luk", 0)
    assert passing.page() == answering.page(), "nobody is told that he was too late"
    one.does("genaabn", 0)
    one.does("ingen-nye")
    assert "Du har sprunget over" in passing.page(), "it holds until he says otherwise"
    assert len(app.extensions["guide.rooms"].store.votes(one.code, 0)) == 1


def test_one_may_answer_after_all_or_take_it_back(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    one.asks()
    phone = joined(app, one.code)
    for page in (phone.page(), phone.client.get(phone.begins()).get_data(as_text=True)):
        assert f'action="{phone.base}/over"' in page and "Spring over" in page
    passes(phone)
    assert f'href="{phone.base}?runde=0&amp;ret=1"' in phone.page()
    assert "Gå guiden igennem" in phone.page("?ret=1&runde=0")
    phone.walks(chance)
    store = app.extensions["guide.rooms"].store
    assert len(store.votes(one.code, 0)) == 1 and "Spring over" not in phone.page("?ret=1&runde=0")
    assert "Tag svaret tilbage" in phone.page()
    passes(phone)
    assert store.votes(one.code, 0) == [] and one.standing()["answered"] == 1
    one.does("luk", 0)
    passes(phone)
    assert "Du har sprunget over" not in phone.page()


def test_what_is_done_to_the_room_is_no_news_to_a_phone(app: Flask) -> None:
    """Closing it for new phones, or another round in a free pace, sends nobody away from what he is doing."""
    one = begun(app, CASE, own="En opdigtet sag")
    one.does("alle")
    phone = joined(app, one.code)

    def stands() -> list[str]:
        return [phone.client.get(f"{phone.base}/stand{query}").get_data(as_text=True) for query in ("", "?runde=0")]

    before = stands()
    one.does("ingen-nye")
    one.does("samlet")
    assert stands() == before
    one.does("luk", 1)
    assert [a == b for a, b in zip(before, stands(), strict=True)] == [False, True]
    page = phone.client.get(phone.begins(0)).get_data(as_text=True)
    assert 'data-version="aaben"' in page and "stand?runde=0" in page
    one.does("luk", 0)
    assert "lukket" in stands()[1]


def test_a_walk_goes_on_where_it_was(app: Flask) -> None:
    one = begun(app)
    one.asks()
    phone = joined(app, one.code)
    first = phone.begins()
    assert "Fortsæt, hvor du slap" not in phone.page()
    phone.client.post(first, data={"trin": "akut-fare", "svar": "nej"})
    page = phone.page()
    assert "Fortsæt, hvor du slap" in page and "Begynd forfra" in page
    assert phone.client.get(f"{phone.base}/999").location.endswith("/2")


def test_another_faggruppe_is_another_walk(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    one.asks()
    phone = joined(app, one.code, "tre")
    phone.client.post(phone.begins(), data={"trin": "akut-fare", "svar": "nej"})
    assert "Skift fag" in phone.page()
    old = phone.client.get_cookie("ov", path="/ov/")
    phone.client.post(phone.base, data={"faggruppe": "flere"})
    assert "Fortsæt, hvor du slap" not in phone.page()
    assert old
    phone.client.set_cookie("ov", old.value, path="/ov/")
    again = phone.client.post(f"{phone.base}/2", data={"trin": "slag", "svar": "ja"})
    assert again.location == phone.base, "the walk of the faggruppe one had before leads nowhere"
    phone.walks(chance)
    (vote,) = app.extensions["guide.rooms"].store.votes(one.code, 0)
    assert (vote.group, vote.flow) == ("flere", "flere")
    assert "Skift fag" not in phone.page() and "tag svaret tilbage først" in phone.page("?skift=1")


def test_nothing_of_a_walk_stays_on_the_phone(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    one.asks()
    phone = joined(app, one.code)
    phone.walks(chance)
    seal = app.extensions["guide.rooms"].seal

    def kept() -> Seated:
        cookie = phone.client.get_cookie("ov", path="/ov/")
        assert cookie
        return seal.open(cookie.value, clock())

    before = kept()
    assert before.answers and before.flow
    one.does("slut")
    phone.client.get(f"{phone.base}/stand")
    after = kept()
    assert (after.code, after.answers, after.flow) == (one.code, {}, "") and after.seat != before.seat
    assert "Øvelsen er slut" in phone.client.get(phone.base).get_data(as_text=True)


def test_a_mixed_table_is_led_to_the_flow_of_the_case(app: Flask) -> None:
    one = begun(app)
    one.asks()
    assert re.search(r'<option value="tre" selected>', joined(app, one.code, "bord").page())
    own = begun(app, own="En opdigtet sag")
    own.asks()
    assert '<option value="">Vælg</option>' in joined(app, own.code, "bord").page()


@pytest.mark.parametrize("address", ["/ov/ABC234/9/9", "/ov/ABC234/svar", "/ov/x/y/z"])
def test_an_error_in_practice_says_practice_and_rings_nowhere(app: Flask, address: str) -> None:
    shown = app.test_client().get(address)
    text = shown.get_data(as_text=True)
    assert shown.status_code in (404, 405) and "<strong>Øvelse</strong>" in text and 'href="tel:' not in text


def test_a_fault_of_ours_in_practice_says_practice(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.web.rooms._code_page", lambda: 1 / 0)
    app.testing, app.config["PROPAGATE_EXCEPTIONS"] = False, False
    shown = app.test_client().get("/ov/")
    assert shown.status_code == 500 and "<strong>Øvelse</strong>" in shown.get_data(as_text=True)
