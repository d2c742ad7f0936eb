"""The first files of a kommune: found by its name, passing as they stand, and passing with every comment taken away."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.new_room import NotMade, find, flow_starter, make
from guide.library.places import content_root
from tests.conftest import DEMO

DAY = date(2026, 11, 22)
NIGHT = os.environ.get("GUIDE_NIGHT") == "1"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("viborg", "viborg"),
        ("Viborg", "viborg"),
        ("  VIBORG  kommune ", "viborg"),
        ("791", "viborg"),
        ("København", "koebenhavn"),
        ("Københavns Kommune", "koebenhavn"),
        ("koebenhavn", "koebenhavn"),
        ("Bornholms Regionskommune", "bornholm"),
        ("Ringkøbing-Skjern", "ringkoebing-skjern"),
    ],
)
def test_a_kommune_is_found_by_name_code_or_id(content: Library, name: str, found: str) -> None:
    assert find(name, content.municipalities) == found


@pytest.mark.parametrize("kommune", ["", "x" * 10_000, "../../etc", "Hele landet", "hele-landet", "\0", "<script>"])
def test_what_is_no_kommune(content: Library, kommune: str) -> None:
    with pytest.raises(NotMade, match="ikke en kommune i registeret"):
        find(kommune, content.municipalities)
    with pytest.raises(NotMade, match="Mente du «Viborg Kommune»"):
        find("Viiborg", content.municipalities)


def test_every_kommune_of_the_register_is_found_by_its_name(content: Library) -> None:
    for key, kommune in content.municipalities.items():
        if kommune.code:
            assert find(kommune.name, content.municipalities) == key == find(kommune.code, content.municipalities)


def made(folder: Path, demo: Library, day: date = DAY) -> Path:
    return make(folder, "nabo", demo.municipalities["nabo"], demo.flows, day)[0].parent


def test_a_fresh_folder_passes_and_has_no_number(tmp_path: Path, demo: Library) -> None:
    room = made(tmp_path, demo)
    library, found = load(DEMO, [tmp_path])
    own = [finding for finding in (*found, *check(library)) if "nabo" in finding.file]
    assert errors(own) == [] and library.municipalities["nabo"].contacts == {}
    for path in room.rglob("*.*"):
        assert not re.search(r"\d\d \d\d|phone: \S", path.read_text(encoding="utf-8")), path
    assert (room / "municipality.yaml").read_bytes().startswith(b"# yaml-language-server: $schema=../../skemaer/")


def taken(text: str) -> str:
    """A starter file with the # taken away that a beginner takes away."""
    first, *lines = text.splitlines()
    return "\n".join([first, *(re.sub(r"^# ?(?!#)", "", line) for line in lines)]) + "\n"


FILLED = (
    ("    checked:\n", "    checked: 2026-11-22\n"),
    ("phone:\n", "phone: 88 12 34 56\n"),
    ("        man-tors:\n        fre:\n      holidays:\n", "        man-fre: 9-15\n      holidays: closed\n"),
    (
        "        man-tors:\n        fre:\n        loer-soen:\n      holidays:\n",
        "        man-soen: 9-9\n      holidays: 9-9\n",
    ),
    ("24-december:\n", "24-december: 9-9\n"),
    ("31-december:\n", "31-december: 9-9\n"),
    ("source:\n", "source: Ringet op.\n"),
    ("owner:\n", "owner: Skolen\n"),
    ("  tvaerfagligt-moede:\n", "  tvaerfagligt-moede: Trivselsforum\n"),
    ("  underret:\n", "  underret: Orange\n"),
    ("    title:\n    help:\n", "    title: Klubben\n    help: For alle unge.\n"),
    ("primary: ''", "primary: '#0b5a3c'"),
)
"""What an editor writes where the first files have nothing."""


def filled(text: str) -> str:
    """A starter file taken into use and filled in."""
    text = taken(text)
    for old, new in FILLED:
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("root", [DEMO, *([content_root()] if NIGHT else [])], ids=["demo", "shipped"][: 1 + NIGHT])
def test_the_first_files_pass_when_they_are_filled_in(tmp_path: Path, root: Path) -> None:
    """Every # taken away and every blank filled: no error, in every flow. The shipped content by night."""
    library = load(root)[0]
    name = "nabo" if root == DEMO else "viborg"
    room = make(tmp_path, name, library.municipalities[name], library.flows, DAY)[0].parent
    file = room / "municipality.yaml"
    file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")
    (room / "letters" / "_eget-brev.md").rename(room / "letters" / "eget-brev.md")
    for flow in library.flows:
        text = filled((room / "flows" / f"_{flow}.yaml").read_text(encoding="utf-8"))
        assert "jeres-spoergsmaal:" in text and text.count("help: Skriv her, hvad man gør nu.") == 1
        letter = "help: Skriv her, hvad man gør nu.\n    letters: [eget-brev]"
        text = text.replace("help: Skriv her, hvad man gør nu.", letter)
        (room / "flows" / f"{flow}.yaml").write_text(text, encoding="utf-8")
    read, found = load(root, [tmp_path], preview=True)
    own = errors(one for one in (*found, *check(read)) if f"municipalities/{name}/" in one.file)
    assert own == [] and set(read.rooms[name].flows) == set(library.flows)
    assert read.rooms[name].letters and len(read.municipalities[name].contacts) == 3


def test_what_must_be_filled_in_is_told(tmp_path: Path, demo: Library) -> None:
    room = made(tmp_path, demo)
    text = (room / "flows" / "_tre.yaml").read_text(encoding="utf-8")
    (room / "flows" / "tre.yaml").write_text(taken(text), encoding="utf-8")
    assert "«owner» er tom" in str(load(DEMO, [tmp_path])[1])


def test_the_contacts_are_told_line_by_line_until_they_are_filled_in(tmp_path: Path, demo: Library) -> None:
    file = made(tmp_path, demo) / "municipality.yaml"
    file.write_text(taken(file.read_text(encoding="utf-8")), encoding="utf-8")
    told = [str(finding) for finding in load(DEMO, [tmp_path])[1] if "nabo/municipality" in finding.file]
    assert len(told) > 15 and all("er tom" in line or "er ikke en farve" in line for line in told), told


def test_each_national_step_is_listed_once(demo: Library) -> None:
    for playable in demo.flows.values():
        text = flow_starter(playable, DAY)
        for step in (*playable.flow.questions, *playable.flow.outcomes):
            assert len(re.findall(rf"^##     {step}: ", text, re.MULTILINE)) == 1


def test_nothing_is_ever_overwritten(tmp_path: Path, demo: Library) -> None:
    room = made(tmp_path, demo)
    (room / "municipality.yaml").write_text("mit", encoding="utf-8")
    for there in ("folder", "file", "link"):
        with pytest.raises(NotMade, match="findes allerede"):
            made(tmp_path, demo)
        assert there != "folder" or (room / "municipality.yaml").read_text() == "mit"
        room.rename(tmp_path / f"old-{there}")
        room.write_text("x") if there == "folder" else room.symlink_to(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written_is_told_and_left_as_it_was(tmp_path: Path, demo: Library) -> None:
    (tmp_path / "municipalities").write_text("x")
    with pytest.raises(NotMade, match="Der kan ikke skrives i"):
        made(tmp_path, demo)
    (tmp_path / "municipalities").unlink()
    (tmp_path / "away").mkdir()
    (tmp_path / "municipalities").symlink_to(tmp_path / "away")
    with pytest.raises(NotMade, match="er et link til et andet sted"):
        made(tmp_path, demo)
    assert os.listdir(tmp_path / "away") == []
