"""A line of the release log in Danish, for /statistik/om/: what was published, what is hidden, and what the audit did.

Not here: what the audit counts (`guide/statistics/release.py`), and the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guide.statistics.chart import number
from guide.statistics.published import Release
from guide.statistics.tables import TABLES, Status

COLUMNS = {
    "Vist": (Status.shown,),
    "For få": (Status.few,),
    "Samlet": (Status.folded,),
}
"""The heads of the table of numbers, and which cells stand under each; those that cannot occur are not counted."""

PRINTS = {"guide": "Guidens version", "content": "Indholdets aftryk"}


@dataclass(frozen=True)
class Log:
    """A release as the page tells it. `tables`: (table, a number for each of COLUMNS); `prints`: (name, value)."""

    release: Release
    heads: tuple[str, ...]
    tables: list[tuple[str, list[str]]]
    audited: str
    prints: list[tuple[str, str]]


def told(release: Release) -> Log:
    """What the log says of a release; what an older release did not log is left out."""
    counts = release.audit.get("counts")
    found = counts if isinstance(counts, Mapping) else {}
    tables = [(table.title, _numbers(found[table.id])) for table in TABLES.values() if table.id in found]
    prints = [(name, str(release.audit[id])) for id, name in PRINTS.items() if id in release.audit]
    prints += [("Reglernes aftryk", release.catalogue), ("Tallenes aftryk", release.digest)]
    return Log(release, tuple(COLUMNS), tables, _audited(release.audit), prints)


def _numbers(by_status: Mapping[str, int]) -> list[str]:
    return [number(sum(by_status.get(status.value, 0) for status in inside)) for inside in COLUMNS.values()]


def _audited(audit: Mapping[str, object]) -> str:
    """What the audit asked for, in a sentence; empty where none is logged."""
    rounds, withheld = audit.get("rounds"), audit.get("withheld")
    if not isinstance(rounds, int) or not isinstance(withheld, list):
        return ""
    ran = "Kontrollen er kørt én gang" if rounds == 1 else f"Kontrollen er kørt {rounds} gange"
    if not withheld:
        return f"{ran}. Det var ikke nødvendigt at skjule mere."
    return f"{ran}. {len(withheld)} {'ekstra gruppe' if len(withheld) == 1 else 'ekstra grupper'} af tal blev skjult."
