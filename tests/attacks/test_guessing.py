"""Guessing codes: 10,000 guesses against 50 rooms find none, and those who sit in a room notice nothing.

With the brake off the same guesser finds rooms where codes are short: the harness would see it.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from guide.training import brake as brakes
from guide.training import codes
from guide.training.brake import ALL, EACH, MINUTE, Brake
from tests.web.gathered import Phone, begun, joined

GUESSES = 10_000 if os.environ.get("GUIDE_NIGHT") else 1_500
ROOMS = 50
SEED = 20261122
NETWORKS = [f"198.51.100.{n}" for n in range(1, 200)]


class Minutes:
    """A clock that goes on by itself, so many guesses a minute."""

    def __init__(self, pace: float) -> None:
        self.pace, self.asked = pace, 0

    def __call__(self) -> float:
        return 1_000 * MINUTE + self.asked / self.pace * MINUTE


def client_from(app: Flask, network: str) -> FlaskClient:
    """A browser in another place."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = network
    return client


def rooms_in(app: Flask, number: int = ROOMS) -> list[str]:
    """The codes of so many new sessions."""
    return [begun(app).code for _ in range(number)]


def guess(app: Flask, brake: Brake, guesses: int, networks: list[str], clock: Minutes, real: set[str]) -> Counter[str]:
    """So many guesses by chance, on every kind of address that takes a code; what came of them."""
    app.extensions["guide.rooms"].brake = brake
    chance, found = random.Random(SEED), Counter[str]()
    clients = {network: client_from(app, network) for network in networks}
    ways: list[Callable[[FlaskClient, str], int]] = [
        lambda c, code: c.get(f"/ov/{code}").status_code,
        lambda c, code: c.get(f"/ov/{code}/stand").status_code,
        lambda c, code: c.post(f"/ov/{code}", data={"faggruppe": "tre"}).status_code,
        lambda c, code: c.get(f"/ov/?kode={code}", follow_redirects=True).status_code,
        lambda c, code: c.post(f"/ov/{code}/svar", data={"runde": "0", "svar": "akut"}).status_code,
    ]
    for n in range(guesses):
        code = "".join(chance.choice(codes.ALPHABET) for _ in range(codes.LENGTH))
        clock.asked += 1
        status = chance.choice(ways)(clients[networks[n % len(networks)]], code)
        found["found" if status not in (404, 429) else str(status)] += 1
        assert status in (404, 429) or code in real, (code, status)
    return found


def test_ten_thousand_guesses_find_no_room(app: Flask) -> None:
    """From 199 networks, 1,000 guesses a minute: of each minute no more than ALL are looked at."""
    real = set(rooms_in(app))
    clock = Minutes(1_000)
    found = guess(app, Brake(clock=clock), GUESSES, NETWORKS, clock, real)
    assert found["found"] == 0 and found["404"] <= ALL * (GUESSES // 1_000 + 1) and found["429"] > GUESSES // 2


def test_a_planted_guide_without_a_brake_is_found_where_codes_are_short(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "LENGTH", 2)
    real = set(rooms_in(app))
    monkeypatch.setattr(Brake, "holds", lambda self, network: False)
    clock = Minutes(1_000)
    found = guess(app, Brake(clock=clock), 300, NETWORKS, clock, real)
    assert found["found"] > 0 and found["429"] == 0


def test_one_network_is_held_and_a_right_code_from_another_works(app: Flask) -> None:
    (code,) = rooms_in(app, 1)
    clock = Minutes(10**9)
    found = guess(app, Brake(clock=clock), EACH * 5, NETWORKS[:1], clock, {code})
    assert found == {"404": EACH, "429": EACH * 4}
    held = client_from(app, NETWORKS[0]).get(f"/ov/{code}")
    assert held.status_code == 429 and held.headers["Retry-After"] == "60" and "Vent et minut" in held.text
    assert client_from(app, NETWORKS[1]).get(f"/ov/{code}").status_code == 200


def test_who_has_a_seat_goes_on_while_everybody_else_waits(app: Flask) -> None:
    one = begun(app)
    one.asks("niveau")
    seated = joined(app, one.code)
    seated.client.environ_base["REMOTE_ADDR"] = NETWORKS[0]
    clock = Minutes(10**9)
    found = guess(app, Brake(clock=clock), ALL + 50, NETWORKS, clock, {one.code})
    assert found == {"404": ALL, "429": 50}
    assert client_from(app, "192.0.2.1").get(f"/ov/{one.code}").status_code == 429
    assert seated.page() and seated.answers("straks").status_code == 303 and one.standing()["answered"] == 1
    assert seated.client.get(f"{seated.base}/stand").status_code == 200
    assert one.client.get(one.base).status_code == 200 and app.test_client().get("/proeve/").status_code == 200
    clock.asked = 10**9
    assert client_from(app, "192.0.2.1").get(f"/ov/{one.code}").status_code == 200, "a minute later"


def test_a_seat_elsewhere_is_no_way_past_the_brake(app: Flask) -> None:
    """Who began a room of their own, or sits in one, guesses no better."""
    (code,) = rooms_in(app, 1)
    mine = begun(app)
    phone = joined(app, mine.code)
    clock = Minutes(10**9)
    app.extensions["guide.rooms"].brake = brake = Brake(clock=clock)
    for _ in range(ALL):
        brake.count("somebody")
    assert Phone(phone.client, code).client.get(f"/ov/{code}").status_code == 429


@pytest.mark.parametrize(
    ("address", "forwarded", "network"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "192.0.2.9", "198.51.100.7"),  # what a browser says of itself counts for nothing
        ("127.0.0.1", "192.0.2.9", "192.0.2.9"),
        ("127.0.0.1", "10.0.0.1, 192.0.2.9", "192.0.2.9"),  # the last one is what the proxy added
        ("127.0.0.1", "", ""),
        ("::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_whose_network_it_is(app: Flask, address: str, forwarded: str, network: str) -> None:
    held = list[str]()

    class Listening(Brake):
        def count(self, network: str) -> None:
            """Told for whom."""
            held.append(network)

    app.extensions["guide.rooms"].brake = Listening()
    client_from(app, address).get("/ov/AAAAAA", headers={"X-Forwarded-For": forwarded})
    assert held == [network]


def test_secrets_of_trainers_are_beyond_guessing(app: Flask) -> None:
    """128 bits; a wrong one and a room that is not there look the same."""
    one = begun(app)
    chance, client = random.Random(SEED), app.test_client()
    seen = set()
    for n in range(100):
        secret = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789-_") for _ in range(22))
        answer = client.get(f"/temadag/{one.code if n % 2 else 'AAAAAA'}/t/{secret}")
        seen.add((answer.status_code, answer.get_data(), "Set-Cookie" in answer.headers))
    assert {(status, cookie) for status, _, cookie in seen} == {(404, False)} and len(
        {text for _, text, _ in seen}
    ) == 1


def test_the_arithmetic_of_the_brake() -> None:
    """What its docstring promises, for two processes, 50 rooms and twelve hours of trying from everywhere."""
    tries = 2 * ALL * 12 * 60
    chance = tries * ROOMS / len(codes.ALPHABET) ** codes.LENGTH
    assert chance < 1 / 49 and "one in fifty" in (brakes.__doc__ or "")
