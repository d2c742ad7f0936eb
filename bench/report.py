"""What was found, as a table: on the screen and in docs/ydelse.md."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "docs" / "ydelse.md"

HEAD = """# Speed

Written by `make bench`; the goals are measured in one run, the servers in turn, in rounds of {seconds:g} s ({rounds}
rounds). A ratio is the median of one over the median of the other. **Only ratios can be compared between machines**:
load maker and servers share the cores.

- Date {date}, commit {commit}
- {cores} cores, {system}, Python {python}; load average at the end {load:.1f}
- The floor: bare Flask and Jinja2 with the same headers, a sealed (Fernet) cookie, a dictionary table for the same ten
  questions, pages of the same size, on the same server ({workers} workers). It counts nothing and checks little.
- Load maker: raw sockets, one connection a user, no think time, every byte read. {harness}

"""


@dataclass(frozen=True)
class Row:
    """One line of the table. `reached` is None where there is nothing to reach, or nothing was measured."""

    goal: str
    what: str
    figure: str
    floor: str = ""
    ratio: str = ""
    wanted: str = ""
    reached: bool | None = None


def compare(goal: str, what: str, figure: float, floor: float, unit: str, limit: float, *, most: bool = True) -> Row:
    """A figure as a ratio to another, which may be at most (or must be at least) the limit."""
    ratio = figure / floor if floor else float("inf")
    reached = ratio <= limit if most else ratio >= limit
    digits = 0 if floor >= 100 else 2
    shown = [f"{value:.{digits}f} {unit}" for value in (figure, floor)]
    return Row(goal, what, *shown, f"{ratio:.2f}", f"{'≤' if most else '≥'} {limit:g} x", reached)


def within(goal: str, what: str, figure: float, unit: str, limit: float) -> Row:
    """A figure that may be at most the limit."""
    return Row(goal, what, f"{figure:.3g} {unit}", wanted=f"≤ {limit:g} {unit}", reached=figure <= limit)


def markdown(rows: list[Row]) -> str:
    """The rows as a table."""
    lines = [
        "| goal | what | figure | against | ratio | wanted | reached |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    said = {True: "yes", False: "**no**", None: "–"}
    lines += [
        f"| {r.goal} | {r.what} | {r.figure} | {r.floor} | {r.ratio} | {r.wanted} | {said[r.reached]} |" for r in rows
    ]
    return "\n".join(lines) + "\n"


def write(rows: list[Row], notes: str, harness: str, rounds: int, seconds: float, workers: int) -> None:
    """docs/ydelse.md anew; the notes are kept by bench/notes.md."""
    head = HEAD.format(
        seconds=seconds,
        rounds=rounds,
        date=date.today().isoformat(),
        commit=_commit(),
        cores=os.cpu_count(),
        system=platform.system(),
        load=os.getloadavg()[1],
        python=platform.python_version(),
        workers=workers,
        harness=harness,
    )
    DOCUMENT.write_text(head + markdown(rows) + "\n" + notes, encoding="utf-8")


def _commit() -> str:
    command = ["git", "-C", str(DOCUMENT.parent), "describe", "--always", "--dirty"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
