"""Statistics Denmark's figures on reports about children: /statistik/officielle/. Beside ours, and never mixed.

No page here reads a counter or a release. What the figures are is in `guide/statistics/official.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask import Blueprint, abort, current_app, render_template, url_for
from markupsafe import Markup

from guide.library.geography import BANDS, COUNTRY, Area, Geography
from guide.statistics import chart
from guide.statistics.keyfigures import named
from guide.statistics.official import Figures, Official
from guide.statistics.periods import period
from guide.web import shelf
from guide.web.statistics import published

blueprint = Blueprint("official", __name__)

BREAKS = (2017, 2022)
"""Years whose figures Statistics Denmark tells not to compare with those before: its documentation of the statistics,
«Underretninger om udsatte børn og unge», under comparability."""

DRAWN = 6
"""So many years stand in a drawing; the table beside it has all."""

PROFESSIONS = {"skole": r"^skole", "dagtilbud": r"dagtilbud|daginstitution|dagpleje"}
"""Who the minister's letter asks to set beside each other, by how Statistics Denmark may call them."""

NOTHING = "ingen data"


@dataclass(frozen=True)
class Line:
    """A row of a table: a number, its rate or share in words, and a bar as long as that."""

    label: str
    n: str
    rate: str = ""
    bar: Markup = Markup("")
    beside: str = ""
    own: bool = False
    address: str = ""


def figures() -> Figures:
    """The official figures; none when nothing was taken in. Ends with 503 when the database is away."""
    published()
    known = current_app.extensions
    if "guide.official" not in known:
        known["guide.official"] = Official(known["guide.figures.engine"])
    reader: Official = known["guide.official"]
    return reader.now()


@blueprint.get("/statistik/officielle/")
def country() -> str:
    """The country by year, by reporter and by cause, the landsdele, and the way to each kommune."""
    held, geography = figures(), shelf().library.geography
    year = max(held.years("und1"), default=None)
    if year is None:
        return _nothing("Officielle tal")
    return render_template(
        "statistics/official.html",
        parts=[_landsdel(held, year, geography, id) for id in geography.landsdele],
        every=_rated(held, "und1", year, sorted(geography.areas.values(), key=lambda one: one.name)),
        spread=_spread(held, year, geography),
        title="Officielle tal",
        **_shared(held, year, COUNTRY, "hele landet"),
    )


@blueprint.get("/statistik/officielle/<kommune>/")
def kommune(kommune: str) -> str:
    """One kommune beside its neighbours, its landsdel and the country."""
    held, geography = figures(), shelf().library.geography
    area = geography.areas.get(kommune) or abort(404)
    year = max(held.years("und1"), default=None)
    if year is None:
        return _nothing(f"Officielle tal: {area.full}", area)
    near = [geography.areas[id] for id in dict.fromkeys((*area.neighbours, *area.across))]
    beside = {}
    for table in ("und1", "und2"):
        lines = _rated(held, table, year, [area, *near], COUNTRY, own=kommune)
        if table == "und1" and area.landsdel not in geography.areas:
            lines.insert(-1, _landsdel(held, year, geography, area.landsdel))
        beside[table] = lines
    return render_template(
        "statistics/official_kommune.html",
        area=area,
        beside=beside,
        small=area.band == BANDS[0],
        finding=_finding(held, year, area),
        strip=_strip(held, year, geography, area),
        title=f"Officielle tal: {area.full}",
        **_shared(held, year, kommune, area.full),
    )


def _nothing(title: str, area: Area | None = None) -> str:
    return render_template("statistics/official_none.html", area=area, breaks=BREAKS, title=title)


def _shared(held: Figures, year: int, area: str, name: str) -> dict[str, object]:
    """What a kommune's page and the country's have in common.

    Why somebody was reported is told of the country only, and of a small kommune not even who reported: so few are told
    of there that a part of them may be one child or one workplace.
    """
    counted, found = held.counted(year), shelf().library.geography.areas.get(area)
    divided = found is None or found.band != BANDS[0]
    return {
        "year": year,
        "years": {table: _years(held, table, area) for table in ("und1", "und2")},
        "drawing": _drawing(held, area, name),
        "reporters": _divided(held, "und1", year, area) if divided else [],
        "professions": _professions(held, year, area) if divided else {},
        "causes": _divided(held, "und3", year, area) if area == COUNTRY else [],
        "counted": period(counted).label if counted else "",
        "days": _days(held, year),
        "where": name,
        "by_year": _by_year(held, area),
        "breaks": BREAKS,
    }


def _finding(held: Figures, year: int, area: Area) -> str:
    """Reports of a kommune, per 1,000 children beside the country where there are children enough for that."""
    reports = number(held.number("und1", year, area.id))
    if area.band == BANDS[0]:
        return f"{reports} underretninger i {area.full} i {year}. Få børn, så tallet svinger"
    if held.counted(year) is None:
        return f"{area.full} fik {reports} underretninger i {year}"
    own, land = (said(held.rate("und1", year, one)) for one in (area.id, COUNTRY))
    return f"{area.full} fik {own} underretninger pr. 1.000 børn i {year}. I hele landet var det {land}"


def _days(held: Figures, year: int) -> dict[str, date]:
    """When the file of each table was taken in, by the name of the table."""
    found = {table.upper(): held.days.get((table, str(year))) for table in ("und1", "und2", "und3")}
    counted = held.counted(year)
    found["FOLK1A"] = held.days.get(("folk1a", counted)) if counted else None
    return {table: day for table, day in found.items() if day}


def number(n: int | None) -> str:
    """A number as Danish writes it, or that there is none."""
    return NOTHING if n is None else chart.number(n)


def said(rate: float | None) -> str:
    """A rate with one decimal, or that there is none."""
    return NOTHING if rate is None else f"{rate:.1f}".replace(".", ",")


def _rated(held: Figures, table: str, year: int, areas: Iterable[Area], last: str = "", own: str = "") -> list[Line]:
    """A line for each area with its rate; the bars are as long as the largest rate of them. `last`: the country."""
    named = [(one.id, one.name) for one in areas] + ([(last, "Hele landet")] if last else [])
    rates = {id: held.rate(table, year, id) for id, _ in named}
    most = round(10 * max((rate for rate in rates.values() if rate), default=0))
    return [
        Line(
            name,
            number(held.number(table, year, id)),
            said(rates[id]),
            chart.bar(None if rates[id] is None else round(10 * (rates[id] or 0)), most),
            own=id == own,
            address=_address(id) if id != own else "",
        )
        for id, name in named
    ]


def _address(area: str) -> str:
    return url_for("official.country") if area == COUNTRY else url_for("official.kommune", kommune=area)


def _landsdel(held: Figures, year: int, geography: Geography, landsdel: str) -> Line:
    """A landsdel as the sum of its kommuner."""
    inside = [one.id for one in geography.areas.values() if one.landsdel == landsdel]
    n, rate = held.together("und1", year, inside)
    return Line(f"Landsdelen {geography.landsdele[landsdel]}", number(n), said(rate))


def _years(held: Figures, table: str, area: str) -> list[Line]:
    return [
        Line(f"{year}", number(held.number(table, year, area)), said(held.rate(table, year, area)))
        for year in reversed(held.years(table))
    ]


def _by_year(held: Figures, area: str) -> str:
    """The first and the last number that may be compared: after the last break."""
    years = held.years("und1")
    since = max((one for one in BREAKS if one <= years[-1]), default=0)
    known = [(year, n) for year in years if year >= since and (n := held.number("und1", year, area)) is not None]
    if not known:
        return f"Der er intet tal for {years[-1]}"
    (first, low), (last, high) = known[0], known[-1]
    if first == last:
        return f"{chart.number(high)} underretninger i {last}"
    if low == high:
        return f"{chart.number(high)} underretninger både i {first} og i {last}"
    return f"Fra {chart.number(low)} underretninger i {first} til {chart.number(high)} i {last}"


def _drawing(held: Figures, area: str, name: str) -> Markup:
    """Reports by year; where the series is broken the line is too."""
    years = held.years("und1")[-DRAWN:]
    points = [chart.Point(f"{year}", held.number("und1", year, area)) for year in years]
    for before, after in reversed(list(pairwise(range(len(years))))):
        if any(years[before] < broken <= years[after] for broken in BREAKS):
            points.insert(after, chart.Point("brud", None))
    return chart.line(points, f"Underretninger, {name}")


def _divided(held: Figures, table: str, year: int, area: str) -> list[Line]:
    """The parts of a figure, the largest first, with their share, and the country's share beside."""
    if year not in held.years(table):
        return []
    parts, whole = held.rows(table, year, area), held.number(table, year, area)
    names = held.labels.get(table, {})
    most = max((n for n in parts.values() if n), default=0)
    return [
        Line(
            names.get(row, row),
            number(n),
            _share(n, whole),
            chart.bar(n, most),
            ""
            if area == COUNTRY
            else _share(held.number(table, year, COUNTRY, row), held.number(table, year, COUNTRY)),
        )
        for row, n in sorted(parts.items(), key=lambda item: (-(item[1] or 0), item[0]))
    ]


def _share(n: int | None, whole: int | None) -> str:
    return NOTHING if n is None or not whole else f"{chart.percent(n, whole)} %"


def _professions(held: Figures, year: int, area: str) -> dict[str, Line]:
    """Skole and dagtilbud beside each other, where the file names just one of each."""
    names, found = held.labels.get("und1", {}), dict[str, Line]()
    for word, pattern in PROFESSIONS.items():
        rows = [row for row in held.rows("und1", year, area) if re.search(pattern, names.get(row, ""), re.IGNORECASE)]
        if len(rows) == 1 and (n := held.number("und1", year, area, rows[0])) is not None:
            found[word] = Line(names[rows[0]], number(n), said(held.rate("und1", year, area, rows[0])))
    return found if len(found) == len(PROFESSIONS) else {}


def _strip(held: Figures, year: int, geography: Geography, area: Area) -> Markup:
    """A kommune among all with children enough, by rate; nothing without one. No place: chance moves it every year."""
    rates = {one.name: held.rate("und1", year, one.id) for one in named(geography)}
    dots = {name: chart.Dot(name, round(rate)) for name, rate in rates.items() if rate is not None}
    if area.name not in dots:
        return Markup("")
    return chart.strip(list(dots.values()), dots[area.name], "Underretninger pr. 1.000 børn", " pr. 1.000")


def _spread(held: Figures, year: int, geography: Geography) -> dict[str, object]:
    """The rates of kommuner on one axis, and the lowest and the highest: not the smallest, which chance moves most."""
    rates: Mapping[str, float | None] = {a.name: held.rate("und1", year, a.id) for a in named(geography)}
    known = {name: rate for name, rate in rates.items() if rate is not None}
    if not known:
        return {}
    dots = [chart.Dot(name, round(rate)) for name, rate in known.items()]
    drawn = chart.strip(dots, None, "Underretninger pr. 1.000 børn", "")
    return {"drawn": drawn, "low": said(min(known.values())), "high": said(max(known.values())), "number": len(known)}
