"""A text as the lines of another one, where it has the same: how many nearly equal texts are kept in little room.

Written out, each line is either `+` and a line of its own, or `=12,40`: forty lines of the other text from its
thirteenth. Not a difference to be read by people, and not the shortest there is: it is found in one pass.
"""

from __future__ import annotations

from bisect import bisect_left


def against(text: str, base: str) -> str:
    """A text as lines of another."""
    lines, known, found = text.split("\n"), base.split("\n"), list[str]()
    where = dict[str, list[int]]()
    for number, line in enumerate(known):
        where.setdefault(line, []).append(number)
    at = after = 0
    while at < len(lines):
        start = _next(where.get(lines[at], []), after)
        if start is None:
            found.append(f"+{lines[at]}")
            at += 1
            continue
        count = _alike(lines, at, known, start)
        found.append(f"={start},{count}")
        at, after = at + count, start + count
    return "\n".join(found)


def _next(places: list[int], after: int) -> int | None:
    """The first place that comes after; else the first of all."""
    return places[bisect_left(places, after) % len(places)] if places else None


def _alike(lines: list[str], at: int, known: list[str], start: int) -> int:
    """How many lines are the same from there on."""
    most = min(len(lines) - at, len(known) - start)
    return next((n for n in range(most) if lines[at + n] != known[start + n]), most)


def whole(written: str, base: str, most: int) -> str:
    """The text that was written so. Raises ValueError when it was not, or when it has more than `most` letters."""
    known, found, size = base.split("\n"), list[str](), 0
    for line in written.split("\n"):
        kind, rest = line[:1], line[1:]
        if kind == "+":
            part = [rest]
        elif kind == "=":
            start, count = map(int, rest.split(","))
            part = known[start : start + count]
        else:
            raise ValueError(f"not a line: {line[:40]!r}")
        found += part
        size += sum(map(len, part)) + len(part)
        if size > most:
            raise ValueError("the text is too long")
    return "\n".join(found)
