"""The one cookie: a walk's answers, sealed. Nothing about a walk is kept on the server.

It holds option ids and a random key, never text. Sealed with Fernet (encrypted and signed); keys are
derived from GUIDE_SECRET_KEY with HKDF, so that the same string can serve other purposes later.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guide.flows.rules import Answers

IDLE = 30 * 60
"""Seconds without a request after which a walk is over: staff rooms share computers."""
ABSOLUTE = 12 * 60 * 60
"""Seconds after which a walk is over whatever is done."""
RENEW = 5 * 60
"""Age in seconds at which a page that is only read seals the cookie anew."""
LARGEST = 3_000
"""Bytes of the sealed value; browsers promise 4,096 for name, value and attributes together."""


class Unreadable(Exception):
    """A cookie that is expired, future-dated, damaged or not ours."""


@dataclass(frozen=True)
class Ticket:
    """What the cookie says: which walk, where, with which answers, begun when, on which content."""

    key: str
    municipality: str
    flow: str
    answers: Answers
    started: int
    digest: str
    reached: bool = False
    """An outcome was reached before: only the first one is counted."""
    home: str | None = None
    """The child's kommune where it is another than the workplace's: its numbers are shown."""

    @property
    def tag(self) -> str:
        """What a form carries to show which walk it belongs to; tells nothing about the key."""
        return hashlib.blake2b(b"tag", key=self.key.encode(), digest_size=8).hexdigest()


def new_ticket(municipality: str, flow: str, digest: str, now: int) -> Ticket:
    """A walk that has just begun, with a fresh random key of 128 bits."""
    return Ticket(secrets.token_urlsafe(16), municipality, flow, {}, now, digest)


class Seal:
    """Tickets to cookie values and back. `keys` are at least 32 characters each, newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = fernet(keys, b"guide walk cookie")

    def close(self, ticket: Ticket, on_path: Answers, now: int) -> str:
        """The cookie value, under LARGEST bytes: answers off the path are dropped first."""
        value = self._encrypt(ticket, now)
        return value if len(value) <= LARGEST else self._encrypt(replace(ticket, answers=on_path), now)

    def _encrypt(self, ticket: Ticket, now: int) -> str:
        data = {
            "k": ticket.key,
            "m": ticket.municipality,
            "f": ticket.flow,
            "a": {step: list(chosen) for step, chosen in ticket.answers.items()},
            "s": ticket.started,
            "d": ticket.digest,
            "o": int(ticket.reached),
        } | ({"h": ticket.home} if ticket.home else {})
        plain = json.dumps(data, separators=(",", ":")).encode()
        return self._fernet.encrypt_at_time(plain, now).decode("ascii")

    def open(self, value: str, now: int) -> tuple[Ticket, int]:
        """The ticket and the age in seconds of its seal. Raises Unreadable."""
        try:
            token = value.encode("ascii")
            data = json.loads(self._fernet.decrypt_at_time(token, IDLE, now))
            # The second of sealing follows Fernet's version byte; `extract_timestamp` would open the token twice.
            ticket = _ticket(data)
            age = now - int.from_bytes(base64.urlsafe_b64decode(token[:12])[1:9], "big")
        except (InvalidToken, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable from error
        if not 0 <= now - ticket.started + 60 <= ABSOLUTE + 60:
            raise Unreadable
        return ticket, age


def _ticket(data: Mapping[str, Any]) -> Ticket:
    answers = {str(step): tuple(str(o) for o in chosen) for step, chosen in data["a"].items()}
    home = str(data["h"]) if data.get("h") else None
    walk = str(data["k"]), str(data["m"]), str(data["f"])
    return Ticket(*walk, answers, int(data["s"]), str(data["d"]), bool(data.get("o")), home)


def fernet(keys: Sequence[str], purpose: bytes) -> MultiFernet:
    """What seals for one purpose, by keys derived from these; newest first."""
    derived = (HKDF(SHA256(), 32, salt=None, info=purpose).derive(key.encode()) for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in derived])
