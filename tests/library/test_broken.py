"""Each invariant has a tiny made-up flow, kommune or law that breaks it and nothing else, told with the way there.

`broken/sund` is a flow in which all of them hold. Each other folder says in its first line what is wrong, and stands
on top of `sund`, which stands on the demo content without its flows. I14, I20, I21, I24 and I26 have none here: the
docstring of `guide/library/invariants.py` says why.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guide.flows.refinement import refine
from guide.library.checks import check
from guide.library.library import Library, load
from tests.conftest import DEMO

BROKEN = Path(__file__).parent / "broken"
NAMES = sorted(path.name for path in BROKEN.iterdir() if path.name != "sund")

WANTED = {f"I{n}" for n in (*range(1, 14), *range(15, 20), 22, 23, 25)}
"""Every invariant that the library decides."""

LABEL = re.compile(r"\(([IC]\d+)\)")


def overlay(tmp_path: Path, name: str) -> Library:
    """The content of a folder on top of the sound one."""
    return told(tmp_path, name)[0]


def told(tmp_path: Path, name: str) -> tuple[Library, list[str]]:
    """The content of a folder on top of the sound one, and every finding of an invariant on it."""
    folder = Path(shutil.copytree(DEMO, tmp_path / name))
    for room in ("flows", "themes", "cases"):
        shutil.rmtree(folder / room)
    for layer in ("sund", name):
        shutil.copytree(BROKEN / layer, folder, dirs_exist_ok=True)
    library, findings = load(folder)
    found = [finding.message for finding in [*findings, *check(library)] if not finding.warning]
    if name.startswith(("i-22", "i-23")):
        base = overlay(tmp_path, "sund").flows["lille"].flow
        found += [str(violation) for violation in refine(base, library.flows["lille"].flow)]
    return library, [message for message in found if LABEL.search(message)]


def number(name: str) -> str:
    """`i-06-ikke-fortalt` -> `I6`."""
    return f"I{int(name[2:4])}"


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_one_is_told_and_no_other(tmp_path: Path, name: str) -> None:
    _, found = told(tmp_path, name)
    assert {label for message in found for label in LABEL.findall(message)} == {number(name)}, found
    for message in found:
        assert re.search(r"[Vv]ej(en)? dertil: «[^»]+»", message), "the questions and answers that lead there"


def test_where_all_hold_nothing_is_told(tmp_path: Path) -> None:
    library, found = told(tmp_path, "sund")
    assert found == [] and library.flows["lille"].proof, "else a finding on a broken one might be of the sound one"


def test_each_invariant_has_one() -> None:
    assert {number(name) for name in NAMES} == WANTED


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    """The planted fault: a folder under another number."""
    _, found = told(tmp_path, "i-05")
    assert {label for message in found for label in LABEL.findall(message)} != {"I6"}


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("i-05", "«Er der fare nu?»: «Nej» → «Er barnet blevet slået?»: «Ja» → «Hvem kan stå bag?»: «En anden»"),
        ("i-09", "«Er der mere?»: «Gravid» + «Kulde»"),
        ("i-10", "«Er der mere?»: «Gravid» → «Er barnet trist?»: «Ja»"),
        ("i-12", "fredag 13-15, og 114 er ikke vist (I12). Vejen dertil: «Er der fare nu?»: «Nej»"),
        ("i-17", "«Er der mere?»: «Gravid» → «Hvad er barnets CPR-nummer?»"),
    ],
)
def test_the_way_is_told_in_danish(tmp_path: Path, name: str, way: str) -> None:
    _, found = told(tmp_path, name)
    assert any(way in message for message in found), found
