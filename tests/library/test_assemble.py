"""A flow from its files: what is wrong with it as a graph is told at the right place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.library.library import Library, load
from tests.conftest import DEMO

TRE = "flows/tre/flow.yaml"
FLERE = "flows/flere/flow.yaml"
OUTCOMES = "flows/tre/outcomes.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo content to break."""
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def change(folder: Path, file: str, before: str, after: str) -> list[str]:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return [str(f) for f in load(folder)[1]]


def test_shared_steps_come_in_with_their_exits_and_the_flows_own_words(demo: Library) -> None:
    tre, flere = demo.flows["tre"].flow, demo.flows["flere"].flow
    assert tre.questions["akut-fare"].options["nej"].goto == "slag"
    assert flere.questions["akut-fare"].options["nej"].goto == "hvad"
    assert flere.questions["akut-fare"].title == "Er der fare lige nu?", "a flow may give a shared step its own words"
    assert tre.questions["akut-fare"].title == "Er der fare nu?"
    mark = demo.flows["flere"].source.document.mark(("questions", "akut-fare", "title"))
    assert mark.file == FLERE
    assert demo.flows["flere"].source.document.mark(("outcomes", "akut", "level")).file == "flows/shared/akut.yaml"


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (TRE, "goto: trist}", "goto: trits}", f"{TRE}:14:25: Trinnet «trits» findes ikke. Mente du «trist»?"),
        (TRE, "{videre: slag}", "{videre: slga}", "Trinnet «slga» findes ikke. Mente du «slag»?"),
        (TRE, "{videre: slag}", "{vider: slag}", "«akut» har ingen udgang «vider». Mente du «videre»?"),
        (TRE, "{videre: slag}", "{}", "«use» af «akut» mangler udgangen «videre»."),
        (TRE, "akut: {", "akutt: {", "Fælles trin «akutt» findes ikke. Mente du «akut»?"),
        (TRE, "akut: {", "../../x: {", "findes ikke"),
        (TRE, "akut: {", "x" * 400 + ": {", "findes ikke"),
        (TRE, "start: akut-fare", "start: akut", "Startspørgsmålet «akut» findes ikke. Mente du «akut-fare»?"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: slag}", "Vejen går i ring"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej}", "«trist» kan ende blindt"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: bekymring}", "«undren» kan ikke nås"),
        (FLERE, "      - goto: bekymring\n  laenge", "  laenge", "«hvem» kan ende blindt: sidste regel"),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{hvad: slga, hvem: hjemme}",
            "Svaret «slga» findes ikke på «hvad». Mente du «slag»?",
        ),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{vad: slag, hvem: hjemme}",
            "Trinnet «vad» i «when» findes ikke. Mente du «hvad»?",
        ),
        (FLERE, "sult: {label: Sult}", "sult: {label: Sult, goto: straks}", "så vejen videre skal stå i «next»"),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{laenge: ja, hvem: hjemme}",
            "«straks» kan ikke nås: ingen svar passer til reglerne.",
        ),
        (OUTCOMES, "  undren:", "  slag:", "«slag» er både spørgsmål og udfald."),
    ],
)
def test_what_is_wrong_is_told(folder: Path, file: str, before: str, after: str, told: str) -> None:
    found = change(folder, file, before, after)
    assert any(told in line for line in found), found


def test_all_errors_of_all_files_at_once(folder: Path) -> None:
    change(folder, TRE, "goto: trist}", "goto: trits}")
    change(folder, FLERE, "kind: several", "kind: severl")
    found = change(folder, "contacts/national.yaml", "phone: '112'", "phone: 0112 9")
    for told in ("«trits»", "several", "contacts/national.yaml"):
        assert any(told in line for line in found), (told, found)
