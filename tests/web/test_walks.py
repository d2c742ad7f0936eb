"""A walk over HTTP, on the demo content: every rule of one step of a walk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from guide import config
from guide.web import create_app, walks
from tests.conftest import DEMO

BASE = "/proeve/tre"


def start(client: FlaskClient, base: str = BASE) -> TestResponse:
    return client.post(f"{base}/start")


def answer(client: FlaskClient, n: int, step: str, *options: str, base: str = BASE, **more: str) -> TestResponse:
    return client.post(f"{base}/{n}", data={"trin": step, "svar": list(options), **more})


def sealed(client: FlaskClient) -> str | None:
    cookie = client.get_cookie("walk")
    return cookie.value if cookie else None


def test_from_start_to_outcome(client: FlaskClient) -> None:
    assert start(client).location == f"{BASE}/1"
    first = client.get(f"{BASE}/1")
    assert 'data-step="akut-fare"' in first.text
    response = answer(client, 1, "akut-fare", "nej")
    assert (response.status_code, response.location) == (303, f"{BASE}/2")
    assert answer(client, 2, "slag", "ved-ikke").location == f"{BASE}/3"
    outcome = client.get(f"{BASE}/3").text
    assert 'data-outcome="straks" data-level="straks" data-parents="ikke"' in outcome
    assert "Du var i tvivl." in outcome, "advice that fits the answers is shown"


def test_advice_for_others_is_not_shown_on_a_walk_but_is_on_the_page_to_read(client: FlaskClient) -> None:
    start(client)
    answer(client, 1, "akut-fare", "nej")
    answer(client, 2, "slag", "ja")
    assert "Du var i tvivl." not in client.get(f"{BASE}/3").text
    read = client.get("/proeve/vejledning/straks?fag=tre").text
    assert "Du var i tvivl." in read and "Er barnet blevet slået?" in read


def test_titles_and_addresses_tell_nothing(client: FlaskClient) -> None:
    start(client)
    titles = {client.get(f"{BASE}/1").text.split("<title>")[1].split("</title>")[0]}
    answer(client, 1, "akut-fare", "nej")
    answer(client, 2, "slag", "ja")
    titles |= {client.get(f"{BASE}/{n}").text.split("<title>")[1].split("</title>")[0] for n in (1, 2, 3)}
    assert titles == {"Bekymringsguiden"}


def test_a_number_past_the_path_goes_to_the_present_step(client: FlaskClient) -> None:
    start(client)
    for n in (0, 2, 3, 99, 10**30):
        assert client.get(f"{BASE}/{n}").location == f"{BASE}/1"


def test_no_outcome_without_the_answers_that_lead_to_it(client: FlaskClient) -> None:
    start(client)
    answer(client, 1, "akut-fare", "nej")
    answer(client, 2, "slag", "ja")
    assert "data-outcome" in client.get(f"{BASE}/3").text
    answer(client, 2, "slag", "nej")
    assert "data-outcome" not in client.get(f"{BASE}/3").text


def test_ret_keeps_the_later_answers_that_still_apply(client: FlaskClient) -> None:
    start(client)
    answer(client, 1, "akut-fare", "nej")
    answer(client, 2, "slag", "nej")
    answer(client, 3, "trist", "ja")
    assert answer(client, 2, "slag", "ja").location == f"{BASE}/3", "another way: straight to its outcome"
    assert answer(client, 2, "slag", "nej").location == f"{BASE}/4", "back again: the later answer still applies"


def test_the_earlier_answer_is_marked_when_one_goes_back(client: FlaskClient) -> None:
    start(client)
    answer(client, 1, "akut-fare", "nej")
    assert 'value="nej" id="svar-3" checked' in client.get(f"{BASE}/1").text
    assert "checked" not in client.get(f"{BASE}/2").text.split("</fieldset>")[0].split("<fieldset")[1]


@pytest.mark.parametrize("options", [(), ("findes-ikke",), ("ja", "nej"), ("",), ("\x00",), ("ja" * 4_000,)])
def test_what_is_no_answer_gives_the_same_page_with_an_error(client: FlaskClient, options: tuple[str, ...]) -> None:
    start(client)
    before = sealed(client)
    response = answer(client, 1, "akut-fare", *options)
    assert response.status_code == 422
    assert 'data-step="akut-fare"' in response.text and 'role="alert"' in response.text
    assert sealed(client) == before


@pytest.mark.parametrize(("n", "step"), [(1, "slag"), (2, "akut-fare"), (7, "slag"), (2, ""), (2, "straks")])
def test_a_step_that_does_not_fit_the_position_changes_nothing(client: FlaskClient, n: int, step: str) -> None:
    start(client)
    answer(client, 1, "akut-fare", "nej")
    response = answer(client, n, step, "ja")
    assert (response.status_code, response.location) == (303, f"{BASE}/2?besked=andet-vindue")
    assert "andet vindue" in client.get(response.location).text


def test_a_tag_of_another_walk_changes_nothing(client: FlaskClient) -> None:
    start(client)
    tag = client.get(f"{BASE}/1").text.split('name="forloeb" value="')[1].split('"')[0]
    start(client)
    assert answer(client, 1, "akut-fare", "nej", forloeb=tag).location == f"{BASE}/1?besked=andet-vindue"
    mine = client.get(f"{BASE}/1").text.split('name="forloeb" value="')[1].split('"')[0]
    assert answer(client, 1, "akut-fare", "nej", forloeb=mine).location == f"{BASE}/2"


def test_without_a_cookie(client: FlaskClient) -> None:
    assert client.get(f"{BASE}/1").location == f"{BASE}/"
    assert client.get(f"{BASE}/3").location == f"{BASE}/"
    lost = answer(client, 1, "akut-fare", "nej")
    assert lost.status_code == 422 and f'action="{BASE}/start"' in lost.text and "112" in lost.text


def test_an_expired_cookie_is_deleted(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    start(client)
    late = walks.now() + 31 * 60
    monkeypatch.setattr(walks, "now", lambda: late)
    response = answer(client, 1, "akut-fare", "nej")
    assert response.status_code == 422 and sealed(client) is None


def test_an_expired_cookie_on_a_get_leads_to_the_landing_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(client)
    late = walks.now() + 31 * 60
    monkeypatch.setattr(walks, "now", lambda: late)
    response = client.get(f"{BASE}/1")
    assert (response.status_code, response.location) == (303, f"{BASE}/?besked=udloebet")
    assert sealed(client) is None
    assert "for lang tid" in client.get(response.location).text


def test_reading_renews_the_seal_after_five_minutes(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    start(client)
    begun, before = walks.now(), sealed(client)
    monkeypatch.setattr(walks, "now", lambda: begun + 4 * 60)
    client.get(f"{BASE}/1")
    assert sealed(client) == before
    monkeypatch.setattr(walks, "now", lambda: begun + 29 * 60)
    client.get(f"{BASE}/1")
    assert sealed(client) != before
    monkeypatch.setattr(walks, "now", lambda: begun + 50 * 60)
    assert client.get(f"{BASE}/1").status_code == 200


def test_a_walk_ends_after_twelve_hours_whatever_is_done(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    start(client)
    begun = walks.now()
    for minutes in range(20, 12 * 60 + 1, 20):
        monkeypatch.setattr(walks, "now", lambda at=begun + minutes * 60: at)
        assert client.get(f"{BASE}/1").status_code == 200
    monkeypatch.setattr(walks, "now", lambda: begun + 12 * 3_600 + 60)
    assert client.get(f"{BASE}/1").status_code == 303


def test_one_cookie_is_one_walk(client: FlaskClient) -> None:
    start(client)
    held = sealed(client)
    assert client.get("/nabo/tre/1").location == "/nabo/tre/?besked=andet-forloeb"
    assert client.get("/proeve/flere/1").location == "/proeve/flere/?besked=andet-forloeb"
    assert f'href="{BASE}/1"' in client.get("/proeve/flere/?besked=andet-forloeb").text
    posted = answer(client, 1, "akut-fare", "nej", base="/nabo/tre")
    assert posted.status_code == 422 and f'href="{BASE}/1"' in posted.text and "for lang tid" not in posted.text
    assert sealed(client) == held, "looking at another flow does not end the walk"
    assert client.get(f"{BASE}/1").status_code == 200


def test_several_danger_beside_none_counts_as_danger(client: FlaskClient) -> None:
    base = "/proeve/flere"
    start(client, base)
    answer(client, 1, "akut-fare", "nej", base=base)
    assert answer(client, 2, "hvad", "ingen", "slag", base=base).location == f"{base}/3"
    assert 'data-step="hvem"' in client.get(f"{base}/3").text


def test_the_cookie_is_strict_by_http_and_bound_to_the_host_by_https(client: FlaskClient) -> None:
    plain = start(client).headers["Set-Cookie"]
    assert plain.startswith("walk=") and "HttpOnly" in plain and "SameSite=Lax" in plain and "Secure" not in plain
    by_proxy = client.post(f"{BASE}/start", headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert by_proxy.startswith("__Host-walk=") and "Secure" in by_proxy and "Path=/" in by_proxy
    assert "Domain" not in by_proxy and "HttpOnly" in by_proxy and "SameSite=Lax" in by_proxy


def test_leaving_deletes_the_walk_and_clears_the_cache_but_never_cookies(client: FlaskClient) -> None:
    start(client)
    response = client.post("/forlad")
    assert (response.status_code, response.location) == (303, "/farvel")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sealed(client) is None
    page = client.get("/farvel")
    assert "farvel.css" in page.text
    assert client.get("/farvel.css").headers["Clear-Site-Data"] == '"cache"'
    for word in ("barn", "bekymr", "underret"):
        assert word not in page.text.lower()


def test_start_is_a_post(client: FlaskClient) -> None:
    assert client.get(f"{BASE}/start").status_code == 405


def test_content_changed_under_way_is_said(settings: config.Settings, tmp_path: Path) -> None:
    keys = config.keys(settings)
    old = create_app(settings, DEMO).test_client()
    start(old)
    answer(old, 1, "akut-fare", "nej")
    (tmp_path / "more" / "municipalities" / "nabo").mkdir(parents=True)
    (tmp_path / "more" / "municipalities" / "nabo" / "municipality.yaml").write_text("name: Nabo Kommune\n")
    new = create_app(config.Settings(settings.data, keys, (tmp_path / "more",), None, None), DEMO).test_client()
    new.set_cookie("walk", sealed(old) or "")
    assert new.post(f"{BASE}/1", data={"trin": "akut-fare", "svar": "nej"}).location == f"{BASE}/2"
    page = new.get(f"{BASE}/2")
    assert page.status_code == 200 and "Vejledningen er ændret" in page.text
    assert "Vejledningen er ændret" not in new.get(f"{BASE}/2").text, "it is said once"


def test_no_text_can_be_typed_anywhere(app: Flask, client: FlaskClient) -> None:
    start(client)
    pages = ["/", "/proeve/", f"{BASE}/", f"{BASE}/1", "/proeve/kontakt/", "/proeve/vejledning/straks"]
    for page in pages:
        text = client.get(page).text
        assert "<textarea" not in text and 'type="text"' not in text
        kinds = {part.split('"')[0] for part in text.split('type="')[1:]}
        assert kinds <= {"radio", "checkbox", "hidden", "image/svg+xml", "datetime-local"}, page
        for field in re.findall(r'<input[^>]*type="datetime-local"[^>]*>', text):  # for the script: in no form
            before = text[: text.index(field)]
            assert " name=" not in field and before.count("<form") == before.count("</form"), page
