"""The cookie of a phone in a temadag: its seat, and the practice walk it is on. Never the cookie of a real walk.

Sealed as that one is, with keys of its own, and sent only to `/ov/`. It holds ids and a random key, no text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet

from guide.flows.rules import Answers
from guide.training.session import LONGEST
from guide.web.walk_cookie import Unreadable, fernet

PURPOSE = b"guide practice cookie"


@dataclass(frozen=True)
class Seated:
    """A phone's seat in a session, and how far its practice walk is: which round, which flow, with which answers."""

    code: str
    seat: str
    round: int = -1
    flow: str = ""
    answers: Answers = field(default_factory=dict)


class PracticeSeal:
    """Seats to cookie values and back. `keys` as those of `Seal`."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet: MultiFernet = fernet(keys, PURPOSE)

    def close(self, seated: Seated, now: int) -> str:
        """The cookie value."""
        plain = json.dumps(asdict(seated), separators=(",", ":")).encode()
        return self._fernet.encrypt_at_time(plain, now).decode("ascii")

    def open(self, value: str, now: int) -> Seated:
        """Raises Unreadable, also for one that is older than a session can be."""
        try:
            found: dict[str, Any] = json.loads(self._fernet.decrypt_at_time(value.encode("ascii"), LONGEST, now))
            answers = {str(step): tuple(map(str, chosen)) for step, chosen in found.pop("answers").items()}
            return Seated(**found, answers=answers)
        except (InvalidToken, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreadable from error
