"""Key figures: shares, sums, placings and findings of published cells, and what is not said when some are hidden."""

from __future__ import annotations

import re

import pytest

from guide.library.geography import BANDS, COUNTRY
from guide.library.library import Library
from guide.statistics import keyfigures as key
from guide.statistics import lines
from guide.statistics.keyfigures import How, Row
from guide.statistics.periods import Period, period
from guide.statistics.published import Published
from guide.statistics.tables import ALL, Cell, Key, Status
from tests.statistics.figures import shipped_figures

Q = period("2025K4")
NAMES = {level: level.capitalize() for level in key.LEVELS}


def cell(n: int | None, column: str = ALL, status: Status = Status.few, area: str = "viborg") -> Cell:
    found = Key("level", str(Q), area, ALL, column)
    return Cell(found, n, status if n is None else Status.shown)


def row(total: int | None, *parts: int | None, status: Status = Status.few, area: str = "viborg") -> Row:
    made = {level: cell(n, level, status, area) for level, n in zip(key.LEVELS, parts, strict=True)}
    return Row(cell(total, area=area), made)


def published(*rows: Row) -> Published:
    """As if just these rows were published."""
    cells = [c for one in rows for c in (one.total, *one.parts.values()) if c]
    return Published(cells={c.key: c for c in cells})


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(25, 50, 50), (25, 45, None), (None, 100, None), (20, None, None), (10, 300, 3), (105, 100, 100)],
)
def test_a_share_needs_fifty_and_two_numbers(part: int | None, whole: int | None, told: int | None) -> None:
    assert key.share(cell(part), cell(whole)) == told


def test_no_cell_no_share() -> None:
    assert key.share(None, cell(100)) is None and key.share(cell(10), None) is None


def test_underret_or_more_is_added_where_all_three_are_shown() -> None:
    found = key.raised(row(100, 30, 30, 20, 10, 10))
    assert found and (found.n, found.of, found.percent, found.how) == (40, 100, 40, How.added)


def test_underret_or_more_is_the_rest_where_one_is_hidden() -> None:
    found = key.raised(row(100, 30, 30, 20, 15, None))
    assert found and (found.n, found.percent, found.how) == (40, 40, How.rest)


def test_underret_or_more_is_not_told() -> None:
    """Neither way can be gone, or what is left is below the threshold."""
    assert key.raised(row(100, None, 30, 20, 15, None)) is None
    assert key.raised(row(None, 30, 30, 20, 15, 10)) is None
    assert key.raised(row(100, 50, 45, None, None, None)) is None
    assert key.raised(Row(None, {})) is None
    small = key.raised(row(45, 10, 10, 10, 10, 10))
    assert small and small.percent is None, "a share only of fifty"


def test_a_level_that_cannot_occur_counts_as_none() -> None:
    found = row(100, 30, 30, 25, 15, 10)
    without = Row(found.total, {**found.parts, "akut": cell(None, "akut", Status.irrelevant)})
    told = key.raised(without)
    assert told and (told.n, told.how) == (40, How.added)


def test_several_kommuner_are_a_sum_of_parts_over_a_sum_of_wholes() -> None:
    """Not a mean of shares: a large kommune weighs more. One with a hidden part is left out, and named."""
    now = published(
        row(100, 30, 20, 30, 10, 10, area="viborg"),
        row(900, 500, 310, 60, 20, 10, area="skive"),
        row(100, None, 30, 20, None, 10, area="struer"),
    )
    found = key.together(now, Q, ["viborg", "skive", "struer", "lemvig"])
    assert (found.n, found.of, found.percent) == (140, 1000, 14)
    assert found.counted == ("viborg", "skive") and found.left_out == ("struer", "lemvig")
    assert key.together(now, Q, ["lemvig"]).percent is None


def test_a_place_in_words() -> None:
    told = [str(key.Placing(*one, 4)) for one in ((1, 1), (2, 3), (4, 4))]
    assert told == ["plads 1 af 4", "plads 2–3 af 4", "plads 4 af 4"]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (None, "ingen data"),
        (cell(1250), "1.250"),
        (cell(None), "for få"),
        (cell(None, status=Status.folded), "for få"),
        (cell(None, status=Status.irrelevant), "ikke relevant"),
    ],
)
def test_the_three_symbols(found: Cell | None, told: str) -> None:
    assert key.symbol(found) == told


def test_neighbours_and_those_alike_have_figures_of_their_own(content: Library) -> None:
    geography = content.geography
    assert {a.id for a in key.neighbours(geography, "viborg")} >= {"skive", "silkeborg"}
    assert "laesoe" not in {a.id for a in key.neighbours(geography, "frederikshavn")}
    groups = [geography.areas[a].group for a in geography.areas]
    assert {g: groups.count(g) for g in groups} == {
        "hovedstad": 24, "storby": 3, "provinsby": 16, "opland": 24, "land": 31,
    }  # fmt: skip
    for area in key.named(geography):
        alike = key.similar(geography, area.id)
        assert alike and area not in alike and all(a.group == area.group and a.band != BANDS[0] for a in alike)


def test_a_place_in_a_sentence(content: Library) -> None:
    found = [key.place(content.geography, one) for one in ("koebenhavn", "bornholm", "fyn", COUNTRY)]
    assert found == ["i Københavns Kommune", "i Bornholms Regionskommune", "i landsdelen Fyn", "i hele landet"]


JUDGES = re.compile(r"\b(bedst|dårlig|værst|bedre|værre|god|flot|desværre|kun|hele \d+ %|mål)\w*", re.IGNORECASE)


def test_findings_of_all_areas_say_what_is_published_and_judge_nothing(content: Library) -> None:
    """Every number in a finding is published or a share or difference of what is; no word says that it is good."""
    now, geography = shipped_figures(), content.geography
    for of in (period("2025"), Q):
        for area in [COUNTRY, *geography.landsdele, *geography.areas]:
            where = key.place(geography, area)
            said = [key.use_finding(now, of, area, where), key.level_finding(now, of, area, where)]
            began = key.used(now, of, area)
            assert (began is not None and began.n is not None) == ("begyndte" in said[0]), said
            if began and began.n is not None:
                assert said[0].startswith(f"{key.number(began.n)} forløb begyndte")
            for sentence in said:
                assert not JUDGES.search(sentence) and "underretninger" not in sentence, sentence


def test_findings_where_there_is_too_little() -> None:
    nothing = Published()
    assert key.use_finding(nothing, Q, "x", "her") == "Der er for få forløb her i 4. kvartal 2025 til at vise et tal"
    assert (
        key.level_finding(nothing, Q, "x", "her") == "Der er for få forløb her i 4. kvartal 2025 til at vise en andel"
    )
    assert "for få" in key.trend_finding([(Q, 10)], "her")
    assert "for få" in key.most({"Skolen": 10}, cell(100), "her") and "for få" in key.spread_finding({}, "her")


def test_what_is_withheld_is_not_called_few() -> None:
    """A row of very many walks may have no share because other figures would then be given away."""
    hidden = published(row(1670, None, None, None, None, None, status=Status.folded))
    told = key.level_finding(hidden, Q, "viborg", "i Viborg Kommune")
    assert told == "Fordelingen i Viborg Kommune i 4. kvartal 2025 er skjult, så tallene ikke røber for meget"
    few = key.level_finding(published(row(1670, 900, None, 740, None, None)), Q, "viborg", "her")
    assert few == "En del af tallene her i 4. kvartal 2025 er under 10 eller skjult, så der er ingen andel"
    at = Key("use", str(Q), "viborg", ALL, "forloeb")
    for status, said in (
        (Status.folded, "Tallet her i 4. kvartal 2025 er skjult"),
        (Status.few, "Der er for få forløb"),
    ):
        assert key.use_finding(Published(cells={at: Cell(at, None, status)}), Q, "viborg", "her").startswith(said)


def test_findings_of_differences() -> None:
    assert key.change(20, 15) == "5 flere" and key.change(1000, 2500) == "1.500 færre"
    first, last = Period(2025, 1), Period(2025, 2)
    assert key.trend_finding([(first, 10), (last, 20)], "her") == (
        "Fra 10 forløb i 1. kvartal 2025 til 20 i 2. kvartal 2025 her"
    )
    assert key.most({"Skolen": 40, "Tandplejen": 10}, cell(100), "her") == (
        "40 % af forløbene her er i skolens vejledning. Fagene er ikke lige store"
    )
    assert key.most({"Skolen": 20, "Tandplejen": 10}, cell(40), "her").startswith("Flest forløb her er i skolens"), (
        "no share"
    )
    assert key.spread_finding({"Skolen": 40, "Tandplejen": 30}, "her") == (
        "Underret eller mere, af de forløb her, der nåede et udfald: fra 30 % i tandplejen til 40 % i skolen"
    )
    share = key.level_finding(published(row(100, 30, 30, 20, 10, 10)), Q, "viborg", "her")
    assert share == "40 % af de forløb her, der nåede et udfald i 4. kvartal 2025, endte i underret eller mere"


def test_lines_never_have_a_number_for_a_hidden_cell(content: Library) -> None:
    """Every line of every kommune, over a year and a quarter: what is hidden has its symbol, no share and no bar."""
    now, hidden = shipped_figures(), 0
    for of in (period("2025"), Q):
        for area in content.geography.areas:
            found = key.levels(now, of, area)
            for line, part in zip(lines.split_lines(found, NAMES), (*found.parts.values(), found.total), strict=True):
                if part is None or part.n is None:
                    hidden += 1
                    assert line.n in key.SYMBOLS.values() and line.share == "" and line.bar == ""
                else:
                    assert line.n == key.number(part.n)
    assert hidden > 100


def test_a_split_is_drawn_only_where_shares_are_told() -> None:
    assert lines.split_chart(row(45, 15, 15, 15, None, None), NAMES, "x") == ""
    assert lines.split_chart(row(100, 50, None, None, None, None), NAMES, "x") == ""
    assert "resten vises ikke" in lines.split_chart(row(100, 50, 30, None, None, None), NAMES, "x")


def test_a_planted_leak_is_seen(content: Library) -> None:
    """The same harness on a line that draws a hidden cell: so it can fail."""
    hidden = row(100, 50, 45, None, None, None)
    whole = lines.split_lines(hidden, NAMES)
    leaking = lines.split_lines(row(100, 50, 45, 5, 0, 0), NAMES)
    assert [line.n for line in whole[2:5]] == ["for få"] * 3 and [line.n for line in leaking[2:5]] != ["for få"] * 3


def of_quarters(**numbers: int | None) -> Published:
    """The walks of a kommune by period, as if just these were published."""
    keys = {Key("use", of, "viborg", ALL, "forloeb"): n for of, n in numbers.items()}
    cells = {k: Cell(k, n, Status.few if n is None else Status.shown) for k, n in keys.items()}
    return Published(cells=cells)


def test_no_growth_is_told_from_a_year_with_a_quarter_missing() -> None:
    full = {f"{year}K{quarter}": 50 for year in (2024, 2025) for quarter in (1, 2, 3, 4)}
    year = period("2025")
    told = key.use_finding(of_quarters(**full, **{"2024": 200, "2025": 210}), year, "viborg", "her")
    assert told == "210 forløb begyndte her i 2025 – 10 flere end året før"
    for wrong in ({"2024K1": None}, {"2025K2": None}):
        told = key.use_finding(of_quarters(**{**full, **wrong}, **{"2024": 200, "2025": 210}), year, "viborg", "her")
        assert "året før" not in told and told.startswith("210 forløb begyndte her i 2025")
    gap = [(Period(2025, 1), 10), (Period(2025, 2), None), (Period(2025, 3), 40)]
    assert key.trend_finding(gap, "her") == "2 af de seneste 3 kvartaler her har forløb nok til at vise et tal"


def test_that_kommuner_have_come_in_is_told() -> None:
    now = of_quarters(**{"2025K1": None, "2025K2": 40})
    first, last = Period(2025, 1), Period(2025, 2)
    assert "0 havde tal i 1. kvartal 2025, 1 i 2. kvartal 2025" in key.joined(now, first, last, ["viborg", "skive"])
    assert key.joined(now, last, last, ["viborg"]) == "" == key.joined(now, last, first, ["viborg"])


def test_the_rule_about_parents_that_differs_most() -> None:
    rows = {"Skolen": row(100, 40, 0, 20, 20, 20), "Tandplejen": row(100, 10, 0, 30, 20, 20)}
    assert key.parents_finding(rows, NAMES, Q) == (
        "Størst forskel mellem fag i 4. kvartal 2025: «Undren» fra 10 % i tandplejen til 40 % i skolen"
    )
    assert "for få" in key.parents_finding({}, NAMES, Q)
    assert key.per_cent(0) == "under 1 %" and key.per_cent(7) == "7 %"


def test_a_faggruppe_of_a_kommune_is_not_named_in_a_headline() -> None:
    values = {"Skolen": 40, "Tandplejen": 30}
    for told in (key.spread_finding(values, "her", named=False), key.most(values, cell(70), "her", named=False)):
        assert "30" in told and "40" in told and "skolen" not in told and "tandplejen" not in told
