"""I15-I17 and I25: what outcomes state, what is never promised, what is never asked, what comes before the number."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from pydantic import BaseModel

from guide import model
from guide.library.library import Library
from guide.library.stated import ASKED, WRITE, before_contact, promise, stated
from guide.library.texts import texts
from guide.model import Level, Question


def test_nothing_is_told_of_the_demo_and_of_the_content(demo: Library, content: Library) -> None:
    assert [str(f) for f in [*stated(demo), *stated(content)]] == []


@pytest.mark.parametrize(
    "text",
    [
        "Du kan være anonym.",
        "Som fagperson har du ret til at være **anonym**.",
        "Vær rolig: du er helt anonym",
        "Dit navn bliver hemmeligt.",
        "Ingen får at vide, hvem der har underrettet.",
        "Forældrene får ikke at vide, hvem du er.",
        "Forældrene får aldrig underretningen at se.",
        "Familien ser ikke underretningen.",
        "Underretningen er fortrolig.",
        "Det bliver mellem os.",
        "»Jeg lover ikke at sige det til nogen.«",
        "Vi lover, at det bliver hemmeligt.",
    ],
)
def test_a_promise_is_seen(text: str) -> None:
    assert promise(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ingen kan love dig, at du er anonym.",
        "Regn ikke med, at du er anonym.",
        "Lov ikke, at det bliver hemmeligt.",
        "»Jeg kan ikke love, at det bliver hemmeligt.«",
        "Lov aldrig, at samtalen er fortrolig.",
        "Du er ikke anonym.",
        "Dit navn er ikke hemmeligt.",
        "Forældrene får som regel underretningen at læse.",
        "Sikkerhedskonsulenterne rådgiver anonymiseret.",
        "Kommunen bestemmer, hvem der får besked.",
        "Aftal, hvem der taler med forældrene.",
    ],
)
def test_a_refusal_is_no_promise(text: str) -> None:
    assert promise(text) == ""


def test_the_words_of_the_content_that_come_near_are_all_refusals(content: Library) -> None:
    """The patterns see something to look at: the content speaks of secrecy, and never promises it."""
    spoken = [text for playable in content.flows.values() for _, text in texts(playable.flow) if "hemmeligt" in text]
    assert len(spoken) > 10 and [text for text in spoken if promise(text)] == []


@pytest.mark.parametrize(
    "title",
    ["Hvad er barnets navn?", "Barnets CPR?", "Hvad hedder eleven?", "Barnets fødselsdato?", "Hvor bor barnet?"],
)
def test_a_question_never_asks_who_the_child_is(title: str) -> None:
    assert ASKED.search(title)


def test_help_never_asks_to_write_it() -> None:
    assert WRITE.search("Skriv barnets fulde navn her") and not WRITE.search("Skriv, hvad du så")


FREE = ("text", "input", "pattern", "length", "placeholder", "free")
"""What a question that takes free text would have to say."""


def test_no_question_takes_free_text() -> None:
    assert set(get_args(Question.model_fields["kind"].annotation)) == {"one", "several"}
    assert not set(FREE) & Question.model_fields.keys()
    kinds: list[Any] = [w for w in vars(model).values() if isinstance(w, type) and issubclass(w, BaseModel)]
    assert [w for w in kinds if "options" in w.model_fields] == [Question], "no other word asks anything"


def test_before_the_number_stands_what_to_do(content: Library) -> None:
    outcome = content.flows["tandpleje"].flow.outcomes["straks-hjemmet"]
    said = before_contact(content, outcome, content.contact("eksempel", "modtagelse"))
    assert outcome.level is Level.straks and outcome.help in said
    assert said.endswith("Ring til Modtagelsen for børn og unge, Eksempel Kommune (opdigtet)")
