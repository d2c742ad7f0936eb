"""Small flows made by chance: three to six questions, `several`, rules that read steps further back or never asked."""

from __future__ import annotations

import random
from typing import Any

from guide.model import Flow
from tests.second.plain import LEVELS, PARENTS

OPTIONS = (("a", "b"), ("a", "b", "c"), ("ja", "nej", "ved-ikke"), ("a", "ingen", "ved-ikke"), ("a", "b", "ved-ikke"))
FLAGS = (
    *("vold", "seksuelt", "vanroegt", "social-kontrol", "udrejse", "ukendt", "selvskade", "fravaer-15"),
    *("gravid", "ansat", "barn-mod-barn", "netvaerk", "hjemmet", "udsat-fortalt"),
)


def some_flow(chance: random.Random) -> Flow:
    """A flow without loops or blind ends; every second one is careful: what it flags often ends seriously."""
    names = [f"q{n}" for n in range(chance.choice((3, 4, 5, 5, 6, 6)))]
    outcomes = _outcomes(chance, careful=chance.random() < 0.5)
    kinds = ["several", "several", *["one"] * len(names)][: len(names)]
    chance.shuffle(kinds)
    questions = {name: _question(chance, n, names, list(outcomes), kinds[n]) for n, name in enumerate(names)}
    if chance.random() < 0.8:
        questions["q0"] |= {"kind": "one", "options": _acute(chance, outcomes)}
    about = dict.fromkeys(("title", "audience", "help", "source"), "x") | {"reviewed": "2026-11-21"}
    return Flow.model_validate({**about, "start": "q0", "questions": questions, "outcomes": outcomes})


def _outcomes(chance: random.Random, careful: bool) -> dict[str, Any]:
    levels = list(LEVELS)
    levels += chance.choices(("straks", "underret") if careful else LEVELS, k=chance.randint(0, 3))
    strict = ("ikke", "ikke", "efter-aftale", "kun-udsat") if careful else (*PARENTS, "tilkald")
    found = {}
    for n, level in enumerate(levels):
        contacts = chance.sample(("modtagelse", "doegnvagt", "raad"), chance.randint(1, 3))
        found[f"u{n}-{level}"] = {
            **{"title": "x", "help": "x", "do": ["x"], "level": level, "parents": chance.choice(strict)},
            "contacts": ["alarm", *contacts] if level == "akut" else contacts,
            "law": chance.sample(("lov-a", "lov-b", "lov-c"), chance.randint(1, 3)),
        }
    return found


def _acute(chance: random.Random, outcomes: dict[str, Any]) -> dict[str, Any]:
    acute = [name for name, outcome in outcomes.items() if outcome["level"] == "akut"]
    return {
        "ja": {"label": "Ja", "flags": ["akut"], "goto": chance.choice(acute)},
        "nej": {"label": "Nej"},
        "ved-ikke": {"label": "Ved ikke", **({"goto": acute[0]} if chance.random() < 0.8 else {})},
    }


def _question(chance: random.Random, n: int, names: list[str], ends: list[str], kind: str) -> dict[str, Any]:
    further = [*names[n + 1 : n + 2] * 6, *names[n + 2 :] * 2, *ends]
    options: dict[str, Any] = {
        name: {"label": name, "flags": chance.sample(FLAGS, chance.choice((0, 0, 0, 1, 1, 2)))}
        for name in chance.choice(OPTIONS)
    }
    for name in ("nej", "ingen"):
        options.get(name, {}).pop("flags", None)
    if kind == "one" and chance.random() < 0.5:
        options[chance.choice(list(options))]["goto"] = chance.choice(further)
    rules = [_rule(chance, names[: n + 1], further) for _ in range(chance.randint(0, 4))]
    if rules and len(names) > n + 1 and chance.random() < 0.2:
        rules[0]["when"][chance.choice(names)] = ["a"]  # perhaps of a question that comes later, or never
    near = chance.choice(further) if chance.random() < 0.3 or not names[n + 1 :] else names[n + 1]
    return {"title": f"T-{names[n]}", "kind": kind, "options": options, "next": [*rules, {"goto": near}]}


def _rule(chance: random.Random, asked: list[str], further: list[str]) -> dict[str, Any]:
    on = chance.sample(asked, chance.randint(1, min(3, len(asked))))
    known = ("a", "b", "c", "ja", "nej", "ingen", "ved-ikke")
    return {"when": {step: chance.sample(known, chance.randint(1, 4)) for step in on}, "goto": chance.choice(further)}
