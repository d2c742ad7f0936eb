"""The load maker of a temadag: a trainer, a projector and many phones, with connections of their own. Judges nothing.

`python -m bench.phones` reads a job as JSON from stdin and writes what was seen as JSON to stdout. Phones do what a
browser would: fetch the files of the first page, keep cookies, ask every POLL seconds whether there is something new
while they wait, and load the page anew when there is. With several ports each request goes to the next one.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.load import header, plain, request

POLL, WALL, PROBE = 2.0, 1.0, 0.1
"""Seconds between two looks: of a phone that waits, of the trainer's two pages, of somebody who reads the guide."""

PATIENCE = 20.0
"""Seconds after which an answer that did not come is an error."""

HOST = "127.0.0.1"


@dataclass
class Seen:
    """What was seen. `times`: milliseconds by what was done; `figures`: seconds and counts; `errors`: where."""

    times: dict[str, list[float]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def quantile(self, what: str, share: float) -> float:
        """The time that this share stayed within, in milliseconds."""
        times = sorted(self.times[what])
        return times[min(len(times) - 1, int(share * len(times)))]


def run(**job: Any) -> Seen:
    """One job in a process of its own. Raises CalledProcessError when it breaks down."""
    command = [sys.executable, "-m", "bench.phones"]
    done = subprocess.run(command, input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True)
    return Seen(**json.loads(done.stdout))


class Browser:
    """A connection to each port, opened when it is needed, and the cookies of one browser."""

    def __init__(self, ports: list[int], seen: Seen, turn: int = 0, cookies: dict[str, str] | None = None) -> None:
        self._ports, self._seen, self._turn = ports, seen, turn
        self._links: dict[int, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}
        self.cookies: dict[str, str] = {} if cookies is None else cookies
        self.tag, self.on = "", ""

    async def ask(self, what: str, path: str, form: dict[str, Any] | None = None, tag: str = "") -> tuple[int, str]:
        """Status and body, 0 and nothing without an answer; its time goes to `what`. `tag`, `on`: ETag, Location."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(form, doseq=True).encode() if form is not None else b""
        wanted = request("GET" if form is None else "POST", path, cookie, body)
        if tag:
            wanted = wanted.replace(b"\r\n\r\n", f"\r\nIf-None-Match: {tag}\r\n\r\n".encode(), 1)
        begun = time.perf_counter()
        try:
            status, head, got = await asyncio.wait_for(self._exchange(wanted), PATIENCE)
        except (OSError, EOFError, TimeoutError) as error:
            self._seen.errors.append(f"{what} {path}: {type(error).__name__}")
            self._links.clear()
            return 0, ""
        self._seen.times.setdefault(what, []).append((time.perf_counter() - begun) * 1_000)
        if status >= 400:
            self._seen.errors.append(f"{what} {path}: {status}")
        for line in head.split(b"\r\n"):
            if line.startswith(b"set-cookie: "):
                name, _, value = line[12:].partition(b";")[0].decode().partition("=")
                self.cookies[name] = value
        self.tag, self.on = header(head, b"etag"), header(head, b"location")
        return status, plain(got).decode() if status < 400 else ""

    async def _exchange(self, wanted: bytes) -> tuple[int, bytes, bytes]:
        port = self._ports[self._turn % len(self._ports)]
        self._turn += 1
        if port not in self._links or self._links[port][0].at_eof():
            self._links[port] = await asyncio.open_connection(HOST, port)
        reader, writer = self._links[port]
        writer.write(wanted)
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head[9:12]), head, await reader.readexactly(int(header(head, b"content-length") or 0))

    async def follow(self, what: str, path: str, form: dict[str, Any] | None = None) -> tuple[str, str]:
        """Where one ends, and the page there; a form and the page after it are one step."""
        begun = time.perf_counter()
        status, body = await self.ask("exchange", path, form)
        while status in (302, 303):
            path = self.on
            status, body = await self.ask("exchange", path)
        self._seen.times.setdefault(what, []).append((time.perf_counter() - begun) * 1_000)
        return path, body


@dataclass
class Room:
    """The room as its phones know it: until when they answer a round, and when each answer was sent."""

    job: dict[str, Any]
    seen: Seen
    code: str = ""
    joined: int = 0
    until: float = 0.0
    over: bool = False
    sent: list[float] = field(default_factory=list)
    shown: list[tuple[float, int]] = field(default_factory=list)
    """What the projector showed: when, and how many had answered."""
    known: dict[str, list[float]] = field(default_factory=dict)
    """When each phone came to know of a version."""

    def late(self) -> float:
        """The longest from an answer was sent until the projector showed as many, in seconds."""
        waits = list[float]()
        for number, when in enumerate(sorted(self.sent), 1):
            waits.append(min((at for at, answered in self.shown if answered >= number), default=when + 99) - when)
        return max(waits)


async def phone(room: Room, number: int) -> None:
    """One phone through the whole session."""
    flow = sorted(room.job["ways"])[number % len(room.job["ways"])]
    browser = Browser(room.job["ports"], room.seen, number)
    await asyncio.sleep(random.uniform(0, room.job["seconds"]))
    _, body = await browser.follow("first page", f"/ov/{room.code}")
    for path in set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js)[^"]*)"', body)):
        await browser.ask("file", path)
    _, body = await browser.follow("join", f"/ov/{room.code}", {"faggruppe": flow})
    room.joined += 1
    while not room.over and body:
        if re.search(r'action="[^"]+/(?:svar|begynd)"', body):
            body = await answer(room, browser, body, room.job["ways"][flow])
        else:
            body = await wait(room, browser, body)


async def wait(room: Room, browser: Browser, body: str) -> str:
    """Look for something new until there is; then the page again."""
    found, tag, told = re.search(r'data-version="([^"]+)"', body), "", ""
    version = found[1] if found else ""
    room.known.setdefault(version, []).append(time.perf_counter())
    while not room.over and told in ("", version):
        await asyncio.sleep(POLL)
        status, text = await browser.ask("poll", f"/ov/{room.code}/stand", tag=tag)
        if status == 200:
            tag, told = browser.tag, str(json.loads(text)["version"])
    return "" if room.over else (await browser.follow("page", f"/ov/{room.code}"))[1]


async def answer(room: Room, browser: Browser, body: str, way: list[tuple[str, list[str]]]) -> str:
    """A walk or a direct answer, its posts at chance moments before the time is up; then the page that waits."""
    asked = re.search(r'name="runde" value="(\d+)"', body)
    options = re.findall(r'name="svar" value="([^"]+)"', body)
    assert asked
    posts = 1 if options else 1 + len(way)
    moments = sorted(random.uniform(time.perf_counter(), room.until) for _ in range(posts))
    await _until(moments[0])
    form: dict[str, Any] = {"runde": asked[1]}
    if options:
        room.sent.append(time.perf_counter())
        return (await browser.follow("answer", f"/ov/{room.code}/svar", form | {"svar": random.choice(options)}))[1]
    path, body = await browser.follow("step", f"/ov/{room.code}/begynd", form)
    for (step, chosen), moment in zip(way, moments[1:], strict=True):
        await _until(moment)
        if step == way[-1][0]:
            room.sent.append(time.perf_counter())
        path, body = await browser.follow("step", path, {"trin": step, "svar": chosen})
    if "data-outcome" not in body:
        room.seen.errors.append(f"no outcome at {path}")
    return (await browser.follow("page", f"/ov/{room.code}"))[1]


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))


class Trainer:
    """The trainer's windows: one to act in, and the wall and the page to steer from, which both look how far it is."""

    def __init__(self, room: Room) -> None:
        self.room, self._token, ports = room, "", room.job["ports"]
        self.browser = Browser(ports, room.seen)
        self._windows = [Browser(ports, room.seen, turn, self.browser.cookies) for turn in (0, 1)]

    async def begin(self) -> list[asyncio.Task[None]]:
        """A room with one case, which goes on the wall; both pages look from now on."""
        path, body = await self.browser.follow("trainer", "/temadag/", {"case": self.room.job["case"]})
        self.room.code = path.split("/")[2]
        self._token = body.partition('name="csrf_token" value="')[2].partition('"')[0]
        await self.do(goer="sag")
        return [asyncio.create_task(self._look(window)) for window in self._windows]

    async def do(self, **form: str | int) -> None:
        """One thing."""
        path = f"/temadag/{self.room.code}/goer"
        await self.browser.follow("trainer", path, {"csrf_token": self._token, **form})

    async def _look(self, window: Browser) -> None:
        path, tag = f"/temadag/{self.room.code}/stand", ""
        while not self.room.over:
            status, told = await window.ask("projector", path, tag=tag)
            if status == 200:
                tag = window.tag
                if window is self._windows[0]:
                    self.room.shown.append((time.perf_counter(), json.loads(told)["answered"] or 0))
            await asyncio.sleep(WALL)

    async def round(self, number: int, kind: str, seconds: float) -> None:
        """Ask, wait until the projector shows that all have answered, close, show, and wait until every phone knows."""
        room, name = self.room, f"{kind} {seconds:g} s"
        room.sent.clear()
        room.shown.clear()
        room.until = time.perf_counter() + seconds
        await self.do(goer="spoerg", hvad=kind)
        await _wait(lambda: bool(room.shown) and room.shown[-1][1] == room.job["phones"], seconds + PATIENCE)
        room.seen.figures[f"late, {name}"] = room.late()
        room.seen.figures[f"answered, {name}"] = room.shown[-1][1]
        await self.do(goer="luk", nummer=number)
        await self.do(goer="vis", nummer=number)
        begun, version = time.perf_counter(), f"0-{number}-{'v' * (number + 1)}"  # the case, the round, and all shown
        await _wait(lambda: len(room.known.get(version, ())) == room.job["phones"], PATIENCE)
        room.seen.figures[f"all know, {name}"] = max(room.known[version]) - begun


async def _wait(there: Callable[[], bool], seconds: float) -> None:
    until = time.perf_counter() + seconds
    while not there() and time.perf_counter() < until:
        await asyncio.sleep(0.05)


async def reader(room: Room) -> None:
    """Somebody who reads a question of the guide, again and again; apart what it took before there was a room."""
    browser = Browser(room.job["ports"], room.seen)
    path, _ = await browser.follow("start", room.job["guide"], {})
    while not room.over:
        await browser.ask("guide meanwhile" if room.code else "guide alone", path)
        await asyncio.sleep(PROBE)


async def session(job: dict[str, Any]) -> Seen:
    """A whole session: begin, join, a walk, direct answers, and once more with all answers in a moment."""
    room, used, begun = Room(job, Seen()), resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    trainer, tasks = Trainer(room), [asyncio.create_task(reader(room))]
    await asyncio.sleep(job["seconds"] / 3)
    tasks += await trainer.begin()
    tasks += [asyncio.create_task(phone(room, number)) for number in range(job["phones"])]
    await _wait(lambda: room.joined == job["phones"], job["seconds"] + PATIENCE)
    await trainer.round(0, "forloeb", job["seconds"])
    await trainer.round(1, "niveau", job["seconds"])
    await trainer.round(2, "niveau", POLL + 1)
    room.over = True
    await asyncio.gather(*tasks)
    await trainer.do(goer="slut")
    now = resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    room.seen.figures |= {"cpu": cpu / (time.perf_counter() - begun), "joined": room.joined}
    return room.seen


if __name__ == "__main__":
    random.seed(9)
    json.dump(asdict(asyncio.run(session(json.load(sys.stdin)))), sys.stdout)
