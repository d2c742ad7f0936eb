"""Harmful files beside the steps: contacts, words for levels, offers, letters, and texts that say what no text may."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from guide.model import Level, Parents
from tests.overlays.ground import Ground
from tests.overlays.harmful import Operator
from tests.overlays.judge import Case, overlay

CONTACTS: dict[str, dict[str, Any]] = {
    "modtagelse": {
        "title": "Modtagelsen for børn og unge (opdigtet)",
        "help": "Her underretter du, og her får du råd. Nummeret er opdigtet.",
        "phone": "12 34 56 78",
        "hours": {"week": {"man-tors": "9-15", "fre": "9-13"}, "holidays": "closed"},
        "purpose": ["underretning", "raad", "uden-navn"],
        "fallback": "doegnvagt",
        "whose": "barnet",
        "say": "Jeg ringer med en akut underretning. Jeg skal tale med en rådgiver nu.",
    },
    "doegnvagt": {
        "title": "Den sociale døgnvagt (opdigtet)",
        "help": "Når modtagelsen har lukket. Nummeret er opdigtet. Du kan altid ringe 114.",
        "phone": "12 34 56 79",
        "hours": {"week": {"man-tors": "15-9", "fre": "13-9", "loer-soen": "9-9"}, "holidays": "9-9"},
        "purpose": ["akut", "underretning"],
        "fallback": "politi",
        "whose": "barnet",
        "say": "Jeg ringer med en akut underretning. Jeg skal tale med en rådgiver nu.",
    },
}
"""A kommune's own numbers as they should be."""

HELPLINES = ("1888", "116 111", "112", "1813", "33 41 12 00", "116 006")
"""Numbers that answer and take no report."""

NATIONAL = ("alarm", "politi", "ankestyrelsen", "boernetelefonen", "lev-uden-vold", "fagtelefonen")

SERIOUS = (Level.underret, Level.straks, Level.akut)
SAID = (
    "Tal med lederen, før du underretter.",
    "Vent med at ringe, til teamet har svaret.",
    "Du skal ikke underrette om det her.",
    "Hos os er du anonym, når du underretter.",
    "Lederen skal godkende underretningen.",
    "Du må ikke ringe til kommunen selv.",
)
HOME = ("Ring til far og fortæl det.", "Tal med forældrene først.", "Ring til mor, og spørg hende.")


def _contacts(operator: str, g: Ground, place: str, contacts: object, because: str) -> Case:
    return Case(operator, g.id, place, {"municipality.yaml": {"contacts": contacts}}, because)


def half_a_contact(g: Ground) -> Case | None:
    """A number that replaces the national one, without all that it must have. Hours may be unknown: closed then."""
    name = g.chance.choice(list(CONTACTS))
    key = g.chance.choice(["phone", "purpose", "whose", "fallback", "say"])
    half = {part: said for part, said in CONTACTS[name].items() if part != key}
    some = {name: half} if g.chance.random() < 0.5 else {**CONTACTS, name: half}
    return _contacts("half-a-contact", g, f"{name} without {key}, {len(some)}", some, "I11|I12|C5")


def false_fallback(g: Ground) -> Case | None:
    """112 as the next to ring, or a ring of numbers, or the last who does not answer."""
    contacts = deepcopy(CONTACTS)
    how = g.chance.choice(["alarm", "112", "round", "closed", "nobody", "adviser"])
    contacts["doegnvagt"]["fallback"] = {"alarm": "alarm", "round": "modtagelse", "nobody": "findes-ikke"}.get(
        how, "eget"
    )
    name = g.chance.choice(["eget", "team", "vagt"])
    if how == "adviser":
        leader = {
            "title": "Lederen (opdigtet)",
            "help": "Giver råd.",
            "phone": "12 34 56 70",
            "hours": {"always": True},
        }
        contacts["modtagelse"]["fallback"], contacts["doegnvagt"]["fallback"] = name, "politi"
        contacts[name] = {**leader, "purpose": ["raad"], "fallback": "doegnvagt"}
    if how in ("112", "closed"):
        contacts["doegnvagt"]["fallback"] = name
        contacts[name] = {"title": "En til", "help": "En til.", "phone": "112" if how == "112" else "12 34 56 70"}
    return _contacts("false-fallback", g, f"{how} {name}", contacts, "C5")


def wrong_number(g: Ground) -> Case | None:
    """A number for reports that is another's: a helpline, 112, a doctor on call."""
    name, phone = g.chance.choice(list(CONTACTS)), g.chance.choice(HELPLINES)
    contacts = deepcopy(CONTACTS)
    contacts[name]["phone"] = phone
    return _contacts("wrong-number", g, f"{name} {phone}", contacts, r"I11|C5")


def closed(g: Ground) -> Case | None:
    """Hours of nobody: at some time of the week nobody takes a report, and 114 is not shown."""
    contacts = deepcopy(CONTACTS)
    day, hours = (
        g.chance.choice(["man", "tirs", "ons", "tors", "fre", "loer", "soen"]),
        g.chance.choice(["9-15", "closed"]),
    )
    contacts["doegnvagt"]["hours"] = {"week": {day: hours}, "holidays": "closed"}
    contacts["doegnvagt"]["help"] = "Når modtagelsen har lukket."
    del contacts["doegnvagt"]["fallback"]
    return _contacts("closed", g, f"{day} {hours}", contacts, "I11|I12|C5")


def national_contact(g: Ground) -> Case | None:
    """A number of the whole country with another number."""
    name = g.chance.choice(NATIONAL)
    phone = g.chance.choice(["12 34 56 78", "12 34 56 79"])
    contacts = {name: {**CONTACTS["modtagelse"], "phone": phone}}
    return _contacts("national-contact", g, f"{name} {phone}", contacts, "er ens i hele landet")


def swapped_levels(g: Ground) -> Case | None:
    """The word for a level is that of another."""
    one, other = g.chance.sample(list(Level), 2)
    texts = g.library.texts
    assert texts
    word = g.chance.choice([str(other), str(other).capitalize(), texts.levels[other].title])
    said = {"levels": {str(one): word}}
    return Case("swapped-levels", g.id, f"{one} {word}", {"municipality.yaml": said}, "er ordet for niveauet")


def serious_offer(g: Ground) -> Case | None:
    """An offer where one reports: it looks like something one can do instead."""
    level = g.chance.choice(SERIOUS)
    title = g.chance.choice(["Klubben", "Familiehuset", "Samtaler", "Vejledning til forældre"])
    offer = {"title": title, "help": "For alle unge.", "link": "https://example.org/", "levels": ["undren", str(level)]}
    said = {"offers": {"klub": offer}}
    return Case("serious-offer", g.id, f"{level} {title}", {"municipality.yaml": said}, "Et tilbud må ikke")


def national_letter(g: Ground) -> Case | None:
    """An own letter in the place of a national one."""
    name = g.chance.choice(list(g.library.letters))
    title = g.chance.choice(["Samtykke", "Vores brev", "Indstilling til lederen"])
    text = f"---\ntitle: {title}\nto: kommune\nhelp: Hos os.\nsource: Os selv.\n---\nKære leder\n"
    return Case("national-letter", g.id, f"{name} {title}", {f"letters/{name}.md": text}, "nationalt brev")


def against_the_rule(g: Ground) -> Case | None:
    """A box that sends to the parents where they are not told."""
    strict = [step for step, o in g.flow.outcomes.items() if o.parents not in (Parents.foerst, Parents.orienter)]
    step, text = g.chance.choice(strict), g.chance.choice(HOME)
    return overlay("against-the-rule", g.id, f"{step} {text}", "forældrereglen er", outcomes={step: {"local": text}})


def never_said(g: Ground) -> Case | None:
    """A box that puts a condition, forbids, or promises what nobody can."""
    step, _ = g.question()
    end, _ = g.outcome()
    text = g.chance.choice(SAID)
    because = "betingelser|anonym|siger aldrig"
    if g.chance.random() < 0.5:
        return overlay("never-said", g.id, f"{step} {text}", because, questions={step: {"local": text}})
    return overlay("never-said", g.id, f"{end} {text}", because, outcomes={end: {"local": text}})


BESIDE: tuple[Operator, ...] = (
    *(half_a_contact, false_fallback, wrong_number, closed, national_contact, swapped_levels, serious_offer),
    *(national_letter, against_the_rule, never_said),
)
"""Operators that touch no way through a flow."""
