"""The parents rules: whole, silent where they must be, and no text goes against `ikke`; each with planted faults."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.fork import AGAINST, against, fork, gives_away
from guide.library.library import Library, load
from guide.library.texts import texts
from guide.model import Advice, Outcome, Parents, ParentsText
from tests.conftest import DEMO

TEXTS, TRE = "registers/texts.yaml", "flows/tre/outcomes.yaml"

BROKEN = {
    "no reason": (TEXTS, " why: Faren kan vokse.,", "", "«kun-udsat»: den siger ikke grunden. Tilføj «why»"),
    "no other branch": (
        TEXTS,
        ' turns: "Er du i tvivl, så ring ikke hjem.",',
        "",
        "får den til at skifte. Tilføj «turns»",
    ),
    "no reactions": (TEXTS, " react: Tal roligt.,", "", "når forældrene reagerer. Tilføj «react»"),
    "no readers": (TEXTS, " readers: Andre kan læse det.,", "", "læse det, man skriver. Tilføj «readers»"),
    "one opener": (
        TEXTS,
        "tre: [»Vi ses i morgen.«, ",
        "tre: [",
        "«openers» til «tre» skal have 2 eller 3 sætninger. Der er 1",
    ),
    "no opener for a flow": (TEXTS, "flere: [»Der er hjælp", "flre: [»Der er hjælp", "«openers» til «flere» skal have"),
    "openers for no flow": (
        TEXTS,
        "flere: [»Der er hjælp",
        "flre: [»Der er hjælp",
        "flowet «flre» findes ikke. Mente du «flere»?",
    ),
    "an opener gives away": (TEXTS, "»Vi ses i morgen.«", "»Jeg har talt med kommunen.«", "«kommun» røber noget"),
    "a phrase gives away": (
        TEXTS,
        "{title: Forældre ikke, help: Om forældre., phrase: Vi ringes ved.",
        "{title: Forældre ikke, help: Om forældre., phrase: Jeg er bekymret.",
        "«bekym» røber noget",
    ),
    "an opener asks for leave": (TEXTS, "»Hvad ser du selv?«", "»Må jeg underrette?«", "«Må jeg» beder om lov"),
    "a common text leads home": (
        TEXTS,
        "{title: Forældre ikke, help: Om forældre.",
        "{title: Forældre ikke, help: Ring til far.",
        "«Ring til far» fører til forældrene",
    ),
    "a step leads home": (TRE, "help: Ring nu.", "help: Ring nu. Ring til far bagefter.", "«Ring til far», men"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_each_fault_is_told_at_its_place(tmp_path: Path, what: str) -> None:
    file, before, after, told = BROKEN[what]
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (copy / file).read_text("utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after, 1), "utf-8")
    found = [f for f in check(load(copy)[0]) if told in f.message]
    assert found and all(f.line and f.file == file and not f.warning for f in found)


def test_nothing_is_told_of_the_demo_and_of_the_content(demo: Library, content: Library) -> None:
    assert [str(f) for f in (*fork(demo), *fork(content))] == []


def test_every_rule_is_whole_for_every_flow(content: Library) -> None:
    """Counted apart from the check: six rules, four flows."""
    assert content.texts and len(content.flows) == 4
    assert content.texts.parents.keys() == set(Parents)
    for rule, word in content.texts.parents.items():
        assert word.why and word.turns and word.react and word.readers, rule
        assert word.openers.keys() == content.flows.keys()
        assert all(2 <= len(lines) <= 3 for lines in word.openers.values())


def planted(content: Library, rule: Parents, **changed: object) -> list[str]:
    """What is told when one rule of the shipped content says something else."""
    assert content.texts
    word = ParentsText.model_validate(content.texts.parents[rule].model_dump() | changed)
    registers = content.texts.model_copy(update={"parents": {**content.texts.parents, rule: word}})
    return [f.message for f in fork(replace(content, texts=registers))]


@pytest.mark.parametrize("rule", [Parents.ikke, Parents.efter_aftale, Parents.kun_udsat])
@pytest.mark.parametrize(
    "line",
    [
        "»Jeg underretter i dag.«",
        "»Kommunen ringer til dig.«",
        "»Vi har mistanke om noget.«",
        "»Jeg er lidt bekymret for dit barn.«",
        "»Er der vold hjemme?«",
        "»Bliver dit barn slået?«",
        "»Politiet har sagt, at vi skal vente.«",
        "»Barnet siger, at du råber.«",
        "»Dit barn har fortalt noget.«",
        "»Jeg har pligt til at gå videre.«",
        "»Jeg taler med en rådgiver først.«",
        "»Er der sket noget hjemme?«",
        "Spørger de, om du har underrettet: »Det svarer jeg ikke på.«",
    ],
)
def test_a_sentence_that_gives_away_is_caught(rule: Parents, line: str) -> None:
    assert gives_away(rule, line)
    assert not gives_away(Parents.orienter, line), "told openly under another rule"


def test_safety_is_asked_only_of_the_one_who_told() -> None:
    asked = "»Er du og børnene i sikkerhed i dag?«"
    assert gives_away(Parents.ikke, asked) and not gives_away(Parents.kun_udsat, asked)


@pytest.mark.parametrize("rule", [Parents.foerst, Parents.orienter])
@pytest.mark.parametrize(
    "line",
    [
        "»Må jeg fortælle, hvad jeg har set?«",
        "»Er det i orden, at jeg underretter?«",
        "»Jeg skal bruge jeres samtykke.«",
        "»Giver du lov til, at jeg skriver?«",
        "»Har I noget imod, at jeg ringer?«",
        "»Er du med på, at jeg underretter?«",
    ],
)
def test_an_opener_that_asks_for_leave_is_caught(content: Library, rule: Parents, line: str) -> None:
    openers = {flow: (line, "»Hvad ser du?«") for flow in content.flows}
    found = planted(content, rule, openers=openers)
    assert len(found) == len(content.flows) and all("beder om lov" in said for said in found)


def test_a_fourth_opener_is_one_too_many(content: Library) -> None:
    assert any("Der er 4" in said for said in planted(content, Parents.foerst, openers={"skole": ("A.",) * 4}))


AGAINST_IKKE = [
    "Ring til far.",
    "Ring hjem med det samme.",
    "Bagefter: ring roligt op til forældrene.",
    "Fortæl forældrene, hvad barnet har sagt.",
    "Fortæl det hjemme.",
    "Skriv i Aula, at barnet venter.",
    "Skriv en besked til mor.",
    "Send en sms til familien.",
    "Læg en seddel til forældrene.",
    "Sig det til den ene forælder.",
    "Sig det roligt til moren, før hun går.",
    "Giv forældrene besked i dag.",
    "Giv straks besked til hjemmet.",
    "Tal med forældrene først.",
    "Tag fat: drøft det med den anden forælder.",
    "Kontakt faren.",
    "Orientér begge forældre.",
    "Inddrag familien fra start.",
    "Spørg moren, hvad der er sket.",
    "Konfronter faderen med det.",
    "Indkald forældrene til et møde.",
    "Hold et møde med familien.",
    "Du skal ringe til forældrene.",
    "Du kan roligt fortælle det til mor.",
    "Forældrene skal have besked.",
    "Forældrene bør straks orienteres.",
    "1. Ring til kommunen.\n2. Ring **til [far](kontakt:modtagelse)**.",
    "Ring til kommunen. Når du er\nfærdig, så ring\nhjem.",
]

IN_LINE = [
    "Ring ikke hjem, og skriv ikke i Aula.",
    "Ring og skriv ikke til nogen i familien.",
    "Sig ikke noget til nogen af forældrene.",
    "Sig det aldrig til en forælder, og skriv det ikke.",
    "Skriv intet i Aula.",
    "Skriv det ikke i Aula.",
    "Spørg ikke familien om rejsen.",
    "Send aldrig underretningen med sms eller Aula.",
    "Ring, hvor familien ikke kan høre det.",
    "Spørg rådgiveren, hvad familien får at vide.",
    "Ring til kommunen, før du taler med forældrene.",
    "Sig til forældrene, at barnet skal undersøges – ikke hvad du tror.",
    "Når det er aftalt: ring til forældrene.",
    "Ring ikke hjem, før rådgiveren har sagt til.",
    "Aftal med rådgiveren, hvem der ringer hjem.",
    "Lad ikke forælder og barn være alene sammen.",
    "Skriv forælderens egne ord, og hvad du så.",
    "Giv ikke en udtalelse til den ene forælder.",
    "Forældrene skal ikke vide det nu.",
    "Ring hjemmefra, hvis du har fri.",
]


@pytest.mark.parametrize("text", AGAINST_IKKE)
def test_a_text_that_leads_to_the_parents_is_caught(text: str) -> None:
    assert against(text)


@pytest.mark.parametrize("text", IN_LINE)
def test_a_text_that_keeps_them_out_is_none(text: str) -> None:
    assert against(text) == ""


def test_each_pattern_catches_something_of_its_own() -> None:
    """Else a pattern could be lost and nobody would see it."""
    hits = [{n for n, pattern in enumerate(AGAINST) if pattern.search(" ".join(text.split()))} for text in AGAINST_IKKE]
    assert {n for hit in hits if len(hit) == 1 for n in hit} == set(range(len(AGAINST)))


@pytest.mark.parametrize("key", ["help", "until", "guidance", "tell", "say", "reason", "turns"])
def test_the_old_text_against_the_rule_is_caught_in_any_key(content: Library, key: str) -> None:
    """The planted fault in each text of a shipped outcome that says what one does."""
    assert told_of(
        content, lambda outcome: outcome.model_copy(update={key: f"{getattr(outcome, key) or ''} Ring til far."})
    )


def test_also_in_a_step_and_in_one_that_depends_on_answers(content: Library) -> None:
    for when in ({}, {"hvem": ("hjemme",)}):
        step = Advice(text="Skriv i Aula, at I venter.", when=when)
        assert told_of(content, lambda outcome, step=step: outcome.model_copy(update={"do": (*outcome.do, step)}))


def test_a_phrase_of_an_outcome_gives_nothing_away(content: Library) -> None:
    said = told_of(content, lambda outcome: outcome.model_copy(update={"phrase": "»Jeg har underrettet om jer.«"}))
    assert said and "røber noget" in said[0]


def told_of(content: Library, change: object) -> list[str]:
    """What is told of one shipped outcome under `ikke` after a change."""
    playable, step = content.flows["skole"], "straks-hjemmet"
    outcome = playable.flow.outcomes[step]
    assert outcome.parents is Parents.ikke and callable(change)
    changed = change(outcome)
    assert isinstance(changed, Outcome)
    flow = playable.flow.model_copy(update={"outcomes": {step: changed}})
    alone = replace(content, flows={"skole": replace(playable, flow=flow)}, drafts={})
    return [f.message for f in fork(alone)]


def test_the_outcomes_under_ikke_speak_of_the_parents(content: Library) -> None:
    """The check has something to look at: many texts name them, and none leads to them."""
    spoken = [
        text
        for playable in content.flows.values()
        for outcome in playable.flow.outcomes.values()
        if outcome.parents is Parents.ikke
        for _, text in texts(outcome)
        if re.search(r"foræld|familie|Aula", text)
    ]
    assert len(spoken) > 100
