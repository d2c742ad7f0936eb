"""The code that participants type or scan, and the trainer's secret. Not here: who may try how many (`brake.py`)."""

from __future__ import annotations

import hashlib
import hmac
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""A–Z without I and O, and 2–9: what nobody misreads on a wall."""

LENGTH = 6
"""Characters of a code: 30 bits."""


def new_code() -> str:
    """A code by chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def typed(text: str) -> str | None:
    """A code as somebody typed it: in any case, with spaces or hyphens. None for what cannot be one."""
    code = "".join(text.split()).replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None


def new_secret() -> str:
    """128 bits: who has them is the trainer, or has this phone's seat."""
    return secrets.token_urlsafe(16)


def hashed(secret: str) -> str:
    """What is kept of a secret: SHA-256, in hex. It has 128 bits, so that nothing slower is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, kept: str) -> bool:
    """Whether it is the secret that was kept, in the same time whatever it is."""
    return hmac.compare_digest(hashed(secret), kept)
