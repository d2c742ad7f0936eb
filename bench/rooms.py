"""200 phones that answer within ten seconds: on SQLite, on PostgreSQL, and on two hosts with one PostgreSQL.

The load maker is `phones.py`. Each server has two workers; «two hosts» are two servers on this machine.
"""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import counting, phones, report, table
from bench.report import Row, within
from bench.serving import served
from guide.library.library import Library

PHONES, SECONDS = 200, 10.0
"""Phones in the room, and seconds within which all of them join, walk and answer."""

QUESTIONS = 5
"""Of a walk: with its beginning six posts, each with the page after it."""

LATE = 3.0
"""Seconds after which the projector must show an answer."""

KEY = "bench-" * 8


def job(library: Library, phones: int, seconds: float) -> dict[str, Any]:
    """What the load maker is told, but for the ports."""
    ways = {name: table.way(playable.flow, QUESTIONS) for name, playable in library.flows.items()}
    case = next(name for name, case in library.cases.items() if case.flow == table.FLOW)
    guide = f"/{table.KOMMUNE}/{table.FLOW}/start"
    return {"ways": ways, "case": case, "guide": guide, "phones": phones, "seconds": seconds}


def measured(library: Library, data: Path, postgres: str | None, count: int, seconds: float) -> dict[str, phones.Seen]:
    """A whole session in each set-up, by its name. Raises what servers and load maker do."""
    kinds: dict[str, tuple[int, dict[str, str]]] = {"SQLite": (1, {})}
    if postgres:
        kinds |= {name: (n, {"GUIDE_DATABASE_URL": postgres}) for n, name in ((1, "PostgreSQL"), (2, "two hosts"))}
    found = {}
    for name, (hosts, extra) in kinds.items():
        with ExitStack() as stack:
            folders = [{"GUIDE_DATA": str(data / f"{name} {host}"), "GUIDE_SECRET_KEY": KEY} for host in range(hosts)]
            ports = [stack.enter_context(served("guide.web.live:application", {**own, **extra})) for own in folders]
            found[name] = phones.run(ports=ports, **job(library, count, seconds))
    return found


def rows(name: str, seen: phones.Seen, count: int) -> list[Row]:
    """The table of what was seen in one set-up."""
    of = {
        kind: [n for what, n in seen.figures.items() if what.startswith(kind)] for kind in ("late", "answered", "all")
    }
    lost = count * len(of["answered"]) - sum(of["answered"])
    asked = sum(len(seen.times[what]) for what in ("exchange", "file", "poll", "projector"))
    step, answer, meanwhile, alone = (
        f"{seen.quantile(what, 0.5):.0f} and {seen.quantile(what, 0.99):.0f} ms"
        for what in ("step", "answer", "guide meanwhile", "guide alone")
    )
    what = f"{count} phones, {name}"
    right = not seen.errors and not lost and seen.figures["joined"] == count
    said = f"{len(seen.errors)} errors, {lost:.0f} lost answers in {asked:,} requests"
    return [
        Row("temadag", what, said, wanted="none", reached=right),
        within("temadag", f"{what}: the projector shows an answer after at most", max(of["late"]), "s", LATE),
        Row("temadag", f"{what}: a step of a walk, p50 and p99", step),
        Row("temadag", f"{what}: a direct answer, p50 and p99", answer),
        Row("temadag", f"{what}: the last phone knows that answers are shown after", f"{max(of['all']):.1f} s"),
        Row("temadag", f"{what}: the guide's question page meanwhile (against alone), p50 and p99", meanwhile, alone),
    ]


def measure(library: Library, postgres: str | None, count: int = PHONES, seconds: float = SECONDS) -> list[Row]:
    """All set-ups."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = measured(library, Path(folder), postgres, count, seconds)
        return [row for name, seen in found.items() for row in rows(name, seen, count)]


def main() -> None:
    """By itself: everything that was seen."""
    from bench import variants
    from guide import config

    size = (int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else (PHONES, SECONDS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, counting.postgres() as postgres:
        app = variants.uncounted(config.read({"GUIDE_DATA": f"{folder}/own"}))
        found = measured(app.extensions["guide"].library, Path(folder), postgres, *size)
    for name, seen in found.items():
        print(f"\n{name}\n\n{report.markdown(rows(name, seen, size[0]))}")
        for what in sorted(seen.times):
            print(f"  {what:16} {len(seen.times[what]):6} p50 {seen.quantile(what, 0.5):7.1f} p99 "
                  f"{seen.quantile(what, 0.99):7.1f} max {max(seen.times[what]):7.1f} ms")  # fmt: skip
        print(" ", json.dumps(seen.figures), "\n  errors:", len(seen.errors), seen.errors[:5])


if __name__ == "__main__":
    main()
