"""Own answers and outcomes that stand for a national one (`as`): what they may say for themselves, and what is kept.

An own outcome is the national one it names, and more: level, parents rule and every text that tells what is said, to
whom and when stay; lists get longer. So from `underret` up nothing that the nation wrote is lost, whatever a kommune
adds. An own answer is no way out: where some answers tell of a danger it stands for one of these, and it never begins
with the words of another answer than the one it stands for. What else its words mean no machine can see.

Not here: putting it together with the national file (`overlay.py`), and where it may lead (`refined.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from guide.model import Flag, Flow, Level, Option, Outcome, Question

LISTS = ("contacts", "letters", "law", "signs", "myths", "do", "duty", "raises", "changes")
"""What an own outcome makes longer. Its own `do` comes first on the mild levels, last from `underret` up."""

SAME = ("level", "parents")
"""What is as in the national outcome; another level or rule is got by naming another one."""

KEPT = ("say", "until", "again", "look", "spoken", "headline", "reason", "turns", "tell", "phrase")
"""What is kept when the national outcome says it."""

ADDED = ("as", "local", "source", *LISTS, *SAME)
"""All that may be said from `underret` up, and but for a title where the parents are not told: the rest stays."""

_HARMLESS = frozenset({Flag.gravid})
"""A pregnancy is no danger (see FLOORS in `invariants.py`)."""


def kept(like: str, national: Outcome, base: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an own outcome says over the national one it is like: the key, and what is told of it. `base` as written."""
    for key in SAME:
        if key in said and said[key] != base.get(key):
            what = "niveauet" if key == "level" else "forældrereglen"
            yield (
                key,
                f"«{like}» har {what} «{base.get(key)}», og et udfald med «as: {like}» har det samme. Slet «{key}», "
                "eller skriv i «as» et nationalt udfald, der er, som I vil have det.",
            )
    serious = national.level.rank >= Level.underret.rank
    strict = serious or not national.parents.told
    for key in said:
        named = key == "title" and not serious  # so that one can tell two mild outcomes apart
        locked = key not in ADDED and not named if strict else key in KEPT
        if locked and said[key] != base.get(key):
            yield key, f"«{key}» er låst: det nationale udfald «{like}» siger det selv. Skriv jeres eget i «local»."
    pieces = said.get("do")
    if serious and isinstance(pieces, list) and any(isinstance(piece, dict) and "first" in piece for piece in pieces):
        yield "do", "«first» er låst: før opkaldet kommer kun det nationale. Slet «first»."


def whole(national: Outcome, base: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """An own outcome with all that the national one says; lists that are no lists are left to be told of."""
    found = {key: part for key, part in base.items() if key not in ("locked", "local", "as")} | dict(said)
    for key in LISTS:
        own, there = said.get(key), base.get(key)
        if isinstance(own, list) and isinstance(there, list):
            found[key] = [*(own[n] for n in more(own, there)), *there]
            if not first(national, key):
                found[key] = [*there, *(own[n] for n in more(own, there))]
    return found


def first(national: Outcome, key: str) -> bool:
    """Whether the kommune's own come before the national ones."""
    return key == "do" and national.level.rank < Level.underret.rank


def more(own: list[Any], there: list[Any]) -> list[int]:
    """Which of the kommune's own are not there already, by number."""
    return [n for n, item in enumerate(own) if item not in there]


def other_flags(national: Option, own: Mapping[str, Any]) -> str:
    """What is told of an own answer with more flags: it counts as the one it stands for, neither less nor more."""
    flags = own.get("flags")
    if not isinstance(flags, list) or set(map(str, flags)) <= set(map(str, national.flags)):
        return ""
    return "«flags» er låst: svaret tæller som det nationale i «as». Vælg i «as» det svar, det skal tælle som."


def escape(flow: Flow, question: Question, known: str) -> str:
    """What is told of an own answer that would be a way past a danger; nothing when it is none."""
    grave = [name for name, option in question.options.items() if _grave(flow, option)]
    if not grave or known in grave:
        return ""
    return (
        f"Nogle svar her siger, at der er fare. Et eget svar kan kun stå for et af dem ({', '.join(grave)}), ikke for "
        f"«{known}»: ellers bliver det en vej uden om faren (I23)."
    )


def _grave(flow: Flow, option: Option) -> bool:
    """Whether an answer tells of a danger: by its flags, or because it leads to a call at once."""
    ends = flow.outcomes.get(option.goto or "")
    return bool(set(option.flags) - _HARMLESS) or (ends is not None and ends.level.rank >= Level.straks.rank)


def confused(question: Question, known: str, name: str, labels: Mapping[str, Any]) -> str:
    """What is told of an own answer whose words are those of another answer. `labels`: all answers as merged."""
    said = _words(labels.get(name))
    for other, label in labels.items():
        words = _words(label)
        if other == name or not words or not said:
            continue
        if said == words or (other != known and other in question.options and said[: len(words)] == words):
            return f"«{labels[name]}» ligner svaret «{label}». Så kan man vælge forkert. Skriv svaret med andre ord" + (
                "." if other == known or other not in question.options else f", eller skriv «as: {other}»."
            )
    return ""


def _words(label: Any) -> list[str]:
    return re.findall(r"\w+", label.casefold()) if isinstance(label, str) else []
