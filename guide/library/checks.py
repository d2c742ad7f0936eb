"""The rules that content must keep, one small function each; together they are the content policy.

Each yields Findings. What is wrong with a flow as a graph (loops, dead ends, unknown targets) is
found in `assemble.py`, since nothing else can be asked of such a flow; what must hold on every way
through a flow is in `invariants.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guide.flows.finding import Finding
from guide.flows.scenario import play, unvisited
from guide.library.assemble import Source
from guide.library.invariants import invariants
from guide.library.library import Library, Playable
from guide.library.read import suggest
from guide.model import Advice, Flow, Level, LevelText, Parents

RESERVED = frozenset(
    [
        "lov",
        "tegn",
        "om",
        "privatliv",
        "tilgaengelighed",
        "farvel",
        "forlad",
        "kontakt",
        "vejledning",
        "start",
        "static",
        "statistik",
        "temadag",
        "oevelse",
        "was",
        "breve",
        "vaelg",
        "health",
    ]
)
"""First parts of addresses, which no kommune and no flow may be called."""

LINK = re.compile(r"\]\((lov|kontakt):([^)\s]*)\)")
PARAGRAPH = re.compile(r"§")


def check(library: Library) -> list[Finding]:
    """Every finding on a loaded library, sorted by place."""
    found = [*_names(library), *_texts(library), *_registers(library)]
    for playable in library.flows.values():
        found += [*_references(library, playable), *_words(library, playable), *invariants(playable)]
        found += [*_conditions(playable), *_scenarios(library, playable)]
    return sorted(set(found))


def _names(library: Library) -> Iterator[Finding]:
    for room, names in (("municipalities", library.municipalities), ("flows", library.flows)):
        for name in names:
            if name in RESERVED:
                yield Finding(f"{room}/{name}", 0, 0, f"«{name}» er optaget: det er en adresse i guiden.")
    for name in set(library.municipalities) & set(library.flows):
        yield Finding(f"flows/{name}", 0, 0, f"«{name}» er både en kommune og et flow.")


def _texts(library: Library) -> Iterator[Finding]:
    texts, place = library.texts, "registers/texts.yaml"
    if texts is None:
        return
    for level in Level:
        if level not in texts.levels:
            yield Finding(place, 0, 0, f"Teksten til niveauet «{level}» mangler.")
    for rule in Parents:
        if rule not in texts.parents:
            yield Finding(place, 0, 0, f"Teksten til forældrereglen «{rule}» mangler.")
    blocks: list[tuple[str, Iterable[str | None]]] = [
        (f"levels/{level}", [getattr(text, key) for key in LevelText.model_fields])
        for level, text in texts.levels.items()
    ]
    blocks += [(f"parents/{rule}", (text.help, text.phrase)) for rule, text in texts.parents.items()]
    for name, values in blocks:
        for value in values:
            yield from (Finding(place, 0, 0, f"{name}: {message}") for message in _wrong_words(library, value or ""))


def _registers(library: Library) -> Iterator[Finding]:
    pages = [("pages", name, page.text) for name, page in library.pages.items()]
    letters = [("letters", name, f"{letter.help}\n{letter.text}") for name, letter in library.letters.items()]
    for room, name, text in pages + letters:
        yield from (Finding(f"{room}/{name}.md", 0, 0, message) for message in _wrong_words(library, text))
    for name, letter in library.letters.items():
        used = set(re.findall(r"\{\{\s*([^}]*?)\s*\}\}", letter.text))
        for blank in sorted(used - set(letter.blanks)):
            yield Finding(
                f"letters/{name}.md",
                0,
                0,
                f"Feltet «{blank}» er ikke beskrevet i «blanks».{suggest(blank, letter.blanks)}",
            )
        for blank in sorted(set(letter.blanks) - used):
            yield Finding(f"letters/{name}.md", 0, 0, f"Feltet «{blank}» bruges ikke i brevet.")
    for name in ("om", "privatliv", "tilgaengelighed", "farvel"):
        if name not in library.pages:
            yield Finding(f"pages/{name}.md", 0, 0, "Siden mangler.")
    for name, ref in library.law.items():
        if ref.status == "to-check" and not ref.confirm:
            yield Finding(
                "law", 0, 0, f"«{name}» er «to-check», men siger ikke i «confirm», hvad en jurist skal bekræfte."
            )


def _references(library: Library, playable: Playable) -> Iterator[Finding]:
    flow, source = playable.flow, playable.source
    rooms = (
        ("contacts", library.contacts),
        ("law", library.law),
        ("letters", library.letters),
        ("signs", library.signs),
    )
    for step, outcome in flow.outcomes.items():
        for key, known in rooms:
            for n, name in enumerate(getattr(outcome, key)):
                if name not in known:
                    yield source.finding(
                        f"«{name}» findes ikke i {key}/.{suggest(name, known)}", "outcomes", step, key, n
                    )
    for step, question in flow.questions.items():
        for n, name in enumerate(question.signs):
            if name not in library.signs:
                yield source.finding(
                    f"«{name}» findes ikke i signs/.{suggest(name, library.signs)}", "questions", step, "signs", n
                )


def _words(library: Library, playable: Playable) -> Iterator[Finding]:
    for place, text in written(playable.flow):
        for message in _wrong_words(library, text):
            yield playable.source.finding(message, *place)


def written(flow: Flow) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of a flow with its place."""
    yield ("help",), flow.help
    for step, question in flow.questions.items():
        for key in ("title", "help", "why", "local"):
            yield ("questions", step, key), getattr(question, key) or ""
        for name, option in question.options.items():
            yield ("questions", step, "options", name, "label"), option.label
            yield ("questions", step, "options", name, "help"), option.help or ""
    for step, outcome in flow.outcomes.items():
        for key in (
            "title",
            "help",
            "say",
            "headline",
            "tell",
            "phrase",
            "until",
            "again",
            "guidance",
            "expect",
            "local",
        ):
            yield ("outcomes", step, key), getattr(outcome, key) or ""
        for key in ("do", "duty"):
            for n, piece in enumerate(getattr(outcome, key)):
                yield ("outcomes", step, key, n), piece.text
        for n, line in enumerate(outcome.raises):
            yield ("outcomes", step, "raises", n), line


FORBIDDEN = {
    r"skal ikke underrette": "guiden siger aldrig «du skal ikke underrette»",
    r"ikke pligt til at underrette": "guiden siger aldrig, at nogen ikke har pligt til at underrette",
    r"ring\w* anonymt": "skriv «drøft uden barnets navn», ikke «ring anonymt»",
    r"\bgerningsm[aæ]nd": "skriv «den, det handler om»",
    r"\bbekymringsbrev": "skriv «underretning»",
    r"sagen er afsluttet": "en bekymring afsluttes ikke sådan",
    r"mistænkte? forælder": "skriv «den forælder, bekymringen gælder»",
}
"""What is never said (content rules), with what to write."""


def _wrong_words(library: Library, text: str) -> Iterator[str]:
    if PARAGRAPH.search(text):
        yield "Skriv ikke paragraffer i hånden. Henvis til loven: [din pligt](lov:skaerpet-pligt)."
    for kind, name in LINK.findall(text):
        known = library.law if kind == "lov" else library.contacts
        if name not in known:
            yield f"Henvisningen «{kind}:{name}» findes ikke.{suggest(name, known)}"
    for pattern, advice in FORBIDDEN.items():
        if re.search(pattern, text, re.IGNORECASE):
            yield f"Ordene i «{re.search(pattern, text, re.IGNORECASE).group()}»: {advice}."  # type: ignore[union-attr]


def _conditions(playable: Playable) -> Iterator[Finding]:
    """`when` on a piece of advice must name steps and options that exist."""
    flow, source = playable.flow, playable.source
    for step, outcome in flow.outcomes.items():
        for key in ("do", "duty"):
            pieces: tuple[Advice, ...] = getattr(outcome, key)
            for n, piece in enumerate(pieces):
                yield from _condition(flow, source, piece, ("outcomes", step, key, n, "when"))
            if pieces and all(piece.when for piece in pieces) and key == "do":
                yield source.finding(f"«{step}» har ingen skridt, der altid vises.", "outcomes", step, key)


def _condition(flow: Flow, source: Source, piece: Advice, place: tuple[str | int, ...]) -> Iterator[Finding]:
    for on, options in piece.when.items():
        if on not in flow.questions:
            yield source.finding(f"Trinnet «{on}» i «when» findes ikke.{suggest(on, flow.questions)}", *place, on)
            continue
        for option in options:
            if option not in flow.questions[on].options:
                near = suggest(option, flow.questions[on].options)
                yield source.finding(f"Svaret «{option}» findes ikke på «{on}».{near}", *place, on)


def _scenarios(library: Library, playable: Playable) -> Iterator[Finding]:
    place = f"flows/{playable.id}/scenarios.yaml"
    walks = []
    for name, scenario in library.scenarios.get(playable.id, {}).items():
        played = play(playable.flow, playable.machine, scenario)
        walks.append(played.walk)
        yield from (Finding(place, 0, 0, f"Scenariet «{name}»: {wrong}.") for wrong in played.wrong)
    for step, options in unvisited(playable.flow, walks).items():
        yield Finding(place, 0, 0, f"Intet scenarie vælger {', '.join(f'«{o}»' for o in options)} på «{step}».")
