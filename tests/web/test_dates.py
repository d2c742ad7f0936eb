"""The dates on an outcome, the file for the calendar as two parsers read it, and the observation sheet."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient

from guide.library import force
from guide.library.deadlines import deadlines
from guide.library.library import Library
from guide.model import Due, Level
from guide.web.dates import AT, SLUG, dag, follow_up, holidays, new_look, order, tid
from tests.web.asking import refused

REVEALS = re.compile("barn|vold|underret|kommune|eksempel|bekym|straks|akut|guiden", re.IGNORECASE)
"""What a calendar file never holds: a colleague or a family may see the calendar."""

SLUGS = {
    "opfoelgning-20261120T1905": "2026-12-01 2026-11-30 2026-12-04",
    "opfoelgning-20261120T1905-7": "2026-12-01 2026-11-30 2026-11-27",
    "opfoelgning-snart-20261120T1905": "2026-11-21 2026-11-30 2026-12-04",
    "opfoelgning-snart-20261223T0800-28": "2026-12-24 2027-01-04 2027-01-20",
    "opfoelgning-20270328T0230": "2027-04-07 2027-04-06 2027-04-09",
    "nyt-blik-20261206": "2026-12-06",
}
"""Every kind of file, with the days of its entries: on a Friday evening, with an own look, where it hastes, over
Christmas, in an hour that is not, and a new look alone."""

TITLES = ("Ring og spørg", "Følg op", "Nyt blik")


def entries(slug: str) -> list[tuple[str, str]]:
    days = SLUGS[slug].split()
    return list(zip(TITLES[-len(days) :], days, strict=True))


def fetched(client: FlaskClient, slug: str) -> str:
    response = client.get(f"/eksempel/kalender/{slug}.ics")
    assert (response.status_code, response.content_type) == (200, "text/calendar; charset=utf-8"), slug
    assert re.fullmatch(
        r'attachment; filename="(?:nyt-blik|opfoelgning)\.ics"', response.headers["Content-Disposition"]
    )
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_data(as_text=True)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_file_as_two_parsers_read_it(shipped: FlaskClient, slug: str) -> None:
    text = fetched(shipped, slug)
    read, other = icalendar.Calendar.from_ical(text), vobject.readOne(text)
    events = read.walk("VEVENT")
    assert [(str(e["summary"]), str(e.decoded("dtstart").date())) for e in events] == entries(slug)
    assert [(e.summary.value, str(e.dtstart.value.date())) for e in other.vevent_list] == entries(slug)
    for event, same in zip(events, other.vevent_list, strict=True):
        begins = event.decoded("dtstart")
        assert begins.time() == AT and begins.utcoffset() == begins.replace(tzinfo=force.DENMARK).utcoffset()
        assert same.dtstart.value.utcoffset() == begins.utcoffset(), "the zone as the file defines it"
        assert event.decoded("dtend") - begins == timedelta(minutes=15)
        assert event.walk("VALARM")[0].decoded("trigger") == same.valarm.trigger.value == timedelta(minutes=-15)
        assert event.decoded("dtstamp") == force.now() and str(event["class"]) == "PRIVATE"
    assert read.walk("VTIMEZONE") and str(read["version"]) == "2.0" and str(read["method"]) == "PUBLISH"
    assert not REVEALS.search(text) and "\r\n" in text


def test_the_zone_of_the_file_is_denmarks(shipped: FlaskClient) -> None:
    """On each day of three years; Outlook goes by what the file says, not by the name of the zone."""
    zone = icalendar.Calendar.from_ical(fetched(shipped, "nyt-blik-20261206")).walk("VTIMEZONE")[0].to_tz()
    start = datetime(2025, 1, 1, 9)
    for n in range(1096):
        day = start + timedelta(days=n)
        assert day.replace(tzinfo=zone).utcoffset() == day.replace(tzinfo=ZoneInfo("Europe/Copenhagen")).utcoffset()


def test_what_reveals_is_caught() -> None:
    """The planted faults: a title that says what it is about, and the kommune in the file."""
    for line in ("SUMMARY:Følg op på Barnet", "X-WR-CALNAME:UNDERRETNING", "UID:1@eksempel", "DESCRIPTION:tvold"):
        assert REVEALS.search(line), line


def test_each_file_has_names_of_its_own(shipped: FlaskClient) -> None:
    found = [
        line for slug in (*SLUGS, *SLUGS) for line in fetched(shipped, slug).splitlines() if line.startswith("UID")
    ]
    assert len(found) == 2 * sum(len(entries(slug)) for slug in SLUGS) == len(set(found))


@pytest.mark.parametrize(
    "slug",
    [
        "nyt-blik-20261332", "nyt-blik-20260230", "nyt-blik-00000000", "nyt-blik-20281124", "nyt-blik-20241120",
        "nyt-blik-2026120", "nyt-blik-20261206T1030", "nyt-blik-２０２６１２０６", "opfoelgning-20261122",
        "opfoelgning-20261122T2460", "opfoelgning-20261122T2400", "opfoelgning-20261122T1030-0",
        "opfoelgning-20261122T1030-00", "opfoelgning-20261122T1030-07",
        "opfoelgning-20261122T1030-100", "opfoelgning-99991231T2359", "opfoelgning-straks-20261122T1030",
        "opfoelgning--snart-20261122T1030", "x", "opfoelgning-20261122T1030%0a",
    ],
)  # fmt: skip
def test_an_impossible_or_far_date_is_not_found(shipped_app: Flask, shipped: FlaskClient, slug: str) -> None:
    refused(shipped.get(f"/eksempel/kalender/{slug}.ics"), 404)


def test_of_a_kommune_that_is_not_there(shipped: FlaskClient) -> None:
    refused(shipped.get("/findes-ikke/kalender/nyt-blik-20261206.ics"), 404)
    assert shipped.get("/hele-landet/kalender/nyt-blik-20261206.ics").status_code == 200


def test_every_outcome_has_its_dates_and_a_link_that_leads_to_them(shipped: FlaskClient, content: Library) -> None:
    """As written out; the address in the page is the one that the view reads."""
    seen = set()
    for flow, playable in content.flows.items():
        for step, outcome in playable.flow.outcomes.items():
            due = deadlines(outcome.level, force.now(), outcome.look)
            page = shipped.get(f"/eksempel/vejledning/{step}?fag={flow}").get_data(as_text=True)
            found = re.search(r'href="/eksempel/kalender/([^"]+)\.ics"', page)
            assert found and SLUG.fullmatch(found[1]), (flow, step)
            seen.add(re.sub(r"\d{8}(T\d{4})?", "", found[1]))
            assert dag(due.look_by) in page, (flow, step)
            once = (
                page.count("Inden for 24 timer efter modtagelsen"),
                page.count("Regn med en <a"),
                page.count("<time"),
            )
            assert once == ((1, 1, 4) if due.receipt_by else (0, 0, 1)), step
            assert bool(due.receipt_by) == ("/static/dates.js" in page) == ("Regnet fra nu" in page)
            assert bool(due.receipt_by) != (f"/eksempel/observation/{step}?fag={flow}" in page)
            if due.receipt_by and due.ask_on and due.assessed_by:
                assert (
                    f'Senest omkring <time data-dato="kvittering" datetime="{due.receipt_by}">{dag(due.receipt_by)}'
                    in page
                )
                assert dag(due.ask_on) in page and tid(due.assessed_by) in page
                assert "Har du ikke hørt noget?" in page and "/lov/#ankestyrelsen" in page
    assert seen == {"nyt-blik-", "opfoelgning-", "opfoelgning-snart-"}


def test_on_a_walk_too(client: FlaskClient) -> None:
    client.post("/proeve/tre/start")
    for n, (step, answer) in enumerate([("akut-fare", "nej"), ("slag", "nej"), ("trist", "ja")], 1):
        client.post(f"/proeve/tre/{n}", data={"trin": step, "svar": answer})
    page = client.get("/proeve/tre/4").get_data(as_text=True)
    assert "Nyt blik senest" in page and "/proeve/kalender/nyt-blik-" in page and "Observationsark til print" in page


def test_the_order_of_the_dates() -> None:
    received = force.now()
    usual, soon = deadlines(Level.underret, received), deadlines(Level.straks, received)
    assert order(usual) == [Due.vurdering, Due.kvittering, Due.spoerg, Due.blik]
    assert order(soon) == [Due.vurdering, Due.spoerg, Due.kvittering, Due.blik]
    assert order(deadlines(Level.underret, received, 7)) == [Due.vurdering, Due.blik, Due.kvittering, Due.spoerg]
    assert order(deadlines(Level.undren, received, 28)) == [Due.blik]
    assert follow_up(Level.straks, soon, 14) == f"opfoelgning-snart-{received:%Y%m%dT%H%M}"
    assert follow_up(Level.underret, usual, 7) == f"opfoelgning-{received:%Y%m%dT%H%M}-7"
    assert new_look(date(2026, 12, 6)) == "nyt-blik-20261206"


def test_how_a_day_is_written_out() -> None:
    assert dag(date(2026, 11, 30)) == "mandag 30. november 2026"
    assert tid(datetime(2026, 12, 5, 9, 5)) == "lørdag 5. december 2026 kl. 9.05"
    assert holidays(2026).split()[0] == "2025-01-01" and holidays(2026).split()[-1] == "2028-12-26"


def test_the_observation_sheet_of_every_outcome_that_does_not_report(shipped: FlaskClient, content: Library) -> None:
    sheets = 0
    for flow, playable in content.flows.items():
        for step, outcome in playable.flow.outcomes.items():
            response = shipped.get(f"/eksempel/observation/{step}?fag={flow}")
            if outcome.level.rank > Level.bekymring.rank:
                refused(response, 404)
                continue
            sheets += 1
            page = response.get_data(as_text=True)
            assert dag(deadlines(outcome.level, force.now(), outcome.look).look_by) in page
            assert len(outcome.raises) >= 2 and page.count("<td>") == 24
            for said in (
                "Det så og hørte jeg, ord for ord",
                "Barnets egne ord",
                "Hvem kan læse dette?",
                "tel:112",
                "tel:114",
            ):
                assert said in page, said
            assert "Skriv ikke barnets navn på arket" in page and "12 34 56 78" in page and "man-tors 9-15" in page
            # Nothing to fill in: no field but the box that hides the page, no form but the one that leaves it.
            assert (
                page.count("<input") == page.count("<form") == 1 and "<textarea" not in page and "<script" not in page
            )
    assert sheets > 20
    refused(shipped.get("/eksempel/observation/findes-ikke"), 404)
    refused(shipped.get("/findes-ikke/observation/undren"), 404)


def test_the_sheet_of_a_kommune_without_a_number_has_room_for_it(shipped: FlaskClient) -> None:
    page = shipped.get("/aeroe/observation/undren?fag=skole").get_data(as_text=True)
    assert "skriv det her: ____" in re.sub(r"\s+", " ", page) and "Hører barnet til i en anden kommune" in page
