"""The figures of a kommune and of a landsdel, and what all figures have in common: /statistik/.

Everybody gets the same page: no cookie is read, and nothing is asked but the address. The counters are not read here,
only what was published. Not here: the country and the faggrupper, open data, and official figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, make_response, render_template, request

from guide import db
from guide.library.geography import BANDS, COUNTRY, GROUPS, Area, Geography
from guide.library.library import Library
from guide.model.flow import Level
from guide.statistics import keyfigures as key
from guide.statistics import lines, placing
from guide.statistics.labels import Labels
from guide.statistics.lines import Line
from guide.statistics.periods import BadPeriod, Period, period
from guide.statistics.published import Published, Reader, Release
from guide.statistics.tables import BASE, ENOUGH, THRESHOLD, Status
from guide.web import example, figure_pages, release_log, shelf
from guide.web.text import address

blueprint = Blueprint("statistics", __name__)


def install(app: Flask, url: str | None, data: Path) -> None:
    """A reader of the figures for each application, and the address of an area for templates."""
    engine = db.open_reader(url, data)
    app.extensions["guide.figures"] = Reader(engine)
    app.extensions["guide.figures.engine"] = engine
    app.jinja_env.globals["area_address"] = area_address
    app.jinja_env.filters["andel"] = key.per_cent
    example.install(app, engine)
    figure_pages.install(app)


def published() -> Published:
    """What is published; nothing in a database that is new. Ends with 503 and a page when the database is away."""
    reader: Reader = current_app.extensions["guide.figures"]
    try:
        return reader.now()
    except db.DatabaseError as error:
        if _is_new(error):
            return Published()
        abort(make_response(render_template("statistics/away.html", title="Nøgletal"), 503, {"Retry-After": "60"}))


def _is_new(error: Exception) -> bool:
    """Whether the database is only not made yet, or from before there were figures: that is no fault."""
    if db.NO_DATABASE in str(error):
        return True
    try:
        with current_app.extensions["guide.figures.engine"].connect() as connection:
            return (db.revision(connection) or "") < "0002"
    except db.DatabaseError:
        return False


def area_address(area: str) -> str:
    """The page of a kommune, a landsdel or the country."""
    geography = shelf().library.geography
    if area == COUNTRY:
        return address("country.country")
    if area in geography.areas:
        return address("statistics.kommune", kommune=area)
    return address("statistics.landsdel", landsdel=area)


def chosen(now: Published) -> tuple[Period | None, bool]:
    """The period of the address, else the newest year or quarter; and whether one was asked for that is not there."""
    known = [*now.years, *now.quarters]
    newest = max(known, key=lambda one: (one.end, one.quarter is None), default=None)
    text = request.args.get("periode", "")
    if not text:
        return newest, False
    try:
        asked = period(text)
    except BadPeriod:
        return newest, True
    return (asked, False) if asked in known else (newest, True)


def level_names(library: Library) -> dict[str, str]:
    """What the levels are called in the guide, by id, the mildest first."""
    texts = library.texts
    return {level.value: texts.levels[level].title if texts else level.value for level in Level}


def raised_names(library: Library) -> str:
    """The levels that are «underret eller mere», in words."""
    *first, last = (f"«{level_names(library)[level]}»" for level in key.RAISED)
    return f"{', '.join(first)} og {last}"


@dataclass(frozen=True)
class Place:
    """An area in a period, as a page shows it."""

    library: Library
    now: Published
    of: Period
    area: str

    @property
    def labels(self) -> Labels:
        """The names of areas and faggrupper."""
        return Labels(self.library)

    @property
    def geography(self) -> Geography:
        """Where the kommuner lie."""
        return self.library.geography

    @property
    def where(self) -> str:
        """«i Viborg Kommune»."""
        return key.place(self.geography, self.area)

    @property
    def release(self) -> Release:
        """The release that the period came with."""
        last = self.of.quarters[-1]
        return next(one for one in self.now.releases if one.period == last)

    @property
    def year(self) -> Period | None:
        """The newest whole year that ends with the period or before."""
        return max((one for one in self.now.years if one.end <= self.of.end), default=None)

    @property
    def levels(self) -> dict[str, str]:
        """The names of the levels, the mildest first."""
        return level_names(self.library)

    @property
    def raised_names(self) -> str:
        """The levels that are «underret eller mere», in words."""
        return raised_names(self.library)

    @property
    def flows(self) -> dict[str, str]:
        """The titles of the flows."""
        return {name: playable.flow.title for name, playable in self.library.flows.items()}


@blueprint.get("/statistik/kommune/<kommune>/")
def kommune(kommune: str) -> str | Response:
    """The figures of one kommune, beside its neighbours, those like it, its landsdel and the country."""
    library = shelf().library
    area = library.geography.areas.get(kommune)
    if area is None:
        return _without(kommune)
    if area.band == BANDS[0]:
        return render_template("statistics/small.html", area=area, title=f"Nøgletal: {area.full}", **_base())
    now = published()
    of, missed = chosen(now)
    if of is None:
        return _empty(area.full)
    at = Place(library, now, of, kommune)
    return figure_pages.held(f"{kommune} {of} {missed}", now, lambda: _kommune_page(at, area, missed))


def _kommune_page(at: Place, area: Area, missed: bool) -> str:
    return render_template(
        "statistics/kommune.html",
        area=area,
        similar=_similar(at, area),
        group=GROUPS.get(area.group, ""),
        beside=_beside(at, area),
        placing=_placing(at, area),
        missed=missed,
        title=f"Nøgletal: {area.full}",
        **_base(),
        **_shared(at),
    )


@blueprint.get("/statistik/landsdel/<landsdel>/")
def landsdel(landsdel: str) -> str | Response:
    """The figures of one landsdel, beside its kommuner and the country."""
    library = shelf().library
    geography = library.geography
    if landsdel not in geography.landsdele:
        abort(404)
    if landsdel in geography.areas:  # it is a kommune and nothing else
        return render_template("statistics/alone.html", area=geography.areas[landsdel], title="Nøgletal", **_base())
    now = published()
    of, missed = chosen(now)
    if of is None:
        return _empty(f"Landsdelen {geography.landsdele[landsdel]}")
    at = Place(library, now, of, landsdel)
    return figure_pages.held(f"{landsdel} {of} {missed}", now, lambda: _landsdel_page(at, landsdel, missed))


def _landsdel_page(at: Place, landsdel: str, missed: bool) -> str:
    now, of, geography = at.now, at.of, at.geography
    inside = [geography.areas[name] for name in geography.within(landsdel)]
    others = [one for one in geography.landsdele if one != landsdel and one not in geography.areas]
    return render_template(
        "statistics/landsdel.html",
        landsdel=landsdel,
        inside=[lines.level_line(now, of, one.id, one.name) for one in inside],
        others=[lines.level_line(now, of, one, geography.landsdele[one]) for one in others],
        small=[a.name for a in geography.areas.values() if a.landsdel == landsdel and a.band == BANDS[0]],
        unsplit=[a.name for a in inside if a.band == BANDS[1]],
        missed=missed,
        title=f"Nøgletal: {geography.landsdele[landsdel]}",
        **_base(),
        **_shared(at),
    )


@blueprint.get("/statistik/om/")
def about() -> str:
    """What is counted and what is not, the rules of release, the symbols, and the log of releases."""
    now = published()
    return figure_pages.held("om", now, lambda: _about_page(now))


def _about_page(now: Published) -> str:
    return render_template(
        "statistics/about.html",
        releases=[release_log.told(one) for one in now.releases[::-1]],
        corrections=now.corrections[::-1],
        place_said=placing.SAID,
        least=placing.FIRM,
        threshold=THRESHOLD,
        base=BASE,
        enough=ENOUGH,
        statuses=[status.value for status in Status],
        source=shelf().library.geography.source,
        grouped=shelf().library.geography.grouped,
        groups=GROUPS,
        raised_names=raised_names(shelf().library),
        title="Om nøgletallene",
        **_base(),
    )


def _without(kommune: str) -> str | Response:
    """A page for what is in the guide but is no kommune of Denmark; 404 for all else."""
    found = shelf().library.municipalities.get(kommune)
    if found is None:
        abort(404)
    return render_template("statistics/no_place.html", place=found, title="Nøgletal", **_base())


def _empty(name: str) -> str:
    return render_template("statistics/empty.html", name=name, title="Nøgletal", **_base())


def _base() -> dict[str, object]:
    """What every page of figures gets. `scope`: the one kommune of this installation, which publishes nothing."""
    return {"geography": shelf().library.geography, "own_scope": shelf().scope}


def _shared(at: Place) -> dict[str, object]:
    """What the pages of a kommune and a landsdel have in common."""
    row, points = key.levels(at.now, at.of, at.area), lines.trend(at.now, at.area, at.of)
    named, began = at.labels.area(at.area), key.used(at.now, at.of, at.area)
    cells = {title: key.used(at.now, at.of, at.area, flow) for flow, title in at.flows.items()}
    known = {title: cell.n for title, cell in cells.items() if cell and cell.n is not None}
    local = at.area in at.geography.areas
    return {
        "at": at,
        "began": key.symbol(began),
        "raised": key.raised(row),
        "use_finding": key.use_finding(at.now, at.of, at.area, at.where),
        "trend_finding": key.trend_finding(points, at.where),
        "joined": joined(at, points),
        "trend_chart": lines.trend_chart(points, f"Forløb begyndt i kvartalet, {named}"),
        "trend_lines": lines.trend_lines(at.now, at.area, points),
        "professions": lines.number_lines(cells, began) if known else [],
        "profession_finding": key.most(known, began, f"{at.where} i {at.of.label}", named=not local),
        "level_finding": key.level_finding(at.now, at.of, at.area, at.where),
        "level_apart": placing.beside_country(at.now, at.of, at.area, named),
        "level_lines": lines.split_lines(row, at.levels),
        "level_charts": [(name, drawn) for name, drawn in _level_charts(at) if drawn],
        **_by_profession(at),
    }


def _level_charts(at: Place) -> list[tuple[str, object]]:
    """The split by level of the area, its landsdel and the country, one under the other."""
    area = at.geography.areas.get(at.area)
    wider = [area.landsdel] if area and area.landsdel not in at.geography.areas else []
    named = [(name, at.labels.area(name)) for name in (at.area, *wider, COUNTRY)]
    return [(label, lines.split_chart(key.levels(at.now, at.of, one), at.levels, label)) for one, label in named]


def _by_profession(at: Place) -> dict[str, object]:
    """Level by faggruppe of the newest year: the area's own, else its landsdel's, and the country's beside.

    Not the landsdel's of a kommune that is too small for faggrupper: it is not in them.
    """
    if at.year is None:
        return {"by_profession": None}
    area = at.geography.areas.get(at.area)
    wider = area and area.band == BANDS[2] and area.landsdel not in at.geography.areas
    tried = [at.area, *([area.landsdel] if area and wider else [])]
    found = {name: _profession_lines(at, at.year, name) for name in tried}
    own = next((name for name in tried if any(line.share.endswith("%") for line in found[name])), COUNTRY)
    rows = {title: key.raised(key.levels_of(at.now, at.year, own, flow)) for flow, title in at.flows.items()}
    spread = {title: one.percent for title, one in rows.items() if one and one.percent is not None}
    return {
        "by_profession": found.get(own) or _profession_lines(at, at.year, own),
        "by_profession_where": at.labels.area(own),
        "by_profession_folded": own != at.area,
        "by_profession_country": _profession_lines(at, at.year, COUNTRY) if own != COUNTRY else [],
        "spread_finding": key.spread_finding(
            spread, f"{key.place(at.geography, own)} i {at.year.label}", named=own not in at.geography.areas
        ),
    }


def _profession_lines(at: Place, year: Period, area: str) -> list[Line]:
    rows = {title: key.levels_of(at.now, year, area, flow) for flow, title in at.flows.items()}
    return [lines.raised_line(title, row.total, key.raised(row)) for title, row in rows.items()]


def _beside(at: Place, area: Area) -> list[Line]:
    """The kommune, its neighbours, its landsdel and the country, each with its own figures."""
    near = [(one.id, one.name) for one in key.neighbours(at.geography, area.id)]
    wider = [(area.landsdel, f"Landsdel: {at.labels.area(area.landsdel)}")] if area.landsdel != area.id else []
    own = lines.level_line(at.now, at.of, area.id, area.name, link=False, own=True)
    return [own] + [
        lines.level_line(at.now, at.of, name, label) for name, label in (*near, *wider, (COUNTRY, "Hele landet"))
    ]


def _similar(at: Place, area: Area) -> list[Line]:
    """The kommune beside all others of its group: as one sum, and each for itself."""
    alike = key.similar(at.geography, area.id)
    if not alike:
        return []
    group = lines.group_line(at.now, at.of, [one.id for one in alike], "Andre i gruppen")
    own = lines.level_line(at.now, at.of, area.id, area.name, link=False, own=True)
    return [own, group, *(lines.level_line(at.now, at.of, one.id, one.name) for one in alike)]


def _placing(at: Place, area: Area) -> dict[str, object]:
    """The place of the kommune among all with walks enough, of a whole year; and the drawing of all with a share."""
    every = key.named(at.geography)
    shares = key.shares(at.now, at.of, [one.id for one in every])
    names = {one.id: one.name for one in every}
    title = f"Underret eller mere, andel af de forløb, der nåede et udfald, {at.of.label}"
    return {
        "place": placing.place(at.now, at.of, [one.id for one in every], area.id),
        "least": placing.FIRM,
        "said": placing.SAID,
        "strip": lines.dots(shares, names, area.id, title),
    }


def joined(at: Place, points: Sequence[tuple[Period, int | None]]) -> str:
    """That kommuner have come in, on the page of a landsdel or the country; empty on that of a kommune."""
    if len(points) < 2 or at.area in at.geography.areas:
        return ""
    inside = at.geography.within(at.area) if at.area != COUNTRY else [one.id for one in key.named(at.geography)]
    return key.joined(at.now, points[0][0], points[-1][0], inside)
