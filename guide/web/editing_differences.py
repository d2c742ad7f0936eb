"""«Forskel», all of it: what a kommune wrote in full, each thing beside what the nation says in its place.

Own contacts, names, words for levels, offers, letters, colours and logo; own questions, answers and outcomes; and the
fingerprints that bind an approval to what was read. Not here: in which places a flow differs, and which answers end
elsewhere (`editing_parts.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guide.flows.graph import in_order
from guide.library.library import Library, Own, Playable
from guide.library.map import rows
from guide.library.opening import shown
from guide.model import Advice, Approval, Contact, Flow, Letter, Municipality, Offer, Outcome, Question

Called = Mapping[str, str]
"""What contacts, letters, rules of law, signs and myths are called, by id."""


@dataclass(frozen=True)
class Said:
    """One thing that a kommune says, in words, and what the nation says there; "" where one of them says nothing."""

    what: str
    own: str
    national: str = ""


# --- what is approved -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Print:
    """What one file says, as an approval names it. `name` is said in a mail; `base` is "" where there is none.

    `stands`: whether the approval in the file is of this very text; `draft`: it is not served all the same.
    """

    name: str
    file: str
    text: str
    base: str
    approved: Approval | None
    stands: bool
    draft: bool


def prints(library: Library, kommune: str, playable: Playable | None = None) -> list[Print]:
    """The files that must be approved as they stand: of one flow and the kommune's own words, or all of them."""
    room = library.rooms.get(kommune)
    if room is None:
        return []
    flows: Iterable[Playable] = [playable] if playable else room.flows.values()
    found = [_print(kommune, flow, flow.id in room.drafts) for flow in flows if isinstance(flow, Own)]
    if room.text:
        word = room.word.approved if room.word else None
        file = f"municipalities/{kommune}/municipality.yaml"
        stands = word is not None and word.text == room.text
        found.append(Print("navne, niveauer, tilbud og breve", file, room.text, "", word, stands, not room.approved))
    return found


def _print(kommune: str, own: Own, draft: bool) -> Print:
    file, approved = f"municipalities/{kommune}/flows/{own.id}.yaml", own.overlay.approved
    return Print(own.id, file, own.text, own.base, approved, approved is not None and approved.text == own.text, draft)


def fours(digits: str) -> list[str]:
    """A fingerprint in pieces that can be read aloud."""
    return [digits[at : at + 4] for at in range(0, len(digits), 4)]


# --- of the whole kommune -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Other:
    """A contact of a kommune. `national`: there is a national one too, and `said` is only what is other."""

    title: str
    national: bool
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Words:
    """What a kommune says outside its steps."""

    contacts: tuple[Other, ...] = ()
    names: tuple[Said, ...] = ()
    levels: tuple[Said, ...] = ()
    offers: tuple[Offer, ...] = ()
    letters: tuple[Letter, ...] = ()
    colour: str = ""
    logo: bool = False

    def __str__(self) -> str:
        """In a line, what there is: «8 egne numre, 2 navne»."""
        counted = (
            (self.contacts, "egen kontakt", "egne kontakter"),
            (self.names, "navn", "navne"),
            (self.levels, "ord for et niveau", "ord for niveauer"),
            (self.offers, "tilbud", "tilbud"),
            (self.letters, "brev", "breve"),
        )
        said = [f"{len(some)} {one if len(some) == 1 else more}" for some, one, more in counted if some]
        return ", ".join([*said, *(["egen farve"] if self.colour else []), *(["eget logo"] if self.logo else [])])


def words(library: Library, kommune: str) -> Words:
    """What a kommune says outside its steps."""
    place, room = library.municipalities[kommune], library.rooms.get(kommune)
    levels = library.texts.levels if library.texts else {}
    return Words(
        tuple(_contacts(library, place)),
        tuple(
            Said("", own, library.terms[term].title if term in library.terms else term)
            for term, own in place.names.items()
        ),
        tuple(Said("", own, levels[level].title if level in levels else level) for level, own in place.levels.items()),
        tuple(place.offers.values()),
        tuple(room.letters.values()) if room else (),
        place.colours.primary if place.colours else "",
        bool(room and room.logo),
    )


def _contacts(library: Library, place: Municipality) -> Iterator[Other]:
    called = {name: one.title for name, one in (library.contacts | place.contacts).items()}
    for name, own in place.contacts.items():
        national = library.contacts.get(name)
        before = dict(_of_contact(national, called)) if national else {}
        now = dict(_of_contact(own, called))
        keys = dict.fromkeys([*now, *before])
        said = tuple(
            Said(key, now.get(key, ""), before.get(key, "")) for key in keys if now.get(key) != before.get(key)
        )
        yield Other(own.title, national is not None, said)


def _of_contact(contact: Contact, called: Called) -> Iterator[tuple[str, str]]:
    """Everything that somebody who rings would notice, by what it is."""
    whose = {"barnet": "barnets kommune", "arbejdspladsen": "arbejdspladsens kommune"}
    purposes = {"uden-navn": "drøft uden barnets navn", "raad": "råd"}
    said = {
        "Navn": contact.title,
        "Nummer": contact.phone,
        "Åbningstid": shown(contact.hours) if contact.hours else None,
        "Hjælp": contact.help,
        "Det siger du": contact.say,
        "Når ingen svarer": called.get(contact.fallback, contact.fallback) if contact.fallback else None,
        "Man ringer om": ", ".join(purposes.get(one, str(one)) for one in contact.purpose),
        "Følger": whose.get(contact.whose or "", ""),
        "Hjemmeside": contact.link,
        "Formular": contact.form,
    }
    yield from ((what, text) for what, text in said.items() if text)


# --- own steps ------------------------------------------------------------------------------------------------------


def whole(library: Library, kommune: str, playable: Playable, national: Flow) -> dict[str, list[Said]]:
    """Own steps, and national ones with own answers, by step: every word of them that the nation does not say."""
    flow, found = playable.flow, dict[str, list[Said]]()
    if flow is national:
        return found
    names = {step: n for n, step in enumerate(in_order(flow), 1)}
    led = {
        (step, answer.option): row.steps
        for step, some in rows(playable, names, national).items()
        for row in some
        for answer in row.answers
    }
    for step, question in flow.questions.items():
        before = national.questions.get(step)
        made = [*_question(question)] if before is None else []
        made += _answers(flow, step, question, before, led)
        if made:
            found[step] = made
    called = _called(library, kommune)
    for step, outcome in flow.outcomes.items():
        if step not in national.outcomes:
            found[step] = list(_outcome(outcome, national.outcomes.get(outcome.as_ or ""), called))
    return found


def _question(question: Question) -> Iterator[Said]:
    said = {
        "Hjælp": question.help,
        "Hvorfor vi spørger": question.why,
        "Det mener vi": question.means,
        "Eksempel": question.example,
    }
    yield from (Said(what, text) for what, text in said.items() if text)
    if question.kind == "several":
        yield Said("Svar", "Der kan vælges flere.")


def _answers(
    flow: Flow,
    step: str,
    question: Question,
    before: Question | None,
    led: Mapping[tuple[str, str | None], tuple[str, ...]],
) -> Iterator[Said]:
    """Each own answer: its help, what it stands for, what is to be found out, and where it leads."""
    steps: Mapping[str, Question | Outcome] = {**flow.questions, **flow.outcomes}
    for name, option in question.options.items():
        if before and name in before.options:
            continue
        to = [f"«{steps[one].title}»" for one in led.get((step, name), ()) if one in steps]
        parts = [
            option.help or "",
            f"Fører til {' eller '.join(to)}{', efter de andre svar' if len(to) > 1 else ''}." if to else "",
            f"Find ud af: {option.find_out.what} Hos: {option.find_out.whom} {option.find_out.by}"
            if option.find_out
            else "",
        ]
        yield Said(f"Svaret «{option.label}»", "\n\n".join(part for part in parts if part))


OUTCOME: Mapping[str, str] = {
    "title": "Overskrift",
    "help": "Øverst",
    "say": "Det siger du",
    "until": "Hvor barnet er imens",
    "headline": "Om forældrene, overskrift",
    "tell": "Om forældrene",
    "reason": "Om forældrene, grunden",
    "turns": "Om forældrene, den anden vej",
    "phrase": "Det kan du sige til forældrene",
    "do": "Det gør du nu",
    "duty": "Din pligt",
    "raises": "Det løfter bekymringen",
    "changes": "Det ville ændre svaret",
    "again": "Nyt blik",
    "guidance": "Mere vejledning",
    "expect": "Det kan du forvente",
    "contacts": "Kontakter",
    "letters": "Breve",
    "law": "Lov",
    "signs": "Tegn",
    "myths": "Myter",
    "local": "Jeres boks",
}
"""What the parts of an outcome are called here."""


def _outcome(own: Outcome, like: Outcome | None, called: Called) -> Iterator[Said]:
    """What an own outcome says, and what the national one that it is like says there."""
    if like:
        yield Said(
            "Er som det nationale udfald", f"«{like.title}». Herunder står det, I har føjet til. Alt andet er ens."
        )
    for key, what in OUTCOME.items():
        now, then = getattr(own, key), getattr(like, key) if like else None
        if isinstance(now, tuple):
            more = [_item(item, called) for item in now if item not in (then or ())]
            if more:
                yield Said(f"{what}, mere" if then else what, "\n".join(f"- {item}" for item in more))
        elif now and now != then and not (key == "title" and like is None):
            yield Said(what, now, then or "")


def _item(item: str | Advice, called: Called) -> str:
    return called.get(item, item) if isinstance(item, str) else item.text


def _called(library: Library, kommune: str) -> Called:
    contacts = library.contacts | library.municipalities[kommune].contacts
    titled: Mapping[str, object] = {
        **contacts,
        **library.letters_in(kommune),
        **library.law,
        **library.signs,
        **library.myths,
    }
    return {name: str(getattr(one, "title", name)) for name, one in titled.items()}
