"""Days as commands tell them."""

from __future__ import annotations

from datetime import date

from guide.usage.words import in_words


def test_a_day_in_words() -> None:
    assert in_words("2027-01-14") == in_words(date(2027, 1, 14)) == "14. januar 2027"
    assert [in_words(f"2026-{month:02}-01").split()[1] for month in (3, 5, 10, 12)] == [
        "marts", "maj", "oktober", "december",
    ]  # fmt: skip
