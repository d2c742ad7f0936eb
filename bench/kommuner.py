"""98 kommuner with contacts of their own and the shipped flows: how long it takes to prove and decide everything.

What a flow shows of itself is proven once for all; what depends on a kommune's contacts is decided for each of them.
`python -m bench.kommuner` prints the figures; they are seconds of the processor, so that other work does not count.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from guide.flows.proof import prove
from guide.library.furnished import furnished
from guide.library.invariants import invariants
from guide.library.library import NOWHERE, Library, load
from guide.library.places import content_root
from guide.library.stated import stated

ROUNDS = 5

OWN = """\
name: {name}
contacts:
  modtagelse:
    {{title: Modtagelsen i {name}, help: Ring her., say: Jeg ringer., phone: 70 {n} 10 11,
    purpose: [underretning, raad, uden-navn], whose: barnet, fallback: doegnvagt,
    hours: {{week: {{man-tors: {a}-{z}, fre: {a}-13}}, holidays: closed}}}}
  doegnvagt:
    {{title: Vagten i {name}, help: Om natten., say: Jeg ringer., phone: 70 {n} 10 12,
    purpose: [akut, underretning], whose: barnet, fallback: politi,
    hours: {{week: {{man-tors: {z}-{a}, fre: 13-{a}, loer-soen: {a}-{a}}}, holidays: {a}-{a}}}}}
"""


def measure() -> dict[str, float]:
    """Seconds to search the flows, to decide the invariants, and both; the best of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        library = _library(Path(folder))
        found = [_once(library) for _ in range(ROUNDS)]
    searched, decided = min(found, key=sum)
    own = sum(bool(kommune.contacts) for kommune in library.municipalities.values())
    return {
        "kommuner": own,
        "flows": len(library.flows),
        "searched, s": searched,
        "decided, s": decided,
        "in all, s": searched + decided,
    }


def _once(library: Library) -> tuple[float, float]:
    begun = time.process_time()
    for playable in library.flows.values():
        prove(playable.flow)
    searched = time.process_time()
    wrong = [finding for playable in library.flows.values() for finding in invariants(playable)]
    wrong += [*furnished(library), *stated(library)]
    if wrong:
        raise AssertionError(f"the made-up kommuner are not sound: {wrong[:3]}")
    return searched - begun, time.process_time() - searched


def _library(folder: Path) -> Library:
    base, _ = load(content_root())
    real = ((name, k) for name, k in base.municipalities.items() if name != NOWHERE and not k.example)
    for n, (name, kommune) in enumerate(real):
        path = folder / "municipalities" / name / "municipality.yaml"
        path.parent.mkdir(parents=True)
        given = OWN.format(name=kommune.name, n=n % 90 + 10, a=8 + n % 2, z=14 + n % 3)
        path.write_text(given, encoding="utf-8")
    return load(content_root(), [folder])[0]


if __name__ == "__main__":
    for told, figure in measure().items():
        print(f"{told:12} {figure:8.2f}")
