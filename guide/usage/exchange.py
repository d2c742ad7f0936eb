"""One kommune's counters of one closed quarter: handed over by its own installation, and taken in by the national one.

What is handed over is folded by the rules of publishing: a small kommune is `oevrige`, a kommune's own steps and
`operations` are left out, and with the fourth quarter the rows of the year come along. What was handed over is frozen
there (`frozen.py`). Taken in is all of a file or nothing, and once for each kommune and quarter; while the quarter is
not released, the same file can be taken out again.
Not here: whether a quarter is closed (`guide/statistics/periods.py`), whether numbers can be true (`plausible.py`), and
the words of the commands.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from guide import db
from guide.library.library import Library
from guide.model import Level, Parents
from guide.usage.counters import HOURS, MEASURES
from guide.usage.drainer import add
from guide.usage.frozen import EXPORT, frozen, hold, newest
from guide.usage.plausible import doubt
from guide.usage.words import in_words

IMPORT = "counters"
"""`taken.kind` of what was taken in from another installation."""

OLDEST = 4
"""Quarters before today that a file may be of, where the national series has not begun."""

LARGEST = 4_000_000
"""Bytes of a file at most: ten times what one kommune can hand over."""

TITLE = "# Bekymringsguiden: tal fra en installation for én kommune"
EDITION = "1"
COLUMNS = "period,tab,cell,n"

_LINE = re.compile(r"([0-9K]+),([a-z]+),([a-z0-9/-]+),([1-9][0-9]{0,8})")
_NEGATIVE = re.compile(r".*,-[0-9.]+")
_END = re.compile(r"# slut: ([0-9]{1,9}) rækker, i alt ([0-9]{1,18}), kontrol ([0-9a-f]{64})")

Cell = tuple[str, str, str]
"""(period, tab, cell), as in the counters."""


class Refused(Exception):
    """What cannot be handed over or taken in. The message is Danish and says what to do; nothing was changed."""


@dataclass(frozen=True)
class Sheet:
    """What one kommune counted in a quarter, written 2026K4, folded; with its year when that is the last one."""

    kommune: str
    quarter: str
    rows: Mapping[Cell, int]

    @property
    def total(self) -> int:
        """The sum of all rows."""
        return sum(self.rows.values())


def folded(counters: Iterable[tuple[str, str, str, int]], kommune: str, quarter: str, library: Library) -> Sheet:
    """The counters of that quarter that may be handed over. Rows of other kommuner and of own steps are left out."""
    rows = Counter[Cell]()
    named = f"{kommune}/"
    for period, tab, cell, n in counters:
        if tab in ("use", "level") and cell.startswith(named):  # also what was counted before it was found to be small
            cell = f"{library.geography.counted_as(kommune)}/{cell.removeprefix(named)}"
        if n > 0 and period in _periods(quarter) and _known(period, tab, cell, kommune, library):
            rows[period, tab, cell] += n
    return Sheet(kommune, quarter, rows)


def _periods(quarter: str) -> set[str]:
    """The quarter, and with the last one its year."""
    return {quarter, quarter[:4]} if quarter.endswith("K4") else {quarter}


def _known(period: str, tab: str, cell: str, kommune: str, library: Library) -> bool:
    """Whether an installation of this kommune counts such a cell by quarter, or by year, and it may be handed over."""
    head, _, rest = cell.partition("/")
    counted, year = library.geography.counted_as(kommune), "K" not in period
    flow = library.flows.get(head)
    match tab:
        case "use":
            return not year and head == counted and rest in library.flows
        case "level":
            of, _, level = rest.rpartition("/")
            return head == counted and level in list(Level) and (of in library.flows if year else not of)
        case "professions":
            return year and flow is not None and rest in list(Level)
        case "parents":
            return year and flow is not None and rest in list(Parents)
        case "hours":
            return not year and cell in HOURS
        case "quality":
            step, _, measure = rest.partition("/")
            return not year and flow is not None and step in flow.flow.questions and measure in MEASURES
    return False


# --- the file ---


def written(sheet: Sheet) -> bytes:
    """The file: who and when, one row a cell, and a last line that tells how many and a checksum. For people too."""
    lines = [TITLE, f"# udgave: {EDITION}", f"# kommune: {sheet.kommune}", f"# periode: {sheet.quarter}", COLUMNS]
    lines += [f"{period},{tab},{cell},{n}" for (period, tab, cell), n in sorted(sheet.rows.items())]
    end = f"# slut: {len(sheet.rows)} rækker, i alt {sheet.total}, kontrol {_checksum(lines)}"
    return "\n".join([*lines, end, ""]).encode()


def _checksum(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read(data: bytes, library: Library | None) -> Sheet:
    """The sheet of a file that `written` made; all of it fits, or Refused is raised with the line that does not.

    Without a library, only that it is whole: what was taken in before can be taken out, whatever is known today.
    """
    lines = _whole(data)
    kommune, quarter = (_header(lines, at, key) for at, key in ((2, "kommune"), (3, "periode")))
    if library and kommune not in library.geography.areas:
        raise Refused(f"«{kommune}» er ikke en kommune, der kan tælles med. Filen er ikke læst ind.")
    if not re.fullmatch(r"20[0-9]{2}K[1-4]", quarter):
        raise Refused(f"«{quarter}» er ikke et kvartal. Filen er ikke læst ind.")
    rows, last = dict[Cell, int](), ("", "", "")
    for number, line in enumerate(lines[5:-1], 6):
        found = _LINE.fullmatch(line)
        key = (found[1], found[2], found[3]) if found else ("", "", "")
        if not found or (library and not (key[0] in _periods(quarter) and _known(*key, kommune, library))):
            raise Refused(
                f"Linje {number}: «{line[:60]}» er ikke et tal, som {kommune} kan have for {quarter}. Har de to "
                "installationer samme udgave af indholdet? Intet er læst ind."
            )
        if key <= last:
            raise Refused(f"Linje {number}: cellen står der to gange eller i forkert orden. Intet er læst ind.")
        rows[key], last = int(found[4]), key
    sheet = Sheet(kommune, quarter, rows)
    if f", i alt {sheet.total}, " not in lines[-1]:
        raise Refused("Tallene giver ikke det, der står i den sidste linje. Intet er læst ind.")
    if library and (why := doubt(quarter, rows)):
        raise Refused(f"{kommune} {quarter}: {why} Intet er læst ind.")
    return sheet


def _whole(data: bytes) -> list[str]:
    """The lines of a file that is ours, whole and unchanged. Line ends of Windows are no change. Raises Refused."""
    again = "Hent den igen fra «guide export-counters». Intet er læst ind."
    try:
        lines = data.decode().replace("\r\n", "\n").split("\n") if len(data) <= LARGEST else [""]
    except UnicodeDecodeError:
        lines = [""]
    if lines[0] != TITLE:
        raise Refused(f"Filen er ikke lavet af «guide export-counters», eller den er ændret. {again}")
    if len(lines) > 1 and lines[1] != f"# udgave: {EDITION}":
        raise Refused("Filen er lavet af en anden udgave af guiden, som denne ikke kender. Intet er læst ind.")
    for number, line in enumerate(lines, 1):
        if _NEGATIVE.fullmatch(line):
            raise Refused(
                f"Linje {number}: «{line[:60]}» er et negativt tal. Antal er aldrig negative. Intet er læst ind."
            )
    end = _END.fullmatch(lines[-2]) if len(lines) > 1 and lines[-1] == "" else None
    if end is None:
        raise Refused(f"Filen er ikke hel: den sidste linje mangler. {again}")
    if int(end[1]) != len(lines) - 7 or end[3] != _checksum(lines[:-2]):
        raise Refused(f"Filen er ændret, siden den blev lavet: kontroltallet passer ikke. {again}")
    if lines[4] != COLUMNS:
        raise Refused(f"Kolonnerne skal være {COLUMNS}. {again}")
    return lines[:-1]


def _header(lines: list[str], at: int, key: str) -> str:
    before, _, value = lines[at].partition(": ")
    if before != f"# {key}" or not value:
        raise Refused(f"Linje {at + 1}: «# {key}: …» mangler. Intet er læst ind.")
    return value


# --- the two databases ---


def handed_over(
    engine: Engine, kommune: str, quarter: str, library: Library, day: str, keep: Callable[[Sheet], None] | None = None
) -> Sheet:
    """The sheet of a quarter, which is frozen from then on; asked for again, it is the same. Drain before.

    `keep` puts the sheet where it is safe, before anything is frozen: when it raises, nothing is. `day`: today as
    2027-01-20. Raises Refused, NewerDatabase and DatabaseError.
    """
    if kommune not in library.geography.areas:
        raise Refused(f"«{kommune}» er ikke i registeret over kommuner. Tal fra eksempler bliver ikke afleveret.")
    db.prepare(engine)
    with engine.begin() as connection:
        hold(connection)
        _real(connection)
        asked = connection.execute(select(db.counter).where(db.counter.c.period.in_(_periods(quarter))))
        counters = [(c.period, c.tab, c.cell, c.n) for c in asked]
        if others := _others(counters, kommune, quarter, library):
            raise Refused(
                f"Databasen har tal for {', '.join(others)} i {quarter}, og GUIDE_SCOPE er {kommune}. Er både "
                "indstilling og database rigtige? Andres tal bliver ikke afleveret. Intet er ændret."
            )
        sheet = folded(counters, kommune, quarter, library)
        if not sheet.rows:
            raise Refused(f"Der er ingen tal for {quarter}. Er det den rigtige database? Se dem med «guide stats».")
        of = {"kind": EXPORT, "period": quarter, "area": kommune}
        if not _taken(connection, of):
            connection.execute(insert(db.taken).values(of | {"id": "/".join(of.values()), "day": day, "note": ""}))
        if keep:
            keep(sheet)
    return sheet


def _others(counters: Iterable[tuple[str, str, str, int]], kommune: str, quarter: str, library: Library) -> list[str]:
    """Who else than the kommune is named in the quarter, or where the quarter names nobody, in its year.

    A year may begin before an installation was for one kommune.
    """
    named = dict[bool, set[str]]({True: set(), False: set()})
    for period, tab, cell, n in counters:
        if tab in ("use", "level") and n > 0:
            named[period == quarter].add(cell.partition("/")[0])
    return sorted((named[True] or named[False]) - {kommune, library.geography.counted_as(kommune)})


def take_in(engine: Engine, sheet: Sheet, day: str) -> None:
    """Add a sheet to the counters, in one transaction. `day`: today as 2027-01-20.

    Raises Refused when its kommune and quarter were taken in before, the quarter is released, or it is from before the
    national series; NewerDatabase and DatabaseError.
    """
    db.prepare(engine)
    with engine.begin() as connection:
        hold(connection)
        _real(connection)
        of = _of(sheet)
        if before := _taken(connection, of):
            said = f"{sheet.kommune} {sheet.quarter} er læst ind før, den {in_words(before)}."
            raise Refused(f"{said} Intet er læst ind igen.")
        if frozen(sheet.quarter, newest(connection)):
            raise Refused(
                f"{sheet.quarter} er udgivet og bliver ikke ændret mere. Filen kom for sent. Intet er læst ind."
            )
        if sheet.quarter < (first := _first(connection, day)):
            raise Refused(
                f"{sheet.quarter} er for gammelt: de nationale tal begynder med {first}. Så gamle tal ville stå "
                "i vejen for den første udgivelse. Intet er læst ind."
            )
        connection.execute(insert(db.taken).values(of | {"id": _hash(sheet), "day": day, "note": f"udgave {EDITION}"}))
        add(connection, Counter(sheet.rows))
    _tidied(engine)


def take_out(engine: Engine, sheet: Sheet) -> None:
    """Subtract what `take_in` added of the same sheet, in one transaction; then it can be taken in again, or another.

    Raises Refused when that sheet was never taken in or its quarter is released, NewerDatabase and DatabaseError.
    """
    db.prepare(engine)
    with engine.begin() as connection:
        hold(connection)
        of = _of(sheet)
        if not (before := _taken(connection, of)):
            raise Refused(f"{sheet.kommune} {sheet.quarter} er ikke læst ind her. Intet er ændret.")
        if not _taken(connection, of | {"id": _hash(sheet)}):
            said = f"{sheet.kommune} {sheet.quarter} blev læst ind den {in_words(before)} fra en anden fil end denne."
            raise Refused(f"{said} Brug den fil. Intet er ændret.")
        if frozen(sheet.quarter, newest(connection)):
            raise Refused(f"{sheet.quarter} er udgivet og bliver ikke ændret mere. Intet er ændret.")
        _subtract(connection, sheet)
        connection.execute(delete(db.taken).where(db.taken.c.id == _hash(sheet)))
    _tidied(engine)


def _subtract(connection: Connection, sheet: Sheet) -> None:
    """Take the rows off the counters; what comes to nothing is gone. Raises Refused when there is less than that."""
    cell = db.counter.c
    held = {
        (c.period, c.tab, c.cell): c.n
        for c in connection.execute(select(db.counter).where(cell.period.in_(_periods(sheet.quarter))))
    }
    if any(held.get(key, 0) < n for key, n in sheet.rows.items()):
        raise Refused("Tællerne har mindre, end filen lagde til. Er det den rigtige database? Intet er ændret.")
    here = (cell.period == bindparam("of_period")) & (cell.tab == bindparam("of_tab"))
    statement = (
        update(db.counter).where(here & (cell.cell == bindparam("of_cell"))).values(n=cell.n - bindparam("less"))
    )
    rows = [{"of_period": p, "of_tab": t, "of_cell": c, "less": n} for (p, t, c), n in sorted(sheet.rows.items())]
    if rows:
        connection.execute(statement, rows)
        connection.execute(delete(db.counter).where(cell.n == 0))


def _of(sheet: Sheet) -> dict[str, str]:
    return {"kind": IMPORT, "period": sheet.quarter, "area": sheet.kommune}


def _hash(sheet: Sheet) -> str:
    return hashlib.sha256(written(sheet)).hexdigest()


def _first(connection: Connection, day: str) -> str:
    """The quarter that the national series begins with: counted by month, as only a national installation does.

    Or released. Where there is neither, OLDEST quarters before `day`.
    """
    tables = db.counter.c
    months = connection.scalars(select(tables.period).where(tables.period.like("____M__")).distinct())
    known = {f"{month[:4]}K{(int(month[5:]) + 2) // 3}" for month in months}
    known |= set(connection.scalars(select(db.release.c.period)))
    number = int(day[:4]) * 4 + (int(day[5:7]) - 1) // 3 - OLDEST
    return min(known, default=f"{number // 4}K{number % 4 + 1}")


def _tidied(engine: Engine) -> None:
    with suppress(db.DatabaseError):  # it is in; the next pass of the drainer tidies
        db.tidy(engine)


def apart(connection: Connection, year: int) -> frozenset[str]:
    """The kommuner of which something of that year was taken in from an installation of their own.

    Their `professions` and `parents` are in the year and in no quarter of it. Raises DatabaseError.
    """
    asked = select(db.taken.c.area).where(db.taken.c.kind == IMPORT, db.taken.c.period.startswith(f"{year}K"))
    return frozenset(connection.scalars(asked))


def _taken(connection: Connection, of: Mapping[str, str]) -> str | None:
    """The day of a row of `taken` of this kind, period and area."""
    asked = select(db.taken.c.day)
    for column, value in of.items():
        asked = asked.where(db.taken.c[column] == value)
    return connection.scalar(asked)


def _real(connection: Connection) -> None:
    """The database is of a real installation. Raises Refused."""
    if db.is_example(connection):
        raise Refused(
            "Databasen er fyldt med eksempeldata. Rigtige og opdigtede tal bliver ikke blandet. Intet er ændret."
        )
