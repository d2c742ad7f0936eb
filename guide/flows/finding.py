"""A Finding: one thing that a check found, with the place an author must look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found. `line` and `column` count from 1; 0 means «the file as a whole»."""

    file: str
    line: int
    column: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """`file:line:column: message`, in Danish, as `guide check` prints it."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {'advarsel: ' if self.warning else ''}{self.message}"


def errors(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop a library from being served."""
    return [f for f in findings if not f.warning]
