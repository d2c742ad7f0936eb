"""An offer never stands where something is reported, nor where the parents may not hear of it (C1, C12)."""

from __future__ import annotations

from itertools import product

import pytest

from guide.library.library import Library
from guide.library.offers import offered, shows
from guide.model import Level, Offer, Parents


def offer(*levels: Level, flows: tuple[str, ...] = ()) -> Offer:
    return Offer(title="Klubben", help="For alle.", levels=levels, flows=flows)


@pytest.mark.parametrize(("level", "parents"), list(product(Level, Parents)))
def test_every_level_under_every_parents_rule(demo: Library, level: Level, parents: Parents) -> None:
    """Planted fault: the offer says that it is for all levels."""
    outcome = demo.flows["tre"].flow.outcomes["undren"].model_copy(update={"level": level, "parents": parents})
    mild = level in (Level.undren, Level.bekymring) and parents in (Parents.foerst, Parents.orienter)
    assert shows(offer(*Level), "tre", outcome) is mild


def test_only_the_levels_and_flows_that_it_names(demo: Library) -> None:
    outcomes = demo.flows["tre"].flow.outcomes
    assert shows(offer(Level.undren), "tre", outcomes["undren"])
    assert not shows(offer(Level.undren), "tre", outcomes["bekymring"])
    assert shows(offer(Level.undren, flows=("tre",)), "tre", outcomes["undren"])
    assert not shows(offer(Level.undren, flows=("tre",)), "flere", outcomes["undren"])
    assert offered(demo, "proeve", "tre", outcomes["undren"]) == {}
