"""What stands in the texts, whatever file they are in: links that lead nowhere, § by hand, words that are never said.

Texts are found by the type of their field in the model, so a new field is checked from its first day.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from markdown_it import MarkdownIt
from pydantic import BaseModel, RootModel

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.library.read import suggest
from guide.library.strict_yaml import Path
from guide.library.syntax import quote
from guide.model import Act, Line, LongText, Municipality, Text

FORBIDDEN = {
    r"skal ikke underrette": "guiden siger aldrig «du skal ikke underrette»",
    r"ikke pligt til at underrette": "guiden siger aldrig, at nogen ikke har pligt til at underrette",
    r"ring\w* anonymt": "skriv «drøft uden barnets navn», ikke «ring anonymt»",
    r"\bgerningsm[aæ]nd": "skriv «den, det handler om»",
    r"\bbekymringsbrev": "skriv «underretning»",
    r"sagen er afsluttet": "en bekymring afsluttes ikke sådan",
    r"mistænkte? forælder": "skriv «den forælder, bekymringen gælder»",
    r"\banmeld\w*(?!.{0,60}politi)": "man underretter; kun til politiet anmelder man",
    r"\bbevis(?:er|et|erne|t)?\b": "skriv «grund til at antage»; ingen skal føre bevis",
    r"\boff(?:er|eret|ers|re|rene)\b": "skriv «den, det er gået ud over»",
    r"\btunge? famili": "skriv, hvad der er svært",
    r"\b(?:gult|rødt|grønt|gule|røde|grønne) b(?:arn|ørn)": "skriv «barnet er i gul position»",
    r"ressourcesvag": "skriv, hvad der er svært",
    r"\bbare\b": "ordet gør det mindre, end det er",
    r"\bkræve\w* (?:\w+ ){0,3}samtykke": "samtykke er ikke en betingelse for at underrette",
    r"\b(?:er|forbliver|bliver) du anonym": "ingen fagperson kan loves at være anonym",
}
"""What is never said (content rules), with what to write."""

_UNSEEN = re.compile(r"[*_`~\\\u00ad\u200b-\u200d\u2060]")
"""Marks of Markdown, and letters without width: neither makes a forbidden word another word."""


def wording(library: Library) -> Iterator[Finding]:
    """Every wrong word in every text of a library."""
    for written in library.words:
        contacts = national = library.ids["contacts"]
        if national is not None and isinstance(written.word, Municipality):
            contacts = national | written.word.contacts.keys()
        numbers = set(_with_numbers(written.word))
        for path, text in texts(written.word):
            for wrong in wrong_words(text, library.ids["law"], contacts, path in numbers):
                yield written.source.finding(wrong, *path)
    for flow in (*library.flows.values(), *library.drafts.values()):
        for path, text in texts(flow.flow):
            for wrong in wrong_words(text, library.ids["law"], library.ids["contacts"]):
                yield flow.source.finding(wrong, *path)


def _with_numbers(word: BaseModel) -> Iterator[Path]:
    """Where § may stand: the number itself, and how a verified rule or an act of only such rules was seen."""
    if not isinstance(word, Act):
        return
    for name, ref in word.paragraphs.items():
        yield ("paragraphs", name, "number")
        if ref.status == "verified":
            yield ("paragraphs", name, "source")
    if all(ref.status == "verified" for ref in word.paragraphs.values()):
        yield ("edition",)


# --- where the texts are ------------------------------------------------------------------------------------------


def texts(word: BaseModel) -> Iterator[tuple[Path, str]]:
    """Every text of a word at any depth, with its place in the file; ids, links and numbers are none."""
    return _texts(word, type(word), ())


def _texts(value: Any, kind: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, RootModel):
        yield from _texts(value.root, _bare(type(value).model_fields["root"].annotation), path)
    elif isinstance(value, BaseModel):
        for key, inner in _kinds(type(value)).items():
            yield from _texts(getattr(value, key), inner, (*path, key))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, _item(kind), (*path, key))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield from _texts(item, _item(kind), (*path, n))
    elif isinstance(value, str):
        yield path, value


@cache
def _kinds(word: type[BaseModel]) -> dict[str, Any]:
    """The fields of a model that are texts or have texts in them, with their bare types."""
    hints = get_type_hints(word, include_extras=True)
    kinds = {key: _bare(hints[key]) for key in word.model_fields}
    return {key: kind for key, kind in kinds.items() if _has_text(kind)}


def _has_text(kind: Any) -> bool:
    if get_origin(kind) in (dict, tuple):
        return _has_text(_item(kind))
    return kind in _KINDS or (isinstance(kind, type) and issubclass(kind, BaseModel))


def _item(kind: Any) -> Any:
    """The bare type of what is in a mapping or list."""
    return _bare(get_args(kind)[1 if get_origin(kind) is dict else 0])


def _bare(kind: Any) -> Any:
    """A type without `| None`, and without `Annotated` unless it is a kind of text."""
    while kind not in _KINDS:
        if get_origin(kind) in (Union, UnionType):
            kind = next(a for a in get_args(kind) if a is not NoneType)
        elif get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        else:
            break
    return kind


_KINDS = (Text, LongText, Line)


# --- what stands in them ------------------------------------------------------------------------------------------


def wrong_words(
    text: str, law: Collection[str] | None, contacts: Collection[str] | None, numbers: bool = False
) -> Iterator[str]:
    """What is wrong with a text, given the rules and contacts there are (None: not known); § only with `numbers`."""
    said = plain(text)
    if "§" in said and not numbers:
        yield "Skriv ikke paragraffer i hånden. Henvis til loven: [din pligt](lov:skaerpet-pligt)."
    for link in links(text):
        kind, _, name = link.partition(":")
        if kind in ("lov", "kontakt"):
            known = law if kind == "lov" else contacts
            if known is not None and name not in known:
                yield f"Henvisningen {quote(link)} findes ikke.{suggest(name, sorted(known))}"
        elif not (kind == "https" or link.startswith("#") or re.match("/(?!/)", link)):
            yield f"Linket {quote(link)} kan ikke bruges. Det skal begynde med https://, lov: eller kontakt:."
    for pattern, advice in FORBIDDEN.items():
        if hit := re.search(pattern, said, re.IGNORECASE):
            yield f"Ordene i «{hit.group()}»: {advice}."


def plain(text: str) -> str:
    """A text as it is read: on one line, without marks of Markdown, with `&sect;` as §."""
    return " ".join(_UNSEEN.sub("", html.unescape(text)).split())


def markdown() -> MarkdownIt:
    """A reader of authors' texts, for the checks and for the pages: CommonMark and tables, no HTML, no pictures."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])


_MARKDOWN = markdown()


@lru_cache(maxsize=8192)
def links(text: str) -> tuple[str, ...]:
    """Where the links of a text lead, in whatever form they are written; as a block of text and as a single line."""
    if "[" not in text and "<" not in text:
        return ()
    inline = [token for token in (*_MARKDOWN.parse(text), *_MARKDOWN.parseInline(text)) if token.children]
    opened = [child for token in inline for child in token.children or () if child.type == "link_open"]
    return tuple(dict.fromkeys(str(child.attrGet("href") or "") for child in opened))
