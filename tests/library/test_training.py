"""The material of a temadag refers to what there is and adds up: each rule is broken once; the shipped one is whole."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.library import Library, load
from guide.library.readability import readability
from guide.library.texts import plain, texts
from guide.library.training import BRIEFING, asked_cases, training
from guide.model import Programme, Wall
from tests.conftest import DEMO
from tests.test_content import FLOWS

PROGRAMME, SHORT = "training/dag.yaml", "training/tre.yaml"

FILES = {
    PROGRAMME: """
title: En dag
help: Til test.
minutes: 30
blocks:
  start:
    title: Start
    minutes: 10
    say: Hej.
    wall: [slides, rum]
    slide: {title: Hej, law: [proeve-pligt], contacts: [alarm], signs: [stille], case: slaaet}
  slut: {title: Slut, minutes: 20, say: Farvel.}
cases: [slaaet]
rules: [Tal pænt.]
before: [Ring i går.]
during: [Lyt.]
after: [Ryd op.]
mail: Kom igen.
agenda: [Tal sammen.]
source: Opdigtet til test.
""",
    SHORT: """
title: Kort
flow: tre
help: Til test.
minutes: 7
blocks:
  hele: {title: Hele, minutes: 7, say: Hej., slide: {title: Hej, levels: [straks], parents: [ikke]}}
reflect: [Hvem ringer?, Hvem bliver?, Hvad siger vi?]
cases: [slaaet]
source: Opdigtet til test.
""",
}

BREAKS = {
    "law": (PROGRAMME, "proeve-pligt", "proeve-plikt", "«proeve-plikt» findes ikke i law/. Mente du «proeve-pligt»?"),
    "contact": (PROGRAMME, "[alarm]", "[alram]", "«alram» findes ikke i contacts/. Mente du «alarm»?"),
    "sign": (PROGRAMME, "[stille]", "[stile]", "«stile» findes ikke i signs/. Mente du «stille»?"),
    "myth": (PROGRAMME, "signs: [stille]", "myths: [ledder]", "findes ikke i registers/myths.yaml."),
    "case on the wall": (PROGRAMME, "case: slaaet", "case: slaet", "«slaet» findes ikke i cases/. Mente du «slaaet»?"),
    "case with cards": (PROGRAMME, "cases: [slaaet]", "cases: [slaet]", "«slaet» findes ikke i cases/."),
    "minutes": (PROGRAMME, "minutes: 20", "minutes: 25", "Delene tager 35 minutter, men her står 30."),
    "mail": (PROGRAMME, "mail: Kom igen.\n", "", "Tilføj «mail»: mailen efter tre måneder."),
    "agenda": (PROGRAMME, "agenda: [Tal sammen.]\n", "", "Tilføj «agenda»: dagsordenen efter tre måneder."),
    "rules": (PROGRAMME, "rules: [Tal pænt.]\n", "", "Tilføj «rules»: reglerne for dagen."),
    "before": (PROGRAMME, "before: [Ring i går.]\n", "", "Tilføj «before»: tjeklisten før dagen."),
    "during": (PROGRAMME, "during: [Lyt.]\n", "", "Tilføj «during»: tjeklisten under dagen."),
    "after": (PROGRAMME, "after: [Ryd op.]\n", "", "Tilføj «after»: tjeklisten efter dagen."),
    "cases in another order": (PROGRAMME, "cases: [slaaet]", "cases: [ro, slaaet]", "i en anden rækkefølge: slaaet."),
    "what no projector shows": (PROGRAMME, "[slides, rum]", "[slides, ruum]", "Mente du «rum»?"),
    "a name": (PROGRAMME, "Farvel.", "Sig det til Karen Holm.", "«Karen Holm» ligner et navn"),
    "a verdict": (PROGRAMME, "Farvel.", "Det var for tidligt at underrette.", "aldrig et forkert svar"),
    "§ by hand": (PROGRAMME, "Farvel.", "Se § 133.", "Skriv ikke paragraffer i hånden."),
    "a second programme": (SHORT, "flow: tre\n", "", "Der er allerede et program uden «flow»: training/dag.yaml."),
    "unknown flow": (SHORT, "flow: tre", "flow: tree", "Flowet «tree» findes ikke. Mente du «tre»?"),
    "another's case": (SHORT, "flow: tre", "flow: flere", "Sagen «slaaet» er til «tre». Vælg en til «flere»."),
    "too long": (SHORT, "minutes: 7", "minutes: 8", f"Et kort oplæg tager højst {BRIEFING} minutter."),
    "too few questions": (SHORT, "Hvem bliver?, ", "", "Skriv 3 eller 4 spørgsmål at tale om."),
    "nothing on the wall": (SHORT, ", slide: {title: Hej, levels: [straks], parents: [ikke]}", "", "Tilføj «slide»."),
    "unknown level": (SHORT, "[straks]", "[strks]", "Mente du «straks»?"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo content with a programme and a briefing."""
    made = tmp_path / "content"
    shutil.copytree(DEMO, made)
    (made / "training").mkdir(exist_ok=True)
    for file, text in FILES.items():
        (made / file).write_text(text, encoding="utf-8")
    return made


def test_material_without_a_fault_is_not_faulted(folder: Path) -> None:
    library, findings = load(folder)
    assert list(library.training) == ["dag", "tre"]
    assert errors([*findings, *check(library)]) == []


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_told_at_its_place(folder: Path, name: str) -> None:
    file, old, new, said = BREAKS[name]
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    library, findings = load(folder)
    told = [found for found in errors([*findings, *check(library)]) if found.file == file]
    assert any(said in found.message for found in told), told
    assert all(found.line for found in told)


def test_a_case_that_cannot_be_read_is_not_said_to_be_missing(folder: Path) -> None:
    case = folder / "cases" / "slaaet.yaml"
    case.write_text(case.read_text("utf-8").replace("levels: [straks, akut]", "levels: []"), encoding="utf-8")
    assert list(training(load(folder)[0])) == []


def test_a_heavy_block_is_warned_of(folder: Path) -> None:
    """Planted: long words in what is said. The shipped material has no such warning."""
    heavy = "Underretningsforpligtelsens iværksættelsestidspunkt forudsætter myndighedsinddragelse."
    path = folder / PROGRAMME
    path.write_text(path.read_text("utf-8").replace("Farvel.", heavy), encoding="utf-8")
    told = [found for found in readability(load(folder)[0]) if found.file == PROGRAMME]
    assert ["slut" in found.message and found.warning for found in told] == [True]


INVITES = re.compile(
    r"\b[Ss]ig det (?:til mig|i pausen)|\bog sig det\b|hvad de har set og hørt|\b[Kk]om til mig"
    r"|\btale om et barn, (?:du|I) kender"
)
"""Words by which a trainer would hear what somebody must not tell."""


def _programme(content: Library) -> Programme:
    return next(one for one in content.training.values() if one.flow is None)


def test_the_shipped_programme_takes_two_hours_and_has_what_a_trainer_needs(content: Library) -> None:
    """C36: a way out, no real cases, what one expected of the others, cards, the last ten minutes, and then."""
    programme = _programme(content)
    blocks = list(programme.blocks.values())
    assert programme.minutes == sum(block.minutes for block in blocks) == 120
    assert list(programme.blocks)[:2] == ["velkommen", "regler"] and blocks[-1].minutes == 10
    assert "gå ud" in blocks[0].say and "ingen rigtige sager" in blocks[1].say
    assert blocks[-1].title == "Hvem gør hvad på mandag?"
    assert "de-andre" in programme.blocks and "ventede" in programme.blocks["de-andre"].say
    assert programme.mail and len(programme.agenda) >= 3
    assert 2 <= len(programme.cases) <= 3
    assert {block.slide.case for block in blocks if block.slide and block.slide.case} <= set(programme.cases)
    assert len({content.cases[name].flow for name in programme.cases}) > 1


def test_every_part_says_what_is_on_the_wall(content: Library) -> None:
    """Phones join while the room is shown; the first cases are asked of in it, in the order of the programme."""
    programme = _programme(content)
    walls = {name: block.wall for name, block in programme.blocks.items()}
    assert walls["velkommen"] == (Wall.slides,) and walls["regler"] == (Wall.slides, Wall.room)
    assert {name for name, wall in walls.items() if wall == (Wall.room,)} == {"sag-1", "sag-2"}
    assert asked_cases(programme) == programme.cases[:2]
    for block in programme.blocks.values():
        asks = any(line.partition(": ")[2].startswith(("Svar igen", "Luk for svar")) for line in block.do)
        assert not asks or block.wall == (Wall.room,), block.title


def test_the_rules_and_the_checklist_name_what_a_trainer_can_do(content: Library) -> None:
    """The buttons of the page one steers from, by the words on them."""
    programme = _programme(content)
    assert all(line.startswith("**") for line in programme.rules) and "Ingen rigtige sager" in programme.rules[0]
    regler = programme.blocks["regler"]
    assert "»Spring over«" in regler.say
    told = " ".join((*regler.do, *programme.before, *programme.during, *programme.after))
    for word in ("»Vis kun hele rummet«", "»Luk for nye telefoner«", "»Åbn for svar igen«", "»Slut temadagen«"):
        assert word in told, word


def test_a_case_is_answered_talked_about_and_answered_again(content: Library) -> None:
    """The minutes of each step of a case add up to the minutes of the block."""
    for name in ("sag-1", "sag-2"):
        block = _programme(content).blocks[name]
        assert sum(int(line.split(" ", 1)[0]) for line in block.do) == block.minutes, name
        assert any(line.partition(": ")[2].startswith("Svar igen") for line in block.do), name


def test_nobody_is_asked_to_tell_of_a_real_child(content: Library) -> None:
    """Who thinks of one opens the guide and gets help with it; the trainer comes from another workplace (C36)."""
    programme = _programme(content)
    assert {name: left for name, one in content.training.items() if (left := inviting(one))} == {}
    for part in ("velkommen", "pause"):
        block = programme.blocks[part]
        assert "åbn guiden" in block.say and "Sig ikke navn, sted eller noget" in block.say
        assert block.slide and "guiden" in block.slide.text
    assert any("navn" in rule and "sted" in rule and "ringer de nu" in rule for rule in programme.rules)


@pytest.mark.parametrize(
    "said",
    [
        "Sig det til mig i pausen.",
        "Så kom og sig det nu.",
        "Spørg, hvad de har set og hørt.",
        "Her kan I tale om et barn, I kender.",
        "Kom til mig i pausen.",
    ],
)
def test_words_that_ask_for_a_real_child_are_found(content: Library, said: str) -> None:
    (found,) = inviting(_programme(content).model_copy(update={"mail": said}))
    assert found in said


def test_one_sign_can_be_enough(content: Library) -> None:
    """No briefing teaches to wait for the next sign."""
    said = {name: one.blocks["tegn"].say for name, one in content.training.items() if one.flow}
    assert [name for name, words in said.items() if "sjældent" in words or "vent" not in words] == []


def test_the_cases_of_the_programme_do_not_all_have_a_leader_who_waits(content: Library) -> None:
    cases = [content.cases[name] for name in _programme(content).cases]
    assert sum(bool(re.search(r"\bleder\w*\b", plain(case.text))) for case in cases) == 1
    assert len({case.flow for case in cases}) == len(cases) == 3


def test_each_faggruppe_has_a_briefing_of_seven_minutes(content: Library) -> None:
    briefings = {one.flow: one for one in content.training.values() if one.flow}
    assert briefings.keys() == set(FLOWS) == content.training.keys() - {"temadag"}
    for flow, briefing in briefings.items():
        slides = [block.slide for block in briefing.blocks.values() if block.slide]
        assert briefing.minutes == BRIEFING, flow
        for key in ("signs", "law", "levels", "parents", "contacts"):
            assert any(getattr(slide, key) for slide in slides), (flow, key)


def test_nothing_of_the_guide_is_copied_into_the_material(content: Library) -> None:
    """What stands in the law, the signs, the cases and the texts of levels is named by id, never written anew."""
    assert copied(content) == []


def test_a_copied_sentence_is_found(content: Library) -> None:
    """Planted: a rule of the law in what the trainer says."""
    programme = content.training["skole"]
    block = programme.blocks["pligten"].model_copy(update={"say": content.law["personlig-pligt"].text})
    changed = programme.model_copy(update={"blocks": {**programme.blocks, "pligten": block}})
    assert copied(replace(content, training={**content.training, "skole": changed}))


def inviting(programme: Programme) -> list[str]:
    """What asks somebody to tell of a child from work."""
    return [hit.group() for _, text in texts(programme) for hit in INVITES.finditer(plain(text))]


def copied(library: Library) -> list[str]:
    """Sentences of eight words or more of the material that also stand in the guide."""
    assert library.texts
    words = [*library.law.values(), *library.cases.values(), *library.signs.values(), library.texts]
    guide = " ".join(plain(text) for word in words for _, text in texts(word))
    said = [plain(text) for one in library.training.values() for path, text in texts(one) if path[-1] != "source"]
    found = [part.strip() for text in said for part in text.replace("?", ".").split(".")]
    return [part for part in found if len(part.split()) >= 8 and part in guide]
