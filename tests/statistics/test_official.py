"""Official figures: both forms of file, what is refused with nothing changed, taken in once, replaced, and rates."""

from __future__ import annotations

import os
import random
import re
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from guide import db
from guide.cli import main
from guide.library.geography import COUNTRY, Geography
from guide.library.library import Library
from guide.statistics import folding, official
from guide.statistics.dimensions import ages, total
from guide.statistics.folding import Reading, understood
from guide.statistics.official import Figures, Official, Standing, take_in
from guide.statistics.statbank import BUTTON, INTERFACE, BadFile, read
from tests.statistics.official_files import (
    CAUSES,
    FILES,
    FOLDER,
    REPORTERS,
    YEARS,
    areas,
    button,
    children,
    interface,
    made,
    people,
)
from tests.usage.conftest import database, postgres_database, postgres_url

__all__ = ["database", "postgres_database", "postgres_url"]  # fixtures

TODAY = date(2026, 11, 22)


@pytest.fixture
def geography(content: Library) -> Geography:
    return content.geography


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return db.open_engine(None, tmp_path)


@pytest.fixture
def either(tmp_path: Path, database: str | None) -> Engine:
    """SQLite, and a real PostgreSQL."""
    return db.open_engine(database, tmp_path)


def held(engine: Engine) -> Figures:
    return Official(engine).now()


def refused(geography: Geography, data: str | bytes, **more: str) -> str:
    """Why a file is not taken in, in Danish."""
    with pytest.raises(BadFile) as raised:
        understood(data, TODAY, geography, **more)  # type: ignore[arg-type]
    return str(raised.value)


# --- files as they are ---


def test_the_made_up_files_are_fresh_and_say_what_they_are() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)
    for name, make in FILES.items():
        assert (FOLDER / name).read_bytes() == make().encode(), "python -m tests.statistics.official_files"
        assert name.startswith("opdigtet")


def test_both_forms_say_the_same(geography: Geography) -> None:
    """Planted: the same numbers in the two forms, and in codes, names and both."""
    found = [understood(data, TODAY, geography) for data in (interface(REPORTERS, "UNDERRETTER"), button(REPORTERS))]
    assert [one.form for one in found] == [INTERFACE, BUTTON]
    assert found[0].cells == found[1].cells and found[0].labels == found[1].labels
    for how in ("code", "both"):
        assert understood(interface(REPORTERS, "X", how=how), TODAY, geography).cells == found[0].cells
    for data in (interface(REPORTERS, "X").replace(";", "\t"), interface(REPORTERS, "X").encode("cp1252", "ignore")):
        assert understood(data, TODAY, geography).cells == found[0].cells
    one = understood(button(REPORTERS, (2022,)), TODAY, geography).cells
    assert one == {key: n for key, n in found[0].cells.items() if key[0] == "2022"}, "one year across"
    viborg = next(area for area in areas() if area.id == "viborg")
    assert found[0].cells["2022", "viborg", "dagtilbud"] == made(viborg, 2022, REPORTERS.index("Dagtilbud"))
    assert found[0].cells["2022", COUNTRY, "skole"] == sum(made(area, 2022, 0) for area in areas())


def test_each_table_is_known_from_its_columns(geography: Geography) -> None:
    for name, make in FILES.items():
        reading = understood(make(), TODAY, geography)
        assert f"-{reading.kind.id}-" in name and len(reading.periods) == 2
        assert len({area for _, area, _ in reading.cells}) == 99


def test_the_form_of_the_button_with_a_second_axis_across() -> None:
    """As StatBank sends it: outer labels alone on their lines, blanks for what is repeated, two lines of heads."""
    sheet = read('"Titel";;;;\n"";;;;\n;;2021;;2022;\n;;Mænd;Kvinder;Mænd;Kvinder\nAarhus;;;;;\n;Skole;1;2;3;..\n')
    assert [(row.labels, row.n) for row in sheet.rows] == [
        (("Aarhus", "Skole", "2021", "Mænd"), 1), (("Aarhus", "Skole", "2021", "Kvinder"), 2),
        (("Aarhus", "Skole", "2022", "Mænd"), 3), (("Aarhus", "Skole", "2022", "Kvinder"), None),
    ]  # fmt: skip


def test_ages_and_totals() -> None:
    assert [ages(one) for one in ("0 år", "17 17 år", "3-6 år", "Ufødte", "18 år og derover", "Skole")] == [
        range(0, 1), range(17, 18), range(3, 7), range(0), range(18, 130), None,
    ]  # fmt: skip
    assert all(map(total, ("I alt", "TOT I alt", "IALT", "Alder i alt", "Mænd og kvinder i alt")))
    assert not any(map(total, ("Skole", "Hele landet", "Almen praksis", "Totalskadet")))


# --- what is counted once ---


def test_the_children_of_a_kommune_are_0_to_17_and_not_all_who_live_there(geography: Geography) -> None:
    """Planted: the file has the sum over all ages, and grown-ups besides."""
    plain, more = (understood(people(oldest=oldest), TODAY, geography).cells for oldest in (17, 40))
    assert plain == more
    assert plain["2022K1", "viborg", "alle"] == sum(100 + (791 * 3 + age * 17) % 150 for age in range(18))


def test_of_several_quarters_the_first_counts_else_the_latest(geography: Geography) -> None:
    assert understood(people(("2022K1", "2022K4")), TODAY, geography).periods == ["2022K1"]
    assert understood(people(("2022K2", "2022K4")), TODAY, geography).periods == ["2022K4"]


def test_children_as_the_interface_gives_them_in_codes(geography: Geography) -> None:
    """Areas, sexes and ages are all bare numbers there, and the sum over all ages stands among them."""
    lines = ["OMRÅDE;KØN;ALDER;TID;INDHOLD"]
    for code in ("000", "081", *(area.code for area in areas())):
        for sex, part in (("TOT", 2), ("1", 1), ("2", 1)):
            for age in ("IALT", *map(str, range(126))):
                n = part * (1 if code != "000" else len(areas())) * (1 if age != "IALT" else 126)
                lines.append(f"{code};{sex};{age};2022K1;{n}")
    for chosen in (lines, [line for line in lines if ";TOT;" not in line]):
        found = understood("\n".join(chosen), TODAY, geography)
        assert found.kind.id == "FOLK1A" and set(found.cells.values()) == {36, 36 * len(areas())}
    assert "kun «2»" in refused(geography, "\n".join(x for x in lines if ";TOT;" not in x and ";1;" not in x))


def with_sexes(data: str, *, whole: bool) -> str:
    """Each number as those of boys and girls, with or without their sum."""
    lines = [data.splitlines()[0]]
    for line in data.splitlines()[1:]:
        *head, _, year, n = line.split(";")
        for sex, part in (("I alt", int(n)), ("Mænd", int(n) // 2), ("Kvinder", int(n) - int(n) // 2)):
            if whole or sex != "I alt":
                lines.append(";".join([*head, sex, year, str(part)]))
    return "\n".join(lines)


def test_a_sum_is_never_added_to_its_parts(geography: Geography) -> None:
    plain = interface(REPORTERS, "UNDERRETTER")
    for whole in (True, False):
        assert understood(with_sexes(plain, whole=whole), TODAY, geography).cells == (
            understood(plain, TODAY, geography).cells
        )
    half = "\n".join(line for line in with_sexes(plain, whole=False).splitlines() if ";Kvinder;" not in line)
    assert "kun «Mænd»" in refused(geography, half)


def test_regions_are_not_counted_and_christiansoe_is_in_the_country_only(geography: Geography) -> None:
    plain = interface(REPORTERS, "UNDERRETTER")
    more = plain
    for area in ("Region Midtjylland", "Christiansø"):
        for year in YEARS:
            for label in ("I alt", *REPORTERS):
                n = 0 if area == "Christiansø" else 99_999
                more += f"{area};{label};Alder i alt;I alt;{year};{n}\r\n"
    assert understood(more, TODAY, geography).cells == understood(plain, TODAY, geography).cells


def test_without_the_country_it_is_the_sum_and_two_dots_stay_unknown(geography: Geography) -> None:
    plain = interface(REPORTERS, "UNDERRETTER")
    without = "\r\n".join(line for line in plain.splitlines() if not line.startswith("Hele landet"))
    found = understood(without, TODAY, geography)
    assert found.cells == understood(plain, TODAY, geography).cells and "summen af kommunerne" in found.notes[0]
    hidden = re.sub(r"(Viborg;Anonym;.*;2022;)\d+", r"\1..", without)
    cells = understood(hidden, TODAY, geography).cells
    assert cells["2022", "viborg", "anonym"] is None and cells["2022", COUNTRY, "anonym"] is None


# --- what is refused ---


def spoiled() -> dict[str, tuple[str | bytes, str]]:
    """Bad files, and a part of what is said of each."""
    good = interface(REPORTERS, "UNDERRETTER")
    lines = good.splitlines()
    return {
        "empty": ("", "Filen er tom"),
        "a spreadsheet": (b"PK\x03\x04", "regneark"),
        "a web page": ("<!doctype html>", "hjemmeside"),
        "cut in a line": (good[:-20], "Linje"),
        "cut after a line": ("\r\n".join(lines[:-1]), "Filen er ikke hel: Hjørring 2022 Anonym"),
        "a kommune missing": ("\n".join(x for x in lines if not x.startswith("Viborg")), "mangler 1 kommuner: Viborg"),
        "a kommune otherwise spelt": (good.replace("Aarhus;", "Århus;"), "Linje 494: «Århus» er ikke en kommune"),
        "an unknown code": (interface(REPORTERS, "X", how="code").replace("\n791;", "\n792;"), "«792»"),
        "English": (good.replace("Hele landet", "All Denmark"), "på dansk"),
        "a line twice": ("\r\n".join([*lines, lines[5]]), "det samme tal står i linje 6"),
        "a country that is too small": (
            re.sub(r"(Hele landet;Skole;.*;2022;)\d+", r"\g<1>7", good), "kommunerne giver tilsammen"
        ),
        "a number with a point": (good.replace(";2022;1", ";2022;1.", 1), "ikke et helt tal"),
        "a number below nothing": (good.replace(";2022;1", ";2022;-1", 1), "er et negativt tal"),
        **{
            f"a formula with {mark}": (good.replace(";Skole;", f";{mark}Skole;"), f"«{mark}Skole» begynder med {mark}")
            for mark in "=+-@"
        },
        "no year": (
            "\n".join(x.replace("TID;", "").replace(";2022;", ";") for x in lines if ";2021;" not in x),
            "kolonne med tid",
        ),
        "a year to come": (good.replace(";2022;", ";2026;"), "«2026»: UND1 kan ikke have tal"),
        "a quarter": (good.replace(";2022;", ";2022K1;"), "«2022K1»: UND1 er opgjort for hele år"),
        "reporters without their sum": ("\n".join(x for x in lines if ";I alt;Alder" not in x), "linjen «I alt»"),
        "reporters as codes": (_coded(good), "hent filen med tekster"),
        "no line of names": ("\r\n".join(lines[1:]), "første linje i filen væk"),
        "an age missing": (re.sub(r"^ ;9 år;.*\r\n", "", people(), flags=re.MULTILINE), "børn på 9 år"),
        "people by year": (people(("2022",)), "kvartaler"),
        "something else": ("a;b\n1;2\n", "ingen kolonne med kommuner"),
    }  # fmt: skip


def _coded(data: str) -> str:
    for at, label in enumerate(REPORTERS):
        data = data.replace(f";{label};", f";{10 + at * 300};")
    return data.replace("UNDERRETTER", "X")


@pytest.mark.parametrize("kind", list(spoiled()))
def test_a_bad_file_changes_nothing(kind: str, geography: Geography, engine: Engine) -> None:
    take_in(engine, children(), TODAY, geography)
    data, said = spoiled()[kind]
    with pytest.raises(BadFile) as raised:
        take_in(engine, data, TODAY, geography)
    assert said in str(raised.value) and len(str(raised.value)) < 1_500
    assert held(engine).cells.keys() == {"und2"}
    assert "Mente du «Aarhus»?" in str(raised.value) or kind != "a kommune otherwise spelt"


def test_which_table_and_which_column_can_be_told(geography: Geography) -> None:
    good = interface(REPORTERS, "UNDERRETTER")
    bare = "\n".join(line for line in good.splitlines() if ";I alt;Alder" in line or "ALDER" in line)
    assert "--table" in refused(geography, bare)
    assert understood(bare, TODAY, geography, table="und2").kind.id == "UND2"
    assert "UND9" in refused(geography, good, table="UND9")
    assert "UND2 ikke" in refused(geography, good, table="UND2")
    assert "siger selv, at den ikke er UND2" in refused(geography, button(REPORTERS), table="UND2")
    odd = interface(("Ræve", "Ulve"), "DYR")
    assert "--column reporter=DYR" in refused(geography, odd)
    assert understood(odd, TODAY, geography, told={"reporter": "DYR"}).labels == {"raeve": "Ræve", "ulve": "Ulve"}
    for told in ({"reporter": "KAT"}, {"rapporter": "DYR"}):
        with pytest.raises(BadFile, match="--column"):
            understood(odd, TODAY, geography, told=told)


def test_the_checks_can_fail(geography: Geography, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: without the comparison of kommuner with the country a number that is wrong gets in."""
    wrong = spoiled()["a country that is too small"][0]
    monkeypatch.setattr(folding, "_check_sums", lambda file, cells: None)
    assert understood(wrong, TODAY, geography).cells["2022", COUNTRY, "skole"] == 7


# --- taken in once ---


def rows(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [
            tuple(row) for table in ("official", "taken") for row in connection.execute(text(f"select * from {table}"))
        ]


def test_the_same_file_again_changes_nothing(geography: Geography, either: Engine) -> None:
    first = take_in(either, interface(REPORTERS, "UNDERRETTER"), TODAY, geography)
    before = rows(either)
    assert (first.new, first.changed) == (2 * 99 * 6, 0)
    for data in (interface(REPORTERS, "UNDERRETTER"), button(REPORTERS)):
        again = take_in(either, data, date(2027, 1, 1), geography)
        assert (again.new, again.changed) == (0, 0) and rows(either) == before


def test_other_figures_for_a_period_replace_only_when_asked(geography: Geography, either: Engine) -> None:
    old = interface(REPORTERS, "UNDERRETTER")
    take_in(either, old, TODAY, geography)
    before = rows(either)
    newer = re.sub(
        r"(Viborg;Skole;.*;2022;)(\d+)", lambda m: f"{m[1]}{int(m[2]) + 1}", interface(REPORTERS, "X", (2022, 2023))
    )
    with pytest.raises(Standing, match="for 2022: 1 er forskellige"):
        take_in(either, newer, TODAY, geography)
    assert rows(either) == before
    done = take_in(either, newer, TODAY, geography, replace=True)
    assert (done.new, done.changed) == (99 * 6, 1)
    found = held(either)
    assert found.years("und1") == [2021, 2022, 2023]
    viborg = next(area for area in areas() if area.id == "viborg")
    assert found.number("und1", 2022, "viborg", "skole") == made(viborg, 2022, 0) + 1
    take_in(either, old, TODAY, geography, replace=True)
    assert held(either).number("und1", 2022, "viborg", "skole") == made(viborg, 2022, 0), "back again"


def test_several_files_are_one_transaction(geography: Geography, engine: Engine) -> None:
    take_in(engine, interface(REPORTERS, "UNDERRETTER"), TODAY, geography)
    other = re.sub(r"(Viborg;Skole;.*;2022;)\d+", r"\g<1>..", interface(REPORTERS, "UNDERRETTER"))
    readings = [understood(data, TODAY, geography) for data in (children(), other)]
    with pytest.raises(Standing):
        official.keep(engine, readings, TODAY)
    assert held(engine).cells.keys() == {"und1"}


def test_rates_are_sums_over_sums_and_never_means(geography: Geography, engine: Engine) -> None:
    for make in FILES.values():
        take_in(engine, make(), TODAY, geography, replace=True)
    found = held(engine)
    n, living = found.number("und1", 2022, "viborg"), found.children(2022, "viborg")
    assert n and living and found.rate("und1", 2022, "viborg") == pytest.approx(1_000 * n / living)
    pair = ["viborg", "skive"]
    sums = [
        sum(found.number("und1", 2022, one) or 0 for one in pair),
        sum(found.children(2022, one) or 0 for one in pair),
    ]
    assert found.together("und1", 2022, pair) == (sums[0], pytest.approx(1_000 * sums[0] / sums[1]))
    mean = sum(found.rate("und1", 2022, one) or 0 for one in pair) / 2
    assert found.together("und1", 2022, pair)[1] != pytest.approx(mean), "planted: the mean of rates is another number"
    assert found.together("und1", 2022, [*pair, "nowhere"]) == (None, None)
    assert found.rate("und1", 2023, "viborg") is None and found.counted(2023) is None
    assert set(found.labels["und3"].values()) == set(CAUSES) and len(found.rows("und3", 2022, "viborg")) == len(CAUSES)


# --- the command ---


def run(data: Path, *words: object) -> Result:
    return CliRunner().invoke(
        main, ["import-und", *map(str, words)], env={"GUIDE_DATA": str(data), "GUIDE_DATABASE_URL": ""}
    )


def test_the_command_says_what_it_read(tmp_path: Path) -> None:
    result = run(tmp_path, *(FOLDER / name for name in FILES if "UND1-knap" not in name))
    assert result.exit_code == 0, result.output
    assert "UND1 (underretninger), 2021 til 2022. Formen er den fra grænsefladen." in result.output
    assert "Rækker: Skole, Sundhedsvæsen" in result.output and "1188 nye tal. 0 tal" in result.output
    again = run(tmp_path, FOLDER / "opdigtet-UND1-graenseflade.csv")
    assert again.exit_code == 0 and "hentet ind før. Intet er ændret." in again.output


def test_the_command_refuses_in_danish(tmp_path: Path) -> None:
    bad, data = tmp_path / "bad.csv", tmp_path / "data"
    good = FOLDER / "opdigtet-UND1-graenseflade.csv"
    bad.write_bytes(good.read_bytes()[:-30])
    for words, said in (
        ([good, bad], "bad.csv: Linje"),
        ([good, "--table", "UND9"], "UND9"),
        ([good, "--column", "reporter"], "reporter=UNDERRETTER"),
        ([bad, bad, "--table", "UND1"], "kun én fil"),
    ):
        result = run(data, *words)
        assert result.exit_code in (1, 2) and said in result.output and "Traceback" not in result.output
    assert not (data / "guide.sqlite").exists()


def _older(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("drop table official")


def _newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("update alembic_version set version_num = '9999'")


def _example(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("insert into mark values ('example', '1')")


def _broken(path: Path) -> None:
    path.write_bytes(b"not a database" * 100)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_older, "Databasen mangler official. Er det den rigtige"),
        (_newer, "nyere udgave"),
        (_example, "eksempeldata"),
        (_broken, "filen er ikke en database"),
    ],
)
def test_a_database_that_is_not_ours_is_left_alone(tmp_path: Path, harm: Callable[[Path], None], said: str) -> None:
    db.prepare(db.open_engine(None, tmp_path))
    for left in tmp_path.glob("*-wal"):
        assert left.stat().st_size >= 0
    harm(tmp_path / "guide.sqlite")
    result = run(tmp_path, FOLDER / "opdigtet-UND2-graenseflade.csv")
    assert result.exit_code == 1 and said in result.output and "ntet er ændret" in result.output


def test_a_page_has_the_figures_it_had_when_the_database_is_away(
    geography: Geography, engine: Engine, tmp_path: Path
) -> None:
    take_in(engine, children(), TODAY, geography)
    at = [0.0]
    reader = Official(engine, lambda: at[0])
    before = reader.now()
    assert before.years("und2") == list(YEARS)
    (tmp_path / "guide.sqlite").write_bytes(b"gone")
    at[0] = 1_000.0
    assert reader.now() is before


def test_a_reading_has_nothing_but_figures(geography: Geography) -> None:
    """Small: what is kept is one number per area, row and period."""
    reading: Reading = understood(interface(CAUSES, "ÅRSAG"), TODAY, geography)
    assert len(reading.cells) == 99 * (len(CAUSES) + 1) * len(YEARS)


# --- files that something happened to ---

SEED = 8
HARMED = 1_500 if os.environ.get("GUIDE_NIGHT") == "1" else 40
"""Files harmed at random."""


def harmed(data: str, chance: random.Random) -> tuple[str, str]:
    """A file to which one thing happened, and what it was."""
    lines, at = data.split("\r\n"), chance.randrange(len(data))
    line = chance.randrange(1, len(lines) - 1)
    how = chance.choice(["cut", "lost", "twice", "letter", "cell", "moved", "signs"])
    if how == "cut":
        return data[:at], how
    if how == "letter":
        return data[:at] + chance.choice('0123456789;"æ .-\r\n') + data[at + 1 :], how
    if how == "signs":
        return data[:at] + "\x00\ufffd" + data[at:], how
    if how == "lost":
        del lines[line]
    elif how == "twice":
        lines.insert(line, chance.choice(lines))
    elif how == "cell":
        cells = lines[line].split(";")
        del cells[chance.randrange(len(cells))]
        lines[line] = ";".join(cells)
    else:
        lines.insert(chance.randrange(1, len(lines)), lines.pop(line))
    return "\r\n".join(lines), how


def got_in(geography: Geography, number: int) -> list[str]:
    """The harms by which a number is missing, or more than one is another, and the file was kept all the same."""
    chance, wrong = random.Random(SEED), list[str]()
    for make in (lambda: interface(REPORTERS, "UNDERRETTER", (2022,)), lambda: button(REPORTERS, (2022,))):
        good = make()
        whole = understood(good, TODAY, geography).cells
        for _ in range(number // 2):
            data, how = harmed(good, chance)
            try:
                cells = understood(data, TODAY, geography).cells
            except BadFile as error:
                assert str(error)
                continue
            if cells.keys() != whole.keys() or sum(cells[key] != n for key, n in whole.items()) > 1:
                wrong.append(f"{how}: {len(data)}")
    return wrong


def test_a_file_that_something_happened_to(geography: Geography) -> None:
    """It is refused in Danish, or nothing but one number that was changed is different; it never breaks the guide."""
    assert got_in(geography, HARMED) == []


def test_harm_is_seen(geography: Geography, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a reader that does not ask whether the file is whole."""
    monkeypatch.setattr(folding, "product", lambda *axes: ())
    assert got_in(geography, 40)
