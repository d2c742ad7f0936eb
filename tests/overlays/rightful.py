"""Overlays as kommuner should write them, by chance: nothing may be told of them but that nobody has approved them."""

from __future__ import annotations

from copy import deepcopy

from guide.model import Level, Outcome, Parents
from tests.overlays.beside import CONTACTS
from tests.overlays.ground import Ground
from tests.overlays.harmful import MILD, Operator
from tests.overlays.judge import Case, overlay

BOXES = (
    "Hos os hedder det Team Blå.",
    "Formularen ligger på medarbejdersiden under »Børn«.",
    "Hos os hedder mødet Trivselsforum. Det holdes om torsdagen.",
    "Døgnvagten svarer også her.",
)
LABELS = (
    "Barnet bruger snus",
    "Noget vi har et særligt ord for her",
    "Det, der står i vores skema",
    "Set i tandbussen",
)


def box(g: Ground) -> Case | None:
    """A box on a question, or on an outcome."""
    text = g.chance.choice(BOXES)
    if g.chance.random() < 0.5:
        step, _ = g.question(locked=False)
        return overlay("box", g.id, f"{step} {text}", questions={step: {"local": text}})
    step, _ = g.outcome(*(level for level in Level if level is not Level.akut))
    return overlay("box", g.id, f"{step} {text}", outcomes={step: {"local": text}})


def numbers(g: Ground) -> Case | None:
    """Own numbers with hours, whole."""
    contacts = deepcopy(CONTACTS)
    if g.chance.random() < 0.5:
        contacts["team"] = {
            "title": "Team Blå (opdigtet)",
            "help": "Råd til kolleger. Det erstatter ikke en underretning.",
        }
        contacts["team"] |= {"phone": "12 34 56 80", "whose": "arbejdspladsen", "fallback": "modtagelse"}
    contacts["modtagelse"]["hours"]["week"] = g.chance.choice([{"man-fre": "9-15"}, {"man-tors": "8.30-12, 13-15"}])
    return Case(
        "numbers",
        g.id,
        f"{len(contacts)} {contacts['modtagelse']['hours']}",
        {"municipality.yaml": {"contacts": contacts}},
    )


def names(g: Ground) -> Case | None:
    """Own names, own words for levels."""
    name = g.chance.choice(["Trivselsforum", "Onsdagsmødet", "Børneforum", "Team Trivsel"])
    said: dict[str, object] = {"names": {"tvaerfagligt-moede": name}}
    if g.chance.random() < 0.5:
        said["levels"] = {"undren": "Grøn", "bekymring": "Gul", "underret": "Orange", "straks": "Rød"}
    return Case("names", g.id, f"{name} {len(said)}", {"municipality.yaml": said})


def offer(g: Ground) -> Case | None:
    """An offer on the mild levels."""
    title = g.chance.choice(["Ungeklubben (opdigtet)", "Familiehuset (opdigtet)", "Samtaler i klubben (opdigtet)"])
    said = {"title": title, "help": "For alle unge. Man kan komme uden en tid.", "link": "https://example.org/"}
    levels = g.chance.choice([["undren"], ["bekymring"], ["undren", "bekymring"]])
    return Case(
        "offer", g.id, f"{title} {levels}", {"municipality.yaml": {"offers": {"klub": {**said, "levels": levels}}}}
    )


def letter(g: Ground) -> Case | None:
    """An own letter to a colleague, shown on an outcome where the parents are told."""
    step, known = g.outcome(*MILD, locked=False)
    if known.parents is not Parents.foerst:
        return None
    title, about = g.chance.choice(["Det aftalte vi", "Referat af mødet", "Tak for i dag"]), "Når I har talt sammen."
    text = f"---\ntitle: {title}\nto: fagperson\nhelp: {about}\nsource: Opdigtet.\n---\nTak for i dag.\n"
    made = overlay("letter", g.id, f"{step} {title}", outcomes={step: {"letters": ["vores-brev"]}})
    return Case(made.operator, g.id, made.place, {**made.files, "letters/vores-brev.md": text})


def contact(g: Ground) -> Case | None:
    """A national contact more on a national outcome."""
    step, outcome = g.outcome(locked=False)
    more = [name for name in g.library.contacts if name not in outcome.contacts and name != "alarm"]
    name = g.chance.choice(more)
    return overlay("contact", g.id, f"{step} {name}", outcomes={step: {"contacts": [name]}})


def answer(g: Ground) -> Case | None:
    """An own answer: beside a danger for a danger, elsewhere for any."""
    step, question = g.question()
    grave = any(map(g.grave, question.options.values()))
    known = g.answer(question, grave=grave)
    assert known
    label = g.chance.choice(LABELS)
    options = {"eget": {"label": label, "as": known[0]}}
    return overlay("answer", g.id, f"{step}: {known[0]} {label}", questions={step: {"options": options}})


def _strict(g: Ground, before: Outcome) -> list[str]:
    """National outcomes above one that may stand in its place."""
    return [
        step
        for step, other in g.flow.outcomes.items()
        if other.level.rank == before.level.rank + 1
        and before.parents.strictness is not None
        and other.parents.strictness is not None
        and other.parents.strictness >= before.parents.strictness
    ]


def question(g: Ground) -> Case | None:
    """An own question before a mild outcome; all answers lead on, or some to more."""
    step, outcome = g.outcome(*MILD)
    more = [*g.at_least(outcome), *_strict(g, outcome)]
    to = g.chance.choice(["", *(f":{name}" for name in more if name != step)])
    own = g.own("Ja", f"Nej{to}", before=step)
    return overlay("question", g.id, f"{step} {own['title']} {to}", questions={"eget": own})


def outcome(g: Ground) -> Case | None:
    """An own outcome like the national one before which it stands, or one above, with more in it."""
    step, known = g.outcome(*MILD)
    like = g.chance.choice([step, *_strict(g, known)])
    own: dict[str, object] = {"as": like, "local": "Team Blå kan hjælpe.", "do": ["Ring til Team Blå i dag."]}
    if g.flow.outcomes[like].level in MILD:
        own["title"] = "Ring til Team Blå"
    key, more = g.chance.choice([("contacts", "laegevagt"), ("contacts", "politi"), ("letters", "samtale")])
    if g.flow.outcomes[like].parents in (Parents.foerst, Parents.orienter) or key != "letters":
        own[key] = [more]
    asked = g.own("Ja", "Nej:mit", before=step)
    return overlay("outcome", g.id, f"{step} {like} {key} {more}", questions={"eget": asked}, outcomes={"mit": own})


def early(g: Ground) -> Case | None:
    """An own question on the way to a mild outcome, by routes written out: before it, from one question only."""
    mild = {step for step, known in g.flow.outcomes.items() if known.level in MILD}
    places = [
        (step, n)
        for step, asked in g.flow.questions.items()
        if not asked.locked
        for n, rule in enumerate(asked.next)
        if rule.goto in mild
    ]
    step, n = g.chance.choice(places)
    rules = [rule.model_dump(mode="json", exclude_defaults=True) for rule in g.flow.questions[step].next]
    own = g.own("Ja", "Nej", next=[{"goto": rules[n]["goto"]}])
    rules[n]["goto"] = "eget"
    return overlay("early", g.id, f"{step} {n} {own['title']}", questions={step: {"next": rules}, "eget": own})


RIGHTFUL: tuple[Operator, ...] = (box, numbers, names, offer, letter, contact, answer, question, outcome, early)

ROUTED = (answer, question, outcome, early)
"""Those that change a way through the flow."""
