"""What the editor of one kommune is told: the place with its text, what waits, and the next thing to do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from guide.flows.finding import Finding, errors
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.new_room import make
from guide.library.room_state import left_over, of_room, stands, to_approve, told
from tests.conftest import DEMO
from tests.library.test_owned import BOX, room

DAY = date(2026, 11, 22)
NUMBERS = (
    "contacts:\n"
    "  modtagelse: {title: M, help: Ring., phone: 12 34 56 78, fallback: doegnvagt, whose: barnet}\n"
    "  doegnvagt: {title: D, help: Ring., phone: '114', hours: {always: true}, whose: barnet}\n"
)


def read(folder: Path) -> tuple[Library, list[Finding]]:
    library, found = load(DEMO, [folder])
    return library, of_room([*found, *check(library)], "vores")


def test_only_what_is_in_the_room_and_errors_first() -> None:
    mine = [Finding("municipalities/vores/a", 9, 1, "x"), Finding("municipalities/vores", 0, 0, "y", warning=True)]
    others = [Finding("municipalities/vores-2/a", 1, 1, "x"), Finding("flows/tre/flow.yaml", 1, 1, "x")]
    assert of_room([*others, *reversed(mine)], "vores") == mine


def test_a_place_is_shown_with_its_text(tmp_path: Path) -> None:
    folder = room(tmp_path, more="kode: 1\n")
    library, own = read(folder)
    lines = list(told(own[0], (DEMO, folder), library.files))
    assert lines == [
        f"Fejl: {folder}/municipalities/vores/municipality.yaml:3:1",
        "  Linje 3: «kode» kendes ikke i filen. Mente du «code»?",
        "    | kode: 1",
        "    | ^",
    ]


def test_a_text_that_is_no_text_is_shown_without_harm(tmp_path: Path) -> None:
    folder = room(tmp_path)
    (folder / "municipalities" / "vores" / "municipality.yaml").write_bytes(b"name: \x1b[31m\xff\xfe" + b"x" * 10_000)
    library, own = read(folder)
    lines = [line for one in own for line in told(one, (DEMO, folder), library.files)]
    assert lines and all(line.isprintable() and len(line) < 400 for line in lines)


def test_from_nothing_to_live(tmp_path: Path) -> None:
    """Each time the sentence says the next thing; doing it changes the sentence."""
    library, own = read(room(tmp_path / "a"))
    said = stands(library, "vores", own)
    assert "Bliver vist: kun det nationale." in said and "modtagelse og doegnvagt mangler" in said
    assert list(to_approve(library, "vores", DAY)) == []

    folder = room(tmp_path / "b", BOX, NUMBERS)
    library, own = read(folder)
    said = stands(library, "vores", [one for one in own if one.warning])
    assert (
        "Bliver vist: 2 kontakter. Venter på godkendelse: ordene ved kontakterne, egne trin i tre." in said
        and "guide preview" in said
    )
    lines = list(to_approve(library, "vores", DAY))
    heads = [n for n, line in enumerate(lines) if line.endswith(":") and "sæt dette ind i" in line]
    lines = lines[heads[-1] :]
    assert len(heads) == 2 and lines[0].endswith("så sæt dette ind i municipalities/vores/flows/tre.yaml:")

    file = folder / "municipalities" / "vores" / "flows" / "tre.yaml"
    block = "\n".join(lines[1:])
    block = block.replace("authority:", "authority: Anna Aa, leder").replace("profession:", "profession: Bo Bb, leder")
    file.write_text(f"{block}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    library, own = read(folder)
    assert "tre" in library.flows_in("vores") and library.rooms["vores"].drafts == set(), "the block can be pasted"
    said = stands(library, "vores", [one for one in own if one.warning])
    assert "egne trin i tre. Venter på godkendelse: ordene ved kontakterne." in said and "next: 2027-05-22" in block


def test_errors_say_that_nothing_new_is_served(tmp_path: Path) -> None:
    library, own = read(room(tmp_path, more="kode: 1\n"))
    assert len(errors(own)) == 1
    said = stands(library, "vores", own)
    assert said.startswith("1 fejl. Indtil de er rettet, bliver intet nyt vist.")
    assert said.endswith("Ret først municipalities/vores/municipality.yaml linje 3.")


def test_texts_of_the_first_files_that_nobody_wrote_over_are_told(tmp_path: Path) -> None:
    library, _ = load(DEMO)
    made = make(tmp_path, "nabo", library.municipalities["nabo"], library.flows, DAY)
    files = {
        f"municipalities/nabo/{path.name.lstrip('_')}": path.read_bytes() for path in made if path.suffix != ".txt"
    }
    assert {one.file.rpartition("/")[2] for one in left_over([files], "nabo")} == {"eget-brev.md"}, (
        "others are comments"
    )
    taken = {name: re.sub(rb"(?m)^# ?(?!#)", b"", data) for name, data in files.items()}
    found = list(left_over([taken], "nabo"))
    assert len([one for one in found if one.file.endswith("tre.yaml")]) == 9 and all(one.warning for one in found)
    assert list(left_over([taken], "nab")) == []
