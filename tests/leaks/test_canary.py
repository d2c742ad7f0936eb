"""Nothing that a visitor sends, and nothing in the text of an error, is written down anywhere (T-P10).

A visitor with canaries in everything walks through a real `guide serve`; errors are forced at each step. Then every
file that the server could write is searched, before and after the facts are drained. Planted faults show that each
kind of leak would be found.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from guide import db
from guide.usage.facts import Sealer
from guide.web.walk_cookie import Seal, Ticket
from tests.leaks.canary import ADDRESS, FORWARDED, STEM, STEP, Hit, forms, search_bytes, word
from tests.leaks.content import BEATEN, HOME, HUNGER, NO, SAD, YES
from tests.leaks.serving import COUNTING_FAULTS, GUIDE_SERVE, ONE_WORKER, PAGE_FAULTS, Served, served, until
from tests.leaks.visitor import Visitor, malformed

NEVER = [STEM, ADDRESS, FORWARDED]
"""What may stand in no file at all; every canary of a visitor begins with STEM."""

LINES = (
    r"Bekymringsguiden: http://127\.0\.0\.1:\d+  \(stop med Ctrl\+C\)",
    r"ERROR (?P<type>\w+) in (?P<route>\S+), id [0-9a-f]{8}",
    r"ERROR \w+ in the error page",
    r"ERROR \w+ when (recording|draining|opening a segment|closing a segment)",
    r"\[ERROR\] Unexpected exit from worker-\d+",
)
"""Every line that may be printed, and nothing else on it."""

STATUSES = {200, 303, 308, 400, 403, 404, 405, 413, 414, 415, 422, 431, 501, 0}
"""What a visitor may get while no fault is on; 0 is a closed connection, 501 the server's own for odd codings."""


def walks(port: int) -> list[Visitor]:
    """Whole walks, to every kind of page and outcome, with posts that are refused in between."""
    one, other, third = Visitor(port), Visitor(port), Visitor(port)
    assert one.begin().status == 303
    for position, (step, chosen) in enumerate((("akut-fare", NO), (BEATEN, NO), (SAD, YES)), 1):
        assert one.answer(position, step, chosen).status == 303
        assert one.answer(position, step, word("findes-ikke")).status == 422
    one.answer(2, BEATEN, "ved-ikke")
    other.begin()
    assert other.answer(1, "akut-fare", YES).status == 303
    third.begin("/proeve/flere")
    for position, chosen in enumerate(((NO,), (HUNGER,), (HOME,), (YES,)), 1):
        step = ("akut-fare", "hvad", "hvem", "laenge")[position - 1]
        third.answer(position, step, *chosen, flow="/proeve/flere")
    return [one, other, third]


def mischief(port: int) -> list[int]:
    """The statuses of requests that go wrong, each with a canary."""
    visitor = Visitor(port)
    visitor.begin()
    big = f"svar={word('stor')}".encode() * 40_000
    parts = f'--x\r\nContent-Disposition: form-data; name="f"; filename="{STEM}"\r\n\r\n'.encode() + big + b"\r\n--x--"
    answers = [
        visitor.ask("GET", f"/{word('sti')}/{word('sti')}"),
        visitor.ask("GET", f"/proeve/{word('flow')}/"),
        visitor.ask("GET", f"/static/{word('fil')}"),
        visitor.ask("GET", f"/lov?{word('navn')}={word('spoerg')}"),
        visitor.ask("PUT", f"/proeve/tre/1?{word('navn')}", word("krop").encode()),
        visitor.ask(word("metode").upper(), "/proeve/tre/1"),
        visitor.post(f"/proeve/tre/{'9' * 30}", ("trin", word("trin")), ("svar", word("svar"))),
        visitor.post("/proeve/tre/1", ("trin", "akut-fare"), ("forloeb", word("tag")), ("svar", NO)),
        visitor.post("/proeve/tre/1", ("trin", "akut-fare"), ("svar", NO), Origin=f"http://{word('fremmed')}.example"),
        visitor.ask("POST", "/proeve/tre/1", big),
        visitor.ask("POST", "/proeve/tre/1", parts, "multipart/form-data; boundary=x"),
        visitor.ask("POST", "/proeve/tre/1", json.dumps({STEM: STEM}).encode(), f"application/{word('type')}"),
        *(visitor.raw(data) for data in malformed()),
    ]
    visitor.walk = word("ikke-et-segl")
    answers += [visitor.ask("GET", "/proeve/tre/1"), visitor.post("/proeve/tre/1", ("trin", "akut-fare"))]
    return [answer.status for answer in answers]


def force_errors(server: Served, *, planted: bool = False) -> None:
    """Turn on one fault after the other, and walk into each. `planted`: errors are not told as they should be."""
    for fault in PAGE_FAULTS:
        visitor = Visitor(server.port)
        server.fault("")
        visitor.begin()
        server.fault(fault)
        target = "/tegn/" if fault == "other-page" else "/proeve/tre/1"
        told = visitor.ask("GET", target) if "page" in fault else visitor.answer(1, "akut-fare", NO)
        # A seal that cannot be put on, or a page that cannot be made: no answer, but a page with 112.
        told = visitor.ask("GET", target) if told.status == 303 else told
        assert told.status == 500 and b"tel:112" in told.body, fault
    for fault, said in COUNTING_FAULTS.items():
        visitor = Visitor(server.port)
        said = said.split()[0] if planted else said
        before = server.printed().count(said)
        server.fault(fault)
        assert visitor.begin().status == visitor.answer(1, "akut-fare", NO).status == 303, fault
        until(lambda said=said, before=before: server.printed().count(said) > before, said)
    server.fault("")


def tickets(server: Served, visitors: list[Visitor]) -> dict[str, Ticket]:
    """What every cookie that was given holds, by its value."""
    seal = Seal([(server.data / "secret-key").read_text("ascii").strip()])
    found = {value: opened(seal, value) for visitor in visitors for value in visitor.cookies}
    assert len(found) > 6
    return found


def walk_keys(server: Served, visitors: list[Visitor]) -> list[str]:
    """The key of every walk."""
    return sorted({ticket.key for ticket in tickets(server, visitors).values()})


def private(server: Served, visitors: list[Visitor]) -> list[str]:
    """What only a visitor's own browser may hold: walk keys, as text and as bytes, cookies and tags."""
    held = tickets(server, visitors)
    keys = walk_keys(server, visitors)
    in_bytes = [base64.urlsafe_b64decode(key + "==").hex() for key in keys]
    return [*keys, *in_bytes, *{ticket.tag for ticket in held.values()}, *held, *(value[-30:] for value in held)]


def opened(seal: Seal, value: str) -> Ticket:
    """The ticket of a cookie, whenever it was made."""
    made = int.from_bytes(base64.urlsafe_b64decode(value)[1:9], "big")
    return seal.open(value, made)[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("leaks"), GUIDE_SERVE) as running:
        yield running


CONTENT = ("data/versions/", "data/verdicts/")
"""What is kept of the content: as it was served, and what its checks found."""


def elsewhere(server: Served, *words: str) -> list[Hit]:
    """Where words of the content are to be found, besides what is kept of that content."""
    return [hit for hit in server.hits(list(words)) if not hit.file.startswith(CONTENT)]


def versions(server: Served) -> dict[str, bytes]:
    """The kept versions of the content, by file name."""
    found = {path.name: path.read_bytes() for path in (server.data / "versions").iterdir()}
    assert found
    return found


def test_no_canary_is_anywhere(server: Served) -> None:
    server.fault("hold")
    visitors = walks(server.port)
    secret = private(server, visitors)
    until(lambda: len(server.sealed_lines()) >= 20, "facts in the spool")
    assert server.hits([*NEVER, *secret]) == elsewhere(server, STEP, "quality", "proeve", "tandpleje") == []
    kept = versions(server)
    force_errors(server)
    assert set(mischief(server.port)) <= STATUSES
    server.drained()
    assert server.hits([*NEVER, *secret]) == []
    assert {hit.file.split("-")[0] for hit in elsewhere(server, STEP)} <= {"data/guide.sqlite"}
    assert versions(server) == kept  # what was served is there, and no visitor adds to it
    rows = server.stats()
    assert STEP in rows and "proeve/tre/bekymring" in rows  # it was really counted
    assert list(search_bytes("stats", rows.encode(), [*NEVER, *secret])) == []


def test_log_lines_say_type_route_and_an_id(server: Served) -> None:
    force_errors(server)
    routes = {"/<municipality>/<flow>/<int:n>", "/<municipality>/<flow>/start", "/tegn/"}
    seen = set[str]()
    for line in server.printed().splitlines():
        found = next(filter(None, (re.fullmatch(form, line) for form in LINES)), None)
        assert found, line
        if route := found.groupdict().get("route"):
            assert route in routes
            seen.add(route)
    assert seen >= {"/<municipality>/<flow>/<int:n>", "/tegn/"}


def test_nothing_is_written_outside_the_data_folder(server: Served) -> None:
    """No upload, no dump of a process that crashed, no history of a library."""
    mischief(server.port)
    left = [p.relative_to(server.places).as_posix() for p in server.places.rglob("*") if p.is_file()]
    elsewhere = [name for name in left if not name.startswith("data/")]
    assert sorted(elsewhere) == ["output/stderr", "output/stdout"]
    inside = [name.removeprefix("data/") for name in left if name.startswith("data/")]
    form = r"secret-key|guide\.sqlite(-wal|-shm)?|spool/(drain\.lock|[0-9a-f]{16}\.(open|closed|new))"
    form += (
        r"|versions/(served\.csv|[0-9a-f]{16}\.zip)|current|live/(accept|watch)\.lock|verdicts/[0-9a-f]{32}(\.read)?"
    )
    assert [name for name in inside if not re.fullmatch(form, name)] == []


def test_a_process_that_crashes_leaves_no_memory_behind(server: Served) -> None:
    limits = Path(f"/proc/{server.process.pid}/limits").read_text("ascii")
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE)


def test_a_line_of_the_spool_tells_nothing_not_even_by_its_length(server: Served) -> None:
    server.fault("hold")
    walks(server.port)
    until(lambda: len(server.sealed_lines()) >= 20, "facts in the spool")
    lines, stranger = server.sealed_lines(), Sealer(["another key of at least 32 characters"])
    server.fault("")
    assert len({line[:16] for line in lines}) == len(lines)  # no nonce twice
    assert len({len(line) for line in lines}) == 1
    assert {stranger.fact(line, "") for line in lines} == {None}
    assert all(re.fullmatch(rb"[A-Za-z0-9+/]+=*", line) for line in lines)


def test_planted_leaks_are_found_in_spool_and_log(tmp_path: Path) -> None:
    with served(tmp_path, ONE_WORKER, LEAKS_PLANTED="access-log option unsealed") as server:
        server.fault("hold")
        walks(server.port)
        assert {hit.file.split("/")[1] for hit in server.hits(["quality"])} == {"spool"}  # unsealed
        assert any("/spool/" in hit.file for hit in server.hits([STEM]))  # a chosen option
        assert {"output/stdout"} <= {hit.file for hit in server.hits([ADDRESS])}  # the access log


def test_planted_leaks_are_found_in_database_and_errors(tmp_path: Path) -> None:
    with served(tmp_path, ONE_WORKER, LEAKS_PLANTED="exceptions parameters option") as server:
        walks(server.port)
        server.drained()
        assert "data/guide.sqlite" in {hit.file for hit in server.hits([STEM])}  # a chosen option
        force_errors(server, planted=True)
        printed = server.printed()
        assert word("undtagelse") in printed and word("aarsag") in printed  # log.exception
        assert word("parameter") in printed  # hide_parameters off
        assert sum(not any(re.fullmatch(form, line) for form in LINES) for line in printed.splitlines()) > 10


def test_the_text_of_a_database_error_holds_no_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it printed after all."""

    def said() -> str:
        with db.open_engine(None, tmp_path).connect() as connection, pytest.raises(SQLAlchemyError) as caught:
            connection.execute(text("insert into nowhere (cell) values (:cell)"), {"cell": word("parameter")})
        return f"{caught.value!r} {caught.value} {caught.value.__cause__}"

    assert STEM not in said()
    real = db.create_engine
    monkeypatch.setattr(
        db, "create_engine", lambda *given, **named: real(*given, **{**named, "hide_parameters": False})
    )
    assert STEM in said()  # planted


def test_every_form_of_a_word_is_found() -> None:
    name = word("proeve")
    for shift in range(3):
        data = base64.b64encode(b"abcdefgh"[: 4 + shift] + name.encode() + b"xyz")
        assert any(hit.form.startswith("base64") for hit in search_bytes("f", data, [name])), shift
    for form, data in forms(name).items():
        assert [hit.form for hit in search_bytes("f", b"--" + data + b"--", [name])] == [form]
    assert [hit.form for hit in search_bytes("f", name.upper().encode(), [STEM])] == ["raw"]
    assert list(search_bytes("f", b"kanarie 7q", [STEM])) == []
    assert all(len(a) > 8 and len(b) > 8 for a, b in pairwise(forms(ADDRESS).values()))
