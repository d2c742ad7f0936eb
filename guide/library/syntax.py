"""Syntax errors of the YAML parser in plain Danish, each with a remedy and at the line to correct. Nothing else.

libyaml and the pure Python parser word the same error differently; the patterns below hold for both.
The parser's own English is never shown. A parser often stops a line after the slip: `_above` looks for it there.
"""

from __future__ import annotations

import re
from typing import Any

_TAB = "Linjen er rykket ind med tabulator. Brug mellemrum."
_COLON = "Der står et kolon i teksten. Sæt teksten i anførselstegn."
_INDENT = "Linjen er rykket forkert ind. Ryk den, så den står lige under de linjer, den hører sammen med."
_AFTER_QUOTE = (
    "Der står tekst efter et anførselstegn eller en parentes, der er lukket. Sæt hele teksten i anførselstegn, "
    "og brug den anden slags anførselstegn inde i den."
)
_FALLBACK = "Filen kan ikke læses herfra. Se efter et kolon, et anførselstegn eller et mellemrum, der mangler."
_HARD_SPACE = "Linjen har et hårdt mellemrum (måske fra Word). Skriv mellemrummene igen."
_CURLY = "Krøllede anførselstegn (“ ”) tæller ikke. Brug \" eller '."
_UNCLOSED = "Anførselstegnet her bliver ikke lukket. Sæt et anførselstegn, hvor teksten slutter."
_NO_BLANK = "Der mangler et mellemrum efter kolon."
_NO_COLON = "Linjen mangler et kolon til sidst."
_PLAIN_LINES = "Filen skal bestå af linjer med «nøgle: tekst»."

_GLUED = re.compile(r"^\s*(?:- )?(?!https?:)([A-Za-zæøåÆØÅ][\wæøå-]*):([^\s:].*)$")
_WORD = re.compile(r"^\s*(?:- )?([\wæøåÆØÅ-]+)\s*$")
_COMMENT_FOR_TEXT = re.compile(r"[:,{\[] (#)\S")

# (pattern on «context: problem», point at where it began, message). The first that fits is used.
_TABLE: tuple[tuple[re.Pattern[str], bool, str], ...] = tuple(
    (re.compile(pattern), at_start, message)
    for pattern, at_start, message in (
        (r"tab character|'\\t'", False, _TAB),
        (r"directive|YAML document", False, "En linje må ikke begynde med %. Slet den, eller sæt anførselstegn om."),
        (
            r"quoted scalar: .*(end of stream|document (indicator|separator))",
            True,
            _UNCLOSED,
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
        (r"mapping keys are not allowed", False, "En tekst må ikke begynde med «? ». Sæt teksten i anførselstegn."),
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
    if found := _above(problem, lines, mark.line, mark.column, start.line):
        return found
    message, at_start = _message(problem, _line(lines, mark.line), mark.column)
    place = start if at_start else mark
    return place.line + 1, place.column + 1, " ".join((message, *_hints(_line(lines, place.line))))


def mended(text: str, line: int, said: str) -> str | None:
    """The text with the commonest slips of one line put right, so that those further down are found too; else None.

    Only for finding more: what is read is never what was mended.
    """
    lines = re.split(r"(\r\n|\r|\n)", text)
    index = 2 * (line - 1)
    if index >= len(lines):  # the parser tells of the line after the last one
        return None
    before = lines[index]
    if said.startswith(_COLON):
        whole = re.match(r"(\s*(?:- )?[^\s:]+:\s+|\s*- )(.*)", before)
        lines[index] = whole[1] + "'" + whole[2].replace("'", "''") + "'" if whole else before
    elif said.startswith(_NO_BLANK):
        lines[index] = before.replace(":", ": ", 1)
    return "".join(lines) if lines[index] != before else None


def no_mapping(text: str) -> str:
    """What is said of a file that is only a text: its first line has no colon that counts."""
    line = text.strip().split("\n")[0]
    if glued := _GLUED.match(line):  # the parser has put the lines together, so no more is known than the key
        return f"{_NO_BLANK} Skriv {quote(f'{glued[1]}: …')}."
    if slip := re.match(r"([\wæøåÆØÅ-]+)\s*[=;]", line):
        return f"{_PLAIN_LINES} Skriv kolon og mellemrum: {quote(f'{slip[1]}: …')}."
    return " ".join((_PLAIN_LINES, *_hints(line)))


def _hints(line: str) -> list[str]:
    """What Word and its like may have put into a line."""
    return [said for sign, said in (("\u00a0", _HARD_SPACE), ("[“”„‘’]", _CURLY)) if re.search(sign, line)]


def _glued(found: re.Match[str]) -> str:
    return f"{_NO_BLANK} Skriv {quote(f'{found[1]}: {found[2]}')}."


def _above(problem: str, lines: list[str], at: int, column: int, began: int) -> tuple[int, int, str] | None:
    """Line, column (from 1) and message of a slip that the parser only stumbled over later; None when there is none."""
    here, over = _line(lines, at), _before(lines, at)
    if "simple key: " in problem:
        if glued := _GLUED.match(_line(lines, began)):
            return began + 1, glued.end(1) + 1, _glued(glued)
        last = _before(lines, began)
        if last is not None and re.search(r"[:-] [|>][-+]?\s*$", lines[last]):
            return began + 1, _indent(_line(lines, began)), "Teksten skal rykkes længere ind end linjen med | eller >."
    if "mapping values are not allowed" in problem and over is not None and not re.search(r":\s", here[:column]):
        return _line_over(lines[over], over)
    if "flow " in problem:
        for n in range(min(at, len(lines) - 1), max(min(began, at - 3), 0) - 1, -1):
            if sign := _COMMENT_FOR_TEXT.search(lines[n]):
                return n + 1, sign.start(1) + 1, "Efter # bliver intet læst. Sæt teksten i anførselstegn, fx '#0b5a3c'."
    if "block mapping: " in problem and (mark := here[:column].rstrip()[-1:]) in ("'", '"') and mark:
        for n in range(at - 1, began - 1, -1):
            if (opened := re.search(rf"[:-] +{mark}", lines[n])) and lines[n][opened.start() :].count(mark) % 2:
                return n + 1, opened.end(), _UNCLOSED
    return None


def _line_over(line: str, number: int) -> tuple[int, int, str] | None:
    """A slip on the line over the one where the parser stopped."""
    if glued := _GLUED.match(line):
        return number + 1, glued.end(1) + 1, _glued(glued)
    if word := _WORD.match(line):
        return number + 1, word.end(1) + 1, f"{_NO_COLON} Skriv {quote(word[1] + ':')}."
    if "\u00a0" in line:
        return number + 1, line.index("\u00a0") + 1, _HARD_SPACE
    return None


def _before(lines: list[str], index: int) -> int | None:
    """The nearest line above that says something."""
    return next((n for n in range(min(index, len(lines)) - 1, -1, -1) if lines[n].split("#")[0].strip()), None)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip()) + 1


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
