"""The language server of the night comes by hash, and from wherever npm is set to look."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.editor import conftest

HERE = Path(__file__).parent


def faults(lock: dict[str, object]) -> list[str]:
    """What keeps a lock file from being one: packages without a hash, or with an address."""
    packages = lock["packages"]
    assert isinstance(packages, dict)
    return [
        name
        for name, package in packages.items()
        if name and (not str(package.get("integrity", "")).startswith("sha512-") or "resolved" in package)
    ]


def test_every_package_is_locked_by_hash_and_no_address_is_kept() -> None:
    text = (HERE / "package-lock.json").read_text(encoding="utf-8")
    lock, wanted = json.loads(text), json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    assert faults(lock) == [] and len(lock["packages"]) > 10
    assert not re.search(r"https?:", text)
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    assert re.fullmatch(r"[0-9.]+", wanted["dependencies"]["yaml-language-server"])


def test_planted_a_package_without_hash_or_with_an_address() -> None:
    packages = {"": {}, "a": {}, "b": {"integrity": "sha512-x", "resolved": "x"}, "c": {"integrity": "sha512-x"}}
    assert faults({"packages": packages}) == ["a", "b"]


def test_only_what_needs_npm_waits_for_the_night() -> None:
    assert conftest.collect_ignore in ([], ["test_completion.py"])
