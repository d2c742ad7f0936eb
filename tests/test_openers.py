"""The words on parents in the shipped content: what each rule must not leave unsaid, and how its sentences are said."""

from __future__ import annotations

import re

import pytest

from guide.library.library import Library
from guide.library.readability import lix, words
from guide.model import Parents, ParentsText

REACTIONS = {
    "anger": r"\bvrede?\b",
    "tears": r"\bgræder\b",
    "denial": r"ikke passer",
    "a direct question": r"spørger",
    "papers": r"papirer",
    "a promise": r"løfte",
    "a threat": r"truer|truet",
    "the leader": r"\bleder(en)?\b",
    "the work environment": r"arbejdsmiljø",
    "the police": r"\b11[24]\b",
    "a colleague": r"kollega|Kolleger",
    "the end of the talk": r"Slut i ro",
    "the day after": r"[Dd]agen efter",
}
"""What a rule says to do when parents react (C30)."""

READERS = ("Journal", "sundhed.dk", "Aula", "To hjem", "Hemmelig adresse eller krisecenter:** Nævn det aldrig")
"""Who can read it: what is asked before every letter, message and record (C4); letters are tried by themselves."""

OWNED = ("professionel tolk", "har anbragt")
"""What stands in the help of every rule: no relative interprets, and a child in care has its own kommune (C3)."""

LIES = re.compile(r"ikke noget galt|ingenting|der er intet|alt er fint|bare rutine|lover", re.IGNORECASE)
"""What no sentence says: it would not be true, or nobody can keep it."""

DIRECT = re.compile(r"^Spørger de", re.IGNORECASE)

WORDS, LIX = 30, 40


def unsaid(rule: Parents, word: ParentsText) -> list[str]:
    """What the texts of a rule leave out."""
    react, readers = word.react or "", word.readers or ""
    told = [topic for topic, pattern in REACTIONS.items() if not re.search(pattern, react, re.IGNORECASE)]
    told += [reader for reader in READERS if reader not in readers]
    told += [] if re.search(r"[Bb]rev|e-Boks", readers) else ["letters"]
    told += [owned for owned in OWNED if owned not in " ".join(word.help.split())]
    if rule is not Parents.kun_udsat and "forældremyndighed" not in word.help:
        told.append("who the parents are")
    return told


def test_no_rule_leaves_any_of_it_unsaid(content: Library) -> None:
    assert content.texts
    assert {rule: told for rule, word in content.texts.parents.items() if (told := unsaid(rule, word))} == {}


@pytest.mark.parametrize("lost", ["arbejdsmiljø", "papirer", "Slut i ro", "To hjem", "sundhed.dk", "professionel tolk"])
def test_what_is_left_out_is_seen(content: Library, lost: str) -> None:
    """The planted fault: a text without one of the words."""
    assert content.texts
    word = content.texts.parents[Parents.ikke]
    cut = {key: str(getattr(word, key)).replace(lost, "") for key in ("react", "readers", "help")}
    assert unsaid(Parents.ikke, word.model_copy(update=cut)) != []


def said(content: Library) -> list[tuple[Parents, str, str]]:
    """Rule, flow and sentence of every opener."""
    assert content.texts
    return [
        (rule, flow, line)
        for rule, word in content.texts.parents.items()
        for flow, lines in word.openers.items()
        for line in lines
    ]


def test_a_sentence_is_short_true_and_marked_as_said(content: Library) -> None:
    for _, _, line in said(content):
        assert line.count("»") == line.count("«") == 1 and line.endswith("«"), line
        assert len(words(line)) <= WORDS and not LIES.search(line), line


def test_each_rule_reads_easily(content: Library) -> None:
    assert content.texts
    for rule, word in content.texts.parents.items():
        for key in ("why", "help", "turns", "react", "readers"):
            assert lix(str(getattr(word, key))) <= LIX, (rule, key)


def test_each_faggruppe_has_words_of_its_own(content: Library) -> None:
    """In the chair, at a visit, on the telephone and at pick-up something else is said."""
    assert content.texts
    for rule, word in content.texts.parents.items():
        assert len(set(word.openers.values())) == len(content.flows), rule


def test_a_direct_question_has_an_answer_where_nothing_is_told(content: Library) -> None:
    for rule in (Parents.ikke, Parents.efter_aftale):
        flows = {flow for one, flow, line in said(content) if one is rule and DIRECT.search(line)}
        assert flows == content.flows.keys()


def test_the_report_is_help_where_it_is_told(content: Library) -> None:
    told = {
        flow for rule, flow, line in said(content) if rule is Parents.orienter and "Underretningen er hjælp" in line
    }
    assert told == content.flows.keys()
    assert all(
        any(
            "jeg har set" in line.casefold()
            for rule, one, line in said(content)
            if rule is Parents.orienter and one == flow
        )
        for flow in content.flows
    )
