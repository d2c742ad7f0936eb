"""A fact on its way to the counters: what it is in memory, and as a sealed line in a segment."""

from __future__ import annotations

import hashlib
import os
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
"""Bytes of a random AES-GCM nonce."""

BLOCK = 128
"""Bytes that every fact is filled up to: the length of a sealed line would tell kommune and outcome apart."""

TORN = b"!"
"""Ends a line whose write was cut short; no whole line ends so."""


class Fact(NamedTuple):
    """`n` more in a cell of a table in a period; counted once for each `hash` (16 bytes).

    No time finer than the period, and nothing that joins it with another fact of the same walk. The texts are of
    ids and `/`, never a `;`.
    """

    period: str
    tab: str
    cell: str
    hash: bytes
    n: int = 1


def once(walk_key: str, *what: str) -> bytes:
    """The hash of what is counted once in a walk: BLAKE2 over the parts, each with its length, keyed with the walk key.

    Without the walk key, which only the visitor's sealed cookie holds, two hashes of one walk cannot be joined.
    """
    parts = [part.encode() for part in what]
    told = b"".join([len(part).to_bytes(4, "big") + part for part in parts])
    return hashlib.blake2b(told, key=walk_key.encode()[:64], digest_size=16).digest()


class Sealer:
    """Facts to lines and back, by AES-GCM under a key derived from GUIDE_SECRET_KEY. `keys`: newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ciphers = [AESGCM(HKDF(SHA256(), 32, salt=None, info=b"guide spool").derive(k.encode())) for k in keys]

    def lines(self, facts: Iterable[Fact], segment: str) -> bytes:
        """One line a fact, bound to the segment it is written in."""
        return b"".join([self._line(fact, segment.encode()) for fact in facts])

    def _line(self, fact: Fact, segment: bytes) -> bytes:
        plain = fact.hash + fact.n.to_bytes(8, "big") + f"{fact.period};{fact.tab};{fact.cell}".encode()
        plain += b" " * (-len(plain) % BLOCK)
        nonce = os.urandom(NONCE)
        return b2a_base64(nonce + self._ciphers[0].encrypt(nonce, plain, segment))  # ends with a new line

    def fact(self, line: bytes, segment: str) -> Fact | None:
        """The fact of a line; None for a line that is torn, damaged, of another segment or under another key."""
        try:
            raw = a2b_base64(line, strict_mode=True)
        except ValueError:
            return None
        for cipher in self._ciphers:
            try:
                plain = cipher.decrypt(raw[:NONCE], raw[NONCE:], segment.encode())
                period, tab, cell = plain[24:].decode().rstrip(" ").split(";")
                return Fact(period, tab, cell, plain[:16], int.from_bytes(plain[16:24], "big"))
            except (InvalidTag, ValueError):
                continue
        return None
