"""What an earlier check said of the very same bytes, so that one kommune's change does not cost a check of all.

Here: what a verdict is about (its key) and who may keep it (`Verdicts`); only those without an error are kept.
Not here: where they lie (`guide/live/verdicts.py`). `guide check` never asks for any.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Protocol

import pydantic

import guide
from guide.flows.finding import Finding, errors

PACKAGES = ("guide.model", "guide.flows", "guide.library")
"""Whose code decides what is found."""


class Verdicts(Protocol):
    """Findings by key."""

    def get(self, key: str) -> Sequence[Finding] | None:
        """What was found; None when it is not known."""

    def put(self, key: str, found: Sequence[Finding]) -> None:
        """Remember it. Never raises: what is not remembered is checked again."""

    def texts(self, key: str) -> Mapping[str, str] | None:
        """What was read aloud of a kommune's flows, by name; None when it is not known."""

    def put_texts(self, key: str, texts: Mapping[str, str]) -> None:
        """Remember it. Never raises."""


@cache
def code() -> str:
    """The guide that checks: its version, its sources, and what they run on."""
    found = hashlib.blake2b(f"{guide.__version__}\0{pydantic.VERSION}\0{sys.version}".encode(), digest_size=16)
    for package in PACKAGES:
        for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith(".py"):
                data = file.read_bytes()
                found.update(f"{package}/{file.name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def key(about: str, national: str, files: Iterable[tuple[str, bytes]]) -> str:
    """What a verdict is about: the kind of check, the hash of the national content, and the files with their names."""
    found = hashlib.blake2b(f"{code()}\0{about}\0{national}\0".encode(), digest_size=16)
    for name, data in files:
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()


def judged(verdicts: Verdicts | None, key: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What is known under a key, else what a check finds now; without an error it is known from then on."""
    known = verdicts.get(key) if verdicts is not None and key else None
    if known is not None:
        return list(known)
    found = list(check())
    if verdicts is not None and key and not errors(found):
        verdicts.put(key, found)
    return found
