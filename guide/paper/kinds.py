"""The kinds of paper there are, by the name of their file: the poster and the handleplan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from guide.library.library import Library, Playable
from guide.paper.handleplan import handleplan
from guide.paper.poster import poster
from guide.paper.press import pressed


@dataclass(frozen=True)
class Kind:
    """What is drawn, and whether it must stand on one page."""

    html: Callable[[Library, Playable, str, date], str]
    one_page: bool

    @property
    def options(self) -> tuple[str, ...]:
        """What the press is told when it is a process of its own."""
        return ("--one-page",) if self.one_page else ()


KINDS = {"plakat": Kind(poster, True), "handleplan": Kind(handleplan, False)}


def pdf(kind: str, library: Library, playable: Playable, kommune: str, day: date) -> bytes:
    """A paper of a flow in a kommune, issued on a day. Raises NoPress and TooLong (`press.py`), KeyError."""
    drawn = KINDS[kind]
    return pressed(drawn.html(library, playable, kommune, day), drawn.one_page)
