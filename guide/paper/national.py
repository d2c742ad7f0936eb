"""The key figures of the country alone on paper: working hours, levels and parents by faggruppe, questions.

The same in every publication of a period, so that a kommune can talk about what it has no numbers of. Not here: figures
of a kommune (`municipal.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guide.library.geography import COUNTRY
from guide.model import Parents
from guide.paper.grids import Figure, Grid, Line, Value, number, per_cent, raised, split
from guide.paper.municipal import crossed
from guide.paper.subject import Subject
from guide.statistics import chart, teasing
from guide.statistics import keyfigures as key
from guide.statistics.labels import Labels
from guide.statistics.tables import ALL
from guide.statistics.teasing import Question, Way

NOWHERE_PLACED = "Tallet er kun for hele landet. Derfor er der ingen placering."

HOURS = ("inside", "outside")


def hours(about: Subject) -> Figure:
    """Walks in and outside ordinary working hours, by quarter."""
    held = about.published
    rows = {one: key.row(held, "hours", one, COUNTRY, ALL, HOURS) for one in about.quarters[-4:]}
    shares = {one: key.share(row.parts["outside"], row.total) for one, row in rows.items()}
    lines = [
        Line(
            one.label,
            (number(row.parts["inside"]), number(row.parts["outside"]), number(row.total), per_cent(shares[one])),
            one == about.quarter,
        )
        for one, row in rows.items()
    ]
    fills = dict(zip(HOURS, ("plain", "solid"), strict=True))
    splits = tuple(Line(one.label, (split(row, fills),)) for one, row in rows.items())
    now = shares.get(about.quarter)
    outside = "af forløbene i hele landet begyndte uden for almindelig arbejdstid"
    finding = (
        f"{key.per_cent(now)} {outside} i {about.quarter.label}"
        if now is not None
        else key.no_share(rows[about.quarter], f"i hele landet i {about.quarter.label}")
    )
    heads = ("I arbejdstiden", "Uden for", "I alt", "Andel uden for")
    return Figure(
        "arbejdstid",
        about.word("arbejdstid"),
        finding,
        about.quarter.label,
        (
            Grid("Lys: i arbejdstiden. Mørk: uden for", ("",), splits),
            Grid("Forløb i hele landet", heads, tuple(lines)),
        ),
        placing=NOWHERE_PLACED,
    )


def professions(about: Subject) -> Figure:
    """Which level the walks of each faggruppe ended at."""
    of = about.whole
    rows = {one: key.levels_of(about.published, of, COUNTRY, one) for one in about.professions}
    found = {one: key.raised(row) for one, row in rows.items()}
    told = {about.professions[one]: n for one, share in found.items() if share and (n := share.percent) is not None}
    grid = crossed(about, of, COUNTRY)
    last = Line("Andel i underret eller mere", tuple(map(raised, found.values())))
    return Figure(
        "niveau-fag-land",
        about.word("niveau-fag-land"),
        key.spread_finding(told, f"i hele landet i {of.label}"),
        of.label,
        (_split(about, rows, list(about.levels)), Grid(grid.caption, grid.heads, (*grid.lines, last))),
        placing=NOWHERE_PLACED,
    )


def _split(about: Subject, rows: Mapping[str, key.Row], parts: Sequence[str]) -> Grid:
    """Each faggruppe as a whole, split in its parts; the textures are those beside the names in the table under it."""
    fills = dict(zip(parts, chart.fills(len(parts)), strict=True))
    lines = tuple(Line(about.professions[one], (split(row, fills),)) for one, row in rows.items())
    return Grid("Andel af fagets forløb; stiplet: vises ikke", ("",), lines)


def parents(about: Subject) -> Figure:
    """What the outcomes of each faggruppe say about the parents."""
    of, texts = about.whole, about.library.texts
    rules = {rule.value: texts.parents[rule].title if texts else rule.value for rule in Parents}
    rows = {one: key.row(about.published, "parents", of, COUNTRY, one, rules) for one in about.professions}
    fills = dict(zip(rules, chart.fills(len(rules)), strict=True))
    lines = [
        Line(title, tuple(number(row.parts[rule]) for row in rows.values()), swatch=chart.swatch(fills[rule]))
        for rule, title in rules.items()
    ]
    lines.append(Line("I alt", tuple(number(row.total) for row in rows.values()), True))
    finding = key.parents_finding({about.professions[one]: row for one, row in rows.items()}, rules, of)
    for rule, title in rules.items():
        if rule in (Parents.foerst, Parents.ikke) or f"«{title}»" in finding:
            found = [key.share(row.parts[rule], row.total) for row in rows.values()]
            lines.append(Line(f"Andel: {_lower(title)}", tuple(map(per_cent, found))))
    heads = tuple(about.professions.values())
    return Figure(
        "foraeldre",
        about.word("foraeldre"),
        finding,
        of.label,
        (
            _split(about, rows, list(rules)),
            Grid(f"Forløb i hele landet efter det, udfaldet siger, {of.label}", heads, tuple(lines)),
        ),
        placing=NOWHERE_PLACED,
    )


def questions(about: Subject) -> Figure:
    """The questions that people most often answer with «det ved jeg ikke», and most often leave."""
    of = about.quarter
    asked = teasing.questions(about.published, of)
    unsure, left = (teasing.most(asked, way) for way in (Way.unsure, Way.left))
    finding = f"Der er for få svar i {of.label} til at vise, hvor mange der svarede «det ved jeg ikke»"
    if unsure:
        told = key.per_cent(unsure[0].share(Way.unsure) or 0)
        finding = f"{told} svarede i {of.label} «det ved jeg ikke» til {_named(about, unsure[0])}"
    return Figure(
        "spoergsmaal",
        about.word("spoergsmaal"),
        finding,
        of.label,
        (
            Grid(
                f"Flest svarede «det ved jeg ikke», {of.label}. Andelen er af dem, der svarede",
                ("Vist", "Besvaret", "«Ved ikke»", "Andel"),
                tuple(_line(about, one, Way.unsure) for one in unsure),
                "Ingen spørgsmål skiller sig ud.",
            ),
            Grid(
                f"Flest gik fra spørgsmålet uden at svare, {of.label}. Andelen er af dem, der fik det vist",
                ("Vist", "Besvaret", "Uden svar", "Andel"),
                tuple(_line(about, one, Way.left) for one in left),
                f"Ingen spørgsmål skiller sig ud. Det kan kun ét, der er vist i mindst {teasing.SEEN} forløb.",
            ),
        ),
        placing=NOWHERE_PLACED,
    )


def _line(about: Subject, one: Question, way: Way) -> Line:
    """A question with the numbers that its share is of."""

    def cell(column: str) -> Value:
        return number(about.published.cell("quality", about.quarter, COUNTRY, f"{one.flow}.{one.step}", column))

    last = cell("unsure") if way is Way.unsure else Value(chart.number(one.count(way) or 0))
    labels = Labels(about.library)
    name = f"{labels.flow(one.flow)}: {labels.question(f'{one.flow}.{one.step}')}"
    return Line(name, (cell("shown"), cell("answered"), last, per_cent(one.share(way))))


def _named(about: Subject, one: Question) -> str:
    """A question and its faggruppe in a sentence, as the site names them."""
    labels = Labels(about.library)
    return f"«{labels.question(f'{one.flow}.{one.step}')}» ({_lower(labels.flow(one.flow))})"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
