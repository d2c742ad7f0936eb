"""What is a kommune's own on its pages: its name for things, its word for a level, its offers, its colour and its logo.

All of it is for the pages of that kommune alone; error pages and the farewell page show none of it, for other people
look at those. Where the child belongs to another kommune than the workplace, names, words for levels and offers are not
shown: they would pass for those of the child's. All else is decided in `guide/library` (`names.py`, `offers.py`,
`colours.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Flask, Response, abort, request

from guide.library import names
from guide.library.colours import style
from guide.library.library import Library
from guide.library.offers import offered
from guide.library.texts import calls
from guide.model import Letter, Level, Offer, Outcome
from guide.web import shelf
from guide.web.static_files import YEAR
from guide.web.text import address, desks

blueprint = Blueprint("own", __name__)

HEIGHT, WIDTH = 40, 200
"""Pixels that a logo is shown in at most."""


@dataclass(frozen=True)
class Look:
    """The addresses of a kommune's style sheet and logo, where it has them, and the size the logo is shown in."""

    colours: str | None = None
    logo: str | None = None
    width: int = 0
    height: int = 0


def install(app: Flask) -> None:
    """Globals `own_look`, `called_here`, `letter_called_here`, `level_here`, `offers_here`, `rung_in` for templates."""
    library: Library = app.extensions["guide"].library
    step = lru_cache(maxsize=2048)(lambda place, flow, name: names.of_step(library, place, flow, name))

    def elsewhere() -> bool:
        return desks(library)[1] is not None

    def called(place: str, flow: str, name: str) -> tuple[names.Called, ...]:
        return () if elsewhere() else step(place, flow, name)

    def letter(place: str, word: Letter) -> tuple[names.Called, ...]:
        return names.of_words(library, place, word)

    def level(place: str, of: Level) -> str | None:
        return None if elsewhere() else library.municipalities[place].levels.get(of)

    def offers(place: str, flow: str, outcome: Outcome) -> list[Offer]:
        return [] if elsewhere() else list(offered(library, place, flow, outcome).values())

    app.jinja_env.globals.update(
        own_look=lru_cache(maxsize=256)(lambda place: look(library, place)),
        called_here=called,
        letter_called_here=letter,
        level_here=level,
        offers_here=offers,
        rung_in=lambda text: tuple(dict.fromkeys(name for _, name in calls(text))),
    )


def look(library: Library, place: str) -> Look:
    """How the pages of a kommune look besides all others; nothing of it for one that the guide does not know."""
    kommune, logo = library.municipalities.get(place), library.logo(place)
    sheet = _sheet(library, place)
    width, height = shown(logo) if logo else (0, 0)
    return Look(
        address("own.colours", municipality=place, v=_version(sheet)) if kommune and sheet else None,
        address("own.logo", municipality=place, v=_version(logo)) if kommune and logo else None,
        width,
        height,
    )


def shown(logo: bytes) -> tuple[int, int]:
    """Width and height in which a PNG is shown, so that the page does not move when it comes."""
    width, height = (int.from_bytes(logo[at : at + 4], "big") for at in (16, 20))
    share = min(HEIGHT / height, WIDTH / width, 1)
    return max(1, round(width * share)), max(1, round(height * share))


def _sheet(library: Library, place: str) -> bytes | None:
    kommune = library.municipalities.get(place)
    return style(kommune.colours.primary).encode() if kommune and kommune.colours else None


def _version(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()


@blueprint.get("/<municipality>/farver.css")
def colours(municipality: str) -> Response:
    """The style sheet of a kommune with a colour of its own."""
    found = _sheet(shelf().library, municipality) if shelf().municipality(municipality) else None
    return _sent(found or abort(404), "text/css; charset=utf-8")


@blueprint.get("/<municipality>/logo.png")
def logo(municipality: str) -> Response:
    """The logo of a kommune that has one."""
    found = shelf().library.logo(municipality) if shelf().municipality(municipality) else None
    return _sent(found or abort(404), "image/png")


def _sent(content: bytes, kind: str) -> Response:
    """A file whose address carries its hash may be kept for a year; by any other address it is asked for anew."""
    response = Response(content, content_type=kind)
    fresh = request.args.get("v") == _version(content)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response
