"""The publication of key figures: for one kommune and one period, to print and talk about. HTML; PDF is `press.py`.

Two themes, each figure on a page of its own: what was found, drawing and tables, the place among others, what it means
and must not be used for, questions, room for notes. Not here: what each shows (`municipal.py`, `national.py`).
"""

from __future__ import annotations

from guide.library.library import Library
from guide.library.wording import suggest
from guide.paper import municipal, national
from guide.paper.grids import Figure
from guide.paper.reported import reported
from guide.paper.sheet import environment
from guide.paper.subject import Subject
from guide.statistics import keyfigures as key
from guide.statistics import placing
from guide.statistics.official import Figures
from guide.statistics.periods import Period
from guide.statistics.published import Published, Release
from guide.statistics.tables import BASE, ENOUGH, THRESHOLD


class NoPublication(Exception):
    """There is nothing to publish for this kommune or period. The message is Danish and says what there is."""


def subject(library: Library, published: Published, kommune: str, period: Period) -> Subject:
    """A kommune and a period that has figures. Raises NoPublication."""
    area = library.geography.areas.get(kommune)
    if area is None:
        raise NoPublication(_unknown(library, kommune))
    if published.newest is None:
        raise NoPublication("Der er ingen offentliggjorte nøgletal endnu. De kommer med «guide release».")
    if period not in (*published.quarters, *published.years):
        known = ", ".join(map(str, [*published.quarters[-8:], *published.years[-2:]]))
        raise NoPublication(f"Der er ingen offentliggjorte nøgletal for {period.label}. Der er: {known}.")
    return Subject(library, published, area, period)


def _unknown(library: Library, kommune: str) -> str:
    known = library.municipalities.get(kommune)
    if known is not None and known.example:
        return f"«{kommune}» er et eksempel. Der er nøgletal for rigtige kommuner alene."
    if known is not None:
        return (
            f"«{kommune}» er ikke én kommune. Skriv en kommunes id, fx {next(iter(library.geography.areas), 'aarhus')}."
        )
    return f"Kommunen «{kommune[:40]}» findes ikke.{suggest(kommune, library.geography.areas)}"


def figures(about: Subject) -> list[Figure]:
    """The key figures in the order they are printed."""
    found = [
        municipal.begun(about),
        municipal.users(about),
        national.hours(about),
        municipal.ended(about),
        municipal.by_profession(about),
        national.professions(about),
        national.parents(about),
        national.questions(about),
    ]
    return [one for one in found if one]


def release(about: Subject) -> Release:
    """The release that the newest figures came with."""
    return next(one for one in about.published.releases if one.period == about.quarter)


def publication(about: Subject, official: Figures | None = None) -> str:
    """The publication as HTML; `official`: Statistics Denmark's figures, on a page of their own where there are any."""
    shown = figures(about)
    return (
        environment(about.library, about.kommune.id)
        .get_template("publication.html")
        .render(
            about=about,
            place=about.named(about.kommune.id),
            figures=shown,
            themes=list(dict.fromkeys(one.word.theme for one in shown)),
            reported=reported(about, official) if official else None,
            release=release(about),
            symbols=key.SYMBOLS,
            firm=placing.FIRM,
            chance=placing.SAID,
            limits={"threshold": THRESHOLD, "base": BASE, "enough": ENOUGH},
            day=release(about).day,
        )
    )
