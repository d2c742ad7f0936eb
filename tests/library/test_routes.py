"""A flow as a graph: a rule that can never win, targets in every place, and a search that is given up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.flows import proof
from guide.library.library import load
from tests.conftest import DEMO

FLERE, TRE = "flows/flere/flow.yaml", "flows/tre/flow.yaml"


def change(tmp_path: Path, file: str, *changes: tuple[str, str]) -> list[str]:
    path = Path(shutil.copytree(DEMO, tmp_path / "demo")) / file
    text = path.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    return [str(f) for f in load(tmp_path / "demo")[1]]


def test_a_rule_behind_a_wider_one_never_wins(tmp_path: Path) -> None:
    both = (
        "      - {when: {hvad: slag, hvem: hjemme}, goto: straks}\n",
        "      - {when: {hvad: slag}, goto: straks-ude}\n",
    )
    found = change(
        tmp_path, FLERE, ("".join(both), "".join(reversed(both)).replace("goto: straks}", "goto: underret}"))
    )
    told = f"{FLERE}:31:9: advarsel: Reglen nr. 2 i «next» på «hvem» kan aldrig gælde. Slet den, eller flyt den op."
    assert told in found


def test_a_last_rule_that_nothing_is_left_for(tmp_path: Path) -> None:
    found = change(
        tmp_path,
        FLERE,
        ("{when: {hvad: sult, laenge: ja}, goto: underret}", "{when: {laenge: [ja, nej]}, goto: underret}"),
    )
    (told,) = [line for line in found if "Reglen nr. 2 i «next» på «laenge»" in line]
    assert told.endswith("kan aldrig gælde. Slet den, og slet «when» i reglen over.")


def test_rules_where_every_answer_has_its_own_way(tmp_path: Path) -> None:
    found = change(
        tmp_path,
        TRE,
        ("nej: {label: Nej, goto: undren}\n", "nej: {label: Nej, goto: undren}\n    next: [{goto: undren}]\n"),
    )
    assert any("Reglen nr. 1 i «next» på «trist» kan aldrig gælde. Slet den" in line for line in found), found


def test_a_demo_without_dead_rules() -> None:
    assert load(DEMO)[1] == []


def test_an_unknown_target_is_told_wherever_it_stands(tmp_path: Path) -> None:
    found = change(
        tmp_path,
        FLERE,
        ("{when: {hvad: slag}, goto: hvem}", "{when: {hvad: slag}, goto: hven}"),
        ("{when: {hvad: ved-ikke}, goto: hvem}", "{when: {hvad: ved-ikke}, goto: hven}"),
    )
    assert [line.split(":")[1] for line in found if "Trinnet «hven» findes ikke. Mente du «hvem»?" in line] == [
        "21",
        "22",
    ]


@pytest.mark.parametrize(
    ("limit", "told"), [("CHOICES", "slags svar"), ("LIMIT", "tilstande"), ("MOVES", "veje fra trin")]
)
def test_what_cannot_be_proven_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, told: str
) -> None:
    monkeypatch.setattr(proof, limit, 4)
    library, found = load(DEMO)
    (line,) = [str(f) for f in found if f.file == FLERE and not f.warning]
    assert "Flowet kan ikke bevises: det har mere end 4 " + told in line
    assert library.flows["flere"].proof is None
