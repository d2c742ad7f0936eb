"""A text kept as lines of another one comes back letter by letter, whatever the two are."""

from __future__ import annotations

import os
import random

import pytest

from guide.library.lines import against, whole

PAIRS = 20_000 if os.environ.get("GUIDE_NIGHT") == "1" else 300

MOST = 1_000_000


def pair(chance: random.Random) -> tuple[str, str]:
    """A text, and the text with lines taken out, put in, doubled and moved; many lines are alike."""
    base = [chance.choice(("", "a", "=1,2", "+x", "\u2028", str(n))) for n in range(chance.randrange(30))]
    other = list(base)
    for _ in range(chance.randrange(6)):
        at = chance.randint(0, len(other))
        other[at:at] = chance.choice((["ny"], [""], base[:3], ["=0,9"], base[-4:]))
        cut = chance.randint(0, len(other))
        del other[cut : cut + chance.randrange(3)]
    return "\n".join(base), "\n".join(other)


def test_every_text_comes_back() -> None:
    chance = random.Random(20_261_122)
    for _ in range(PAIRS):
        base, text = pair(chance)
        assert whole(against(text, base), base, MOST) == text


def test_what_is_the_same_takes_no_room() -> None:
    base = "\n".join(f"Linje {n}" for n in range(1_000))
    assert against(base, base) == "=0,1000"
    assert against(base.replace("Linje 500", "Linje 500\nVores egen"), base) == "=0,501\n+Vores egen\n=501,499"


def test_a_line_taken_away_is_noticed() -> None:
    """The planted fault: what was written loses a line."""
    base, text = "a\nb\nc", "a\nny\nc"
    written = against(text, base).split("\n")
    assert all(whole("\n".join(written[:n] + written[n + 1 :]), base, MOST) != text for n in range(len(written)))


@pytest.mark.parametrize("written", ["", "x", "=", "=1", "=a,1", "=0,2\n=0,2"])
def test_what_was_not_written_so(written: str) -> None:
    with pytest.raises(ValueError):
        whole(written, "en lang linje\nog en til", 30)
