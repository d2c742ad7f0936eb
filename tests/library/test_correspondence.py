"""The letters: planted faults, each told at its place, and what must hold of the shipped ones, counted here anew."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.correspondence import correspondence, revealing
from guide.library.library import Library, load
from guide.library.readability import LIX_OF_OUTCOMES, WORDS_IN_A_SENTENCE, lix, sentences, words
from guide.library.texts import texts
from guide.model import Letter, Level, Parents, Reader
from tests.conftest import DEMO

TRE, FLERE, AKUT = "flows/tre/outcomes.yaml", "flows/flere/outcomes.yaml", "flows/shared/akut.yaml"
HJEM, VIDERE, WORDS = "letters/hjem.md", "letters/videre.md", "registers/judgements.yaml"
HAS, BOTH = "    letters: [proeve]\n    changes", "    letters: [proeve, hjem]\n    changes"

LETTERS = {
    HJEM: (
        "---\ntitle: Kom til en samtale\nto: foraeldre\nhelp: Skriv intet om bekymring.\nblanks:\n"
        "  tid: {label: Dag og tid, help: Spørg kommunen., needed: true}\nsource: Opdigtet til test.\n---\n"
        "Vi ses {{tid}}.\n"
    ),
    VIDERE: "---\ntitle: Videre\nto: fagperson\nhelp: Til en kollega.\nsource: Opdigtet til test.\n---\nHej\n",
}
"""Sound letters beside the one of the demo; what only the professional reads, their help, may say anything."""

FAULTS = {
    "no report on bekymring": (
        TRE,
        "    law: [proeve-pligt]\n    letters: [proeve]\n",
        "    law: [proeve-pligt]\n",
        "«bekymring» er «bekymring», men har ikke underretningen",
    ),
    "no report on underret": (
        FLERE,
        "myths: [loebende-sag], contacts: [modtagelse, doegnvagt], law: [proeve-pligt], letters: [proeve]}",
        "myths: [loebende-sag], contacts: [modtagelse, doegnvagt], law: [proeve-pligt]}",
        "«underret» er «underret», men har ikke underretningen",
    ),
    "no report on straks": (TRE, HAS, "    changes", "«straks» er «straks», men har ikke underretningen"),
    "no report on akut": (AKUT, "    letters: [proeve]\n", "", "«akut» er «akut», men har ikke underretningen"),
    "another letter is no report": (AKUT, "letters: [proeve]", "letters: [videre]", "men har ikke underretningen"),
    "to parents who may not know": (TRE, HAS, BOTH, "«hjem» er et brev til forældrene. Slet det her: reglen er «ikke»"),
    "to a colleague when parents may not know": (
        AKUT,
        "letters: [proeve]",
        "letters: [proeve, videre]",
        "«videre» er et brev til en anden fagperson",
    ),
    "no help": (HJEM, ", help: Spørg kommunen.", "", "«tid» skal udfyldes, men har ingen hjælp"),
    "a flow that is not there": (HJEM, "needed: true", "flows: [trre]", "Flowet «trre» findes ikke. Mente du «tre»?"),
    "a word in two groups": (
        WORDS,
        "    words: [virker]\n",
        "    words: [virker]\n    instead: Se.\n  to:\n    words: [Virker]\n",
        "«Virker» står allerede under «tolkning»",
    ),
    "a word twice in a group": (WORDS, "[virker]", "[virker, VIRKER]", "«VIRKER» står allerede under «tolkning»"),
    "a threat in the text": (HJEM, "Vi ses", "Vi ses, ellers underretter vi", "«underretter» hører ikke til i et brev"),
    "a worry in the title": (HJEM, "Kom til en samtale", "Vores bekymring", "«bekymring» hører ikke til i et brev"),
    "a suspicion in a label": (HJEM, "Dag og tid", "Vores mistanke", "«mistanke» hører ikke til i et brev"),
}


def demo_with_letters(tmp_path: Path) -> Path:
    """The demo content with a letter to parents and one to a colleague."""
    copy = Path(shutil.copytree(DEMO, tmp_path / "demo"))
    for file, text in LETTERS.items():
        (copy / file).write_text(text, "utf-8")
    return copy


@pytest.mark.parametrize("what", FAULTS)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, what: str) -> None:
    file, before, after, told = FAULTS[what]
    copy = demo_with_letters(tmp_path)
    text = (copy / file).read_text("utf-8")
    assert text.count(before) == 1
    (copy / file).write_text(text.replace(before, after), "utf-8")
    library, findings = load(copy)
    found = [f for f in errors([*findings, *check(library)]) if told in f.message]
    assert found and all(f.file.endswith(file) and f.line for f in found)


def test_sound_letters_are_not_told_of(tmp_path: Path) -> None:
    copy = demo_with_letters(tmp_path)
    text = (copy / TRE).read_text("utf-8")
    (copy / TRE).write_text(text.replace("law: [proeve-tvivl]\n", "law: [proeve-tvivl]\n    letters: [hjem, videre]\n"))
    library, findings = load(copy)
    assert errors([*findings, *correspondence(library)]) == []
    assert library.letters.keys() == {"hjem", "proeve", "videre"}


@pytest.mark.parametrize("rule", Parents)
def test_the_rules_under_which_a_letter_may_reach_parents(tmp_path: Path, rule: Parents) -> None:
    """Only the two under which the professional tells them; each rule is tried."""
    library, _ = load(demo_with_letters(tmp_path))
    flow = library.flows["tre"].flow
    outcome = flow.outcomes["bekymring"].model_copy(update={"parents": rule, "letters": ("proeve", "hjem", "videre")})
    object.__setattr__(library.flows["tre"], "flow", flow.model_copy(update={"outcomes": {"bekymring": outcome}}))
    told = [finding.message for finding in correspondence(library)]
    allowed = rule in ("foerst", "orienter")
    assert len(told) == (0 if allowed else 2), told


@pytest.mark.parametrize(
    "text",
    [
        "Vi er bekymrede for Alma.",
        "Kommer I ikke, underretter vi.",
        "Kommer I ikke, ellers må vi gøre noget.",
        "Det er vores pligt at sige det.",
        "Vi taler med kommunen om jer.",
        "Hvis I ikke kommer, sker der noget.",
        "Det er sidste gang, I får en tid.",
        "Der kan blive åbnet en sag.",
        "Vi har en mistanke.",
        "Vi anmelder det.",
        "De kan fjerne jeres barn.",
        "Børneydelsen kan blive stoppet.",
        "Barnet har fortalt om vold.",
        "Vi skriver til krisecentret.",
        "Vi har under\u00adrettet.",
    ],
)
def test_words_that_no_letter_to_parents_has(text: str) -> None:
    assert revealing(text)


@pytest.mark.parametrize(
    "text",
    [
        "Kære forældremyndighedsindehaver",
        "Vil I hellere gå et andet sted hen, så sig det til os.",
        "Tandlægen fjerner tandsten.",
        "Vi vil gerne tale om hverdagen i 3. klasse.",
        "I må gerne tage en med, som I er trygge ved.",
    ],
)
def test_words_that_only_look_like_them(text: str) -> None:
    assert revealing(text) == []


# --- the shipped letters ------------------------------------------------------------------------------------------


def test_nothing_is_wrong_with_the_shipped_letters(content: Library, demo: Library) -> None:
    assert [*correspondence(content), *correspondence(demo)] == []


def test_every_outcome_from_bekymring_up_has_the_report(content: Library) -> None:
    """Counted without the check."""
    counted = 0
    for playable in content.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            if outcome.level is not Level.undren:
                assert "underretning" in outcome.letters, step
                counted += 1
    assert counted > 80


def test_no_letter_reaches_parents_who_may_not_be_told(content: Library) -> None:
    """By the names of the letters, so that a letter with the wrong `to` is seen too."""
    home = {"samtale", "overlevering", "udeblivelse-1", "udeblivelse-2", "udeblivelse-3"}
    assert content.letters.keys() == home | {"underretning"}
    seen = set[Parents]()
    for playable in content.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            if home & set(outcome.letters):
                assert outcome.parents in (Parents.foerst, Parents.orienter), step
                seen.add(outcome.parents)
    assert seen == {Parents.foerst, Parents.orienter}


def test_letters_to_parents_offer_help_and_threaten_nobody(content: Library) -> None:
    """In plain words, whatever the check looks for."""
    to_parents = [letter for letter in content.letters.values() if letter.to is Reader.foraeldre]
    assert len(to_parents) == 4
    for letter in to_parents:
        said = f"{letter.title} {letter.text}".casefold()
        assert not re.search("underret|kommune|bekymr|mistanke|anmeld|pligt|ellers", said)
        assert "tolk" in said and re.search("ringe? til", said), "each offers an interpreter and a voice"
        assert "Hvem kan læse dette?" in letter.help and "adresse" in letter.help  # C4


REPORT = ("foraeldre-orienteret", "foraeldrenes-syn")
"""The blanks that depend on the parents rule."""


def report(content: Library) -> Letter:
    return content.letters["underretning"]


def test_the_report_helps_by_the_parents_rule(content: Library) -> None:
    for name in REPORT:
        assert report(content).blanks[name].parents.keys() == set(Parents), name
    for rule in (Parents.ikke, Parents.kun_udsat, Parents.efter_aftale):
        said = " ".join(report(content).blanks[name].parents[rule] for name in REPORT)
        assert "»" in said, "what to write when they are not asked"
        assert not re.search(r"\b(?:ring til|spørg|fortæl) (?:forældrene|dem|begge)\b(?! ikke)", said, re.IGNORECASE), (
            said
        )


def test_the_first_part_is_enough_to_send(content: Library) -> None:
    """Every needed field stands before the second part, for every faggruppe: the one with ten minutes stops there."""
    first, second = report(content).text.split("DEL 2.")
    needed = {name for name, blank in report(content).blanks.items() if blank.needed}
    assert {name for name in needed if f"{{{{{name}}}}}" in first} == needed and len(needed) <= 10
    assert not [name for name in needed if report(content).blanks[name].flows]
    assert "{{vurdering}}" in second and "{{set-og-hoert}}" in first, "observations apart from thoughts"
    assert first.startswith("UNDERRETNING")


def test_every_faggruppe_has_fields_of_its_own(content: Library) -> None:
    """One line each, so that a line of another faggruppe can be left out with its heading."""
    lines = report(content).text.splitlines()
    for flow in content.flows:
        own = [name for name, blank in report(content).blanks.items() if blank.flows == (flow,)]
        assert len(own) == 2 and all(report(content).blanks[name].facts for name in own), flow
        for name in own:
            assert re.fullmatch(rf"[^{{}}]+: {{{{{name}}}}}", next(line for line in lines if name in line))


def test_every_blank_says_how_it_is_written(content: Library) -> None:
    for name, letter in content.letters.items():
        assert [blank for blank, word in letter.blanks.items() if not word.help] == [], name


def test_the_words_that_are_marked(content: Library) -> None:
    words = [word for group in content.judgements.values() for word in group.words]
    assert 60 <= len(words) == len({word.casefold() for word in words}) <= 160
    assert {"virker", "altid", "aggressiv", "omsorgssvigt", "ressourcesvag", "adhd", "tror", "utryg"} <= set(words)
    for word in ("nok", "bare", "fuld", "sagde", "græd", "vold"):
        assert word not in words, "it also means something one sees, or is the word to use"
    assert all(group.instead.endswith(".") or group.instead.endswith("?") for group in content.judgements.values())


def test_letters_are_as_easy_to_read_as_the_rest(content: Library) -> None:
    """No sentence longer than elsewhere, each letter under the limit of outcomes."""
    read = [
        (name, text) for name, letter in content.letters.items() for path, text in texts(letter) if path != ("source",)
    ]
    read += [(name, group.instead) for name, group in content.judgements.items()]
    long = [(name, one) for name, text in read for one in sentences(text) if len(words(one)) > WORDS_IN_A_SENTENCE]
    assert long == []
    for name, letter in content.letters.items():
        whole = "\n\n".join(f"{text}." for path, text in texts(letter) if path != ("source",))
        assert lix(whole) < LIX_OF_OUTCOMES, name
