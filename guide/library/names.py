"""What something is called in a kommune: a line near a text that speaks of it, and the kommune's word for a level.

The guide's own words stay as they are: a sentence in which a word was swapped could say something else. Pure.
Not here: which names a kommune may give (`local.py`), and when they may be served (`owned.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pydantic import BaseModel

from guide.library.library import Library
from guide.library.texts import plain, texts
from guide.model import Term

Called = tuple[str, str]
"""What it is, in the guide's words, and what it is called here: («Tværfagligt møde», «Trivselsforum»)."""


def called(terms: Mapping[str, Term], names: Mapping[str, str], said: Iterable[str]) -> tuple[Called, ...]:
    """Those of a kommune's names whose thing is spoken of in some texts, in the order of the terms."""
    wanted = {term: terms[term] for term in terms if term in names}
    if not wanted:
        return ()
    whole = "\n".join(map(plain, said))
    return tuple((term.title, names[name]) for name, term in wanted.items() if _pattern(term.words).search(whole))


@lru_cache(maxsize=256)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of some words, as whole words; the longest first, so that none hides behind its own beginning."""
    either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def of_step(library: Library, kommune: str, flow: str, step: str) -> tuple[Called, ...]:
    """What the page of a step speaks of: a question, or an outcome with what its level and its parents rule say.

    Raises KeyError for an unknown kommune or step.
    """
    if not library.municipalities[kommune].names:
        return ()
    playable = library.flows_in(kommune)[flow].flow
    if step in playable.questions:
        return of_words(library, kommune, playable.questions[step])
    outcome, shared = playable.outcomes[step], library.texts
    more = (shared.levels[outcome.level], shared.parents[outcome.parents]) if shared else ()
    return of_words(library, kommune, outcome, *more)


def of_words(library: Library, kommune: str, *words: BaseModel) -> tuple[Called, ...]:
    """What some questions, outcomes, letters or shared texts speak of. Raises KeyError for an unknown kommune."""
    names = library.municipalities[kommune].names
    said = (text for word in words for path, text in texts(word) if path[-1] != "source")
    return called(library.terms, names, said)
