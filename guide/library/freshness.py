"""How long ago somebody looked at what a kommune wrote: each contact, each own file of a flow, the kommune's own texts.

Here: the verdict on each, and one number for each kommune. Not here: the limits of `guide check` (`force.py`), what a
page shows of age (`guide/web/aged.py`), and whether what was looked at is right: no machine can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guide.library.force import FAILS, WARNS, later, overdue
from guide.library.library import NOWHERE, Library
from guide.model import Approval, Municipality

CALLED = 3
"""Months after which a number should be rung again (C35: every quarter, evenings too)."""

FIRST = ("modtagelse", "doegnvagt")
"""The contacts that count double: whoever is worried for a child now rings one of them."""


class Verdict(StrEnum):
    """What is said of one entry, the worst first."""

    never = "aldrig efterset"
    ahead = "dato i fremtiden"
    old = "gammel"
    unowned = "uden ejer"
    soon = "snart"
    fresh = "frisk"


_RANK = {verdict: n for n, verdict in enumerate(Verdict)}


@dataclass(frozen=True)
class Kept:
    """One entry that somebody must look at from time to time.

    `file` and `place` say where it stands in its content folder; `months`: whole ones since `checked`, None when nobody
    has looked; `weight`: how much it counts.
    """

    what: str
    file: str
    place: tuple[str, ...]
    owner: str | None
    checked: date | None
    months: int | None
    verdict: Verdict
    weight: int = 1


@dataclass(frozen=True)
class Standing:
    """A kommune with what it keeps, the worst first, and its score."""

    id: str
    name: str
    example: bool
    kept: tuple[Kept, ...]

    @property
    def score(self) -> int:
        """0 to 100: the share of what the kommune keeps that is fresh, in whole percent, rounded down.

        Everything counts one, and `modtagelse` and `doegnvagt` two each. Only «frisk» counts; «snart» does not. It says
        how lately somebody looked, never whether the number is right or how good the kommune is.
        """
        fresh = sum(kept.weight for kept in self.kept if kept.verdict is Verdict.fresh)
        return 100 * fresh // sum(kept.weight for kept in self.kept)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many entries have each verdict, the worst first; those that none has are left out."""
        found = Counter(kept.verdict for kept in self.kept)
        return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


def freshness(library: Library, day: date, only: str | None = None) -> list[Standing]:
    """Every kommune with something of its own, or only one: the worst first, examples after all others."""
    found = list[Standing]()
    for name, municipality in library.municipalities.items():
        if name != NOWHERE and only in (None, name) and (kept := tuple(_kept(library, name, municipality, day))):
            kept = tuple(sorted(kept, key=lambda one: (_RANK[one.verdict], -(one.months or 0), -one.weight)))
            found.append(Standing(name, municipality.name, municipality.example, kept))
    return sorted(found, key=lambda one: (one.example, one.score, one.name))


def bare(library: Library, standings: Iterable[Standing]) -> int:
    """How many kommuner have nothing of their own."""
    return len(library.municipalities.keys() - {NOWHERE} - {one.id for one in standings})


def months_since(looked: date, day: date) -> int:
    """Whole months from one day to a later one; 0 when it is not later."""
    months = (day.year - looked.year) * 12 + day.month - looked.month
    return max(0, months - (later(looked, months) > day if months > 0 else 0))


def verdict(
    owner: str | None, checked: date | None, day: date, soon: int = WARNS, approved: Approval | None = None
) -> Verdict:
    """The verdict on an entry on a day; `soon`: months after which somebody should look again."""
    if checked is None:
        return Verdict.never
    if checked > day:
        return Verdict.ahead
    if overdue(checked, day, FAILS) or (approved and approved.next < day):
        return Verdict.old
    if not owner:
        return Verdict.unowned
    return Verdict.soon if overdue(checked, day, soon) else Verdict.fresh


def _kept(library: Library, name: str, municipality: Municipality, day: date) -> Iterator[Kept]:
    folder = f"municipalities/{name}"
    file, room = f"{folder}/municipality.yaml", library.rooms.get(name)

    def made(
        what: str,
        file: str,
        owner: str | None,
        checked: date | None,
        place: tuple[str, ...] = (),
        soon: int = WARNS,
        approved: Approval | None = None,
    ) -> Kept:
        months = months_since(checked, day) if checked else None
        weight = 2 if place[1:] and place[1] in FIRST else 1
        return Kept(what, file, place, owner, checked, months, verdict(owner, checked, day, soon, approved), weight)

    for contact, word in municipality.contacts.items():
        soon = CALLED if word.phone else WARNS
        yield made(word.title, file, word.owner, word.checked, ("contacts", contact), soon)
    if room is None or room.word is None:
        return
    own = room.word
    if own.names or own.levels or own.offers or room.letters:
        yield made("Navne, niveauer, tilbud og breve", file, own.owner, own.checked, approved=own.approved)
    for flow, overlay in room.overlays.items():
        what = f"Egne trin i {library.flows[flow].flow.title}"
        yield made(what, f"{folder}/flows/{flow}.yaml", overlay.owner, overlay.checked, approved=overlay.approved)
