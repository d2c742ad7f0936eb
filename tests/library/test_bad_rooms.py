"""A kommune's folder with anything in it: told as findings, never an exception, and no other kommune is affected.

What beginners write wrong is in `test_slips.py`; here is what nobody writes by mistake, and a whole country that does.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from guide.flows.finding import Finding, errors
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.room_state import of_room, stands, to_approve, told
from guide.library.strict_yaml import MAX_BYTES
from guide.live.compose import compose
from tests.conftest import DEMO, HANGS
from tests.library.test_owned import BOX, HEAD

PNG = b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + (40).to_bytes(4, "big") * 2
LETTER = "---\ntitle: Brev\nto: kommune\nhelp: Hjælp.\nsource: Os.\nblanks: {a: A}\n---\n{{ a }}\n"
FILES = ("municipality.yaml", "flows/tre.yaml", "letters/brev.md", "logo.png")
KOMMUNER = 98


def sound(folder: Path, name: str = "vores") -> Path:
    """A kommune's folder with one file of each kind, all right."""
    room = folder / "municipalities" / name
    for inside in ("flows", "letters"):
        (room / inside).mkdir(parents=True)
    (room / "municipality.yaml").write_text(f"name: {name}\nexample: true\n", encoding="utf-8")
    (room / "flows" / "tre.yaml").write_text(HEAD + BOX, encoding="utf-8")
    (room / "letters" / "brev.md").write_text(LETTER, encoding="utf-8")
    (room / "logo.png").write_bytes(PNG)
    return room


def everything(folder: Path) -> tuple[Library, list[Finding]]:
    """Load and check without waiting for anything; what is found can be shown."""
    began = time.perf_counter()
    library, found = load(DEMO, [folder])
    found = sorted({*found, *check(library)})
    assert time.perf_counter() - began < HANGS
    assert all(str(finding).isprintable() for finding in found)
    return library, found


def large(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"# x\n" * (MAX_BYTES // 4))


def sparse(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(10_000_000_000)


def noise(path: Path) -> None:
    path.write_bytes(random.Random(20261122).randbytes(5_000))


def latin(path: Path) -> None:
    path.write_bytes(b"# \xe6\xf8\xe5\n" + path.read_bytes())


def wide(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode("latin-1").encode("utf-16"))


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def away(path: Path) -> None:
    """A link to another file of the machine, which would be fine but for where it lies."""
    other = Path(shutil.copy(path, path.parents[3].parent / f"secret-{path.name}"))
    path.unlink()
    path.symlink_to(os.path.relpath(other, path.parent) if path.suffix == ".md" else other)


def itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


SPOILERS = (large, sparse, noise, latin, wide, fifo, folder, endless, away, itself)


@pytest.mark.parametrize("spoil", SPOILERS)
def test_any_file_as_anything(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """The same in each of four kommuner in turn; a fifth beside them is as it was."""
    added = tmp_path / "added"
    sound(added, "sund")
    for n, file in enumerate(FILES):
        spoil(sound(added, f"syg-{n}") / (file if file != "logo.png" or spoil is not latin else FILES[0]))
    library, found = everything(added)
    for n, file in enumerate(FILES):
        own = errors(of_room(found, f"syg-{n}"))
        assert own and all(one.file.startswith(f"municipalities/syg-{n}/") for one in own), file
        assert stands(library, f"syg-{n}", own).startswith(f"{len(own)} fejl.")
    assert errors(of_room(found, "sund")) == [] and library.logo("sund") == PNG
    assert library.rooms["sund"].letters and library.rooms["sund"].flows
    if spoil is away:
        assert all("link, der fører ud af mappen" in one.message for one in errors(found))
        assert "municipalities/syg-3/logo.png" not in library.files[1]


@pytest.mark.parametrize("inside", ["", "flows", "letters"])
def test_a_folder_that_is_a_link_out_is_not_followed(tmp_path: Path, inside: str) -> None:
    room = sound(tmp_path / "added")
    shutil.move(room / inside, tmp_path / "away")
    (room / inside).symlink_to(tmp_path / "away", target_is_directory=True)
    library, found = everything(tmp_path / "added")
    assert "link, der fører ud af mappen" in str(errors(of_room(found, "vores")))
    assert not any("vores" in name and (inside in name or not inside) for name in library.files[1])


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As told by the system: whoever runs the tests may be allowed to read everything."""
    room, listdir = sound(tmp_path), os.listdir

    def refusing(path: os.PathLike[str]) -> list[str]:
        if Path(path) == room / "letters":
            raise PermissionError(13, "no")
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refusing)
    _, found = everything(tmp_path)
    assert "Mappen må ikke læses af tjenesten. Ret mappens rettigheder." in str(errors(of_room(found, "vores")))


NAMES = ("..x", "a%2f", "~", "-", "con", "Nul", "æ", "x" * 200, "a\nb", "\x1b[2J", "<b>", "'; drop", "a b", "%00", "*")


def test_names_of_folders_and_ids_that_try_paths(tmp_path: Path, demo: Library) -> None:
    for n, name in enumerate(NAMES):
        (tmp_path / "municipalities" / name).mkdir(parents=True)
        room = sound(tmp_path, f"syg-{n}")
        (room / "municipality.yaml").write_text(
            f"name: V\nexample: true\ncontacts: {{'../{n}/{name!a}': {{title: A, help: B}}}}\n", encoding="utf-8"
        )
        (room / "flows" / f"{name}.yaml").write_text(HEAD, encoding="utf-8")
        (room / "flows" / "tre.yaml").write_text(
            f"{HEAD}outcomes: {{'../../{n}': {{as: bekymring, letters: [../../../etc/passwd]}}}}\n", encoding="utf-8"
        )
    library, found = everything(tmp_path)
    bad = [name for name in NAMES if not re.fullmatch("[a-z0-9-]*[a-z0-9]", name) or len(name) > 40]
    told_of = {one.file.split("/")[1] for one in errors(found)}
    assert {"".join(sign if sign.isprintable() else "?" for sign in name) for name in bad if name[0] != "."} <= told_of
    served = compose(DEMO, [tmp_path]).library
    assert served is not None and set(served.municipalities) == set(demo.municipalities)
    for n, _ in enumerate(NAMES):
        own = errors(of_room(found, f"syg-{n}"))
        assert {one.file.rpartition("/")[2] for one in own} >= {"municipality.yaml", "tre.yaml"}


def test_a_file_in_the_place_of_every_folder(tmp_path: Path) -> None:
    room = sound(tmp_path)
    for inside in ("flows", "letters"):
        shutil.rmtree(room / inside)
        (room / inside).write_text("x")
    (tmp_path / "municipalities" / "fil").write_text("x")
    _, found = everything(tmp_path)
    assert str(found).count("Her skulle være en mappe, men der er en fil.") == 2
    assert "«fil» læses ikke" in str(found)


def wrong(chance: random.Random, room: Path) -> None:
    """One of many ways to be wrong, in one of the files."""
    chance.choice((noise, latin, wide, fifo, folder, endless, itself, large))(room / chance.choice(FILES[:3]))


def test_a_whole_country_with_errors_at_once(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Each is told of its own, and none of the others'. What is then served is tried in `tests/live`."""
    chance = random.Random(20261122)
    for n in range(KOMMUNER):
        wrong(chance, sound(tmp_path, f"syg-{n}"))
    (sound(tmp_path, "sund") / "municipality.yaml").write_text(
        "name: Sund\nexample: true\ncontacts:\n  team: {title: T, help: H, phone: 88 12 34 56}\n", encoding="utf-8"
    )
    began = time.perf_counter()
    library, found = everything(tmp_path)
    record_property("kommuner", f"{KOMMUNER} with errors read and checked in {time.perf_counter() - began:.1f} s")
    by_room = {n: errors(of_room(found, f"syg-{n}")) for n in range(KOMMUNER)}
    assert all(by_room.values()) and errors(of_room(found, "sund")) == []
    assert {one.file.split("/")[1] for one in errors(found)} == {f"syg-{n}" for n in range(KOMMUNER)}
    for n, own in by_room.items():
        assert (
            stands(library, f"syg-{n}", own) and list(to_approve(library, f"syg-{n}", date(2026, 11, 22))) is not None
        )
        assert [line for one in own for line in told(one, (DEMO, tmp_path), library.files)]
