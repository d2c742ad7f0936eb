"""Made-up official figures, in the form in which Statistics Denmark's interface gives its own. Pure; nothing is a fact.

They are taken in as a real file is (`official.py`), under a name that says what they are, and only into a database that
is marked as an example. Not here: our own made-up figures (`example.py`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator

from guide.library.geography import Area, Geography
from guide.statistics.example import size

SHARES: dict[str, dict[str, float]] = {
    "UND1": {
        "Skole": 0.22,
        "Sundhedsvæsen": 0.20,
        "Politi og domstol": 0.13,
        "Daginstitution eller dagpleje": 0.08,
        "Kommunens egne ansatte": 0.15,
        "Anonym": 0.06,
        "Andre": 0.16,
    },
    "UND3": {
        "Utilstrækkelig omsorg": 0.27,
        "Skoleproblemer": 0.24,
        "Højt konfliktniveau mellem voksne": 0.21,
        "Misbrug hos forældre": 0.14,
        "Andet": 0.14,
    },
}
"""What a table is divided by, with rough shares that are made up."""

CHILDREN, REPORTS, OFTEN = 9_000, 0.12, 1.75
"""Children in a kommune of middling size, reports a child, and reports for each child there is a report on."""

GROWTH = 1.05
"""From year to year."""

FEWEST = 4
"""Smaller numbers are given as `..`."""

Numbers = Callable[[Area, int, str], int]


def files(geography: Geography, years: Iterable[int], seed: int) -> Iterator[tuple[str, str, str]]:
    """(table, name, text) of a file for each table, for so many years. The same seed gives the same files."""
    years = list(years)
    yield "FOLK1A", "opdigtet-FOLK1A.csv", _children(geography, years, seed)
    yield "UND2", "opdigtet-UND2.csv", _file(geography, years, {}, _numbers(seed, REPORTS / OFTEN, {}))
    for table, column in (("UND1", "UNDERRETTER"), ("UND3", "ÅRSAG")):
        shares = SHARES[table]
        yield (
            table,
            f"opdigtet-{table}.csv",
            _file(geography, years, {column: [*shares]}, _numbers(seed, REPORTS, shares)),
        )


def _of(area: Area, year: int, seed: int) -> int:
    """Children of an area in a year."""
    return round(CHILDREN * size(area, seed) * 0.995 ** (year - 2020))


def _numbers(seed: int, rate: float, shares: dict[str, float]) -> Numbers:
    def number(area: Area, year: int, part: str) -> int:
        own = random.Random(f"{seed}/official/{area.id}").gauss(0, 0.3)
        one = random.Random(f"{seed}/official/{area.id}/{part}/{year}").gauss(0, 0.1)
        expected = _of(area, year, seed) * rate * GROWTH ** (year - 2024) * shares.get(part, 1.0)
        return round(expected * math.exp(own + one))

    return number


def _file(geography: Geography, years: list[int], parts: dict[str, list[str]], number: Numbers) -> str:
    """A table by kommune, year, and at most one column more, with its sums and the whole country."""
    column = next(iter(parts), None)
    lines = [["ADMKOM", *parts, "ALDER", "KØN", "TID", "INDHOLD"]]
    for year in years:
        whole = dict[str, int]()
        rows = list[tuple[str, str, int]]()
        for area in geography.areas.values():
            found = {part: number(area, year, part) for part in (parts[column] if column else ["I alt"])}
            found |= {"I alt": sum(found.values())} if column else {}
            for part, n in found.items():
                whole[part] = whole.get(part, 0) + n
                rows.append((area.name, part, n))
        for name, part, n in [*(("Hele landet", part, n) for part, n in whole.items()), *rows]:
            shown = str(n) if n >= FEWEST else ".."
            lines.append([name, *([part] if column else []), "Alder i alt", "I alt", str(year), shown])
    return _text(lines)


def _children(geography: Geography, years: list[int], seed: int) -> str:
    lines = [["OMRÅDE", "KØN", "ALDER", "TID", "INDHOLD"]]
    for year in years:
        for age in range(18):
            by_area = {a.name: (_of(a, year, seed) + age * 7) // 18 for a in geography.areas.values()}
            for name, n in {"Hele landet": sum(by_area.values()), **by_area}.items():
                lines.append([name, "I alt", f"{age} år", f"{year}K1", str(n)])
    return _text(lines)


def _text(lines: list[list[str]]) -> str:
    return "\ufeff" + "".join(";".join(line) + "\r\n" for line in lines)
