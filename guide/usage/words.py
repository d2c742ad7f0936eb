"""A day in Danish words, as commands tell it. Not here: days and times on pages (`guide/library/calling.py`)."""

from __future__ import annotations

from datetime import date

from guide.library.opening import MONTHS


def in_words(day: date | str) -> str:
    """«14. januar 2027», of a day or of 2027-01-14."""
    of = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{of.day}. {MONTHS[of.month - 1]} {of.year}"
