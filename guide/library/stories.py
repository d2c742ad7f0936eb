"""What must hold for the stories: each case and theme leans on a scenario that there is, and a case is fair.

A case gives a range that can be defended, never one answer alone; its scenario ends inside it. Nothing in it can be
taken for a real person, and an underretning is never called wrong (C34). Not here: how many cases and themes the
shipped content has (`tests/test_cases.py`), and what is never said in any text (`texts.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel

from guide.flows.finding import Finding
from guide.flows.scenario import play
from guide.flows.walk import Walk
from guide.library.invariants import DANGER
from guide.library.library import Library
from guide.library.read import Source, suggest
from guide.library.syntax import quote
from guide.library.texts import plain, texts
from guide.model import Case, Flag, Level, Parents, Theme

SERIOUS = DANGER | {Flag.akut, Flag.selvskade}
"""Flags after which no professional would defend less than `straks`."""

EARLY = frozenset({Parents.foerst, Parents.orienter})
"""Parents rules that nobody defends after such a flag: the parents would be told before the kommune has answered."""

CPR = re.compile(r"(?<!\d)\d{6} ?-? ?(?:\d{4}|[xX]{4})(?!\d)")
"""What looks like a personal number, also with the last four left out."""

NAME = re.compile(
    r"(?<![.!?:»] )(?<!^)(?<!»)\b[A-ZÆØÅ][a-zæøåéü]+ [A-ZÆØÅ][a-zæøåéü]+\b"
    r"|\b[A-ZÆØÅ][a-zæøåéü]+ [A-ZÆØÅ][a-zæøåéü]*(?:sen|gaard|gård|berg|holm|lund|skov|strup|toft|kjær)\b"
    r"|\b[A-ZÆØÅ][a-zæøåéü]+ [A-ZÆØÅ]\.(?= [a-zæøå]|$)"
)
"""What looks like a full name: in Danish only names have two capitals in a row, but for the start of a sentence."""

NOTICE = 90
"""Characters of a notice at most: one line on a phone, heard at once in a room."""

SIGNS = 5
"""Signs of a case at most: answers that a phone shows at once."""

SIGN = 70
"""Characters of a sign at most: two lines on a phone, one beside its bar on the wall."""

MEANS = re.compile(
    r"\bunderret|\bbekymr|\bmistrives|\bomsorgssvigt|\bvanrøgt|\bsvigt|\balvorlig|\btegn på\b|\btyder på\b"
    r"|\btilsyneladende\b|\bsandsynligvis\b|\bformentlig\b|\bder er noget galt\b",
    re.IGNORECASE,
)
"""Words that say what a sign means, or what to do about it, and not what was seen, heard or said."""

NAMED = {
    Flag.vold: r"\bvold|\bslag\b|\bslå",
    Flag.seksuelt: r"seksuel|\bovergreb|\bnøgen",
    Flag.selvskade: r"selvmord|selvskade",
    Flag.vanroegt: r"omsorgssvigt|vanrøgt",
    Flag.social_kontrol: r"social kontrol|tvang",
}
"""What a notice must name when the answers of its case say it: one word of these, whatever the story calls it."""

KNOWN = frozenset({"Børns Vilkår", "Red Barnet", "Lev Uden", "Nationalt Center"})
"""Names of places to ring that look like names of persons."""

JUDGES = re.compile(
    r"\b(?:forkert|rigtigt|korrekt) svar\b|\bfacit\b|\boverreag\w+|\bfalsk\w* underretning"
    r"|\b(?:unødig|unødvendig|forhastet|overflødig)\w* (?:at )?underret\w+"
    r"|\b(?:forkert|for tidligt|for hurtigt|for meget|en fejl|ikke nødvendigt) at underrette"
    r"|\bbehøver ikke (?:at )?underrette|\bunderrettede? (?:for tidligt|for hurtigt|unødigt)"
    r"|\bunderretning\w* (?:er|var|ville være|bliver) (?:forkert|unødvendig|for tidlig|for meget|overdrevet|en fejl)",
    re.IGNORECASE,
)
"""Words that make an underretning a wrong answer, or one answer the only right one (C34)."""

SHARES = re.compile(
    r"\bmå (?:gerne )?(?:dele?|give\b.{0,30}videre).{0,60}\buden (?:samtykke|et ja|at spørge)", re.IGNORECASE
)
"""A promise that one may share without consent; no jurist has confirmed one (C18)."""


def stories(library: Library) -> Iterator[Finding]:
    """Every fault of every case and theme of a library."""
    for name, case in library.cases.items():
        source = library.source(f"cases/{name}.yaml")
        yield from _case(library, case, source)
        yield from _notices(case, source)
        yield from _signs(case, source)
        yield from persons(case, source)
        yield from judges(case, source)
    for name, theme in library.themes.items():
        source = library.source(f"themes/{name}.yaml")
        yield from _theme(library, theme, source)
        yield from persons(theme, source)


def walk_of(library: Library, flow: str, scenario: str) -> Walk | None:
    """The walk of a scenario; None when flow or scenario is not there, or the flow cannot be walked."""
    playable, written = library.flows.get(flow), library.scenarios.get(flow, {}).get(scenario)
    return play(playable.flow, playable.machine, written).walk if playable and written else None


def _case(library: Library, case: Case, source: Source) -> Iterator[Finding]:
    if case.flow not in library.scenarios:
        yield _no_flow(library, case.flow, source, "flow")
        return
    if unknown := _no_scenario(library, case.flow, case.scenario, source, "scenario"):
        yield unknown
    walk = walk_of(library, case.flow, case.scenario)
    if walk and (outcome := walk.outcome):
        ends = f"Scenariet «{case.scenario}» ender i"
        if outcome.level not in case.expected.levels:
            yield source.finding(f"{ends} niveauet «{outcome.level}», som ikke står her.", "expected", "levels")
        if outcome.parents not in case.expected.parents:
            yield source.finding(
                f"{ends} forældrereglen «{outcome.parents}», som ikke står her.", "expected", "parents"
            )
        yield from _unnamed(case, walk, source)
        if walk.flags & SERIOUS:
            yield from _too_weak(case, source)


def _notices(case: Case, source: Source) -> Iterator[Finding]:
    """What is said before the story says more than the title, and what is said before the cards more than that."""
    yield from _notice(case.notice, "Sagen handler om", source, "notice")
    if _bare(case.notice) == _bare(case.title):
        yield source.finding("Det er titlen igen. Sig, hvad der kan være svært at læse.", "notice")
    if case.cards_notice:
        yield from _notice(case.cards_notice, "Kortene til sidst handler også om", source, "cards_notice")
        if _bare(case.cards_notice) == _bare(case.notice):
            yield source.finding("Det står allerede i «notice». Sig kun, hvad kortene lægger til.", "cards_notice")


def _bare(text: str) -> str:
    return plain(text).strip(" .!?").casefold()


def _notice(text: str, after: str, source: Source, place: str) -> Iterator[Finding]:
    """A notice is short, goes on after `after`, and keeps to its own: the story, or the cards."""
    said = plain(text)
    if len(said) > NOTICE:
        yield source.finding(f"Der er {len(said)} tegn. Sig det med højst {NOTICE}.", place)
    if said.endswith((".", "!", "?")):
        yield source.finding(f"Sæt ikke punktum til sidst: ordene står efter «{after}».", place)
    if re.match(r"[A-ZÆØÅ][a-zæøåé]", said) or re.match(r"(?:sagen |det )?handler (?:også )?om", said, re.IGNORECASE):
        yield source.finding(f"Begynd midt i sætningen, med lille: ordene står efter «{after}».", place)
    if re.search(r"\bkort(?:et|ene)\b", said, re.IGNORECASE):
        yield source.finding("Nævn ikke kortene her. Det, de handler om, står alene i «cards_notice».", place)


def _signs(case: Case, source: Source) -> Iterator[Finding]:
    """Few and short, each once, and each what was seen, heard or said, so that none of them is the right one."""
    if len(case.signs) > SIGNS:
        yield source.finding(f"Her står {len(case.signs)}. Vælg højst {SIGNS}, som man kan nå at læse.", "signs")
    told = set[str]()
    for name, sign in case.signs.items():
        said = plain(sign)
        if len(said) > SIGN:
            yield source.finding(f"Der er {len(said)} tegn. Sig det med højst {SIGN}.", "signs", name)
        if said.endswith((".", "!", "?")):
            yield source.finding("Sæt ikke punktum til sidst: det er et svar, man vælger.", "signs", name)
        if said[:1].islower():
            yield source.finding("Begynd med stort, som de andre svar i guiden.", "signs", name)
        if hit := MEANS.search(said):
            fault = f"Ordet i {quote(hit.group())} siger, hvad det betyder. Skriv, hvad der er set, hørt eller sagt."
            yield source.finding(fault, "signs", name)
        if said.casefold() in told:
            yield source.finding("Det står her to gange. Skriv noget andet fra historien.", "signs", name)
        told.add(said.casefold())


def _unnamed(case: Case, walk: Walk, source: Source) -> Iterator[Finding]:
    """What the answers say is hard stands in the notice: who has been through it must be able to leave in time."""
    for flag, words in NAMED.items():
        if flag in walk.flags and not re.search(words, plain(case.notice), re.IGNORECASE):
            yield source.finding(f"Svarene siger «{flag}», og det står her ikke. Nævn det, så man kan gå ud.", "notice")


def _too_weak(case: Case, source: Source) -> Iterator[Finding]:
    """After a danger nobody defends less than `straks`, or the parents first: also not as the mild end of a range."""
    for n, level in enumerate(case.expected.levels):
        if level.rank < Level.straks.rank:
            said = f"Svarene siger fare, så «{level}» kan ikke forsvares. Det laveste er «straks»."
            yield source.finding(said, "expected", "levels", n)
    for n, rule in enumerate(case.expected.parents):
        if rule in EARLY:
            said = f"Svarene siger fare, så forældrereglen «{rule}» kan ikke forsvares."
            yield source.finding(said, "expected", "parents", n)


def _theme(library: Library, theme: Theme, source: Source) -> Iterator[Finding]:
    for flow, chair in theme.chairs.items():
        if flow not in library.scenarios:
            yield _no_flow(library, flow, source, "chairs", flow)
        elif unknown := _no_scenario(library, flow, chair.scenario, source, "chairs", flow, "scenario"):
            yield unknown
        if hit := SHARES.search(plain(chair.shares)):
            rule = "ingen jurist har sagt, at man må dele uden samtykke. Skriv hovedreglen"
            yield source.finding(f"Ordene i {quote(hit.group())}: {rule}.", "chairs", flow, "shares")


def _no_flow(library: Library, flow: str, source: Source, *place: str) -> Finding:
    return source.finding(f"Flowet {quote(flow)} findes ikke.{suggest(flow, library.scenarios)}", *place)


def _no_scenario(library: Library, flow: str, scenario: str, source: Source, *place: str) -> Finding | None:
    known = library.scenarios[flow]
    if not known or scenario in known:  # none could be read: that has been said already
        return None
    said = f"Scenariet {quote(scenario)} findes ikke i «{flow}».{suggest(scenario, known)}"
    return source.finding(said, *place)


def persons(word: BaseModel, source: Source) -> Iterator[Finding]:
    """Nothing that can be taken for a real person; the source may name organisations."""
    for path, text in texts(word):
        said = plain(text)
        if hit := CPR.search(said):
            yield source.finding(f"{quote(hit.group())} ligner et CPR-nummer. Slet det: alt her er opdigtet.", *path)
        names = (hit.group() for hit in NAME.finditer(said) if hit.group() not in KNOWN)
        if path[-1] != "source" and (name := next(names, None)):
            yield source.finding(
                f"{quote(name)} ligner et navn på en person. Skriv «drengen», «en kollega» eller «mor».", *path
            )


def judges(word: BaseModel, source: Source) -> Iterator[Finding]:
    """What makes an underretning a wrong answer; in the story of a case somebody may well say so: talk about that."""
    for path, text in texts(word):
        if not (path == ("text",) and isinstance(word, Case)) and (hit := JUDGES.search(plain(text))):
            rule = "en underretning er aldrig et forkert svar. Skriv, hvad der kan forsvares"
            yield source.finding(f"Ordene i {quote(hit.group())}: {rule}.", *path)
