"""Contacts as the model allows them, made up for properties: also what a spreadsheet would run or spoil."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from guide.model import Contact, Hours, Purpose

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"))
NASTY = st.sampled_from(
    ["=1+1", "+45", "-x", "@SUM(A1)", "'x", "'=x", "''", '"', '"x;y"', ";", "a;b,c", "no", "true", "112", "2027-01-01",
     "# x", "a # b", "a: b", "- x", "* x", "&x", "!x", "%x", "{x}", "[x]", "| x", "> x", "? x", "null", "~",
     "»Ja«: æøå 😀", "＝x", "9-12", "x\ty", "ord " * 40 + "slut", "---", "...", "<script>alert(1)</script>", "{{ x }}",
     "\\", "\\n"]
)  # fmt: skip
LINES = st.one_of(NASTY, st.text(LETTERS, min_size=1, max_size=30)).map(str.strip).filter(bool)
TEXTS = st.lists(st.one_of(LINES, st.sampled_from(["", "  rykket ind", "- et\n- to"])), min_size=1, max_size=4)
TEXT = TEXTS.map("\n".join).map(str.strip).filter(bool)
SPANS = st.sampled_from(["closed", "9-15", "8.30-12, 13-15", "15-9", "9-9", "0-24"])
WEEK = st.dictionaries(st.sampled_from(["man-tors", "fre", "loer-soen", "loer", "soen", "man-fre"]), SPANS, max_size=3)
DAYS = st.dictionaries(st.sampled_from(["24-december", "31-december", "5-juni", "2027-05-07"]), SPANS, max_size=3)
LINKS = st.sampled_from(["https://example.dk/", "https://example.dk/a?b=c;d&e='f'"])


def hours() -> st.SearchStrategy[Hours]:
    """Opening hours, also those that say nothing."""
    return st.builds(
        Hours,
        always=st.booleans(),
        week=WEEK,
        holidays=st.none() | SPANS,
        exceptions=DAYS,
        note=st.none() | LINES,
    )


def contacts() -> st.SearchStrategy[Contact]:
    """Any contact."""
    return st.builds(
        Contact,
        title=LINES,
        help=TEXT,
        phone=st.sampled_from([None, "114", "1813", "116 111", "88 12 34 56"]),
        link=st.none() | LINKS,
        form=st.none() | LINKS,
        purpose=st.lists(st.sampled_from(list(Purpose)), unique=True).map(tuple),
        fallback=st.sampled_from([None, "doegnvagt", "politi"]),
        whose=st.sampled_from([None, "barnet", "arbejdspladsen"]),
        hours=st.none() | hours(),
        owner=st.none() | LINES,
        checked=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
        source=st.none() | TEXT,
        say=st.none() | TEXT,
    )
