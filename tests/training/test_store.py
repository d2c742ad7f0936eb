"""Where sessions live: who may do what, at which moment, on SQLite and on PostgreSQL; what a database away costs.

That nothing is left afterwards is in tests/leaks/test_rooms_gone.py.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from guide import db
from guide.training import gate, session
from guide.training.codes import hashed
from guide.training.session import LONGEST, Move, Session, Stage
from guide.training.store import IDLE, Full, Gone, Sealed, Store, tables
from guide.training.votes import Kind, Vote
from tests.usage.conftest import Clock
from tests.usage.network import listening, through

RACES = 200 if os.environ.get("GUIDE_NIGHT") else 6
PHONES = 8
ANSWER = Vote("tre", "", "straks")


def begun(store: Store, clock: Clock) -> str:
    """The code of a new session whose first case is on the wall and asked about."""
    code, _ = store.create(Session(("slaaet", "anden"), int(clock()) + LONGEST, "hele-landet"))
    does(store, code, Move.put)
    does(store, code, Move.ask)
    return code


def does(store: Store, code: str, what: Move, number: int = 0, kind: Kind = Kind.level) -> Session:
    """The trainer presses."""
    return store.change(code, lambda one: session.act(one, what, number, kind))


def test_a_secret_leads_one_session_only(store: Store, clock: Clock) -> None:
    (one, secret), (other, _) = (store.create(Session(("a",), int(clock()) + 60, "x")) for _ in range(2))
    assert one != other and store.led_by(one, secret)
    assert not store.led_by(other, secret) and not store.led_by(one, secret[:-1]) and not store.led_by("AAAAAA", secret)


def test_before_the_first_session_there_is_none(store: Store, tmp_path: Path) -> None:
    assert store.purge() == 0 and not store.led_by("ABCDEF", "x")
    for ask in (store.state, lambda code: store.seen_from(code, "x"), lambda code: store.votes(code, 0)):
        with pytest.raises(Gone):
            ask("ABCDEF")
    assert list(tmp_path.iterdir()) == [], "looking makes no file"


def test_a_session_lives_for_twelve_hours_at_most(store: Store, clock: Clock) -> None:
    code, secret = store.create(Session(("a",), int(clock()) + 10 * LONGEST, "x"))
    store.join(code, "phone", "tre")
    clock.at += LONGEST - 1
    assert store.led_by(code, secret) and store.state(code).seats == 1
    clock.at += 1
    assert not store.led_by(code, secret)
    refused: list[Callable[[], object]] = [
        lambda: store.state(code), lambda: store.seen_from(code, "phone"), lambda: store.join(code, "b", "tre"),
        lambda: store.vote(code, 0, "phone", ANSWER), lambda: does(store, code, Move.put),
    ]  # fmt: skip
    for one in refused:
        with pytest.raises(Gone):
            one()
    assert store.purge() == 1 and store.purge() == 0


def test_only_what_is_over_goes(store: Store, clock: Clock) -> None:
    first = begun(store, clock)
    clock.at += LONGEST / 2
    later = begun(store, clock)
    for code in (first, later):
        store.join(code, "phone", "tre")
        assert store.vote(code, 0, "phone", ANSWER)
    clock.at += LONGEST / 2
    assert store.purge() == 1
    assert store.votes(later, 0) == [ANSWER] and store.votes(first, 0) == []
    store.end(later)
    with pytest.raises(Gone):
        store.state(later)


def test_votes_count_only_while_a_round_is_open(store: Store, clock: Clock) -> None:
    code = begun(store, clock)
    store.join(code, "a", "tre")
    assert (
        store.vote(code, 0, "a", ANSWER)
        and not store.vote(code, 1, "a", ANSWER)
        and not store.vote(code, -1, "a", ANSWER)
    )
    assert store.vote(code, 0, "a", replace(ANSWER, choice="akut")), "until it is closed one may think again"
    does(store, code, Move.close)
    assert not store.vote(code, 0, "a", ANSWER) and not store.vote(code, 0, "b", ANSWER)
    does(store, code, Move.show)
    assert not store.vote(code, 0, "a", ANSWER)
    assert store.votes(code, 0) == [replace(ANSWER, choice="akut")]
    store.join(code, "late", "flere")
    assert store.seen_from(code, "late")[1:] == ("flere", set(), set())
    does(store, code, Move.ask)
    assert store.vote(code, 1, "late", ANSWER), "who comes late takes part from the next one"
    assert store.state(code).answered == {0: 1, 1: 1} and store.seen_from(code, "a")[2] == {0}


def test_the_faggruppe_stays_after_the_first_answer(store: Store, clock: Clock) -> None:
    code = begun(store, clock)
    store.join(code, "a", "tre")
    store.join(code, "a", "flere")
    assert store.seen_from(code, "a")[1] == "flere" and store.state(code).seats == 1
    store.vote(code, 0, "a", ANSWER)
    store.join(code, "a", "tre")
    assert store.seen_from(code, "a")[1] == "flere"


def test_rooms_and_sessions_are_full_at_some_point(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guide.training.store.MOST", 2)
    monkeypatch.setattr("guide.training.store.SEATS", 2)
    code, _ = begun(store, clock), begun(store, clock)
    with pytest.raises(Full):
        begun(store, clock)
    store.join(code, "a", "tre")
    store.join(code, "b", "tre")
    with pytest.raises(Full):
        store.join(code, "c", "tre")
    store.join(code, "a", "flere")
    clock.at += LONGEST
    assert begun(store, clock), "what is over makes room"


def test_a_session_that_nobody_joined_gives_way_after_half_an_hour(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever begins as many as there can be, and leaves them, keeps nobody else out for twelve hours."""
    monkeypatch.setattr("guide.training.store.MOST", 2)
    left, used = begun(store, clock), begun(store, clock)
    store.join(used, "a", "tre")
    clock.at += IDLE - 1
    with pytest.raises(Full):
        begun(store, clock)
    clock.at += 1
    later = begun(store, clock)
    assert store.state(used).seats == 1 and store.state(later)
    with pytest.raises(Gone):
        store.state(left)
    clock.at += IDLE
    store.join(later, "b", "tre")
    with pytest.raises(Full):
        begun(store, clock)


def test_a_sealed_room_takes_no_phone_more(store: Store, clock: Clock) -> None:
    code = begun(store, clock)
    store.join(code, "a", "tre")
    does(store, code, Move.seal)
    with pytest.raises(Sealed):
        store.join(code, "b", "tre")
    store.join(code, "a", "flere")
    assert store.seen_from(code, "a")[1] == "flere" and store.state(code).seats == 1
    does(store, code, Move.unseal)
    store.join(code, "b", "tre")
    assert store.state(code).seats == 2


def test_who_passes_is_done_and_says_nothing(store: Store, clock: Clock) -> None:
    code = begun(store, clock)
    for seat in ("a", "b"):
        store.join(code, seat, "tre")
    assert store.vote(code, 0, "a", None) and store.vote(code, 0, "b", ANSWER)
    state = store.state(code)
    assert (state.answered, state.done) == ({0: 1}, {0: 2}) and store.votes(code, 0) == [ANSWER]
    assert store.seen_from(code, "a")[1:] == ("tre", set(), {0}) and store.seen_from(code, "b")[1:] == (
        "tre",
        {0},
        set(),
    )
    store.join(code, "a", "flere")
    assert store.seen_from(code, "a")[1] == "flere", "only an answer keeps the faggruppe"
    assert store.vote(code, 0, "a", ANSWER) and store.vote(code, 0, "b", None), (
        "one may answer after all, or take it back"
    )
    assert store.seen_from(code, "a")[2:] == ({0}, set()) and store.seen_from(code, "b")[2:] == (set(), {0})
    does(store, code, Move.close)
    assert not store.vote(code, 0, "b", ANSWER) and not store.vote(code, 0, "a", None)
    assert store.state(code).answered == {0: 1}


def test_the_stamp_is_another_whenever_the_wall_could_be(store: Store, clock: Clock) -> None:
    code = begun(store, clock)
    stamps = [store.state(code).stamp]
    for press in (
        lambda: store.join(code, "a", "tre"), lambda: store.vote(code, 0, "a", ANSWER),
        lambda: does(store, code, Move.close), lambda: does(store, code, Move.show),
    ):  # fmt: skip
        press()
        stamps.append(store.state(code).stamp)
    assert len(set(stamps)) == 5
    store.vote(code, 0, "a", ANSWER)
    assert store.state(code).stamp == stamps[-1]


def race(one: Store, clock: Clock) -> list[str]:
    """Phones answer while the trainer closes: what one was told and what counts must be the same."""
    code, start, told = begun(one, clock), threading.Barrier(PHONES + 1), dict[int, bool]()

    def phone(n: int) -> None:
        start.wait()
        told[n] = one.vote(code, 0, f"phone {n}", replace(ANSWER, outcome=str(n)))

    threads = [threading.Thread(target=phone, args=[n]) for n in range(PHONES)]
    for thread in threads:
        thread.start()
    start.wait()
    does(one, code, Move.close)
    shown = {vote.outcome for vote in one.votes(code, 0)}
    for thread in threads:
        thread.join()
    late = {vote.outcome for vote in one.votes(code, 0)}
    wrong = [] if late == shown else ["a vote came after the round was closed"]
    if late != {str(n) for n, taken in told.items() if taken} or len(told) < PHONES:
        wrong.append("what was said to be taken is not what counts")
    return wrong


def test_a_vote_beside_the_closing_counts_or_is_refused(store: Store, clock: Clock) -> None:
    assert [wrong for _ in range(RACES) for wrong in race(store, clock)] == []


def test_a_planted_look_before_the_vote_is_found(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the round is open is looked up in one transaction, and the vote written in another."""

    def late(code: str, number: int, seat: str, vote: Vote) -> bool:
        if store.state(code).session.rounds[number].stage is not Stage.open:
            return False
        time.sleep(0.05)
        with store._write() as connection:
            row = {"code": code, "round": number, "seat": hashed(seat), "vote": json.dumps(asdict(vote))}
            connection.execute(tables.tables["training_vote"].insert(), [row])
        return True

    monkeypatch.setattr(store, "vote", late)
    assert any("a vote came after the round was closed" in race(store, clock) for _ in range(60))


def test_trainer_and_phones_at_once_lose_nothing(store: Store, clock: Clock) -> None:
    """Presses of two windows of a trainer follow each other: none is overwritten."""
    code, start = begun(store, clock), threading.Barrier(6)

    def press() -> None:
        start.wait()
        store.change(code, lambda one: replace(one, ends=one.ends + 1))

    before = store.state(code)
    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = store.state(code)
    assert (after.version, after.session.ends) == (before.version + 6, before.session.ends + 6)


def test_two_stores_on_one_database_are_one_room(database: str | None, tmp_path: Path, clock: Clock) -> None:
    one, other = Store(tmp_path, database, clock), Store(tmp_path, database, clock)
    code = begun(one, clock)
    other.join(code, "a", "tre")
    assert one.vote(code, 0, "a", ANSWER) and other.votes(code, 0) == [ANSWER]
    does(other, code, Move.close)
    assert not one.vote(code, 0, "a", ANSWER)
    with pytest.raises(Gone):  # planted: two that share nothing
        Store(tmp_path / "elsewhere", None, clock).state(code)


PERSISTENCE = """
select c.relname, coalesce(t.relpersistence, 'u')::text || c.relpersistence::text
from pg_class c left join pg_class t on t.oid = c.reltoastrelid where c.relname like 'training%'
"""
"""Of each table and index, and of the table beside it where what is too long for a row lies."""


def test_tables_in_postgres_are_unlogged_and_keep_no_examples(postgres_database: str, clock: Clock) -> None:
    one = Store(Path("unused"), postgres_database, clock)
    code = begun(one, clock)
    one.join(code, "a", "tre")
    engine = db.open_engine(postgres_database, Path())
    with engine.connect() as connection:
        kept = dict(connection.execute(text(PERSISTENCE)).all())
        assert {name: "uu" for name in kept} == kept and len(kept) == 6
        connection.execute(text("analyze"))
        told = "select count(*) from pg_stats where tablename like 'training%'"
        assert connection.scalar(text(told)) == 0
        connection.execute(text("alter table training_seat alter column code set statistics 100"))
        connection.execute(text("analyze training_seat"))
        assert connection.scalar(text(told)) > 0, "planted"


@pytest.mark.parametrize("planted", [False, True], ids=["", "everybody may try"])
def test_a_database_that_swallows_everything_holds_one_thread(
    postgres_database: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, planted: bool
) -> None:
    if planted:
        monkeypatch.setattr(gate.Gate, "_connect", gate.Gate._tried)
    monkeypatch.setattr(psycopg.connection, "timeout_from_conninfo", lambda _: 0.5)  # settings take no less than two
    monkeypatch.setattr(gate, "PATIENCE", 0.1)
    arrived = list[int]()
    with listening(lambda client: arrived.append(client.fileno())) as port:
        away = Store(Path("unused"), through(postgres_database, port), clock)
        refused = list[str]()

        def ask() -> None:
            try:
                away.state("ABCDEF")
            except db.DatabaseError as error:
                refused.append(str(error))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ask()
    held = 9 - refused.count("away")
    assert len(refused) == 9 and (held >= 8 and len(arrived) >= 8 if planted else held <= 2 and len(arrived) <= 2)
