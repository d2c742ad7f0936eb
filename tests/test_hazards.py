"""The hazard log: complete, naming tests that exist, and held to the tests that ran."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hazards import KEYS, LOG, ROOT, hazards, missing, named


def functions(path: Path) -> set[str]:
    """The test functions of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_hazard_is_complete() -> None:
    log = hazards()
    assert len(log) >= 20
    for name, hazard in log.items():
        assert set(hazard) == KEYS, name
        assert all(str(hazard[key]).strip() for key in KEYS), name
        assert {hazard["severity"], hazard["likelihood"]} <= {1, 2, 3, 4, 5}, name
        assert hazard["control"] and all(set(c) == {"what", "tests"} and c["tests"] for c in hazard["control"]), name


@pytest.mark.parametrize("test", sorted({test for _, test in named(hazards())}))
def test_every_named_test_exists(test: str) -> None:
    file, _, function = test.partition("::")
    assert function in functions(ROOT / file)


def test_missing_tests_are_named() -> None:
    log = {"brand": {"control": [{"what": "x", "tests": ["tests/a.py::test_x", "tests/a.py::test_y"]}]}}
    assert missing(log, {"tests/a.py::test_x[one]"}) == ["brand: tests/a.py::test_y"]


RUN = """
import pytest
def test_passes(): pass
@pytest.mark.parametrize("n", [1, 2])
def test_fails_once(n): assert n == 1 or {fine}
"""


def run(folder: Path, log: str, *arguments: str, fine: bool = True) -> subprocess.CompletedProcess[str]:
    """A run of pytest on two small tests, held to a log."""
    (folder / "test_small.py").write_text(RUN.format(fine=fine), encoding="utf-8")
    (folder / "log.yaml").write_text(log, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = .\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.hazards", "-p", "no:cacheprovider"]
    command += ["-p", "xdist.plugin", "--hazards", "log.yaml", *arguments]
    alone = {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # other plugins load longer than this runs
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=alone)


def small(*tests: str) -> str:
    """A log with one hazard and these tests."""
    return f"brand: {{control: [{{what: x, tests: [{', '.join(f'test_small.py::{t}' for t in tests)}]}}]}}"


def test_a_whole_run_is_held_to_the_log(tmp_path: Path) -> None:
    assert run(tmp_path, small("test_passes", "test_fails_once")).returncode == 0
    done = run(tmp_path, small("test_passes", "test_is_gone"))
    assert done.returncode == 1 and "HAZARD WITHOUT A PASSED TEST: brand: test_small.py::test_is_gone" in done.stdout
    assert "2 passed" not in done.stdout and "3 passed" in done.stdout  # nothing else failed
    two = run(tmp_path, small("test_is_gone"), "-n", "2")
    assert two.returncode == 1 and "test_is_gone" in two.stdout
    part = run(tmp_path, small("test_is_gone"), "-k", "passes")
    assert part.returncode == 0, "a part of the suite says nothing about the rest"
    failed = run(tmp_path, small("test_fails_once"), fine=False)
    assert failed.returncode == 1 and "brand: test_small.py::test_fails_once" in failed.stdout


def test_the_log_is_where_readers_look() -> None:
    assert LOG.relative_to(ROOT).as_posix() == "docs/hazards.yaml"
