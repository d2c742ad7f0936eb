"""A fact on its way to the counters: what it is in memory, and as a sealed line in a segment."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from binascii import Error as Base64Error
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

    No time finer than the period, and nothing that joins it with another fact of the same walk.
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
    digest = hashlib.blake2b(key=walk_key.encode()[:64], digest_size=16)
    for part in what:
        raw = part.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.digest()


class Sealer:
    """Facts to lines and back, by AES-GCM under a key derived from GUIDE_SECRET_KEY. `keys`: newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._ciphers = [AESGCM(HKDF(SHA256(), 32, salt=None, info=b"guide spool").derive(k.encode())) for k in keys]

    def lines(self, facts: Iterable[Fact], segment: str) -> bytes:
        """One line a fact, bound to the segment it is written in."""
        return b"".join(self._line(fact, segment.encode()) for fact in facts)

    def _line(self, fact: Fact, segment: bytes) -> bytes:
        plain = json.dumps([fact.period, fact.tab, fact.cell, fact.hash.hex(), fact.n], separators=(",", ":")).encode()
        plain += b" " * (-len(plain) % BLOCK)
        nonce = os.urandom(NONCE)
        return base64.b64encode(nonce + self._ciphers[0].encrypt(nonce, plain, segment)) + b"\n"

    def fact(self, line: bytes, segment: str) -> Fact | None:
        """The fact of a line; None for a line that is torn, damaged, of another segment or under another key."""
        try:
            raw = base64.b64decode(line, validate=True)
        except (Base64Error, ValueError):
            return None
        for cipher in self._ciphers:
            try:
                plain = cipher.decrypt(raw[:NONCE], raw[NONCE:], segment.encode())
                period, tab, cell, digest, n = json.loads(plain)
                return Fact(period, tab, cell, bytes.fromhex(digest), n)
            except (InvalidTag, ValueError, TypeError):
                continue
        return None
