"""98 kommuner that each write their own steps on all flows: how long it takes to read, merge, prove and check them all.

`python -m bench.own_flows` prints the figures; they are seconds of the processor, so that other work does not count.
`python -m bench.own_flows 10` takes ten kommuner. With `profile` as second word it also prints what cost the most.
"""

from __future__ import annotations

import cProfile
import pstats
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.kommuner import OWN
from guide import versions
from guide.flows.finding import errors
from guide.library import force
from guide.library.checks import check
from guide.library.library import NOWHERE, Library, load
from guide.library.places import content_root

MOST = 30
"""Lines of a profile."""

FLOW = """\
owner: Børn og Unge
checked: {day}
questions:
  faa-tegn:
    local: I {name} kan du ringe til Team {n} og tale om det uden barnets navn.
    options:
      team: {{label: Team {n} har set det samme som jeg, as: {like}}}
  vendt-med-team:
    before: undren
    title: Har du talt med Team {n}?
    why: To ser mere end én.
    means: Du har talt med en fra teamet i telefonen.
    example: Du ringede i går. Svaret er »Ja«.
    options:
      ja: {{label: Ja}}
      nej: {{label: Nej, goto: ring-til-team}}
outcomes:
  ring-til-team:
    as: undren
    title: Ring til Team {n}, og sæt en dato for næste kig
  underret-foerst:
    local: Team {n} hjælper dig med samtalen.
"""


def measure(most: int | None = None) -> dict[str, float]:
    """Seconds for each part, the most memory at any time, and bytes of what is kept."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base, _ = load(content_root())
        kommuner = _write(base, folder, most)
        begun = time.process_time()
        library, found = load(content_root(), [folder], preview=True)
        read = time.process_time()
        found += check(library)
        checked = time.process_time()
        if wrong := errors(found):
            raise AssertionError(f"the made-up kommuner are not sound: {len(wrong)}, {wrong[:3]}")
        versions.keep(folder / "data", library, force.today())
        kept = time.process_time()
        size = (folder / "data" / "versions" / f"{library.digest}.zip").stat().st_size
    own = sum(len(room.flows) for room in library.rooms.values())
    return {
        "kommuner": kommuner,
        "own flows": own,
        "read and merged, s": read - begun,
        "checked, s": checked - read,
        "both, s": checked - begun,
        "memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024,
        "kept, s": kept - checked,
        "kept, kB": size / 1_000,
    }


def _write(base: Library, folder: Path, most: int | None) -> int:
    """Write the kommuner; how many there are."""
    real = [(name, one) for name, one in base.municipalities.items() if name != NOWHERE and not one.example][:most]
    for n, (name, kommune) in enumerate(real):
        path = folder / "municipalities" / name
        (path / "flows").mkdir(parents=True)
        given = OWN.format(name=kommune.name, n=n % 90 + 10, a=8 + n % 2, z=14 + n % 3)
        (path / "municipality.yaml").write_text(given, encoding="utf-8")
        for flow, playable in base.flows.items():
            like = next(iter(playable.flow.questions["faa-tegn"].options))
            text = FLOW.format(name=kommune.name, n=n, like=like, day=force.newest(base))
            (path / "flows" / f"{flow}.yaml").write_text(text, encoding="utf-8")
    return len(real)


def main(most: str = "", profiled: str = "") -> None:
    """Print it."""
    profile = cProfile.Profile()
    if profiled:
        profile.enable()
    found = measure(int(most) if most else None)
    profile.disable()
    for told, figure in found.items():
        print(f"{told:20} {figure:8.2f}")
    if profiled:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(MOST)


if __name__ == "__main__":
    main(*sys.argv[1:])
