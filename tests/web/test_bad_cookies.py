"""Bad cookies: tampered, foreign, expired, of another walk, no cookie at all. Nobody sees another person's answers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide import config
from guide.web import Shelf, create_app, walks
from guide.web.walk_cookie import ABSOLUTE, IDLE, Seal, Ticket, new_ticket
from tests.conftest import DEMO
from tests.web.asking import BASE, ask, fine, post, refused, routes, step_shown


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application for the whole file: nothing here changes it, and making it takes longer than a test."""
    return create_app(config.read({"GUIDE_DATA": str(tmp_path_factory.mktemp("data"))}), DEMO)


def own_or_lost(app: Flask, cookie: str) -> bool:
    """Whether a cookie still opens its walk; if not, it is deleted and the way on is the landing page."""
    read = ask(app, "GET", f"{BASE}/2", HTTP_COOKIE=cookie)
    fine(read)
    if read.status_code == 200:
        assert step_shown(read) == "slag" and "data-outcome" not in read.get_data(as_text=True)
        return True
    assert (read.status_code, read.headers["Location"].partition("?")[0]) == (303, f"{BASE}/")
    return False


def lost(app: Flask, cookie: str) -> None:
    assert not own_or_lost(app, cookie)
    text = refused(post(app, f"{BASE}/2", {"trin": "slag", "svar": "ja"}, HTTP_COOKIE=cookie), 422)
    assert f'action="{BASE}/start"' in text


def test_a_thousand_bit_flips_of_the_cookie(app: Flask, walking: str) -> None:
    chance, broken = random.Random(20261121), 0
    for _ in range(1_000):
        at, bit = chance.randrange(len(walking)), 1 << chance.randrange(8)
        flipped = walking[:at] + chr(ord(walking[at]) ^ bit) + walking[at + 1 :]
        broken += not own_or_lost(app, f"walk={flipped}")
    assert broken > 900, "the rest hit what base64 does not read"


def resealed(app: Flask, walking: str, change: Callable[[Ticket, int], tuple[Ticket, int]]) -> str:
    """The walk's ticket changed, and sealed with the right key; so only what it says can be wrong."""
    shelf: Shelf = app.extensions["guide"]
    now = walks.now()
    ticket, at = change(shelf.seal.open(walking, now)[0], now)
    return "walk=" + shelf.seal.close(ticket, ticket.answers, at)


CHANGES: dict[str, Callable[[Ticket, int], tuple[Ticket, int]]] = {
    "expired": lambda ticket, now: (ticket, now - IDLE - 1),
    "future": lambda ticket, now: (ticket, now + 3_600),
    "begun in the future": lambda ticket, now: (replace(ticket, started=now + 3_600), now),
    "begun long ago": lambda ticket, now: (replace(ticket, started=now - ABSOLUTE - 1), now),
    "another flow": lambda ticket, now: (replace(ticket, flow="flere"), now),
    "another kommune": lambda ticket, now: (replace(ticket, municipality="nabo"), now),
    "no such flow": lambda ticket, now: (replace(ticket, flow="findes-ikke"), now),
    "no such kommune": lambda ticket, now: (replace(ticket, municipality="\x00"), now),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_cookie_of_another_time_or_place(app: Flask, walking: str, change: str) -> None:
    cookie = resealed(app, walking, CHANGES[change])
    assert not own_or_lost(app, cookie)
    refused(post(app, f"{BASE}/2", {"trin": "slag", "svar": "ja"}, HTTP_COOKIE=cookie), 422)
    for address, _ in routes(app):
        fine(ask(app, "GET", address, HTTP_COOKIE=cookie))


@pytest.mark.parametrize(
    "answers", [{"slag": ("ja",)}, {"akut-fare": ("findes-ikke",)}, {"x": ()}, {"akut-fare": ()}, {"straks": ("ja",)}]
)
def test_answers_that_lead_nowhere_show_no_outcome(
    app: Flask, walking: str, answers: dict[str, tuple[str, ...]]
) -> None:
    cookie = resealed(app, walking, lambda ticket, now: (replace(ticket, answers=answers), now))
    for n in range(1, 5):
        response = ask(app, "GET", f"{BASE}/{n}", HTTP_COOKIE=cookie)
        fine(response)
        assert step_shown(response) in ("", "akut-fare")


def test_a_cookie_of_another_key(app: Flask) -> None:
    now = walks.now()
    foreign = Seal(["x" * 32]).close(new_ticket("proeve", "tre", "d", now), {}, now)
    lost(app, f"walk={foreign}")


@pytest.mark.parametrize(
    "value", ["", "x", "\x00", "æøå", "a" * 9_000, "gAAAA" * 700, '"', "=", "a=b=c", "\r\n", "%00", '"\\000"']
)
def test_a_cookie_that_is_no_cookie(app: Flask, value: str) -> None:
    lost(app, f"walk={value.encode().decode('latin-1')}")
    for address, methods in routes(app):
        for method in methods:
            fine(
                ask(
                    app,
                    method,
                    address,
                    HTTP_COOKIE=f"walk={value.encode().decode('latin-1')}; {value[:9]}".strip("æøå"),
                )
            )


def test_two_cookies_are_one_walk_or_none(app: Flask, client: FlaskClient, walking: str) -> None:
    client.post(f"{BASE}/start")
    other = client.get_cookie("walk")
    assert other and other.value != walking
    for cookie in (f"walk={walking}; walk=x", f"walk=x; walk={walking}", f"walk={walking}; __Host-walk={other.value}"):
        own_or_lost(app, cookie)
    both = ask(app, "GET", f"{BASE}/2", HTTP_COOKIE=f"walk={walking}; walk={other.value}")
    assert step_shown(both) == "slag" or both.headers["Location"] == f"{BASE}/1"


def test_a_cookie_for_http_is_none_by_https(app: Flask, walking: str) -> None:
    by_https = ask(app, "GET", f"{BASE}/2", HTTP_COOKIE=f"walk={walking}", HTTP_X_FORWARDED_PROTO="https")
    assert (by_https.status_code, by_https.headers["Location"]) == (303, f"{BASE}/")
