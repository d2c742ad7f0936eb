"""The letters: which outcomes show them, what is never said to parents in writing, and how blanks are explained.

Every outcome from `bekymring` up has the report. A letter to parents or to another profession says that somebody is
worried, so it stands only where the parents are told by the professional. Not here: that a letter is known and its
blanks are used (`checks.py`), and what is never said in any text (`texts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.flows.finding import Finding
from guide.library.library import Draft, Library
from guide.library.read import Source, suggest
from guide.library.strict_yaml import Path
from guide.library.syntax import quote
from guide.library.texts import fold, plain
from guide.model import Letter, Level, Outcome, Reader

STEMS = (
    *("underret", "kommun", "myndigheder", "socialforvaltning", "socialrådgiver", "socialtilsyn", "politi"),
    *("bekymr", "mistanke", "mistænk", "anmeld", "pligt", "konsekvens", "advar", "straf", "bøde", "børneydelse"),
    *("tvang", "tvinge", "overgreb", "omsorgssvigt", "vanrøgt", "mistrivsel", "vold", "anbring"),
    *("krisecent", "hemmelig"),
)
"""Stems that no letter to parents has: they threaten, lay a suspicion on the kitchen table, or tell where one hides."""

TURNS = (
    *(r"\bellers\b", r"\bhvis i ikke\b", r"\bsidste (?:chance|gang)\b", r"\bsag(?:en|er)?\b"),
    *(r"\bfjerne[rt]? (?:\w+ )?(?:barn|børn)",),
)
"""Turns of a threat, written so that words which only look like them pass."""

_REVEALING = re.compile("|".join([*(rf"\b\w*{stem}\w*" for stem in STEMS), *TURNS]))


def correspondence(library: Library) -> Iterator[Finding]:
    """Everything that is wrong with the letters of a library, and with where they stand."""
    for name, letter in library.letters.items():
        yield from written(library, letter, library.source(f"letters/{name}.md"))
    for draft in (*library.flows.values(), *library.drafts.values()):
        for step, outcome in draft.flow.outcomes.items():
            yield from _outcome(library, draft, step, outcome)
    yield from _judgements(library)


def written(library: Library, letter: Letter, source: Source) -> Iterator[Finding]:
    """Everything that is wrong with one letter, whoever wrote it."""
    used = set(re.findall(r"\{\{\s*([^}]*?)\s*\}\}", letter.text))
    for blank in sorted(used - set(letter.blanks)):
        near = suggest(blank, letter.blanks)
        yield source.finding(f"Feltet «{blank}» er ikke beskrevet i «blanks».{near}", "text")
    for blank in sorted(set(letter.blanks) - used):
        yield source.finding(f"Feltet «{blank}» bruges ikke i brevet.", "blanks", blank)
    for blank, word in letter.blanks.items():
        if word.needed and not word.help:
            said = f"Feltet {quote(blank)} skal udfyldes, men har ingen hjælp. Tilføj «help»."
            yield source.finding(said, "blanks", blank)
        for n, flow in enumerate(word.flows):
            if flow not in library.scenarios:  # also of flows with errors in them
                said = f"Flowet «{flow}» findes ikke.{suggest(flow, library.scenarios)}"
                yield source.finding(said, "blanks", blank, "flows", n)
    if letter.to is Reader.foraeldre:
        read: dict[Path, str] = {("title",): letter.title, ("text",): letter.text}
        read |= {("blanks", blank, "label"): word.label for blank, word in letter.blanks.items()}
        for path, text in read.items():
            for hit in revealing(text):
                said = f"{quote(hit)} hører ikke til i et brev til forældre. Tilbyd hjælp, og skriv, hvad der er sket."
                yield source.finding(said, *path)


def revealing(text: str) -> list[str]:
    """The words of a text that would threaten parents or tell them of a suspicion, each once, as they stand there."""
    return list(dict.fromkeys(hit.group() for hit in _REVEALING.finditer(fold(plain(text)))))


def _outcome(library: Library, draft: Draft, step: str, outcome: Outcome) -> Iterator[Finding]:
    known = [(n, library.letters.get(name)) for n, name in enumerate(outcome.letters)]
    unread = any(letter is None for _, letter in known)  # unknown, or with errors in it: told elsewhere
    report = any(letter and letter.to is Reader.kommune for _, letter in known)
    if library.letters and outcome.level.rank >= Level.bekymring.rank and not (report or unread):
        said = f"Udfaldet {quote(step)} er «{outcome.level}», men har ikke underretningen i «letters»."
        yield draft.source.finding(said, "outcomes", step)
    for n, letter in known:
        if letter and letter.to is not Reader.kommune and not outcome.parents.told:
            whom = "forældrene" if letter.to is Reader.foraeldre else "en anden fagperson"
            said = f"«{outcome.letters[n]}» er et brev til {whom}. Slet det her: reglen er «{outcome.parents}»."
            yield draft.source.finding(said, "outcomes", step, "letters", n)


def _judgements(library: Library) -> Iterator[Finding]:
    """A word that stands in two groups would be told twice, with two remedies."""
    source, seen = library.source("registers/judgements.yaml"), dict[str, str]()
    for name, judgement in library.judgements.items():
        for n, word in enumerate(judgement.words):
            if (other := seen.setdefault(fold(word), name)) != name or fold(word) in map(fold, judgement.words[:n]):
                said = f"{quote(word)} står allerede under {quote(other)}."
                yield source.finding(said, "judgements", name, "words", n)
