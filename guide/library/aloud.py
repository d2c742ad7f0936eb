"""Everything a flow says, as one text to read aloud: questions, outcomes in the order of their pages, what they share,
the myths and doors, and the stories and changes of the faggruppe.

The text is Markdown as the authors wrote it. Not here: the pages (`web`).
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.library.library import Library, Playable
from guide.library.opening import shown
from guide.model import Advice, Contact, Letter, Level, Outcome, Parents, ParentsText, Question


def aloud(library: Library, playable: Playable, municipality: str) -> str:
    """All questions; all outcomes by level, the mildest first; the texts they share; themes, cases and changes.

    Contacts are those of the municipality, which must exist. Raises KeyError when it does not.
    """
    flow = playable.flow
    lines = [f"# {flow.title}: {len(flow.questions)} spørgsmål", ""]
    for step, question in flow.questions.items():
        lines += [*_question(library, step, question), ""]
    lines += [f"# {flow.title}: {len(flow.outcomes)} udfald", ""]
    for level in Level:
        for step, outcome in flow.outcomes.items():
            if outcome.level is level:
                lines += [*_outcome(library, playable, municipality, step, outcome), ""]
    lines += [*_shared(library, playable.id, list(flow.outcomes.values())), *_myths(library)]
    lines += [*_themes(library, playable.id), *_cases(library, playable.id), *_changes(library, playable.id)]
    return "\n".join(lines).rstrip() + "\n"


def aloud_own(library: Library, municipality: str) -> str:
    """What a kommune has besides its flows: contacts with their hours, names, levels, offers and letters.

    Only what is served; empty when there is nothing. Raises KeyError for an unknown kommune.
    """
    own = library.municipalities[municipality]
    letters = {name: one for name, one in library.letters_in(municipality).items() if library.letters.get(name) != one}
    parts = {
        "Kontakter": [line for name, contact in own.contacts.items() for line in _contact(name, contact)],
        "Navne": [
            f"- {library.terms[name].title if name in library.terms else name}: {said}"
            for name, said in own.names.items()
        ],
        "Niveauer": [f"- {level}: {said}" for level, said in own.levels.items()],
        "Tilbud": [
            f"- {offer.title}: {offer.help}{f' {offer.link}' if offer.link else ''}" for offer in own.offers.values()
        ],
        "Breve": [line for name, letter in letters.items() for line in _letter(name, letter)],
    }
    lines = [line for title, said in parts.items() if said for line in (f"## {title}", "", *said, "")]
    return "\n".join([f"# {own.name}: det, kommunen selv har skrevet", "", *lines]).rstrip() + "\n" if lines else ""


def _contact(name: str, contact: Contact) -> Iterator[str]:
    yield f"- {contact.title} ({name}) {contact.phone or ''}".rstrip()
    yield from (f"  - {part}" for part in (contact.help, contact.say, contact.link, contact.form) if part)
    if contact.hours:
        yield f"  - {shown(contact.hours)}"


def _letter(name: str, letter: Letter) -> Iterator[str]:
    yield f"### {letter.title} ({name})"
    yield f"\n{letter.text}\n"


def _question(library: Library, step: str, question: Question) -> Iterator[str]:
    yield f"## {question.title}"
    yield f"({step})\n"
    yield from filter(None, [question.help])
    yield from _piece("Kommunens egen boks", question.local)
    for option in question.options.values():
        yield f"- {option.label}{f' – {option.help}' if option.help else ''}"
        if found := option.find_out:
            yield f"  - Find ud af: {found.what} · Hos: {found.whom} · Hvornår: {found.by}"
    yield from _piece("Hvad mener vi?", question.means)
    yield from _piece("Et eksempel (opdigtet)", question.example)
    yield from _piece("Hvorfor spørger vi?", question.why)
    yield from _piece("Myter", _titles(library, question.myths))


def _titles(library: Library, myths: tuple[str, ...]) -> str:
    return ", ".join(library.myths[name].title for name in myths)


def _outcome(library: Library, playable: Playable, municipality: str, step: str, outcome: Outcome) -> Iterator[str]:
    letters = library.letters_in(municipality)
    yield f"## {outcome.title}"
    yield f"({step} · niveau: {outcome.level} · forældre: {outcome.parents})\n"
    yield outcome.help
    yield from _piece("Kommunens egen boks", outcome.local)
    yield from _piece("Ring", _contacts(library, municipality, outcome))
    yield from _piece("Det kan du sige", outcome.say)
    yield from _piece("Hvorfor reglen om forældrene gælder her", outcome.reason)
    yield from _piece(outcome.headline or _rule(library, outcome.parents), outcome.tell)
    yield from _piece("Det kan du sige til forældrene", outcome.phrase)
    yield from _piece("Den anden vej her", outcome.turns)
    yield from _piece("Hvor er barnet imens?", outcome.until)
    yield from _piece("Det gør du nu", "\n".join(_steps(playable, outcome.do)))
    yield from _piece("Hvad ville ændre det?", _list((*outcome.raises, *outcome.changes)))
    yield from _piece("Se på det igen", outcome.again)
    yield from _piece("Din pligt", "\n".join(_steps(playable, outcome.duty)))
    yield from _piece("Myter", _titles(library, outcome.myths))
    yield from _piece("Mere vejledning", outcome.guidance)
    yield from _piece("Det kan du forvente af de andre", outcome.expect)
    yield from _piece("Loven", ", ".join(library.law[name].title for name in outcome.law))
    yield from _piece("Breve", ", ".join(letters[name].title for name in outcome.letters))
    yield from _piece("Tegn", ", ".join(library.signs[name].title for name in outcome.signs))


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)


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


def _shared(library: Library, flow: str, outcomes: list[Outcome]) -> Iterator[str]:
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
                ("Datoerne", _list(tuple(text.dates.values()))),
                ("Har du ikke hørt noget?", text.silence),
            ):
                yield from _piece(title, said)
            yield ""
    for rule in Parents:
        if any(outcome.parents is rule for outcome in outcomes):
            yield from _parents(library.texts.parents[rule], flow)


def _parents(words: ParentsText, flow: str) -> Iterator[str]:
    """One parents rule, with the sentences of this faggruppe."""
    yield f"## Forældre: {words.title}\n{words.help}"
    yield from _piece("Hvorfor", words.why)
    yield from _piece("Det kan du sige", "\n".join(filter(None, (words.phrase, *words.openers.get(flow, ())))))
    yield from _piece("Den anden vej", words.turns)
    yield from _piece("Når forældrene reagerer", words.react)
    yield from _piece("Hvem kan læse dette?", words.readers)
    yield ""


def _myths(library: Library) -> Iterator[str]:
    yield "# Myter\n"
    for myth in library.myths.values():
        yield f"## {myth.title}\n{myth.text}\n"
    if library.texts and library.texts.doors:
        yield "# Er du uenig?\n"
        for door in library.texts.doors.values():
            yield f"## {door.title}\n{door.text}\n"
            if door.urgent:
                yield f"## {door.urgent_title or door.title} (straks og akut)\n{door.urgent}\n"


def _themes(library: Library, flow: str) -> Iterator[str]:
    """Each theme that has a chair for this flow, as it is seen from that chair."""
    for theme in library.themes.values():
        if chair := theme.chairs.get(flow):
            yield f"# Tema: {theme.title}\n\n{theme.help}"
            yield from _piece("Ser typisk", _list(chair.sees))
            yield from _piece("Kan gøre selv", _list(chair.alone))
            yield from _piece("Giver videre", _list(chair.passes))
            yield from _piece("Må dele", chair.shares)
            yield from _piece("Det bør I aftale med hinanden", theme.together)
            yield ""


def _cases(library: Library, flow: str) -> Iterator[str]:
    for case in library.cases.values():
        if case.flow == flow:
            yield f"# Opdigtet sag: {case.title}\n\nSagen handler om {case.notice}.\n\n{case.text}"
            yield from _piece("Det kan I lægge vægt på", _list(tuple(case.signs.values())))
            yield from _piece("Det kan forsvares, fordi", case.expected.why)
            yield from _piece("Det kan I tale om", _list(case.discuss))
            yield from _piece("Kortene til sidst handler også om", f"{case.cards_notice}." if case.cards_notice else "")
            yield from _piece("Hvad ville ændre det?", _list(case.changes))
            yield ""


def _changes(library: Library, flow: str) -> Iterator[str]:
    found = [change for change in library.changes.values() if not change.flows or flow in change.flows]
    if found:
        yield "# Ændringer\n"
        for change in found:
            yield f"## {change.title}\n({change.since})\n\n{change.text}\n"
