"""What outcomes state, what is never promised, what is never asked: I15-I17 and I25 of the reliability notes.

I15 is decided by the law register, not by words: each rule says in `duty` what its text tells of the duty to report.
Words that are wrong anywhere are in `texts.py`, how easy texts are to read in `readability.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from guide.flows.finding import Finding
from guide.library.furnished import TAKE_REPORTS
from guide.library.invariants import way
from guide.library.library import Library, Playable
from guide.library.read import Source
from guide.library.readability import lix, words
from guide.library.strict_yaml import Path
from guide.library.texts import links, plain, texts
from guide.model import Contact, ContactList, Duty, Level, Municipality, MythList, Outcome, Page, Registers

WORDS_BEFORE_CONTACT = 150
"""So many words at most stand before the first number of an outcome where somebody is in danger (I25, C31)."""

LIX_BEFORE_CONTACT = 45
"""And they are not harder to read than this (I25)."""

HASTE = (Level.straks, Level.akut)

PROMISES = (
    r"\b(?:du|fagpersone[nr]|en fagperson) (?:kan|må|har ret til at|er|bliver|forbliver) (?:\w+ ){0,3}?anonym",
    r"\b(?:kan|må|har) du (?:\w+ ){0,5}?anonym",
    r"\bdit navn (?:bliver|er|holdes|forbliver) (?:\w+ ){0,2}?(?:hemmelig|skjult|fortrolig|ukendt)",
    r"\b(?:underretningen|samtalen|det) (?:er|bliver|forbliver|holdes) (?:\w+ ){0,2}?(?:fortrolig|hemmelig|mellem os)",
    r"\b(?:jeg|vi|du kan) love[r]? (?:\w+ ){0,5}?(?:hemmelig|tavs|mellem os)",
)
"""What would promise anonymity to a professional, or confidentiality from the parents (C14, C20)."""

SILENCE = (
    r"\b(?:ingen|forældrene|familien|de) (?:får|kan|må|skal) (?:\w+ ){0,4}?(?:vide|se|høre|læse)?,? ?hvem (?:der|du)\b",
    r"\b(?:forældrene|familien|de) (?:får|ser|læser|hører) (?:aldrig|ikke) (?:\w+ ){0,2}?(?:underretningen|dit navn)",
    r"\b(?:jeg|vi|du kan) love[r]? (?:aldrig|ikke) at (?:sige|fortælle)",
)
"""The same where «ikke» is the promise itself."""

REFUSED = re.compile(
    r"\b(?:lov|love|lover|regn)\W+(?:\w+\W+){0,3}(?:ikke|aldrig)\b|\bingen kan\b|\b(?:ikke|aldrig)\W+lov", re.IGNORECASE
)
"""What stands before such words where they are not promised but refused: «Lov ikke, at det bliver hemmeligt»."""

NOT = re.compile(r"\b(?:ikke|aldrig|næppe)\b", re.IGNORECASE)

BEFORE = 40
"""So many letters before the words are looked at for a refusal."""

ASKED = re.compile(
    r"\bcpr\b|\bpersonnummer|\bfødselsda(?:to|g)|\bhvad hedder\b|\bhvem hedder\b|\btelefonnummer|\be-?mail"
    r"|\bnavne?t? på (?:barnet|eleven|den unge|forælderen|forældrene|mor|far)\b"
    r"|\b(?:barnets|elevens|den unges|forælderens|forældrenes|dit) (?:fulde )?(?:navn|adresse)\b|\bhvor bor\b",
    re.IGNORECASE,
)
"""What a question or an answer never asks about (I17)."""

WRITE = re.compile(
    r"\b(?:skriv|angiv|oplys|indtast|udfyld|tast) (?:\w+ ){0,4}?(?:navn|cpr|adresse|fødsels|telefon|personnummer)",
    re.IGNORECASE,
)
"""What its help never asks the user to write."""

_PROMISES = tuple((re.compile(p, re.IGNORECASE), p in SILENCE) for p in (*PROMISES, *SILENCE))


def stated(library: Library) -> Iterator[Finding]:
    """Every broken I15, I16, I17 and I25; I25 also with each kommune's own contacts."""
    yield from _duty(library)
    yield from _promises(library)
    for playable in library.flows.values():
        yield from _asked(playable)
    yield from _before_contact(library)


def _way(playable: Playable, step: str) -> str:
    return way(playable.proof, step) if playable.proof else ""


# --- I15 ----------------------------------------------------------------------------------------------------------


def _duty(library: Library) -> Iterator[Finding]:
    """What the page says under «Din pligt» refers to rules that say all of it, and the page shows their text."""
    known, bare = library.texts, set[Level]()
    for playable in library.flows.values() if known else ():
        for step, outcome in playable.flow.outcomes.items():
            level = known.levels.get(outcome.level) if known else None
            if level is None or outcome.level.rank < Level.underret.rank:
                continue
            common = _rules(level.duty)
            shown = common | {rule for piece in outcome.duty if not piece.when for rule in _rules(piece.text)}
            if missing := set(Duty) - _points(library, shown & set(outcome.law)):
                said = f"Pligten på siden siger ikke, at {_listed(missing)} (I15).{_way(playable, step)}"
                if not missing & _points(library, shown):
                    if outcome.level not in bare:  # the text of all outcomes of the level lacks it: told once
                        yield library.source("registers/texts.yaml").finding(said, "levels", outcome.level, "duty")
                    bare.add(outcome.level)
                else:
                    yield playable.source.finding(said, "outcomes", step, "law")


def _rules(text: str) -> set[str]:
    return {link.removeprefix("lov:") for link in links(text) if link.startswith("lov:")}


def _points(library: Library, rules: set[str]) -> set[Duty]:
    return {point for rule in rules if rule in library.law for point in library.law[rule].duty}


_POINTS = {
    Duty.personlig: "den er personlig",
    Duty.leder: "lederen ikke kan tage den",
    Duty.tvivl: "tvivl er nok",
}


def _listed(missing: set[Duty]) -> str:
    return " og ".join(_POINTS[point] for point in Duty if point in missing)


# --- I16 ----------------------------------------------------------------------------------------------------------


def _promises(library: Library) -> Iterator[Finding]:
    """No text that a professional reads promises what nobody can keep."""
    for written in library.words:
        if isinstance(written.word, ContactList | Municipality | Registers | MythList | Page):
            for path, text in texts(written.word):
                # The title of a myth is the myth.
                if path[-1] != "source" and not (isinstance(written.word, MythList) and path[-1] == "title"):
                    yield from _promised(written.source, path, text, "")
    for playable in library.flows.values():
        for path, text in texts(playable.flow):
            if promise(text):
                step = str(path[1]) if path[0] in ("questions", "outcomes") else playable.flow.start
                yield from _promised(playable.source, path, text, _way(playable, step))


def _promised(source: Source, path: Path, text: str, there: str) -> Iterator[Finding]:
    if said := promise(text):
        advice = "ingen fagperson kan loves at være anonym, og forældrene får som regel underretningen at læse"
        yield source.finding(f"«{said}»: {advice} (I16).{there}", *path)


@lru_cache(maxsize=8192)
def promise(text: str) -> str:
    """The words in a text that promise anonymity or confidentiality; empty when there are none, or they are refused."""
    said = plain(text)
    for pattern, silence in _PROMISES:
        for hit in pattern.finditer(said):
            before = said[max(0, hit.start() - BEFORE) : hit.start()]
            denied = not silence and NOT.search(hit.group())
            if not (denied or REFUSED.search(before)):
                return hit.group()
    return ""


# --- I17 ----------------------------------------------------------------------------------------------------------


def _asked(playable: Playable) -> Iterator[Finding]:
    """No question asks who the child is. That no answer is free text is the model's: `kind` is `one` or `several`."""
    for step, question in playable.flow.questions.items():
        titles: list[tuple[Path, str]] = [(("title",), question.title)]
        titles += [(("options", name, "label"), option.label) for name, option in question.options.items()]
        found = [(path, hit) for path, text in titles if (hit := ASKED.search(plain(text)))]
        found += [(path, hit) for path, text in texts(question) if (hit := WRITE.search(plain(text)))]
        for path, hit in found:
            if not NOT.search(hit.group()):
                said = f"«{hit.group()}»: guiden spørger aldrig, hvem barnet er (I17).{_way(playable, step)}"
                yield playable.source.finding(said, "questions", step, *path)


# --- I25 ----------------------------------------------------------------------------------------------------------


def before_contact(library: Library, outcome: Outcome, now: Contact, walked: bool = True) -> str:
    """What a page shows of an outcome that hastes before its first number, as guidance/body.html lays it out.

    `now` is the contact to ring at that minute; on `akut` it is 112, whoever comes after. On a page that was `walked`
    to, what comes before the call for those who answered in a certain way is there too.
    """
    level = library.texts.levels[outcome.level].title if library.texts else ""
    asked = f"Ring til {now.title}" + (f"\n\n{MAIN_NUMBER}" if now.phone in ("114", None) else "")
    heading = "Ring 112 nu" if outcome.level is Level.akut else asked
    before = [piece.text for piece in outcome.do if piece.first and not piece.when]
    fitting = [piece.text for piece in outcome.do if piece.first and piece.when]
    longest = max(fitting, key=len, default="") if walked else ""
    return "\n\n".join((level, outcome.title, outcome.help, *before, longest, heading))


MAIN_NUMBER = "Har kommunen åbent nu, så ring først til dens hovednummer. Ellers:"
"""What kept/ring.html says above 114 where the kommune's own number is not known."""


def _before_contact(library: Library) -> Iterator[Finding]:
    """With each contact that may be the one of the minute; the last of a chain is the national duty officer."""
    own = [(w.source, w.word) for w in library.words if isinstance(w.word, Municipality) and w.word.contacts]
    for playable in library.flows.values() if library.texts else ():
        for step, outcome in playable.flow.outcomes.items():
            if outcome.level not in HASTE or outcome.level not in (library.texts.levels if library.texts else ()):
                continue
            national = [known for name in TAKE_REPORTS if (known := library.contacts.get(name))]
            if wrong := next(filter(None, (_heavy(library, outcome, known) for known in national)), ""):
                yield playable.source.finding(f"{wrong} (I25).{_way(playable, step)}", "outcomes", step)
            for source, word in own:
                for name in TAKE_REPORTS:
                    if (mine := word.contacts.get(name)) and (wrong := _heavy(library, outcome, mine)):
                        told = f"«{step}» i {playable.flow.title}: {wrong} (I25).{_way(playable, step)}"
                        yield source.finding(told, "contacts", name, "title")


def _heavy(library: Library, outcome: Outcome, first: Contact) -> str:
    if (count := len(words(before_contact(library, outcome, first)))) > WORDS_BEFORE_CONTACT:
        return f"Der står {count} ord før det første nummer, højst {WORDS_BEFORE_CONTACT}"
    # Without the names and headings of two words that would make any text easy.
    if (value := lix(f"{outcome.title}\n\n{outcome.help}")) > LIX_BEFORE_CONTACT:
        return f"Det, der står før det første nummer, er svært at læse: LIX {value:.0f}, højst {LIX_BEFORE_CONTACT}"
    return ""
