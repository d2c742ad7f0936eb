"""What comes too late: a frozen period never changes, and nothing that was handed over is lost (T-R11)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, insert

from guide import db
from guide.usage import drainer
from guide.usage.counters import Periods, periods
from guide.usage.facts import Fact
from guide.usage.frozen import EXPORT, frozen, hold, newest, open_period
from tests.usage.conftest import NOON, Clock, Desk, fact
from tests.usage.test_counters import at

NOW = Periods("2027", "2027K1", "2027M02", "2027M02D03")


@pytest.mark.parametrize(
    ("period", "over", "told"),
    [
        ("2026K4", "", "2026K4"),
        ("2026K4", "2026K3", "2026K4"),
        ("2026K4", "2026K4", "2027K1"),
        ("2025K1", "2026K4", "2027K1"),
        ("2026M12", "2026K4", "2027M02"),
        ("2026M09", "2026K3", "2027M02"),
        ("2026M10", "2026K3", "2026M10"),
        ("2026", "2026K3", "2026"),
        ("2026", "2026K4", "2027"),
        ("2026M12D31", "2026K4", "2026M12D31"),  # operations are in no release
        # A clock that stands in a frozen period: the first one after it.
        ("2027M02", "2027K1", "2027M04"),
        ("2027K1", "2027K1", "2027K2"),
        ("2027", "2027K4", "2028"),
        ("2027M02", "2027K4", "2028M01"),
        ("2027K1", "2028K4", "2029K1"),
    ],
)
def test_where_a_fact_is_counted(period: str, over: str, told: str) -> None:
    assert open_period(period, over, NOW) == told


def test_no_fact_comes_into_a_frozen_period_whatever_the_clock_says() -> None:
    """Days over four years by the clock, every quarter frozen, facts of every kind: each goes to an open period."""
    days = [periods(at(2025, 1, 1, 12) + n * 86_400) for n in range(0, 4 * 365, 9)]
    over = [f"{year}K{n}" for year in (2025, 2026, 2027, 2028) for n in (1, 2, 3, 4)]
    kinds = {one for now in days[::20] for one in (now.year, now.quarter, now.month)}
    for last in over:
        for now in days:
            moved = {period: open_period(period, last, now) for period in kinds}
            assert not [to for to in moved.values() if frozen(to, last)]
            assert all(len(period) == len(to) and to >= period for period, to in moved.items())
            assert all(to == period or frozen(period, last) for period, to in moved.items())


def test_frozen_says_the_same_as_the_calendar() -> None:
    day = date(2026, 1, 1)
    while day < date(2028, 1, 1):
        quarter = (day.month + 2) // 3
        over = f"{day.year}K{quarter}" <= "2026K3"
        assert frozen(f"{day.year}M{day.month:02}", "2026K3") == frozen(f"{day.year}K{quarter}", "2026K3") == over
        day += timedelta(days=1)


def released(engine: Engine, period: str) -> None:
    """Put a release in the log, as `guide release` does."""
    with engine.begin() as connection:
        hold(connection)
        connection.execute(
            insert(db.release).values(period=period, day="d", by="b", catalogue="c", digest="d", audit="{}")
        )


def exported(engine: Engine, period: str, kind: str = EXPORT) -> None:
    with engine.begin() as connection:
        row = {"id": period, "kind": kind, "period": period, "area": "proeve", "day": "d", "note": ""}
        connection.execute(insert(db.taken).values(row))


def told(*of: str) -> list[Fact]:
    """One fact of each of these periods."""
    return [fact("x")._replace(period=period) for period in of]


def counted(desk: Desk) -> dict[str, int]:
    return {period: n for (period, tab, _), n in desk.sums().items() if tab != "operations"}


def late(desk: Desk) -> tuple[dict[str, int], dict[str, int]]:
    """Facts of the old quarter, some drained before it is released and some after: the counters before and after."""
    desk.facts(told("2026", "2026K4", "2026M11", "2026M11"))
    desk.drain()
    before = counted(desk)
    desk.facts(told("2026", "2026K4", "2026M11", "2026M12"))
    released(desk._engine, "2026K4")
    desk._clock.at = at(2027, 1, 20, 12)  # type: ignore[attr-defined]
    desk.facts(told("2027", "2027K1", "2027M01"))
    desk.drain()
    return before, counted(desk)


def test_what_comes_after_the_release_is_counted_in_the_open_period(desk: Desk) -> None:
    before, after = late(desk)
    assert before == {"2026": 1, "2026K4": 1, "2026M11": 2}
    assert after == before | {"2027": 2, "2027K1": 2, "2027M01": 3}
    assert desk.conserved(11)


def test_a_drainer_that_does_not_look_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drainer, "open_period", lambda period, over, now: period)
    before, after = late(desk)
    assert any(after[period] != n for period, n in before.items())


def test_a_fact_that_comes_late_twice_is_counted_once(desk: Desk) -> None:
    desk.facts([once := told("2026K4")[0]])
    desk.drain()
    released(desk._engine, "2026K4")
    desk.facts([once])
    desk.drain()
    assert counted(desk) == {"2026K4": 1} and desk.conserved(2)


@pytest.mark.parametrize(
    ("now", "open_now"),
    [
        (at(2026, 12, 31, 23, 59, 59), ("2027", "2027K1", "2027M01")),  # the clock stands in what is frozen
        (NOON - 86_400, ("2027", "2027K1", "2027M01")),
        (NOON + 40 * 86_400, ("2027", "2027K1", "2027M01")),
        (at(2027, 3, 28, 3), ("2027", "2027K1", "2027M03")),
        (at(2027, 10, 31, 2, 30, fold=1), ("2027", "2027K4", "2027M10")),
        (at(2028, 1, 1), ("2028", "2028K1", "2028M01")),
    ],
)
def test_no_clock_touches_a_frozen_period(desk: Desk, now: float, open_now: tuple[str, ...]) -> None:
    before = Counter({"2026": 1, "2026K4": 1, "2026M11": 1})
    desk.facts(told(*before))
    desk.drain()
    released(desk._engine, "2026K4")
    desk._clock.at = now  # type: ignore[attr-defined]
    desk.facts(told(*before))
    desk.drain()
    assert counted(desk) == before | dict.fromkeys(open_now, 1)


def test_what_a_kommune_handed_over_is_frozen_too_and_what_was_taken_in_is_not(desk: Desk) -> None:
    desk.drain()
    desk.sums()
    exported(desk._engine, "2026K2", kind="counters")
    with desk._engine.begin() as connection:
        assert newest(connection) == ""
    exported(desk._engine, "2026K3")
    desk.facts(told("2026K3", "2026K4", "2026"))
    desk.drain()
    assert counted(desk) == {"2026K4": 2, "2026": 1}


def test_a_pass_asks_once(tmp_path: Path) -> None:
    desk, asked = Desk(tmp_path, clock=Clock()), list[str]()
    desk.facts(told(*["2026K4"] * 500))
    desk.sums()
    event.listen(desk._engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    desk.drain()
    assert len([one for one in asked if "release" in one]) == 1
