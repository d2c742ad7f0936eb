"""What templates are given: Markdown, dates, telephone links, addresses, and pieces that are rendered once and kept.

Kept are only pieces made of content alone, never anything of a walk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date, format_decimal
from jinja2.ext import Extension
from jinja2.lexer import Token as Piece
from jinja2.lexer import TokenStream
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from guide.library.library import NOWHERE, Library
from guide.library.opening import shown
from guide.library.texts import markdown


class Danish(Extension):
    """Reads `_("…")` as its text when a template is compiled: `_` marks what a second language must translate.

    Until there is one, asking for the translation on each page (34 times a question) costs more than the walk.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Piece]:
        """The tokens of a template, where `_`, `(`, a string and `)` have become the string."""
        for token in stream:
            if token.test("name:_"):
                stream.expect("lparen")
                token = stream.expect("string")
                stream.expect("rparen")
            yield token


def install(app: Flask) -> None:
    """Filters `md`, `md_inline`, `tel`, `dato`, `tider`, `tal`; globals `library`, `url_for`, `kept`."""
    reader, library = _markdown(), app.extensions["guide"].library
    block = lru_cache(maxsize=4096)(lambda text, desks: Markup(reader.render(text, {"desks": desks})))
    inline = lru_cache(maxsize=4096)(lambda text, desks: Markup(reader.renderInline(text, {"desks": desks})))
    app.jinja_env.filters.update(
        md=lambda text: block(text or "", desks(library)),
        md_inline=lambda text: inline(text or "", desks(library)),
        tel=tel,
        dato=dato,
        tider=shown,
        tal=format_decimal,
    )
    app.jinja_env.add_extension(Danish)
    piece = lru_cache(maxsize=1024)(lambda place, macro, *values: _piece(app, macro, *values))
    # Globals, so that a file of macros is read once and not on each page that imports it.
    app.jinja_env.globals.update(
        library=library,
        url_for=address,
        kept=lambda macro, *values: piece(desks(library), macro, *values),
        dialled=lambda name: dialled(library, name),
        desks=lambda: desks(library),
    )


@lru_cache(maxsize=4096)
def address(endpoint: str, **values: Any) -> str:
    """As Flask's `url_for`, which would build the same twenty paths anew for each page."""
    return url_for(endpoint, **values)


def _piece(app: Flask, macro: str, *values: Any) -> Markup:
    """A macro of kept/<macro>.html as it is for these words of the content."""
    made: Markup = getattr(app.jinja_env.get_template(f"kept/{macro}.html").module, macro)(*values)
    return made


def dialled(library: Library, name: str) -> str:
    """Whose words a page shows: the kommune's when it has any of its own or a link, else those of the whole country."""
    municipality = library.municipalities.get(name)
    own = municipality and (municipality.contacts or municipality.link or name in library.rooms)
    return name if own else NOWHERE


Desks = tuple[str, str | None]
"""Whose numbers a page shows: the workplace's kommune, and the child's when it is another."""


def desks(library: Library) -> Desks:
    """The same for the page that is being made: `kontakt:` links dial these numbers. A view sets `g.home`."""
    own, home = (request.view_args or {}).get("municipality", NOWHERE), g.get("home")
    return dialled(library, str(own)), dialled(library, home) if home else None


def _markdown() -> MarkdownIt:
    """The authors' Markdown, where `lov:` links lead to the law register and `kontakt:` links dial."""
    reader = markdown()
    reader.add_render_rule("link_open", _link_open)
    return reader


def _link_open(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: dict[str, Any]
) -> str:
    token = tokens[index]
    href = str(token.attrGet("href") or "")
    kind, _, name = href.partition(":")
    if kind == "lov":
        token.attrSet("href", url_for("pages.law", _anchor=name))
    elif kind == "kontakt":
        library = current_app.extensions["guide"].library
        try:
            own, child = env["desks"]
            phone = library.contact(own, name, *([child] if child else [])).phone
        except KeyError:  # told by the checks
            phone = None
        token.attrSet("href", tel(phone) if phone else "#")
    elif kind == "https":
        token.attrSet("rel", "noreferrer")
    elif not href.startswith(("/", "#")) or href.startswith("//"):
        token.attrSet("href", "#")
    return renderer.renderToken(tokens, index, options, env)


def tel(phone: str) -> str:
    """`70 20 12 01` -> `tel:70201201`."""
    return "tel:" + re.sub(r"\D", "", phone)


@lru_cache(maxsize=1024)
def dato(day: date) -> str:
    """A date in Danish, written out: 21. november 2026."""
    return str(format_date(day, "long"))
