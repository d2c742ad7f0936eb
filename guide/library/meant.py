"""What an author most likely meant by a value or key that cannot be used: the same, as the guide writes it.

Each function gives the better text, or nothing when none can be told. Nothing here changes content: the text is only
shown to the author. Not here: near ids («Mente du …?»), which are in `wording.py`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip

KEYS = {
    "navn": "name", "kode": "code", "kontakt": "contacts", "kontakter": "contacts", "navne": "names",
    "niveau": "level", "niveauer": "levels", "farve": "colours", "farver": "colours", "tilbud": "offers",
    "ejer": "owner", "ansvarlig": "owner", "tjekket": "checked", "efterset": "checked", "godkendt": "approved",
    "titel": "title", "overskrift": "title", "hjaelp": "help", "forklaring": "help", "telefon": "phone",
    "tlf": "phone", "telefonnummer": "phone", "nummer": "phone", "hjemmeside": "link", "formular": "form",
    "aabningstid": "hours", "aabningstider": "hours", "uge": "week", "helligdage": "holidays", "kilde": "source",
    "sporgsmaal": "questions", "spoergsmaal": "questions", "udfald": "outcomes", "svar": "options", "tekst": "label",
    "boks": "local", "lokal": "local", "foer": "before", "som": "as", "foraeldre": "parents", "breve": "letters",
    "brev": "letters", "lov": "law", "flag": "flags", "naeste": "next", "hvorfor": "why", "dato": "date",
    "myndighed": "authority", "fag": "profession", "formaal": "purpose", "primaer": "primary", "goer": "do",
}  # fmt: skip
"""Danish for the keys that kommuner write; the Danish is spelled as an id."""

_DAY_NAMES = {"mandag": "man", "tirsdag": "tirs", "onsdag": "ons", "torsdag": "tors", "fredag": "fre", "lørdag": "loer",
              "søndag": "soen", "lør": "loer", "søn": "soen"}  # fmt: skip


def phone(text: str) -> str:
    """A Danish number in pairs of digits, from `+45 12345678`, `1234 5678` and the like."""
    digits = re.sub(r"\D", "", re.sub(r"^\s*(\+|00)45", "", text)) if re.fullmatch(r"[\d\s+().-]+", text) else ""
    if len(digits) == 8:
        return " ".join(digits[n : n + 2] for n in range(0, 8, 2))
    if len(digits) == 6 and digits.startswith("116"):
        return f"{digits[:3]} {digits[3:]}"
    return digits if len(digits) in (3, 4) else ""


def day(text: str) -> str:
    """A date as 2026-11-22, from `22-11-2026`, `22/11 2026`, `22. november 2026`, `2026-11-2`."""
    found = re.fullmatch(r"\s*(\d{1,2})[-./ ]+(\d{1,2}|[a-zæøå]+)[-./ ]+(\d{4})\s*", text.lower())
    turned = re.fullmatch(r"\s*(\d{4})[-./ ]+(\d{1,2})[-./ ]+(\d{1,2})\s*", text)
    parts = (found[3], found[2], found[1]) if found else turned.groups() if turned else None
    if parts is None:
        return ""
    month = MONTHS.index(parts[1]) + 1 if parts[1] in MONTHS else int(parts[1]) if parts[1].isdigit() else 0
    try:
        return date(int(parts[0]), month, int(parts[2])).isoformat()
    except ValueError:
        return ""


def spans(text: str) -> str:
    """Hours as `8.30-12, 13-15`, from `kl. 08:30 - 12:00 og 13-15`; `closed` from `lukket`."""
    said = text.lower().replace("kl.", "").replace("og", ",").replace("–", "-")
    if said.strip() in ("lukket", "close", "lukket."):
        return "closed"
    said = re.sub(r"\s*-\s*", "-", re.sub(r"\s*,\s*", ", ", re.sub(r"(\d):(\d)", r"\1.\2", said.strip())))
    said = re.sub(r"\b0(\d)", r"\1", re.sub(r"\.00\b", "", said))
    return said if re.fullmatch(r"[\d.]+-[\d.]+(, [\d.]+-[\d.]+)*", said) else ""


def weekdays(text: str) -> str:
    """Days as `man-fre`, from `Mandag - fredag`, `mandag til torsdag` and `lør`."""
    said = re.sub(r"\s*(-|–|til)\s*", "-", text.lower().strip())
    known = {"man", "tirs", "ons", "tors", "fre", "loer", "soen"}
    parts = [_DAY_NAMES.get(part, part) for part in said.split("-")]
    return "-".join(parts) if len(parts) <= 2 and all(part in known for part in parts) else ""


def occasion(text: str) -> str:
    """A day of every year as `24-december`, from `24/12` and `24. december`; a date as 2027-05-07."""
    if whole := day(text):
        return whole
    found = re.fullmatch(r"\s*(\d{1,2})[-./ ]+(\d{1,2}|[a-zæøå]+)\s*", text.lower())
    if not found:
        return ""
    month = found[2] if found[2] in MONTHS else ""
    if found[2].isdigit() and 0 < int(found[2]) <= 12:
        month = MONTHS[int(found[2]) - 1]
    return f"{int(found[1])}-{month}" if month and 0 < int(found[1]) <= 31 else ""


def link(text: str) -> str:
    """A link with https, from `www.viborg.dk` and `http://…`."""
    bare = re.sub(r"^https?://", "", text.strip(), flags=re.IGNORECASE)
    return f"https://{bare}" if re.fullmatch(r"[\w.-]+\.[a-zæøå]{2,}(/\S*)?", bare) and "@" not in bare else ""


def unseen(text: str) -> str:
    """What a program like Word puts into a text and nobody sees, with the remedy; nothing when there is none."""
    if re.match(r"[“”„‘’]", text) or re.search(r"[“”‘’]$", text):
        return " Krøllede anførselstegn (“ ”) tæller ikke. Brug \" eller '."
    if "\u00a0" in text:
        return " Der er et hårdt mellemrum i teksten (måske fra Word). Skriv mellemrummene igen."
    if any(unicodedata.category(sign) == "Cf" for sign in text):
        return " Der er et usynligt tegn i teksten. Slet hele teksten, og skriv den igen."
    return ""
