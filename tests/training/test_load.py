"""Sessions under load: several threads of several processes at one file, and nothing is lost or broken."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from guide import db
from guide.training.session import Session, ask, put
from guide.training.store import FILE, Store
from guide.training.votes import Kind, Vote

NIGHT = bool(os.environ.get("GUIDE_NIGHT"))
PROCESSES, THREADS, SEATS = 2, 4, 40 if NIGHT else 6

OPEN_AND_CLOSE = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('select 1 from one'); c.close()"


def _log_survives(folder: Path, meanwhile: str) -> bool:
    """Whether the log stays under a connection of ours while another process opens the file and closes it."""
    path = folder / FILE
    with db.open_engine(None, folder, FILE).begin() as connection:
        connection.exec_driver_sql("create table one (n)")
    with closing(db.open_reader(None, folder, FILE).raw_connection()) as ours:
        ours.cursor().execute("select * from one")
        with closing(db.open_engine(None, folder, FILE).raw_connection()) as other:
            other.cursor().execute("insert into one values (1)")
        if meanwhile:
            os.close(os.open(path, os.O_RDONLY))
        subprocess.run([sys.executable, "-c", OPEN_AND_CLOSE, path], check=True)
        return Path(f"{path}-wal").exists()


@pytest.mark.parametrize("planted", ["", "the file is opened and closed beside SQLite"])
def test_no_thread_gives_up_the_locks_of_the_others(tmp_path: Path, planted: str) -> None:
    assert _log_survives(tmp_path, planted) is not bool(planted)


def _answer(folder: Path, code: str, process: int) -> None:
    """Seats of one process, by several threads, join and answer."""
    store, failed = Store(folder, None), list[Exception]()

    def seats(thread: int) -> None:
        try:
            for number in range(SEATS):
                seat = f"{process}-{thread}-{number}"
                store.join(code, seat, "skole")
                assert store.vote(code, 0, seat, Vote("skole", "", "undren"))
                assert store.seen_from(code, seat)[2] == {0}
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=seats, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_all_answers_of_several_processes_are_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, None)
    code, _ = store.create(Session(("case",), int(time.time()) + 600, "alle"))
    store.change(code, lambda session: ask(put(session, 0), Kind.level))
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_answer, args=(tmp_path, code, number)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    state = store.state(code)
    assert (state.seats, state.answered) == (PROCESSES * THREADS * SEATS, {0: PROCESSES * THREADS * SEATS})
    assert len(store.votes(code, 0)) == PROCESSES * THREADS * SEATS
