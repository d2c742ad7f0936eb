"""The key figures of the country alone on paper: working hours, levels and parents by faggruppe, questions.

The same in every publication of a period, so that a kommune can talk about what it has no numbers of. Not here: figures
of a kommune (`municipal.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guide.library.geography import COUNTRY
from guide.model import Parents
from guide.paper.grids import Figure, Grid, Line, number, per_cent, split
from guide.paper.municipal import crossed
from guide.paper.subject import Subject
from guide.statistics import chart
from guide.statistics import keyfigures as key
from guide.statistics.periods import Period
from guide.statistics.tables import ALL, ENOUGH, Cell

NOWHERE_PLACED = "Tallet er kun for hele landet. Derfor er der ingen placering."

HOURS = ("inside", "outside")

QUESTIONS = 6
"""How many questions each list has."""


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
    finding = (
        f"{now} % af forløbene i hele landet begyndte uden for almindelig arbejdstid i {about.quarter.label}"
        if now is not None
        else f"Der er for få forløb i {about.quarter.label} til at vise en andel uden for arbejdstiden"
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
    found = {one: raised.percent for one, row in rows.items() if (raised := key.raised(row))}
    told = {about.professions[one]: n for one, n in found.items() if n is not None}
    grid = crossed(about, of, COUNTRY)
    last = Line("Andel i underret eller mere", tuple(per_cent(found.get(one)) for one in about.professions))
    return Figure(
        "niveau-fag-land",
        about.word("niveau-fag-land"),
        key.spread_finding(told, "i hele landet"),
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
    silent = {one: key.share(row.parts[Parents.ikke.value], row.total) for one, row in rows.items()}
    first = {one: key.share(row.parts[Parents.foerst.value], row.total) for one, row in rows.items()}
    lines.append(Line(f"Andel: {_lower(rules['foerst'])}", tuple(map(per_cent, first.values()))))
    lines.append(Line(f"Andel: {_lower(rules['ikke'])}", tuple(map(per_cent, silent.values()))))
    told = {about.professions[one]: n for one, n in silent.items() if n is not None}
    heads = tuple(about.professions.values())
    return Figure(
        "foraeldre",
        about.word("foraeldre"),
        _parents_finding(told, rules["ikke"]),
        of.label,
        (
            _split(about, rows, list(rules)),
            Grid(f"Forløb i hele landet efter det, udfaldet siger, {of.label}", heads, tuple(lines)),
        ),
        placing=NOWHERE_PLACED,
    )


def _parents_finding(told: dict[str, int], rule: str) -> str:
    if len(told) < 2:
        return "Der er for få forløb til at sammenligne, hvad guiden sagde om forældrene"
    top, low = max(told, key=lambda one: told[one]), min(told, key=lambda one: told[one])
    if told[top] == told[low]:
        return f"«{rule}» stod i {told[top]} % af forløbene i alle faggrupper"
    return f"«{rule}» stod i {told[low]} % af forløbene i {_lower(low)} og i {told[top]} % i {_lower(top)}"


def questions(about: Subject) -> Figure:
    """The questions that people most often leave, and most often answer with «det ved jeg ikke»."""
    of = about.quarter
    asked = _asked(about, of)
    unsure = {step: n for step, found in asked.items() if (n := key.share(found["unsure"], found["answered"]))}
    left = {step: 100 - n for step, found in asked.items() if (n := key.share(found["answered"], found["shown"]))}
    left = {step: n for step, n in left.items() if n}
    first = max(unsure, key=lambda one: unsure[one], default=None)
    finding = (
        f"Ved spørgsmålet «{_title(about, first)}» svarede {unsure[first]} % «det ved jeg ikke»"
        if first
        else f"Der er for få svar i {of.label} til at vise, hvor mange der svarede «det ved jeg ikke»"
    )
    return Figure(
        "spoergsmaal",
        about.word("spoergsmaal"),
        finding,
        of.label,
        (
            _list(about, asked, unsure, "unsure", "Flest svarede «det ved jeg ikke»", "«Ved ikke»"),
            _list(about, asked, left, "answered", "Flest gik fra spørgsmålet uden at svare", "Besvaret"),
        ),
        placing=NOWHERE_PLACED,
    )


def _asked(about: Subject, of: Period) -> dict[tuple[str, str], dict[str, Cell | None]]:
    """The questions that stood before at least ENOUGH walks, with what was counted of each."""
    found = dict[tuple[str, str], dict[str, Cell | None]]()
    for flow, playable in about.library.flows.items():
        for step in playable.flow.questions:
            columns = ("shown", "answered", "changed", "unsure")
            cells = {c: about.published.cell("quality", of, COUNTRY, f"{flow}.{step}", c) for c in columns}
            if (shown := cells["shown"]) and (shown.n or 0) >= ENOUGH:
                found[flow, step] = cells
    return found


def _list(
    about: Subject,
    asked: dict[tuple[str, str], dict[str, Cell | None]],
    values: dict[tuple[str, str], int],
    column: str,
    caption: str,
    head: str,
) -> Grid:
    most = sorted(values, key=lambda one: (-values[one], one))[:QUESTIONS]
    lines = tuple(
        Line(
            f"{about.professions[at[0]]}: {_title(about, at)}",
            (
                number(asked[at]["shown"]),
                number(asked[at][column]),
                number(asked[at]["changed"]),
                per_cent(values[at]),
            ),
        )
        for at in most
    )
    return Grid(f"{caption}, {about.quarter.label}", ("Vist", head, "Ændret", "Andel"), lines)


def _title(about: Subject, at: tuple[str, str]) -> str:
    return about.library.flows[at[0]].flow.questions[at[1]].title


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
