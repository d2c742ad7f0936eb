"""Everything a flow can end in, as one text to read aloud: each outcome in the order of its page, then what they share.

The text is Markdown as the authors wrote it. Not here: the pages (`web`).
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.library.library import Library, Playable
from guide.model import Advice, Level, Outcome, Parents


def aloud(library: Library, playable: Playable, municipality: str) -> str:
    """All outcomes of a flow by level, the mildest first; then the texts that a level or parents rule shares.

    Contacts are those of the municipality, which must exist. Raises KeyError when it does not.
    """
    flow = playable.flow
    lines = [f"# {flow.title}: {len(flow.outcomes)} udfald", ""]
    for level in Level:
        for step, outcome in flow.outcomes.items():
            if outcome.level is level:
                lines += [*_outcome(library, playable, municipality, step, outcome), ""]
    return "\n".join([*lines, *_shared(library, list(flow.outcomes.values()))]).rstrip() + "\n"


def _outcome(library: Library, playable: Playable, municipality: str, step: str, outcome: Outcome) -> Iterator[str]:
    yield f"## {outcome.title}"
    yield f"({step} · niveau: {outcome.level} · forældre: {outcome.parents})\n"
    yield outcome.help
    yield from _piece("Ring", _contacts(library, municipality, outcome))
    yield from _piece("Det kan du sige", outcome.say)
    yield from _piece(outcome.headline or _rule(library, outcome.parents), outcome.tell)
    yield from _piece("Det kan du sige til forældrene", outcome.phrase)
    yield from _piece("Hvor er barnet imens?", outcome.until)
    yield from _piece("Det gør du nu", "\n".join(_steps(playable, outcome.do)))
    yield from _piece("Det løfter bekymringen med det samme", "\n".join(f"- {line}" for line in outcome.raises))
    yield from _piece("Se på det igen", outcome.again)
    yield from _piece("Din pligt", "\n".join(_steps(playable, outcome.duty)))
    yield from _piece("Mere vejledning", outcome.guidance)
    yield from _piece("Det kan du forvente af de andre", outcome.expect)
    yield from _piece("Loven", ", ".join(library.law[name].title for name in outcome.law))
    yield from _piece("Breve", ", ".join(library.letters[name].title for name in outcome.letters))
    yield from _piece("Tegn", ", ".join(library.signs[name].title for name in outcome.signs))


def _piece(title: str, text: str | None) -> Iterator[str]:
    if text:
        yield f"\n**{title}**\n{text}"


def _rule(library: Library, parents: Parents) -> str:
    return library.texts.parents[parents].title if library.texts else str(parents)


def _contacts(library: Library, municipality: str, outcome: Outcome) -> str:
    found = [library.contact(municipality, name) for name in outcome.contacts]
    return "\n".join(f"- {contact.title} {contact.phone or ''}".rstrip() for contact in found)


def _steps(playable: Playable, pieces: tuple[Advice, ...]) -> Iterator[str]:
    """Each piece of advice; one that depends on answers says on which."""
    for number, piece in enumerate(pieces, 1):
        labels = [
            " eller ".join(f"»{playable.flow.questions[on].options[option].label}«" for option in options)
            for on, options in piece.when.items()
        ]
        only = f"[kun ved {' og '.join(labels)}] " if labels else ""
        yield f"{number}. {only}{piece.text}"


def _shared(library: Library, outcomes: list[Outcome]) -> Iterator[str]:
    if library.texts is None:
        return
    yield "# Fælles tekster\n"
    for level in Level:
        if any(outcome.level is level for outcome in outcomes):
            text = library.texts.levels[level]
            yield f"## Niveau: {text.title}\n{text.help}"
            for title, said in (
                ("Din pligt", text.duty),
                ("Skriv ned", text.note),
                ("Nåede du ikke igennem?", text.unreached),
                ("Det sker der nu", text.after),
            ):
                yield from _piece(title, said)
            yield ""
    for rule in Parents:
        if any(outcome.parents is rule for outcome in outcomes):
            words = library.texts.parents[rule]
            yield f"## Forældre: {words.title}\n{words.help}"
            yield from _piece("Det kan du sige", words.phrase)
            yield ""
