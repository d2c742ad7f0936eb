"""`python -m bench`: measure all goals in one run, print the table and write docs/ydelse.md.

`--quick` tries everything in a minute and writes nothing.
"""

from __future__ import annotations

import argparse
import importlib
import tempfile
import time
from pathlib import Path

from bench import counting, figures, replay, report, rooms, speed, table, variants, weight
from bench.report import Row, within
from bench.serving import WORKERS
from guide import config

NOTES = Path(__file__).with_name("notes.md")
"""What the figures mean, and why a goal is not reached; written by hand, put under the table."""


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="try everything in a minute; writes nothing")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=1.0)
    given = parser.parse_args()
    rounds, seconds = (2, 0.4) if given.quick else (given.rounds, given.seconds)
    begun = time.perf_counter()
    rows, harness = measure(rounds, seconds, quarters=1 if given.quick else 8, phones=20 if given.quick else 200)
    print(report.markdown(rows))
    print(f"{harness} {time.perf_counter() - begun:.0f} s.")
    if not given.quick:
        report.write(rows, NOTES.read_text(encoding="utf-8"), harness, rounds, seconds, WORKERS)


def measure(rounds: int, seconds: float, quarters: int, phones: int) -> tuple[list[Row], str]:
    """Everything, the goals in order. `quarters`: how many are released of the figures; `phones`: in a temadag."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, counting.postgres() as postgres:
        data = Path(folder)
        app = variants.uncounted(config.read({"GUIDE_DATA": str(data / "own")}))
        shipped = app.extensions["guide"].library.flows[table.FLOW]
        answers = table.way(shipped.flow, table.QUESTIONS)
        with speed.servers(data, app, answers, postgres) as ports:
            done = speed.Round(speed.jobs(ports, answers))
            done.run(rounds, seconds)
            weights = weight.rows(ports["guide"], answers)
        found = figures.rows(app.extensions["guide"].library, data / "figures", rounds, seconds, quarters)
        found += rooms.measure(app.extensions["guide"].library, postgres, phones)
        found += speed.rows(done) + replay.rows(shipped) + counting.rows(postgres) + weights
    found += others("bench.many_flows", _many_flows) + others("bench.memory", _memory)
    found += others("bench.kommuner", _kommuner)
    return sorted(found, key=lambda row: row.goal), speed.harness(done)


def others(module: str, told: object) -> list[Row]:
    """What a measurement of its own tells; where its made-up content no longer holds the checks, that it is missing."""
    try:
        found: dict[str, float] = importlib.import_module(module).measure()
    except AssertionError as error:
        return [Row("G4", module, f"not measured: {str(error)[:200]}", wanted="a figure", reached=False)]
    return told(found)  # type: ignore[operator, no-any-return]


def _kommuner(found: dict[str, float]) -> list[Row]:
    """The goal of the proofs: every flow in every kommune."""
    what = f"all invariants, {found['kommuner']:.0f} kommuner x {found['flows']:.0f} flows"
    return [within("proofs", what, found["in all, s"], "s", 3)]


def _many_flows(found: dict[str, float]) -> list[Row]:
    read = f"{found['flows']:.0f} flows, {found['steps']:.0f} steps, {found['states']:.0f} states"
    return [within("G4", f"{read}: read, checked and proven", found["in all, s"], "s", 6)]


def _memory(found: dict[str, float]) -> list[Row]:
    after = next(value for name, value in found.items() if name.startswith("after"))
    kommuner = f"{found['kommuner']:.0f} kommuner"
    return [
        within("G4", "start of `guide serve` to the first page", found["first page, s"], "s", 2),
        within("G7", f"two workers, {kommuner}, idle", found["idle, MB"], "MB", 180),
        within("G7", f"two workers, {kommuner}, after walks in all of them", after, "MB", 180),
    ]


if __name__ == "__main__":
    main()
