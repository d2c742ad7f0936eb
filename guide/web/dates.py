"""What happens now, with dates: on an outcome, as a file for the calendar, and the observation sheet to print.

The dates are counted in `guide/library/deadlines.py`; `static/dates.js` counts them anew in the browser when the reader
says when the kommune received the report. Nothing of it is sent but, in the address of the calendar file that one
chooses to fetch, the moment itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import uuid4

from babel.dates import format_date
from flask import Blueprint, Flask, Response, abort, render_template, request
from icalendar import Alarm, Calendar, Event, Timezone

from guide.library import force
from guide.library.days import public_holidays
from guide.library.deadlines import LOOK, Deadlines, deadlines, hasty
from guide.model import Due, Level, Outcome
from guide.web import shelf

blueprint = Blueprint("dates", __name__)

FARTHEST = timedelta(days=731)
"""How far from today a calendar file may begin: two years. Farther is a slip or a machine."""

AT, LASTS, ALARM = time(9), timedelta(minutes=15), timedelta(minutes=-15)
"""When on its day an entry stands, how long it lasts, and when it rings."""

SLUG = re.compile(
    r"(?:opfoelgning(?P<soon>-snart)?-(?P<received>[0-9]{8}T[0-9]{4})(?:-(?P<look>[1-9][0-9]?))?"
    r"|nyt-blik-(?P<day>[0-9]{8}))",
    re.ASCII,
)
"""`opfoelgning-20261122T1030`: the kommune received it then; `-snart` asks on the next day, `-7` looks anew after seven
days instead of fourteen. `nyt-blik-20261206`: only that day. Neither names an outcome or anybody."""

ZONE = """BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""
"""The hours of an entry are in Denmark's zone, and the file says what that is. Outlook takes an hour without a zone
(«floating») for a fault or for UTC except on whole days, on which it does not ring as asked; it knows a zone by name
only where the file defines it; and it reads rules, not the list of days that `icalendar` would write itself."""


def install(app: Flask) -> None:
    """Filters `dag` and `tid`; globals `dates_of`, `date_order`, `follow_up`, `new_look`, `holidays`, `LOOK`."""
    app.jinja_env.filters.update(dag=dag, tid=tid)
    app.jinja_env.globals.update(
        dates_of=dates_of, date_order=order, follow_up=follow_up, new_look=new_look, holidays=holidays, LOOK=LOOK
    )


def dates_of(outcome: Outcome) -> Deadlines:
    """The dates of an outcome, counted from this minute."""
    return deadlines(outcome.level, force.now().replace(second=0, microsecond=0), outcome.look)


def order(due: Deadlines) -> list[Due]:
    """The dates of a report, the first one first. Their order hangs on level and look alone, never on the moment."""
    found = {
        Due.vurdering: due.assessed_by and due.assessed_by.date(),
        Due.kvittering: due.receipt_by,
        Due.spoerg: due.ask_on,
        Due.blik: due.look_by,
    }
    # The kommune's 24 hours end on the day on which one asks where it hastes: they stand first.
    return sorted((due for due, day in found.items() if day), key=lambda due: found[due] or date.max)


@lru_cache(maxsize=1024)
def dag(day: date) -> str:
    """A day written out: `mandag 30. november 2026`."""
    return str(format_date(day, "EEEE d. MMMM y", locale="da"))


def tid(moment: datetime) -> str:
    """A moment written out: `mandag 23. november 2026 kl. 10.30`."""
    return f"{dag(moment.date())} kl. {moment.hour}.{moment.minute:02}"


@lru_cache(maxsize=16)
def holidays(year: int) -> str:
    """The public holidays of a year, the one before it and the two after it, for the script: `2026-12-25 …`."""
    return " ".join(str(day) for y in range(year - 1, year + 3) for day in sorted(public_holidays(y)))


# --- the file for the calendar --------------------------------------------------------------------------------------


def follow_up(level: Level, due: Deadlines, look: int | None) -> str:
    """The name of the file with the dates of a report, without its end."""
    soon = "-snart" if hasty(level) else ""
    own = f"-{look}" if look and look != LOOK else ""
    return f"opfoelgning{soon}-{due.received:%Y%m%dT%H%M}{own}"


def new_look(day: date) -> str:
    """The name of the file with one new look, without its end."""
    return f"nyt-blik-{day:%Y%m%d}"


@blueprint.get("/<municipality>/kalender/<slug>.ics")
def calendar(municipality: str, slug: str) -> Response:
    """The dates as a file that any calendar reads. Titles are neutral: colleagues and families see calendars."""
    found = SLUG.fullmatch(slug)
    if not shelf().municipality(municipality) or not found:
        abort(404)
    file = Calendar()
    file.add("prodid", "-//guide//DA")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(Timezone.from_ical(ZONE))
    for title, day in _entries(found):
        file.add_component(_entry(title, day))
    response = Response(file.to_ical(), content_type="text/calendar; charset=utf-8")
    name = "nyt-blik.ics" if found["day"] else "opfoelgning.ics"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _entries(found: re.Match[str]) -> Iterator[tuple[str, date]]:
    """Title and day of each entry; 404 for a day that is not in the calendar or too far away."""
    try:
        moment = datetime.strptime(found["day"] or found["received"], "%Y%m%d" if found["day"] else "%Y%m%dT%H%M")
    except ValueError:
        abort(404)
    if abs(moment.date() - force.today()) > FARTHEST:
        abort(404)
    if found["day"]:
        return iter([("Nyt blik", moment.date())])
    level = Level.straks if found["soon"] else Level.underret
    due = deadlines(level, moment.replace(tzinfo=force.DENMARK), int(found["look"] or LOOK))
    days = (("Ring og spørg", due.ask_on), ("Følg op", due.receipt_by), ("Nyt blik", due.look_by))
    return ((title, day) for title, day in days if day)


def _entry(title: str, day: date) -> Event:
    """One entry, seen as private by those who share the calendar, and not as time that is taken."""
    entry, alarm = Event(), Alarm()
    begins = datetime.combine(day, AT, force.DENMARK)
    entry.add("summary", title)
    entry.add("dtstart", begins)
    entry.add("dtend", begins + LASTS)
    entry.add("dtstamp", force.now().astimezone(UTC))
    entry.add("uid", str(uuid4()))
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT")
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", ALARM)
    entry.add_component(alarm)
    return entry


# --- the observation sheet ------------------------------------------------------------------------------------------


@blueprint.get("/<municipality>/observation/<outcome>")
def observation(municipality: str, outcome: str) -> str:
    """A sheet to print and write on by hand until the new look; only where nothing is reported yet."""
    place = shelf().municipality(municipality) or abort(404)
    flows = {name: p for name, p in shelf().library.flows_in(municipality).items() if outcome in p.flow.outcomes}
    playable = flows.get(request.args.get("fag", "")) or next(iter(flows.values()), None) or abort(404)
    found = playable.flow.outcomes[outcome]
    if found.level.rank > Level.bekymring.rank:
        abort(404)
    return render_template(
        "dates/observation.html",
        municipality_id=municipality,
        municipality=place,
        playable=playable,
        outcome=found,
        step=outcome,
        title="Observationsark",
    )
