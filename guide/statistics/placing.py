"""Places among kommuner, as far as rounded numbers and chance leave them open. Pure.

A share is of rounded numbers, and a year is one of many that could have been: next year other walks would have given
another share, though nothing had changed. So a place is told as all places that both leave open. Two shares are told
apart when they still differ by more than chance after rounding has moved them towards each other as far as it can.
Official numbers are given no place: chance moves them from year to year too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt

from guide.library.geography import COUNTRY
from guide.statistics.keyfigures import Placing, Raised, levels, raised
from guide.statistics.periods import Period
from guide.statistics.published import Published

FIRM = 200
"""So many walks of a year, or there is no place."""

CHANCE = 1.96
"""Standard errors between two shares that chance alone passes in 5 of 100 cases."""

OFF = 2
"""How far a number that was rounded to the nearest 5 can be from the true one."""

SAID = (
    "Pladsen er alle de pladser, som afrunding og tilfældighed lader stå åbne. To kommuner er kun skilt ad, når "
    "forskellen er større, end tilfældet giver i 95 af 100 tilfælde."
)
"""What must stand beside a place."""

TOO_FEW = "for få forløb til en plads"
"""Where there is none."""


def compared(one: Raised, other: Raised) -> int:
    """1 when the share of `one` is above that of `other`, -1 when below, 0 when the numbers cannot tell them apart."""
    if _above(one, other):
        return 1
    return -1 if _above(other, one) else 0


def _above(one: Raised, other: Raised) -> bool:
    low = max(one.n - one.off, 0) / (one.of + OFF)
    high = min((other.n + other.off) / max(other.of - OFF, 1), 1)
    return low - high > CHANCE * sqrt(low * (1 - low) / one.of + high * (1 - high) / other.of)


def beside_country(published: Published, of: Period, area: str, name: str) -> str:
    """Whether the share of an area can be told apart from the country's, in Danish; empty where either has none."""
    own, country = (raised(levels(published, of, one)) for one in (area, COUNTRY))
    if area == COUNTRY or not own or not country or own.percent is None or country.percent is None:
        return ""
    if compared(own, country):
        return (
            f"Forskellen mellem {name} og hele landet er større, end afrunding og tilfældighed som regel giver. "
            "Øvelser og få flittige brugere kan også flytte tallet."
        )
    return f"Tallene kan ikke skelne {name} fra hele landet, når afrunding og tilfældighed er regnet med."


def place_among(found: Mapping[str, Raised], own: str) -> Placing | None:
    """All places that one may have among those of FIRM walks, counted from the highest; None when it is not of them."""
    firm = {area: one for area, one in found.items() if one.of >= FIRM}
    if own not in firm:
        return None
    sides = [compared(one, firm[own]) for area, one in firm.items() if area != own]
    return Placing(1 + sides.count(1), len(firm) - sides.count(-1), len(firm))


def place(published: Published, of: Period, areas: Iterable[str], own: str) -> Placing | None:
    """The place of a kommune by the share in «underret eller mere» of all its walks: of a whole year, else None."""
    if of.quarter is not None:
        return None
    found = {area: raised(levels(published, of, area)) for area in areas}
    return place_among({area: one for area, one in found.items() if one}, own)
