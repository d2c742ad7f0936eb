"""What each column of a StatBank file is about, found from its values: kommuner, years, ages, who reported, why.

The names of the columns decide only where the values cannot. Not here: the two forms of a file (`statbank.py`), and
which numbers are kept (`official.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from guide.library.geography import COUNTRY, Geography
from guide.library.wording import suggest
from guide.statistics.periods import BadPeriod, Period, period
from guide.statistics.statbank import BadFile, Sheet

KINDS = ("area", "time", "sex", "age", "reporter", "cause", "number", "other")
"""What a column can be about; `number`: how many reports a child had; `other`: anything else, as marital status."""

OTHERS, SKIPPED = "?", ""
"""An area that is no kommune but part of the country; one that is a sum of kommuner and would count them twice."""

ADULT, OLDEST = 18, 130
"""Children are 0-17 years: the first age that is not counted, and one that nobody has."""

_SEX = {"m", "k", "mænd", "kvinder", "drenge", "piger", "m mænd", "k kvinder", "1 mænd", "2 kvinder", "1 drenge",
        "2 piger", "m drenge", "k piger", "uoplyst", "uoplyst køn", "ukendt"}  # fmt: skip
_TOTAL = re.compile(r"(?:\S+ )?(?:.{0,60}\b)?(?:i alt|ialt)(?: .{0,20})?|tot|ialt|alle(?: \w+)?", re.IGNORECASE)
_WORDS = {
    "cause": r"årsag|omsorg|misbrug|overgreb|kriminalitet|skoleproblem|fravær|adfærd|hjemløs|udsættelse|konflikt|"
    r"psykisk|sygdom|funktionsnedsættelse|vold|trivsel",
    "reporter": r"\bskole|sundhed|politi|daginstitution|dagtilbud|dagpleje|anonym|forælder|forældre|familie|pårørende|"
    r"sygehus|tandpleje|kommune|borger|boligselskab|krisecent|døgntilbud|ankestyrelse",
    "other": r"ugift|gift|fraskilt|enke",
    "number": r"[0-9]\s*(?:og flere\s*|eller flere\s*)?underretning|underretning(?:er)?\s*[0-9]|én underretning",
}
_NAMES = {
    "reporter": "underretter", "cause": "årsag", "sex": "køn", "age": "alder", "time": "tid", "area": "kommune|område"
}  # fmt: skip
_OUTSIDE = re.compile(r"(?:[0-9]+ )?(?:uoplyst|ukendt|udland|christiansø|uden for|øvrige).*|411|99[0-9]", re.IGNORECASE)
_SUMS = re.compile(r"(?:0?8[1-5]|1084|0[1-9]|1[01])(?: .*)?|(?:region|landsdel|provins) .*", re.IGNORECASE)
_AGE = re.compile(
    r"(?:[0-9-]+ )?([0-9]{1,3})(?:\s*[-–]\s*([0-9]{1,3}))?\s*(?:år\.?|årig|årige)?(\s*(?:og derover|\+))?"
)
_UNBORN = re.compile(r"(?:\S+ )?ufødte?(?: børn)?", re.IGNORECASE)


def total(label: str) -> bool:
    """Whether a label is the sum of the others of its column."""
    return bool(_TOTAL.fullmatch(label))


def plain(label: str) -> str:
    """A label without the code before it."""
    return re.sub(r"^[0-9A-ZÆØÅ]*[0-9][0-9A-ZÆØÅ]* (?=\S)", "", label)


def ages(label: str) -> range | None:
    """The ages of a label: a year, years from-to; empty for the unborn; None when it is none."""
    if _UNBORN.fullmatch(label):
        return range(0)
    found = _AGE.fullmatch(label)
    if found is None:
        return None
    first = int(found[1])
    return range(first, OLDEST if found[3] else int(found[2] or first) + 1)


def moment(label: str) -> Period | None:
    """The year or quarter of a label, also where its code stands before it."""
    try:
        return period(label.split(" ")[-1])
    except BadPeriod:
        return None


@dataclass
class Places:
    """The areas of a file by their codes and names."""

    geography: Geography

    @cached_property
    def _known(self) -> dict[str, str]:
        known = {"000": COUNTRY, "hele landet": COUNTRY, "000 hele landet": COUNTRY}
        for area in self.geography.areas.values():
            names = [name.lower() for name in (area.name, f"{area.name} kommune", area.full) if name]
            for said in (
                area.code,
                f"0{area.code}",
                *(f"{at}{name}" for at in ("", f"{area.code} ") for name in names),
            ):
                known[said] = area.id
        return known

    def find(self, label: str) -> str | None:
        """The id of a kommune or of the country, OTHERS, SKIPPED; None for what is none of them."""
        said = label.lower()
        if (found := self._known.get(said)) is not None:
            return found
        return SKIPPED if _SUMS.fullmatch(said) else OTHERS if _OUTSIDE.fullmatch(said) else None

    def wrong(self, label: str) -> str:
        """What to say of an area that is not known."""
        names = [area.name for area in self.geography.areas.values()]
        hint = suggest(re.sub(r"^[0-9]+ | [Kk]ommune$", "", label), names)
        english = " Hent filen på dansk." if label.lower() in ("all denmark", "denmark") else ""
        return f"«{label[:40]}» er ikke en kommune i registeret.{hint}{english}"


def columns(sheet: Sheet, places: Places, told: Mapping[str, str]) -> dict[str, int]:
    """Which column is about what: kind -> column. `told`: kind -> name, by the one who asked. Raises BadFile.

    A column whose values are all totals tells nothing and is left out.
    """
    found = _told(sheet, told)
    for at in range(len(sheet.columns)):
        values = sheet.values(at)
        if at in found.values() or all(map(total, values)):
            continue
        kinds = [kind for kind in _about(sheet, at, values, places) if kind not in found]
        if len(kinds) != 1:
            few = ", ".join(f"«{value[:30]}»" for value in values[:3])
            raise BadFile(
                [
                    f"Kolonne {sheet.name(at)} er ikke forstået (den begynder med {few}). "
                    f"Sig, hvad den er, med --column, fx --column reporter={sheet.columns[at] or at + 1}. "
                    f"Der kan stå: {', '.join(KINDS)}. Er det kun koder, så hent filen med tekster."
                ]
            )
        found[kinds[0]] = at
    for kind, what in (("area", "kommuner"), ("time", "tid")):
        if kind not in found:
            raise BadFile([f"Filen har ingen kolonne med {what}. Hent tabellen fordelt på kommuner og år."])
    return found


def _told(sheet: Sheet, told: Mapping[str, str]) -> dict[str, int]:
    found = dict[str, int]()
    for kind, name in told.items():
        if kind not in KINDS:
            raise BadFile([f"--column: «{kind}» kendes ikke.{suggest(kind, KINDS)} Der kan stå: {', '.join(KINDS)}."])
        if name.isdecimal() and 0 < int(name) <= len(sheet.columns):
            found[kind] = int(name) - 1
        elif name in sheet.columns:
            found[kind] = sheet.columns.index(name)
        else:
            known = ", ".join(filter(None, sheet.columns)) or f"1-{len(sheet.columns)}"
            raise BadFile([f"--column: filen har ingen kolonne «{name}». Den har: {known}."])
    return found


def _about(sheet: Sheet, at: int, values: Iterable[str], places: Places) -> list[str]:
    """What a column may be about; more than one, or none, when it cannot be told."""
    parts = [value for value in values if not total(value)]
    if all(map(moment, parts)):
        return ["time"]
    if sum(places.find(value) is not None for value in parts) * 2 > len(parts):
        return ["area"]
    # Bare codes are ages too, so that here the name decides.
    coded = set(parts) <= {"1", "2"} and re.search(_NAMES["sex"], sheet.columns[at], re.IGNORECASE)
    if coded or {value.lower() for value in parts} <= _SEX:
        return ["sex"]
    if all(ages(value) is not None for value in parts):
        return ["age"]
    named = [kind for kind, name in _NAMES.items() if re.search(name, sheet.columns[at], re.IGNORECASE)]
    met = {kind: sum(bool(re.search(words, v, re.IGNORECASE)) for v in parts) for kind, words in _WORDS.items()}
    best = [kind for kind, n in met.items() if n and n == max(met.values())]
    readable = any(re.search(r"[a-zæøå]{3}", value) for value in parts)
    return ([kind for kind in named if kind in met] or best) if readable else []
