"""From a file of StatBank to the figures that are kept of it: over all ages and both sexes, each found or not kept.

A file that is cut, that counts something twice, or whose parts and sums do not agree is refused as a whole. Not here:
its form (`statbank.py`), its columns (`dimensions.py`), and the database (`official.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product

from guide.library.geography import COUNTRY, Geography
from guide.library.wording import as_id
from guide.statistics.dimensions import ADULT, OTHERS, SKIPPED, Places, ages, columns, moment, plain, total
from guide.statistics.periods import Period
from guide.statistics.statbank import BadFile, Sheet, read
from guide.statistics.tables import ALL

Cells = dict[tuple[str, str, str], int | None]
"""(period, area, row) -> a number; None where Statistics Denmark gives none."""

SLACK = 0.005
"""So much may kommuner and country differ: Christiansø is in the country only, and figures are corrected."""


@dataclass(frozen=True)
class Kind:
    """A table of Statistics Denmark. `row`: what its rows are kept by; `adds_up`: kommuner sum to the country."""

    id: str
    name: str
    says: str
    """A pattern of its title."""
    row: str | None
    others: tuple[str, ...] = ()
    """What else it is divided by."""
    adds_up: bool = True
    by_quarter: bool = False


KINDS = {
    kind.id: kind
    for kind in (
        Kind("UND3", "årsager til underretninger", r"årsag", "cause", ("reporter", "sex", "age")),
        Kind("UND2", "børn underrettet om", r"^(?:UND2\b|børn)", None, ("number", "sex", "age"), adds_up=False),
        Kind("UND1", "underretninger", r"^(?:UND1\b|underretninger)", "reporter", ("sex", "age")),
        Kind("FOLK1A", "børn i kommunen", r"folk1a|folketal|befolkning", None, ("sex", "age", "other"), True, True),
    )
}  # fmt: skip


@dataclass
class Reading:
    """What a file says: its figures, the labels of its rows, and what its reader should know."""

    kind: Kind
    form: str
    digest: str
    cells: Cells
    labels: dict[str, str]
    notes: list[str]
    name: str = ""

    @property
    def periods(self) -> list[str]:
        """Its years, or the quarters that are kept."""
        return sorted({key[0] for key in self.cells})


def understood(
    data: bytes | str,
    today: date,
    geography: Geography,
    *,
    table: str | None = None,
    told: Mapping[str, str] | None = None,
    name: str = "",
) -> Reading:
    """What a file says. Raises BadFile; touches no database."""
    sheet, places = read(data), Places(geography)
    found = columns(sheet, places, told or {})
    kind = _kind(sheet, found, table)
    _check_columns(sheet, kind, found)
    file = _File(sheet, found, kind, places)
    file.check(today)
    cells = _folded(file)
    _check_sums(file, cells)
    cells = {key: n for key, n in cells.items() if not key[1].startswith(OTHERS)}
    raw = data.encode() if isinstance(data, str) else data
    digest = hashlib.sha256(kind.id.encode() + b"\0" + raw).hexdigest()[:32]
    return Reading(kind, sheet.form, digest, cells, file.labels, sheet.notes, name)


def _kind(sheet: Sheet, found: Mapping[str, int], table: str | None) -> Kind:
    if table is not None:
        if (known := KINDS.get(table.strip().upper())) is None:
            raise BadFile([f"--table: «{table}» kendes ikke. Skriv {', '.join(sorted(KINDS))}."])
        if any(re.search(rf"\b{id}\b", sheet.title) for id in KINDS) and known.id not in sheet.title:
            raise BadFile([f"Filen siger selv, at den ikke er {known.id}: «{sheet.title[:80]}»."])
        return known
    times = filter(None, map(moment, sheet.values(found["time"])))
    said = next((k for k in KINDS.values() if re.search(k.says, sheet.title, re.IGNORECASE)), None)
    if said is not None:
        return said
    for column, id in (("cause", "UND3"), ("number", "UND2"), ("reporter", "UND1")):
        if column in found:
            return KINDS[id]
    if any(one.quarter for one in times):
        return KINDS["FOLK1A"]
    raise BadFile(["Det kan ikke ses, hvilken tabel det er. Sig det med --table, fx --table UND1."])


def _check_columns(sheet: Sheet, kind: Kind, found: Mapping[str, int]) -> None:
    known = {"area", "time", kind.row, *kind.others}
    for column in found.keys() - known:
        said = f"Kolonne {sheet.name(found[column])} er «{column}», og det har {kind.id} ikke. Er det en anden tabel?"
        raise BadFile([f"{said} Sig det med --table."])
    if kind.id == "UND3" and "cause" not in found:
        raise BadFile(["UND3 er årsager, og filen har ingen kolonne med årsager. Hent dem med."])
    if kind.id == "FOLK1A" and "age" not in found:
        raise BadFile(["Filen har ingen kolonne med alder. Hent FOLK1A med hvert år fra 0 til 17."])


@dataclass
class _File:
    """A file whose columns are known."""

    sheet: Sheet
    found: Mapping[str, int]
    kind: Kind
    places: Places
    areas: dict[str, str] = field(default_factory=dict)
    times: dict[str, Period] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """Row -> what Statistics Denmark calls it."""
    rows: dict[str, str] = field(default_factory=dict)
    """Label -> row."""

    def check(self, today: date) -> None:
        """Know areas, periods and rows. Raises BadFile for what is unknown, missing, doubled or not of its time."""
        faults = [*self._places(), *self._periods(today), *self._doubled()]
        if faults:
            raise BadFile(faults)
        if self.kind.row in self.found:
            self._rows()
        missing = [a.name for a in self.places.geography.areas.values() if a.id not in self.areas.values()]
        if missing:
            raise BadFile([f"Filen mangler {len(missing)} kommuner: {', '.join(missing[:6])}. Er den hel?"])

    def first(self, column: str, label: str) -> int:
        """The line where a label first stands."""
        return next(row.line for row in self.sheet.rows if row.labels[self.found[column]] == label)

    def said(self, cell: tuple[str, str, str]) -> str:
        """A figure in words: «Viborg 2022 Skole»."""
        when, area, row = cell
        names = {one.id: one.name for one in self.places.geography.areas.values()} | {COUNTRY: "Hele landet"}
        return " ".join(filter(None, (names.get(area, area.removeprefix(OTHERS)), when, self.labels.get(row, ""))))

    def _places(self) -> Iterable[str]:
        for label in self.sheet.values(self.found["area"]):
            if (area := self.places.find(label)) is None:
                yield f"Linje {self.first('area', label)}: {self.places.wrong(label)}"
            else:
                self.areas[label] = OTHERS + label if area == OTHERS else area

    def _periods(self, today: date) -> Iterable[str]:
        for label in self.sheet.values(self.found["time"]):
            when = moment(label)
            said = f"Linje {self.first('time', label)}: «{label[:20]}»"
            if when is None:
                yield f"{said} er ikke et år eller et kvartal."
            elif (when.quarter is not None) is not self.kind.by_quarter:
                wanted = "kvartaler, fx 2022K1" if self.kind.by_quarter else "hele år, fx 2022"
                yield f"{said}: {self.kind.id} er opgjort for {wanted}."
            elif self._ahead(when, today) or when.year < 2008:
                yield f"{said}: {self.kind.id} kan ikke have tal for den periode."
            else:
                self.times[label] = when
        if self.kind.by_quarter:
            self.times = _one_a_year(self.times)

    def _ahead(self, when: Period, today: date) -> bool:
        """A year of reports must be over; the people of a quarter are counted on its first day."""
        return when.year >= today.year if when.quarter is None else when.before.end >= today

    def _doubled(self) -> Iterable[str]:
        seen = dict[tuple[str, ...], int]()
        at = sorted(self.found.values())
        others = [n for n in range(len(self.sheet.columns)) if n not in at]
        for row in self.sheet.rows:
            key = tuple(row.labels[n] for n in (*at, *others))
            if key in seen:
                yield f"Linje {row.line}: det samme tal står i linje {seen[key]}. Slet den ene."
            seen[key] = row.line

    def _rows(self) -> None:
        """Ids of the rows by their words. Raises BadFile where two are alike, or nothing is the sum of all."""
        labels = self.sheet.values(self.found[self.kind.row or ""])
        whole = whole_of(labels)
        if whole is None and self.kind.row == "reporter":
            raise BadFile(["Underretterne mangler linjen «I alt». Hent den med, så delene kan regnes ud."])
        for label in labels:
            if label != whole:
                id = as_id(plain(label))
                if not re.search("[a-z]{2}", id) or id in self.labels or id == ALL:
                    raise BadFile(
                        [f"«{label[:40]}» er kun en kode, eller den står flere gange. Hent filen med tekster."]
                    )
                self.labels[id] = plain(label)
                self.rows[label] = id
            else:
                self.rows[label] = ALL


def whole_of(labels: Sequence[str]) -> str | None:
    """The label that is the sum of all others of its column; the plainest where parts have sums of their own."""
    sums = sorted(filter(total, labels), key=lambda label: (len(plain(label)), label))
    return sums[0] if sums else None


def _one_a_year(times: Mapping[str, Period]) -> dict[str, Period]:
    """Children are counted on the first day of the year; where the file has not that quarter, its latest one."""
    best = dict[int, Period]()
    for when in times.values():
        held = best.get(when.year)
        if held is None or when.quarter == 1 or (held.quarter != 1 and when > held):
            best[when.year] = when
    return {label: when for label, when in times.items() if best[when.year] == when}


# --- over ages and sexes ------------------------------------------------------------------------------------------


def _parts(file: _File, column: str) -> set[str]:
    """The labels of a column that together are all, without their sum. Raises BadFile when they are not."""
    labels = [label for label in file.sheet.values(file.found[column]) if not total(label)]
    if column == "sex":
        sexes = [
            any(re.search(words, x.lower()) for x in labels)
            for words in (r"\bm\b|mænd|drenge|^1$", r"\bk\b|kvinder|piger|^2$")
        ]
        if not all(sexes):
            raise BadFile([f"Filen har kun «{labels[0]}». Hent begge køn, eller «I alt»."])
        return set(labels)
    if column == "age":
        young = [x for x in labels if (found := ages(x)) is not None and (not found or found[0] < ADULT)]
        counted = Counter(age for label in young for age in ages(label) or ())
        missing = [age for age in range(ADULT) if age not in counted]
        if missing:
            raise BadFile([f"Filen mangler børn på {', '.join(map(str, missing))} år. Hent alle fra 0 til 17."])
        if max(counted) >= ADULT or max(counted.values()) > 1:
            raise BadFile(["Aldrene overlapper hinanden eller går over 17 år. Hent hvert år fra 0 til 17."])
        return set(young)
    said = f"Kolonne {file.sheet.name(file.found[column])} har ingen linje «I alt». Hent den med."
    raise BadFile([said])


def _chosen(file: _File, column: str) -> set[str]:
    """The labels of a column to sum over: its own sum where there is one that is of children."""
    whole = whole_of(file.sheet.values(file.found[column]))
    # The sum over ages of FOLK1A is of all people.
    if whole is not None and not (file.kind.by_quarter and column == "age"):
        return {whole}
    return _parts(file, column)


def _folded(file: _File) -> Cells:
    """The figures that are kept. Raises BadFile when some are missing, or parts and their sum do not agree."""
    axes = [column for column in file.kind.others if column in file.found]
    chosen = {column: _chosen(file, column) for column in axes}
    cells = _summed(file, chosen)
    for column in ("sex", "age"):
        if column in chosen and len(chosen[column]) == 1 and total(next(iter(chosen[column]))):
            try:
                parts = _parts(file, column)
            except BadFile:
                continue  # only some of them were fetched
            for key, n in _summed(file, {**chosen, column: parts}).items():
                whole = cells[key]
                if n is not None and whole is not None and abs(n - whole) > len(parts):
                    said = f"{file.said(key)}: delene giver {n}, men «I alt» er {whole}."
                    raise BadFile([f"Kolonne {file.sheet.name(file.found[column])}: {said}"])
    return cells


def _summed(file: _File, chosen: Mapping[str, set[str]]) -> Cells:
    """The sum over the chosen labels; None where one of them is. Raises BadFile when a number is missing."""
    cells, met, expected = Cells(), Counter[tuple[str, str, str]](), 1
    for labels in chosen.values():
        expected *= len(labels)
    wanted = [(file.found[column], labels) for column, labels in chosen.items()]
    area_at, time_at, row_at = file.found["area"], file.found["time"], file.found.get(file.kind.row or "")
    for row in file.sheet.rows:
        area, when = file.areas[row.labels[area_at]], file.times.get(row.labels[time_at])
        if area == SKIPPED or when is None or any(row.labels[at] not in labels for at, labels in wanted):
            continue
        key = str(when), area, ALL if row_at is None else file.rows[row.labels[row_at]]
        met[key] += 1
        held = cells.get(key, 0)
        cells[key] = None if held is None or row.n is None else held + row.n
    names = {key[2] for key in cells}
    areas = set(file.areas.values()) - {SKIPPED}
    for cell in product(sorted({str(one) for one in file.times.values()}), sorted(areas), sorted(names)):
        if met[cell] != expected:
            raise BadFile([f"Filen er ikke hel: {file.said(cell)} mangler tal. Hent den igen."])
    return cells


def _check_sums(file: _File, cells: Cells) -> None:
    """Kommuner and country must agree; without the country, it is their sum. Raises BadFile."""
    groups = dict[tuple[str, str], list[int | None]]()
    for (when, area, row), n in cells.items():
        if area != COUNTRY:
            groups.setdefault((when, row), []).append(n)
    here = COUNTRY in file.areas.values()
    if not here and file.kind.adds_up:
        file.sheet.notes.append("Filen har ikke hele landet. Det er regnet som summen af kommunerne.")
    for (when, row), parts in groups.items():
        known = sum(n for n in parts if n is not None)
        if not here:
            if file.kind.adds_up:
                cells[when, COUNTRY, row] = None if None in parts else known
            continue
        whole = cells.get((when, COUNTRY, row))
        if whole is None:
            continue
        # A child can be reported to two kommuner, so that children of kommuner may be more than those of the country.
        over = file.kind.adds_up and known > whole * (1 + SLACK) + len(parts)
        under = None not in parts and known < whole * (1 - SLACK) - len(parts)
        if over or under:
            said = f"kommunerne giver tilsammen {known}, men hele landet er {whole}."
            raise BadFile([f"{file.said((when, COUNTRY, row))}: {said} Er noget talt to gange, eller mangler det?"])
