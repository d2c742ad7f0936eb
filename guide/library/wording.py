"""What is said when a key or value does not fit the model: one Danish sentence per kind of error, with a remedy.

Here: the words, and the walk through the model's types that they need. Not here: where the error stands (`read.py`).
pydantic's own English is never shown; a kind of error that is not known here has a Danish fall-back.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from guide.library.strict_yaml import Path
from guide.library.syntax import number, quote
from guide.model import Contact, Days, Id, Line, Link, Municipality, Occasion, Spans

_ID = get_args(Id)[1].pattern
_LINE = get_args(Line)[1].pattern
MAX_ID: int = get_args(Id)[1].max_length
_LINK = get_args(Link)[1].pattern
_DAYS, _SPANS = get_args(Days)[1].pattern, get_args(Spans)[1].pattern
_OCCASION = get_args(Occasion)[1].pattern


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of pydantic: the model, the path in the file, its kind, what was written, and its details."""

    word: type[BaseModel]
    path: Path
    kind: str
    given: Any
    details: dict[str, Any]
    key: bool  # the key itself is wrong, not its value

    @property
    def name(self) -> str:
        """What to call the place: its key, or its number in a list."""
        return name(self.path)


def suggest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """` Mente du «x»?` for the nearest known word, or nothing when none is as near as `cutoff` (1: the same)."""
    choices = list(known)
    for wanted in (word[:80], as_id(word[:80])):
        if near := difflib.get_close_matches(wanted, choices, n=1, cutoff=cutoff):
            return f" Mente du «{near[0]}»?" if near[0] != word else ""
    return ""


def as_id(text: str) -> str:
    """A text as an id: lower-case ASCII with hyphens, at most 40 characters; may be empty."""
    for letter, ascii_ in (("æ", "ae"), ("ø", "oe"), ("å", "aa")):
        text = text.lower().replace(letter, ascii_)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")


def wrong_id(text: str) -> str:
    """What is wrong with a text as an id, with a better one; nothing when it can be one."""
    if re.fullmatch(_ID, text):
        size = f"{number(len(text))} tegn. Der må højst være {MAX_ID}."
        return f"er for lang: {size}" if len(text) > MAX_ID else ""
    rule = "er ikke et gyldigt id. Brug små bogstaver a-z, tal og bindestreg (æ→ae, ø→oe, å→aa)."
    better = as_id(text)
    return f"{rule} Skriv «{better}»." if better else rule


def name(path: Path) -> str:
    """«title», or «do» punkt 2; the file itself for the empty path."""
    if not path:
        return "Filen"
    if isinstance(path[-1], int):
        return f"{name(path[:-1])} punkt {path[-1] + 1}"
    return quote(path[-1])


def where(path: Path) -> str:
    """The place above a key, as « i filen» or « under «questions.akut»»."""
    if not path:
        return " i filen"
    parts = (f"punkt {part + 1}" if isinstance(part, int) else part for part in path)
    return " under " + quote(".".join(parts), limit=120)


def word_for(fault: Fault) -> str:
    """The sentence for one error, or nothing when other findings already say it."""
    if fault.kind == "too_short" and len(fault.given) >= fault.details.get("min_length", 1):
        return ""  # enough was written; that the parts are wrong is said about each of them
    if not fault.key and fault.kind not in _WITHOUT_VALUE and isinstance(fault.given, str) and not fault.given.strip():
        return _empty(fault)
    if not fault.key and _bare(_type_at(fault.word, fault.path)) is date:
        return f"{fault.name}: {_shown(fault.given)} er ikke en dato. Skriv den som 2026-11-21."
    wording = _WORDING.get(fault.kind)
    return wording(fault) if wording else _unknown_kind(fault)


# --- types --------------------------------------------------------------------------------------------------------


def _bare(annotation: Any) -> Any:
    """A type without `Annotated` and without `| None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = next(a for a in get_args(annotation) if a is not NoneType)
        elif isinstance(annotation, type) and issubclass(annotation, RootModel):
            annotation = annotation.model_fields["root"].annotation
        else:
            return annotation


def _fields(annotation: Any) -> dict[str, FieldInfo]:
    """The keys that may stand in a model, as authors write them; empty for anything else."""
    bare = _bare(annotation)
    if not (isinstance(bare, type) and issubclass(bare, BaseModel)):
        return {}
    return {field.alias or python: field for python, field in bare.model_fields.items()}


def _type_at(word: Any, path: Path) -> Any:
    """The type that the model wants at a path, or None."""
    for part in path:
        bare = _bare(word)
        if get_origin(bare) is dict:
            word = get_args(bare)[1]
        elif get_origin(bare) is tuple:
            word = get_args(bare)[0]
        else:
            field = _fields(bare).get(str(part))
            word = field.annotation if field else None
    return word


# --- the words ----------------------------------------------------------------------------------------------------


def _shown(given: object) -> str:
    return quote(given) if isinstance(given, str) else "det, der står her,"


def _empty(fault: Fault) -> str:
    last = fault.path[-1] if fault.path else ""
    field = _fields(_type_at(fault.word, fault.path[:-1])).get(str(last))
    remedy = "Skriv en værdi." if field is not None and field.is_required() else "Skriv en værdi, eller slet linjen."
    if fault.kind == "string_too_short":
        remedy = remedy.replace("en værdi", "en tekst")
    if fault.kind in ("enum", "literal_error"):
        remedy += f" Vælg mellem: {', '.join(_allowed(fault))}."
    return f"{fault.name} er tom. {remedy}"


def _missing(fault: Fault) -> str:
    key, above = str(fault.path[-1]), fault.path[:-1]
    field = _fields(_type_at(fault.word, above)).get(key)
    meaning = f" ({field.description.rstrip('.')})" if field and field.description else ""
    return f"«{key}» mangler{where(above)}. Tilføj linjen «{key}: …»{meaning}."


def _unknown_key(fault: Fault) -> str:
    key, known = str(fault.path[-1]), list(_fields(_type_at(fault.word, fault.path[:-1])))
    said = f"{quote(key)} kendes ikke{where(fault.path[:-1])}."
    if near := suggest(key, known):
        return said + near
    if isinstance(fault.given, str) and not re.fullmatch(r"[a-z0-9_-]+", key):
        return f"{said} Er det en del af en tekst med kolon eller komma i? Sæt hele teksten i anførselstegn."
    return f"{said} Her kan stå: {', '.join(known)}."


def _allowed(fault: Fault) -> list[str]:
    return re.findall(r"'([^']*)'", str(fault.details.get("expected", "")))


def _choice(fault: Fault) -> str:
    allowed = _allowed(fault)
    if not isinstance(fault.given, str):
        return f"{fault.name} skal være ét ord. Vælg mellem: {', '.join(allowed)}."
    said = quote(fault.given) if fault.key else f"{fault.name}: {quote(fault.given)}"
    return f"{said} kendes ikke. Vælg mellem: {', '.join(allowed)}.{suggest(fault.given, allowed)}"


def _mapping(fault: Fault) -> str:
    wanted = _fields(_type_at(fault.word, fault.path))
    first = next((key for key, field in wanted.items() if field.is_required()), "nøgle")
    extra = " Slet bindestregerne, og giv hver del sin egen nøgle." if isinstance(fault.given, list) else ""
    return f"{fault.name} skal have linjer under sig med «{first}: …», rykket ind.{extra}"


def _list(fault: Fault) -> str:
    if isinstance(fault.given, str):
        return f"{fault.name} skal være en liste. Skriv [{' '.join(fault.given.split())[:60]}]."
    return f"{fault.name} skal være en liste: én linje for hver del, og hver linje begynder med «- »."


def _text(fault: Fault) -> str:
    hint = "Er der [ eller {" if isinstance(fault.given, list) else "Er der et kolon"
    return f"{fault.name} skal være en tekst. {hint} i teksten? Sæt hele teksten i anførselstegn."


def _too_long(fault: Fault) -> str:
    limit, size = fault.details.get("max_length", 0), len(str(fault.given))
    what = f"Nøglen {quote(fault.given)}" if fault.key else fault.name
    return f"{what} er for lang: {number(size)} tegn. Der må højst være {number(limit)}."


def _too_short(fault: Fault) -> str:
    least, size = fault.details.get("min_length", 1), len(fault.given)
    if size == 0:
        return f"{fault.name} er tom. Der skal stå mindst {least}."
    return f"{fault.name} har kun {size}. Der skal stå mindst {least}."


def _pattern(fault: Fault) -> str:
    said = fault.name if fault.key else f"{fault.name}: {quote(fault.given)}"
    return next(
        (f"{said} {text(fault)}" for pattern, text in _PATTERNS if pattern == fault.details.get("pattern")),
        _unknown_kind(fault),
    )


def _bad_id(fault: Fault) -> str:
    return wrong_id(str(fault.given))


def _of(word: type[BaseModel], key: str) -> str:
    """The pattern that a field of the model has."""
    pieces = [*word.model_fields[key].metadata, *get_args(_first(word.model_fields[key].annotation))]
    return next(str(piece.pattern) for piece in pieces if getattr(piece, "pattern", None))


def _first(annotation: Any) -> Any:
    return next((a for a in get_args(annotation) if a is not NoneType), annotation)


_PATTERNS: tuple[tuple[str, Callable[[Fault], str]], ...] = (
    (_ID, _bad_id),
    (_LINE, lambda _: "skal stå på én linje."),
    (_LINK, lambda _: "er ikke et link. Det skal begynde med https:// og må ikke have mellemrum."),
    (_of(Contact, "phone"), lambda _: "er ikke et telefonnummer. Skriv det som 70 20 12 01, 116 111 eller 112."),
    (_SPANS, lambda _: "er ikke en åbningstid. Skriv fx 9-15, 8.30-12, 13-15, 15-9 eller closed."),
    (_DAYS, lambda _: "er ikke en dag. Skriv fx fre eller man-tors: man, tirs, ons, tors, fre, loer, soen."),
    (_OCCASION, lambda _: "er ikke en dag i kalenderen. Skriv fx 24-december for hvert år eller 2027-05-07."),
    (_of(Municipality, "code"), lambda _: "er ikke en kommunekode. Den er tre cifre i anførselstegn, fx '825'."),
)


def _unknown_kind(fault: Fault) -> str:
    return f"{fault.name} er ikke skrevet rigtigt. Se vejledningen til forfattere."


_WITHOUT_VALUE = frozenset({"missing", "extra_forbidden"})

_WORDING: dict[str, Callable[[Fault], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "enum": _choice,
    "literal_error": _choice,
    "model_type": _mapping,
    "dict_type": _mapping,
    "tuple_type": _list,
    "string_type": _text,
    "string_too_short": _empty,
    "string_too_long": _too_long,
    "too_short": _too_short,
    "string_pattern_mismatch": _pattern,
    "bool_type": lambda fault: f"{fault.name} skal være true eller false (uden anførselstegn).",
    "value_error": lambda fault: f"{fault.name}: {fault.details.get('error')}.",
}
