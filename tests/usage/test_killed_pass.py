"""A drainer killed at any line of a pass: the next pass counts everything once, also what comes back later.

The lines are those of `drainer.py` and `db.py`, so a kill falls before and after each statement, commit and unlink.
Every eleventh line in `make test`, every line with GUIDE_NIGHT=1.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import delete

from guide import db
from guide.usage import drainer
from guide.usage.drainer import Drainer
from tests.conftest import HANGS
from tests.usage.served import FAULTS
from tests.usage.test_writers import NIGHT, SEALER, Fact, open_segment, processes

STRIDE = 1 if NIGHT else 11
TRACED = {drainer.__file__, db.__file__}


def put(folder: Path, cell: str) -> int:
    """Two closed segments, one whose writer died, and one that nothing stands in: the number of facts."""
    facts = [Fact("2026", "topics", cell, os.urandom(16)) for _ in range(5)]
    for suffix, some in ((".closed", facts[:2]), (".closed", facts[1:4]), (".open", facts[3:]), (".open", [])):
        made = open_segment(folder)
        os.write(made.descriptor, SEALER.lines(some, made.id))
        os.close(made.descriptor)
        made.path.rename(made.path.with_suffix(suffix))
    return len(facts)


def die_at(line: int) -> None:
    """Kill this process when it comes to that line, counted from now."""
    left = line

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        left -= event == "line"
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return local

    sys.settrace(lambda frame, event, argument: local if frame.f_code.co_filename in TRACED else None)


def killed_at(data: Path, url: str | None, line: int, fault: str | None) -> tuple[bool, str]:
    """One pass killed at that line: (it was, what is wrong after the next pass and after all came back)."""
    folder, kept, cell = data / f"spool{line}", data / f"kept{line}", f"line{line}"
    facts = put(folder, cell)
    shutil.copytree(folder, kept)
    pid = os.fork()
    if pid == 0:
        if fault:
            FAULTS[fault]()
        mine = Drainer(folder, SEALER, db.open_engine(url, data))
        die_at(line)
        mine.drain()
        sys.settrace(None)
        os._exit(0)
    killed = os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    engine = db.open_engine(url, data)
    Drainer(folder, SEALER, engine).drain()
    first = {c: n for _, _, c, n in db.totals(engine)}.get(cell, 0)
    with engine.begin() as connection:
        connection.execute(delete(db.seen))
    for path in kept.iterdir():
        shutil.copy(path, folder / path.with_suffix(".closed").name)
    Drainer(folder, SEALER, engine).drain()
    second = {c: n for _, _, c, n in db.totals(engine)}.get(cell, 0)
    wrong = "" if first == second == facts else f"line {line}: {facts} written, {first} counted, then {second}"
    return killed, wrong


def kill_everywhere(data: Path, url: str | None, stride: int, fault: str | None, answer: Any) -> None:
    """In a process without threads: kill at line after line until a pass comes to its end."""
    db.prepare(db.open_engine(url, data))
    line, wrong, killed = 1, list[str](), True
    while killed:
        killed, found = killed_at(data, url, line, fault)
        wrong += [found] if found else []
        line += stride
    answer.send((line, wrong))


def everywhere(data: Path, url: str | None, stride: int, fault: str | None = None) -> tuple[int, list[str]]:
    """(lines of a pass, what was wrong)."""
    here, there = processes.Pipe()
    process = processes.Process(target=kill_everywhere, args=(data, url, stride, fault, there))
    process.start()
    assert here.poll((60 if NIGHT else 4) * HANGS), "a pass hangs"
    process.join(HANGS)
    found: tuple[int, list[str]] = here.recv()
    return found


def test_a_pass_killed_at_any_line_loses_and_doubles_nothing(tmp_path: Path, database: str | None) -> None:
    lines, wrong = everywhere(tmp_path, database, STRIDE)
    print(f"\n{lines} lines")
    assert wrong == [] and lines > 100


@pytest.mark.parametrize("fault", ["unlinked before commit", "segments not recorded"])
def test_each_planted_fault_of_a_pass_is_found(tmp_path: Path, fault: str) -> None:
    assert everywhere(tmp_path, None, 17, fault)[1]
