"""In which order a real server asks the system: write before the reply, sync within a second, no database on the way.

A kill cannot show what a power cut loses; the system calls can. One walker walks, so that what lies between a request
and its reply belongs to it. `order` reads the trace and says what is wrong.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import HANGS
from tests.test_serve import free_port
from tests.usage.load import Notes, ended, walkers
from tests.usage.served import FAULTS_OF_ORDER, Launcher

PROMISE = 1.0
"""Seconds that a power cut may take with it."""

POSTS = 300 if os.environ.get("GUIDE_NIGHT") == "1" else 30
PLANTED_POSTS = 8

CALLS = "write,writev,pwrite64,pwritev,sendto,sendmsg,recvfrom,read,pread64,openat,fsync,fdatasync"
STRACE = ("strace", "-f", "--seccomp-bpf", "-ttt", "-T", "-y", "-s", "40", "-e", f"trace={CALLS}", "-o")
"""Followed by the file for the trace. -ttt: seconds since 1970; -T: how long; -y: the path of each descriptor."""


@dataclass
class Call:
    """One system call: thread, name, the text of its arguments, and when it began and ended, by clock and by line."""

    thread: str
    name: str
    text: str
    began: float
    first: int
    ended: float
    last: int

    def on(self, pattern: str) -> str | None:
        """The path in its first argument when it fits the pattern."""
        found = re.match(rf"(?:AT_FDCWD|-?\d+)?<?({pattern})>", self.text)
        return found[1] if found else None


LINE = re.compile(r"(\d+) +(\d+\.\d+) (?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)")


def calls(lines: Iterable[str]) -> list[Call]:
    """The calls of a trace, in the order in which they began; those cut off by the end are left out."""
    found, waiting = list[Call](), dict[str, Call]()
    for number, line in enumerate(lines):
        match = LINE.match(line)
        if not match:
            continue  # a signal, an exit
        thread, at, resumed, name, text = match.groups()
        if resumed:
            call = waiting.pop(thread, None)
            if call is not None:
                call.text, call.ended, call.last = call.text + text, float(at), number
                found.append(call)
        else:
            call = Call(thread, name, text, float(at), number, float(at), number)
            if text.endswith("<unfinished ...>"):
                call.text = text.removesuffix("<unfinished ...>")
                waiting[thread] = call
            else:
                took = re.search(r"<(\d+\.\d+)>$", text)
                call.ended += float(took[1]) if took else 0
                found.append(call)
    return sorted(found, key=lambda call: call.first)


SEGMENT = r"[^>]*/spool/\w+\.open"
DATABASE = r"[^>]*/guide\.sqlite[^>]*"


@dataclass
class Order:
    """What a trace shows."""

    wrong: list[str]
    posts: int
    written: int
    """Writes to a segment."""
    slowest: float
    """Seconds from a write to the end of its sync, at most."""
    database: int
    """Calls on the database."""


def order(found: list[Call]) -> Order:
    """What is wrong: a reply before its write, a write without its sync in time, a request at the database."""
    wrong = list[str]()
    writes = [call for call in found if call.name == "write" and call.on(SEGMENT)]
    posts = [call for call in found if call.name in ("recvfrom", "read") and '"POST /' in call.text]
    replies = [
        call for call in found if call.name in ("write", "writev", "sendto", "sendmsg") and '"HTTP/1.1 303' in call.text
    ]
    for post in posts:
        reply = next((r for r in replies if r.first > post.last), None)
        if reply and not any(post.last < w.first and w.last < reply.first for w in writes):
            wrong.append(f"a reply at {reply.began} without a write before it")
    syncs = [call for call in found if call.name == "fdatasync"]
    took = [_synced(write, syncs) for write in writes]
    wrong += [f"a write synced after {seconds:.2f} s" for seconds in took if seconds > PROMISE]
    threads = {call.thread for call in [*writes, *posts, *replies]}
    database = [call for call in found if _on_database(call)]
    wrong += [f"{call.name} on the database in a thread of requests" for call in database if call.thread in threads]
    return Order(wrong, len(posts), len(writes), max(took, default=0.0), len(database))


def _synced(write: Call, syncs: list[Call]) -> float:
    """Seconds from a write to the end of the first sync of the same segment that began after it."""
    path = write.on(SEGMENT)
    return next((s.ended - write.began for s in syncs if s.first > write.last and s.on(SEGMENT) == path), float("inf"))


def _on_database(call: Call) -> bool:
    return bool(call.on(DATABASE)) or (call.name == "openat" and bool(re.search(r"/guide\.sqlite", call.text)))


def traced(folder: Path, posts: int, fault: str | None = None) -> tuple[Order, Notes]:
    """A server under strace, one walker, and what the trace shows until the last answer and its sync."""
    data, trace, port = folder / "data", folder / "trace", free_port()
    data.mkdir()
    environment = {"GUIDE_DATA": str(data), "GUIDE_SECRET_KEY": "k" * 48}
    launcher = Launcher(port, environment, folder / "said", [*STRACE, str(trace)])
    try:
        launcher.start(fault=fault)
        going = walkers(port, 1, 20261122)
        deadline = time.monotonic() + HANGS + posts
        while going[0].notes.posts < posts and time.monotonic() < deadline:
            time.sleep(0.05)
        notes = ended(going)
        time.sleep(1.2 * PROMISE)  # the last write is synced, or too late
    finally:
        launcher.close()
    return order(calls(trace.read_text().splitlines())), notes


def test_write_before_the_reply_and_sync_within_a_second(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seen, notes = traced(tmp_path, POSTS)
    record_property(
        "posts", f"{seen.posts}, {seen.written} writes before the reply, synced after {seen.slowest:.2f} s at most"
    )
    assert notes.wrong == [] and seen.wrong == []
    assert seen.posts == notes.posts + notes.cut and seen.written >= notes.posts >= POSTS and seen.database > 10


@pytest.mark.parametrize(
    "fault, shown",
    [
        ("reply before write", "without a write before it"),
        ("flushed late", "a write synced after"),
        ("drained in the request", "on the database in a thread of requests"),
    ],
)
def test_each_planted_fault_of_order_is_found(tmp_path: Path, fault: str, shown: str) -> None:
    assert fault in FAULTS_OF_ORDER
    seen, _ = traced(tmp_path, PLANTED_POSTS, fault)
    assert any(shown in text for text in seen.wrong), seen.wrong


TRACE = """\
7 100.000000 recvfrom(5<socket:[1]>, "POST /a HTTP/1.1"..., 99, 0, NULL, NULL) = 99
8 100.100000 write(9</d/spool/ab.open>, "x"..., 4 <unfinished ...>
7 100.200000 writev(5<socket:[1]>, [{iov_base="HTTP/1.1 303 See Other"..., iov_len=9}], 1) = 9
8 100.300000 <... write resumed>) = 4
6 100.900000 fdatasync(9</d/spool/ab.open>) = 0
"""


def test_a_write_that_ends_after_the_reply_began_is_too_late() -> None:
    seen = order(calls(TRACE.splitlines()))
    assert len(seen.wrong) == 1 and "without a write before it" in seen.wrong[0] and round(seen.slowest, 3) == 0.8
    lines = TRACE.splitlines()
    assert order(calls([lines[0], lines[1], lines[3], lines[2], lines[4]])).wrong == []
    assert "inf" in str(order(calls(lines[:4])).wrong)
