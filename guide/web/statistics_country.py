"""The country in figures, the faggrupper beside each other, and the questions that tease: /statistik/.

What is told of the whole country only stands here: parents rules, outcomes, questions, working hours. Everybody gets
the same pages. Not here: a kommune or a landsdel and what all figures have in common (`statistics.py`), open data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request
from markupsafe import Markup

from guide.library.geography import BANDS, COUNTRY
from guide.model.flow import Parents
from guide.statistics import chart, lines, placing, teasing, tile_map
from guide.statistics import keyfigures as key
from guide.statistics.keyfigures import Row
from guide.statistics.lines import Line
from guide.statistics.periods import Period
from guide.statistics.published import Published
from guide.statistics.tables import ALL, Cell
from guide.statistics.teasing import Way
from guide.web import figure_pages, shelf
from guide.web.redirects import see_other
from guide.web.statistics import Place, area_address, chosen, joined, published

blueprint = Blueprint("country", __name__)

MAPS = {"andel": "Underret eller mere, andel af forløb med et udfald", "forloeb": "Forløb begyndt"}
"""What the map can show, by its name in the address; the first one unless another is asked for."""

SIDES = {1: "over landet", 0: "omkring landet", -1: "under landet"}
"""What a square of the map says besides its number."""


class Heading(NamedTuple):
    """A list of questions that tease: its heading, what those did whom it counts, and the heads of its numbers."""

    title: str
    did: str
    whole: str
    n: str


WAYS = {
    Way.left: Heading("Spørgsmål, som flest forlader", "forlod guiden ved", "Vist", "Besvaret"),
    Way.changed: Heading("Spørgsmål, hvor flest ændrer deres svar", "ændrede deres svar på", "Besvaret", "Ændret"),
    Way.unsure: Heading("Spørgsmål, som flest svarer «ved ikke» til", "svarede «ved ikke» til", "Besvaret", "Ved ikke"),
}
"""The lists in their order."""


@blueprint.get("/statistik/")
def country() -> str | Response:
    """The newest figures of the country, the map, and the way to each kommune."""
    geography = shelf().library.geography
    asked = request.args.get("kommune", "")
    if asked in geography.areas:
        return see_other(area_address(asked))
    now = published()
    at, missed = _at(now)
    kind = request.args.get("kort", "")
    kind = kind if kind in MAPS else next(iter(MAPS))
    return figure_pages.held(f"land {_period(at)} {kind} {missed}", now, lambda: _country_page(at, kind, missed))


def _country_page(at: Place | None, kind: str, missed: bool) -> str:
    base = {"missed": missed, "tree": _tree(), "title": "Nøgletal", **_base()}
    if at is None:
        return render_template("statistics/country.html", at=None, **base)
    row, points = key.levels(at.now, at.of, COUNTRY), lines.trend(at.now, COUNTRY, at.of)
    return render_template(
        "statistics/country.html",
        at=at,
        began=key.symbol(key.used(at.now, at.of, COUNTRY)),
        raised=key.raised(row),
        use_finding=key.use_finding(at.now, at.of, COUNTRY, at.where),
        trend_finding=key.trend_finding(points, at.where),
        joined=joined(at, points),
        trend_chart=lines.trend_chart(points, "Forløb begyndt i kvartalet, hele landet"),
        trend_lines=lines.trend_lines(at.now, COUNTRY, points),
        level_finding=key.level_finding(at.now, at.of, COUNTRY, at.where),
        level_chart=lines.split_chart(row, at.levels, "Hele landet"),
        level_lines=lines.split_lines(row, at.levels),
        rows={landsdel: [lines.level_line(at.now, at.of, a, n) for a, n in known] for landsdel, known in _named()},
        **_map(at, kind),
        **base,
    )


@blueprint.get("/statistik/fag/")
def professions() -> str:
    """Level and parents rule by faggruppe, in the country and, by level and year, in the landsdele; outcomes."""
    now = published()
    at, missed = _at(now)
    return figure_pages.held(f"fag {_period(at)} {missed}", now, lambda: _professions_page(at, missed))


def _professions_page(at: Place | None, missed: bool) -> str:
    base = {"missed": missed, "title": "Mellem fag", **_base()}
    if at is None:
        return render_template("statistics/professions.html", at=None, **base)
    levels = {flow: key.levels_of(at.now, at.of, COUNTRY, flow) for flow in at.flows}
    rules = _rules(at)
    parents = {flow: key.row(at.now, "parents", at.of, COUNTRY, flow, rules) for flow in at.flows}
    told = {at.flows[flow]: one.percent for flow, row in levels.items() if (one := key.raised(row))}
    return render_template(
        "statistics/professions.html",
        at=at,
        level_finding=key.spread_finding({k: v for k, v in told.items() if v is not None}, f"i {at.of.label}"),
        beside=[lines.raised_line(at.flows[f], row.total, key.raised(row)) for f, row in levels.items()],
        levels=_splits(at, levels, at.levels),
        parents=_splits(at, parents, rules),
        parents_finding=key.parents_finding({at.flows[f]: row for f, row in parents.items()}, rules, at.of),
        landsdele=_landsdele(at),
        landsdele_finding=_landsdele_finding(at),
        topics=(topics := _topics(at)),
        topics_finding=_topics_finding(at, topics),
        **base,
    )


@blueprint.get("/statistik/spoergsmaal/")
def questions() -> str:
    """The questions that people leave, change or cannot answer, and how much of the use is outside working hours."""
    now = published()
    at, missed = _at(now)
    if at is not None:
        at = Place(at.library, now, at.of.quarters[-1], COUNTRY)
    return figure_pages.held(f"spoergsmaal {_period(at)} {missed}", now, lambda: _questions_page(at, missed))


def _questions_page(at: Place | None, missed: bool) -> str:
    base = {"missed": missed, "title": "Spørgsmål, der driller", **_base()}
    if at is None:
        return render_template("statistics/questions.html", at=None, **base)
    asked = teasing.questions(at.now, at.of)
    found = {way: teasing.most(asked, way) for way in Way}
    return render_template(
        "statistics/questions.html",
        at=at,
        finding=_teasing_finding(at, found),
        lists=[(heading, [_asked(at, one, way) for one in found[way]]) for way, heading in WAYS.items()],
        least=teasing.SEEN,
        counted=len(asked),
        **_hours(at),
        **base,
    )


def _base() -> dict[str, object]:
    on = shelf()
    return {"geography": on.library.geography, "own_scope": on.scope}


def _at(now: Published) -> tuple[Place | None, bool]:
    """The country in the period that was asked for; None when nothing was ever published."""
    of, missed = chosen(now)
    return (Place(shelf().library, now, of, COUNTRY) if of else None), missed


def _period(at: Place | None) -> str:
    return str(at.of) if at else ""


def _tree() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(landsdel, its name, its kommuner) in the order of the register, kommuner as Danish sorts them."""
    geography = shelf().library.geography
    ordered = [geography.areas[name] for name in shelf().homes if name in geography.areas]
    inside = {one: [(a.id, a.name) for a in ordered if a.landsdel == one] for one in geography.landsdele}
    return [(one, geography.landsdele[one], known) for one, known in inside.items()]


def _named() -> list[tuple[str, list[tuple[str, str]]]]:
    """The same, of kommuner with figures of their own."""
    areas = shelf().library.geography.areas
    return [(one, [(k, n) for k, n in known if areas[k].band != BANDS[0]]) for one, _, known in _tree()]


def _map(at: Place, kind: str) -> dict[str, object]:
    """The map of what was asked for, what its squares mean, and the choices."""
    areas = [area.id for area in key.named(at.geography)]
    share, unit = kind == "andel", " %" if kind == "andel" else ""
    values = key.shares(at.now, at.of, areas) if share else _began(at, areas)
    sides = _sides(at, values) if share else {}

    def said(area: str) -> str:
        if at.geography.areas[area].band == BANDS[0]:
            return "har ikke egne tal"
        if area not in values:
            return key.SYMBOLS["few"]
        told = key.per_cent(values[area]) if share else chart.number(values[area])
        return f"{told}, {SIDES[sides[area]]}" if share else told

    title = f"{MAPS[kind]}, {at.of.label}, kommune for kommune"
    return {
        "map": tile_map.drawn(at.geography, values, sides, said, area_address, title),
        "map_kind": kind,
        "maps": MAPS,
        "map_title": title + (f" ({unit.strip()})" if share else ""),
        "map_sides": [(tile_map.legend(s), f"{told}: {_kommuner(s, sides)}") for s, told in SIDES.items() if share],
        "hatched": tile_map.legend(None),
    }


def _began(at: Place, areas: list[str]) -> dict[str, int]:
    return {area: cell.n for area in areas if (cell := key.used(at.now, at.of, area)) and cell.n is not None}


def _sides(at: Place, values: dict[str, int]) -> dict[str, int]:
    """1 for a kommune over the country, -1 under it, 0 where the numbers cannot tell: by the same rule as places."""
    country = key.raised(key.levels(at.now, at.of, COUNTRY))
    found = {area: key.raised(key.levels(at.now, at.of, area)) for area in values}
    return {area: placing.compared(one, country) if one and country else 0 for area, one in found.items()}


def _kommuner(side: int, sides: dict[str, int]) -> str:
    count = sum(one == side for one in sides.values())
    return f"{count} {'kommune' if count == 1 else 'kommuner'}"


def _rules(at: Place) -> dict[str, str]:
    """The names of the parents rules, in their order."""
    texts = at.library.texts
    return {rule.value: texts.parents[rule].title if texts else rule.value for rule in Parents}


def _splits(at: Place, rows: dict[str, Row], names: dict[str, str]) -> list[tuple[str, object, list[Line]]]:
    """(faggruppe, chart, lines) for each flow; lines without a bar, for the chart has them all."""
    return [
        (
            at.flows[flow],
            lines.split_chart(row, names, at.flows[flow]),
            [replace(line, bar=Markup("")) for line in lines.split_lines(row, names)],
        )
        for flow, row in rows.items()
    ]


def _landsdele(at: Place) -> list[tuple[str, list[Line]]]:
    """«Underret eller mere» of each faggruppe by landsdel, in the newest whole year; empty before there is one."""
    year = at.year
    if year is None:
        return []
    found = list[tuple[str, list[Line]]]()
    for flow, title in at.flows.items():
        rows = {one: key.levels_of(at.now, year, one, flow) for one in (*at.geography.landsdele, COUNTRY)}
        known = [lines.raised_line(at.labels.area(a), row.total, key.raised(row), area=a) for a, row in rows.items()]
        found.append((title, known))
    return found


@dataclass(frozen=True)
class Topic:
    """An outcome in the table of outcomes: `n` as it is printed, `count` the number where there is one."""

    outcome: str
    title: str
    n: str
    bar: object
    count: int = 0


def _landsdele_finding(at: Place) -> str:
    """The faggruppe whose share reaches farthest between landsdele that the numbers can tell apart.

    Not the landsdel that is one kommune, where a faggruppe may be one workplace.
    """
    if at.year is None:
        return ""
    landsdele = [one for one in at.geography.landsdele if one not in at.geography.areas]
    best, told = -1, f"Tallene kan ikke skelne landsdelene fra hinanden i {at.year.label}"
    for flow, title in at.flows.items():
        found = [key.raised(key.levels_of(at.now, at.year, one, flow)) for one in landsdele]
        known = sorted((one.percent, i, one) for i, one in enumerate(found) if one and one.percent is not None)
        if len(known) < 2 or placing.compared(known[-1][2], known[0][2]) == 0:
            continue
        (low, *_), (high, *_) = known[0], known[-1]
        if high - low > best:
            best = high - low
            ends = f"fra {key.per_cent(low)} til {key.per_cent(high)} i {at.year.label}"
            told = f"Underret eller mere, af forløb med udfald: landsdele er mest forskellige i {title.lower()}, {ends}"
    return told


def _topics_finding(at: Place, topics: list[tuple[str, str, list[Topic]]]) -> str:
    """The outcome that most walks of any faggruppe came to."""
    firsts = [(outcomes[0].count, outcomes[0].title, name) for _, name, outcomes in topics if outcomes[0].count]
    if not firsts or at.year is None:
        return "Der er for få tal til at vise et udfald"
    n, title, name = max(firsts)
    return f"Flest forløb i {at.year.label} endte i «{title}» i {name.lower()}: {chart.number(n)}"


def _topics(at: Place) -> list[tuple[str, str, list[Topic]]]:
    """(flow, title, outcomes) of the newest whole year: most first, those that are not shown last."""
    if at.year is None:
        return []
    by_flow: dict[str, list[Cell]] = {flow: [] for flow in at.flows}
    for cell in at.now.of("topics"):
        if cell.key.period == str(at.year) and cell.key.row in by_flow:
            by_flow[cell.key.row].append(cell)
    return [(flow, at.flows[flow], _outcomes(at, flow, cells)) for flow, cells in by_flow.items() if cells]


def _outcomes(at: Place, flow: str, cells: list[Cell]) -> list[Topic]:
    most = max((cell.n or 0 for cell in cells), default=0)
    ordered = sorted(cells, key=lambda cell: (-(cell.n or 0), cell.key.column))
    known = at.library.flows[flow].flow.outcomes
    return [
        Topic(
            one.key.column if one.key.column in known else "", at.labels.outcome(flow, one.key.column),
            key.symbol(one), chart.bar(one.n, most), one.n or 0,
        )
        for one in ordered
    ]  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question in a list of those that tease: how many walks, of how many, and the share, as printed."""

    flow: str
    profession: str
    title: str
    n: str
    whole: str
    share: str
    bar: object


def _asked(at: Place, one: teasing.Question, way: Way) -> Asked:
    share = one.share(way) or 0
    n, whole = (one.answered, one.shown) if way is Way.left else (one.count(way), one.answered)
    flow = one.flow if one.flow in at.flows else ""
    return Asked(
        flow, at.labels.flow(one.flow), at.labels.question(f"{one.flow}.{one.step}"),
        chart.number(n or 0), chart.number(whole or 0), key.per_cent(share), chart.bar(share, 100),
    )  # fmt: skip


def _teasing_finding(at: Place, found: dict[Way, list[teasing.Question]]) -> str:
    """The one with the highest share of all three lists; of those alike the one left."""
    tops = [(known[0].share(way) or 0, way, known[0]) for way, known in found.items() if known]
    if not tops:
        return f"Ingen spørgsmål har tal nok i {at.of.label} til at sammenligne"
    share, way, one = max(tops, key=lambda top: top[0])
    name = at.labels.question(f"{one.flow}.{one.step}")
    return f"{key.per_cent(share)} {WAYS[way].did} «{name}» ({at.labels.flow(one.flow).lower()}) i {at.of.label}"


def _hours(at: Place) -> dict[str, object]:
    """Use outside working hours: the quarter, and the quarters before it."""
    row = key.row(at.now, "hours", at.of, COUNTRY, ALL, ("inside", "outside"))
    share = key.share(row.parts["outside"], row.total)
    told = f"{key.per_cent(share or 0)} af forløbene i {at.of.label} begyndte uden for almindelig arbejdstid"
    before = [one for one in at.now.quarters if one <= at.of][-lines.QUARTERS :]
    return {
        "hours_finding": told if share is not None else key.no_share(row, f"i {at.of.label}"),
        "hours_lines": lines.split_lines(row, {"inside": "I arbejdstiden", "outside": "Uden for arbejdstiden"}),
        "hours_trend": [_outside(at.now, one) for one in before],
    }


def _outside(now: Published, quarter: Period) -> Line:
    row = key.row(now, "hours", quarter, COUNTRY, ALL, ("inside", "outside"))
    cell = row.parts["outside"]
    share = key.share(cell, row.total)
    return Line(quarter.label, key.symbol(cell), lines.percent(share, cell), chart.bar(share, 100))
