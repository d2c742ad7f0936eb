"""A case that a trainer writes for one room: how long it may be, and that no number in it can name somebody. Pure.

No program can see whether a case is real. Not here: where it is kept, and for how long (`guide/training/store.py`).
"""

from __future__ import annotations

import re
import unicodedata

LARGEST = 2_000
"""Characters of a case: what a screen holds."""

LONGEST_NOTICE = 90
"""Characters that say what it is about."""

RUN = re.compile(r"\d(?:[\W_]{0,3}\d){7,}")
"""Eight digits or more with no letter between: what a cpr-number or a telephone number looks like, however written."""

HARMLESS = re.compile(
    r"(?<!\d)(?<!\d[.:])(?:[01]?\d|2[0-3])[.:][0-5]\d(?![.:]?\d)"  # a time of day
    r"|(?<!\d)(?:19\d\d|20[0-2]\d)(?!\d)"  # a year
    r"|(?<!\d)\d\d?(?=, \d)|(?<=\d, )\d\d?(?!\d)"  # one of several, as weeks are listed
)
"""What such a run may be made of."""

LEFT = 4
"""Digits beside what is harmless that are too many."""

BIRTH = re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d(?!\d)")
"""The day of birth as in a cpr-number."""


def tidied(text: str) -> str:
    """A text as it is kept: lines end in one way, and nothing in it is unseen or turns what stands beside it."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return "\n".join(seen.splitlines()).strip()


def refused(own: str, notice: str) -> str | None:
    """Why a case and its notice cannot be taken, in Danish; None where they can."""
    if len(own) > LARGEST:
        return f"Din egen sag er for lang. Den må fylde {LARGEST} tegn."
    if len(notice) > LONGEST_NOTICE:
        return f"Skriv kort, hvad din egen sag handler om. Der er plads til {LONGEST_NOTICE} tegn."
    if numbered(own) or numbered(notice):
        return "Der står et langt tal i din egen sag. Skriv aldrig cpr-numre, og brug aldrig en rigtig sag."
    return None


def numbered(text: str) -> bool:
    """Whether a number stands there that could name somebody."""
    plain = unicodedata.normalize("NFKC", text)
    left = (HARMLESS.sub("", run) for run in RUN.findall(plain))
    return bool(BIRTH.search(plain)) or any(sum(sign.isdecimal() for sign in rest) >= LEFT for rest in left)
