"""Where the values of a YAML file stand in its text, and changes of some of them that leave every other byte alone.

Here: finding an entry, setting, adding and taking one out, and the proof that nothing else came to mean anything else.
Not here: the disk (`write.py`), and what is changed and why (`stamp.py`, `contact_import.py`).

A round trip through ruamel.yaml breaks long lines anew and loses comments between entries, so only its marks are used,
and its writing of single values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

from guide.library.strict_yaml import parse
from guide.library.syntax import quote

BOM = b"\xef\xbb\xbf"

WIDTH = 110
"""Characters in a line of text that is written; a longer one is folded."""

_COLON = re.compile(r"\s*:")
_EMPTY_LINES = re.compile(r"(?:(?:\r\n|\r|\n)[ \t]*)+\Z")
_BREAK = re.compile(r"\r\n|\r|\n")
_ODD = re.compile(r"^[^\S\n]|[ \t]$|[\t\r]|\n\Z", re.MULTILINE)
"""Blanks that a block text would lose, or that the reader refuses."""
_PLAIN = re.compile(r"\w(?:[\w .-]*\w)?")
"""A text that needs no quotes anywhere, also not in braces."""


class NotWritten(Exception):
    """A file cannot be changed so that the rest of it stays; the message says why, in Danish."""


Place = tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One key of a mapping with its value."""

    key: ScalarNode
    value: Node


@dataclass
class Layout:
    """The text of a file with the changes asked for so far; `changed` gives the file with them."""

    data: bytes
    text: str
    root: MappingNode
    expected: dict[str, Any]
    """What the file says, and will say."""
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def newline(self) -> str:
        """The line ending of the file."""
        found = _BREAK.search(self.text)
        return found.group() if found else "\n"

    def entries(self, place: Place) -> dict[str, Entry]:
        """The entries of the mapping at a place, in their order. Raises NotWritten when there is none."""
        node: Node = self.root
        for n, key in enumerate(place):
            found = _entries(node).get(key) if isinstance(node, MappingNode) else None
            if found is None:
                raise NotWritten(f"{quote('.'.join(place[: n + 1]))} findes ikke i filen.")
            node = found.value
        if not isinstance(node, MappingNode):
            raise NotWritten(f"{quote('.'.join(place))} er ikke en række «nøgle: værdi».")
        return _entries(node)

    def in_braces(self, place: Place) -> bool:
        """Whether the mapping at a place is written with { }."""
        node = self._mapping(place)
        return bool(node.flow_style)

    def _of_lines(self, place: Place) -> Entry:
        """An entry that has lines of its own."""
        entry = self.entries(place[:-1])[place[-1]]
        if self.in_braces(place[:-1]):
            raise NotWritten(f"{quote('.'.join(place[:-1]))} er skrevet med klammer.")
        return entry

    def _mapping(self, place: Place) -> MappingNode:
        if not place:
            return self.root
        found = self.entries(place[:-1]).get(place[-1])
        if found is None or not isinstance(found.value, MappingNode):
            raise NotWritten(f"{quote('.'.join(place))} findes ikke i filen.")
        return found.value

    def expect(self, place: Place, value: Any) -> None:
        """Note what the file is to say at a place; None for nothing."""
        inner = self.expected
        for key in place[:-1]:
            inner = inner[key]
        if value is None:
            del inner[place[-1]]
        else:
            inner[place[-1]] = as_read(value)

    def set(self, place: Place, value: Any) -> None:
        """A new value for an entry that is there. A comment behind it stays."""
        entry = self._of_lines(place)
        self.expect(place, value)
        start, end = entry.key.start_mark.index, self._end(entry)
        indent, rest = self._indent(start), self.text[end : self._line_end(end)]
        new = written({place[-1]: value}, indent, self.newline)
        if rest.strip() and len(_BREAK.split(new)) > 1:  # the comment would become a part of the text
            new, end = rest.strip() + self.newline + indent + new, end + len(rest)
        self.edits.append((start, end, new))

    def set_scalar(self, place: Place, value: str) -> None:
        """A new text without any blank or sign for one that is there, with the quotes and comments that it has."""
        entry = self.entries(place[:-1])[place[-1]]
        old = entry.value
        if not isinstance(old, ScalarNode):
            raise NotWritten(f"{quote('.'.join(place))} er ikke en tekst.")
        self.expect(place, value)
        start, end = old.start_mark.index, old.end_mark.index
        if not old.value and old.style is None:
            colon = self._end(entry)
            self.edits.append((colon, colon, f" {value}"))
        elif self.text.count(str(old.value), start, end) == 1:
            start = self.text.index(str(old.value), start, end)
            self.edits.append((start, start + len(str(old.value)), value))
        else:
            self.edits.append((start, end if old.style in ("'", '"') else self._end(entry), value))

    def add(self, place: Place, value: Any, after: str | None) -> None:
        """A new entry after another one of its mapping, or before the first with None."""
        found, (*above, key) = self.entries(tuple(place[:-1])), place
        self.expect(place, value)
        if self.in_braces(tuple(above)):
            self._add_in_braces(tuple(above), written({key: value}, "", " ", braces=True), found, after)
            return
        first = next(iter(found.values())).key.start_mark.index
        indent = self._indent(first)
        new = written({key: value}, indent, self.newline)
        if after is None:
            self.edits.append((first, first, new + self.newline + indent))
        else:
            end = self._line_end(self._end(found[after]))
            self.edits.append((end, end, self.newline + indent + new))

    def _add_in_braces(self, place: Place, new: str, found: dict[str, Entry], after: str | None) -> None:
        if not found:
            at = self._mapping(place).start_mark.index + 1
            self.edits.append((at, at, new))
        elif after is None:
            at = next(iter(found.values())).key.start_mark.index
            self.edits.append((at, at, f"{new}, "))
        else:
            at = self._end(found[after])
            self.edits.append((at, at, f", {new}"))

    def remove(self, place: Place) -> None:
        """An entry of lines out, with all that stands in them."""
        entry = self._of_lines(place)
        self.expect(place, None)
        start = entry.key.start_mark.index - len(self._indent(entry.key.start_mark.index))
        before = next((size for size in (2, 1) if self.text[start - size : start] in ("\r\n", "\n", "\r")), 0)
        self.edits.append((start - before, self._line_end(self._end(entry)), ""))

    def changed(self) -> bytes:
        """The file with all changes. Raises NotWritten unless it then says just what was asked for."""
        out, at = list[str](), 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[:2]):
            if start < at:
                raise NotWritten("Filen er skrevet på en måde, der ikke kan ændres her. Ret den i hånden.")
            out += [self.text[at:start], new]
            at = end
        data = "".join((*out, self.text[at:])).encode()
        data = BOM + data if self.data.startswith(BOM) else data
        document, findings = parse(data, "")
        if document is None or document.value != self.expected:
            why = f" {findings[0].message}" if findings else ""
            raise NotWritten(f"Filen kan ikke ændres, uden at andet i den ændres med. Ret den i hånden.{why}")
        return data

    # --- places in the text ---------------------------------------------------------------------------------------

    def _end(self, entry: Entry) -> int:
        """Just after the last character of an entry; a comment behind it is not part of it."""
        value = entry.value
        if isinstance(value, ScalarNode) and not value.value and value.style is None:
            colon = _COLON.match(self.text, entry.key.end_mark.index)
            return colon.end() if colon else int(entry.key.end_mark.index)
        return self._node_end(value)

    def _node_end(self, node: Node) -> int:
        end = int(node.end_mark.index)
        if isinstance(node, ScalarNode):
            if node.style not in ("|", ">"):
                return end
            header = _BREAK.split(self.text[node.start_mark.index : end])[0].partition("#")[0]
            # With + the empty lines are part of the text, all but the break that ends its last line.
            tail = _BREAK.finditer(self.text, node.start_mark.index, end)
            last = [found.start() for found in tail if found.end() == end]
            lines = _EMPTY_LINES.search(self.text[:end])
            return (last[0] if last else end) if "+" in header else (lines.start() if lines else end)
        if not isinstance(node, (MappingNode, SequenceNode)) or node.flow_style or not node.value:
            return end
        last_one = node.value[-1]
        return self._node_end(last_one) if isinstance(node, SequenceNode) else self._end(Entry(*last_one))

    def _line_end(self, at: int) -> int:
        found = _BREAK.search(self.text, at)
        return found.start() if found else len(self.text)

    def _indent(self, at: int) -> str:
        """The blanks before a key. Raises NotWritten when something else stands there."""
        begin = max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1
        if self.text[begin:at].strip(" "):
            raise NotWritten("Filen er skrevet på en måde, der ikke kan ændres her. Ret den i hånden.")
        return self.text[begin:at]


def _entries(node: MappingNode) -> dict[str, Entry]:
    return {str(key.value): Entry(key, value) for key, value in node.value}


def laid_out(data: bytes) -> Layout:
    """The layout of a file. Raises NotWritten for one that the guide would not read."""
    document, findings = parse(data, "")
    if document is None:
        first = findings[0]
        raise NotWritten(f"Filen har fejl, linje {first.line}: {first.message}")
    text = data.removeprefix(BOM).decode()
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except (YAMLError, ValueError) as error:
        raise NotWritten("Filen er skrevet på en måde, der ikke kan ændres her. Ret den i hånden.") from error
    if not isinstance(root, MappingNode):
        raise NotWritten("Filen skal bestå af linjer med «nøgle: tekst».")
    return Layout(data, text, root, document.value)


def as_read(value: Any) -> Any:
    """A value as the strict reader gives it back: every scalar as text."""
    if isinstance(value, Mapping):
        return {str(key): as_read(item) for key, item in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence):
        return [as_read(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(value: Mapping[str, Any], indent: str, newline: str, braces: bool = False) -> str:
    """Entries as YAML: the first line without its indentation, the last without its line ending."""
    yaml = YAML(typ="rt", pure=True)
    yaml.width = WIDTH if not braces else 1_000_000
    yaml.default_flow_style = braces
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(_styled(value, plain=braces), out)
    text = out.getvalue().rstrip("\n")
    if braces:
        return text.strip().removeprefix("{").removesuffix("}")
    lines = text.split("\n")
    return newline.join([lines[0], *(indent + line if line else line for line in lines[1:])])


def _styled(value: Any, plain: bool = False) -> Any:
    """A value in the forms in which people would write it: several lines as a block, a long line folded."""
    if isinstance(value, Mapping):
        return {key: _styled(item, plain) for key, item in value.items()}
    if isinstance(value, str):
        if plain or _ODD.search(value):
            return str(value) if _PLAIN.fullmatch(value) else DoubleQuotedScalarString(value)
        if "\n" not in value and len(value) <= WIDTH:
            return str(value)
        return LiteralScalarString(value) if "\n" in value else FoldedScalarString(value)
    if isinstance(value, Sequence):
        row = CommentedSeq(value)
        row.fa.set_flow_style()
        return row
    return value if isinstance(value, (bool, date)) else str(value)
