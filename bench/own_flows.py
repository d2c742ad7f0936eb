"""98 kommuner that each write their own steps on all flows: what it takes to check and serve them all.

`python -m bench.own_flows` prints the figures; they are seconds of the processor, so that other work does not count.
`python -m bench.own_flows 10` takes ten kommuner. Each part is done by a process of its own, as in service: the child
that checks (`guide/live/check.py`, with its limits), and a worker that takes up what was accepted.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from bench.kommuner import OWN
from guide.library import force
from guide.library.library import NOWHERE, Library, load
from guide.library.places import content_root
from guide.library.quality import quality
from guide.live import current
from guide.live.accept import Place, library_of
from guide.live.check import command

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


APPROVED = """\
approved:
  {{authority: "Karen Eksempel, leder af modtagelsen", profession: "Ole Eksempel, souschef", date: {day}, next: {next},
  text: "{text}", base: "{base}"}}
"""


def measure(most: int | None = None) -> dict[str, float]:
    """Seconds for each part, and the most memory that the child and a worker take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        place = Place(content_root(), (folder,), folder / "data")
        found: dict[str, float] = {"kommuner": _alone(_write, folder, most)}
        found["checked cold, s"] = _checked(place)
        found["checked cold, MB"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1_024
        found["checked again, s"] = _checked(place)
        _change(next(folder.glob("municipalities/*/flows/*.yaml")), "Du ringede i går.", "Du ringede forleden.")
        found["after one own flow, s"] = _checked(place)
        _change(next(folder.glob("municipalities/*/municipality.yaml")), "Om natten.", "Hele natten.")
        found["after one number, s"] = _checked(place)
        found |= _alone(_served, place)
        kept = [path.stat().st_size for path in (place.data / "verdicts").iterdir()]
        return found | {"verdicts": len(kept), "verdicts, kB": sum(kept) / 1_000}


def _alone(part, *given):  # type: ignore[no-untyped-def]
    """A part in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(part, *given).result()


def _checked(place: Place) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if subprocess.run(command(place, patient=False), check=False).returncode:
        raise AssertionError("the check could not be done")
    now, after = current.read(place.data), resource.getrusage(resource.RUSAGE_CHILDREN)
    if now is None or now.failing:
        raise AssertionError(f"the made-up kommuner are not sound: {now and now.failing}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _served(place: Place) -> dict[str, float]:
    """A worker that takes up what was accepted, and in which somebody then walks every flow."""
    now = current.read(place.data)
    assert now is not None
    begun = time.process_time()
    library = library_of(place.data, now.version)
    quality(library)
    library.forget()
    taken, small = time.process_time(), _memory()
    ways = [playable.proof for name in library.rooms for playable in library.flows_in(name).values()]
    walked = time.process_time()
    return {
        "own flows": sum(len(room.served(preview=False)) for room in library.rooms.values()),
        "taken up, s": taken - begun,
        "a worker, MB": small,
        "walked first, s each": (walked - taken) / len(ways),
        "all walked, MB": _memory(),
    }


def _memory() -> float:
    """Megabytes that this process has in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() / 1_048_576


def _change(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def _write(folder: Path, most: int | None) -> int:
    """Write the kommuner, approved; how many there are."""
    base, _ = load(content_root())
    kommuner, day = _drafts(base, folder, most), force.newest(base)
    library, _ = load(content_root(), [folder])
    for name, room in library.rooms.items():
        for flow, own in room.flows.items() if (folder / "municipalities" / name).is_dir() else ():
            said = APPROVED.format(day=day, next=day + timedelta(days=300), text=own.text, base=own.base)
            with (folder / "municipalities" / name / "flows" / f"{flow}.yaml").open("a", encoding="utf-8") as file:
                file.write(said)
    return kommuner


def _drafts(base: Library, folder: Path, most: int | None) -> int:
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


def main(most: str = "") -> None:
    """Print it."""
    for told, figure in measure(int(most) if most else None).items():
        print(f"{told:22} {figure:8.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
