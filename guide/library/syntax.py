"""Syntax errors of the YAML parser in plain Danish, each with a remedy. Nothing else.

libyaml and the pure Python parser word the same error differently; the patterns below hold for both.
The parser's own English is never shown.
"""

from __future__ import annotations

import re
from typing import Any

_TAB = "Linjen er rykket ind med tabulator. Brug mellemrum."
_COLON = "Der står et kolon i teksten. Sæt teksten i anførselstegn."
_INDENT = "Linjen er rykket forkert ind. Den skal stå lige under de linjer, den hører sammen med."
_AFTER_QUOTE = (
    "Der står tekst efter et anførselstegn eller en parentes, der er lukket. Sæt hele teksten i anførselstegn, "
    "og brug den anden slags anførselstegn inde i den."
)
_FALLBACK = "Filen kan ikke læses herfra. Se efter et kolon, et anførselstegn eller et mellemrum, der mangler."
_HARD_SPACE = " Linjen har et hårdt mellemrum (måske fra Word). Skriv mellemrummene igen."

# (pattern on «context: problem», point at where it began, message). The first that fits is used.
_TABLE: tuple[tuple[re.Pattern[str], bool, str], ...] = tuple(
    (re.compile(pattern), at_start, message)
    for pattern, at_start, message in (
        (r"tab character|'\\t'", False, _TAB),
        (r"directive|YAML document", False, "En linje må ikke begynde med %. Slet den, eller sæt anførselstegn om."),
        (
            r"quoted scalar: .*(end of stream|document (indicator|separator))",
            True,
            "Anførselstegnet her bliver ikke lukket. Sæt et anførselstegn, hvor teksten slutter.",
        ),
        (
            r"escape|hexdecimal|hexadecimal",
            False,
            "Tegnet \\ betyder noget særligt i dobbelte anførselstegn. Brug enkelte anførselstegn om teksten.",
        ),
        (
            r"simple key: ",
            True,
            "Linjen mangler et kolon. Skriv «nøgle: tekst», eller ryk teksten længere ind end linjen over.",
        ),
        (r"flow sequence: ", True, "Parentesen [ bliver ikke lukket med ], eller der mangler et komma."),
        (r"flow mapping: ", True, "Parentesen { bliver ikke lukket med }, eller der mangler et komma."),
        (r"an? (anchor|alias): ", False, "En tekst må ikke begynde med & eller *. Sæt teksten i anførselstegn."),
        (r"tag", False, "En tekst må ikke begynde med !. Sæt teksten i anførselstegn."),
        (
            r"block scalar: ",
            False,
            "Efter | og > må der ikke stå mere på linjen. Skriv teksten på næste linje, rykket ind.",
        ),
        (r"sequence entries are not allowed", False, "Et «- » begynder en liste. Sæt det på linjen under, rykket ind."),
        (r"block collection: ", False, "Her skulle stå et punkt, der begynder med «- ». Ret indrykningen."),
        (
            r"node content",
            False,
            "Her står et komma eller en parentes, der ikke passer, eller en værdi mangler. "
            "Er tegnet en del af teksten, så sæt teksten i anførselstegn.",
        ),
        (r"document start", False, "Linjen er rykket længere ud end filens første linje. Ret indrykningen."),
    )
)


def number(value: int) -> str:
    """A whole number as Danes write it: 20.000."""
    return f"{value:,}".replace(",", ".")


def quote(text: object, limit: int = 60) -> str:
    """A word from the author in «», on one line and never longer than `limit` characters."""
    line = " ".join(str(text).split())
    return f"«{line if len(line) <= limit else line[: limit - 1] + '…'}»"


def explain(error: Exception, text: str) -> tuple[int, int, str]:
    """Line, column (from 1) and Danish message of an error that the YAML parser raised on `text`."""
    problem = f"{getattr(error, 'context', '') or ''}: {getattr(error, 'problem', '') or ''}"
    mark: Any = getattr(error, "problem_mark", None)
    start: Any = getattr(error, "context_mark", None) or mark
    if mark is None:
        return 1, 1, _FALLBACK
    lines = re.split(r"\r\n|\r|\n", text)
    message, at_start = _message(problem, _line(lines, mark.line), mark.column)
    place = start if at_start else mark
    if "\u00a0" in _line(lines, place.line):
        message += _HARD_SPACE
    return place.line + 1, place.column + 1, message


def _line(lines: list[str], index: int) -> str:
    return lines[index] if index < len(lines) else ""


def _message(problem: str, line: str, column: int) -> tuple[str, bool]:
    """The Danish, and whether to point at where the error began; some errors are told apart by the line itself."""
    before = line[:column]
    if "mapping values are not allowed" in problem:
        return (_COLON if re.search(r":\s|[\"']\s*$|^\s*- ", before) else _INDENT + _MISSING_ABOVE), False
    if "block mapping: " in problem and line[column:].startswith(":"):
        return "Nøglen er tom. Skriv et navn før kolon.", False
    if "block mapping: " in problem:
        return (_AFTER_QUOTE if before.strip() else _INDENT), False
    if "cannot start any token" in problem and line[column : column + 1] not in ("", "\t"):
        sign = line[column]
        return f"En tekst må ikke begynde med {sign}. Sæt teksten i anførselstegn.", False
    for pattern, at_start, message in _TABLE:
        if pattern.search(problem):
            return message, at_start
    return (_TAB if line[column : column + 1] == "\t" else _FALLBACK), False


_MISSING_ABOVE = " Eller også mangler linjen over et kolon, eller dens tekst skal i anførselstegn."
