"""Where the kommuner lie, how large they are, and whom they are like: what registers/*.csv say of them.

One tree and no other: kommune → landsdel → the whole country. Figures are published for its nodes only, so that no two
overlapping groups can be subtracted from one another. Groups of kommuner that are alike have no figures of their own:
what is said of one is added up from what its kommuner published. Not here: regions (`regions.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.register import COLUMNS, Row, rows
from guide.library.syntax import quote
from guide.library.wording import suggest, wrong_id

OTHERS = "oevrige"
"""What kommuner under 10,000 inhabitants are counted as, together: no row is ever about one of them alone."""

COUNTRY = "land"
"""The area that is the whole country."""

TOTALS = frozenset([COUNTRY, OTHERS, "hele-landet"])
"""What no kommune and no landsdel may be called; the last is a walk with no kommune chosen."""

BANDS = ("under-10000", "under-20000", "20000")
"""Inhabitants of a kommune: fewer than 10,000; fewer than 20,000; 20,000 or more."""

GROUPS = {
    "hovedstad": "hovedstadskommuner",
    "storby": "storbykommuner",
    "provinsby": "provinsbykommuner",
    "opland": "oplandskommuner",
    "land": "landkommuner",
}
"""Statistics Denmark's groups of kommuner, by reach of workplaces and the size of the largest town; Danish names."""

LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", " ": "-"})


@dataclass(frozen=True)
class Area:
    """A kommune on the map. `band`: one of BANDS; `tile`: column and row of its square on the map of the country."""

    id: str
    name: str
    code: str
    landsdel: str
    neighbours: tuple[str, ...] = ()
    """Ids of the kommuner it has a border with."""
    across: tuple[str, ...] = ()
    """Ids of those beyond a bridge or a ferry."""
    band: str = "20000"
    tile: tuple[int, int] | None = None
    group: str = ""
    """One of GROUPS; empty where none is known."""
    full: str = ""
    """The whole name: «Københavns Kommune»."""


@dataclass
class Geography:
    """The kommuner by id, in the order of the register, and the names of the landsdele by id."""

    areas: dict[str, Area] = field(default_factory=dict)
    landsdele: dict[str, str] = field(default_factory=dict)
    source: str = ""
    """Where the inhabitants come from, and their date."""
    grouped: str = ""
    """Where the groups come from."""

    def counted_as(self, kommune: str) -> str:
        """What a walk of this kommune is counted under: OTHERS when it is too small to be counted by name."""
        area = self.areas.get(kommune)
        return OTHERS if area and area.band == BANDS[0] else kommune

    def within(self, landsdel: str) -> list[str]:
        """The kommuner of a landsdel that are counted by name; its figures are of these."""
        return [a.id for a in self.areas.values() if a.landsdel == landsdel and a.band != BANDS[0]]


def slug(name: str) -> str:
    """An id of a name: «Vest- og Sydsjælland» → `vest-og-sydsjaelland`."""
    return name.lower().translate(LETTERS).replace("--", "-")


def read_geography(registers: Path, folder: Folder, findings: list[Finding]) -> Geography:
    """The tree, when the register of kommuner names landsdele. What is wrong is added to `findings`. Never raises."""
    path, untold = registers / "kommuner.csv", list[Finding]()
    named = list(rows(path, folder, COLUMNS, untold))  # `read_register` tells of what is wrong with the file
    found = Geography()
    if not any(row.get("landsdel") for _, row in named):
        return found
    findings += _without(named, folder.name(path))
    named = [(line, row) for line, row in named if row["landsdel"]]
    bands = dict(_bands(registers / "inhabitants.csv", folder, found, named, findings))
    if not bands:  # or the smallest would be counted by name
        said = "Filen siger ikke, hvilke kommuner der er små. Skriv mindst én linje."
        findings.append(Finding(folder.name(registers / "inhabitants.csv"), 1, 1, said))
    tiles = dict(_tiles(registers / "tiles.csv", folder, named, findings))
    groups = dict(_groups(registers / "groups.csv", folder, found, named, findings))
    by_code = {row["kommunekode"]: row["id"] for _, row in named}
    for line, row in named:
        name = row["landsdel"]
        found.landsdele.setdefault(slug(name), name)
        if row["id"] in found.areas:
            said = f"{quote(row['id'])} står i flere landsdele eller flere gange. En kommune har én landsdel."
            findings.append(Finding(folder.name(path), line, 1, said))
            continue
        land, across = (_codes(row.get(column, ""), by_code) for column in ("naboer_land", "naboer_bro_faerge"))
        found.areas[row["id"]] = Area(
            row["id"], row.get("kommune") or row["fuldt_navn"], row["kommunekode"], slug(name), land, across,
            bands.get(row["id"], "20000"), tiles.get(row["id"]),
            groups.get(row["id"], ""), row["fuldt_navn"],
        )  # fmt: skip
    findings += _alone(found, folder.name(path))
    return found


def _codes(text: str, by_code: dict[str, str]) -> tuple[str, ...]:
    return tuple(by_code[code] for code in text.split() if code in by_code)


def _without(named: list[tuple[int, Row]], file: str) -> Iterator[Finding]:
    """Each kommune has a landsdel, each landsdel one way of being written, and nobody has the name of a total."""
    written = dict[str, str]()
    for line, row in named:
        name = row["landsdel"]
        if not name:
            said = f"{quote(row['id'])} har ingen landsdel. Når nogen har, skal alle have én."
            yield Finding(file, line, 1, said)
        elif wrong := wrong_id(slug(name)):
            yield Finding(file, line, 1, f"Landsdelen {quote(name)} {wrong}")
        elif written.setdefault(slug(name), name) != name:
            said = f"Landsdelen {quote(name)} er også skrevet {quote(written[slug(name)])}. Skriv den ens."
            yield Finding(file, line, 1, said)
        if row["id"] in TOTALS:
            yield Finding(file, line, 1, f"{quote(row['id'])} er guidens eget ord for flere kommuner tilsammen.")


def _alone(found: Geography, file: str) -> Iterator[Finding]:
    """A landsdel is several kommuner and has no name of any; or it is one kommune, with the same name."""
    for landsdel in found.landsdele:
        within = [a.id for a in found.areas.values() if a.landsdel == landsdel]
        if landsdel in TOTALS or landsdel in found.areas and within != [landsdel]:
            yield Finding(file, 1, 1, f"Landsdelen {quote(landsdel)} hedder som noget andet i geografien.")
        elif len(found.within(landsdel)) < 2 and within != [landsdel]:
            said = "har under to kommuner på 10.000 indbyggere. Så er dens tal en enkelt kommunes."
            yield Finding(file, 1, 1, f"Landsdelen {quote(landsdel)} {said}")


def _known(
    path: Path, folder: Folder, named: list[tuple[int, Row]], columns: tuple[str, ...], findings: list[Finding]
) -> Iterator[tuple[int, Row]]:
    """The rows of a file of kommuner that are in the register, each once."""
    ids, seen = {row["id"] for _, row in named}, set[str]()
    for line, row in rows(path, folder, columns, findings):
        name = row["id"]
        if name not in ids:
            said = f"{quote(name)} er ikke en kommune i kommuner.csv.{suggest(name, ids)}"
            findings.append(Finding(folder.name(path), line, 1, said))
        elif name in seen:
            findings.append(Finding(folder.name(path), line, 1, f"{quote(name)} står her flere gange."))
        else:
            seen.add(name)
            yield line, row


def _bands(
    path: Path, folder: Folder, found: Geography, named: list[tuple[int, Row]], findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    for line, row in _known(path, folder, named, ("id", "band", "source", "date"), findings):
        if row["band"] not in BANDS:
            said = f"{quote(row['band'])} er ikke en størrelse. Skriv en af {', '.join(BANDS)}."
            findings.append(Finding(folder.name(path), line, 1, said))
        else:
            found.source = found.source or row["source"]
            yield row["id"], row["band"]


def _groups(
    path: Path, folder: Folder, found: Geography, named: list[tuple[int, Row]], findings: list[Finding]
) -> Iterator[tuple[str, str]]:
    if not path.is_file():  # then no kommune has others that are like it
        return
    for line, row in _known(path, folder, named, ("id", "group", "source"), findings):
        if row["group"] not in GROUPS:
            said = f"{quote(row['group'])} er ikke en gruppe. Skriv en af {', '.join(GROUPS)}."
            findings.append(Finding(folder.name(path), line, 1, said))
        else:
            found.grouped = found.grouped or row["source"]
            yield row["id"], row["group"]


def _tiles(
    path: Path, folder: Folder, named: list[tuple[int, Row]], findings: list[Finding]
) -> Iterator[tuple[str, tuple[int, int]]]:
    taken = dict[tuple[int, int], str]()
    for line, row in _known(path, folder, named, ("id", "column", "row"), findings):
        if not (row["column"].isdecimal() and row["row"].isdecimal()):
            findings.append(Finding(folder.name(path), line, 1, "«column» og «row» er hele tal fra 0."))
            continue
        at = int(row["column"]), int(row["row"])
        if at in taken:
            said = f"{quote(row['id'])} ligger oven på {quote(taken[at])} på kortet."
            findings.append(Finding(folder.name(path), line, 1, said))
        taken[at] = row["id"]
        yield row["id"], at
