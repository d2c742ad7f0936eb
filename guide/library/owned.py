"""A kommune's own folder: `municipality.yaml`, its own steps in `flows/`, its letters, its logo.

Here: reading them, and what must be approved before it is served (C35). Not here: merging (`overlay.py`), what a
kommune may never say less of (`refined.py`), and everything else that is checked (`checks.py`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from guide.flows.finding import Finding
from guide.library.assemble import Assembled, built
from guide.library.folder import Folder, printable
from guide.library.overlay import Merged, fingerprint, merged
from guide.library.playable import Own, Playable, Written
from guide.library.read import Source, build, read_document, read_markdown, read_yaml, suggest
from guide.library.routes import routes
from guide.library.strict_yaml import Document
from guide.model import Approval, Flow, Letter, Municipality, Overlay

FILES, FOLDERS = ("municipality.yaml", "logo.png"), ("flows", "letters")

PNG = b"\x89PNG\r\n\x1a\n"

LARGEST_LOGO = 100_000
"""Bytes: a logo is on every page."""

LARGEST_SIDE = 1200
"""Pixels, each way."""


@dataclass
class Room:
    """What a kommune's folder holds. `flows`: merged ones by id, of which `drafts` are not approved.

    `letters` and `logo` are its own; `approved`: whether names, levels, offers and letters may be served; `text` is
    their fingerprint.
    """

    word: Municipality | None = None
    source: Source | None = None
    flows: dict[str, Own] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)
    letters: dict[str, Letter] = field(default_factory=dict)
    logo: bytes | None = None
    approved: bool = False
    text: str = ""
    words: list[Written] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def served(self, preview: bool) -> dict[str, Own]:
        """The merged flows that may be served; in preview all."""
        return {name: own for name, own in self.flows.items() if preview or name not in self.drafts}

    def sources(self) -> Iterator[Source]:
        """Where the values of the merged flows were written."""
        for own in self.flows.values():
            yield from (own.source, own.file)


def read_room(path: Path, folder: Folder, national: Mapping[str, Playable], known: set[str]) -> Room:
    """A kommune's folder. `national`: the flows that can be walked; `known`: also those that cannot."""
    room = Room()
    folder.only(path, FILES, besides=FOLDERS)
    word, found = read_yaml(Municipality, path / FILES[0], folder)
    room.findings += found
    _letters(room, path, folder)
    _logo(room, path, folder)
    if word is not None:  # else the rest is read all the same, so that everything is told at once
        room.word, room.source = word, Source(folder.documents[folder.name(path / FILES[0])])
        room.words.append(Written(word, room.source))
        _approved(room, word, room.source, folder, path)
    for file in _yaml(path / "flows", folder):
        _flow(room, file, folder, national, known)
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


def _approved(room: Room, word: Municipality, source: Source, folder: Folder, path: Path) -> None:
    """Names, levels, offers and letters: approved as they stand now, or not served."""
    value = {key: source.document.value.get(key) for key in ("names", "levels", "offers")}
    letters = {name: letter.model_dump(mode="json") for name, letter in room.letters.items()}
    if not any(value.values()) and not letters:
        room.approved = True
        return
    room.text = fingerprint({**value, "letters": letters})
    room.approved = _holds(room, word.approved, source, room.text, None, "Navne, niveauer, tilbud og breve")


def _flow(room: Room, file: Path, folder: Folder, national: Mapping[str, Playable], known: set[str]) -> None:
    """One own file on its national flow."""
    name = printable(file.stem)
    if name not in known:
        folder.tell(file, f"Der er intet nationalt flow «{name}».{suggest(name, known)} Filen skal hedde som flowet.")
        return
    document, found = read_document(file, folder)
    room.findings += found
    if document is None or name not in national:
        return
    source, base = Source(document), national[name]
    head = {key: part for key, part in document.value.items() if key not in ("questions", "outcomes")}
    word, found = build(Overlay, Document(head, document.marks))
    room.findings += found
    if word is None:
        return
    for key in ("questions", "outcomes"):
        if key in document.value and not isinstance(document.value[key], dict):
            room.findings.append(source.finding(f"«{key}» skal have trin under sig.", key))
            return
    made = merged(base.source.document, base.flow, document)
    room.findings += made.findings
    flow, found = _searched(made, base)
    if made.findings:  # a way that ends blindly then comes of them
        found = [finding for finding in found if "(I1)" not in finding.message]
    room.findings += [_here(finding, file, folder, source) for finding in found]
    if flow is None or flow.machine is None or made.findings:
        return
    prints = fingerprint(document.value), fingerprint(base.source.document.value)
    way = flow.machine, flow.proof
    room.flows[name] = Own(
        name, flow.flow, flow.source, *way, word, source, made.steps, made.touched, made.routed, *prints
    )
    if not _holds(room, word.approved, source, *prints, f"Egne trin i {name}"):
        room.drafts.add(name)


def _searched(made: Merged, base: Playable) -> tuple[Assembled | None, list[Finding]]:
    """The merged flow. Its ways are searched only where they are not the national ones, and nothing is wrong so far."""
    if made.routed and not made.findings:
        return built(made.document)
    flow, found = build(Flow, made.document)
    if flow is None:
        return None, found
    source = Source(made.document)
    if made.routed:
        return Assembled(flow, source), [*found, *routes(flow, source)]
    return Assembled(flow, source, base.machine, base.proof), found


def _here(finding: Finding, file: Path, folder: Folder, source: Source) -> Finding:
    """A finding on the merged flow, in the kommune's own file: the national one is right by itself."""
    if finding.file == folder.name(file):
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
    if approved.next <= approved.date:
        room.findings.append(source.finding("«next» skal være efter «date».", "approved", "next"))
    if approved.text != text:
        said = (
            f"{what} er ændret, siden de blev godkendt, og bliver kun vist i preview. Når de to har læst det: {prints}."
        )
        room.findings.append(source.finding(said, "approved", "text", warning=True))
        return False
    if base and approved.base != base:
        kommune = source.document.mark(()).file.split("/")[1]
        said = (
            f"Det nationale flow er ændret, siden {what.lower()} blev godkendt. Se hvad med "
            f"«guide diff --kommune {kommune}», og skriv så: base: {base}."
        )
        room.findings.append(source.finding(said, "approved", "base" if approved.base else "text", warning=True))
    return True
