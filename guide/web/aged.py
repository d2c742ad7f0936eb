"""What a page says when what it shows is old: the law, the numbers, the professional review.

Age stops nothing and hides nothing. Templates call `aged` where they show an outcome, contacts or law; what it says
depends on the content and the day in Denmark, never on a walk, and is kept for the day. When something is old is
decided in `guide/library/force.py`, and `guide check` fails at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from guide.library import force
from guide.library.library import Library
from guide.web.text import dato

Lines = tuple[str, ...]


def install(app: Flask) -> None:
    """Global `aged` for templates."""

    def banner(lines: Lines) -> Markup:
        module: Any = app.jinja_env.get_template("aged.html").module
        return Markup(module.banner(lines))

    library = app.extensions["guide"].library
    kept = lru_cache(maxsize=1024)(lambda *asked: of_outcome(library, *asked))
    app.jinja_env.globals["aged"] = Aged(library, lru_cache(maxsize=1024)(banner), kept)


@dataclass(frozen=True)
class Aged:
    """The banner of a page, or nothing; by what the page shows."""

    library: Library
    banner: Callable[[Lines], Markup]
    kept: Callable[[date, str, str, str], Lines]
    """`of_outcome`, which is asked for on each page that shows one."""

    def outcome(self, place: str, flow: str, step: str) -> Markup:
        """An outcome: its rules, its numbers as they are in a kommune, and the review of its flow."""
        return self._shown(self.kept(force.today(), place, flow, step))

    def outcomes(self, place: str, steps: Iterable[tuple[str, str]]) -> Markup:
        """Several outcomes on one page, by flow and step; nothing is said twice."""
        said = (line for flow, step in steps for line in self.kept(force.today(), place, flow, step))
        return self._shown(tuple(dict.fromkeys(said)))

    def contacts(self, place: str, names: Iterable[str]) -> Markup:
        """Numbers, as they are in a kommune."""
        return self._shown(old_numbers(self.library, place, names, force.today()))

    def law(self) -> Markup:
        """The whole law register; what does not apply today is shown apart there."""
        return self._shown(old_law((ref.checked for ref in self.library.law.values()), force.today()))

    def flow(self, name: str) -> Markup:
        """The first page of a flow."""
        return self._shown(old_review(self.library.flows[name].flow.reviewed, force.today()))

    def _shown(self, lines: Lines) -> Markup:
        return self.banner(lines) if lines else Markup("")


def of_outcome(library: Library, day: date, place: str, flow: str, step: str) -> Lines:
    """All that is old or not in force about an outcome: the numbers first, for they are used first."""
    found = library.flows_in(place)[flow].flow
    outcome = found.outcomes[step]
    refs = [library.law[name] for name in outcome.law]
    gone = [
        f"Reglen »{ref.title}« gælder "
        + (f"først fra {dato(ref.valid_from)}." if ref.valid_from > day else "ikke længere.")
        for ref in refs
        if not force.in_force(ref, day)
    ]
    law = old_law((ref.checked for ref in refs), day)
    return (*old_numbers(library, place, outcome.contacts, day), *gone, *law, *old_review(found.reviewed, day))


def old_law(checked: Iterable[date], day: date) -> Lines:
    """What is said of rules that nobody has looked at for long."""
    oldest = force.oldest(checked, day)
    if oldest is None:
        return ()
    return (
        f"Noget af loven på siden er ikke efterset siden {dato(oldest)}. Vent ikke med at handle. "
        "Er du i tvivl om loven, så spørg kommunen.",
    )


def old_numbers(library: Library, place: str, names: Iterable[str], day: date) -> Lines:
    """What is said of old numbers; those of an example are made up, and the page says so already."""
    kommune = library.municipalities[place]
    shown = [library.contact(place, name) for name in names if not (kommune.example and name in kommune.contacts)]
    oldest = force.oldest((contact.checked for contact in shown), day)
    if oldest is None:
        return ()
    return (
        f"Et eller flere numre på siden er ikke efterset siden {dato(oldest)}. Svarer et nummer ikke, så find det på "
        "hjemmesiden. Er barnet i fare nu, så ring 112.",
    )


def old_review(last: date, day: date) -> Lines:
    """What is said of a flow that no professional has gone through for long."""
    if not force.overdue(last, day, force.REVIEW_WARNS):
        return ()
    return (f"Vejledningen er sidst fagligt gennemgået {dato(last)}. Det er et år siden eller mere.",)
