"""The words of stories about flows: scenarios, cases to talk about, and themes that the faggrupper see side by side."""

from __future__ import annotations

from pydantic import ConfigDict, Field, RootModel

from guide.model.flow import Level, Parents
from guide.model.words import Choice, Id, Ids, Line, LongText, Text, Word


class Scenario(Word):
    """A written walk with what must come of it; answers by step id."""

    title: Line = Field(description="Hvad der sker i historien.")
    answers: dict[Id, Choice] = Field(min_length=1, description="Svar på hvert trin.")
    ends: Id = Field(description="Det udfald, forløbet skal ende i.")
    passes: Ids = Field((), description="Trin, forløbet skal komme forbi.")
    never: Ids = Field((), description="Trin, forløbet aldrig må komme forbi.")
    law: Ids = Field((), description="Lovhenvisninger, udfaldet skal vise.")
    level: Level | None = Field(None, description="Det niveau, forløbet skal ende på.")
    parents: Parents | None = Field(None, description="Den forældreregel, forløbet skal ende med.")
    principles: Ids = Field((), description="De fagregler, historien viser.")


class ScenarioList(RootModel[dict[Id, Scenario]]):
    """The scenarios of one flow, by id."""

    model_config = ConfigDict(frozen=True)


class Chair(Word):
    """What one faggruppe does with the concern of a theme."""

    scenario: Id = Field(description="Scenariet i flowet, der viser bekymringen. Udfaldet siger, hvad man skal.")
    sees: tuple[Line, ...] = Field(min_length=1, description="Det ser faggruppen typisk.")
    alone: tuple[Line, ...] = Field(min_length=1, description="Det kan faggruppen gøre selv.")
    passes: tuple[Line, ...] = Field(min_length=1, description="Det giver faggruppen videre, og til hvem.")
    shares: Text = Field(description="Hvad der må deles med hvem (C18).")


class Theme(Word):
    """One concern seen by the faggrupper side by side; file name is its id."""

    title: Line = Field(description="Bekymringen.")
    help: Text = Field(description="Hvad siden viser.")
    together: Text = Field(description="Det, de fire bør aftale med hinanden.")
    chairs: dict[Id, Chair] = Field(min_length=2, description="En stol for hvert flow.")
    source: Text = Field(description="Kilden.")


class Expected(Word):
    """The acceptable range of a case; never one answer alone is right."""

    levels: tuple[Level, ...] = Field(min_length=1, description="Niveauer, der kan forsvares.")
    parents: tuple[Parents, ...] = Field(min_length=1, description="Forældreregler, der kan forsvares.")
    why: Text = Field(description="Hvorfor netop det spænd.")


class Case(Word):
    """A fictitious case to talk about; file name is its id."""

    title: Line = Field(description="Sagen i én linje.")
    notice: Line = Field(description="Hvad sagen handler om, så man kan gå ud, før den bliver læst: få ord.")
    cards_notice: Line | None = Field(
        None, description="Det, kortene til sidst handler om ud over det, `notice` siger: få ord."
    )
    flow: Id = Field(description="Faggruppens flow.")
    scenario: Id = Field(description="Scenariet i flowet, sagen hører til.")
    text: LongText = Field(description="Historien, som en fagperson ville fortælle den. Opdigtet.")
    signs: dict[Id, Line] = Field(
        min_length=3,
        description="Det konkrete i historien, man kan lægge vægt på: hvad der er set, hørt eller sagt.",
    )
    expected: Expected = Field(description="Hvad guiden kan ende i.")
    discuss: tuple[Line, ...] = Field(min_length=2, description="Det kan I tale om.")
    changes: tuple[Line, ...] = Field(min_length=2, description="Hvad ville ændre det?")
    source: Text = Field(description="Kilden til det faglige indhold.")
