"""Settings: defaults, refusals, and one key for all workers."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from guide import config


def test_without_any_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = config.read({})
    assert settings.data == Path("guide-data") and settings.scope is None and settings.content == ()
    (key,) = config.keys(settings)
    assert len(key) >= config.SHORTEST_KEY and config.keys(settings) == (key,)
    assert (tmp_path / "guide-data" / "secret-key").stat().st_mode & 0o077 == 0


def test_several_keys_newest_first(tmp_path: Path) -> None:
    settings = config.read({"GUIDE_SECRET_KEY": f"{'n' * 32}, {'g' * 33}", "GUIDE_DATA": str(tmp_path / "x")})
    assert config.keys(settings) == ("n" * 32, "g" * 33)
    assert not (tmp_path / "x").exists(), "with keys given nothing is written"


@pytest.mark.parametrize("value", ["kort", f"{'n' * 32},kort"])
def test_short_keys_are_refused(value: str) -> None:
    with pytest.raises(config.ConfigError, match="mindst 32 tegn"):
        config.read({"GUIDE_SECRET_KEY": value})


def test_content_is_a_path_list_of_folders_that_exist(tmp_path: Path) -> None:
    settings = config.read({"GUIDE_CONTENT": os.pathsep.join([str(tmp_path), str(tmp_path)])})
    assert settings.content == (tmp_path, tmp_path)
    with pytest.raises(config.ConfigError, match="findes ikke"):
        config.read({"GUIDE_CONTENT": str(tmp_path / "nej")})


def test_workers_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    settings, found = config.read({"GUIDE_DATA": str(tmp_path / "d")}), list[tuple[str, ...]]()
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        found.append(config.keys(settings))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 and len(set(found)) == 1
    assert [p.name for p in (tmp_path / "d").iterdir()] == ["secret-key"]


def test_a_damaged_key_and_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kort")
    with pytest.raises(config.ConfigError, match="beskadiget"):
        config.keys(config.read({"GUIDE_DATA": str(tmp_path)}))
    (tmp_path / "fil").write_text("")
    with pytest.raises(config.ConfigError, match="GUIDE_DATA"):
        config.keys(config.read({"GUIDE_DATA": str(tmp_path / "fil" / "x")}))
