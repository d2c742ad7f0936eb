"""The result sheet of a temadag: what the wall showed, Monday, and the follow-up. HTML; PDF is `press.py`.

Nothing here sees a vote: what may be told is decided in `guide/training/tally.py`, and what was shown is handed over as
the wall showed it. The trainer's own case is not on it, for that stays in the room. Made when it is asked for and kept
nowhere (`unkept.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from babel.dates import format_date

from guide.library.library import Library
from guide.model import Case, Question
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
            inside=inside,
        )
    )
