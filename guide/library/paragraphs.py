"""What paragraphs are called: the numbers of yesterday, and the two duties that are mixed up.

Until 2024 the duty to report stood in serviceloven §§ 152-155 b, and many pages still say so. In barnets lov the duty
of public servants is § 133 and the one that all have is § 135; pages that professionals read have mixed them up.
What is checked here holds on any day; dates are in `force.py`, § by hand in `texts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.library.read import Source
from guide.library.syntax import quote
from guide.library.texts import fold, plain, texts
from guide.model import Act, LawRef

REPEALED = date(2024, 1, 1)
"""Since this day barnets lov has what serviceloven said of reports on children."""

_NUMBERS = r"15[2-5](?:\s?[ab]\b|\b)"
_BETWEEN = r"(?:[\s§,.–-]|\bog\b|\btil\b|\bstk\b|\bnr\b|\b[a-c]\b|\d+)*?"
_OLD_NUMBER = re.compile(
    rf"(?:§|\bparagraf\w*|\bsel\b){_BETWEEN}\b{_NUMBERS}|servicelov\w*\W+(?:\w+\W+){{0,6}}?{_NUMBERS}"
)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s")
_CLAUSE = re.compile(r"[.!?:;()]|\b(?:og|mens|men)\b")

_HEIGHTENED = re.compile(r"skærpe|skaerpe|offentlig\w* (?:ansat|arbejde|hverv|tjeneste)|grund til at antage")
_GENERAL = re.compile(
    r"\balle (?:borgere|har|i landet)|\bborgere?s? pligt|\benhver\b|almindelig\w*(?: underretnings)?[ -]?pligt"
)
_LINK = re.compile(r"\[([^\]]*)\]\(\s*lov:([a-z0-9-]+)")
_DUTIES = {"133": ("skaerpet", _GENERAL, "den skærpede pligt"), "135": ("almindelig", _HEIGHTENED, "den, alle har")}


def paragraphs(library: Library) -> Iterator[Finding]:
    """Every text that names serviceloven for a report, and everything that mixes the two duties up."""
    for word, source in _words(library):
        act = isinstance(word, Act)
        for path, text in texts(word):
            if not any(hint in text for hint in _HINTS):
                continue
            said = fold(plain(text))
            if (not act or path[-1] in ("text", "title")) and (wrong := old_law(said)):
                yield source.finding(wrong, *path)
            for wrong in (*mixed(said), *_misled(library, text)):
                yield source.finding(wrong, *path)
        if isinstance(word, Act):
            for name, ref in word.paragraphs.items():
                for key, wrong in _register(word, name, ref):
                    yield source.finding(wrong, "paragraphs", name, key)


_HINTS = ("13", "15", "ervicelov", "ERVICELOV", "lov:")
"""What every hit has in it."""


def _words(library: Library) -> Iterator[tuple[BaseModel, Source]]:
    yield from ((written.word, written.source) for written in library.words)
    for draft in (*library.flows.values(), *library.drafts.values()):
        yield draft.flow, draft.source


def old_law(said: str) -> str:
    """What is wrong with a plain, folded text that names serviceloven for a report; nothing when it does not."""
    if hit := _OLD_NUMBER.search(said):
        return (
            f"{quote(hit.group().strip())}: serviceloven §§ 152-155 b er afløst af barnets lov. "
            "Henvis til loven: [din pligt](lov:skaerpet-pligt)."
        )
    for sentence in _SENTENCE.split(said):
        if "servicelov" in sentence and ("underret" in sentence or "pligt" in sentence):
            return "Pligten til at underrette står ikke i serviceloven mere, men i barnets lov."
    return ""


def mixed(said: str) -> Iterator[str]:
    """What is wrong with a plain, folded text that calls § 133 the general duty or § 135 the one of public servants."""
    for clause in _CLAUSE.split(said.replace("stk.", "stk").replace("nr.", "nr")):
        for number, (_, wrong, right) in _DUTIES.items():
            if re.search(rf"(?:§|paragraf)\s*{number}\b", clause) and (hit := wrong.search(clause)):
                yield f"§ {number} er {right}. Her står også {quote(hit.group())}: de to pligter er byttet om."


def _misled(library: Library, text: str) -> Iterator[str]:
    """Links whose words name one duty and whose target is the other."""
    for words, name in _LINK.findall(text):
        ref, said = library.law.get(name), fold(words)
        if ref and ref.binds == "almindelig" and _HEIGHTENED.search(said):
            yield f"{quote(words)} er den skærpede pligt, men henvisningen «lov:{name}» er den, alle har."
        if ref and ref.binds == "skaerpet" and _GENERAL.search(said):
            yield f"{quote(words)} er pligten, alle har, men henvisningen «lov:{name}» er den skærpede."


def _register(act: Act, name: str, ref: LawRef) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule as such: the key, and what to say."""
    said, called = fold(f"{name} {ref.title} {ref.text}"), fold(f"{act.title} {ref.number}")
    old = ref.status == "verified" and "servicelov" in called and _OLD_NUMBER.search(called)
    if old and (ref.valid_to is None or ref.valid_to >= REPEALED):
        yield "number", "Serviceloven §§ 152-155 b gjaldt til 31. december 2023. Skriv «valid_to»."
    if "barnets lov" not in fold(act.title):
        return
    found = re.match(r"§+\s*(133|135)\b(?!, stk\. [2-9])", ref.number)
    number = found.group(1) if found else ""
    for wanted, (binds, wrong, right) in _DUTIES.items():
        if number == wanted and ref.binds != binds:
            yield "number", f"§ {number} i barnets lov er {right}. Skriv «binds: {binds}», eller ret nummeret."
        elif ref.binds == binds and number != wanted:
            yield "binds", f"«{name}» er {right}. Nummeret i barnets lov er § {wanted}, ikke {quote(ref.number)}."
        if number == wanted and (hit := wrong.search(said)):
            yield "text", f"§ {number} er {right}. Her står {quote(hit.group())}: de to pligter er byttet om."
