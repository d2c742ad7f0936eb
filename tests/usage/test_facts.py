"""A fact as a sealed line: there and back, under several keys, and nothing from a line that is not whole."""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.usage.facts import TORN, Fact, Sealer, once

OLD, NEW = "o" * 32, "n" * 32
WORDS = st.text(st.characters(categories=["L", "N"], include_characters="-/"), max_size=20)
FACTS = st.builds(Fact, WORDS, WORDS, WORDS, st.binary(min_size=16, max_size=16), st.integers(0, 2**60))
SEGMENT = "00ff00ff00ff00ff"


@given(st.lists(FACTS, max_size=5))
def test_there_and_back(facts: list[Fact]) -> None:
    sealer = Sealer([NEW])
    lines = sealer.lines(facts, SEGMENT).split(b"\n")
    assert lines.pop() == b"" and len(lines) == len(facts), "one line a fact, whatever stands in it"
    assert [sealer.fact(line, SEGMENT) for line in lines] == facts
    assert not any(line.endswith(TORN) for line in lines)


def test_a_line_of_an_old_key_is_read_while_that_key_is_there() -> None:
    fact = Fact("2026", "topics", "x", bytes(16))
    line = Sealer([OLD]).lines([fact], SEGMENT).rstrip()
    assert Sealer([NEW, OLD]).fact(line, SEGMENT) == fact
    assert Sealer([NEW]).fact(line, SEGMENT) is None
    assert Sealer([OLD]).fact(Sealer([NEW, OLD]).lines([fact], SEGMENT).rstrip(), SEGMENT) is None, "the newest seals"


def test_a_line_belongs_to_its_segment() -> None:
    sealer = Sealer([NEW])
    line = sealer.lines([Fact("2026", "topics", "x", bytes(16))], SEGMENT).rstrip()
    assert sealer.fact(line, SEGMENT[::-1]) is None


def test_every_cut_and_every_changed_byte_gives_nothing() -> None:
    sealer = Sealer([NEW])
    line = sealer.lines([Fact("2026K4", "use", "proeve/tre", os.urandom(16))], SEGMENT).rstrip()
    for at in range(len(line)):
        assert sealer.fact(line[:at], SEGMENT) is None
        assert sealer.fact(line[:at] + bytes([line[at] ^ 1]) + line[at + 1 :], SEGMENT) is None


@given(st.binary(max_size=200))
def test_garbage_gives_nothing(garbage: bytes) -> None:
    sealer = Sealer([NEW, OLD])
    assert sealer.fact(garbage, SEGMENT) is None
    assert sealer.fact(base64.b64encode(garbage), SEGMENT) is None


@pytest.mark.parametrize("plain", [b"", b"{}", b"[]", b"[1]", b'["a","b","c","xx",1]', b'["a","b","c",1,1]', b"\xff"])
def test_what_is_sealed_and_is_no_fact_gives_nothing(plain: bytes) -> None:
    sealer = Sealer([NEW])
    line = base64.b64encode(bytes(12) + sealer._ciphers[0].encrypt(bytes(12), plain, SEGMENT.encode()))
    assert sealer.fact(line, SEGMENT) is None


def test_no_two_lines_are_alike() -> None:
    fact = Fact("2026", "topics", "x", bytes(16))
    lines = Sealer([NEW]).lines([fact] * 1000, SEGMENT).split()
    assert len(set(lines)) == 1000


@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=4))
def test_a_hash_is_of_its_parts_and_of_its_walk(some: list[str], others: list[str]) -> None:
    assert len(once("key", *some)) == 16
    assert (once("key", *some) == once("key", *others)) == (some == others), "ab+c is not a+bc"
    assert once("key", *some) != once("other", *some)
