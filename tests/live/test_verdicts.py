"""Verdicts on the disk: whole and their own, or none; what is accepted after a change costs that kommune's check."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from guide.flows.finding import Finding
from guide.library import playable
from guide.live import accept, current, verdicts
from guide.live.accept import Place, library_of
from guide.live.verdicts import Kept
from tests.conftest import DEMO
from tests.library.test_overlay import STEP
from tests.library.test_owned import HEAD

WARNED = (Finding("municipalities/vores/flows/tre.yaml", 3, 1, "Kort.", warning=True),)


def test_what_is_whole_is_known_again(tmp_path: Path) -> None:
    Kept(tmp_path).put("a", WARNED)
    Kept(tmp_path).put("b", ())
    Kept(tmp_path).put_texts("a", {"egne.md": "Æ"})
    assert (Kept(tmp_path).get("a"), Kept(tmp_path).get("b"), Kept(tmp_path).get("c")) == (WARNED, (), None)
    assert Kept(tmp_path).texts("a") == {"egne.md": "Æ"} and Kept(tmp_path).texts("b") is None


@pytest.mark.parametrize("fault", ["torn", "one letter", "another's", "empty", "a folder", "an error"])
def test_what_is_not_whole_or_not_its_own_is_not_known(tmp_path: Path, fault: str) -> None:
    Kept(tmp_path).put("a", WARNED)
    path = tmp_path / verdicts.FOLDER / "a"
    whole = path.read_bytes()
    path.unlink()
    if fault == "torn":
        path.write_bytes(whole[:-4])
    elif fault == "one letter":
        path.write_bytes(whole.replace(b"Kort", b"Lang"))
    elif fault == "another's":
        Kept(tmp_path).put("b", ())
        (path.parent / "b").rename(path)
    elif fault == "empty":
        path.touch()
    elif fault == "a folder":
        path.mkdir()
    else:
        Kept(tmp_path).put("a", [Finding("x", 1, 1, "Fejl.")])
        assert not path.exists()
        Kept(tmp_path)._write("a", [{"file": "x", "line": 1, "column": 1, "message": "Fejl.", "warning": False}])
    assert Kept(tmp_path).get("a") is None


def test_where_nothing_can_be_written_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / verdicts.FOLDER).write_text("")
    Kept(tmp_path).put("a", ())
    assert Kept(tmp_path).get("a") is None


def test_old_ones_that_nobody_asked_for_are_cleared_away(tmp_path: Path) -> None:
    for key in "abc":
        Kept(tmp_path).put(key, ())
    long_ago = time.time() - 2 * verdicts.LEFT
    for key in "ab":
        os.utime(tmp_path / verdicts.FOLDER / key, (long_ago, long_ago))
    now = Kept(tmp_path)
    now.get("a")
    now.clear()
    assert sorted(os.listdir(tmp_path / verdicts.FOLDER)) == ["a", "c"]


def test_one_kommunes_change_costs_its_own_check_and_a_worker_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accept, "QUIET", 0.0)
    for name in ("anholt", "tunoe"):
        own = tmp_path / "own" / "municipalities" / name
        (own / "flows").mkdir(parents=True)
        (own / "municipality.yaml").write_text(f"name: {name.title()} Kommune\nexample: true\n", encoding="utf-8")
        (own / "flows" / "tre.yaml").write_text(HEAD + STEP, encoding="utf-8")
    place = Place(Path(shutil.copytree(DEMO, tmp_path / "base")), (tmp_path / "own",), tmp_path / "data")
    searched, search = list[str](), playable.search

    def counted(flow, source):  # type: ignore[no-untyped-def]
        searched.append(next(iter({mark.file for mark in source.document.marks.values() if "muni" in mark.file}), ""))
        return search(flow, source)

    monkeypatch.setattr(playable, "search", counted)
    assert accept.accept(place)
    assert {"municipalities/anholt/flows/tre.yaml", "municipalities/tunoe/flows/tre.yaml"} < set(searched)
    before = current.read(place.data)
    searched.clear()
    file = tmp_path / "own" / "municipalities" / "tunoe" / "flows" / "tre.yaml"
    file.write_text(file.read_text("utf-8").replace("owner: Skolen", "owner: Børn og Unge"), encoding="utf-8")
    assert accept.accept(place) and searched == ["municipalities/tunoe/flows/tre.yaml"]
    now = current.read(place.data)
    assert before and now and before.version != now.version and before.warnings == now.warnings
    searched.clear()
    assert library_of(place.data, now.version).rooms["tunoe"].overlays["tre"].owner == "Børn og Unge" and not searched
