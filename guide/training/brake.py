"""How many wrong codes, and new sessions, are taken before everybody has to wait: codes must not be found by trying.

A code has 30 bits. With 50 live sessions and ALL wrong codes a minute in each of two processes, whoever tries for 12
hours finds one with a chance of one in fifty, whatever addresses they come from. What is counted lives in the memory of
one process for a minute and is keyed by chance, so that it tells no address. Phones that have their seat are never
asked.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable

EACH = 60
"""Wrong codes from one network in a minute: a whole room may sit behind one address, and people misread."""

ALL = 300
"""Wrong codes from anywhere in a minute."""

MINUTE = 60.0


class Brake:
    """Counts what may be done so often in a minute: wrong codes, or new sessions; for all threads of a process."""

    def __init__(self, each: int = EACH, all: int = ALL, clock: Callable[[], float] = time.monotonic) -> None:
        self._each, self._all, self._clock = each, all, clock
        self._lock, self._key = threading.Lock(), secrets.token_bytes(16)
        self._minute, self._counted = -1, Counter[bytes]()

    def holds(self, network: str) -> bool:
        """Whether nothing more from there is taken now, right or wrong. `network`: an address, or "" when unknown."""
        with self._lock:
            self._turn()
            known = bool(network) and self._counted[self._hashed(network)] >= self._each
            return known or self._counted.total() >= self._all

    def count(self, network: str) -> None:
        """One more from there."""
        with self._lock:
            self._turn()
            self._counted[self._hashed(network)] += 1

    def forget(self) -> None:
        """What was counted in an earlier minute goes. Called on every request, so that it stays no longer than that."""
        if self._counted:
            with self._lock:
                self._turn()

    def _turn(self) -> None:
        minute = int(self._clock() / MINUTE)
        if minute != self._minute:
            self._minute, self._key = minute, secrets.token_bytes(16)
            self._counted.clear()

    def _hashed(self, network: str) -> bytes:
        return hashlib.blake2b(network.encode(), key=self._key, digest_size=8).digest()
