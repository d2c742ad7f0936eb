"""A temadag played over the web: a trainer, and phones that walk or answer. Only what a browser would send."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CASE = "slaaet"
"""The case of the demo content; its flow is `tre`."""


@dataclass
class Trainer:
    """Who has the secret."""

    client: FlaskClient
    code: str
    link: str
    token: str

    @property
    def base(self) -> str:
        """The address of the page one steers from."""
        return f"/temadag/{self.code}/"

    def does(self, what: str, number: int | str = 0, kind: str = "forloeb", **more: str) -> TestResponse:
        """Presses a button."""
        form = {"csrf_token": self.token, "goer": what, "nummer": str(number), "hvad": kind}
        return self.client.post(f"{self.base}goer", data=form | more)

    def asks(self, kind: str = "forloeb", case: int = 0) -> None:
        """Puts a case on the wall and asks about it."""
        assert self.does("sag", case).status_code == 303
        assert self.does("spoerg", 0, kind).status_code == 303

    def reveals(self, number: int = 0) -> str:
        """Closes and shows a round; the wall after it."""
        assert self.does("luk", number).status_code == 303
        assert self.does("vis", number).status_code == 303
        return self.wall()

    def wall(self, query: str = "") -> str:
        """What everybody sees."""
        shown = self.client.get(f"{self.base}vaeg{query}")
        assert shown.status_code == 200
        return shown.get_data(as_text=True)

    def standing(self) -> dict[str, object]:
        """How far it is."""
        told: dict[str, object] = self.client.get(f"{self.base}stand").get_json()
        return told


def begun(app: Flask, *cases: str, own: str = "", **more: str) -> Trainer:
    """A new session; on the case of the demo content where nothing else is said."""
    client = app.test_client()
    form = {"case": list(cases or ([] if own else [CASE])), "egen": own, **more}
    link = client.post("/temadag/", data=form).location
    base = client.get(link).location
    token = re.search(r'name="csrf_token" value="([\w-]+)"', client.get(base).get_data(as_text=True))
    assert token
    return Trainer(client, base.split("/")[2], link, token[1])


@dataclass
class Phone:
    """A participant's browser."""

    client: FlaskClient
    code: str

    @property
    def base(self) -> str:
        """Where the phone is."""
        return f"/ov/{self.code}"

    def page(self, query: str = "") -> str:
        """What there is to do now."""
        shown = self.client.get(self.base + query)
        assert shown.status_code == 200, shown.status
        return shown.get_data(as_text=True)

    def answers(self, choice: str, number: int = 0) -> TestResponse:
        """Answers a direct question."""
        return self.client.post(f"{self.base}/svar", data={"runde": str(number), "svar": choice})

    def begins(self, number: int = 0, flow: str = "") -> str:
        """Begins a practice walk; the address of its first question."""
        went = self.client.post(f"{self.base}/begynd", data={"runde": str(number), "flow": flow})
        assert went.status_code == 303
        return str(went.location)

    def walks(self, chance: random.Random, number: int = 0, flow: str = "") -> str:
        """A whole practice walk, with answers by chance; the page of its outcome."""
        address = self.begins(number, flow)
        for _ in range(20):
            text = self.client.get(address).get_data(as_text=True)
            if "data-outcome" in text:
                return text
            step = re.findall(r'name="trin" value="([\w-]+)"', text)
            options = re.findall(r'name="svar" value="([\w-]+)"', text)
            address = self.client.post(address, data={"trin": step, "svar": chance.choice(options)}).location
        raise AssertionError("no outcome")


def joined(app: Flask, code: str, group: str = "tre") -> Phone:
    """A phone with its seat."""
    phone = Phone(app.test_client(), code)
    assert phone.client.post(phone.base, data={"faggruppe": group}).status_code == 303
    return phone
