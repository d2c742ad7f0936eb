"""A flow from its files: what is wrong with it as a graph is told at the right place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import Library, load
from tests.conftest import DEMO

TRE = "flows/tre/flow.yaml"
FLERE = "flows/flere/flow.yaml"
OUTCOMES = "flows/tre/outcomes.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo content to break."""
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def change(folder: Path, file: str, before: str, after: str) -> list[str]:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return [str(f) for f in load(folder)[1]]


def test_shared_steps_come_in_with_their_exits_and_the_flows_own_words(demo: Library) -> None:
    tre, flere = demo.flows["tre"].flow, demo.flows["flere"].flow
    assert tre.questions["akut-fare"].options["nej"].goto == "slag"
    assert flere.questions["akut-fare"].options["nej"].goto == "hvad"
    assert flere.questions["akut-fare"].title == "Er der fare lige nu?", "a flow may give a shared step its own words"
    assert tre.questions["akut-fare"].title == "Er der fare nu?"
    mark = demo.flows["flere"].source.document.mark(("questions", "akut-fare", "title"))
    assert mark.file == FLERE
    assert demo.flows["flere"].source.document.mark(("outcomes", "akut", "level")).file == "flows/shared/akut.yaml"


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (TRE, "goto: trist}", "goto: trits}", f"{TRE}:14:25: Trinnet «trits» findes ikke. Mente du «trist»?"),
        (TRE, "{videre: slag}", "{videre: slga}", "Trinnet «slga» findes ikke. Mente du «slag»?"),
        (TRE, "{videre: slag}", "{vider: slag}", "«akut» har ingen udgang «vider». Mente du «videre»?"),
        (TRE, "{videre: slag}", "{}", "«use» af «akut» mangler udgangen «videre»."),
        (TRE, "akut: {", "akutt: {", "Fælles trin «akutt» findes ikke. Mente du «akut»?"),
        (TRE, "akut: {", "../../x: {", "findes ikke"),
        (TRE, "akut: {", "x" * 400 + ": {", "findes ikke"),
        (TRE, "start: akut-fare", "start: akut", "Startspørgsmålet «akut» findes ikke. Mente du «akut-fare»?"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: slag}", "Vejen går i ring"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej}", "«trist» kan ende blindt"),
        (TRE, "nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: bekymring}", "«undren» kan ikke nås"),
        (FLERE, "      - goto: bekymring\n  laenge", "  laenge", "«hvem» kan ende blindt: sidste regel"),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{hvad: slga, hvem: hjemme}",
            "Svaret «slga» findes ikke på «hvad». Mente du «slag»?",
        ),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{vad: slag, hvem: hjemme}",
            "Trinnet «vad» i «when» findes ikke. Mente du «hvad»?",
        ),
        (FLERE, "sult: {label: Sult}", "sult: {label: Sult, goto: straks}", "så vejen videre skal stå i «next»"),
        (
            FLERE,
            "{hvad: slag, hvem: hjemme}",
            "{laenge: ja, hvem: hjemme}",
            "«straks» kan ikke nås: ingen svar passer til reglerne.",
        ),
        (OUTCOMES, "  undren:", "  slag:", "«slag» er både spørgsmål og udfald."),
    ],
)
def test_what_is_wrong_is_told(folder: Path, file: str, before: str, after: str, told: str) -> None:
    found = change(folder, file, before, after)
    assert any(told in line for line in found), found


SCENARIOS, AKUT, UBRUGT = "flows/tre/scenarios.yaml", "flows/shared/akut.yaml", "flows/shared/ubrugt.yaml"

SLIPS = {
    TRE: ("goto: trist}", "goto: trits}", f"{TRE}:14:25: Trinnet «trits» findes ikke. Mente du «trist»?"),
    FLERE: ("kind: several", "kind: severl", f"{FLERE}:14:5: «kind»: «severl» kendes ikke."),
    OUTCOMES: ("letters: [proeve]", "letters: [prove]", f"{OUTCOMES}:13:15: «prove» findes ikke i letters/."),
    SCENARIOS: ("ends: straks, law", "ends: strks, law", f"{SCENARIOS}:3:"),
    AKUT: ("do: [Ring.]", "do: ['Ring anonymt. Se § 9.']", f"{AKUT}:16:10: Skriv ikke paragraffer i hånden."),
    "contacts/national.yaml": ("phone: '112'", "phone: 0112 9", "contacts/national.yaml:2:42: «phone»: «0112 9»"),
    "municipalities/proeve/municipality.yaml": ("'001'", "'1'", "municipality.yaml:2:1: «code»: «1» er ikke"),
    "registers/kommuner.csv": ("nabo,002", "nabo,02", "kommuner.csv:3:1: «kommunekode»: «02»"),
}


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def everything(folder: Path) -> list[str]:
    library, findings = load(folder)
    return [str(f) for f in sorted({*findings, *check(library)})]


def test_all_errors_of_all_files_at_once(folder: Path) -> None:
    for file, (before, after, _) in SLIPS.items():
        spoil(folder, file, before, after)
    found = everything(folder)
    for _, _, told in SLIPS.values():
        assert any(told in line for line in found), (told, found)


@pytest.mark.parametrize("broken", [TRE, OUTCOMES, AKUT, SCENARIOS])
def test_a_file_that_cannot_be_read_hides_no_error_in_another(folder: Path, broken: str) -> None:
    """One syntax error; every other slip of the flow and its shared steps is told, and nothing that is not one."""
    slips = {
        TRE: ("kind: one", "kind: on", "«on» kendes ikke"),
        OUTCOMES: ("level: undren", "level: undre", "«undre» kendes ikke"),
        AKUT: ("level: akut", "level: akute", "«akute» kendes ikke"),
        SCENARIOS: ("ends: undren", "ends: undren, x: y", "«x» kendes ikke"),
    }
    spoil(folder, TRE, "    title: Er barnet trist?", "    title: Er barnet trist?\n    kind: one")
    for file, (before, after, _) in slips.items():
        spoil(folder, file, before, "'" if file == broken else after)
    found = [line for line in everything(folder) if not line.startswith("flows/flere")]
    for file, (_, _, told) in slips.items():
        assert any(line.startswith(f"{file}:") and (file == broken or told in line) for line in found), (file, found)
    assert not any("findes ikke" in line or "mangler" in line for line in found if broken not in line), found


@pytest.mark.parametrize("broken", [OUTCOMES, AKUT])
def test_references_and_words_are_looked_at_in_half_a_flow(folder: Path, broken: str) -> None:
    """Words and references in flow.yaml are told even when another file of the flow cannot be read at all."""
    (folder / broken).write_text("'", encoding="utf-8")
    spoil(folder, TRE, "title: Er barnet trist?", "title: Ring anonymt\n    signs: [prove]")
    if broken == OUTCOMES:
        found = [line for line in everything(folder) if line.startswith("flows/tre")]
        assert any("drøft uden barnets navn" in line for line in found), found
        assert any("«prove» findes ikke i signs/." in line for line in found), found
        assert not any("Trinnet" in line and "findes ikke" in line for line in found if TRE in line), found


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("goto: trist}", "goto: trits}", "Trinnet «trits» findes ikke."),
        ("nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: slag}", "Vejen går i ring: slag → trist → slag."),
        ("start: akut-fare", "start: akut", "Startspørgsmålet «akut» findes ikke."),
    ],
)
def test_a_wrong_graph_hides_nothing_else(folder: Path, before: str, after: str, told: str) -> None:
    spoil(folder, TRE, before, after)
    spoil(folder, OUTCOMES, "contacts: [modtagelse, doegnvagt]", "contacts: [modtagelsen, doegnvagt]")
    spoil(folder, OUTCOMES, "law: [proeve-pligt, proeve-tvivl]", "law: [proeve-plig]")
    spoil(folder, OUTCOMES, "help: Ring nu.", "help: Ring anonymt.")
    spoil(folder, OUTCOMES, "when: {slag: ved-ikke}", "when: {slag: ved-ike}")
    spoil(folder, SCENARIOS, "never: [trist]", "never: [trits]")
    found = everything(folder)
    for said in (
        told, "«modtagelsen» findes ikke i contacts/.", "«proeve-plig» findes ikke i law/.", "drøft uden barnets navn",
        "Svaret «ved-ike» findes ikke på «slag».", f"{SCENARIOS}:3:104: «trits» i «never» findes ikke. Mente du",
    ):  # fmt: skip
        assert any(said in line for line in found), (said, found)


def test_a_wrong_flow_can_never_be_walked(folder: Path) -> None:
    spoil(folder, TRE, "goto: trist}", "goto: trits}")
    library, _ = load(folder)
    assert set(library.flows) == {"flere"} and set(library.drafts) == {"tre"}
    assert library.playable("proeve", "tre") is None


def test_a_shared_file_that_nobody_uses_is_read(folder: Path) -> None:
    (folder / UBRUGT).write_text("title: x: y\n", encoding="utf-8")
    assert everything(folder) == [f"{UBRUGT}:1:9: Der står et kolon i teksten. Sæt teksten i anførselstegn."]


@pytest.mark.parametrize("room", ["questions", "outcomes"])
def test_two_shared_files_with_the_same_step(folder: Path, room: str) -> None:
    text = (folder / AKUT).read_text(encoding="utf-8")
    text = text if room == "questions" else text.replace("akut-fare", "andet")
    (folder / UBRUGT).write_text(text, encoding="utf-8")
    step = "akut-fare" if room == "questions" else "akut"
    said = f"Trinnet «{step}» står også i akut.yaml. Giv det ene et andet navn."
    assert any(line.startswith(f"{UBRUGT}:") and line.endswith(said) for line in everything(folder))


def test_an_error_in_a_shared_file_is_told_once_and_there(folder: Path) -> None:
    spoil(folder, AKUT, "level: akut", "level: akute")
    assert len(everything(folder)) == 1


def test_a_shared_file_with_any_shape_never_raises(folder: Path) -> None:
    for text in (
        "questions: [a]", "questions: {akut-fare: a}", "questions: {akut-fare: {options: [a], next: {b: c}}}",
        "questions: {akut-fare: {options: {ja: {goto: [a]}}}}", "outcomes: x", "exits: {a: b}", "exits: [a, [b]]",
    ):  # fmt: skip
        (folder / AKUT).write_text(text, encoding="utf-8")
        assert any(line.startswith(AKUT) for line in everything(folder)), text


def test_a_missing_key_is_missing_from_the_flows_own_file(folder: Path) -> None:
    found = change(folder, TRE, "audience: Dem, der tester\n", "")
    assert found == [f"{TRE}:1:1: «audience» mangler i filen. Tilføj linjen «audience: …» (Hvem vejledningen er til)."]


ELSEWHERE = (
    "title: Andre steder\nquestions:\n  andet:\n    title: Andet?\n    options: {a: {label: A}, b: {label: B}}\n"
)


def test_shared_advice_for_a_question_the_flow_does_not_ask_is_left_out(folder: Path) -> None:
    shared = folder / "flows" / "shared"
    (shared / "andet.yaml").write_text(ELSEWHERE + "    next: [{goto: akut-fare}]\n", encoding="utf-8")
    advice = "do: [{text: Kun dér., when: {andet: a}}, Ring., {text: Her., when: {akut-fare: js}}]"
    spoil(folder, "flows/shared/akut.yaml", "do: [Ring.]", advice)
    library, findings = load(folder)
    assert findings == []
    assert [piece.text for piece in library.flows["tre"].flow.outcomes["akut"].do] == ["Ring.", "Her."]
    (told,) = {str(f) for f in check(library) if "«js»" in f.message}
    line = 2 + (shared / "akut.yaml").read_text("utf-8").splitlines().index("    help: Ring nu.")
    column = advice.index("akut-fare: js") + 5
    assert told.startswith(f"flows/shared/akut.yaml:{line}:{column}: "), "the place is that of what is left"


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("flows/shared/akut.yaml", "do: [Ring.]", "do: [Ring., {text: Hm., when: {anet: a}}]"),
        (OUTCOMES, "when: {slag: ved-ikke}", "when: {andet: a}"),
    ],
)
def test_advice_for_a_question_nobody_asks_is_told(folder: Path, file: str, before: str, after: str) -> None:
    text = ELSEWHERE + "    next: [{goto: akut-fare}]\n"
    (folder / "flows" / "shared" / "andet.yaml").write_text(text, encoding="utf-8")
    spoil(folder, file, before, after)
    assert any("i «when» findes ikke." in str(f) for f in check(load(folder)[0]))
