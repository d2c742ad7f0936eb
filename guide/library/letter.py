"""A letter line by line as one faggruppe is asked it: titles, headings, words and blanks. Screen and paper draw these.

Pure. Not here: what a letter says (`content/da/letters`), and how it looks (`web/writing.py`, `paper`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from guide.model import Blank, Letter

_BLANK = re.compile(r"\{\{\s*([^}]*?)\s*\}\}")
_NUMBERED = re.compile(r"\d{1,2}\. ")
_LED = re.compile(r"(?P<led>[^{}]{1,80}: )\{\{[^}]*\}\}")
"""A line that is words with a colon and one blank, such as `Dato: {{dato}}`."""


@dataclass(frozen=True)
class Piece:
    """Part of a line: words as they are, words that lead up to a blank, or the blank itself."""

    text: str
    kind: str = "ord"
    """`ord`, `led` or `felt`; the text of `felt` is the id of the blank."""


@dataclass(frozen=True)
class Line:
    """One line of a letter."""

    kind: str
    """`titel`, `del` (a part with several headings), `overskrift` or `linje`."""
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The words of a line without a blank."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def blanks(self) -> tuple[str, ...]:
        """The ids of its blanks."""
        return tuple(piece.text for piece in self.pieces if piece.kind == "felt")


@dataclass(frozen=True)
class Section:
    """A heading of a letter, the part that begins with it, and the blanks under it in the order of their first use."""

    part: str | None
    heading: str | None
    blanks: tuple[str, ...]


def asked(blank: Blank, flow: str) -> bool:
    """Whether a blank is for this faggruppe."""
    return not blank.flows or flow in blank.flows


def lines(letter: Letter, flow: str) -> tuple[Line, ...]:
    """A letter line by line, without the lines that are all for other faggrupper."""
    return tuple(_without_bare_headings(_lines(letter, flow)))


def _lines(letter: Letter, flow: str) -> Iterator[Line]:
    others = {name for name, blank in letter.blanks.items() if not asked(blank, flow)}
    for number, text in enumerate(letter.text.strip().splitlines()):
        blanks = _BLANK.findall(text)
        if blanks and others.issuperset(blanks):
            continue
        yield Line(_kind(text, number, bool(blanks)), tuple(_pieces(text, others)))


def _kind(text: str, number: int, blank: bool) -> str:
    """Capitals on the first line are the title and further down a part; a number before words is a heading."""
    if blank or not text.strip():
        return "linje"
    if text.isupper():
        return "del" if number else "titel"
    return "overskrift" if _NUMBERED.match(text) else "linje"


def _pieces(text: str, others: set[str]) -> Iterator[Piece]:
    if led := _LED.fullmatch(text):
        yield Piece(led["led"], "led")
        text = text[led.end("led") :]
    for n, part in enumerate(_BLANK.split(text)):
        if part and not (n % 2 and part in others):
            yield Piece(part, "felt" if n % 2 else "ord")


def _without_bare_headings(found: Iterator[Line]) -> Iterator[Line]:
    """Drop a heading under which nothing is left for this faggruppe."""
    held: list[Line] = []
    for line in found:
        if line.kind == "overskrift":
            held = [line]
        elif held and not line.text.strip():
            held.append(line)
        else:
            yield from held
            held = []
            yield line


def sections(lines: tuple[Line, ...]) -> tuple[Section, ...]:
    """The parts and headings of a letter with the blanks to fill in."""
    found = [Section(None, None, ())]
    seen = set[str]()
    for line in lines:
        if line.kind == "del":
            found.append(Section(_sentences(line.text), None, ()))
        elif line.kind == "overskrift":
            found.append(Section(None, line.text, ()) if found[-1].blanks else replace(found[-1], heading=line.text))
        for name in line.blanks:
            if name not in seen:
                seen.add(name)
                found[-1] = replace(found[-1], blanks=(*found[-1].blanks, name))
    return tuple(section for section in found if section.blanks)


def _sentences(capitals: str) -> str:
    """`DEL 1. DET VIGTIGSTE` -> `Del 1. Det vigtigste`: capitals are read out letter by letter."""
    return ". ".join(part.capitalize() for part in capitals.split(". "))
