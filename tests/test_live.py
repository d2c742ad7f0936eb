"""Content is saved, well and badly, under a running `guide serve` with visitors on it.

Seen: no request fails, no page mixes two versions or is older than one seen before it, nothing bad is served, the good
is served soon, another kommune notices nothing. Six saves on the demo content in `make test`; with GUIDE_NIGHT=1 fifty
on the shipped one with four workers. The same visitors see each planted fault.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

import tests.running
from guide import config, versions
from guide.library.places import content_root
from guide.live import accept, compose, current, watch
from guide.live.compose import Refused
from guide.web import create_app, live, shelf_of
from guide.web.live import Live
from tests.conftest import DEMO, HANGS
from tests.live.visiting import BAD, Answer, Ask, Editor, Visitors, until
from tests.running import Running, guide

NIGHT = os.environ.get("GUIDE_NIGHT") == "1"
SAVES, WORKERS = (50, 4) if NIGHT else (6, 2)

SOON = 90.0 if NIGHT else 15.0
"""Seconds to wait for what was saved. Five are promised on a machine that is not busy; here visitors and workers share
two cores, and the report says how long it took."""


def over(port: int) -> Ask:
    """Ask over the network, a connection for each request: now this worker answers, now another."""

    def ask(method: str, path: str, cookie: str, form: Mapping[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS)
        headers = {"Cookie": cookie} if cookie else {}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urllib.parse.urlencode(form) or None, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        try:
            return answer.status, answer.headers, answer.read().decode()  # type: ignore[return-value]
        finally:
            connection.close()

    return ask


def health(ask: Ask) -> list[str]:
    """What /health/ready tells."""
    told: dict[str, Any] = json.loads(ask("GET", "/health/ready", "", {})[2])
    return [finding["message"] for finding in told["findings"] if "Fejl" in finding["message"]]


def saves(editor: Editor, visitors: Visitors, many: int) -> Iterator[tuple[str, float]]:
    """Save again and again, every other time badly: (kind, seconds until it was seen). Ends when something is wrong."""
    for version in range(1, many + 1):
        bad = BAD[(version // 2 - 1) % len(BAD)] if version % 2 == 0 else ""
        if not bad:
            visitors.good.add(version)
        editor.save(version, bad)
        began = time.monotonic()
        if not bad:
            if visitors.sees(version, SOON) is None:
                visitors.wrong.append(f"version {version} was not seen in time")
                return
        else:
            until(lambda: health(visitors.ask) or visitors.wrong, "nothing is told", max(HANGS, SOON))
        yield bad or "good", time.monotonic() - began
        if visitors.wrong:
            return


def test_saved_under_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    editor = Editor(tmp_path, content_root() if NIGHT else None)
    editor.begin()
    monkeypatch.setattr(tests.running, "MAIN", tests.running.MAIN.replace(str(DEMO), str(editor.root)))
    with guide(tmp_path / "data", WORKERS, content=editor.own) as running:
        until(running.ready, "nobody answers")
        visitors = Visitors(over(running.port), editor.flow)
        with visitors.walking(pause=0.05):
            seen = list(saves(editor, visitors, SAVES))
        assert visitors.wrong == [] and len(seen) == SAVES and visitors.pages > 20 * SAVES and visitors.told > 0
        _another_takes_over(running, editor, visitors)
        assert visitors.wrong == []
        printed = running.stop()[1]
    assert "Traceback" not in printed and printed.count("ERROR") == 1, printed  # the worker that was killed
    good, bad = ([seconds for kind, seconds in seen if (kind == "good") is wanted] for wanted in (True, False))
    record_property(
        "saves under load",
        f"{SAVES} with {WORKERS} workers, {visitors.pages} pages, 0 wrong; seen after {max(good):.1f} s at most, "
        f"told after {max(bad):.1f}",
    )


def _another_takes_over(running: Running, editor: Editor, visitors: Visitors) -> None:
    """kill -9 of whoever looks at the folders: what is saved next is seen all the same."""
    lock = editor.folder / "data" / "live" / "watch.lock"
    inode = f":{lock.stat().st_ino} "
    (holder,) = {int(line.split()[4]) for line in Path("/proc/locks").read_text().splitlines() if inode in line}
    assert holder in running.workers
    os.kill(holder, signal.SIGKILL)
    visitors.good.add(SAVES + 1)
    editor.save(SAVES + 1)
    until(lambda: f"v{SAVES + 1}." in _page(visitors), "nobody looks any more")


def _page(visitors: Visitors) -> str:
    try:
        return visitors.ask("GET", f"/anholt/{visitors.flow}/", "", {})[2]
    except (OSError, http.client.HTTPException):  # the worker that was killed
        return ""


# The same visitors and saves on two workers in this process, where faults can be planted.


def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher that publishes whatever can be read."""
    monkeypatch.setattr(compose, "check", lambda library: [])


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that never looks at `current`."""
    newest, first = Live._newest, list[Live]()

    def look(self: Live) -> Any:
        first.append(self)
        return self.app if self is first[0] else newest(self)

    monkeypatch.setattr(Live, "_newest", look)


def torn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are named before they are there."""
    keep = versions.keep

    def late(*given: Any) -> None:
        data, library, _ = given
        path = data / "versions" / f"{library.digest}.zip"
        keep(*given)
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        monkeypatch.setattr(versions, "is_kept", lambda *_: True)

    monkeypatch.setattr(versions, "keep", late)


def mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that takes the flows up and leaves the kommuner as they were."""
    made = Live._made

    def half(self: Live, now: current.Current) -> Any:
        app = made(self, now)
        app.extensions["guide"].library.municipalities = shelf_of(self.app).library.municipalities
        return app

    monkeypatch.setattr(Live, "_made", half)


def here(editor: Editor, monkeypatch: pytest.MonkeyPatch, many: int) -> Visitors:
    """The harness in this process: two workers, and checks without a child."""

    def look(place: accept.Place, patient: bool = True) -> watch.Seen:
        try:
            return "told" if accept.accept(place, patient) else "changed"
        except (Refused, OSError):
            return "failed"

    monkeypatch.setattr(watch, "look", look)
    monkeypatch.setattr(accept, "QUIET", 0.1)
    monkeypatch.setattr(watch, "POLL", 0.05)
    monkeypatch.setattr(live, "_free", lambda: None)  # a collection of all that pytest has takes a second
    settings = config.read({"GUIDE_DATA": str(editor.folder / "data"), "GUIDE_CONTENT": str(editor.own)})
    workers = [Live(create_app(settings, editor.root)) for _ in range(2)]
    turns = iter(range(1_000_000))

    def ask(method: str, path: str, cookie: str, form: Mapping[str, str]) -> Answer:
        client = Client(workers[next(turns) % 2], use_cookies=False)
        headers = {"Cookie": cookie} if cookie else {}
        answer = client.open(path, method=method, data=dict(form), headers=headers)
        return answer.status_code, answer.headers, answer.get_data(as_text=True)  # type: ignore[return-value]

    visitors = Visitors(ask)
    monkeypatch.setattr("tests.test_live.SOON", 4.0)
    try:
        with visitors.walking(2, pause=0.03):
            list(saves(editor, visitors, many))
    finally:
        for worker in workers:
            worker.stop()
    return visitors


def test_the_harness_in_this_process_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = Editor(tmp_path)
    editor.begin()
    visitors = here(editor, monkeypatch, 5)
    assert visitors.wrong == [] and visitors.newest == 5


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        (unchecked, "should not be seen"),
        (blind, "after 1"),
        (torn, "not seen in time"),
        (mixed, "on one page"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_harness_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None], seen: str
) -> None:
    editor = Editor(tmp_path)
    editor.begin()
    fault(monkeypatch)
    visitors = here(editor, monkeypatch, 6)
    assert any(seen in wrong for wrong in visitors.wrong), visitors.wrong


def test_a_fresh_guide_needs_no_folder_of_before(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path / "base")
    settings = config.read({"GUIDE_DATA": str(tmp_path / "data")})
    one = Live(create_app(settings, tmp_path / "base"))
    one.stop()
    now = current.read(settings.data)
    assert now and versions.files(settings.data, now.version)
