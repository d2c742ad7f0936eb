"""The shipped cases and themes are enough for a temadag: how many, how varied, and like compared with like.

What must hold for each of them is in `guide/library/stories.py`, tried in `tests/library/test_stories.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from guide.library.library import Library
from guide.library.readability import WORDS_IN_A_SENTENCE, sentences, words
from guide.library.stories import SERIOUS, walk_of
from guide.library.texts import plain, texts
from guide.model import Case, Level, Outcome, Parents
from guide.web.material import cards
from tests.test_content import CALM, FLOWS

THEMES = {"udeblivelser", "blaa-maerker", "misbrug", "barnet-fortaeller", "fravaer", "vordende-foraeldre"}

HARD_CARDS = {
    r"(?<!\bdu )\bbange for\b(?! at)|\bgør hende bange\b|\bikke tør\b": "bange|frygt|vred|vold",
    r"\b(?:bliver|var) (?:vred|sur)\b": "bange|frygt|vred|vold",
    r"\bvil have noget for det\b|\bplejer at vide\b": "seksuel|overgreb",
    r"\bikke kommer igen\b": "rejse",
    r"\bvoksen, der har lagt det op\b": "krænke",
    r"\bdeler de et billede\b": "billede",
    r"\bhører stemmer\b": "psykisk",
    r"\bløfter hun ham i armen\b": "hårdt",
}
"""What is hard on a card only, as it is told there, with what the words about the cards must then say."""

HARD = {
    r"\bslår\b(?! sig)|\bom slag\b|\bvoldsom\b|\bskal gemme sig\b": "vold",
    r"\bikke vil leve\b|\bgodt kan dø\b|\bskade sig selv\b": "selv(?:mord|skade)",
    r"\bnøgenbillede": "seksuel|nøgen|overgreb",
    r"\bdrikker (?:ikke|hele|mor|far)\b|\b[Mm]or drikker\b|\bfar drikker\b": "alkohol|drukket|drikker",
}
"""What is hard in a story or on a card, as it is told there, with what its notice must then say."""

STEM, FRAME = 4, {"siger", "sagde", "jeres", "været"}
"""Letters by which a word of a sign is known again in the story, and the words around what was told."""

ACTS = re.compile(
    r"\b(?:ring(?:er)?|underret(?:ter)?|drøft(?:er)?|sætter|sæt|spørg(?:er)?|skriv(?:er)?|tal(?:er)?"
    r"|(?:siger|fortæller) (?:du )?det til kommunen)\b"
)
"""Something that one does: each answer to a card has one of these."""

STORY = range(80, 201)
"""Words in the text of a case: told at the coffee machine, read aloud in a minute."""


def test_six_cases_for_each_faggruppe(content: Library) -> None:
    assert too_few(content) == {}
    assert sum(_per_flow(content).values()) >= 24


def test_a_faggruppe_with_five_cases_is_found(content: Library) -> None:
    """Planted: a library without one faggruppe's last cases."""
    kept: dict[str, Case] = {}
    for name, case in content.cases.items():
        if case.flow != "skole" or sum(c.flow == "skole" for c in kept.values()) < 5:
            kept[name] = case
    assert too_few(replace(content, cases=kept)) == {"skole": 5}


def test_at_least_six_cases_where_nothing_triggers_a_report_by_itself(content: Library) -> None:
    """Two for each faggruppe: undren or bekymring, and no answer that says danger (C34)."""
    calm = Counter(case.flow for case in content.cases.values() if is_calm(content, case))
    assert all(calm[flow] >= 2 for flow in FLOWS)
    assert sum(calm.values()) >= 8


def test_a_case_with_danger_is_not_calm(content: Library) -> None:
    """Planted: a calm case tied to a scenario with danger, and to one that ends in `underret`, is not counted."""
    case = next(case for case in content.cases.values() if case.flow == "tandpleje" and is_calm(content, case))
    for scenario in ("far-slaar-med-baelte", "ondt-i-maaneder"):
        assert not is_calm(content, case.model_copy(update={"scenario": scenario}))


def test_the_cases_go_all_the_way(content: Library) -> None:
    """Every level is met, `straks` by every faggruppe, and no scenario is told twice."""
    met = {(case.flow, _outcome(content, case.flow, case.scenario).level) for case in content.cases.values()}
    assert {level for _, level in met} == set(Level)
    assert {flow for flow, level in met if level is Level.straks} == set(FLOWS)
    assert max(Counter((case.flow, case.scenario) for case in content.cases.values()).values()) == 1


def test_a_case_is_told_in_a_minute_and_can_be_talked_about(content: Library) -> None:
    for name, case in content.cases.items():
        assert len(words(case.text)) in STORY, name
        assert 3 <= len(case.discuss) <= 5, name
        assert 2 <= len(case.changes) <= 4, name
        assert any("ville du vente af" in question for question in case.discuss), name
        assert all(change.startswith("Nu ") for change in case.changes), name


def test_a_notice_is_a_few_words(content: Library) -> None:
    for name, case in content.cases.items():
        said = [case.notice, *filter(None, (case.cards_notice,))]
        assert [one for one in said if len(words(one)) not in range(3, 12)] == [], name


def test_what_is_hard_in_a_story_is_not_left_to_the_words_about_the_cards(content: Library) -> None:
    """Planted: a case whose notice is only told before the cards."""
    case = content.cases["tandpleje-hun-tager-det-tilbage"]
    moved = case.model_copy(update={"notice": "et barn i stolen", "cards_notice": case.notice})
    assert unannounced(case) == [] and unannounced(moved) == ["vold"]


def test_a_notice_names_what_comes_on_the_cards(content: Library) -> None:
    """The cards say «Nu slår far»: who has read both notices knows that before the last part."""
    assert {name: left for name, case in content.cases.items() if (left := unannounced(case))} == {}


@pytest.mark.parametrize(
    "card, missing",
    [
        ("Nu siger hun, at mor slår.", ["vold"]),
        ("Nu siger han, at han lige så godt kan dø.", ["selv(?:mord|skade)"]),
        ("Nu deler de et nøgenbillede.", ["seksuel|nøgen|overgreb"]),
        ("Nu drikker far hele søndagen.", ["alkohol|drukket|drikker"]),
        ("Nu er hun bange for sin far.", ["bange|frygt|vred|vold"]),
        ("Nu siger han, at far bliver sur.", ["bange|frygt|vred|vold"]),
        ("Nu siger hun, at han vil have noget for det.", ["seksuel|overgreb"]),
        ("Nu siger hun, at hun måske ikke kommer igen.", ["rejse"]),
        ("Nu er det februar.", []),
    ],
)
def test_a_notice_that_keeps_quiet_of_a_card_is_found(content: Library, card: str, missing: list[str]) -> None:
    """Planted: a card of its own on a case whose notice says nothing of it."""
    quiet = {"notice": "et barn i klemme", "cards_notice": "at være i klemme", "changes": (card,)}
    case = next(iter(content.cases.values())).model_copy(update=quiet)
    assert unannounced(case) == missing
    for named in missing:
        word = re.sub(r"\(.*|\|.*", "", named)
        assert unannounced(case.model_copy(update={"cards_notice": f"{word}mord"})) == []


def test_the_signs_of_a_case_stand_in_its_story(content: Library) -> None:
    """What one can lay weight on has been told: nothing that only the cards say, or that somebody made of it."""
    assert {name: left for name, case in content.cases.items() if (left := untold(case))} == {}
    assert all(3 <= len(case.signs) <= 5 for case in content.cases.values())


def test_signs_of_another_case_or_of_the_cards_are_found(content: Library) -> None:
    """Planted: each case with the signs of the one before it, and with what is new on its cards."""
    cases = list(content.cases.values())
    for before, case in zip(cases[-1:] + cases, cases, strict=False):
        other = before.signs | {"kort": case.changes[0]}
        assert len(untold(case.model_copy(update={"signs": other}))) >= len(other) - 1, case.title


@pytest.mark.parametrize(
    "sign, found",
    [
        ("Pigen er bange for ham", ["Pigen er bange for ham"]),
        ("Han drikker hele søndagen", ["Han drikker hele søndagen"]),
        ("Han var hjemme syv mandage", []),
    ],
)
def test_a_sign_that_nobody_told_is_found(content: Library, sign: str, found: list[str]) -> None:
    case = content.cases["skole-syg-hver-mandag"]
    told = case.model_copy(update={"text": f"{case.text} Han var hjemme.", "signs": {"et": sign}})
    assert untold(told) == found


def test_the_answer_to_a_card_says_what_to_do(content: Library) -> None:
    """Not only that something has changed, or to answer anew: who reads it aloud has nothing else to say."""
    assert {case.title: left for case in content.cases.values() if (left := idle(case))} == {}


@pytest.mark.parametrize(
    "card, found",
    [
        ("Nu ser du selv, at han fryser. Så svarer du på ny med det, du har set.", True),
        ("Nu er det mere. Så er det straks.", True),
        ("Nu ringer far. Det forklarer alt.", True),
        ("Nu ringer far. Så ringer du til kommunen.", False),
        ("Nu er det mere. Tal med kommunen i dag.", False),
    ],
)
def test_a_card_without_anything_to_do_is_found(content: Library, card: str, found: bool) -> None:
    case = next(iter(content.cases.values())).model_copy(update={"changes": (card,)})
    assert bool(idle(case)) is found


def test_levels_of_a_range_are_neighbours(content: Library) -> None:
    order = list(Level)
    for name, case in content.cases.items():
        ranks = [order.index(level) for level in case.expected.levels]
        assert ranks == list(range(ranks[0], ranks[0] + len(ranks))), name


def test_no_sentence_is_too_long(content: Library) -> None:
    for name, word in (*content.cases.items(), *content.themes.items()):
        for path, text in texts(word):
            long = [said for said in sentences(text) if len(words(said)) > WORDS_IN_A_SENTENCE]
            assert path[-1] == "source" or long == [], (name, path)


def test_six_themes_with_all_four_chairs(content: Library) -> None:
    assert content.themes.keys() >= THEMES
    for name, theme in content.themes.items():
        assert theme.chairs.keys() == set(FLOWS), name
        assert all(chair.sees and chair.alone and chair.passes for chair in theme.chairs.values()), name


def test_a_theme_compares_like_with_like(content: Library) -> None:
    """The four scenarios of a theme end on one level and with one parents rule, and each shows it only once."""
    for name, theme in content.themes.items():
        ends = [_outcome(content, flow, chair.scenario) for flow, chair in theme.chairs.items()]
        assert len({(outcome.level, outcome.parents) for outcome in ends}) == 1, name
    told = Counter((flow, chair.scenario) for theme in content.themes.values() for flow, chair in theme.chairs.items())
    assert max(told.values()) == 1


def test_every_chair_says_what_may_be_shared(content: Library) -> None:
    """The main rule, consent, with what to do after a no; where the parents are not told, nobody is asked (C18)."""
    for name, theme in content.themes.items():
        for flow, chair in theme.chairs.items():
            rule = _outcome(content, flow, chair.scenario).parents
            assert wrong_sharing(plain(chair.shares), rule) == "", (name, flow)


@pytest.mark.parametrize(
    "shares, rule, wrong",
    [
        ("Hovedreglen er samtykke. Siger de nej, så del ikke rundt.", Parents.foerst, "underret"),
        ("Siger de nej, så underret – del ikke rundt.", Parents.orienter, "samtykke"),
        ("Hovedreglen er samtykke. Underret, del ikke rundt.", Parents.efter_aftale, "kommunen"),
        ("Del det kun med kommunen. Hovedreglen er samtykke.", Parents.ikke, "ask nobody"),
        ("Del det med skolen.", Parents.ikke, "kommunen"),
    ],
)
def test_a_chair_that_shares_too_much_is_found(shares: str, rule: Parents, wrong: str) -> None:
    """Planted: one of the things that must be said is not, or the parents are asked where they must not know."""
    assert wrong_sharing(shares, rule) == wrong


def wrong_sharing(shares: str, rule: Parents) -> str:
    """What is missing or too much in what a chair says about sharing; nothing when all is well."""
    said = shares.casefold()
    if rule in (Parents.efter_aftale, Parents.ikke) and "kommunen" not in said:
        return "kommunen"
    if rule is Parents.ikke:
        return "ask nobody" if "hovedreglen" in said or "siger ja" in said else ""
    if "samtykke" not in said and "siger ja til" not in said:
        return "samtykke"
    return next((wanted for wanted in ("underret", "del ikke rundt") if wanted not in said), "")


def unannounced(case: Case) -> list[str]:
    """The hard themes that a story has and its notice has not; then those of the cards that neither notice has."""
    story, new = plain(case.text), plain(" ".join(case.changes))
    left = [named for hard, named in HARD.items() if re.search(hard, story) and not re.search(named, case.notice)]
    both = f"{case.notice} {case.cards_notice}"
    return left + [
        named
        for hard, named in (HARD | HARD_CARDS).items()
        if re.search(hard, new) and not re.search(named, both) and named not in left
    ]


def idle(case: Case) -> list[str]:
    """The answers to the cards of a case that name nothing to do."""
    return [card.then for card in cards(case) if not ACTS.search(card.then.casefold())]


def untold(case: Case) -> list[str]:
    """The signs of a case with a word that its story has not; words by their beginning, the short ones left out."""
    told = {word[:STEM] for word in words(plain(case.text).casefold())}
    return [
        sign
        for sign in case.signs.values()
        if any(len(word) >= STEM and word[:STEM] not in told for word in set(words(plain(sign).casefold())) - FRAME)
    ]


def is_calm(library: Library, case: Case) -> bool:
    """Whether nothing in the answers of a case triggers a report by itself."""
    walk = walk_of(library, case.flow, case.scenario)
    assert walk is not None and walk.outcome is not None
    return walk.outcome.level in CALM and not walk.flags & SERIOUS


def too_few(library: Library, least: int = 6) -> dict[str, int]:
    """The faggrupper with fewer cases than they need, with how many they have."""
    have = _per_flow(library)
    return {flow: have[flow] for flow in FLOWS if have[flow] < least}


def _per_flow(library: Library) -> Counter[str]:
    return Counter(case.flow for case in library.cases.values())


def _outcome(library: Library, flow: str, scenario: str) -> Outcome:
    walk = walk_of(library, flow, scenario)
    assert walk is not None and walk.outcome is not None, (flow, scenario)
    return walk.outcome


@pytest.mark.parametrize("flow", FLOWS)
def test_words_of_a_case_are_those_of_its_faggruppe(content: Library, flow: str) -> None:
    """A case lies under its faggruppe's name, so that a trainer finds it in the folder."""
    assert all(name.startswith(f"{flow}-") == (case.flow == flow) for name, case in content.cases.items())
