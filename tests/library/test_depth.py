"""What must be said beside the bare questions and outcomes: each thing left out is told, at its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.depth import MYTHS, depth, periods
from guide.library.library import Library, load
from tests.conftest import DEMO

TRE, AKUT, TEXTS = "flows/tre/outcomes.yaml", "flows/shared/akut.yaml", "registers/texts.yaml"
TEN = "Et to tre fire fem seks syv otte ni ti"

LEFT_OUT = {
    "no why": (TRE, "    why: Slag er vold.\n", "", "«slag» siger ikke, hvorfor vi spørger"),
    "no meaning": (TRE, "    means: Slået er ramt med vilje.\n", "", "«slag» siger ikke, hvad ordene betyder"),
    "no example": (TRE, ", example: Et barn leger ikke.", "", "«trist» har intet eksempel"),
    "nothing to find out": (
        "flows/flere/outcomes.yaml",
        "    options: {ved-ikke: {find_out: {what: Hvad der skete., whom: Din kollega., by: I dag. Ring først.}}}\n",
        "",
        "«ved-ikke» på «hvad» siger ikke, hvad man skal finde ud af",
    ),
    "a call that waits": (
        "flows/tre/flow.yaml",
        "by: I dag. Ring først.",
        "by: I morgen.",
        "Skriv i «by», at man ringer",
    ),
    "nothing to expect": (AKUT, "    expect: De andre ringer også.\n", "", "«akut» siger ikke, hvad man kan forvente"),
    "one change": (TRE, ", Skal barnet hjem; sig det.]", "]", "«straks» siger ikke 2 ting, der ville ændre det"),
    "no date for the new look": (
        TRE,
        "    look: 30\n",
        "",
        "«undren» giver ingen dato for et nyt blik. Tilføj «look: 30»",
    ),
    "another date than the text": (TRE, "    look: 14\n", "    look: 28\n", "«look» er 28 dage, men «again» siger 14"),
    "a text with an earlier date": (
        TRE,
        "again: Om to uger.",
        "again: Om en uge, eller om to uger.",
        "«look» er 14 dage, men «again» siger 7",
    ),
    "no word on a date": (
        TEXTS,
        "kvittering: Et brev kommer., ",
        "",
        "«underret» siger ikke, hvad der sker på datoerne: k",
    ),
    "no word on silence": (TEXTS, "silence: Ring og spørg., ", "", "hvad man gør, når man intet hører"),
    "the same twice": (
        TRE,
        "changes: [Bliver det farligt; ring 112., Skal barnet hjem; sig det.]",
        f"changes: [{TEN}., {TEN} nu.]",
        "står her to gange",
    ),
    "a myth nobody meets": (TRE, "myths: [egen-indsats]", "myths: [leder]", "«egen-indsats» står intet sted i «tre»"),
    "a myth that is gone": (
        "registers/myths.yaml",
        "  anonym: {title: Mit navn er ude af det, text: Det passer ikke., source: Opdigtet til test.}\n",
        "",
        "Myten «anonym» mangler",
    ),
    "a myth of unknown law": (
        "registers/myths.yaml",
        "  anonym: {title:",
        "  anonym: {law: [proeve-plig], title:",
        "«proeve-plig» findes ikke i law/. Mente du «proeve-pligt»?",
    ),
    "an unknown myth": (TRE, "myths: [egen-indsats]", "myths: [egen-indsatz]", "«egen-indsatz» findes ikke i myths/"),
    "two doors": (TEXTS, "  droeft: {title: Tal med nogen, text: Uden barnets navn.}\n", "", "Her er 2."),
    "a chair too few": (
        "themes/slag.yaml",
        "  flere:\n    scenario: sult-kort\n",
        "  andre:\n    scenario: sult-kort\n",
        "«slag» har ingen stol til «flere»",
    ),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_what_is_left_out_is_told(tmp_path: Path, what: str) -> None:
    file, before, after, told = LEFT_OUT[what]
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    text = (copy / file).read_text("utf-8")
    assert before in text
    (copy / file).write_text(text.replace(before, after, 1), "utf-8")
    library, findings = load(copy)
    found = [f for f in errors([*findings, *check(library)]) if told in f.message]
    assert found and all(f.line for f in found)


def test_nothing_is_left_out(demo: Library, content: Library) -> None:
    assert [*depth(demo), *depth(content)] == []


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Senest om 14 dage.", [14]),
        ("Om fire uger, eller inden for en uge.", [28, 7]),
        ("Spørg i den første uge. Skriv en dato, senest om 14 dage. Spørg igen efter en måned.", [14, 30]),
        ("Ring i dag, i morgen og ved næste tid.", []),
    ],
)
def test_the_periods_of_a_text(text: str, days: list[int]) -> None:
    assert periods(text) == days


def test_every_undren_and_bekymring_gives_a_date(content: Library) -> None:
    """Counted here without the check."""
    outcomes = [outcome for playable in content.flows.values() for outcome in playable.flow.outcomes.values()]
    low = [outcome.look for outcome in outcomes if outcome.level in ("undren", "bekymring")]
    assert len(low) > 20 and {7, 14, 28} == set(low)


def test_every_myth_is_shown_in_every_flow(content: Library) -> None:
    """Counted here without the check."""
    assert set(MYTHS) <= content.myths.keys()
    for playable in content.flows.values():
        written = str([q.myths for q in playable.flow.questions.values()])
        written += str([o.myths for o in playable.flow.outcomes.values()])
        assert [name for name in MYTHS if f"'{name}'" not in written] == []
