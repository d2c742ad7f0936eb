"""How lately a kommune looked at what it wrote: the limits on their days, the score, and the order."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from guide.library.freshness import Verdict, bare, freshness, months_since, verdict
from guide.library.library import Library, load
from guide.model import Approval
from tests.conftest import DEMO

DAY = date(2027, 6, 15)


@pytest.mark.parametrize(
    ("checked", "soon", "said"),
    [
        (DAY, 3, "frisk"),
        (date(2027, 3, 16), 3, "frisk"),
        (date(2027, 3, 15), 3, "snart"),
        (date(2027, 3, 15), 6, "frisk"),
        (date(2026, 12, 15), 6, "snart"),
        (date(2026, 6, 16), 3, "snart"),
        (date(2026, 6, 15), 3, "gammel"),
        (None, 3, "aldrig efterset"),
        (DAY + timedelta(days=1), 3, "dato i fremtiden"),
        (date(9999, 12, 31), 3, "dato i fremtiden"),
        (date(1, 1, 1), 3, "gammel"),
    ],
)
def test_the_limits_on_their_days(checked: date | None, soon: int, said: str) -> None:
    assert verdict("Nogen", checked, DAY, soon) == said


def test_what_nobody_owns_and_what_should_have_been_read_again() -> None:
    def approved(day: date) -> Approval:
        return Approval(authority="A", profession="B", date=date(2027, 1, 1), next=day, text="0" * 16)

    assert verdict(None, DAY, DAY) is Verdict.unowned
    assert verdict(None, date(2020, 1, 1), DAY) is Verdict.old
    assert verdict("Nogen", DAY, DAY, approved=approved(DAY)) is Verdict.fresh
    assert verdict("Nogen", DAY, DAY, approved=approved(DAY - timedelta(days=1))) is Verdict.old


def test_whole_months() -> None:
    assert months_since(date(2027, 1, 31), date(2027, 2, 27)) == 0
    assert months_since(date(2027, 1, 31), date(2027, 2, 28)) == 1
    assert months_since(date(2026, 6, 15), DAY) == 12 and months_since(date(2026, 6, 16), DAY) == 11
    assert months_since(DAY, date(2027, 1, 1)) == 0


KOMMUNE = """\
name: {name} Kommune
contacts:
  modtagelse: {{title: Modtagelsen, help: x, phone: 88 12 34 56, fallback: doegnvagt, whose: barnet, {modtagelse}}}
  doegnvagt: {{title: Døgnvagten, help: x, phone: 88 12 34 57, fallback: politi, whose: barnet, {doegnvagt}}}
  team: {{title: Teamet, help: x, phone: 88 12 34 58, whose: arbejdspladsen, {team}}}
"""
FRESH, OLD = "owner: N, checked: 2027-06-01", "owner: N, checked: 2025-06-01"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    for name, title, values in (
        ("proeve", "Prøve", dict(modtagelse=FRESH, doegnvagt=OLD, team=FRESH)),
        ("nabo", "Nabo", dict(modtagelse=OLD, doegnvagt="owner: N", team=FRESH)),
    ):
        folder = tmp_path / "municipalities" / name
        folder.mkdir(parents=True)
        (folder / "municipality.yaml").write_text(KOMMUNE.format(name=title, **values), encoding="utf-8")
    return load(DEMO, [tmp_path])[0]


def test_the_worst_first_and_the_first_numbers_double(library: Library) -> None:
    nabo, proeve = freshness(library, DAY)
    assert (nabo.id, nabo.score) == ("nabo", 20) and (proeve.id, proeve.score) == ("proeve", 60)
    assert [(kept.what, kept.verdict) for kept in nabo.kept] == [
        ("Døgnvagten", "aldrig efterset"),
        ("Modtagelsen", "gammel"),
        ("Teamet", "frisk"),
    ]
    assert proeve.counts == {Verdict.old: 1, Verdict.fresh: 2} and proeve.kept[0].months == 24
    assert proeve.kept[0].file == "municipalities/proeve/municipality.yaml"
    assert proeve.kept[0].place == ("contacts", "doegnvagt")
    assert [one.id for one in freshness(library, DAY, "proeve")] == ["proeve"]
    assert bare(library, [nabo]) == 1


def test_a_hundred_only_when_all_is_fresh(library: Library) -> None:
    """Planted fault: without a floor 99.6 would be shown as 100. On each day the score is right by a plain count."""
    for day in (DAY, date(2027, 9, 1), date(2024, 1, 1), date(2040, 1, 1)):
        for standing in freshness(library, day):
            fresh = sum(kept.weight for kept in standing.kept if kept.verdict == "frisk")
            assert standing.score == int(100 * fresh / sum(kept.weight for kept in standing.kept))
            assert (standing.score == 100) is all(kept.verdict == "frisk" for kept in standing.kept)


def test_the_example_comes_last_and_is_marked(content: Library) -> None:
    standings = freshness(content, DAY)
    assert standings and all(one.example for one in standings if one.id.startswith("eksempel"))
    assert [one.example for one in standings] == sorted(one.example for one in standings)
    assert all(0 <= one.score <= 100 and one.kept for one in standings)
