"""Mutants of real-looking files: the reader gives words or Danish findings with a place, and never an exception."""

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from guide.flows.finding import Finding
from guide.library.read import build
from guide.library.strict_yaml import merge, parse
from guide.model import Act, ContactList, Flow
from tests.conftest import HANGS

FLOW = (Path(__file__).parent / "samples" / "flow.yaml").read_text(encoding="utf-8")
ACT = """\
title: Barnets lov
edition: LBK nr. 1 af 1. januar 2026
link: https://www.retsinformation.dk/eli/lta/2026/1
paragraphs:
  barnets-lov-133:
    number: § 133, stk. 1
    title: Skærpet underretningspligt
    text: |
      Du skal **underrette**, når du får grund til bekymring.
    valid_from: 2024-01-01
    checked: 2026-11-21
    source: 'Retsinformation, "LBK"'
    status: verified
"""
CONTACTS = """\
contacts:
  alarm-112:
    title: Alarmcentralen
    help: Ring, når det haster.
    phone: '112'
    hours: {week: {man-fre: 8-15}, holidays: closed, exceptions: {24-december: closed, 2027-05-07: 9-12}}
    fallback: politi
    checked: 2026-11-21
"""
SEEDS: list[tuple[type[BaseModel], bytes]] = [
    (Flow, FLOW.encode()),
    (Flow, FLOW.replace("\n", "\r\n").encode()),
    (Act, ACT.encode()),
    (ContactList, CONTACTS.encode()),
]
TOKENS = [
    *(
        "&a",
        "*a",
        "<<: *a",
        "!!timestamp x",
        "!!int x",
        "!!float x",
        "!!bool x",
        "!!binary x",
        "!x",
        "---",
        "...",
        "%YAML 1.1",
    ),
    *("2026-02-30", "0112", "0x_", "0b_", "1:60", "9" * 5000, "~", "null", "no", ".inf", "2026-01-01T00:00:00+99:99"),
    *(
        "[" * 400,
        "{" * 400,
        "[]",
        "{}",
        "[",
        "]",
        "{",
        "}",
        ",",
        ": ",
        "\n",
        "\n  ",
        "\n- ",
        "\t",
        "\n\t",
        "? ",
        "|",
        ">",
    ),
    *(
        "'",
        '"',
        '"\\ud800"',
        '"\\0"',
        "\\",
        "#",
        "@",
        "`",
        "\0",
        "\x1b",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u00a0",
        "👶",
        "å",
    ),
]


def mutants(seed: int, size: int) -> Iterator[tuple[type[BaseModel], bytes]]:
    """`size` files, each with one to three changes of bytes, tokens or lines."""
    chance = random.Random(seed)
    for _ in range(size):
        word, data = chance.choice(SEEDS)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            data = mutate(chance, data)
        yield word, data


def mutate(chance: random.Random, data: bytes) -> bytes:
    place, kind = chance.randrange(len(data) + 1), chance.randrange(7)
    if kind == 0:
        return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
    if kind == 1:
        return data[:place] + data[place + chance.randint(1, 8) :]
    if kind == 2:
        return data[:place] + chance.choice(TOKENS).encode("utf-8", "surrogatepass") + data[place:]
    if kind == 3:  # a value becomes a token
        values = [hit.span(1) for hit in re.finditer(rb": ([^\n]+)", data)] or [(place, place)]
        start, end = chance.choice(values)
        return data[:start] + chance.choice(TOKENS).encode("utf-8", "surrogatepass") + data[end:]
    lines = data.splitlines(keepends=True) or [b"\n"]
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    if kind == 4:
        lines[one] = lines[other]
    elif kind == 5:
        lines.insert(one, lines[other])
    else:
        lines[one] = b" " * chance.randrange(6) + lines[one].lstrip(b" ")
    return b"".join(lines)


ENGLISH = re.compile(r"\b(expected|found|while|should|valid|string|input|error|mapping|character|scalar|token)\b")


def escapes(read: Callable[[type[BaseModel], bytes], list[Finding]], seed: int, size: int) -> list[tuple[bytes, str]]:
    """Mutants that gave anything but a word or Danish findings with a file and a line, or that hang."""
    found = []
    for word, data in mutants(seed, size):
        began = time.perf_counter()
        try:
            findings = read(word, data)
            for finding in findings:
                said = re.sub("«[^»]*»", "", finding.message)
                if finding.file != "f.yaml" or finding.line < 1 or finding.column < 1 or ENGLISH.search(said):
                    found.append((data, str(finding)))
        except Exception as error:
            found.append((data, type(error).__name__))
        if time.perf_counter() - began > HANGS:
            found.append((data, "hangs"))
    return found


BASE = parse(FLOW.encode(), "f.yaml")[0]


def ours(word: type[BaseModel], data: bytes) -> list[Finding]:
    document, findings = parse(data, "f.yaml")
    assert (document is None) == bool(findings)
    if document is None:
        return findings
    assert BASE is not None
    assert only_text(document.value)
    made, findings = build(word, document)
    assert (made is None) == bool(findings)
    if made is not None:
        made.model_dump_json().encode()
    return findings + build(Flow, merge(BASE, document))[1]


def only_text(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and only_text(item) for key, item in value.items())
    return all(map(only_text, value)) if isinstance(value, list) else isinstance(value, str)


def naive(word: type[BaseModel], data: bytes) -> list[Finding]:
    """The planted fault: the reader that most programs have."""
    try:
        word.model_validate(yaml.safe_load(data)).model_dump_json().encode()
    except (yaml.YAMLError, ValidationError):
        return [Finding("f.yaml", 1, 1, "Fejl.")]
    return []


def test_mutants_give_only_words_and_findings() -> None:
    began = time.perf_counter()
    assert escapes(ours, seed=20261121, size=3_000) == []
    assert time.perf_counter() - began < 20


def test_the_harness_can_fail() -> None:
    kinds = {kind for _, kind in escapes(naive, seed=20261121, size=1_000)}
    assert kinds & {"ValueError", "AttributeError", "RecursionError", "KeyError"}


def test_the_mutants_reach_both_sides() -> None:
    """A harness whose mutants are all refused by the parser would prove nothing about `build`."""
    parsed = built = size = 0
    for word, data in mutants(20261121, 500):
        document, _ = parse(data, "f.yaml")
        size, parsed = size + 1, parsed + (document is not None)
        built += document is not None and build(word, document)[0] is not None
    assert size == 500 and 50 < built < parsed < 450
