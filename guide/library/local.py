"""What a kommune wrote, looked at as the national texts are, and for what only a kommune may come to write.

Its own steps and boxes, its letters, offers, names and words for levels. The national checks run on the steps that it
wrote or added to; what they would have the nation's authors say more of is a warning here. Not here: turns of speech
(`hindrances.py`), whether its flow says less than the national one (`refined.py`), its contacts (`furnished.py`), how
it looks (`colours.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from guide.flows.finding import Finding
from guide.library.alike import LISTS
from guide.library.correspondence import correspondence, written
from guide.library.depth import unsaid
from guide.library.force import fitting
from guide.library.fork import against, fork
from guide.library.furnished import furnished
from guide.library.hindrances import (
    LEVEL,
    busy,
    danger,
    delays,
    first,
    haste,
    inverted,
    marks,
    number,
    parents,
    services,
)
from guide.library.library import Library
from guide.library.owned import Room
from guide.library.paragraphs import paragraphs
from guide.library.playable import Own, Playable
from guide.library.read import Source, suggest
from guide.library.readability import readability
from guide.library.references import conditions, references
from guide.library.stated import stated
from guide.library.strict_yaml import Path
from guide.library.texts import texts, wording
from guide.library.verdicts import judged
from guide.model import Level, Municipality, Outcome


def local(library: Library) -> Iterator[Finding]:
    """Everything that is wrong with what kommuner wrote."""
    for room in library.rooms.values():
        yield from judged(library.verdicts, room.key, partial(_room, library, room))


def _room(library: Library, room: Room) -> Iterator[Finding]:
    """The same of one kommune."""
    if room.word is not None and room.source is not None:
        yield from _said(library, room.word, room.source)
        yield from _offers(library, room.word, room.source)
        yield from _letters(library, room)
        for name in room.flows:
            yield from _flow(library, room, room.flows[name])
            room.flows.drop()


def _said(library: Library, word: Municipality, source: Source) -> Iterator[Finding]:
    """Names of what has a name, and no condition in any text."""
    for term in word.names:
        if library.terms and term not in library.terms:
            near = suggest(term, library.terms) or f" Der er: {', '.join(library.terms)}."
            yield source.finding(f"«{term}» er ikke et ord, man kan give sit eget navn.{near}", "names", term)
    for term, name in word.names.items():
        if hit := busy(name):
            yield source.finding(f"«{hit}»: skriv kun det, det hedder, ikke hvornår eller hvad man gør.", "names", term)
    for level, name in word.levels.items():
        if not LEVEL.fullmatch(name):
            said = f"«{name}»: et ord for et niveau er en farve, et tal eller et bogstav, fx «Rød» eller «Niveau 3»."
            yield source.finding(f"{said} Ellers kan det ligne et råd.", "levels", level)
    if inverted([word.levels[level] for level in Level if level in word.levels]):
        said = "Farverne går den gale vej. Skriv den mildeste ved det mildeste: fx grøn, gul, orange, rød."
        yield source.finding(said, "levels")
    for name, contact in word.contacts.items():
        if hit := services(contact.title):
            said = f"«{hit}» hører til 112, 114 og politiet. Giv kontakten sit eget navn."
            yield source.finding(said, "contacts", name, "title")
    for path, text in texts(word):
        yield from (source.finding(said, *path) for said in _hindered(text))


def _hindered(text: str) -> Iterator[str]:
    """What is said of a text that puts a condition before an underretning."""
    if hit := delays(text):
        yield (
            f"«{hit}»: at underrette har ingen betingelser, og pligten er din egen. Skriv, hvad man kan gøre ved siden "
            "af, eller slet det."
        )


def _offers(library: Library, word: Municipality, source: Source) -> Iterator[Finding]:
    contacts = word.contacts.keys() | library.contacts.keys()
    for name, offer in word.offers.items():
        for n, level in enumerate(offer.levels):
            if level.rank >= Level.underret.rank:
                said = f"Et tilbud må ikke stå ved «{level}»: det kan ligne noget, man kan gøre i stedet."
                yield source.finding(said, "offers", name, "levels", n)
        for n, flow in enumerate(offer.flows):
            if flow not in library.scenarios:
                said = f"Flowet «{flow}» findes ikke.{suggest(flow, library.scenarios)}"
                yield source.finding(said, "offers", name, "flows", n)
        if offer.contact and offer.contact not in contacts:
            said = f"Kontakten «{offer.contact}» findes ikke.{suggest(offer.contact, contacts)}"
            yield source.finding(said, "offers", name, "contact")
        if not (offer.contact or offer.link):
            said = "Ingen kan få fat i tilbuddet. Skriv «contact» eller «link»."
            yield source.finding(said, "offers", name, warning=True)


def _letters(library: Library, room: Room) -> Iterator[Finding]:
    """Own letters, looked at as the national ones; a national one stays the nation's."""
    for written_word in room.words:
        for name, letter in room.letters.items():
            if written_word.word is not letter:
                continue
            source = written_word.source
            if name in library.letters:
                yield source.finding(f"«{name}» er et nationalt brev. Giv jeres fil et andet navn.")
            yield from written(library, letter, source)
            for path, text in texts(letter):
                yield from (source.finding(said, *path) for said in _hindered(text))


def _flow(library: Library, room: Room, own: Own) -> Iterator[Finding]:
    """The steps of a flow that the kommune wrote or added to."""
    view, here = _view(library, room, own), own.file.document.mark(()).file
    part = view.flows[own.id]
    found = [*wording(view), *readability(view), *correspondence(view), *stated(view), *fork(view), *fitting(view)]
    found += [*paragraphs(view), *references(view, part), *conditions(part, own.flow), *_boxes(own)]
    if own.steps & own.flow.outcomes.keys():
        found += furnished(view)
    found += (replace(finding, warning=True) for finding in unsaid(part))
    yield from (finding for finding in found if finding.file == here)
    for path, text in texts(part.flow):
        if _wrote(own, path, here):
            yield from (own.source.finding(said, *path) for said in (*_hindered(text), *_dressed(text)))
    yield from _graver(own)
    yield from _against(own, here)


def _wrote(own: Own, path: Path, here: str) -> bool:
    """Whether the kommune wrote a text itself, and did not take it from the national outcome it is like."""
    if len(path) < 3:
        return False
    least = 4 if path[2] in LISTS else 3
    known = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in own.source.document.marks), ())
    return len(known) >= least and own.source.document.mark(known).file == here


def _dressed(text: str) -> Iterator[str]:
    """What is said of a text that looks like more than a text: like a number of the guide's, or a part of the page."""
    if hit := number(text):
        yield f"«{hit}»: skriv nummeret som en kontakt, så det bliver efterset, og henvis med [ord](kontakt:id)."
    if hit := marks(text):
        yield f"«{hit[:20]}»: overskrifter, streger og tabeller er sidens egne. Skriv almindelige sætninger."


def _against(own: Own, here: str) -> Iterator[Finding]:
    """What the kommune wrote on an outcome where the parents are not told never leads to them."""
    for step in own.steps & own.flow.outcomes.keys():
        outcome = own.flow.outcomes[step]
        for path, text in texts(outcome) if not outcome.parents.told else ():
            place = ("outcomes", step, *path)
            if _wrote(own, place, here) and (hit := against(text)):
                said = f"«{hit}», men forældrereglen er «{outcome.parents}». Slet det, eller skriv, at det er aftalt."
                yield own.source.finding(said, *place)


def _graver(own: Own) -> Iterator[Finding]:
    """Own answers and questions do not speak of danger: the national ones do, and lead to the call."""
    for step, question in own.flow.questions.items():
        if step in own.steps and (hit := danger(question.title)):
            said = f"«{hit}»: om fare spørger de nationale trin, og de ved, hvad der følger. Spørg om noget andet."
            yield own.file.finding(said, "questions", step)
        for name, option in question.options.items():
            if (step in own.steps or option.as_) and not option.flags and (hit := danger(option.label)):
                said = f"«{hit}»: et svar om fare skal stå for et nationalt, der fører til et opkald. Ret «as»."
                yield own.file.finding(said, "questions", step, "options", name)


def _view(library: Library, room: Room, own: Own) -> Library:
    """A library with the kommune's own words in it, and of one flow the steps that it wrote or added to."""
    ours = own.steps | own.touched
    flow = own.flow.model_copy(
        update={
            "questions": {step: word for step, word in own.flow.questions.items() if step in ours},
            "outcomes": {step: word for step, word in own.flow.outcomes.items() if step in ours},
        }
    )
    contacts, letters = library.ids["contacts"], library.ids["letters"]
    known = {"contacts": room.word.contacts.keys() if room.word else (), "letters": room.letters}
    return replace(
        library,
        flows={own.id: Playable(own.id, flow, own.source, own.ways)},
        drafts={},
        words=[w for w in room.words if w.word is room.word],
        letters={**library.letters, **room.letters},
        ids={
            **library.ids,
            "contacts": contacts and contacts | set(known["contacts"]),
            "letters": letters and letters | set(known["letters"]),
        },
    )


def _boxes(own: Own) -> Iterator[Finding]:
    """A box of the kommune's never stands at the acute question or on an acute outcome, sends nobody to the parents
    where they are not told or may be the cause (C1), and puts nobody before the call.
    """
    flow = own.flow
    for step, question in flow.questions.items():
        dangerous = any(option.flags for option in question.options.values())
        if question.local and (question.locked or step == flow.start):
            said = "Spørgsmålet handler om fare: her står der kun det nationale. Slet boksen."
            yield own.file.finding(said, "questions", step, "local")
        elif question.local and dangerous and (hit := against(question.local) or first(question.local)):
            said = f"«{hit}»: svarene her kan betyde fare, og en forælder kan stå bag. Slet det."
            yield own.file.finding(said, "questions", step, "local")
    for step, outcome in flow.outcomes.items():
        if outcome.local and (said := _box(outcome)):
            yield own.file.finding(said, "outcomes", step, "local")


def _box(outcome: Outcome) -> str:
    """What is wrong with the box of an outcome; empty when nothing is."""
    box = outcome.local or ""
    if outcome.level is Level.akut:
        return "Ved fare nu står der kun det nationale. Slet boksen."
    if not outcome.parents.told and (hit := against(box) or parents(box)):
        return f"«{hit}», men forældrereglen er «{outcome.parents}». Skriv intet om forældrene i boksen her."
    if outcome.level.rank >= Level.underret.rank and (hit := haste(box)):
        return f"«{hit}»: her underretter man med det samme. Skriv det ikke i boksen."
    if outcome.level.rank >= Level.underret.rank and (hit := first(box)):
        return f"«{hit}»: her underretter man med det samme. Skriv, hvem man siger det til bagefter."
    return ""
