"""What the templates of paper are given: the authors' Markdown, dates, hours, whom to ring and how old the number is.

Not here: what stands on the poster (`poster.py`) and in the handleplan (`handleplan.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

from guide.library.calling import untried
from guide.library.library import Library
from guide.library.opening import shown
from guide.library.texts import markdown
from guide.model import Contact, Municipality

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"

FIRST = ("alarm", "modtagelse", "doegnvagt", "politi")
"""The contacts that every paper begins with, in this order."""

_FILE = re.compile(r"\s*\bGemmer du den her\b[^.]*\.")
"""The sentence of a letter's help about the file that is left on the computer."""


@dataclass(frozen=True)
class Listed:
    """A contact on paper, where nobody can see what time it is: all its hours, how old the number is, whose it is."""

    name: str
    contact: Contact
    example: bool
    """Made up, for a kommune that does not exist."""
    old: bool
    """Nobody has tried its number for six months, or ever; as on the pages."""

    @property
    def hours(self) -> str | None:
        """The hours in words; None when they are not known."""
        return shown(self.contact.hours) if self.contact.hours else None


def listed(library: Library, kommune: str, name: str, day: date) -> Listed:
    """A contact as it is in a kommune on a day. Raises KeyError when there is none."""
    contact, place = library.contact(kommune, name), library.municipalities[kommune]
    example = place.example and name in place.contacts
    return Listed(name, contact, example, not example and untried(contact, day))


def checked(contacts: Collection[Listed]) -> date | None:
    """The oldest day on which somebody looked at one of these numbers; None when there is none."""
    days = [each.contact.checked for each in contacts if each.contact.phone and each.contact.checked]
    return min(days, default=None)


@lru_cache(maxsize=256)
def dato(day: date) -> str:
    """A date in Danish, written out: 21. november 2026."""
    return str(format_date(day, "d. MMMM y", locale="da"))


def papir(text: str) -> str:
    """An author's text without what is only true of a file on a computer."""
    return _FILE.sub("", text)


def environment(library: Library, kommune: str, laws: Collection[str] = ()) -> Environment:
    """The templates with their filters, for a kommune.

    `laws` are the rules of the law that stand on the same paper: words that refer to them lead there.
    """
    reader = markdown()
    reader.add_render_rule("link_open", _link_open)
    reader.add_render_rule("link_close", _link_close)
    env = {"library": library, "municipality": library.municipalities[kommune], "laws": frozenset(laws)}
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters.update(
        md=lambda text: Markup(reader.render(text or "", dict(env))),
        md_inline=lambda text: Markup(reader.renderInline(text or "", dict(env))),
        dato=dato,
        papir=papir,
        lille=lambda text: text[:1].lower() + text[1:],
    )
    made.globals.update(_=lambda text: text, library=library, kommune=env["municipality"], law_number=law_number)
    made.globals["letter_words"] = library.letters_in(kommune)
    return made


def law_number(library: Library, name: str) -> str:
    """The act of a rule, with the paragraph when somebody has seen it."""
    ref = library.law[name]
    number = f" {ref.number}" if ref.status == "verified" else ""
    return library.act_of(name).title + number


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    """A link that leads somewhere on paper; others are their words alone."""
    kind, _, name = str(tokens[index].attrGet("href") or "").partition(":")
    if kind == "lov" and name in env["laws"]:
        return f'<a class="lov" href="#lov-{name}">'
    return "<span>"


def _link_close(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    """The number of a contact follows its name, for nobody can tap on paper."""
    start = _opened(tokens, index)
    kind, _, name = str(tokens[start].attrGet("href") or "").partition(":")
    if kind == "kontakt":
        phone = _phone(env["library"], env["municipality"], name)
        said = "".join(token.content for token in tokens[start + 1 : index])
        return f" ({escape(phone)})</span>" if phone and phone not in said else "</span>"
    return "</a>" if kind == "lov" and name in env["laws"] else "</span>"


def _opened(tokens: Sequence[Token], index: int) -> int:
    """Links do not stand within links: the nearest opening is the one."""
    return next(n for n in range(index, -1, -1) if tokens[n].type == "link_open")


def _phone(library: Library, kommune: Municipality, name: str) -> str | None:
    contact = kommune.contacts.get(name) or library.contacts.get(name)
    return contact.phone if contact else None
