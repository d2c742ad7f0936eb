"""How easy the texts are to read: LIX per question, outcome and what else is read in one go; the length of a sentence.

A busy professional reads a question in one glance; what lies folded under it is measured apart, so that easy words
there cannot hide a heavy question. What is too heavy is told as a warning, so that a kommune can still serve a text it
cannot make easier; the shipped content has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pydantic import BaseModel

from guide.flows.finding import Finding
from guide.library.library import Draft, Library
from guide.library.strict_yaml import Path
from guide.library.syntax import quote
from guide.library.texts import plain, texts
from guide.model import (
    Block,
    Case,
    Change,
    ChangeList,
    ContactList,
    KeyFigure,
    KeyFigureList,
    Municipality,
    Myth,
    MythList,
    Outcome,
    Page,
    Programme,
    Question,
    Registers,
    SignList,
    Theme,
)

LIX_OF_QUESTIONS = 40
"""A question with its help and its answers stays under this, and so does what lies folded under it."""

LIX_OF_OUTCOMES = 45
"""All that an outcome says, taken together, stays under this; a myth, theme, case, change, key figure and block too."""

WORDS_IN_A_SENTENCE = 25
"""No sentence that a user reads has more words."""

_WORD = re.compile(r"[\w-]*[^\W\d_][\w-]*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_END = re.compile(r"[.!?:…]+[»«*)\]]*(?:\s|$)")
_BREAK = re.compile(r"\n\s*\n|\n\s*(?:[-*]|\d+\.)\s")


def sentences(text: str) -> list[str]:
    """The sentences of a text in Markdown; a colon, an ellipsis, a paragraph and an item of a list end one too."""
    lines = (plain(line) for line in _BREAK.split(_LINK.sub(r"\1", text)))
    found = (piece.strip() for line in lines for piece in _END.split(line))
    return [piece for piece in found if _WORD.search(piece)]


def words(text: str) -> list[str]:
    """The words of a text; numbers and signs are none."""
    return _WORD.findall(_LINK.sub(r"\1", text))


@lru_cache(maxsize=8192)
def lix(text: str) -> float:
    """Björnsson's readability index: words per sentence + percentage of words of more than six letters."""
    found = words(text)
    long = sum(len(word) > 6 for word in found)
    return len(found) / max(1, len(sentences(text))) + 100 * long / max(1, len(found))


def readability(library: Library) -> Iterator[Finding]:
    """Every text that is harder to read than the limits above, as a warning at its place."""
    for flow in (*library.flows.values(), *library.drafts.values()):
        yield from _flow(flow)
    for written in library.words:
        if isinstance(written.word, _READ):
            for path, text in texts(written.word):
                if path[-1] != "source":
                    for said in _long(text):
                        yield written.source.finding(said, *path, warning=True)
            for path, word in _wholes(written.word):
                read = [text for inner, text in texts(word) if inner[-1] != "source"]
                if said := _heavy(path[-1] if path else word.title, read, LIX_OF_OUTCOMES):
                    yield written.source.finding(said, *path, warning=True)


_READ = (
    *(SignList, Registers, Page, ContactList, Municipality, MythList, Theme, Case, ChangeList, KeyFigureList),
    Programme,
)


def _wholes(word: BaseModel) -> Iterator[tuple[tuple[str, ...], Myth | Change | Theme | Case | KeyFigure | Block]]:
    """What is read in one go in a file beside the flows, with its place."""
    if isinstance(word, Theme | Case):
        yield (), word
    elif isinstance(word, MythList):
        yield from ((("myths", name), myth) for name, myth in word.myths.items())
    elif isinstance(word, ChangeList):
        yield from ((("changes", name), change) for name, change in word.changes.items())
    elif isinstance(word, KeyFigureList):
        yield from ((("figures", name), figure) for name, figure in word.figures.items())
    elif isinstance(word, Programme):
        yield from ((("blocks", name), block) for name, block in word.blocks.items())


def _heavy(name: str, read: Iterable[str], limit: int) -> str:
    """What is said of texts that are too heavy together; nothing when they are not."""
    value = lix("\n\n".join(f"{text}." for text in read))
    if value < limit:
        return ""
    return f"{quote(name)} er svær at læse: LIX {value:.0f}, højst {limit}. Skriv kortere ord og sætninger."


def _flow(draft: Draft) -> Iterator[Finding]:
    steps: list[tuple[str, str, Question | Outcome, int]] = [
        *(("questions", step, word, LIX_OF_QUESTIONS) for step, word in draft.flow.questions.items()),
        *(("outcomes", step, word, LIX_OF_OUTCOMES) for step, word in draft.flow.outcomes.items()),
    ]
    for room, step, word, limit in steps:
        read = [(path, text) for path, text in texts(word) if path[0] != "source"]
        seen, folded = ([one for one in read if _folded(one[0]) is apart] for apart in (False, True))
        if said := _heavy(step, (text for _, text in seen), limit):
            yield draft.source.finding(said, room, step, warning=True)
        if said := _heavy(step, (text for _, text in folded), limit):
            yield draft.source.finding(said, room, step, *folded[0][0], warning=True)
        for path, text in read:
            for said in _long(text):
                yield draft.source.finding(said, room, step, *path, warning=True)


def _folded(path: Path) -> bool:
    """Whether a text of a step stands apart from it: what lies folded under a question, and what to find out."""
    return path[0] in ("means", "example", "why") or "find_out" in path


@lru_cache(maxsize=8192)
def _long(text: str) -> tuple[str, ...]:
    """What is said of the sentences that are too long; many texts stand in several flows."""
    return tuple(_told(text))


def _told(text: str) -> Iterator[str]:
    for sentence in sentences(text):
        if (count := len(words(sentence))) > WORDS_IN_A_SENTENCE:
            start = " ".join(sentence.split()[:6])
            yield f"Sætningen «{start} …» har {count} ord, højst {WORDS_IN_A_SENTENCE}. Del den."
