"""Writes docs/overlays.md from what the night left in build/overlays: `python -m tests.overlays.report`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.overlays.judge import KILLERS

ROOT = Path(__file__).parent.parent.parent
PARTS = ROOT / "build" / "overlays"
PAGE = ROOT / "docs" / "overlays.md"

INTRODUCTION = """\
# Harmful files of kommuner, and what refuses them

Made by `GUIDE_NIGHT=1 python -m pytest tests/overlays` and `python -m tests.overlays.report`. Each is a kommune's own
file by chance on one of the four shipped flows, with a fixed seed, read and checked as in service. *Refused*: an error
is told of that kommune's files, so that they are not served. Each column counts the files of which that check told; one
file may be told of by several. The operators are in `tests/overlays/harmful.py` and `beside.py`, the right files in
`rightful.py`.

## What no machine sees

- An own answer whose words mean something graver than the national one it stands for. Seen is only: it stands for no
  calm answer beside a danger, and does not begin with the words of another answer.
- The words of an own title, question or box, but for the turns of speech that `local.py` knows.
- An own question early on the way, before any answer tells of a danger and before a national question: it delays, and
  is refused only where it is the last before a report, stands before an acute outcome, or makes the way too long.
- A kommune that leads everybody to more than the national flow: refinement only refuses less.

Two people read every own text before it is served (C35).
"""


@dataclass(frozen=True)
class Verdict:
    """What became of one file. `by`: the checks that told of it; none when it was accepted."""

    operator: str
    flow: str
    place: str
    by: tuple[str, ...]
    harmful: bool
    said: str


def save(name: str, verdicts: Iterable[Verdict]) -> None:
    """Keep some verdicts for the report."""
    PARTS.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(verdict) for verdict in verdicts], ensure_ascii=False, indent=1)
    (PARTS / f"{name}.json").write_text(text, encoding="utf-8")


def read() -> list[Verdict]:
    """All that the night kept."""
    kept = [one for path in sorted(PARTS.glob("*.json")) for one in json.loads(path.read_text("utf-8"))]
    return [Verdict(**{**one, "by": tuple(one["by"])}) for one in kept]


def page(verdicts: list[Verdict]) -> str:
    """The page: harmful files by operator and check, then the right ones."""
    harmful, right = [v for v in verdicts if v.harmful], [v for v in verdicts if not v.harmful]
    columns = [*KILLERS, "reader"]
    lines = [INTRODUCTION, "## Harmful", "", _told(harmful, refused=True), ""]
    lines += [f"| operator | files | refused | {' | '.join(columns)} |", "|---|" + "---|" * (len(columns) + 2)]
    for operator in dict.fromkeys(v.operator for v in harmful):
        of = [v for v in harmful if v.operator == operator]
        by = Counter(name for v in of for name in v.by)
        cells = [str(by[name] or "") for name in columns]
        lines.append(f"| {operator} | {len(of)} | {sum(bool(v.by) for v in of)} | {' | '.join(cells)} |")
    lines += ["", "## Right", "", _told(right, refused=False), "", "| operator | files | accepted |", "|---|---|---|"]
    for operator in dict.fromkeys(v.operator for v in right):
        of = [v for v in right if v.operator == operator]
        lines.append(f"| {operator} | {len(of)} | {sum(not v.by for v in of)} |")
    wrong = [f"- {v.operator}, {v.flow}, {v.place}: {v.said}" for v in verdicts if bool(v.by) is not v.harmful]
    return "\n".join([*lines, *(["", "## Wrong", "", *wrong] if wrong else [])]) + "\n"


def _told(verdicts: list[Verdict], refused: bool) -> str:
    count = sum(bool(v.by) is refused for v in verdicts)
    return f"{count} of {len(verdicts)} {'refused' if refused else 'accepted'}."


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8")
