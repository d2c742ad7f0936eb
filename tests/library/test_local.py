"""What a kommune wrote: no condition before an underretning, nothing against the parents rule, no id of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import load
from tests.conftest import DEMO
from tests.library.test_owned import room


def found(folder: Path, flow: str = "", more: str = "") -> list[str]:
    library, findings = load(DEMO, [room(folder, flow, more)])
    told = sorted({*findings, *check(library)})
    return [str(finding) for finding in told if "vores/" in finding.file and "ikke godkendt" not in finding.message]


BROKEN = {
    "a box against the rule": (
        "outcomes:\n  straks:\n    local: Ring til far og fortæl det.\n",
        "",
        "tre.yaml:5:5: «Ring til far», men forældrereglen er «ikke»",
    ),
    "a box on a dangerous question": (
        "questions:\n  slag:\n    local: Spørg forældrene først.\n",
        "",
        "svarene her kan betyde fare",
    ),
    "a condition in a box": (
        "outcomes:\n  bekymring:\n    local: Tal med lederen, før du underretter.\n",
        "",
        "at underrette har ingen betingelser",
    ),
    "a leader before the call": (
        "outcomes:\n  straks:\n    local: Tal med lederen først.\n",
        "",
        "her underretter man med det samme",
    ),
    "a box at the acute question": (
        "questions:\n  akut-fare:\n    local: Gå til overtandlægen.\n",
        "",
        "her står der kun det nationale",
    ),
    "the parents in a box": (
        "outcomes:\n  straks:\n    local: Mor og far bliver orienteret af klinikken.\n",
        "",
        "Skriv intet om forældrene i boksen her",
    ),
    "a level that advises": ("", "levels: {straks: Kan vente til i morgen}\n", "en farve, et tal eller et bogstav"),
    "a name that says when": ("", "names: {tvaerfagligt-moede: Forum på onsdag}\n", "skriv kun det, det hedder"),
    "a word that is never said": (
        "outcomes:\n  bekymring:\n    local: Du behøver ikke at underrette.\n",
        "",
        "guiden siger aldrig «du skal ikke underrette»",
    ),
    "anonymity": ("outcomes:\n  bekymring:\n    local: Hos os er du anonym.\n", "", "anonym"),
    "a contact that is not there": (
        "outcomes:\n  bekymring:\n    contacts: [teeam]\n",
        "",
        "«teeam» findes ikke i contacts/",
    ),
    "a link to no rule of law": ("outcomes:\n  bekymring:\n    local: Se [her](lov:intet).\n", "", "intet"),
    "an offer at underret": (
        "",
        "offers: {klub: {title: K, help: H, levels: [underret], link: 'https://example.org/'}}\n",
        "Et tilbud må ikke stå ved «underret»",
    ),
    "an offer of nobody": ("", "offers: {klub: {title: K, help: H, contact: kluben}}\n", "«kluben» findes ikke"),
    "a name of nothing": ("", "names: {tvaerfagligt-mode: Forum}\n", "Mente du «tvaerfagligt-moede»?"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, name: str) -> None:
    flow, more, said = BROKEN[name]
    told = found(tmp_path, flow, more)
    assert any(said in line for line in told), told


def test_what_is_right_passes(tmp_path: Path) -> None:
    flow = "questions:\n  slag:\n    local: Hos os hedder det Team Blå.\n"
    flow += "outcomes:\n  straks:\n    local: Døgnvagten svarer også her. Sig det til lederen bagefter.\n"
    flow += "  undren:\n    local: Tal med lederen først, hvis du vil.\n"
    assert found(tmp_path, flow, "names: {tvaerfagligt-moede: Forum}\n") == []


def test_a_national_letter_is_not_replaced(tmp_path: Path) -> None:
    folder = room(tmp_path)
    letters = folder / "municipalities" / "vores" / "letters"
    letters.mkdir()
    name = next((DEMO / "letters").glob("*.md")).name
    (letters / name).write_text("---\ntitle: T\nto: kommune\nhelp: H\nsource: S\n---\nKære\n", encoding="utf-8")
    library, findings = load(DEMO, [folder])
    assert any("er et nationalt brev" in str(finding) for finding in check(library)), findings
