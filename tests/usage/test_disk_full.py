"""A disk without room: every reply is 200, what is dropped is counted, and with room again all goes on by itself.

In a process of its own, under a limit on the size of files, and on a small file system where one may be mounted. With
GUIDE_NIGHT=1 it is full for a second at a time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import HANGS

ROOT = Path(__file__).parent.parent.parent
FULL = 1.0 if os.environ.get("GUIDE_NIGHT") else 0.3
"""Seconds, at the least, that the disk is full each time."""

CHILD = '''
import json, os, resource, signal, sqlite3, sys, time
from pathlib import Path
from guide import config
from guide.usage import counting, spool
from guide.web import create_app
from tests.conftest import DEMO

data, how, long = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
counting.SHORTEST, counting.LONGEST, spool.FLUSH, spool.RETRY = 0.02, 0.05, 0.02, 0.02
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
app = create_app(config.Settings(data, ("k" * 32,), (), None, None), DEMO)
held = app.extensions["guide"].counting
handed, real, lost = 0, held._spool.write, 0

def write(facts):
    global handed
    handed += len(facts)
    real(facts)

held._spool.write = write
statuses = {}

def walk():
    client = app.test_client()
    pages = [client.post("/proeve/tre/start"), client.get("/proeve/tre/1")]
    for n, step in enumerate(("akut-fare", "slag", "trist"), 1):
        pages.append(client.post(f"/proeve/tre/{n}", data={"trin": step, "svar": "nej"}))
        pages.append(client.get(f"/proeve/tre/{n + 1}"))
    for page in pages:
        statuses[page.status_code] = statuses.get(page.status_code, 0) + 1
    assert 'data-level="undren"' in pages[-1].text

def fill():
    """No room: all that is left goes into one file, or no file may grow beyond some lines."""
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))
        return
    with open(data.parent / "filler", "ab", buffering=0) as filler:
        for piece in (4096, 1):
            try:
                while True:
                    filler.write(b"x" * piece)
            except OSError:
                pass

def free():
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        (data.parent / "filler").unlink()

def some(walks, seconds):
    """So many walks, and no fewer than so many seconds of them: threads write and drain meanwhile."""
    end = time.monotonic() + seconds
    while walks > 0 or time.monotonic() < end:
        walks -= 1
        walk()

some(10, 0.1)
for _ in range(2):
    fill()
    some(10, long)
    lost = max(lost, held._spool.lost)
    free()
    some(10, 0.1)
rows = held.totals()
intact = sqlite3.connect(data / "guide.sqlite").execute("pragma integrity_check").fetchone()[0]
operations = {}
for period, tab, cell, n in rows:
    if tab == "operations":
        operations[cell] = operations.get(cell, 0) + n
print(json.dumps({"statuses": statuses, "handed": handed, "operations": operations, "intact": intact, "lost": lost,
                  "left": held._spool.lost, "findings": held.findings()}))
'''


@pytest.fixture(params=["limit", "small file system"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """(an empty folder, how it becomes full); the limit stands in where nothing may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        request.param != "limit"
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], capture_output=True
        ).returncode
    )
    yield folder, "fill" if mounted else "limit"
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(disk: tuple[Path, str]) -> None:
    folder, how = disk
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder / "data"), how, str(FULL)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=4 * HANGS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    operations = told["operations"]
    assert set(told["statuses"]) == {"200", "303"}
    assert operations["dropped"] >= told["lost"] > 0, "it was full"
    assert operations["counted"] + operations["dropped"] == told["handed"] and told["left"] == 0
    assert told["intact"] == "ok" and told["findings"] == []
    allowed = {"when writing to a segment", "when opening a segment", "when closing a segment", "when draining"}
    lines = done.stderr.splitlines()
    assert {line.split(" ", 1)[1] for line in lines} <= allowed and len(lines) < 200, done.stderr
