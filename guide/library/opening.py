"""When contacts answer: what `Hours` say as times, as Danish text, at a moment, and what several leave uncovered.

Hours are by the clock on the wall, so whoever covers every minute of a wall-clock week covers both changes of the
clock too. What begins on a day is what the exception for that date says, else the one for that day of every year, else
the holidays, else the week; what began the day before and goes on past midnight is left as it is. 24 and 31 December
follow no law: where they are not stated they are not known, and count as closed. Whom to ring is in `calling.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from guide.library.days import is_holiday, public_holidays
from guide.model import Hours

DAYS = ("man", "tirs", "ons", "tors", "fre", "loer", "soen")
"""The days of the week as in the files, Monday first."""

SHOWN = ("man", "tirs", "ons", "tors", "fre", "lør", "søn")
LONG = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
DAY, WEEK = 24 * 60, 7 * 24 * 60

EVES = ("24-december", "31-december")
"""Days that many keep as holidays, and no law does."""

AHEAD = 370
"""So many days are looked through for when a contact opens: a little more than a year."""

YEARS = range(2000, 2200)
"""Years that an exception may lie in; any other is a slip, and further away the calendar ends."""

CYCLE = range(2400, 2428)
"""Years in which every day of the calendar, also 29 February, falls on each day of the week."""

Holiday = Callable[[date], bool]
"""Whether a day is a public holiday."""

Span = tuple[int, int]
"""From and to in minutes after the midnight its day begins with; past 1440 it goes on into the next day."""


@lru_cache(maxsize=1024)
def spans(text: str) -> tuple[Span, ...]:
    """The spans of `8.30-12, 13-15`, the first first; none of `closed`. `15-9` and `9-9` end on the next day."""
    if text == "closed":
        return ()
    found = ((_minutes(start), _minutes(end)) for start, _, end in (s.partition("-") for s in text.split(", ")))
    return tuple(sorted((start, end if end > start else end + DAY) for start, end in found))


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
    if hours.always and (hours.week or hours.holidays or hours.exceptions):
        yield "Skriv enten «always» eller «week», «holidays» og «exceptions», ikke begge."
    if not (hours.always or hours.week):
        yield "Skriv «always: true» eller «week». Udelad «hours», når tiden ikke vides."
    for day in sorted({day for day in named if named.count(day) > 1}):
        yield f"Dagen «{DAYS[day]}» står to gange."
    for key in hours.exceptions:
        if not _exists(key):
            yield f"Dagen «{key}» findes ikke i kalenderen."


def _exists(key: str) -> bool:
    """Whether there is such a date, or such a day in some year."""
    try:
        day = date.fromisoformat(key) if _dated(key) else _yearly(key, CYCLE[0])
    except ValueError:
        return False
    return not _dated(key) or day.year in YEARS


def _dated(key: str) -> bool:
    """Whether a key is one date, `2027-05-07`, and not a day of every year."""
    return key[:4].isdecimal()


def _yearly(key: str, year: int) -> date:
    """`24-december` in a year. Raises ValueError when there is no such day then."""
    day, _, month = key.partition("-")
    return date(year, MONTHS.index(month) + 1, int(day))


def occasion(day: date) -> str:
    """A day as the files name it in every year: `24-december`."""
    return f"{day.day}-{MONTHS[day.month - 1]}"


def week(hours: Hours) -> tuple[tuple[Span, ...], ...]:
    """The spans that begin on each day of a week without holidays and exceptions."""
    return (((0, DAY),),) * 7 if hours.always else _week(tuple(hours.week.items()))


@lru_cache(maxsize=1024)
def _week(stated: tuple[tuple[str, str], ...]) -> tuple[tuple[Span, ...], ...]:
    found: list[tuple[Span, ...]] = [()] * 7
    for key, text in stated:
        for day in days(key):
            found[day] = spans(text)
    return tuple(found)


def on_holidays(hours: Hours) -> tuple[Span, ...]:
    """The spans that begin on a holiday; none when they are not known."""
    return ((0, DAY),) if hours.always else spans(hours.holidays or "closed")


def begun(hours: Hours, day: date, holiday: bool) -> tuple[Span, ...]:
    """The spans that begin on a day: by its exception, else as on a holiday, else by the week."""
    return ((0, DAY),) if hours.always else _begun(_stated(hours), day, holiday)


Stated = tuple[tuple[tuple[str, str], ...], str | None, tuple[tuple[str, str], ...]]
"""What hours say, as a key: the week, the holidays, the exceptions."""


def _stated(hours: Hours) -> Stated:
    return tuple(hours.week.items()), hours.holidays, tuple(hours.exceptions.items())


@lru_cache(maxsize=4096)
def _begun(stated: Stated, day: date, holiday: bool) -> tuple[Span, ...]:
    """Kept, for every page asks it of the same few days."""
    week_, holidays, exceptions = stated
    said, name = dict(exceptions), occasion(day)
    if own := said.get(day.isoformat()) or said.get(name):
        return spans(own)
    if name in EVES:
        return ()
    return spans(holidays or "closed") if holiday else _week(week_)[day.weekday()]


def unstated(hours: Hours, day: date) -> bool:
    """Whether a day follows no law, and nobody has said what holds on it."""
    if hours.always or (name := occasion(day)) not in EVES:
        return False
    return not hours.exceptions.keys() & {name, day.isoformat()}


def turn(hours: Hours, moment: datetime, holiday: Holiday = is_holiday) -> tuple[bool, datetime | None]:
    """Whether somebody answers at a moment, and when that changes, both by the clock on the wall.

    None for who answers for more than a week on end, and for who does not open within a year.
    """
    if hours.always:
        return True, None
    stated, first = _stated(hours), moment.date()
    minute, end = moment.hour * 60 + moment.minute, -1
    for n in range(-1, AHEAD):
        day = first + timedelta(days=n)
        for start, stop in _begun(stated, day, holiday(day)):
            begins, ends, reached = start + n * DAY, stop + n * DAY, max(end, minute)
            if begins <= reached < ends:
                end = ends
            elif begins > reached:
                return end >= 0, _after(moment, end if end >= 0 else begins)
        if end - minute > WEEK:
            return True, None
    return end >= 0, _after(moment, end) if end >= 0 else None


def _after(moment: datetime, minutes: int) -> datetime:
    """So many minutes after the midnight that the day of a moment begins with, by the clock on the wall."""
    return datetime.combine(moment.date(), time(), moment.tzinfo) + timedelta(minutes=minutes)


def gaps(several: Sequence[Hours]) -> list[str]:
    """When nobody of several contacts answers, in Danish: in any week of the year, whichever of its days are holidays.

    A minute depends on its own day and the one before, so 7 days by holiday or not by the day before holiday or not
    are all there is, and beside them the days with an exception, the two eves, and the days after those.
    Empty means: 168 of 168 hours, in every week.
    """
    found: dict[tuple[int, int, int], set[str]] = {}
    for day in range(7):
        for today in (False, True):
            for before in (False, True):
                begins = [(_plain(h, day, today), _plain(h, day - 1, before)) for h in several]
                for start, end in _free(begins):
                    found.setdefault((day, start, end), set()).add(_kind(today, before))
    special: dict[tuple[str, int, int], set[int]] = {}
    for label, date_, today, before in _occasions(several):
        back = date_ - timedelta(days=1)
        for start, end in _free([(begun(h, date_, today), begun(h, back, before)) for h in several]):
            if not found.get((date_.weekday(), start, end), set()) & {"", _kind(today, before)}:
                special.setdefault((label, start, end), set()).add(date_.weekday())
    return [_gap(*place, kinds) for place, kinds in found.items()] + [
        _gap_on(*place, on) for place, on in special.items()
    ]


def _plain(hours: Hours, day: int, holiday: bool) -> tuple[Span, ...]:
    """The spans that begin on a day of the week that no exception is about."""
    return on_holidays(hours) if holiday else week(hours)[day]


def _kind(today: bool, before: bool) -> str:
    return "helligdag" if today else "efter en helligdag" if before else ""


def _occasions(several: Sequence[Hours]) -> Iterator[tuple[str, date, bool, bool]]:
    """Every day that some hours may treat as no other, and the day after, on each day of the week.

    With its name, and whether it and the day before are holidays: both where that can be.
    """
    stated = dict.fromkeys([*EVES, *(key for hours in several for key in hours.exceptions if _exists(key))])
    yearly = [key for key in stated if not _dated(key)]
    found: dict[tuple[int, str, str], date] = {}
    for year in CYCLE:
        for key in yearly:
            for after in (0, 1) if key != "29-februar" or year % 4 == 0 else ():
                day = _yearly(key, year) + timedelta(days=after)
                found.setdefault((day.weekday(), occasion(day), occasion(day - timedelta(days=1))), day)
    for day in found.values():
        for today in _may_be_holiday(day):
            for before in _may_be_holiday(day - timedelta(days=1)):
                yield _named(occasion(day)), day, today, before
    for key in filter(_dated, stated):
        for after in (0, 1):
            day = date.fromisoformat(key) + timedelta(days=after)
            yield _named(day.isoformat()), day, is_holiday(day), is_holiday(day - timedelta(days=1))


def _may_be_holiday(day: date) -> tuple[bool, ...]:
    """Christmas Day and the others with a date of their own are holidays in every year; any other may be one."""
    return (True,) if (day.month, day.day) in _fixed() else (False, True)


@lru_cache(maxsize=1)
def _fixed() -> frozenset[tuple[int, int]]:
    """The holidays that fall on the same date in each of ten years; what moves with Easter does not."""
    years = [{(day.month, day.day) for day in public_holidays(year)} for year in range(2024, 2034)]
    return frozenset(set.intersection(*years))


def _free(begins: Sequence[tuple[tuple[Span, ...], tuple[Span, ...]]]) -> Iterator[Span]:
    """The minutes of a day that nothing covers, by what begins on it and on the day before."""
    covered = [(start, min(end, DAY)) for today, _ in begins for start, end in today]
    covered += [(0, end - DAY) for _, before in begins for _, end in before]
    at = 0
    for start, end in [*sorted(covered), (DAY, DAY)]:
        if start > at:
            yield at, start
        at = max(at, end)


def _gap(day: int, start: int, end: int, kinds: set[str]) -> str:
    """A gap in words; one that only holidays make says so."""
    only = "" if "" in kinds else f" ({', '.join(sorted(kinds))})"
    return f"{LONG[day]} {_time(start)}-{_time(end)}{only}"


def _gap_on(label: str, start: int, end: int, on: set[int]) -> str:
    """A gap on a day of its own; one that not every day of the week makes says which."""
    only = "" if len(on) == 7 or label[-4:].isdecimal() else f" ({', '.join(LONG[day] for day in sorted(on))})"
    return f"{label} {_time(start)}-{_time(end)}{only}"


def _named(key: str) -> str:
    """`24. december` of every year, or `7. maj 2027`."""
    if _dated(key):
        day = date.fromisoformat(key)
        return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
    return key.replace("-", ". ")


def shown(hours: Hours) -> str:
    """Hours as a reader sees them: `man-tors 9-15, fre 9-13, helligdage lukket, 24. december lukket (set i august)`."""
    said = ["hele døgnet"] if hours.always else list(_week_shown(hours))
    whole = said == ["hele døgnet"]
    if not hours.always and hours.holidays and not (whole and _whole_day(hours.holidays)):
        said.append("helligdage " + _spans_shown(hours.holidays))
    for text in dict.fromkeys(hours.exceptions.values()):
        if not (whole and _whole_day(text)):
            named = [_named(key) for key, other in hours.exceptions.items() if other == text and _exists(key)]
            said += [f"{_listed(named)} {_spans_shown(text)}"] if named else []
    return ", ".join(said) + (f" ({hours.note})" if hours.note else "")


def _listed(named: list[str]) -> str:
    """`24. og 31. december`: a month that the next one has too is said once."""
    short = [
        one.split()[0] if one.split()[1:] == after.split()[1:] else one
        for one, after in zip(named, [*named, ""][1:], strict=True)
    ]
    return " og ".join([", ".join(short[:-1]), *short[-1:]]) if len(short) > 1 else "".join(short)


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
