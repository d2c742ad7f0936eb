"""Load makers: people who walk the demo content over HTTP, and note what must be counted for what was answered.

What is expected is read off the pages alone (step, level, parents rule, outcome); nothing of `guide` is used.
A POST whose answer did not come whole is sent again with the same cookie until it does, so what is expected is exact.
Only a start cannot be sent again as itself: one that was cut off may have shown the first question of a walk that
nobody has.
"""

from __future__ import annotations

import http.client
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.conftest import HANGS

FLOWS = ("tre", "flere")

Cell = tuple[str, str]
"""(tab, cell); the period is left out, so that midnight changes nothing."""

HOURS: Cell = ("hours", "inside or outside")
"""Both cells of `hours`, so that the end of a working day changes nothing either."""


def cell_of(tab: str, cell: str) -> Cell:
    """What walkers note for a row of the counters."""
    return HOURS if tab == "hours" else (tab, cell)


@dataclass(frozen=True)
class Page:
    """What a walker sees: a question with its options, or an outcome with its level and parents rule."""

    step: str
    tag: str = ""
    options: tuple[str, ...] = ()
    several: bool = False
    level: str = ""
    parents: str = ""


def read_page(text: str) -> Page:
    """The page of a step. Raises ValueError for anything else."""
    if outcome := re.search(r'data-outcome="([^"]+)" data-level="([^"]+)" data-parents="([^"]+)"', text):
        return Page(outcome[1], level=outcome[2], parents=outcome[3])
    (step,) = re.findall(r'name="trin" value="([^"]+)"', text)
    (tag,) = re.findall(r'name="forloeb" value="([^"]+)"', text)
    options = re.findall(r'type="(radio|checkbox)" name="svar" value="([^"]+)"', text)
    return Page(step, tag, tuple(name for _, name in options), options[0][0] == "checkbox")


@dataclass
class Notes:
    """What walkers saw acknowledged."""

    cells: Counter[Cell] = field(default_factory=Counter)
    """What must be counted: once a walk and thing."""
    posts: int = 0
    """POSTs acknowledged, those posted again on purpose among them."""
    cut: int = 0
    """POSTs whose answer never came whole."""
    cut_starts: Counter[Cell] = field(default_factory=Counter)
    """The starts among them, by the cell that they may have raised."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should get."""

    def add(self, other: Notes) -> None:
        """What another walker saw, too."""
        self.cells += other.cells
        self.cut_starts += other.cut_starts
        self.posts, self.cut, self.wrong = self.posts + other.posts, self.cut + other.cut, self.wrong + other.wrong


@dataclass
class Form:
    """A filled-in form, with the cookie that it was sent with."""

    address: str
    cookie: str
    body: str


class Walk:
    """One walk as its walker knows it: the answers given, and what is noted already."""

    def __init__(self, flow: str, notes: Notes) -> None:
        self.flow, self._notes = flow, notes
        self.answers: dict[str, tuple[str, ...]] = {}
        self._noted: set[tuple[str, ...]] = set()
        self._reached = False

    def shown(self, page: Page) -> None:
        """The walk has come to this page."""
        if not page.level:
            self._quality(page.step, "shown")
        elif not self._reached:
            self._reached = True
            self._notes.cells[("level", f"proeve/{page.level}")] += 1
            self._notes.cells[("level", f"proeve/{self.flow}/{page.level}")] += 1
            self._notes.cells[("professions", f"{self.flow}/{page.level}")] += 1
            self._notes.cells[("topics", f"{self.flow}/{page.step}")] += 1
            self._notes.cells[("parents", f"{self.flow}/{page.parents}")] += 1

    def answered(self, step: str, chosen: tuple[str, ...]) -> None:
        """An answer was acknowledged; `chosen` in the order of the page."""
        if not self.answers:
            self._notes.cells[("use", f"proeve/{self.flow}")] += 1
            self._notes.cells[HOURS] += 1
        self._quality(step, "answered")
        if self.answers.get(step, chosen) != chosen:
            self._quality(step, "changed")
        if "ved-ikke" in chosen:
            self._quality(step, "unsure")
        self.answers[step] = chosen

    def _quality(self, step: str, measure: str) -> None:
        if (step, measure) not in self._noted:
            self._noted.add((step, measure))
            self._notes.cells[("quality", f"{self.flow}/{step}/{measure}")] += 1


class Walker(threading.Thread):
    """One person who walks, changes answers, and posts old forms again, until told to stop."""

    def __init__(self, ports: Sequence[int], seed: str) -> None:
        """`ports`: where the guide is served; with several, each request goes to one of them by chance."""
        super().__init__(daemon=True)
        self.notes = Notes()
        self._random, self._ended = random.Random(seed), threading.Event()
        self._connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=HANGS) for port in ports]
        self._old: list[Form] = []

    def stop(self) -> None:
        """Ask for an end after the step under way."""
        self._ended.set()

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                self._walk(self._random.choice(FLOWS))
        except Exception as error:
            self.notes.wrong.append(f"{type(error).__name__}: {error}")

    def _walk(self, flow: str) -> None:
        """From a start to an outcome, and sometimes back from there to other answers."""
        walk = Walk(flow, self.notes)
        address, cookie = self._until_answered(Form(f"/proeve/{flow}/start", "", ""), walk)
        while not self._ended.is_set():
            page = self._get(address, cookie)
            if page.level:
                if self._random.random() < 0.5:
                    return
                address = f"/proeve/{flow}/{self._random.randrange(1, int(address.rsplit('/', 1)[1]))}"
                page = self._get(address, cookie)
            chosen = self._choose(page)
            body = urlencode([("trin", page.step), ("forloeb", page.tag), *(("svar", c) for c in chosen)])
            form = Form(address, cookie, body)
            address, cookie = self._until_answered(form, walk)
            walk.answered(page.step, chosen)
            walk.shown(self._get(address, cookie))
            self._again(form)

    def _choose(self, page: Page) -> tuple[str, ...]:
        """Some options of a question, in its order. Seldom the one that ends a walk at once."""
        options = [o for o in page.options if o == "nej" or self._random.random() < 0.7] or list(page.options)
        several = self._random.randint(1, len(options)) if page.several else 1
        chosen = set(self._random.sample(options, several))
        return tuple(o for o in page.options if o in chosen)

    def _again(self, form: Form) -> None:
        """Now and then post a form again, this one or an old one, as a double click or «Back» does."""
        self._old = [*self._old[-9:], form]
        if self._random.random() < 0.25:
            self._until_answered(self._random.choice(self._old), None)

    def _until_answered(self, form: Form, walk: Walk | None) -> tuple[str, str]:
        """Post a form until the answer comes whole: (the address it leads to, the cookie)."""
        start = form.address.endswith("/start")
        while True:
            found = self._ask("POST", form.address, form.cookie, form.body)
            if found is not None:
                break
            self.notes.cut += 1
            if start and walk:
                self.notes.cut_starts[("quality", f"{walk.flow}/akut-fare/shown")] += 1
        status, headers, _ = found
        if status != 303:
            raise AssertionError(f"POST {form.address} {form.body}: {status}")
        self.notes.posts += 1
        if start and walk:
            walk.shown(Page("akut-fare"))
        return headers["Location"].split("?")[0], headers["Set-Cookie"].split(";")[0]

    def _get(self, address: str, cookie: str) -> Page:
        while (found := self._ask("GET", address, cookie)) is None:
            pass
        if found[0] != 200:
            raise AssertionError(f"GET {address}: {found[0]}")
        return read_page(found[2])

    def _ask(
        self, method: str, address: str, cookie: str, body: str = ""
    ) -> tuple[int, http.client.HTTPMessage, str] | None:
        """One exchange; None when the answer does not come whole."""
        headers = {"Cookie": cookie} if cookie else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self._connections[0] if len(self._connections) == 1 else self._random.choice(self._connections)
        try:
            if connection.sock is None:
                connection.connect()
            # Acknowledge at once, each time anew: an answer in two pieces then waits for nothing.
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            connection.request(method, address, body, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read().decode()
        except (http.client.HTTPException, OSError):
            connection.close()
            time.sleep(0.005)
            return None


def walkers(port: int | Sequence[int], how_many: int, seed: int) -> list[Walker]:
    """That many walkers, begun."""
    made = [Walker([port] if isinstance(port, int) else port, f"{seed}-{n}") for n in range(how_many)]
    for walker in made:
        walker.start()
    return made


def ended(going: list[Walker]) -> Notes:
    """What all of them saw, when each has ended the step it was at."""
    for walker in going:
        walker.stop()
    notes = Notes()
    for walker in going:
        walker.join(HANGS)
        notes.add(walker.notes)
        if walker.is_alive():
            notes.wrong.append("a walker hangs")
    return notes
