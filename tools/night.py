"""Writes docs/night.md from the JUnit file of `make night`: what ran, and the figures that harnesses recorded.

A harness records a figure with pytest's own `record_property(name, value)`.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
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
    lines += [f"| {name} | {figures} |" for name, figures in told(suite)]
    (ROOT / "docs" / "night.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(suite: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Each harness with its figures; numbers of the same harness with other parameters are added up."""
    by_harness: dict[str, list[ElementTree.Element]] = {}
    for case in suite.iter("testcase"):
        if case.find(".//property") is not None:
            by_harness.setdefault(str(case.get("name")).partition("[")[0], []).append(case)
    for harness, cases in by_harness.items():
        sums, texts = Counter[str](), list[str]()
        for figure in (figure for case in cases for figure in case.iter("property")):
            name, value = str(figure.get("name")), str(figure.get("value"))
            if value.isdecimal():
                sums[name] += int(value)
            else:
                texts.append(f"{name} {value}")
        failed = sum(case.find("failure") is not None or case.find("error") is not None for case in cases)
        figures = ", ".join([f"{name} {n:,}" for name, n in sums.items()] + texts)
        many = f" ({len(cases)} times)" if len(cases) > 1 else ""
        yield harness + many, (f"FAILED {failed}: " if failed else "") + figures


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
