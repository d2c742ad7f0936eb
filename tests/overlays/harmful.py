"""Harmful overlays on questions, answers and outcomes, one operator each; contacts and texts are in `beside.py`.

Each makes one case by chance, or None where the flow has no place for it. What it does harm by is part of how it is
made; only of `rules` it is not known, so there two walks by chance must differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from guide.flows.graph import order
from guide.model import Level, Outcome, Parents, Question
from tests.mutation import operators
from tests.mutation.furnishing import weaker
from tests.overlays.ground import Ground
from tests.overlays.judge import Case, overlay
from tests.second.plain import plain
from tests.second.refined import less
from tests.second.walked import some_pair

Operator = Callable[[Ground], Case | None]

MILD = (Level.undren, Level.bekymring)
SERIOUS = (Level.underret, Level.straks)
TRIED = 400
"""Walks by chance that may show that a change of rules does harm."""


def question_text(g: Ground) -> Case | None:
    """The words, the kind or the lock of a national question."""
    step, question = g.question()
    said = {
        "title": "Er alt godt?",
        "help": "Tal med lederen.",
        "why": "Det er en formalitet.",
        "means": "Noget andet.",
    }
    key, value = g.chance.choice([*said.items(), ("locked", False), ("kind", _other(question)), ("myths", [])])
    return overlay("question-text", g.id, f"{step}.{key}", " låst", questions={step: {key: value}})


def _other(question: Question) -> str:
    return "several" if question.kind == "one" else "one"


def answer_text(g: Ground) -> Case | None:
    """The label, the flags or the help of a national answer."""
    step, question = g.question()
    name, _ = g.chance.choice(list(question.options.items()))
    key, value = g.chance.choice(
        [("label", "Ikke noget særligt"), ("flags", []), ("help", "Det er almindeligt."), ("as", name)]
    )
    options = {name: {key: value}}
    return overlay("answer-text", g.id, f"{step}.{name}.{key}", " låst", questions={step: {"options": options}})


def swapped_labels(g: Ground) -> Case | None:
    """Two national answers have each other's words."""
    step, question = g.question()
    one, other = g.chance.sample(list(question.options), 2)
    labels = {one: question.options[other].label, other: question.options[one].label}
    options = {name: {"label": label} for name, label in labels.items()}
    return overlay("swapped-labels", g.id, f"{step}: {one}, {other}", " låst", questions={step: {"options": options}})


def outcome_text(g: Ground) -> Case | None:
    """What a national outcome says: its level, its rule, its duty, what is done and said."""
    step, outcome = g.outcome()
    lower = [level for level in Level if level.rank < outcome.level.rank]
    told = [rule for rule in Parents if weaker(outcome.parents, rule)]
    texts: dict[str, object] = {"title": "Vent og se", "help": "Vent.", "say": "Intet.", "do": ["Vent."], "duty": []}
    texts |= {"raises": [], "changes": [], "tell": "Ring hjem.", "again": "Om et år.", "spoken": False, "signs": []}
    changes: list[tuple[str, object]] = [*texts.items(), *(("level", str(level)) for level in lower)]
    key, value = g.chance.choice([*changes, *(("parents", str(rule)) for rule in told)])
    return overlay("outcome-text", g.id, f"{step}.{key}", " låst", outcomes={step: {key: value}})


def locked_outcome(g: Ground) -> Case | None:
    """More contacts or letters on an outcome that is locked."""
    step, _ = g.outcome(locked=True)
    key, name = g.chance.choice([("contacts", "laegevagt"), ("letters", "samtale")])
    return overlay("locked-outcome", g.id, f"{step}.{key}", " låst", outcomes={step: {key: [name]}})


def locked_route(g: Ground) -> Case | None:
    """The way on from a locked question."""
    step, question = g.question(locked=True)
    mild, _ = g.outcome(*MILD)
    if g.chance.random() < 0.5 or question.kind == "several":
        return overlay("locked-route", g.id, f"{step}.next", " låst", questions={step: {"next": [{"goto": mild}]}})
    name = g.chance.choice(list(question.options))
    options = {name: {"goto": mild}}
    return overlay("locked-route", g.id, f"{step}.{name}", " låst", questions={step: {"options": options}})


def wrong_room(g: Ground) -> Case | None:
    """A national step in the other room."""
    step, outcome = g.outcome()
    if g.chance.random() < 0.5:
        return overlay("wrong-room", g.id, step, "nationalt udfald", questions={step: g.own("Ja", "Nej")})
    step, _ = g.question()
    own = {"as": next(iter(g.flow.outcomes)), "title": "Vent"}
    return overlay("wrong-room", g.id, step, "nationalt spørgsmål", outcomes={step: own})


def whole_flow(g: Ground) -> Case | None:
    """Keys of the flow as a whole: where it starts, what it uses."""
    start, _ = g.question(locked=False)
    key, value = g.chance.choice(
        [("start", start), ("use", {}), ("title", "Ny"), ("ages", []), ("reviewed", "2026-01-01")]
    )
    return overlay("whole-flow", g.id, f"{key} {start}", f"«{key}»", **{key: value})


def no_as(g: Ground) -> Case | None:
    """An own answer that does not say, or not rightly, what it stands for."""
    step, question = g.question()
    mild, _ = g.outcome(*MILD)
    said = g.chance.choice(
        [{}, {"as": "findes-ikke"}, {"goto": mild}] if question.kind == "one" else [{}, {"as": "nix"}]
    )
    options = {"eget": {"label": "Noget andet hos os", **said}}
    return overlay("no-as", g.id, f"{step} {said}", "«as»", questions={step: {"options": options}})


def escape(g: Ground) -> Case | None:
    """An own answer for the calm one, beside a danger."""
    places = [
        (step, question, name)
        for step, question in g.flow.questions.items()
        if any(map(g.grave, question.options.values()))
        for name, option in question.options.items()
        if not g.grave(option)
    ]
    step, question, name = g.chance.choice(places)
    label = g.chance.choice(["Lidt, men det er nok ikke noget", "Kun en enkelt gang", "Det er lederens bord"])
    options = {"eget": {"label": label, "as": name}}
    because = "Et eget svar kan kun stå for"
    return overlay("escape", g.id, f"{step}: {name} {label}", because, questions={step: {"options": options}})


def borrowed_label(g: Ground) -> Case | None:
    """An own answer with the words of another answer than the one it stands for."""
    step, question = g.question()
    name, other = g.chance.sample(list(question.options), 2)
    label = question.options[other].label + g.chance.choice(["", ".", ", men kun lidt"])
    options = {"eget": {"label": label[:190], "as": name}}
    return overlay(
        "borrowed-label",
        g.id,
        f"{step}: {name} as {other}",
        "ligner svaret|kan kun stå for",
        questions={step: {"options": options}},
    )


def weaker_goto(g: Ground) -> Case | None:
    """An own answer, or a national one, that leads to less than its own answer makes sure of."""
    free = {step for step, question in g.flow.questions.items() if not question.locked and question.kind == "one"}
    places = [(step, name) for (step, name), level in g.sure.items() if step in free and level is not Level.undren]
    if not places:
        return None
    step, name = g.chance.choice(places)
    if (to := g.below(g.sure[step, name])) is None:
        return None
    option = g.flow.questions[step].options[name]
    options: dict[str, object] = {"eget": {"label": "Hos os siger vi noget andet", "as": name, "goto": to}}
    if option.goto and g.chance.random() < 0.5:
        options = {name: {"goto": to}}
    return overlay(
        "weaker-goto", g.id, f"{step}: {options}", "I2[23]|kan kun stå for", questions={step: {"options": options}}
    )


def condition(g: Ground) -> Case | None:
    """An own question before a report, and one of its answers leads to less."""
    step, outcome = g.outcome(*SERIOUS)
    own = g.own("Ja", f"Nej, ikke endnu:{g.below(outcome.level)}", before=step)
    return overlay("condition", g.id, f"{step} {own}", r"I22|er låst, så intet", questions={"eget": own})


def delay(g: Ground) -> Case | None:
    """An own question before a report, after which all go on."""
    step, _ = g.outcome(*SERIOUS, Level.akut)
    own = g.own("Ja", "Nej, ikke endnu", "Ved ikke", before=step)
    return overlay("delay", g.id, f"{step} {own['title']}", r"I22|er låst, så intet", questions={"eget": own})


def before_the_start(g: Ground) -> Case | None:
    """An own question before the acute one, or between it and where it leads."""
    step = g.chance.choice([g.flow.start, *(option.goto for option in g.flow.questions[g.flow.start].options.values())])
    own = g.own("Ja", "Nej", before=step)
    said = "Intet må komme før|er låst"
    return overlay("before-the-start", g.id, f"{step} {own['title']}", said, questions={"eget": own})


def after_danger(g: Ground) -> Case | None:
    """An own question after an answer that tells of a danger, where the way on is not locked."""
    places = [
        (step, name, option.goto)
        for step, question in g.flow.questions.items()
        for name, option in question.options.items()
        if not question.locked and question.kind == "one" and option.goto and {"vold", "vanroegt"} & set(option.flags)
    ]
    step, name, goto = g.chance.choice(places)
    own = g.own("Ja", "Nej", next=[{"goto": goto}])
    steps = {step: {"options": {name: {"goto": "eget"}}}, "eget": own}
    return overlay("after-danger", g.id, f"{step}: {name} {own['title']}", "I22", questions=steps)


def way_out(g: Ground) -> Case | None:
    """An own question on the way, one answer of which ends mildly where the national flow may yet end in a report."""
    places = [step for step, level in g.worst.items() if step != g.flow.start and level.rank >= Level.underret.rank]
    step, (mild, _) = g.chance.choice(places), g.outcome(*MILD)
    own = g.own("Ja", f"Nej:{mild}", before=step)
    return overlay("way-out", g.id, f"{step} → {mild}", "I22|er låst", questions={"eget": own})


def past_a_question(g: Ground) -> Case | None:
    """An own question with an answer that leads past some national ones, to another."""
    steps = [step for step in order(g.flow) if step in g.flow.questions and step != g.flow.start]
    near, far = sorted(g.chance.sample(steps, 2), key=steps.index)
    made = overlay(
        "past-a-question",
        g.id,
        f"{near} → {far}",
        "I2[23]|I1|I10|er låst",
        questions={"eget": g.own("Ja", f"Nej:{far}", before=near)},
    )
    return made if _later(g, near, far) else None


def _later(g: Ground, near: str, far: str) -> bool:
    """Whether going straight on loses an answer with a flag, so that it does harm for certain."""
    proof = g.playable.proof
    assert proof
    asked = proof.tests.ahead
    return far in asked[near] and any(
        option.flags and set(map(str, option.flags)) != {"gravid"} for option in g.flow.questions[near].options.values()
    )


def rules(g: Ground) -> Case | None:
    """The rules of a question, changed by hand in one place."""
    change = g.chance.choice(
        [operators.retarget_rule, operators.swap_rules, operators.drop_rule, operators.drop_when, operators.narrow_when]
    )
    free = {step for step, question in g.flow.questions.items() if question.next and not question.locked}
    faults = [fault for fault in change(g.flow) if fault.place.split()[0] in free]
    for fault in g.chance.sample(faults, min(4, len(faults))):
        flow, step = fault.make(), fault.place.split()[0]
        base, own = plain(g.flow), plain(flow)
        if any(less(base, own, some_pair(base, own, g.chance)) for _ in range(TRIED)):
            changed = [{k: v for k, v in rule.items() if v} for rule in own["questions"][step]["next"]]
            return overlay(
                "rules", g.id, f"{fault.operator} {fault.place}", "I2[23]|I1\\)", questions={step: {"next": changed}}
            )
    return None


def loop(g: Ground) -> Case | None:
    """An own question that leads back."""
    steps = [step for step in order(g.flow) if step in g.flow.questions]
    near, far = sorted(g.chance.sample(steps[1:], 2), key=steps.index)
    free = not any(_leads(question, far) for question in g.flow.questions.values() if question.locked)
    if not free or far not in g.worst:
        return None
    own = g.own("Ja", f"Tilbage:{near}", before=far)
    return overlay("loop", g.id, f"{far} → {near}", "går i ring|I2[23]|\\(I1\\)", questions={"eget": own})


def _leads(question: Question, step: str) -> bool:
    return step in {option.goto for option in question.options.values()} | {rule.goto for rule in question.next}


def own_outcome(g: Ground) -> Case | None:
    """An own outcome that says it is like a national one, and is milder."""
    step, outcome = g.outcome(*SERIOUS, Level.akut)
    base = plain(g.flow)["outcomes"][step]
    told = [rule for rule in Parents if weaker(outcome.parents, rule)]
    said: list[tuple[str, object]] = [("level", str(level)) for level in Level if level.rank < outcome.level.rank]
    said += [("parents", str(rule)) for rule in told] + [
        ("help", "Vent til mandag."),
        ("title", "Vent og se"),
        ("do", [{"text": "Tal med lederen.", "first": True}]),
    ]
    said += [(key, "Vent.") for key in ("say", "until", "tell", "phrase") if base[key]]
    key, value = g.chance.choice(said)
    return _reached("own-outcome", g, step, {"as": step, key: value}, f"{key} {value}", "låst|«as: ")


def own_outcome_whole(g: Ground) -> Case | None:
    """An own outcome written out, with something of the national one left out."""
    step, outcome = g.outcome(*SERIOUS, *MILD)
    base = {key: part for key, part in plain(g.flow)["outcomes"][step].items() if part and key not in ("locked", "as")}
    left = g.chance.choice([key for key in ("contacts", "law", "letters", "say", "duty", "do") if base.get(key)])
    kept = base.pop(left)
    if left in ("contacts", "law", "do"):
        base[left] = kept[:1]
    return _reached("own-outcome-whole", g, step, base, left, "«as»")


def own_outcome_milder(g: Ground) -> Case | None:
    """An own outcome that is like a milder one than the one it stands before."""
    step, outcome = g.outcome(*SERIOUS, Level.bekymring)
    like = g.below(outcome.level)
    return _reached("own-outcome-milder", g, step, {"as": like, "local": "Hos os."}, str(like), "I22|er låst, så intet")


def _reached(operator: str, g: Ground, step: str, own: object, place: str, because: str) -> Case:
    """An own outcome that an own question before a national one leads to."""
    asked = g.own("Ja", "Nej:mit", before=step)
    return overlay(operator, g.id, f"{step}: {place}", because, questions={"eget": asked}, outcomes={"mit": own})


def fewer_contacts(g: Ground) -> Case | None:
    """An own question before a mild outcome that leads to one without all its contacts or law, or told earlier."""
    step, outcome = g.outcome(*MILD)
    others = [name for name, other in g.flow.outcomes.items() if other.level is outcome.level and _lost(outcome, other)]
    if not others:
        return None
    to = g.chance.choice(others)
    own = g.own("Ja", f"Nej:{to}", before=step)
    return overlay("fewer-contacts", g.id, f"{step} → {to}", "I22|er låst", questions={"eget": own})


def _lost(before: Outcome, after: Outcome) -> bool:
    return (
        weaker(before.parents, after.parents)
        or bool(set(before.contacts) - set(after.contacts))
        or bool(set(before.law) - set(after.law))
    )


def unreached(g: Ground) -> Case | None:
    """An own step that nothing leads to, or a national question that all are led past."""
    step, question = g.question(locked=False)
    if g.chance.random() < 0.5 or question.kind == "several":
        return overlay(
            "unreached", g.id, step, r"\(I1\)", questions={"eget": g.own("Ja", "Nej", next=[{"goto": step}])}
        )
    mild, _ = g.outcome(*MILD)
    options = {name: {"goto": mild} for name in question.options}
    return overlay("unreached", g.id, f"{step} → {mild}", r"I1|I2[23]", questions={step: {"options": options}})


OPERATORS: tuple[Operator, ...] = (
    *(question_text, answer_text, swapped_labels, outcome_text, locked_outcome, locked_route, wrong_room, whole_flow),
    *(no_as, escape, borrowed_label, weaker_goto, condition, delay, before_the_start, after_danger, way_out),
    *(past_a_question, rules, loop, own_outcome, own_outcome_whole, own_outcome_milder, fewer_contacts, unreached),
)
"""In the order of what they harm: words, answers, ways, outcomes."""


def drawn(g: Ground, operator: Operator, count: int) -> Iterator[Case]:
    """So many cases of one operator that are not the same; fewer where the flow has no more."""
    for _ in range(count * 12):
        made = operator(g)
        if made is not None and str(made) not in g.taken:
            g.taken.add(str(made))
            yield replace(made)
            count -= 1
            if not count:
                return
