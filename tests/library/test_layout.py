"""Changes of single values in the text of a file, and the proof that the rest means what it did."""

from __future__ import annotations

from datetime import date

import pytest

from guide.library.layout import Layout, NotWritten, as_read, laid_out, written
from guide.library.strict_yaml import parse

FILE = """\
# Øverst
name: X
contacts:
  a:
    title: A  # hej
    help: |-
      to

      linjer
    hours:
      week: {man-fre: 9-15}
      # indre
      note: x

  # om b
  b: {title: B, help: c}
"""


def changed(text: str, *steps: tuple[str, tuple[str, ...], object, str | None]) -> str:
    layout = laid_out(text.encode())
    for what, place, value, after in steps:
        if what == "set":
            layout.set(place, value)
        elif what == "add":
            layout.add(place, value, after)
        else:
            layout.remove(place)
    return layout.changed().decode()


def test_several_changes_at_once() -> None:
    a = ("contacts", "a")
    new = changed(
        FILE,
        ("set", (*a, "title"), "Ny: titel", None),
        ("remove", (*a, "help"), None, None),
        ("add", (*a, "phone"), "12 34 56 78", "help"),
        ("add", (*a, "purpose"), ["raad", "akut"], "help"),
        ("set", (*a, "hours"), {"always": True}, None),
        ("add", ("contacts", "b", "checked"), date(2027, 1, 2), "help"),
        ("add", ("contacts", "c"), {"title": "C", "say": "en\n\nto"}, "b"),
    )
    assert new == (
        "# Øverst\nname: X\ncontacts:\n  a:\n    title: 'Ny: titel'  # hej\n    phone: 12 34 56 78\n"
        "    purpose: [raad, akut]\n    hours:\n      always: true\n\n  # om b\n"
        "  b: {title: B, help: c, checked: 2027-01-02}\n  c:\n    title: C\n    say: |-\n      en\n\n      to\n"
    )


def test_a_comment_behind_a_line_that_becomes_several() -> None:
    new = changed(FILE, ("set", ("contacts", "a", "title"), "en\nto", None))
    assert "    # hej\n    title: |-\n      en\n      to\n    help" in new


def test_line_endings_and_the_mark_of_notepad() -> None:
    data = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").rstrip().encode()
    layout = laid_out(data)
    layout.set(("contacts", "a", "help"), "x\n\ny")
    layout.add(("contacts", "c"), {"title": "C"}, "b")
    new = layout.changed()
    assert new.startswith(b"\xef\xbb\xbf# ") and b"help: |-\r\n      x\r\n\r\n      y\r\n    hours" in new
    assert new.endswith(b"  c:\r\n    title: C") and new.count(b"\n") == new.count(b"\r\n")


def test_what_has_no_lines_of_its_own() -> None:
    layout = laid_out(FILE.encode())
    for change in (
        lambda: layout.set(("contacts", "b", "title"), "x"),
        lambda: layout.remove(("contacts", "b", "help")),
    ):
        with pytest.raises(NotWritten, match="klammer"):
            change()


def test_a_change_of_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: an end that lies too far takes the next entry along."""
    layout = laid_out(FILE.encode())
    monkeypatch.setattr(Layout, "_end", lambda self, entry: len(self.text))
    layout.set(("contacts", "a", "title"), "Ny")
    with pytest.raises(NotWritten, match="uden at andet"):
        layout.changed()


@pytest.mark.parametrize(
    "text",
    ["x", "a: b", "a #b", "'x'", '"', "no", "true", "112", "0112", "2027-01-01", "- x", "æ 😀", "ord " * 80 + "x",
     "x" * 300, "a\n\nb", "  a\nb", "a \nb", "a\tb", "a\n# b\n--- c", "*x", "&x", "!x", "%x", "@x", "=1+1", "{x}", "[",
     ", x", "? x", "a\n  b", "a: |-\nb", "null", "~", "»Ja«: sig det", "x # " * 60 + "x"],
)  # fmt: skip
@pytest.mark.parametrize("braces", [False, True])
def test_every_text_is_read_as_it_was_given(text: str, braces: bool) -> None:
    value = {"x": {"help": text, "more": "y"}}
    data = written(value, "", "\n") if not braces else "{" + written(value, "", " ", braces=True) + "}"
    document, findings = parse(data.encode(), "f")
    assert document is not None, findings
    assert document.value == as_read(value)
