"""A trainer's own case: what is refused, however it is written, and what is no number that names somebody."""

from __future__ import annotations

import pytest

from guide.web import own_case
from guide.web.own_case import LARGEST, LONGEST_NOTICE, numbered, refused, tidied

FINE = (
    "Hun er 7 år, går i 2. b, og har været væk 14 dage.", "Kl. 8.15 kom han, og kl. 9 gik han. Det var den 3. maj.",
    "Tre gange på 6 uger, mest om mandagen, 10 eller 12 elever så det.", "Han var der 8.00-12.30 og igen 13.45.",
    "Mellem kl. 10.30 og 11.45 sov hun. Kl. 12.15 vågnede hun.", "Fra 07:15 – 16:30, hver dag, i 3 uger.",
    "Klokken 10.30-11.45. To timer senere, 13.45-14.00, var han væk.", "Kl. 10.15, 11.30, 13.45 ringer hun.",
    "Han kom i klasse 2025/2026. I 2024, 2025 gik det godt.", "Uge 12, 13, 14, 15 var hun der ikke.",
)  # fmt: skip

NAMING = (
    "010203-1234", "01.02.03-1234", "01.02-03.1234", "12.34.56.78", "12:34 56 78", "10.20 30 40", "010190 12:34",
    "010190 12.34", "cpr: 010119 20.14", "040512 kl. 10.15", "040512 (slut 1422)", "040512, løbenr. 1422",
    "tlf. 2030 14.50", "ring 22 33 10.45", "+45 12 34 56 78", "010203 2012", "12-34-56-78", "født 311299",
)  # fmt: skip
"""All are made up."""


@pytest.mark.parametrize("text", FINE)
def test_times_years_and_weeks_are_taken(text: str) -> None:
    assert refused(text, "") is None


@pytest.mark.parametrize("number", NAMING)
def test_numbers_of_people_are_refused_in_case_and_notice(number: str) -> None:
    for own, notice in ((f"Et barn, {number}, sagde noget.", ""), ("En sag.", number)):
        assert "cpr-numre" in (refused(own, notice) or "")


def test_a_planted_rule_that_takes_everything_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_case, "LEFT", 100)
    assert not numbered("12 34 56 78") and numbered("040512"), "the day of birth is a rule of its own"


def test_length() -> None:
    assert refused("x" * LARGEST, "x" * LONGEST_NOTICE) is None
    assert str(LARGEST) in (refused("x" * (LARGEST + 1), "") or "")
    assert str(LONGEST_NOTICE) in (refused("En sag.", "x" * (LONGEST_NOTICE + 1)) or "")


def test_nothing_unseen_is_kept() -> None:
    """A mark that turns the direction would turn the sentence beside it, too."""
    assert tidied(" vold\u202e mod\r\net\u00ad barn\u200b \n") == "vold mod\net barn"
