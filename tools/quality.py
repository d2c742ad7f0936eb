"""Writes guide/quality.json and docs/mutation.md from what `make quality` has run: what /kvalitet/ tells.

Raises SystemExit when a test failed: figures of a run that went wrong are not written. A page with something that axe
finds fails its test, so that the number of violations is 0 whenever there is a file.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

from guide.library.library import load
from guide.library.places import content_root
from guide.library.quality import FILE
from tests.mutation import report

ROOT = Path(__file__).parent.parent
LOOKED = "pages looked at by axe"


def main(junit: Path) -> None:
    """Read the JUnit report and the verdicts on the planted faults, and write both files."""
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    assert suite is not None
    if int(suite.get("failures", 0)) + int(suite.get("errors", 0)):
        raise SystemExit("A test failed, so the figures are not written.")
    looked = [int(p.get("value") or 0) for p in suite.iter("property") if p.get("name") == LOOKED]
    verdicts = report.read()
    if not verdicts or not sum(looked):
        raise SystemExit("Nothing was measured: run `make quality`.")
    figures = {
        "day": date.today().isoformat(),
        "content": load(content_root())[0].base,
        **report.summary(verdicts),
        "pages": sum(looked),
        "violations": 0,
    }
    text = json.dumps(figures, ensure_ascii=False, indent=2) + "\n"
    (ROOT / "guide" / FILE).write_text(text, encoding="utf-8")
    report.PAGE.write_text(report.page(verdicts), encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
