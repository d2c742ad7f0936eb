"""Cases and themes lean on scenarios that there are, and are fair: each rule is broken once in the demo content."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.stories import CPR, JUDGES, NAME, SHARES, stories, walk_of
from tests.conftest import DEMO

CASE, THEME = "cases/slaaet.yaml", "themes/slag.yaml"
NOTICE, CARDS = "notice: vold mod et barn", "cards_notice: "
SIGN, SAID = "  dagen-foer: Du så det i går\n", "Du så det i går"

BREAKS = {
    "case: unknown flow": (CASE, "flow: tre", "flow: tree", "Flowet «tree» findes ikke. Mente du «tre»?"),
    "case: unknown scenario": (
        CASE,
        "scenario: slaaet",
        "scenario: slaet",
        "Scenariet «slaet» findes ikke i «tre». Mente du «slaaet»?",
    ),
    "case: level outside the range": (CASE, "[straks, akut]", "[akut]", "ender i niveauet «straks»"),
    "case: parents outside the range": (CASE, "parents: [ikke]", "parents: [kun-udsat]", "forældrereglen «ikke»"),
    "case: danger below straks": (
        CASE,
        "[straks, akut]",
        "[bekymring, straks]",
        "«bekymring» kan ikke forsvares. Det laveste er «straks».",
    ),
    "case: parents first after a danger": (
        CASE,
        "parents: [ikke]",
        "parents: [foerst, ikke]",
        "forældrereglen «foerst» kan ikke forsvares",
    ),
    "case: a personal number": (CASE, "en dreng i går", "en dreng (010112-1234) i går", "ligner et CPR-nummer"),
    "case: a full name": (CASE, "en dreng i går", "Mads Hansen i går", "«Mads Hansen» ligner et navn på en person"),
    "case: an underretning is wrong": (
        CASE,
        "Hvem ringer?",
        "Hvorfor er det for tidligt at underrette?",
        "en underretning er aldrig et forkert svar",
    ),
    "case: a notice with a full stop": (CASE, NOTICE, f"{NOTICE}.", "Sæt ikke punktum til sidst"),
    "case: a notice that is long": (
        CASE,
        NOTICE,
        f"{NOTICE} {'å' * 74}",
        "Der er 91 tegn. Sig det med højst 90.",
    ),
    "case: a notice with a capital": (CASE, NOTICE, "notice: Vold mod et barn", "Begynd midt i sætningen, med lille"),
    "case: a notice that is a sentence": (
        CASE,
        NOTICE,
        "notice: sagen handler om vold",
        "Begynd midt i sætningen, med lille",
    ),
    "case: a notice that is the title": (CASE, NOTICE, "notice: et barn er blevet slået", "Det er titlen igen."),
    "case: a notice with a name": (CASE, NOTICE, f"{NOTICE} hos Mads Hansen", "ligner et navn på en person"),
    "case: a notice that judges": (CASE, NOTICE, "notice: en unødig underretning", "aldrig et forkert svar"),
    "case: a notice that keeps quiet": (
        CASE,
        NOTICE,
        "notice: et mærke på en arm",
        "Svarene siger «vold», og det står",
    ),
    "case: no notice": (CASE, f"{NOTICE}\n", "", "«notice» mangler"),
    "case: a notice of the cards": (CASE, NOTICE, f"{NOTICE}, på kortene selvmord", "Nævn ikke kortene her."),
    "case: cards with a full stop": (CASE, NOTICE, f"{NOTICE}\n{CARDS}selvmord.", "efter «Kortene til sidst handler"),
    "case: long words of the cards": (CASE, NOTICE, f"{NOTICE}\n{CARDS}{'å' * 91}", "Der er 91 tegn."),
    "case: cards with a capital": (CASE, NOTICE, f"{NOTICE}\n{CARDS}Selvmord", "Begynd midt i sætningen, med lille"),
    "case: cards in a sentence": (CASE, NOTICE, f"{NOTICE}\n{CARDS}handler også om selvmord", "Begynd midt i sæt"),
    "case: cards that name themselves": (CASE, NOTICE, f"{NOTICE}\n{CARDS}på kortet selvmord", "Nævn ikke kortene"),
    "case: cards with the notice": (CASE, NOTICE, f"{NOTICE}\n{CARDS}vold mod et barn", "Det står allerede i «notice»"),
    "case: cards that judge": (CASE, NOTICE, f"{NOTICE}\n{CARDS}en unødig underretning", "aldrig et forkert svar"),
    "case: a sign with a full stop": (CASE, SAID, f"{SAID}.", "Sæt ikke punktum til sidst: det er et svar"),
    "case: a sign that asks": (CASE, SAID, f"{SAID}?", "Sæt ikke punktum til sidst: det er et svar"),
    "case: a sign that is long": (CASE, SAID, f"{SAID} {'å' * 55}", "Der er 71 tegn. Sig det med højst 70."),
    "case: a small sign": (CASE, SAID, "du så det i går", "Begynd med stort"),
    "case: a sign that is read twice": (CASE, SAID, "Han har et mærke på armen", "Det står her to gange."),
    "case: a sign with a name": (CASE, SAID, "Du så Mads Hansen i går", "ligner et navn på en person"),
    "case: a sign with a personal number": (CASE, SAID, "Han har 010112-1234", "ligner et CPR-nummer"),
    "case: a sign that judges": (CASE, SAID, "En unødig underretning", "aldrig et forkert svar"),
    "case: a sign that says what to do": (CASE, SAID, "Man underretter om sådan noget", "siger, hvad det betyder"),
    "case: a sign that means something": (CASE, SAID, "Mærket er et tegn på vold", "siger, hvad det betyder"),
    "case: two signs": (CASE, SIGN, "", "«signs» har kun 2. Der skal stå mindst 3."),
    "case: six signs": (CASE, SIGN, SIGN + "".join(f"  n{n}: Det er {n}\n" for n in "abc"), "Her står 6. Vælg højst 5"),
    "case: a sign without an id": (CASE, SIGN, f"  Dagen før: {SAID}\n", "dagen-foer"),
    "case: no signs": (CASE, "signs:\n", "signes:\n", "«signs» mangler"),
    "theme: unknown flow": (THEME, "  tre:\n", "  tree:\n", "Flowet «tree» findes ikke. Mente du «tre»?"),
    "theme: unknown scenario": (THEME, "scenario: sult-kort", "scenario: sultkort", "Mente du «sult-kort»?"),
    "theme: a full name": (THEME, "Et mærke på armen.", "Et mærke på Karen Holm.", "«Karen Holm» ligner et navn"),
    "theme: sharing without consent": (
        THEME,
        "Kun når forældrene siger ja.",
        "Du må gerne dele det med skolen uden samtykke.",
        "ingen jurist har sagt, at man må dele uden samtykke",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_found_at_its_line(name: str, tmp_path: Path) -> None:
    file, before, after, said = BREAKS[name]
    root = tmp_path / "da"
    shutil.copytree(DEMO, root)
    text = (root / file).read_text("utf-8")
    assert before in text
    (root / file).write_text(text.replace(before, after, 1), "utf-8")
    library, findings = load(root)
    hits = [f for f in [*findings, *check(library)] if f.file == file]
    assert any(said in str(f) for f in hits), [str(f) for f in hits]
    assert all(f.line for f in hits)


def test_the_demo_has_stories_without_fault(demo: Library) -> None:
    assert demo.cases and demo.themes
    assert list(stories(load(DEMO)[0])) == []


@pytest.mark.parametrize("said", ["SSP og vold", "slag mod et barn", f"vold {'å' * 85}", "vold, der gør »ondt«"])
def test_a_notice_that_is_short_and_goes_on_is_no_fault(said: str, demo: Library) -> None:
    changed = demo.cases["slaaet"].model_copy(update={"notice": said, "cards_notice": f"{said[:78]} og kortspil"})
    assert list(stories(replace(demo, cases={"slaaet": changed}))) == []


@pytest.mark.parametrize(
    "said", ["SSP ringede", f"Hun så {'å' * 63}", "Hun sagde »stop«", "Klokken var 8.30", "2 mærker"]
)
def test_a_sign_that_is_short_and_only_tells_is_no_fault(said: str, demo: Library) -> None:
    case = demo.cases["slaaet"]
    changed = case.model_copy(update={"signs": {**case.signs, "fire": said, "fem": "Hun gik"}})
    assert list(stories(replace(demo, cases={"slaaet": changed}))) == []


def test_a_scenario_is_walked_to_its_end(demo: Library) -> None:
    walk = walk_of(demo, "tre", "slaaet-maaske")
    assert walk is not None and walk.current == "straks"
    assert walk_of(demo, "tre", "findes-ikke") is None
    assert walk_of(demo, "findes-ikke", "slaaet") is None


@pytest.mark.parametrize(
    "pattern, hits, misses",
    [
        (
            CPR,
            ["010112-1234", "0101121234", "010112 - 1234", "010112-xxxx"],
            ["33 41 12 00", "klokken 13.30", "2024", "12345678901234"],
        ),
        (
            NAME,
            ["Jeg så Mads Hansen i går.", "Mads Hansen kom.", "hos Anne Lise", "Karen H. siger det", "»Mor Jensen,«"],
            ["Jeg gik. Mor kom.", "Sig det. Far venter.", "Skriv ikke i Aula. Ring.", "»Vi venter,« sagde hun. Ja."],
        ),
        (
            JUDGES,
            [
                "Det er et forkert svar.",
                "Facit er bekymring.",
                "Det ville være for tidligt at underrette.",
                "Du behøver ikke underrette.",
                "En underretning er unødvendig her.",
                "Lad være med at overreagere.",
                "Det var en forhastet underretning.",
            ],
            ["Du underretter i dag.", "Du kan forsvare at underrette nu.", "Underretningen er hjælp."],
        ),
        (
            SHARES,
            ["Du må dele uden samtykke.", "I må gerne give det videre til skolen uden at spørge."],
            ["Del det ikke uden samtykke.", "Hovedreglen er samtykke.", "Du må dele, når de siger ja."],
        ),
    ],
)
def test_what_each_pattern_finds(pattern: re.Pattern[str], hits: list[str], misses: list[str]) -> None:
    assert [text for text in hits if not pattern.search(text)] == []
    assert [text for text in misses if pattern.search(text)] == []
