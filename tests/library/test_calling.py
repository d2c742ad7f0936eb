"""Whom to ring at this minute: every hour of two years has a number, for every kommune and every pair of kommuner."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest

from guide.library import calling
from guide.library.calling import Calls, Link, at_once, calls, chain, first, untried, when
from guide.library.force import DENMARK
from guide.library.library import NOWHERE, Library
from guide.model import Contact, Hours, Level, Municipality, Outcome
from tests.library.test_opening import Wall

OPEN = {"week": {"man-tors": "9-15", "fre": "9-13"}, "holidays": "closed"}
LATE = {"week": {"man-tors": "15-9", "fre": "16-9", "loer-soen": "9-9"}, "holidays": "9-9"}
STATED = {"24-december": "9-9", "31-december": "9-9"}
"""Who works when the office is closed begins at 16 on a Friday, three hours after the office closes."""

CHECKED = date(2026, 11, 1)


def contact(phone: str | None, hours: dict[str, Any] | None = None, **more: Any) -> Contact:
    said = {"title": f"Kontakt {phone}", "help": "H", "checked": CHECKED, **more}
    return Contact.model_validate(said | ({"phone": phone} if phone else {}) | ({"hours": hours} if hours else {}))


OFFICE = contact("88 12 34 56", OPEN, fallback="doegnvagt", whose="barnet")
NIGHT = contact("88 12 34 57", LATE | {"exceptions": STATED}, fallback="politi", whose="barnet")


def with_kommune(library: Library, *, example: bool = False, **contacts: Contact) -> Library:
    """The library with a kommune «gab» that has these contacts."""
    own = {name.replace("_", "-"): found for name, found in contacts.items()}
    kommune = Municipality(name="Gab Kommune", example=example, contacts=own)
    return replace(library, municipalities=library.municipalities | {"gab": kommune})


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DENMARK, fold=fold)


def rung(found: Calls) -> list[str | None]:
    return [call.contact.phone for call in (found.now, *found.then)]


def asked(library: Library, moment: str, fold: int = 0) -> tuple[list[str | None], list[str], list[str]]:
    """The numbers in order, what is said of each, and of who is closed."""
    found = at_once(library, "gab", None, at(moment, fold))
    said = [when(call, at(moment, fold)) for call in (found.now, *found.then)]
    return rung(found), said, [when(call, at(moment, fold)) for call in found.closed]


BY_DAY = ["88 12 34 56", "114"]
BY_NIGHT = ["88 12 34 57", "114"]


MORNING, MONDAY, TUESDAY = "i morgen kl. 9.00", "mandag kl. 9.00", "tirsdag kl. 9.00"

MOMENTS = {
    "a monday": ("2026-11-23T10:30", BY_DAY, "15.00", []),
    "the last minute": ("2026-11-23T14:59", BY_DAY, "15.00", []),
    "closing time": ("2026-11-23T15:00", BY_NIGHT, MORNING, [f"åbner {MORNING}"]),
    "before it opens": ("2026-11-23T08:30", BY_NIGHT, "9.00", ["åbner kl. 9.00"]),
    "the gap of a friday begins": ("2026-11-27T13:00", ["114"], "", [f"åbner {MONDAY}", "åbner kl. 16.00"]),
    "the gap of a friday ends": ("2026-11-27T15:59", ["114"], "", [f"åbner {MONDAY}", "åbner kl. 16.00"]),
    "after the gap": ("2026-11-27T16:00", BY_NIGHT, MONDAY, [f"åbner {MONDAY}"]),
    "a sunday": ("2026-11-29T23:00", BY_NIGHT, MORNING, [f"åbner {MORNING}"]),
    "christmas eve": ("2026-12-24T15:30", BY_NIGHT, MONDAY, [f"tiden 24. december kendes ikke, åbner {MONDAY}"]),
    "christmas day": ("2026-12-25T10:00", BY_NIGHT, MONDAY, [f"åbner {MONDAY}"]),
    "new year's eve": ("2026-12-31T23:59", BY_NIGHT, MONDAY, [f"tiden 31. december kendes ikke, åbner {MONDAY}"]),
    "new year's day": ("2027-01-01T00:00", BY_NIGHT, MONDAY, [f"åbner {MONDAY}"]),
    "before easter": ("2027-03-24T15:00", BY_NIGHT, TUESDAY, [f"åbner {TUESDAY}"]),
    "maundy thursday": ("2027-03-25T10:00", BY_NIGHT, TUESDAY, [f"åbner {TUESDAY}"]),
    "easter monday": ("2027-03-29T10:00", BY_NIGHT, MORNING, [f"åbner {MORNING}"]),
    "before the clock goes forward": ("2027-03-28T01:59", BY_NIGHT, TUESDAY, [f"åbner {TUESDAY}"]),
    "after the clock went forward": ("2027-03-28T03:00", BY_NIGHT, TUESDAY, [f"åbner {TUESDAY}"]),
    "the clock goes back": ("2027-10-31T02:30", BY_NIGHT, MORNING, [f"åbner {MORNING}"]),
}


@pytest.mark.parametrize(("moment", "numbers", "until", "closed"), MOMENTS.values(), ids=MOMENTS)
def test_the_number_of_this_minute(
    content: Library, moment: str, numbers: list[str], until: str, closed: list[str]
) -> None:
    """An office, who answers when it is closed, and 114 in the gap between. The office has not stated the eves."""
    found = asked(with_kommune(content, modtagelse=OFFICE, doegnvagt=NIGHT), moment)
    assert found[0] == numbers and found[1][-1] == "hele døgnet" and found[2] == closed
    assert found[1][0] == (f"åbent til {until}" if until else "hele døgnet")


def test_the_hour_that_is_there_twice(content: Library) -> None:
    """Half past two comes twice on 31 October 2027: whoever is open from two to three is so both times."""
    short = contact("88 12 34 58", {"week": {"soen": "2-3"}}, fallback="politi", whose="barnet")
    library = with_kommune(content, modtagelse=short)
    begins = (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    spring, autumn = ([at_once(library, "gab", None, begin + timedelta(hours=n)) for n in (0, 1)] for begin in begins)
    assert [rung(found)[0] for found in spring] == ["114", "114"], "the hour from two to three is not there"
    assert [rung(found)[0] for found in autumn] == ["88 12 34 58", "88 12 34 58"]
    assert [found.now.until for found in autumn] == [at("2027-10-31T03:00")] * 2


@pytest.mark.parametrize(
    ("moment", "week", "said"),
    [
        ("2026-12-21T16:00", {"man-fre": "9-15"}, "åbner i morgen kl. 9.00"),
        ("2026-12-22T16:00", {"man": "8-12"}, "åbner mandag kl. 8.00"),
        ("2026-12-21T16:00", {"man": "8-12"}, "åbner mandag 28. december kl. 8.00"),
        ("2026-12-26T10:00", {"loer": "9.30-9.45"}, "åbner lørdag 2. januar kl. 9.30"),
        ("2026-12-26T10:00", {"man": "closed"}, "lukket"),
    ],
)
def test_when_it_opens_in_words(content: Library, moment: str, week: dict[str, str], said: str) -> None:
    office = OFFICE.model_copy(update={"hours": contact(None, {"week": week}).hours})
    assert asked(with_kommune(content, modtagelse=office), moment)[2] == [said]


def test_open_until_midnight_in_words(content: Library) -> None:
    late = contact("88 12 34 58", {"week": {"man": "9-24"}}, whose="barnet")
    assert asked(with_kommune(content, modtagelse=late), "2026-11-23T23:30")[1][0] == "åbent til 24.00"
    friday = contact("88 12 34 58", {"week": {"fre": "9-9", "loer-soen": "9-9", "man-tors": "9-9"}}, whose="barnet")
    said = asked(with_kommune(content, modtagelse=friday), "2026-12-17T10:00")[1][0]
    assert said == "åbent til torsdag 24. december kl. 9.00", "a week away; longer is «hele døgnet»"
    assert asked(with_kommune(content, modtagelse=friday), "2026-12-10T10:00")[1][0] == "hele døgnet"


def test_a_moment_in_another_zone_is_the_same_moment(content: Library) -> None:
    library = with_kommune(content, modtagelse=OFFICE, doegnvagt=NIGHT)
    here = at_once(library, "gab", None, at("2026-11-23T10:30"))
    assert at_once(library, "gab", None, at("2026-11-23T10:30").astimezone(UTC)) == here
    with pytest.raises(ValueError, match="zone"):
        at_once(library, "gab", None, datetime(2026, 11, 23, 10, 30))


def test_calls_can_be_kept_by(content: Library) -> None:
    """Two moments between the same two changes are one key; the moment itself is no part of it."""
    library = with_kommune(content, modtagelse=OFFICE, doegnvagt=NIGHT)
    one, same, other = (at_once(library, "gab", None, at(f"2026-11-23T{time}")) for time in ("10:30", "10:31", "15:30"))
    assert len({one, same, other}) == 2 and one == same


def test_unknown_hours_keep_their_place(content: Library) -> None:
    """Nobody knows whether it is open; it is rung first, is not said to be open, and 114 follows."""
    library = with_kommune(content, modtagelse=OFFICE.model_copy(update={"hours": None}))
    numbers, said, closed = asked(library, "2026-11-28T03:00")
    assert (numbers, said, closed) == (["88 12 34 56", "114"], ["åbningstid kendes ikke", "hele døgnet"], [])
    assert not at_once(library, "gab", None, at("2026-11-28T03:00")).now.answers


def test_without_a_number(content: Library) -> None:
    """Ninety-eight kommuner have no checked number: 114 is the number, and the page says for whom there is none."""
    found = at_once(content, "aarhus", None, at("2026-11-23T10:30"))
    assert rung(found) == ["114"] and "den sociale vagt" in str(found.now.contact.say)
    assert [(call.name, call.kommune_id) for call in found.unknown] == [("modtagelse", "aarhus")]
    assert when(found.unknown[0], at("2026-11-23T10:30")) == "vi har intet efterset nummer"


@pytest.mark.parametrize(("checked", "old"), [("2026-05-23", False), ("2026-05-22", True), (None, True)])
def test_after_an_old_number_comes_the_national_one(content: Library, checked: str | None, old: bool) -> None:
    """Six months without anybody trying it, on 22 November 2026; a number that nobody has tried at all is old."""
    aged = {"checked": date.fromisoformat(checked) if checked else None}
    night = NIGHT.model_copy(update={"hours": contact("112", {"always": True}).hours})
    library = with_kommune(content, modtagelse=OFFICE.model_copy(update=aged | {"hours": None}), doegnvagt=night)
    found = at_once(library, "gab", None, at("2026-11-22T10:30"))
    assert found.now.old is old and not any(call.old for call in found.then)
    assert rung(found) == ["88 12 34 56", *(["114", "88 12 34 57"] if old else ["88 12 34 57", "114"])]
    made_up = with_kommune(content, example=True, **library.municipalities["gab"].contacts)
    example = at_once(made_up, "gab", None, at("2026-11-22T10:30")).now
    assert example.example and not example.old, "a made-up number says so, and cannot be tried"


def test_what_is_the_same_everywhere_is_never_old(content: Library) -> None:
    day = date(2040, 1, 1)
    assert not untried(content.contacts["politi"], day) and not untried(content.contacts["alarm"], day)
    assert untried(content.contacts["ankestyrelsen"], day) and not untried(content.contacts["modtagelse"], day)


# --- which kommune ------------------------------------------------------------------------------------------------


def test_whose_contact_it_is(content: Library) -> None:
    """The child's kommune takes the report; what is the workplace's stays; what is the country's is the same."""
    team = contact("88 12 34 59", whose="arbejdspladsen")
    leader = contact("88 12 34 60", whose="arbejdspladsen")
    own, other = {"modtagelse": OFFICE, "team": team, "egen-leder": leader}, {"team": contact("88 99 99 99")}
    library = with_kommune(content, **own)
    library.municipalities["anden"] = Municipality(name="Anden Kommune", contacts=other | {"doegnvagt": NIGHT})
    assert library.contact("gab", "modtagelse", "anden") is content.contacts["modtagelse"]
    assert library.contact("gab", "doegnvagt", "anden") is NIGHT
    assert library.contact("gab", "team", "anden") is team and library.contact("gab", "egen-leder", "anden") is leader
    assert library.contact("gab", "alarm", "anden").phone == "112"
    assert library.contact("gab", "modtagelse") is library.contact("gab", "modtagelse", "gab") is OFFICE
    assert library.contact("anden", "modtagelse", "gab") is OFFICE
    for name in ("findes-ikke", "alarm-x"):
        with pytest.raises(KeyError):
            library.contact("gab", name, "anden")


def test_an_own_contact_may_follow_the_child(content: Library) -> None:
    """Where the child's kommune has one of that name; else the workplace's is the only one there is."""
    mine, theirs = contact("88 12 34 59", whose="barnet"), contact("88 12 34 60", whose="barnet")
    library = with_kommune(content, familiehus=mine)
    library.municipalities["med"] = Municipality(name="Med Kommune", contacts={"familiehus": theirs})
    assert library.contact("gab", "familiehus", "med") is theirs
    assert library.contact("gab", "familiehus", "aarhus") is mine


def test_who_is_rung_when_the_child_lives_elsewhere(content: Library) -> None:
    """The chain of the child's kommune, also where that goes on to a contact that only that kommune has."""
    vagt = contact("88 12 34 61", {"always": True}, whose="barnet")
    library = with_kommune(content, modtagelse=OFFICE.model_copy(update={"fallback": "vagt"}), vagt=vagt)
    found = at_once(library, "eksempel", "gab", at("2026-11-23T10:30"))
    assert rung(found) == ["88 12 34 56", "88 12 34 61", "114"]
    assert [call.kommune_id for call in (found.now, *found.then)] == ["gab", "gab", NOWHERE]
    for call in (found.now, *found.then, *found.closed, *found.unknown):
        assert library.contact(call.kommune_id, call.name) is call.contact
    back = at_once(library, "gab", "eksempel", at("2026-11-23T10:30"))
    assert rung(back) == ["12 34 56 78", "114"] and back.now.example


def outcome(level: Level, *contacts: str) -> Outcome:
    return Outcome.model_construct(level=level, contacts=contacts)


@pytest.mark.parametrize(
    ("level", "contacts", "start"),
    [
        (Level.straks, ("modtagelse", "doegnvagt"), "modtagelse"),
        (Level.underret, ("egen-leder", "doegnvagt"), "doegnvagt"),
        (Level.underret, ("egen-leder",), "modtagelse"),
        (Level.akut, ("alarm", "politi", "modtagelse"), "modtagelse"),
        (Level.akut, ("alarm",), "modtagelse"),
        (Level.undren, ("egen-leder", "modtagelse"), "egen-leder"),
        (Level.bekymring, ("alarm", "ppr"), "ppr"),
        (Level.bekymring, ("alarm",), "modtagelse"),
    ],
)
def test_with_whom_one_begins(content: Library, level: Level, contacts: tuple[str, ...], start: str) -> None:
    found = outcome(level, *contacts)
    assert first(found) == start
    assert calls(content, "eksempel", None, found, at("2026-11-23T10:30")).now.contact.phone != "112"


def test_advice_goes_on_from_the_leader_to_the_kommune(content: Library) -> None:
    found = calls(content, "eksempel", None, outcome(Level.undren, "egen-leder"), at("2026-11-23T10:30"))
    assert [call.name for call in found.unknown] == ["egen-leder"] and rung(found) == ["12 34 56 78", "114"]


def test_a_chain_never_comes_round_and_never_holds_112(content: Library) -> None:
    """Such content is refused by the checks; whoever rings must be helped all the same."""
    library = with_kommune(
        content,
        modtagelse=OFFICE.model_copy(update={"fallback": "doegnvagt"}),
        doegnvagt=NIGHT.model_copy(update={"fallback": "modtagelse"}),
        team=contact("112", {"always": True}, fallback="alarm"),
    )
    assert [link.name for link in chain(library, "gab", None, "modtagelse")] == ["modtagelse", "doegnvagt", "doegnvagt"]
    for start in ("team", "alarm"):
        assert [link.contact.phone for link in chain(library, "gab", None, start)] == ["114"]


# --- every hour of two years --------------------------------------------------------------------------------------


def chains(library: Library) -> list[tuple[Link, ...]]:
    """Every chain that differs by a number or its hours, for every pair of kommuner and every outcome."""
    starts = {first(found) for playable in library.flows.values() for found in playable.flow.outcomes.values()}
    places = list(library.municipalities)
    asked = [(workplace, None, start) for workplace in places for start in sorted(starts)]
    asked += [(workplace, child, "modtagelse") for workplace in places for child in places]
    found: dict[tuple[Any, ...], tuple[Link, ...]] = {}
    for workplace, child, start in asked:
        links = chain(library, workplace, child, start)
        key = tuple((link.contact.phone, id(link.contact.hours)) for link in links if link.contact.phone)
        found.setdefault(key, links)
    return list(found.values())


@lru_cache(maxsize=1)
def instants(step: int) -> list[datetime]:
    """Real moments so many minutes apart, from 2026 to the end of 2027, on the clocks of Denmark."""
    begin, end = (datetime(year, 1, 1, tzinfo=DENMARK).astimezone(UTC) for year in (2026, 2028))
    count = int((end - begin) / timedelta(minutes=step))
    return [(begin + timedelta(minutes=step * n)).astimezone(DENMARK) for n in range(count)]


WALLS: dict[int, Wall] = {}
"""Hours by another count, by the id of the contact that has them; contacts live as long as the tests."""


def wall(link: Link) -> Wall:
    hours = link.contact.hours
    assert hours
    if id(link.contact) not in WALLS or WALLS[id(link.contact)].hours is not hours:
        WALLS[id(link.contact)] = Wall(hours)
    return WALLS[id(link.contact)]


def wrong(library: Library, links: tuple[Link, ...], moment: datetime) -> str:
    """What is wrong with whom one is told to ring, judged by another count of the hours; empty when nothing is."""
    try:
        found = calling._at(library, links, moment)
    except ValueError:
        return "nobody to ring"
    numbers = rung(found)
    open_ = [
        link.contact.phone
        for link in links
        if link.contact.phone and (link.contact.hours is None or wall(link).answers(moment))
    ]
    if found.now.contact.phone != open_[0] or sorted(map(str, numbers)) != sorted(map(str, open_)):
        return f"{numbers} for {open_}"
    return "" if "114" in numbers and "112" not in numbers and len({*numbers}) == len(numbers) else f"{numbers}"


def faults(library: Library, every: list[tuple[Link, ...]], step: int, part: int = 1) -> Iterator[str]:
    """Every moment at which something is wrong with a chain; with a `part`, one moment of so many, by turns."""
    for links in every:
        for n, moment in enumerate(instants(step)):
            if (n + n // 24) % part == 0 and (said := wrong(library, links, moment)):
                yield f"{[link.name for link in links]} {moment}: {said}"


def test_every_hour_of_two_years_has_a_number(content: Library, record_property: Callable[[str, object], None]) -> None:
    """I12, by real hours with both changes of the clock, for each kommune and each pair of kommuner.

    In `make test` every other hour of a day, and the hours between on the next.
    """
    night = os.environ.get("GUIDE_NIGHT") == "1"
    step, part = (15, 1) if night else (60, 2)
    every = chains(content)
    record_property("hours with a number", len(every) * len(instants(step)) // part)
    real = [name for name, kommune in content.municipalities.items() if not kommune.example]
    assert len(real) == 99 and len(every) >= 2 and len(instants(step)) == 17520 * 60 // step, "98 and the whole country"
    assert next(faults(content, every, step, part), "") == ""


def test_the_hours_can_be_found_wanting(content: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted faults: 114 left out, the holidays or the eves forgotten, one that is always open."""
    library = with_kommune(content, modtagelse=OFFICE, doegnvagt=NIGHT)
    links = chain(library, "gab", None, "modtagelse")
    assert len(chains(library)) > len(chains(content)), "a kommune with other hours is told from the others"
    assert next(faults(library, [links[:-1]], 60))
    assert wrong(library, links[:-1], at("2026-11-27T14:00")) == "nobody to ring"
    turn, stated = calling.turn, {"exceptions": {"24-december": "9-15"}}
    planted: list[tuple[str, Callable[[Hours, datetime], tuple[bool, datetime | None]]]] = [
        ("2026-12-25T10:30", lambda hours, moment: turn(hours, moment, lambda _: False)),
        ("2026-12-24T10:30", lambda hours, moment: turn(hours.model_copy(update=stated), moment)),
        ("2026-11-27T14:00", lambda _, __: (True, None)),
    ]
    for moment, fault in planted:
        assert wrong(library, links, at(moment)) == ""
        monkeypatch.setattr(calling, "turn", fault)
        assert wrong(library, links, at(moment))
        monkeypatch.undo()
