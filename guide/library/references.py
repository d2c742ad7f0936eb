"""What a flow refers to is there: contacts, law, letters, signs, myths, ages, and the answers that advice asks for.

Also the keys that only a kommune's own file may have. Not here: where the ways lead (`routes.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.library.playable import Draft
from guide.library.read import suggest
from guide.library.routes import unknown_answers
from guide.model import Flow


def references(library: Library, draft: Draft) -> Iterator[Finding]:
    """Ids that nobody knows."""
    steps = [("outcomes", step, outcome) for step, outcome in draft.flow.outcomes.items()]
    for room, step, word in (*steps, *(("questions", step, q) for step, q in draft.flow.questions.items())):
        for key, known in library.ids.items():
            for n, name in enumerate(getattr(word, key, ())):
                if known is not None and name not in known:
                    said = f"«{name}» findes ikke i {key}/.{suggest(name, known)}"
                    yield draft.source.finding(said, room, step, key, n)


def conditions(draft: Draft, whole: Flow | None = None) -> Iterator[Finding]:
    """`when` on a piece of advice must name steps and options that exist; `whole`: the flow that the steps are of."""
    flow, source = draft.flow, draft.source
    for step, outcome in flow.outcomes.items():
        for key in ("do", "duty"):
            for n, piece in enumerate(getattr(outcome, key)):
                for on, options in piece.when.items():
                    place = ("outcomes", step, key, n, "when", on)
                    yield from (source.finding(wrong, *place) for wrong in unknown_answers(whole or flow, on, options))
        if all(piece.when for piece in outcome.do):
            yield source.finding(f"«{step}» har ingen skridt, der altid vises.", "outcomes", step, "do")


def ages(library: Library, draft: Draft) -> Iterator[Finding]:
    """A flow may only say age groups that the signs are given for."""
    known = {age for signs in library.signs.values() for sign in signs.signs.values() for age in sign.ages}
    for n, age in enumerate(draft.flow.ages):
        if age not in known:
            yield draft.source.finding(f"Intet tegn er for aldersgruppen «{age}».{suggest(age, known)}", "ages", n)


def national(draft: Draft) -> Iterator[Finding]:
    """A national flow stands for nothing but itself."""
    only = "hører kun til i en kommunes egen fil. Slet linjen."
    for step, question in draft.flow.questions.items():
        if question.before:
            yield draft.source.finding(f"«before» {only}", "questions", step, "before")
        for name, option in question.options.items():
            if option.as_:
                yield draft.source.finding(f"«as» {only}", "questions", step, "options", name, "as")
        if question.local:
            yield draft.source.finding(f"«local» {only}", "questions", step, "local")
    for step, outcome in draft.flow.outcomes.items():
        for key, value in (("as", outcome.as_), ("local", outcome.local)):
            if value:
                yield draft.source.finding(f"«{key}» {only}", "outcomes", step, key)
