"""What comes before the call or at the same time stands above the number: a doctor, 112, a question to ask alone."""

from __future__ import annotations

import pytest
from flask import Flask

from guide.flows.scenario import play
from guide.library.library import Library
from guide.model import Level
from guide.web import Shelf, walks
from guide.web.walk_cookie import Ticket
from tests.web.test_ring import bare

BABY = "Barnet skal ses af en læge nu"


def page_of(app: Flask, content: Library, flow: str, wanted: dict[str, str], ends: str) -> str:
    """The outcome of the first scenario that ends there with (or, for `!`, without) some answers."""

    def fits(answers: object) -> bool:
        given = {step: set(chosen) for step, chosen in dict(answers).items()}  # type: ignore[call-overload]
        return all(
            (option.strip("!") in given.get(s, ())) is not option.startswith("!") for s, option in wanted.items()
        )

    playable = content.flows[flow]
    scenario = next(s for s in content.scenarios[flow].values() if s.ends == ends and fits(s.answers))
    walk = play(playable.flow, playable.machine, scenario).walk
    shelf: Shelf = app.extensions["guide"]
    ticket = Ticket("k" * 22, "eksempel", flow, walk.answers, walks.now(), shelf.library.digest)
    client = app.test_client()
    client.set_cookie("walk", shelf.seal.close(ticket, walk.on_path, walks.now()))
    page: str = client.get(f"/eksempel/{flow}/{len(walk.path)}").text
    assert f'data-outcome="{ends}"' in page
    return page


@pytest.mark.parametrize("flow", ["sundhedspleje", "dagtilbud"])
def test_a_mark_on_a_baby_means_a_doctor_above_the_number(shipped_app: Flask, content: Library, flow: str) -> None:
    page = page_of(shipped_app, content, flow, {"skade": "spaed"}, "straks-hjemmet")
    assert page.index('class="samtidig"') < page.index(BABY) < page.index('class="ring"')
    assert page.count(BABY) == 1, "not again among the steps"
    page = page_of(shipped_app, content, flow, {"skade": "!spaed"}, "straks-hjemmet")
    assert 'class="samtidig"' not in page and BABY not in page


def test_on_the_page_to_read_only_what_always_holds_stands_above(shipped_app: Flask) -> None:
    client = shipped_app.test_client()
    page = client.get("/eksempel/vejledning/straks-selvskade?fag=skole").text
    above = bare(page.split('class="samtidig"')[1].split("</section>")[0])
    assert "Tænker du på at dø?" in above and "Gælder" not in above
    page = client.get("/eksempel/vejledning/straks-hjemmet?fag=sundhedspleje").text
    assert 'class="samtidig"' not in page and page.index('id="skridt"') < page.index(BABY)


def test_only_where_it_hastes_something_comes_before_the_call(content: Library) -> None:
    for playable in content.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            assert outcome.level is Level.straks or not any(piece.first for piece in outcome.do), step
            assert not any(piece.first for piece in outcome.duty), step
