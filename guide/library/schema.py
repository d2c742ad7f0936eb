"""JSON Schemas of the files that authors write, for editors such as VS Code, generated from the model.

Not here: writing them to files, and any check that the reader relies on. A schema is never stricter than the reader:
it says what may stand where, while the reader says what is missing after files are merged.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from guide.model import (
    Act,
    Case,
    ChangeList,
    ContactList,
    Flow,
    JudgementList,
    KeyFigureList,
    Municipality,
    MythList,
    Overlay,
    PrincipleList,
    ProfessionList,
    Programme,
    Registers,
    ScenarioList,
    Shared,
    SignList,
    TermList,
    Theme,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, tuple[type[BaseModel], str]] = {
    "flow": (Flow, "Spørgsmålene til én faggruppe: flow.yaml."),
    "outcomes": (Flow, "Udfaldene til et flow: outcomes.yaml."),
    "shared": (Shared, "Trin, som flere flows bruger: en fil i flows/shared/."),
    "scenarios": (ScenarioList, "Historier, der prøver et flow: scenarios.yaml."),
    "law": (Act, "Én lov og dens regler: en fil i law/."),
    "contacts": (ContactList, "De landsdækkende kontakter: en fil i contacts/."),
    "signs": (SignList, "Én slags tegn: en fil i signs/."),
    "municipality": (Municipality, "Kommunens navn, kontakter, ord, tilbud og farver: municipality.yaml."),
    "overlay": (Overlay, "Det, en kommune føjer til et flow: municipalities/<kommune>/flows/<flow>.yaml."),
    "terms": (TermList, "Det, kommuner kan give deres egne navne: registers/terms.yaml."),
    "texts": (Registers, "Fælles tekster: registers/texts.yaml."),
    "principles": (PrincipleList, "Fagreglerne, som scenarier viser: registers/principles.yaml."),
    "myths": (MythList, "Myter og det, der gælder: registers/myths.yaml."),
    "judgements": (
        JudgementList,
        "Ord, der tolker eller dømmer, og hvad man skriver i stedet: registers/judgements.yaml.",
    ),
    "changes": (ChangeList, "Hvad der er ændret for brugerne: registers/changes.yaml."),
    "figures": (KeyFigureList, "Hvad nøgletallene betyder: registers/figures.yaml."),
    "theme": (Theme, "Én bekymring set af faggrupperne side om side: en fil i themes/."),
    "case": (Case, "En opdigtet sag at tale om: en fil i cases/."),
    "training": (Programme, "En temadags program eller et kort oplæg til én faggruppe: en fil i training/."),
    "professions": (ProfessionList, "Fag uden eget flow: registers/professions.yaml."),
}

_NAMES = frozenset({"properties", "patternProperties", "$defs"})
_TEXT = ["string", "number"]  # an editor reads 112 and 0825 as numbers; the reader takes them as they are written


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema (2020-12) of each kind of file, by the names in KINDS."""
    return {kind: _schema(kind, word, about) for kind, (word, about) in KINDS.items()}


def _schema(kind: str, word: type[BaseModel], about: str) -> dict[str, Any]:
    made = _clean(word.model_json_schema(by_alias=True, schema_generator=_Written))
    if kind in ("flow", "outcomes", "overlay"):
        _open(made)
    if kind == "outcomes":
        made["properties"] = {"outcomes": made["properties"]["outcomes"]}
        made["required"] = ["outcomes"]
        made["$defs"] = {name: made["$defs"][name] for name in sorted(_used(made["properties"], made["$defs"]))}
    for definition in made.get("$defs", {}).values():
        definition.pop("description", None)  # the docstrings of the model are for developers
    return {"$schema": DIALECT, **made, "description": about}


def _open(flow: dict[str, Any]) -> None:
    """A flow is merged from several files, so that no single one of them needs all keys."""
    flow["required"] = [key for key in flow.get("required", ()) if key not in ("questions", "outcomes")]
    for step in ("Question", "Outcome"):
        flow["$defs"][step].pop("required", None)
        for value in flow["$defs"][step]["properties"].values():
            value.pop("minProperties", None)


class _Written(GenerateJsonSchema):
    """What may be written, where the model says what it becomes."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """None is how Python says that a key is left out; it cannot be written."""
        return self.generate_inner(schema["schema"])

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """The model's own shorthands: one text may stand for a list of one, or for an advice."""
        inner = super().function_before_schema(schema)
        return inner if inner.get("type") in ("string", "boolean") else {"anyOf": [{"type": "string"}, inner]}


def _clean(node: Any, names: bool = False) -> Any:
    """Without pydantic's titles and defaults; `names` when the keys are names and not words of JSON Schema."""
    if isinstance(node, list):
        return [_clean(item) for item in node]
    if not isinstance(node, dict):
        return node
    if names:
        return {key: _clean(value) for key, value in node.items()}
    out = {key: _clean(value, key in _NAMES) for key, value in node.items() if key not in ("title", "default")}
    if out.get("type") == "string" and "enum" not in out and "format" not in out:
        out["type"] = _TEXT
    if out.get("pattern") == r"^[^\n]*$":
        del out["pattern"]  # «one line» is judged after the last line break of a block is cut off
    if "patternProperties" in out:
        out["additionalProperties"] = False
    return out


def _used(node: Any, defs: dict[str, Any]) -> set[str]:
    """The definitions that a schema refers to, directly or through others."""
    if isinstance(node, list):
        return {name for item in node for name in _used(item, defs)}
    if not isinstance(node, dict):
        return set()
    found = {name for item in node.values() for name in _used(item, defs)}
    if isinstance(ref := node.get("$ref"), str):
        target = ref.removeprefix("#/$defs/")
        found |= {target} | _used(defs[target], defs)
    return found
