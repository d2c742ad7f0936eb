"""JSON Schemas of what a kommune writes, with the national ids in them: what a program offers while one types.

Of a national step only what a kommune may write is offered, with the step's own words as explanation. Own ids are free.
Like the schemas of the model (`schema.py`) they are never stricter than the reader.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from typing import Any, get_args

from guide.library.library import Library
from guide.library.overlay import LOCKED, OUTCOME
from guide.library.schema import schemas
from guide.model import Flow, Id, Option, Outcome, Question

Schema = dict[str, Any]

_ID: str = get_args(Id)[1].pattern


def room_schemas(library: Library) -> dict[str, Schema]:
    """The schemas by name: `municipality`, and `overlay-<flow>` for each flow."""
    made = schemas()
    flows = {f"overlay-{n}": _overlay(made["overlay"], library, own.flow) for n, own in library.flows.items()}
    return {"municipality": _municipality(made["municipality"], library), **flows}


def _municipality(base: Schema, library: Library) -> Schema:
    made = copy.deepcopy(base)
    found, inner = made["properties"], made["$defs"]
    contacts = {name: contact.title for name, contact in library.contacts.items() if contact.whose == "barnet"}
    _name(found["contacts"], contacts)
    _name(found["names"], {name: f"{term.title}: {', '.join(term.words)}" for name, term in library.terms.items()})
    _offer(inner["Contact"]["properties"]["fallback"], library.contacts)
    _offer(inner["Offer"]["properties"]["flows"]["items"], library.flows)
    return made


def _overlay(base: Schema, library: Library, flow: Flow) -> Schema:
    """The schema of an own file on a flow."""
    made = copy.deepcopy(base)
    inner, found = made["$defs"], made["properties"]
    question, outcome, option = (inner[word]["properties"] for word in ("Question", "Outcome", "Option"))
    inner["Step"] = _any_of([*flow.questions, *flow.outcomes], question["before"])
    for word, key in ((question, "before"), (option, "goto"), (inner["Rule"]["properties"], "goto")):
        word[key] = {"$ref": "#/$defs/Step", "description": word[key]["description"]}
    _offer(outcome["as"], flow.outcomes)
    for key, known in (("contacts", library.contacts), ("letters", library.letters), ("law", library.law)):
        inner[key.capitalize()] = {"type": "array", "items": _any_of(known, outcome[key]["items"])}
        outcome[key] = {"$ref": f"#/$defs/{key.capitalize()}", "description": outcome[key]["description"]}
    inner["Owned"] = copy.deepcopy(inner["Option"])
    inner["Owned"]["properties"]["as"]["description"] = "Det nationale svar, jeres svar betyder det samme som."
    inner["Owned"]["required"] = ["label", "as"]
    del option["as"]  # an own question has nothing that its options could stand for
    for key in ("questions", "outcomes"):
        found[key] = _inside(found[key])
    found["questions"]["properties"] = {name: _question(inner, step) for name, step in flow.questions.items()}
    found["outcomes"]["properties"] = {name: _outcome(inner, step) for name, step in flow.outcomes.items()}
    return made


def _inside(ids: Schema) -> Schema:
    """A mapping by id of which some ids can be given their own schema: those do not have to fit the others' too."""
    (pattern, each), *_ = ids.pop("patternProperties").items()
    return {**ids, "propertyNames": {**ids["propertyNames"], "pattern": pattern}, "additionalProperties": each}


def _question(inner: Schema, step: Question) -> Schema:
    known = inner["Question"]["properties"]
    stands_for = {**inner["Owned"]["properties"]["as"], "enum": list(step.options)}
    options = {
        "description": "Egne svar. «as» siger, hvilket nationalt svar de betyder det samme som.",
        "type": "object",
        "propertyNames": {"maxLength": 40, "pattern": _ID},
        "properties": {name: _option(inner, option, step.locked) for name, option in step.options.items()},
        "additionalProperties": {"$ref": "#/$defs/Owned", "properties": {"as": stands_for}},
    }
    said = f"Nationalt spørgsmål: {step.title}{' (vejen videre er låst)' if step.locked else ''}"
    free = {} if step.locked else {"next": known["next"]}
    return _closed(said, {"local": known["local"], "options": options, **free})


def _option(inner: Schema, option: Option, locked: bool) -> Schema:
    free = {} if locked else {"goto": inner["Option"]["properties"]["goto"]}
    return _closed(f"Nationalt svar: {option.label}", free)


def _outcome(inner: Schema, step: Outcome) -> Schema:
    keys = LOCKED if step.locked else OUTCOME
    known = {key: inner["Outcome"]["properties"][key] for key in keys}
    return _closed(f"Nationalt udfald ({step.level}): {step.title}", known)


def _closed(said: str, properties: Schema) -> Schema:
    return {"description": said, "type": "object", "properties": properties, "additionalProperties": False}


def _name(ids: Schema, known: Mapping[str, str]) -> None:
    """Offer ids as keys; each is what any id is, with its own words."""
    ids.update(_inside(ids))
    ids["properties"] = {name: {**ids["additionalProperties"], "description": said} for name, said in known.items()}


def _offer(text: Schema, known: Collection[str]) -> None:
    """Offer words where any id may stand."""
    text.update(_any_of(known, {key: text.pop(key) for key in list(text) if key != "description"}))


def _any_of(known: Collection[str], text: Schema) -> Schema:
    return {"anyOf": [{"enum": list(known)}, {key: part for key, part in text.items() if key != "description"}]}
