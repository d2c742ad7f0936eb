"""The key figures of a kommune on paper: walks begun, faggrupper, levels, and levels by faggruppe.

Every number is a published cell or worked out of published cells (`guide/statistics/keyfigures.py`). Where a kommune
has no numbers of its own those of its landsdel stand, else the country's, and that is said. Not here: figures of the
country alone (`national.py`), the document (`publication.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from guide.paper.grids import Figure, Grid, Line, Value, bar, number, per_cent, share
from guide.paper.subject import Subject
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.periods import Period

NEUTRAL = "Placeringen siger ikke, hvem der gør det godt."
ONLY_LARGE = "Kun kommuner med egne tal for faggrupper bliver placeret."
RAISED = "Underret eller mere"
"""The head of columns with the three levels underret, straks and akut together."""


def begun(about: Subject) -> Figure:
    """How many walks began: by quarter, and beside others."""
    of, held = about.whole, about.published
    trends = {area: [key.used(held, one, area) for one in about.quarters] for area in about.stand_ins}
    area = about.first_with(trends)
    points = [
        chart.Point(f"{one.quarter}.\u00a0kv. {one.year}", cell.n if cell else None)
        for one, cell in zip(about.quarters, trends[area], strict=True)
    ]
    lines = [
        Line(
            about.named(place), tuple(number(key.used(held, one, place)) for one in (of.before, of)), place == about.own
        )
        for place in dict.fromkeys([about.own, *about.around])
    ]
    cells = {one.id: key.used(held, of, one.id) for one in key.named(about.geography)}
    values = {name: cell.n for name, cell in cells.items() if cell and cell.n is not None}
    return Figure(
        "forloeb",
        about.word("forloeb"),
        key.use_finding(held, of, about.own, about.where(about.own)),
        of.label,
        (Grid("Forløb, der er begyndt", (of.before.label, of.label), tuple(lines)),),
        chart.line(points, f"Forløb, der er begyndt {about.where(area)}, efter kvartal")
        if sum(point.n is not None for point in points) > 1
        else Markup(""),
        f"{_placed(about, values, 'flest forløb')} En kommune med mange indbyggere har oftest flere forløb.",
        about.instead(area),
    )


def users(about: Subject) -> Figure:
    """Which faggrupper use the guide: the kommune's, beside its landsdel and the country."""
    of, held = about.whole, about.published
    found = {area: [key.used(held, of, area, one) for one in about.professions] for area in about.stand_ins}
    area = about.first_with(found)
    places, placed = about.stand_ins[about.stand_ins.index(area) :], area == about.kommune.id
    cells = dict(zip(about.professions, found[area], strict=True))
    numbers = {about.professions[one]: cell.n for one, cell in cells.items() if cell and cell.n is not None}

    def line(one: str) -> Line:
        shares = [share(key.used(held, of, place, one), key.used(held, of, place)) for place in places]
        place = [_place(about, lambda a: _share_of_use(about, of, a, one))] if placed else []
        drawn = bar(numbers.get(about.professions[one]), max(numbers.values(), default=0))
        return Line(about.professions[one], (number(cells[one]), drawn, *shares, *place))

    lines = [line(one) for one in about.professions]
    lines.append(_total(number(key.used(held, of, area)), 1 + len(places) + placed))
    heads = ("Forløb", "", *map(about.head, places), *(("Placering",) if placed else ()))
    return Figure(
        "faggrupper",
        about.word("faggrupper"),
        key.most_and_least(numbers, about.where(area)),
        of.label,
        (
            Grid(
                f"Forløb efter faggruppe {about.where(area)}, {of.label}, og andel dér og ved siden af",
                heads,
                tuple(lines),
            ),
        ),
        placing=f"Regnet fra den højeste andel; står i tabellen. {NEUTRAL}" if placed else ONLY_LARGE,
        notes=about.instead(area),
    )


def _share_of_use(about: Subject, of: Period, area: str, profession: str) -> int | None:
    return key.share(key.used(about.published, of, area, profession), key.used(about.published, of, area))


def ended(about: Subject) -> Figure:
    """Which level the walks ended at: the kommune's, beside its landsdel and the country; «underret eller mere»."""
    of, held = about.whole, about.published
    area = about.first_with({one: key.levels(held, of, one).parts.values() for one in about.stand_ins})
    values = key.shares(held, of, [one.id for one in key.named(about.geography)])
    dots = [chart.Dot(about.named(name), n) for name, n in values.items()]
    own = None if about.small else next((dot for dot in dots if dot.label == about.kommune.name), None)
    return Figure(
        "niveau",
        about.word("niveau"),
        key.level_finding(held, of, about.own, about.where(about.own)),
        of.label,
        (_levels(about, of, area), _beside(about, of)),
        chart.strip(dots, own, f"Andel, der endte i underret eller mere, {of.label}"),
        _placed(about, values, "den højeste andel i underret eller mere"),
        about.instead(area),
    )


def _levels(about: Subject, of: Period, area: str) -> Grid:
    """The levels of an area with a bar each, and the shares of what it lies in."""
    places = about.stand_ins[about.stand_ins.index(area) :]
    rows = {place: key.levels(about.published, of, place) for place in places}
    own = rows[area]
    most = max(own.shown.values(), default=0)
    lines = [
        Line(
            title,
            (
                number(own.parts[level]),
                bar(own.shown.get(level), most),
                *(share(rows[place].parts[level], rows[place].total) for place in places),
            ),
        )
        for level, title in about.levels.items()
    ]
    lines.append(_total(number(own.total), 1 + len(places)))
    heads = ("Forløb", "", *map(about.head, places))
    return Grid(f"Niveau {about.where(area)}, {of.label}, og andel dér og ved siden af", heads, tuple(lines))


def _beside(about: Subject, of: Period) -> Grid:
    """«Underret eller mere» of the kommune, its neighbours, those like it, its landsdel and the country."""
    lines = list[Line]()
    for place in dict.fromkeys([about.own, *about.around]):
        row = key.levels(about.published, of, place)
        found = key.raised(row)
        few = key.symbol(None) if row.total is None else key.SYMBOLS["few"]
        told = Value(chart.number(found.n) if found else few)
        percent = per_cent(found.percent) if found else Value(few)
        lines.append(Line(about.named(place), (number(row.total), told, percent), place == about.own))
    alike = [one.id for one in key.similar(about.geography, about.kommune.id)]
    group = key.together(about.published, of, alike)
    if group.counted:
        values = (Value(chart.number(group.of)), Value(chart.number(group.n)), per_cent(group.percent))
        lines.insert(len(lines) - 1, Line(f"Lignende kommuner ({len(group.counted)})", values))
    return Grid(f"{RAISED}, {of.label}", ("Forløb", RAISED, "Andel"), tuple(lines))


def by_profession(about: Subject) -> Figure | None:
    """Level by faggruppe in a year; None while no year was published."""
    of, held = about.year, about.published
    if of is None:
        return None
    rows = {area: {one: key.levels_of(held, of, area, one) for one in about.professions} for area in about.stand_ins}
    area = about.first_with(
        {at: [c for row in found.values() for c in row.parts.values()] for at, found in rows.items()}
    )
    places, placed = about.stand_ins[about.stand_ins.index(area) :], area == about.kommune.id

    def line(one: str) -> Line:
        shares = [_raised(about, of, place, one) for place in places]
        place = [_place(about, lambda a: _raised(about, of, a, one))] if placed else []
        return Line(about.professions[one], (bar(shares[0], 100), *map(per_cent, shares), *place))

    told = {title: n for one, title in about.professions.items() if (n := _raised(about, of, area, one)) is not None}
    heads = ("", *map(about.head, places), *(("Placering",) if placed else ()))
    return Figure(
        "niveau-fag",
        about.word("niveau-fag"),
        key.spread_finding(told, about.where(area)),
        of.label,
        (
            Grid(f"Andel i underret eller mere, {of.label}", heads, tuple(line(one) for one in about.professions)),
            crossed(about, of, area),
        ),
        placing=f"Regnet fra den højeste andel; står i tabellen. {NEUTRAL}" if placed else ONLY_LARGE,
        notes=about.instead(area),
    )


def _raised(about: Subject, of: Period, area: str, profession: str) -> int | None:
    found = key.raised(key.levels_of(about.published, of, area, profession))
    return found.percent if found else None


def crossed(about: Subject, of: Period, area: str) -> Grid:
    """The levels down, the faggrupper across: numbers."""
    rows = {one: key.levels_of(about.published, of, area, one) for one in about.professions}
    fills = dict(zip(about.levels, chart.fills(len(about.levels)), strict=True))
    lines = [
        Line(title, tuple(number(row.parts[level]) for row in rows.values()), swatch=chart.swatch(fills[level]))
        for level, title in about.levels.items()
    ]
    lines.append(Line("I alt", tuple(number(row.total) for row in rows.values()), True))
    heads = tuple(about.professions.values())
    return Grid(f"Forløb efter niveau og faggruppe {about.where(area)}, {of.label}", heads, tuple(lines))


def _placed(about: Subject, values: Mapping[str, int], counted: str) -> str:
    """The place of the kommune in words, or why it has none."""
    if about.small:
        return f"{about.kommune.name} bliver ikke talt for sig og har ingen placering."
    placing = key.placing(values, about.kommune.id)
    if placing is None:
        return "Der er for få forløb til en placering."
    return f"{about.kommune.name} er {placing}, regnet fra {counted}. Kommuner med for få forløb er ikke med. {NEUTRAL}"


def _place(about: Subject, of: Callable[[str], int | None]) -> Value:
    """The place of the kommune among all that have a value."""
    values = {one.id: found for one in key.named(about.geography) if (found := of(one.id)) is not None}
    placing = key.placing(values, about.kommune.id)
    return Value(str(placing) if placing else key.SYMBOLS["few"])


def _total(found: Value, empty: int) -> Line:
    return Line("I alt", (found, *(Value(""),) * empty), True)
