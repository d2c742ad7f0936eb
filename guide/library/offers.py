"""Which of a kommune's offers (*tilbud*) an outcome shows: where nothing is reported, and the parents may hear of it.

An offer stands below what one does now, and never instead of an underretning (C12). Pure. Not here: what is wrong with
an offer as it was written (`local.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from guide.library.library import Library
from guide.model import Level, Offer, Outcome


def shows(offer: Offer, flow: str, outcome: Outcome) -> bool:
    """Whether an outcome of a flow shows an offer; from `underret` on none, whatever the offer says."""
    return (
        outcome.parents.told
        and outcome.level.rank < Level.underret.rank
        and outcome.level in offer.levels
        and (not offer.flows or flow in offer.flows)
    )


def offered(library: Library, kommune: str, flow: str, outcome: Outcome) -> Mapping[str, Offer]:
    """The offers that an outcome shows in a kommune, by id, as the kommune wrote them."""
    offers = library.municipalities[kommune].offers
    return {name: offer for name, offer in offers.items() if shows(offer, flow, outcome)}
