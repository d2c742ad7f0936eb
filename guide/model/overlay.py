"""The words of what a kommune writes itself: its own steps on top of a national flow, who approved them, its offers.

What a kommune's own file may change of a national step is decided where it is read (`guide/library/overlay.py`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from guide.model.flow import Level, Outcome, Question
from guide.model.words import Day, Id, Ids, Line, Link, Text, Word

Print = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""A fingerprint of a text: `guide check` says which one to write."""

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Approval(Word):
    """Who has read what a kommune wrote and answers for it (C35): one of the authority, one of the profession."""

    authority: Line = Field(description="Navn og stilling hos myndigheden, der tager imod underretninger.")
    profession: Line = Field(description="Navn og stilling hos en leder i faget.")
    date: Day = Field(description="Dagen, de to godkendte.")
    next: Day = Field(description="Senest denne dag ser de på det igen.")
    text: Print = Field(description="Fingeraftryk af den tekst, de godkendte. «guide check» siger, hvad der skal stå.")
    base: Print | None = Field(
        None, description="Fingeraftryk af det nationale flow, de læste. «guide check» siger, hvad der skal stå."
    )


class Overlay(Word):
    """What a kommune adds to one national flow; the name of the file is that of the flow."""

    owner: Line = Field(description="Hvem i kommunen der har ansvaret for filen.")
    checked: Day = Field(description="Hvornår filen sidst er set igennem.")
    approved: Approval | None = Field(None, description="Hvem der har godkendt. Uden det vises filen kun i preview.")
    source: Text | None = Field(None, description="Kilden, fx kommunens eget beredskab.")
    questions: dict[Id, Question] = Field(
        default_factory=dict, description="Egne spørgsmål, og det I føjer til de nationale."
    )
    outcomes: dict[Id, Outcome] = Field(
        default_factory=dict, description="Egne udfald, og det I føjer til de nationale."
    )


class Offer(Word):
    """An offer of the kommune to children, young people or parents: shown below an underretning, never instead."""

    title: Line = Field(description="Tilbuddets navn.")
    help: Text = Field(description="Hvem det er til, og hvad man får. Én til tre sætninger.")
    flows: Ids = Field((), description="De flow, det hører til. Udelad, når det er alle.")
    levels: tuple[Level, ...] = Field(
        (Level.undren, Level.bekymring), description="undren, bekymring, eller begge. Aldrig fra underret og op."
    )
    contact: Id | None = Field(None, description="En af kommunens egne kontakter, som man ringer til.")
    link: Link | None = Field(None, description="Hjemmeside.")


class Colours(Word):
    """The kommune's own colours on the page."""

    primary: Colour = Field(description="Farven på knapper, links og bjælke, fx '#0b5a3c'. Hvid tekst skal kunne ses.")


class Term(Word):
    """Something that has another name in each kommune."""

    title: Line = Field(description="Hvad det er, med det ord guiden bruger.")
    words: tuple[Line, ...] = Field(min_length=1, description="Ordene i de former, de står i teksterne.")


class TermList(Word):
    """What kommuner may give their own names."""

    terms: dict[Id, Term] = Field(min_length=1, description="Ordene.")
