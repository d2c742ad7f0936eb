"""One library for all workers that a process forks, while no file of it has changed."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import guide.web
from guide import config
from guide.library.folder import state
from guide.web import ContentError, create_app, hold, served_library
from tests.conftest import DEMO


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A copy of the demo content; nothing stays held or frozen for other tests."""
    yield Path(shutil.copytree(DEMO, tmp_path / "content"))
    guide.web._held.clear()
    gc.unfreeze()


def test_what_is_held_is_served_without_reading(
    root: Path, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(settings, root)
    monkeypatch.setattr(guide.web, "load", None)  # calling it would fail
    library, _ = served_library(settings, root)
    assert create_app(settings, root).extensions["guide"].library is library
    assert gc.isenabled() and gc.get_freeze_count() > 0


def test_changed_content_is_read_anew(root: Path, settings: config.Settings) -> None:
    hold(settings, root)
    held, _ = served_library(settings, root)
    page = root / "pages" / "om.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nNyt.\n", encoding="utf-8")
    library, _ = served_library(settings, root)
    assert library is not held and library.digest != held.digest


def test_another_setting_is_another_library(root: Path, settings: config.Settings, tmp_path: Path) -> None:
    hold(settings, root)
    held, _ = served_library(settings, root)
    (tmp_path / "more" / "municipalities").mkdir(parents=True)
    own = config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_CONTENT": str(tmp_path / "more")})
    assert served_library(own, root)[0] is not held
    with pytest.raises(config.ConfigError):
        served_library(config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_SCOPE": "findes-ikke"}), root)


def test_content_with_errors_is_not_held(root: Path, settings: config.Settings) -> None:
    (root / "pages" / "om.md").unlink()
    with pytest.raises(ContentError):
        hold(settings, root)
    assert guide.web._held == {} and gc.isenabled()


@pytest.mark.parametrize("change", ["edit", "same size", "new", "gone", "renamed", "linked"])
def test_every_change_shows_in_the_state(root: Path, tmp_path: Path, change: str) -> None:
    page, other = root / "pages" / "om.md", tmp_path / "elsewhere"
    shutil.copytree(root / "signs", other)
    (root / "municipalities" / "linked").symlink_to(other)
    (other / "round").symlink_to(root)  # a loop is walked once
    before = state([root])
    assert state([root]) == before
    text = page.read_bytes()
    {
        "edit": lambda: page.write_bytes(text + b"x"),
        "same size": lambda: page.write_bytes(text[::-1]),
        "new": lambda: (root / "law" / "ny.yaml").write_bytes(b""),
        "gone": lambda: page.unlink(),
        "renamed": lambda: os.rename(page, page.with_name("on.md")),
        "linked": lambda: next(other.glob("*.yaml")).write_bytes(b"x"),
    }[change]()
    assert state([root]) != before


def test_a_folder_that_is_not_there_has_a_state(tmp_path: Path) -> None:
    before = state([tmp_path / "no"])
    (tmp_path / "no").mkdir()
    assert state([tmp_path / "no"]) != before
