"""Every word that authors write, as a frozen type, and nothing else.

What authors write is here; what happens at run time (Walk, Finding) is in `guide/flows`,
and what is in memory (Library) in `guide/library`. Field descriptions are Danish: they become
the JSON Schema that editors see. Texts are Markdown with HTML off unless they say «linje».
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=240, strip_whitespace=True, pattern=r"^[^\n]*$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s]+$", max_length=300)]


def _one_or_many(value: object) -> object:
    """`when: {step: a}` and `when: {step: [a, b]}` mean the same kind of thing."""
    return [value] if isinstance(value, str) else value


def _not_empty(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("listen er tom")
    return value


def _plain_bool(value: object) -> object:
    """Only `true` and `false` are truth values; `yes`, `on` and `1` are text."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _plain_date(value: object) -> object:
    """Only 2026-11-21; pydantic would also take `0` and `86400`, as seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        raise ValueError("skriv datoen som 2026-11-21")
    return value.strip()


Ids = tuple[Id, ...]
Choice = Annotated[tuple[Id, ...], BeforeValidator(_one_or_many), AfterValidator(_not_empty)]
When = dict[Id, Choice]
Day = Annotated[date, BeforeValidator(_plain_date)]
YesNo = Annotated[bool, BeforeValidator(_plain_bool), Field(strict=True)]


class Level(StrEnum):
    """How serious an outcome is, from the weakest to the strongest."""

    undren = "undren"
    bekymring = "bekymring"
    underret = "underret"
    straks = "straks"
    akut = "akut"

    @property
    def rank(self) -> int:
        return list(Level).index(self)


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


class Word(BaseModel):
    """What all words share: frozen, and no key that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Rule(Word):
    """Where to go when earlier answers are these; the first rule that holds wins."""

    when: When = Field(default_factory=dict, description="Gælder kun, når alle disse trin er besvaret sådan.")
    goto: Id = Field(description="Det trin, der kommer nu.")


class Advice(Word):
    """A text that is shown always, or only to those who answered in a certain way."""

    text: Text = Field(description="Teksten.")
    when: When = Field(default_factory=dict, description="Vises kun, når svarene er sådan.")


def _plain_advice(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


Advices = tuple[Annotated[Advice, BeforeValidator(_plain_advice)], ...]


class Option(Word):
    """One answer that can be chosen."""

    label: Line = Field(description="Svaret, som det står på siden.")
    help: Text | None = Field(None, description="En kort forklaring under svaret.")
    flags: tuple[Flag, ...] = Field((), description="Hvad svaret betyder for sikkerheden.")
    goto: Id | None = Field(None, description="Det trin, svaret fører til. Udelad, når «next» bestemmer.")
    as_: Id | None = Field(
        None, alias="as", description="Kun i en kommunes egen fil: det nationale svar, dette svarer til."
    )


class Question(Word):
    """One question page. A new `kind` touches this file, flows/machine.py and walks/question.html."""

    title: Line = Field(description="Spørgsmålet.")
    help: Text | None = Field(None, description="Hjælp under spørgsmålet.")
    why: Text | None = Field(None, description="Hvorfor vi spørger. Står foldet sammen.")
    kind: Literal["one", "several"] = Field("one", description="Ét svar (one) eller flere svar (several).")
    options: dict[Id, Option] = Field(min_length=2, description="Svarmulighederne.")
    next: tuple[Rule, ...] = Field((), description="Regler for næste trin. Den første, der passer, gælder.")
    signs: Ids = Field((), description="Tegnlister, der hører til spørgsmålet.")
    locked: YesNo = Field(False, description="Kommuner må ikke ændre vejen videre.")
    local: Text | None = Field(None, description="Kommunens egen boks.")


class Outcome(Word):
    """Where a walk ends: what to do now, whom to ring, what the law says."""

    title: Line = Field(description="Overskriften: én sætning om, hvad man gør.")
    level: Level = Field(description="Hvor alvorligt det er.")
    parents: Parents = Field(description="Hvad forældrene skal vide, og hvornår.")
    help: Text = Field(description="Én eller to sætninger: hvad du gør nu.")
    say: Text | None = Field(None, description="Det siger du i telefonen.")
    headline: Line | None = Field(None, description="Overskriften i boksen om forældrene. Ellers den fælles.")
    tell: Text | None = Field(None, description="Om forældrene i netop dette udfald. Ellers bruges den fælles tekst.")
    phrase: Text | None = Field(None, description="En sætning, man kan sige til forældrene.")
    until: Text | None = Field(None, description="Hvor barnet er imens.")
    do: Advices = Field(min_length=1, description="Det gør du nu, i rækkefølge.")
    duty: Advices = Field((), description="Om underretningspligten i netop dette udfald.")
    raises: tuple[Line, ...] = Field((), description="Det løfter bekymringen med det samme.")
    again: Text | None = Field(None, description="Hvornår man ser på det igen.")
    guidance: Text | None = Field(None, description="Mere vejledning.")
    contacts: Ids = Field(min_length=1, description="Kontakter. Den første er den, man ringer til.")
    law: Ids = Field(min_length=1, description="Lovhenvisninger.")
    letters: Ids = Field((), description="Breve, der hører til.")
    signs: Ids = Field((), description="Tegnlister, der hører til.")
    expect: Text | None = Field(None, description="Det kan du forvente af de andre faggrupper.")
    locked: YesNo = Field(False, description="Kommuner må ikke ændre udfaldet.")
    local: Text | None = Field(None, description="Kommunens egen boks.")
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


class LawRef(Word):
    """One paragraph: what it says in plain words, where it stands, and who looked when."""

    number: Line = Field(description="Paragrafnummer, fx § 133, stk. 1.")
    title: Line = Field(description="Hvad reglen handler om.")
    text: Text = Field(description="Reglen med enkle ord.")
    link: Link | None = Field(None, description="Officielt link. Ellers lovens.")
    valid_from: Day = Field(description="Gælder fra.")
    valid_to: Day | None = Field(None, description="Gælder til.")
    checked: Day = Field(description="Hvornår reglen sidst er efterset.")
    source: Text = Field(description="Hvor reglen er set.")
    status: Literal["verified", "to-check"] = Field(
        description="verified: nummer og indhold er set. to-check: en jurist skal bekræfte."
    )
    confirm: Text | None = Field(None, description="Hvad en jurist skal bekræfte.")


class Act(Word):
    """One act and its paragraphs."""

    title: Line = Field(description="Lovens navn.")
    edition: Line = Field(description="Udgave: lovbekendtgørelse eller bekendtgørelse.")
    link: Link | None = Field(None, description="Officielt link til loven.")
    paragraphs: dict[Id, LawRef] = Field(min_length=1, description="Reglerne.")


class Contact(Word):
    """Somebody to ring or write to. Numbers are text."""

    title: Line = Field(description="Navnet på kontakten.")
    help: Text = Field(description="Hvad man bruger kontakten til.")
    phone: str | None = Field(
        None,
        pattern=r"^[0-9]{3,4}$|^[0-9]{3} [0-9]{3}$|^[0-9]{2}( [0-9]{2}){3}$",
        description="Nummer, fx 70 20 12 01.",
    )
    link: Link | None = Field(None, description="Hjemmeside eller formular.")
    hours: Line | None = Field(None, description="Åbningstid.")
    owner: Line | None = Field(None, description="Hvem der har kontakten.")
    checked: Day | None = Field(None, description="Hvornår nummeret sidst er prøvet eller efterset.")
    source: Text | None = Field(None, description="Hvor nummeret er set.")
    say: Text | None = Field(None, description="Det siger du.")


class ContactList(Word):
    """The national contacts."""

    contacts: dict[Id, Contact] = Field(min_length=1, description="Kontakterne.")


class Sign(Word):
    """One sign of distress. No single sign proves anything."""

    title: Line = Field(description="Tegnet.")
    help: Text | None = Field(None, description="Forklaring.")
    ages: Ids = Field((), description="Aldersgrupper, hvor tegnet især ses.")


class SignList(Word):
    """The signs of one kind; file name is the kind."""

    title: Line = Field(description="Hvilken slags tegn.")
    help: Text | None = Field(None, description="Om denne slags tegn.")
    source: Text = Field(description="Kilden.")
    signs: dict[Id, Sign] = Field(min_length=1, description="Tegnene.")


class Letter(Word):
    """A letter with named blanks, filled in on the reader's own machine."""

    title: Line = Field(description="Brevets navn.")
    help: Text = Field(description="Hvornår brevet bruges, og hvornår ikke.")
    blanks: dict[Id, Line] = Field(default_factory=dict, description="De tomme felter.")
    source: Text = Field(description="Kilden.")
    text: LongText = Field(description="Brevets tekst.")


class Page(Word):
    """Standing text, such as the privacy page."""

    title: Line = Field(description="Sidens titel.")
    text: LongText = Field(description="Sidens tekst.")


class LevelText(Word):
    """What all outcomes of one level have in common."""

    title: Line = Field(description="Niveauets navn.")
    help: Text = Field(description="Hvad niveauet betyder.")
    duty: Text = Field(description="Hvad pligten siger på dette niveau.")
    note: Text = Field(description="Det skriver du ned.")
    unreached: Text = Field(description="Nåede du ikke igennem?")
    after: Text = Field(description="Det sker der nu.")


class ParentsText(Word):
    """What all outcomes with one parents rule have in common."""

    title: Line = Field(description="Reglen i én linje.")
    help: Text = Field(description="Hvorfor, og hvad man gør.")
    phrase: Text | None = Field(None, description="En sætning, man kan sige.")


class Registers(Word):
    """Texts per level and parents rule."""

    levels: dict[Level, LevelText] = Field(description="Teksterne til hvert niveau.")
    parents: dict[Parents, ParentsText] = Field(description="Teksterne til hver regel om forældrene.")


class Profession(Word):
    """A profession without a flow of its own, and the flow that is nearest."""

    title: Line = Field(description="Fagets navn.")
    nearest: Id = Field(description="Det flow, der ligger nærmest.")


class ProfessionList(Word):
    """Professions that look for «et andet fag»."""

    professions: dict[Id, Profession] = Field(description="Fagene.")


class Principle(Word):
    """What experienced professionals demand of the content: C1-C38, the most dangerous first."""

    title: Line = Field(description="Reglen i én linje.")
    flows: Ids = Field((), description="De flow, der skal have mindst ét scenarie, som viser reglen.")


class PrincipleList(Word):
    """The professional rules that scenarios name."""

    principles: dict[Id, Principle] = Field(min_length=1, description="Fagreglerne.")


class Municipality(Word):
    """A kommune's own room: its name, code and contacts. Folder name is the id."""

    name: Line = Field(description="Kommunens fulde navn.")
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] | None = Field(
        None, description="Kommunekode, fx '825'."
    )
    link: Link | None = Field(None, description="Kommunens officielle hjemmeside.")
    example: YesNo = Field(False, description="Et eksempel: alt indhold er opdigtet, og det står på hver side.")
    contacts: dict[Id, Contact] = Field(default_factory=dict, description="Kommunens egne kontakter.")
