"""A kommune's own folder: `municipality.yaml`, its own steps in `flows/`, its letters, its logo.

Here: reading them, and what must be approved before it is served (C35). Not here: merging (`overlay.py`), what a
kommune may never say less of (`refined.py`), and everything else that is checked (`checks.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from guide.flows.finding import Finding
from guide.library import verdicts
from guide.library.folder import Folder, printable
from guide.library.overlay import fingerprint, merged
from guide.library.playable import Flows, Own, Playable, Ways, Written
from guide.library.read import Source, build, read_document, read_markdown, read_yaml, suggest
from guide.library.routes import routes
from guide.library.strict_yaml import Document
from guide.model import Approval, Contact, Flow, Letter, Municipality, Overlay, Purpose

FILES, FOLDERS = ("municipality.yaml", "logo.png"), ("flows", "letters")

PNG = b"\x89PNG\r\n\x1a\n"

LARGEST_LOGO = 100_000
"""Bytes: a logo is on every page."""

REVIEWED = 366
"""Days at most until the two look at it again."""

NAMED = 3
"""Words at least in a name with a title."""

LARGEST_SIDE = 1200
"""Pixels, each way."""


@dataclass
class Room:
    """What a kommune's folder holds. `flows`: merged ones by id, of which `drafts` are not approved; `overlays`: what
    their files say of themselves.

    `letters` and `logo` are its own; `approved`: whether names, levels, offers and letters may be served; `text` is
    their fingerprint. `key` and `keys` (by flow) are those of verdicts about all its files, and about each own flow.
    """

    word: Municipality | None = None
    source: Source | None = None
    flows: Flows = field(default_factory=Flows)
    overlays: dict[str, Overlay] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)
    letters: dict[str, Letter] = field(default_factory=dict)
    logo: bytes | None = None
    approved: bool = False
    text: str = ""
    words: list[Written] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    key: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    def served(self, preview: bool) -> list[str]:
        """The flows that may be served with what the kommune adds; in preview all."""
        return [name for name in self.flows if preview or name not in self.drafts]


@dataclass(frozen=True)
class Ground:
    """What kommuner's folders stand on. `national`: the flows that can be walked; `known`: also those that cannot.

    `digest`: the hash of the national content; `verdicts`: what was found in earlier checks, where that is kept.
    """

    national: Mapping[str, Playable]
    known: set[str]
    digest: str = ""
    preview: bool = False
    verdicts: verdicts.Verdicts | None = None


def read_room(path: Path, folder: Folder, ground: Ground) -> Room:
    """A kommune's folder."""
    room = Room()
    folder.only(path, FILES, besides=FOLDERS)
    word, found = read_yaml(Municipality, path / FILES[0], folder)
    room.findings += found
    _letters(room, path, folder)
    _logo(room, path, folder)
    if word is not None:  # else the rest is read all the same, so that everything is told at once
        room.word, room.source = word, Source(folder.documents[folder.name(path / FILES[0])])
        room.words.append(Written(word, room.source))
        _approved(room, word, room.source)
    for file in _yaml(path / "flows", folder):
        _flow(room, file, folder, ground)
    if ground.verdicts is not None:
        mine = sorted(item for item in folder.content.items() if item[0].startswith(f"{folder.name(path)}/"))
        room.key = verdicts.key(f"room {ground.preview}", ground.digest, mine)
    return room


def _yaml(path: Path, folder: Folder) -> list[Path]:
    return folder.files(path.relative_to(folder.root).as_posix(), ".yaml")


def _letters(room: Room, path: Path, folder: Folder) -> None:
    for file in folder.files((path / "letters").relative_to(folder.root).as_posix(), ".md"):
        letter, found = read_markdown(Letter, file, folder)
        room.findings += found
        if letter is not None:
            room.letters[folder.id(file)] = letter
            room.words.append(Written(letter, Source(folder.documents[folder.name(file)])))


def _logo(room: Room, path: Path, folder: Folder) -> None:
    """A picture that browsers draw and cannot run: PNG, and not so large that it is felt on a phone."""
    file = path / FILES[1]
    if not os.path.lexists(file):
        return
    data, found = folder.bytes(file)
    room.findings += found
    if data is None:
        return
    sides = [int.from_bytes(data[at : at + 4], "big") for at in (16, 20)]
    if not data.startswith(PNG) or data[12:16] != b"IHDR":
        folder.tell(file, "Logoet skal være en PNG-fil.")
    elif len(data) > LARGEST_LOGO or not all(0 < side <= LARGEST_SIDE for side in sides):
        folder.tell(file, f"Logoet må højst fylde 100 kB og være {LARGEST_SIDE} billedpunkter på hver led.")
    else:
        room.logo = data


def _approved(room: Room, word: Municipality, source: Source) -> None:
    """Words at contacts, names, levels, offers and letters: approved as they stand now, or not served."""
    value = {key: source.document.value.get(key) for key in ("names", "levels", "offers")}
    letters = {name: letter.model_dump(mode="json") for name, letter in room.letters.items()}
    contacts = {name: _words(contact) for name, contact in word.contacts.items()}
    if not any(value.values()) and not letters and not contacts:
        room.approved = True
        return
    room.text = fingerprint({**value, "letters": letters, "contacts": contacts, "whose": whose(source)})
    what = "Det, I skriver ved kontakterne, navne, niveauer, tilbud og breve"
    room.approved = _holds(room, word.approved, source, room.text, None, what)


def whose(source: Source) -> str:
    """Which file of which kommune it is: an approval is of no other."""
    return "/".join(source.document.mark(()).file.split("/")[-3:])


def _words(contact: Contact) -> dict[str, str | None]:
    return {"help": contact.help, "say": contact.say, "note": contact.hours.note if contact.hours else None}


def unapproved(word: Municipality, national: Mapping[str, Contact]) -> Municipality:
    """What of a kommune's own file may be served before it is approved: its numbers and hours, with national words."""
    contacts = {name: _plain(contact, national.get(name)) for name, contact in word.contacts.items()}
    return word.model_copy(update={"names": {}, "levels": {}, "offers": {}, "contacts": contacts})


def _plain(contact: Contact, national: Contact | None) -> Contact:
    """A contact without a word of the kommune's but its name."""
    reports = national is not None and Purpose.underretning in national.purpose
    hours = contact.hours.model_copy(update={"note": None}) if contact.hours else None
    said = "Kommunens eget nummer. Her underretter du." if reports else "Kommunens eget nummer."
    return contact.model_copy(update={"help": said, "say": national.say if national else None, "hours": hours})


def _flow(room: Room, file: Path, folder: Folder, ground: Ground) -> None:
    """One own file on its national flow."""
    name = printable(file.stem)
    if name not in ground.known:
        near = suggest(name, ground.known)
        folder.tell(file, f"Der er intet nationalt flow «{name}».{near} Filen skal hedde som flowet.")
        return
    document, found = read_document(file, folder)
    room.findings += found
    if document is None or name not in ground.national:
        return
    source, base = Source(document), ground.national[name]
    head = {key: part for key, part in document.value.items() if key not in ("questions", "outcomes")}
    word, found = build(Overlay, Document(head, document.marks))
    room.findings += found
    if word is None:
        return
    for key in ("questions", "outcomes"):
        if key in document.value and not isinstance(document.value[key], dict):
            room.findings.append(source.finding(f"«{key}» skal have trin under sig.", key))
            return
    if not _merges(room, name, base, source, word, ground, folder):
        return
    room.flows.put(name, partial(_made, name, base, source, word))
    room.overlays[name] = word
    holds = _holds(room, word.approved, source, _print(source), base.said, f"Egne trin i {name}")
    letters = _waiting(room, document)
    if letters or not holds:
        room.drafts.add(name)
    if letters and holds:
        said = f"Egne trin i {name} bruger jeres breve ({', '.join(letters)}), som ikke er godkendt endnu."
        room.findings.append(source.finding(f"{said} De bliver kun vist i preview.", warning=True))


def _waiting(room: Room, document: Document) -> list[str]:
    """The own letters that an own file names and that are not approved: without them it cannot be shown."""
    outcomes = (document.value.get("outcomes") or {}).values()
    lists = [given for step in outcomes if isinstance(step, dict) and isinstance(given := step.get("letters"), list)]
    return [] if room.approved else sorted({name for given in lists for name in given if name in room.letters})


def _merges(
    room: Room, name: str, base: Playable, source: Source, word: Overlay, ground: Ground, folder: Folder
) -> bool:
    """Whether an own file can be merged; that is tried, unless it is known that nothing was wrong with it."""
    if ground.verdicts is not None:
        file = source.document.mark(()).file
        room.keys[name] = verdicts.key("flow", ground.digest, [(file, folder.content[file])])
        if ground.verdicts.get(room.keys[name]) is not None:
            return True
    own, found = _own(name, base, source, word)
    room.findings += found
    return own is not None


def _made(name: str, base: Playable, source: Source, word: Overlay) -> Own:
    own, _ = _own(name, base, source, word)
    if own is None:
        raise RuntimeError(f"{source.document.mark(()).file} could be merged before")
    return own


def _own(name: str, base: Playable, source: Source, word: Overlay) -> tuple[Own | None, list[Finding]]:
    """The merged flow, or what keeps it from being one. Its ways are the national ones where none is other."""
    made = merged(base.source.document, base.flow, source.document)
    flow, found = build(Flow, made.document)
    if flow is not None and made.routed:
        found = [*found, *routes(flow, Source(made.document))]
    if made.findings:  # a way that ends blindly then comes of them
        found = [finding for finding in found if "(I1)" not in finding.message]
    found = [*made.findings, *(at_own(finding, source) for finding in found)]
    if flow is None or found:
        return None, found
    flow = _sharing(flow, base.flow)
    ways, text = Ways(flow) if made.routed else base.ways, _print(source)
    steps = made.steps, made.touched, made.routed
    return Own(name, flow, Source(made.document), ways, word, source, *steps, text, base.said), []


def _print(source: Source) -> str:
    return fingerprint({**source.document.value, "whose": whose(source)})


def _sharing(flow: Flow, base: Flow) -> Flow:
    """A merged flow in which every step that is as the national one is that very one: it is in memory once."""
    questions = {
        step: base.questions[step] if base.questions.get(step) == word else word
        for step, word in flow.questions.items()
    }
    outcomes = {
        step: base.outcomes[step] if base.outcomes.get(step) == word else word for step, word in flow.outcomes.items()
    }
    return flow.model_copy(update={"questions": questions, "outcomes": outcomes})


def at_own(finding: Finding, source: Source) -> Finding:
    """A finding on the merged flow, in the kommune's own file: the national one is right by itself."""
    if finding.file == source.document.mark(()).file:
        return finding
    said = f"{finding.message} (Det nationale trin står i {finding.file}.)"
    steps = ((key, step) for key in ("questions", "outcomes") for step in source.document.value.get(key) or {})
    named = next(
        (place for place in steps if re.search(rf"(?<![\w-]){re.escape(place[1])}(?![\w-])", finding.message)), ()
    )
    return source.finding(said, *named, warning=finding.warning)


def _holds(room: Room, approved: Approval | None, source: Source, text: str, base: str | None, what: str) -> bool:
    """Whether an approval is there and is of this very text; else it is said what to write."""
    prints = f"text: {text}" + (f", base: {base}" if base else "")
    if approved is None:
        said = (
            f"{what} er ikke godkendt og bliver kun vist i preview. Skriv «approved» med authority, profession, date, "
            f"next, {prints}."
        )
        room.findings.append(source.finding(said, warning=True))
        return False
    room.findings += [source.finding(said, "approved", key) for key, said in _signed(approved)]
    if approved.text != text:
        said = (
            f"{what} er ændret, siden de blev godkendt, og bliver kun vist i preview. Når de to har læst det: {prints}."
        )
        room.findings.append(source.finding(said, "approved", "text", warning=True))
        return False
    if base and approved.base is None:
        room.findings.append(
            source.finding(f"Skriv også, hvilket nationalt flow de læste: base: {base}.", "approved", warning=True)
        )
    elif base and approved.base != base:
        kommune = source.document.mark(()).file.split("/")[1]
        said = (
            f"Det nationale flow er ændret, siden {what.lower()} blev godkendt. Se hvad med "
            f"«guide diff --kommune {kommune}», og skriv så: base: {base}."
        )
        room.findings.append(source.finding(said, "approved", "base", warning=True))
    return True


def _signed(approved: Approval) -> Iterator[tuple[str, str]]:
    """What is wrong with who approved and when (C35)."""
    if approved.next <= approved.date:
        yield "next", "«next» skal være efter «date»."
    elif (approved.next - approved.date).days > REVIEWED:
        yield "next", "«next» er mere end et år efter «date». Skriv, hvornår de to ser på det igen: senest om et år."
    if approved.authority.split(",")[0].casefold().strip() == approved.profession.split(",")[0].casefold().strip():
        yield "profession", "Det skal være to forskellige: én hos myndigheden og én i faget."
    for key in ("authority", "profession"):
        if len(getattr(approved, key).split()) < NAMED:
            yield key, f"Skriv både navn og stilling i «{key}», fx «Karen Eksempel, leder af modtagelsen»."
