"""A flow as a kommune might change it, by chance: own options with `as`, own questions, other ways and outcomes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from guide.model import Flow
from tests.second.plain import LEVELS, PARENTS, Data, plain


def some_overlay(chance: random.Random, base: Flow) -> Flow:
    """One to three changes; about a third of what comes out is no weaker than the base."""
    flow = base
    for change in chance.choices(CHANGES, k=chance.choice((1, 1, 2, 3))):
        own = plain(flow)
        change(chance, own)
        flow = Flow.model_validate(own)
    return flow


def _own_option(chance: random.Random, own: Data) -> None:
    """An own option in place of a national one; the rules mostly read it as that one."""
    step, question = chance.choice(list(own["questions"].items()))
    national = chance.choice(list(question["options"]))
    name = f"egen-{len(question['options'])}"
    flags = list(question["options"][national]["flags"])
    if flags and chance.random() < 0.3:
        flags.pop()
    goto = question["options"][national]["goto"]
    question["options"][name] = {"label": "x", "as": national, "flags": flags, "goto": goto}
    if chance.random() < 0.7:
        for other in own["questions"].values():
            for rule in other["next"]:
                if national in rule["when"].get(step, ()):
                    rule["when"][step] = [*rule["when"][step], name]


def _without_as(chance: random.Random, own: Data) -> None:
    """An own option that answers to nothing national."""
    question = chance.choice(list(own["questions"].values()))
    question["options"][f"fri-{len(question['options'])}"] = {"label": "x"}


def _ways(own: Data, target: Callable[[str], bool] = lambda _: True) -> Iterator[tuple[str, Data]]:
    """Everything with a `goto`, and the question it stands in."""
    for step, question in own["questions"].items():
        for way in (*question["options"].values(), *question["next"]):
            if way.get("goto") and target(way["goto"]):
                yield step, way


def _own_question(chance: random.Random, own: Data) -> None:
    """An own question on one way: it leads on as before, or not quite."""
    _, way = chance.choice(list(_ways(own)))
    name, before = f"eget-{len(own['questions'])}", way["goto"]
    ends = list(own["outcomes"])
    options = {key: {"label": key} for key in ("x", "y", "ved-ikke")}
    rules = [{"goto": before}]
    if chance.random() < 0.5:
        rules.insert(0, {"when": {name: ["x"]}, "goto": chance.choice(ends)})
    own["questions"][name] = {
        "title": name,
        "kind": chance.choice(("one", "several")),
        "options": options,
        "next": rules,
    }
    way["goto"] = name


def _other_way(chance: random.Random, own: Data) -> None:
    """A way that leads to an outcome instead."""
    _, way = chance.choice(list(_ways(own)))
    way["goto"] = chance.choice(list(own["outcomes"]))


def _moved(chance: random.Random, own: Data) -> None:
    """Two questions in the other order: everybody comes to the second first, and from there to the first."""
    n = chance.randrange(1, len(own["questions"]))
    one, other = f"q{n}", f"q{n + 1}"
    if one not in own["questions"] or other not in own["questions"]:
        return
    last = own["questions"][other]["next"][-1]
    onward = last["goto"]
    for _, way in list(_ways(own, lambda to: to == other)):
        way["goto"] = onward
    for _, way in list(_ways(own, lambda to: to == one)):
        way["goto"] = other
    last["goto"] = one


def _without_rule(chance: random.Random, own: Data) -> None:
    """A rule fewer, but never the last."""
    question = chance.choice(list(own["questions"].values()))
    if len(question["next"]) > 1:
        question["next"].pop(chance.randrange(len(question["next"]) - 1))


def _without_option(chance: random.Random, own: Data) -> None:
    question = chance.choice(list(own["questions"].values()))
    if len(question["options"]) > 2:
        question["options"].pop(chance.choice(list(question["options"])))


def _without_flag(chance: random.Random, own: Data) -> None:
    flagged = [o for q in own["questions"].values() for o in q["options"].values() if o.get("flags")]
    if flagged:
        chance.choice(flagged)["flags"] = []


def _level(chance: random.Random, own: Data) -> None:
    outcome = chance.choice(list(own["outcomes"].values()))
    at = LEVELS.index(outcome["level"]) + chance.choice((-1, 1, 1))
    outcome["level"] = LEVELS[max(0, min(4, at))]


def _parents(chance: random.Random, own: Data) -> None:
    chance.choice(list(own["outcomes"].values()))["parents"] = chance.choice((*PARENTS, "ikke", "tilkald"))


def _furniture(chance: random.Random, own: Data) -> None:
    """A contact or a law reference more, or one fewer."""
    names = chance.choice(list(own["outcomes"].values()))[chance.choice(("contacts", "law"))]
    if len(names) > 1 and chance.random() < 0.4:
        names.pop()
    elif "egen" not in names:
        names.append("egen")


CHANGES: tuple[Callable[[random.Random, Data], None], ...] = (
    *(_own_option, _own_option, _without_as, _own_question, _own_question, _other_way, _without_rule),
    *(_without_option, _without_flag, _level, _level, _parents, _parents, _furniture, _furniture, _moved, _moved),
)
