"""The poster: one A4 for the wall with 112, the kommune's numbers, the five levels, the duty and the parents rule.

The words are those of the pages; what the wall needs besides stands in `templates/poster.html`. Not here: PDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guide.library import force
from guide.library.library import Library, Playable
from guide.model import Flow, Level, LevelText, Parents
from guide.paper.sheet import FIRST, Listed, checked, environment, listed

STRICTEST_FIRST = (
    Parents.ikke,
    Parents.kun_udsat,
    Parents.efter_aftale,
    Parents.tilkald,
    Parents.orienter,
    Parents.foerst,
)
"""How the fork is read on the wall: what must not be said too early stands first."""


POINTS = ("barn-bange", "spaed", "paavirket", "utryg", "ansat")
"""Options that lead to the kommune now, wherever a flow asks: only with a flag (`spaed` is also a mere age)."""

PREGNANCY = "graviditet"
"""The question of a flow that meets the pregnant before the child is born."""

UNBORN = ("rusmidler", "udebliver", "flytter")
"""Options of the question about the pregnancy that lead to a report."""


@dataclass(frozen=True)
class Row:
    """One level on the wall: its words, and whom to ring."""

    level: Level
    text: LevelText
    ring: Listed


def poster(library: Library, playable: Playable, kommune: str, day: date) -> str:
    """The poster as HTML, for a kommune and the day that it is issued on. Raises KeyError for an unknown kommune."""
    flow, texts = playable.flow, library.texts
    assert texts is not None, "content without its register of texts is not served"
    first = {name: listed(library, kommune, name, day) for name in FIRST}
    return (
        environment(library, kommune)
        .get_template("poster.html")
        .render(
            flow=flow,
            first=first,
            own=own(library, playable, kommune, day),
            rows=rows(texts.levels, first),
            rules={rule: texts.parents[rule] for rule in STRICTEST_FIRST if rule in texts.parents},
            danger=dangers(flow),
            points=points(flow),
            unborn=unborn(flow),
            duty=texts.levels[Level.underret].duty,
            laws=binding(library, playable.id, day),
            checked=checked(list(first.values())),
            day=day,
        )
    )


def rows(levels: Mapping[Level, LevelText], first: Mapping[str, Listed]) -> list[Row]:
    """The levels, the most serious first, each with whom the page tells to ring."""
    return [Row(level, levels[level], first["alarm" if level is Level.akut else "modtagelse"]) for level in Level][::-1]


def own(library: Library, playable: Playable, kommune: str, day: date) -> list[Listed]:
    """The kommune's other numbers that this flow sends people to."""
    named = {name for outcome in playable.flow.outcomes.values() for name in outcome.contacts}
    mine = library.municipalities[kommune].contacts
    found = [listed(library, kommune, name, day) for name in mine if name in named and name not in FIRST]
    return [each for each in found if each.contact.phone]


def dangers(flow: Flow) -> list[str]:
    """What the flow asks for right after the acute question: the answers there that carry a flag, in their words."""
    start = flow.questions[flow.start]
    after = [option.goto for option in start.options.values() if not option.flags and option.goto in flow.questions]
    asked = flow.questions.get(str(after[0])) if after else None
    return [option.label for option in asked.options.values() if option.flags] if asked else []


def points(flow: Flow) -> dict[str, str]:
    """What people pass on the wall without taking it for danger, in the words of the flow: option -> label."""
    options = [pair for question in flow.questions.values() for pair in question.options.items()]
    names = [name for name in POINTS if name != "utryg" or PREGNANCY in flow.questions]
    found = {name: [option.label for n, option in options if n == name and option.flags] for name in names}
    return {name: labels[0] for name, labels in found.items() if labels}


def unborn(flow: Flow) -> list[str]:
    """What is reported for a child not yet born, where the flow has a question of its own about it; else nothing."""
    asked = flow.questions.get(PREGNANCY)
    return [asked.options[name].label for name in UNBORN if name in asked.options] if asked else []


def binding(library: Library, flow: str, day: date) -> list[str]:
    """The acts with the paragraphs of the duty itself, as they apply to a flow on a day; a part of one goes with it."""
    found: dict[str, list[str]] = {}
    for name, ref in library.law.items():
        if ref.binds and force.fits(ref, flow) and force.in_force(ref, day):
            numbers = found.setdefault(library.act_of(name).title, [])
            if ref.status == "verified" and not any(ref.number.startswith(number) for number in numbers):
                numbers.append(ref.number)
    return [" ".join([act, " og ".join(numbers)]).strip() for act, numbers in found.items()]
