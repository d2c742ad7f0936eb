"""Nothing of a temadag is left after its end or its twelve hours: every file, the log of SQLite, PostgreSQL's folder.

What is looked for is all that only a room knows: its code, its secrets as they are and as they are kept, the trainer's
own case, and what was voted. Faults that leave something are planted and found.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from guide import config, db
from guide.training import store as stores
from guide.training.codes import hashed, new_secret
from guide.training.session import LONGEST, Move, Session, act
from guide.training.store import FILE, Gone, Store
from guide.training.votes import Kind, Vote
from guide.web import create_app
from tests.conftest import DEMO
from tests.leaks.canary import Hit, search, word
from tests.running import until
from tests.usage.conftest import Clock
from tests.web.gathered import Phone, begun, joined

PHONES = 60 if os.environ.get("GUIDE_NIGHT") else 12
OWN = word("egen-sag")
OPTION = word("valg")


class Room:
    """A session with phones that have answered, and every word that only it knows."""

    def __init__(self, store: Store, own: str = OWN) -> None:
        session = Session(("slaaet", "egen"), int(store._clock()) + LONGEST, "proeve", f"En opdigtet sag {own}. " * 9)
        self.code, secret = store.create(session)
        for move in (Move.put, Move.ask):
            store.change(self.code, lambda one, move=move: act(one, move, 0, Kind.walk))  # type: ignore[misc]
        seats = [new_secret() for _ in range(PHONES)]
        for n, seat in enumerate(seats):
            store.join(self.code, seat, "tre")
            path = (("slag", (f"{OPTION}-{self.code}",)),)
            assert store.vote(self.code, 0, seat, Vote("tre", "tre", "", "straks", "ikke", f"{n}", path))
        self.own, self.secrets = own, [secret, *seats]

    @property
    def words(self) -> list[str]:
        """What must be nowhere afterwards."""
        some = self.secrets[:3]
        return [self.own, hashed(some[0]), hashed(some[1]), f"{OPTION}-{self.code}", *some, hashed(some[2])]

    def left(self, folder: Path, since: float = 0) -> list[Hit]:
        """Where anything of it still stands. The code itself is too short to be looked for in any case or encoding."""
        hits = search(folder, self.words[:3] if since else self.words, since)
        for path in folder.rglob("*"):
            if path.is_file() and path.stat().st_mtime >= since and self.code.encode() in path.read_bytes():
                hits.append(Hit(path.name, self.code, "code", b""))
        return hits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turned by the test; what is over goes when the test says so."""
    monkeypatch.setattr(Store, "watch", lambda self: None)
    return Clock()


def expires(store: Store, clock: Clock, room: Room) -> None:
    """Twelve hours pass."""
    clock.at += LONGEST
    assert store.purge() == 1


def is_ended(store: Store, clock: Clock, room: Room) -> None:
    """The trainer ends it."""
    store.end(room.code)


ENDS = pytest.mark.parametrize("over", [expires, is_ended])


@ENDS
def test_nothing_is_left_in_any_file(tmp_path: Path, clock: Clock, over: Callable[..., None]) -> None:
    store = Store(tmp_path, None, clock)
    room = Room(store)
    assert {hit.word for hit in room.left(tmp_path)} >= {room.own, room.code, hashed(room.secrets[0])}, (
        "it can be found"
    )
    assert not {hit.word for hit in room.left(tmp_path)} & set(room.secrets), "secrets are kept as hashes alone"
    over(store, clock, room)
    assert room.left(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("-wal") and path.stat().st_size] == []


@ENDS
def test_nothing_is_left_beside_a_room_that_lives(tmp_path: Path, clock: Clock, over: Callable[..., None]) -> None:
    store = Store(tmp_path, None, clock)
    room = Room(store)
    clock.at += 60
    living = Room(store, word("lever"))
    clock.at -= 60
    over(store, clock, room)
    assert room.left(tmp_path) == [] and len(store.votes(living.code, 0)) == PHONES


def test_somebody_reading_delays_it_until_the_next_look(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may be reading: SQLite then keeps its log, and the next look empties it."""
    monkeypatch.setattr(db, "WAIT", 0.2)
    store = Store(tmp_path, None, clock)
    room = Room(store)
    with closing(sqlite3.connect(tmp_path / FILE)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from training_vote").fetchone()
        store.end(room.code)
        assert room.left(tmp_path) != []
        reader.execute("rollback")
        store.purge()
        assert room.left(tmp_path) == []


def test_a_server_that_was_killed_leaves_nothing_once_it_is_back(tmp_path: Path, clock: Clock) -> None:
    """SQLite's log then lies there with votes in it that no process holds."""
    store, killed = Store(tmp_path / "data", None, clock), tmp_path / "killed"
    room = Room(store)
    with closing(sqlite3.connect(tmp_path / "data" / FILE)) as reader:  # or the last one to close empties the log
        reader.execute("select count(*) from training_vote").fetchone()
        shutil.copytree(tmp_path / "data", killed)
    assert (killed / f"{FILE}-wal").stat().st_size and room.left(killed)
    clock.at += LONGEST
    assert Store(killed, None, clock).purge() == 1
    assert room.left(killed) == []


@contextmanager
def planted(monkeypatch: pytest.MonkeyPatch, fault: str) -> Iterator[None]:
    """A store that leaves something."""
    opened = db.open_engine

    def careless(*given: object) -> db.Engine:
        engine = opened(*given)  # type: ignore[arg-type]
        db.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=OFF"))
        return engine

    with monkeypatch.context() as patch:
        patch.setattr(db, "tidy", lambda engine: None)
        if fault == "deletion that only unlinks":
            patch.setattr(db, "open_engine", careless)
        if fault == "votes forgotten":
            patch.setattr(stores, "_delete", _without_votes)
        yield


def _without_votes(connection: db.Connection, codes: list[str]) -> None:
    for table in (stores._seat, stores._session):
        connection.execute(stores.delete(table).where(table.c.code.in_(codes)))


@pytest.mark.parametrize("fault", ["log not emptied", "deletion that only unlinks", "votes forgotten"])
def test_a_planted_fault_is_found(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    with planted(monkeypatch, fault):
        store = Store(tmp_path, None, clock)
        room = Room(store)
        with closing(sqlite3.connect(tmp_path / FILE)) as reader:  # the last one to close would empty the log
            reader.execute("select count(*) from training_vote").fetchone()
            store.end(room.code)
            assert room.left(tmp_path) != []


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def in_postgres(cluster: tuple[Path, str], room: Room, since: float) -> list[Hit]:
    """What is left in the folder of the server: tables, write-ahead log, statistics, its own log.

    A checkpoint writes no table that is not logged; making a database from a copy of files writes all.
    """
    with psycopg.connect(cluster[1], autocommit=True) as connection:
        name = f"written_{secrets.token_hex(4)}"
        connection.execute(f"create database {name} template template0 strategy file_copy")  # type: ignore[call-overload]
        connection.execute(f"drop database {name}")  # type: ignore[call-overload]
    return room.left(cluster[0], since)


def test_nothing_is_left_in_postgres_beside_a_room_that_lives(
    cluster: tuple[Path, str], new_database: Callable[[], str], clock: Clock
) -> None:
    url, since = new_database(), time.time()
    store = Store(Path("unused"), url, clock)
    room = Room(store)
    Room(store, word("lever"))
    killed = Room(store, word("draebt"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")  # as the server does by itself
    assert {hit.word for hit in in_postgres(cluster, room, since)} >= {room.code, hashed(room.secrets[0])}
    store.end(room.code)
    assert in_postgres(cluster, room, since) == []
    with store._write() as connection:  # a process that is killed before it has tidied
        stores._delete(connection, [killed.code])
    assert in_postgres(cluster, killed, since) != []
    assert Store(Path("unused"), url, clock).purge() == 0
    assert in_postgres(cluster, killed, since) == []


FAULTS = ("a vacuum that leaves pages", "logged", "statistics")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_in_postgres_is_found(
    cluster: tuple[Path, str],
    new_database: Callable[[], str],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    url, since, real = new_database(), time.time(), stores.text

    def spoiled(statement: str) -> object:
        if fault == "a vacuum that leaves pages":
            statement = statement.replace("VACUUM FULL", "VACUUM")
        if fault == "logged" and statement.endswith("UNLOGGED"):
            statement = "select 1"
        if fault == "statistics":
            statement = statement.replace("SET STATISTICS 0", "SET STATISTICS 100")
        return real(statement)

    monkeypatch.setattr(stores, "text", spoiled)
    store = Store(Path("unused"), url, clock)
    room = Room(store)
    Room(store, word("lever"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")
    store.end(room.code)
    assert in_postgres(cluster, room, since) != []


# --- over the web, and by itself -------------------------------------------------------------------------------------


def test_a_session_that_is_over_goes_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "SWEEP", 0.05)
    now = Clock(time.time())
    store = Store(tmp_path, None, now)
    room = Room(store)
    now.at += LONGEST
    until("it is still there", lambda: room.left(tmp_path) == [])


def test_a_server_that_was_off_meanwhile_looks_at_its_first_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(Store(tmp_path, None, Clock(time.time() - LONGEST - 1)))
    assert room.left(tmp_path) != []
    app = create_app(config.read({"GUIDE_DATA": str(tmp_path)}), DEMO)
    assert room.left(tmp_path) != []
    assert app.test_client().get("/farvel").status_code == 200, "whatever page it is"
    until("it is still there", lambda: room.left(tmp_path) == [])


@ENDS
def test_over_the_web_nothing_is_left_and_every_page_is_gone(tmp_path: Path, over: Callable[..., None]) -> None:
    app = create_app(config.read({"GUIDE_DATA": str(tmp_path)}), DEMO)
    one = begun(app, own=f"En opdigtet sag med {OWN}")
    one.asks("niveau")
    phones = [joined(app, one.code) for _ in range(5)]
    for phone in phones:
        phone.answers("straks")
    one.reveals()
    assert search(tmp_path, [OWN]) != []
    if over is is_ended:
        one.does("slut")
    else:
        store: Store = app.extensions["guide.rooms"].store
        real = store._clock
        store._clock = lambda: real() + LONGEST
        store.purge()
    known = [one.link.split("/")[-1], one.token]
    assert search(tmp_path, [OWN, *known, *map(hashed, known)]) == []
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or one.code.encode() not in path.read_bytes(), path
    for phone in (*phones, Phone(app.test_client(), one.code)):
        assert phone.client.get(phone.base).status_code == 404
    assert one.client.get(one.base).status_code == one.client.get(one.link).status_code == 404
    with pytest.raises(Gone):
        app.extensions["guide.rooms"].store.state(one.code)
