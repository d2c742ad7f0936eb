"""One kommune's own files for the tests of the room of editors, a preview of them, and how a file there is saved."""

from __future__ import annotations

from pathlib import Path

from werkzeug.test import TestResponse

from guide import config
from guide.library import force
from guide.web.preview import Preview
from tests.conftest import DEMO

REAL_NOW, REAL_TODAY = force.now, force.today
"""The clock itself: the tests have another one in its place."""

KOMMUNE = """\
# Rør ikke ved denne linje.
name: Egen Kommune
example: true
contacts:
  modtagelse:
    title: Egen modtagelse
    help: Ring her.
    phone: '12 34 56 78'
    hours: {week: {man-fre: 9-15}, exceptions: {24-december: closed}}
    fallback: doegnvagt
    whose: barnet
    owner: Egen Kommune
    checked: 2026-01-02   # ringet op
names: {tvaerfagligt-moede: Onsdagsmødet}
levels: {bekymring: Gul}
colours: {primary: '#14573f'}
offers: {huset: {title: Familiehuset, help: Familiehuset for alle., contact: modtagelse}}
"""
LETTER = """\
---
title: Tak for snakken
to: foraeldre
help: Brug det bagefter.
source: Opdigtet.
blanks: {modtager: Hvem}
---
Kære {{modtager}}

Det var en god snak.
"""
FLOW = """\
owner: Egen Kommune
checked: 2026-11-21
questions:
  slag:
    local: Vores boks om slag.
    options:
      maaske: {label: Måske nok, as: ved-ikke}
  sover:
    before: undren
    title: Sover barnet?
    why: Søvn siger noget.
    means: Søvn er om natten.
    example: Et barn er træt.
    options:
      ja: {label: Ja}
      nej: {label: Nej, goto: bekymring}
      ved-ikke: {label: Ved ikke, goto: bekymring, find_out: {what: Om barnet sover., whom: Din kollega., by: I dag.}}
outcomes:
  bekymring:
    local: Vores boks om bekymring.
"""
ROOM = "/redaktion/egen/tre/"


def own_folder(place: Path) -> Path:
    """A folder with one kommune's own files."""
    folder = place / "egne" / "municipalities" / "egen"
    (folder / "flows").mkdir(parents=True)
    (folder / "municipality.yaml").write_text(KOMMUNE, "utf-8")
    (folder / "flows" / "tre.yaml").write_text(FLOW, "utf-8")
    (folder / "letters").mkdir()
    (folder / "letters" / "tak.md").write_text(LETTER, "utf-8")
    return place / "egne"


def previewed(added: Path) -> Preview:
    return Preview(config.read({"GUIDE_DATA": str(added.parent / "data"), "GUIDE_CONTENT": str(added)}), DEMO)


def text(response: TestResponse) -> str:
    assert response.status_code == 200
    return response.get_data(as_text=True)


def write(added: Path, name: str, before: str, after: str) -> None:
    path = added / "municipalities" / "egen" / name
    old = path.read_text("utf-8")
    assert before in old
    path.write_text(old.replace(before, after), "utf-8")
