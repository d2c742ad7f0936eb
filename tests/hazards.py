"""The hazard log is held to the tests that ran: a control that names a test that is not there, or did not run, fails.

A pytest plugin. After a run of the whole suite every test that docs/hazards.yaml names must have passed; after a run of
a part only that they exist is asked, by tests/test_hazards.py. `--hazards FILE` reads another log.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
LOG = ROOT / "docs" / "hazards.yaml"

KEYS = {"hazard", "cause", "harm", "severity", "likelihood", "control", "residual"}


def hazards(path: Path = LOG) -> dict[str, dict[str, Any]]:
    """The hazard log by id."""
    read: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return read


def named(log: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """(hazard, test) for every test that a control names."""
    for name, hazard in log.items():
        for control in hazard["control"]:
            for test in control["tests"]:
                yield name, test


def missing(log: dict[str, dict[str, Any]], passed: set[str]) -> list[str]:
    """The tests that controls name and that are not among these; a test stands for all its parameters."""
    known = {test.partition("[")[0] for test in passed}
    return sorted({f"{name}: {test}" for name, test in named(log) if test not in known})


def pytest_addoption(parser: pytest.Parser) -> None:
    """The log to hold the tests to."""
    parser.addoption("--hazards", type=Path, default=LOG, help="the hazard log that a whole run is held to")


class Held:
    """What passed and what did not in this run; on the process that gathers the reports alone."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.passed, self.others = set[str](), set[str]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed when its call has, and nothing before or after it failed."""
        name = report.nodeid.partition("[")[0]
        if report.when == "call" and report.passed:
            self.passed.add(name)
        elif not report.passed:
            self.others.add(name)

    def whole(self) -> bool:
        """Whether everything was asked for: no file, word, mark or earlier failure chosen, and no stop on the way."""
        options = self.config.option
        chosen = bool(options.keyword or options.markexpr or getattr(options, "lf", False) or options.collectonly)
        chosen = chosen or bool(getattr(options, "deselect", None)) or bool(options.maxfail)
        return not chosen and self.config.args_source is not pytest.Config.ArgsSource.ARGS

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run when a control has no passed test."""
        if not self.whole():
            return
        self.found = missing(hazards(self.config.getoption("--hazards")), self.passed - self.others)
        if self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name them."""
        for line in getattr(self, "found", ()):
            terminalreporter.write_line(f"HAZARD WITHOUT A PASSED TEST: {line}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    """Only the process that gathers the reports of all workers holds the log to them."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Held(config), "hazards-held")
