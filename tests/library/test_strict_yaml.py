"""The strict reader against a table of traps, hostile files, and a second implementation of the parser."""

import ast
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import guide
from guide.library import strict_yaml
from guide.library.strict_yaml import MAX_FINDINGS, Document, Mark, merge, parse
from tests.conftest import HANGS

BOMB = b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
QUOTES = "Sæt hele teksten i anførselstegn"
INDENT = "Linjen er rykket forkert ind"
DEEP = "for mange niveauer"

# What is read as written. (bytes, value)
AS_WRITTEN: dict[str, tuple[bytes, dict[str, Any]]] = {
    "no is text": (b"svar: no\n", {"svar": "no"}),
    "yes, on, off, y are text": (b"a: [yes, on, off, y, N]\n", {"a": ["yes", "on", "off", "y", "N"]}),
    "on as key": (b"on: x\n", {"on": "x"}),
    "no as key": (b"no: x\nyes: y\n", {"no": "x", "yes": "y"}),
    "112 with a zero": (b"tlf: 0112\n", {"tlf": "0112"}),
    "a long number": (b"tlf: 004570201201\n", {"tlf": "004570201201"}),
    "kommune code": (b"code: 0101\n", {"code": "0101"}),
    "kommune code with 8": (b"code: 0825\n", {"code": "0825"}),
    "base sixty, short": (b"tid: 8:30\n", {"tid": "8:30"}),
    "base sixty, long": (b"tid: 12:30\n", {"tid": "12:30"}),
    "base sixty, seconds": (b"tid: 12:30:45\n", {"tid": "12:30:45"}),
    "a version": (b"v: 1.10\n", {"v": "1.10"}),
    "underscores": (b"x: 1_000\n", {"x": "1_000"}),
    "hexadecimal": (b"x: 0x1F\ny: 0o17\nz: 0x_\n", {"x": "0x1F", "y": "0o17", "z": "0x_"}),
    "exponent": (b"x: 1e3\ny: .inf\nz: .nan\n", {"x": "1e3", "y": ".inf", "z": ".nan"}),
    "a day that is not": (b"d: 2026-02-30\n", {"d": "2026-02-30"}),
    "a day that is": (b"d: 2026-02-28\n", {"d": "2026-02-28"}),
    "a bad time zone": (b"d: 2026-01-01T00:00:00+99:99\n", {"d": "2026-01-01T00:00:00+99:99"}),
    "tilde": (b"a: ~\n", {"a": "~"}),
    "null": (b"a: null\nb: Null\n", {"a": "null", "b": "Null"}),
    "true": (b"a: true\nb: True\n", {"a": "true", "b": "True"}),
    "nothing": (b"a:\nb: x\n", {"a": "", "b": "x"}),
    "nothing, quoted": (b"a: ''\n", {"a": ""}),
    "nothing in a list": (b"a:\n  -\n  - x\n", {"a": ["", "x"]}),
    "equals sign": (b"a: =\n", {"a": "="}),
    "5,000 digits would be an int": (b"a: " + b"9" * 3999 + b"\n", {"a": "9" * 3999}),
    "UTF-8 mark from Notepad": (b"\xef\xbb\xbfa: b\n", {"a": "b"}),
    "Windows line ends": (b"a: b\r\nc:\r\n  - d\r\n", {"a": "b", "c": ["d"]}),
    "old Mac line ends": (b"a: b\rc: d\r", {"a": "b", "c": "d"}),
    "Danish letters": ("a: æøå ÆØÅ é — «»\n".encode(), {"a": "æøå ÆØÅ é — «»"}),
    "a Danish key": ("spørgsmål: x\n".encode(), {"spørgsmål": "x"}),
    "an emoji": ("a: 👶🏽\n".encode(), {"a": "👶🏽"}),
    "a document start": (b"---\na: b\n", {"a": "b"}),
    "a document end": (b"a: b\n...\n", {"a": "b"}),
    "a comment first": (b"# hej\na: b # hej\n", {"a": "b"}),
    "an explicit key that is text": (b"? a\n: b\n", {"a": "b"}),
    "block text": (b"a: |\n  en\n\n  to\n", {"a": "en\n\nto\n"}),
    "folded text": (b"a: >-\n  en\n  to\n", {"a": "en to"}),
    "a tab inside a text": (b'a: "b\tc"\n', {"a": "b\tc"}),
    "an escape": (b'a: "\\u00e6"\n', {"a": "æ"}),
    "Jinja in quotes": (b'a: "{{ 7 * 7 }}"\n', {"a": "{{ 7 * 7 }}"}),
    "a python tag in quotes": (b'a: "!!python/name:os.system"\n', {"a": "!!python/name:os.system"}),
    "an empty mapping and list": (b"a: {}\nb: []\n", {"a": {}, "b": []}),
    "depth 12": (b"a: " + b"[" * 11 + b"]" * 11 + b"\n", {"a": [[[[[[[[[[[]]]]]]]]]]]}),
}

# What is refused. (bytes, line, column, part of the message)
REFUSED: dict[str, tuple[bytes, int, int, str]] = {
    "double key": (b"a: b\nc: d\na: e\n", 3, 1, "«a» står to gange. Første gang er i linje 1."),
    "double key, deep": (
        b"a:\n  b:\n    c: d\n    x: y\n    c: e\n",
        5,
        5,
        "«c» står to gange. Første gang er i linje",
    ),
    "double key in braces": (b"a: {b: c, b: d}\n", 1, 11, "«b» står to gange"),
    "double key in a list": (b"a:\n- b: c\n  b: d\n", 3, 3, "«b» står to gange. Første gang er i linje 2"),
    "double key, quoted": (b"a: b\n'a': c\n", 2, 1, "«a» står to gange"),
    "anchor": (b"a: &x b\n", 1, 4, "anker"),
    "anchor on a mapping": (b"a: &x\n  b: c\n", 1, 4, "anker"),
    "alias": (b"a: b\nc: *x\n", 2, 4, "henvisning"),
    "self-reference": (b"a: &a [*a]\n", 1, 4, "anker"),
    "alias bomb": (BOMB, 1, 4, "anker"),
    "Markdown bold": (b"a: **Vigtigt** at vide\n", 1, 5, "må ikke begynde med & eller *"),
    "merge key": (b"a: b\n<<: {c: d}\n", 2, 1, "Nøglen «<<»"),
    "python tag": (b"a: !!python/object/apply:os.system [ls]\n", 1, 4, "må ikke begynde med !"),
    "int tag": (b"a: !!int x\n", 1, 4, "må ikke begynde med !"),
    "timestamp tag": (b"a: !!timestamp x\n", 1, 4, "må ikke begynde med !"),
    "bool tag": (b"a: !!bool x\n", 1, 4, "må ikke begynde med !"),
    "binary tag": (b"a: !!binary aGVq\n", 1, 4, "må ikke begynde med !"),
    "str tag": (b"a: !!str x\n", 1, 4, "må ikke begynde med !"),
    "own tag": (b"a: !include x.yaml\n", 1, 4, "må ikke begynde med !"),
    "bare tag": (b"a: ! x\n", 1, 4, "må ikke begynde med !"),
    "tag on a mapping": (b"a: !!set {b: c}\n", 1, 4, "må ikke begynde med !"),
    "tag on the file": (b"!!map\na: b\n", 1, 1, "må ikke begynde med !"),
    "undefined tag handle": (b"a: !x!y z\n", 1, 4, "må ikke begynde med !"),
    "two documents": (b"a: b\n---\nc: d\n", 2, 1, "mere end ét dokument"),
    "YAML directive": (b"%YAML 1.1\n---\na: b\n", 1, 1, "begynder med %"),
    "TAG directive": (b"%TAG ! tag:x,2000:\n---\na: b\n", 1, 1, "begynder med %"),
    "list at the top": (b"- a\n- b\n", 1, 1, "Filen må ikke være en liste"),
    "a lone hyphen": (b"-\n", 1, 1, "Filen må ikke være en liste"),
    "text at the top": (b"hej\n", 1, 1, "Filen skal bestå af linjer"),
    "empty file": (b"", 1, 1, "Filen er tom"),
    "only comments": (b"# a\n# b\n", 1, 1, "Filen er tom"),
    "only a document start": (b"---\n", 1, 1, "Filen er tom"),
    "only a UTF-8 mark": (b"\xef\xbb\xbf", 1, 1, "Filen er tom"),
    "a list as key": (b"? [a, b]\n: c\n", 1, 3, "En nøgle skal være tekst"),
    "a mapping as key": (b"? {a: b}\n: c\n", 1, 3, "En nøgle skal være tekst"),
    "Jinja without quotes": (b"a: {{ navn }}\n", 1, 5, "En nøgle skal være tekst"),
    "empty key": (b"a: b\n'': c\n", 2, 1, "Nøglen er tom"),
    "no key": (b": a\n", 1, 1, "Nøglen er tom"),
    "depth 13": (b"a: " + b"[" * 12 + b"]" * 12 + b"\n", 1, 15, DEEP),
    "250,000 brackets": (b"a: " + b"[" * 250_000, 1, 15, DEEP),
    "300,000 brackets": (b"[" * 300_000, 1, 1, "256 kB"),
    "30,000 braces": (b"a: " + b"{a: " * 30_000, 1, 48, DEEP),
    "100,000 hyphens": (b"a:\n " + b"- " * 100_000, 2, 24, DEEP),
    "deep by indentation": (b"".join(b" " * n + b"k:\n" for n in range(600)), 13, 13, DEEP),
    "too many nodes": (b"a: [" + b"b, " * 20_000 + b"]\n", 1, 59_996, "flere end 20.000"),
    "too large": (b"a: b\n" + b"#" * 262_140, 1, 1, "256 kB"),
    "a text of 4,001": (b"a: " + b"x" * 4_001 + b"\n", 1, 4, "4.001 tegn"),
    "Latin-1": (b"a: b\nc: d\xe6kker\n", 2, 5, "UTF-8"),
    "half a letter": (b"a: \xc3\n", 1, 4, "UTF-8"),
    "overlong UTF-8": (b"a: \xc0\xaf\n", 1, 4, "UTF-8"),
    "a surrogate in UTF-8": (b"a: \xed\xa0\x80\n", 1, 4, "UTF-8"),
    "a surrogate escaped": (b'a: "\\ud800"\n', 1, 7, "Tegnet \\ betyder"),
    "beyond Unicode": (b'a: "\\U00110000"\n', 1, 7, "Tegnet \\ betyder"),
    "UTF-16": ("a: b\n".encode("utf-16"), 1, 1, "UTF-16"),
    "UTF-16 without a mark": ("a: b\n".encode("utf-16-be"), 1, 1, "UTF-16"),
    "UTF-32": (b"\x00\x00\xfe\xff" + "a: b\n".encode("utf-32-be"), 1, 1, "UTF-16 eller UTF-32"),
    "NUL": (b"a: b\nc: \x00\n", 2, 4, "usynligt tegn (U+0000)"),
    "NUL escaped": (b'a: b\nc: "\\0"\n', 2, 4, "usynligt tegn (U+0000)"),
    "a bell": (b"a: b\x07\n", 1, 5, "U+0007"),
    "an escape sequence": (b"a: \x1b[31m\n", 1, 4, "U+001B"),
    "delete": (b"a: \x7f\n", 1, 4, "U+007F"),
    "next line": ("a: b\x85c: d\n".encode(), 1, 5, "U+0085"),
    "line separator": ("a: b\u2028c: d\n".encode(), 1, 5, "U+2028"),
    "line separator escaped": (b'a: "b\\Lc"\n', 1, 4, "U+2028"),
    "text turned around": ("a: ja\u202enej\n".encode(), 1, 6, "U+202E"),
    "a mark in the middle": ("a: b\n\ufeffc: d\n".encode(), 2, 1, "U+FEFF"),
    "tab as indentation": (b"a:\n\tb: c\n", 2, 1, "tabulator"),
    "tab after blanks": (b"a:\n  b: c\n  \td: e\n", 3, 3, "tabulator"),
    "tab in a block": (b"a: |\n\tb\n", 2, 1, "tabulator"),
    "colon in a text": (b"a: b\nhelp: Husk: ring\n", 2, 11, "kolon i teksten. Sæt teksten i anførselstegn."),
    "colon at the end": (b"a: b\nhelp: Husk:\n", 2, 11, "Der står et kolon i teksten"),
    "no blank after the colon": (b"a: {b:c}\n", 1, 5, "mangler et mellemrum efter kolon"),
    "comma in braces": (b"ja: {label: Ja, men kun lidt}\n", 1, 17, "Er der et komma i teksten?"),
    "double quote not closed": (b'a: b\nc: "d\ne: f\n', 2, 4, "Anførselstegnet her bliver ikke lukket"),
    "single quote not closed": (b"a: b\nc: 'd\ne: f\n", 2, 4, "Anførselstegnet her bliver ikke lukket"),
    "quotes in quotes": (b'a: "Sig "hej" til dem"\n', 1, 10, QUOTES),
    "apostrophe in quotes": (b"a: 'barnet's mor'\n", 1, 12, QUOTES),
    "text after a bracket": (b"a: [b] c\n", 1, 8, QUOTES),
    "indented too far": (b"a: b\n  c: d\n", 2, 4, INDENT),
    "indented too little": (b"a:\n    b: c\n  d: e\n", 3, 3, INDENT),
    "list indented too little": (b"a:\n  - b\n - c\n", 3, 2, INDENT),
    "list after a key": (b"a: b\n- c\n", 2, 1, INDENT),
    "out past the first line": (b"  a: b\nc: d\n", 2, 1, "længere ud end filens første linje"),
    "no colon": (b"a: b\nlang tekst\nc: d\n", 2, 1, "Linjen mangler et kolon"),
    "no colon at the end": (b"a: b\nlang tekst\n", 2, 1, "Linjen mangler et kolon"),
    "bracket not closed": (b"a: [b, c\nd: e\n", 1, 4, "Parentesen [ bliver ikke lukket"),
    "brace not closed": (b"a: {b: c\nd: e\n", 1, 4, "Parentesen { bliver ikke lukket"),
    "brace with bracket": (b"a: {b: c]\n", 1, 4, "Parentesen { bliver ikke lukket"),
    "two commas": (b"a: [b,,c]\n", 1, 7, "et komma eller en parentes, der ikke passer"),
    "a lone bracket": (b"a: ]\n", 1, 4, "et komma eller en parentes, der ikke passer"),
    "percent first": (b"a: %x\n", 1, 4, "må ikke begynde med %"),
    "at sign first": (b"a: @x\n", 1, 4, "må ikke begynde med @"),
    "backtick first": (b"a: `x`\n", 1, 4, "må ikke begynde med `"),
    "ampersand first": (b"a: & x\n", 1, 5, "må ikke begynde med &"),
    "unknown escape": (b'a: "C:\\docs"\n', 1, 7, "Tegnet \\ betyder"),
    "text after a pipe": (b"a: | x\n  b\n", 1, 6, "Efter | og >"),
    "list beside a key": (b"a: - b\n", 1, 4, "begynder en liste"),
    "a list that ends": (b"a:\n  - b\n  c: d\n", 3, 3, "et punkt, der begynder med «- »"),
    "hard space from Word": ("a:\n  b: c\n  d:\u00a0e\n  f: g\n".encode(), 3, 3, "hårdt mellemrum"),
}


def test_there_are_enough_traps() -> None:
    assert len(AS_WRITTEN) + len(REFUSED) >= 60


@pytest.mark.parametrize("name", AS_WRITTEN)
def test_read_as_written(name: str) -> None:
    data, value = AS_WRITTEN[name]
    document, findings = parse(data, "f.yaml")
    assert findings == []
    assert document is not None and document.value == value
    assert set(document.marks) == {(), *_paths(value)}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_the_right_place(name: str) -> None:
    data, line, column, message = REFUSED[name]
    began = time.perf_counter()
    document, findings = parse(data, "f.yaml")
    assert time.perf_counter() - began < HANGS
    assert document is None and findings
    assert (findings[0].file, findings[0].line, findings[0].column) == ("f.yaml", line, column), str(findings[0])
    assert message in findings[0].message


@pytest.mark.parametrize("name", [*AS_WRITTEN, *REFUSED])
def test_the_fallback_in_pure_python_agrees(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same values; the same refusals on the same line, except where that parser has no position."""
    monkeypatch.setattr(strict_yaml, "LOADER", yaml.SafeLoader)
    data = (AS_WRITTEN.get(name) or REFUSED[name])[0]
    document, findings = parse(data, "f.yaml")
    if name in AS_WRITTEN:
        assert document is not None and document.value == AS_WRITTEN[name][1]
    else:
        assert document is None
        assert findings[0].line == REFUSED[name][1] or name == "no blank after the colon"


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in entries for found in ((*path, key), *_paths(item, (*path, key)))]


def test_all_that_does_not_stop_the_parser_is_found_at_once() -> None:
    data = b"a: &x b\na: !!int c\n<<: *x\nd:\n  e: f\n  e: g\n'': h\nbroken: x: y\n"
    _, findings = parse(data, "f.yaml")
    assert [(f.line, f.column) for f in findings] == [(1, 4), (2, 1), (2, 4), (3, 1), (3, 5), (6, 3), (7, 1), (8, 10)]
    assert findings == sorted(findings)


def test_every_line_with_a_tab_is_found() -> None:
    _, findings = parse(b"a:\n\tb: c\n\td: e\n", "f.yaml")
    assert [f.line for f in findings] == [2, 3]


def test_findings_are_capped() -> None:
    _, findings = parse(b"a: b\n" * 40_000, "f.yaml")
    assert len(findings) == MAX_FINDINGS
    assert "flere fejl" in findings[-1].message


def test_marks_point_at_keys_and_items() -> None:
    document, _ = parse(b"a:\n  b: c\n  d:\n    - e\n    - f: g\n", "x/f.yaml")
    assert document is not None
    assert document.mark(("a", "d", 1, "f")) == Mark("x/f.yaml", 5, 7)
    assert document.mark(("a", "d", 0)) == Mark("x/f.yaml", 4, 7)
    assert document.mark(("a", "b", "nothing", "here")) == Mark("x/f.yaml", 2, 3)
    assert document.mark(("nothing",)) == document.mark(()) == Mark("x/f.yaml", 1, 1)


def test_columns_count_letters_not_bytes() -> None:
    _, findings = parse("a: {æøå👶: b, c: d, c: e}\n".encode(), "f.yaml")
    assert (findings[0].line, findings[0].column) == (1, 20)


def _document(data: bytes, file: str) -> Document:
    document, findings = parse(data, file)
    assert document is not None, findings
    return document


def test_merge_by_key_and_replace_the_rest() -> None:
    base = _document(b"a:\n  b: c\n  d: [e, f]\ng: h\nk: {l: m}\n", "base")
    over = _document(b"a:\n  d: [x]\n  n: o\n\ng:\n  p: q\nk: r\n", "over")
    merged = merge(base, over)
    assert merged.value == {"a": {"b": "c", "d": ["x"], "n": "o"}, "g": {"p": "q"}, "k": "r"}
    assert set(merged.marks) == {(), *_paths(merged.value)}
    assert merged.mark(()) == Mark("base", 1, 1)
    assert merged.mark(("a",)) == Mark("base", 1, 1)
    assert merged.mark(("a", "b")) == Mark("base", 2, 3)
    assert merged.mark(("a", "d")) == Mark("over", 2, 3)
    assert merged.mark(("a", "d", 0)) == Mark("over", 2, 7)
    assert merged.mark(("a", "n")) == Mark("over", 3, 3)
    assert merged.mark(("g", "p")) == Mark("over", 6, 3)
    assert merged.mark(("k", "l")) == merged.mark(("k",)) == Mark("over", 7, 1)


def test_merge_deletes_nothing_and_shares_nothing() -> None:
    base = _document(b"a: {b: [c]}\nd: {e: f}\n", "base")
    over = _document(b"d: {}\n", "over")
    merged = merge(base, over)
    assert merged.value == base.value
    merged.value["a"]["b"].append("x")
    assert base.value["a"]["b"] == ["c"]


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn", "Cf")), max_size=20)
_KEYS = _TEXTS.filter(lambda key: key not in ("", "<<"))
_VALUES = st.recursive(_TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3))


@settings(max_examples=300, derandomize=True, database=None, deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, min_size=1, max_size=4))
def test_what_is_written_by_a_yaml_library_is_read_back(value: dict[str, Any]) -> None:
    document, findings = parse(yaml.safe_dump(value, allow_unicode=True).encode(), "f.yaml")
    assert document is not None, findings
    assert document.value == value


@settings(max_examples=500, derandomize=True, database=None, deadline=None)
@given(st.binary(max_size=200) | st.text("ab:-?!&*[]{}\"'|>%@#,.~ \n\r\t\\", max_size=60).map(str.encode))
def test_never_raises(data: bytes) -> None:
    document, findings = parse(data, "f.yaml")
    assert (document is None) == bool(findings)
    assert all(f.file == "f.yaml" and f.line >= 1 and f.column >= 1 for f in findings)


LOADING = {"load", "load_all", "full_load", "safe_load", "safe_load_all", "unsafe_load", "full_load_all"} | {
    "add_constructor",
    "add_multi_constructor",
    "YAMLObject",
    "FullLoader",
    "UnsafeLoader",
    "Constructor",
}


def constructs(source: str) -> bool:
    """Whether Python source asks PyYAML to construct anything, or uses it other than as `yaml.x`.

    ruamel.yaml may tell where things stand (`compose`) and write what is new; it may not load either.
    """
    nodes = list(ast.walk(ast.parse(source)))
    marks = any(isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ruamel") for node in nodes)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "yaml":
            return True
        if marks and isinstance(node, ast.Attribute) and node.attr in LOADING:
            return True
        if isinstance(node, ast.Attribute) and node.attr in LOADING and ast.unparse(node.value).startswith("yaml"):
            return True
        if isinstance(node, ast.Attribute) and node.attr.startswith("construct_"):
            return True
    return False


def test_nothing_in_the_guide_constructs_from_yaml() -> None:
    files = sorted(Path(guide.__file__).parent.rglob("*.py"))
    assert len(files) > 5
    assert [str(file) for file in files if constructs(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "planted",
    [
        "import yaml\nyaml.safe_load('a')",
        "from yaml import load",
        "yaml.loader.FullLoader",
        "l.construct_object(n)",
        "from ruamel.yaml import YAML\nYAML().load('a')",
    ],
)
def test_the_house_check_can_fail(planted: str) -> None:
    assert constructs(planted)
