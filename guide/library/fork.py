"""The parents rule as a fork: each rule is whole, no sentence gives away what is kept back, no text goes against it.

A rule says its reason, the other branch, what to do when parents react, who can read what is written, and sentences to
begin with for every flow. Which rule an outcome may have is in `invariants.py`; what is never said in `texts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from guide.flows.finding import Finding
from guide.library.library import Draft, Library
from guide.library.read import suggest
from guide.library.syntax import quote
from guide.library.texts import plain, texts
from guide.model import Level, Parents, ParentsText

WHOLE = {
    "why": "siger ikke grunden",
    "turns": "siger ikke, hvad der får den til at skifte",
    "react": "siger ikke, hvad man gør, når forældrene reagerer",
    "readers": "siger ikke, hvem der kan læse det, man skriver",
}
"""What a rule says beside its title and its help, and what is told when it does not."""

OPENERS = (2, 3)
"""How many sentences to begin with a rule has at least and at most for each flow."""

KEPT_BACK = (Parents.ikke, Parents.efter_aftale, Parents.kun_udsat)
"""The rules under which a sentence gives nothing away: neither a suspicion nor a report, nor who has said what."""

GIVES_AWAY = re.compile(
    r"underret|kommun|mistank|mistænk|mistro|bekym|\bvold|\b(?:slå|slog|slag|slået)\b|overgreb|politi|rådgiver|myndighed"
    r"|sagsbehandl|forvaltning|socialt?\b|pligt|anmeld|krænk|seksu|misbrug|vanrøgt|\bfare\b|farlig|afhør|undersøgelse"
    r"|krisecent|adresse|anbring|fjerne|beskyt|\bmærker (?:på|hos|efter)\b|\bsket noget\b"
    r"|\b(?:barnet|barn|han|hun|eleven|dreng|pige) (?:har |selv )*"
    r"(?:siger|sagt|fortæller|fortalt|viste|vist|tegne\w*)\b",
    re.IGNORECASE,
)
"""Words in a sentence that tell a parent what is thought, who has been rung, or what the child has said."""

UNEASY = re.compile(r"\b(?:u?tryg\w*|u?sikker\w*|bange|frygt\w*|hemmelig\w*|alvorlig\w*)\b", re.IGNORECASE)
"""The same where nobody has told anything; the exposed parent is asked about safety, and there it is right."""

ASKS = re.compile(
    r"\bmå (?:jeg|vi)\b|\ber det (?:i orden|okay?|fint|godt nok)\b|samtykke|\btillad\w*|\btilladelse"
    r"|\b(?:lov|ja) til,? at (?:jeg|vi)\b|\bgiver? (?:du|I) (?:mig |os )?lov\b|\bhar (?:du|I) noget imod\b"
    r"|\bhvis (?:du|I) (?:siger ja|vil have det|synes)\b"
    r"|\b(?:er|går) (?:du|I) med (?:på|til)\b|\bvil (?:du|I) godkende\b",
    re.IGNORECASE,
)
"""What would ask parents for leave: nobody needs it to speak or to report."""

TEXTS = (
    "title",
    "headline",
    "help",
    "say",
    "reason",
    "tell",
    "phrase",
    "turns",
    "until",
    "do",
    "again",
    "guidance",
    "local",
)
"""Where an outcome says what one does: `changes`, `duty` and `expect` tell of other cases and other people."""

_PARENT = (
    r"(?:(?:begge|den anden|den ene|en af|hver af|dem, der er) )?"
    r"(?:\w*forældre\w*|forælder\w*|mor|moren|moderen|mors|far|faren|faderen|fars|stedfar\w*|stedmor\w*|familien|hjemmet)\b"
)
_SO = r"(?: (?!ikke\b|aldrig\b|intet\b|kun\b|ingen\b|ud\b)\w+)"  # a word on the way from the verb to the parents
_MUST = rf"\bdu (?:skal|bør|må|kan|kunne){_SO}{{0,3}} "

AGAINST = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bring{_SO}{{0,3}} (?:hjem\b|(?:til|op til) {_PARENT})",
        rf"\b(?:skriv|send|læg|mail|sms){_SO}{{0,5}} "
        rf"(?:hjem\b|(?:til|hos|med) {_PARENT}|(?:i|på|via|over) (?:Aula|e-?Boks)\b)",
        rf"\bfortæl{_SO}{{0,2}} (?:hjemme\b|(?:til )?{_PARENT})",
        rf"\bsig{_SO}{{0,4}} (?:hjemme\b|til {_PARENT})",
        rf"\b(?:giv|lad){_SO}{{0,2}} {_PARENT} (?:besked|beskeden|vide|høre|læse|se|et|en)\b"
        rf"|\bgiv{_SO}{{0,3}} besked til {_PARENT}",
        rf"\b(?:tal|mødes|drøft|aftal|del|snak){_SO}{{0,4}} med {_PARENT}",
        rf"\b(?:orient[eé]r|inform[eé]r|inddrag|involv[eé]r|kontakt|invit[eé]r|indkald|spørg|hør|advar|konfront[eé]r"
        rf"|opsøg|besøg){_SO}{{0,2}} {_PARENT}",
        rf"{_MUST}(?:ringe|skrive|sende|fortælle|sige|give|tale|orientere|informere|inddrage|kontakte|spørge)"
        rf"{_SO}{{0,4}} (?:hjem\b|(?:til |med )?{_PARENT})",
        rf"\b{_PARENT} (?:skal|bør|må|kan) (?!ikke\b|aldrig\b|intet\b|ingen\b|først\b)(?:\w+ ){{0,2}}?"
        r"(?:vide|have besked|få besked|orienteres|informeres|inddrages|kontaktes|høre|læse)\b",
        rf"\b(?:hold|book|indkald til|planlæg){_SO}{{0,3}} (?:møde|samtale|snak) med {_PARENT}",
    )
)
"""How a text tells somebody to ring, write to, tell or ask the parents; negated ones do not match."""

ALLOWED = re.compile(
    r"\b(?:er|har I|bliver|som) aftalt\b|\befter aftale\b|\b(?:har sagt|siger) til\b|\bden unge (?:selv )?siger ja\b"
    r"|\b(?:barnet|den unge) skal (?:ses|undersøges)\b|skal ses af en læge",
    re.IGNORECASE,
)
"""When it is right even so: it is agreed on, a young person of age says yes, or a doctor must see the child (C6)."""

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"\n\s*\n|\n\s*(?:[-*]|\d+\.)\s|(?<=[.?!])[»«*)]*\s+(?=[A-ZÆØÅ*»\[])")


def fork(library: Library) -> Iterator[Finding]:
    """Every rule that is not whole or gives away, and every text of an outcome that goes against its rule."""
    yield from _rules(library)
    for flow in (*library.flows.values(), *library.drafts.values()):
        yield from _outcomes(flow)


def _rules(library: Library) -> Iterator[Finding]:
    source = library.source("registers/texts.yaml")
    for rule, word in library.texts.parents.items() if library.texts else ():
        for wrong, *path in (*_missing(library, word), *_sentences(rule, word), *_turned(rule, word)):
            yield source.finding(f"Forældrereglen {quote(rule)}: {wrong}", "parents", rule, *path)


def _missing(library: Library, word: ParentsText) -> Iterator[tuple[str, ...]]:
    """What a rule leaves out, and flows that it names and nobody knows."""
    flows, (least, most) = library.scenarios.keys(), OPENERS  # also of flows with errors in them
    for key, told in WHOLE.items():
        if not getattr(word, key):
            yield (f"den {told}. Tilføj «{key}».",)
    for flow in sorted(flows):
        if not least <= (count := len(word.openers.get(flow, ()))) <= most:
            yield f"«openers» til {quote(flow)} skal have {least} eller {most} sætninger. Der er {count}.", "openers"
    for flow in word.openers:
        if flow not in flows:
            yield f"flowet {quote(flow)} findes ikke.{suggest(flow, flows)}", "openers", flow


def _sentences(rule: Parents, word: ParentsText) -> Iterator[tuple[str, ...]]:
    """Sentences to say that give away what is kept back, or ask for leave."""
    said = [(("openers", flow), line) for flow, lines in word.openers.items() for line in lines]
    for path, line in (*said, (("phrase",), word.phrase or "")):
        if hit := gives_away(rule, line):
            yield f"«{hit}» røber noget. Skriv en sætning om det praktiske.", *path
        if rule.told and (leave := ASKS.search(line)):
            yield f"«{leave.group()}» beder om lov. Sig, hvad du har set, og hvad du gør.", *path


def _turned(rule: Parents, word: ParentsText) -> Iterator[tuple[str, ...]]:
    """Where the common texts of `ikke` themselves lead to the parents."""
    if rule is Parents.ikke:
        for key in ("title", "why", "help", "turns", "react", "readers"):
            if hit := against(getattr(word, key) or ""):
                yield f"«{hit}» fører til forældrene.", key


def gives_away(rule: Parents, line: str) -> str:
    """The words in a sentence that give away what the rule keeps back; empty when there are none."""
    if rule not in KEPT_BACK:
        return ""
    hit = GIVES_AWAY.search(line) or (UNEASY.search(line) if rule is Parents.ikke else None)
    return hit.group() if hit else ""


def _outcomes(flow: Draft) -> Iterator[Finding]:
    for step, outcome in flow.flow.outcomes.items():
        if outcome.parents is not Parents.ikke:
            continue
        for path, text in texts(outcome):
            if path[0] in TEXTS and (hit := against(text)):
                said = f"«{hit}», men forældrereglen er «ikke». Slet det, eller skriv, at det er aftalt."
                yield flow.source.finding(said, "outcomes", step, *path)
        # Below that somebody of age decides, and the sentence is said to the young person.
        if outcome.level.rank >= Level.straks.rank and (given := _given(outcome.phrase or "")):
            said = f"«{given}» røber noget, og forældrereglen er «ikke». Skriv en sætning om det praktiske."
            yield flow.source.finding(said, "outcomes", step, "phrase")


def _given(phrase: str) -> str:
    """The words of an outcome's own sentences that give away; that a doctor must see the child may be said (C6)."""
    hits = (GIVES_AWAY.search(sentence) for sentence in _SENTENCE.split(phrase) if not ALLOWED.search(sentence))
    return next((hit.group() for hit in hits if hit), "")


@lru_cache(maxsize=8192)
def against(text: str) -> str:
    """The words in a text that tell somebody to ring, write to, tell or ask the parents; empty when there are none."""
    for sentence in _SENTENCE.split(text):
        said = plain(_LINK.sub(r"\1", sentence))
        if not ALLOWED.search(said):
            for pattern in AGAINST:
                if hit := pattern.search(said):
                    return hit.group()
    return ""
