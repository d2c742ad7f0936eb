"""From a strict document to a word of the model, with every error in Danish at its place.

Here: validating with pydantic, positions, «Mente du …?» for keys. Not here: the disk (`folder.py`), YAML itself
(`strict_yaml.py`), the wording of each kind of error (`wording.py`), and whether ids exist (`checks.py`).
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from guide.flows.finding import Finding
from guide.library.folder import Folder
from guide.library.strict_yaml import MAX_FINDINGS, Document, Mark, at, capped, decode, parse
from guide.library.syntax import number
from guide.library.wording import Fault, suggest, word_for

__all__ = ["Source", "build", "read_document", "read_markdown", "read_yaml", "suggest"]

MAX_MARKDOWN = 20_000

W = TypeVar("W", bound=BaseModel)


@dataclass(frozen=True)
class Source:
    """Where the values of a word were written."""

    document: Document

    def finding(self, message: str, *path: str | int, warning: bool = False) -> Finding:
        """A finding at the place of a value, or of the nearest one above it."""
        mark = self.document.mark(path)
        return Finding(mark.file, mark.line, mark.column, message, warning)


def build(word: type[W], document: Document, partial: bool = False) -> tuple[W | None, list[Finding]]:
    """The document as a word of the model, or all that is wrong with it, sorted by place. Never raises.

    `partial`: other files of the same word could not be read, so that nothing is said of what is missing.
    """
    try:
        # Python names are for Python: an author writes `as`, never `as_`.
        return word.model_validate(document.value, by_alias=True, by_name=False), []
    except ValidationError as error:
        faults = [fault for fault in error.errors(include_url=False) if not (partial and _missing(fault))]
    # The first in the file come first, so that the costly part, «Mente du …?», is done only for what is shown.
    faults.sort(key=lambda fault: _order(document.mark(tuple(fault["loc"]))))
    findings = islice((found for fault in faults if (found := _finding(word, fault, document))), MAX_FINDINGS + 1)
    if partial and not faults:
        return None, []
    return None, capped(list(findings)) or [at(document.mark(()), "Filen kan ikke bruges, som den er.")]


def _missing(fault: Any) -> bool:
    """Whether another file may well have what is missing; lists are never merged, mappings are."""
    return fault["type"] == "missing" or (fault["type"] == "too_short" and isinstance(fault["input"], dict))


def _order(mark: Mark) -> tuple[str, int, int]:
    return mark.file, mark.line, mark.column


def _finding(word: type[BaseModel], fault: Any, document: Document) -> Finding | None:
    path, key = tuple(fault["loc"]), False
    if path and path[-1] == "[key]":
        path, key = path[:-1], True
    message = word_for(Fault(word, path, fault["type"], fault["input"], fault.get("ctx") or {}, key))
    return at(document.mark(path), message) if message else None


def read_document(path: pathlib.Path, folder: Folder) -> tuple[Document | None, list[Finding]]:
    """A YAML file as a document, also kept in `folder.documents`. A file that cannot be read is a finding."""
    return _read(path, folder, parse)


def read_yaml(word: type[W], path: pathlib.Path, folder: Folder) -> tuple[W | None, list[Finding]]:
    """A YAML file as a word of the model."""
    document, findings = read_document(path, folder)
    return (None, findings) if document is None else build(word, document)


def read_markdown(word: type[W], path: pathlib.Path, folder: Folder) -> tuple[W | None, list[Finding]]:
    """A Markdown file with keys between two lines of `---` first; what follows is the key `text`."""
    document, findings = _read(path, folder, _markdown)
    return (None, findings) if document is None else build(word, document)


def _read(
    path: pathlib.Path, folder: Folder, parse: Callable[[bytes, str], tuple[Document | None, list[Finding]]]
) -> tuple[Document | None, list[Finding]]:
    data, findings = folder.bytes(path)
    if data is None:
        return None, findings
    name = folder.name(path)
    document, findings = parse(data, name)
    if document is not None:
        folder.documents[name] = document
    return document, findings


def _markdown(data: bytes, file: str) -> tuple[Document | None, list[Finding]]:
    text, findings = decode(data, file)
    if text is None:
        return None, findings
    start = Mark(file, 1, 1)
    if len(text) > MAX_MARKDOWN:
        size = f"{number(len(text))} tegn. Der må højst være {number(MAX_MARKDOWN)}"
        return None, [at(start, f"Filen er for lang: {size}.")]
    lines = text.splitlines(keepends=True)
    if not lines or lines[0].rstrip() != "---":
        return None, [at(start, "Filens første linje skal være «---». Derefter kommer «title: …».")]
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), None)
    if end is None:
        return None, [at(start, "Der mangler en linje med «---» mellem nøglerne øverst og teksten.")]
    # The first «---» is left in: to the parser it begins a document, and the line numbers stay right.
    document, findings = parse("".join(lines[:end]).encode(), file)
    if document is None:
        return None, findings
    if "text" in document.value:
        return None, [at(document.mark(("text",)), "«text» må ikke stå her. Teksten er det, der står under «---».")]
    body = next((n for n in range(end + 1, len(lines)) if lines[n].strip()), end)
    value = {**document.value, "text": "".join(lines[end + 1 :])}
    return Document(value, {**document.marks, ("text",): Mark(file, body + 1, 1)}), []
