"""A contact to save on one's own telephone: a vCard as a plain link, for contacts with a number.

Made with the library icalendar, which knows the grammar, the escaping and the folding that vCard 3.0 shares with it.
"""

from __future__ import annotations

from flask import Blueprint, Response, abort
from icalendar import Component
from icalendar.parser import Parameters
from icalendar.prop import vInline, vText, vUri

from guide.library.opening import shown
from guide.model import Contact
from guide.web import shelf
from guide.web.ring import made_up
from guide.web.text import dato, tel

blueprint = Blueprint("vcard", __name__)

FILE = "kontakt.vcf"
"""What the file is called, whoever it is: the list of downloads tells nothing."""


@blueprint.get("/<municipality>/kontakt/<contact>.vcf")
def card(municipality: str, contact: str) -> Response:
    """A contact as it is in a kommune, to save; 404 for one without a number."""
    shelf().municipality(municipality) or abort(404)
    library = shelf().library
    try:
        found = library.contact(municipality, contact)
    except KeyError:
        abort(404)
    if not found.phone:
        abort(404)
    response = Response(vcard(found, made_up(library, municipality, contact)), content_type="text/vcard; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


class Card(Component):
    """One contact; `Component` is what the grammar of calendars and of cards have in common."""

    name = "VCARD"


def vcard(contact: Contact, example: bool = False) -> bytes:
    """A contact with a number as a vCard 3.0; a made-up one says so in its name."""
    name = f"{contact.title} (opdigtet nummer)" if example else contact.title
    made = Card()
    made.add("version", vInline("3.0"))
    made.add("n", vInline(f"{vText(name).to_ical().decode()};;;;"))
    made.add("fn", vText(name))
    if contact.owner:
        made.add("org", vText(contact.owner))
    kinds = Parameters({"TYPE": ["WORK", "VOICE"]})  # as one text it would be quoted, and be one unknown type
    made.add("tel", vText(tel(contact.phone or "").removeprefix("tel:")), kinds)
    if contact.link:
        made.add("url", vUri(contact.link))
    made.add("note", vText(_note(contact)))
    return bytes(made.to_ical(sorted=False))  # in this order: a reader wants the version first


def _note(contact: Contact) -> str:
    """What one must know before one rings: when they answer, and when somebody last looked."""
    hours = f"Åbent: {shown(contact.hours)}." if contact.hours else "Åbningstiden kendes ikke."
    looked = f" Efterset {dato(contact.checked)}." if contact.checked else " Nummeret er ikke efterset."
    return f"{hours}{looked} Ved fare her og nu: ring 112."
