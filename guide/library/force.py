"""The law and its dates: is each reference in force, does it fit the faggruppe, and has somebody looked lately.

What must hold on any day is in `fitting`. What depends on the day is in `dated`, and only `guide check` asks for that:
age never stops the service, it shows on the page (`guide/web/aged.py`). What the law is called in texts is checked in
`paragraphs.py`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, RootModel

from guide.flows.finding import Finding
from guide.library.invariants import way
from guide.library.library import Draft, Library, Playable
from guide.library.read import Source, suggest
from guide.library.strict_yaml import Path
from guide.library.texts import links, texts
from guide.model import Contact, ContactList, LawRef, Level, Municipality, Outcome, ScenarioList

WARNS, FAILS = 6, 12
"""Months after `checked` when `guide check` warns, and when it ends with 1 and the page says so. A dead number is as
dangerous as an old rule, so contacts have the same."""

REVIEW_WARNS, REVIEW_FAILS = 12, 15
"""The same after `reviewed` of a flow (I20): at twelve months the page says so."""

DENMARK = ZoneInfo("Europe/Copenhagen")
"""The zone that every hour and date of the guide is given in."""


_turned: ContextVar[datetime | None] = ContextVar("turned", default=None)


@contextmanager
def turned(moment: datetime | None) -> Iterator[None]:
    """The clock stands at a moment, for whoever asks in here and nobody else; None leaves it as it is.

    Only the preview does that, so that an editor can see the guide as it is on Christmas Eve.
    """
    token = _turned.set(moment.replace(tzinfo=DENMARK) if moment else None)
    try:
        yield
    finally:
        _turned.reset(token)


def now() -> datetime:
    """The time in Denmark, with its zone; one place, so that tests can turn the clock."""
    return _turned.get() or datetime.now(DENMARK)


def today() -> date:
    """The day in Denmark."""
    return now().date()


def later(day: date, months: int) -> date:
    """The same day some months later; the last day of a month that is too short, and of the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:  # a slip such as 9999-06-01 is told, and must not break the pages that show it
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def overdue(checked: date, day: date, months: int = FAILS) -> bool:
    """Whether so many months or more have passed since somebody looked."""
    return day >= later(checked, months)


def in_force(ref: LawRef, day: date) -> bool:
    """Whether a rule applies on a day; its first and its last day are among them."""
    return ref.valid_from <= day and (ref.valid_to is None or day <= ref.valid_to)


def fits(ref: LawRef, flow: str) -> bool:
    """Whether a rule is for a flow; a rule that names none is for all."""
    return not ref.flows or flow in ref.flows


def newest(library: Library) -> date:
    """The newest day on which anything was checked; today's for content where nothing was."""
    days = [ref.checked for ref in library.law.values()]
    days += [contact.checked for contact in library.contacts.values() if contact.checked]
    days += [draft.flow.reviewed for draft in (*library.flows.values(), *library.drafts.values())]
    return max(days, default=today())


# --- references ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Citation:
    """One reference to a rule: where it stands, and in which flow (empty outside the flows)."""

    law: str
    path: Path
    source: Source
    flow: str = ""


def cited(word: BaseModel) -> Iterator[tuple[Path, str]]:
    """Every reference to the law in a word: its `law:` keys and the `lov:` links in its texts."""
    yield from _keys(word, ())
    for path, text in texts(word):
        if "lov:" in text:
            yield from ((path, link.removeprefix("lov:")) for link in links(text) if link.startswith("lov:"))


def _keys(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, RootModel):
        yield from _keys(value.root, path)
    elif isinstance(value, BaseModel):
        for key in type(value).model_fields:
            inner = getattr(value, key)
            if key == "law":
                yield from (((*path, key, n), name) for n, name in enumerate(inner))
            elif isinstance(inner, (BaseModel, dict, tuple)):
                yield from _keys(inner, (*path, key))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _keys(item, (*path, name))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from _keys(item, (*path, n))


def citations(library: Library) -> Iterator[Citation]:
    """Every reference that a reader can meet; what scenarios ask for stands in their outcomes too."""
    for written in library.words:
        if not isinstance(written.word, ScenarioList):
            yield from (Citation(law, path, written.source) for path, law in cited(written.word))
    for draft in _drafts(library):
        yield from (Citation(law, path, draft.source, draft.id) for path, law in cited(draft.flow))


def uses(library: Library) -> dict[str, dict[str, list[str]]]:
    """Where each rule is used: by id and flow, the titles of the questions and outcomes, in their order."""
    found: dict[str, dict[str, list[str]]] = {}
    for draft in _drafts(library):
        titles = {name: q.title for name, q in draft.flow.questions.items()}
        titles |= {name: outcome.title for name, outcome in draft.flow.outcomes.items()}
        for path, law in cited(draft.flow):
            title = titles[str(path[1])] if path[0] in ("questions", "outcomes") else draft.flow.title
            known = found.setdefault(law, {}).setdefault(draft.id, [])
            if title not in known:
                known.append(title)
    return found


def _drafts(library: Library) -> list[Draft]:
    return [*library.flows.values(), *library.drafts.values()]


# --- on any day ---------------------------------------------------------------------------------------------------


def fitting(library: Library) -> Iterator[Finding]:
    """I19 as far as no day is needed: each rule that is cited exists and fits, and nobody reports without the duty."""
    flows, ids = library.scenarios.keys(), library.ids.get("law")
    for name, ref, source in _rules(library):
        for n, flow in enumerate(ref.flows):
            if flow not in flows:
                said = f"Flowet «{flow}» findes ikke.{suggest(flow, flows)}"
                yield source.finding(said, "paragraphs", name, "flows", n)
        if ref.valid_to and ref.valid_to < ref.valid_from:
            yield source.finding(f"«{name}» holder op med at gælde, før den begynder.", "paragraphs", name, "valid_to")
    for citation in citations(library):
        known = library.law.get(citation.law)
        if known and citation.flow and not fits(known, citation.flow):
            said = f"Reglen «{citation.law}» er for {', '.join(known.flows)}, ikke for {citation.flow} (I19)."
            yield citation.source.finding(said, *citation.path)
        if ids is not None and not citation.flow and citation.path[-2:-1] == ("law",) and citation.law not in ids:
            said = f"«{citation.law}» findes ikke i law/.{suggest(citation.law, ids)}"
            yield citation.source.finding(said, *citation.path)
    for draft, step, _ in _without_duty(library, None):
        said = (
            f"Ingen af lovhenvisningerne på «{step}» er den skærpede pligt («binds: skaerpet»), som gælder faget (I19)."
            + (way(draft.proof, step) if isinstance(draft, Playable) and draft.proof else "")
        )
        yield draft.source.finding(said, "outcomes", step, "law")


def _without_duty(library: Library, day: date | None) -> Iterator[tuple[Draft, str, Outcome]]:
    """Outcomes that tell somebody to report without citing the duty that a public servant has, in force on a day.

    The general duty alone is not enough: its threshold is higher, and must never look like a reason to wait (C15).
    """
    for draft in _drafts(library):
        for step, outcome in draft.flow.outcomes.items():
            refs = [library.law[name] for name in outcome.law if name in library.law]
            duties = [ref for ref in refs if ref.binds == "skaerpet" and fits(ref, draft.id)]
            if outcome.level.rank >= Level.underret.rank and not any(
                day is None or in_force(ref, day) for ref in duties
            ):
                yield draft, step, outcome


def _rules(library: Library) -> Iterator[tuple[str, LawRef, Source]]:
    for file, act in library.acts.items():
        source = library.source(f"law/{file}.yaml")
        yield from ((name, ref, source) for name, ref in act.paragraphs.items())


# --- on one day ---------------------------------------------------------------------------------------------------


def dated(library: Library, day: date) -> Iterator[Finding]:
    """What is wrong with the library on a day: rules not in force, and what nobody has looked at for long."""
    yield from _out_of_force(library, day)
    for name, ref, source in _rules(library):
        yield from _aged(f"Reglen «{name}»", ref.checked, day, source, ("paragraphs", name, "checked"))
    for name, contact, source in _contacts(library):
        place = ("contacts", name, "checked")
        if contact.checked:
            yield from _aged(f"Kontakten «{name}»", contact.checked, day, source, place)
        elif contact.phone and contact.phone not in SAME_EVERYWHERE:
            said = f"Nummeret til «{name}» har ingen «checked». Ring til det, og skriv datoen."
            yield source.finding(said, *place, warning=True)
    for draft in _drafts(library):
        said = f"Den faglige gennemgang af «{draft.id}»"
        limits = (REVIEW_WARNS, REVIEW_FAILS)
        yield from _aged(said, draft.flow.reviewed, day, draft.source, ("reviewed",), limits)


SAME_EVERYWHERE = ("112", "114")
"""Numbers that nobody needs to try."""


def _out_of_force(library: Library, day: date) -> Iterator[Finding]:
    for citation in citations(library):
        ref = library.law.get(citation.law)
        if ref and not in_force(ref, day):
            since = f"først fra {ref.valid_from}" if ref.valid_from > day else f"kun til {ref.valid_to}"
            said = f"Reglen «{citation.law}» gælder {since}, og guiden læses som den {day}."
            yield citation.source.finding(said, *citation.path)
    told = {(draft.id, step) for draft, step, _ in _without_duty(library, None)}
    for draft, step, _ in _without_duty(library, day):
        if (draft.id, step) not in told:
            said = f"Den skærpede pligt på «{step}» gælder ikke den {day} (I19)."
            yield draft.source.finding(said, "outcomes", step, "law")


def _aged(
    what: str, looked: date, day: date, source: Source, place: Path, limits: tuple[int, int] = (WARNS, FAILS)
) -> Iterator[Finding]:
    """The finding about something that was looked at then, or none; later than the day itself is a slip."""
    warns, fails = limits
    if looked > day:
        said = f"{what} er efterset {looked}. Det er efter den dag, guiden læses som."
        yield source.finding(said, *place, warning=True)
    elif overdue(looked, day, warns):
        old = overdue(looked, day, fails)
        said = f"{what} er sidst efterset {looked}: {fails if old else warns} måneder siden eller mere."
        yield source.finding(f"{said} Efterse den, og skriv datoen.", *place, warning=not old)


def _contacts(library: Library) -> Iterator[tuple[str, Contact, Source]]:
    """Contacts with where they were written; those of an example are made up, so nobody can ring them."""
    for written in library.words:
        if isinstance(written.word, ContactList) or (
            isinstance(written.word, Municipality) and not written.word.example
        ):
            yield from ((name, contact, written.source) for name, contact in written.word.contacts.items())


def oldest(days: Iterable[date | None], day: date, months: int = FAILS) -> date | None:
    """The oldest of the days on which somebody looked, when that is overdue; else None."""
    found = [looked for looked in days if looked and overdue(looked, day, months)]
    return min(found, default=None)
