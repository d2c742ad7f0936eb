"""Own answers and outcomes that stand for a national one: no way past a danger, nothing of the national one lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.library.test_overlay import WHY, own

TEAM = f"""questions:
  team:
    before: undren
    title: Har du talt med teamet?
    {WHY}
    options: {{ja: {{label: Ja}}, nej: {{label: Nej, goto: mit}}}}
outcomes:
  mit:
"""


def with_outcome(*lines: str) -> str:
    return TEAM + "".join(f"    {line}\n" for line in lines)


def answer(text: str) -> str:
    return f"questions:\n  slag:\n    options: {{eget: {text}}}\n"


REFUSED = {
    "an escape": (answer("{label: Kun en lussing, as: nej}"), "kun stå for et af dem (ja, ved-ikke)"),
    "the words of another answer": (answer("{label: 'Nej, ikke rigtigt', as: ja}"), "ligner svaret «Nej»"),
    "the same words": (answer("{label: Ja., as: ja}"), "ligner svaret «Ja»"),
    "no like": (with_outcome("level: undren"), "skal sige med «as», hvilket nationalt udfald"),
    "another level": (with_outcome("as: straks", "level: underret"), "«straks» har niveauet «straks»"),
    "another rule": (with_outcome("as: straks", "parents: foerst"), "«straks» har forældrereglen «ikke»"),
    "what is said": (with_outcome("as: straks", "say: Vi overvejer det."), "«say» er låst"),
    "advice before the call": (
        with_outcome("as: straks", "do: [{text: Tal med lederen., first: true}]"),
        "«first» er låst",
    ),
    "flags of its own": (answer("{label: Et klask, as: ja, flags: [netvaerk]}"), "«flags» er låst"),
    "the help of a report": (with_outcome("as: straks", "help: Vent."), "«help» er låst"),
    "a later look": (with_outcome("as: bekymring", "again: Om et år.", "look: 92"), "«look» er låst"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    flow, said = REFUSED[name]
    merged, told, _ = own(tmp_path, flow)
    assert merged is None and any(said in line for line in told), told


def test_an_own_outcome_has_all_that_the_national_one_has_and_more(tmp_path: Path) -> None:
    more = (
        "as: bekymring",
        "help: Ring i dag.",
        "do: [Ring til teamet.]",
        "raises: [Et tegn til]",
        "contacts: [alarm]",
    )
    merged, told, library = own(tmp_path, with_outcome(*more))
    assert merged and told == []
    national, mine = library.flows["tre"].flow.outcomes["bekymring"], merged.flow.outcomes["mit"]
    assert [piece.text for piece in mine.do] == ["Ring til teamet.", *(piece.text for piece in national.do)]
    assert mine.contacts == (*national.contacts, "alarm") and mine.raises == (*national.raises, "Et tegn til")
    assert (mine.look, mine.again, mine.help) == (national.look, national.again, "Ring i dag.")


def test_from_underret_up_the_national_advice_comes_first(tmp_path: Path) -> None:
    merged, _, library = own(tmp_path, with_outcome("as: straks", "do: [Skriv på tavlen.]"))
    assert merged
    national, mine = library.flows["tre"].flow.outcomes["straks"], merged.flow.outcomes["mit"]
    assert mine.do[:-1] == national.do and mine.do[-1].text == "Skriv på tavlen."


def test_what_an_own_outcome_adds_is_told_at_its_line(tmp_path: Path) -> None:
    _, told, _ = own(tmp_path, with_outcome("as: bekymring", "do:", "  - Tal med lederen, før du underretter."))
    assert [line.partition(": ")[0] for line in told if "betingelser" in line] == [
        "municipalities/vores/flows/tre.yaml:15:9"
    ]


def test_a_question_whose_answers_all_lead_somewhere_gets_no_rule_of_its_own(tmp_path: Path) -> None:
    flow = with_outcome("as: bekymring").replace("{label: Ja}", "{label: Ja, goto: undren}")
    merged, told, _ = own(tmp_path, flow)
    assert merged and told == [] and merged.flow.questions["team"].next == ()
