"""Official figures on paper: reports about children as Statistics Denmark publishes them, apart from ours.

No counter and no release is read here. Not here: how the figures came to be (`guide/statistics/official.py`).
"""

from __future__ import annotations

from guide.library.geography import COUNTRY
from guide.paper.grids import Figure, Grid, Line, Value, per_cent
from guide.paper.municipal import how_to_read
from guide.paper.sheet import dato
from guide.paper.subject import Subject
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.official import Figures
from guide.statistics.tables import ALL

LISTED, YEARS = 6, 3
"""How many reporters and how many years are listed."""

BREAKS = (2017, 2022)
"""Years whose figures Statistics Denmark tells not to compare with those before (its own documentation)."""

REPORTS, CHILDREN = "und1", "und2"

NOT_PLACED = "Der er ingen: Et tilfælde kan flytte den fra år til år."


def reported(about: Subject, held: Figures) -> Figure | None:
    """Reports of a kommune beside its neighbours and the country; None without any of its year or before."""
    year = max((one for one in held.years(REPORTS) if one <= about.period.year), default=None)
    if year is None:
        return None
    own, counted = about.kommune.id, held.counted(year)
    areas = [one.id for one in key.named(about.geography)]
    dots = {
        a: chart.Dot(about.named(a), round(rate)) for a in areas if (rate := held.rate(REPORTS, year, a)) is not None
    }
    title = f"Underretninger pr. 1.000 børn, {year}"
    day = held.days.get((REPORTS, str(year)))
    said = [f"{_whose(about)} De kan ikke lægges sammen med guidens tal."]
    said += [f"Tabel UND1, UND2 og FOLK1A, hentet {dato(day)}."] if day and not about.published.example else []
    said += (
        [f"Tallene er ikke delt op for {_full(about)}. Der er så få, at de kan pege på nogen."] if about.small else []
    )
    said += [] if counted else [f"Antallet af børn er ikke hentet ind for {year}. Derfor er der intet tal pr. 1.000."]
    return Figure(
        "officielle",
        about.word("officielle"),
        _finding(about, held, year),
        str(year),
        (_beside(about, held, year), _reporters(about, held, year)),
        chart.strip(list(dots.values()), dots.get(own), title, ""),
        title,
        how_to_read(dots.get(own)),
        NOT_PLACED,
        (" ".join(said),),
    )


def _whose(about: Subject) -> str:
    if about.published.example:
        return "Opdigtede tal i samme form som Danmarks Statistiks UND1, UND2 og FOLK1A."
    return "Danmarks Statistiks tal, ikke guidens."


def _full(about: Subject) -> str:
    return about.kommune.full or about.kommune.name


def _finding(about: Subject, held: Figures, year: int) -> str:
    own, land = (held.rate(REPORTS, year, area) for area in (about.kommune.id, COUNTRY))
    name = _full(about)
    if about.small:
        reports = _number(held.number(REPORTS, year, about.kommune.id)).text
        return f"{reports} underretninger i {name} i {year}. Få børn, så tallet svinger"
    if own is None or land is None:
        return f"{name} fik {_number(held.number(REPORTS, year, about.kommune.id)).text} underretninger i {year}"
    return f"{name} fik {_told(own)} underretninger pr. 1.000 børn i {year}; i hele landet var det {_told(land)}"


def _beside(about: Subject, held: Figures, year: int) -> Grid:
    """The kommune, its neighbours, landsdel and the country, in the years that may be compared."""
    kommune, since = about.kommune, max((one for one in BREAKS if one <= year), default=0)
    years = [one for one in held.years(REPORTS) if since <= one <= year][-YEARS:]
    places = {place: [place] for place in (kommune.id, *dict.fromkeys((*kommune.neighbours, *kommune.across)))}
    places |= {about.landsdel: _within(about, about.landsdel)} if about.landsdel else {}
    places |= {COUNTRY: [COUNTRY]}
    lines = list[Line]()
    for place, areas in places.items():
        reports = {one: held.together(REPORTS, one, areas) for one in years}
        children, rate = held.together(CHILDREN, year, areas)
        rates = (_rate(reports[one][1]) for one in years)
        values = (_number(reports[year][0]), *rates, _number(children), _rate(rate))
        lines.append(Line(about.named(place), values, place == kommune.id))
    heads = (f"Antal {year}", *(f"Pr. 1.000, {one}" for one in years), f"Børn {year}")
    said = "Underretninger, børn, der er underrettet om, og begge pr. 1.000 børn på 0–17 år"
    return Grid(said, (*heads, f"Børn pr. 1.000, {year}"), tuple(lines))


def _within(about: Subject, landsdel: str) -> list[str]:
    """All kommuner of a landsdel: official figures are also of the smallest."""
    return [one.id for one in about.geography.areas.values() if one.landsdel == landsdel]


def _reporters(about: Subject, held: Figures, year: int) -> Grid:
    """Who reported most often, as shares: in the kommune, unless it is small, in its landsdel and in the country."""
    own = [] if about.small else [about.kommune.id]
    places = [*own, *([about.landsdel] if about.landsdel else []), COUNTRY]
    rows, labels = held.rows(REPORTS, year, own[0] if own else COUNTRY), held.labels.get(REPORTS, {})
    known = sorted((n, row) for row, n in rows.items() if n is not None)[::-1][:LISTED]

    def share(place: str, row: str) -> Value:
        areas = _within(about, place) if place == about.landsdel else [place]
        parts, wholes = ([held.number(REPORTS, year, area, one) for area in areas] for one in (row, ALL))
        if None in parts or not (whole := sum(n or 0 for n in wholes)) or None in wholes:
            return Value(key.SYMBOLS["none"])
        return per_cent(chart.percent(sum(n or 0 for n in parts), whole))

    lines = tuple(Line(labels.get(row, row), tuple(share(place, row) for place in places)) for _, row in known)
    return Grid(f"Hvem der underrettede, andel af alle i {year}", tuple(map(about.head, places)), lines)


def _number(n: int | None) -> Value:
    return Value(key.SYMBOLS["none"] if n is None else chart.number(n))


def _rate(rate: float | None) -> Value:
    return Value(key.SYMBOLS["none"] if rate is None else _told(rate))


def _told(rate: float) -> str:
    return f"{rate:.1f}".replace(".", ",")
