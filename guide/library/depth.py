"""What must be said beside the bare questions and outcomes: meanings, examples, doubt, disagreement, the other chairs.

A question says what it means, gives an example and says why it is asked; «ved ikke» says the one thing to find out. An
outcome says what would change it and what to expect of the others. Each flow shows every myth card where it bites.
Not here: that a chair names a scenario that there is (`stories.py`), and how the texts read (`readability.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.flows.finding import Finding
from guide.library.library import Draft, Library
from guide.library.read import suggest
from guide.library.readability import words
from guide.library.syntax import quote
from guide.model import Due, Level, Outcome, Question, Registers

MYTHS = ("leder", "loebende-sag", "fornemmelse", "egen-indsats", "samtykke", "anonym")
"""What keeps professionals from reporting; each stands somewhere in each flow."""

DOORS = 3
"""The ways on for somebody who disagrees: report anyway, talk it over, say that the guide is wrong."""

DOUBT = "ved-ikke"
"""The id of the option for doubt, on every question that has one."""

CHANGES = 2
"""How many things an outcome at least says would change it."""

PERIOD = re.compile(
    r"\b(\d{1,2}|en|et|to|tre|fire|fem|seks|syv|otte|ni|ti) (dag|uge|måned)(?:e|er|r)?\b", re.IGNORECASE
)
"""A period in «again»: 14 dage, en uge, fire uger. «Den første uge» is none."""

NUMBERS = dict(en=1, et=1, to=2, tre=3, fire=4, fem=5, seks=6, syv=7, otte=8, ni=9, ti=10)
DAYS = {"dag": 1, "uge": 7, "måned": 30}

SAME = 0.75
"""The share of words that two lines have in common when they say the same."""

_EXPLAINED = (
    ("why", "siger ikke, hvorfor vi spørger. Tilføj «why»"),
    ("means", "siger ikke, hvad ordene betyder. Tilføj «means»"),
    ("example", "har intet eksempel. Tilføj «example»"),
)

_CALLS = re.compile(r"\bring|\bunderret|\b112\b", re.IGNORECASE)
"""How `by` says that the call does not wait."""


def depth(library: Library) -> Iterator[Finding]:
    """Everything that a library leaves unsaid."""
    for flow in (*library.flows.values(), *library.drafts.values()):
        yield from unsaid(flow)
    for playable in library.flows.values():  # a draft may lack steps that could not be read
        yield from _unseen(library, playable)
    yield from _registers(library)
    yield from _chairs(library)


def unsaid(flow: Draft) -> Iterator[Finding]:
    """Everything that the steps of a flow leave unsaid."""
    for step, question in flow.flow.questions.items():
        yield from _question(flow, step, question)
    for step, outcome in flow.flow.outcomes.items():
        yield from _outcome(flow, step, outcome)


def _question(flow: Draft, step: str, question: Question) -> Iterator[Finding]:
    for key, missing in _EXPLAINED:
        if not getattr(question, key):
            yield flow.source.finding(f"Spørgsmålet {quote(step)} {missing}.", "questions", step)
    place = ("questions", step, "options", DOUBT)
    if (doubt := question.options.get(DOUBT)) is None:
        return
    if doubt.find_out is None:
        said = f"«{DOUBT}» på {quote(step)} siger ikke, hvad man skal finde ud af. Tilføj «find_out»."
        yield flow.source.finding(said, *place)
    elif any(option.flags for option in question.options.values()) and not _CALLS.search(doubt.find_out.by):
        said = "Et svar her kan betyde fare. Skriv i «by», at man ringer uden at vente på svaret."
        yield flow.source.finding(said, *place, "find_out", "by")


def _outcome(flow: Draft, step: str, outcome: Outcome) -> Iterator[Finding]:
    place = ("outcomes", step)
    if not outcome.expect:
        said = f"Udfaldet {quote(step)} siger ikke, hvad man kan forvente af de andre. Tilføj «expect»."
        yield flow.source.finding(said, *place)
    if len(outcome.raises) + len(outcome.changes) < CHANGES:
        said = f"Udfaldet {quote(step)} siger ikke {CHANGES} ting, der ville ændre det. Tilføj «changes»."
        yield flow.source.finding(said, *place)
    for n, line in enumerate(outcome.changes):
        if any(_same(line, other) for other in (*outcome.raises, *outcome.changes[:n])):
            yield flow.source.finding(f"{quote(line)} står her to gange. Slet den ene.", *place, "changes", n)
    yield from _look(flow, step, outcome)


def _look(flow: Draft, step: str, outcome: Outcome) -> Iterator[Finding]:
    """The date of the new look (C12: it gives a date), which is the earliest that the text names."""
    named = min(periods(outcome.again or ""), default=None)
    if outcome.look is None and (named or outcome.level.rank <= Level.bekymring.rank):
        days = f"look: {named}" if named else "look"
        said = f"Udfaldet {quote(step)} giver ingen dato for et nyt blik. Tilføj «{days}»."
        yield flow.source.finding(said, "outcomes", step)
    elif outcome.look and named and outcome.look != named:
        said = f"«look» er {outcome.look} dage, men «again» siger {named}. Det tidligste gælder."
        yield flow.source.finding(said, "outcomes", step, "look")


def periods(text: str) -> list[int]:
    """The periods that a text names, in days."""
    return [(NUMBERS.get(number.lower()) or int(number)) * DAYS[unit.lower()] for number, unit in PERIOD.findall(text)]


def _same(one: str, other: str) -> bool:
    """Whether two lines have nearly all words in common."""
    left, right = ({word.casefold() for word in words(line)} for line in (one, other))
    return len(left & right) >= SAME * max(1, min(len(left), len(right)))


def _unseen(library: Library, flow: Draft) -> Iterator[Finding]:
    steps: list[Question | Outcome] = [*flow.flow.questions.values(), *flow.flow.outcomes.values()]
    shown = {name for step in steps for name in step.myths}
    for name in MYTHS:
        if name in library.myths and name not in shown:
            yield flow.source.finding(f"Myten «{name}» står intet sted i «{flow.id}». Skriv den, hvor den melder sig.")


def _registers(library: Library) -> Iterator[Finding]:
    source = library.source("registers/myths.yaml")
    for name in MYTHS:
        if library.ids["myths"] is not None and name not in library.myths:
            yield source.finding(f"Myten «{name}» mangler.", "myths")
    known = library.ids["law"]
    for name, myth in library.myths.items():
        for n, law in enumerate(myth.law):
            if known is not None and law not in known:
                said = f"«{law}» findes ikke i law/.{suggest(law, known)}"
                yield source.finding(said, "myths", name, "law", n)
    if library.texts:
        yield from _dates(library, library.texts)
    if library.texts and len(library.texts.doors) != DOORS:
        said = f"Der skal være {DOORS} veje for den, der er uenig. Her er {len(library.texts.doors)}."
        yield library.source("registers/texts.yaml").finding(said, "doors")


def _dates(library: Library, known: Registers) -> Iterator[Finding]:
    """Where one reports, the text of the level says what happens on each date, and what one does if nothing does."""
    source = library.source("registers/texts.yaml")
    for level, text in known.levels.items():
        if level.rank >= Level.underret.rank:
            if missing := [due for due in Due if due not in text.dates]:
                said = f"«{level}» siger ikke, hvad der sker på datoerne: {', '.join(missing)}. Tilføj «dates»."
                yield source.finding(said, "levels", level)
            if not text.silence:
                said = f"«{level}» siger ikke, hvad man gør, når man intet hører. Tilføj «silence»."
                yield source.finding(said, "levels", level)


def _chairs(library: Library) -> Iterator[Finding]:
    for name, theme in library.themes.items():
        for flow in library.flows:
            if flow not in theme.chairs:
                said = f"Temaet {quote(name)} har ingen stol til «{flow}»."
                yield library.source(f"themes/{name}.yaml").finding(said, "chairs")
