"""The library: contacts, kommuner, added folders, and the hash that a walk carries."""

from __future__ import annotations

from pathlib import Path

from guide.library.library import NOWHERE, Library, digest, load
from tests.conftest import DEMO


def added(tmp_path: Path, name: str, text: str) -> Path:
    folder = tmp_path / "municipalities" / name
    folder.mkdir(parents=True)
    (folder / "municipality.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_own_contact_before_the_national_one(demo: Library) -> None:
    assert demo.contact("proeve", "modtagelse").title == "Prøvemodtagelsen"
    assert demo.contact("nabo", "modtagelse").title == "Modtagelsen"
    assert demo.contact("proeve", "alarm").phone == "112"


def test_an_added_folder_adds_a_kommune(tmp_path: Path) -> None:
    library, findings = load(DEMO, [added(tmp_path, "nabo", "name: Nabo Kommune\ncode: '002'\ncontacts: {}\n")])
    assert findings == [] and library.municipalities["nabo"].code == "002"


def test_an_unknown_kommune_is_refused(tmp_path: Path) -> None:
    _, findings = load(DEMO, [added(tmp_path, "findes-ikke", "name: Ukendt\n")])
    assert "ikke en kommune i registeret" in str(findings[0])


def test_own_steps_are_not_ignored_in_silence(tmp_path: Path) -> None:
    added(tmp_path, "nabo", "name: Nabo Kommune\n")
    (tmp_path / "municipalities" / "nabo" / "flows").mkdir()
    assert "kan ikke læses endnu" in str(load(DEMO, [tmp_path])[1][0])


def test_hele_landet_is_there_and_unknown_things_are_none(demo: Library) -> None:
    assert demo.playable(NOWHERE, "tre") is demo.flows["tre"]
    assert demo.playable(NOWHERE, "findes-ikke") is None
    assert demo.playable("findes-ikke", "tre") is None


def test_the_hash_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    before = digest([tmp_path])
    assert digest([tmp_path]) == before
    (tmp_path / "a").write_text("2")
    assert digest([tmp_path]) != before
