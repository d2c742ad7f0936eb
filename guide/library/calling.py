"""Whom to ring at this minute, whom then, who is closed, and for whom there is no number.

Pure: the moment is given, nothing here reads the clock. One begins with whom the outcome sends one to and goes along
`fallback`, each contact being that of the kommune it follows; the chain always ends with 114, «bed om den sociale
vagt», and never with 112, which stands beside it (C5). When a contact answers is in `opening.py`.

A number whose hours nobody knows keeps its place and is said to be unknown: a call that nobody takes costs a minute,
and the next number stands below it; to pass the kommune by in its open hours could cost the child the day.
After a number that nobody has tried for six months comes 114 at once, before the rest of the chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from guide.library.force import DENMARK, SAME_EVERYWHERE, WARNS, overdue
from guide.library.furnished import ALARM, POLICE, TAKE_REPORTS
from guide.library.library import NOWHERE, Library
from guide.library.opening import LONG, MONTHS, turn, unstated
from guide.model import Contact, Level, Outcome

NEAR = 6
"""So many days ahead a day of the week is enough; further away the date is said too."""


@dataclass(frozen=True)
class Call:
    """Somebody to ring, as it is at one moment. Equal by what is shown, so that a page can be kept for it."""

    name: str
    """The id of the contact."""
    contact: Contact = field(compare=False)
    kommune_id: str
    """The kommune that the contact follows: `library.contact(kommune_id, name)` is the contact."""
    answers: bool
    """Whether it is open; False also when the hours are not known."""
    until: datetime | None
    """When it closes, in Denmark; None when it is closed, unknown or open for more than a week on end."""
    opens: datetime | None
    """When it opens, in Denmark; None when it is open, or that is not known."""
    example: bool
    """Whether the number is made up."""
    old: bool
    """Whether nobody has tried the number for six months."""


@dataclass(frozen=True)
class Calls:
    """The number of this minute and those around it."""

    now: Call
    """The number to ring; always has a phone, and is never 112."""
    then: tuple[Call, ...]
    """Whom to ring if nobody answers, in order; 114 is always here or `now`, and no number stands twice."""
    closed: tuple[Call, ...]
    """Whom one would ring before `now`, and who does not answer at this minute."""
    unknown: tuple[Call, ...]
    """Whom one would ring before `now`, and for whom there is no number."""


@dataclass(frozen=True)
class Link:
    """One contact of a chain, and the kommune that it follows."""

    name: str
    kommune_id: str
    contact: Contact = field(compare=False)


def calls(library: Library, workplace: str, child: str | None, outcome: Outcome, moment: datetime) -> Calls:
    """Whom to ring on an outcome; on `akut` that is what comes after 112.

    `workplace` and `child` are ids of kommuner; `child` is None when it is the same, or where it is not known.
    Raises KeyError for an id that there is not, and ValueError for a moment without a zone.
    """
    return _at(library, chain(library, workplace, child, first(outcome)), moment)


def at_once(library: Library, workplace: str, child: str | None, moment: datetime) -> Calls:
    """Whom to ring with one minute and no answers: as on `straks`. Raises as `calls` does."""
    return _at(library, chain(library, workplace, child, TAKE_REPORTS[0]), moment)


def first(outcome: Outcome) -> str:
    """The id of the contact with which one begins: who takes a report, where one reports; else the outcome's first."""
    if outcome.level.rank >= Level.underret.rank:
        return next((name for name in TAKE_REPORTS if name in outcome.contacts), TAKE_REPORTS[0])
    return next((name for name in outcome.contacts if name != ALARM), TAKE_REPORTS[0])


def chain(library: Library, workplace: str, child: str | None, start: str) -> tuple[Link, ...]:
    """Whom one rings in turn from a contact on, whether or not they answer; 114 last, no number twice, never 112."""
    found: list[Link] = []
    seen, phones = set[str](), {"112"}
    name: str | None = start
    here = workplace
    while name and name not in seen and name != POLICE:
        seen.add(name)
        if name in library.contacts:
            here = library.follows(workplace, name, child)
        link = Link(name, here, library.contact(here, name))  # a kommune's own falls back on its own
        if link.contact.phone not in phones:
            found.append(link)
        phones |= {link.contact.phone} if link.contact.phone else set()
        name = link.contact.fallback
    last = _last(library)
    return (*found, *([] if last.contact.phone in phones else [last]))


def _last(library: Library) -> Link:
    """114, with the words for the social duty officer where the national contacts have them."""
    police, duty = library.contacts[POLICE], library.contacts[TAKE_REPORTS[-1]]
    same = duty.phone == police.phone
    return Link(TAKE_REPORTS[-1], NOWHERE, duty) if same else Link(POLICE, NOWHERE, police)


def _at(library: Library, links: tuple[Link, ...], moment: datetime) -> Calls:
    """A chain at a moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    every = [_call(library, link, moment.astimezone(DENMARK)) for link in links]
    rung = [call for call in every if call.contact.phone and (call.answers or call.contact.hours is None)]
    now, *then = _sooner(rung)
    before = every[: every.index(now)]
    return Calls(
        now,
        tuple(then),
        tuple(call for call in before if call.contact.phone),
        tuple(call for call in before if not call.contact.phone),
    )


def _sooner(rung: list[Call]) -> list[Call]:
    """114, which is the last, right after the first number that nobody has tried for long."""
    for n, call in enumerate(rung[:-1]):
        if call.old:
            return [*rung[: n + 1], rung[-1], *rung[n + 1 : -1]]
    return rung


def _call(library: Library, link: Link, moment: datetime) -> Call:
    contact, kommune = link.contact, library.municipalities[link.kommune_id]
    known = bool(contact.phone and contact.hours)
    open_, change = turn(contact.hours, moment) if known and contact.hours else (False, None)
    example = kommune.example and link.name in kommune.contacts
    return Call(
        link.name,
        contact,
        link.kommune_id,
        answers=open_,
        until=change if open_ else None,
        opens=None if open_ else change,
        example=example,
        old=not example and untried(contact, moment.date()),
    )


def untried(contact: Contact, day: date) -> bool:
    """Whether a contact has a number and nobody has tried it for six months; what is the same everywhere needs none."""
    if not contact.phone or contact.phone in SAME_EVERYWHERE:
        return False
    return contact.checked is None or overdue(contact.checked, day, WARNS)


# --- in words -----------------------------------------------------------------------------------------------------


def when(call: Call, moment: datetime) -> str:
    """Until when a contact is open, or when it opens: `åbent til 15.00`, `åbner mandag kl. 8.00`, `hele døgnet`."""
    local, hours = moment.astimezone(DENMARK), call.contact.hours
    if not call.contact.phone:
        return "vi har intet efterset nummer"
    if hours is None:
        return "åbningstid kendes ikke"
    if call.answers:
        return f"åbent til {_until(call.until, local)}" if call.until else "hele døgnet"
    opens = f"åbner {_opens(call.opens, local)}" if call.opens else "lukket"
    if unstated(hours, local.date()):
        return f"tiden {local.day}. {MONTHS[local.month - 1]} kendes ikke, {opens}"
    return opens


def _until(end: datetime, local: datetime) -> str:
    if end.date() == local.date():
        return clock(end)
    if end.date() - local.date() == timedelta(days=1) and (end.hour, end.minute) == (0, 0):
        return "24.00"
    return f"{_day(end, local)} kl. {clock(end)}"


def _opens(begin: datetime, local: datetime) -> str:
    return f"kl. {clock(begin)}" if begin.date() == local.date() else f"{_day(begin, local)} kl. {clock(begin)}"


def _day(other: datetime, local: datetime) -> str:
    """`i morgen`, `mandag`, or `torsdag 2. januar` when it is more than six days away."""
    days = (other.date() - local.date()).days
    if days == 1:
        return "i morgen"
    name = LONG[other.weekday()]
    return name if days <= NEAR else f"{name} {other.day}. {MONTHS[other.month - 1]}"


def clock(moment: datetime) -> str:
    """A time of day: `8.30`."""
    return f"{moment.hour}.{moment.minute:02}"
