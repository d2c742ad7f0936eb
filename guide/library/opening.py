"""When contacts answer: what `Hours` say as times, as Danish text, at a moment, and what several leave uncovered.

Hours are by the clock on the wall, so whoever covers every minute of a wall-clock week covers both changes of the
clock too. A holiday takes the place of the spans that begin on its day, never of those that go on past midnight into
it. Which days are holidays is not known here: `gaps` takes any day to be one or not, `answers` is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from guide.model import Hours

DAYS = ("man", "tirs", "ons", "tors", "fre", "loer", "soen")
"""The days of the week as in the files, Monday first."""

SHOWN = ("man", "tirs", "ons", "tors", "fre", "lør", "søn")
LONG = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
DAY, WEEK = 24 * 60, 7 * 24 * 60

Span = tuple[int, int]
"""From and to in minutes after the midnight its day begins with; past 1440 it goes on into the next day."""


@lru_cache(maxsize=1024)
def spans(text: str) -> tuple[Span, ...]:
    """The spans of `8.30-12, 13-15`; none of `closed`. `15-9` and `9-9` end on the next day."""
    if text == "closed":
        return ()
    found = ((_minutes(start), _minutes(end)) for start, _, end in (s.partition("-") for s in text.split(", ")))
    return tuple((start, end if end > start else end + DAY) for start, end in found)


def _minutes(time: str) -> int:
    hour, _, minute = time.partition(".")
    return int(hour) * 60 + int(minute or 0)


def days(key: str) -> list[int]:
    """The days of `fre` or `man-tors`, Monday as 0; `fre-man` goes on past Sunday."""
    first, _, last = key.partition("-")
    start, end = DAYS.index(first), DAYS.index(last or first)
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def wrong_hours(hours: Hours) -> Iterator[str]:
    """What the types cannot tell is wrong, in Danish."""
    named = [day for key in hours.week for day in days(key)]
    if hours.always and (hours.week or hours.holidays):
        yield "Skriv enten «always» eller «week» og «holidays», ikke begge."
    if not (hours.always or hours.week):
        yield "Skriv «always: true» eller «week». Udelad «hours», når tiden ikke vides."
    for day in sorted({day for day in named if named.count(day) > 1}):
        yield f"Dagen «{DAYS[day]}» står to gange."


def week(hours: Hours) -> tuple[tuple[Span, ...], ...]:
    """The spans that begin on each day of a week without holidays."""
    if hours.always:
        return (((0, DAY),),) * 7
    found: list[tuple[Span, ...]] = [()] * 7
    for key, text in hours.week.items():
        for day in days(key):
            found[day] = spans(text)
    return tuple(found)


def on_holidays(hours: Hours) -> tuple[Span, ...]:
    """The spans that begin on a holiday; none when they are not known."""
    return ((0, DAY),) if hours.always else spans(hours.holidays or "closed")


def answers(hours: Hours, moment: datetime, holidays: Collection[date] = ()) -> bool:
    """Whether somebody answers at a moment, given as the clock on the wall shows it."""
    minute = moment.hour * 60 + moment.minute
    for back in (0, 1):
        day = moment.date() - timedelta(days=back)
        begun = on_holidays(hours) if day in holidays else week(hours)[day.weekday()]
        if any(start <= minute + back * DAY < end for start, end in begun):
            return True
    return False


def gaps(several: Sequence[Hours]) -> list[str]:
    """When nobody of several contacts answers, in Danish: in any week of the year, whichever of its days are holidays.

    A minute depends on its own day and the one before, so 7 days by holiday or not by the day before holiday or not
    are all there is. Empty means: 168 of 168 hours, in every week.
    """
    found: dict[tuple[int, int, int], set[str]] = {}
    kept = [(week(hours), on_holidays(hours)) for hours in several]
    for day in range(7):
        for today in (False, True):
            for before in (False, True):
                covered = [span for other, own in kept for span in _covered(other, own, day, today, before)]
                for start, end in _free(covered):
                    kind = "helligdag" if today else "efter en helligdag" if before else ""
                    found.setdefault((day, start, end), set()).add(kind)
    return [_gap(*place, kinds) for place, kinds in found.items()]


def _covered(
    other: tuple[tuple[Span, ...], ...], own: tuple[Span, ...], day: int, today: bool, before: bool
) -> Iterator[Span]:
    """The spans that fall on a day, within its own minutes: those of holidays are `own`."""
    for start, end in own if today else other[day]:
        yield start, min(end, DAY)
    for _, end in own if before else other[day - 1]:
        yield 0, end - DAY


def _free(covered: list[Span]) -> Iterator[Span]:
    at = 0
    for start, end in [*sorted(covered), (DAY, DAY)]:
        if start > at:
            yield at, start
        at = max(at, end)


def _gap(day: int, start: int, end: int, kinds: set[str]) -> str:
    """A gap in words; one that only holidays make says so."""
    only = "" if "" in kinds else f" ({', '.join(sorted(kinds))})"
    return f"{LONG[day]} {_time(start)}-{_time(end)}{only}"


def shown(hours: Hours) -> str:
    """Hours as a reader sees them: `man-tors 9-15, fre 9-13, helligdage lukket (oplyst august 2025)`."""
    said = ["hele døgnet"] if hours.always else list(_week_shown(hours))
    if not hours.always and hours.holidays and not (said == ["hele døgnet"] and _whole_day(hours.holidays)):
        said.append("helligdage " + _spans_shown(hours.holidays))
    return ", ".join(said) + (f" ({hours.note})" if hours.note else "")


def _whole_day(text: str) -> bool:
    return any(end - start >= DAY for start, end in spans(text))


def _spans_shown(text: str) -> str:
    if _whole_day(text):
        return "hele døgnet"
    return ", ".join(text.split(", ")) if spans(text) else "lukket"


def _week_shown(hours: Hours) -> Iterator[str]:
    """Days with the same times together; what goes on for a day or more as `fre 13 til man 9`."""
    joined = _joined(week(hours))
    if joined == [(0, WEEK)]:
        yield "hele døgnet"
        return
    texts = [[(start, end) for start, end in joined if start // DAY == day] for day in range(7)]
    open_days = {minute // DAY % 7 for start, end in joined for minute in (*range(start, end, DAY), end - 1)}
    told = [_day_shown(day, texts[day], closed=day < 5 and day not in open_days) for day in range(7)]
    at = 0
    while at < 7:
        last = at
        while last + 1 < 7 and told[last + 1] == told[at] and not told[at].startswith("!"):
            last += 1
        if told[at]:
            several = f"{SHOWN[at]}-{SHOWN[last]}" if last > at else SHOWN[at]
            yield f"{several} {told[at].lstrip('!')}"
        at = last + 1


def _day_shown(day: int, begun: list[Span], closed: bool) -> str:
    """What begins on a day; with `!` when it goes on for a day or more, so that days are not put together."""
    if not begun:
        return "lukket" if closed else ""
    long = any(end - start >= DAY and (start, end) != (day * DAY, (day + 1) * DAY) for start, end in begun)
    parts = []
    for start, end in begun:
        more = long and end - start >= DAY
        parts.append(f"{_time(start % DAY)} til {_end(end)}" if more else f"{_time(start % DAY)}-{_until(end)}")
    return ("!" if long else "") + ", ".join(parts)


def _joined(begun: tuple[tuple[Span, ...], ...]) -> list[Span]:
    """The spans of a week in minutes after Monday's midnight, with those that touch put together, also over Sunday."""
    found: list[list[int]] = []
    for start, end in sorted((day * DAY + s, day * DAY + e) for day, those in enumerate(begun) for s, e in those):
        whole = start % DAY == 0 and end - start == DAY
        if found and start <= found[-1][1] and not (whole and found[-1][0] % DAY == 0 and found[-1][1] == start):
            found[-1][1] = max(found[-1][1], end)
        else:
            found.append([start, end])
    if _total(found) >= WEEK:
        return [(0, WEEK)]
    if len(found) > 1 and found[-1][1] - WEEK >= found[0][0]:
        found[-1][1] = max(found[-1][1], found[0][1] + WEEK)
        del found[0]
    return [(start, end) for start, end in found]


def _total(found: list[list[int]]) -> int:
    """Minutes of the week that are covered."""
    covered = {minute % WEEK for start, end in found for minute in range(start, end)}
    return len(covered)


def _until(end: int) -> str:
    return _time(end % DAY or DAY)


def _end(end: int) -> str:
    """`man 9`; midnight belongs to the day that it ends."""
    day = (end - 1) // DAY if end % DAY == 0 else end // DAY
    return f"{SHOWN[day % 7]} {_until(end)}"


def _time(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}.{minute:02}" if minute else str(hour)
