"""What the pages of `/redaktion/` show, put together from the library.

Kommuner, an own flow against the national one, stories played, what can be looked at again, all pages on one. Not
here: findings (`editing_findings.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from guide.flows.finding import Finding
from guide.flows.refinement import weaker
from guide.flows.rules import Answers
from guide.flows.scenario import play
from guide.library import force
from guide.library.difference import FlowDifference
from guide.library.freshness import Standing, freshness
from guide.library.library import Library, Own, Playable
from guide.library.refined import played
from guide.model import Contact, Flow, Level, Municipality, Option, Outcome, Question, Scenario
from guide.web import shelf
from guide.web.editing_findings import kommune_of, of_kommune

# --- kommuner -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kommune:
    """A line of the overview: how many errors and warnings, which flows are its own, and how fresh it is (percent)."""

    id: str
    name: str
    example: bool
    wrong: int
    warned: int
    flows: tuple[str, ...]
    score: int | None


def kommuner(
    library: Library, found: Sequence[Finding], failing: Mapping[str, tuple[Finding, ...]], scope: str | None
) -> list[Kommune]:
    """Kommuner with a folder of their own, also where it has errors; the worst first. `scope`: only this one."""
    names = {*library.rooms, *failing, *(name for one in found if (name := kommune_of(one)))} - {""}
    made = []
    for name in sorted(names if scope is None else names & {scope}):
        own = of_kommune(found, failing, name)
        place, room = library.municipalities.get(name), library.rooms.get(name)
        wrong = sum(not one.warning for one in own)
        titles = tuple(playable.flow.title for playable in room.flows.values()) if room else ()
        shown = (place.name, place.example) if place else (name, False)
        fresh = standing(library, name) if place else None
        made.append(Kommune(name, *shown, wrong, len(own) - wrong, titles, fresh.score if fresh else None))
    return sorted(made, key=lambda one: (-one.wrong, one.name))


@dataclass(frozen=True)
class Story:
    """A scenario that was played in a kommune's flow: what is wrong, and where else it ends without saying less."""

    id: str
    scenario: Scenario
    wrong: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    """The kommune's own questions that are asked on the way."""

    @property
    def touched(self) -> bool:
        """Whether it goes another way than nationally."""
        return bool(self.wrong or self.elsewhere or self.met)


@dataclass(frozen=True)
class FlowLine:
    """A flow of a kommune: in how many places it differs, its stories, whether it is approved."""

    playable: Playable
    own: Own | None
    added: int
    draft: bool
    stories: tuple[Story, ...]

    @property
    def failed(self) -> list[Story]:
        """The stories that do not go as they must."""
        return [story for story in self.stories if story.wrong]


def flows(library: Library, kommune: str) -> list[FlowLine]:
    """The flows as they are in a kommune, the national stories played in each."""
    room, found = library.rooms.get(kommune), list[FlowLine]()
    for name, playable in library.flows_in(kommune).items():
        own, national = playable if isinstance(playable, Own) else None, library.flows[name]
        count, told = len(added(playable, national.flow)), tuple(stories(library, playable))
        found.append(FlowLine(playable, own, count, bool(room and name in room.drafts), told))
    return found


def stories(library: Library, playable: Playable) -> Iterator[Story]:
    """The national stories, played as a flow is in a kommune: once for each way of answering its own questions."""
    national = library.flows[playable.id].flow.outcomes
    for name, scenario in library.scenarios.get(playable.id, {}).items():
        if not isinstance(playable, Own):
            yield Story(name, scenario, play(playable.flow, playable.machine, scenario).wrong)
            continue
        wrong, elsewhere, met = list[str](), list[str](), list[str]()
        for done in played(playable, scenario):
            met += [step for step in done.walk.path if step in playable.steps and step in playable.flow.questions]
            if done.walk.current == scenario.ends:
                wrong += done.wrong
            elif (end := done.walk.outcome) and not _less(end, national[scenario.ends]):
                elsewhere.append(done.walk.current)
                wrong += [f"forløbet kom forbi «{step}»" for step in scenario.never if step in done.walk.path]
            else:
                wrong.append(f"forløbet ender i «{done.walk.current}», ikke «{scenario.ends}»")
        yield Story(name, scenario, *(tuple(dict.fromkeys(found)) for found in (wrong, elsewhere, met)))


def _less(end: Outcome, base: Outcome) -> bool:
    """Whether an outcome is less than the one that a story must end in."""
    return end.level.rank < base.level.rank or weaker(base.parents, end.parents)


def story_title(scenario: Scenario, flow: Flow) -> str:
    """What a story is about; of one without words what it answers last, and by answers that tell of a danger."""
    if re.search(r"\w", scenario.title):
        return scenario.title
    given = [(step, chosen) for step, chosen in scenario.answers.items() if step in flow.questions]
    told = []
    for n, (step, chosen) in enumerate(given):
        asked = flow.questions[step]
        options = [asked.options[name] for name in chosen if name in asked.options]
        if options and (n == len(given) - 1 or any(option.flags for option in options)):
            told.append(f"{asked.title} {' · '.join(option.label for option in options)}")
    return "Uden titel: " + "; ".join(told[-SHORT:])


SHORT = 3
"""So many answers tell what a story without a title is about."""


def unapproved(library: Library, kommune: str | None, flow: str | None = None) -> list[str]:
    """What a page of a kommune shows that nobody has approved."""
    room = library.rooms.get(kommune or "")
    if room is None:
        return []
    drafts = [flow] if flow else sorted(room.drafts)
    said = [f"egne trin i {library.flows[name].flow.title}" for name in drafts if name in room.drafts]
    return said + ([] if room.approved else ["navne, niveauer, tilbud og breve"])


def standing(library: Library, kommune: str) -> Standing | None:
    """What a kommune keeps, when somebody last looked, and its score; None for one with nothing of its own."""
    return next(iter(freshness(library, force.today(), kommune)), None)


def level_words(library: Library, place: Municipality) -> dict[Level, str]:
    """What each level is called: the guide's own word, and then the kommune's, which never stands alone."""
    known = library.texts.levels if library.texts else {}
    words = {level: known[level].title if level in known else str(level) for level in Level}
    return {level: " · ".join(filter(None, (word, place.levels.get(level)))) for level, word in words.items()}


# --- an own flow against the national one ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Added:
    """One place in which an own flow differs: the step, what kind of thing it is, its words, what is said of it."""

    step: str
    kind: str
    title: str
    said: str = ""


WHOLE = ("Eget spørgsmål", "Eget udfald")
"""Kinds of places that are the kommune's as a whole."""

Titles = Mapping[str, str]
"""What contacts, letters, levels and parents rules are called in a kommune, by id."""


def contacts(library: Library, place: Municipality) -> dict[str, Contact]:
    """The contacts of a kommune by id, its own in place of national ones."""
    return library.contacts | place.contacts


def titles(library: Library, kommune: str) -> Titles:
    """What an editor knows things by."""
    place, known = library.municipalities[kommune], library.texts
    known_contacts = {name: one.title for name, one in contacts(library, place).items()}
    letters = {name: one.title for name, one in library.letters_in(kommune).items()}
    levels = {str(level): word for level, word in level_words(library, place).items()}
    parents = {str(rule): one.title for rule, one in known.parents.items()} if known else {}
    return {**known_contacts, **letters, **levels, **parents}


def added(playable: Playable, national: Flow, called: Titles | None = None) -> list[Added]:
    """Every place in which a flow differs from the national one, in the order of the flow."""
    return [] if playable.flow is national else list(_added(playable.flow, national, called or {}))


def _added(flow: Flow, national: Flow, called: Titles) -> Iterator[Added]:
    for step, question in flow.questions.items():
        if step not in national.questions:
            yield Added(step, "Eget spørgsmål", question.title, _answers(question))
        else:
            yield from _in_question(flow, step, question, national.questions[step])
    for step, outcome in flow.outcomes.items():
        if step not in national.outcomes:
            level, parents = (called.get(one, one) for one in (outcome.level, outcome.parents))
            yield Added(step, "Eget udfald", outcome.title, f"Niveau: {level}. Forældrene: {parents}.")
        else:
            yield from _in_outcome(step, outcome, national.outcomes[step], called)


def marks(found: Iterable[Added]) -> dict[str, str]:
    """What is written on a step of the map: which of it is the kommune's."""
    told: dict[str, list[str]] = {}
    for one in found:
        told.setdefault(one.step, []).append("jeres eget" if one.kind in WHOLE else one.kind.lower())
    return {step: ", ".join(dict.fromkeys(kinds)) for step, kinds in told.items()}


def _answers(question: Question) -> str:
    return "Svar: " + " · ".join(option.label for option in question.options.values())


def _in_question(flow: Flow, step: str, question: Question, before: Question) -> Iterator[Added]:
    for name, option in question.options.items():
        if name not in before.options:
            yield Added(step, "Eget svar", option.label, _like(option, before))
    if question.local and question.local != before.local:
        yield Added(step, "Jeres boks", question.title, question.local)
    now, then = _led(question), _led(before)
    gone, come = [to for to in then if to not in now], [to for to in now if to not in then]
    if gone or come or _goto(question, before) != _goto(before, before):
        parts = (("Fører nu også til: ", come), ("Fører ikke længere direkte til: ", gone))
        said = " ".join(f"{words}{_titles(flow, steps)}." for words, steps in parts if steps)
        yield Added(step, "Ændret vej", question.title, said)


def _like(option: Option, before: Question) -> str:
    known = before.options.get(option.as_ or "")
    return f"Står for det nationale svar «{known.label}»." if known else ""


def _led(question: Question) -> list[str]:
    led = [option.goto for option in question.options.values() if option.goto]
    return list(dict.fromkeys([*led, *(rule.goto for rule in question.next)]))


def _goto(question: Question, before: Question) -> Mapping[str, str | None]:
    return {name: question.options[name].goto for name in before.options if name in question.options}


def _titles(flow: Flow, steps: Iterable[str]) -> str:
    known: Mapping[str, Question | Outcome] = {**flow.questions, **flow.outcomes}
    return ", ".join(f"«{known[step].title}»" if step in known else step for step in steps)


def _in_outcome(step: str, outcome: Outcome, before: Outcome, called: Titles) -> Iterator[Added]:
    if outcome.local and outcome.local != before.local:
        yield Added(step, "Jeres boks", outcome.title, outcome.local)
    for kind, now, then in (
        ("Flere kontakter", outcome.contacts, before.contacts),
        ("Flere breve", outcome.letters, before.letters),
    ):
        if more := [name for name in now if name not in then]:
            yield Added(step, kind, outcome.title, ", ".join(called.get(name, name) for name in more))


Way = tuple[tuple[str, str], ...]
"""Answers in words: question and answer."""


@dataclass(frozen=True)
class Move:
    """Answers that now end elsewhere: the outcomes before and now (None: no outcome), and for each way the answers.

    `more`: the contacts that are new, where the outcome is the same.
    """

    before: Outcome | None
    after: Outcome | None
    ways: tuple[Way, ...]
    more: tuple[str, ...] = ()


def moves(found: FlowDifference, called: Titles) -> list[Move]:
    """All pairs of outcomes that some answers move between, each way with its shortest answers."""
    made = []
    for (before, after), ends in found.moved.items():
        old, new = found.old.outcomes.get(before or ""), found.new.outcomes.get(after or "")
        ways = tuple(_way(found.new, end.new_answers) if after else _way(found.old, end.old_answers) for end in ends)
        more = [called.get(name, name) for name in new.contacts if name not in old.contacts] if old and new else []
        made.append(Move(old, new, ways, tuple(more) if before == after else ()))
    return made


def _way(flow: Flow, answers: Answers) -> Way:
    asked = {step: flow.questions[step] for step in answers}
    return tuple((q.title, " · ".join(q.options[name].label for name in answers[step])) for step, q in asked.items())


def shortest(playable: Playable, step: str) -> Mapping[str, tuple[str, ...]] | None:
    """The fewest answers that lead to a step; None when there are none."""
    proof = playable.proof
    states = list(proof.states.get(step, {}).values()) if proof else []
    return proof.example(min(states, key=proof.shortest.__getitem__)) if proof and states else None


# --- all pages on one -----------------------------------------------------------------------------------------------


ID = re.compile(r'\b(id|for|headers|aria-labelledby|aria-describedby)="([^"]*)"')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
LANDMARK = re.compile(r'(<section\b[^>]*?) aria-labelledby="[^"]*"')
"""What makes a part of a page one that can be jumped to; of forty alike on a page nobody can."""


def outcome_whole(kommune: str, flow: str, step: str, _moment: datetime) -> Markup:
    """An outcome as its page shows it, with ids of its own and without scripts, so that many stand on one page."""
    library = shelf().library
    playable = library.flows_in(kommune)[flow]
    made = render_template(
        "editing/outcome.html",
        municipality_id=kommune,
        municipality=library.municipalities[kommune],
        playable=playable,
        outcome=playable.flow.outcomes[step],
        step=step,
    )
    return alone(made, step)


def alone(page: str, step: str) -> Markup:
    """A piece of a page with ids that no other step has, without scripts, folded as on a walk."""
    made = LANDMARK.sub(r"\1", SCRIPT.sub("", page)).replace('<details class="fold" open>', '<details class="fold">')
    return Markup(ID.sub(lambda found: f'{found[1]}="{_prefixed(step, found[2])}"', made))


def _prefixed(step: str, ids: str) -> str:
    return " ".join(f"{step}--{one}" for one in ids.split())
