"""What a kommune wrote, looked at as the national texts are, and for what only a kommune may come to write.

Its own steps and boxes, its letters, offers, names and words for levels. The national checks run on the steps that it
wrote or added to; what they would have the nation's authors say more of is a warning here. Not here: whether its flow
says less than the national one (`refined.py`), its contacts (`furnished.py`), how it looks (`colours.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from guide.flows.finding import Finding
from guide.library.correspondence import correspondence, written
from guide.library.depth import unsaid
from guide.library.force import fitting
from guide.library.fork import TOLD, against, fork
from guide.library.furnished import furnished
from guide.library.library import Library
from guide.library.owned import Room
from guide.library.paragraphs import paragraphs
from guide.library.playable import Own, Playable
from guide.library.read import Source, suggest
from guide.library.readability import readability
from guide.library.references import conditions, references
from guide.library.stated import stated
from guide.library.texts import plain, texts, wording
from guide.library.verdicts import judged
from guide.model import Level, Municipality

_LEADER = r"(?:leder(?:en|ne)?|ledelsen|tandlægen|skolelederen|chefen|teamet|gruppen|mødet|afdelingen)"
_REPORT = r"(?:underret\w*|ringe?r? til (?:kommunen|modtagelsen|døgnvagten)|skriv(?:er)? underretning\w*)"

DELAYS = re.compile(
    rf"\b(?:før|inden) (?:du|I|der|man|vi|nogen) (?:må |kan |skal |evt\. )?{_REPORT}"
    r"|\b(?:før|inden) (?:en |der bliver sendt en )?underretning"
    r"|\bvent(?:er)? med (?:at (?:underrette|ringe)|underretning\w*)"
    r"|\bunderret\w* (?:\w+ ){0,3}(?:først|kun|tidligst),? (?:når|hvis|efter)\b"
    rf"|\bkun {_LEADER} (?:\w+ ){{0,2}}underret\w*|\b(?:det er|er det) {_LEADER},? der (?:\w+ ){{0,2}}underret\w*"
    rf"|\b{_LEADER} (?:skal|må) (?:\w+ ){{0,2}}(?:godkende|beslutte|afgøre|sige ja)\b"
    r"|\bunderretning\w* (?:\w+ ){0,4}(?:godkende[st]|underskrives?|skal gå gennem)\b"
    r"|\b(?:overlad|giv) (?:\w+ ){0,3}(?:pligten|underretningen) til\b"
    rf"|\b{_LEADER} (?:overtager|tager) (?:\w+ )?(?:pligten|underretningen)\b"
    r"|\bunderretning\w* (?:\w+ ){0,3}(?:ikke|kun) gyldig\b|\b(?:ikke|kun) gyldig underretning",
    re.IGNORECASE,
)
"""How a local text would put a condition before an underretning, or let somebody else decide (C15, C35)."""

FORBIDS = re.compile(
    r"\b(?:ring|underret|skriv|send|kontakt|meld)\w* (?:ikke|aldrig)\b.{0,60}\b(?:før|uden|medmindre|inden|hvis ikke)\b"
    rf"|\b(?:må|skal|kan) (?:ikke|aldrig) {_REPORT}",
    re.IGNORECASE,
)
"""The same said with a no, which nothing else in the sentence takes back."""

DENIED = re.compile(
    r"\b(?:behøver (?:\w+ )?(?:ikke|aldrig)|vente?r? (?:ikke|aldrig)|(?:ikke|aldrig) vente|(?:ikke|aldrig) (?:en )?"
    r"betingelse|ingen (?:skal|kan|må)|uden at|(?:erstatter|overtager) (?:ikke|aldrig))\b",
    re.IGNORECASE,
)
"""How a sentence says that there is no condition."""


FIRST = re.compile(
    rf"\b(?:tal|drøft|vend|aftal|afklar|spørg|kontakt|ring til|gå til|henvend)\b[^.!?]{{0,40}}\b{_LEADER}\b"
    r"[^.!?]{0,20}\bførst\b"
    rf"|\bførst (?:\w+ ){{0,3}}{_LEADER}\b|\b{_LEADER} (?:skal )?(?:\w+ ){{0,2}}(?:altid )?først\b"
    r"|\b(?:tal|drøft|vend|aftal|afklar|spørg)\b[^.!?]{0,40}\binden (?:du|I) (?:gør|handler|ringer|går)\b",
    re.IGNORECASE,
)
"""How a box would put a colleague before the call, where there is one to make at once."""


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
    for path, text in texts(word):
        yield from (source.finding(said, *path) for said in delays(text))


def delays(text: str) -> Iterator[str]:
    """What is said of a text that puts a condition before an underretning; nothing when it refuses one."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", plain(text)):
        if hit := FORBIDS.search(sentence) or (not DENIED.search(sentence) and DELAYS.search(sentence)):
            yield (
                f"«{hit.group()}»: at underrette har ingen betingelser, og pligten er din egen. Skriv, hvad man kan "
                "gøre ved siden af, eller slet det."
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
                yield from (source.finding(said, *path) for said in delays(text))


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
        if own.source.document.mark(path).file == here:
            yield from (own.source.finding(said, *path) for said in delays(text))


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
    """A box of the kommune's never sends anyone to the parents where they are not told, or may be the cause (C1)."""
    for step, question in own.flow.questions.items():
        dangerous = any(option.flags for option in question.options.values())
        if question.local and dangerous and (hit := against(question.local)):
            said = f"«{hit}»: svarene her kan pege på en forælder. Slet det, eller skriv det på et udfald."
            yield own.file.finding(said, "questions", step, "local")
    for step, outcome in own.flow.outcomes.items():
        if outcome.local and outcome.parents not in TOLD and (hit := against(outcome.local)):
            said = f"«{hit}», men forældrereglen er «{outcome.parents}». Slet det, eller skriv, at det er aftalt."
            yield own.file.finding(said, "outcomes", step, "local")
        if (
            outcome.local
            and outcome.level.rank >= Level.underret.rank
            and (first := FIRST.search(plain(outcome.local)))
        ):
            said = f"«{first.group()}»: her underretter man med det samme. Skriv, hvem man siger det til bagefter."
            yield own.file.finding(said, "outcomes", step, "local")
