"""The key figures of a kommune on paper: walks begun, faggrupper, levels, and levels by faggruppe.

Every number is a published cell or worked out of published cells (`guide/statistics/keyfigures.py`). Where a kommune
has no numbers of its own those of its landsdel stand, else the country's, and that is said. Not here: figures of the
country alone (`national.py`), the document (`publication.py`).
"""

from __future__ import annotations

from markupsafe import Markup

from guide.paper.grids import Figure, Grid, Line, Value, bar, number, per_cent, raised, share
from guide.paper.subject import Subject
from guide.statistics import chart, placing
from guide.statistics import keyfigures as key
from guide.statistics.periods import Period

NEUTRAL = "Placeringen siger ikke, hvem der gør det godt."
NO_COUNT = "Antallet bliver ikke placeret. Det siger mest, hvor stor kommunen er, og hvornår den begyndte."
NO_PROFESSION = "En faggruppe i én kommune kan være en enkelt arbejdsplads. Derfor bliver faggrupper ikke placeret."
RAISED = "Underret eller mere"
"""The head of columns with the three levels underret, straks and akut together."""


def begun(about: Subject) -> Figure:
    """How many walks began: by quarter, and beside others."""
    of, held = about.whole, about.published
    trends = {area: [key.used(held, one, area) for one in about.quarters] for area in about.stand_ins}
    area = about.first_with(trends)
    points = [
        chart.Point(f"{one.quarter}.\u00a0kv. {one.year}", cell.n if cell else None, key.symbol(cell))
        for one, cell in zip(about.quarters, trends[area], strict=True)
    ]
    trend = f"Forløb, der er begyndt {about.where(area)}, efter kvartal"
    drawn = len(points) > 1 and any(point.n is not None for point in points)
    hidden = any(point.n is None for point in points)
    lines = [
        Line(
            about.named(place), tuple(number(key.used(held, one, place)) for one in (of.before, of)), place == about.own
        )
        for place in dict.fromkeys([about.own, *about.around])
    ]
    return Figure(
        "forloeb",
        about.word("forloeb"),
        key.use_finding(held, of, about.own, about.where(about.own)),
        of.label,
        (Grid("Forløb, der er begyndt", (of.before.label, of.label), tuple(lines)),),
        chart.line(points, trend) if drawn else Markup(""),
        trend,
        f"«{key.SYMBOLS['few']}»: tallet vises ikke, se «Tegn i tabellerne»." if drawn and hidden else "",
        NO_COUNT,
        (*about.instead(area), *_joined(about)),
    )


def _joined(about: Subject) -> tuple[str, ...]:
    """That kommuner have come in, where the landsdel stands first: more walks there need not be more use."""
    first, last = about.quarters[0], about.quarters[-1]
    if about.own in about.geography.areas or first == last:
        return ()
    said = key.joined(about.published, first, last, about.geography.within(about.own))
    return (said,) if said else ()


def users(about: Subject) -> Figure:
    """Which faggrupper use the guide: the kommune's, beside its landsdel and the country."""
    of, held = about.whole, about.published
    found = {area: [key.used(held, of, area, one) for one in about.professions] for area in about.split_by}
    area = about.first_with(found)
    places = about.split_by[about.split_by.index(area) :]
    cells = dict(zip(about.professions, found[area], strict=True))
    numbers = {about.professions[one]: cell.n for one, cell in cells.items() if cell and cell.n is not None}

    def line(one: str) -> Line:
        shares = [share(key.used(held, of, place, one), key.used(held, of, place)) for place in places]
        drawn = bar(numbers.get(about.professions[one]), max(numbers.values(), default=0))
        return Line(about.professions[one], (number(cells[one]), drawn, *shares))

    lines, total = [line(one) for one in about.professions], key.used(held, of, area)
    lines.append(_total(number(total), 1 + len(places)))
    heads = ("Forløb", "", *map(about.head, places))
    return Figure(
        "faggrupper",
        about.word("faggrupper"),
        key.most(numbers, total, f"{about.where(area)} i {of.label}", named=not about.one(area)),
        of.label,
        (
            Grid(
                f"Forløb efter faggruppe {about.where(area)}, {of.label}, og andel dér og ved siden af",
                heads,
                tuple(lines),
            ),
        ),
        placing=NO_PROFESSION,
        notes=about.instead(area),
    )


def ended(about: Subject) -> Figure:
    """Which level the walks ended at: the kommune's, beside its landsdel and the country; «underret eller mere»."""
    of, held = about.whole, about.published
    area = about.first_with({one: key.levels(held, of, one).parts.values() for one in about.stand_ins})
    values = key.shares(held, of, [one.id for one in key.named(about.geography)])
    dots = [chart.Dot(about.named(name), n) for name, n in values.items()]
    own = None if about.small else next((dot for dot in dots if dot.label == about.kommune.name), None)
    title = f"{RAISED}, andel af de forløb, der nåede et udfald, {of.label}"
    return Figure(
        "niveau",
        about.word("niveau"),
        key.level_finding(held, of, about.own, about.where(about.own)),
        of.label,
        (_levels(about, of, area), _beside(about, of)),
        chart.strip(dots, own, title),
        title,
        how_to_read(own),
        _placed(about, of),
        about.instead(area),
    )


def how_to_read(own: chart.Dot | None) -> str:
    """The key of a strip of dots."""
    square = f"Firkant: {own.label}. Ring: en anden kommune." if own else "Ring: en kommune."
    return f"{square} Længst til højre er det højeste tal."


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
        percent = raised(found) if found else Value(few)
        lines.append(Line(about.named(place), (number(row.total), told, percent), place == about.own))
    alike = [one.id for one in key.similar(about.geography, about.kommune.id)]
    group = key.together(about.published, of, alike)
    if group.counted:
        values = (Value(chart.number(group.of)), Value(chart.number(group.n)), per_cent(group.percent))
        lines.insert(len(lines) - 1, Line(f"Lignende kommuner ({len(group.counted)})", values))
    return Grid(f"Forløb, der nåede et udfald, {of.label}", ("Forløb", RAISED, "Andel"), tuple(lines))


def by_profession(about: Subject) -> Figure | None:
    """Level by faggruppe in a year; None while no year was published."""
    of, held = about.year, about.published
    if of is None:
        return None
    rows = {area: {one: key.levels_of(held, of, area, one) for one in about.professions} for area in about.split_by}
    area = about.first_with(
        {at: [c for row in found.values() for c in row.parts.values()] for at, found in rows.items()}
    )
    places = about.split_by[about.split_by.index(area) :]
    shares = {one: [key.raised(rows[place][one]) for place in places] for one in about.professions}
    told = {about.professions[one]: n for one, (own, *_) in shares.items() if own and (n := own.percent) is not None}
    lines = tuple(
        Line(about.professions[one], (bar(found[0].percent if found[0] else None, 100), *map(raised, found)))
        for one, found in shares.items()
    )
    return Figure(
        "niveau-fag",
        about.word("niveau-fag"),
        key.spread_finding(told, f"{about.where(area)} i {about.year_said}", named=not about.one(area)),
        about.year_said,
        (
            Grid(
                f"{RAISED}, andel af de forløb, der nåede et udfald, {about.year_said}",
                ("", *map(about.head, places)),
                lines,
            ),
            crossed(about, of, area),
        ),
        placing=NO_PROFESSION,
        notes=about.instead(area),
    )


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
    said = about.year_said if of == about.year else of.label
    return Grid(f"Forløb efter niveau og faggruppe {about.where(area)}, {said}", heads, tuple(lines))


def _placed(about: Subject, of: Period) -> str:
    """The places that the kommune may have, in words, or why it has none."""
    if about.small:
        return f"{about.kommune.name} bliver ikke talt for sig og har ingen placering."
    if of.quarter is not None:
        return "Kommuner bliver kun placeret efter hele år."
    found = placing.place(about.published, of, [one.id for one in key.named(about.geography)], about.kommune.id)
    row = key.levels(about.published, of, about.kommune.id)
    if found is None and (row.hidden or (row.total and (row.total.n or 0) >= placing.FIRM)):
        return f"{about.kommune.name} har ingen placering: Noget af fordelingen er skjult."
    if found is None:
        return f"{about.kommune.name} har {placing.TOO_FEW}."
    return f"{about.kommune.name} har {found.told}. {NEUTRAL}"


def _total(found: Value, empty: int) -> Line:
    return Line("I alt", (found, *(Value(""),) * empty), True)
