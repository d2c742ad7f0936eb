"""Official figures on paper: reports about children as Statistics Denmark publishes them, apart from ours.

No counter and no release is read here. Not here: how the figures came to be (`guide/statistics/official.py`).
"""

from __future__ import annotations

from guide.library.geography import COUNTRY
from guide.paper.grids import Figure, Grid, Line, Value
from guide.paper.municipal import NEUTRAL
from guide.paper.sheet import dato
from guide.paper.subject import Subject
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.official import Figures

LISTED, YEARS = 6, 3
"""How many reporters and how many years are listed."""

BREAKS = (2017, 2022)
"""Years whose figures Statistics Denmark tells not to compare with those before."""

REPORTS, CHILDREN = "und1", "und2"


def reported(about: Subject, held: Figures) -> Figure | None:
    """Reports of a kommune beside its neighbours and the country; None without any of its year or before."""
    year = max((one for one in held.years(REPORTS) if one <= about.period.year), default=None)
    if year is None:
        return None
    own, counted = about.kommune.id, held.counted(year)
    rates = {a: rate for a in about.geography.areas if (rate := held.rate(REPORTS, year, a)) is not None}
    placing = key.placing({a: round(10 * rate) for a, rate in rates.items()}, own)
    dots = {a: chart.Dot(about.named(a), round(rate)) for a, rate in rates.items()}
    strip = chart.strip(list(dots.values()), dots.get(own), f"Underretninger pr. 1.000 børn, {year}", "")
    day = held.days.get((REPORTS, str(year)))
    said = ["Danmarks Statistiks tal, ikke guidens. De kan ikke lægges sammen med guidens tal."]
    said += [f"Tabel UND1, UND2 og FOLK1A, hentet {dato(day)}."] if day else []
    said += [] if counted else [f"Antallet af børn er ikke hentet ind for {year}. Derfor er der intet tal pr. 1.000."]
    return Figure(
        "officielle",
        about.word("officielle"),
        _finding(about, held, year),
        str(year),
        (_beside(about, held, year), _reporters(about, held, year)),
        strip,
        f"{about.kommune.name} er {placing}, regnet fra det højeste antal pr. 1.000 børn. {NEUTRAL}"
        if placing
        else "Der er ikke tal nok til en placering.",
        (" ".join(said),),
    )


def _finding(about: Subject, held: Figures, year: int) -> str:
    own, land = (held.rate(REPORTS, year, area) for area in (about.kommune.id, COUNTRY))
    name = about.kommune.full or about.kommune.name
    if own is None or land is None:
        return f"{name} fik {_number(held.number(REPORTS, year, about.kommune.id)).text} underretninger i {year}"
    return f"{name} fik {_told(own)} underretninger pr. 1.000 børn i {year}; i hele landet var det {_told(land)}"


def _beside(about: Subject, held: Figures, year: int) -> Grid:
    """The kommune, its neighbours and the country, in the years that may be compared."""
    kommune, since = about.kommune, max((one for one in BREAKS if one <= year), default=0)
    years = [one for one in held.years(REPORTS) if since <= one <= year][-YEARS:]
    places = [kommune.id, *dict.fromkeys((*kommune.neighbours, *kommune.across)), COUNTRY]
    lines = tuple(
        Line(
            about.named(place),
            (
                _number(held.number(REPORTS, year, place)),
                *(_rate(held.rate(REPORTS, one, place)) for one in years),
                _number(held.number(CHILDREN, year, place)),
                _rate(held.rate(CHILDREN, year, place)),
            ),
            place == kommune.id,
        )
        for place in places
    )
    heads = (f"Underretninger {year}", *(f"Pr. 1.000, {one}" for one in years), f"Børn {year}", "Pr. 1.000")
    return Grid("Underretninger, børn, der er underrettet om, og antal pr. 1.000 børn på 0–17 år", heads, lines)


def _reporters(about: Subject, held: Figures, year: int) -> Grid:
    """Who reported most often in the kommune, beside the country."""
    rows, labels = held.rows(REPORTS, year, about.kommune.id), held.labels.get(REPORTS, {})
    known = sorted((n, row) for row, n in rows.items() if n is not None)[::-1][:LISTED]
    lines = tuple(
        Line(labels.get(row, row), (_number(n), _number(held.number(REPORTS, year, COUNTRY, row)))) for n, row in known
    )
    return Grid(f"Hvem der underrettede mest, {year}", (about.kommune.name, "Landet"), lines)


def _number(n: int | None) -> Value:
    return Value(key.SYMBOLS["none"] if n is None else chart.number(n))


def _rate(rate: float | None) -> Value:
    return Value(key.SYMBOLS["none"] if rate is None else _told(rate))


def _told(rate: float) -> str:
    return f"{rate:.1f}".replace(".", ",")
