"""Stop, crash, reload and restart of the real `guide serve`, with visitors on it.

One round in `make test`; with GUIDE_NIGHT=1 twenty. Each harness also runs with a fault planted, which it must see.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import HANGS
from tests.running import Running, Visitors, free_port, gone, guide, reload, until

ROUNDS = 20 if os.environ.get("GUIDE_NIGHT") else 1
"""Reloads and restarts under load."""

DEAF = "import signal; server._begin_worker = lambda _: signal.signal(signal.SIGUSR1, signal.SIG_IGN); server.STOP = 1"
"""A worker that keeps the main process' handlers while it reads the content."""

LATE = "create = guide.web.create_app; guide.web.create_app = lambda: time.sleep(2) or create()"
"""Content that takes long to read, so that a signal surely comes while a worker starts."""


@pytest.fixture
def held() -> Iterator[socket.socket]:
    """A listening socket that outlives the guide, as the one that systemd holds."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        yield listener


def slow(port: int, answers: list[object]) -> threading.Thread:
    """A request that takes a second, begun when this returns; its status or its error lands in `answers`."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
    connection.request("GET", "/slow")

    def read() -> None:
        try:
            answer = connection.getresponse()
            answers.append((answer.status, answer.read()))
        except (OSError, http.client.HTTPException) as error:
            answers.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    return thread


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_what_is_under_way(tmp_path: Path, number: int) -> None:
    """Answers are given to the end, and what was counted lies on the disk."""
    with guide(tmp_path) as running:
        until("nobody answers", running.ready)
        pids, answers = running.workers, list[object]()
        counted = http.client.HTTPConnection("127.0.0.1", running.port, timeout=HANGS)
        counted.request("POST", "/proeve/tre/start")
        assert counted.getresponse().status == 303
        asked = [slow(running.port, answers) for _ in range(6)]
        time.sleep(0.3)  # until the server has read them
        code, printed = running.stop(number)
        for thread in asked:
            thread.join()
    assert answers == [(200, b"done")] * 6
    assert code == 0 and "refused" not in printed and "Traceback" not in printed, printed
    assert len(pids) == 2 and gone(pids)
    assert [path.suffix for path in (tmp_path / "spool").iterdir() if path.stat().st_size] == [".closed"]


def test_planted_a_stop_that_does_not_wait(tmp_path: Path) -> None:
    with guide(tmp_path) as running:
        until("nobody answers", running.ready)
        answers: list[object] = []
        asked = slow(running.port, answers)
        time.sleep(0.3)
        kill([*running.workers, running.process.pid])
        asked.join()
    assert len(answers) == 1 and isinstance(answers[0], (OSError, http.client.HTTPException))


def stop_while_starting(tmp_path: Path, planted: str) -> tuple[int, str]:
    with guide(tmp_path, planted=f"{LATE}; {planted}") as running:
        until("no workers", lambda: len(running.workers) == 2)
        time.sleep(0.2)
        return running.stop()


def test_a_stop_is_heard_while_workers_start(tmp_path: Path) -> None:
    code, printed = stop_while_starting(tmp_path, "")
    assert code == 0 and "refused" not in printed


def test_planted_a_worker_that_does_not_hear(tmp_path: Path) -> None:
    assert "refused to gracefully stop" in stop_while_starting(tmp_path, DEAF)[1]


def test_a_killed_worker_comes_again_and_a_stop_of_the_whole_group_ends_well(tmp_path: Path) -> None:
    with guide(tmp_path) as running:
        until("nobody answers", running.ready)
        first = running.workers
        kill(first[:1])
        until("no new worker", lambda: len(set(running.workers) - set(first)) == 1)
        until("nobody answers", running.ready)
        assert len(running.workers) == 2 and first[1] in running.workers
        os.killpg(running.process.pid, signal.SIGTERM)
        printed = running.process.communicate(timeout=HANGS)[0]
        assert running.process.returncode == 0 and "refused" not in printed


def test_a_worker_that_falls_twice_at_once_ends_it_with_1(tmp_path: Path) -> None:
    """So that systemd starts all of it anew; the page must not stay away while the process lives."""
    with guide(tmp_path, workers=1) as running:
        until("nobody answers", running.ready)
        first = running.workers
        kill(first)
        until("no new worker", lambda: running.workers not in ([], first))
        kill(running.workers)
        assert running.process.wait(timeout=HANGS) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_a_reload_fails_no_request(
    tmp_path: Path, workers: int, record_property: Callable[[str, object], None]
) -> None:
    with guide(tmp_path, workers) as running:
        until("nobody answers", running.ready)
        with Visitors(running.port).walking() as visitors:
            for _ in range(ROUNDS):
                visitors.more(50)
                reload(running)
            visitors.more(50)
        assert visitors.failed == [] and visitors.done > 50 * ROUNDS
        record_property("reloads", f"{ROUNDS}, {workers} workers, {visitors.done} requests, 0 failed")
        assert running.stop()[0] == 0


def test_planted_workers_that_are_torn_away(tmp_path: Path) -> None:
    with guide(tmp_path) as running:
        until("nobody answers", running.ready)
        with Visitors(running.port).walking() as visitors:
            for _ in range(20):  # it shows only when a worker is torn away from an answer
                visitors.more(20)
                kill(running.workers[:1])
                time.sleep(0.5)
                if visitors.failed:
                    break
        assert visitors.failed


def health(running: Running) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}/health/ready", timeout=HANGS) as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return told


def page(running: Running, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{running.port}{path}", timeout=HANGS) as answer:
        return str(answer.read().decode())


def test_content_that_was_spoilt_never_takes_the_guide_away(tmp_path: Path) -> None:
    """Neither by a reload nor when a worker falls: the last good content stays, and health tells."""
    file = tmp_path / "own" / "municipalities" / "anholt" / "municipality.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: Anholt Kommune\nexample: true\n", encoding="utf-8")
    with guide(tmp_path / "data", workers=1, content=tmp_path / "own") as running:
        until("nobody answers", running.ready)
        good = health(running)
        assert good["findings"] == [] and "Anholt Kommune" in page(running, "/anholt/")
        file.write_text("nam: Anholt\n", encoding="utf-8")
        reload(running)
        until("nothing is told", lambda: running.ready() and health(running)["findings"])
        spoilt = health(running)
        assert spoilt["content"] == good["content"] and "Anholt Kommune" in page(running, "/anholt/")
        said = "Fejl hos «anholt»: 2. Kommunens sidste gode bliver vist. Kør «guide check»."
        assert [f["message"] for f in spoilt["findings"]] == [said]
        time.sleep(5.6)  # two falls within 5.5 seconds are for systemd
        first = running.workers
        kill(first)
        until("no new worker", lambda: running.workers not in ([], first))
        until("nobody answers", running.ready)
        assert health(running)["findings"] == spoilt["findings"]
        file.write_text("name: Nye Anholt Kommune\nexample: true\n", encoding="utf-8")
        reload(running)
        until("it stays", lambda: running.ready() and health(running)["findings"] == [])
        assert health(running)["content"] != good["content"]
        assert "Nye Anholt Kommune" in page(running, "/anholt/")
        assert running.stop()[0] == 0


def restart(data: Path, held: socket.socket | None, rounds: int) -> Visitors:
    """Stop the guide and start it again, with visitors all the time."""
    port = held.getsockname()[1] if held else free_port()
    visitors = Visitors(port)
    with ExitStack() as stack, guide(data, held=held, port=port) as first:
        until("nobody answers", first.ready)
        running = first
        with visitors.walking():
            for _ in range(rounds):
                visitors.more(50)
                assert running.stop()[0] == 0
                running = stack.enter_context(guide(data, held=held, port=port))
                until("nobody answers", running.ready)
            visitors.more(50)
    return visitors


def test_a_restart_on_a_socket_that_systemd_holds_fails_no_request(tmp_path: Path, held: socket.socket) -> None:
    visitors = restart(tmp_path, held, ROUNDS)
    assert visitors.failed == [] and visitors.done > 50 * ROUNDS


def test_planted_a_restart_without_that_socket(tmp_path: Path) -> None:
    assert restart(tmp_path, None, 1).failed


def test_a_socket_for_another_process_is_left_alone() -> None:
    from guide.web.server import passed

    assert passed({"LISTEN_PID": "1", "LISTEN_FDS": "1"}) is None
    assert passed({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "0"}) is None
    assert passed({"LISTEN_PID": str(os.getpid())}) is None
