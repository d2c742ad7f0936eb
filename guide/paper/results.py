"""The result sheet of a temadag: what the wall showed, Monday, and the follow-up. HTML; PDF is `press.py`.

Nothing here sees a vote: what may be told is decided in `guide/training/tally.py`, and what was shown is handed over as
the wall showed it. The trainer's own case is not on it, for that stays in the room. Made when it is asked for and kept
nowhere (`unkept.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from babel.dates import format_date

from guide.library.library import Library
from guide.model import Case, Level, Question
from guide.paper.sheet import environment
from guide.training.parting import Parting
from guide.training.tally import Chart, Result

AFTER = 3
"""Months until people meet again."""

THINGS = 3
"""Lines to write on: at most so many things are agreed on."""


class Drawn(Protocol):
    """A figure of the wall: its title, the words of its answers, the charts, before and after, the acceptable range."""

    @property
    def title(self) -> str: ...
    @property
    def words(self) -> Mapping[str, str]: ...
    @property
    def result(self) -> Result: ...
    @property
    def before(self) -> Sequence[tuple[Chart, Chart]]: ...
    @property
    def range(self) -> Sequence[str]: ...
    @property
    def beside(self) -> Mapping[str, str]: ...
    @property
    def mixed(self) -> bool: ...


class Told(Protocol):
    """What the wall told of a round."""

    @property
    def figures(self) -> Sequence[Drawn]: ...
    @property
    def partings(self) -> Sequence[Parting]: ...
    @property
    def case(self) -> Case | None: ...
    @property
    def groups(self) -> Mapping[str, str]: ...
    @property
    def questions(self) -> Mapping[Parting, Question]: ...
    @property
    def laws(self) -> Sequence[str]: ...
    @property
    def more(self) -> Sequence[str]: ...
    @property
    def together(self) -> bool: ...


@dataclass(frozen=True)
class Asked:
    """A question that was asked of a case: what was told the first time and, when it was asked again, the second."""

    question: str
    first: Told
    again: Told | None


@dataclass(frozen=True)
class Talked:
    """A case and what was asked of it. `case` is None for the trainer's own."""

    title: str
    case: Case | None
    asked: tuple[Asked, ...]


def binding(library: Library, name: str) -> bool:
    """Whether it is a rule of an act or an executive order, and not guidance on one or a decision."""
    return "§" in library.law[name].number or library.act_of(name).title.startswith("Bekendtgørelse")


def place(library: Library, name: str) -> str:
    """Where a rule stands, said once: act and paragraph, or what names itself; the act until somebody has seen it."""
    rule, act = library.law[name], library.act_of(name).title
    if rule.status != "verified":
        return act
    return f"{act} {rule.number}" if rule.number.startswith("§") else rule.number


def allowed(levels: Sequence[Level]) -> str:
    """What a range of levels means: that it is none or some, and that to report is in order. `levels`: at least one."""
    least = min(levels, key=lambda level: level.rank)
    one = "Guiden kan forsvare ét niveau her. Tal om, hvad der ville ændre det."
    return f"{one if len(levels) == 1 else 'Det er et spænd, ikke ét svar.'} {_in_order(least, len(levels) == 1)}"


def _in_order(least: Level, alone: bool) -> str:
    """What is in order beside the range; where it hurries, what comes first."""
    if least is Level.akut:
        return "Ring 112 først. At underrette bagefter er altid i orden. 112 sender ikke underretningen for dig."
    if least is Level.straks:
        return "Ring nu, og skriv underretningen samme dag. Er du i tvivl, om der er fare lige nu, så ring 112."
    now = " Det er også i orden at ringe nu." if alone else ""
    return f"At underrette er altid i orden.{now}"


def results(library: Library, kommune: str, talked: Sequence[Talked], made: datetime, gone: datetime) -> str:
    """The sheet as a document. `made`, `gone`: when it is made, and the latest time at which the room is deleted."""
    return _drawn("results.html", library, kommune, talked, made, gone, inside=False)


def inner(library: Library, kommune: str, talked: Sequence[Talked], made: datetime, gone: datetime) -> str:
    """The same for a page to be printed by a browser, where no PDF can be made: HTML without a head."""
    return _drawn("results_inner.html", library, kommune, talked, made, gone, inside=True)


def _drawn(
    template: str,
    library: Library,
    kommune: str,
    talked: Sequence[Talked],
    made: datetime,
    gone: datetime,
    *,
    inside: bool,
) -> str:
    years, month = divmod(made.month - 1 + AFTER, 12)
    programme = next((one for one in library.training.values() if one.flow is None), None)
    return (
        environment(library, kommune)
        .get_template(template)
        .render(
            talked=talked,
            made=made,
            gone=gone,
            meeting=format_date(made.replace(year=made.year + years, month=month + 1, day=1), "MMMM y", locale="da"),
            agenda=programme.agenda if programme else (),
            things=range(1, THINGS + 1),
            together=any(asked.first.together for one in talked for asked in one.asked),
            place=partial(place, library),
            allowed=allowed,
            inside=inside,
        )
    )
