"""Whom to ring at a moment, told line by line: what `guide contact` prints. Who that is, is in `calling.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from guide.library.calling import Call, Calls, at_once, calls, clock, when
from guide.library.force import DENMARK
from guide.library.furnished import TAKE_REPORTS
from guide.library.library import NOWHERE, Library
from guide.library.opening import LONG, MONTHS, shown
from guide.library.read import suggest
from guide.library.texts import plain
from guide.model import Level, Outcome

YEARS = range(2000, 2100)
"""Years that a moment may lie in: those that the public holidays are known for."""


class Unknown(ValueError):
    """What was asked for is not there; its text is Danish and for the one who asked."""


def moment_of(text: str) -> datetime:
    """`2026-12-24T15:30` by the clock in Denmark, or with a zone of its own. Raises Unknown."""
    try:
        found = datetime.fromisoformat(text)
        known = "T" in text.upper() or " " in text.strip()
        local = found.replace(tzinfo=DENMARK) if found.tzinfo is None else found.astimezone(DENMARK)
    except (ValueError, OverflowError):
        known = False
    if not known or local.year not in YEARS:
        raise Unknown(f"«{text}» er ikke et tidspunkt. Skriv fx 2026-12-24T15:30.")
    if local.astimezone(UTC).astimezone(DENMARK).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Unknown(f"Klokken {clock(local)} findes ikke den nat: uret bliver stillet frem. Skriv en time senere.")
    return local


def outcome_of(library: Library, step: str, flow: str | None = None, kommune: str = NOWHERE) -> Outcome:
    """The outcome of an id as it is in a kommune, of one flow or of the only one that has it or says the same.

    Raises Unknown.
    """
    flows = library.flows_in(kommune)
    if flow is not None and flow not in flows:
        raise Unknown(f"Flowet «{flow}» findes ikke.{suggest(flow, flows)}")
    outcomes = {name: playable.flow.outcomes for name, playable in flows.items() if flow in (None, name)}
    found = {name: steps[step] for name, steps in outcomes.items() if step in steps}
    if not found:
        known = dict.fromkeys(name for steps in outcomes.values() for name in steps)
        raise Unknown(f"Udfaldet «{step}» findes ikke.{suggest(step, known)}")
    alike = {(outcome.level, outcome.contacts, outcome.say) for outcome in found.values()}
    if len(alike) > 1:
        raise Unknown(f"Udfaldet «{step}» er ikke ens i alle fag. Skriv også «--fag»: {', '.join(found)}.")
    return next(iter(found.values()))


def told(
    library: Library, workplace: str, child: str | None, outcome: Outcome | None, moment: datetime
) -> Iterator[str]:
    """The number of a moment with the words to say, then the next, then 112, and the hours of all. Raises Unknown."""
    for name in (workplace, *([child] if child else [])):
        if name not in library.municipalities:
            raise Unknown(f"Kommunen «{name}» findes ikke.{suggest(name, library.municipalities)}")
    found = calls(library, workplace, child, outcome, moment) if outcome else at_once(library, workplace, child, moment)
    local = moment.astimezone(DENMARK)
    day = f"{LONG[local.weekday()]} {local.day}. {MONTHS[local.month - 1]} {local.year}"
    yield f"{day[0].upper()}{day[1:]} kl. {clock(local)}. {library.municipalities[workplace].name}."
    if child and child != workplace:
        yield f"Barnets kommune: {library.municipalities[child].name}."
    if outcome:
        yield f"Udfald: {outcome.title}"
    if found.unknown and found.unknown[0].name == TAKE_REPORTS[0] and found.now.contact.phone == "114":
        yield from ("", "Er kommunen åben nu, så ring først til dens hovednummer, og bed om modtagelsen.")
    yield from ("", _heading(found, outcome), _line(found.now, moment), *_words(found.now, outcome))
    if found.then:
        yield from ("", "Svarer de ikke:")
        for call in found.then:
            yield from (_line(call, moment), *_words(call, None))
    if found.closed:
        yield from ("", "Lukket:", *(_line(call, moment) for call in found.closed))
    if found.unknown:
        yield from ("", "Intet efterset nummer:", *(_line(call, moment) for call in found.unknown))
        links = {call.contact.link or library.municipalities[call.kommune_id].link for call in found.unknown}
        yield from (f"    Find det på {link}" for link in sorted(filter(None, links)))
    yield from ("", "Fare her og nu, uanset klokken: 112")
    yield from ("", "Åbningstider:", *_hours((found.now, *found.then, *found.closed, *found.unknown)))


def _heading(found: Calls, outcome: Outcome | None) -> str:
    """On an outcome that can wait, a number that only stands in for a closed one is for what cannot."""
    if outcome and outcome.level is Level.akut:
        return "Ring 112 først. Ring derefter:"
    if outcome is None or outcome.level is Level.straks:
        return "Ring nu:"
    if found.closed or found.unknown:
        return "Kan det ikke vente, så ring nu:"
    return "Ring nu:" if outcome.level is Level.underret else "Er du i tvivl, så ring:"


def _line(call: Call, moment: datetime) -> str:
    contact = call.contact
    if not contact.phone:
        return f"  {contact.title}"
    made_up = " (opdigtet nummer)" if call.example else ""
    old = ". Nummeret er ikke efterset i seks måneder" if call.old else ""
    return f"  {contact.phone}{made_up}  {contact.title}: {when(call, moment)}{old}"


def _words(call: Call, outcome: Outcome | None) -> Iterator[str]:
    """What one says; to 114 always the words that lead on to the social duty officer."""
    own = outcome.say if outcome and call.contact.phone != "114" else None
    if said := plain(own or call.contact.say or ""):
        yield f"    Sig: {said}"


def _hours(those: Iterable[Call]) -> Iterator[str]:
    for call in those:
        if call.contact.phone:
            hours = call.contact.hours
            yield f"  {call.contact.title}: {shown(hours) if hours else 'kendes ikke'}"
