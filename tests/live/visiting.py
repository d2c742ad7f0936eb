"""Content that carries its version in two places, saved well and badly, and visitors who look at every page for it.

The base says the version in a flow's title and a question, the kommune Anholt in its name: a page that shows both shows
whether they belong together. Another kommune, Endelave, is never touched.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import DEMO, HANGS

BAD = ("check", "half", "both", "base")
"""Ways to save badly: what only a check finds, half a file, everything at once, an error in the base."""

Answer = tuple[int, Mapping[str, str], str]
"""Status, headers and text."""

Ask = Callable[[str, str, str, Mapping[str, str]], Answer]
"""Method, path, cookie, form -> answer. Raises when there is none."""

START = {"trin": "akut-fare", "svar": "nej"}


@dataclass
class Editor:
    """Somebody who saves files of a guide that runs."""

    folder: Path
    shipped: Path | None = None
    """The content that is served; the demo content without one."""

    @property
    def root(self) -> Path:
        """The base."""
        return self.folder / "base"

    @property
    def own(self) -> Path:
        """The folder of the kommuner."""
        return self.folder / "own"

    @property
    def flow(self) -> str:
        """The flow that says the version."""
        return "skole" if self.shipped else "tre"

    def kommune(self, name: str) -> Path:
        """A kommune's file."""
        return self.own / "municipalities" / name / "municipality.yaml"

    def begin(self) -> None:
        """The content of version 0."""
        shutil.copytree(self.shipped or DEMO, self.root)
        for name in ("anholt", "endelave"):
            self.kommune(name).parent.mkdir(parents=True)
        self.kommune("endelave").write_text("name: Endelave Kommune\nexample: true\n", encoding="utf-8")
        self.save(0)

    def save(self, version: int, bad: str = "") -> None:
        """Save a version, well or in one of the ways of BAD."""
        own = f"name: Anholt v{version}. Kommune\nexample: true\n"
        title = f"title: Prøve v{version}.\n"
        if bad in ("base", "both"):
            title += "audience: igen\n"  # a double key
        if bad == "both":
            own += "contacts: [\n"
        if bad == "half":
            own = own[: len(own) - 8]
        if bad == "check":
            own += "contacts: {alarm: {title: Alarm, help: Ring., phone: '112'}}\n"
        if bad != "half" and bad != "check":
            path = self.root / "flows" / self.flow / "flow.yaml"
            flow = path.read_text("utf-8").replace("audience: igen\n", "")
            flow = re.sub(r"^title: .*\n", title, flow, count=1, flags=re.MULTILINE)
            # On the second question: its own words here, an example in the shipped flow.
            flow = re.sub(r"(Er barnet|En dreng i 1\. klasse)( v\d+\.)?", rf"\1 v{version}.", flow, count=1)
            path.write_text(flow, encoding="utf-8")
        self.kommune("anholt").write_text(own, encoding="utf-8")


@dataclass
class Visitors:
    """Threads that walk until told to stop, and what was wrong with what they saw."""

    ask: Ask
    flow: str = "tre"
    good: set[int] = field(default_factory=lambda: {0})
    """The versions that may be seen."""
    newest: int = 0
    """Of those that anybody saw: a request that is made after that may show no older one."""
    pages: int = 0
    told: int = 0
    """How often a walk was told that the content has changed."""
    wrong: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def walking(self, many: int = 3, pause: float = 0.02) -> Iterator[None]:
        """So many visitors for as long as the block lasts."""
        threads = [threading.Thread(target=self._visit, args=(pause,)) for _ in range(many)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def sees(self, version: int, seconds: float) -> float | None:
        """Seconds until a page shows a version; None when none does in time, or something was wrong meanwhile."""
        began = time.monotonic()
        while time.monotonic() - began < seconds and not self.wrong:
            if self.newest == version:
                return time.monotonic() - began
            time.sleep(0.02)
        return None

    def _visit(self, pause: float) -> None:
        while not self._over.is_set():
            try:
                self._walk(pause)
            except Exception as error:
                self._tell(f"no answer: {type(error).__name__} {error}")
                time.sleep(0.1)

    def _walk(self, pause: float) -> None:
        """Start, answer, look at the next page again and again; and at the kommune that nobody touches."""
        headers = self._get("POST", f"/anholt/{self.flow}/start", status=303)[1]
        headers = self._get("POST", f"/anholt/{self.flow}/1", headers["Set-Cookie"], START, 303)[1]
        cookie = headers["Set-Cookie"]
        for _ in range(5):
            time.sleep(pause)
            _, headers, text = self._get("GET", f"/anholt/{self.flow}/2", cookie, seen=2)
            cookie = headers.get("Set-Cookie", cookie)
            with self._lock:
                self.told += "Vejledningen er ændret" in text
        self._get("GET", f"/anholt/{self.flow}/", seen=2)
        if "Endelave Kommune" not in self._get("GET", f"/endelave/{self.flow}/", seen=1)[2]:
            self._tell("another kommune was touched")

    def _get(
        self, method: str, path: str, cookie: str = "", form: Mapping[str, str] = {}, status: int = 200, seen: int = 0
    ) -> Answer:
        """An answer; `seen`: so many places of it at least must say the version, all the same one."""
        before = self.newest
        answer = self.ask(method, path, cookie.split(";")[0], form)
        if answer[0] != status:
            self._tell(f"{method} {path}: {answer[0]}")
        if seen:
            found = {int(number) for number in re.findall(r"\bv(\d+)\.", answer[2])}
            if len(found) != 1 or len(re.findall(r"\bv\d+\.", answer[2])) < seen:
                self._tell(f"{path}: versions {sorted(found)} on one page")
            with self._lock:
                self.pages += 1
                self.newest = max(self.newest, *found, 0)
            if found - self.good:
                self._tell(f"{path}: version {sorted(found)} should not be seen")
            if found and min(found) < before:
                self._tell(f"{path}: version {min(found)} after {before}")
        return answer

    def _tell(self, wrong: str) -> None:
        with self._lock:
            if len(self.wrong) < 20:
                self.wrong.append(wrong)


def until(true: Callable[[], object], what: str, seconds: float = HANGS) -> float:
    """Seconds until it holds. Raises AssertionError when it takes so long that it hangs."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.02)
    return time.monotonic() - began
