"""One library for all workers that a process forks, while no file of it has changed."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import guide.web
from guide import config
from guide.library.folder import state
from guide.library.library import Library
from guide.web import ContentError, create_app, hold
from tests.conftest import DEMO


def library(app: Flask) -> Library:
    found: Library = app.extensions["guide"].library
    return found


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
    held, counting = library(create_app(settings, root)), create_app(settings, root).extensions["guide"].counting
    monkeypatch.setattr(guide.web, "served_library", None)  # calling it would fail
    app = create_app(settings, root)
    assert library(app) is held and gc.isenabled() and gc.get_freeze_count() > 0
    assert app.extensions["guide"].counting is not counting, "each worker counts for itself"
    assert app.test_client().get("/").status_code == 200


STARTS = """
import os, sys, threading
from pathlib import Path
from guide import config
from guide.web import hold
before = threading.active_count(), set(os.listdir("/proc/self/fd"))
hold(config.read({"GUIDE_DATA": sys.argv[2]}), Path(sys.argv[1]))
assert (threading.active_count(), set(os.listdir("/proc/self/fd"))) == before
"""


def test_what_is_made_to_be_held_starts_nothing(root: Path, tmp_path: Path) -> None:
    """In a process of its own: in this one other tests' threads open and close files."""
    subprocess.run([sys.executable, "-c", STARTS, str(root), str(tmp_path / "own")], check=True)


def test_changed_content_is_read_anew(root: Path, settings: config.Settings) -> None:
    hold(settings, root)
    held = library(create_app(settings, root))
    page = root / "pages" / "om.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nNyt.\n", encoding="utf-8")
    now = library(create_app(settings, root))
    assert now is not held and now.digest != held.digest


def test_another_setting_is_another_library(root: Path, settings: config.Settings, tmp_path: Path) -> None:
    hold(settings, root)
    held = library(create_app(settings, root))
    (tmp_path / "more" / "municipalities").mkdir(parents=True)
    own = config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_CONTENT": str(tmp_path / "more")})
    assert library(create_app(own, root)) is not held
    with pytest.raises(config.ConfigError):
        create_app(config.read({"GUIDE_DATA": str(tmp_path), "GUIDE_SCOPE": "findes-ikke"}), root)


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
