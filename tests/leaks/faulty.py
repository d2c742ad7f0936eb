"""`guide serve` for the tests of leaks: the same command and server, on content with canaries, with faults on demand.

`python -m tests.leaks.faulty serve --port …`. The name of the present fault stands in the file LEAKS_FAULT and is
read at every turn, so one server goes through all of them. LEAKS_PLANTED names what is taken away from the guide
itself, to show that the search would find it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from guide import cli, db
from guide.flows.walk import Walk
from guide.usage import counting, drainer, facts, spool
from guide.usage.counting import Counting
from guide.usage.facts import Fact
from guide.web import create_app, errors, pages, server, walk_cookie, walks
from guide.web.live import Live, following
from tests.leaks.canary import word

CONTENT, FAULT = Path(os.environ["LEAKS_CONTENT"]), Path(os.environ["LEAKS_FAULT"])
PLANTED = os.environ.get("LEAKS_PLANTED", "").split()


def present() -> str:
    """The fault that is on now."""
    return FAULT.read_text(encoding="utf-8") if FAULT.exists() else ""


def raises(fault: str, owner: Any, name: str) -> None:
    """While `fault` is on, `owner.name` raises with all it was given in the text of the exception."""
    real: Callable[..., Any] = getattr(owner, name)

    def faulty(*given: Any, **named: Any) -> Any:
        if fault in present().split("+"):
            try:
                raise ValueError(f"{word('aarsag')} {given!r} {named!r}")
            except ValueError as cause:
                raise OSError(f"{word('undtagelse')} {given!r} {named!r}") from cause
        return real(*given, **named)

    setattr(owner, name, faulty)


def fail_in_the_database(real: Callable[..., None]) -> Callable[..., None]:
    """While the fault is on, a statement fails that carries values, as SQLAlchemy would then print them."""

    def add(connection: Any, sums: Any) -> None:
        if present() == "database":
            connection.execute(text("insert into nowhere (cell) values (:cell)"), {"cell": word("parameter")})
        real(connection, sums)

    return add


def hold(real: Callable[..., int]) -> Callable[..., int]:
    """While the fault `hold` is on, nothing is drained: the spool can be looked at."""

    def drain(self: drainer.Drainer) -> int:
        if present() == "hold":
            raise drainer.Busy
        return real(self)

    return drain


def install() -> None:
    """Put the faults in. They do nothing until they are named."""
    raises("template", walks, "render_template")
    raises("other-page", pages, "render_template")
    raises("error-page", errors, "render_template")
    raises("replay", Walk, "answer")
    raises("seal", walk_cookie.Seal, "close")
    raises("record", walks, "answered")
    raises("record", walks, "begun")
    raises("sealing", facts.Sealer, "lines")
    raises("open-segment", spool, "open_segment")
    raises("drain", drainer.Drainer, "_apply")
    drainer.add = fail_in_the_database(drainer.add)
    drainer.Drainer.drain = hold(drainer.Drainer.drain)  # type: ignore[method-assign]
    counting.SHORTEST = counting.LONGEST = 0.3


def plant() -> None:
    """Take a protection away, for each word in LEAKS_PLANTED."""
    if "exceptions" in PLANTED:
        real = errors.unknown
        errors.unknown = lambda error: [errors.log.exception("fault"), real(error)][1]
        Counting._pass = _pass_that_tells  # type: ignore[method-assign]
    if "parameters" in PLANTED:
        engine = db.create_engine
        db.create_engine = lambda *given, **named: engine(*given, **{**named, "hide_parameters": False})  # type: ignore[attr-defined]
    if "option" in PLANTED:
        answered = walks.answered
        walks.answered = lambda place, before, after, step, *more, **named: [
            *answered(place, before, after, step, *more, **named),
            Fact("2026", "quality", f"{step}/{'+'.join(after.on_path[step])}", os.urandom(16)),
        ]
    if "unsealed" in PLANTED:
        facts.Sealer._line = lambda self, fact, segment: repr(fact).encode() + b"\n"  # type: ignore[method-assign]


def _pass_that_tells(self: Counting, one: drainer.Drainer) -> None:
    try:
        one.drain()
    except Exception:
        counting.log.exception("fault")


def create() -> Live | Flask:
    """The application of one worker."""
    return following(create_app(root=CONTENT))


class Server(server.Server):
    """The server of `guide serve`, with our application in it."""

    def __init__(self, target: str, *given: Any, **named: Any) -> None:
        if "access-log" in PLANTED:
            named["log_access"] = True
        super().__init__("tests.leaks.faulty:create", *given, **named)


def serve() -> None:
    """The command line of the guide, with our content and server."""
    cli.content_root = lambda: CONTENT
    server.Server = Server  # type: ignore[misc]
    cli.main()


if __name__ == "__main__":
    from tests.leaks.faulty import serve as once  # the module that the workers import too: faults go in once

    once()
else:
    install()
    plant()
