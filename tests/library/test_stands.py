"""Every place of a kommune's files that stands on something national is found, with its line."""

from __future__ import annotations

from pathlib import Path

from guide.library.library import Library, load
from guide.library.stands import Stand, of_flow, of_room
from guide.library.touched import Only
from tests import approved
from tests.conftest import DEMO

FLOW = """\
questions:
  trist:
    local: Ring til Team Blå.
    options:
      lidt: {label: Lidt trist, as: ja}
      nej: {goto: set-team}
  set-team:
    title: Har du talt med Team Blå?
    why: De hjælper.
    means: Et opkald er nok.
    example: Du ringede i går. Svaret er ja.
    options:
      ja: {label: Ja}
      nej: {label: Nej, goto: ring-team}
    next:
      - {when: {slag: nej}, goto: undren}
      - {goto: bekymring}
outcomes:
  straks: {contacts: [politi], letters: [proeve]}
  ring-team: {as: bekymring, title: Ring til Team Blå}
"""

MORE = """\
contacts: {modtagelse: {title: Nabo, help: Ring., phone: 88 12 34 57, fallback: doegnvagt, whose: barnet}}
names: {tvaerfagligt-moede: Blå Bord}
offers: {klub: {title: Klubben, help: For unge., flows: [tre]}}
"""


def read(folder: Path) -> Library:
    approved.own(folder, flow=FLOW, more=MORE)
    return load(DEMO, [Only(folder, kommune="nabo")])[0]


def line(folder: Path, stand: Stand) -> str:
    """The line of the file that a stand points to."""
    return (folder / stand.mark.file).read_text("utf-8").splitlines()[stand.mark.line - 1].strip()


def test_all_places_of_a_flow(tmp_path: Path) -> None:
    library = read(tmp_path)
    own = library.rooms["nabo"].flows["tre"]
    found = list(of_flow(own.file.document, library.flows["tre"].flow))
    assert {(one.kind, one.id, one.answer, line(tmp_path, one).partition(":")[0]) for one in found} == {
        ("step", "trist", "", "trist"),
        ("own answer", "trist", "lidt", "lidt"),
        ("answer", "trist", "ja", "lidt"),
        ("answer", "trist", "nej", "nej"),
        ("own step", "set-team", "", "set-team"),
        ("step", "slag", "", "- {when"),
        ("step", "undren", "", "- {when"),
        ("step", "bekymring", "", "- {goto"),
        ("step", "straks", "", "straks"),
        ("contact", "politi", "", "straks"),
        ("letter", "proeve", "", "straks"),
        ("own step", "ring-team", "", "ring-team"),
        ("step", "bekymring", "", "ring-team"),
    }


def test_the_rest_of_the_folder(tmp_path: Path) -> None:
    library = read(tmp_path)
    found = {(one.kind, one.id): line(tmp_path, one) for one in of_room(library.rooms["nabo"], "nabo")}
    assert found.keys() == {("contact", "modtagelse"), ("term", "tvaerfagligt-moede"), ("flow", "tre")}
    assert "88 12 34 57" in found["contact", "modtagelse"] and "Klubben" in found["flow", "tre"]
