"""Whose errors keep what back: one kommune's its own, the base's everything."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.live import compose as module
from guide.live.compose import Files, Known, Refused, compose, fingerprint, kommune
from tests.conftest import DEMO

GOOD = "name: {} Kommune\nexample: true\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Two kommuner of a folder from GUIDE_CONTENT, both good."""
    for name in ("anholt", "endelave"):
        save(tmp_path / "own", name, GOOD.format(name))
    return tmp_path / "own"


def save(own: Path, name: str, text: str | bytes, file: str = "municipality.yaml") -> Path:
    path = own / "municipalities" / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def served(
    own: Path, before: list[Files] | None = None, root: Path = DEMO
) -> tuple[dict[str, str], set[str], list[Files]]:
    """(names of the kommuner of the folder, who is kept back, what was read)."""
    composed = compose(root, [own], before or [])
    found = composed.library.municipalities
    names = {name: found[name].name for name in ("anholt", "endelave") if name in found}
    return names, set(composed.failing), list(composed.library.files)


BAD: dict[str, str | bytes] = {
    "torn": "name: Anholt Kommune\nexamp",
    "empty": "",
    "a key nobody knows": "nam: Anholt\nexample: true\n",
    "what only a check finds": GOOD.format("Ny") + "contacts: {alarm: {title: A, help: B., phone: '112'}}\n",
    "binary": bytes(range(256)) * 10,
    "another encoding": "name: Ærø\nexample: true\n".encode("cp1252"),
    "too large": "#" * 300_000,
    "deep": "name: " + "[" * 5_000,
    "no such kommune": "name: Anholt Kommune\n",
}


@pytest.mark.parametrize("how", BAD)
def test_errors_in_one_kommune_keep_its_own_files_back(own: Path, how: str) -> None:
    names, failing, files = served(own)
    assert names == {"anholt": "anholt Kommune", "endelave": "endelave Kommune"} and not failing
    save(own, "anholt", BAD[how])
    save(own, "endelave", GOOD.format("Nye Endelave"))
    assert served(own)[:2] == ({"endelave": "Nye Endelave Kommune"}, {"anholt"}), "served as the country is"
    assert served(own, files)[:2] == ({"anholt": "anholt Kommune", "endelave": "Nye Endelave Kommune"}, {"anholt"})


DISK: dict[str, Callable[[Path], object]] = {
    "a fifo": lambda path: (path.unlink(), os.mkfifo(path)),
    "a folder for a file": lambda path: (path.unlink(), path.mkdir()),
    "a file for the folder": lambda path: (shutil.rmtree(path.parent), path.parent.write_text("x")),
    "a link to nothing": lambda path: (path.unlink(), path.symlink_to("/nowhere")),
    "a link to a device": lambda path: (path.unlink(), path.symlink_to("/dev/zero")),
    "many files": lambda path: [path.with_name(f"{n}.yaml").touch() for n in range(module.MOST_FILES + 1)],
    "large files": lambda path: os.truncate(save(path.parents[2], "anholt", "", "film.mp4"), module.MOST_BYTES + 1),
    "a name that is no id": lambda path: path.parent.rename(path.parents[1] / "Anholt Ø"),
}


@pytest.mark.parametrize("how", DISK)
def test_what_a_disk_can_hold_harms_nobody_else(own: Path, how: str) -> None:
    files = served(own)[2]
    DISK[how](own / "municipalities" / "anholt" / "municipality.yaml")
    save(own, "endelave", GOOD.format("Nye Endelave"))
    names, failing, _ = served(own, files)
    assert names["endelave"] == "Nye Endelave Kommune" and "endelave" not in failing
    if how not in ("a file for the folder", "a name that is no id"):  # then there is no folder of that kommune any more
        assert names["anholt"] == "anholt Kommune" and failing == {"anholt"}


def test_a_folder_that_is_gone_takes_nobody_away(own: Path) -> None:
    files = served(own)[2]
    for gone in (lambda: shutil.rmtree(own / "municipalities"), lambda: shutil.rmtree(own)):
        gone()
        names, failing, _ = served(own, files)
        assert len(names) == 2 and failing == {""}
    (own / "municipalities").mkdir(parents=True)
    assert served(own, files)[:2] == ({}, set()), "an empty folder is meant"


def test_errors_in_the_base_refuse_everything(own: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(DEMO, tmp_path / "base"))
    (root / "municipalities" / "proeve" / "municipality.yaml").write_text("nam: x\n", encoding="utf-8")
    save(own, "anholt", "nam: x\n")
    with pytest.raises(Refused) as refused:
        served(own, root=root)
    assert {kommune(found.file) for found in refused.value.found} == {"proeve"}


def test_errors_that_show_elsewhere_are_found_to_be_a_kommunes(own: Path) -> None:
    """A kommune that is called as a flow is told of at the flow."""
    (own / "municipalities" / "anholt").rename(own / "municipalities" / "tre")
    names, failing, _ = served(own)
    assert names == {"endelave": "endelave Kommune"} and failing == {"tre"}


def test_what_was_good_and_is_no_longer_is_left_out(own: Path, tmp_path: Path) -> None:
    """The base changed so that what is kept back does not fit either."""
    files = served(own)[2]
    save(own, "anholt", "nam: x\n")
    old = [
        files[0],
        {name: data if "anholt" not in name else b"name: 7\nold: true\n" for name, data in files[1].items()},
    ]
    assert served(own, old)[:2] == ({"endelave": "endelave Kommune"}, {"anholt"})


def test_what_comes_to_the_same_is_not_read_again(own: Path) -> None:
    composed = compose(DEMO, [own])
    files, known = list(composed.library.files), composed.library.digest
    save(own, "anholt", "nam: x\n")
    with pytest.raises(Known) as same:
        compose(DEMO, [own], files, known=known)
    assert set(same.value.failing) == {"anholt"}
    assert compose(DEMO, [own], files).library.digest == known, "which it would have come to"


def test_an_error_of_ours_is_the_kommunes_whose_files_cause_it(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, check = served(own)[2], module.check

    def fails(library: Library) -> list[Finding]:
        names = [kommune.name for kommune in library.municipalities.values()]
        raise_for = [name for name in names if name in ("Krak Kommune", "Brag Kommune")]
        assert not raise_for
        return check(library)

    monkeypatch.setattr(module, "check", fails)
    save(own, "anholt", GOOD.format("Krak"))
    save(own, "endelave", GOOD.format("Nye Endelave"))
    save(own, "samsoe-to", GOOD.format("Brag"))
    names, failing, _ = served(own, files)
    assert names == {"anholt": "anholt Kommune", "endelave": "Nye Endelave Kommune"}
    assert failing == {"anholt", "samsoe-to"}
    monkeypatch.setattr(module, "check", lambda library: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        served(own)


def test_all_of_them_at_once(tmp_path: Path) -> None:
    own = tmp_path / "own"
    for number in range(98):
        save(
            own,
            f"kommune-{number}",
            ["nam: x\n", b"\xff\xfe", "name: [", GOOD.format("x") + "contacts: 7\n"][number % 4],
        )
    composed = compose(DEMO, [own])
    assert len(composed.failing) == 98 and all(composed.failing.values())
    assert "proeve" in composed.library.municipalities


def test_a_link_to_a_whole_disk_is_not_followed_to_its_end(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_NAMES", 500)
    (own / "municipalities" / "anholt" / "alt").symlink_to("/usr")
    before = fingerprint([own])
    assert fingerprint([own]) == before
    time.sleep(0.01)
    save(own, "anholt", GOOD.format("Ny"))
    assert fingerprint([own]) != before, "what is near the folder is seen first"
