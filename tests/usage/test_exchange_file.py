"""The file that one installation gives another: whole and unchanged, with cells that fit; all others are refused."""

from __future__ import annotations

import os
import random

import pytest

from guide.library.library import Library
from guide.usage import exchange
from guide.usage.exchange import Refused, Sheet, folded, read, written
from tests.usage.test_exchange import QUARTER, SEED, walked

BROKEN = 2_000 if os.environ.get("GUIDE_NIGHT") else 60
"""Places where a file is broken, in four ways each."""


@pytest.fixture(scope="module")
def sheet(content: Library) -> Sheet:
    """What Viborg hands over, by its facts."""
    return folded([(*fact[:3], 1) for fact in walked("viborg")], "viborg", QUARTER, content)


def test_the_file_can_be_read_by_people(sheet: Sheet) -> None:
    lines = written(sheet).decode().splitlines()
    assert lines[:5] == [exchange.TITLE, "# udgave: 1", "# kommune: viborg", "# periode: 2026K4", "period,tab,cell,n"]
    assert lines[5:-1] == sorted(lines[5:-1]) and lines[-1].startswith(f"# slut: {len(sheet.rows)} rækker, i alt ")
    assert max(map(len, lines)) < 130


def broken(data: bytes, chance: random.Random, n: int) -> list[bytes]:
    """The file cut at `n` places, with a byte changed at as many, and with a line gone, twice, or moved."""
    lines, found = data.splitlines(keepends=True), list[bytes]()
    for _ in range(n):
        where, line = chance.randrange(len(data)), chance.randrange(len(lines))
        other = bytes([data[where] ^ (1 << chance.randrange(7))])
        found += [data[:where], data[:where] + other + data[where + 1 :]]
        found += [b"".join(lines[:line] + lines[line + 1 :]), b"".join(lines[:line] + lines[line:][:1] + lines[line:])]
    return [one for one in found if one.replace(b"\r\n", b"\n") != data]


def accepted(data: bytes, library: Library, n: int = BROKEN) -> int:
    """How many broken files are read."""
    taken = 0
    for one in broken(data, random.Random(SEED), n):
        try:
            read(one, library)
            taken += 1
        except Refused as error:
            assert "ndlæst" in str(error) or "læst ind" in str(error)
    return taken


def test_a_file_that_is_not_whole_is_refused(content: Library, sheet: Sheet) -> None:
    data = written(sheet)
    assert accepted(data, content) == 0
    assert read(data.replace(b"\n", b"\r\n"), content) == sheet, "a mail program may change the ends of lines"


def test_a_reader_without_the_last_line_is_found(
    content: Library, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trusts(data: bytes) -> list[str]:
        lines = [line for line in data.decode("utf-8", "replace").split("\n")[:-1] if not line.startswith("# slut")]
        if len(lines) < 6:
            raise Refused("Intet er læst ind.")
        total = sum(int(n) for line in lines[5:] if (n := line.rpartition(",")[2]).isdecimal())
        return [*lines, f"# slut, i alt {total}, uden kontrol"]

    monkeypatch.setattr(exchange, "_whole", trusts)
    assert accepted(written(sheet), content) > BROKEN / 3


def sealed(*lines: str) -> bytes:
    """A file with these lines after the title, closed as it should be."""
    whole = [exchange.TITLE, *lines]
    rows = [line.rsplit(",", 1)[1] for line in lines[4:]]
    total = sum(int(n) for n in rows if n.isdecimal())
    end = f"# slut: {len(rows)} rækker, i alt {total}, kontrol {exchange._checksum(whole)}"
    return "\n".join([*whole, end, ""]).encode()


HEAD = ("# udgave: 1", "# kommune: viborg", "# periode: 2026K4", exchange.COLUMNS)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((*HEAD[:3], "period,tab,cell,n,x"), "Kolonnerne skal være"),
        ((*HEAD[:3], "Periode;Tabel;Celle;Antal"), "Kolonnerne skal være"),
        (("# udgave: 2", *HEAD[1:]), "en anden udgave af guiden"),
        (("# udgave: 1", "# kommune: eksempel", *HEAD[2:]), "er ikke en kommune"),
        (("# udgave: 1", "# kommune: oevrige", *HEAD[2:]), "er ikke en kommune"),
        (("# udgave: 1", "# sted: viborg", *HEAD[2:]), "Linje 3"),
        ((*HEAD[:2], "# periode: 2026", HEAD[3]), "er ikke et kvartal"),
        ((*HEAD[:2], "# periode: 2026K5", HEAD[3]), "er ikke et kvartal"),
        ((*HEAD, "2026K4,use,odense/skole,3"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,0"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,-3"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,03"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,1e9"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,9999999999"), "Linje 6"),
        ((*HEAD, "2026K3,use,viborg/skole,3"), "Linje 6"),
        ((*HEAD, "2026M11,professions,skole/akut,3"), "Linje 6"),
        ((*HEAD, "2026,topics,skole/straks-vold,3"), "Linje 6"),
        ((*HEAD, "2026K4,operations,counted,3"), "Linje 6"),
        ((*HEAD, "2026K4,quality,skole/vores-eget/shown,3"), "Linje 6"),
        ((*HEAD, "2026K4,use,viborg/skole,3", "2026K4,use,viborg/skole,3"), "Linje 7"),
        ((*HEAD, "2026K4,use,viborg/skole,3", "2026K4,level,viborg/akut,3"), "Linje 7"),
        ((*HEAD, "'); drop table counter; --"), "Linje 6"),
    ],
)
def test_a_whole_file_with_what_does_not_fit_is_refused(content: Library, lines: tuple[str, ...], told: str) -> None:
    if lines[-1].startswith("'"):
        lines = (*lines[:-1], f"{lines[-1]},3")
    with pytest.raises(Refused, match=told):
        read(sealed(*lines), content)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((), "har ingen tal"),
        (("level,viborg/akut,54", "use,viborg/skole,50"), "54 forløb er endt"),
        (("level,viborg/akut,1021", "use,viborg/skole,1000"), "1021 forløb er endt"),
        (("level,viborg/akut,4",), "kun 0 er begyndt"),
        (("use,viborg/skole,100001",), "100001 forløb"),
        (("use,viborg/dagtilbud,60000", "use,viborg/skole,60000"), "120000 forløb"),
        (("quality,skole/akut-fare/shown,100001",), "100001 forløb"),
    ],
)
def test_what_cannot_be_true_is_refused(content: Library, rows: tuple[str, ...], told: str) -> None:
    data = sealed(*HEAD, *(f"2026K4,{row}" for row in rows))
    with pytest.raises(Refused, match=told):
        read(data, content)
    assert read(data, None).kommune == "viborg", "what was taken in before it was refused can be taken out"


def test_few_may_cross_midnight_at_the_end_of_a_quarter(content: Library) -> None:
    for ended, begun in ((53, 50), (1_020, 1_000), (3, 0)):
        rows = [f"2026K4,level,viborg/akut,{ended}", *([f"2026K4,use,viborg/skole,{begun}"] if begun else [])]
        assert read(sealed(*HEAD, *rows), content).total == ended + begun


def test_a_negative_number_is_told_before_the_end_is_judged(content: Library, sheet: Sheet) -> None:
    lines = written(sheet).decode().split("\n")
    lines[7] = f"{lines[7].rpartition(',')[0]},-3"
    for file in (lines, lines[:-2], [*lines[:-2], "# slut: 1 rækker, i alt -3, kontrol", ""]):
        with pytest.raises(Refused, match="Linje 8: .* er et negativt tal"):
            read("\n".join(file).encode(), content)


def test_what_was_sealed_here_is_read_when_it_fits(content: Library) -> None:
    found = read(sealed(*HEAD, "2026,parents,skole/ikke,3", "2026K4,use,viborg/skole,4"), content)
    assert found.total == 7 and found.kommune == "viborg"


@pytest.mark.parametrize("data", [b"", b"\n", b"x", b"PK\x03\x04", "ø".encode("latin-1"), b"period;tab\n" * 10**6])
def test_other_files_are_refused(content: Library, data: bytes) -> None:
    with pytest.raises(Refused):
        read(data, content)
