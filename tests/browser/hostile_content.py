"""A copy of the demo content with a hostile text in every field that is a text. test_payloads.py opens it.

One value stands on one line of a file, so that a finding says which field it is about.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guide.flows.finding import errors
from guide.library.checks import check
from guide.library.library import Library, load
from tests.conftest import DEMO

Place = tuple[str, tuple[str | int, ...]]
"""A file, and the keys down to one text in it."""

REGISTER: Place = ("registers/kommuner.csv", ("fuldt_navn",))

LINES = {
    "title",
    "label",
    "name",
    "audience",
    "edition",
    "headline",
    "owner",
    "blanks",
    "names",
    "fuldt_navn",
}
BLOCKS = {
    "help", "why", "local", "say", "tell", "phrase", "until", "text", "again", "guidance", "expect", "source",
    "confirm", "note", "raises", "unreached", "after", "duty", "do",
}  # fmt: skip
QUESTION = ("help", "why")
OUTCOME = ("say", "headline", "tell", "phrase", "until", "again", "guidance", "expect", "source")
INSTEAD = ("headline", "tell", "phrase")
"""What stands instead of the text of the parents rule; some outcomes are left without, so that one is shown too."""

NAMED = ("blanks", "names")
"""Mappings of names to texts."""

OWN = "municipalities/proeve"
"""Where the kommune's own things are; they are approved as they stand, so that they are served."""

CONTACT = ("owner", "source", "say")
HARMLESS = "Tekst."
LINK = 'https://a.example/"onclick="ran=1'


@dataclass
class Hostile:
    """The content in memory: file -> what is in it; and which payload is at which place."""

    files: dict[str, Any]
    at: dict[Place, str] = field(default_factory=dict)
    refused: list[tuple[Place, str]] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Every place of a text, in a fixed order."""
        return [REGISTER, *((file, path) for file, data in sorted(self.files.items()) for path in _texts(data, (), ""))]

    def fill(self, payloads: Sequence[str], shift: int) -> None:
        """One payload in each place, in turn from `shift` on."""
        for n, place in enumerate(self.places()):
            self.at[place] = payloads[(n + shift) % len(payloads)]

    def write(self, folder: Path) -> None:
        """Write it to `folder`; what the checks refuse is taken back, so that the rest can be served."""
        for _ in range(8):
            lines = self._write(folder)
            library, findings = load(folder)
            wrong = errors([*findings, *check(library)])
            if not wrong:
                self._approve(library)
                self._write(folder)
                return
            places = {place for f in wrong if (place := lines.get((f.file, f.line))) in self.at}
            assert places, [str(f) for f in wrong][:5]
            self.refused += [(place, self.at.pop(place)) for place in sorted(places, key=str)]
        raise AssertionError("the checks go on refusing")

    def _approve(self, library: Library) -> None:
        """Two made-up names under what the kommune wrote, as it reads now."""
        room = library.rooms["proeve"]
        for file, text in {
            "municipality": room.text,
            **{f"flows/{name}": own.text for name, own in room.flows.items()},
        }.items():
            dates = {"date": "2026-11-21", "next": "2027-05-21"}
            self.files[f"{OWN}/{file}.yaml"]["approved"] = {
                "authority": "Anna Aa, leder",
                "profession": "Bo Bb, leder",
                "text": text,
            } | dates

    def _write(self, folder: Path) -> dict[tuple[str, int], Place]:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(DEMO, folder)
        found = {}
        for file, data in self.files.items():
            text = ""
            for path, line in _lines(self._filled(file, data, ()), ()):
                found[file, text.count("\n") + 1 + file.endswith(".md")] = (file, path)
                text += line + "\n"
            if file.endswith(".md"):
                body = self.at.get((file, ("text",)), "") + "\n\n" + data["text"]  # a letter must use its blanks
                found |= {(file, n): (file, ("text",)) for n in range(text.count("\n") + 2, text.count("\n") + 40)}
                text = f"---\n{text}---\n{body}\n"
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
        return found | self._register(folder / "registers" / "kommuner.csv")

    def _register(self, path: Path) -> dict[tuple[str, int], Place]:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["id", "kommunekode", "fuldt_navn"])
            rows.writerow(["proeve", "001", "Prøve Kommune"])
            rows.writerow(["nabo", "002", self.at.get(REGISTER, "Nabo Kommune")])
        return {(REGISTER[0], n): REGISTER for n in range(3, 9)}

    def _filled(self, file: str, value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, dict):
            inner = {k: self._filled(file, v, (*path, k)) for k, v in value.items()}
            return {k: v for k, v in inner.items() if not (file.endswith(".md") and k == "text" and not path)}
        if isinstance(value, list):
            return [self._filled(file, v, (*path, n)) for n, v in enumerate(value)]
        return self.at.get((file, path), value)


def kind(place: Place) -> str:
    """The key that says what a place is: the last one, or that of the list or mapping it stands in."""
    keys = [key for key in place[1] if isinstance(key, str)]
    return next(key for key in reversed(keys) if key in LINES | BLOCKS)


def demo() -> Hostile:
    """The demo content with every optional text there is, and two links that break out of an attribute."""
    files: dict[str, Any] = {}
    for path in sorted(DEMO.rglob("*.*")):
        name, text = path.relative_to(DEMO).as_posix(), path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            _, head, body = text.split("---\n", 2)
            files[name] = {**yaml.load(head, yaml.BaseLoader), "text": body}
        elif path.suffix == ".yaml" and path.name not in ("scenarios.yaml", "principles.yaml"):
            files[name] = yaml.load(text, yaml.BaseLoader)
    files |= _own(files)
    for data in files.values():
        for key, word in _words(data):
            _complete(key, word)
    files["law/proevelov.yaml"]["link"] = LINK
    return Hostile(files)


def _own(files: dict[str, Any]) -> dict[str, Any]:
    """What a kommune may write itself: boxes, names, an offer, a letter."""
    kommune = files[f"{OWN}/municipality.yaml"]
    kommune |= {"names": {"tvaerfagligt-moede": HARMLESS}}
    kommune["offers"] = {"klub": {"title": HARMLESS, "help": HARMLESS, "link": LINK}}
    letter = {"title": HARMLESS, "to": "fagperson", "help": HARMLESS, "source": HARMLESS, "text": "Kære kollega"}
    found: dict[str, Any] = {f"{OWN}/letters/vores.md": letter}
    head = {"owner": HARMLESS, "checked": "2026-11-21"}
    for flow in ("tre", "flere"):
        steps = files[f"flows/{flow}/flow.yaml"] | files[f"flows/{flow}/outcomes.yaml"]
        boxes = {
            room: {step: {"local": HARMLESS} for step, word in steps.get(room, {}).items() if _open(step, word)}
            for room in ("questions", "outcomes")
        }
        if flow == "tre":
            boxes["outcomes"]["bekymring"]["letters"] = ["vores"]
        found[f"{OWN}/flows/{flow}.yaml"] = head | {room: box for room, box in boxes.items() if box}
    return found


def _open(step: str, word: dict[str, Any]) -> bool:
    """Whether a box may stand there: neither at the acute question nor on an acute outcome."""
    return step != "akut-fare" and word.get("level") != "akut"


def _words(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name of the mapping it stands in, word) of every word at any depth."""
    for name, inner in data.items() if isinstance(data, dict) else ():
        for word in inner.values() if isinstance(inner, dict) else ():
            if isinstance(word, dict):
                yield name, word
        yield from _words(inner)


def _complete(key: str, word: dict[str, Any]) -> None:
    """Give a word the optional texts of its kind."""
    optional = {
        "questions": QUESTION,
        "outcomes": OUTCOME,
        "contacts": CONTACT,
        "options": ("help",),
        "signs": ("help",),
    }
    if "local" in word:
        return
    for name in optional.get(key, ()):
        if word.get("level") != "straks" or name not in INSTEAD:
            word.setdefault(name, HARMLESS)
    if key == "contacts":
        word |= {"link": LINK, "checked": "2026-11-21"}
    if key == "outcomes":
        word.setdefault("duty", [HARMLESS])
        word.setdefault("raises", [HARMLESS, HARMLESS])
    if key == "questions":
        word.setdefault("signs", ["proeve"])


def _texts(value: Any, path: tuple[str | int, ...], key: str) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("when", "use", "next"):
                yield from _texts(inner, (*path, name), key if key in NAMED else name)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _texts(inner, (*path, n), key)
    elif key in LINES | BLOCKS:
        yield path


def _lines(value: Any, path: tuple[str | int, ...], indent: str = "") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(place, line) of YAML in which every value stands on its own line."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        lead = f"{indent}{json.dumps(key)}:" if isinstance(value, dict) else f"{indent}-"
        if isinstance(inner, str) or not inner:
            yield (*path, key), f"{lead} {json.dumps(inner)}"
        else:
            yield (*path, key), lead
            yield from _lines(inner, (*path, key), indent + "  ")
