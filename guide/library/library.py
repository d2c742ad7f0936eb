"""The Library: all content in memory, for one base folder and any number of added ones.

`load` reads everything, gathers every Finding, and never raises for what an author wrote.
A library with errors must not be served; `guide.flows.finding.errors` tells them from warnings.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from guide.flows.finding import Finding
from guide.library.assemble import SharedSteps, assemble, read_shared
from guide.library.folder import REGISTERS, ROOMS, Folder, digest, printable
from guide.library.geography import Geography, read_geography
from guide.library.owned import Ground, Room, read_room, unapproved
from guide.library.playable import Draft, Own, Playable, Written
from guide.library.read import Source, read_markdown, read_yaml, suggest
from guide.library.regions import Regions, read_regions
from guide.library.register import read_register
from guide.library.reported import Reported, read_reported
from guide.library.strict_yaml import Document, Mark
from guide.library.verdicts import Verdicts
from guide.model import (
    LISTS,
    Act,
    Case,
    Change,
    Contact,
    ContactList,
    Judgement,
    KeyFigure,
    LawRef,
    Letter,
    Municipality,
    Myth,
    Page,
    Principle,
    Profession,
    Programme,
    Registers,
    Scenario,
    ScenarioList,
    Sign,
    SignList,
    Term,
    Theme,
)

__all__ = ["NOWHERE", "Draft", "Library", "Own", "Playable", "Written", "load", "undisturbed"]

T = TypeVar("T")
W = TypeVar("W", bound=BaseModel)

NOWHERE = "hele-landet"
"""The municipality when the kommune is not known."""


@dataclass
class Library:
    """All content in memory. Mappings are by id, in the order of the files."""

    flows: dict[str, Playable] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    """Flows that cannot be walked: kept so that everything wrong with them is found in one go."""
    scenarios: dict[str, dict[str, Scenario]] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    law: dict[str, LawRef] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    signs: dict[str, SignList] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    texts: Registers | None = None
    professions: dict[str, Profession] = field(default_factory=dict)
    principles: dict[str, Principle] = field(default_factory=dict)
    myths: dict[str, Myth] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    training: dict[str, Programme] = field(default_factory=dict)
    """The programme of a temadag, and the briefings."""
    terms: dict[str, Term] = field(default_factory=dict)
    figures: dict[str, KeyFigure] = field(default_factory=dict)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    """Of names, levels and offers what is approved; in preview all."""
    regions: Regions = field(default_factory=Regions)
    geography: Geography = field(default_factory=Geography)
    reported: tuple[Reported, ...] = ()
    rooms: dict[str, Room] = field(default_factory=dict)
    """Kommuner with a folder of their own, whatever of it is served."""
    preview: bool = False
    """Whether what is not approved is shown."""
    ids: dict[str, set[str] | None] = field(default_factory=dict)
    """What a flow may refer to, by room: also words with errors in them. None when a file there cannot be read."""
    words: list[Written] = field(default_factory=list)
    """Every file that was read, for checks; the files of a flow are merged in `flows` and `drafts` instead."""
    digest: str = ""
    """The hash of everything that was read."""
    base: str = ""
    """The hash of the base folder alone: the same on every installation with the same content."""
    national: str = ""
    """The hash of what kommuner's files stand on."""
    verdicts: Verdicts | None = None
    """What was found of kommuner's files before, where that is kept."""
    files: list[dict[str, bytes]] = field(default_factory=list)
    """What was read, by file name: a mapping for each content folder, the base first."""

    def forget(self) -> None:
        """Drop what only checks need: where values were written, and the ways through each flow."""
        for written in self.words:
            written.source.document.value.clear()
            written.source.document.marks.clear()
        merging = any(room.flows for room in self.rooms.values())
        for room in self.rooms.values():
            room.flows.forget()
        for draft in (*self.flows.values(), *self.drafts.values()):
            document = draft.source.document
            start = document.mark(())
            document.marks.clear()
            if merging:  # kommuner's flows are merged with it when they are asked for
                document.marks[()] = start
            else:
                document.value.clear()
        for playable in self.flows.values():
            playable.ways.forget()
        self.words.clear()
        self.files.clear()

    def contact(self, municipality: str, contact: str, child: str | None = None) -> Contact:
        """The own contact of the kommune that it follows, else the national one.

        `municipality` is that of the workplace, `child` that of the child where it is another.
        Raises KeyError when there is neither.
        """
        kommune = self.municipalities[self.follows(municipality, contact, child)]
        return kommune.contacts.get(contact) or self.contacts[contact]

    def follows(self, municipality: str, contact: str, child: str | None = None) -> str:
        """Whose number a contact has: the id of the child's kommune, or of the workplace's.

        The national contact of the id says which. A kommune's own that is no national one is the workplace's unless it
        says otherwise, and also where the child's kommune has none of that name.
        """
        if child is None or child == municipality:
            return municipality
        kommuner = self.municipalities
        known = self.contacts.get(contact) or kommuner[municipality].contacts.get(contact)
        if known is None:
            return child
        there = contact in self.contacts or contact in kommuner[child].contacts
        return child if known.whose == "barnet" and there else municipality

    def act_of(self, law: str) -> Act:
        """The act a law reference stands in. Raises KeyError."""
        return next(act for act in self.acts.values() if law in act.paragraphs)

    def playable(self, municipality: str, flow: str) -> Playable | None:
        """The flow as it is in a kommune, or None."""
        return self.flows_in(municipality).get(flow) if municipality in self.municipalities else None

    def flows_in(self, municipality: str) -> Mapping[str, Playable]:
        """The flows as they are in a kommune: with its own steps where they may be served, else the national ones."""
        room = self.rooms.get(municipality)
        if room is None or not (served := room.served(self.preview)):
            return self.flows
        return {**self.flows, **{name: room.flows[name] for name in served}}

    def letters_in(self, municipality: str) -> Mapping[str, Letter]:
        """The letters in a kommune: the national ones, and its own where they may be served."""
        room = self.rooms.get(municipality)
        return {**self.letters, **room.letters} if room and (self.preview or room.approved) else self.letters

    def logo(self, municipality: str) -> bytes | None:
        """A kommune's logo as PNG, or None."""
        room = self.rooms.get(municipality)
        return room.logo if room else None

    @property
    def ages(self) -> list[str]:
        """The age groups that signs are given for, the youngest first: `ufoedt`, then by number."""
        known = {age for signs in self.signs.values() for sign in signs.signs.values() for age in sign.ages}
        return sorted(known, key=lambda age: (age[0].isdigit(), int(age.partition("-")[0]) if age[0].isdigit() else 0))

    def signs_at(self, ages: Collection[str]) -> dict[str, list[Sign]]:
        """The signs of each kind that are seen at some of these ages; of all ages when none is given."""
        return {
            kind: [sign for sign in signs.signs.values() if not (ages and sign.ages) or set(ages) & set(sign.ages)]
            for kind, signs in self.signs.items()
        }

    def source(self, file: str) -> Source:
        """Where the values of a base file were written; for a file that was not read, the file as a whole."""
        found = (written.source for written in self.words if written.source.document.mark(()).file == file)
        return next(found, Source(Document({}, {(): Mark(file, 0, 0)})))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the collector: what is made while content is read stays, and to go through it takes long."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@undisturbed()
def load(
    root: Path, added: Sequence[Path | Folder] = (), preview: bool = False, verdicts: Verdicts | None = None
) -> tuple[Library, list[Finding]]:
    """Read a content folder and any added folders with `municipalities/<id>/`; findings sorted by place.

    `preview`: what kommuner wrote is taken as approved. A Folder that has read nothing yet may stand for its path.
    `verdicts`: what was found of kommuner's files before is not found again, here and in `check`.
    """
    loading = _Loading(Library(preview=preview, verdicts=verdicts), Folder(root))
    folders = [loading.folder]
    loading.registers()
    loading.flows()
    register, loading.library.national = dict(loading.library.municipalities), digest(folders)
    loading.municipalities(register)
    findings = loading.findings
    for path in added:
        folder = path if isinstance(path, Folder) else Folder(path)
        folders.append(folder)
        other = _Loading(loading.library, folder, findings)
        other.only_municipalities()
        other.municipalities(register)
    loading.library.digest, loading.library.base = digest(folders), digest(folders[:1])
    loading.library.files = [folder.content for folder in folders]
    findings += [finding for folder in folders for finding in folder.findings]
    return loading.library, sorted(set(findings))


@dataclass
class _Loading:
    """One folder on its way into the library."""

    library: Library
    folder: Folder
    findings: list[Finding] = field(default_factory=list)

    def keep(
        self, word: type[W], path: Path, read: Callable[[type[W], Path, Folder], tuple[W | None, list[Finding]]]
    ) -> W | None:
        """A file as a word; its findings and its source are kept."""
        made, found = read(word, path, self.folder)
        self.findings += found
        if made is not None:
            self.library.words.append(Written(made, Source(self.folder.documents[self.folder.name(path)])))
        return made

    def room(self, word: type[W], room: str) -> dict[str, W]:
        """All YAML files of a room by id."""
        files = self.folder.files(room, ".yaml")
        return {self.folder.id(path): made for path in files if (made := self.keep(word, path, read_yaml))}

    def pages(self, word: type[W], room: str) -> dict[str, W]:
        """All Markdown files of a room by id."""
        files = self.folder.files(room, ".md")
        return {self.folder.id(path): made for path in files if (made := self.keep(word, path, read_markdown))}

    def ids(self, room: str, key: str) -> set[str] | None:
        """The ids under one key of all files of a room; None when one of them cannot be read."""
        found = set[str]()
        for path in self.folder.files(room, ".yaml"):
            document = self.folder.documents.get(self.folder.name(path))
            if document is None:
                return None
            words = document.value.get(key)
            found |= words.keys() if isinstance(words, dict) else set()
        return found

    def registers(self) -> None:
        """Everything but flows and kommuner's own files."""
        library, folder = self.library, self.folder
        folder.only(folder.root, ROOMS)
        library.acts = self.room(Act, "law")
        for name, act in library.acts.items():
            self.unique(library.law, act.paragraphs, f"law/{name}.yaml", "paragraphs")
        for name, contacts in self.room(ContactList, "contacts").items():
            self.unique(library.contacts, contacts.contacts, f"contacts/{name}.yaml", "contacts")
        library.signs = self.room(SignList, "signs")
        library.letters = self.pages(Letter, "letters")
        library.pages = self.pages(Page, "pages")
        library.themes, library.cases = self.room(Theme, "themes"), self.room(Case, "cases")
        library.training = self.room(Programme, "training")
        self.lists(folder.root / "registers")
        library.ids = {"law": self.ids("law", "paragraphs"), "contacts": self.ids("contacts", "contacts")}
        library.ids |= {room: {folder.id(path) for path in folder.files(room, end)} for room, end in _BY_FILE.items()}
        library.ids["myths"] = set(library.myths) or None
        library.regions = read_regions(folder.root / "registers", folder, self.findings)
        library.geography = read_geography(folder.root / "registers", folder, self.findings)
        library.reported = read_reported(folder.root / "registers", folder, self.findings)
        kommuner, found = read_register(folder.root / "registers" / "kommuner.csv", folder)
        self.findings += found
        library.municipalities = {NOWHERE: Municipality(name="Hele landet"), **kommuner}

    def lists(self, place: Path) -> None:
        """The registers that are a file each."""
        library = self.library
        self.folder.only(place, REGISTERS)
        library.texts = self.keep(Registers, place / "texts.yaml", read_yaml)
        for name, word in LISTS.items():
            path = place / f"{name}.yaml"
            # What figures mean is only needed where there are figures.
            if (name != "figures" or path.is_file()) and (made := self.keep(word, path, read_yaml)):
                setattr(library, name, getattr(made, name))

    def unique(self, into: dict[str, T], new: Mapping[str, T], file: str, key: str) -> None:
        """Add words by id, of which each must stand in one file only."""
        source = self.library.source(file)
        for name in new:
            if name in into:
                self.findings.append(source.finding(f"«{name}» findes allerede i en anden fil.", key, name))
        into.update(new)

    def flows(self) -> None:
        """All flows, with the shared steps they use."""
        shared, found = read_shared(self.folder)
        self.findings += found
        for steps in shared.values():
            if steps.document and steps.word:
                self.library.words.append(Written(steps.word, Source(steps.document)))
        folders = self.folder.folders("flows", besides=("shared",))
        if not folders:
            self.folder.tell(self.folder.root / "flows", "Her er ingen flow. Et flow er en mappe med en flow.yaml.")
        for path in folders:
            self.flow(path, shared)

    def flow(self, path: Path, shared: Mapping[str, SharedSteps]) -> None:
        """One flow with its scenarios."""
        self.folder.only(path, ("flow.yaml", "outcomes.yaml", "scenarios.yaml"))
        made, found = assemble(path, self.folder, shared, self.library.verdicts)
        self.findings += found
        scenarios, name = self.keep(ScenarioList, path / "scenarios.yaml", read_yaml), printable(path.name)
        self.library.scenarios[name] = scenarios.root if scenarios else {}
        if made and made.ways:
            self.library.flows[name] = Playable(name, made.flow, made.source, made.ways)
        elif made:
            self.library.drafts[name] = Draft(name, made.flow, made.source)

    def only_municipalities(self) -> None:
        """Tell of what an added folder has and nobody reads."""
        why = "I en mappe fra GUIDE_CONTENT læses kun «municipalities/»."
        entries = self.folder.entries(self.folder.root)
        for path in entries:
            if (path.name in ROOMS or path.stem == "municipality") and path.name != "municipalities":
                self.folder.unread(path, why)
        if "municipalities" not in (path.name for path in entries):
            self.folder.tell(self.folder.root, f"Mappen har ingen «municipalities/». {why}", warning=True)

    def municipalities(self, register: Mapping[str, Municipality]) -> None:
        """Every kommune's own folder."""
        library = self.library
        ground = Ground(library.flows, set(library.scenarios), library.national, library.preview, library.verdicts)
        for path in self.folder.folders("municipalities"):
            room = read_room(path, self.folder, ground)
            self.findings += room.findings
            library.words += room.words
            if room.word is not None and room.source is not None:
                name = printable(path.name)
                ours = library.preview or room.approved
                shown = room.word if ours else unapproved(room.word, library.contacts)
                if self.fits(name, shown, room.source, register):
                    library.rooms[name] = room

    def fits(self, name: str, own: Municipality, source: Source, register: Mapping[str, Municipality]) -> bool:
        """Whether a kommune's own file is of a kommune in the register, or of an example; it is then in the library."""
        known, find = register.get(name), self.findings.append
        if name == NOWHERE:
            find(source.finding(f"«{NOWHERE}» er guidens eget navn. Giv mappen et andet navn."))
            return False
        if known is None and not own.example and len(register) > 1:
            said = "er ikke en kommune i registeret. Mappen skal hedde som i registers/kommuner.csv, "
            find(source.finding(f"«{name}» {said}eller filen skal sige «example: true».{suggest(name, register)}"))
            return False
        if known is None:
            self.library.municipalities[name] = own
            return True
        if own.example:
            find(source.finding(f"{known.name} findes. Slet «example».", "example"))
        if own.code and own.code != known.code:
            find(source.finding(f"Koden {own.code} hører ikke til {known.name} ({known.code}).", "code"))
        if own.name != known.name:
            find(source.finding(f"I registeret hedder kommunen «{known.name}».", "name", warning=True))
        self.library.municipalities[name] = own.model_copy(update={"code": known.code, "name": known.name})
        return True


_BY_FILE = {"letters": ".md", "signs": ".yaml", "cases": ".yaml"}
