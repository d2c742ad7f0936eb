"""Whether what one kommune hands over can be true: not empty, not more ends than walks, not more than live there.

Pure. A file can be whole and unchanged and still be of something else. Not here: whether its cells exist and its
quarter may come in (`exchange.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

MOST = 100_000
"""Walks of one kommune in a quarter: our own limit, far above any use, against a file of something else."""

_ONCE = ("use", "level", "hours", "professions", "parents")
"""Tables in which a walk is counted once a period."""


def crossing(use: int) -> int:
    """How many walks may begin in one quarter and end in the next: few are walked at midnight."""
    return max(3, use // 50)


def doubt(quarter: str, rows: Mapping[tuple[str, str, str], int]) -> str | None:
    """Why these rows (period, tab, cell) cannot be what a kommune counted, in Danish; None when they can."""
    if not rows:
        return "Filen har ingen tal. Er det det rigtige kvartal?"
    sums = Counter[tuple[str, str]]()
    for (period, tab, _), n in rows.items():
        sums[period, tab] = sums[period, tab] + n if tab in _ONCE else max(sums[period, tab], n)
    for (period, tab), n in sorted(sums.items()):
        most = MOST if period == quarter else 4 * MOST
        if n > most:
            return (
                f"{n} forløb ({tab}) i {period} er flere, end én kommune kan have. Der må højst være {most}. "
                "Er det den rigtige database?"
            )
    use, level = sums[quarter, "use"], sums[quarter, "level"]
    if level > use + crossing(use):
        return (
            f"{level} forløb er endt (level), men kun {use} er begyndt (use) i {quarter}. Er det den rigtige database?"
        )
    return None
