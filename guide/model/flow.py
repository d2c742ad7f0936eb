"""The words of a flow: levels, parents rules, flags, questions, options, rules, outcomes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from guide.model.words import Day, Id, Ids, Line, Text, When, Word, YesNo


class Level(StrEnum):
    """How serious an outcome is, from the weakest to the strongest."""

    undren = "undren"
    bekymring = "bekymring"
    underret = "underret"
    straks = "straks"
    akut = "akut"

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(Level)}


class Parents(StrEnum):
    """Whether the custody holders are told, by strictness; `tilkald` stands beside the order (C2)."""

    foerst = "foerst"
    orienter = "orienter"
    efter_aftale = "efter-aftale"
    kun_udsat = "kun-udsat"
    ikke = "ikke"
    tilkald = "tilkald"

    @property
    def strictness(self) -> int | None:
        """0 (foerst) to 4 (ikke); None for `tilkald`, which is not comparable."""
        return None if self is Parents.tilkald else list(Parents).index(self)

    @property
    def told(self) -> bool:
        """Whether the custody holders hear of the concern as a matter of course; under all others it is kept back."""
        return self in (Parents.foerst, Parents.orienter)


class Flag(StrEnum):
    """What an answer means for safety, in any flow: a closed national list."""

    akut = "akut"
    vold = "vold"
    seksuelt = "seksuelt"
    vanroegt = "vanroegt"
    social_kontrol = "social-kontrol"
    gravid = "gravid"
    fravaer_15 = "fravaer-15"
    selvskade = "selvskade"
    ansat = "ansat"
    barn_mod_barn = "barn-mod-barn"
    udrejse = "udrejse"
    ukendt = "ukendt"
    hjemmet = "hjemmet"
    udsat_fortalt = "udsat-fortalt"
    netvaerk = "netvaerk"


class Rule(Word):
    """Where to go when earlier answers are these; the first rule that holds wins."""

    when: When = Field(default_factory=dict, description="Gælder kun, når alle disse trin er besvaret sådan.")
    goto: Id = Field(description="Det trin, der kommer nu.")


class Advice(Word):
    """A text that is shown always, or only to those who answered in a certain way."""

    text: Text = Field(description="Teksten.")
    when: When = Field(default_factory=dict, description="Vises kun, når svarene er sådan.")
    first: YesNo = Field(False, description="Kun under «do»: sker før opkaldet eller samtidig. Står over nummeret.")


def _plain_advice(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


Advices = tuple[Annotated[Advice, BeforeValidator(_plain_advice)], ...]


class FindOut(Word):
    """The one thing to find out when the answer was «ved ikke»."""

    what: Line = Field(description="Det ene, du skal finde ud af.")
    whom: Line = Field(description="Hos hvem. Aldrig en, der kan stå bag.")
    by: Line = Field(description="Inden hvornår. Det er aldrig en grund til at vente med at ringe.")


class Option(Word):
    """One answer that can be chosen."""

    label: Line = Field(description="Svaret, som det står på siden.")
    help: Text | None = Field(None, description="En kort forklaring under svaret.")
    flags: tuple[Flag, ...] = Field((), description="Hvad svaret betyder for sikkerheden.")
    goto: Id | None = Field(None, description="Det trin, svaret fører til. Udelad, når «next» bestemmer.")
    find_out: FindOut | None = Field(None, description="Det ene, der skal findes ud af, når svaret er «ved ikke».")
    as_: Id | None = Field(
        None, alias="as", description="Kun i en kommunes egen fil: det nationale svar, dette svarer til."
    )


class Question(Word):
    """One question page. A new `kind` touches this file, flows/machine.py and walks/question.html."""

    title: Line = Field(description="Spørgsmålet.")
    help: Text | None = Field(None, description="Hjælp under spørgsmålet.")
    why: Text | None = Field(None, description="Hvorfor vi spørger. Står foldet sammen.")
    means: Text | None = Field(None, description="Hvad vi mener med ordene i spørgsmålet. Står foldet sammen.")
    example: Text | None = Field(None, description="Et opdigtet eksempel på, hvad man svarer, og hvorfor.")
    myths: Ids = Field((), description="Myter, der melder sig her.")
    kind: Literal["one", "several"] = Field("one", description="Ét svar (one) eller flere svar (several).")
    options: dict[Id, Option] = Field(min_length=2, description="Svarmulighederne.")
    next: tuple[Rule, ...] = Field((), description="Regler for næste trin. Den første, der passer, gælder.")
    signs: Ids = Field((), description="Tegnlister, der hører til spørgsmålet.")
    locked: YesNo = Field(False, description="Kommuner må ikke ændre vejen videre.")
    local: Text | None = Field(None, description="Kommunens egen boks.")
    before: Id | None = Field(
        None, description="Kun i en kommunes egen fil: det nationale trin, spørgsmålet bliver stillet lige før."
    )


class Outcome(Word):
    """Where a walk ends: what to do now, whom to ring, what the law says."""

    title: Line = Field(description="Overskriften: én sætning om, hvad man gør.")
    level: Level = Field(description="Hvor alvorligt det er.")
    parents: Parents = Field(description="Hvad forældrene skal vide, og hvornår.")
    help: Text = Field(description="Én eller to sætninger: hvad du gør nu.")
    say: Text | None = Field(None, description="Det siger du i telefonen.")
    spoken: YesNo = Field(False, description="Der skal tales med et menneske: siden viser det nummer, der svarer nu.")
    headline: Line | None = Field(None, description="Overskriften i boksen om forældrene. Ellers den fælles.")
    reason: Text | None = Field(None, description="Grunden til reglen i netop dette udfald. Ellers den fælles.")
    turns: Text | None = Field(None, description="Den anden vej i netop dette udfald. Ellers den fælles.")
    tell: Text | None = Field(None, description="Om forældrene i netop dette udfald. Ellers bruges den fælles tekst.")
    phrase: Text | None = Field(None, description="En sætning, man kan sige til forældrene.")
    until: Text | None = Field(None, description="Hvor barnet er imens.")
    do: Advices = Field(min_length=1, description="Det gør du nu, i rækkefølge.")
    duty: Advices = Field((), description="Om underretningspligten i netop dette udfald.")
    raises: tuple[Line, ...] = Field((), description="Det løfter bekymringen med det samme.")
    changes: tuple[Line, ...] = Field((), description="Det ville ændre svaret: hvad, og til hvad. Aldrig nedad.")
    myths: Ids = Field((), description="Myter, der melder sig her.")
    again: Text | None = Field(None, description="Hvornår man ser på det igen.")
    look: int | None = Field(
        None, ge=1, le=92, description="Nyt blik senest om så mange dage. Det samme som i «again»."
    )
    guidance: Text | None = Field(None, description="Mere vejledning.")
    contacts: Ids = Field(min_length=1, description="Kontakter. Den første er den, man ringer til.")
    law: Ids = Field(min_length=1, description="Lovhenvisninger.")
    letters: Ids = Field((), description="Breve, der hører til.")
    signs: Ids = Field((), description="Tegnlister, der hører til.")
    expect: Text | None = Field(None, description="Det kan du forvente af de andre faggrupper.")
    locked: YesNo = Field(False, description="Kommuner må ikke ændre udfaldet.")
    local: Text | None = Field(None, description="Kommunens egen boks.")
    as_: Id | None = Field(
        None, alias="as", description="Kun i en kommunes egen fil: det nationale udfald, dette er ens med i alt andet."
    )
    source: Text | None = Field(None, description="Kilden til det faglige indhold.")


class Flow(Word):
    """The questions and outcomes of one faggruppe; its folder name is its id."""

    title: Line = Field(description="Faggruppens navn.")
    audience: Line = Field(description="Hvem vejledningen er til.")
    help: Text = Field(description="Hvad vejledningen kan. Står på startsiden.")
    reviewed: Day = Field(description="Dato for seneste faglige gennemgang.")
    source: Text = Field(description="Kilderne til det faglige indhold.")
    start: Id = Field(description="Det første spørgsmål. Det skal være det akutte.")
    ages: Ids = Field((), description="De aldersgrupper, faggruppen møder. Udelad, når det er alle.")
    use: dict[Id, dict[Id, Id]] = Field(
        default_factory=dict, description="Fælles trin, og hvor deres udgange fører hen."
    )
    questions: dict[Id, Question] = Field(min_length=1, description="Spørgsmålene.")
    outcomes: dict[Id, Outcome] = Field(min_length=1, description="Udfaldene.")


class Shared(Word):
    """Steps that several flows use; `exits` are the targets that each flow names in `use`."""

    title: Line = Field(description="Hvad trinene handler om.")
    exits: Ids = Field((), description="Udgange, som flowet selv fører videre.")
    questions: dict[Id, Question] = Field(default_factory=dict, description="Spørgsmål.")
    outcomes: dict[Id, Outcome] = Field(default_factory=dict, description="Udfald.")
