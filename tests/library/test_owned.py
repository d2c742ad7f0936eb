"""A kommune's own folder: what is read, and what must be approved before it is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.library.library import load
from tests.conftest import DEMO

HEAD = "owner: Skolen\nchecked: 2026-11-22\n"


def room(folder: Path, flow: str = "", more: str = "") -> Path:
    """An added folder with the example `vores`, and its file on the flow `tre`."""
    own = folder / "municipalities" / "vores"
    (own / "flows").mkdir(parents=True)
    (own / "municipality.yaml").write_text("name: Vores Kommune\nexample: true\n" + more, encoding="utf-8")
    if flow:
        (own / "flows" / "tre.yaml").write_text(HEAD + flow, encoding="utf-8")
    return folder


BOX = "questions:\n  trist:\n    local: Ring til Team Blå.\n"


def approved(text: str, base: str) -> str:
    return (
        "approved: {authority: 'Anna Aa, leder', profession: 'Bo Bb, leder', date: 2026-11-22, next: 2027-05-22, "
        f"text: '{text}', base: '{base}'}}\n"
    )


def test_own_steps_are_served_only_when_this_very_text_is_approved(tmp_path: Path) -> None:
    folder = room(tmp_path, BOX)
    library, findings = load(DEMO, [folder])
    assert "ikke godkendt" in str(findings) and library.flows_in("vores")["tre"] is library.flows["tre"]
    own = library.rooms["vores"].flows["tre"]
    assert load(DEMO, [folder], preview=True)[0].flows_in("vores")["tre"].flow.questions["trist"].local

    file = folder / "municipalities" / "vores" / "flows" / "tre.yaml"
    file.write_text(HEAD + approved(own.text, own.base) + BOX, encoding="utf-8")
    library, findings = load(DEMO, [folder])
    assert findings == [] and library.flows_in("vores")["tre"].flow.questions["trist"].local == "Ring til Team Blå."
    assert library.flows_in("proeve")["tre"].flow.questions["trist"].local is None

    file.write_text(HEAD + approved(own.text, own.base) + BOX.replace("Blå", "Rød"), encoding="utf-8")
    library, findings = load(DEMO, [folder])
    assert "er ændret, siden de blev godkendt" in str(findings)
    assert library.flows_in("vores")["tre"] is library.flows["tre"]


def test_another_national_flow_than_the_approved_is_told_and_stops_nothing(tmp_path: Path) -> None:
    own = load(DEMO, [room(tmp_path / "a", BOX)])[0].rooms["vores"].flows["tre"]
    library, findings = load(DEMO, [room(tmp_path / "b", approved(own.text, "0" * 16) + BOX)])
    assert f"base: {own.base}" in str(findings) and library.flows_in("vores")["tre"].flow.questions["trist"].local


def test_names_and_offers_wait_for_approval_too(tmp_path: Path) -> None:
    more = "offers:\n  klub:\n    title: Klubben\n    help: For alle unge.\nlevels: {straks: Rød}\n"
    library, findings = load(DEMO, [room(tmp_path, more=more)])
    assert "navne, niveauer, tilbud og breve er ikke godkendt" in str(findings)
    assert library.municipalities["vores"].offers == {} and library.municipalities["vores"].levels == {}
    assert load(DEMO, [tmp_path], preview=True)[0].municipalities["vores"].offers


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"GIF89a" + bytes(40), "skal være en PNG-fil"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + (5000).to_bytes(4, "big") * 2, "billedpunkter"),
        (b"", "skal være en PNG-fil"),
    ],
)
def test_a_logo_that_is_none(tmp_path: Path, data: bytes, said: str) -> None:
    folder = room(tmp_path)
    (folder / "municipalities" / "vores" / "logo.png").write_bytes(data)
    library, findings = load(DEMO, [folder])
    assert said in str(findings) and library.logo("vores") is None


def test_a_file_for_a_flow_that_is_not_there(tmp_path: Path) -> None:
    folder = room(tmp_path)
    (folder / "municipalities" / "vores" / "flows" / "trre.yaml").write_text(HEAD, encoding="utf-8")
    assert "intet nationalt flow «trre». Mente du «tre»?" in str(load(DEMO, [folder])[1])


def test_an_approved_flow_waits_for_the_letters_it_names(tmp_path: Path) -> None:
    """It was served once, and its page looked for a letter that nobody had approved."""
    named = "outcomes:\n  undren:\n    letters: [vores-brev]\n"
    own = tmp_path / "municipalities" / "vores"
    (room(tmp_path, named) and own / "letters").mkdir()
    letter = "---\ntitle: Vores brev\nto: kommune\nhelp: Til os.\nsource: Os.\n---\nHej.\n"
    (own / "letters" / "vores-brev.md").write_text(letter, encoding="utf-8")
    made = load(DEMO, [tmp_path])[0].rooms["vores"].flows["tre"]
    signed = approved(made.text, made.base)
    (own / "flows" / "tre.yaml").write_text(HEAD + signed + named, encoding="utf-8")
    library, findings = load(DEMO, [tmp_path])
    assert "bruger jeres breve (vores-brev), som ikke er godkendt endnu" in str(findings)
    assert library.flows_in("vores")["tre"] is library.flows["tre"]
    (own / "municipality.yaml").write_text(
        "name: Vores Kommune\nexample: true\n"
        + signed.replace(made.text, library.rooms["vores"].text).partition(", base")[0]
        + "}\n",
        encoding="utf-8",
    )
    served = load(DEMO, [tmp_path])[0]
    assert served.flows_in("vores")["tre"].flow.outcomes["undren"].letters == ("vores-brev",)
