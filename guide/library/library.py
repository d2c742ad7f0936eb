"""The Library: all content in memory, for one base folder and any number of added ones.

`load` reads everything, gathers every Finding, and never raises for what an author wrote.
A library with errors must not be served; `guide.flows.finding.errors` tells them from warnings.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from transitions import Machine

from guide.flows.finding import Finding
from guide.flows.proof import Proof
from guide.library.assemble import Source, assemble
from guide.library.read import read_markdown, read_yaml
from guide.model import (
    Act,
    Contact,
    ContactList,
    Flow,
    LawRef,
    Letter,
    Municipality,
    Page,
    Profession,
    ProfessionList,
    Registers,
    Scenario,
    ScenarioList,
    SignList,
)

T = TypeVar("T")
Read = tuple[T | None, list[Finding]]

NOWHERE = "hele-landet"
"""The municipality when the kommune is not known."""


@dataclass(frozen=True)
class Playable:
    """A flow that can be walked: with its machine, its proof, and where each value was written."""

    id: str
    flow: Flow
    machine: Machine
    proof: Proof | None
    source: Source


@dataclass
class Library:
    """All content in memory. Mappings are by id, in the order of the files."""

    flows: dict[str, Playable] = field(default_factory=dict)
    scenarios: dict[str, dict[str, Scenario]] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    law: dict[str, LawRef] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    signs: dict[str, SignList] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    texts: Registers | None = None
    professions: dict[str, Profession] = field(default_factory=dict)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    digest: str = ""

    def contact(self, municipality: str, contact: str) -> Contact:
        """The kommune's own contact, else the national one. Raises KeyError when there is neither."""
        return self.municipalities[municipality].contacts.get(contact) or self.contacts[contact]

    def act_of(self, law: str) -> Act:
        """The act a law reference stands in. Raises KeyError."""
        return next(act for act in self.acts.values() if law in act.paragraphs)

    def playable(self, municipality: str, flow: str) -> Playable | None:
        """The flow as it is in a kommune, or None when there is no such flow or kommune."""
        return self.flows.get(flow) if municipality in self.municipalities else None


def load(root: Path, added: Sequence[Path] = ()) -> tuple[Library, list[Finding]]:
    """Read a content folder and any added folders with `municipalities/<id>/`; findings sorted by place."""
    library, findings = Library(), list[Finding]()
    _registers(library, root, findings)
    for folder in sorted(p for p in (root / "flows").glob("*") if p.is_dir() and p.name != "shared"):
        _flow(library, folder, root, findings)
    for base in (root, *added):
        _municipalities(library, base, findings)
    library.digest = digest((root, *added))
    return library, sorted(set(findings))


def _registers(library: Library, root: Path, findings: list[Finding]) -> None:
    for path in sorted((root / "law").glob("*.yaml")):
        if act := _keep(findings, read_yaml(Act, path, root)):
            library.acts[path.stem] = act
            _unique(library.law, act.paragraphs, path, root, findings)
    for path in sorted((root / "contacts").glob("*.yaml")):
        if contacts := _keep(findings, read_yaml(ContactList, path, root)):
            _unique(library.contacts, contacts.contacts, path, root, findings)
    _each(library.signs, findings, root, "signs/*.yaml", lambda path: read_yaml(SignList, path, root))
    _each(library.letters, findings, root, "letters/*.md", lambda path: read_markdown(Letter, path, root))
    _each(library.pages, findings, root, "pages/*.md", lambda path: read_markdown(Page, path, root))
    library.texts = _keep(findings, read_yaml(Registers, root / "registers" / "texts.yaml", root))
    if professions := _keep(findings, read_yaml(ProfessionList, root / "registers" / "professions.yaml", root)):
        library.professions = professions.professions
    library.municipalities[NOWHERE] = Municipality(name="Hele landet")
    for row in _rows(root / "registers" / "kommuner.csv"):
        library.municipalities[row["id"]] = Municipality(name=row["fuldt_navn"], code=row["kommunekode"])


def _each(into: dict[str, T], findings: list[Finding], root: Path, files: str, read: Callable[[Path], Read[T]]) -> None:
    for path in sorted(root.glob(files)):
        if word := _keep(findings, read(path)):
            into[path.stem] = word


def _rows(path: Path) -> Iterable[Mapping[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _flow(library: Library, folder: Path, root: Path, findings: list[Finding]) -> None:
    made, found = assemble(folder, root)
    findings.extend(found)
    if made:
        library.flows[folder.name] = Playable(folder.name, made.flow, made.machine, made.proof, made.source)
    scenarios = _keep(findings, read_yaml(ScenarioList, folder / "scenarios.yaml", root))
    library.scenarios[folder.name] = scenarios.root if scenarios else {}


def _municipalities(library: Library, base: Path, findings: list[Finding]) -> None:
    for path in sorted((base / "municipalities").glob("*/municipality.yaml")):
        own, name = _keep(findings, read_yaml(Municipality, path, base)), path.parent.name
        if not own:
            continue
        known = library.municipalities.get(name)
        place = path.relative_to(base).as_posix()
        if known is None and not own.example:
            findings.append(
                Finding(
                    place,
                    0,
                    0,
                    f"«{name}» er ikke en kommune i registeret. Mappen skal hedde som i registers/kommuner.csv.",
                )
            )
            continue
        if known and known.code and own.code and known.code != own.code:
            findings.append(Finding(place, 0, 0, f"Koden {own.code} hører ikke til {known.name} ({known.code})."))
        if (path.parent / "flows").exists():
            findings.append(
                Finding(place, 0, 0, "Egne trin i «flows/» kan ikke læses endnu. Flyt mappen, eller slet den.")
            )
        library.municipalities[name] = own if own.code or not known else own.model_copy(update={"code": known.code})


def _unique(into: dict[str, T], new: Mapping[str, T], path: Path, root: Path, findings: list[Finding]) -> None:
    for name in new:
        if name in into:
            findings.append(
                Finding(path.relative_to(root).as_posix(), 0, 0, f"«{name}» findes allerede i en anden fil.")
            )
    into.update(new)


def _keep(findings: list[Finding], read: Read[T]) -> T | None:
    findings.extend(read[1])
    return read[0]


def digest(folders: Iterable[Path]) -> str:
    """A short hash of every file in the folders: what a walk carries to notice changed content."""
    found = hashlib.blake2b(digest_size=8)
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
