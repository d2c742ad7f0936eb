"""The trainer's side of a temadag: starting, steering, the wall; who may, what is refused, what an own case may be."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from guide import config, db
from guide.training.session import LONGEST
from guide.training.store import FILE
from guide.training.votes import Vote
from guide.web import create_app, temadag
from guide.web.preview import Preview
from guide.web.security import HEADERS
from tests.conftest import DEMO
from tests.payloads import _HTML, ODD
from tests.usage.network import listening
from tests.web.gathered import CASE, Trainer, begun, joined

SEED = 20261122


def test_one_checked_case_is_enough(client: FlaskClient) -> None:
    text = client.get("/temadag/").get_data(as_text=True)
    first = re.search(r'<form method="post"[^>]*>.*?</form>', text, re.DOTALL)
    assert first and re.findall(r'<input [^>]*type="checkbox"[^>]*name="case"[^>]*>', first[0])
    into = client.post("/temadag/", data={"case": CASE})
    assert into.status_code == 303 and re.fullmatch(r"/temadag/[A-HJ-NP-Z2-9]{6}/t/[\w-]{22}", into.location)


def test_the_trainers_page_has_code_address_and_drawing(app: Flask) -> None:
    one = begun(app)
    for page in (one.base, f"{one.base}vaeg"):
        text = one.client.get(page).get_data(as_text=True)
        shown = re.search(r"<output data-room-code>\s*([A-Z2-9 ]+?)\s*</output>", text)
        assert shown and shown[1].replace(" ", "") == one.code
        assert f"localhost/ov/{one.code}" in text and '<svg class="qr"' in text
    assert one.link.split("/")[-1] not in one.wall(), "the secret is not for the wall"


def test_the_secret_leads_in_once_and_nobody_else(app: Flask) -> None:
    one = begun(app)
    assert one.client.get(one.link).status_code == 303
    cookie = one.client.get(one.link).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and f"Path=/temadag/{one.code}" in cookie
    assert f"Max-Age={LONGEST}" in cookie
    stranger = app.test_client()
    for address in (one.base, f"{one.base}vaeg", f"{one.base}stand", one.link[:-1] + "x", f"{one.base}resultat.pdf"):
        assert stranger.get(address).status_code == 404, address
    assert stranger.post(f"{one.base}goer", data={"csrf_token": one.token, "goer": "slut"}).status_code == 404
    assert one.client.get(one.base).status_code == 200
    secure = app.test_client().get(one.link, base_url="https://localhost").headers["Set-Cookie"]
    assert secure.startswith("__Secure-temadag-") and "; Secure" in secure


def test_another_trainer_is_nobody_here(app: Flask) -> None:
    one, other = begun(app), begun(app)
    other.client.set_cookie(f"temadag-{one.code}", other.link.split("/")[-1], path=f"/temadag/{one.code}")
    for address in (one.base, f"{one.base}vaeg", f"{one.base}stand"):
        assert other.client.get(address).status_code == 404


def state(one: Trainer) -> tuple[object, ...]:
    """All that an action could change."""
    return (*one.standing().values(), re.findall(r"<h1>.*?</h1>", one.wall()))


def forged(one: Trainer, other: Trainer) -> list[str]:
    """The tokens with which a stranger's form is let in."""
    secret = one.link.split("/")[-1]
    tokens = ("", "x", "æ", one.token[:-1], one.token.upper(), one.token + " ", other.token, secret, one.code)
    return [token for token in tokens for what in ("luk", "sag") if one.does(what, csrf_token=token).status_code != 403]


def test_an_action_needs_the_token_of_this_session(app: Flask) -> None:
    one, other = begun(app), begun(app)
    one.asks("niveau")
    before = state(one)
    assert forged(one, other) == []
    form = {"csrf_token": one.token, "goer": "slut"}
    assert one.client.post(f"{one.base}goer", data={"goer": "slut"}).status_code == 403
    elsewhere = one.client.post(f"{one.base}goer", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert one.client.get(f"{one.base}goer?goer=slut&csrf_token={one.token}").status_code == 405
    assert state(one) == before
    assert one.does("luk", 0).status_code == 303 and state(one) != before


@pytest.mark.parametrize("fault", [lambda secret: "a" * 32, lambda secret: secret], ids=["one for all", "the secret"])
def test_a_planted_token_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch, fault: Callable[[str], str]) -> None:
    monkeypatch.setattr(temadag, "_token", fault)
    one, other = begun(app), begun(app)
    assert forged(one, other) != []


@pytest.mark.parametrize("field", ["goer", "nummer", "hvad", "fra"])
def test_odd_actions_are_refused_and_never_a_fault(app: Flask, field: str) -> None:
    one = begun(app)
    for odd in (*ODD, "9" * 5_000, "-1", "99"):
        status = one.does("sag", **{field: odd}).status_code if field != "nummer" else one.does("sag", odd).status_code
        assert status in (303, 400, 413, 422), (odd, status)
    assert one.client.post(f"{one.base}goer", data={"csrf_token": one.token}).status_code == 400
    assert one.does("vis", 7).status_code == 422 and one.does("spoerg", kind="ukendt").status_code == 400


def test_what_cannot_be_done_now_is_said_where_it_was_pressed(app: Flask) -> None:
    one = begun(app)
    refused = one.does("spoerg")
    assert refused.status_code == 422 and 'role="alert"' in refused.get_data(as_text=True)
    pressed_twice = one.does("spoerg", fra="vaeg")
    assert pressed_twice.status_code == 303 and pressed_twice.location.endswith("/vaeg"), "never the link on the wall"


def test_a_start_that_cannot_be_is_told(client: FlaskClient) -> None:
    bad: list[dict[str, object]] = [
        {}, {"case": "findes-ikke"}, {"case": ["findes-ikke", "../x"]}, {"egen": "   "}, {"egen": "x" * 3_001},
    ]  # fmt: skip
    for form in bad:
        refused = client.post("/temadag/", data=form)
        assert refused.status_code == 422 and 'role="alert"' in refused.get_data(as_text=True), form
    assert client.post("/temadag/", data={"egen": "x" * 20_000}).status_code == 413
    for odd in ODD:
        assert client.post("/temadag/", data={"case": CASE, "kommune": odd}).status_code == 303, odd


NUMBERS = (
    "010203-1234", "010203 1234", "0102031234", "01 02 03 1234", "01.02.03-1234", "010203–1234", "010203 - 1234",
    "010203/1234", "010203_1234", "０１０２０３－１２３４", "٠١٠٢٠٣-١٢٣٤", "010203\u00ad1234", "0102\u200b031234",
    "010203\n1234", "¹¹⁰²⁰³-¹²³⁴", "①①⓪②⓪③①②③④", "0 1 0 2 0 3 1 2 3 4", "010203\u20111234", "010203\u22121234",
    "(010203)1234", "010203,1234", "cpr:0102031234.", "pigen010203-1234er", "12 34 56 78", "+45 12345678",
)  # fmt: skip
"""How a number that names somebody may be written. All are made up."""

FINE = (
    "Hun er 7 år, går i 2. b, og har været væk 14 dage.", "Kl. 8.15 kom han, og kl. 9 gik han. Det var den 3. maj.",
    "Tre gange på 6 uger, mest om mandagen, 10 eller 12 elever så det.",
)  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_of_people_are_refused_however_written(client: FlaskClient, number: str) -> None:
    refused = client.post("/temadag/", data={"case": CASE, "egen": f"Et barn, {number}, sagde noget."})
    assert refused.status_code == 422 and "cpr-numre" in refused.get_data(as_text=True)


def test_a_case_without_such_numbers_is_taken(client: FlaskClient) -> None:
    for text in FINE:
        assert client.post("/temadag/", data={"egen": text}).status_code == 303, text


def test_the_page_warns_against_real_cases(client: FlaskClient) -> None:
    text = client.get("/temadag/").get_data(as_text=True)
    assert "Brug aldrig en rigtig sag" in text and 'maxlength="2000"' in text


OURS = re.compile(r'<script src="/static/[^>]*></script>|<svg class=.*?</svg>', re.DOTALL)
RUNS = re.compile(r"(?i)<(?:script|img|iframe|object|svg|b|style|h1>Stor)\b|<[^>]*\son\w+\s*=|<a [^>]*(?:evil|script:)")
"""What in a page would run, look different or lead away."""


def test_an_own_case_runs_nothing_and_leads_nowhere(app: Flask) -> None:
    payloads = ["[x](javascript:ran=1)", "![x](//evil.example/x.png)", "{{7*7}}", "<b>a</b>", "# Stor", *_HTML[:55]]
    for start in range(0, len(payloads), 20):
        one = begun(app, own="\n\n".join(payloads[start : start + 20]))
        one.does("sag", 0)
        phone = joined(app, one.code)
        pages = [one.wall(), phone.page()]
        one.does("spoerg")
        pages += [one.wall(), phone.page(), phone.client.get(phone.begins(0, "tre")).get_data(as_text=True)]
        pages += [one.client.get(one.base).get_data(as_text=True)]
        for text in pages:
            assert not RUNS.search(OURS.sub("", text))
        assert sum("ran=1" in text for text in pages) >= 3, "the text is there to be read"
    assert all(RUNS.search(payload) for payload in ("<IMG SRC=x>", "<p onclick=x>", "<b>x</b>", "<a href='//evil'>"))
    assert "&lt;script&gt;ran=1&lt;/script&gt;" in _first_wall(app, "<script>ran=1</script>")


def test_an_own_case_that_is_refused_comes_back_as_text(client: FlaskClient) -> None:
    refused = client.post("/temadag/", data={"egen": "</textarea><script>ran=1</script> 010203-1234"})
    text = refused.get_data(as_text=True)
    assert "&lt;/textarea&gt;&lt;script&gt;ran=1" in text and "<script>ran" not in text


def _first_wall(app: Flask, own: str) -> str:
    one = begun(app, own=own)
    one.does("sag", 0)
    return one.wall()


@pytest.mark.parametrize("sheet", ["0", "-1", "99", "x", "1e999", "9" * 5_000, "٣"])
def test_an_odd_sheet_of_the_wall(app: Flask, sheet: str) -> None:
    one = begun(app)
    one.asks("niveau")
    one.reveals()
    assert one.wall(f"?blad={sheet}&v=5") and one.wall(f"?blad=1&v={sheet}")


def test_paragraphs_of_an_own_case_stay(app: Flask) -> None:
    shown = _first_wall(app, "En drengs\r\nandet\r\n\r\nNæste *afsnit*\r\n")
    assert "<p>En drengs<br>andet</p><p>Næste *afsnit*</p>" in shown


def test_lines_end_as_the_browser_counts_them(client: FlaskClient) -> None:
    """A text area counts a line's end as one character and sends two."""
    assert client.post("/temadag/", data={"egen": "x\r\n" * 999 + "xy"}).status_code == 303


def test_the_wall_counts_and_shows_nothing_before_it_is_closed(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    phones = [joined(app, one.code, group) for group in ["tre"] * 6 + ["flere"] * 5]
    tag = one.client.get(f"{one.base}stand").headers["ETag"]
    assert one.client.get(f"{one.base}stand", headers={"If-None-Match": tag}).status_code == 304
    before = one.wall()
    for phone in phones:
        assert phone.answers("straks").status_code == 303
    assert one.standing()["answered"] == 11
    assert one.client.get(f"{one.base}stand", headers={"If-None-Match": tag}).status_code == 200
    counted = one.wall()
    assert re.sub(r"\d+", "", counted) == re.sub(r"\d+", "", before), "only numbers move"
    assert one.does("vis", 0).status_code == 422 and "Svarene</h1>" not in one.wall()
    shown = one.reveals()
    assert "fordeling" in shown


def test_talk_and_vote_again_show_before_and_after(app: Flask) -> None:
    one, chance = begun(app), random.Random(SEED)
    one.asks()
    phones = [joined(app, one.code, "tre") for _ in range(7)]
    for phone in phones:
        phone.walks(chance)
    one.reveals()
    assert one.does("spoerg").status_code == 303
    for phone in phones:
        phone.walks(chance, 1)
    shown = one.reveals(1)
    assert "Før" in shown and "Efter" in shown
    assert one.does("spoerg").status_code == 422


def test_the_end_is_the_end(app: Flask) -> None:
    one = begun(app, own="Et opdigtet barn")
    phone = joined(app, one.code)
    ended = one.does("slut")
    assert ended.status_code == 303 and ended.location == "/temadag/slut"
    assert one.client.get("/temadag/slut").status_code == 200
    for address in (one.base, f"{one.base}vaeg", f"{one.base}stand", one.link):
        assert one.client.get(address).status_code == 404, address
    for address in (phone.base, f"{phone.base}/stand", f"{phone.base}/1"):
        assert phone.client.get(address).status_code == 404, address
    assert "slettet" in phone.client.get(phone.base).get_data(as_text=True)
    assert app.test_client().get(phone.base).status_code == 404


def test_after_twelve_hours_every_page_is_gone(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    one = begun(app)
    phone = joined(app, one.code)
    store = app.extensions["guide.rooms"].store
    real = store._clock
    monkeypatch.setattr(store, "_clock", lambda: real() + LONGEST)
    for address in (one.base, f"{one.base}vaeg", f"{one.base}stand", one.link):
        assert one.client.get(address).status_code == 404, address
    assert phone.client.get(phone.base).status_code == 404


def test_too_many_sessions_are_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.training.store.MOST", 1)
    begun(app)
    refused = app.test_client().post("/temadag/", data={"case": CASE})
    assert refused.status_code == 503 and "Prøv igen" in refused.get_data(as_text=True)


def test_every_answer_has_our_headers(app: Flask) -> None:
    one = begun(app)
    one.asks()
    phone = joined(app, one.code)
    asked = [
        one.client.get(a)
        for a in ("/temadag/", one.base, f"{one.base}vaeg", f"{one.base}stand", one.link, "/temadag/slut")
    ]
    asked += [phone.client.get(a) for a in ("/ov/", phone.base, f"{phone.base}/stand", "/ov/AAAAAA", "/ov/?kode=x")]
    asked += [one.does("x"), one.does("luk", csrf_token=""), phone.answers("x"), app.test_client().get(one.base)]
    for response in asked:
        for name, value in HEADERS.items():
            assert response.headers.getlist(name) == [value], name
        assert response.headers["Cache-Control"] == "no-store"
        text = response.get_data(as_text=True)
        assert "style=" not in text and not re.search(r"<script(?![^>]*src=)|<style", text)


# --- where a session is played ---------------------------------------------------------------------------------------


def whole(app: Flask, **more: str) -> str:
    """A short session; the wall at its end."""
    one, chance = begun(app, **more), random.Random(SEED)
    one.asks()
    for _ in range(5):
        joined(app, one.code).walks(chance)
    return one.reveals()


def test_in_a_kommune_with_its_own_questions(shipped_app: Flask) -> None:
    """Ways may part at a question that only this kommune asks."""
    shelf = shipped_app.extensions["guide"]
    kommune, flow, step = next(
        (kommune, flow, step)
        for kommune in shelf.library.municipalities
        for flow, national in shelf.library.flows.items()
        for step in shelf.playable(kommune, flow).flow.questions
        if step not in national.flow.questions
    )
    question = shelf.playable(kommune, flow).flow.questions[step]
    case = next(name for name, one in shelf.library.cases.items() if one.flow == flow)
    one = begun(shipped_app, case, kommune=kommune)
    one.asks()
    for n in range(12):
        option = list(question.options)[n % 2]
        level, parents = [("bekymring", "foerst"), ("underret", "foerst")][n % 2]
        vote = Vote(flow, flow, "", level, parents, "x", ((step, (option,)),))
        shipped_app.extensions["guide.rooms"].store.vote(one.code, 0, f"phone {n}", vote)
    one.reveals()
    assert question.title in "".join(one.wall(f"?blad={n}&v=5") for n in range(1, 9))


def test_in_an_installation_of_one_kommune(tmp_path: Path) -> None:
    app = create_app(config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_SCOPE": "proeve"}), DEMO)
    text = app.test_client().get("/temadag/").get_data(as_text=True)
    assert 'name="kommune"' not in text
    assert "fordeling" in whole(app) and "fordeling" in whole(app, kommune="hele-landet")


def test_in_a_preview(preview: Preview) -> None:
    """A preview reads its content anew; a session goes on through that, and is nowhere but in its own folder."""
    client = Client(preview)
    link = client.post("/temadag/", data={"case": next(iter(preview.app.extensions["guide"].library.cases))})
    base = client.get(link.headers["Location"]).headers["Location"]
    code = base.split("/")[2]
    assert client.get(f"{base}vaeg").status_code == 200
    preview._read()
    assert client.get(f"{base}vaeg").status_code == 200
    assert client.get(f"/ov/{code}").status_code == 200
    assert (preview.settings.data / FILE).exists()


# --- a database that does not answer ---------------------------------------------------------------------------------


def test_a_database_that_is_away_is_told_and_stops_no_other_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(db._POSTGRES, "connect_timeout", 2)
    with listening(lambda client: None) as port:
        url = f"postgresql://postgres@127.0.0.1:{port}/x"
        app = create_app(config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_DATABASE_URL": url}), DEMO)
        client = app.test_client()
        first = client.get("/ov/ABC234")
        assert first.status_code == 503 and "Rummet svarer ikke" in first.get_data(as_text=True)
        told = [client.get(address) for address in ("/ov/ABC234/stand", "/temadag/ABC234/t/" + "x" * 22)]
        told.append(client.post("/temadag/", data={"case": CASE}))
        assert [response.status_code for response in told] == [503] * 3
        for address in ("/", "/proeve/", "/temadag/", "/ov/", "/proeve/kontakt/"):
            assert client.get(address).status_code in (200, 303), address
        walk = client.post("/proeve/tre/start")
        assert client.get(walk.location).status_code == 200


def test_a_broken_file_of_sessions_stops_no_other_page(app: Flask, settings: config.Settings) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / FILE).write_bytes(b"no database" * 1_000)
    client = app.test_client()
    assert client.get("/ov/ABC234").status_code == 503 and client.get("/proeve/").status_code == 200
    assert client.post("/temadag/", data={"case": CASE}).status_code == 503
