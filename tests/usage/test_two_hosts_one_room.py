"""Two hosts with a PostgreSQL between them serve one room: phones meet now one and now the other.

Real `guide serve` on two ports, each with two processes and a data folder of its own; every request goes to one of the
two by chance, as behind a proxy.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import urllib.parse
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from tests.conftest import HANGS
from tests.running import free_port, until
from tests.usage.conftest import new_postgres_database
from tests.usage.served import Launcher

SEED = 20261122
KEY = "k" * 48
PHONES = 24


class Browser:
    """Asks one of the hosts by chance; keeps its cookies as a browser does, paths aside."""

    def __init__(self, ports: list[int], seed: int) -> None:
        self._ports, self._chance, self._cookies = ports, random.Random(seed), dict[str, str]()
        self.asked = set[int]()

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, where to, text)."""
        port = self._chance.choice(self._ports)
        self.asked.add(port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urllib.parse.urlencode(form) if form is not None else None
        connection.request("GET" if form is None else "POST", address, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text

    def follow(self, address: str, form: dict[str, str] | None = None) -> str:
        """The page one is led to. Raises AssertionError for anything but that."""
        status, location, text = self.ask(address, form)
        assert status in (200, 303), (address, status)
        return text if status == 200 else self.follow(location)


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Iterator[list[int]]:
    base, found = tmp_path_factory.mktemp("hosts"), [free_port(), free_port()]
    with new_postgres_database(postgres_url) as url:
        launchers = []
        for name, port in zip("ab", found, strict=True):
            (base / name).mkdir()
            settings = {"GUIDE_DATA": str(base / name), "GUIDE_SECRET_KEY": KEY, "GUIDE_DATABASE_URL": url}
            launchers.append(Launcher(port, settings, base / name / "said"))
        for launcher in launchers:
            launcher.start()
        yield found
        for launcher in launchers:
            launcher.close()
        assert not list(base.rglob("rooms.sqlite*"))
        assert all("ERROR" not in said.read_text("utf-8") for said in base.rglob("said")), "a page failed"


def token_of(text: str) -> str:
    """What the trainer's forms carry."""
    found = re.search(r'name="csrf_token" value="(\w+)"', text)
    assert found
    return found[1]


def takes_part(browser: Browser, code: str, choice: str) -> None:
    """Joins and answers, with a look in between."""
    browser.follow(f"/ov/{code}", {"faggruppe": "tre"})
    browser.follow(f"/ov/{code}")
    browser.follow(f"/ov/{code}/svar", {"runde": "0", "svar": choice})


def test_one_room_on_two_hosts(ports: list[int], tmp_path: Path) -> None:
    trainer = Browser(ports, SEED)
    steer = trainer.ask(trainer.ask("/temadag/", {"case": "slaaet"})[1])[1]
    code, token = steer.split("/")[2], token_of(trainer.follow(steer))
    do = f"/temadag/{code}/goer"
    for move in ({"goer": "sag"}, {"goer": "spoerg", "hvad": "niveau"}):
        assert trainer.ask(do, {"csrf_token": token, "nummer": "0"} | move)[0] == 303
    browsers, choices = [Browser(ports, SEED + n) for n in range(PHONES)], ["straks", "akut", "underret"]
    failed = list[BaseException]()

    def phone(n: int) -> None:
        try:
            takes_part(browsers[n], code, choices[n % 3])
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=phone, args=[n]) for n in range(PHONES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGS)
    assert failed == [] and set.union(*(one.asked for one in browsers)) == set(ports)
    until("not all are counted", lambda: f'"answered": {PHONES}' in trainer.ask(f"/temadag/{code}/stand")[2])
    for move in ("luk", "vis"):
        assert trainer.ask(do, {"csrf_token": token, "goer": move, "nummer": "0"})[0] == 303
    for one in browsers[:6]:  # each host knows that it is closed
        one.ask(f"/ov/{code}/svar", {"runde": "0", "svar": "undren"})
    walls = {re.sub(r"\d+px", "", trainer.follow(f"/temadag/{code}/vaeg")) for _ in range(8)}
    assert len(walls) == 1 and "fordeling" in walls.pop()
    assert f'"answered": {PHONES}' in trainer.ask(f"/temadag/{code}/stand")[2]
    assert trainer.ask(do, {"csrf_token": token, "goer": "slut"})[0] == 303
    assert {one.ask(f"/ov/{code}")[0] for one in browsers} == {404}
    assert {trainer.ask(steer)[0] for _ in range(6)} == {404}
