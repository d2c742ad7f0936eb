"""The parents rule on an outcome: rule, reason, what to say and the other branch are seen; the rest is folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from guide.library.library import Library
from guide.model import Level, Outcome, Parents, ParentsText

Case = tuple[str, str, Outcome, ParentsText, str]

SUMMARIES = ["Når forældrene reagerer", "Hvem kan læse dette?", "Mere om forældrene"]
RULE, SEEN, COMMON = 120, 160, 90
"""Words on `straks` with `ikke`: of what stands before the child, of all that is seen, and of it what all have."""


def plain(markup: str) -> str:
    """The words of a piece of a page, on one line, without anything folded."""
    return " ".join(Markup(re.sub(r"<details.*?</details>", "", markup, flags=re.DOTALL)).striptags().split())


@pytest.fixture(scope="module")
def sections(shipped_app: Flask, content: Library) -> list[Case]:
    """Flow, step, outcome, rule and section of every shipped outcome."""
    return list(_sections(shipped_app, content))


def _sections(app: Flask, content: Library) -> Iterator[Case]:
    assert content.texts
    with app.test_request_context("/"):
        rule: Any = app.jinja_env.get_template("kept/parents.html").module
        rest: Any = app.jinja_env.get_template("kept/fork.html").module
        for flow, playable in content.flows.items():
            for step, outcome in playable.flow.outcomes.items():
                made = str(rule.parents("eksempel", flow, step)) + str(rest.fork("eksempel", flow, step))
                yield flow, step, outcome, content.texts.parents[outcome.parents], made


def bare(text: str) -> str:
    """An author's text as it is read: no marks, no links, one line."""
    return " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("- ", " ").split())


def wrong(case: Case) -> list[str]:
    """What a section lacks, shows twice or shows in another order than a fork is read."""
    flow, _, outcome, rule, made = case
    seen, spoken = plain(made), [bare(line) for line in rule.openers[flow]]
    told = [] if f'data-foraeldre="{outcome.parents}"' in made else ["rule"]
    phrase = bare(outcome.phrase or rule.phrase or "")
    beside = [] if outcome.headline or outcome.level is Level.akut else [s for s in spoken if s != phrase]
    parts = [
        bare(outcome.headline or rule.title),
        bare(outcome.reason or rule.why or ""),
        bare(outcome.tell or "")[:60],
        phrase,
        *beside,
    ]
    parts += ["Den anden vej", bare(outcome.turns or rule.turns or "")[:60]]
    flat, at = seen.replace("- ", " "), 0
    for part in parts:
        found = flat.find(part, at)
        told += [] if found >= 0 else [f"missing or misplaced: {part[:40]}"]
        at = max(at, found)
    told += [f"twice: {said[:40]}" for said in (phrase, *beside) if flat.count(said) > 1]
    told += [] if re.findall(r"<summary>(.*?)</summary>", made) == SUMMARIES else ["folds"]
    told += (
        []
        if outcome.headline or all(said in " ".join(Markup(made).striptags().split()) for said in spoken)
        else ["opener lost"]
    )
    return told + (["open"] if "<details open" in made else [])


def test_every_outcome_is_a_visible_fork(sections: list[Case]) -> None:
    assert len(sections) > 90
    assert {case[2].parents for case in sections} == set(Parents)
    assert [(case[0], case[1], told) for case in sections if (told := wrong(case))] == []


def test_a_section_that_lacks_something_is_caught(sections: list[Case]) -> None:
    """Planted faults: another rule's mark, the other branch away, the phrase twice, a fold lost, one left open."""
    flow, step, outcome, rule, made = next(c for c in sections if c[:2] == ("skole", "straks-hjemmet"))
    faults = {
        "rule": made.replace('="ikke"', '="foerst"'),
        "missing or misplaced: Den anden vej": made.replace("Den anden vej", ""),
        "twice": made.replace("<blockquote", f"<p>{outcome.phrase}</p><blockquote", 1),
        "folds": made.replace("Hvem kan læse dette?", "Mere"),
        "open": made.replace("<details>", "<details open>", 1),
        "missing or misplaced: Hører": made.replace(str(rule.why), ""),
    }
    for told, planted in faults.items():
        assert planted != made
        assert any(said.startswith(told) for said in wrong((flow, step, outcome, rule, planted))), told


def test_the_words_are_those_of_the_faggruppe(sections: list[Case]) -> None:
    """What is said in the chair is not said at pick-up."""
    for flow, step, outcome, rule, made in sections:
        others = {line for name, lines in rule.openers.items() if name != flow for line in lines}
        strange = others - set(rule.openers[flow]) - {outcome.phrase}
        assert not [line for line in strange if bare(line) in plain(made)], (flow, step)


def test_where_it_hastes_the_fork_is_short(sections: list[Case]) -> None:
    hasty = [case for case in sections if case[2].level is Level.straks and case[2].parents is Parents.ikke]
    assert len(hasty) > 15
    for flow, step, outcome, _, made in hasty:
        seen = len(plain(made).split())
        own = len(bare(f"{outcome.headline or ''} {outcome.tell} {outcome.phrase}").split())
        assert seen <= SEEN and seen - own <= COMMON, (flow, step, seen, own)
        assert len(plain(made.split("</section>")[0]).split()) <= RULE, (flow, step)


def test_in_danger_one_sentence_is_enough(sections: list[Case]) -> None:
    for _, _, _, _, made in (case for case in sections if case[2].level is Level.akut):
        assert plain(made).count("»") == 1 and "Det kan du også sige:" in made


def test_a_rule_without_the_new_words_is_shown_as_before(app: Flask, demo: Library) -> None:
    """A library that says less, as one of a kommune might: no empty headings, no empty folds."""
    rule = ParentsText(title="Sig det", help="Det første.\n\nDet andet.")
    library = app.extensions["guide"].library
    word = library.texts.model_copy(update={"parents": dict.fromkeys(Parents, rule)})
    library.texts, kept = word, library.texts
    try:
        page = app.test_client().get("/proeve/vejledning/straks?fag=tre").text
    finally:
        library.texts = kept
    section = page[page.index('class="foraeldre"') : page.index("</section>", page.index('class="foraeldre"'))]
    assert "Sig det" in section and "Det første." in section
    assert "Den anden vej" not in section and "Hvem kan læse" not in section
