"""What in a kommune's own words would stand between the reader and the call: conditions, detours, other people's leave.

Known turns of speech only. No machine reads what words mean; the two who approve a text do (C35). What is never said
anywhere is in `texts.py`, the parents rules in `fork.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guide.library.texts import plain

_WHO = (
    r"(?:\w*leder(?:en|ne|s)?|ledelsen?|\w*tandlæge(?:n|r)?|\w*chef(?:en)?|\w*team(?:et)?|\w*gruppen?|\w*møde(?:t|r)?"
    r"|afdelingen|\w*koordinator(?:en)?|\w*forum(?:met)?|ppr|psykolog(?:en)?|forvaltningen|kolleg(?:a|aen|er))"
)
_REPORT = (
    r"(?:underret\w*|(?:ringe?r?|går|gå) til (?:kommunen|modtagelsen|døgnvagten)|skriv(?:er|e)? (?:en )?underretning\w*"
    r"|send(?:er|e)? (?:en )?underretning\w*|går videre)"
)
_TALK = r"(?:tal|drøft|vend|aftal|afklar|spørg|kontakt|ring(?: altid)? til|gå(?: altid)? til|henvend|tag)"

_DECIDES = r"(?:godkende|beslutte|afgøre|vurdere|sige ja|godkender|beslutter|afgør|vurderer)"

_CONDITIONS = re.compile(
    "|".join(
        (
            rf"\b(?:før|inden) (?:du|I|der|man|vi|nogen|den) (?:må |kan |skal |evt\. |bliver )?{_REPORT}",
            r"\b(?:før|inden) den (?:bliver )?sendes?\b|\b(?:før|inden) den bliver sendt\b",
            r"\b(?:før|inden) (?:en |der bliver sendt en )?underretning",
            r"\bvent(?:er)? med (?:at (?:underrette|ringe)|underretning\w*)",
            r"\bvent(?:er)? (?:til (?:efter )?(?:næste |et )?\w*(?:møde|forum)\w*|på svar\b)",
            r"\bpå næste \w*(?:møde|forum)\w*",
            r"\bunderret\w* (?:\w+ ){0,3}(?:først|kun|tidligst),? (?:når|hvis|efter)\b",
            rf"\bkun {_WHO} (?:\w+ ){{0,2}}(?:underret|ringer?|skriver?)\w*",
            rf"\b(?:det er|er det) {_WHO},? der (?:\w+ ){{0,2}}(?:underret|ringer?|skriver?)\w*",
            rf"\b{_WHO} (?:ringer|skriver|underretter|sender) (?:\w+ ){{0,3}}(?:for dig|kommunen|underretning)",
            rf"\b{_WHO} (?:skal |må |kan )?(?:\w+ ){{0,2}}{_DECIDES},? (?:om|at|den|det|først|underret)",
            rf"\b{_WHO} (?:skal|må) (?:\w+ ){{0,2}}{_DECIDES}\b",
            r"\bunderretning\w* (?:\w+ ){0,5}(?:godkende[st]|underskrives?|underskrevet|underskrift\w*|gå gennem)\b",
            r"\buden (?:skema|blanket|underskrift|formular)\w*\b[^.]{0,40}\b(?:ikke|aldrig|ingen|intet)\b",
            r"\bkun (?:imod |underretninger )?(?:på|med) (?:skema|to\b|underskrift)",
            r"\b(?:overlad|giv) (?:\w+ ){0,3}(?:pligten|underretningen) til\b",
            rf"\b{_WHO} (?:overtager|tager) (?:\w+ )?(?:pligten|underretningen)\b",
            r"\bunderretning\w* (?:\w+ ){0,3}(?:ikke|kun) gyldig\b",
            r"\b(?:ikke|kun) gyldig underretning",
            rf"\bi stedet for (?:at |en )?{_REPORT}",
            r"\bfået (?:ja|lov|grønt lys) (?:fra|af)\b",
            r"\b(?:skal have|have|få) (?:læst|set|godkendt) (?:\w+ )?underretning",
        )
    ),
    re.IGNORECASE,
)
"""How a text would put a condition before an underretning, or let somebody else decide (C15, C35)."""

_FORBIDS = re.compile(
    r"\b(?:ring|underret|skriv|send|kontakt|meld)\w* (?:ikke|aldrig)\b.{0,60}\b(?:før|uden|medmindre|inden|hvis ikke)\b"
    rf"|\b(?:må|skal|kan) (?:ikke|aldrig) {_REPORT}|\bbehøver (?:\w+ )?ikke (?:at )?{_REPORT}",
    re.IGNORECASE,
)
"""The same said with a no, which nothing else in the sentence takes back."""

_DENIED = re.compile(
    r"\b(?:behøver (?:\w+ )?(?:ikke|aldrig)|vente?r? (?:ikke|aldrig)|(?:ikke|aldrig) vente|(?:ikke|aldrig) (?:en )?"
    r"betingelse|ingen (?:skal|kan|må)|uden at|(?:erstatter|overtager|afløser) (?:ikke|aldrig))\b",
    re.IGNORECASE,
)
"""How a sentence says that there is no condition."""

_FIRST = re.compile(
    rf"\b{_TALK}\b[^.!?]{{0,40}}\b{_WHO}\b[^.!?]{{0,20}}\bførst\b|\b{_TALK} (?:altid )?først\b"
    rf"|\bførst (?:\w+ ){{0,3}}{_WHO}\b|\b{_WHO} (?:skal )?(?:\w+ ){{0,2}}(?:altid )?først\b"
    rf"|\b{_TALK}\b[^.!?]{{0,40}}\binden (?:du|I) (?:gør|handler|ringer|går)\b|\bi stedet\b",
    re.IGNORECASE,
)
"""How a box would put somebody before the call, where there is one to make at once."""

_PARENTS = re.compile(
    r"\b(?:forældre\w*|forælder\w*|mor|moren|moderen|far|faren|faderen|familien|hjemmet|orienter\w*|ring hjem)\b",
    re.IGNORECASE,
)

_HASTE = re.compile(
    r"\bvent\w*|\bi morgen\b|\bmellem (?:jer|os)\b|\bkonfronter\w*|\bvidner?\b|\bferie\b"
    r"|\b(?:ikke|aldrig) (?:\w+ ){0,3}(?:underret|112)\w*|\bunderret\w* (?:\w+ ){0,2}(?:ikke|aldrig)\b|\b11[0-9]\b",
    re.IGNORECASE,
)
"""What a box does not say where one reports: waiting, secrets, and numbers, which are the page's."""

_NUMBER = re.compile(r"(?:\+\s?45\s?)?(?:\d[ .\-–/\u00a0]{0,2}){7,}\d|\b11[01356789]\b")
"""A number to ring in running text; as a contact it is looked after."""

_MARKS = re.compile(r"^\s{0,3}(?:#{1,6}\s|[=-]{3,}\s*$|\|)|\|.*\|", re.MULTILINE)
"""Headings, rules and tables: they would look like the page's own."""

_DANGER = re.compile(
    r"\b(?:slå(?:r|et|s)?|slag|bank(?:er|et|s)|spark\w*|overgreb\w*|voldt\w*|vold|selvmord\w*|dø|krænk\w*|misbrug(?:t|er)|kniv\w*)\b",
    re.IGNORECASE,
)
"""Words of danger in an own answer or question: the national ones ask about it, and know what follows."""

_SERVICES = re.compile(r"\b11[0-9]\b|\balarm|\bpoliti|\bambulance", re.IGNORECASE)

SCALE = ("hvid", "grøn", "gul", "orange", "rød", "sort")
"""Colours from the mildest to the gravest."""

LEVEL = re.compile(
    r"(?:(?:kode|niveau|trin|fase|kategori|zone|farve|lys|mørk|stærk)\s+)?"
    r"(?:lys ?|mørk ?)?(?:grøn|gul|orange|rød|blå|sort|hvid|grå|lilla|brun|[0-9]{1,2}|[A-Z])(?:\s*\+)?",
    re.IGNORECASE,
)
"""What a kommune may call a level: a colour, a number or a letter. Anything else could say what to do."""

_WHEN = re.compile(
    r"\b(?:mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|i morgen|i dag|næste|senere|uge\w*)\b"
    r"|\b(?:vent\w*|ring\w*|først|ikke|kun|skal|må)\b",
    re.IGNORECASE,
)


def delays(text: str) -> str:
    """The words in a text that put a condition before an underretning; empty when there are none."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", plain(text)):
        if hit := _FORBIDS.search(sentence) or (not _DENIED.search(sentence) and _CONDITIONS.search(sentence)):
            return hit.group()
    return ""


def first(text: str) -> str:
    """The words in a text that put somebody before the call; empty when there are none."""
    return hit.group() if (hit := _FIRST.search(plain(text))) else ""


def haste(text: str) -> str:
    """The words in a text that have no place where one reports; empty when there are none."""
    return hit.group() if (hit := _HASTE.search(plain(text))) else ""


def number(text: str) -> str:
    """A number to ring that stands in running text; empty when there is none."""
    return hit.group().strip() if (hit := _NUMBER.search(text)) else ""


def marks(text: str) -> str:
    """What makes a text look like a part of the page; empty when nothing does."""
    return hit.group().strip() if (hit := _MARKS.search(text)) else ""


def danger(text: str) -> str:
    """The words of danger in a text; empty when there are none."""
    return hit.group() if (hit := _DANGER.search(plain(text))) else ""


def services(text: str) -> str:
    """The words of a name that belong to 112, 114 and the police; empty when there are none."""
    return hit.group() if (hit := _SERVICES.search(plain(text))) else ""


def inverted(words: Sequence[str]) -> bool:
    """Whether words for levels, the mildest first, name colours in an order that turns the scale round."""
    known = [next((n for n, colour in enumerate(SCALE) if colour in word.casefold()), None) for word in words]
    order = [n for n in known if n is not None]
    return order != sorted(order)


def parents(text: str) -> str:
    """The words in a text that speak of the parents or the home; empty when there are none."""
    return hit.group() if (hit := _PARENTS.search(plain(text))) else ""


def busy(name: str) -> str:
    """The words in a name that say what to do, or when; empty when it is only a name."""
    return hit.group() if (hit := _WHEN.search(plain(name))) else ""
