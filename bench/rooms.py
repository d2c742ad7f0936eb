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

from bench import counting, phones, table
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


def measured(
    library: Library, data: Path, postgres: str | None, phones_: int, seconds: float
) -> dict[str, phones.Seen]:
    """A whole session in each set-up, by its name. Raises what servers and load maker do."""
    kinds: dict[str, tuple[int, dict[str, str]]] = {"SQLite": (1, {})}
    if postgres:
        kinds |= {name: (n, {"GUIDE_DATABASE_URL": postgres}) for n, name in ((1, "PostgreSQL"), (2, "two hosts"))}
    found = {}
    for name, (hosts, extra) in kinds.items():
        with ExitStack() as stack:
            ports = [
                stack.enter_context(
                    served(
                        "guide.web.live:application",
                        {"GUIDE_DATA": str(data / f"{name} {host}"), "GUIDE_SECRET_KEY": KEY, **extra},
                    )
                )
                for host in range(hosts)
            ]
            found[name] = phones.run(ports=ports, **job(library, phones_, seconds))
    return found


def rows(found: dict[str, phones.Seen], count: int) -> list[Row]:
    """The table of what was seen."""
    return [row for name, seen in found.items() for row in _rows(name, seen, count)]


def _rows(name: str, seen: phones.Seen, count: int) -> list[Row]:
    at, late = seen.quantile, [n for what, n in seen.figures.items() if what.startswith("late")]
    answered = [n for what, n in seen.figures.items() if what.startswith("answered")]
    lost, what = len(late) * count - sum(answered), f"{count} phones, {name}"
    every = sum(map(len, seen.times.values()))

    def times(kind: str) -> str:
        return f"{at(kind, 0.5):.0f} and {at(kind, 0.99):.0f} ms"

    return [
        Row("rooms", f"{what}: errors and lost answers", f"{len(seen.errors)} of {every:,}, {lost:.0f}",
            wanted="none", reached=not seen.errors and not lost),
        Row("rooms", f"{what}: a step of a walk (POST and the page after), p50 and p99", times("step")),
        Row("rooms", f"{what}: a direct answer, p50 and p99", times("answer")),
        within("rooms", f"{what}: the projector shows an answer after at most", max(late), "s", LATE),
        Row("rooms", f"{what}: all phones know that answers are shown after at most",
            f"{max(n for what, n in seen.figures.items() if what.startswith('all know')):.1f} s"),
        Row("rooms", f"{what}: question page of the guide meanwhile, p50 and p99", times("guide meanwhile"),
            times("guide alone")),
    ]  # fmt: skip


def measure(library: Library, postgres: str | None, phones_: int = PHONES, seconds: float = SECONDS) -> list[Row]:
    """All set-ups."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return rows(measured(library, Path(folder), postgres, phones_, seconds), phones_)


def main() -> None:
    """By itself: everything that was seen."""
    from bench import variants
    from guide import config

    size = (int(sys.argv[1]), float(sys.argv[2])) if len(sys.argv) > 2 else (PHONES, SECONDS)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, counting.postgres() as postgres:
        app = variants.uncounted(config.read({"GUIDE_DATA": f"{folder}/own"}))
        found = measured(app.extensions["guide"].library, Path(folder), postgres, *size)
    for name, seen in found.items():
        print(f"\n{name}")
        for what in sorted(seen.times):
            print(f"  {what:16} {len(seen.times[what]):6} p50 {seen.quantile(what, 0.5):7.1f} p99 "
                  f"{seen.quantile(what, 0.99):7.1f} max {max(seen.times[what]):7.1f} ms")  # fmt: skip
        print(" ", json.dumps(seen.figures), "\n  errors:", len(seen.errors), seen.errors[:5])


if __name__ == "__main__":
    main()
