"""Words that would stand between the reader and the call."""

from __future__ import annotations

import pytest

from guide.library.hindrances import (
    LEVEL,
    busy,
    danger,
    delays,
    first,
    haste,
    inverted,
    marks,
    number,
    parents,
    services,
)

CONDITIONS = [
    "Tal med lederen, før du underretter.",
    "Vent med at ringe, til teamet har svaret.",
    "Vent med underretningen til mødet på torsdag.",
    "Underret først, når PPR har set barnet.",
    "Underret kun efter aftale med lederen.",
    "Hos os er det lederen, der underretter.",
    "Kun skolelederen må underrette.",
    "Lederen skal godkende underretningen.",
    "Teamet skal først beslutte, om det er nok.",
    "Underretningen skal underskrives af lederen.",
    "Ring ikke til kommunen, før teamet har set sagen.",
    "Send aldrig en underretning uden lederens navn.",
    "Du må ikke ringe til kommunen selv.",
    "Overlad underretningen til lederen.",
    "Teamet overtager pligten.",
    "En underretning er kun gyldig med underskrift.",
    "Inden du ringer til modtagelsen, skal forældrene være hørt.",
    "Kun overtandlægen må underrette.",
    "Det er overtandlægen, der underretter.",
    "Underretningen skal være underskrevet af to.",
    "Uden skema bliver underretningen ikke behandlet.",
    "Kun underretninger med to underskrifter bliver behandlet.",
    "Koordinatoren beslutter, om der skal underrettes.",
    "Vent til efter mødet i Trivselsforum.",
    "Tag det op på næste møde i stedet.",
    "Tal med familien om Familiehuset i stedet for at underrette.",
    "Forældrene skal have læst underretningen, inden den sendes.",
    "Så behøver du ikke underrette.",
    "Tilbyd familien fem samtaler her, inden I går videre.",
    "Har du fået ja fra det rådgivende team?",
    "Vi tager kun imod på skema.",
    "Haster det ikke, så vent til næste møde.",
    "Lederen ringer til kommunen.",
]

FREE = [
    "Du kan altid underrette uden skema.",
    "Ring til teamet i dag. Du behøver ikke vente på svar, før du underretter.",
    "Teamet overtager ikke din pligt.",
    "Hos os skriver lederen også under. Det er ikke en betingelse for at underrette.",
    "Vent ikke med at ringe til kommunen.",
    "Hos os hedder mødet Trivselsforum. Det holdes om torsdagen.",
    "Formularen ligger på medarbejdersiden under »Børn«.",
    "Sig det til din leder samme dag, når du har underrettet.",
    "Ingen leder kan bestemme, at du ikke underretter.",
]


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_found(text: str) -> None:
    assert delays(text)


@pytest.mark.parametrize("text", FREE)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert not delays(text)


FIRSTS = [
    "Tal med lederen først.",
    "Ring til din leder først.",
    "Kontakt teamet først.",
    "Gå først til overtandlægen.",
    "Teamet skal altid først se barnet.",
]


@pytest.mark.parametrize("text", FIRSTS)
def test_nobody_comes_before_the_call(text: str) -> None:
    assert first(text) and not first("Ring til kommunen. Sig det til lederen bagefter.")


def test_the_parents_in_a_box() -> None:
    assert parents("Mor og far bliver orienteret samme dag.") and not parents("Døgnvagten svarer også her.")


@pytest.mark.parametrize("word", ["Rød", "Niveau 3", "kode gul", "5", "B", "Lys rød"])
def test_words_for_levels(word: str) -> None:
    assert LEVEL.fullmatch(word)


@pytest.mark.parametrize("word", ["Kan vente", "Overvej", "Ring til lederen", "Rød – kan vente"])
def test_words_that_advise(word: str) -> None:
    assert not LEVEL.fullmatch(word)


def test_a_name_is_only_a_name() -> None:
    assert busy("Trivselsforum på onsdag") and not busy("Børne- og Ungevagten")


@pytest.mark.parametrize(
    "text",
    [
        "Hos os venter vi til mødet.",
        "Vent til i morgen.",
        "Ring ikke 112 fra klassen.",
        "Lov eleven, at det bliver mellem jer.",
        "Vi underretter ikke om vold i udlandet.",
        "En underretning kræver to vidner.",
        "Ring 113.",
    ],
)
def test_what_a_box_does_not_say_where_one_reports(text: str) -> None:
    assert haste(text) and not haste("Døgnvagten svarer også her. Formularen ligger under »Børn«.")


@pytest.mark.parametrize(
    "text", ["Ring 99.88.77.66.", "99-88-77-66", "998 87 766", "+4599887766", "12 34 56 78", "Ring 113"]
)
def test_numbers_in_running_text(text: str) -> None:
    assert number(text) and not number("Mødet er 24. december 2026 kl. 8.30. Vi er 12 kolleger. Ring 112.")


@pytest.mark.parametrize("text", ["# Barnet er ikke i fare", "| a | b |", "Ring\n---"])
def test_what_looks_like_the_page(text: str) -> None:
    assert marks(text) and not marks("- et punkt\n- et til\n\n**fed**")


@pytest.mark.parametrize("text", ["Ja, og de bliver slået", "Eleven taler om at dø", "Er der vold?"])
def test_words_of_danger(text: str) -> None:
    assert danger(text) and not danger("Barnet bruger snus.")


def test_names_of_the_services_are_theirs() -> None:
    assert services("Alarm 112") and services("Politiet 114") and not services("Børne- og Ungevagten")


def test_a_scale_that_is_turned_round() -> None:
    assert inverted(["Rød", "Gul", "Grøn"]) and not inverted(["Grøn", "Gul", "Mørk gul", "Orange", "Rød"])
    assert not inverted(["Niveau 1", "Rød"])
