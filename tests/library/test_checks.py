"""The content rules and the invariants: each is broken by one small change of the demo content, and says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guide.library.checks import check
from guide.library.library import load
from tests.conftest import DEMO

TRE, OUTCOMES, SCENARIOS = "flows/tre/flow.yaml", "flows/tre/outcomes.yaml", "flows/tre/scenarios.yaml"
AKUT, FLERE_OUT = "flows/shared/akut.yaml", "flows/flere/outcomes.yaml"
DOUBT = next(line for line in (DEMO / TRE).read_text("utf-8").splitlines(keepends=True) if "ved-ikke:" in line)

BREAKS = {
    "unknown contact": (
        OUTCOMES,
        "contacts: [modtagelse, doegnvagt]",
        "contacts: [modtagelsen, doegnvagt]",
        "«modtagelsen» findes ikke i contacts/. Mente du «modtagelse»?",
    ),
    "unknown law": (
        OUTCOMES,
        "law: [proeve-pligt, proeve-tvivl]",
        "law: [proeve-plig]",
        "«proeve-plig» findes ikke i law/.",
    ),
    "unknown letter": (OUTCOMES, "letters: [proeve]", "letters: [prove]", "«prove» findes ikke i letters/."),
    "unknown signs": (OUTCOMES, "signs: [proeve]", "signs: [prove]", "«prove» findes ikke i signs/."),
    "no contact": (OUTCOMES, "contacts: [modtagelse, doegnvagt]", "contacts: []", "contacts"),
    "no law": (OUTCOMES, "    law: [proeve-pligt, proeve-tvivl]\n", "", "law"),
    "no level": (OUTCOMES, "    level: straks\n", "", "level"),
    "paragraph by hand": (OUTCOMES, "help: Ring nu.", "help: Ring nu, siger § 133.", "Skriv ikke paragraffer i hånden"),
    "never said": (OUTCOMES, "help: Se igen.", "help: Du skal ikke underrette.", "siger aldrig"),
    "anonymous": (OUTCOMES, "help: Se igen.", "help: Ring anonymt.", "drøft uden barnets navn"),
    "unknown law link": (OUTCOMES, "help: Se igen.", "help: 'Se [loven](lov:findes-ikke).'", "lov:findes-ikke"),
    "unknown step in advice": (
        OUTCOMES,
        "when: {slag: ved-ikke}",
        "when: {slg: ved-ikke}",
        "«slg» i «when» findes ikke. Mente du «slag»?",
    ),
    "unknown option in advice": (
        OUTCOMES,
        "when: {slag: ved-ikke}",
        "when: {slag: ved-ike}",
        "«ved-ike» findes ikke på «slag»",
    ),
    "scenario ends elsewhere": (
        SCENARIOS,
        "trist: nej}, ends: undren",
        "trist: nej}, ends: straks",
        "ender i «undren»",
    ),
    "option never visited": (
        SCENARIOS,
        "fare-maaske: {title: Måske fare, answers: {akut-fare: ved-ikke}, ends: akut}\n",
        "",
        "Intet scenarie vælger «ved-ikke» på «akut-fare»",
    ),
    "text missing": ("registers/texts.yaml", "  straks:", "  akut-x:", "straks"),
    "blank unknown": ("letters/proeve.md", "{{navn}}", "{{navnet}}", "«navnet» er ikke beskrevet"),
    "blank unused": ("letters/proeve.md", "{{navn}}", "du", "«navn» bruges ikke"),
    "page missing": ("pages/farvel.md", None, None, "pages/farvel.md"),
    "to-check without what": (
        "law/proevelov.yaml",
        "    confirm: Om paragraffen findes.\n",
        "",
        "hvad en jurist skal bekræfte",
    ),
    "I2 first question not acute": (
        AKUT,
        "ja: {label: Ja, flags: [akut], goto: akut}\n      ved-ikke: {label: Ved ikke, flags: [akut], goto: akut}",
        "ja: {label: Ja, goto: akut}\n      ved-ikke: {label: Ved ikke, goto: akut}",
        "Det første spørgsmål skal være det akutte",
    ),
    "I3 acute does not end acute": (AKUT, "level: akut", "level: straks", "(I3)"),
    "I4 danger below straks": (OUTCOMES, "    level: straks", "    level: underret", "(I4)"),
    "I5 parents first after danger": (
        OUTCOMES,
        "level: straks\n    parents: ikke",
        "level: straks\n    parents: foerst",
        "(I5)",
    ),
    "tilkald after violence": (
        OUTCOMES,
        "level: straks\n    parents: ikke",
        "level: straks\n    parents: tilkald",
        "(I5)",
    ),
    "C1 told although nobody knows who": (
        OUTCOMES,
        "level: straks\n    parents: ikke",
        "level: straks\n    parents: efter-aftale",
        "Efter «vold» har intet svar sagt, hvem der kan stå bag. Forældrereglen er «efter-aftale», ikke «ikke» (I6).",
    ),
    "C2 self-harm below straks": (
        TRE,
        "ja: {label: Ja, goto: bekymring}",
        "ja: {label: Ja, flags: [selvskade], goto: bekymring}",
        "(C2)",
    ),
    "C27 absence at the limit below underret": (
        TRE,
        "ja: {label: Ja, goto: bekymring}",
        "ja: {label: Ja, flags: [fravaer-15], goto: bekymring}",
        "(C27)",
    ),
    "a principle that no scenario shows": (
        SCENARIOS,
        ", principles: [p1]",
        "",
        "flows/tre/scenarios.yaml: Intet scenarie viser fagreglen «p1»: Slag er slag.",
    ),
    "unknown principle": (SCENARIOS, "principles: [p1]", "principles: [p1, p3]", "«p3» i «principles» findes ikke."),
    "principle of an unknown flow": (
        "registers/principles.yaml",
        "flows: [tre]",
        "flows: [tre, trre]",
        "Flowet «trre» findes ikke. Mente du «tre»?",
    ),
    "ages without signs": (TRE, "start: akut-fare", "start: akut-fare\nages: [0-1]", "aldersgruppen «0-1»"),
    "I8 no way out for doubt": (TRE, DOUBT, "", "«ved-ikke» (I8)"),
    "I8 doubt below no": (
        TRE,
        "nej: {label: Nej, goto: trist}\n      ved-ikke: {label: Ved ikke, goto: straks,",
        "nej: {label: Nej, goto: straks}\n      ved-ikke: {label: Ved ikke, goto: trist,",
        "«ved-ikke» kan ende i «undren»",
    ),
    "C5 acute with the parents first": (AKUT, "parents: ikke", "parents: foerst", "(C5)"),
    "I11 acute without 112 first": (AKUT, "contacts: [alarm]", "contacts: [politi]", "112"),
    "I11 straks without døgnvagt": (OUTCOMES, "contacts: [modtagelse, doegnvagt]", "contacts: [modtagelse]", "(I11)"),
    "C12 nothing that lifts": (OUTCOMES, "raises: [Flere tegn, Det bliver værre]", "raises: [Flere tegn]", "(C12)"),
    "C12 no new look": (OUTCOMES, "    again: Om to uger.\n", "", "(C12)"),
    "reserved kommune": ("registers/kommuner.csv", "nabo,002", "tegn,002", "«tegn» er optaget"),
    "kommune not in the register": (
        "municipalities/proeve/municipality.yaml",
        "code: '001'",
        "code: '002'",
        "Koden 002 hører ikke til",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_rule_can_fail(tmp_path: Path, name: str) -> None:
    file, before, after, told = BREAKS[name]
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / file
    if before is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after or "", 1), encoding="utf-8")
    library, findings = load(folder)
    found = [str(f) for f in [*findings, *check(library)]]
    assert any(told in line for line in found), found


def test_a_broken_invariant_tells_the_way_there(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / OUTCOMES
    path.write_text(
        path.read_text(encoding="utf-8").replace("    level: straks", "    level: underret"), encoding="utf-8"
    )
    library, _ = load(folder)
    (told,) = [f.message for f in check(library) if "(I4)" in f.message]
    assert "«Er der fare nu?»: «Nej» → «Er barnet blevet slået?»: «Ja»" in told


def test_too_many_questions_after_danger(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / TRE
    text = path.read_text(encoding="utf-8").replace("flags: [vold], goto: straks}", "flags: [vold], goto: en}")
    for name, after in (("en", "to"), ("to", "tre"), ("tre", "fire"), ("fire", "straks")):
        options = f"{{a: {{label: A, goto: {after}}}, b: {{label: B, goto: {after}}}}}"
        text += f"  {name}:\n    title: {name}\n    options: {options}\n"
    path.write_text(text, encoding="utf-8")
    library, _ = load(folder)
    assert any("Efter svaret «vold» kan der komme 4 spørgsmål; højst 3 (I18)." in str(f) for f in check(library))


def test_a_walk_of_more_than_fifteen_questions(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    path = folder / TRE
    text = path.read_text(encoding="utf-8").replace("nej: {label: Nej, goto: undren}", "nej: {label: Nej, goto: q1}")
    for n in range(1, 14):
        after = f"q{n + 1}" if n < 13 else "undren"
        text += (
            f"  q{n}:\n    title: Q\n    options: {{a: {{label: A, goto: {after}}}, b: {{label: B, goto: {after}}}}}\n"
        )
    path.write_text(text, encoding="utf-8")
    library, _ = load(folder)
    assert any("Udfaldet kan kræve 16 svar; højst 15 (I18)." in str(f) for f in check(library))
