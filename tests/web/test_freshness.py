"""/friskhed/: every kommune with something of its own, what its number is, and what it is not."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from guide import config
from guide.web import create_app
from tests.conftest import DEMO


def page(client: FlaskClient) -> str:
    answer = client.get("/friskhed/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def test_the_demo_kommune(client: FlaskClient) -> None:
    text = page(client)
    assert '<th scope="row">Prøve Kommune</th>' in text and "0 % <meter" in text
    assert "1 aldrig efterset" in text and "Ingen ejer." in text
    assert "Kommuner uden noget eget her: 1." in text
    assert "Det siger ikke, om nummeret er rigtigt" in text
    assert 'href="/friskhed/"' in client.get("/kvalitet/").text


def test_examples_are_marked_and_come_last(tmp_path: Path) -> None:
    folder = tmp_path / "municipalities" / "eksempel"
    folder.mkdir(parents=True)
    lines = ["name: Eksempel Kommune", "example: true", "contacts:"]
    lines.append("  team: {title: Teamet, help: x, phone: 12 34 56 78, whose: arbejdspladsen, owner: N}")
    (folder / "municipality.yaml").write_text("\n".join(lines), encoding="utf-8")
    settings = config.read({"GUIDE_DATA": str(tmp_path / "data"), "GUIDE_CONTENT": str(tmp_path)})
    text = page(create_app(settings, DEMO).test_client())
    assert "Eksempel. Opdigtet." in text.partition(">Eksempel Kommune")[2].partition("</tr>")[0]
    assert text.index(">Prøve Kommune") < text.index(">Eksempel Kommune")


def test_only_the_kommune_of_the_installation(tmp_path: Path) -> None:
    settings = config.read({"GUIDE_DATA": str(tmp_path / "data"), "GUIDE_SCOPE": "nabo"})
    text = page(create_app(settings, DEMO).test_client())
    assert "Ingen kommune har noget eget her." in text and "Prøve" not in text
