"""Codes and secrets: what they are made of, and what somebody may type."""

from __future__ import annotations

import re

import pytest

from guide.training.codes import fits, hashed, new_code, new_secret, typed


def test_codes_are_what_nobody_misreads() -> None:
    codes = {new_code() for _ in range(5_000)}
    assert all(re.fullmatch("[A-HJ-NP-Z2-9]{6}", code) for code in codes)
    assert set("".join(codes)) == set("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
    assert len(codes) > 4_900


@pytest.mark.parametrize("said", ["abc234", "ABC 234", "abc-234", " Abc 2 34\n", "a b c 2 3 4"])
def test_a_code_may_be_typed_in_many_ways(said: str) -> None:
    assert typed(said) == "ABC234"


@pytest.mark.parametrize(
    "said", ["", "ABC23", "ABC2345", "ABC23I", "ABCO23", "ABC012", "ABC1AB", "ÆBC234", "ABC_23", "ABC23\x00", "٣٣٣٣٣٣"]
)
def test_what_can_be_no_code(said: str) -> None:
    assert typed(said) is None


def test_a_secret_has_128_bits_and_only_its_hash_is_kept() -> None:
    secrets = {new_secret() for _ in range(1_000)}
    assert len(secrets) == 1_000 and all(len(secret) == 22 for secret in secrets)
    one, other, *_ = secrets
    assert fits(one, hashed(one)) and not fits(other, hashed(one)) and not fits("", hashed(one))
    assert one not in hashed(one) and not fits("æ", hashed(one))
