"""Made-up files in the forms of Statistics Denmark's StatBank. No number in them is real; only codes and names are.

`python -m tests.statistics.official_files` writes those of tests/statistics/made-up; a test holds them fresh.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from guide.library.geography import Area
from tests.conftest import shipped_content

FOLDER = Path(__file__).parent / "made-up"

REPORTERS = ("Skole", "Sundhedsvæsen", "Politi og domstol", "Dagtilbud", "Anonym")
CAUSES = ("Utilstrækkelig omsorg", "Skoleproblemer", "Højt konfliktniveau mellem voksne", "Øvrige forhold")
YEARS = (2021, 2022)
TITLE = "OPDIGTET TIL PRØVE. Ingen tal er rigtige."


@cache
def areas() -> tuple[Area, ...]:
    """The kommuner of the register."""
    return tuple(shipped_content().geography.areas.values())


def made(area: Area, year: int, part: int) -> int:
    """A made-up number of a kommune."""
    code = int(area.code)
    return 20 + (code * 7 + part * 31 + (year - 2000) * 13) % 400


def parts(rows: int, year: int) -> Iterator[tuple[str, str, list[int]]]:
    """(code, name, numbers) of the country and each kommune."""
    every = [(a.code, a.name, [made(a, year, n) for n in range(rows)]) for a in areas()]
    yield "000", "Hele landet", [sum(numbers[n] for *_, numbers in every) for n in range(rows)]
    yield from every


def interface(rows: tuple[str, ...], variable: str, years: tuple[int, ...] = YEARS, how: str = "text") -> str:
    """A file of the interface: byte order mark, semicolons, CRLF; `how`: text, code or both, of the areas."""
    lines = [f"ADMKOM;{variable};ALDER;KØN;TID;INDHOLD"]
    for year in years:
        for code, name, numbers in parts(len(rows), year):
            area = {"text": name, "code": code, "both": f"{code} {name}"}[how]
            for label, n in zip(("I alt", *rows), (sum(numbers), *numbers), strict=True):
                lines.append(f"{area};{label};Alder i alt;I alt;{year};{n}")
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def children() -> str:
    """UND2 by the interface: how many reports a child had, with its total."""
    labels = ("I alt", "1 underretning", "2 eller flere underretninger")
    lines = ["ADMKOM;UNDERRETNINGER;ALDER;KØN;TID;INDHOLD"]
    for year in YEARS:
        for _, name, numbers in parts(2, year):
            for label, n in zip(labels, (sum(numbers), *numbers), strict=True):
                lines.append(f"{name};{label};Alder i alt;I alt;{year};{n}")
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def button(rows: tuple[str, ...], years: tuple[int, ...] = YEARS) -> str:
    """A file of the button: three lines of title, outer labels on lines of their own, years across."""
    lines = [f'"{TITLE} UND1: Underretninger vedr. børn efter administrationskommune,"', '"underrettere og tid"', '""']
    lines.append(f" ; ;{';'.join(f'{year}' for year in years)}")
    tables = [list(parts(len(rows), year)) for year in years]
    for each in zip(*tables, strict=True):
        lines.append(f"{each[0][1]};;{';' * (len(years) - 1)}")
        for at, label in enumerate(("I alt", *rows)):
            numbers = [str(sum(n) if at == 0 else n[at - 1]) for *_, n in each]
            lines.append(f" ;{label};{';'.join(numbers)}")
    return "\r\n".join(lines) + "\r\n"


def people(quarters: tuple[str, ...] = ("2021K1", "2022K1"), oldest: int = 17) -> str:
    """FOLK1A by the button: single ages, the sum over all ages beside them, quarters across."""
    lines = [f'"{TITLE} FOLK1A: Folketal den 1. i kvartalet efter område, alder og tid"', '""', '""']
    lines.append(f" ; ;{';'.join(quarters)}")
    every = [("000", "Hele landet", 0), *((a.code, a.name, int(a.code)) for a in areas())]

    def people_of(code: int, age: int) -> int:
        return 100 + (code * 3 + age * 17) % 150

    codes = [int(a.code) for a in areas()]
    for _, name, code in every:
        lines.append(f"{name};;{';' * (len(quarters) - 1)}")
        for age in range(-1, oldest + 1):
            of = codes if not code else [code]
            n = sum(people_of(one, age) if age >= 0 else 90_000 for one in of)
            lines.append(f" ;{'I alt' if age < 0 else f'{age} år'};{';'.join([str(n)] * len(quarters))}")
    return "\r\n".join(lines) + "\r\n"


FILES = {
    "opdigtet-UND1-graenseflade.csv": lambda: interface(REPORTERS, "UNDERRETTER"),
    "opdigtet-UND1-knap.csv": lambda: button(REPORTERS),
    "opdigtet-UND2-graenseflade.csv": children,
    "opdigtet-UND3-graenseflade.csv": lambda: interface(CAUSES, "ÅRSAG"),
    "opdigtet-FOLK1A-knap.csv": people,
}

if __name__ == "__main__":
    for name, make in FILES.items():
        (FOLDER / name).write_bytes(make().encode())
