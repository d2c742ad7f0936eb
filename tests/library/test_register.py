"""The register of kommuner: whatever a spreadsheet does to it is told with its line, and never raises."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from guide.library.folder import Folder
from guide.library.register import read_register
from guide.model import Municipality

HEADER = "id,kommunekode,fuldt_navn,region\n"
GOOD = HEADER + "aeroe,492,Ærø Kommune,Syd\naarhus,751,Aarhus Kommune,Midt\n"


def read(folder: Path, data: bytes) -> tuple[dict[str, Municipality], list[str]]:
    path = folder / "kommuner.csv"
    path.write_bytes(data)
    found, findings = read_register(path, Folder(folder))
    return found, [str(f).removeprefix("kommuner.csv:") for f in findings]


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\n\n").encode(),
        (GOOD + ",,,\n").encode(),
        GOOD.replace("Ærø Kommune", '"Ærø Kommune"').encode(),
    ],
    ids=["plain", "from Notepad", "Windows", "blank lines", "empty row", "quoted"],
)
def test_a_good_register(tmp_path: Path, data: bytes) -> None:
    found, findings = read(tmp_path, data)
    assert findings == []
    assert {name: (m.code, m.name) for name, m in found.items()} == {
        "aeroe": ("492", "Ærø Kommune"),
        "aarhus": ("751", "Aarhus Kommune"),
    }


ROW = "aeroe,492,Ærø Kommune,Syd"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "1:1: Registeret har ingen kommuner. Skriv mindst én linje."),
        (HEADER.encode(), "1:1: Registeret har ingen kommuner."),
        (GOOD.encode("latin-1"), "2:11: Her er et tegn, som ikke er UTF-8."),
        (GOOD.encode("utf-16"), "UTF-16"),
        (b"id,kommunekode,fuldt_navn\n" + b"x" * 300_000, "Filen er for stor"),
        (GOOD.replace(",", ";").encode(), "1:1: Første linje mangler «id», «kommunekode», «fuldt_navn». Skil"),
        (GOOD.replace("kommunekode", "kode").encode(), "1:1: Første linje mangler «kommunekode»."),
        (GOOD.replace(ROW, "aeroe,492").encode(), "2:1: Linjen har 2 felter. Første linje har 4."),
        (GOOD.replace("Ærø Kommune", "Ærø, Kommune").encode(), "2:1: Linjen har 5 felter. Første linje har 4."),
        (GOOD.replace("492", "49").encode(), "2:1: «kommunekode»: «49» er ikke tre cifre, fx 101."),
        (GOOD.replace("492", "²³¹").encode(), "2:1: «kommunekode»: «²³¹» er ikke tre cifre"),
        (GOOD.replace("492", "").encode(), "2:1: «kommunekode»: «» er ikke tre cifre"),
        (GOOD.replace("Ærø Kommune", " ").encode(), "2:1: «fuldt_navn» er tom."),
        (GOOD.replace("Ærø Kommune", "x" * 241).encode(), "2:1: «name» er for lang: 241 tegn."),
        (GOOD.replace("aeroe", "Ærø").encode(), "2:1: «id»: «Ærø» er ikke et gyldigt id."),
        (GOOD.replace("aeroe", "../x").encode(), "2:1: «id»: «../x» er ikke et gyldigt id."),
        (GOOD.replace("aeroe", "").encode(), "2:1: «id»: «» er ikke et gyldigt id."),
        (GOOD.replace("aarhus", "aeroe").encode(), "3:1: «aeroe» står også i linje 2."),
        (GOOD.replace("751", "492").encode(), "3:1: «492» står også i linje 2."),
        (GOOD.replace("Ærø Kommune", '"Ærø Kommune').encode(), "2:1: Linjen kan ikke læses."),
        (GOOD.replace("Ærø Kommune", "x" * 140_000).encode(), "2:1: Linjen kan ikke læses."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: bytes, told: str) -> None:
    _, findings = read(tmp_path, text)
    assert len(findings) == 1 and told in findings[0], findings


def test_all_rows_are_looked_at(tmp_path: Path) -> None:
    found, findings = read(tmp_path, (GOOD + "x,1,X,\nY,002,,\nnabo,003,Nabo,\n").encode())
    assert list(found) == ["aeroe", "aarhus", "nabo"]
    assert [line.split(":")[0] for line in findings] == ["4", "5", "5"]


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    found, findings = read_register(tmp_path / "kommuner.csv", Folder(tmp_path))
    assert found == {} and str(findings[0]) == "kommuner.csv: Filen findes ikke."
    (tmp_path / "kommuner.csv").mkdir()
    assert "mappe" in str(read_register(tmp_path / "kommuner.csv", Folder(tmp_path))[1][0])


def test_mutants_never_raise(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    data = GOOD.encode()
    for _ in range(2_000):
        place, size = chance.randrange(len(data)), chance.randrange(4)
        noise = bytes(chance.choice(b'",;\n\r\0\xffa0\xc3 ') for _ in range(chance.randrange(4)))
        found, findings = read(tmp_path, data[:place] + noise + data[place + size :])
        assert found or findings
