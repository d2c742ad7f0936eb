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
from guide.model import Act, JudgementList, Line, LongText, Municipality, Text

FORBIDDEN = {
    r"(?:skal|behøver) ikke (?:at )?underrette": "guiden siger aldrig «du skal ikke underrette»",
    r"(?:skal|behøver) (?:du|I|man|vi) ikke (?:at )?underrette": "guiden siger aldrig «du skal ikke underrette»",
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
    r"\bkræve\w* (?:(?!ikke\b|aldrig\b|intet\b)\w+ ){0,3}samtykke": "samtykke er ikke en betingelse for at underrette",
    r"(?:må ikke underrette|underret ikke),? (?:uden|før|medmindre|hvis)\b": "at underrette har ingen betingelser",
    r"\b(?:er|forbliver|bliver) du anonym": "ingen fagperson kan loves at være anonym",
}
"""What is never said (content rules), with what to write."""

STEMS = (
    *(
        "underrette",
        "underrette",
        "underrette",
        "anonymt",
        "gerningsm",
        "bekymringsbrev",
        "afsluttet",
        "mistænkt",
        "anmeld",
    ),
    *("bevis", "off", "tung", " b", "ressourcesvag", "bare", "samtykke", "underret", "anonym"),
)
"""What every hit of each pattern has in it: most texts can be passed over without looking for the pattern."""

_PATTERNS = tuple(
    (stem, re.compile(pattern, re.IGNORECASE), advice)
    for stem, (pattern, advice) in zip(STEMS, FORBIDDEN.items(), strict=True)
)

_UNSEEN = re.compile(r"[*_`~\\\u00ad\u200b-\u200d\u2060]")
"""Marks of Markdown, and letters without width: neither makes a forbidden word another word."""


def wording(library: Library) -> Iterator[Finding]:
    """Every wrong word in every text of a library."""
    for written in library.words:
        contacts = national = library.ids["contacts"]
        if national is not None and isinstance(written.word, Municipality):
            contacts = national | written.word.contacts.keys()
        numbers, listed = set(_with_numbers(written.word)), set(_listed(written.word))
        for path, text in texts(written.word):
            if path in listed:
                continue
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


def _listed(word: BaseModel) -> Iterator[Path]:
    """Where a word may stand that is never said: in the list of words that the writing help marks."""
    if isinstance(word, JudgementList):
        for name, judgement in word.judgements.items():
            yield from (("judgements", name, "words", n) for n in range(len(judgement.words)))


# --- where the texts are ------------------------------------------------------------------------------------------


def texts(word: BaseModel) -> list[tuple[Path, str]]:
    """Every text of a word at any depth, with its place in the file; ids, links and numbers are none."""
    found: list[tuple[Path, str]] = []
    _gather(word, (), found)
    return found


def _gather(value: Any, path: Path, found: list[tuple[Path, str]]) -> None:
    """What is in a field that has texts is a text, or has texts in it: `_kinds` leaves out the other fields."""
    if isinstance(value, str):
        found.append((path, value))
    elif isinstance(value, RootModel):
        _gather(value.root, path, found)
    elif isinstance(value, BaseModel):
        for key in _kinds(type(value)):
            if (inner := getattr(value, key)) is not None:
                _gather(inner, (*path, key), found)
    elif isinstance(value, dict):
        for name, item in value.items():
            _gather(item, (*path, name), found)
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            _gather(item, (*path, n), found)


@cache
def _kinds(word: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that are texts or have texts in them."""
    hints = get_type_hints(word, include_extras=True)
    return tuple(key for key in word.model_fields if _has_text(_bare(hints[key])))


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
    yield from _never_said(said)


@lru_cache(maxsize=8192)
def _never_said(said: str) -> tuple[str, ...]:
    """The forbidden words in a plain text; many texts stand in several flows."""
    folded = fold(said)
    hits = ((pattern.search(said), advice) for stem, pattern, advice in _PATTERNS if stem in folded)
    return tuple(f"Ordene i «{hit.group()}»: {advice}." for hit, advice in hits if hit)


def fold(text: str) -> str:
    """A text so that letters are equal that are so when case is ignored; casefold alone sets i and its dot apart."""
    return text.replace("İ", "i").casefold().replace("ı", "i")


def plain(text: str) -> str:
    """A text as it is read: on one line, without marks of Markdown, with `&sect;` as §."""
    return " ".join(_UNSEEN.sub("", html.unescape(text)).split())


def markdown() -> MarkdownIt:
    """A reader of authors' texts, for the checks and for the pages: CommonMark and tables, no HTML, no pictures.

    Its rules are put together here and not at the first text: two threads would find them half done.
    """
    made = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_block", "html_inline"])
    for ruler in (made.core.ruler, made.block.ruler, made.inline.ruler, made.inline.ruler2):
        ruler.getRules("")
    return made


_MARKDOWN = markdown()


@lru_cache(maxsize=8192)
def links(text: str) -> tuple[str, ...]:
    """Where the links of a text lead, in whatever form they are written; as a block of text and as a single line."""
    return tuple(dict.fromkeys(href for _, href in _linked(text)))


def calls(text: str) -> list[tuple[str, str]]:
    """What the links to contacts show, and the ids of the contacts, in whatever form they are written."""
    return [(shown, href.removeprefix("kontakt:")) for shown, href in _linked(text) if href.startswith("kontakt:")]


@lru_cache(maxsize=8192)
def _linked(text: str) -> tuple[tuple[str, str], ...]:
    """(words, href) of each link, each once."""
    if "[" not in text and "<" not in text:
        return ()
    found: list[tuple[str, str]] = []
    for token in (*_MARKDOWN.parse(text), *_MARKDOWN.parseInline(text)):
        shown = href = ""
        for child in token.children or ():
            if child.type == "link_open":
                shown, href = "", str(child.attrGet("href") or "")
            elif child.type == "link_close":
                found.append((shown, href))
            else:
                shown += child.content
    return tuple(dict.fromkeys(found))
