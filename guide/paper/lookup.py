"""«Slå op»: what a reader of the handleplan looks for, and where it stands: titles, and the words that people use.

Not here: page numbers, which the press sets (`templates/handleplan.css`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from guide.library.library import Library
from guide.model import Letter
from guide.paper.chart import Chart
from guide.paper.sheet import Listed

WORDS = {
    "alkohol og stoffer": "alkohol|stoffer|påvirket|rusmid|drikker",
    "anbragt barn, plejefamilie": "anbragt|anbring|pleje(forælder|famil)",
    "ansat, kollega eller leder": r"\bansat\b|kollega|\bleder\b",
    "bange for at gå hjem": "bange for at gå hjem|tør komme hjem|ikke vil hjem|vil ikke hjem|skulle hjem",
    "blåt mærke": "mærke[rt]?( |,|$)",
    "dårlig fornemmelse": "fornemmelse",
    "fravær og udeblivelse": "fravær|udebliv|bliver væk|kommer ikke|holdt op med at komme|kan ikke få fat i familien",
    "gravid": "gravid",
    "hemmelig adresse, krisecenter": r"hemmeligt?\b|krisecenter",
    "hentning": "hent(er|et|ning|es)|skal hentes",
    "leg og sex mellem børn": "leger eller taler om sex|noget seksuelt mellem|om sex|andet barn til noget seksuelt",
    "mobning": "mobb|drill|lukket ude",
    "nettet og billeder": r"\bnettet\b|billede|krænkende film",
    "pasning og omsorg": "omsorg|opsyn|passet|passes",
    "psykisk syg forælder": "ser(, hører)? eller tror|nedtrykt|psykisk|sindet",
    "rejse mod barnets vilje": "rejse|rejst",
    "selvskade og selvmord": "selvmord|sit liv|at dø|skade[r]? sig selv|vil leve",
    "seksuelle overgreb": "seksuel|overgreb",
    "skilsmisse og konflikt": "gået fra hinanden|skilsmisse|samvær|hård konflikt",
    "smerter": "smerte|har ondt|ondt i |og ondt",
    "social kontrol og tvang": "kontrol|tvang|ægteskab|forlove",
    "spædbarn": "spæd|ikke selv kan flytte sig",
    "sprog og udvikling": "sprog|udvikling",
    "søskende": "søskende",
    "tandpleje": "tandpleje|tænder|tand ",
    "vanrøgt": "vanrøgt|mangler mad",
    "vold": r"\bvold|slår|slog|slag\b",
}
"""What people say -> how the questions, outcomes and signs put it. A word that a flow does not have is left out."""


def entries(
    library: Library, chart: Chart, found: Mapping[str, Listed], laws: set[str], letters: Mapping[str, Letter]
) -> list[tuple[str, str]]:
    """What has a title, as Danish sorts it: (words, anchor)."""
    flow = chart.flow
    named = [(asked.question.title, f"trin-{asked.step}") for asked in chart.asked]
    named += [(outcome.title, f"trin-{step}") for step, outcome in flow.outcomes.items()]
    named += [(each.contact.title, f"kontakt-{name}") for name, each in found.items()]
    named += [(library.law[name].title, f"lov-{name}") for name in laws]
    named += [(letters[name].title, f"brev-{name}") for o in flow.outcomes.values() for name in o.letters]
    return sorted(set(named), key=lambda entry: (danish(entry[0]), entry[1]))


def words(chart: Chart, signs: Mapping[str, list[str]]) -> dict[str, tuple[list[str], list[str]]]:
    """What people say -> (the steps, the lists of signs) that speak of it, the questions first."""
    flow = chart.flow
    said = {asked.step: [asked.question.title, *_labels(chart, asked.step)] for asked in chart.asked}
    said |= {step: [flow.outcomes[step].title] for step in chart.outcomes}
    found = {word: (_where(meant, said), _where(meant, signs)) for word, meant in WORDS.items()}
    return {word: found[word] for word in sorted(found, key=danish) if any(found[word])}


def _labels(chart: Chart, step: str) -> list[str]:
    return [option.label for option in chart.flow.questions[step].options.values()]


def _where(meant: str, said: Mapping[str, Iterable[str]]) -> list[str]:
    return [name for name, lines in said.items() if any(re.search(meant, line.casefold()) for line in lines)]


def danish(words: str) -> str:
    """A key that sorts æ, ø and å last, as Danish does."""
    return words.lower().lstrip("»").replace("å", "~c").replace("ø", "~b").replace("æ", "~a")
