"""A kommune's own file on the demo flow `tre`, written and approved, for tests that serve it."""

from __future__ import annotations

from pathlib import Path

from guide.library.library import Library, load
from tests.conftest import DEMO

HEAD = "owner: Skolen\nchecked: 2026-11-22\n"

APPROVED = (
    "approved: {{authority: 'Anna Aa, leder', profession: 'Bo Bb, leder', date: 2026-11-22, next: 2027-05-22, "
    "text: '{text}'{base}}}\n"
)

STEPS = """\
questions:
  set-team:
    before: undren
    title: Har du talt med Team Blå?
    why: De hjælper.
    means: Et opkald er nok.
    example: Du ringede i går. Svaret er ja.
    options:
      ja: {label: Ja}
      nej: {label: Nej, goto: ring-team}
outcomes:
  ring-team: {as: bekymring, title: Ring til Team Blå}
"""
"""An own question before the mildest outcome, and an own outcome."""


def own(folder: Path, kommune: str = "nabo", flow: str = STEPS, more: str = "", root: Path = DEMO) -> Library:
    """Write `municipalities/<kommune>/` with the flow and more of `municipality.yaml`, approve both, and read it all.

    `nabo` is of the register of the demo content; any other name is written as an example.
    """
    place = folder / "municipalities" / kommune
    (place / "flows").mkdir(parents=True, exist_ok=True)
    said = "name: Nabo Kommune\n" if kommune == "nabo" else "name: Vores Kommune\nexample: true\n"
    word, steps = place / "municipality.yaml", place / "flows" / "tre.yaml"
    word.write_text(said + more, encoding="utf-8")
    steps.write_text(HEAD + flow, encoding="utf-8")
    room = load(root, [folder])[0].rooms[kommune]
    if room.text:
        word.write_text(said + APPROVED.format(text=room.text, base="") + more, encoding="utf-8")
    made = room.flows["tre"]
    text = APPROVED.format(text=made.text, base=f", base: '{made.base}'")
    steps.write_text(HEAD + text + flow, encoding="utf-8")
    return load(root, [folder])[0]


def signed(root: Path, *added: Path) -> None:
    """Approve what every kommune of these folders wrote in `municipality.yaml`, as it stands."""
    rooms = load(root, added)[0].rooms
    for folder in (root, *added):
        for word in folder.glob("municipalities/*/municipality.yaml"):
            room, text = rooms[word.parent.name], word.read_text(encoding="utf-8")
            if room.text and "approved:" not in text:
                word.write_text(text.rstrip("\n") + "\n" + APPROVED.format(text=room.text, base=""), encoding="utf-8")
