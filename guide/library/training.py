"""What must hold for the material of a temadag: what it refers to is there, its minutes add up, and it is fair.

A briefing is short and about its own faggruppe; the programme goes on after three months. As with cases, nothing can be
taken for a real person, and an underretning is never called wrong (C34). Not here: what the shipped programme has in it
(`tests/library/test_training.py`), how easy it reads (`readability.py`), and what is never said (`texts.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from guide.flows.finding import Finding
from guide.library.library import Library
from guide.library.read import Source, suggest
from guide.library.stories import judges, persons
from guide.model import Programme, Slide, Wall

BRIEFING = 7
"""Minutes that a briefing takes at most."""

QUESTIONS = (3, 4)
"""How many questions a briefing leaves to talk about."""


def training(library: Library) -> Iterator[Finding]:
    """Every fault of the programme and the briefings of a library."""
    seen: dict[str | None, str] = {}
    for name, programme in library.training.items():
        source = library.source(f"training/{name}.yaml")
        yield from persons(programme, source)
        yield from judges(programme, source)
        yield from _references(library, programme, source)
        minutes = sum(block.minutes for block in programme.blocks.values())
        if minutes != programme.minutes:
            yield source.finding(f"Delene tager {minutes} minutter, men her står {programme.minutes}.", "minutes")
        yield from _whole(programme, source) if programme.flow is None else _briefing(library, programme, source)
        if (first := seen.setdefault(programme.flow, name)) != name:
            what = f"et oplæg til «{programme.flow}»" if programme.flow else "et program uden «flow»"
            yield source.finding(f"Der er allerede {what}: training/{first}.yaml. Slet det ene.", "flow")


WHOLE = {
    "mail": "mailen efter tre måneder",
    "agenda": "dagsordenen efter tre måneder",
    "rules": "reglerne for dagen",
    "before": "tjeklisten før dagen",
    "during": "tjeklisten under dagen",
    "after": "tjeklisten efter dagen",
}
"""What only the programme of a temadag has, and must have."""


def _whole(programme: Programme, source: Source) -> Iterator[Finding]:
    """A programme of a temadag is whole, and its cases come in the room in the order they are told of."""
    for key, what in WHOLE.items():
        if not getattr(programme, key):
            yield source.finding(f"Tilføj «{key}»: {what}. Er det et kort oplæg, så tilføj «flow».")
    asked = asked_cases(programme)
    if asked != programme.cases[: len(asked)]:
        said = f"Delene tager sagerne i en anden rækkefølge: {', '.join(asked)}. Skriv dem først og sådan her."
        yield source.finding(said, "cases")


def asked_cases(programme: Programme) -> tuple[str, ...]:
    """The cases that are asked of in the room, in order: those on the slides of the parts that the room is shown in."""
    blocks = programme.blocks.values()
    return tuple(one.slide.case for one in blocks if Wall.room in one.wall and one.slide and one.slide.case)


def _briefing(library: Library, programme: Programme, source: Source) -> Iterator[Finding]:
    flow = programme.flow or ""
    if flow not in library.scenarios:
        yield source.finding(f"Flowet «{flow}» findes ikke.{suggest(flow, library.scenarios)}", "flow")
    if programme.minutes > BRIEFING:
        yield source.finding(f"Et kort oplæg tager højst {BRIEFING} minutter.", "minutes")
    if len(programme.reflect) not in QUESTIONS:
        few, many = QUESTIONS
        yield source.finding(f"Skriv {few} eller {many} spørgsmål at tale om.", "reflect")
    for name, block in programme.blocks.items():
        if block.slide is None:
            yield source.finding(f"«{name}» har intet på væggen. Tilføj «slide».", "blocks", name)
    for n, name in enumerate(programme.cases):
        if (case := library.cases.get(name)) and case.flow != flow:
            yield source.finding(f"Sagen «{name}» er til «{case.flow}». Vælg en til «{flow}».", "cases", n)


def _references(library: Library, programme: Programme, source: Source) -> Iterator[Finding]:
    """Ids that nobody knows."""
    yield from _unknown(programme.cases, library.ids["cases"], "cases/", source, "cases")
    for name, block in programme.blocks.items():
        if block.slide:
            yield from _of_slide(library, block.slide, source, "blocks", name, "slide")


def _of_slide(library: Library, slide: Slide, source: Source, *place: str) -> Iterator[Finding]:
    signs = {sign for kind in library.signs.values() for sign in kind.signs}
    yield from _unknown(slide.signs, signs, "signs/", source, *place, "signs")
    for key in ("law", "contacts", "myths"):
        where = "registers/myths.yaml" if key == "myths" else f"{key}/"
        yield from _unknown(getattr(slide, key), library.ids[key], where, source, *place, key)
    known = library.ids["cases"]
    if slide.case and known is not None and slide.case not in known:
        yield source.finding(f"«{slide.case}» findes ikke i cases/.{suggest(slide.case, known)}", *place, "case")


def _unknown(
    names: Collection[str], known: Collection[str] | None, where: str, source: Source, *place: str
) -> Iterator[Finding]:
    """What is said of names that are not known; None: a file there cannot be read, and nothing is said."""
    for n, name in enumerate(names):
        if known is not None and name not in known:
            yield source.finding(f"«{name}» findes ikke i {where}.{suggest(name, known)}", *place, n)
