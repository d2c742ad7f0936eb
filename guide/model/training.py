"""The words of the material for a temadag: its programme, and the briefings of seven minutes for each faggruppe.

Levels, parents rules, signs, law, contacts, myths and cases are named by id and never copied; only what is said around
them is written here. Not here: what happens in a room while it is open (`guide/training`).
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from guide.model.flow import Level, Parents
from guide.model.words import Id, Ids, Line, Text, Word


class Wall(StrEnum):
    """What the projector shows: the slides, or the window of the room with its code, its case and its answers."""

    slides = "slides"
    room = "rum"


class Slide(Word):
    """What stands on the wall during a block: a few words, and texts of the guide by id."""

    title: Line = Field(description="Overskriften på væggen.")
    text: Text | None = Field(None, description="Få ord under overskriften. Resten siger du.")
    levels: tuple[Level, ...] = Field((), description="Niveauer, der bliver vist med guidens egne ord.")
    parents: tuple[Parents, ...] = Field((), description="Forældreregler, der bliver vist med guidens egne ord.")
    signs: Ids = Field((), description="Tegn fra signs/.")
    law: Ids = Field((), description="Regler fra law/.")
    contacts: Ids = Field((), description="Kontakter, der bliver vist med nummer.")
    myths: Ids = Field((), description="Myter fra registers/myths.yaml, med det, der gælder.")
    case: Id | None = Field(None, description="En sag fra cases/. Historien står på væggen.")


class Block(Word):
    """One part of a programme: minutes, what is said, what is done, and what stands on the wall."""

    title: Line = Field(description="Hvad delen er.")
    minutes: int = Field(ge=1, le=120, description="Minutter.")
    say: Text = Field(description="Det, du siger. Læs det op, eller sig det med dine egne ord.")
    do: tuple[Line, ...] = Field((), description="Det, du gør, og det, der sker på væggen og telefonerne.")
    needs: tuple[Line, ...] = Field((), description="Det, der skal ligge klar.")
    slide: Slide | None = Field(None, description="Det, der står på væggen.")
    wall: tuple[Wall, ...] = Field(
        (Wall.slides,),
        min_length=1,
        description="Det, projektoren viser, i rækkefølge: «slides», «rum» eller begge. Udeladt: slides.",
    )


class Programme(Word):
    """A temadag or, with `flow`, a briefing of seven minutes for one faggruppe: its blocks in order."""

    title: Line = Field(description="Navnet.")
    flow: Id | None = Field(None, description="I et kort oplæg: faggruppens flow. Udelad i temadagens program.")
    help: Text = Field(description="Hvem det er til, og hvordan det bruges.")
    minutes: int = Field(ge=1, le=480, description="Minutter i alt: summen af delene. Et kort oplæg har højst syv.")
    blocks: dict[Id, Block] = Field(min_length=1, description="Delene i rækkefølge.")
    reflect: tuple[Line, ...] = Field((), description="I et kort oplæg: tre-fire spørgsmål at tale om.")
    cases: Ids = Field(
        min_length=1,
        description="Sager at tale om, de, der bliver spurgt i rummet, først. Deres variationskort bliver trykt.",
    )
    rules: tuple[Line, ...] = Field((), description="I programmet: regler for dagen. Begynd hver med et fedt ord.")
    before: tuple[Line, ...] = Field((), description="I programmet: tjeklisten før dagen, ud over delenes «needs».")
    during: tuple[Line, ...] = Field((), description="I programmet: tjeklisten under dagen.")
    after: tuple[Line, ...] = Field((), description="I programmet: tjeklisten efter dagen.")
    mail: Text | None = Field(None, description="I programmet: mailen til deltagerne efter tre måneder.")
    agenda: tuple[Line, ...] = Field((), description="I programmet: dagsordenen til mødet efter tre måneder.")
    source: Text = Field(description="Kilden.")
