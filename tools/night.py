"""Writes docs/night.md from the JUnit file of `make night`: what ran, and the figures that harnesses recorded.

A harness records a figure with pytest's own `record_property(name, value)`.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent


def main(report: Path, *chosen: str) -> None:
    """Read the report and write the page. `chosen`: what pytest was told to run; nothing for everything."""
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    tests, wrong = int(suite.get("tests", 0)), int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    asked = f' ARGS="{" ".join(chosen)}"' if chosen else ""
    lines = [
        "# The last night",
        "",
        f"`make night{asked}` on {date.today().isoformat()}, commit {commit.strip()}: {tests} tests, {wrong} failed, "
        f"{int(suite.get('skipped', 0))} skipped, {float(suite.get('time', 0)) / 60:.0f} minutes.",
        "",
        "| harness | figures |",
        "|---|---|",
    ]
    for case in suite.iter("testcase"):
        figures = [f"{p.get('name')} {p.get('value')}" for p in case.iter("property")]
        if figures:
            failed = case.find("failure") is not None or case.find("error") is not None
            lines.append(f"| {case.get('name')} | {'FAILED: ' if failed else ''}{', '.join(figures)} |")
    (ROOT / "docs" / "night.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
