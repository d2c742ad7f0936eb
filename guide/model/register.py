"""The words of what flows refer to and pages show: law, contacts, signs, letters, myths, texts, changes, kommuner."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from guide.model.flow import Level, Parents
from guide.model.overlay import Approval, Colours, Offer
from guide.model.words import Day, Id, Ids, Line, Link, LongText, Text, Word, YesNo

_DAY = "(?:man|tirs|ons|tors|fre|loer|soen)"
_TIME = r"(?:(?:[01]?[0-9]|2[0-3])(?:\.[0-5][0-9])?|24)"
Days = Annotated[str, StringConstraints(pattern=f"^{_DAY}(?:-{_DAY})?$")]
"""`fre`, or `man-tors`: from Monday to Thursday."""
Spans = Annotated[str, StringConstraints(pattern=f"^(?:closed|{_TIME}-{_TIME}(?:, {_TIME}-{_TIME})*)$")]
"""`9-15`, `8.30-12, 13-15`, or `closed`; `15-9` ends at nine on the next day."""


Occasion = Annotated[
    str,
    StringConstraints(
        pattern=r"^(?:[1-9]|[12][0-9]|3[01])-(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|"
        r"november|december)$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    ),
]
"""`24-december` of every year, or one date: `2027-05-07`."""


class Duty(StrEnum):
    """What a rule says of the duty to report: what every outcome that reports must tell (I15)."""

    personlig = "personlig"
    leder = "leder"
    tvivl = "tvivl"


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
    flows: Ids = Field((), description="De flow, reglen gælder for. Udelad, når den gælder alle.")
    duty: tuple[Duty, ...] = Field(
        (), description="Det, teksten siger om pligten: personlig; leder (kan ikke overlade den); tvivl (er nok)."
    )
    binds: Literal["skaerpet", "almindelig"] | None = Field(
        None, description="Når reglen er selve pligten til at underrette: den skærpede, eller den alle har."
    )
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


class Hours(Word):
    """When a contact answers, by the clock on the wall. What is not said is not known, and counts as closed."""

    always: YesNo = Field(False, description="Hele døgnet, alle dage.")
    week: dict[Days, Spans] = Field(default_factory=dict, description="Dage og tider, fx «man-tors: 9-15».")
    holidays: Spans | None = Field(None, description="Helligdage: «closed» eller tider. Udelad, når det ikke vides.")
    exceptions: dict[Occasion, Spans] = Field(
        default_factory=dict,
        description="Dage, der ikke følger ugen: «24-december: closed» hvert år, eller en dato «2027-05-07: 9-12».",
    )
    note: Line | None = Field(None, description="Det, tiderne ikke siger, fx hvornår de er oplyst.")


class Purpose(StrEnum):
    """What one may ring a contact for."""

    raad = "raad"
    underretning = "underretning"
    akut = "akut"
    uden_navn = "uden-navn"


class Contact(Word):
    """Somebody to ring or write to. Numbers are text."""

    title: Line = Field(description="Navnet på kontakten.")
    help: Text = Field(description="Hvad man bruger kontakten til.")
    phone: str | None = Field(
        None,
        pattern=r"^[0-9]{3,4}$|^[0-9]{3} [0-9]{3}$|^[0-9]{2}( [0-9]{2}){3}$",
        description="Nummer, fx 70 20 12 01.",
    )
    link: Link | None = Field(None, description="Hjemmeside.")
    form: Link | None = Field(None, description="Formularen, man underretter i.")
    purpose: tuple[Purpose, ...] = Field(
        (), description="Det, man ringer om: raad, underretning, akut, uden-navn (drøft uden barnets navn)."
    )
    fallback: Id | None = Field(None, description="Den næste, man ringer til, når ingen svarer. Aldrig 112.")
    whose: Literal["barnet", "arbejdspladsen"] | None = Field(
        None,
        description="Hvis kommune kontakten følger: barnets eller arbejdspladsens. Udelad, når den er hele landets.",
    )
    hours: Hours | None = Field(None, description="Åbningstid. Udelad, når den ikke vides.")
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


class Blank(Word):
    """One named blank of a letter: what is written there, by whom, and how it is looked at."""

    label: Line = Field(description="Hvad der skal stå i feltet.")
    help: Text | None = Field(None, description="Hjælp til feltet.")
    long: YesNo = Field(False, description="Plads til flere linjer.")
    facts: YesNo = Field(
        False, description="Kun det, man selv så og hørte: ord, der tolker eller dømmer, bliver mærket."
    )
    needed: YesNo = Field(False, description="Siden fortæller, når feltet er tomt. Det er aldrig en betingelse.")
    flows: Ids = Field((), description="De flow, feltet er til. Udelad, når det er til alle.")
    parents: dict[Parents, Text] = Field(
        default_factory=dict, description="Hjælp, der kun gælder ved en bestemt regel om forældrene."
    )


class Reader(StrEnum):
    """Whom a letter is sent to."""

    kommune = "kommune"
    foraeldre = "foraeldre"
    fagperson = "fagperson"


def _plain_blank(value: object) -> object:
    return {"label": value} if isinstance(value, str) else value


class Letter(Word):
    """A letter with named blanks, filled in on the reader's own machine."""

    title: Line = Field(description="Brevets navn.")
    to: Reader = Field(description="Hvem der får brevet: kommune (en underretning), foraeldre eller fagperson.")
    help: Text = Field(description="Hvornår brevet bruges, og hvornår ikke.")
    blanks: dict[Id, Annotated[Blank, BeforeValidator(_plain_blank)]] = Field(
        default_factory=dict, description="De tomme felter."
    )
    source: Text = Field(description="Kilden.")
    text: LongText = Field(description="Brevets tekst.")


class Page(Word):
    """Standing text, such as the privacy page."""

    title: Line = Field(description="Sidens titel.")
    text: LongText = Field(description="Sidens tekst.")


class Myth(Word):
    """Something many believe that keeps them from the next right step, and what is true."""

    title: Line = Field(description="Myten, som man hører den.")
    text: Text = Field(description="Det, der gælder.")
    law: Ids = Field((), description="Lovhenvisninger.")
    source: Text = Field(description="Kilden.")


class MythList(Word):
    """The myth cards."""

    myths: dict[Id, Myth] = Field(min_length=1, description="Myterne.")


class Judgement(Word):
    """Words that interpret or judge, where only what was seen and heard belongs."""

    words: tuple[Line, ...] = Field(min_length=1, description="Ordene, i de former de står i.")
    instead: Text = Field(description="Det, man kan skrive i stedet.")


class JudgementList(Word):
    """The words that the writing help marks."""

    source: Text = Field(description="Kilden.")
    judgements: dict[Id, Judgement] = Field(min_length=1, description="Ordene, samlet efter det, de gør.")


class Door(Word):
    """One of the three ways on for somebody who disagrees with an outcome."""

    title: Line = Field(description="Vejen i én linje.")
    text: Text = Field(description="Hvad man gør.")
    urgent_title: Line | None = Field(None, description="Vejen i én linje på »straks« og »akut«. Ellers »title«.")
    urgent: Text | None = Field(None, description="Hvad man gør på »straks« og »akut«. Ellers »text«.")


class Change(Word):
    """One change of the content as its users meet it."""

    since: Day = Field(description="Fra hvilken dato.")
    flows: Ids = Field((), description="De flow, ændringen rører. Udelad, når den rører alle.")
    title: Line = Field(description="Ændringen i én linje.")
    text: Text = Field(description="Hvad der er anderledes for dig, der bruger guiden.")
    source: Text = Field(description="Kilden til ændringen.")


class ChangeList(Word):
    """The content changelog."""

    changes: dict[Id, Change] = Field(min_length=1, description="Ændringerne.")


class Due(StrEnum):
    """The dates that follow a report (C17)."""

    vurdering = "vurdering"
    kvittering = "kvittering"
    spoerg = "spoerg"
    blik = "blik"


class LevelText(Word):
    """What all outcomes of one level have in common."""

    title: Line = Field(description="Niveauets navn.")
    help: Text = Field(description="Hvad niveauet betyder.")
    duty: Text = Field(description="Hvad pligten siger på dette niveau.")
    note: Text = Field(description="Det skriver du ned.")
    unreached: Text = Field(description="Nåede du ikke igennem?")
    after: Text = Field(description="Det sker der nu.")
    dates: dict[Due, Text] = Field(
        default_factory=dict,
        description="Det, der sker på hver dato: vurdering, kvittering, spoerg (ring og spørg), blik (nyt blik).",
    )
    silence: Text | None = Field(None, description="Har du ikke hørt noget? Hvad du må spørge om, og hvad du gør så.")


class ParentsText(Word):
    """What all outcomes with one parents rule have in common."""

    title: Line = Field(description="Reglen i én linje.")
    why: Text | None = Field(None, description="Grunden til reglen.")
    help: Text = Field(description="Hvad man gør.")
    turns: Text | None = Field(None, description="Den anden vej: hvad der får reglen til at skifte, og til hvad.")
    phrase: Text | None = Field(None, description="En sætning, man kan sige.")
    openers: dict[Id, tuple[Line, ...]] = Field(
        default_factory=dict, description="To eller tre sætninger, man kan begynde med, for hvert flow."
    )
    react: Text | None = Field(None, description="Når forældrene reagerer: hvad man gør.")
    readers: Text | None = Field(None, description="Hvem kan læse det, man skriver?")


class Registers(Word):
    """Texts per level and parents rule."""

    levels: dict[Level, LevelText] = Field(description="Teksterne til hvert niveau.")
    parents: dict[Parents, ParentsText] = Field(description="Teksterne til hver regel om forældrene.")
    doors: dict[Id, Door] = Field(default_factory=dict, description="De tre veje videre for den, der er uenig.")


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


class Region(Word):
    """The region that the kommuner of an area are in, from one day to another; both are among them."""

    name: Line = Field(description="Regionens navn.")
    valid_from: Day = Field(description="Gælder fra.")
    valid_to: Day | None = Field(None, description="Gælder til.")
    source: Text = Field(description="Kilden.")


class Municipality(Word):
    """A kommune's own room: its name, code and contacts. Folder name is the id."""

    name: Line = Field(description="Kommunens fulde navn.")
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")] | None = Field(
        None, description="Kommunekode, fx '825'."
    )
    link: Link | None = Field(None, description="Kommunens officielle hjemmeside.")
    example: YesNo = Field(False, description="Et eksempel: alt indhold er opdigtet, og det står på hver side.")
    contacts: dict[Id, Contact] = Field(default_factory=dict, description="Kommunens egne kontakter.")
    names: dict[Id, Line] = Field(default_factory=dict, description="Det, noget hedder hos jer: id i terms.yaml, navn.")
    levels: dict[Level, Line] = Field(default_factory=dict, description="Jeres eget ord for et niveau, fx «Rød».")
    colours: Colours | None = Field(None, description="Jeres farver.")
    offers: dict[Id, Offer] = Field(
        default_factory=dict, description="Jeres tilbud til børn, unge og forældre. Vises under underretning."
    )
    owner: Line | None = Field(None, description="Hvem der har ansvaret for filen.")
    checked: Day | None = Field(None, description="Hvornår navne, niveauer, tilbud og breve sidst er set igennem.")
    approved: Approval | None = Field(
        None, description="Hvem der har godkendt navne, niveauer, tilbud og breve. Uden det vises de kun i preview."
    )
