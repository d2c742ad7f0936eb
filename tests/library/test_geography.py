"""One tree of kommuner and no other: a second geography, or groups that overlap, are refused every time (T-P4).

Two groups that share some kommuner can be subtracted from one another, and give what was hidden.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from guide.flows.finding import Finding, errors
from guide.library import geography
from guide.library.checks import check
from guide.library.folder import Folder
from guide.library.geography import BANDS, Geography, read_geography, slug
from guide.library.library import Library, load
from tests.conftest import DEMO

SEED = 20261122
TRIES = 500 if os.environ.get("GUIDE_NIGHT") else 12
"""Times that each wrong is done, to random kommuner."""

COLUMNS = ("id", "kommunekode", "kommune", "fuldt_navn", "landsdel", "naboer_land", "naboer_bro_faerge")
NAMES = {"Nord": "abcdef", "Syd og Vest": "ghijkl", "Øerne": "mnop", "Ene": ""}

Files = dict[str, list[dict[str, str]]]


def sound() -> Files:
    """Registers of made-up kommuner: three landsdele of several, and one that is a kommune."""
    kommuner = [
        {"id": f"{one}by", "kommunekode": str(100 + ord(one)), "landsdel": name}
        for name, ones in NAMES.items()
        for one in ones
    ]
    kommuner.append({"id": "ene", "kommunekode": "099", "landsdel": "Ene"})
    for row in kommuner:
        row |= {"kommune": row["id"].title(), "fuldt_navn": f"{row['id'].title()} Kommune"}
        row |= {"naboer_land": "197 198", "naboer_bro_faerge": ""}
    small = [{"id": "aby", "band": BANDS[0], "source": "opdigtet", "date": "2026-01-01"}]
    tiles = [{"id": row["id"], "column": str(at % 5), "row": str(at // 5)} for at, row in enumerate(kommuner)]
    groups = [{"id": row["id"], "group": "opland", "source": "opdigtet"} for row in kommuner]
    return {"kommuner.csv": kommuner, "inhabitants.csv": small, "tiles.csv": tiles, "groups.csv": groups}


def put(folder: Path, files: Files) -> None:
    for name, rows in files.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        (folder / name).write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")


def told(folder: Path, files: Files) -> tuple[Geography, list[str]]:
    put(folder, files)
    findings = list[Finding]()
    found = read_geography(folder, Folder(folder), findings)
    return found, [str(one) for one in findings]


def test_a_tree(tmp_path: Path) -> None:
    found, findings = told(tmp_path, sound())
    assert findings == []
    assert found.landsdele == {"nord": "Nord", "syd-og-vest": "Syd og Vest", "oeerne": "Øerne", "ene": "Ene"}
    assert found.counted_as("aby") == "oevrige" and found.counted_as("bby") == "bby"
    assert found.counted_as("eksempel") == "eksempel" and found.counted_as("hele-landet") == "hele-landet"
    assert found.within("nord") == ["bby", "cby", "dby", "eby", "fby"], "not the small one"
    assert found.areas["cby"].neighbours == ("aby", "bby")


def pick(files: Files, chance: random.Random, name: str = "kommuner.csv") -> dict[str, str]:
    """A random row of a file; of kommuner, never the one that is a landsdel."""
    return chance.choice([row for row in files[name] if row["id"] != "ene"])


def second_landsdel(files: Files, chance: random.Random) -> None:
    row = pick(files, chance)
    other = chance.choice([name for name in NAMES if name not in (row["landsdel"], "Ene")])
    files["kommuner.csv"].insert(chance.randrange(len(files["kommuner.csv"])), row | {"landsdel": other})


def twice(files: Files, chance: random.Random) -> None:
    files["kommuner.csv"].append(dict(pick(files, chance)))


def named_like_a_kommune(files: Files, chance: random.Random) -> None:
    name = pick(files, chance)["id"].title()
    old = chance.choice([name for name in NAMES if name != "Ene"])
    for row in files["kommuner.csv"]:
        row["landsdel"] = name if row["landsdel"] == old else row["landsdel"]


def into_the_one_that_is_a_kommune(files: Files, chance: random.Random) -> None:
    pick(files, chance)["landsdel"] = "Ene"


def alone(files: Files, chance: random.Random) -> None:
    pick(files, chance)["landsdel"] = "Ny landsdel"


def alone_but_for_small_ones(files: Files, chance: random.Random) -> None:
    large = chance.choice([row for row in files["kommuner.csv"] if row["id"] not in ("ene", "aby")])
    for row in files["kommuner.csv"]:
        row["landsdel"] = "Ny landsdel" if row["id"] in ("aby", large["id"]) else row["landsdel"]


def none_at_all(files: Files, chance: random.Random) -> None:
    pick(files, chance)["landsdel"] = ""


def two_in_one_field(files: Files, chance: random.Random) -> None:
    row = pick(files, chance)
    row["landsdel"] += "; Øerne" if row["landsdel"] != "Øerne" else "; Nord"


def written_otherwise(files: Files, chance: random.Random) -> None:
    row = pick(files, chance)
    row["landsdel"] = chance.choice([row["landsdel"].upper(), row["landsdel"].replace("Ø", "Oe").lower()])


def name_of_a_total(files: Files, chance: random.Random) -> None:
    row, total = pick(files, chance), chance.choice(sorted(geography.TOTALS))
    old, chosen = row["landsdel"], chance.choice(["id", "landsdel"])
    for one in files["kommuner.csv"]:
        if chosen == "landsdel" and one["landsdel"] == old:
            one["landsdel"] = total
    if chosen == "id":
        row["id"] = total


def a_size_of_somebody_else(files: Files, chance: random.Random) -> None:
    files["inhabitants.csv"].append({"id": "nyby", "band": BANDS[0], "source": "x", "date": "2026-01-01"})


def two_sizes(files: Files, chance: random.Random) -> None:
    files["inhabitants.csv"].append({"id": "aby", "band": chance.choice(BANDS), "source": "x", "date": "2026-01-01"})


def another_size(files: Files, chance: random.Random) -> None:
    files["inhabitants.csv"][0]["band"] = chance.choice(["", "5000", "under-5000", "UNDER-10000"])


def two_groups(files: Files, chance: random.Random) -> None:
    files["groups.csv"].append(pick(files, chance, "groups.csv") | {"group": "storby"})


def a_group_of_our_own(files: Files, chance: random.Random) -> None:
    pick(files, chance, "groups.csv")["group"] = chance.choice(["nordsoeen", "sundhedsklynge-1", "Opland"])


def two_on_one_square(files: Files, chance: random.Random) -> None:
    one, other = chance.sample(files["tiles.csv"], 2)
    one |= {"column": other["column"], "row": other["row"]}


def two_squares(files: Files, chance: random.Random) -> None:
    files["tiles.csv"].append(pick(files, chance, "tiles.csv") | {"row": "99"})


def a_square_of_nobody(files: Files, chance: random.Random) -> None:
    files["tiles.csv"].append({"id": "nyby", "column": "9", "row": "9"})


def nobody_is_small(files: Files, chance: random.Random) -> None:
    files["inhabitants.csv"] = []


WRONGS: list[Callable[[Files, random.Random], None]] = [
    second_landsdel, twice, named_like_a_kommune, into_the_one_that_is_a_kommune, alone, alone_but_for_small_ones,
    none_at_all, two_in_one_field, written_otherwise, name_of_a_total, a_size_of_somebody_else, two_sizes, another_size,
    two_groups, a_group_of_our_own, two_on_one_square, two_squares, a_square_of_nobody, nobody_is_small,
]  # fmt: skip


def refused(folder: Path, wrong: Callable[[Files, random.Random], None]) -> int:
    """How often of TRIES a geography with this wrong is told of."""
    chance, found = random.Random(f"{SEED} {wrong.__name__}"), 0
    for _ in range(TRIES):
        files = sound()
        wrong(files, chance)
        found += bool(files != sound() and told(folder, files)[1])
    return found


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_every_other_geography_is_refused(tmp_path: Path, wrong: Callable[[Files, random.Random], None]) -> None:
    assert refused(tmp_path, wrong) == TRIES


def test_a_reader_that_takes_the_first_and_says_nothing_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geography, "_alone", lambda found, file: [])
    monkeypatch.setattr(geography, "_without", lambda named, file: [])
    quiet = {wrong.__name__ for wrong in WRONGS if refused(tmp_path, wrong) < TRIES}
    assert {"named_like_a_kommune", "into_the_one_that_is_a_kommune", "alone", "two_in_one_field"} <= quiet


def test_whatever_is_missing_nothing_is_raised(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for name, rows in sound().items():
        for column in rows[0]:
            files = sound()
            files[name] = [{key: value for key, value in row.items() if key != column} for row in rows]
            told(tmp_path, files)
        for _ in range(TRIES):
            files = sound()
            put(tmp_path, files)
            data = bytearray((tmp_path / name).read_bytes())
            data[chance.randrange(len(data))] = chance.randrange(256)
            (tmp_path / name).write_bytes(data)
            read_geography(tmp_path, Folder(tmp_path), [])


def test_the_shipped_tree(content: Library) -> None:
    tree, kommuner = content.geography, content.municipalities.keys()
    assert len(tree.areas) == 98 and len(tree.landsdele) == 11 and tree.areas.keys() <= kommuner
    assert {a.id for a in tree.areas.values() if a.band == BANDS[0]} == {"laesoe", "fanoe", "samsoe", "aeroe"}
    assert (
        {a.landsdel for a in tree.areas.values()} == tree.landsdele.keys() == {slug(n) for n in tree.landsdele.values()}
    )
    named = Counter(name for landsdel in tree.landsdele for name in tree.within(landsdel))
    assert set(named.values()) == {1} and len(named) == 94
    assert not (geography.TOTALS & (tree.areas.keys() | tree.landsdele.keys()))


@pytest.mark.parametrize("name", ["oevrige", "land"])
def test_a_made_up_kommune_has_no_name_of_a_total(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "municipalities" / name
    folder.mkdir(parents=True)
    (folder / "municipality.yaml").write_text("name: Opdigtet Kommune\nexample: true\n", encoding="utf-8")
    library, found = load(DEMO, [tmp_path])
    said = [str(one) for one in errors([*found, *check(library)])]
    assert said == [f"municipalities/{name}: «{name}» er optaget: det er flere kommuner tilsammen."]
