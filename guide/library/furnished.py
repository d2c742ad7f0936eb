"""Whom outcomes send people to, in each kommune: I11-I13 of the reliability notes.

A contact of a kommune's own replaces the national one whole, so what holds in the whole country need not hold there.
Here too is where one ends who rings on and on: at a number that always answers, and never at 112 (C5).
What an outcome needs by its level is in `invariants.py`, when contacts answer in `opening.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import PurePosixPath

from guide.flows.finding import Finding
from guide.library.invariants import way
from guide.library.library import NOWHERE, Library, Playable
from guide.library.opening import gaps, wrong_hours
from guide.library.read import Source, suggest
from guide.library.texts import calls, plain, texts
from guide.model import Contact, ContactList, Level, Municipality, Outcome, Purpose, Registers

TAKE_REPORTS = ("modtagelse", "doegnvagt")
"""The contacts that take a report. 114 leads to the second, where it is shown; 112 never stands in for them (C5)."""

ALARM = "alarm"
"""The contact that is 112."""

POLICE = "politi"
"""The contact whose number leads on to the kommune's social duty officer, at any hour."""

SHORT = frozenset({"112", "114", "116000", "116006", "116111", "116117", "116123", "1813", "1888"})
"""Short numbers of the Danish plan that help children, families and those who work with them."""

TOLD = 3
"""So many gaps are named; the rest are counted."""

_EIGHT = re.compile(r"(?<![\d-])\d\d ?\d\d ?\d\d ?\d\d(?![\d-])")
_POLICE = re.compile(r"(?<!\d)114(?!\d)")


@dataclass(frozen=True)
class Desk:
    """A kommune as its pages dial it: its own contacts before the national ones, and where they were written."""

    id: str
    word: Municipality
    source: Source | None = None
    uncovered: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    """The gaps that some contacts leave, worked out once."""

    def of(self, library: Library, name: str) -> Contact | None:
        """The contact of an id as it is here; None where it does not exist (told elsewhere)."""
        return self.word.contacts.get(name) or library.contacts.get(name)


def furnished(library: Library) -> Iterator[Finding]:
    """Every broken I11, I12 and I13, for the whole country and for each kommune with contacts of its own."""
    nowhere = Desk(NOWHERE, Municipality(name="Hele landet"))
    desks = [nowhere, *_own(library)]
    ends = list(_reporting(library))
    used = _users(library)
    for desk in desks[1:]:
        yield from _replaced(library, desk, used)
    for desk in desks:
        yield from _covered(library, desk, ends)
        yield from _chained(library, desk, used)
        yield from _advised(library, desk)
    yield from _numbers(library, desks)
    yield from _calls(library, desks)


def _own(library: Library) -> Iterator[Desk]:
    for written in library.words:
        if isinstance(written.word, Municipality) and written.word.contacts:
            file = written.source.document.mark(()).file
            yield Desk(PurePosixPath(file).parent.name, written.word, written.source)


End = tuple[Playable, str, Outcome]
"""A flow, and one of its outcomes with its id."""


def _reporting(library: Library) -> Iterator[End]:
    """The outcomes that send somebody to the kommune or to 112."""
    for playable in library.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            if outcome.level.rank >= Level.underret.rank:
                yield playable, step, outcome


def _users(library: Library) -> dict[str, End]:
    """Contact -> the gravest outcome that shows it."""
    found: dict[str, End] = {}
    for playable in library.flows.values():
        for step, outcome in playable.flow.outcomes.items():
            for name in outcome.contacts:
                if name not in found or outcome.level.rank > found[name][2].level.rank:
                    found[name] = (playable, step, outcome)
    return found


def _way(end: End | None) -> str:
    return way(end[0].proof, end[1]) if end and end[0].proof else ""


def _replaced(library: Library, desk: Desk, used: dict[str, End]) -> Iterator[Finding]:
    """I11: an own contact has what the one it replaces had; a new one can be reached."""
    assert desk.source
    for name, own in desk.word.contacts.items():
        known = library.contacts.get(name)
        if known and known.phone and not own.phone:
            said = f"Kontakten erstatter den nationale helt, og nummeret {known.phone} forsvinder. Skriv «phone» (I11)."
        elif known and known.say and not own.say and name in TAKE_REPORTS:
            said = "Kontakten erstatter den nationale helt, og det, man siger, forsvinder. Skriv «say» (I11)."
        elif not (own.phone or own.link):
            said = "Kontakten har hverken «phone» eller «link», så ingen kan få fat i den (I11)."
        elif name in TAKE_REPORTS and own.phone and not (takes_reports(own.phone) and _is_free(library, own.phone)):
            said = f"{own.phone} tager ikke imod en underretning. Skriv kommunens eget nummer eller 114 (I11)."
        elif known and name in TAKE_REPORTS and (lost := _lost(known, own)):
            said = f"Kontakten erstatter den nationale helt. Skriv også «{lost}» (I11)."
        else:
            continue
        yield desk.source.finding(said + _way(used.get(name)), "contacts", name)


def _lost(known: Contact, own: Contact) -> str:
    """What a number that takes reports must still say of itself, and does not."""
    if known.whose and own.whose != known.whose:
        return f"whose: {known.whose}"
    if set(known.purpose) - set(own.purpose):
        return f"purpose: [{', '.join(known.purpose)}]"
    return "" if own.fallback or own.phone == "114" else f"fallback: {known.fallback or POLICE}"


def _is_free(library: Library, phone: str) -> bool:
    """Whether a number is not that of a national contact for something else: an adviser, a helpline."""
    others = library.contacts.keys() - {*TAKE_REPORTS, POLICE}
    return _digits(phone) not in _phones({name: library.contacts[name] for name in others})


def takes_reports(phone: str) -> bool:
    """Whether a number can be the kommune's: 114 leads on to it, 112 and the short numbers of helplines never do."""
    return phone == "114" or len(_digits(phone)) == len("12345678")


def _chained(library: Library, desk: Desk, used: dict[str, End]) -> Iterator[Finding]:
    """C5: whom to ring next when nobody answers exists, never comes round again, is never 112, and someone is last."""
    places = [(desk.source, desk.word.contacts)] if desk.source else _national(library)
    sound = True
    for source, contacts in places:
        for name, contact in contacts.items():
            if contact.fallback and (wrong := _misled(library, desk, name, contact.fallback)):
                sound = False
                yield source.finding(f"{wrong}{_way(used.get(name))}", "contacts", name, "fallback")
    for name in TAKE_REPORTS if sound else ():
        last = _followed(library, desk, name)[-1]
        found = desk.of(library, last)
        if found and not _last_resort(found):
            said = f"Svarer «{name}» ikke, ender man ved «{last}», som ikke altid svarer og tager imod. "
            said += f"Skriv «fallback: {POLICE}» (C5)." + _way(used.get(name))
            source = next((source for source, contacts in places if last in contacts), places[0][0])
            yield source.finding(said, "contacts", last)


def _advised(library: Library, desk: Desk) -> Iterator[Finding]:
    """C5: nobody on the way from who takes reports to 114 is one who only advises."""
    for start in TAKE_REPORTS:
        for before, name in pairwise(_followed(library, desk, start)):
            own = desk.word.contacts.get(name)
            if own and desk.source and name not in TAKE_REPORTS and Purpose.underretning not in own.purpose:
                said = f"«{name}» er den næste, når «{before}» ikke svarer, men tager ikke imod underretninger. "
                said += "Lad «fallback» være en, der gør (C5)."
                yield desk.source.finding(said, "contacts", before if before in desk.word.contacts else name)


def _national(library: Library) -> list[tuple[Source, dict[str, Contact]]]:
    return [(w.source, w.word.contacts) for w in library.words if isinstance(w.word, ContactList)]


def _followed(library: Library, desk: Desk, name: str) -> list[str]:
    """Whom one rings in turn from a contact on, until it comes round or there is nobody more."""
    found = [name]
    while (here := desk.of(library, found[-1])) and here.fallback and here.fallback not in found:
        found.append(here.fallback)
    return found


def _misled(library: Library, desk: Desk, name: str, then: str) -> str:
    """What is wrong with going from one contact to the next, in Danish."""
    next_ = desk.of(library, then)
    if next_ is None:
        known = library.contacts.keys() | desk.word.contacts.keys()
        return f"«{then}» i «fallback» findes ikke (C5).{suggest(then, known)}"
    if then == ALARM or next_.phone == "112":
        return "112 er til fare her og nu, og aldrig den næste, når ingen svarer (C5)."
    round_ = _followed(library, desk, name)
    here = desk.of(library, round_[-1])
    if here and here.fallback == name:
        return f"Ingen er den sidste: {' → '.join([*round_, name])} (C5)."
    return ""


def _last_resort(contact: Contact) -> bool:
    """Whether somebody who can take a report takes the call at any hour of any week."""
    if not (contact.phone and contact.hours and takes_reports(contact.phone)):
        return False
    return contact.hours.always or not gaps([contact.hours])


def _covered(library: Library, desk: Desk, ends: list[End]) -> Iterator[Finding]:
    """I12: at each of 168 hours of any week somebody answers; each kind of gap is told once."""
    told = set[tuple[str, ...]]()
    for playable, step, outcome in ends:
        uncovered = _uncovered(library, desk, outcome)
        if not uncovered or tuple(uncovered) in told:
            continue
        told.add(tuple(uncovered))
        more = f" og {len(uncovered) - TOLD} gange mere" if len(uncovered) > TOLD else ""
        when = ", ".join(uncovered[:TOLD]) + more
        said = f"Ingen, der tager imod, svarer {when}, og 114 er ikke vist (I12)."
        said += _way((playable, step, outcome))
        own = next((name for name in reversed(TAKE_REPORTS) if name in desk.word.contacts), None)
        if desk.source:
            yield desk.source.finding(said, "contacts", *([own] if own else []))
        else:
            yield playable.source.finding(said, "outcomes", step, "contacts")


def _uncovered(library: Library, desk: Desk, outcome: Outcome) -> list[str]:
    """When nobody answers whom this outcome shows. 112 counts only where it is what one is told to ring."""
    names = [name for name in TAKE_REPORTS if name in outcome.contacts]
    names += [outcome.contacts[0]] if outcome.level is Level.akut else []
    names += [POLICE] if _police_shown(library, desk, outcome) else []
    if (asked := tuple(names)) not in desk.uncovered:
        known = [contact for name in asked if (contact := desk.of(library, name))]
        desk.uncovered[asked] = gaps([contact.hours for contact in known if contact.phone and contact.hours])
    return desk.uncovered[asked]


def _police_shown(library: Library, desk: Desk, outcome: Outcome) -> bool:
    """Whether 114 stands on the page of an outcome: as a contact, or in what is said when nobody answers."""
    contacts = [desk.of(library, name) for name in outcome.contacts]
    if any(contact and contact.phone == "114" for contact in contacts):
        return True
    level = library.texts.levels.get(outcome.level) if library.texts else None
    helps = [contact.help for name in TAKE_REPORTS if name in outcome.contacts and (contact := desk.of(library, name))]
    return any(_POLICE.search(plain(text)) for text in [*helps, *([level.unreached] if level else [])])


def _numbers(library: Library, desks: list[Desk]) -> Iterator[Finding]:
    """I13: numbers of the Danish plan, and hours that can be read; example kommuner have made-up numbers."""
    places = [(source, False, contacts) for source, contacts in _national(library)]
    places += [(desk.source, desk.word.example, desk.word.contacts) for desk in desks if desk.source]
    used = _users(library)
    for source, example, contacts in places:
        for name, contact in contacts.items():
            if contact.phone and not (example or in_plan(contact.phone)):
                said = f"{contact.phone} er ikke et nummer i den danske nummerplan (I13)."
                yield source.finding(said + _way(used.get(name)), "contacts", name, "phone")
            for wrong in wrong_hours(contact.hours) if contact.hours else ():
                yield source.finding(f"{wrong} (I12)" + _way(used.get(name)), "contacts", name, "hours")


def in_plan(phone: str) -> bool:
    """Whether a number as it is shown can be dialled in Denmark: a known short one, or eight digits from 2 on."""
    digits = phone.replace(" ", "")
    return digits in SHORT or (len(digits) == 8 and digits.isdecimal() and digits[0] not in "01")


def _calls(library: Library, desks: list[Desk]) -> Iterator[Finding]:
    """I13: what a text shows is what it dials; a link to a contact has a number, a number in a text is a contact's.

    A text that every kommune shows has only national numbers; a kommune's own has those and its own, never another's.
    """
    national = _phones(library.contacts)
    used = _users(library)
    for source, playable, path, text in _written(library):
        numbers = _EIGHT.findall(text.replace("\u00a0", " "))
        if not (numbers or "kontakt:" in text):
            continue
        at = str(path[1]) if path[0] in ("questions", "outcomes", "contacts") else ""
        end = used.get(at) if playable is None else None
        there = partial(_there, playable, at, end)
        own = [desk for desk in desks if desk.source is source]  # a kommune's own words are read there alone
        phones = national.union(*(_phones(desk.word.contacts) for desk in own))
        for shown in numbers:
            if _digits(shown) not in phones:
                yield source.finding(f"{shown} er ikke nummeret til nogen kontakt (I13).{there()}", *path)
        for shown, name in calls(text):
            for desk in own or desks:
                contact = desk.of(library, name)
                if contact is None or (not own and desk.source and name not in desk.word.contacts):
                    continue
                if wrong := _miscalls(shown, contact):
                    where = f" i {desk.word.name}" if desk.source else ""
                    # Without a number the words stand there without a link: a pity, and no danger.
                    said = f"Linket til «{name}»{where}: {wrong} (I13).{there()}"
                    yield source.finding(said, *path, warning=not contact.phone)


def _there(playable: Playable | None, at: str, end: End | None) -> str:
    """The way to a text; asked for only when something is wrong, as a flow may have to be proven for it."""
    return way(playable.proof, at) if playable and at and playable.proof else _way(end)


def _phones(contacts: Mapping[str, Contact]) -> set[str]:
    return {_digits(contact.phone) for contact in contacts.values() if contact.phone}


def _miscalls(shown: str, contact: Contact) -> str:
    if not contact.phone:
        return "kontakten har intet nummer at ringe til"
    digits = _digits(shown)
    return (
        f"der står {shown}, men der ringes til {contact.phone}" if digits and digits != _digits(contact.phone) else ""
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _written(library: Library) -> Iterator[tuple[Source, Playable | None, tuple[str | int, ...], str]]:
    """The texts that a user of the guide reads when somebody is to be rung, with their place."""
    for written in library.words:
        if isinstance(written.word, ContactList | Municipality | Registers):
            for path, text in texts(written.word):
                if path[-1] != "source":
                    yield written.source, None, path, text
    for playable in library.flows.values():
        for path, text in texts(playable.flow):
            if path[-1] != "source":
                yield playable.source, playable, path, text
