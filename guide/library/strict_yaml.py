"""The strict reader: bytes in, plain text, lists and mappings out, with the place of every value.

Here: the limits, decoding, the builder that follows the parser's event stream, merging.
Not here: what a key means (`read.py`), the Danish of syntax errors (`syntax.py`).
Nothing is ever constructed from YAML types: every scalar is text, so `no`, `0112` and `8:30` stay as written.
The events are streamed, so that the limit on depth stops a hostile file before any parser recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

import yaml

from guide.flows.finding import Finding
from guide.library.syntax import explain, mended, no_mapping, number, quote

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
MAX_SCALAR = 4_000
MAX_FINDINGS = 200
MAX_MENDED = 30

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Controls, DEL, C1 with NEL, line and paragraph separators (the parser would break lines at them, editors do not),
# byte order marks inside the text, non-characters, lone surrogates, and the controls that turn the direction of text.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_NO_LINES = "Skriv mindst én linje med «nøgle: tekst»."
_ONLY_COMMENTS = "Alle linjer begynder med #. Slet # og mellemrummet efter foran de linjer, der skal bruges."

_OTHER_KINDS = (
    (b"PK\x03\x04", "et dokument fra Word, Excel eller LibreOffice (eller en zip-fil)"),
    (b"\xd0\xcf\x11\xe0", "et dokument fra Word eller Excel"),
    (b"{\\rtf", "et dokument fra et skriveprogram (RTF)"),
    (b"%PDF", "en PDF"),
    (b"\x89PNG", "et billede"),
    (b"\xff\xd8\xff", "et billede"),
    (b"<!DOCTYPE", "en hjemmeside"),
    (b"<html", "en hjemmeside"),
)
"""How files begin that people save by mistake, and what they are."""

_BREAK = re.compile(r"\r\n|\r|\n")
_TAB_INDENT = re.compile(r" *(\t)\s*\S")

Path = tuple[str | int, ...]


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """What a file says, and where. `marks` has the key of every entry and every list item; `()` is the start."""

    value: dict[str, Any]
    marks: dict[Path, Mark]

    def mark(self, path: Path) -> Mark:
        """The place of the deepest known part of `path`, so that a missing key points at what it is missing from."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks[path]


def at(mark: Mark, message: str) -> Finding:
    """A finding at a mark."""
    return Finding(mark.file, mark.line, mark.column, message)


def capped(findings: list[Finding]) -> list[Finding]:
    """In order, without repeats, and at most MAX_FINDINGS: more does not help anybody to correct a file."""
    unique = sorted(set(findings))
    if len(unique) <= MAX_FINDINGS:
        return unique
    last = unique[MAX_FINDINGS - 1]
    more = Finding(last.file, last.line, last.column, "Der er flere fejl i filen. Ret først dem, der er vist.")
    return [*unique[: MAX_FINDINGS - 1], more]


def parse(data: bytes, file: str) -> tuple[Document | None, list[Finding]]:
    """Read one document. Never raises, whatever the bytes; a document is given only when nothing was found.

    `file` is the name shown in findings. Errors that do not stop the parser (double keys, anchors, tags …) are all
    found in one pass; a syntax error ends it, but for the commonest ones, after which the rest is read as if mended.
    """
    text, findings = decode(data, file)
    if text is None:
        return None, findings
    tab = "Linjen er rykket ind med tabulator. Brug mellemrum."
    if "\t" in text and (hits := list(_hits(_TAB_INDENT.match, text))):
        return None, capped([Finding(file, line, hit.start(1) + 1, tab) for line, hit in hits])
    found, builder, tried = list[Finding](), _Builder(file), set[int]()
    for _ in range(MAX_MENDED):
        try:
            loader = LOADER(text)
            while builder.take(loader.get_event()) and loader.check_event():
                pass
            break
        except (yaml.YAMLError, ValueError) as error:
            line, column, said = explain(error, text)
            builder.syntax(line, column, said)
            # A line is mended once: each time would double its quotes, and thirty doublings fill any memory.
            if line in tried or (further := mended(text, line, said)) is None:
                break
            tried.add(line)
            text, found, builder = further, [*found, *builder.findings], _Builder(file)
    builder.findings += found
    if not builder.findings and builder.root is None:
        builder.find(Mark(file, 1, 1), f"Filen er tom. {_ONLY_COMMENTS if '#' in text else _NO_LINES}")
    if builder.findings or builder.root is None:
        return None, capped(builder.findings)
    return Document(builder.root, builder.marks), []


def decode(data: bytes, file: str) -> tuple[str | None, list[Finding]]:
    """Bytes as text, when they are UTF-8 of a fair size without hidden characters. Never raises.

    A UTF-8 byte order mark is taken away: Notepad on Windows writes one, and it does no harm.
    """
    start = Mark(file, 1, 1)
    if len(data) > MAX_BYTES:
        return None, [at(start, "Filen er for stor. Den må højst fylde 256 kB. Del den i flere.")]
    if kind := next((kind for begin, kind in _OTHER_KINDS if data.startswith(begin)), ""):
        return None, [at(start, f"Filen er {kind} og ikke ren tekst. Skriv den i et program til ren tekst.")]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] == b"\0\0\xfe\xff" or data[:2].count(0) == 1:
        return None, [at(start, "Filen er gemt som UTF-16 eller UTF-32. Gem den igen med tegnkodningen UTF-8.")]
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix("\ufeff")
        message = "Her er et tegn, som ikke er UTF-8. Gem filen igen med tegnkodningen UTF-8, og se efter æ, ø og å."
        lines = _BREAK.split(before)
        return None, [Finding(file, len(lines), len(lines[-1]) + 1, message)]
    if not _FORBIDDEN.search(text):
        return text, []
    hidden = [Finding(file, line, hit.start() + 1, _hidden(hit)) for line, hit in _hits(_FORBIDDEN.search, text)]
    return None, capped(hidden)


def _hits(look: Callable[[str], re.Match[str] | None], text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Lines where `look` finds something, counted from 1, with the first hit; no more than can be shown."""
    hits = ((index + 1, look(line)) for index, line in enumerate(_BREAK.split(text)))
    yield from islice(((line, hit) for line, hit in hits if hit), MAX_FINDINGS + 1)


def _hidden(hit: re.Match[str]) -> str:
    return f"Her er et usynligt tegn (U+{ord(hit.group()):04X}). Slet det, og skriv teksten igen."


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is still open."""

    value: dict[str, Any] | list[Any]
    path: Path
    braces: bool  # written with { } or [ ]
    is_key: bool = False  # stands where a key should be; read on only to find more errors
    key: str | None = None  # a key that waits for its value


@dataclass(slots=True)
class _Builder:
    """Follows the events; `root` is the document when there are no findings."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    marks: dict[Path, Mark] = field(default_factory=dict)
    root: dict[str, Any] | None = None
    stack: list[_Frame] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def find(self, mark: Mark, message: str) -> None:
        self.findings.append(at(mark, message))

    def syntax(self, line: int, column: int, message: str) -> None:
        """A syntax error, unless something on its line was already found: that is then the reason for it."""
        if not any(f.line == line for f in self.findings):
            self.find(Mark(self.file, line, column), message)

    def take(self, event: Any) -> bool:
        """One event. False means that reading must stop here."""
        if isinstance(event, yaml.NodeEvent):  # asked first: most are
            return self._node(event) and len(self.findings) <= MAX_FINDINGS
        if isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent):
            return self._document(event)
        return True

    def _document(self, event: Any) -> bool:
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        self.documents += 1
        if self.documents > 1:
            self.find(mark, "Filen har mere end ét dokument. Slet linjen «---», eller del filen i to.")
            return False
        if event.version or event.tags:
            self.find(mark, "En linje, der begynder med %, hører ikke til her. Slet den.")
        return True

    def _node(self, event: Any) -> bool:
        start = event.start_mark
        mark = Mark(self.file, start.line + 1, start.column + 1)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.find(mark, f"Filen har flere end {number(MAX_NODES)} nøgler og værdier. Del den i flere.")
            return False
        if event.anchor is not None or event.tag is not None:  # an alias, which has no tag, has an anchor
            self._refuse_magic(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            text, style = event.value, event.style
            if style == '"' or len(text) > MAX_SCALAR:
                self._check_text(text, mark)
            return self._scalar(text, mark, absent=text == "" and not style)
        if isinstance(event, yaml.CollectionStartEvent):
            return self._open(event, mark)
        return self._scalar("*", mark)

    def _refuse_magic(self, event: Any, mark: Mark) -> None:
        """Anchors, aliases and tags: they make one text mean another, or run code in other readers."""
        quoted = "Er det en del af teksten, så sæt teksten i anførselstegn."
        if isinstance(event, yaml.AliasEvent):
            self.find(mark, f"En tekst må ikke begynde med * (henvisning). {quoted}")
        elif event.anchor is not None:
            self.find(mark, f"En tekst må ikke begynde med & (anker). {quoted}")
        if getattr(event, "tag", None) is not None:
            self.find(mark, f"En tekst må ikke begynde med ! (mærke). {quoted}")

    def _check_text(self, text: str, mark: Mark) -> None:
        """A text in double quotes, where \\u200b and its like come to be after `decode` has looked, or a long one."""
        if len(text) > MAX_SCALAR:
            size = f"{number(len(text))} tegn. Der må højst være {number(MAX_SCALAR)}"
            self.find(mark, f"Teksten er for lang: {size}. Mangler der et anførselstegn?")
        if hit := _FORBIDDEN.search(text):
            self.find(mark, _hidden(hit))

    def _scalar(self, text: str, mark: Mark, absent: bool = False) -> bool:
        """A text, as key or value; `absent` when nothing at all is written there."""
        if not self.stack:
            if not absent:
                self.find(mark, no_mapping(text))
            return absent
        frame = self.stack[-1]
        if isinstance(frame.value, dict) and frame.key is None:
            self._key(frame, text, mark)
            return True
        if absent and frame.braces and isinstance(frame.value, dict):
            self.find(self.marks[(*frame.path, frame.key or "")], _no_value(frame.key or ""))
        self._put(frame, text, mark)
        return True

    def _key(self, frame: _Frame, key: str, mark: Mark) -> None:
        path = (*frame.path, key)
        if key in ("", "<<"):
            empty, merging = "Nøglen er tom. Skriv et navn før kolon.", "Nøglen «<<» (fletning) kan ikke bruges."
            self.find(mark, f"{merging} Skriv linjerne ud." if key else empty)
        elif key in frame.value:
            self.find(mark, f"{quote(key)} står to gange. Første gang er i linje {self.marks[path].line}.")
        frame.key = key
        self.marks.setdefault(path, mark)

    def _put(self, frame: _Frame, value: Any, mark: Mark) -> Path:
        """Set a value in the open list or mapping; gives its path."""
        if isinstance(frame.value, list):
            path: Path = (*frame.path, len(frame.value))
            self.marks.setdefault(path, mark)
            frame.value.append(value)
        else:
            path = (*frame.path, frame.key or "")
            frame.value[frame.key or ""] = value
            frame.key = None
        return path

    def _open(self, event: Any, mark: Mark) -> bool:
        if len(self.stack) >= MAX_DEPTH:
            self.find(mark, f"Her er for mange niveauer inde i hinanden. Der må højst være {MAX_DEPTH}.")
            return False
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        frame = _Frame(value, (), bool(event.flow_style))
        if not self.stack:
            self.marks[()] = mark
            self.root = value
            if isinstance(value, list):
                self.find(mark, "Filen må ikke være en liste. Den skal bestå af linjer med «nøgle: tekst».")
                return False
        elif isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self.find(mark, "En nøgle skal være tekst. Er der [ eller { i teksten? Sæt teksten i anførselstegn.")
            frame.is_key = True
            frame.path = (*self.stack[-1].path, "?")
            self.marks.setdefault(frame.path, mark)
        else:
            frame.path = self._put(self.stack[-1], value, mark)
        self.stack.append(frame)
        return True

    def _close(self) -> None:
        if self.stack.pop().is_key:
            self.stack[-1].key = "?"


def _no_value(key: str) -> str:
    """In braces a comma or a missing blank makes half a text into a key without a value."""
    if ":" in key:
        return f"{quote(key)} mangler et mellemrum efter kolon."
    return f"{quote(key)} har ingen værdi. Er der et komma i teksten? Sæt teksten i anførselstegn."


def merge(*layers: Document) -> Document:
    """Each document on top of those before it: mappings merge by key, everything else replaces, nothing is deleted.

    Each mark is that of the value that won, so a finding points into the file that must be corrected. No list or
    mapping of the merged document is one of a layer's, so that documents stay apart.
    """
    value, marks = layers[-1].value, dict(layers[-1].marks)
    for base in reversed(layers[:-1]):
        hidden = set[Path]()
        value = _merged(base, value, base.value, (), marks, hidden)
        for path, mark in base.marks.items():
            if path not in hidden:
                marks.setdefault(path, mark)
    marks[()] = layers[0].mark(())
    return Document(_copied(value), marks)


def _merged(
    base: Document, high: dict[str, Any], low: dict[str, Any], path: Path, marks: dict[Path, Mark], hidden: set[Path]
) -> dict[str, Any]:
    """`high` on `low`. A mapping that merges has its mark in the base; `hidden`: the places in the base replaced."""
    out = {**low, **high}
    for key in low.keys() & high.keys():
        here = (*path, key)
        if isinstance(low[key], dict) and isinstance(high[key], dict):
            marks[here] = base.mark(here)
            out[key] = _merged(base, high[key], low[key], here, marks, hidden)
        else:
            hidden.update(places(low[key], here))
    return out


def places(value: Any, path: Path) -> Iterator[Path]:
    """The place of a value and of everything in it."""
    yield path
    for key, item in _items(value):
        yield from places(item, (*path, key))


def _items(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: item if isinstance(item, str) else _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [item if isinstance(item, str) else _copied(item) for item in value]
    return value
