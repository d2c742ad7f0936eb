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

from guide.library import meant
from guide.library.strict_yaml import Path
from guide.library.syntax import number, quote
from guide.model import Approval, Colours, Contact, Days, Id, Line, Link, Municipality, Occasion, Spans

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
    said = _date(fault) if _is_date(fault) else _WORDING.get(fault.kind, _unknown_kind)(fault)
    written = fault.path[-1] if fault.path and (fault.key or fault.kind == "extra_forbidden") else fault.given
    return said + meant.unseen(written) if isinstance(written, str) and fault.kind != "missing" else said


def _is_date(fault: Fault) -> bool:
    return not fault.key and fault.kind not in _WITHOUT_VALUE and _bare(_type_at(fault.word, fault.path)) is date


def _date(fault: Fault) -> str:
    wrong = f"{fault.name}: {_shown(fault.given)} er ikke en dato"
    if isinstance(fault.given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", fault.given.strip()):
        return f"{wrong} i kalenderen. Ret dagen."
    return f"{wrong}. {_write(meant.day(str(fault.given)), 'Skriv den som 2026-11-21.')}"


def _write(better: str, otherwise: str = "") -> str:
    """Skriv «x», when it is known what was meant."""
    return f"Skriv «{better}»." if better else otherwise


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
    value = {"string_too_short": "en tekst", "model_type": _LINES_BELOW, "dict_type": _LINES_BELOW}
    remedy = f"Skriv {value.get(fault.kind, 'en værdi')}."
    if field is None or not field.is_required():
        remedy = remedy.replace(".", ", eller slet linjen.")
    if fault.given == "" and fault.kind == "string_too_short" or fault.details.get("pattern") == _COLOUR:
        remedy += " Begynder den med #, skal den i anførselstegn."
    if fault.kind in ("enum", "literal_error"):
        remedy += f" Vælg mellem: {', '.join(_allowed(fault))}."
    return f"{fault.name} er tom. {remedy}"


_LINES_BELOW = "linjer under den, rykket ind"


def _missing(fault: Fault) -> str:
    key, above = str(fault.path[-1]), fault.path[:-1]
    field = _fields(_type_at(fault.word, above)).get(key)
    meaning = f" ({field.description.rstrip('.')})" if field and field.description else ""
    return f"«{key}» mangler{where(above)}. Tilføj linjen «{key}: …»{meaning}."


def _unknown_key(fault: Fault) -> str:
    key, known = str(fault.path[-1]), list(_fields(_type_at(fault.word, fault.path[:-1])))
    said = f"{quote(key)} kendes ikke{where(fault.path[:-1])}."
    if (near := meant.KEYS.get(as_id(key), "")) in known:
        return f"{said} Mente du «{near}»?"
    if near := suggest(key, known):
        return said + near
    if isinstance(fault.given, dict):
        return f"{said} Hører den under linjen over, så ryk den og dens linjer ind. Her kan stå: {', '.join(known)}."
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
    wanted, above = _fields(_type_at(fault.word, fault.path)), _bare(_type_at(fault.word, fault.path[:-1]))
    keys = [key for key, field in wanted.items() if _bare(field.annotation) is not bool] or ["id"]
    first = next((key for key in keys if key in wanted and wanted[key].is_required()), keys[0])
    if isinstance(fault.given, list):
        return (
            f"{fault.name} må ikke være en liste. Slet bindestregerne, skriv et id med kolon over hver del, fx «ja:», "
            "og ryk delen ind under det."
        )
    if get_origin(above) is dict and fault.path and fault.path[-1] in wanted:
        return f"{fault.name} er ikke rykket nok ind. Ryk linjen ind under det id, den hører til."
    if first == "id":
        return f"{fault.name} skal have linjer under sig, rykket ind: et id, kolon og resten."
    needed = [key for key in keys if wanted[key].is_required()]
    said = f"{fault.name} skal have linjer under sig, rykket ind."
    if first == "week":
        return f"{said} Skriv «week: {{man-fre: 9-15}}» på linjen under."
    if len(needed) > 1:
        return f"{said} Skriv under den, hver på sin linje: {', '.join(needed)}."
    shown = " ".join(str(fault.given).split())[:60] if isinstance(fault.given, str) else "…"
    return f"{said} Skriv «{first}: {repr(shown) if shown.startswith('#') else shown}» på linjen under."


def _list(fault: Fault) -> str:
    if isinstance(fault.given, str) and re.fullmatch(r"[\w-]+(?:[\s,]+[\w-]+)*", fault.given) and _plain(fault):
        return f"{fault.name} skal være en liste. Skriv [{', '.join(fault.given.replace(',', ' ').split())[:60]}]."
    return f"{fault.name} skal være en liste: én linje for hver del, rykket ind, og hver linje begynder med «- »."


def _plain(fault: Fault) -> bool:
    """Whether a list is one of ids or fixed words, which never have blanks or commas."""
    inside = get_args(_bare(_type_at(fault.word, fault.path)))
    return bool(inside) and not (_LINE in repr(inside[0]) or _fields(inside[0]))


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


_COLOUR = _of(Colours, "primary")

_PATTERNS: tuple[tuple[str, Callable[[Fault], str]], ...] = (
    (_ID, _bad_id),
    (_LINE, lambda _: "skal stå på én linje."),
    (_LINK, lambda fault: f"er ikke et link. {_write(meant.link(str(fault.given)), _A_LINK)}"),
    (
        _of(Contact, "phone"),
        lambda fault: f"er ikke et telefonnummer. {_write(meant.phone(str(fault.given)), _NUMBER)}",
    ),
    (_SPANS, lambda fault: f"er ikke en åbningstid. {_write(meant.spans(str(fault.given)), _HOURS)}"),
    (_DAYS, lambda fault: f"er ikke en dag. {_write(meant.weekdays(str(fault.given)), _WEEK)}"),
    (_OCCASION, lambda fault: f"er ikke en dag i kalenderen. {_write(meant.occasion(str(fault.given)), _YEAR)}"),
    (_of(Municipality, "code"), lambda _: "er ikke en kommunekode. Den er tre cifre i anførselstegn, fx '825'."),
    (_COLOUR, lambda _: "er ikke en farve. Skriv den som '#0b5a3c': # og seks tegn, i anførselstegn."),
    (_of(Approval, "text"), lambda _: "er ikke et fingeraftryk. Skriv det, som «guide check» siger."),
)

_A_LINK = "Det skal begynde med https:// og må ikke have mellemrum. En e-mailadresse kan ikke stå her."
_NUMBER = "Skriv ét nummer som 70 20 12 01, 116 111 eller 112."
_HOURS = "Skriv fx 9-15, 8.30-12, 13-15, 15-9 eller closed."
_WEEK = "Skriv fx fre eller man-tors: man, tirs, ons, tors, fre, loer, soen."
_YEAR = "Skriv fx 24-december for hvert år eller 2027-05-07."


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
    "bool_type": lambda fault: f"{fault.name} skal være true (ja) eller false (nej), med små bogstaver.",
    "value_error": lambda fault: f"{fault.name}: {fault.details.get('error')}.",
}
